"""Whose a renewal is, when it is said, on whose desk it stands: open, after 终本, after a revival, after a lapse."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Receipt
from assets import desk, services
from assets import tasks as asset_tasks
from assets.lineage import lineage
from assets.models import Control
from assets.taking import PreservedData
from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, User
from cases import desk_stages, tasks
from cases import services as cases
from cases.models import Case, Deadline
from intake import services as intake
from tests import factories, kept
from tests.factories import moment

DAY = dt.date.fromisoformat
CLOSED_AT = moment(2021, 12, 20)


@pytest.fixture
def system(db):
    return User.objects.system()


@pytest.fixture
def case(house):
    return factories.rulings(kept.running_case(house))


@pytest.fixture
def stand_at(monkeypatch):
    """Let the product's clock stand at a moment, for tasks that read it."""

    def stand(moment_):
        monkeypatch.setattr(clock, "now", lambda: moment_)
        monkeypatch.setattr(clock, "today", moment_.date)

    return stand


def _deadline(control):
    return Deadline.objects.get(subject=f"control:{control.pk}", state="RUNNING")


def _said(case):
    found = Event.objects.of_chain(f"case:{case.pk}").filter(verb="deadline_alert", details__contains="RENEWAL")
    return [(str(event.at.date()), '"days_left":' in event.details) for event in found]


def _lines(user, today):
    return [(item.kind, item.is_red) for item in desk.items(user, today=DAY(today))]


class TestAlarms:
    def test_each_of_the_five_days_is_said_once(self, case, system):
        control = factories.control(case)  # until 2022-09-06
        said = []
        for left in range(95, -1, -1):
            day = control.to_on - dt.timedelta(days=left)
            before = len(_said(case))
            for hour in (1, 23):
                cases.watch(at=moment(day.year, day.month, day.day, hour), actor=system)
            said += [left] * (len(_said(case)) - before)
        assert said == [90, 60, 30, 15, 7]
        assert all(has_days for _day, has_days in _said(case))
        row = _deadline(control)
        assert (row.level, str(row.yellow_on), str(row.orange_on), str(row.red_on)) == (
            "RED",
            "2022-06-08",
            "2022-08-07",
            "2022-08-30",
        )

    @pytest.mark.parametrize(
        ("left", "level"),
        [
            (91, "NONE"),
            (90, "YELLOW"),
            (31, "YELLOW"),
            (30, "ORANGE"),
            (8, "ORANGE"),
            (7, "RED"),
            (0, "RED"),
            (-1, "RED"),
        ],
    )
    def test_the_level_by_days_left(self, case, system, left, level):
        control = factories.control(case)
        day = control.to_on - dt.timedelta(days=left)
        cases.watch(at=moment(day.year, day.month, day.day), actor=system)
        assert _deadline(control).level == level

    def test_a_short_term_is_said_at_once_at_its_level(self, case, system):
        control = factories.control(case, to_on=DAY("2021-09-26"))
        cases.watch(at=moment(2021, 9, 7), actor=system)
        assert (_deadline(control).level, len(_said(case))) == ("ORANGE", 1)
        cases.watch(at=moment(2021, 9, 8), actor=system)
        assert len(_said(case)) == 1

    def test_a_renewal_begins_the_alarms_anew(self, case, system):
        control = factories.control(case)
        cases.watch(at=moment(2022, 9, 1), actor=system)
        services.renew_control(control, ruling="(2021)内0302执1号之三", at=moment(2022, 9, 1), actor=case.owner)
        row = _deadline(control)
        assert (row.level, str(row.next_alert_on)) == ("NONE", "2023-06-08")
        cases.watch(at=moment(2022, 9, 2), actor=system)
        assert len(_said(case)) == 1

    def test_the_desk_of_whoever_renews_from_ninety_days_on_and_of_the_judge_in_the_last(self, house, case):
        control = factories.control(case)
        ending = ("查封冻结将届满", False)
        assert _lines(case.owner, "2022-06-07") == []
        assert _lines(case.owner, "2022-06-08") == [ending]
        assert _lines(case.judge, "2022-08-29") == []
        assert _lines(case.judge, "2022-08-30") == _lines(case.owner, "2022-08-30") == [("查封冻结将届满", True)]
        for duty in ("officer2", "officer3", "assistant", "chief", "inspector", "finance", "window_clerk"):
            assert _lines(getattr(house, duty), "2022-08-30") == []
        item = next(iter(desk.items(case.owner, today=DAY("2022-08-30"))))
        assert item.url == f"/property/controls/{control.pk}/renew/"

    def test_before_a_stream_team_has_it_the_affairs_team_answers(self, house):
        old = factories.control_data(from_on=DAY("2020-10-08"), to_on=DAY("2021-10-08"))
        filed = {"preserved": [PreservedData(1, old)], "at": moment(2021, 9, 1), "actor": house.window_clerk}
        filed |= {"without_reception": factories.BY_POST}
        case = factories.assign(house, intake.file_case(factories.filing(), **filed).case)
        cases.start(case, at=moment(2021, 9, 3), actor=house.records_clerk)
        control = Control.objects.get(case=case)
        assert _lines(house.assistant, "2021-10-01") == [("查封冻结将届满", True)]
        assert _lines(house.officer, "2021-10-01") == _lines(house.records_clerk, "2021-10-01") == []
        assert Deadline.objects.owned_by(house.assistant).filter(node="RENEWAL").count() == 1
        with pytest.raises(PermissionDenied):
            services.renew_control(
                control, ruling="(2021)内0302执1号之三", at=moment(2021, 10, 1), actor=house.records_clerk
            )
        factories.rulings(case)
        services.renew_control(control, ruling="(2021)内0302执1号之三", at=moment(2021, 10, 1), actor=house.assistant)
        assert _deadline(control).due_on == DAY("2022-10-08")


class TestLapse:
    def test_red_at_once_for_handler_judge_chief_and_inspector_until_explained(self, house, case, stand_at):
        control = factories.control(case)
        stand_at(moment(2022, 9, 7, 0, 1))
        assert asset_tasks.lapse_controls() == 1
        incident = [("控制失效事故", True)]
        for user in (case.owner, case.judge, house.chief, house.inspector):
            assert _lines(user, "2022-09-07") == incident
        for duty in ("officer3", "judge3", "assistant", "president", "dispatcher"):
            assert _lines(getattr(house, duty), "2022-09-07") == []
        control.refresh_from_db()
        services.explain_lapse(control, explanation="已重新冻结", at=moment(2022, 9, 8), actor=house.chief)
        assert _lines(house.chief, "2022-09-08") == _lines(case.owner, "2022-09-08") == []
        assert Control.objects.filter(state="LAPSED").count() == 1

    def test_one_whose_turn_is_not_plain_is_shown_to_whoever_keeps_it(self, house, case):
        seal = {"kind": "REAL_ESTATE", "measure": "SEAL", "thing": "乌海市海勃湾区新华街2号"}
        first = factories.control(case, **seal)
        other = kept.running_case(house)
        factories.control(other, **seal, rank=3)
        assert _lines(other.owner, "2021-09-10") == []
        services.release_control(
            first,
            ground="WITHDRAWN",
            ruling="(2021)内0302执1号之四",
            released_on=DAY("2021-09-10"),
            at=moment(2021, 9, 10),
            actor=case.owner,
        )
        assert _lines(other.owner, "2021-09-10") == [("轮候转正式控制", False)]


class TestClosing:
    def test_fulfilled_only_with_every_control_released(self, house, case):
        factories.deposit(house, case, "50000.00", serial="C1")
        factories.payout(house, case, "50000.00", reference="C1")
        house_ = factories.control(case, kind="REAL_ESTATE", measure="SEAL", thing="新华街2号")
        queued = factories.control(case, kind="VEHICLE", measure="SEAL", thing="蒙C00001", rank=2)
        with pytest.raises(Refused, match=r"未解除.*新华街2号（2024-09-06）.*蒙C00001（轮候）"):
            factories.close(house, case)
        for control in (house_, queued):
            services.release_control(
                control,
                ground="WITHDRAWN",
                ruling="(2021)内0302执1号之四",
                released_on=DAY("2021-09-20"),
                at=moment(2021, 9, 20),
                actor=case.owner,
            )
        assert factories.close(house, case).closing_mode == "FULFILLED"

    def test_fulfilled_not_while_money_is_unpaid(self, house, case):
        with pytest.raises(Refused, match=r"尚有 50,000\.00 元未发放"):
            factories.close(house, case)

    def test_what_appears_between_proposal_and_last_signature_stops_it(self, house, case):
        closing = factories.propose_closing(house, case, "TERMINATED")
        case.refresh_from_db()
        factories.control(case, at=moment(2021, 9, 21), from_on=DAY("2021-09-21"))
        cases.sign_closing(closing, at=moment(2021, 9, 21), actor=case.judge)
        with pytest.raises(Refused, match="未解除"):
            cases.sign_closing(closing, at=moment(2021, 9, 21), actor=house.chief)

    @pytest.mark.parametrize("mode", ["TERMINATED", "REMOVED", "NOT_ENFORCED", "DISMISSED"])
    def test_other_modes_release(self, house, case, mode):
        factories.control(case)
        with pytest.raises(Refused, match="未解除"):
            factories.close(house, case, mode)

    def test_procedural_keeps_them_each_with_a_keeper(self, house, case):
        control = factories.control(case)
        with pytest.raises(Refused, match="续行责任人"):
            factories.close(house, case, "PROCEDURAL", at=CLOSED_AT)
        services.name_keeper(case, keeper=house.assistant, at=CLOSED_AT, actor=case.owner)
        closed = factories.close(house, case, "PROCEDURAL", at=CLOSED_AT)
        control.refresh_from_db()
        assert (closed.lives_on, control.state, control.keeper) == (True, "LIVE", house.assistant)

    def test_an_inactive_keeper_is_none(self, house, case):
        factories.control(case)
        services.name_keeper(case, keeper=house.assistant, at=CLOSED_AT, actor=case.owner)
        User.objects.filter(pk=house.assistant.pk).update(is_active=False)
        with pytest.raises(Refused, match="续行责任人"):
            factories.close(house, case, "PROCEDURAL", at=CLOSED_AT)

    def test_terminated_on_a_running_settlement_may_keep_them_with_the_affairs_team(self, house, case):
        control = factories.control(case)
        cases.settle(
            case,
            document=factories.agreement(case),
            terms="分期",
            instalments=[(DAY("2022-10-08"), factories.Decimal("50000.00"))],
            at=moment(2021, 9, 20),
            actor=case.judge,
        )
        services.name_keeper(case, keeper=house.officer2, at=moment(2021, 9, 20), actor=house.officer)
        with pytest.raises(Refused, match="事务团队"):
            factories.close(house, case, "TERMINATED")
        services.name_keeper(case, keeper=house.assistant, at=moment(2021, 9, 20), actor=house.officer)
        closed = factories.close(house, case, "TERMINATED")
        control.refresh_from_db()
        assert (closed.stage, control.state) == ("CLOSED", "LIVE")
        assert Deadline.objects.owned_by(house.assistant).filter(node="RENEWAL").count() == 1

    def test_whoever_may_be_named_and_by_whom(self, house, case):
        with pytest.raises(Refused, match="没有有效"):
            services.name_keeper(case, keeper=house.assistant, at=CLOSED_AT, actor=case.owner)
        factories.control(case)
        for duty in ("officer3", "finance", "chief", "records_clerk"):
            with pytest.raises(Refused, match="不能担任"):
                services.name_keeper(case, keeper=getattr(house, duty), at=CLOSED_AT, actor=case.owner)
        with pytest.raises(PermissionDenied):
            services.name_keeper(case, keeper=house.assistant, at=CLOSED_AT, actor=house.officer3)


class TestAfterProceduralClosing:
    def _closed(self, house, case, *, keeper):
        control = factories.control(case, kind="REAL_ESTATE", measure="SEAL", thing="新华街2号")
        services.name_keeper(case, keeper=keeper, at=CLOSED_AT, actor=case.owner)
        return factories.close(house, case, "PROCEDURAL", at=CLOSED_AT), control

    def test_the_renewal_alarm_still_fires_and_late_money_starts_its_own_clock(self, house, case, stand_at):
        closed, control = self._closed(house, case, keeper=house.assistant)
        stand_at(moment(2024, 6, 8))  # ninety days before 2024-09-06
        assert tasks.watch_deadlines() > 0
        row = _deadline(control)
        assert (row.level, row.case.stage, row.owner_name) == ("YELLOW", "CLOSED", house.assistant.name)
        assert Event.objects.of_chain(f"case:{case.pk}").filter(verb="deadline_alert", details__contains="RENEWAL")
        stand_at(moment(2024, 8, 30))
        tasks.watch_deadlines()
        assert _deadline(control).level == "RED"
        assert ("查封冻结将届满", True) in _lines(house.assistant, "2024-08-30")
        # Two thousand yuan arrive long after the closing: fifteen days of their own, from their own arrival.
        receipt = factories.deposit(house, closed, "2000.00", serial="LATE", at=moment(2022, 3, 1))
        assert (receipt.due_on, receipt.case.stage) == (DAY("2022-03-16"), "CLOSED")
        assert Receipt.objects.overdue(today=DAY("2022-03-17")).filter(pk=receipt.pk).exists()
        assert factories.payout(house, closed, "2000.00", reference="LATE", at=moment(2022, 3, 10)).state == "PAID"

    def test_the_keeper_renews_and_so_may_the_affairs_team_and_the_team_that_held_it(self, house, case):
        _closed, control = self._closed(house, case, keeper=house.officer2)
        for turn, duty in enumerate(("officer2", "assistant", "officer")):
            services.renew_control(
                control,
                ruling="(2021)内0302执1号之三",
                to_on=DAY(f"{2025 + turn}-09-06"),
                at=moment(2022, 1, 4),
                actor=getattr(house, duty),
            )
        for duty in ("officer3", "judge3", "records_clerk", "chief"):
            with pytest.raises(PermissionDenied):
                services.renew_control(
                    control, ruling="(2021)内0302执1号之三", at=moment(2022, 1, 4), actor=getattr(house, duty)
                )
        assert _deadline(control).named == house.officer2

    def test_without_an_active_keeper_the_affairs_team_answers(self, house, case):
        _closed, _control = self._closed(house, case, keeper=house.officer2)
        owed = Deadline.objects.running().filter(node="RENEWAL")
        assert not owed.owned_by(house.assistant).exists()
        User.objects.filter(pk=house.officer2.pk).update(is_active=False)
        assert owed.owned_by(house.assistant).exists()
        assert _lines(house.assistant, "2024-09-01") == [("查封冻结将届满", True)]

    def test_the_affairs_team_sees_what_lives_on_and_nothing_else_of_others(self, house, case):
        closed, _control = self._closed(house, case, keeper=house.officer2)
        other = kept.running_case(house)
        seen = Case.objects.visible_to(house.assistant)
        assert closed in seen
        assert other not in seen
        assert closed not in Case.objects.visible_to(house.officer3)

    def test_a_revival_keeps_the_controls_in_view_and_in_duty(self, house, case):
        closed, control = self._closed(house, case, keeper=house.assistant)
        revived = intake.revive_case(
            closed,
            application=factories.scan_upload(),
            ground="发现房产",
            at=moment(2022, 3, 1),
            actor=house.window_clerk,
        ).case
        assert lineage(revived) == [revived.pk, closed.pk]
        revived = factories.into_stream(house, revived, at=moment(2022, 3, 3), team="ORDINARY")
        assert Control.objects.visible_to(house.officer3).get() == control
        assert _lines(house.officer3, "2024-09-01") == [("查封冻结将届满", True)]
        paper = {"address": "新华街2号", "from_on": "2024-09-06", "to_on": "2027-09-06"}
        paper = factories.issue(revived, "SEAL_ESTATE", actor=revived.judge, at=moment(2022, 3, 4), **paper)
        services.renew_control(control, document=paper, at=moment(2022, 3, 4), actor=house.officer3)
        with pytest.raises(Refused, match=r"未解除.*新华街2号"):
            factories.close(house, revived, "TERMINATED", at=moment(2022, 4, 1))
        services.release_control(
            control,
            ground="WITHDRAWN",
            ruling="(2021)内0302执1号之四",
            released_on=DAY("2022-04-01"),
            at=moment(2022, 4, 1),
            actor=house.officer3,
        )
        assert factories.close(house, revived, "TERMINATED", at=moment(2022, 4, 1)).stage == "CLOSED"


class TestRequery:
    def _closed(self, house, case):
        return factories.close(house, case, "PROCEDURAL", at=CLOSED_AT)

    def _query(self, case, actor, *, at, **changes):
        values = {"result": "NOT_FOUND", "text": "", "told": "电话告知", "made_on": at.date(), **changes}
        return cases.record_requery(case, **values, at=at, actor=actor)

    def _running(self, case, node="REQUERY"):
        return Deadline.objects.running().filter(case=case, node=node)

    def test_closing_opens_it_for_the_affairs_team_and_each_query_the_next(self, house, case):
        closed = self._closed(house, case)
        row = self._running(closed).get()
        assert (str(row.due_on), row.owner_name) == ("2022-06-20", "事务团队")
        assert self._running(closed).owned_by(house.assistant).exists()
        assert not self._running(closed).owned_by(house.officer).exists()
        self._query(closed, house.assistant, at=moment(2022, 6, 1))
        row.refresh_from_db()
        assert row.state == "FULFILLED"
        assert str(self._running(closed).get().due_on) == "2022-12-01"

    def test_a_late_query_does_not_push_the_others_back(self, house, case):
        closed = self._closed(house, case)
        self._query(closed, house.assistant, at=moment(2022, 9, 1))
        assert str(self._running(closed).get().due_on) == "2022-12-20"
        self._query(closed, house.assistant, at=moment(2026, 12, 21))  # after the five years: none is owed any more
        assert not self._running(closed).exists()

    def test_it_ends_after_five_years(self, house, case):
        closed, count = self._closed(house, case), 0
        while row := self._running(closed).first():
            at = moment(row.due_on.year, row.due_on.month, row.due_on.day)
            self._query(closed, house.records_clerk, at=at)
            count += 1
        assert (count, closed.requeries.count()) == (10, 10)
        assert closed.requeries.order_by("-made_on").first().made_on == DAY("2026-12-20")

    def test_what_is_found_proposes_the_revival_once_which_stops_the_queries(self, house, case):
        closed = self._closed(house, case)
        for day in (1, 2):
            found = {"result": "FOUND", "text": "银行存款"}
            self._query(closed, house.assistant, at=moment(2022, 6, day), **found)
        row = self._running(closed, "REVIVE").get()
        assert self._running(closed, "REVIVE").owned_by(house.dispatcher).exists()
        revived = intake.revive_case(closed, ground="发现存款", at=moment(2022, 6, 3), actor=house.dispatcher).case
        assert revived.filing_window == closed.filing_window
        assert not revived.materials.exists()
        row.refresh_from_db()
        assert row.state == "FULFILLED"
        assert not self._running(closed).exists()
        with pytest.raises(Refused, match="已恢复执行"):
            self._query(closed, house.assistant, at=moment(2022, 6, 4))

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"result": "MAYBE"}, "查询结果"),
            ({"result": "FOUND"}, "发现的财产"),
            ({"told": "  "}, "告知"),
            ({"made_on": DAY("2022-06-02")}, "不能晚于今天"),
            ({"made_on": DAY("2021-12-19")}, "结案之后"),
        ],
    )
    def test_what_does_not_fit_is_refused_in_words(self, house, case, changes, said):
        closed = self._closed(house, case)
        with pytest.raises(Refused, match=said):
            self._query(closed, house.assistant, at=moment(2022, 6, 1), **changes)

    def test_not_by_strangers_and_not_of_other_cases(self, house, case):
        with pytest.raises(Refused, match="终结本次执行程序"):
            self._query(case, house.officer, at=moment(2021, 9, 20))
        closed = self._closed(house, case)
        for duty in ("officer3", "judge", "chief", "window_clerk"):
            with pytest.raises(PermissionDenied):
                self._query(closed, getattr(house, duty), at=moment(2022, 6, 1))
        ended = kept.running_case(house)
        factories.close(house, ended, "TERMINATED", at=moment(2021, 9, 20))
        assert not self._running(ended).exists()

    def test_the_desk_of_the_affairs_team_leads_to_the_form(self, house, case):
        closed = self._closed(house, case)
        url = f"/cases/{closed.pk}/requery/"

        def red(user, day):
            return [row.is_red for row in desk_stages.items(user, today=DAY(day)) if row.url == url]

        assert red(house.records_clerk, "2022-06-04") == []
        assert red(house.records_clerk, "2022-06-05") == [False]
        assert red(house.records_clerk, "2022-06-20") == [True]
        assert red(house.officer, "2022-06-20") == []

    def test_the_entry_in_the_register_is_noted_by_the_affairs_team(self, house, case):
        closed = self._closed(house, case)
        row = self._running(closed, "NO_PROPERTY_REGISTER").get()
        assert str(row.due_on) == "2021-12-27"
        with pytest.raises(PermissionDenied):
            cases.note_done(row, note="已录入", at=moment(2021, 12, 22), actor=house.officer)
        assert cases.note_done(row, note="已录入", at=moment(2021, 12, 22), actor=house.assistant).state == "FULFILLED"
