"""Simple or complex: judges verified facts by the rules and says what hit, what did not, and why; pure, no ORM."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from accounts.fee import application_fee
from bureau.money import yuan

FAST, ORDINARY = "FAST", "ORDINARY"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the command centre has verified; sums in yuan."""

    claimed: Decimal
    cash_found: Decimal
    debtors: int
    livelihood: str = ""
    disposal: str = ""
    act: str = ""


class RuleRow(Protocol):
    """A rule as stored or declared."""

    code: str
    version: int
    label: str
    stream: str
    weight: int
    is_decisive: bool
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One rule's answer in words."""

    code: str
    label: str
    stream: str
    is_hit: bool
    is_decisive: bool
    weight: int
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed stream with every rule's answer and the sum of the weights."""

    stream: str
    hits: list[str]
    misses: list[str]
    lines: list[Line]
    conclusion: str


def _t1(facts: Facts, _parameters: dict[str, Any]) -> tuple[bool, str]:
    fee = application_fee(facts.claimed).amount
    need = facts.claimed + fee
    sign = "≥" if facts.cash_found >= need else "<"
    said = (
        f"可控存款 {yuan(facts.cash_found)} {sign} 标的 {yuan(facts.claimed)} + 执行申请费 {yuan(fee)} = {yuan(need)}"
    )
    return facts.claimed > 0 and facts.cash_found >= need, said


def _t4(facts: Facts, parameters: dict[str, Any]) -> tuple[bool, str]:
    limit, debtors = Decimal(parameters["amount_max"]), int(parameters["debtors_max"])
    hit = 0 < facts.claimed <= limit and facts.debtors <= debtors
    return hit, f"标的 {yuan(facts.claimed)}（线 {yuan(limit)}），被执行人 {facts.debtors} 名（线 {debtors}）"


def _t5(facts: Facts, _parameters: dict[str, Any]) -> tuple[bool, str]:
    return bool(facts.livelihood), "已核对为民生案件" if facts.livelihood else "非民生案件"


def _t7(facts: Facts, _parameters: dict[str, Any]) -> tuple[bool, str]:
    return bool(facts.disposal), "有待处置财产" if facts.disposal else "无待处置财产"


def _t8(facts: Facts, _parameters: dict[str, Any]) -> tuple[bool, str]:
    return bool(facts.act), "含行为或交付类请求" if facts.act else "仅为金钱给付"


CONDITIONS: dict[str, Callable[[Facts, dict[str, Any]], tuple[bool, str]]] = {
    "T1": _t1,
    "T4": _t4,
    "T5": _t5,
    "T7": _t7,
    "T8": _t8,
}


def judge(facts: Facts, rules: Iterable[RuleRow], *, fast_weight_min: int) -> Proposal:
    """Return the proposal: a decisive rule for 繁案 beats one for 简案; without either the weights decide."""
    lines = []
    for rule in rules:
        is_hit, why = CONDITIONS[rule.code](facts, rule.parameters)
        code = f"{rule.code}v{rule.version}"
        lines.append(Line(code, rule.label, rule.stream, is_hit, rule.is_decisive, rule.weight, why))
    stream, conclusion = _conclude([line for line in lines if line.is_hit], fast_weight_min)
    return Proposal(
        stream=stream,
        hits=[line.code for line in lines if line.is_hit],
        misses=[line.code for line in lines if not line.is_hit],
        lines=lines,
        conclusion=conclusion,
    )


def _conclude(hits: list[Line], fast_weight_min: int) -> tuple[str, str]:
    for stream, name in ((ORDINARY, "繁案"), (FAST, "简案")):
        deciding = [line.code for line in hits if line.is_decisive and line.stream == stream]
        if deciding:
            return stream, f"决定性规则 {'、'.join(deciding)} 命中，建议{name}"
    weight = sum(line.weight if line.stream == FAST else -line.weight for line in hits)
    if weight >= fast_weight_min:
        return FAST, f"简案权重 {weight} ≥ {fast_weight_min}，建议简案"
    return ORDINARY, f"简案权重 {weight} < {fast_weight_min}，建议繁案"
