"""A case of the old book is worked on by its own court alone, by a single handler, with the clocks of any other."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import services as accounts
from accounts.books import faults
from accounts.desk import items as money_items
from accounts.models import Payout, Receipt
from accounts.payees import PayeeData
from assets import services as assets
from assets.desk import items as control_items
from assets.models import Control
from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, User
from cases import services
from cases.desk import items as case_items
from cases.desk_stages import items as stage_items
from cases.models import Case, Deadline
from cases.services.stages import declared, moves_for
from dispatch import asking, assigning, moves
from dispatch import services as dispatch
from supervision import indicators
from supervision import oldbook as figures
from tests import factories, oldbooks
from tests.factories import moment
from tests.oldbooks import CONTROL, HELD, PAID

AT = oldbooks.AT
DAY = AT.date()


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)
    return factories.House.build()


@pytest.fixture
def case(house):
    return oldbooks.take_in(house, controls=[CONTROL], money=[HELD, PAID])


def pay(house, case, amount="8000.00", *, at=AT):
    """Pay out by the court's requester, checker and approver and the bureau's cashier, four people."""
    party = case.parties.get(side="APPLICANT")
    payee = factories.first_payee(house, party, factories.PAYEE, at=at)
    row = accounts.request_payout(
        case, payee=payee, amount=Decimal(amount), calculation="本金", reference="OLD-1", at=at, actor=case.owner
    )
    accounts.check_payout(row, at=at, actor=case.judge)
    accounts.approve_payout(row, at=at, actor=house.court_head)
    accounts.pay_payout(row, at=at, actor=house.finance)
    accounts.exchange_with_bank(at=at, actor=User.objects.system())
    return Payout.objects.get(pk=row.pk)


class TestStory:
    def test_from_the_import_to_the_shelf(self, house, case):
        row = pay(house, case)
        assert row.state == "PAID"
        assert len({row.requested_by_id, row.checked_by_id, row.approved_by_id, row.paid_by_id}) == 4
        factories.ruled(case, "(2019)内0302执88号之三", at=AT)
        assets.release_control(
            Control.objects.get(case=case),
            ground="OTHER",
            ruling="(2019)内0302执88号之三",
            note="双方结清",
            released_on=DAY,
            at=AT,
            actor=case.owner,
        )
        closing = factories.propose_closing(house, case, "TERMINATED", at=AT)
        for step in ("chief", "president", "vice_president", "other_head"):
            with pytest.raises(PermissionDenied):
                services.sign_closing(closing, at=AT, actor=house.staff[step])
        signers = {"JUDGE": case.judge, "CHIEF": house.court_head, "PRESIDENT": house.court_president}
        for step in factories.WAYS["TERMINATED"].steps:
            closing = services.sign_closing(closing, at=AT, actor=signers[step])
        closed = Case.objects.get(pk=case.pk)
        assert (closed.stage, closed.team, closed.owner) == ("CLOSED", house.teams["COURT-1"], None)
        factories.archive_ready(house, closed, at=AT)
        with pytest.raises(PermissionDenied):
            services.archive(closed, note="", at=AT, actor=house.records_clerk)
        services.archive(closed, note="", at=AT, actor=house.court_records)
        assert Case.objects.get(pk=case.pk).stage == "ARCHIVED"
        assert faults() == []

    def test_it_rests_and_goes_on_where_it_stood(self, house, case):
        paper = factories.ruling(case, at=AT)
        resting = services.suspend(case, ground="CONSENT", document=paper, at=AT, actor=case.judge)
        assert resting.stage == "SUSPENDED"
        paper = factories.ruling(case, suffix="", at=AT)
        again = services.resume(resting, note="事由消失", document=paper, at=AT, actor=case.judge)
        assert (again.stage, again.owner, again.team) == ("ORDINARY", case.owner, case.team)

    def test_what_came_in_stayed_is_resumed_by_its_judge(self, house):
        stay = {"ground": "依法决定暂缓的其他情形", "document": "决定书1号", "until_on": "2021-09-20"}
        case = oldbooks.take_in(house, stage="暂缓", since_on="2021-08-02", **stay)
        assert [item.kind for item in stage_items(case.judge, today=dt.date(2021, 9, 15))] == ["暂缓将到期"]
        paper = factories.ruling(case, suffix="", at=AT)
        assert services.resume(case, note="期满", document=paper, at=AT, actor=case.judge).stage == "ORDINARY"

    def test_after_the_procedural_end_its_court_queries_again(self, house, case):
        closed = closed_by_its_court(house, case)
        assert closed.lives_on
        requery = Deadline.objects.running().get(case=closed, node="REQUERY")
        assert Deadline.objects.owned_by(house.court_records).filter(pk=requery.pk).exists()
        assert not Deadline.objects.owned_by(house.records_clerk).filter(pk=requery.pk).exists()
        assert not Case.objects.visible_to(house.records_clerk).filter(pk=closed.pk).exists()
        near = requery.due_on - dt.timedelta(days=3)
        assert "终本后定期查询" in [item.kind for item in stage_items(house.court_records, today=near)]
        assert "终本后定期查询" not in [item.kind for item in stage_items(house.records_clerk, today=near)]


class TestAlarms:
    def test_late_money_calls_handler_judge_and_the_head_of_its_court_only(self, house, case):
        receipt = Receipt.objects.get(case=case)
        day = receipt.due_on + dt.timedelta(days=1)
        accounts.flag_overdue(at=moment(day.year, day.month, day.day), actor=User.objects.system())
        assert Receipt.objects.get(pk=receipt.pk).flagged_at
        for who in (case.owner, case.judge, house.court_head):
            rows = [item for item in money_items(who, today=day) if item.kind == "案款逾期未发放"]
            assert [row.is_red for row in rows] == [True], who
        for who in (house.chief, house.other_head, house.other_officer, house.officer):
            assert "案款逾期未发放" not in [item.kind for item in money_items(who, today=day)], who

    def test_a_control_near_its_end_calls_its_handler(self, house, case):
        assert [item.kind for item in control_items(case.owner, today=DAY)] == ["查封冻结将届满"]
        assert not list(control_items(house.officer, today=DAY))
        control = Control.objects.get(case=case)
        factories.ruled(case, "(2019)内0302执88号之四", at=AT)
        assets.renew_control(
            control, to_on=dt.date(2022, 10, 7), ruling="(2019)内0302执88号之四", at=AT, actor=case.owner
        )
        assert not list(control_items(case.owner, today=DAY))

    def test_a_lapse_is_explained_by_the_head_of_its_court(self, house, case):
        late = moment(2021, 10, 8)
        assets.lapse_controls(at=late, actor=User.objects.system())
        control = Control.objects.get(case=case)
        assert control.state == "LAPSED"
        kinds = {
            who: [item.kind for item in control_items(who, today=late.date())]
            for who in (house.chief, house.court_head)
        }
        assert kinds == {house.chief: [], house.court_head: ["控制失效事故"]}
        with pytest.raises(PermissionDenied):
            assets.explain_lapse(control, explanation="疏忽", at=late, actor=house.chief)
        assets.explain_lapse(control, explanation="疏忽", at=late, actor=house.court_head)

    def test_a_forgotten_case_is_on_the_desk_of_its_head_not_of_the_command_centre(self, house):
        case = oldbooks.take_in(house)
        later = DAY + dt.timedelta(days=20)
        assert Case.objects.forgotten(today=later).filter(pk=case.pk).exists()
        assert "案件没有下一步" in [item.kind for item in case_items(house.court_head, today=later)]
        for who in (house.dispatcher, house.chief, house.other_head):
            assert "案件没有下一步" not in [item.kind for item in case_items(who, today=later)]

    def test_red_limits_climb_to_its_head(self, house, case):
        services.watch(at=AT, actor=User.objects.system())
        red = Deadline.objects.running().filter(case=case, level="RED")
        assert [row.node for row in red] == ["CLOSING_LIMIT"]
        assert red.escalated_to(house.court_head).exists()
        assert not red.escalated_to(house.chief).exists()
        assert not red.escalated_to(house.other_head).exists()


class TestOthers:
    def test_another_courts_and_the_bureaus_teams_do_not_see_it(self, house, case, login):
        strangers = ("other_head", "other_clerk", "other_judge", "other_officer", "officer", "judge", "assistant")
        for who in strangers:
            assert login(house.staff[who]).get(case.get_absolute_url()).status_code == 404, who
            assert login(house.staff[who]).get(reverse("accounts:case_money", args=[case.pk])).status_code == 404, who
        for who in ("court_head", "court_president", "old_book_clerk", "court_judge", "court_officer2", "chief"):
            assert login(house.staff[who]).get(case.get_absolute_url()).status_code == 200, who
        assert login(house.court_judge2).get(case.get_absolute_url()).status_code == 404
        assert login(house.other_head).get(reverse("cases:change_handler", args=[case.pk])).status_code == 404

    def test_it_is_neither_triaged_nor_drawn_nor_handed_over_nor_asked_for(self, house, case):
        for act in (dispatch.verify, dispatch.triage, assigning.assign):
            with pytest.raises(Refused, match="旧存案件"):
                act(case, at=AT, actor=house.dispatcher)
        for kind in ("REDRAW", "NAMED", "TAKE_BACK"):
            given = {"judge": house.judge} if kind == "NAMED" else {}
            with pytest.raises(Refused, match="旧存案件"):
                asking.ask_assignment(wanted=[case], kind=kind, reason="试", at=AT, actor=house.dispatcher, **given)
        with pytest.raises(Refused, match="一人承办"):
            services.change_stream(case, to_team=house.teams["FAST"], pack=[], note="试", at=AT, actor=case.judge)
        with pytest.raises(PermissionDenied):
            services.request_work(
                case, kind="DOCUMENT", to_team=house.teams["AFFAIRS"], text="试", at=AT, actor=case.owner
            )

    def test_no_leader_of_the_bureau_approves_its_payouts_or_delays(self, house, case):
        party = case.parties.get(side="APPLICANT")
        payee = factories.first_payee(house, party, factories.PAYEE, at=AT)
        row = accounts.request_payout(
            case, payee=payee, amount=Decimal("100"), calculation="本金", reference="O", at=AT, actor=case.owner
        )
        accounts.check_payout(row, at=AT, actor=case.judge)
        for who in (house.chief, house.vice_president, house.other_head):
            with pytest.raises(PermissionDenied):
                accounts.approve_payout(Payout.objects.get(pk=row.pk), at=AT, actor=who)
            assert "审批发放" not in [item.kind for item in money_items(who, today=DAY)]
        assert "审批发放" in [item.kind for item in money_items(house.court_head, today=DAY)]
        told = {"reason": "DL5", "paper": factories.paper(case), "until_on": DAY + dt.timedelta(days=1)}
        delay = accounts.request_delay(Receipt.objects.get(case=case), **told, at=AT, actor=case.judge)
        with pytest.raises(PermissionDenied):
            accounts.decide_delay(delay, is_approved=True, at=AT, actor=house.chief)
        accounts.decide_delay(delay, is_approved=True, at=AT, actor=house.court_head)

    def test_and_no_court_signs_for_the_bureau(self, house):
        case = factories.into_stream(house, factories.file_case(house).case)
        factories.deposit(house, case, "500.00", serial="B1", at=moment(2021, 9, 4))
        row = factories.payout(house, case, "100.00", reference="B", until="CHECKED", at=moment(2021, 9, 5))
        for who in (house.court_head, house.court_president):
            with pytest.raises(PermissionDenied):
                accounts.approve_payout(row, at=moment(2021, 9, 5), actor=who)

    def test_large_sums_are_approved_by_the_president_of_the_court(self, house):
        large = HELD | {"amount": "2000000.00"}
        case = oldbooks.take_in(house, money=[large], amount="3000000")
        party = case.parties.get(side="APPLICANT")
        payee = factories.first_payee(house, party, factories.PAYEE, at=AT)
        row = accounts.request_payout(
            case, payee=payee, amount=Decimal("1500000"), calculation="本金", reference="O", at=AT, actor=case.owner
        )
        accounts.check_payout(row, at=AT, actor=case.judge)
        with pytest.raises(PermissionDenied):
            accounts.approve_payout(Payout.objects.get(pk=row.pk), at=AT, actor=house.court_head)
        accounts.approve_payout(Payout.objects.get(pk=row.pk), at=AT, actor=house.court_president)


class TestHandler:
    def test_the_head_changes_it_with_a_record(self, house, case):
        changed = {"judge": house.court_judge2, "owner": house.court_officer2}
        for who in (house.other_head, house.chief, house.court_judge):
            with pytest.raises(PermissionDenied):
                services.change_handler(case, **changed, reason="调离", at=AT, actor=who)
        with pytest.raises(Refused) as refused:
            services.change_handler(
                case, judge=house.court_officer, owner=house.other_officer, reason=" ", at=AT, actor=house.court_head
            )
        assert set(refused.value.by_field) == {"judge", "owner", "reason"}
        services.change_handler(case, **changed, reason="调离", at=AT, actor=house.court_head)
        case.refresh_from_db()
        assert (case.judge, case.owner) == (house.court_judge2, house.court_officer2)
        event = Event.objects.of_chain(f"case:{case.pk}").get(verb="change_handler")
        assert "调离" in event.details
        assert str(house.court_officer.pk) in event.details

    def test_the_same_two_are_no_change_and_a_closed_case_has_none(self, house, case):
        with pytest.raises(Refused, match="没有变化"):
            services.change_handler(
                case, judge=case.judge, owner=case.owner, reason="试", at=AT, actor=house.court_head
            )
        pay(house, case)
        factories.ruled(case, "(2019)内0302执88号之三", at=AT)
        assets.release_control(
            Control.objects.get(case=case),
            ground="OTHER",
            ruling="(2019)内0302执88号之三",
            note="双方结清",
            released_on=DAY,
            at=AT,
            actor=case.owner,
        )
        factories.propose_closing(house, case, "TERMINATED", at=AT)
        with pytest.raises(Refused, match="不能更换承办人"):
            services.change_handler(
                case, judge=house.court_judge2, owner=house.court_officer2, reason="试", at=AT, actor=house.court_head
            )

    def test_on_the_page(self, house, case, login):
        address = reverse("cases:change_handler", args=[case.pk])
        head = login(house.court_head)
        assert "更换承办人" in head.get(case.get_absolute_url()).content.decode()
        typed = {"judge": house.court_judge2.pk, "owner": house.court_officer2.pk, "reason": ""}
        answer = head.post(address, typed)
        assert answer.status_code == 422
        stranger = head.post(address, typed | {"reason": "调离", "owner": house.other_officer.pk})
        assert stranger.status_code == 422
        assert head.post(address, typed | {"reason": "调离"}).status_code == 302
        case.refresh_from_db()
        assert case.judge == house.court_judge2


def closed_by_its_court(house, case):
    """Return the case after its procedural end, its control kept by its handler."""
    Control.objects.filter(case=case).update(keeper=case.owner)
    pay(house, case)
    closing = factories.propose_closing(house, case, "PROCEDURAL", at=AT)
    signers = {"JUDGE": case.judge, "CHIEF": house.court_head, "PRESIDENT": house.court_president}
    for step in factories.WAYS["PROCEDURAL"].steps:
        closing = services.sign_closing(closing, at=AT, actor=signers[step])
    return Case.objects.get(pk=case.pk)


class TestRevived:
    @pytest.fixture
    def revived(self, house, case):
        closed = closed_by_its_court(house, case)
        made = services.revive(
            closed,
            window=house.windows["W2"],
            amount=Decimal("1000.00"),
            ground="发现财产",
            at=AT,
            actor=house.window_clerk,
        )
        accounts.open_escrow(made, at=AT, actor=house.window_clerk)
        return made

    def test_one_that_comes_in_with_the_book_names_the_case_that_is_here(self, house, case):
        former, late = case.number, {"filed_on": "2021-08-20", "since_on": "2021-08-20"}
        assert oldbooks.take_in(house, number="(2021)内0302执恢6号", former_number=former, **late).revives is None
        closed = closed_by_its_court(house, case)
        late["number"] = "(2021)内0302执恢7号"
        assert oldbooks.take_in(house, former_number=former, **late).revives == closed

    def test_it_goes_to_its_court_which_names_who_goes_on_with_it(self, house, revived, login):
        assert (revived.executing_unit, revived.stage, revived.team) == ("COURT", "FILED", house.teams["COURT-1"])
        assert not Deadline.objects.running().filter(case=revived, node="TRIAGE").exists()
        assert "旧存案件待确定承办人" in [item.kind for item in stage_items(house.court_head, today=DAY)]
        assert "旧存案件待确定承办人" not in [item.kind for item in stage_items(house.other_head, today=DAY)]
        address = reverse("cases:take_up", args=[revived.pk])
        assert login(house.other_head).get(address).status_code == 404
        handlers = {"judge": house.court_judge.pk, "owner": house.court_officer.pk}
        assert login(house.court_head).post(address, handlers).status_code == 302
        revived.refresh_from_db()
        assert (revived.stage, revived.owner, revived.judge) == ("ORDINARY", house.court_officer, house.court_judge)
        # What begins here has its first steps before it.
        running = set(Deadline.objects.running().filter(case=revived).values_list("node", flat=True))
        assert {"NOTICE", "QUERY_LAUNCH", "ASK_CLUES"} <= running


# Which moves a case of the old book may see in each stage, by whoever: nothing of triage, draw or teams.
MOVES = {
    "FILED": {"take_up", "take_up_suspended", "take_up_stayed"},
    "ORDINARY": {"suspend", "stay", "settle", "propose_closing", "move_over"},
    "SUSPENDED": {"resume"},
    "STAYED": {"resume"},
    "SETTLED": {"suspend", "stay", "break_settlement", "propose_closing"},
    "CLOSING": {"close", "return_closing"},
    "CLOSED": {"archive"},
    "ARCHIVED": set(),
}


def staged(case, stage):
    """Return the case as it would be in that stage; the permission of a move asks nothing more."""
    case = Case.objects.get(pk=case.pk)
    vars(case)["stage"] = stage
    return case


class TestMachine:
    @pytest.mark.parametrize("stage", MOVES)
    def test_every_move_of_every_member_of_staff_in_every_stage(self, house, case, stage):
        found = {}
        for duty, user in house.staff.items():
            here = staged(case, stage)
            for name, transitions in declared().items():
                if any(row.source == stage for row in transitions) and transitions[0].has_perm(here, user):
                    found.setdefault(name, set()).add(duty)
        # Assigning is refused for the old book by the command centre's own check and by the database.
        found.pop("allocate", None)
        assert set(found) == MOVES[stage]
        outside = {"dispatcher", "chief", "vice_president"}
        for name, duties in found.items():
            assert duties <= (
                outside if name == "move_over" else {d for d in house.staff if "court" in d or d == "old_book_clerk"}
            ), name

    def test_from_the_moves_every_stage_of_a_single_handler_is_reached_and_no_other(self):
        edges = {}
        for transitions in declared().values():
            for row in transitions:
                if row.name in MOVES.get(str(row.source), ()) and row.name != "move_over":
                    targets = getattr(row.target, "allowed_states", None) or [row.target]
                    edges.setdefault(str(row.source), set()).update(map(str, targets))
        reached, frontier = {"FILED"}, {"FILED"}
        while frontier:
            frontier = {target for stage in frontier for target in edges.get(stage, ())} - reached
            # A settlement is broken and a case resumed or returned where it stood: of the old book always ORDINARY.
            frontier -= {"FAST", "ALLOCATED", "STARTING"}
            reached |= frontier
        assert reached == set(MOVES)

    def test_the_bureaus_own_cases_have_none_of_its_moves(self, house):
        case = factories.file_case(house).case
        for user in house.staff.values():
            names = {row.name for stage in ("FILED", "ORDINARY") for row in moves_for(staged(case, stage), user, at=AT)}
            assert not names & {"take_up", "take_up_suspended", "take_up_stayed", "move_over"}


class TestMovingOver:
    def test_it_waits_to_be_triaged_with_seven_days_and_its_money_and_controls_go_along(self, house, case):
        move = moves.ask_move(case, reason="系列案", at=AT, actor=house.dispatcher)
        moves.decide_move(move, is_approved=True, at=AT, actor=house.chief)
        moved = Case.objects.get(pk=case.pk)
        assert (moved.executing_unit, moved.stage, moved.judge, moved.owner) == ("BUREAU", "FILED", None, None)
        triage = Deadline.objects.running().get(case=moved, node="TRIAGE")
        assert triage.due_on == moved.triage_due_on == dt.date(2021, 9, 8)
        assert Deadline.objects.running().filter(case=moved, node="CLOSING_LIMIT").exists()
        assert not Case.objects.visible_to(house.court_officer).filter(pk=moved.pk).exists()
        moved = factories.into_stream(house, moved, at=moment(2021, 9, 3))
        assert moved.stage == "FAST"
        assert Receipt.objects.get(case=moved).amount == Decimal("8000.00")

    def test_not_while_a_payout_is_on_its_way_nor_while_it_rests(self, house, case):
        party = case.parties.get(side="APPLICANT")
        payee = factories.first_payee(house, party, PayeeData(*_payee()), at=AT)
        move = moves.ask_move(case, reason="系列案", at=AT, actor=house.dispatcher)
        row = accounts.request_payout(
            case, payee=payee, amount=Decimal("100"), calculation="本金", reference="O", at=AT, actor=case.owner
        )
        with pytest.raises(Refused, match="未办结的案款发放"):
            moves.decide_move(move, is_approved=True, at=AT, actor=house.chief)
        accounts.reject_payout(row, reason="转入后再办", at=AT, actor=case.judge)
        services.suspend(case, ground="CONSENT", document=factories.ruling(case, at=AT), at=AT, actor=case.judge)
        with pytest.raises(Refused, match="中止"):
            moves.decide_move(move, is_approved=True, at=AT, actor=house.chief)
        assert Case.objects.get(pk=case.pk).executing_unit == "COURT"


def _payee():
    return factories.PAYEE.holder_name, factories.PAYEE.number, factories.PAYEE.bank_name


class TestFigures:
    def test_the_bureaus_own_have_none_of_it(self, house):
        before = indicators.figures(DAY)
        case = oldbooks.take_in(house, money=[HELD | {"on": "2021-07-01"}])
        assert case.is_open
        assert indicators.figures(DAY) == before

    def test_its_own_are_by_court_and_each_opens_its_list(self, house, case, login):
        oldbooks.take_in(house, number="(2020)内0302执9号", filed_on="2020-12-01", since_on="2020-12-01")
        rows = figures.figures(house.court_head, today=dt.date(2021, 9, 10))
        assert [(row.code, row.all, row.open, row.closed) for row in rows] == [("内0302", 2, 2, 0)]
        row = rows[0]
        assert (row.held, row.held_cases, row.late_receipts, row.late_amount) == (
            Decimal("8000.00"),
            1,
            1,
            Decimal("8000.00"),
        )
        assert (row.up_to_1, row.up_to_3, row.up_to_5, row.older, row.ending, row.overdue) == (1, 1, 0, 0, 1, 2)
        for chosen, count in {
            "open": 2,
            "overdue": 2,
            "held": 1,
            "late": 1,
            "ending": 1,
            "closed": 0,
            "all": 2,
        }.items():
            found = figures.cases(house.court_head, chosen=chosen, court="", today=dt.date(2021, 9, 10))
            assert found.count() == count, chosen
        assert figures.figures(house.other_head, today=DAY) == []
        assert [row.all for row in figures.figures(house.chief, today=DAY)] == [2]
        page = login(house.court_head).get(reverse("supervision:old_book")).content.decode()
        assert case.number in page
        assert case.number not in login(house.other_head).get(reverse("supervision:old_book")).content.decode()
        api = login(house.court_head).get(reverse("supervision_api:old_book")).json()
        assert [(row["code"], row["held"]) for row in api] == [("内0302", "8000.00")]
        listed = login(house.court_head).get(reverse("supervision_api:old_book_cases"), {"set": "held"}).json()
        assert [row["number"] for row in listed["results"]] == [case.number]

    def test_the_workbook_has_both_and_taking_it_out_is_recorded(self, house, case, login):
        answer = login(house.court_head).post(reverse("supervision:export_old_book") + "?set=all")
        assert answer["Content-Type"].startswith("application/vnd.openxml")
        assert Event.objects.filter(verb="export", actor=house.court_head).exists()
