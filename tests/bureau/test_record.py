"""The event record: chained by the database, append-only, and closed to the app's and the portal's roles."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from bureau import grants
from bureau.chains import broken_events
from bureau.models import Event, User
from bureau.record import record
from tests import factories
from tests.at_once import faults, race


def as_role(suffix, statement):
    """Run one statement as the app's or portal's role and return the error, if any."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{grants.role_name(suffix)}"')
        try:
            with transaction.atomic():
                cursor.execute(statement)
        except DatabaseError as error:
            return str(error)
        return None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bureau_event SET verb = 'x'",
        "DELETE FROM bureau_event",
        "TRUNCATE bureau_event",
        "UPDATE accounts_transfer SET amount = 1",
        "DELETE FROM accounts_transfer",
        "TRUNCATE accounts_transfer CASCADE",
        "UPDATE accounts_account SET balance = 1",
        "UPDATE bureau_chain SET seq = 0",
    ],
)
def test_the_app_role_cannot_rewrite_history_or_balances(house, statement):
    factories.deposit(house, factories.file_case(house).case, "10.00", serial="R1")
    assert "permission denied" in (as_role("app", statement) or "")


@pytest.mark.parametrize(
    "table", ["cases_case", "bureau_user", "accounts_transfer", "cases_party", "intake_lookupcode"]
)
def test_the_portal_role_reads_nothing_of_the_house(db, table):
    assert "permission denied" in (as_role("portal", f"SELECT * FROM {table}") or "")


def test_the_portal_role_reads_its_own_two_tables(db):
    assert as_role("portal", "SELECT * FROM portal_statuspage") is None
    assert as_role("portal", "SELECT * FROM portal_attempt") is None
    assert "permission denied" in (as_role("portal", "DELETE FROM portal_attempt") or "")


@pytest.mark.parametrize("statement", ["UPDATE bureau_event SET verb = 'x'", "DELETE FROM bureau_event"])
def test_not_even_the_owner_changes_an_event(house, statement):
    factories.file_case(house)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_tampered_event_is_named(house):
    case = factories.file_case(house).case
    assert broken_events() == []
    call_command("verify_events")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE bureau_event SET details = '{}' WHERE chain = %s AND seq = 1", [f"case:{case.pk}"])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert broken_events() == [f"case:{case.pk}#1"]
    with pytest.raises(CommandError, match=f"case:{case.pk}#1"):
        call_command("verify_events")


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_on_one_chain_leave_no_gap_and_no_double():
    user = User.objects.system()
    at = factories.moment(2021, 9, 1)
    assert faults(race([lambda: record(user, "test", at=at, actor=user)] * 16)) == []
    assert list(Event.objects.of_chain("room:bureau").values_list("seq", flat=True)) == list(range(1, 17))
    assert broken_events() == []
