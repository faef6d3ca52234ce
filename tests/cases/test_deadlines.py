"""Deadlines from the event that opens them to the one that closes them; pauses; the watch; forgotten cases."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from bureau import grants
from bureau.errors import Refused
from bureau.models import Event, Holiday, User
from cases import deadlines, desk, nodes, services
from cases.models import Case, Deadline, Pause
from cases.record import record
from tests import factories, kept
from tests.at_once import faults, race
from tests.factories import moment

CHANGE_PACK = ["CONTROLS", "RECORDS", "MONEY_CHECKED"]
DAY = dt.date.fromisoformat


@pytest.fixture
def case(house):
    return factories.file_case(house).case


@pytest.fixture
def system(db):
    return User.objects.system()


def _states(case):
    return {row.node: row.state for row in case.deadlines.all()}


def _due(case, node):
    return str(case.deadlines.get(node=node).due_on)


def _running(case):
    return set(Deadline.objects.running().filter(case=case).values_list("node", flat=True))


def _alerts(case):
    return Event.objects.filter(chain=f"case:{case.pk}", verb="deadline_alert").count()


class TestFollowing:
    def test_filing_opens_its_limits_and_meets_its_own(self, case):
        assert _states(case) == {
            "FILING": "FULFILLED",
            "TO_COMMAND": "FULFILLED",
            "TRIAGE": "RUNNING",
            "NOTICE": "RUNNING",
            "QUERY_LAUNCH": "RUNNING",
            "CLOSING_LIMIT": "RUNNING",
            "EXTENSION": "RUNNING",
            "UPPER_COURT": "RUNNING",
            "NO_PROPERTY_EARLIEST": "RUNNING",
        }
        assert (_due(case, "TRIAGE"), _due(case, "CLOSING_LIMIT")) == ("2021-09-08", "2022-03-01")
        assert (case.triage_due_on, case.closing_due_on) == (DAY("2021-09-08"), DAY("2022-03-01"))
        triage = case.deadlines.get(node="TRIAGE")
        assert triage.steps == ["自 2021-09-01 次日起算 7 日，至 2021-09-08（周三）"]
        assert triage.basis == "《办理执行案件期限规定》法发〔2006〕35号第2条"
        assert triage.event.verb == "register"

    def test_an_administrative_case_has_three_months(self, house):
        basis = factories.filing().basis
        case = factories.file_case(house, basis=type(basis)(**{**_fields(basis), "kind": "J8"})).case
        assert "CLOSING_LIMIT" not in _states(case)
        assert _due(case, "CLOSING_LIMIT_ADMINISTRATIVE") == _due(case, "EXTENSION") == "2021-12-01"
        assert case.closing_due_on == DAY("2021-12-01")

    def test_the_chain_of_acts_closes_and_opens(self, house, case, at):
        case = factories.assign(house, case)
        assert _states(case)["TRIAGE"] == "FULFILLED"
        assert {"ASK_CLUES", "QUERY_LAUNCH"} <= _running(case)
        services.start(case, at=at(2021, 9, 3), actor=house.assistant)
        handover = factories.hand_over(house, case, at=at(2021, 9, 3))
        states = _states(case)
        assert (states["NOTICE"], states["QUERY_LAUNCH"], states["ASK_CLUES"]) == ("FULFILLED", "FULFILLED", "RUNNING")
        answer = case.deadlines.get(node="HANDOVER_ANSWER")
        assert (answer.subject, answer.due_on) == (f"handover:{handover.pk}", handover.due_on)
        services.accept(handover, at=at(2021, 9, 6), actor=house.officer)
        assert _states(case)["HANDOVER_ANSWER"] == "FULFILLED"
        assert _due(case, "FAST_TARGET") == "2021-10-08"
        ended = case.deadlines.get(node="HANDOVER_ANSWER")
        assert (str(ended.ended_on), ended.closing_event.verb) == ("2021-09-06", "enter_stream")

    def test_notice_and_order_to_every_debtor_close_their_node_by_themselves(self, house, at):
        two = factories.filing()
        second = replace(
            two.parties[1], name="李守信", kind="PERSON", id_number="", id_kind="", legal_representative=""
        )
        case = factories.file_case(house, parties=(*two.parties, second)).case
        case = factories.assign(house, case, team="ORDINARY")
        services.start(case, at=at(2021, 9, 3), actor=house.assistant)
        given = {"actor": house.assistant, "at": at(2021, 9, 6)}
        factories.issue(case, "CLUES_NOTICE", **given)
        assert _states(case)["ASK_CLUES"] == "FULFILLED"
        for code in ("ENFORCEMENT_NOTICE", "REPORT_ORDER"):
            factories.issue(case, code, debtor="DEBTOR:1", **given)
        factories.issue(case, "REPORT_ORDER", debtor="DEBTOR:2", **given)
        assert _states(case)["NOTICE"] == "RUNNING"
        factories.issue(case, "ENFORCEMENT_NOTICE", debtor="DEBTOR:2", **given)
        notice = case.deadlines.get(node="NOTICE")
        assert (notice.state, notice.closing_event.verb) == ("FULFILLED", "issue_document")

    def test_launching_the_query_closes_its_node(self, house, case, at):
        case = factories.assign(house, case)
        services.start(case, at=at(2021, 9, 3), actor=house.assistant)
        services.launch_query(case, provider="NATIONAL", at=at(2021, 9, 3), actor=house.assistant)
        launched = case.deadlines.get(node="QUERY_LAUNCH")
        assert (launched.state, launched.closing_event.verb) == ("FULFILLED", "launch_query")

    def test_a_pack_that_asked_for_clues_closes_that_too(self, house, case, at):
        case = factories.assign(house, case)
        services.start(case, at=at(2021, 9, 3), actor=house.assistant)
        factories.hand_over(house, case, clues=True, at=at(2021, 9, 3))
        assert _states(case)["ASK_CLUES"] == "FULFILLED"

    def test_sending_back_reopens_the_senders_clock_on_its_old_day(self, house, case, at):
        case = factories.assign(house, case)
        services.start(case, at=at(2021, 9, 3), actor=house.assistant)
        first = factories.hand_over(house, case, at=at(2021, 9, 3))
        due = _due(case, "NOTICE")
        services.send_back(first, defects=["WRONG_AMOUNT"], note="", at=at(2021, 9, 6), actor=house.officer)
        # The query was launched whatever the pack lacked.
        assert {"NOTICE", "QUERY_LAUNCH", "HANDOVER_ANSWER"} & _running(case) == {"NOTICE"}
        second = factories.hand_over(house, case, at=at(2021, 9, 7))
        notice = case.deadlines.get(node="NOTICE")
        assert (str(notice.due_on), str(notice.ended_on)) == (due, "2021-09-07")
        subjects = {row.subject: row.state for row in case.deadlines.filter(node="HANDOVER_ANSWER")}
        assert subjects == {f"handover:{first.pk}": "FULFILLED", f"handover:{second.pk}": "RUNNING"}

    def test_a_pack_sent_back_gives_its_sender_two_working_days_ended_by_handing_over_again(self, house, case, at):
        factories.assign(house, case)
        services.start(case, at=at(2021, 9, 3), actor=house.assistant)
        first = factories.hand_over(house, case, at=at(2021, 9, 3))
        services.send_back(first, defects=["WRONG_AMOUNT"], note="", at=at(2021, 9, 16), actor=house.officer)
        row = case.deadlines.get(node="HANDOVER_REPAIR")
        # 09-18 is a make-up workday.
        assert (row.is_running, str(row.due_on), row.basis) == (True, "2021-09-18", "综合执行局内部规定")
        assert row.steps
        case.refresh_from_db()
        assert row.owner_name == case.owner.name
        days = {i.due_on for i in desk.items(case.owner, today=row.due_on) if i.kind == "被退回，待补正" and i.is_red}
        assert days == {row.due_on}
        services.watch(at=at(2021, 9, 18), actor=house.chief)
        row.refresh_from_db()
        assert row.level == "RED"
        factories.hand_over(house, case, at=at(2021, 9, 18))
        row.refresh_from_db()
        assert (row.state, str(row.ended_on)) == ("FULFILLED", "2021-09-18")

    def test_a_third_send_back_waits_for_the_command_centre_which_gives_the_sender_his_days_anew(self, house, case, at):
        factories.assign(house, case)
        services.start(case, at=at(2021, 9, 3), actor=house.assistant)
        for day in (6, 7, 8):
            pack = factories.hand_over(house, case, at=at(2021, 9, day))
            services.send_back(pack, defects=["WRONG_AMOUNT"], note="", at=at(2021, 9, day), actor=house.officer)
        services.coordinate(case, note="双方已核对", at=at(2021, 9, 13), actor=house.dispatcher)
        rows = case.deadlines.filter(node="HANDOVER_REPAIR").order_by("id").values_list("state", "due_on")
        assert [(state, str(day)) for state, day in rows] == [
            ("FULFILLED", "2021-09-08"),
            ("FULFILLED", "2021-09-09"),
            ("CANCELLED", "2021-09-10"),
            ("RUNNING", "2021-09-15"),
        ]

    def test_a_change_of_stream_is_to_be_answered_and_takes_the_fast_target_with_it(self, house, case, at):
        case = factories.into_stream(house, case)
        handover = services.change_stream(
            case, to_team=house.teams["ORDINARY"], pack=CHANGE_PACK, note="需拍卖", at=at(2021, 9, 10), actor=case.judge
        )
        answer = case.deadlines.get(subject=f"handover:{handover.pk}")
        assert (answer.node, answer.state, answer.due_on) == ("HANDOVER_ANSWER", "RUNNING", handover.due_on)
        case = services.accept(handover, at=at(2021, 9, 11), actor=house.officer3)
        answer.refresh_from_db()
        assert answer.state == "FULFILLED"
        assert _states(case)["FAST_TARGET"] == "CANCELLED"
        back = services.change_stream(
            case, to_team=house.teams["FAST"], pack=CHANGE_PACK, note="已有存款", at=at(2021, 9, 12), actor=case.judge
        )
        case = services.accept(back, at=at(2021, 9, 13), actor=house.officer)
        target = case.deadlines.get(node="FAST_TARGET", state="RUNNING")
        assert str(target.due_on) == "2021-10-13"

    def test_sending_a_change_of_stream_back_reopens_nothing_of_the_start(self, house, case, at):
        case = factories.into_stream(house, case)
        before = _running(case)
        handover = services.change_stream(
            case, to_team=house.teams["ORDINARY"], pack=CHANGE_PACK, note="需拍卖", at=at(2021, 9, 10), actor=case.judge
        )
        services.send_back(handover, defects=["NO_EXPIRY"], note="", at=at(2021, 9, 11), actor=house.officer3)
        assert _running(case) == before
        assert _states(case)["NOTICE"] == "FULFILLED"

    def test_an_ordinary_case_has_no_thirty_day_target(self, house, case):
        assert "FAST_TARGET" not in _states(factories.into_stream(house, case, team="ORDINARY"))

    def test_closing_fulfils_the_limits_and_cancels_the_rest(self, house, case, at):
        case = factories.into_stream(house, case)
        factories.close(house, case, "TERMINATED", at=at(2021, 9, 20))
        states = _states(case)
        assert _running(case) == {"ARCHIVE"}
        assert {states["CLOSING_LIMIT"], states["EXTENSION"], states["FAST_TARGET"]} == {"FULFILLED"}
        assert {states["ASK_CLUES"], states["NO_PROPERTY_EARLIEST"]} == {"CANCELLED"}

    def test_archiving_is_owed_by_the_affairs_team_and_never_for_a_case_that_lives_on(self, house, case, at):
        case = factories.into_stream(house, case)
        closed = factories.close(house, case, "TERMINATED", at=at(2021, 9, 20))
        owed = Deadline.objects.running().filter(node="ARCHIVE")
        assert [str(row.due_on) for row in owed.owned_by(house.records_clerk)] == ["2021-11-19"]
        assert not owed.owned_by(house.officer).exists()
        factories.archive_ready(house, closed)
        services.archive(closed, note="", at=at(2021, 10, 8), actor=house.records_clerk)
        assert _states(closed)["ARCHIVE"] == "FULFILLED"

    def test_after_a_procedural_closing_no_archiving_is_owed(self, house, case, at):
        case = factories.into_stream(house, case)
        closed = factories.close(house, case, "PROCEDURAL", at=at(2021, 12, 6))
        assert "ARCHIVE" not in _states(closed)
        assert _running(closed) == {"REQUERY", "NO_PROPERTY_REGISTER"}

    def test_what_lives_on_outlives_the_case(self, house, case, at):
        case = factories.into_stream(house, case)
        event = Event.objects.of_chain(f"case:{case.pk}").first()
        day = DAY("2022-09-01")
        living = {"node_version": 1, "basis": "x", "event": event, "started_on": day, "due_on": day}
        Deadline.objects.create(case=case, node="FREEZE", **living)
        factories.close(house, case, "TERMINATED", at=at(2021, 9, 20))
        assert _running(case) == {"ARCHIVE", "FREEZE"}

    def test_two_running_ones_of_a_kind_are_refused_by_the_database(self, case):
        row = case.deadlines.get(node="TRIAGE")
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)

    def test_a_verb_the_table_does_not_know_costs_no_query(self, house, case, at, django_assert_num_queries):
        with django_assert_num_queries(1):
            record(case, "issue_code", at=at(2021, 9, 2), case=case, actor=house.window_clerk)

    def test_the_apps_own_role_may_do_it_all(self, house, case, at):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SET LOCAL ROLE "{grants.role_name("app")}"')
            case = factories.into_stream(house, case)
            factories.close(house, case, "TERMINATED", at=at(2021, 9, 20))
            cursor.execute("RESET ROLE")
        assert _running(case) == {"ARCHIVE"}


def _fields(basis):
    return {name: getattr(basis, name) for name in basis.__dataclass_fields__}


class TestPauses:
    def test_suspension_moves_the_limit_by_its_days(self, house, case, at, system):
        case = factories.into_stream(house, case)
        case = services.suspend(
            case, ground="CONSENT", document=factories.ruling(case), at=at(2021, 9, 10), actor=case.judge
        )
        assert case.pauses.get().kind == "SUSPENSION"
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-01")
        services.watch(at=at(2021, 9, 15), actor=system)
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-07")  # five days: a Sunday, so Monday
        case = services.resume(
            case, note="事由消失", document=factories.ruling(case, suffix=""), at=at(2021, 9, 20), actor=case.judge
        )
        closing = case.deadlines.get(node="CLOSING_LIMIT")
        assert closing.due_on == Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-11")
        assert "扣除 2021-09-10 至 2021-09-19 共 10 日" in closing.steps
        assert case.deadlines.get(node="EXTENSION").due_on == closing.due_on
        assert _due(case, "NO_PROPERTY_EARLIEST") == "2021-12-01"  # three months since filing do not stand still
        assert case.closing_due_on == closing.due_on

    def test_overlapping_periods_count_once(self, house, case, at):
        case = factories.into_stream(house, case)
        for first, until in (("2021-09-10", "2021-09-20"), ("2021-09-15", "2021-09-25")):
            services.exclude_period(
                case,
                kind="APPRAISAL",
                paper=factories.paper(case),
                from_on=DAY(first),
                until_on=DAY(until),
                at=at(2021, 10, 8),
                actor=case.judge,
            )
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2022-03-16")

    def test_some_kinds_do_not_stop_the_six_months_of_the_applicant(self, house, case, at):
        case = factories.into_stream(house, case)
        services.exclude_period(
            case, kind="SALE", paper=factories.paper(case), from_on=DAY("2021-09-10"), until_on=DAY("2021-09-20"),
            at=at(2021, 10, 8), actor=case.judge,
        )  # fmt: skip
        assert (_due(case, "CLOSING_LIMIT"), _due(case, "UPPER_COURT")) == ("2022-03-11", "2022-03-01")

    def test_a_period_needs_document_judge_and_sound_days(self, house, case, at):
        case = factories.into_stream(house, case)
        good = {"kind": "PUBLICATION", "paper": factories.paper(case), "from_on": DAY("2021-09-06"), "until_on": None}
        now = {"at": at(2021, 9, 8), "actor": case.judge}
        for wrong in (
            {"paper": " "},
            {"paper": "x"},
            {"paper": factories.paper(factories.file_case(house).case)},
            {"kind": "SUSPENSION"},
            {"kind": "STAY"},
            {"kind": "LUNCH"},
            {"from_on": DAY("2021-08-31")},
            {"from_on": DAY("2021-09-09")},
            {"until_on": DAY("2021-09-09")},
        ):
            with pytest.raises(Refused):
                services.exclude_period(case, **{**good, **wrong}, **now)
        with pytest.raises(PermissionDenied):
            services.exclude_period(case, **good, at=at(2021, 9, 8), actor=house.officer)
        pause = services.exclude_period(case, **good, **now)
        services.end_period(pause, until_on=DAY("2021-09-08"), **now)
        assert _due(case, "CLOSING_LIMIT") == "2022-03-03"
        with pytest.raises(Refused):
            services.end_period(pause, until_on=DAY("2021-09-08"), **now)

    def test_a_pause_without_document_is_refused_by_the_database(self, case):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pause.objects.create(case=case, kind="STAY", from_on=DAY("2021-09-01"), document="")

    def test_a_limit_that_stands_still_is_not_alarmed(self, house, case, at, system):
        case = factories.into_stream(house, case)
        services.suspend(case, ground="CONSENT", document=factories.ruling(case), at=at(2022, 2, 25), actor=case.judge)
        services.watch(at=at(2022, 6, 1), actor=system)
        closing = case.deadlines.get(node="CLOSING_LIMIT")
        assert (closing.level, closing.due_on > DAY("2022-06-01")) == ("NONE", True)
        services.resume(
            case, note="事由消失", document=factories.ruling(case, suffix=""), at=at(2022, 6, 1), actor=case.judge
        )
        services.watch(at=at(2022, 6, 1), actor=system)
        assert case.deadlines.get(node="CLOSING_LIMIT").level == "ORANGE"

    def test_a_later_day_takes_the_level_back_and_each_is_said_again(self, house, case, at, system):
        case = factories.into_stream(house, case)
        services.watch(at=at(2022, 2, 21), actor=system)
        assert case.deadlines.get(node="CLOSING_LIMIT").level == "ORANGE"
        services.exclude_period(
            case, kind="APPRAISAL", paper=factories.paper(case), from_on=DAY("2021-10-08"), until_on=DAY("2021-12-08"),
            at=at(2022, 2, 21), actor=case.judge,
        )  # fmt: skip
        closing = case.deadlines.get(node="CLOSING_LIMIT")
        assert (closing.level, closing.orange_on, str(closing.next_alert_on)) == ("NONE", None, "2022-04-05")


class TestWatch:
    @pytest.mark.parametrize(
        ("node", "table"),
        [
            ("TRIAGE", [(5, "NONE"), (6, "YELLOW"), (7, "ORANGE"), (8, "RED"), (9, "RED")]),
            # The tenth day is Saturday 09-11, so its last day is Monday 09-13.
            ("NOTICE", [(9, "NONE"), (10, "YELLOW"), (11, "YELLOW"), (12, "ORANGE"), (13, "RED"), (14, "RED")]),
        ],
    )
    def test_levels_day_by_day(self, case, at, system, node, table):
        for day, level in table:
            services.watch(at=at(2021, 9, day), actor=system)
            assert case.deadlines.get(node=node).level == level, day

    def test_each_level_is_said_once_with_an_event_and_its_day(self, case, at, system):
        for day in range(2, 16):
            for hour in (8, 9, 23):
                services.watch(at=at(2021, 9, day, hour), actor=system)
        triage = case.deadlines.get(node="TRIAGE")
        assert [str(triage.yellow_on), str(triage.orange_on), str(triage.red_on)] == [
            "2021-09-06",
            "2021-09-07",
            "2021-09-08",
        ]
        assert _alerts(case) == 9  # three of TRIAGE, of NOTICE and of QUERY_LAUNCH
        assert Event.objects.of_chain(f"case:{case.pk}").last().verb == "deadline_alert"

    def test_after_a_long_rest_only_the_level_of_the_day_is_said(self, case, at, system):
        services.watch(at=at(2021, 9, 8), actor=system)
        triage = case.deadlines.get(node="TRIAGE")
        assert (triage.level, triage.yellow_on, str(triage.red_on)) == ("RED", None, "2021-09-08")

    def test_what_is_no_duty_is_said_early_and_ends_by_its_day(self, house, case, at, system):
        for day, state, level in ((24, "RUNNING", "YELLOW"), (30, "RUNNING", "YELLOW")):
            services.watch(at=at(2021, 11, day), actor=system)
            row = case.deadlines.get(node="NO_PROPERTY_EARLIEST")
            assert (row.state, row.level) == (state, level)
        services.watch(at=at(2021, 12, 1), actor=system)
        assert "NO_PROPERTY_EARLIEST" in _running(case)
        services.watch(at=at(2021, 12, 2), actor=system)
        row = case.deadlines.get(node="NO_PROPERTY_EARLIEST")
        assert (row.state, row.closing_event.verb) == ("FULFILLED", "deadline_reached")

    def test_what_a_closed_case_left_behind_is_cancelled(self, house, case, at, system):
        case = factories.into_stream(house, case)
        factories.close(house, case, "TERMINATED", at=at(2021, 9, 20))
        Deadline.objects.filter(case=case, node="ASK_CLUES").update(
            state="RUNNING", ended_on=None, closing_event=None, next_alert_on=None
        )
        services.watch(at=at(2021, 9, 21), actor=system)
        assert _running(case) == {"ARCHIVE"}

    def test_alarm_goes_to_owner_escalation_and_nobody_else(self, house, case, at, system):
        case = factories.assign(house, case)
        services.watch(at=at(2021, 9, 13), actor=system)
        on = {"today": DAY("2021-09-13")}
        titles = {name: _desk(getattr(house, name), **on) for name in ("assistant", "dispatcher", "chief", "finance")}
        assert any(
            "发出执行通知书、报告财产令、首次发起网络查控" in title or "首次发起网络查控" in title
            for title in titles["assistant"]
        )
        assert "首次发起网络查控：1 件" in titles["dispatcher"]
        assert not [title for title in titles["chief"] + titles["finance"] if "首次发起" in title]

    def test_what_can_only_be_said_is_noted_by_its_owner(self, house, case, at):
        case = factories.assign(house, case)
        clues, notice = (case.deadlines.get(node=node) for node in ("ASK_CLUES", "NOTICE"))
        now = {"at": at(2021, 9, 3), "actor": house.assistant if case.owner == house.assistant else case.owner}
        with pytest.raises(PermissionDenied):
            services.note_done(notice, note="已发", **now)
        with pytest.raises(PermissionDenied):
            services.note_done(clues, note="已问", at=at(2021, 9, 3), actor=house.chief)
        with pytest.raises(Refused):
            services.note_done(clues, note=" ", **now)
        services.note_done(clues, note="电话通知，笔录入卷", **now)
        assert _states(case)["ASK_CLUES"] == "FULFILLED"
        with pytest.raises(Refused):
            services.note_done(clues, note="再次", **now)


def _desk(user, *, today):
    return [item.title for item in desk.items(user, today=today)]


class TestAgreed:
    """What the parties named themselves stands among the terms: with its day, its alarm and its end."""

    def _settle(self, case, at):
        agreed = [(DAY("2021-10-08"), Decimal("20000.00")), (DAY("2021-11-08"), Decimal("30000.00"))]
        given = {"document": factories.agreement(case), "terms": "分两期", "instalments": agreed}
        return services.settle(case, **given, at=at(2021, 9, 10), actor=case.judge)

    def _terms(self, case, node):
        return {str(row.due_on): row.state for row in case.deadlines.filter(node=node)}

    def test_each_instalment_is_a_term_of_its_own(self, house, case, at):
        case = factories.into_stream(house, case)
        settlement = self._settle(case, at)
        assert self._terms(case, "INSTALMENT") == {"2021-10-08": "RUNNING", "2021-11-08": "RUNNING"}
        assert "和解协议" in case.deadlines.filter(node="INSTALMENT").first().steps[0]
        first = settlement.instalments.get(position=1)
        services.note_instalment(first, paid_on=DAY("2021-10-08"), note="回单", at=at(2021, 10, 8), actor=case.owner)
        assert self._terms(case, "INSTALMENT") == {"2021-10-08": "FULFILLED", "2021-11-08": "RUNNING"}

    def test_a_broken_settlement_takes_them_all_away(self, house, case, at):
        case = factories.into_stream(house, case)
        self._settle(case, at)
        services.break_settlement(case, note="未付", at=at(2021, 10, 20), actor=case.judge)
        assert set(self._terms(case, "INSTALMENT").values()) == {"CANCELLED"}

    def test_a_missed_instalment_turns_red_on_its_day(self, house, case, at, system):
        case = factories.into_stream(house, case)
        self._settle(case, at)
        services.watch(at=at(2021, 10, 8), actor=system)
        assert case.deadlines.get(node="INSTALMENT", due_on=DAY("2021-10-08")).level == "RED"

    def test_a_promise_is_a_term_until_it_is_looked_at(self, house, case, at):
        case = factories.into_stream(house, case)
        said = {"kind": "CALL", "whom": "张安然", "text": "月底还", "at": at(2021, 9, 10), "actor": house.officer}
        services.log_contact(case, **said)
        assert self._terms(case, "PROMISE") == {}
        contact = services.log_contact(case, **said, promised_on=DAY("2021-09-30"))
        assert self._terms(case, "PROMISE") == {"2021-09-30": "RUNNING"}
        services.settle_promise(contact, is_kept=False, at=at(2021, 10, 8), actor=house.officer)
        assert self._terms(case, "PROMISE") == {"2021-09-30": "FULFILLED"}


class TestForgotten:
    def _forget(self, case):
        event = Event.objects.of_chain(f"case:{case.pk}").last()
        Deadline.objects.running().filter(case=case).update(
            state="CANCELLED", ended_on=DAY("2021-09-03"), closing_event=event
        )

    def _raised(self, case):
        return Event.objects.filter(chain=f"case:{case.pk}", verb="no_next_step").count()

    def test_only_a_case_with_no_duty_pack_or_suspension_is_raised(self, house, case, at, system):
        assert services.find_forgotten(at=at(2021, 9, 4), actor=system) == 0
        self._forget(case)
        assert services.find_forgotten(at=at(2021, 9, 4), actor=system) == 1
        assert any("没有进行中的期限" in title for title in _desk(house.dispatcher, today=DAY("2021-09-04")))
        assert any("没有进行中的期限" in title for title in _desk(house.chief, today=DAY("2021-09-04")))
        assert not any("没有进行中的期限" in title for title in _desk(house.judge, today=DAY("2021-09-04")))

    def test_it_is_raised_again_only_after_something_happened(self, house, case, at, system):
        self._forget(case)
        for day in (4, 5, 6):
            services.find_forgotten(at=at(2021, 9, day), actor=system)
        assert self._raised(case) == 1
        record(case, "issue_code", at=at(2021, 9, 6), case=case, actor=house.window_clerk)
        services.find_forgotten(at=at(2021, 9, 7), actor=system)
        assert self._raised(case) == 2

    def test_a_pack_on_its_way_or_a_suspension_is_a_next_step(self, house, case, at, system):
        case = factories.assign(house, case)
        services.start(case, at=at(2021, 9, 3), actor=house.assistant)
        handover = factories.hand_over(house, case, at=at(2021, 9, 3))
        self._forget(case)
        assert services.find_forgotten(at=at(2021, 9, 4), actor=system) == 0
        case = services.accept(handover, at=at(2021, 9, 6), actor=house.officer)
        services.suspend(case, ground="CONSENT", document=factories.ruling(case), at=at(2021, 9, 7), actor=case.judge)
        self._forget(case)
        assert services.find_forgotten(at=at(2021, 9, 8), actor=system) == 0

    def test_each_case_is_raised_for_one_reason(self, house, case, at, system):
        self._forget(case)
        services.find_forgotten(at=at(2021, 9, 4), actor=system)
        assert json.loads(Event.objects.of_chain(f"case:{case.pk}").last().details)["lacking"] == "NO_STEP"
        titles = [i.title for i in desk.items(house.chief, today=DAY("2021-09-04")) if i.kind == "案件没有下一步"]
        assert titles == ["没有进行中的期限、移交或协作，请确定下一步"]

    def test_the_limits_of_the_whole_case_are_no_next_step(self, house, case, at, system):
        case = factories.into_stream(house, case)
        running = Deadline.objects.running().filter(case=case)
        assert set(running.values_list("node", flat=True)) >= {"CLOSING_LIMIT", "EXTENSION", "FAST_TARGET"}
        event = Event.objects.of_chain(f"case:{case.pk}").last()
        frames = [node.code for node in nodes.LIVE if node.is_frame]
        steps = running.exclude(node__in=frames)
        steps.update(state="CANCELLED", ended_on=DAY("2021-09-03"), closing_event=event)
        # The last act was on 3 September; the bureau gives fifteen days.
        assert services.find_forgotten(at=at(2021, 9, 18), actor=system) == 1
        assert self._raised(case) == 1
        # A look by the machine is no work; a person's act is.
        services.log_contact(case, kind="CALL", whom="张安然", text="核对线索", at=at(2021, 9, 20), actor=house.officer)
        assert services.find_forgotten(at=at(2021, 10, 4), actor=system) == 0
        assert services.find_forgotten(at=at(2021, 10, 5), actor=system) == 1

    def test_a_suspension_is_looked_at_again_after_ninety_days(self, house, case, at, system):
        case = factories.into_stream(house, case)
        services.suspend(case, ground="CONSENT", document=factories.ruling(case), at=at(2021, 9, 7), actor=case.judge)
        self._forget(case)
        assert services.find_forgotten(at=at(2021, 12, 5), actor=system) == 0
        assert services.find_forgotten(at=at(2021, 12, 6), actor=system) == 1

    def test_a_settlement_without_an_open_instalment_waits_for_nobody(self, house, case, at, system):
        case = factories.into_stream(house, case)
        agreed = services.settle(
            case,
            document=factories.agreement(case),
            terms="一次付清",
            instalments=[(DAY("2021-10-08"), Decimal("50000.00"))],
            at=at(2021, 9, 7),
            actor=case.judge,
        )
        self._forget(case)
        assert services.find_forgotten(at=at(2021, 9, 8), actor=system) == 0
        row = agreed.instalments.get()
        services.note_instalment(row, paid_on=DAY("2021-09-09"), note="凭证", at=at(2021, 9, 9), actor=case.judge)
        assert services.find_forgotten(at=at(2021, 9, 10), actor=system) == 1

    def test_a_closed_case_needs_none(self, house, case, at, system):
        case = factories.into_stream(house, case)
        factories.close(house, case, "TERMINATED", at=at(2021, 9, 20))
        assert services.find_forgotten(at=at(2021, 9, 21), actor=system) == 0

    def test_what_was_provisional_is_counted_anew_when_the_year_is_known(self, house, at, system):
        case = factories.file_case(house, at=moment(2027, 6, 1)).case
        closing = case.deadlines.get(node="CLOSING_LIMIT")
        assert (closing.is_provisional, str(closing.due_on)) == (True, "2027-12-01")
        Holiday.objects.create(on=DAY("2027-12-01"), kind="PUBLIC", name="测试日", source="测试")
        services.find_forgotten(at=at(2027, 6, 2), actor=system)
        assert Case.objects.get(pk=case.pk).closing_due_on == DAY("2027-12-02")
        assert not case.deadlines.get(node="CLOSING_LIMIT").is_provisional


def test_watches_and_acts_at_once_say_each_level_once_and_never_block_each_other(transactional_db):
    house = factories.House.build()
    cases = [factories.file_case(house, payee=False).case for _ in range(12)]
    # Not one series, which would be drawn together.
    for case in cases:
        case.parties.filter(side="DEBTOR").update(id_digest=f"{case.pk:064d}")
    system, now = User.objects.system(), moment(2021, 9, 10)
    works = [lambda: services.watch(at=now, actor=system)] * 4
    works += [lambda case=case: factories.assign(house, case, at=now) for case in cases[:4]]
    assert faults(race(works)) == []
    services.watch(at=now, actor=system)
    for case in cases:
        said = Event.objects.filter(chain=f"case:{case.pk}", verb="deadline_alert").values_list("details", flat=True)
        assert len(said) == len(set(said))
        assert case.deadlines.get(node="NOTICE").level == "YELLOW"


def test_two_keys_asked_for_at_once_leave_one(transactional_db):
    house = factories.House.build()
    now = moment(2021, 9, 8)
    works = [lambda: services.open_feed(house.judge, at=now, actor=house.judge)] * 6
    assert faults(race(works)) == []
    assert house.judge.feed_tokens.filter(revoked_at__isnull=True).count() == 1


def test_every_projection_equals_its_deadline(house):
    kept.running_case(house)
    factories.file_case(house)
    for row in Deadline.objects.filter(node__in=deadlines.PROJECTIONS).select_related("case"):
        assert getattr(row.case, deadlines.PROJECTIONS[row.node]) == row.due_on
    assert set(deadlines.PROJECTIONS) <= set(nodes.BY_CODE)
