"""Unidentified money: suggested with reasons, claimed by one, checked by another, odd things answered."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts import claimpages, services
from accounts.bank import BankLineData
from accounts.claimforms import FindLine
from accounts.lineoddities import questions
from accounts.models import BankLine, LineClaim, OddityAnswer, Receipt
from accounts.statement import statement_of
from accounts.suggesting import suggestions
from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 13)


@pytest.fixture
def case(house) -> Case:
    """A case of 50,000 with its stream team."""
    return kept.running_case(house)


@pytest.fixture
def arrive(house):
    """Book stray money."""

    def book(serial="X1", amount="100.00", payer="某公司", remark="", on=dt.date(2021, 9, 10)) -> BankLine:
        line = BankLineData(serial, on, Decimal(amount), payer, remark=remark)
        return services.arrive(
            line, at=moment(on.year, on.month, on.day), entered_by=house.finance2, actor=house.finance
        )

    return book


def debtor_of(case) -> str:
    return case.parties.filter(side="DEBTOR").order_by("position").first().name


def claim(line, case, actor=None) -> LineClaim:
    return services.claim_line(line, case, ground="来电确认", at=AT, actor=actor or case.owner)


ALL = {"THIRD_PARTY": "其子代付", "SPLIT": "按约分两笔", "OWN_PAYEE": "退回误付", "ROUND_TRIP": "退回误付"}


class TestTwoPeople:
    def test_claimed_by_one_and_checked_by_another_it_keeps_its_arrival_day(self, house, case, arrive):
        line = arrive(payer=debtor_of(case))
        row = claim(line, case)
        line.refresh_from_db()
        assert line.state == "UNIDENTIFIED"
        assert statement_of(case).balance == 0
        receipt = services.confirm_claim(row, at=moment(2021, 9, 20), actor=house.finance)
        row.refresh_from_db()
        assert (row.state, row.receipt, row.claimed_by, row.checked_by) == (
            "CONFIRMED",
            receipt,
            case.owner,
            house.finance,
        )
        assert (str(receipt.arrived_on), str(receipt.due_on)) == ("2021-09-10", "2021-09-26")
        assert statement_of(case).balance == Decimal("100.00")
        verbs = [event.verb for event in Event.objects.of_chain(f"case:{case.pk}").order_by("seq")][-3:]
        assert verbs == ["claim_line", "receive", "confirm_claim"]

    def test_finance_never_checks_its_own_claim(self, house, case, arrive):
        row = claim(arrive(payer=debtor_of(case)), case, house.finance)
        with pytest.raises(Refused, match="认领人以外"):
            services.confirm_claim(row, at=AT, actor=house.finance)
        with pytest.raises(Refused, match="认领人以外"):
            services.refuse_claim(row, note="错", at=AT, actor=house.finance)
        with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
            LineClaim.objects.filter(pk=row.pk).update(checked_by=house.finance)
        services.confirm_claim(row, at=AT, actor=house.finance2)

    def test_who_may(self, house, case, arrive):
        line = arrive(payer=debtor_of(case))
        for actor in (house.chief, house.window_clerk, house.assistant):
            with pytest.raises(PermissionDenied):
                claim(line, case, actor)
        stranger = next(judge for judge in (house.judge, house.judge2, house.judge3) if judge != case.judge)
        with pytest.raises(PermissionDenied):
            claim(line, case, stranger)
        row = claim(line, case)
        with pytest.raises(PermissionDenied):
            services.confirm_claim(row, at=AT, actor=case.judge)
        with pytest.raises(PermissionDenied):
            services.withdraw_claim(row, at=AT, actor=house.finance)

    def test_one_claim_at_a_time_and_refused_or_withdrawn_it_is_free_again(self, house, case, arrive):
        line = arrive(payer=debtor_of(case))
        row = claim(line, case)
        with pytest.raises(Refused, match="已有人认领"):
            claim(line, case, case.judge)
        services.withdraw_claim(row, at=AT, actor=case.owner)
        again = claim(line, case, case.judge)
        with pytest.raises(Refused, match="原因"):
            services.refuse_claim(again, note=" ", at=AT, actor=house.finance)
        services.refuse_claim(again, note="凭证不足", at=AT, actor=house.finance)
        third = claim(line, case)
        services.confirm_claim(third, at=AT, actor=house.finance)
        with pytest.raises(Refused, match="已归案"):
            claim(line, case)
        for ended in (row, again, third):
            with pytest.raises(Refused, match="已办结"):
                services.confirm_claim(ended, at=AT, actor=house.finance2)

    def test_taking_back_needs_a_third_of_finance_when_finance_claimed(self, house, case, arrive):
        row = claim(arrive(payer=debtor_of(case)), case, house.finance)
        receipt = services.confirm_claim(row, at=AT, actor=house.finance2)
        for actor in (house.finance, house.finance2):
            with pytest.raises(Refused, match="核对人以外"):
                services.unidentify(receipt, reason="错", at=AT, actor=actor)

    def test_the_database_knows_no_identified_money_without_a_claim(self, house, case, arrive):
        line = arrive()
        given = {"amount": line.amount, "arrived_on": line.value_on, "due_on": line.value_on, "received_at": AT}

        def write() -> None:
            Receipt.objects.create(case=case, bank_line=line, identified_by=house.finance, **given)
            connection.check_constraints()

        with pytest.raises(IntegrityError, match="another person checked"), transaction.atomic():
            write()
        row = claim(line, case)
        with pytest.raises(IntegrityError), transaction.atomic():
            LineClaim.objects.filter(pk=row.pk).update(ground="别的")
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()


class TestOddities:
    def test_each_question_is_answered_before_the_money_moves(self, house, case, arrive):
        arrive("X2", "60.00", payer="代付人")
        line = arrive("X1", "40.00", payer="代付人", on=dt.date(2021, 9, 11))
        row = claim(line, case)
        codes = [question.code for question in questions([(line, case)])[line.pk]]
        assert codes == ["THIRD_PARTY", "SPLIT"]
        with pytest.raises(Refused) as refusal:
            services.confirm_claim(row, answers={"THIRD_PARTY": "其子代付"}, at=AT, actor=house.finance)
        assert "100.00" in str(refusal.value)
        services.confirm_claim(row, answers=ALL, at=AT, actor=house.finance)
        assert list(OddityAnswer.objects.order_by("id").values_list("code", flat=True)) == codes
        with pytest.raises(IntegrityError), transaction.atomic():
            OddityAnswer.objects.update(answer="改")

    def test_money_that_came_by_the_account_number_is_asked_about_too(self, house, case, login):
        line = BankLineData("M1", AT.date(), Decimal("9.00"), "陌生人", virtual_number=case.escrow.number)
        line = services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance)
        assert [row[0] for row in claimpages.odd_lines(house.finance, today=AT.date())] == [line]
        with pytest.raises(Refused, match="没有这一疑点"):
            services.answer_oddity(line, code="SPLIT", answer="无", at=AT, actor=house.finance)
        with pytest.raises(PermissionDenied):
            services.answer_oddity(line, code="THIRD_PARTY", answer="无", at=AT, actor=case.owner)
        services.answer_oddity(line, code="THIRD_PARTY", answer="其兄代付", at=AT, actor=house.finance)
        assert claimpages.odd_lines(house.finance, today=AT.date()) == []

    def test_what_a_payer_pays_into_another_case_is_no_split(self, house, case, arrive):
        other = kept.running_case(house)
        into = BankLineData(
            "O1", dt.date(2021, 9, 10), Decimal("9.00"), debtor_of(case), virtual_number=other.escrow.number
        )
        services.arrive(into, at=AT, entered_by=house.finance2, actor=house.finance)
        line = arrive(payer=debtor_of(case))
        assert questions([(line, case)])[line.pk] == []
        arrive("X2", payer=debtor_of(case))
        assert [question.code for question in questions([(line, case)])[line.pk]] == ["SPLIT"]

    def test_money_that_goes_round_is_asked_about(self, house, case, arrive):
        factories.deposit(house, case, "500.00", serial="S1", at=AT)
        factories.payout(house, case, "500.00", reference="P1", at=AT)
        payee = case.parties.get(side="APPLICANT", position=1).name
        line = arrive("X9", "500.00", payer=payee, on=dt.date(2021, 9, 14))
        codes = {question.code for question in questions([(line, case)])[line.pk]}
        assert codes == {"OWN_PAYEE", "ROUND_TRIP"}


class TestAnotherCasesNumber:
    """The remark names one case, the claim another: a question in red, answered with a reason."""

    @pytest.fixture
    def named(self, house, case) -> Case:
        return kept.running_case(house)

    def test_it_is_asked_in_red_and_nothing_moves_without_a_reason(self, house, case, named, arrive, login):
        remark = f"付{named.number.replace('(', '（').replace(')', '）')}案款"
        line = arrive(payer=debtor_of(case), remark=remark)
        row = claim(line, case)
        (question,) = questions([(line, case)])[line.pk]
        assert (question.code, question.is_red) == ("OTHER_CASE", True)
        assert named.number in question.words
        assert case.number in question.words
        client = login(house.finance)
        listed = client.get(reverse("accounts:unidentified")).content.decode()
        assert f'<div class="error">{question.words}' in listed
        assert f"{case.owner.name} 2021-09-13" in listed
        page = client.get(reverse("accounts:line_claim", args=[row.pk])).content.decode()
        assert f'<div class="error">{question.words}' in page
        confirm = reverse("accounts:confirm_claim", args=[row.pk])
        assert client.post(confirm, {"note": "看过"}).status_code == 422
        with pytest.raises(Refused, match="附言写明案号"):
            services.confirm_claim(row, at=AT, actor=house.finance)
        assert client.post(confirm, {"answer_OTHER_CASE": "付款人来函说明写错案号"}).status_code == 302
        assert OddityAnswer.objects.get().answer == "付款人来函说明写错案号"
        lines = client.get(reverse("accounts:bank_lines")).content.decode()
        assert f"{case.owner.name} 2021-09-13" in lines

    def test_an_answer_for_one_case_is_none_for_the_next(self, house, case, named, arrive):
        third = kept.running_case(house)
        line = arrive(payer=debtor_of(case), remark=f"{named.number}案款")
        told = {"OTHER_CASE": "写错案号"}
        receipt = services.confirm_claim(claim(line, case), answers=told, at=AT, actor=house.finance)
        services.unidentify(receipt, reason="错", at=AT, actor=house.finance2)
        again = claim(line, third)
        with pytest.raises(Refused, match="附言写明案号"):
            services.confirm_claim(again, answers=ALL, at=AT, actor=house.finance)

    def test_its_own_number_or_a_judgments_is_no_question(self, case, named, arrive):
        both = f"{case.number}、{named.number}"
        for turn, remark in enumerate([case.number, both, "(2021)内0302民初15号", "2021年9月执行款"]):
            line = arrive(f"N{turn}", f"{turn + 1}.00", payer=debtor_of(case), remark=remark)
            asked = [question.code for question in questions([(line, case)])[line.pk]]
            assert "OTHER_CASE" not in asked

    def test_a_number_without_brackets_counts_too(self, case, named, arrive):
        line = arrive(payer=debtor_of(case), remark=named.number.replace("(", "").replace(")", ""))
        assert [question.code for question in questions([(line, case)])[line.pk]] == ["OTHER_CASE"]

    def test_money_that_came_by_the_account_number_is_asked_about_too(self, house, case, named):
        into = {"virtual_number": case.escrow.number, "remark": named.number}
        line = BankLineData("M1", AT.date(), Decimal("9.00"), debtor_of(case), **into)
        line = services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance)
        ((row, _case, asked),) = claimpages.odd_lines(house.finance, today=AT.date())
        assert (row, [question.code for question in asked]) == (line, ["OTHER_CASE"])
        services.answer_oddity(line, code="OTHER_CASE", answer="并案执行", at=AT, actor=house.finance)
        assert claimpages.odd_lines(house.finance, today=AT.date()) == []


class TestSuggestions:
    def test_payer_remark_number_and_amount_each_with_its_reason(self, house, case, arrive):
        debtor = debtor_of(case)
        rows = {
            "P": (arrive("P", payer=debtor), "付款人是被执行人"),
            "R": (arrive("R", remark=f"代{debtor}付款"), "附言写有被执行人"),
            "N": (arrive("N", remark=f"还{case.number.replace('(', '（').replace(')', '）')}款"), "附言写有案号"),
            "A": (arrive("A", amount=str(case.amount_claimed)), "金额与应付款相同"),
        }
        found = suggestions([line for line, _reason in rows.values()], house.finance)
        for line, reason in rows.values():
            assert [(row.case, row.reasons) for row in found[line.pk]] == [(case, [reason])]
        assert suggestions([arrive("Z", amount="1.23")], house.finance)[BankLine.objects.latest("id").pk] == []

    def test_constant_queries(self, house, case, arrive, django_assert_max_num_queries):
        lines = [arrive(f"Q{turn}", payer=debtor_of(case), remark=f"{case.number}执行款") for turn in range(12)]
        with django_assert_max_num_queries(6):
            suggestions(lines, house.finance)

    def test_others_see_only_what_points_to_their_cases_or_what_they_were_told_of(self, house, case, arrive):
        own, told = arrive("P", payer=debtor_of(case)), arrive("T", "88.00", payer="代付人甲")
        assert list(claimpages.lines_for(case.owner)) == [own]
        wrong = FindLine({"payer": "代付人甲", "amount": "88.01"})
        assert list(claimpages.lines_for(case.owner, wrong)) == [own]
        right = FindLine({"payer": "代付人甲", "amount": "88.00"})
        assert list(claimpages.lines_for(case.owner, right)) == [own, told]
        assert list(claimpages.lines_for(house.finance)) == [own, told]


class TestPages:
    def test_an_officer_claims_what_he_was_told_of_and_finance_checks(self, house, case, arrive, login):
        line = arrive("T", "88.00", payer="代付人甲")
        officer, finance = login(case.owner), login(house.finance)
        page = reverse("accounts:claim_line", args=[line.pk])
        assert officer.get(page).status_code == 404
        asked = f"{page}?payer=代付人甲&amount=88.00"
        assert officer.get(asked).status_code == 200
        typed = officer.post(asked, {"number": case.number, "ground": ""})
        assert typed.status_code == 422
        assert case.number in typed.content.decode()
        assert officer.post(asked, {"number": case.number, "ground": "来电确认"}).status_code == 302
        row = LineClaim.objects.get()
        own = reverse("accounts:line_claim", args=[row.pk])
        assert "撤回认领" in officer.get(own).content.decode()
        assert own in finance.get("/").content.decode()
        confirm = reverse("accounts:confirm_claim", args=[row.pk])
        wrong = finance.post(confirm, {"note": "已核对凭证原件"})
        assert wrong.status_code == 422
        assert "已核对凭证原件" in wrong.content.decode()
        assert finance.post(confirm, {"answer_THIRD_PARTY": "其子代付", "note": "已核对"}).status_code == 302
        told = finance.get(own).content.decode()
        assert "其子代付" in told
        assert house.finance.name in told

    def test_refusing_says_why_and_a_question_is_answered_on_its_page(self, house, case, arrive, login):
        row = claim(arrive(payer=debtor_of(case)), case)
        finance = login(house.finance)
        refuse = reverse("accounts:refuse_claim", args=[row.pk])
        assert finance.post(refuse, {}).status_code == 422
        assert finance.post(refuse, {"usual": "应归另案"}).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.answer_note) == ("REFUSED", "应归另案")
        data = BankLineData("M1", AT.date(), Decimal("9.00"), "陌生人", virtual_number=case.escrow.number)
        line = services.arrive(data, at=AT, entered_by=house.finance2, actor=house.finance)
        answer = reverse("accounts:answer_oddity", args=[line.pk])
        assert finance.post(answer, {"code": "THIRD_PARTY", "answer": ""}).status_code == 422
        assert finance.post(answer, {"code": "NONE", "answer": "无"}).status_code == 422
        assert finance.post(answer, {"code": "THIRD_PARTY", "answer": "其兄代付"}).status_code == 302
        assert OddityAnswer.objects.get().answer == "其兄代付"
