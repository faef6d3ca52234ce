"""Deadlines of cases older than the deadlines, opened from their record."""

import datetime as dt

from django.core.management import call_command

from bureau.models import Event, User
from cases import desk, services
from cases.models import Case, Deadline, Pause
from cases.services.pauses import move_paused
from tests import factories, kept

FIELDS = ("case_id", "node", "subject", "started_on", "due_on", "steps", "state", "ended_on", "basis", "event_id")


def _book(house, at):
    """Return a book of every kind of past: just filed, started, rested, settled, sent back, closed and archived."""
    factories.file_case(house)
    factories.assign(house, factories.file_case(house).case)
    rested = kept.running_case(house)
    services.suspend(
        rested, ground="CONSENT", document=factories.ruling(rested), at=at(2021, 9, 10), actor=rested.judge
    )
    services.resume(
        rested,
        note="事由消失",
        document=factories.ruling(rested, suffix="之二"),
        at=at(2021, 9, 20),
        actor=rested.judge,
    )
    resting = kept.running_case(house)
    services.stay(
        resting,
        ground="UPPER_COURT",
        document=factories.ruling(resting),
        until_on=dt.date(2021, 12, 1),
        at=at(2021, 9, 13),
        actor=resting.judge,
    )
    pending = factories.assign(house, factories.file_case(house).case)
    services.start(pending, at=at(2021, 9, 3), actor=house.assistant)
    handover = factories.hand_over(house, pending, at=at(2021, 9, 6))
    services.send_back(handover, defects=["IDENTITY"], note="", at=at(2021, 9, 7), actor=house.officer)
    ended = kept.running_case(house)
    factories.archive_ready(house, ended)
    ended = factories.close(house, ended, "TERMINATED", at=at(2021, 9, 21))
    services.archive(ended, note="", at=at(2021, 9, 23), actor=house.assistant)
    factories.close(house, kept.running_case(house), "TERMINATED")
    return [rested, resting, pending, ended]


def _rows():
    return sorted(Deadline.objects.values_list(*FIELDS), key=str)


def _forget():
    Deadline.objects.all().delete()
    Pause.objects.all().delete()


def test_it_makes_the_very_rows_that_would_have_been_made(house, at):
    _book(house, at)
    move_paused(today=dt.date(2021, 9, 24))  # the stay in force has been counted on day by day
    live, shown = _rows(), sorted(Case.objects.values_list("pk", "closing_due_on", "triage_due_on"))
    pauses = sorted(Pause.objects.values_list("case_id", "kind", "from_on", "until_on", "document"))
    assert pauses
    _forget()
    # An older product showed the limit without the days that did not count.
    Case.objects.update(closing_due_on=dt.date(2022, 3, 1))
    now = {"at": at(2021, 9, 24), "actor": User.objects.system()}
    assert services.backfill_deadlines(**now) == Case.objects.count()
    assert _rows() == live
    assert sorted(Pause.objects.values_list("case_id", "kind", "from_on", "until_on", "document")) == pauses
    assert sorted(Case.objects.values_list("pk", "closing_due_on", "triage_due_on")) == shown


def test_a_second_run_changes_nothing_and_the_act_is_on_record(house, at):
    book = _book(house, at)
    _forget()
    now = {"at": at(2021, 9, 24), "actor": User.objects.system()}
    services.backfill_deadlines(**now)
    first, events = _rows(), Event.objects.count()
    assert services.backfill_deadlines(**now) == 0
    assert (_rows(), Event.objects.count()) == (first, events)
    assert Event.objects.filter(chain=f"case:{book[0].pk}", verb="backfill_deadlines").count() == 1


def test_cases_that_have_deadlines_are_left_alone(house, at):
    _book(house, at)
    before = _rows()
    assert services.backfill_deadlines(at=at(2021, 9, 24), actor=User.objects.system()) == 0
    assert _rows() == before


def test_what_is_long_past_is_alarmed_at_the_next_watch_and_the_command_says_how_many(house, at, capsys):
    case = factories.file_case(house).case
    _forget()
    call_command("deadlines_backfill")
    assert "deadlines of 1 cases opened" in capsys.readouterr().out
    services.watch(at=at(2021, 9, 8), actor=User.objects.system())
    assert case.deadlines.get(node="TRIAGE").level == "RED"
    items = desk.items(house.chief, today=dt.date(2021, 9, 8))
    assert any("分流并确定承办人" in item.title for item in items)
