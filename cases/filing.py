"""What a window hands in when it files a case: plain data, validated by the form or the importer before."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PartyData:
    """One applicant or debtor; numbers in canonical form (bureau.identity)."""

    side: str  # Party.Side
    kind: str  # Party.Kind
    name: str
    id_number: str = ""  # resident ID or USCC
    id_kind: str = ""  # Party.IdKind
    phone: str = ""
    address: str = ""
    legal_representative: str = ""


@dataclass(frozen=True, slots=True)
class ClaimData:
    """One claim item; amount in yuan, None for an act or a thing."""

    kind: str  # Claim.Kind
    amount: Decimal | None = None
    base: Decimal | None = None  # what interest or a penalty is reckoned on, in yuan
    rate: str = ""
    from_on: dt.date | None = None
    is_doubled: bool | None = None  # counts for the doubled part of delay interest; None by its kind
    note: str = ""


@dataclass(frozen=True, slots=True)
class BasisData:
    """The enforceable document (执行依据)."""

    kind: str  # Case.Basis
    issuer: str
    number: str
    made_on: dt.date
    effective_on: dt.date | None = None
    performance_due_on: dt.date | None = None
    title: str = ""  # as printed on it (cases/basis.py)


@dataclass(frozen=True, slots=True)
class FilingData:
    """Everything the case file needs at filing."""

    court_code: str
    window_code: str
    basis: BasisData
    parties: tuple[PartyData, ...]
    claims: tuple[ClaimData, ...]
    cause: str = ""
    performed: str = ""  # what the applicant says was performed before, in words
    clues: str = ""  # property clues named by the applicant (法释〔2017〕8号 2)
    entered_number: str = ""  # from the national system, where the court's mode is ENTERED
    is_demo: bool = False
