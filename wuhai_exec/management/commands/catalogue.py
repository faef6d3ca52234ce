"""Brings the English catalogue in line with the source strings and compiles it; needs the development requirements."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wuhai_exec import catalogue


class Command(BaseCommand):
    """`manage.py catalogue` rewrites; `--missing` prints what has no English yet."""

    help = "Update locale/en from the source strings."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --missing."""
        parser.add_argument("--missing", action="store_true", help="only print strings without English")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refresh, write, and say how many are missing."""
        fresh = catalogue.refresh()
        missing = fresh.untranslated_entries()
        if options["missing"]:
            for entry in missing:
                self.stdout.write(repr((entry.msgid, entry.msgid_plural)))
            return
        catalogue.write(fresh)
        self.stdout.write(f"{len(fresh)} strings, {len(missing)} without English")
