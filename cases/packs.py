"""What a hand-over pack must hold (domain handbook §6.1): items, whether required, and their legal basis.

An item of the start ticks itself when the record bears it out (`cases.starting`): documents of its templates issued to
every debtor, or the query launched. A document made outside the system is named by its scan, number and day instead.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.law import CPL, Basis, cpli, of


@dataclass(frozen=True, slots=True)
class PackItem:
    """One line of the checklist."""

    code: str
    label: str | Promise
    is_required: bool
    basis: Basis
    templates: tuple[str, ...] = ()
    may_be_outside: bool = False


# 启动 → 速执/普执: notices issued and the network query launched, not answered.
STARTING: tuple[PackItem, ...] = (
    PackItem(
        "NOTICE",
        _("执行通知书已发出"),
        True,
        (cpli(480), of("EWR", "22")),
        ("ENFORCEMENT_NOTICE",),
        may_be_outside=True,
    ),
    PackItem("REPORT_ORDER", _("报告财产令已发出"), True, "财产调查规定3", ("REPORT_ORDER",), may_be_outside=True),
    PackItem("QUERY_LAUNCHED", _("网络查控已发起"), True, "财产调查规定1、12"),
    PackItem("SERVICE_PROOF", _("送达凭证已入卷"), False, (CPL["SERVICE"],), ("ENFORCEMENT_NOTICE", "REPORT_ORDER")),
    PackItem("QUERY_ANSWERED", _("查控结果已反馈"), False, "财产调查规定12"),
    PackItem(
        "CLUES_ASKED",
        _("已通知申请执行人提供财产线索"),
        False,
        "法发〔2006〕35号 5",
        ("CLUES_NOTICE",),
        may_be_outside=True,
    ),
)
# 速执 ↔ 普执: what has been done so far goes along (domain handbook §6.1, G4).
STREAM: tuple[PackItem, ...] = (
    PackItem("CONTROLS", _("控制措施清单（含期限）已核对，没有的已注明"), True, "查封规定 27"),
    PackItem("RECORDS", _("笔录和沟通记录已入卷"), True, "财产调查规定 2"),
    PackItem("MONEY_CHECKED", _("案款到账、发放情况已核对"), True, "法发〔2017〕6号 10"),
    PackItem("QUERY_ANSWERED", _("查控结果已反馈"), False, "财产调查规定12"),
)
BY_CODE = {item.code: item for item in (*STREAM, *STARTING)}


def missing(pack: list[str], items: tuple[PackItem, ...] = STARTING) -> list[PackItem]:
    """Return the required items that the pack does not hold."""
    return [item for item in items if item.is_required and item.code not in pack]
