"""`make bench`: runs every benchmarks/bench_*.py on its own database and prints one table; a missed limit fails."""

import importlib
import os
import sys
from pathlib import Path

# Pages are asked for in this process: no TLS in front, no gathered static files.
DEFAULTS = {
    "DJANGO_SETTINGS_MODULE": "wuhai_exec.settings",
    "LOG_LEVEL": "WARNING",
    "ALLOWED_HOSTS": "*",
    "SECURE_TLS": "0",
    "PLAIN_STATIC": "1",
}
for variable, value in DEFAULTS.items():
    os.environ.setdefault(variable, value)

import django
from django.db import connection
from rich.console import Console
from rich.table import Table

from benchmarks.measure import Result

console = Console()


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; return 1 when a limit is missed."""
    django.setup()
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    wanted = [name for name in found if not names or name.removeprefix("bench_") in names]
    if not wanted:
        console.print(f"no such benchmark; there are: {', '.join(found) or 'none'}")
        return 2
    results = [result for name in wanted for result in _run(name)]
    _print(results)
    return int(not all(result.is_met for result in results))


def _run(name: str) -> list[Result]:
    """Run one benchmark on the test database: made anew, migrated, dropped at the end; never one that holds data."""
    kept = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        found: list[Result] = importlib.import_module(f"benchmarks.{name}").run()
        return found
    finally:
        connection.creation.destroy_test_db(kept, verbosity=0)


def _print(results: list[Result]) -> None:
    table = Table()
    for head in ("benchmark", "ours", "peer", "share", "at least", ""):
        table.add_column(head)
    for result in results:
        table.add_row(
            result.name,
            f"{result.ours:,.0f} {result.unit}",
            f"{result.peer:,.0f} {result.unit} ({result.peer_name})",
            f"{result.share:.0%}",
            f"{result.share_min:.0%}",
            "met" if result.is_met else "MISSED",
        )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
