"""The first decision table (domain handbook §4.2): local practice, where every later version is made on its page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cases.models import Case

FAST, ORDINARY = Case.Stream.FAST, Case.Stream.ORDINARY
LOCAL = "本地实践（繁简分流），待执行局确认"
# No statute fixes the criteria: each row names the local practice, and the norm on which its fact rests.
_CASH = "民事诉讼法（2017）第242条（查询、扣押、冻结、划拨存款）；分流标准为本地实践，待执行局确认"
_PRESERVED = "民事诉讼法（2017）第100条、第101条（保全）；分流标准为本地实践，待执行局确认"
_SETTLED = "民事诉讼法（2017）第230条（执行和解）；分流标准为本地实践，待执行局确认"
_LINE = "金额线为本地实践，各地不一，待执行局确认"
_PEOPLE = "民生案件的范围和优先办理为本地实践，待执行局确认"
_FEES = "诉讼费用交纳办法（国务院令第481号）；分流标准为本地实践，待执行局确认"
_HELP = "民事诉讼法（2017）第251条（办理财产权证照转移手续）；分流标准为本地实践，待执行局确认"
_SALE = "民事诉讼法（2017）第244条；确定财产处置参考价规定（法释〔2018〕15号）；分流标准为本地实践，待执行局确认"
_ACT = "民事诉讼法（2017）第250条、第252条（迁出、行为执行）；分流标准为本地实践，待执行局确认"
_CRIMINAL = "刑事裁判涉财产部分执行规定（法释〔2014〕13号）；分流标准为本地实践，待执行局确认"
_MANY = "人数线为本地实践，待执行局确认"
_SERIES = "系列案归并和件数线为本地实践，待执行局确认"
_REPORT = "报告局长的范围为本地实践，待执行局确认"
_OPEN = "民事诉讼法（2017）第225条、第227条（执行异议）；分流标准为本地实践，待执行局确认"
_ENDED = "严格规范终结本次执行程序的规定（法〔2016〕373号）；分流标准为本地实践，待执行局确认"
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
        basis=_CASH,
    ),
    Rule(
        "T2",
        "保全冻结存款足以清偿申请标的",
        FAST,
        (_POSITIVE, _when("cash_preserved", "ge", {"fact": "claimed"})),
        is_decisive=True,
        basis=_PRESERVED,
    ),
    Rule(
        "T3",
        "被执行人承诺立即履行或已签订和解协议",
        FAST,
        (_when("willingness", "in", ["IMMEDIATE", "SETTLED"]),),
        weight=3,
        basis=_SETTLED,
    ),
    Rule(
        "T4",
        "申请标的不超过10万元且被执行人为一人",
        FAST,
        (_POSITIVE, _when("claimed", "le", "100000.00"), _when("debtors", "le", 1)),
        weight=2,
        basis=_LINE,
    ),
    Rule(
        "T5",
        "追索赡养费、扶养费、抚养费、抚恤金、医疗费、劳动报酬、交通事故赔偿（民生案件，优先）",
        FAST,
        (_when("livelihood", "in", ["SUPPORT", "PENSION", "MEDICAL", "WAGES", "TRAFFIC"]),),
        weight=2,
        flag=PRIORITY,
        basis=_PEOPLE,
    ),
    Rule("T6", "仅追缴诉讼费、罚款", FAST, (_when("only_fees", "is", True),), weight=3, basis=_FEES),
    Rule("T6B", "协助办理过户登记", FAST, (_when("act", "in", ["REGISTRATION"]),), weight=3, basis=_HELP),
    Rule(
        "T7",
        "在案财产需评估、拍卖（不动产、股权、车辆等），转财产处置",
        ORDINARY,
        (_when("disposal", "in", ["REAL_ESTATE", "EQUITY", "VEHICLE", "OTHER"]),),
        is_decisive=True,
        flag=DISPOSAL,
        basis=_SALE,
    ),
    Rule(
        "T8",
        "腾退、排除妨害、行为、探望权、交付特定物",
        ORDINARY,
        (_when("act", "in", ["EVICTION", "NUISANCE", "ACT", "VISITATION", "DELIVERY"]),),
        is_decisive=True,
        basis=_ACT,
    ),
    Rule(
        "T9",
        "刑事裁判涉财产部分",
        ORDINARY,
        (_when("basis", "in", ["J6"]),),
        is_decisive=True,
        flag=SPECIAL,
        basis=_CRIMINAL,
    ),
    Rule("T10", "当事人五人以上", ORDINARY, (_when("parties", "ge", 5),), is_decisive=True, flag=REPORT, basis=_MANY),
    Rule(
        "T10B",
        "同一被执行人系列案件十件以上",
        ORDINARY,
        (_when("series", "ge", 10),),
        is_decisive=True,
        flag=REPORT,
        basis=_SERIES,
    ),
    Rule(
        "T10C",
        "涉众、涉企重大、涉军、涉府",
        ORDINARY,
        (_when("sensitive", "in", ["CROWD", "ENTERPRISE", "MILITARY", "GOVERNMENT"]),),
        is_decisive=True,
        flag=REPORT,
        basis=_REPORT,
    ),
    Rule(
        "T11",
        "异议、再审、破产等程序未决",
        ORDINARY,
        (_when("pending", "in", ["OBJECTION", "RETRIAL", "BANKRUPTCY"]),),
        is_decisive=True,
        basis=_OPEN,
    ),
    Rule("T12", "申请标的超过500万元", ORDINARY, (_when("claimed", "gt", "5000000.00"),), weight=3, basis=_LINE),
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
        basis=_ENDED,
    ),
    Rule(
        "T14",
        "被执行人既往终本案件三件以上（终本预判）",
        ORDINARY,
        (_when("earlier_procedural", "ge", 3),),
        weight=1,
        flag=CLOSING,
        basis=_ENDED,
    ),
)
