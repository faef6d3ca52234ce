"""Each lock under real threads, all let go at once."""

from decimal import Decimal

import pytest

from accounts import books, services
from accounts.bank import BankLineData
from accounts.models import Account, BankLine, LineClaim, PayeeAccount, Payout, Transfer
from bureau.errors import Refused
from cases.models import Case
from tests import factories, kept
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 20)


@pytest.fixture
def paid_case(transactional_db):
    """The bureau and a case with 1,000 in escrow, committed."""
    house = factories.House.build()
    case = kept.running_case(house)
    factories.deposit(house, case, "1000.00", serial="S1")
    return house, Case.objects.get(pk=case.pk)


def test_thirty_two_requests_race_for_ten_payments_worth_of_money(paid_case):
    _house, case = paid_case
    payee, owner = PayeeAccount.objects.get(party__case=case), case.owner

    def ask(number: int) -> Payout:
        return services.request_payout(
            case, payee=payee, amount=Decimal("100.00"), calculation="本金", reference=f"P{number}", at=AT, actor=owner
        )

    answers = race([lambda number=number: ask(number) for number in range(32)])
    assert sum(isinstance(answer, Payout) for answer in answers) == 10
    assert sum(isinstance(answer, Refused) for answer in answers) == 22


def test_thirty_two_payments_of_many_kinds_race_on_one_account(paid_case):
    house, case = paid_case
    target = Case.objects.get(pk=kept.running_case(house).pk)
    kinds = [factories.other_payee(house, case, kind) for kind in ("COURT", "TREASURY", "COST")]
    absent, owner, paper = case.parties.get(side="APPLICANT"), case.owner, factories.paper(case)

    def ask(number: int) -> Payout:
        given = {"amount": Decimal("90.00"), "calculation": "x", "reference": f"K{number}", "at": AT, "actor": owner}
        if number % 5 == 3:
            return services.request_move(case, target=target, paper=paper, **given)
        if number % 5 == 4:
            return services.deposit_absent(case, absent=absent, paper=paper, **given)
        return services.request_payout(case, payee=kinds[number % 5], **given)

    answers = race([lambda number=number: ask(number) for number in range(32)])
    granted = [answer for answer in answers if isinstance(answer, Payout)]
    assert len(granted) == 11  # 990 of 1,000: exactly what fits
    assert sum(isinstance(answer, Refused) for answer in answers) == 21
    for row in granted:
        factories.paid(house, row, until="APPROVED", at=AT)
    # Two clerks for each, at the same instant: every payment leaves once, and the account never goes below zero.
    clerks = [house.finance, house.finance2]
    pays = [
        lambda row=row, clerk=clerk: services.pay_payout(row, at=AT, actor=clerk) for row in granted for clerk in clerks
    ]
    answers = race(pays)
    assert sum(isinstance(answer, Payout) for answer in answers) == 11
    assert Account.objects.get(case=case).balance == Decimal("10.00")
    assert books.faults() == []


def test_opposite_moves_wait_for_each_other_in_turn(paid_case):
    house, case = paid_case
    target = Case.objects.get(pk=kept.running_case(house).pk)
    factories.deposit(house, target, "1000.00", serial="S2")
    rows = [
        factories.move(house, *pair, "100.00", reference=f"M{pair[0].pk}-{turn}", until="APPROVED")
        for turn in range(4)
        for pair in ((case, target), (target, case))
    ]
    answers = race([lambda row=row: services.pay_payout(row, at=AT, actor=house.finance) for row in rows])
    assert {type(answer) for answer in answers} == {Payout}
    assert books.faults() == []


def test_two_clerks_pay_the_same_payout(paid_case):
    house, case = paid_case
    row = factories.payout(house, case, "1000.00", reference="P1", until="APPROVED")
    clerks = (house.finance, house.finance2)
    answers = race([lambda clerk=clerk: services.pay_payout(row, at=AT, actor=clerk) for clerk in clerks])
    assert sorted(type(answer).__name__ for answer in answers) == ["Payout", "Refused"]
    assert Account.objects.get(case=case).balance == 0
    assert Transfer.objects.filter(purpose="PAYOUT").count() == 1


@pytest.mark.parametrize("is_matched", [True, False])
def test_same_serial_arrives_eight_times_at_once(paid_case, is_matched):
    house, case = paid_case
    number = case.escrow.number if is_matched else ""
    line = BankLineData("S2", AT.date(), Decimal("5.00"), "某公司", virtual_number=number)
    answers = race([lambda: services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance)] * 8)
    assert {type(answer) for answer in answers} == {BankLine}
    assert len({answer.pk for answer in answers}) == 1
    assert Transfer.objects.filter(reference="IN-S2").count() == 1


def test_two_confirm_the_same_change_while_a_payout_is_asked_for(paid_case):
    house, case = paid_case
    old = PayeeAccount.objects.get(party__case=case)
    change = factories.payee_change(case, house.window_clerk, side="APPLICANT")
    confirmers = [
        lambda who=who: services.confirm_payee_change(
            change, number=change.number, **factories.CALLED, at=AT, actor=who
        )
        for who in _both(house)
    ]

    def ask() -> Payout:
        return services.request_payout(
            case, payee=old, amount=Decimal("1.00"), calculation="本金", reference="P", at=AT, actor=case.owner
        )

    answers = race([*confirmers, ask])
    assert sorted(type(answer).__name__ for answer in answers[:2]) == ["PayeeAccount", "Refused"]
    assert isinstance(answers[2], Refused)
    assert PayeeAccount.objects.live().get(party__case=case) == change


def test_money_is_taken_back_while_it_is_asked_for(paid_case):
    house, case = paid_case
    line = services.arrive(
        BankLineData("X1", AT.date(), Decimal("9.00"), "某公司"), at=AT, entered_by=house.finance2, actor=house.finance
    )
    receipt = factories.identify(line, case, at=AT, by=case.owner, checker=house.finance)
    payee = PayeeAccount.objects.get(party__case=case)

    def ask() -> Payout:
        return services.request_payout(
            case, payee=payee, amount=Decimal("1009.00"), calculation="本金", reference="P", at=AT, actor=case.owner
        )

    answers = race([ask, *[lambda: services.unidentify(receipt, reason="错", at=AT, actor=house.finance2)] * 2])
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert {type(answer) for answer in answers if isinstance(answer, Exception)} == {Refused}


def _both(house):
    return house.finance, house.finance2


def test_a_payment_comes_back_by_two_lines_and_an_answer_of_the_bank_at_once(paid_case):
    house, case = paid_case
    payout = factories.payout(house, case, "300.00", reference="P1", until="SENT", at=AT)

    def send_back(serial: str) -> BankLine:
        line = BankLineData(serial, AT.date(), Decimal("300.00"), "某银行", remark="退票 P1")
        return services.arrive(line, at=AT, entered_by=house.finance2, actor=house.finance)

    def answer() -> Payout:
        return services.confirm_payout(payout, paid_on=AT.date(), at=AT, actor=house.finance)

    jobs = [lambda serial=serial: send_back(serial) for serial in ("R1", "R1", "R1", "R2")]
    answers = race([*jobs, answer])
    assert all(isinstance(each, BankLine | Payout | Refused) for each in answers)
    payout.refresh_from_db()
    assert (payout.state, BankLine.objects.filter(returns=payout).count()) == ("BOUNCED", 1)
    assert Account.objects.get(case=case).balance == Decimal("1000.00")
    assert books.faults() == []


def test_eight_claims_for_two_cases_race_on_one_line(paid_case):
    house, case = paid_case
    other = Case.objects.get(pk=kept.running_case(house).pk)
    line = services.arrive(
        BankLineData("X1", AT.date(), Decimal("9.00"), "某公司"), at=AT, entered_by=house.finance2, actor=house.finance
    )
    people = [(case, case.owner), (case, case.judge), (other, other.judge), (other, house.finance)]
    jobs = [
        lambda to=to, who=who: services.claim_line(line, to, ground="来电确认", at=AT, actor=who)
        for to, who in people * 2
    ]
    answers = race(jobs)
    assert sum(isinstance(answer, LineClaim) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 7
    assert LineClaim.objects.count() == 1


def test_a_claim_is_confirmed_by_two_refused_and_withdrawn_at_once(paid_case):
    house, case = paid_case
    line = services.arrive(
        BankLineData("X1", AT.date(), Decimal("9.00"), "某公司"), at=AT, entered_by=house.finance2, actor=house.finance
    )
    claim = services.claim_line(line, case, ground="来电确认", at=AT, actor=case.owner)
    answered = {"THIRD_PARTY": "其子代付"}
    confirms = [
        lambda who=who: services.confirm_claim(claim, answers=answered, at=AT, actor=who)
        for who in (house.finance, house.finance2)
    ]
    others = [
        lambda: services.refuse_claim(claim, note="不符", at=AT, actor=house.finance),
        lambda: services.withdraw_claim(claim, at=AT, actor=case.owner),
    ]
    answers = race([*confirms, *others])
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, Refused) for answer in answers if isinstance(answer, Exception))
    claim.refresh_from_db()
    assert claim.state != "CLAIMED"
    assert Transfer.objects.filter(purpose="IDENTIFY").count() == (claim.state == "CONFIRMED")
