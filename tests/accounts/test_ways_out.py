"""Every way by which money leaves a case: to whom, by which account of the house, by whose signatures."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.desk import items
from accounts.models import Account, PayeeAccount, Payout, PayoutPart, Receipt, Transfer
from accounts.services.ledger import house_account, post
from accounts.services.requests import deposit_left
from accounts.statement import statement_of
from bureau import grants
from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Case
from portal import services as portal
from portal.models import StatusPage
from supervision.indicators import figures
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)
LATER = moment(2021, 9, 22)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case of 50,000 with 10,000 arrived on the 6th and 5,000 on the 16th."""
    case = kept.running_case(house)
    factories.deposit(house, case, "10000.00", serial="S1", at=moment(2021, 9, 6))
    factories.deposit(house, case, "5000.00", serial="S2", at=moment(2021, 9, 16))
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def other(house) -> Case:
    """Another case of the bureau."""
    case = kept.running_case(house)
    return Case.objects.get(pk=case.pk)


def ask(case, payee, amount, reference="P1", **changes):
    values = {"payee": payee, "amount": Decimal(amount), "calculation": "依据所附文书", **changes}
    return services.request_payout(case, **values, reference=reference, at=AT, actor=case.owner)


def identity(case) -> bool:
    """Return whether what came in is what went out and what is left."""
    s = statement_of(case)
    gone = s.paid_to_applicants + s.courts + s.fees + s.costs + s.refunded + s.moved_out + s.deposited + s.sent
    return s.arrived + s.moved_in == gone + s.balance


class TestPayees:
    @pytest.mark.parametrize(
        ("kind", "purpose", "through", "posts"),
        [
            ("SUCCESSOR", "CLAIM", "IN_TRANSIT", "PAYOUT"),
            ("COURT", "COURT", "IN_TRANSIT", "PAYOUT"),
            ("TREASURY", "FEE", "FEES_DUE", "FEE"),
            ("COST", "COST", "COSTS", "COST"),
        ],
    )
    def test_each_is_paid_by_its_own_account_of_the_house(self, house, case, kind, purpose, through, posts):
        payee = factories.other_payee(house, case, kind)
        row = factories.paid(house, ask(case, payee, "650.00"), until="SENT")
        assert (row.purpose, row.document) == (purpose, payee.document)
        out = row.transfers.get()
        assert (out.purpose, out.debit, out.credit.kind) == (posts, case.escrow, through)
        assert identity(case)
        row = factories.paid(house, row)
        assert row.transfers.get(purpose="CONFIRM").debit.kind == through
        assert statement_of(case).balance == Decimal("14350.00")
        assert identity(case)

    def test_fee_and_costs_pay_nothing_of_the_claim_but_an_heir_takes_his_place(self, house, case):
        for number, kind in enumerate(("TREASURY", "COST", "COURT")):
            factories.paid(house, ask(case, factories.other_payee(house, case, kind), "10.00", f"P{number}"))
        assert statement_of(case).claimed_left == Decimal("50000.00")
        heir = factories.other_payee(house, case, "SUCCESSOR")
        factories.paid(house, ask(case, heir, "10.00", "P9"))
        assert statement_of(case).claimed_left == Decimal("49990.00")
        statement = statement_of(case)
        assert (statement.fees, statement.costs, statement.courts) == (10, 10, 10)

    def test_an_account_of_another_waits_for_a_second_person(self, house, case):
        account = services.enter_other_payee(
            case,
            kind="COST",
            payee=factories.PAYEE,
            document="评估费发票",
            scan=factories.PDF,
            at=AT,
            actor=house.window_clerk,
        )
        assert account.state == "PENDING"
        assert "确认其他收款人账户" in [item.kind for item in items(house.finance, today=AT.date())]
        with pytest.raises(Refused, match="未经确认"):
            ask(case, account, "1.00")
        with pytest.raises(Refused, match="录入人以外"):
            services.confirm_payee_change(account, number=account.number, at=AT, actor=house.window_clerk)
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            PayeeAccount.objects.filter(pk=account.pk).update(
                state="CONFIRMED", confirmed_at=AT, confirmed_by=house.window_clerk
            )
        services.confirm_payee_change(account, number=account.number, at=AT, actor=house.window_clerk2)
        assert ask(case, PayeeAccount.objects.get(pk=account.pk), "1.00").state == "REQUESTED"

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"kind": "APPLICANT"}, "当事人本人"),
            ({"document": "  "}, "依据文书"),
            ({"kind": "SUCCESSOR"}, "代哪一位"),
        ],
    )
    def test_what_is_missing_is_said(self, house, case, changes, says):
        values = {"kind": "COST", "document": "发票", "payee": factories.PAYEE, "scan": factories.PDF, **changes}
        with pytest.raises(Refused, match=says):
            services.enter_other_payee(case, **values, at=AT, actor=house.window_clerk)
        with pytest.raises(PermissionDenied):
            services.enter_other_payee(case, **values, at=AT, actor=house.finance)

    def test_not_twice_and_not_in_another_case(self, house, case, other):
        payee = factories.other_payee(house, case, "COST")
        with pytest.raises(Refused, match="已录入"):
            factories.other_payee(house, case, "COST")
        with pytest.raises(Refused, match="不属于本案"):
            ask(other, payee, "1.00")
        stranger = case.parties.get(side="APPLICANT")
        with pytest.raises(Refused, match="本案申请执行人"):
            factories.other_payee(house, other, "SUCCESSOR", on_behalf_of=stranger)

    def test_same_reference_with_other_words_is_another_request(self, house, case):
        payee = factories.other_payee(house, case, "COST")
        first = ask(case, payee, "1.00")
        assert ask(case, payee, "1.00") == first
        with pytest.raises(Refused, match="已用于另一笔"):
            ask(case, payee, "1.00", calculation="别的算法")


class TestMove:
    def test_the_first_arrival_day_goes_along(self, house, case, other):
        row = factories.move(house, case, other, "12000.00", reference="M1")
        assert (row.state, row.paid_on) == ("PAID", AT.date())
        assert row.transfers.get().credit == other.escrow
        first, second = other.receipts.order_by("arrived_on")
        assert (first.amount, first.arrived_on) == (10000, dt.date(2021, 9, 6))
        assert (second.amount, second.arrived_on) == (2000, dt.date(2021, 9, 16))
        source = case.receipts.order_by("arrived_on")[0]
        assert (first.due_on, first.due_steps) == (source.due_on, source.due_steps)
        assert statement_of(case).moved_out == statement_of(other).moved_in == 12000
        assert identity(case)
        assert identity(other)
        assert {event.chain for event in Event.objects.filter(verb__in=["move", "move_in"])} == {
            f"case:{case.pk}",
            f"case:{other.pk}",
        }

    def test_moving_twice_still_keeps_it(self, house, case, other):
        factories.move(house, case, other, "12000.00", reference="M1")
        third = Case.objects.get(pk=kept.running_case(house).pk)
        factories.move(house, other, third, "11000.00", reference="M2")
        days = [str(day) for day in third.receipts.order_by("arrived_on").values_list("arrived_on", flat=True)]
        assert days == ["2021-09-06", "2021-09-16"]
        assert Receipt.objects.overdue(today=dt.date(2021, 12, 1)).filter(case=third).count() == 2

    def test_it_neither_came_to_the_bureau_again_nor_left_it(self, house, case, other):
        before = figures(AT.date())
        factories.move(house, case, other, "12000.00", reference="M1")
        after = figures(AT.date())
        assert (after.amount_arrived, after.amount_paid) == (before.amount_arrived, before.amount_paid)

    def test_the_target_is_an_open_case_of_the_bureau(self, house, case, other):
        with pytest.raises(Refused, match="不能转入本案"):
            factories.move(house, case, case, "1.00", reference="M1")
        Case.objects.filter(pk=other.pk).update(executing_unit="COURT")
        with pytest.raises(Refused, match="不由本局执行"):
            factories.move(house, case, Case.objects.get(pk=other.pk), "1.00", reference="M1")
        Case.objects.filter(pk=other.pk).update(executing_unit="BUREAU")
        closed = factories.close(house, other, "TERMINATED", at=AT)
        with pytest.raises(Refused, match="已结案"):
            factories.move(house, case, closed, "1.00", reference="M1")

    def test_four_people_and_a_paper(self, house, case, other):
        row = factories.move(house, case, other, "1.00", reference="M1", until="APPROVED")
        with pytest.raises(PermissionDenied):
            services.pay_payout(row, at=AT, actor=case.owner)
        with pytest.raises(Refused, match="依据文书"):
            services.request_move(
                case,
                target=other,
                amount=Decimal(1),
                calculation="x",
                paper="material:0",
                reference="M2",
                at=AT,
                actor=case.owner,
            )

    def test_another_of_finance_takes_it_back(self, house, case, other):
        row = factories.move(house, case, other, "12000.00", reference="M1")
        with pytest.raises(Refused, match="记账人以外"):
            services.reverse_payout(row, reason="错", at=LATER, actor=house.finance)
        before = figures(dt.date(2021, 9, 21))
        services.reverse_payout(row, reason="转入案号有误", at=LATER, actor=house.finance2)
        assert figures(dt.date(2021, 9, 21)) == before
        reversal = Transfer.objects.get(purpose="REVERSE")
        assert (reversal.reverses.payout, reversal.payout) == (row, row)
        assert (statement_of(case).balance, statement_of(other).balance) == (15000, 0)
        assert not other.receipts.live().exists()
        assert identity(case)
        assert identity(other)
        factories.payout(house, case, "15000.00", reference="P2")
        with pytest.raises(Refused, match="已冲正"):
            services.reverse_payout(row, reason="再次", at=LATER, actor=house.finance2)

    def test_not_once_it_is_used_there(self, house, case, other):
        row = factories.move(house, case, other, "12000.00", reference="M1")
        factories.payout(house, other, "1.00", reference="P2", until="REQUESTED")
        with pytest.raises(Refused, match="已在对方"):
            services.reverse_payout(row, reason="错", at=LATER, actor=house.finance2)
        with pytest.raises(Refused, match="冲正"):
            services.unidentify(other.receipts.first(), reason="错", at=LATER, actor=house.finance2)


class TestDeposit:
    def test_it_settles_the_claim_and_is_released_later(self, house, case, login):
        factories.deposit(house, case, "35000.00", serial="S3")
        row = factories.deposit_absent(house, case, "50000.00", reference="D1")
        assert house_account("ABSENT").balance == 50000
        statement = statement_of(case)
        assert (statement.claimed_left, statement.deposited, statement.balance) == (0, 50000, 0)
        closed = factories.close(house, case, at=AT)
        assert not closed.is_open
        payee = PayeeAccount.objects.get(party__case=case)
        release = services.release_deposit(
            row, payee=payee, amount=Decimal("30000.00"), calculation="领取", reference="R1", at=AT, actor=case.judge
        )
        assert deposit_left(row) == 20000
        with pytest.raises(Refused, match=r"20,000\.00"):
            services.release_deposit(
                row,
                payee=payee,
                amount=Decimal("20000.01"),
                calculation="x",
                reference="R2",
                at=AT,
                actor=case.judge,
            )
        # The judge of a closed case asks, so another judge checks, who sees it for that.
        other = house.judge2 if case.judge == house.judge else house.judge
        assert "审核发放" in [item.kind for item in items(other, today=AT.date())]
        assert "审核发放" not in [item.kind for item in items(case.judge, today=AT.date())]
        page, check = (reverse(f"accounts:{name}", args=[release.pk]) for name in ("payout", "check"))
        assert login(case.judge).post(check).status_code == 403
        assert check in login(other).get(page).content.decode()
        assert login(other).post(check).status_code == 302
        assert login(other).get(page).status_code == 200
        assert login(house.judge3).get(page).status_code == 404
        release = factories.paid(house, Payout.objects.get(pk=release.pk))
        assert (release.state, release.checked_by) == ("PAID", other)
        assert house_account("ABSENT").balance == 20000
        assert not release.parts.exists()
        assert identity(case)

    def test_a_bounced_release_is_deposited_again(self, house, case):
        row = factories.deposit_absent(house, case, "100.00", reference="D1")
        payee = PayeeAccount.objects.get(party__case=case)
        release = services.release_deposit(
            row, payee=payee, amount=Decimal("100.00"), calculation="领取", reference="R1", at=AT, actor=case.owner
        )
        release = factories.paid(house, release, until="SENT")
        services.bounce_payout(release, reason="户名不符", at=AT, actor=User.objects.system())
        assert (house_account("ABSENT").balance, deposit_left(row)) == (100, 100)

    def test_strangers_to_the_case_do_not_release(self, house, case):
        row = factories.deposit_absent(house, case, "100.00", reference="D1")
        payee = PayeeAccount.objects.get(party__case=case)
        for actor in (house.officer3, case.judge, house.finance):
            with pytest.raises(PermissionDenied):
                services.release_deposit(
                    row, payee=payee, amount=Decimal(1), calculation="x", reference="R", at=AT, actor=actor
                )

    def test_only_for_a_creditor_and_only_what_is_owed(self, house, case):
        debtor = case.parties.get(side="DEBTOR")
        values = {"calculation": "x", "paper": factories.paper(case), "reference": "D", "at": AT, "actor": case.owner}
        with pytest.raises(Refused, match="申请执行人提存"):
            services.deposit_absent(case, absent=debtor, amount=Decimal(1), **values)
        factories.deposit(house, case, "40000.00", serial="S3")
        creditor = case.parties.get(side="APPLICANT")
        # 50,000 with 70 days on what was open from the 6th to the 16th after 68 days on all of it.
        with pytest.raises(Refused, match=r"可发放申请执行人 50,665\.00"):
            services.deposit_absent(case, absent=creditor, amount=Decimal("50665.01"), **values)
        assert services.deposit_absent(case, absent=creditor, amount=Decimal("50665.00"), **values).pk

    def test_reversed_while_nothing_of_it_is_released(self, house, case):
        row = factories.deposit_absent(house, case, "100.00", reference="D1")
        services.reverse_payout(row, reason="债权人已出现", at=AT, actor=house.finance2)
        assert (house_account("ABSENT").balance, statement_of(case).balance) == (0, 15000)
        assert identity(case)


class TestDoors:
    """What the database refuses, whoever asks."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE accounts_payout SET amount = 1",
            "UPDATE accounts_payout SET purpose = 'FEE'",
            "UPDATE accounts_payout SET state = 'REQUESTED'",
            "DELETE FROM accounts_payout",
            "TRUNCATE accounts_payout CASCADE",
            "UPDATE accounts_payoutpart SET amount = 1",
            "DELETE FROM accounts_payoutpart",
            "TRUNCATE accounts_payoutpart CASCADE",
            "UPDATE accounts_receipt SET amount = amount + 1",
            "UPDATE accounts_receipt SET arrived_on = arrived_on + 9",
            "DELETE FROM accounts_receipt",
            "TRUNCATE accounts_receipt CASCADE",
            "UPDATE accounts_bankline SET amount = 1",
            "DELETE FROM accounts_bankline",
            "TRUNCATE accounts_bankline CASCADE",
        ],
    )
    def test_nobody_rewrites_what_was_asked_for_or_came_in(self, house, case, statement):
        factories.payout(house, case, "10.00", reference="P1", until="APPROVED")
        for role in (grants.role_name("app"), None):
            as_role = f'SET LOCAL ROLE "{role}"; ' if role else ""
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(as_role + statement)

    def test_money_leaves_a_case_by_its_own_payout_alone(self, house, case, other):
        values = {"value_on": AT.date(), "at": AT, "actor": house.finance}
        transit = house_account(Account.Kind.IN_TRANSIT)
        row = factories.payout(house, case, "10.00", reference="P1", until="APPROVED")
        wrong = (
            (case.escrow, Decimal("10.00"), None),
            (case.escrow, Decimal("11.00"), row),
            (other.escrow, Decimal("10.00"), row),
        )
        for number, (debit, amount, payout) in enumerate(wrong):
            with pytest.raises(IntegrityError, match="by its payout"), transaction.atomic():
                post(
                    debit=debit,
                    credit=transit,
                    amount=amount,
                    purpose="PAYOUT",
                    reference=f"X{number}",
                    payout=payout,
                    **values,
                )

    def test_a_reversal_is_the_exact_opposite_of_what_it_names(self, house, case, other):
        factories.move(house, case, other, "10.00", reference="M1")
        first = Transfer.objects.get(purpose="MOVE")
        values = {"purpose": "REVERSE", "value_on": AT.date(), "at": AT, "actor": house.finance, "reverses": first}
        for number, amount in enumerate(("9.99", "10.01")):
            with pytest.raises(IntegrityError, match="reversal"), transaction.atomic():
                post(debit=first.credit, credit=first.debit, amount=Decimal(amount), reference=f"X{number}", **values)
        with pytest.raises(IntegrityError, match="reversal"), transaction.atomic():
            post(debit=first.debit, credit=first.credit, amount=first.amount, reference="X2", **values)

    def test_a_receipt_is_spent_once(self, house, case, other):
        row = factories.payout(house, case, "15000.00", reference="P1", until="REQUESTED")
        receipt = case.receipts.first()
        with pytest.raises(IntegrityError, match="spent once"), transaction.atomic():
            PayoutPart.objects.create(
                payout=Payout.objects.create(
                    case=case,
                    purpose="CLAIM",
                    payee=row.payee,
                    amount=Decimal("0.01"),
                    calculation="x",
                    reference="P2",
                    requested_by=case.owner,
                    requested_at=AT,
                ),
                receipt=receipt,
                amount=Decimal("0.01"),
            )

    def test_a_payout_without_its_parts_is_refused_at_the_end(self, house, case):
        payee = PayeeAccount.objects.get(party__case=case)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="parts of a payout"), transaction.atomic():
            Payout.objects.create(
                case=case,
                purpose="CLAIM",
                payee=payee,
                amount=Decimal("1.00"),
                calculation="x",
                reference="P2",
                requested_by=case.owner,
                requested_at=AT,
            )

    def test_no_step_goes_on_to_an_account_that_is_not_confirmed(self, house, case):
        row = factories.payout(house, case, "1.00", reference="P1", until="APPROVED")
        PayeeAccount.objects.filter(pk=row.payee_id).update(replaced_at=AT)
        with pytest.raises(IntegrityError, match="confirmed account"), transaction.atomic():
            Payout.objects.filter(pk=row.pk).update(state="SENT", paid_by=house.finance)

    def test_the_same_reference_of_another_day_is_other_content(self, house, case):
        values = {
            "debit": house_account(Account.Kind.BANK_MASTER),
            "credit": case.escrow,
            "amount": Decimal("1.00"),
            "purpose": "DEPOSIT",
            "reference": "X1",
            "at": AT,
        }
        first = post(**values, value_on=AT.date(), actor=house.finance)
        assert post(**values, value_on=AT.date(), actor=house.finance2) == first
        with pytest.raises(Refused, match="已用于另一笔"):
            post(**values, value_on=LATER.date(), actor=house.finance)


class TestPages:
    def test_owner_moves_by_the_page(self, house, case, other, login):
        client, url = login(case.owner), reverse("accounts:request_move", args=[case.pk])
        assert url in client.get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        reference = client.get(url).context["form"]["reference"].value()
        data = {"number": other.number, "amount": "12,000", "paper": factories.paper(case), "calculation": "按方案"}
        assert client.post(url, data).status_code == 422
        wrong = client.post(url, {**data, "reference": reference, "number": "(2021)内0302执999号"})
        assert "没有这个案号" in wrong.content.decode()
        answer = client.post(url, {**data, "reference": reference, "number": other.number.replace("(", "（")})
        row = Payout.objects.get(purpose="MOVE")
        assert answer.url == reverse("accounts:payout", args=[row.pk])
        assert other.number in client.get(answer.url).content.decode()
        for user, act in ((case.judge, "check"), (house.chief, "approve"), (house.finance, "pay")):
            assert login(user).post(reverse(f"accounts:{act}", args=[row.pk])).status_code == 302
        row.refresh_from_db()
        assert row.state == "PAID"
        page = login(house.finance2).get(answer.url).content.decode()
        assert reverse("accounts:reverse_payout", args=[row.pk]) in page
        target = login(other.owner).get(reverse("accounts:case_money", args=[other.pk])).content.decode()
        assert "另案转入" in target
        assert "2021-09-06" in target
        back = reverse("accounts:reverse_payout", args=[row.pk])
        assert login(house.finance2).post(back, {}).status_code == 422
        assert login(house.finance2).post(back, {"usual": "转入案号有误"}).status_code == 302
        target = login(other.owner).get(reverse("accounts:case_money", args=[other.pk])).content.decode()
        assert "已冲正退回原案" in target

    def test_deposit_and_release_by_the_page(self, house, case, login):
        client, url = login(case.owner), reverse("accounts:deposit_absent", args=[case.pk])
        form = client.get(url).context["form"]
        data = {
            "absent": case.parties.get(side="APPLICANT").pk,
            "amount": "100",
            "paper": factories.paper(case),
            "calculation": "下落不明",
            "reference": form["reference"].value(),
        }
        assert client.post(url, {**data, "amount": "99999999"}).status_code == 422
        assert client.post(url, data).status_code == 302
        row = factories.paid(house, Payout.objects.get(purpose="ABSENT"))
        release = reverse("accounts:release_deposit", args=[row.pk])
        assert release in client.get(reverse("accounts:payout", args=[row.pk])).content.decode()
        form = client.get(release).context["form"]
        assert form["amount"].value() == "100.00"
        payee = PayeeAccount.objects.get(party__case=case)
        given = {"payee": payee.pk, "amount": "60", "calculation": "领取", "reference": form["reference"].value()}
        assert client.post(release, given).status_code == 302
        assert Payout.objects.get(purpose="RELEASE").amount == 60

    def test_clerk_enters_another_payee_and_finance_confirms(self, house, case, login):
        client, url = login(house.window_clerk), reverse("accounts:enter_other_payee", args=[case.pk])
        assert client.get(url).status_code == 200
        data = {
            "kind": "COST",
            "holder_name": "评估公司",
            "document": "发票1号",
            "account": "0200001109200033333",
            "account_again": "0200001109200033333",
            "bank_name": "工行",
        }
        assert client.post(url, {**data, "account_again": "0200001109200033334"}).status_code == 422
        scan = SimpleUploadedFile("s.pdf", factories.PDF)
        assert client.post(url, {**data, "scan": scan}).status_code == 302
        account = PayeeAccount.objects.get(kind="COST")
        change = reverse("accounts:payee_change", args=[account.pk])
        page = login(house.finance).get(change).content.decode()
        assert "发票1号" in page
        assert "3333" not in page
        confirm = reverse("accounts:confirm_payee_change", args=[account.pk])
        assert login(house.finance).post(confirm, {"number": data["account"]}).status_code == 302
        form = login(case.owner).get(reverse("accounts:request_payout", args=[case.pk])).context["form"]
        assert account in form.fields["payee"].queryset

    def test_the_applicant_reads_where_it_went(self, house, case, other):
        factories.move(house, case, other, "100.00", reference="M1")
        factories.deposit_absent(house, case, "50.00", reference="D1")
        portal.project(at=AT)
        here = StatusPage.objects.get(case_id=case.pk).payload
        assert [row["payee"] for row in here["payouts"]] == ["MOVE", "ABSENT"]
        assert [line["code"] for line in here["history"]][-2:] == ["move", "deposit_absent"]
        assert other.number not in str(here)
        there = StatusPage.objects.get(case_id=other.pk).payload
        assert there["receipts"][0]["on"] == "2021-09-06"
