"""What the small forms of a filing say, as the case file takes it."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.payees import PayeeData
from cases.filing import BasisData, ClaimData, FilingData, PartyData
from cases.models import Claim, Party

Row = Mapping[str, Any]
PARTY = ("kind", "name", "id_number", "id_kind", "phone", "address", "legal_representative")
CLAIM = ("kind", "amount", "base", "rate", "from_on", "is_doubled", "note")
NOT_MONEY = (Claim.Kind.ACT, Claim.Kind.DELIVERY)


def filing_data(
    basis: Row, applicants: Iterable[Row], debtors: Iterable[Row], claims: Iterable[Row], *, window_code: str
) -> FilingData:
    """Return what the case file needs, from the cleaned values of each form."""
    sides = ((Party.Side.APPLICANT, applicants), (Party.Side.DEBTOR, debtors))
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
        parties=tuple(
            PartyData(side=side, **{name: row[name] for name in PARTY}) for side, rows in sides for row in rows
        ),
        claims=tuple(_claim(row) for row in claims),
        cause=basis["cause"],
        clues=basis["clues"],
        entered_number=basis["entered_number"],
    )


def _claim(row: Row) -> ClaimData:
    amount = None if row["kind"] in NOT_MONEY else row["amount"]
    return ClaimData(**{name: row[name] for name in CLAIM} | {"amount": amount})


def payees_of(applicants: Iterable[Row]) -> dict[int, PayeeData]:
    """Return the confirmed accounts by position of the applicant, who is the holder."""
    return {
        position: PayeeData(row["name"], row["account"], row["bank_name"], row["bank_code"])
        for position, row in enumerate(applicants, start=1)
        if row.get("account")
    }
