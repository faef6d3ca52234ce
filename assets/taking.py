"""What is written down when a control is recorded: plain data, validated by the form before."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from documents.models import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlData:
    """One measure that has been carried out; amounts in yuan, `ruling` a number or `document` one issued here.

    Without `to_on` the longest term is taken; one that queues (rank above 1) has none yet.
    """

    kind: str  # AssetKind
    measure: str  # Measure
    thing: str
    unit: str
    from_on: dt.date
    ruling: str = ""
    document: Document | None = None
    to_on: dt.date | None = None
    rank: int = 1
    amount_max: Decimal | None = None
    value: Decimal | None = None
    # Why it is taken although something about it is odd; none at all where nobody was asked (preserved property).
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PreservedData:
    """One thing preserved before enforcement, with the position of the debtor to whom it belongs."""

    debtor: int
    data: ControlData
