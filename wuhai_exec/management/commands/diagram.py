"""`manage.py diagram`: writes docs/case-stages.md, or with --check says whether it is stale."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wuhai_exec import generated

NAME = "case-stages.md"


class Command(BaseCommand):
    """Writes the stage diagram."""

    help = "Write docs/case-stages.md from the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --check."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the document is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or check."""
        if not options["check"]:
            generated.write(NAME)
        elif not generated.is_fresh(NAME):
            raise CommandError(f"docs/{NAME} is stale: run `make docs`")
