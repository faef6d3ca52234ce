"""Opens the deadlines of cases that were filed before deadlines were kept; run once, harmless when run again."""

from typing import Any

from django.core.management.base import BaseCommand

from bureau import clock
from bureau.models import User
from cases.services import backfill_deadlines


class Command(BaseCommand):
    """Says of how many cases the deadlines were opened."""

    help = "Open the deadlines of cases without any from their recorded events."

    def handle(self, *args: Any, **options: Any) -> None:
        """Open them and report."""
        count = backfill_deadlines(at=clock.now(), actor=User.objects.system())
        self.stdout.write(f"deadlines of {count} cases opened from their record")
