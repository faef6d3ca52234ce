"""The whole stage machine: stays, settlements, changes of stream, closing in every mode, archive."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts import services as accounts
from accounts.models import Receipt
from accounts.statement import statement_of
from bureau.errors import Refused
from bureau.models import Event
from cases import services
from cases.closing import WAYS
from cases.desk_stages import items
from cases.filing import ClaimData
from cases.models import Case, Claim, ClosingSignature
from cases.routing import route
from cases.services import settlements
from cases.services.closings import first_procedural_day
from cases.services.handovers import unsettled
from cases.services.revivals import claims_left
from documents import services as documents
from intake import services as intake
from tests import factories, kept
from tests.factories import moment
from wuhai_exec.demo import proofs

PACK = ["CONTROLS", "RECORDS", "MONEY_CHECKED"]


@pytest.fixture
def case(house):
    return kept.running_case(house)


def fresh(case):
    return Case.objects.get(pk=case.pk)


class TestStay:
    def test_a_stay_needs_an_end_within_the_longest_term(self, house, case, at):
        document = factories.ruling(case, suffix="")
        given = {"ground": "SECURITY", "document": document, "at": at(2021, 9, 10), "actor": case.judge}
        for until_on in (dt.date(2021, 9, 10), dt.date(2022, 9, 11)):
            with pytest.raises(Refused, match="2022-09-10"):
                services.stay(case, until_on=until_on, **given)
        with pytest.raises(Refused, match="2021-12-10"):
            services.stay(case, until_on=dt.date(2022, 9, 10), **{**given, "ground": "UPPER_COURT"})
        assert services.stay(case, until_on=dt.date(2022, 9, 10), **given).stage == "STAYED"
        notice = factories.ruling(case, suffix="")
        assert services.resume(case, note="期满", document=notice, at=at(2021, 9, 20), actor=case.judge).stage == "FAST"
        assert str(case.stays.get().ended_on) == "2021-09-20"

    def test_it_ends_loudly_and_once(self, house, case, at):
        until_on = dt.date(2021, 10, 8)
        document = factories.ruling(case)
        services.stay(case, ground="OTHER", document=document, until_on=until_on, at=at(2021, 9, 10), actor=case.judge)
        system = Event.objects.first().actor
        assert services.call_ended_stays(at=at(2021, 10, 8, 23), actor=system) == 0
        assert services.call_ended_stays(at=at(2021, 10, 9), actor=system) == 1
        assert services.call_ended_stays(at=at(2021, 10, 10), actor=system) == 0
        assert Event.objects.filter(verb="stay_ended", chain=f"case:{case.pk}").count() == 1
        assert fresh(case).stage == "STAYED"


class TestSettlement:
    def _settle(self, case, at):
        return services.settle(
            case,
            document=factories.agreement(case),
            terms="分两期",
            instalments=[(dt.date(2021, 10, 8), Decimal("20000.00")), (dt.date(2021, 11, 8), Decimal("30000.00"))],
            at=at(2021, 9, 10),
            actor=case.judge,
        )

    def test_broken_it_goes_on_where_it_stood(self, house, case, at):
        settlement = self._settle(case, at)
        assert fresh(case).stage == "SETTLED"
        with pytest.raises(Refused):
            services.break_settlement(case, note=" ", at=at(2021, 10, 20), actor=case.judge)
        # On its day the first instalment is not late.
        with pytest.raises(Refused, match="没有逾期未付的期次"):
            services.break_settlement(case, note="首期未付", at=at(2021, 10, 8), actor=case.judge)
        services.break_settlement(case, note="首期未付，申请恢复", at=at(2021, 10, 20), actor=case.judge)
        settlement.refresh_from_db()
        assert (fresh(case).stage, settlement.outcome) == ("FAST", "BROKEN")

    def test_a_debtor_who_plainly_will_not_pay_breaks_it_before_its_days(self, house, case, at):
        self._settle(case, at)
        given = {"note": "书面表示不再履行", "is_anticipatory": True}
        assert services.break_settlement(case, **given, at=at(2021, 9, 20), actor=case.judge).stage == "FAST"

    def test_performed_in_full_it_closes_the_case_whatever_it_waived(self, house, case, at):
        settlement = services.settle(
            case,
            document=factories.agreement(case),
            terms="一次付 30000 元，余款放弃",
            instalments=[(dt.date(2021, 9, 20), Decimal("30000.00"))],
            at=at(2021, 9, 10),
            actor=case.judge,
        )
        row = settlement.instalments.get()
        with pytest.raises(Refused, match=r"尚有 50,000\.00"):
            factories.propose_closing(house, case, at=at(2021, 9, 21))
        paid = {"paid_on": dt.date(2021, 9, 20), "note": "收条"}
        services.note_instalment(row, **paid, at=at(2021, 9, 20), actor=case.owner)
        performed = case.performances.get()
        assert (performed.amount, performed.state) == (Decimal("30000.00"), "RECORDED")
        services.confirm_performance(performed, confirmation="申请执行人收条", at=at(2021, 9, 20), actor=case.judge)
        assert statement_of(case).claimed_left == Decimal("20000.00")
        assert factories.close(house, case, at=at(2021, 9, 22)).closing_mode == "FULFILLED"
        settlement.refresh_from_db()
        assert settlement.outcome == "KEPT"

    def test_kept_it_closes_only_when_every_instalment_is_recorded(self, house, case, at):
        settlement = self._settle(case, at)
        factories.deposit(house, case, "50000.00", serial="K", at=at(2021, 10, 8))
        first, second = settlement.instalments.order_by("position")
        with pytest.raises(PermissionDenied):
            services.note_instalment(
                first, paid_on=dt.date(2021, 10, 8), note="回单", at=at(2021, 10, 8), actor=house.officer2
            )
        (arrival,) = settlements.arrivals_of(case)
        noted = {"note": "回单", "arrivals": [arrival.event.pk], "at": at(2021, 10, 8), "actor": case.owner}
        services.note_instalment(first, paid_on=dt.date(2021, 10, 8), **noted)
        with pytest.raises(Refused, match="期次"):
            factories.propose_closing(house, case, at=at(2021, 10, 9))
        assert settlements.arrivals_of(case)[0].left == Decimal("30000.00")
        services.note_instalment(second, paid_on=dt.date(2021, 10, 8), **noted)
        assert settlements.arrivals_of(case) == []
        assert not case.performances.exists()
        factories.payout(house, case, "50000.00", reference="K", at=at(2021, 10, 9))
        assert factories.close(house, case, at=at(2021, 10, 10)).closing_mode == "FULFILLED"
        settlement.refresh_from_db()
        assert settlement.outcome == "KEPT"


class TestSettlementPages:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch, at):
        monkeypatch.setattr("bureau.clock.now", lambda: at(2021, 9, 10))
        monkeypatch.setattr("bureau.clock.today", lambda: dt.date(2021, 9, 10))

    @pytest.mark.parametrize(
        ("line", "status"),
        [
            ("2021-10-08 20,000.00", 302),
            ("2021-10-08 NaN", 422),
            ("2021-10-08 Infinity", 422),
            ("2021-10-08 1e30", 422),
            ("2021-10-08 99999999999999999.00", 422),
            ("2021-10-08 0.001", 422),
            ("2021-10-08 -5", 422),
            ("2020-01-31 5", 422),
            ("", 422),
        ],
    )
    def test_hostile_sums_and_past_days_are_said_beside_their_line(self, case, login, line, status):
        body = {
            "document": factories.agreement(case),
            "terms": "分期",
            "instalments": line,
            "below_reason": "自愿放弃余款",
        }
        answer = login(case.judge).post(f"/cases/{case.pk}/settle/", body)
        assert answer.status_code == status
        assert fresh(case).stage == ("SETTLED" if status == 302 else "FAST")

    def test_the_agreement_stands_on_the_case_page_and_is_noted_from_there(self, house, case, login, at):
        settlement = services.settle(
            case,
            document=factories.agreement(case),
            terms="分两期",
            instalments=[(dt.date(2021, 10, 8), Decimal("20000.00")), (dt.date(2022, 3, 8), Decimal("30000.00"))],
            at=at(2021, 9, 10),
            actor=case.judge,
        )
        late = settlement.instalments.get(position=2)
        address = f"/cases/instalments/{late.pk}/"
        for person in (case.judge, case.owner):
            text = login(person).get(f"/cases/{case.pk}/").content.decode()
            assert "30,000.00" in text
            assert address in text
        assert address not in login(house.chief).get(f"/cases/{case.pk}/").content.decode()
        early = login(case.judge).post(address, {"to": "ACCOUNT", "paid_on": "1900-01-01", "note": "回单"})
        assert early.status_code == 422
        typed = {"to": "ACCOUNT", "paid_on": "2021-09-10", "note": "提前履行"}
        unpaid = login(case.judge).post(address, typed)
        assert (unpaid.status_code, "尚未到账的不能登记" in unpaid.content.decode()) == (422, True)
        factories.deposit(house, case, "50000.00", serial="E", at=at(2021, 9, 10))
        arrival = settlements.arrivals_of(case)[0]
        assert arrival.label in login(case.judge).get(address).content.decode()
        both = login(case.judge).post(address, typed | {"to": "DIRECT", "arrivals": [arrival.event.pk]})
        assert (both.status_code, "不选到账" in both.content.decode()) == (422, True)
        assert login(case.judge).post(address, typed | {"arrivals": [arrival.event.pk]}).status_code == 302
        assert "提前履行" in login(case.owner).get(f"/cases/{case.pk}/").content.decode()

    def test_a_stay_stands_on_the_case_page_with_its_end(self, case, login, at):
        services.stay(
            case,
            ground="SECURITY",
            document=factories.ruling(case),
            until_on=dt.date(2021, 12, 1),
            at=at(2021, 9, 10),
            actor=case.judge,
        )
        text = login(case.judge).get(f"/cases/{case.pk}/").content.decode()
        assert f"{case.number}之一" in text
        assert "2021-12-01" in text
        assert "暂缓期间暂停计算" in text


class TestSendBacks:
    def _send_back(self, house, case, at):
        handover = factories.hand_over(house, case, at=at)
        services.send_back(handover, defects=["IDENTITY"], note="", at=at, actor=house.officer)

    def _lines(self, user, day):
        return [item for item in items(user, today=day) if item.kind == "多次退回"]

    def test_three_call_the_command_centre_until_it_has_coordinated(self, house, at):
        case, now = factories.assign(house, factories.file_case(house).case), at(2021, 9, 6)
        services.start(case, at=now, actor=house.assistant)
        for _turn in range(2):
            self._send_back(house, case, now)
        with pytest.raises(Refused, match="没有需要协调"):
            services.coordinate(case, note="已谈", at=now, actor=house.dispatcher)
        self._send_back(house, case, now)
        [line] = self._lines(house.dispatcher, now.date())
        assert line.url == f"/cases/{case.pk}/coordinate/"
        with pytest.raises(Refused, match="待指挥中心协调"):
            factories.hand_over(house, case, at=now)
        with pytest.raises(PermissionDenied):
            services.coordinate(case, note="已谈", at=now, actor=house.officer)
        with pytest.raises(Refused, match="协调结果"):
            services.coordinate(case, note=" ", at=now, actor=house.dispatcher)
        services.coordinate(case, note="由事务团队核对身份后再移交", at=now, actor=house.dispatcher)
        assert not self._lines(house.dispatcher, now.date())
        assert factories.hand_over(house, case, at=now).state == "PENDING"

    def test_acceptance_settles_them_too(self, house, at):
        case, now = factories.assign(house, factories.file_case(house).case), at(2021, 9, 6)
        services.start(case, at=now, actor=house.assistant)
        for _turn in range(2):
            self._send_back(house, case, now)
        assert unsettled(case).count() == 2
        handover = factories.hand_over(house, case, at=now)
        services.accept(handover, at=now, actor=house.officer)
        assert not unsettled(case).exists()


class TestChangeOfStream:
    def test_it_moves_when_the_other_team_accepts_and_only_once(self, house, case, at):
        ordinary = house.teams["ORDINARY"]
        before = case.closing_due_on
        given = {"to_team": ordinary, "at": at(2021, 9, 10), "actor": case.judge}
        with pytest.raises(Refused, match="理由"):
            services.change_stream(case, pack=PACK, note="", **given)
        with pytest.raises(Refused, match="控制措施清单"):
            services.change_stream(case, pack=[], note="需拍卖", **given)
        with pytest.raises(Refused, match="另一类"):
            services.change_stream(case, pack=PACK, note="需拍卖", **{**given, "to_team": house.teams["FAST"]})
        handover = services.change_stream(case, pack=PACK, note="需拍卖", **given)
        assert fresh(case).stage == "FAST"
        moved = services.accept(handover, at=at(2021, 9, 11), actor=house.officer3)
        assert (moved.stage, moved.stream, moved.team, moved.owner) == (
            "ORDINARY",
            "ORDINARY",
            ordinary,
            house.officer3,
        )
        assert moved.closing_due_on == before
        back = services.change_stream(
            moved, to_team=house.teams["FAST"], pack=PACK, note="已有存款", at=at(2021, 9, 12), actor=moved.judge
        )
        moved = services.accept(back, at=at(2021, 9, 13), actor=house.officer)
        assert moved.stage == "FAST"
        with pytest.raises(Refused, match="只能一次"):
            services.change_stream(moved, pack=PACK, note="又变", **{**given, "actor": moved.judge})

    def test_three_send_backs_call_the_command_centre(self, house, case, at, login):
        for _turn in range(3):
            handover = services.change_stream(
                case,
                to_team=house.teams["ORDINARY"],
                pack=PACK,
                note="需拍卖",
                at=at(2021, 9, 10),
                actor=case.judge,
            )
            services.send_back(handover, defects=["NO_EXPIRY"], note="", at=at(2021, 9, 11), actor=house.officer3)
        assert Event.objects.filter(verb="escalate_handover", chain=f"case:{case.pk}").count() == 1
        assert "多次退回" in login(house.dispatcher).get("/").content.decode()


class TestClosing:
    def test_procedural_closing_is_blocked_until_more_than_three_months_and_every_proof(self, house, case):
        assert str(first_procedural_day(case)) == "2021-12-02"
        with pytest.raises(Refused, match="2021-12-02"):
            factories.propose_closing(house, case, "PROCEDURAL", at=moment(2021, 12, 1))
        _document, _number, whole = proofs.closing(case, "PROCEDURAL", at=moment(2021, 12, 2), actor=case.owner)
        for missing in WAYS["PROCEDURAL"].conditions:
            bound = {code: proof for code, proof in whole.items() if code != missing.code}
            with pytest.raises(Refused, match="缺少凭据"):
                factories.propose_closing(house, case, "PROCEDURAL", at=moment(2021, 12, 2), proofs=bound)
        assert factories.close(house, case, "PROCEDURAL", at=moment(2021, 12, 2)).closing_mode == "PROCEDURAL"

    def test_each_signs_in_turn_and_nobody_twice(self, house, case, at):
        closing = factories.propose_closing(house, case, "TERMINATED")
        when = at(2021, 9, 22)
        for stranger in (house.chief, house.judge3, case.owner, house.inspector):
            with pytest.raises(PermissionDenied):
                services.sign_closing(closing, at=when, actor=stranger)
        services.sign_closing(closing, at=when, actor=case.judge)
        with pytest.raises(PermissionDenied):
            services.sign_closing(closing, at=when, actor=case.judge)
        with pytest.raises(IntegrityError), transaction.atomic():
            ClosingSignature.objects.create(closing=closing, step="CHIEF", by=case.judge, at=when)
        services.sign_closing(closing, at=when, actor=house.chief)
        done = fresh(case)
        assert (done.stage, done.team, done.owner) == ("CLOSED", house.teams["AFFAIRS"], None)
        with pytest.raises(Refused):
            services.sign_closing(closing, at=when, actor=house.chief)

    def test_a_returned_proposal_goes_back_and_may_come_again(self, house, case, at):
        closing = factories.propose_closing(house, case, "TERMINATED")
        with pytest.raises(Refused, match="退回原因"):
            services.return_closing(closing, defects=" ", at=at(2021, 9, 22), actor=case.judge)
        services.return_closing(closing, defects="缺撤回申请书", at=at(2021, 9, 22), actor=case.judge)
        assert (fresh(case).stage, fresh(case).closing_mode) == ("FAST", "")
        assert factories.close(house, case, "TERMINATED", at=at(2021, 9, 23)).stage == "CLOSED"

    def test_money_that_came_meanwhile_stops_the_last_signature(self, house, case, at):
        closing = factories.propose_closing(house, case, "TERMINATED")
        services.sign_closing(closing, at=at(2021, 9, 22), actor=case.judge)
        factories.deposit(house, case, "10.00", serial="LATE", at=at(2021, 9, 22))
        with pytest.raises(Refused, match="余额"):
            services.sign_closing(closing, at=at(2021, 9, 22), actor=house.chief)
        assert fresh(case).stage == "CLOSING"

    def test_after_a_procedural_closing_the_account_lives_on(self, house, case, at):
        closed = factories.close(house, case, "PROCEDURAL", at=at(2021, 12, 6))
        assert (closed.team, closed.owner) == (case.team, case.owner)
        receipt = factories.deposit(house, closed, "2000.00", serial="LATER", at=at(2022, 1, 16))
        assert str(receipt.due_on) == "2022-02-07"
        assert Receipt.objects.overdue(today=dt.date(2022, 2, 8)).get() == receipt
        system = Event.objects.first().actor
        assert accounts.flag_overdue(at=at(2022, 2, 8), actor=system) == 1
        paid = factories.payout(house, closed, "2000.00", reference="LATER", at=at(2022, 2, 8))
        assert paid.state == "PAID"

    def test_only_the_affairs_team_archives(self, house, case, at):
        closed = factories.close(house, case, "TERMINATED", at=at(2021, 9, 22))
        factories.archive_ready(house, closed)
        with pytest.raises(PermissionDenied):
            services.archive(closed, note="", at=at(2021, 10, 8), actor=house.officer)
        factories.archive_ready(house, closed)
        assert services.archive(closed, note="", at=at(2021, 10, 8), actor=house.records_clerk).stage == "ARCHIVED"
        assert not Case.objects.open().filter(pk=case.pk).exists()


def test_no_mode_closes_a_case_from_a_stage_that_the_law_does_not_know(house, at):
    started = factories.assign(house, factories.file_case(house).case)
    services.start(started, at=at(2021, 9, 3), actor=house.assistant)
    for mode in ("FULFILLED", "PROCEDURAL"):
        with pytest.raises(Refused, match="阶段"):
            factories.propose_closing(house, started, mode, at=at(2021, 9, 10))
    assert factories.close(house, started, "REMOVED", at=at(2021, 9, 10)).closing_mode == "REMOVED"


class TestRevival:
    @pytest.fixture
    def closed(self, house, case, at):
        factories.deposit(house, case, "20000.00", serial="PART", at=at(2021, 10, 8))
        factories.payout(house, case, "20000.00", reference="PART", at=at(2021, 10, 9))
        return factories.close(house, case, "PROCEDURAL", at=at(2021, 12, 6))

    def test_it_keeps_the_old_case_in_view_and_has_its_own_account_and_number(self, house, closed, at, login):
        given = {"ground": "发现银行存款", "at": at(2022, 1, 10), "actor": house.window_clerk}
        filed = factories.revive(closed, **given)
        revived = filed.case
        assert revived.number == "(2022)内0302执恢1号"
        assert (revived.revives, revived.stage, revived.executing_unit) == (closed, "FILED", "BUREAU")
        assert str(revived.amount_claimed) == "30000.00"
        assert revived.escrow.number != closed.escrow.number
        assert [party.name for party in revived.parties.order_by("id")] == [
            party.name for party in closed.parties.order_by("id")
        ]
        with pytest.raises(Refused, match="在办"):
            factories.revive(closed, **given)
        page = login(house.dispatcher).get(revived.get_absolute_url()).content.decode()
        assert closed.number in page
        assert revived.number in login(house.dispatcher).get(closed.get_absolute_url()).content.decode()
        assert Event.objects.filter(verb="revive", chain=f"case:{closed.pk}").exists()

    def test_its_items_keep_their_kind_and_bear_what_they_bore(self, house, at):
        claims = (
            ClaimData(kind="PRINCIPAL", amount=Decimal("40000.00"), rate="年利率6%", from_on=dt.date(2021, 1, 1)),
            ClaimData(kind="INTEREST", amount=Decimal("3000.00"), base=Decimal("40000.00"), is_doubled=False),
            ClaimData(kind="COURT_FEE", amount=Decimal("900.00"), is_doubled=False),
            ClaimData(kind="ACT", note="办理过户"),
        )
        case = factories.into_stream(house, factories.file_case(house, claims=claims).case)
        factories.deposit(house, case, "4900.00", serial="PART2", at=at(2021, 10, 8))
        factories.payout(house, case, "4900.00", reference="PART2", at=at(2021, 10, 9))
        closed = factories.close(house, case, "PROCEDURAL", at=at(2021, 12, 6))
        given = {"ground": "发现银行存款", "at": at(2022, 1, 10), "actor": house.window_clerk}
        revived = factories.revive(closed, **given).case
        # 900.00 of costs and 3,000.00 of interest are paid, and 1,000.00 of the principal.
        left = [(row.kind, row.amount, row.rate, row.is_doubled) for row in revived.claims.order_by("position")]
        assert left == [("PRINCIPAL", Decimal("39000.00"), "年利率6%", True), ("ACT", None, "", True)]
        assert revived.filing_window == house.window_clerk.window

    @pytest.mark.parametrize(
        ("left", "said"),
        [
            ("43900.00", [("PRINCIPAL", "40000.00"), ("INTEREST", "3000.00"), ("COURT_FEE", "900.00")]),
            ("43500.00", [("PRINCIPAL", "40000.00"), ("INTEREST", "3000.00"), ("COURT_FEE", "500.00")]),
            ("41000.00", [("PRINCIPAL", "40000.00"), ("INTEREST", "1000.00")]),
            ("0.01", [("PRINCIPAL", "0.01")]),
            (
                "44000.00",
                [("PRINCIPAL", "40000.00"), ("INTEREST", "3000.00"), ("COURT_FEE", "900.00"), ("OTHER", "100.00")],
            ),
        ],
    )
    def test_what_was_paid_is_taken_from_costs_then_interest_then_the_rest(self, left, said):
        rows = [
            Claim(pk=1, kind="PRINCIPAL", amount=Decimal("40000.00")),
            Claim(pk=2, kind="INTEREST", amount=Decimal("3000.00"), is_doubled=False),
            Claim(pk=3, kind="COURT_FEE", amount=Decimal("900.00"), is_doubled=False),
        ]
        made = claims_left(rows, Decimal(left))
        assert [(row.kind, str(row.amount)) for row in made] == said
        assert sum(row.amount for row in made) == Decimal(left)
        assert {row.kind for row in made if row.is_doubled} == {"PRINCIPAL"}

    def test_only_a_closed_case_that_may_come_back_does(self, house, case, at):
        given = {"application": factories.scan_upload(), "ground": "再次申请", "actor": house.window_clerk}
        with pytest.raises(Refused, match="未结"):
            intake.revive_case(case, **given, at=at(2021, 10, 1))
        closed = factories.close(house, case, "TERMINATED", at=at(2021, 10, 8))
        with pytest.raises(Refused, match="2023-10-08"):
            intake.revive_case(closed, **given, at=at(2023, 10, 9))
        revived = intake.revive_case(closed, **given, at=at(2023, 10, 8)).case
        assert str(revived.amount_claimed) == "50000.00"

    def test_without_the_written_application_nothing_comes_back_and_with_it_the_scan_lies_in_the_new_file(
        self, house, closed, at
    ):
        given = {"ground": "发现银行存款", "at": at(2022, 1, 10), "actor": house.window_clerk}
        with pytest.raises(Refused, match="恢复执行申请书") as refusal:
            intake.revive_case(closed, **given)
        assert set(refusal.value.by_field) == {"application"}
        revived = factories.revive(closed, **given).case
        assert [(row.kind, row.title) for row in revived.materials.all()] == [("APPLICATION", "恢复执行申请书")]

    @pytest.mark.parametrize("by", ["upload", "filed"])
    def test_the_command_centre_brings_it_back_by_an_application_in_the_file_or_a_scan(
        self, house, closed, login, at, settings, by
    ):
        settings.CLOCK_OFFSET = int((at(2022, 1, 10) - dt.datetime.now(dt.UTC)).total_seconds()) + 1
        paper = documents.Paper("OTHER", "申请书", factories.PDF)
        kept = documents.receive(closed, [paper], at=at(2022, 1, 9), actor=house.window_clerk)[0]
        old = closed.materials.filter(received_at__lt=at(2021, 9, 2)).first()
        client, address = login(house.dispatcher), f"/filing/{closed.pk}/revive/"
        assert f'value="{kept.pk}"' in client.get(address).content.decode()
        assert client.post(address, {"ground": "申请人书面申请"}).status_code == 422
        if old:
            assert client.post(address, {"ground": "申请", "filed": old.pk}).status_code == 422
        chosen = {"upload": {"application": factories.scan_upload()}, "filed": {"filed": kept.pk}}[by]
        assert client.post(address, {"ground": "申请人书面申请", **chosen}).status_code == 302
        [row] = closed.revivals.get().materials.all()
        assert (row.kind, row.title, row.sha256) == ("APPLICATION", "恢复执行申请书", kept.sha256)

    def test_what_is_no_scan_brings_nothing_back(self, house, closed, at):
        wrong = SimpleUploadedFile("x.pdf", b"<script>")
        with pytest.raises(Refused, match="只接受"):
            intake.revive_case(
                closed, ground="发现存款", application=wrong, at=at(2022, 1, 10), actor=house.window_clerk
            )
        assert not closed.revivals.exists()

    def test_a_clerk_reads_why_not_and_files_by_the_page(self, house, closed, login):
        client = login(house.window_clerk)
        address = f"/filing/{closed.pk}/revive/"
        assert client.post(address, {"ground": ""}).status_code == 422
        silent = client.post(address, {"ground": "发现财产"})
        assert (silent.status_code, "请附恢复执行申请书" in silent.content.decode()) == (422, True)
        assert client.post(address, {"ground": "发现财产", "application": factories.scan_upload()}).status_code == 302
        again = client.post(address, {"ground": "发现财产", "application": factories.scan_upload()})
        assert again.status_code == 422
        assert "在办的恢复执行案件" in again.content.decode()


def test_the_routing_table_sends_each_case_home():
    day = dt.date(2021, 12, 1)
    assert route("执恢", "BUREAU", on=day).to == "BUREAU"
    assert route("执恢", "COURT", on=day).to == "COURT"
    with pytest.raises(LookupError):
        route("执恢", "BUREAU", on=dt.date(2021, 8, 15))
