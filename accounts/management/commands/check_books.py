"""Proves every invariant of the books from rows alone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import books
from accounts.models import Transfer


class Command(BaseCommand):
    """Exits 1 naming each break: what, of which case, by which amounts."""

    help = "Prove that the books are true."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove and report."""
        broken = books.faults()
        count = Transfer.objects.count()
        if broken:
            raise CommandError("\n".join(["broken:", *(f"{fault.code} {fault.words}" for fault in broken)]))
        self.stdout.write(f"{count} transfers, {len(books.INVARIANTS)} invariants, every one holds")
