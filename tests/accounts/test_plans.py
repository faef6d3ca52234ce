"""Distribution: a plan is approved by another, served and objected to in time; the undisputed is paid at once."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import books, services
from accounts.desk import items
from accounts.models import Distribution, DistributionShare, Payout
from accounts.services.distributions import disputed, share_left
from accounts.shares import ShareData
from accounts.statement import statement_of
from bureau.errors import Refused
from cases.models import Case, Deadline
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 22)
DUE = dt.date(2021, 10, 8)  # fifteen days from the 22nd end on 7 October, in the holidays
AFTER = moment(2021, 10, 9)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-10-09."""
    settings.CLOCK_OFFSET = int((AFTER - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case of 50,000 with 9,000 arrived on the 16th."""
    case = kept.running_case(house)
    factories.deposit(house, case, "9000.00", serial="S1")
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def target(house) -> Case:
    """Another creditor's case in this bureau."""
    return Case.objects.get(pk=kept.running_case(house).pk)


@pytest.fixture
def plan(house, case, target) -> Distribution:
    """A served plan: 3,000 each to the applicant, another case and another court."""
    court = factories.other_payee(house, case, "COURT")
    sums = dict.fromkeys(("party", "target", "payee"), "3000.00")
    return factories.plan(case, sums, pool="9000.00", target=target, payee=court, at=AT)


def share(plan, number) -> DistributionShare:
    return plan.shares.get(position=number)


def objection(plan, number, amount, case, on=AT):
    return services.object_to_plan(
        share(plan, number), by_name="李四", amount=Decimal(amount), received_on=on.date(), at=on, actor=case.owner
    )


class TestPlan:
    def test_proposed_approved_and_served_by_the_right_people(self, house, case):
        row = factories.plan(case, {"party": "1.00"}, pool="1.00", until="PROPOSED", at=AT)
        assert "核准分配方案" in [item.kind for item in items(case.judge, today=AT.date())]
        for actor in (case.owner, house.chief, house.judge3):
            with pytest.raises(PermissionDenied):
                services.approve_plan(row, at=AT, actor=actor)
        with pytest.raises(Refused, match="待法官核准"):
            services.serve_plan(row, served_on=AT.date(), at=AT, actor=case.owner)
        row = services.approve_plan(row, at=AT, actor=case.judge)
        for day in (AT.date() - dt.timedelta(days=1), AT.date() + dt.timedelta(days=1)):
            with pytest.raises(Refused, match="送达日"):
                services.serve_plan(row, served_on=day, at=AT, actor=case.owner)
        row = services.serve_plan(row, served_on=AT.date(), at=AT, actor=case.owner)
        assert (row.state, row.objections_due_on) == ("SERVED", DUE)
        deadline = Deadline.objects.get(node="PLAN_OBJECTION")
        assert (deadline.started_on, deadline.due_on, deadline.subject) == (AT.date(), DUE, f"distribution:{row.pk}")

    def test_a_proposer_never_approves(self, case):
        row = factories.plan(case, {"party": "1.00"}, pool="1.00", until="PROPOSED", at=AT)
        with pytest.raises(IntegrityError, match="plan_approved_by_another"), transaction.atomic():
            Distribution.objects.filter(pk=row.pk).update(state="APPROVED", approved_by=row.proposed_by)

    def test_what_cannot_be_shared_is_said(self, house, case, target):
        party, debtor = case.parties.get(side="APPLICANT"), case.parties.get(side="DEBTOR")

        def propose(pool="100", document="方案", shares=None):
            rows = [ShareData("甲", Decimal(9), Decimal(9), party=party)] if shares is None else shares
            services.propose_plan(case, document=document, pool=Decimal(pool), shares=rows, at=AT, actor=case.owner)

        bad = (
            ({"document": " "}, "名称和文号"),
            ({"shares": []}, "各债权人的分配额"),
            ({"pool": "9000.01"}, "可申请余额"),
            ({"pool": "8"}, "合计超过"),
            ({"shares": [ShareData("甲", Decimal(1), Decimal(2), party=party)]}, "不能超过债权额"),
            ({"shares": [ShareData("甲", Decimal(1), Decimal("0.001"), party=party)]}, "两位小数"),
            ({"shares": [ShareData("甲", Decimal(1), Decimal(1), party=debtor)]}, "去向有误"),
            ({"shares": [ShareData("甲", Decimal(1), Decimal(1), target=case)]}, "去向有误"),
            ({"shares": [ShareData("甲", Decimal(1), Decimal(1), party=party, target=target)]}, "去向有误"),
        )
        for changes, says in bad:
            with pytest.raises(Refused, match=says):
                propose(**changes)
        propose()
        with pytest.raises(Refused, match="未送达的分配方案"):
            propose()

    def test_withdrawn_before_service_and_shares_never_change(self, case):
        row = factories.plan(case, {"party": "1.00"}, pool="1.00", until="APPROVED", at=AT)
        services.withdraw_plan(row, reason="计算有误", at=AT, actor=case.owner)
        with pytest.raises(DatabaseError), transaction.atomic():
            DistributionShare.objects.update(amount=0)
        again = factories.plan(case, {"party": "1.00"}, pool="1.00", at=AT)
        with pytest.raises(Refused, match="已送达"):
            services.withdraw_plan(again, reason="x", at=AT, actor=case.owner)


class TestPay:
    def test_after_the_days_everybody_gets_his_share_by_his_way(self, house, case, target, plan):
        with pytest.raises(Refused, match="异议期届满后"):
            services.pay_share(share(plan, 1), at=moment(2021, 10, 8), actor=case.owner)
        rows = [services.pay_share(one, at=AFTER, actor=case.owner) for one in plan.shares.order_by("position")]
        assert [row.purpose for row in rows] == ["CLAIM", "MOVE", "COURT"]
        assert {row.document for row in rows} == {"分配方案1号", rows[2].payee.document} - {rows[2].payee.document}
        for row in rows:
            factories.paid(house, row, at=AFTER)
        statement = statement_of(case)
        assert (statement.paid_to_applicants, statement.moved_out, statement.courts) == (3000, 3000, 3000)
        assert target.receipts.get().arrived_on == dt.date(2021, 9, 16)
        with pytest.raises(Refused, match="没有可发放"):
            services.pay_share(share(plan, 1), at=AFTER, actor=case.owner)
        assert books.faults() == []

    def test_a_rejected_payment_is_asked_for_again(self, house, case, plan):
        row = services.pay_share(share(plan, 1), at=AFTER, actor=case.owner)
        services.reject_payout(row, reason="x", at=AFTER, actor=case.judge)
        again = services.pay_share(share(plan, 1), at=AFTER, actor=case.owner)
        assert again.reference != row.reference

    def test_only_the_owner(self, house, case, plan):
        for actor in (case.judge, house.finance, house.officer3):
            with pytest.raises(PermissionDenied):
                services.pay_share(share(plan, 1), at=AFTER, actor=actor)


class TestDispute:
    def test_undisputed_at_once_and_disputed_deposited_then_kept(self, house, case, plan):
        row = objection(plan, 2, "1000.00", case)
        assert (share_left(share(plan, 2)), disputed(share(plan, 2))) == (2000, 1000)
        moved = services.pay_share(share(plan, 2), at=AFTER, actor=case.owner)
        assert (moved.purpose, moved.amount) == ("MOVE", 2000)
        kept = services.deposit_share(share(plan, 2), at=AFTER, actor=case.owner)
        assert (kept.purpose, kept.amount, kept.absent) == ("ABSENT", 1000, None)
        kept = factories.paid(house, kept, at=AFTER)
        # What is kept for another creditor pays nothing of this applicant's claim.
        assert statement_of(case).claimed_left == Decimal("50000.00")
        with pytest.raises(Refused, match="没有待提存"):
            services.deposit_share(share(plan, 2), at=AFTER, actor=case.owner)
        services.end_objection(row, result="KEPT", awarded_to=None, document="判决书", at=AFTER, actor=case.owner)
        services.reverse_payout(kept, reason="争议已结束", at=AFTER, actor=house.finance2)
        assert services.pay_share(share(plan, 2), at=AFTER, actor=case.owner).amount == 1000
        assert books.faults() == []

    def test_somebody_else_gets_it(self, house, case, plan):
        row = objection(plan, 2, "1000.00", case)
        with pytest.raises(Refused, match="须选择受偿人"):
            services.end_objection(row, result="CHANGED", awarded_to=None, document="x", at=AFTER, actor=case.owner)
        with pytest.raises(Refused, match="其他债权人"):
            services.end_objection(
                row, result="CHANGED", awarded_to=share(plan, 2), document="x", at=AFTER, actor=case.owner
            )
        services.end_objection(
            row, result="CHANGED", awarded_to=share(plan, 3), document="判决书", at=AFTER, actor=case.owner
        )
        assert [share_left(share(plan, number)) for number in (1, 2, 3)] == [3000, 2000, 4000]

    def test_late_or_too_large_objections_are_refused(self, case, plan):
        late = moment(2021, 10, 9)
        for amount, on, says in (("1", late, "2021-10-08"), ("3000.01", AT, "争议金额"), ("0", AT, "争议金额")):
            with pytest.raises(Refused, match=says):
                objection(plan, 1, amount, case, on=on)

    def test_each_step_opens_its_own_fifteen_days(self, case, plan):
        row = objection(plan, 1, "10.00", case)

        def note(what, day, month=9):
            at = moment(2021, month, day)
            services.note_objection(row, what=what, on=at.date(), at=at, actor=case.owner)

        with pytest.raises(Refused, match="前一事项"):
            note("COUNTERED", 23)
        note("NOTIFIED", 23)
        counter = Deadline.objects.get(node="COUNTER_OPINION")
        assert (counter.started_on, counter.due_on) == (dt.date(2021, 9, 23), dt.date(2021, 10, 8))
        with pytest.raises(Refused, match="期限已于 2021-10-08"):
            note("COUNTERED", 9, month=10)
        note("COUNTERED", 24)
        counter.refresh_from_db()
        assert counter.state == "FULFILLED"
        note("COUNTER_NOTIFIED", 24)
        suit = Deadline.objects.get(node="PLAN_SUIT")
        assert suit.started_on == dt.date(2021, 9, 24)
        with pytest.raises(Refused, match="已登记"):
            note("COUNTER_NOTIFIED", 25)
        services.end_objection(row, result="KEPT", awarded_to=None, document="x", at=AFTER, actor=case.owner)
        suit.refresh_from_db()
        assert suit.state == "CANCELLED"


class TestPages:
    def test_the_page_costs_the_same_for_one_and_many_shares(self, house, case, plan, login):
        client = login(case.owner)

        def cost(row) -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("accounts:plan", args=[row.pk])).status_code == 200
            return len(queries)

        one = factories.plan(case, {"party": "1.00"}, pool="1.00", at=AT)
        client.get(reverse("accounts:plan", args=[one.pk]))
        objection(plan, 1, "1.00", case)
        objection(one, 1, "1.00", case)
        assert cost(plan) == cost(one)

    def test_by_the_pages_from_plan_to_payout(self, house, case, target, login):
        owner, url = login(case.owner), reverse("accounts:propose_plan", args=[case.pk])
        rows = f"张安然｜90000｜3,000.00｜张安然\n李四|90000|100|{target.number}"
        data = {"document": "方案1号", "pool": "5,000", "rows": rows}
        for wrong in ("张安然｜1｜1", "甲｜x｜1｜张安然", "甲｜9｜NaN｜张安然", "甲｜1｜1｜无此人"):
            page = owner.post(url, {**data, "rows": wrong})
            assert page.status_code == 422
            assert "第 1 行" in page.content.decode()
        assert owner.post(url, data).status_code == 302
        plan = Distribution.objects.get()
        page = reverse("accounts:plan", args=[plan.pk])
        assert (
            reverse("accounts:plan", args=[plan.pk])
            in owner.get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        )
        assert login(house.officer3).get(page).status_code == 404
        assert login(case.judge).post(reverse("accounts:approve_plan", args=[plan.pk])).status_code == 302
        serve = reverse("accounts:serve_plan", args=[plan.pk])
        assert owner.post(serve, {"served_on": "morgen"}).status_code == 422
        assert owner.post(serve, {"served_on": "2021-10-09"}).status_code == 302
        first = share(plan, 1)
        objected = {"by_name": "王五", "amount": "50", "received_on": "2021-10-09"}
        assert owner.post(reverse("accounts:object_to_plan", args=[first.pk]), objected).status_code == 302
        objection_ = first.objections.get()
        note = reverse("accounts:note_objection", args=[objection_.pk])
        assert owner.post(note, {"what": "NOTIFIED", "on": "2021-10-09"}).status_code == 302
        text = owner.get(page).content.decode()
        assert "王五 2021-10-09 对 50.00 元提出异议" in text
        assert owner.post(reverse("accounts:pay_share", args=[first.pk])).status_code == 422
        assert owner.post(reverse("accounts:deposit_share", args=[first.pk])).status_code == 302
        payout = Payout.objects.get(purpose="ABSENT")
        assert owner.get(reverse("accounts:payout", args=[payout.pk])).status_code == 200
        end = reverse("accounts:end_objection", args=[objection_.pk])
        assert owner.post(end, {"result": "KEPT", "document": "撤回书"}).status_code == 302
        assert "按原方案分配" in owner.get(page).content.decode()

    def test_by_the_api(self, house, case, login):
        def post(user, address, body=None):
            url = f"/api/v1/accounts/{address}"
            return login(user).post(url, json.dumps(body or {}), content_type="application/json")

        body = {"document": "方案", "pool": "10", "rows": "张安然｜90｜10｜张安然"}
        made = post(case.owner, f"cases/{case.pk}/propose-plan/", body)
        assert made.status_code == 200, made.content
        number = made.json()["id"]
        assert post(case.owner, f"plans/{number}/approve/").status_code == 403
        assert post(case.judge, f"plans/{number}/approve/").status_code == 200
        assert post(case.owner, f"plans/{number}/serve/", {"served_on": "2021-10-09"}).status_code == 200
        assert post(house.officer3, f"plans/{number}/withdraw/", {"note": "x"}).status_code == 404
