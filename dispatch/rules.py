"""The first decision table (domain handbook §4.2): local practice, where every later version is made on its page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cases.models import Case

FAST, ORDINARY = Case.Stream.FAST, Case.Stream.ORDINARY
LOCAL = "本地实践（繁简分流），待执行局确认"
# With no decisive rule, this much weight for 简案 makes a case simple; less leaves it to the ordinary teams.
FAST_WEIGHT_MIN = 2
FROM_ON = dt.date(2021, 8, 16)
PRIORITY, REPORT, DISPOSAL, SPECIAL, CLOSING = "PRIORITY", "REPORT", "DISPOSAL", "SPECIAL", "CLOSING"

Condition = dict[str, Any]


def _when(fact: str, op: str, value: Any) -> Condition:
    return {"fact": fact, "op": op, "value": value}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: when all its conditions hold it decides, or adds its weight to its stream."""

    code: str
    label: str
    stream: str
    conditions: tuple[Condition, ...]
    weight: int = 0
    is_decisive: bool = False
    flag: str = ""
    basis: str = LOCAL
    from_on: dt.date | None = None
    until_on: dt.date | None = None


_POSITIVE = _when("claimed", "gt", "0.00")
RULES: tuple[Rule, ...] = (
    Rule(
        "T1",
        "可控存款足以清偿申请标的及执行申请费",
        FAST,
        (_POSITIVE, _when("cash_found", "ge", {"fact": "need"})),
        is_decisive=True,
    ),
    Rule(
        "T2",
        "保全冻结存款足以清偿申请标的",
        FAST,
        (_POSITIVE, _when("cash_preserved", "ge", {"fact": "claimed"})),
        is_decisive=True,
    ),
    Rule(
        "T3",
        "被执行人承诺立即履行或已签订和解协议",
        FAST,
        (_when("willingness", "in", ["IMMEDIATE", "SETTLED"]),),
        weight=3,
    ),
    Rule(
        "T4",
        "申请标的不超过10万元且被执行人为一人",
        FAST,
        (_POSITIVE, _when("claimed", "le", "100000.00"), _when("debtors", "le", 1)),
        weight=2,
    ),
    Rule(
        "T5",
        "追索赡养费、扶养费、抚养费、抚恤金、医疗费、劳动报酬、交通事故赔偿（民生案件，优先）",
        FAST,
        (_when("livelihood", "in", ["SUPPORT", "PENSION", "MEDICAL", "WAGES", "TRAFFIC"]),),
        weight=2,
        flag=PRIORITY,
    ),
    Rule("T6", "仅追缴诉讼费、罚款", FAST, (_when("only_fees", "is", True),), weight=3),
    Rule("T6B", "协助办理过户登记", FAST, (_when("act", "in", ["REGISTRATION"]),), weight=3),
    Rule(
        "T7",
        "在案财产需评估、拍卖（不动产、股权、车辆等），转财产处置",
        ORDINARY,
        (_when("disposal", "in", ["REAL_ESTATE", "EQUITY", "VEHICLE", "OTHER"]),),
        is_decisive=True,
        flag=DISPOSAL,
    ),
    Rule(
        "T8",
        "腾退、排除妨害、行为、探望权、交付特定物",
        ORDINARY,
        (_when("act", "in", ["EVICTION", "NUISANCE", "ACT", "VISITATION", "DELIVERY"]),),
        is_decisive=True,
    ),
    Rule("T9", "刑事裁判涉财产部分", ORDINARY, (_when("basis", "in", ["J6"]),), is_decisive=True, flag=SPECIAL),
    Rule("T10", "当事人五人以上", ORDINARY, (_when("parties", "ge", 5),), is_decisive=True, flag=REPORT),
    Rule(
        "T10B",
        "同一被执行人系列案件十件以上",
        ORDINARY,
        (_when("series", "ge", 10),),
        is_decisive=True,
        flag=REPORT,
    ),
    Rule(
        "T10C",
        "涉众、涉企重大、涉军、涉府",
        ORDINARY,
        (_when("sensitive", "in", ["CROWD", "ENTERPRISE", "MILITARY", "GOVERNMENT"]),),
        is_decisive=True,
        flag=REPORT,
    ),
    Rule(
        "T11",
        "异议、再审、破产等程序未决",
        ORDINARY,
        (_when("pending", "in", ["OBJECTION", "RETRIAL", "BANKRUPTCY"]),),
        is_decisive=True,
    ),
    Rule("T12", "申请标的超过500万元", ORDINARY, (_when("claimed", "gt", "5000000.00"),), weight=3),
    Rule(
        "T13",
        "首次查控无财产且无线索（终本预判）",
        ORDINARY,
        (
            _when("query", "in", ["ANSWERED"]),
            _when("property_found", "eq", 0),
            _when("cash_found", "eq", "0.00"),
            _when("has_clues", "is", False),
        ),
        weight=2,
        flag=CLOSING,
    ),
    Rule(
        "T14",
        "被执行人既往终本案件三件以上（终本预判）",
        ORDINARY,
        (_when("earlier_procedural", "ge", 3),),
        weight=1,
        flag=CLOSING,
    ),
)
