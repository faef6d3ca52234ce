"""Money that no case claims goes back to its payer: three people, the bank's answer, and the line is bound once."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts import bank, books, desk, services
from accounts.bank import BankLineData
from accounts.models import (
    Account,
    BankAnswer,
    BankLine,
    DayDifference,
    DaySheet,
    LineClaim,
    LineRefund,
    PaymentFile,
    StatementDebit,
)
from accounts.payees import PayeeData
from accounts.services.answers import take_unasked
from bureau import clock
from bureau.chains import broken_events
from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Case
from tests import factories, kept
from tests import statements as files
from tests.accounts.test_concurrency import race
from tests.factories import moment

AT = moment(2021, 9, 20)
SAID = {"reason": "NO_CASE", "ground": "按付款人和金额查询无案件，电话联系为错汇", "document": "付款人书面申请"}
ACCOUNT = "6222020000000000017"


@pytest.fixture
def house(db):
    return factories.House.build()


def stray(house, serial="X1", account=ACCOUNT, on=dt.date(2021, 9, 10)) -> BankLine:
    line = BankLineData(serial, on, Decimal("90.00"), "错汇人", account)
    return services.arrive(line, at=moment(on.year, on.month, on.day), entered_by=house.finance2, actor=house.finance)


def request(house, line, reference="R1", number="", **changes) -> LineRefund:
    payee = PayeeData("", number, "工商银行", "")
    given = {**SAID, "payee": payee, "reference": reference, "at": AT, "actor": house.finance, **changes}
    return services.request_refund(line, **given)


def sent(house, line=None, **changes) -> LineRefund:
    refund = request(house, line or stray(house), **changes)
    services.approve_refund(refund, at=AT, actor=house.chief)
    return services.pay_refund(refund, at=AT, actor=house.finance2)


def exchange(at=AT):
    return services.exchange_with_bank(at=at, actor=User.objects.system())


def balance(kind):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(CASE WHEN credit_id = %(a)s THEN amount WHEN debit_id = %(a)s THEN -amount END), 0)"
            " FROM accounts_transfer",
            {"a": Account.objects.get(kind=kind).pk},
        )
        return cursor.fetchone()[0]


def sound():
    assert books.faults() == []
    assert broken_events() == []


class TestThreePeople:
    def test_asked_for_approved_paid_and_confirmed_by_the_bank(self, house):
        line = stray(house)
        refund = sent(house, line)
        line.refresh_from_db()
        assert (refund.state, line.state, balance("UNIDENTIFIED"), balance("REFUNDS")) == (
            *("SENT", "REFUNDED"),
            0,
            Decimal("90.00"),
        )
        sound()
        assert exchange() == 1
        refund.refresh_from_db()
        assert (refund.state, refund.paid_on, balance("REFUNDS"), balance("BANK_MASTER")) == ("PAID", AT.date(), 0, 0)
        assert (refund.holder_name, refund.number, refund.document) == ("错汇人", ACCOUNT, SAID["document"])
        verbs = Event.objects.filter(subject=f"linerefund:{refund.pk}").order_by("seq").values_list("verb", flat=True)
        assert list(verbs) == ["request_refund", "approve_refund", "pay_refund", "confirm_refund"]
        assert exchange() == 0
        sound()

    def test_nobody_signs_twice(self, house):
        refund = request(house, stray(house))
        with pytest.raises(PermissionDenied):
            services.approve_refund(refund, at=AT, actor=house.finance2)
        with pytest.raises(Refused, match="待审批"):
            services.pay_refund(refund, at=AT, actor=house.finance2)
        services.approve_refund(refund, at=AT, actor=house.chief)
        with pytest.raises(Refused, match="三人"):
            services.pay_refund(refund, at=AT, actor=house.finance)
        with pytest.raises(IntegrityError), transaction.atomic():
            LineRefund.objects.filter(pk=refund.pk).update(state="SENT", paid_by=house.finance, sent_at=AT)

    def test_a_sum_above_the_chiefs_line_is_the_vice_presidents(self, house):
        line = BankLineData("BIG", AT.date(), Decimal("1000000.01"), "错汇人", ACCOUNT)
        refund = request(house, services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance))
        with pytest.raises(PermissionDenied):
            services.approve_refund(refund, at=AT, actor=house.chief)

    def test_the_account_is_the_one_that_the_bank_names(self, house):
        assert request(house, stray(house), number="6222029999999999").number == ACCOUNT
        unnamed = stray(house, "X2", account="")
        with pytest.raises(Refused, match="账号"):
            request(house, unnamed, "R2")
        assert request(house, unnamed, "R2", number="62220288").number == "62220288"

    def test_the_same_reference_is_the_first_answer(self, house):
        line = stray(house)
        assert request(house, line) == request(house, line)
        with pytest.raises(Refused, match="已申请退还"):
            request(house, line, "R2")
        with pytest.raises(Refused, match="另一笔"):
            request(house, stray(house, "X2"), "R1")

    def test_every_word_is_asked_for_beside_its_field(self, house):
        with pytest.raises(Refused) as refused:
            request(house, stray(house), ground=" ", document="", payee=PayeeData("", "", " "))
        assert set(refused.value.by_field) == {"ground", "document", "bank_name"}


class TestTheBank:
    def test_what_bounces_waits_again_from_its_first_day(self, house):
        line = stray(house, account="6222020000000000000")
        refund = sent(house, line)
        exchange()
        refund.refresh_from_db()
        line.refresh_from_db()
        assert (refund.state, line.state, balance("UNIDENTIFIED")) == ("BOUNCED", "UNIDENTIFIED", Decimal("90.00"))
        assert "户名" in refund.ended_note
        assert request(house, line, "R2").state == "REQUESTED"
        sound()

    def test_a_second_answer_is_a_question_that_the_payer_does_not_clear_up(self, house):
        refund = sent(house)
        exchange()
        system = User.objects.system()
        same = bank.Answer("PAID", AT.date(), reference="R1", serial="N1")
        other = bank.Answer("BOUNCED", reason="销户", reference="R1", serial="N2")
        assert take_unasked([same, other, other], at=AT, actor=system) == 0
        kinds = BankAnswer.objects.order_by("serial").values_list("kind", "refund")
        assert list(kinds) == [("REPEATED", refund.pk), ("CONTRADICTS", refund.pk)]
        question = BankAnswer.objects.get(serial="N2")
        with pytest.raises(Refused, match="付款人以外"):
            services.settle_answer(question, note="查明", at=AT, actor=house.finance2)
        services.settle_answer(question, note="银行误报", at=AT, actor=house.finance)
        sound()

    def test_the_statement_confirms_it_and_the_day_has_no_difference(self, house):
        refund = sent(house)
        layout = files.bank_format(house.finance, AT)
        files.take_in(files.table([files.debit("D1", "90.00", "R1")]), layout, at=AT, actor=house.finance)
        refund.refresh_from_db()
        assert (refund.state, StatementDebit.objects.get().refund) == ("PAID", refund)
        services.make_day_sheets(at=moment(2021, 9, 21), actor=house.finance)
        kinds = set(BankLine.objects.values_list("serial", flat=True))
        assert kinds == {"X1"}
        assert not DayDifference.objects.filter(sheet__day=AT.date(), kind="LEDGER_ONLY").exists()
        files.take_in(files.table([files.debit("D2", "90.00", "R1")]), layout, at=AT, actor=house.finance)
        assert StatementDebit.objects.get(serial="D2").state == "REPEATED"
        sound()

    def test_it_goes_into_a_payment_file_with_single_payments(self, house, settings):
        settings.BANK = "accounts.bank.SimulatorByFile"
        settings.ESCROW_HOLDER, settings.ESCROW_ACCOUNT, settings.ESCROW_BANK = "某法院", "0000111122223333", "某银行"
        refund = sent(house)
        file = services.make_payment_file(at=AT, actor=house.finance)
        refund.refresh_from_db()
        assert (file.row_count, file.total, refund.submitted_at) == (1, Decimal("90.00"), AT)
        content = services.take_payment_file(PaymentFile.objects.get(), at=AT, actor=house.finance)
        assert content.count(b"<EndToEndId>R1</EndToEndId>") == 1
        with pytest.raises(Refused, match="没有待提交"):
            services.make_payment_file(at=AT, actor=house.finance)
        assert exchange() == 1

    def test_who_paid_it_does_not_sign_the_day(self, house):
        sent(house)
        exchange()
        services.make_day_sheets(at=moment(2021, 9, 21), actor=house.finance)
        sheet = DaySheet.objects.get(day=AT.date())
        for earlier in DaySheet.objects.filter(day__lt=AT.date()).order_by("day"):
            services.sign_day(earlier, at=moment(2021, 9, 21), actor=house.finance)
        with pytest.raises(Refused, match="办理过付款"):
            services.sign_day(sheet, at=moment(2021, 9, 21), actor=house.finance2)
        with pytest.raises(IntegrityError), transaction.atomic():
            DaySheet.objects.filter(pk=sheet.pk).update(state="SIGNED", signed_by=house.finance2, signed_at=AT)


class TestOneOfBoth:
    """A line belongs to a case or goes back."""

    def test_a_claimed_line_is_not_refunded_and_the_other_way_round(self, house):
        case, line = kept.running_case(house), stray(house)
        claim = services.claim_line(line, case, ground="来电", at=AT, actor=case.owner)
        with pytest.raises(Refused, match="等待核对"):
            request(house, line)
        services.withdraw_claim(claim, at=AT, actor=case.owner)
        refund = request(house, line)
        with pytest.raises(Refused, match="先由案款管理员撤回"):
            services.claim_line(line, case, ground="来电", at=AT, actor=case.owner)
        with pytest.raises(IntegrityError), transaction.atomic():
            LineClaim.objects.create(line=line, case=case, ground="x", claimed_by=case.owner, claimed_at=AT)
        with pytest.raises(Refused):
            services.withdraw_refund(refund, note=" ", at=AT, actor=house.finance2)
        services.withdraw_refund(refund, note="已查明", at=AT, actor=house.finance2)
        assert services.claim_line(line, case, ground="来电", at=AT, actor=case.owner).state == "CLAIMED"

    def test_refused_by_the_approver_it_waits_again(self, house):
        line = stray(house)
        refund = request(house, line)
        services.refuse_refund(refund, note="依据不足", at=AT, actor=house.chief)
        with pytest.raises(Refused, match="未获批准"):
            services.approve_refund(refund, at=AT, actor=house.chief)
        assert request(house, line, "R2").state == "REQUESTED"
        sound()

    def test_the_database_keeps_what_was_signed(self, house):
        refund = request(house, stray(house))
        for change in ({"amount": 1}, {"document": "x"}, {"state": "PAID"}, {"number": "1"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                LineRefund.objects.filter(pk=refund.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            refund.delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            BankLine.objects.filter(pk=refund.line_id).update(state="REFUNDED")


def test_claims_and_refunds_race_on_one_line(transactional_db):
    house = factories.House.build()
    case = Case.objects.get(pk=kept.running_case(house).pk)
    line = stray(house)
    jobs = [
        job
        for number in range(4)
        for job in (
            lambda: services.claim_line(line, case, ground="来电", at=AT, actor=case.owner),
            lambda number=number: request(house, line, f"R{number}"),
        )
    ]
    answers = race(jobs)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, Refused) for answer in answers if isinstance(answer, Exception)), answers
    assert LineClaim.objects.count() + LineRefund.objects.count() == 1
    sound()


def test_a_refund_is_paid_by_two_and_withdrawn_at_once(transactional_db):
    house = factories.House.build()
    refund = request(house, stray(house))
    services.approve_refund(refund, at=AT, actor=house.chief)
    answers = race(
        [
            lambda: services.pay_refund(refund, at=AT, actor=house.finance2),
            lambda: services.pay_refund(refund, at=AT, actor=house.finance2),
            lambda: services.withdraw_refund(refund, note="已查明", at=AT, actor=house.finance),
        ]
    )
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1, answers
    sound()


class TestPages:
    @pytest.fixture
    def login(self, client, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: AT)
        monkeypatch.setattr(clock, "today", AT.date)

        def enter(user):
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            return client

        return enter

    def test_from_the_queue_to_the_bank(self, house, login):
        line = stray(house)
        client = login(house.finance)
        assert "逾期" in client.get(reverse("accounts:unidentified")).content.decode()
        address = reverse("accounts:request_refund", args=[line.pk])
        page = client.get(address).content.decode()
        assert 'name="account"' not in page
        wrong = client.post(address, {**SAID, "document": "", "bank_name": "工行", "reference": "R1"})
        assert wrong.status_code == 422
        assert SAID["ground"] in wrong.content.decode()
        answer = client.post(address, {**SAID, "bank_name": "工行", "reference": "R1"}, follow=True)
        refund = LineRefund.objects.get()
        assert "批准退还" not in answer.content.decode()
        queue = client.get(reverse("accounts:unidentified")).content.decode()
        assert "逾期" not in queue
        assert not [item for item in desk.items(house.finance, today=AT.date()) if item.kind == "认领来款"]
        client = login(house.chief)
        assert any("审批退还" in str(item.kind) for item in desk.items(house.chief, today=AT.date()))
        assert "批准退还" in client.get(reverse("accounts:refund", args=[refund.pk])).content.decode()
        client.post(reverse("accounts:approve_refund", args=[refund.pk]))
        client = login(house.finance2)
        assert any("待付款" in str(item.kind) for item in desk.items(house.finance2, today=AT.date()))
        client.post(reverse("accounts:pay_refund", args=[refund.pk]))
        refund.refresh_from_db()
        assert refund.state == "SENT"
        for show in ("open", "paid", "ended"):
            assert client.get(reverse("accounts:refunds"), {"show": show}).status_code == 200

    def test_an_unnamed_account_is_entered_twice(self, house, login):
        line, client = stray(house, account=""), login(house.finance)
        address = reverse("accounts:request_refund", args=[line.pk])
        given = {**SAID, "bank_name": "工行", "reference": "R1", "account": "62220288", "account_again": "62220289"}
        assert "不一致" in client.post(address, given).content.decode()
        client.post(address, {**given, "account_again": "62220288"})
        assert LineRefund.objects.get().number == "62220288"

    def test_refused_without_a_reason_is_told_beside_it(self, house, login):
        refund, client = request(house, stray(house)), login(house.chief)
        answer = client.post(reverse("accounts:refuse_refund", args=[refund.pk]), {})
        assert answer.status_code == 422
        client.post(reverse("accounts:refuse_refund", args=[refund.pk]), {"note": "缺申请"})
        refund.refresh_from_db()
        assert (refund.state, refund.ended_note) == ("REFUSED", "缺申请")

    def test_an_officer_sees_no_refund(self, house, login):
        refund, client = request(house, stray(house)), login(house.officer)
        assert client.get(reverse("accounts:refund", args=[refund.pk])).status_code == 404
        assert client.get(reverse("accounts:refunds")).status_code == 403

    def test_programs_ask_and_pay_by_the_same_services(self, house, login):
        line, client = stray(house), login(house.finance)
        address = reverse("accounts_api:request_refund", args=[line.pk])
        answer = client.post(address, {**SAID, "bank_name": "工行", "reference": "R1"}, "application/json")
        assert answer.status_code in (200, 201), answer.content
        refund = LineRefund.objects.get()
        answer = client.post(reverse("accounts_api:approve_refund", args=[refund.pk]), {}, "application/json")
        assert answer.status_code == 403
        rows = client.get(reverse("accounts_api:refunds")).json()["results"]
        assert [(row["reference"], row["state"], row["number_last4"]) for row in rows] == [("R1", "REQUESTED", "0017")]
