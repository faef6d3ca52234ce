"""The plans by which lists and searches are read: at a size where reading every row would cost, none does."""

import datetime as dt

import pytest
from django.db import connection, transaction

from benchmarks import book
from bureau.crypto import digest
from cases import forms, listing
from cases.models import Case, Party, WorkOrder

pytestmark = pytest.mark.django_db
TODAY = dt.date(2021, 12, 27)
CASES = 12_000  # enough that the planner prefers an index on its own; no setting forbids it to read every row


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker):
    """Write the book once for the module and roll it back afterwards."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield book.load(today=TODAY, count=CASES)
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
            # What was rolled back would stay in the tables, and every later test would read past it.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")


def _page(cases, user, **chosen):
    """Return the plan of the first page of the list."""
    form = forms.Filters(chosen)
    return listing.filtered(cases, form.chosen(), user=user, today=TODAY)[:50].explain()


def _found(text):
    return listing.found(Case.objects.all(), text).explain()


def test_the_planner_is_free(written):
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


@pytest.mark.parametrize("length", [2, 3])
def test_a_name_of_two_or_three_characters_is_found_by_the_gin_index(written, length):
    names = Party.objects.filter(name__regex=f"^.{{{length}}}$").order_by("id")
    name = names.values_list("name", flat=True)[100]
    plan = _found(name)
    assert "party_name_grams" in plan
    assert "Seq Scan on cases_party" not in plan
    assert "Seq Scan on cases_case" not in plan
    assert listing.found(Case.objects.all(), name).filter(parties__name=name).exists()


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("(2021)内0302执2900号", "cases_case_number"),
        ("(2021)内0302执29", "cases_case_number"),
        ("执2900号", "case_seq"),
        ("内0302执290", "case_seq"),
        ("2900", "case_seq"),
        ("临2021-内0302-0001", "cases_case_provisional_number"),
    ],
)
def test_a_number_or_a_part_of_it_is_found_by_index(written, text, index):
    plan = _found(text)
    assert index in plan
    assert "Seq Scan on cases_case" not in plan


def test_an_id_or_phone_number_is_found_by_its_digest(written):
    Party.objects.filter(case=written.case, side="DEBTOR", position=1).update(id_digest=digest("11010519491231002X"))
    plan = _found("11010519491231002X")
    assert "cases_party_id_digest" in plan
    assert "cases_party_phone_digest" in plan
    assert "Seq Scan" not in plan
    assert listing.found(Case.objects.all(), "11010519491231002x").get() == written.case


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"stage": "ORDINARY"},
        {"stage": "FAST", "sort": "due"},
        {"set": "open"},
        {"set": "overdue", "sort": "due"},
        {"filed_from": "2021-06-01", "filed_to": "2021-06-30"},
        {"closed_from": "2021-06-01", "closed_to": "2021-06-30"},
        {"due_from": "2021-12-27", "due_to": "2022-01-26", "sort": "due"},
        {"amount_from": "890000", "sort": "-amount"},
        {"sort": "amount"},
        {"sort": "since"},
        {"sort": "-number"},
    ],
)
def test_the_first_page_under_every_main_filter_reads_by_index(written, chosen):
    plan = _page(Case.objects.visible_to(written.house.chief), written.house.chief, **chosen)
    assert "Seq Scan on cases_case" not in plan, plan


@pytest.mark.parametrize("name", ["court", "window", "team", "judge"])
def test_the_first_page_of_a_court_window_team_or_judge_reads_by_index(written, name):
    codes = {"court": "内0302", "window": "W2", "team": "ORDINARY", "judge": str(written.house.judge3.pk)}
    plan = _page(Case.objects.visible_to(written.house.chief), written.house.chief, **{name: codes[name]})
    assert "Seq Scan on cases_case" not in plan, plan


@pytest.mark.parametrize("who", ["judge3", "window_clerk"])
def test_the_first_page_of_who_sees_a_part_reads_by_index(written, who):
    user = getattr(written.house, who)
    plan = _page(Case.objects.visible_to(user), user)
    assert "Seq Scan on cases_case" not in plan, plan


def test_red_deadlines_are_found_among_the_running_ones(written):
    plan = _page(Case.objects.all(), written.house.chief, level="RED")
    assert "deadline_running_level" in plan
    assert "Seq Scan on cases_deadline" not in plan


def test_the_open_work_of_a_team_is_found_by_a_partial_index(written):
    plan = WorkOrder.objects.open().filter(to_team_id=written.house.teams["AFFAIRS"].pk).values("case_id").explain()
    assert "work_open_of_" in plan
