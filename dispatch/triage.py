"""Simple or complex: judges facts by the rules of a decision table and keeps every rule's answer; pure, no ORM.

A condition compares one fact with a value or another fact; a rule hits when all its conditions hold. A decisive rule
for 繁案 beats one for 简案; without either the weights decide. The order of the rules changes nothing.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from dispatch.facts import BY_CODE, CHOICE, MONEY, SET, Values, other_fact

FAST, ORDINARY = "FAST", "ORDINARY"
# How a proposal came about.
DECISIVE, WEIGHT = "DECISIVE", "WEIGHT"
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "ge": lambda left, right: left >= right,
    "gt": lambda left, right: left > right,
    "le": lambda left, right: left <= right,
    "lt": lambda left, right: left < right,
    "eq": lambda left, right: left == right,
    "is": lambda left, right: left is right,
}


class RuleRow(Protocol):
    """A rule as stored or declared; a condition is `{"fact", "op", "value"}`."""

    code: str
    label: str
    stream: str
    weight: int
    is_decisive: bool
    flag: str
    conditions: Any
    basis: str
    from_on: dt.date | None
    until_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Check:
    """One condition's answer: what was asked, what the fact was, and whether it holds; None where it is unknown."""

    fact: str
    op: str
    value: Any
    actual: Any
    against: Any  # what the other fact was, where one is compared with
    is_true: bool | None


@dataclass(frozen=True, slots=True)
class Line:
    """One rule's answer."""

    code: str
    label: str
    stream: str
    is_hit: bool
    is_decisive: bool
    weight: int
    flag: str
    basis: str
    checks: tuple[Check, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as a verdict keeps it."""
        row = {name: getattr(self, name) for name in self.__slots__ if name != "checks"}
        return row | {"checks": [{name: getattr(one, name) for name in one.__slots__} for one in self.checks]}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed stream, how it came about, its flags, and every rule's answer."""

    stream: str
    how: str
    weight: int
    weight_min: int
    deciding: tuple[str, ...]
    flags: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def hits(self) -> list[str]:
        """Return the codes of the rules that hit."""
        return [line.code for line in self.lines if line.is_hit]

    @property
    def misses(self) -> list[str]:
        """Return the codes of the rules that did not."""
        return [line.code for line in self.lines if not line.is_hit]

    def as_json(self) -> dict[str, Any]:
        """Return how it came about as a verdict keeps it."""
        return {
            "how": self.how,
            "weight": self.weight,
            "weight_min": self.weight_min,
            "deciding": list(self.deciding),
            "stream": self.stream,
        }


def judge(values: Values, rules: Iterable[RuleRow], *, fast_weight_min: int, on: dt.date) -> Proposal:
    """Return what the rules in force that day say of the facts."""
    lines = tuple(_line(rule, values) for rule in sorted(rules, key=rule_order) if in_force(rule, on))
    hits = [line for line in lines if line.is_hit]
    weight = sum(line.weight if line.stream == FAST else -line.weight for line in hits if not line.is_decisive)
    stream, how = FAST if weight >= fast_weight_min else ORDINARY, WEIGHT
    deciding: tuple[str, ...] = ()
    for decided in (ORDINARY, FAST):
        if codes := tuple(line.code for line in hits if line.is_decisive and line.stream == decided):
            stream, how, deciding = decided, DECISIVE, codes
            break
    flags = tuple(sorted({line.flag for line in hits if line.flag}))
    return Proposal(stream, how, weight, fast_weight_min, deciding, flags, lines)


def in_force(rule: RuleRow, on: dt.date) -> bool:
    """Return whether the rule counts that day; most run as long as their table."""
    return (rule.from_on is None or rule.from_on <= on) and (rule.until_on is None or on < rule.until_on)


def rule_order(rule: RuleRow) -> tuple[int, str]:
    """Return the order in which rules are read: T2 before T10."""
    digits = "".join(mark for mark in rule.code if mark.isdigit())
    return (int(digits or 0), rule.code)


def _line(rule: RuleRow, values: Values) -> Line:
    checks = tuple(_check(condition, values) for condition in rule.conditions)
    return Line(
        code=rule.code,
        label=rule.label,
        stream=rule.stream,
        is_hit=bool(checks) and all(check.is_true for check in checks),
        is_decisive=rule.is_decisive,
        weight=0 if rule.is_decisive else rule.weight,
        flag=rule.flag,
        basis=rule.basis,
        checks=checks,
    )


def _check(condition: Mapping[str, Any], values: Values) -> Check:
    fact, op, value = BY_CODE[condition["fact"]], condition["op"], condition["value"]
    actual = values.get(fact.code)
    other = other_fact(value)
    against = values.get(other.code) if other else None
    is_true: bool | None
    if actual is None or (other is not None and against is None):
        is_true = None
    elif fact.kind in (CHOICE, SET):
        found = bool(set(_codes(actual)) & set(value))
        is_true = found if op == "in" else not found
    else:
        right = against if other else Decimal(value) if fact.kind == MONEY else value
        is_true = _COMPARE[op](actual, right)
    return Check(fact.code, op, value, _plain(actual), _plain(against), is_true)


def _codes(value: Any) -> Sequence[str]:
    return (value,) if isinstance(value, str) else tuple(value)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value
