"""Query budgets: every page's number of statements stands in a committed file, and does not grow with the rows.

A slower page shows as a diff of tests/query_counts.json; UPDATE_QUERY_COUNTS=1 rewrites it.
"""

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import matrix, once, world
from tests.e2e.test_walk import PREFERRED

# Without the mark pytest-django would make no test database for a run of this module alone.
pytestmark = pytest.mark.django_db
FILE = Path(__file__).with_name("query_counts.json")
# A page of a week asks less on its last days: the pages are read on one Wednesday.
READ_AT = dt.datetime(2026, 11, 25, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
# Redirects and files; the job page reads one row of its owner.
LEFT_OUT = {
    "next",
    "documents:open",
    "documents:scan_page",
    "accounts:payee_page",
    "accounts:batch_page",
    "documents:kept_page",
    "documents:pdf",
    "documents:several_pdf",
    "styleguide",
}
LEFT_OUT |= {"accounts:roster_job", "accounts:roster_template", "accounts:statement_job"}
LEFT_OUT |= {"bureau:job", "bureau_api:job", "documents:several_job", "schema", "docs"}
NAMES = sorted(name for name, row in matrix.ROWS.items() if not row.is_post and name not in LEFT_OUT)


def _known(built):
    """Let the planner see the rows: other tests' empty tables would have it join without an index for minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return built


# The least loaded gets each case: a draw would give a page other rows, and other statements, in another run.
built = once.fixture(lambda: _known(world.build()))


def _holders(built, name):
    row = matrix.ROWS[name]
    roles = [role for role in PREFERRED if role in row.roles] or sorted(row.roles)
    users = [built.user(role) for role in roles]
    return [built.things["case"].judge, built.things["case"].owner, *users] if row.thing else users


def measure(built):
    """Return the statements of each page for the first user who may open it."""
    counts = {}
    for name in NAMES:
        thing = matrix.ROWS[name].thing
        address = reverse(name, args=[built.things[thing].pk] if thing else [])
        for user in _holders(built, name):
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            point = transaction.savepoint()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.get(address)
            transaction.savepoint_rollback(point)
            if answer.status_code in (200, 422):
                counts[name] = len(queries)
                break
    return counts


def test_every_page_keeps_to_its_budget_however_many_rows(built, settings):
    settings.CLOCK_OFFSET = (READ_AT - timezone.now()).total_seconds()
    counts = measure(built)
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        FILE.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n")
    assert counts == json.loads(FILE.read_text()), (
        "a page's statements changed; UPDATE_QUERY_COUNTS=1 rewrites the file"
    )
    for _turn in range(2):
        world.more_stages(built.house)
    grown = measure(_known(built))
    assert {name: (counts[name], grown[name]) for name in counts if grown[name] > counts[name]} == {}
