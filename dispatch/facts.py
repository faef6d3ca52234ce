"""The named facts a triage rule may ask about: a small closed vocabulary with types, operators and Chinese names; pure.

A fact that is not known yet is None: no condition on it holds, and the rule's answer says so. Money is in yuan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.money import CENT, plain_decimal, yuan
from cases.models.codes import Basis

Words = str | Promise
MONEY_MAX = Decimal("99999999999999.99")
COUNT_MAX = 100_000
# Kinds of fact.
MONEY, COUNT, YES_NO, CHOICE, SET = "MONEY", "COUNT", "YES_NO", "CHOICE", "SET"

# Operators: how they read, and for which kinds.
OPERATORS: dict[str, Words] = {
    "ge": "≥",
    "gt": ">",
    "le": "≤",
    "lt": "<",
    "eq": "=",
    "is": gettext_lazy("为"),
    "in": gettext_lazy("属于"),
    "not_in": gettext_lazy("不属于"),
}
_NUMBERS = ("ge", "gt", "le", "lt", "eq")
_CODES = ("in", "not_in")
OPERATORS_OF: dict[str, tuple[str, ...]] = {
    MONEY: _NUMBERS,
    COUNT: _NUMBERS,
    YES_NO: ("is",),
    CHOICE: _CODES,
    SET: _CODES,
}

LIVELIHOOD: dict[str, Words] = {
    "SUPPORT": gettext_lazy("赡养费、扶养费、抚养费"),
    "PENSION": gettext_lazy("抚恤金"),
    "MEDICAL": gettext_lazy("医疗费"),
    "WAGES": gettext_lazy("劳动报酬"),
    "TRAFFIC": gettext_lazy("交通事故赔偿"),
}
DISPOSAL: dict[str, Words] = {
    "REAL_ESTATE": gettext_lazy("不动产"),
    "EQUITY": gettext_lazy("股权"),
    "VEHICLE": gettext_lazy("已扣押车辆"),
    "OTHER": gettext_lazy("其他需评估拍卖的财产"),
}
ACT: dict[str, Words] = {
    "EVICTION": gettext_lazy("腾退房屋、土地"),
    "NUISANCE": gettext_lazy("排除妨害"),
    "ACT": gettext_lazy("其他行为"),
    "VISITATION": gettext_lazy("探望权"),
    "DELIVERY": gettext_lazy("交付特定物"),
    "REGISTRATION": gettext_lazy("协助办理过户登记"),
}
WILLINGNESS: dict[str, Words] = {
    "IMMEDIATE": gettext_lazy("被执行人承诺立即履行"),
    "SETTLED": gettext_lazy("已签订和解协议"),
}
SENSITIVE: dict[str, Words] = {
    "CROWD": gettext_lazy("涉众"),
    "ENTERPRISE": gettext_lazy("涉企重大"),
    "MILITARY": gettext_lazy("涉军"),
    "GOVERNMENT": gettext_lazy("涉府"),
}
PENDING: dict[str, Words] = {
    "OBJECTION": gettext_lazy("执行异议、复议"),
    "RETRIAL": gettext_lazy("再审或执行监督"),
    "BANKRUPTCY": gettext_lazy("破产"),
}
QUERY: dict[str, Words] = {
    "NONE": gettext_lazy("未发起"),
    "PENDING": gettext_lazy("等待反馈"),
    "ANSWERED": gettext_lazy("已反馈"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule may ask about: code, name, kind, and for choices the codes with their labels."""

    code: str
    name: Words
    kind: str
    choices: Mapping[str, Words] | None = None

    @property
    def operators(self) -> tuple[str, ...]:
        """Return what a condition may say of it."""
        return OPERATORS_OF[self.kind]


FACTS: tuple[Fact, ...] = (
    Fact("claimed", gettext_lazy("申请执行标的额"), MONEY),
    Fact("need", gettext_lazy("标的额加执行申请费"), MONEY),
    Fact("cash_found", gettext_lazy("可控存款"), MONEY),
    Fact("cash_preserved", gettext_lazy("保全冻结存款"), MONEY),
    Fact("applicants", gettext_lazy("申请执行人人数"), COUNT),
    Fact("debtors", gettext_lazy("被执行人人数"), COUNT),
    Fact("parties", gettext_lazy("当事人人数"), COUNT),
    Fact("series", gettext_lazy("同一被执行人未结案件数（含本案）"), COUNT),
    Fact("earlier_procedural", gettext_lazy("被执行人既往终本案件数"), COUNT),
    Fact("property_found", gettext_lazy("已控制或查得的财产项数"), COUNT),
    Fact("has_clues", gettext_lazy("有财产线索"), YES_NO),
    Fact("only_fees", gettext_lazy("仅追缴诉讼费、罚款"), YES_NO),
    Fact("basis", gettext_lazy("执行依据种类"), CHOICE, {str(code): label for code, label in Basis.choices}),
    Fact("livelihood", gettext_lazy("民生类型"), CHOICE, LIVELIHOOD),
    Fact("disposal", gettext_lazy("待处置财产"), CHOICE, DISPOSAL),
    Fact("act", gettext_lazy("行为类型"), CHOICE, ACT),
    Fact("willingness", gettext_lazy("履行意愿"), CHOICE, WILLINGNESS),
    Fact("query", gettext_lazy("网络查控状态"), CHOICE, QUERY),
    Fact("sensitive", gettext_lazy("特别关注"), SET, SENSITIVE),
    Fact("pending", gettext_lazy("未决程序"), SET, PENDING),
)
BY_CODE: dict[str, Fact] = {fact.code: fact for fact in FACTS}
Value = Decimal | int | bool | str | tuple[str, ...] | None
Values = Mapping[str, Value]


class BadValue(ValueError):
    """A value does not suit its fact; the text says why, in Chinese."""


def other_fact(value: object) -> Fact | None:
    """Return the fact that a condition's value names instead of a number, such as `{"fact": "need"}`."""
    if isinstance(value, dict):
        return BY_CODE.get(str(value.get("fact")))
    return None


def canonical(fact: Fact, value: object) -> Any:
    """Return a condition's value as it is stored (JSON); raises BadValue."""
    if isinstance(value, dict):
        other = other_fact(value)
        if other is None or other.kind != fact.kind or fact.kind not in (MONEY, COUNT) or other == fact:
            raise BadValue(_("只能与另一项同类的金额或数量比较"))
        return {"fact": other.code}
    if fact.kind == MONEY:
        return str(_money(value))
    if fact.kind == COUNT:
        return _count(value)
    if fact.kind == YES_NO:
        if value not in (True, False, "true", "false", "True", "False"):
            raise BadValue(_("请选择是或否"))
        return value in (True, "true", "True")
    return _codes(fact, value)


def _money(value: object) -> Decimal:
    try:
        amount = plain_decimal(str(value))
    except ValueError:
        raise BadValue(_("请填写金额，只用数字和小数点")) from None
    if amount < 0 or amount > MONEY_MAX or amount != amount.quantize(CENT):
        raise BadValue(_("金额不能为负，最多两位小数"))
    return amount.quantize(CENT)


def _count(value: object) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or int(text) > COUNT_MAX:
        raise BadValue(_("请填写不为负的整数"))
    return int(text)


def _codes(fact: Fact, value: object) -> list[str]:
    assert fact.choices is not None
    given = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    if not given:
        raise BadValue(_("请至少选择一项"))
    if any(code not in fact.choices for code in given):
        raise BadValue(_("请选择列表中的项目"))
    return [code for code in fact.choices if code in given]


def to_json(values: Values) -> dict[str, Any]:
    """Return facts as they are stored with a verdict."""
    return {
        code: str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value
        for code, value in values.items()
    }


def from_json(stored: Mapping[str, Any]) -> dict[str, Value]:
    """Return stored facts as they were judged; what the vocabulary no longer holds is left out."""
    values: dict[str, Value] = {}
    for code, value in stored.items():
        fact = BY_CODE.get(code)
        if fact is None:
            continue
        values[code] = _from_json(fact, value)
    return values


def _from_json(fact: Fact, value: Any) -> Value:
    if value is not None and fact.kind == MONEY:
        return Decimal(value)
    return tuple(value) if value is not None and fact.kind == SET else value


def say(fact: Fact, value: object) -> str:
    """Return a value in words; unknown ones are said to be."""
    if value is None:
        return _("未知")
    if fact.kind == MONEY:
        return _("%(amount)s 元") % {"amount": yuan(str(value))}
    if fact.kind == YES_NO:
        return _("是") if value else _("否")
    if fact.kind in (CHOICE, SET):
        assert fact.choices is not None
        codes = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
        return "、".join(str(fact.choices.get(code, code)) for code in codes if code) or _("无")
    return str(value)
