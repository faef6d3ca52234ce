"""What a court hands in of one pending case of its old book: plain data, checked by the importer before."""

import datetime as dt
from dataclasses import dataclass

from bureau.models import User
from cases.filing import FilingData
from cases.models.codes import ExecutingUnit, Stage

# In what a pending case may stand when it comes in, and the move that brings it there.
ENTRIES: dict[str, str] = {
    Stage.ORDINARY: "take_up",
    Stage.SUSPENDED: "take_up_suspended",
    Stage.STAYED: "take_up_stayed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OldCase:
    """One pending case: its number as it is (legacy ones too), its single handler beside its judge, where it stands.

    `held_by` is which unit had held what a 执恢 case comes from; a resting case names ground, document and first day,
    a stayed one its last day.
    """

    filing: FilingData
    number: str
    filed_on: dt.date
    judge: User
    owner: User
    stage: str
    since_on: dt.date
    until_on: dt.date | None = None
    ground: str = ""
    document: str = ""
    held_by: ExecutingUnit | None = None
    former_number: str = ""
