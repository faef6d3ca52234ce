"""Does the night's work of the bridge to the national case system by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from bureau import clock
from bureau.models import User
from supervision.national import comparing, entries


class Command(BaseCommand):
    """Follows the cases, then compares every court's book with its file of the day before; safe to repeat."""

    help = "Compare every court's book with its file of the national system."

    def handle(self, *args: Any, **options: Any) -> None:
        """Follow, compare and report."""
        at = clock.now()
        followed = entries.follow(at=at)
        made = comparing.run_night(at=at, actor=User.objects.system())
        self.stdout.write(f"{followed} cases followed, {made} comparisons made")
