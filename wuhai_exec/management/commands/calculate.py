"""`manage.py calculate`: JSON lines in, one JSON line out for each; needs no database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from bureau.calendar import WorkCalendar
from wuhai_exec.calculators import answer_line


class Command(BaseCommand):
    """Answers each line of the input by the calculator that its `kind` names."""

    help = "Read JSON lines, write one JSON line per line."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer every line, also a broken one, and keep their order."""
        days = WorkCalendar()
        for raw in sys.stdin.buffer:
            line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
            sys.stdout.buffer.write(answer_line(line, days).encode() + b"\n")
            sys.stdout.buffer.flush()
