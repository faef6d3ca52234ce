"""The first triage rules (domain handbook §4.2): local practice, so each change is a new version with its day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from cases.models import Case

FAST, ORDINARY = Case.Stream.FAST, Case.Stream.ORDINARY
LOCAL = "本地实践（繁简分流），待执行局确认"
# With no decisive rule, this much weight for 简案 makes a case simple; less leaves it to the ordinary teams.
FAST_WEIGHT_MIN = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: when `code` is true of the facts, it speaks for a stream with a weight, or decides."""

    code: str
    label: str
    stream: str
    weight: int = 0
    is_decisive: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)
    version: int = 1
    basis: str = LOCAL
    from_on: dt.date = dt.date(2021, 8, 16)


RULES: tuple[Rule, ...] = (
    Rule("T1", "可控存款足以清偿申请标的及执行申请费", FAST, is_decisive=True),
    Rule(
        "T4",
        "申请标的不超过10万元且被执行人为一人",
        FAST,
        weight=2,
        parameters={"amount_max": "100000.00", "debtors_max": 1},
    ),
    Rule("T5", "追索赡养费、扶养费、抚养费、抚恤金、医疗费、劳动报酬、交通事故赔偿（民生案件，优先）", FAST, weight=2),
    Rule("T7", "在案财产需评估、拍卖（不动产、股权、车辆）", ORDINARY, is_decisive=True),
    Rule("T8", "腾退、排除妨害、行为、探望权、交付特定物", ORDINARY, is_decisive=True),
)
