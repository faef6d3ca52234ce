"""Checks a filing that comes as data by the very forms of the filing page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from accounts.payees import PayeeData
from bureau.wording import Form
from cases.filing import FilingData
from cases.filingforms import NewClaimForm, PartyForm
from intake.filingdata import AddressData, addresses_of, filing_data, payees_of
from intake.forms import ApplicantForm, BasisForm


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
            "claims": [NewClaimForm(row) for row in self.claims],
        }

    def wrong(self) -> Iterator[Wrong]:
        """Yield everything that is wrong in any field, not only the first."""
        for part, forms in self.forms.items():
            for index, form in enumerate(forms):
                for name, reasons in form.errors.items():
                    # The account is typed once here: what its repetition says, the account says.
                    if name != "account_again":
                        yield from (Wrong(part, index, name, str(reason)) for reason in reasons)

    def fields(self) -> dict[str, list[str]]:
        """Return it as the filing page would post it."""
        rows = {name: [str(text)] for name, text in self.basis.items()}
        for part in ("applicants", "debtors", "claims"):
            for index, row in enumerate(getattr(self, part)):
                rows |= {f"{part}-{index}-{name}": [str(text)] for name, text in row.items()}
        return rows

    def filing(self, window_code: str) -> FilingData:
        """Return what the case file needs; only where nothing is wrong."""
        rows = {part: [form.cleaned_data for form in forms] for part, forms in self.forms.items()}
        return filing_data(
            rows["basis"][0], rows["applicants"], rows["debtors"], rows["claims"], window_code=window_code
        )

    def addresses(self) -> dict[int, AddressData]:
        """Return the confirmed addresses of service by position of the applicant."""
        return addresses_of(form.cleaned_data for form in self.forms["applicants"])

    def payees(self) -> dict[int, PayeeData]:
        """Return the accounts by position of the applicant."""
        return payees_of(form.cleaned_data for form in self.forms["applicants"])
