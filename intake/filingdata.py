"""What the small forms of a filing say, as the case file takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.payees import PayeeData
from bureau.money import yuan
from cases.filing import BasisData, ClaimData, FilingData, PartyData
from cases.models import Claim, Party

Row = Mapping[str, Any]
PARTY = ("kind", "name", "id_number", "id_kind", "phone", "address", "legal_representative")
CLAIM = ("kind", "amount", "base", "rate", "from_on", "is_doubled", "note")
NOT_MONEY = (Claim.Kind.ACT, Claim.Kind.DELIVERY)
PERFORMED = (
    "申请执行人立案时陈述：申请前已履行 %(amount)s 元%(note)s。请核对执行请求是否已扣除；有凭据的，登记为自行履行。"
)


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
        performed=performed_of(basis),
        clues=basis["clues"],
        entered_number=basis["entered_number"],
    )


def _claim(row: Row) -> ClaimData:
    amount = None if row["kind"] in NOT_MONEY else row["amount"]
    return ClaimData(**{name: row[name] for name in CLAIM} | {"amount": amount})


@dataclass(frozen=True, slots=True)
class AddressData:
    """Where an applicant confirms that he may be served, and whether electronically."""

    address: str
    has_e_consent: bool = False
    e_address: str = ""
    has_ruling_consent: bool = False


@dataclass(frozen=True, slots=True)
class AgentData:
    """An agent of the applicant at that position; `given` is what cases.add_agent takes of him."""

    applicant: int
    given: Mapping[str, Any]


def addresses_of(applicants: Iterable[Row]) -> dict[int, AddressData]:
    """Return the confirmed addresses of service by position of the applicant."""
    return {
        position: AddressData(
            row["service_address"],
            bool(row.get("has_e_consent")),
            row.get("e_address", ""),
            bool(row.get("has_ruling_consent")),
        )
        for position, row in enumerate(applicants, start=1)
        if row.get("service_address")
    }


def agents_of(rows: Iterable[Row]) -> list[AgentData]:
    """Return the agents that were written down."""
    found = []
    for row in rows:
        if row:
            given = {name: value for name, value in row.items() if name != "applicant"}
            found.append(AgentData(row.get("applicant") or 1, given))
    return found


def performed_of(basis: Row) -> str:
    """Return in words what was performed before, if anything; what is kept stays Chinese."""
    if not basis.get("performed"):
        return ""
    note = basis.get("performed_note", "").strip()
    told = {"amount": yuan(basis["performed"]), "note": f"（{note}）" if note else ""}
    return PERFORMED % told


def payees_of(applicants: Iterable[Row]) -> dict[int, PayeeData]:
    """Return the confirmed accounts by position of the applicant, who is the holder."""
    return {
        position: PayeeData(row["name"], row["account"], row["bank_name"], row["bank_code"])
        for position, row in enumerate(applicants, start=1)
        if row.get("account")
    }
