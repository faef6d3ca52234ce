"""Lines typed by hand are booked by a second person; an automatic match is undone by two."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import books, services
from accounts.bank import BankLineData
from accounts.desk import items
from accounts.models import BankLine, DaySheet, LineEntry, Receipt, Transfer, Unmatch
from accounts.services.ledger import house_account
from accounts.statement import statement_of
from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from tests import factories, kept, statements
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 20)
DAY = dt.date(2021, 9, 20)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


def data(serial="H1", amount="100.00", number="", **changes) -> BankLineData:
    given = {"payer_account": "6222020012345678", "virtual_number": number, "remark": "执行款", **changes}
    return BankLineData(serial, DAY, Decimal(amount), "某公司", **given)


def kinds(user) -> list[str]:
    return [item.kind for item in items(user, today=DAY)]


class TestTypedLines:
    def test_nothing_is_booked_until_another_of_finance_has_checked(self, house, case):
        entry = services.enter_line(data(number=case.escrow.number), at=AT, actor=house.finance)
        assert not BankLine.objects.exists()
        assert not Transfer.objects.exists()
        assert "复核手工登记的来款" in kinds(house.finance2)
        assert "复核手工登记的来款" not in kinds(house.finance)
        line = services.confirm_line(entry, at=AT, actor=house.finance2)
        assert (line.entered_by, line.checked_by, line.state) == (house.finance, house.finance2, "MATCHED")
        assert statement_of(case).balance == 100
        entry.refresh_from_db()
        assert (entry.state, entry.line, entry.checked_by) == ("CONFIRMED", line, house.finance2)
        assert [event.verb for event in Event.objects.filter(verb__endswith="_line").order_by("id")] == [
            "enter_line",
            "confirm_line",
        ]
        assert books.faults() == []

    def test_not_by_who_typed_it_nor_by_another_role_nor_past_the_database(self, house, case):
        entry = services.enter_line(data(), at=AT, actor=house.finance)
        with pytest.raises(Refused, match="登记人以外"):
            services.confirm_line(entry, at=AT, actor=house.finance)
        with pytest.raises(Refused, match="登记人以外"):
            services.refuse_line(entry, reason="错", at=AT, actor=house.finance)
        with pytest.raises(PermissionDenied):
            services.confirm_line(entry, at=AT, actor=house.chief)
        with pytest.raises(Refused, match="登记人以外"):
            services.arrive(data(), entered_by=house.finance, at=AT, actor=house.finance)
        with pytest.raises(IntegrityError, match="checked_by_another"), transaction.atomic():
            LineEntry.objects.filter(pk=entry.pk).update(
                state="REFUSED", checked_by=house.finance, ended_at=AT, reason="x"
            )
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            LineEntry.objects.filter(pk=entry.pk).update(amount=1)
        said = {"serial": "X9", "value_on": DAY, "amount": 1, "payer_name": "某人", "entered_at": AT}
        said |= {"content_sha256": "0" * 64, "state": "UNIDENTIFIED"}
        with pytest.raises(IntegrityError, match="checked by another"), transaction.atomic():
            self.past_the_services(**said, entered_by=house.finance)
        with pytest.raises(IntegrityError, match="bank_line_checked_by_another"), transaction.atomic():
            BankLine.objects.create(**said, entered_by=house.finance, checked_by=house.finance)

    def past_the_services(self, **said) -> None:
        BankLine.objects.create(**said)
        connection.check_constraints()

    def test_refused_with_a_reason_it_may_be_typed_anew(self, house):
        entry = services.enter_line(data(amount="999.00"), at=AT, actor=house.finance)
        with pytest.raises(Refused, match="退回原因"):
            services.refuse_line(entry, reason=" ", at=AT, actor=house.finance2)
        services.refuse_line(entry, reason="金额与银行凭证不符", at=AT, actor=house.finance2)
        with pytest.raises(Refused, match="已办结"):
            services.confirm_line(entry, at=AT, actor=house.finance2)
        again = services.enter_line(data(), at=AT, actor=house.finance)
        assert again.pk != entry.pk
        assert not BankLine.objects.exists()

    def test_the_same_again_is_the_first_answer_and_other_content_is_refused(self, house):
        entry = services.enter_line(data(), at=AT, actor=house.finance)
        assert services.enter_line(data(), at=AT, actor=house.finance) == entry
        with pytest.raises(Refused, match="内容不同"):
            services.enter_line(data(amount="1.00"), at=AT, actor=house.finance)
        with pytest.raises(Refused, match="不能晚于今天"):
            services.enter_line(BankLineData("H2", dt.date(2021, 9, 21), Decimal(1), "x"), at=AT, actor=house.finance)

    def test_what_a_statement_brought_meanwhile_is_not_booked_twice(self, house):
        entry = services.enter_line(data("A1", "5.00", remark="案款"), at=AT, actor=house.finance)
        bank = statements.bank_format(house.finance, AT)
        statements.take_in(statements.table([statements.credit("A1", "5.00")]), bank, at=AT, actor=house.finance)
        services.confirm_line(entry, at=AT, actor=house.finance2)
        assert (BankLine.objects.count(), house_account("UNIDENTIFIED").balance) == (1, 5)
        statements.take_in(statements.table([statements.credit("A2", "6.00")]), bank, at=AT, actor=house.finance)
        with pytest.raises(Refused, match="已由对账单入账"):
            services.enter_line(data("A2", "6.00", remark="案款"), at=AT, actor=house.finance)
        assert books.faults() == []

    def test_by_the_pages(self, house, case, login):
        typist, checker = login(house.finance), login(house.finance2)
        typed = {"serial": "H1", "value_on": "2021-09-20", "amount": "100.00", "payer_name": "某公司"}
        typed["virtual_number"] = case.escrow.number
        assert typist.post(reverse("accounts:enter_bank_line"), typed).status_code == 302
        url = reverse("accounts:line_entry", args=[LineEntry.objects.get().pk])
        confirm, refuse = url + "confirm/", url + "refuse/"
        assert url in checker.get(reverse("accounts:line_entries")).content.decode()
        assert case.display_number in checker.get(url).content.decode()
        assert "登记人以外" in typist.get(url).content.decode()
        assert typist.post(confirm).status_code == 422
        assert checker.post(refuse, {}).status_code == 422
        assert checker.post(confirm).status_code == 302
        assert checker.post(confirm).status_code == 422
        assert statement_of(case).balance == 100
        assert typist.post(reverse("accounts:enter_bank_line"), typed | {"serial": "H2"}).status_code == 302
        last = reverse("accounts:line_entry", args=[LineEntry.objects.get(serial="H2").pk])
        assert checker.post(last + "refuse/", {"usual": "银行没有这笔来款"}).status_code == 302
        assert "银行没有这笔来款" in typist.get(reverse("accounts:line_entries"), {"set": "REFUSED"}).content.decode()

    def test_for_programs(self, house, login):
        kind = {"content_type": "application/json"}
        body = {"serial": "H1", "value_on": "2021-09-20", "amount": "100.00", "payer_name": "某公司"}
        typist, checker = login(house.finance), login(house.finance2)
        told = typist.post(reverse("accounts_api:bank_lines"), body, **kind)
        assert (told.status_code, told.json()["state"], told.json()["line"]) == (201, "WAITING", None)
        listed = checker.get(reverse("accounts_api:line_entries"), {"set": "WAITING"}).json()["results"]
        assert [row["serial"] for row in listed] == ["H1"]
        confirm = reverse("accounts_api:confirm_line", args=[told.json()["id"]])
        assert typist.post(confirm, {}, **kind).status_code == 422
        assert checker.post(confirm, {}, **kind).status_code == 200
        assert BankLine.objects.get().serial == "H1"


class TestUnmatch:
    @pytest.fixture
    def receipt(self, house, case) -> Receipt:
        """100 that came by the number of the wrong case."""
        return factories.deposit(house, case, "100.00", serial="S1", at=moment(2021, 9, 10))

    def ask(self, house, receipt) -> Unmatch:
        return services.ask_unmatch(receipt, reason="付款人写错子账号", at=AT, actor=house.finance)

    def test_two_of_finance_take_it_back_and_it_finds_its_case(self, house, case, receipt):
        row = self.ask(house, receipt)
        assert statement_of(case).balance == 100
        assert "复核退回自动归案的来款" in kinds(house.finance2)
        assert "复核退回自动归案的来款" not in kinds(house.finance)
        services.confirm_unmatch(row, at=AT, actor=house.finance2)
        back = Transfer.objects.get(purpose="REVERSE")
        assert (back.reverses.reference, back.debit, back.credit.kind) == ("IN-S1", case.escrow, "UNIDENTIFIED")
        assert (statement_of(case).balance, house_account("UNIDENTIFIED").balance) == (0, 100)
        receipt.refresh_from_db()
        assert (receipt.voided_by, receipt.void_reason) == (house.finance2, "付款人写错子账号")
        assert books.faults() == []
        other = kept.running_case(house)
        line = BankLine.objects.get()
        right = factories.identify(line, other, at=AT, by=other.judge, checker=house.finance)
        assert (right.arrived_on, right.due_on) == (receipt.arrived_on, receipt.due_on)
        assert statement_of(other).balance == 100
        services.unidentify(right, reason="又错", at=AT, actor=house.finance2)
        factories.identify(line, case, at=AT, by=case.judge, checker=house.finance)
        assert statement_of(case).balance == 100
        assert books.faults() == []
        verbs = Event.objects.filter(chain=f"case:{case.pk}", verb__in=["receive", "ask_unmatch", "unidentify"])
        assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
            *("receive", "ask_unmatch", "unidentify", "receive"),
        ]

    def test_the_day_of_the_bank_is_not_touched(self, house, case, receipt):
        services.confirm_unmatch(self.ask(house, receipt), at=AT, actor=house.finance2)
        services.make_day_sheets(at=moment(2021, 9, 21), actor=house.finance)
        row = DaySheet.objects.get(day=DAY)
        assert (row.ledger_in, row.ledger_out, row.ledger_closing) == (0, 0, 100)
        assert (row.escrow_closing, row.unidentified_closing) == (0, 100)

    def test_not_by_who_asked_nor_past_the_database(self, house, case, receipt):
        row = self.ask(house, receipt)
        with pytest.raises(Refused, match="申请人以外"):
            services.confirm_unmatch(row, at=AT, actor=house.finance)
        with pytest.raises(PermissionDenied):
            services.confirm_unmatch(row, at=AT, actor=house.chief)
        with pytest.raises(Refused, match="已有人申请"):
            services.ask_unmatch(receipt, reason="再次", at=AT, actor=house.finance2)
        with pytest.raises(IntegrityError, match="unmatch_checked_by_another"), transaction.atomic():
            Unmatch.objects.filter(pk=row.pk).update(state="DONE", checked_by=house.finance, ended_at=AT)
        with pytest.raises(IntegrityError, match="checked by another"), transaction.atomic():
            Receipt.objects.filter(pk=receipt.pk).update(voided_at=AT, voided_by=house.finance2)

    def test_refused_with_a_reason_the_money_stays(self, house, case, receipt):
        row = self.ask(house, receipt)
        with pytest.raises(Refused, match="原因"):
            services.refuse_unmatch(row, note=" ", at=AT, actor=house.finance2)
        services.refuse_unmatch(row, note="子账号正确", at=AT, actor=house.finance2)
        assert statement_of(case).balance == 100
        with pytest.raises(Refused, match="已办结"):
            services.confirm_unmatch(row, at=AT, actor=house.finance2)
        self.ask(house, receipt)

    def test_what_is_doubted_is_not_paid_out(self, house, case, receipt):
        row = self.ask(house, receipt)
        with pytest.raises(Refused, match="正在申请退回待认领"):
            factories.payout(house, case, "1.00", reference="P1", until="REQUESTED")
        services.refuse_unmatch(row, note="子账号正确", at=AT, actor=house.finance2)
        factories.payout(house, case, "1.00", reference="P1", until="REQUESTED")

    @pytest.mark.parametrize(
        ("until", "words"),
        [("REQUESTED", "先由审核人或审批人驳回"), ("SENT", "待银行退票"), ("PAID", "依法追回")],
    )
    def test_not_once_it_is_asked_for_or_paid_and_it_says_what_to_do(self, house, case, receipt, until, words):
        factories.payout(house, case, "1.00", reference="P1", until=until)
        with pytest.raises(Refused, match=words):
            self.ask(house, receipt)

    def test_not_what_was_claimed_or_carried_over(self, house, case):
        line = services.arrive(data(), entered_by=house.finance2, at=AT, actor=house.finance)
        claimed = factories.identify(line, case, at=AT, by=case.judge, checker=house.finance)
        with pytest.raises(Refused, match="第三名"):
            self.ask(house, claimed)

    def test_by_the_pages(self, house, case, receipt, login):
        asker, checker = login(house.finance), login(house.finance2)
        money, url = reverse("accounts:case_money", args=[case.pk]), reverse("accounts:ask_unmatch", args=[receipt.pk])
        assert url in asker.get(money).content.decode()
        assert asker.post(url, {}).status_code == 422
        assert asker.post(url, {"note": "来函更正"}).status_code == 302
        page = reverse("accounts:unmatch", args=[Unmatch.objects.get().pk])
        assert page in asker.get(money).content.decode()
        assert "申请人以外" in asker.get(page).content.decode()
        assert asker.post(page + "confirm/").status_code == 422
        assert checker.post(page + "refuse/", {}).status_code == 422
        assert checker.post(page + "confirm/").status_code == 302
        assert "来函更正" in checker.get(money).content.decode()
        assert login(house.finance).get(reverse("accounts_api:unmatches")).json()["results"][0]["state"] == "DONE"


def test_eight_who_check_at_once_book_it_once(transactional_db):
    house = factories.House.build()
    entry = services.enter_line(data(), at=AT, actor=house.finance)
    answers = race([lambda: services.confirm_line(entry, at=AT, actor=house.finance2)] * 4)
    assert sum(isinstance(answer, BankLine) for answer in answers) == 1
    assert BankLine.objects.count() == 1
    assert books.faults() == []
