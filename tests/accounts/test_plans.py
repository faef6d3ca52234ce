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

from accounts import books, plans, services
from accounts.desk import items
from accounts.models import Distribution, DistributionShare, Payout
from accounts.services.distributions import disputed, share_left, waiting_recipients
from accounts.shares import ShareData
from accounts.statement import statement_of
from bureau.errors import Refused
from cases.models import Case, Deadline
from documents import filling
from documents.facts import facts_of
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
        share(plan, number),
        delivery=debtors(plan),
        amount=Decimal(amount),
        received_on=on.date(),
        at=on,
        actor=case.owner,
    )


def debtors(plan):
    """Return the day on which the debtor got the plan."""
    return plan.deliveries.get(party__isnull=False)


def ended(row, *, result="KEPT", to=None, at=AFTER):
    """End a dispute by a judgment of the file."""
    case = row.share.distribution.case
    paper = factories.in_file(case, at=at)
    return services.end_objection(row, result=result, awarded_to=to, paper=paper, at=at, actor=case.owner)


class TestPlan:
    def test_proposed_approved_and_served_by_the_right_people(self, house, case):
        row = factories.plan(case, {"party": "1.00"}, pool="1.00", until="PROPOSED", at=AT)
        assert "核准分配方案" in [item.kind for item in items(case.judge, today=AT.date())]
        for actor in (case.owner, house.chief, house.judge3):
            with pytest.raises(PermissionDenied):
                services.approve_plan(row, at=AT, actor=actor)
        with pytest.raises(Refused, match="待法官核准"):
            factories.serve(row, at=AT)
        row = services.approve_plan(row, at=AT, actor=case.judge)
        for day in (AT.date() - dt.timedelta(days=1), AT.date() + dt.timedelta(days=1)):
            with pytest.raises(Refused, match="送达日"):
                factories.serve(row, on=day, at=AT)
        row = factories.serve(row, at=AT)
        assert (row.state, row.objections_due_on) == ("SERVED", DUE)
        deadline = Deadline.objects.filter(node="PLAN_OBJECTION").first()
        assert (deadline.started_on, deadline.due_on) == (AT.date(), DUE)

    def test_a_proposer_never_approves(self, case):
        row = factories.plan(case, {"party": "1.00"}, pool="1.00", until="PROPOSED", at=AT)
        with pytest.raises(IntegrityError, match="plan_approved_by_another"), transaction.atomic():
            Distribution.objects.filter(pk=row.pk).update(state="APPROVED", approved_by=row.proposed_by)

    def test_what_cannot_be_shared_is_said(self, house, case, target):
        party, debtor = case.parties.get(side="APPLICANT"), case.parties.get(side="DEBTOR")

        court = factories.other_payee(house, case, "COURT")

        def propose(pool="100", debtor="person", shares=None):
            rows = [ShareData("甲", Decimal(9), party=party)] if shares is None else shares
            services.propose_plan(case, debtor=debtor, pool=Decimal(pool), shares=rows, at=AT, actor=case.owner)

        def one(claimed=9, amount=None, **changes):
            return {"shares": [ShareData("甲", Decimal(claimed), amount and Decimal(amount), **changes)]}

        bad = (
            ({"debtor": ""}, "被执行人类别"),
            ({"shares": []}, "各债权人及其债权额"),
            ({"pool": "9000.01"}, "可申请余额"),
            ({"pool": "8"} | one(amount=9, party=party, reason="协商"), "合计超过"),
            (one(1, 2, party=party, reason="协商"), "不能超过债权额"),
            (one(1, "0.001", party=party, reason="协商"), "两位小数"),
            (one(0, party=party), "债权额应大于零"),
            (one(9, 8, party=party), "与计算结果 9.00 元不一致"),
            (one(payee=court), "执行依据文号"),
            ({"shares": [ShareData("甲", Decimal(9), party=party)] * 2}, "不能重复"),
            (one(party=debtor), "去向有误"),
            (one(target=case), "去向有误"),
            (one(party=party, target=target), "去向有误"),
        )
        for changes, says in bad:
            with pytest.raises(Refused, match=says):
                propose(**changes)
        propose()
        with pytest.raises(Refused, match="未送达的分配方案"):
            propose()

    @pytest.mark.parametrize(
        ("debtor", "secured", "sums"),
        [
            ("person", 0, (3842, 9605, 5763)),
            ("enterprise", 0, (10000, 9210, 0)),
            ("person", 1, (10000, Decimal("5756.25"), Decimal("3453.75"))),
        ],
    )
    def test_the_law_computes_the_shares_and_the_plan_keeps_the_arithmetic(
        self, house, case, target, debtor, secured, sums
    ):
        # W1 and W2 of the handbook at a tenth, and W1 with the first claim secured.
        factories.deposit(house, case, "10210.00", serial="S2")
        court = factories.other_payee(house, case, "COURT")
        ways = ({"party": case.parties.get(side="APPLICANT")}, {"target": target}, {"payee": court, "basis": "民初9号"})
        rows = [
            ShareData(name, Decimal(claimed), rank=place, is_secured=bool(secured and place == 1), **way)
            for place, (name, claimed, way) in enumerate(zip("甲乙丙", (10000, 25000, 15000), ways, strict=True), 1)
        ]
        given = {"debtor": debtor, "pool": Decimal(19210), "shares": rows}
        plan = services.propose_plan(case, **given, at=AT, actor=case.owner)
        assert tuple(plan.shares.order_by("position").values_list("amount", flat=True)) == sums
        assert not any(row.is_departure for row in plan.shares.all())
        assert plan.steps.splitlines()[0] == "可分配款 19,210.00"
        # The texts of the day of the act, not today's (2022年修正 came into force on 2022-04-10).
        article = "（2022年修正前文本）第508、509、510条" if debtor == "person" else "（2022年修正前文本）第516条"
        shown = plans.steps(plan, list(plan.shares.order_by("position")))
        assert article in plan.steps.splitlines()[-1]
        assert article in shown[-1]
        assert facts_of(case, on=AT.date()).get("DISTRIBUTION.shares", "") == ""
        services.approve_plan(plan, at=AT, actor=case.judge)
        facts = facts_of(case, on=AT.date())
        lines = [line.split("｜") for line in facts["DISTRIBUTION.shares"].splitlines()]
        assert [(line[0], Decimal(line[-1])) for line in lines] == list(zip("甲乙丙", sums, strict=True))
        spec = factories.template("DISTRIBUTION").spec
        assert filling.proposed(spec, facts)["total"] == "19210.00"
        rule = {"person": "按比例", "enterprise": "先后顺序"}[debtor]
        assert rule in filling.proposed(spec, facts)["rule"]

    def test_another_sum_needs_a_reason_and_stands_in_red_before_the_judge(self, case, login):
        row = factories.plan(case, {"party": "5.00"}, pool="9.00", until="PROPOSED", at=AT)
        assert row.shares.get().computed == 9
        text = login(case.judge).get(reverse("accounts:plan", args=[row.pk])).content.decode()
        assert '<div class="due-overdue">计算应分 9.00</div>' in text
        assert "各方协商一致" in text
        with pytest.raises(IntegrityError, match="departs_for_a_reason"), transaction.atomic():
            DistributionShare.objects.create(
                distribution=row,
                position=9,
                creditor="甲",
                claimed=9,
                amount=1,
                computed=2,
                party=row.shares.get().party,
            )

    def test_the_judge_sends_it_back_with_a_reason_and_it_is_made_anew(self, house, case):
        row = factories.plan(case, {"party": "1.00"}, pool="1.00", until="PROPOSED", at=AT)
        with pytest.raises(PermissionDenied):
            services.return_plan(row, reason="遗漏债权人", at=AT, actor=case.owner)
        with pytest.raises(Refused, match="退回原因"):
            services.return_plan(row, reason=" ", at=AT, actor=case.judge)
        row = services.return_plan(row, reason="遗漏债权人", at=AT, actor=case.judge)
        assert (row.state, row.returned_note) == ("RETURNED", "遗漏债权人")
        with pytest.raises(Refused, match="法官退回"):
            services.approve_plan(row, at=AT, actor=case.judge)
        factories.plan(case, {"party": "1.00"}, pool="1.00", until="PROPOSED", at=AT)

    def test_each_is_served_by_the_plan_s_paper_and_has_his_own_days(self, case, target):
        row = factories.plan(
            case, {"party": "2.00", "target": "2.00"}, pool="4.00", until="APPROVED", at=AT, target=target
        )
        given = {"served_on": AT.date(), "at": AT, "actor": case.owner}
        first, second, debtor = waiting_recipients(row)
        wrong = factories.in_file(case, kind="OTHER", at=AT)
        with pytest.raises(Refused, match="财产分配方案"):
            services.serve_plan(row, paper=wrong, recipients=[first], **given)
        row = factories.serve(row, to=[first], at=AT)
        assert (row.state, row.document) == ("APPROVED", "财产分配方案")
        with pytest.raises(Refused, match="不能撤回"):
            services.withdraw_plan(row, reason="x", at=AT, actor=case.owner)
        with pytest.raises(Refused, match="尚未送达"):
            factories.serve(row, to=[first], at=AT)
        row = factories.serve(row, to=[second], at=AT)
        row = factories.serve(row, to=[debtor], at=moment(2021, 9, 29))
        assert (row.state, row.served_on) == ("SERVED", dt.date(2021, 9, 29))
        early = row.deliveries.get(share__position=1)
        assert (early.objections_due_on, row.objections_due_on) == (DUE, dt.date(2021, 10, 14))
        assert Deadline.objects.filter(node="PLAN_OBJECTION").count() == 3
        # The first creditor's days are over while the debtor's run; nobody is paid while one of them may object.
        late = {"amount": Decimal(1), "received_on": AFTER.date(), "at": AFTER, "actor": case.owner}
        with pytest.raises(Refused, match="2021-10-08"):
            services.object_to_plan(share(row, 2), delivery=early, **late)
        with pytest.raises(Refused, match="异议期届满后"):
            services.pay_share(share(row, 1), at=AFTER, actor=case.owner)
        services.object_to_plan(share(row, 2), delivery=debtors(row), **late)
        assert services.pay_share(share(row, 1), at=moment(2021, 10, 15), actor=case.owner).amount == 2

    def test_a_document_that_says_other_shares_is_not_served(self, house, case):
        row = factories.plan(case, {"party": "2.00"}, pool="2.00", until="APPROVED", at=AT)
        for changes, says in (({"shares": "债权人party｜x｜9｜1｜1.00"}, "不一致"), ({}, "")):
            paper = factories.issue(case, "DISTRIBUTION", at=AT, actor=case.judge, **changes)
            given = {"paper": f"document:{paper.pk}", "recipients": list(waiting_recipients(row))}
            given |= {"served_on": AT.date(), "at": AT, "actor": case.owner}
            if says:
                with pytest.raises(Refused, match=says):
                    services.serve_plan(row, **given)
            else:
                assert services.serve_plan(row, **given).document.endswith("财产分配方案")

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
        assert {row.document for row in rows} == {"财产分配方案"}
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
        ended(row)
        services.reverse_payout(kept, reason="争议已结束", at=AFTER, actor=house.finance2)
        assert services.pay_share(share(plan, 2), at=AFTER, actor=case.owner).amount == 1000
        assert books.faults() == []

    def test_somebody_else_gets_it(self, house, case, plan):
        row = objection(plan, 2, "1000.00", case)
        with pytest.raises(Refused, match="须选择受偿人"):
            ended(row, result="CHANGED")
        with pytest.raises(Refused, match="其他债权人"):
            ended(row, result="CHANGED", to=share(plan, 2))
        with pytest.raises(Refused, match="结束依据"):
            services.end_objection(
                row, result="CHANGED", awarded_to=share(plan, 3), paper="x", at=AFTER, actor=case.owner
            )
        row = ended(row, result="CHANGED", to=share(plan, 3))
        # Nothing moves before the judge has agreed.
        assert [share_left(share(plan, number)) for number in (1, 2, 3)] == [3000, 2000, 3000]
        assert "核准分配方案异议结果" in [item.kind for item in items(case.judge, today=AFTER.date())]
        with pytest.raises(Refused, match="待核准"):
            ended(row, result="CHANGED", to=share(plan, 1))
        with pytest.raises(PermissionDenied):
            services.approve_plan_change(row, at=AFTER, actor=case.owner)
        row = services.return_plan_change(row, reason="判决未生效", at=AFTER, actor=case.judge)
        with pytest.raises(Refused, match="没有待核准"):
            services.approve_plan_change(row, at=AFTER, actor=case.judge)
        row = ended(row, result="CHANGED", to=share(plan, 3))
        row = services.approve_plan_change(row, at=AFTER, actor=case.judge)
        assert (row.result, row.document) == ("CHANGED", "民事判决书")
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
        ended(row)
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

    def test_with_nothing_to_share_the_page_says_so(self, house, login):
        empty = Case.objects.get(pk=kept.running_case(house).pk)
        page = login(empty.owner).get(reverse("accounts:propose_plan", args=[empty.pk])).content.decode()
        assert "没有可申请发放的余额" in page
        assert 'name="pool"' not in page

    def test_by_the_pages_from_plan_to_payout(self, house, case, target, login):
        owner, url = login(case.owner), reverse("accounts:propose_plan", args=[case.pk])
        data = {"debtor": "person", "pool": "5,000", "whom": [f"party:{case.parties.get(side='APPLICANT').pk}", "case"]}
        data |= {"number": ["", target.number], "creditor": ["张安然", "李四"], "claimed": ["90000", "10,000"]}
        for name, wrong in (("whom", ["", "case"]), ("claimed", ["x", "1"]), ("number", ["", "(2021)内0302执99号"])):
            page = owner.post(url, data | {name: wrong})
            assert page.status_code == 422
            assert "名债权人，" in page.content.decode()
        tried = owner.post(url, data | {"try": "1"})
        assert "4,500.00" in tried.content.decode()
        assert not Distribution.objects.exists()
        assert 'value="张安然"' in tried.content.decode()
        assert owner.post(url, data).status_code == 302
        plan = Distribution.objects.get()
        page = reverse("accounts:plan", args=[plan.pk])
        assert page in owner.get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        assert login(house.officer3).get(page).status_code == 404
        judge = login(case.judge)
        text = judge.get(page).content.decode()
        assert "按比例取到分" in text
        assert reverse("accounts:return_plan", args=[plan.pk]) in text
        assert judge.post(reverse("accounts:return_plan", args=[plan.pk]), {}).status_code == 422
        assert judge.post(reverse("accounts:approve_plan", args=[plan.pk])).status_code == 302
        serve = reverse("accounts:serve_plan", args=[plan.pk])
        paper = factories.in_file(case, title="财产分配方案", at=AFTER)
        served = {"paper": paper, "recipients": list(waiting_recipients(plan)), "served_on": "2021-10-09"}
        assert owner.post(serve, served | {"served_on": "morgen"}).status_code == 422
        assert owner.post(serve, served).status_code == 302
        first = share(plan, 1)
        objected = {"delivery": debtors(plan).pk, "amount": "50", "received_on": "2021-10-09"}
        assert owner.post(reverse("accounts:object_to_plan", args=[first.pk]), objected).status_code == 302
        objection_ = first.objections.get()
        note = reverse("accounts:note_objection", args=[objection_.pk])
        assert owner.post(note, {"what": "NOTIFIED", "on": "2021-10-09"}).status_code == 302
        text = owner.get(page).content.decode()
        assert f"{debtors(plan).name} 2021-10-09 对 50.00 元提出异议" in text
        assert owner.post(reverse("accounts:pay_share", args=[first.pk])).status_code == 422
        assert owner.post(reverse("accounts:deposit_share", args=[first.pk])).status_code == 302
        payout = Payout.objects.get(purpose="ABSENT")
        assert owner.get(reverse("accounts:payout", args=[payout.pk])).status_code == 200
        end = reverse("accounts:end_objection", args=[objection_.pk])
        result = {"result": "CHANGED", "awarded_to": share(plan, 2).pk, "paper": factories.in_file(case, at=AFTER)}
        assert owner.post(end, result).status_code == 302
        assert "待法官核准" in owner.get(page).content.decode()
        assert judge.post(reverse("accounts:approve_plan_change", args=[objection_.pk])).status_code == 302
        assert "改由他人受偿" in owner.get(page).content.decode()

    def test_by_the_api(self, house, case, login):
        def post(user, address, body=None):
            url = f"/api/v1/accounts/{address}"
            return login(user).post(url, json.dumps(body or {}), content_type="application/json")

        whom = f"party:{case.parties.get(side='APPLICANT').pk}"
        body = {"debtor": "person", "pool": "10", "whom": [whom], "claimed": ["90"]}
        made = post(case.owner, f"cases/{case.pk}/propose-plan/", body)
        assert made.status_code == 200, made.content
        plan = Distribution.objects.get(pk=made.json()["id"])
        assert post(case.owner, f"plans/{plan.pk}/approve/").status_code == 403
        assert post(case.judge, f"plans/{plan.pk}/return/", {"note": "债权额有误"}).status_code == 200
        plan = Distribution.objects.get(pk=post(case.owner, f"cases/{case.pk}/propose-plan/", body).json()["id"])
        assert post(case.judge, f"plans/{plan.pk}/approve/").status_code == 200
        served = {"paper": factories.in_file(case, at=AFTER), "recipients": list(waiting_recipients(plan))}
        served |= {"served_on": "2021-10-09"}
        assert post(case.owner, f"plans/{plan.pk}/serve/", served).status_code == 200
        assert post(house.officer3, f"plans/{plan.pk}/withdraw/", {"note": "x"}).status_code == 404
