"""Checks a filing that comes as data by the very forms of the filing page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from accounts.payees import PayeeData
from bureau.wording import Form
from cases.filing import BasisData, ClaimData, FilingData, PartyData
from cases.filingforms import ClaimForm, PartyForm
from cases.models import Claim, Party
from intake.forms import ApplicantForm, BasisForm

PARTY = ("kind", "name", "id_number", "id_kind", "phone", "address", "legal_representative")
CLAIM = ("kind", "amount", "base", "rate", "from_on", "is_doubled", "note")


class Wrong(NamedTuple):
    """What is wrong: in which part, at which place of it, in which field."""

    part: str
    place: int
    field: str
    reason: str


@dataclass
class Draft:
    """One filing as text by field, as a page would have posted it."""

    today: dt.date
    basis: dict[str, Any] = field(default_factory=dict)
    applicants: list[dict[str, Any]] = field(default_factory=list)
    debtors: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def forms(self) -> dict[str, list[Form]]:
        """Return the forms of each part, filled."""
        again = [{**row, "account_again": row.get("account", "")} for row in self.applicants]
        return {
            "basis": [BasisForm(self.basis, today=self.today)],
            "applicants": [ApplicantForm(row, today=self.today) for row in again],
            "debtors": [PartyForm(row, today=self.today) for row in self.debtors],
            "claims": [ClaimForm(row) for row in self.claims],
        }

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong in any field, not only the first."""
        for part, forms in self.forms.items():
            for index, form in enumerate(forms):
                for name, reasons in form.errors.items():
                    # The account is typed once here: what its repetition says, the account says.
                    if name != "account_again":
                        yield from (Wrong(part, index, name, str(reason)) for reason in reasons)

    def filing(self, window_code: str) -> FilingData:
        """Return what the case file needs; only where nothing is wrong."""
        basis = self.forms["basis"][0].cleaned_data
        sides = ((Party.Side.APPLICANT, "applicants"), (Party.Side.DEBTOR, "debtors"))
        return FilingData(
            court_code=basis["court"].code,
            window_code=window_code,
            basis=BasisData(
                kind=basis["basis_kind"],
                issuer=basis["basis_issuer"],
                number=basis["basis_number"],
                made_on=basis["basis_made_on"],
                effective_on=basis["basis_effective_on"],
                performance_due_on=basis["performance_due_on"],
                title=basis["basis_title"],
            ),
            parties=tuple(_party(side, form.cleaned_data) for side, part in sides for form in self.forms[part]),
            claims=tuple(_claim(form.cleaned_data) for form in self.forms["claims"]),
            cause=basis["cause"],
            clues=basis["clues"],
            entered_number=basis["entered_number"],
        )

    def payees(self) -> dict[int, PayeeData]:
        """Return the accounts by position of the applicant, who is the holder."""
        rows = enumerate((form.cleaned_data for form in self.forms["applicants"]), start=1)
        return {
            position: PayeeData(row["name"], row["account"], row["bank_name"], row["bank_code"])
            for position, row in rows
            if row.get("account")
        }


def _party(side: str, row: dict[str, Any]) -> PartyData:
    return PartyData(side=side, **{name: row[name] for name in PARTY})


def _claim(row: dict[str, Any]) -> ClaimData:
    amount = None if row["kind"] in (Claim.Kind.ACT, Claim.Kind.DELIVERY) else row["amount"]
    return ClaimData(**{name: row[name] for name in CLAIM} | {"amount": amount})
