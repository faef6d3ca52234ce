"""Filing whole or not at all, sixteen at once, and the warnings in the domain's words."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account, PayeeAccount
from accounts.payees import PayeeData
from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from intake import codes, services
from intake.models import LookupCode
from intake.warnings import filing_warnings
from tests import factories
from tests.at_once import race

AT = factories.moment(2021, 9, 1)
THREADS = 16
TODAY = AT.date()
POSTED = {"without_reception": factories.BY_POST}


def warned(**changes):
    return {warning.code for warning in filing_warnings(factories.filing(**changes), on=TODAY)}


class TestFileCase:
    def test_another_windows_filing_is_refused(self, house):
        with pytest.raises(PermissionDenied):
            services.file_case(factories.filing(window_code="W3"), **POSTED, at=AT, actor=house.window_clerk)

    def test_a_wrong_payee_leaves_nothing_behind(self, house):
        payees = {1: PayeeData("李四", "6222020200112230004", "中国银行")}
        with pytest.raises(Refused, match="户名"):
            services.file_case(factories.filing(), payees=payees, **POSTED, at=AT, actor=house.window_clerk)
        assert not Case.objects.exists()
        assert not Account.objects.filter(kind="ESCROW").exists()
        assert factories.file_case(house).case.seq == 1

    def test_a_payee_of_nobody_is_refused(self, house):
        payees = {2: PayeeData("张安然", "6222020200112230004", "中国银行")}
        with pytest.raises(Refused, match="没有对应"):
            services.file_case(factories.filing(), payees=payees, **POSTED, at=AT, actor=house.window_clerk)

    def test_events_hold_no_personal_number_and_no_code(self, house):
        filed = factories.file_case(house)
        text = " ".join(Event.objects.of_chain(f"case:{filed.case.pk}").values_list("details", flat=True))
        plain = filed.code.replace("-", "")
        for secret in ("11010519491231002X", "13800001234", "6222020200112230004", "张安然", filed.code, plain):
            assert secret not in text
        assert PayeeAccount.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_sixteen_at_once_leave_no_gap_no_double_and_one_account_each(self, house):
        clerk = house.window_clerk
        jobs = [lambda: services.file_case(factories.filing(), **POSTED, at=AT, actor=clerk).case.pk] * THREADS
        pks = race(jobs)
        filed = Case.objects.filter(pk__in=pks)
        assert sorted(filed.values_list("seq", flat=True)) == list(range(1, THREADS + 1))
        assert filed.values("number").distinct().count() == THREADS
        accounts = Account.objects.filter(case__in=filed)
        assert accounts.count() == accounts.values("number").distinct().count() == THREADS
        assert LookupCode.objects.values("code_hmac").distinct().count() == THREADS


class TestCodes:
    @given(st.text(alphabet=codes.ALPHABET, min_size=16, max_size=16))
    def test_spelling_does_not_matter(self, plain):
        typed = "-".join(plain[at : at + 4] for at in range(0, 16, 4)).lower().replace("0", "o").replace("1", "l")
        assert codes.code_hmac(f" {typed} ") == codes.code_hmac(plain)


class TestWarnings:
    def test_a_plain_filing_has_none(self, db):
        assert warned() == set()

    @pytest.mark.parametrize(
        ("due", "is_late"),
        [(dt.date(2019, 9, 1), False), (dt.date(2019, 8, 31), True), (dt.date(2020, 2, 29), False)],
    )
    def test_two_years_from_the_last_day_of_performance(self, db, due, is_late):
        basis = dataclasses.replace(factories.filing().basis, performance_due_on=due)
        assert ("LATE" in warned(basis=basis)) is is_late

    def test_what_is_not_yet_due_or_effective(self, db):
        basis = factories.filing().basis
        assert warned(basis=dataclasses.replace(basis, effective_on=None)) == {"EFFECTIVE"}
        assert warned(basis=dataclasses.replace(basis, performance_due_on=dt.date(2021, 12, 1))) == {"PERFORMANCE"}

    def test_identities(self, db):
        applicant, debtor = factories.filing().parties
        assert warned(parties=(applicant, dataclasses.replace(debtor, kind="PERSON"))) == {"KIND"}
        assert warned(parties=(applicant, dataclasses.replace(debtor, id_number=""))) == {"IDENTITY"}
        assert warned(parties=(applicant, dataclasses.replace(applicant, side="DEBTOR"))) == {"BOTH_SIDES"}

    def test_arithmetic(self, db):
        [principal] = factories.filing().claims
        interest = dataclasses.replace(principal, kind="INTEREST", amount=Decimal("10.00"))
        assert warned(claims=(principal, interest)) == {"ARITHMETIC"}
        assert warned(claims=(principal, principal)) == {"ARITHMETIC"}
        full = dataclasses.replace(interest, rate="LPR", from_on=dt.date(2021, 1, 1))
        assert warned(claims=(principal, full)) == set()

    def test_a_closed_case_on_the_same_paper_hints_at_revival(self, house):
        case = factories.into_stream(house, factories.file_case(house, amount=Decimal("100.00")).case)
        factories.deposit(house, case, "100.00", serial="S1")
        factories.payout(house, case, "100.00", reference="P1")
        factories.close(house, case, at=factories.moment(2021, 9, 28))
        [warning] = filing_warnings(factories.filing(), on=dt.date(2021, 9, 29))
        assert "执恢" in warning.text

    def test_an_unrelated_case_on_the_same_paper_is_silent(self, house):
        factories.file_case(house)
        others = tuple(
            dataclasses.replace(party, name=f"{number}号某某厂", id_number="", kind="ORGANISATION")
            for number, party in enumerate(factories.filing().parties)
        )
        assert warned(parties=others) == {"IDENTITY"}
