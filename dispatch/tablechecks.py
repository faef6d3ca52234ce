"""Points out rows of a decision table that can never count or contradict one another, and why; pure, no ORM.

A conjunction is turned into one set of allowed values per dimension: whole numbers of fen or of pieces between two
bounds, yes/no, or codes. Then “can never hold” is an empty set, and “holds whenever the other holds” is inclusion.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from dispatch.facts import BY_CODE, CHOICE, MONEY, SET, other_fact
from dispatch.triage import FAST, ORDINARY, RuleRow, rule_order

FEN = 100
# Bounds that no sum or count passes; open ends are written with them.
LOW, HIGH = -(10**18), 10**18
Bounds = tuple[int, int]
# Where a fact is at least another by law or by arithmetic: the fee is never negative, all parties include each side.
AT_LEAST = (("need", "claimed"), ("parties", "applicants"), ("parties", "debtors"))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a table: which rows, why, and whether it stops approval."""

    codes: tuple[str, ...]
    text: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Space:
    """What a conjunction allows: bounds by number, codes by choice, and for sets what must and must not be there."""

    bounds: dict[str, Bounds]
    codes: dict[str, frozenset[str]]
    any_of: dict[str, tuple[frozenset[str], ...]]
    none_of: dict[str, frozenset[str]]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing fits."""
        if any(low > high for low, high in self.bounds.values()) or not all(self.codes.values()):
            return True
        barred = ((name, group) for name, groups in self.any_of.items() for group in groups)
        return any(group <= self.none_of.get(name, frozenset()) for name, group in barred)

    def within(self, other: "Space") -> bool:
        """Return whether whatever fits here fits there."""
        for name, (low, high) in other.bounds.items():
            mine = self.bounds.get(name)
            if mine is None or mine[0] < low or mine[1] > high:
                return False
        if any(self.codes.get(name) is None or not self.codes[name] <= codes for name, codes in other.codes.items()):
            return False
        for name, groups in other.any_of.items():
            mine_groups = self.any_of.get(name, ())
            if not all(any(mine_group <= group for mine_group in mine_groups) for group in groups):
                return False
        return all(codes <= self.none_of.get(name, frozenset()) for name, codes in other.none_of.items())


def space_of(conditions: Iterable[dict[str, Any]]) -> Space:
    """Return what the conditions together allow."""
    space = Space({}, {}, {}, {})
    for condition in conditions:
        fact, op, value = BY_CODE[condition["fact"]], condition["op"], condition["value"]
        if fact.kind == CHOICE:
            assert fact.choices is not None
            allowed = frozenset(value) if op == "in" else frozenset(fact.choices) | {""}
            allowed -= frozenset() if op == "in" else frozenset(value)
            space.codes[fact.code] = space.codes.get(fact.code, allowed) & allowed
        elif fact.kind == SET and op == "in":
            space.any_of[fact.code] = (*space.any_of.get(fact.code, ()), frozenset(value))
        elif fact.kind == SET:
            space.none_of[fact.code] = space.none_of.get(fact.code, frozenset()) | frozenset(value)
        else:
            _narrow(space.bounds, condition)
    _apply_known_order(space.bounds)
    return space


def _narrow(bounds: dict[str, Bounds], condition: dict[str, Any]) -> None:
    fact, op, value = BY_CODE[condition["fact"]], condition["op"], condition["value"]
    other = other_fact(value)
    if other is not None:
        name, sign = _difference(fact.code, other.code)
        low, high = _bounds(op, 0)
        if sign < 0:
            low, high = -high, -low
    else:
        name = fact.code
        low, high = _bounds(op, int(Decimal(value) * FEN) if fact.kind == MONEY else int(value))
        low = max(low, 0)  # no fact is negative
    mine = bounds.get(name, (LOW, HIGH))
    bounds[name] = (max(mine[0], low), min(mine[1], high))


def _difference(left: str, right: str) -> tuple[str, int]:
    return (f"{left}-{right}", 1) if left < right else (f"{right}-{left}", -1)


def _bounds(op: str, number: int) -> Bounds:
    return {
        "ge": (number, HIGH),
        "gt": (number + 1, HIGH),
        "le": (LOW, number),
        "lt": (LOW, number - 1),
    }.get(op, (number, number))


def _apply_known_order(bounds: dict[str, Bounds]) -> None:
    for more, less in AT_LEAST:
        if more in bounds and less in bounds:
            low, high = max(bounds[more][0], bounds[less][0]), min(bounds[less][1], bounds[more][1])
            bounds[more], bounds[less] = (low, bounds[more][1]), (bounds[less][0], high)
        name, sign = _difference(more, less)
        if name in bounds:
            low, high = bounds[name]
            bounds[name] = (max(low, 0), high) if sign > 0 else (low, min(high, 0))


def findings(rules: Sequence[RuleRow], *, fast_weight_min: int, from_on: dt.date | None = None) -> list[Finding]:
    """Return everything wrong with the table, what stops its approval first."""
    rows = sorted(rules, key=rule_order)
    found = [] if rows else [Finding((), _("规则表没有规则"), True)]
    spaces = {}
    for row in rows:
        spaces[row.code] = space_of(row.conditions)
        found += _of_row(row, spaces[row.code], from_on)
    alive = [row for row in rows if not spaces[row.code].is_empty]
    for number, row in enumerate(alive):
        for other in alive[number + 1 :]:
            found += _of_pair(row, other, spaces)
    found += _of_weights(alive, fast_weight_min)
    return sorted(found, key=lambda one: not one.stops)


def _of_row(row: RuleRow, space: Space, from_on: dt.date | None) -> list[Finding]:
    found = []
    if not row.conditions:
        found.append(Finding((row.code,), _("没有条件，永远不会命中"), True))
    if space.is_empty:
        found.append(Finding((row.code,), _("各项条件互相排斥，永远不会命中"), True))
    if row.from_on and row.until_on and row.until_on <= row.from_on:
        found.append(Finding((row.code,), _("失效日不晚于生效日，永远不会适用"), True))
    elif from_on and row.until_on and row.until_on <= from_on:
        found.append(Finding((row.code,), _("规则在本表生效前已经失效"), True))
    if not row.is_decisive and row.weight == 0:
        found.append(Finding((row.code,), _("既不是决定性规则，权重又为0，命中也不起作用"), True))
    return found


def _of_pair(row: RuleRow, other: RuleRow, spaces: dict[str, Space]) -> list[Finding]:
    if not _meet_in_time(row, other):
        return []
    one, two = spaces[row.code], spaces[other.code]
    if one.within(two) and two.within(one):
        return [_same(row, other)]
    found = []
    if one.within(two) and _lasts(other, row):
        found += _narrower(row, other)
    if two.within(one) and _lasts(row, other):
        found += _narrower(other, row)
    return found


def _same(row: RuleRow, other: RuleRow) -> Finding:
    codes = (row.code, other.code)
    if row.stream == other.stream:
        return Finding(codes, _("条件相同、指向相同，重复计算"), row.is_decisive == other.is_decisive)
    return Finding(codes, _("条件相同而指向相反，互相矛盾"), True)


def _narrower(row: RuleRow, other: RuleRow) -> list[Finding]:
    """Say what becomes of a row that hits only where the other hits too."""
    codes = (row.code, other.code)
    if not other.is_decisive:
        return []
    if other.stream == ORDINARY and row.stream == FAST:
        text = _("%(row)s 命中时 %(other)s 必然命中，决定性繁案规则优先，%(row)s 永远不起作用")
        return [Finding(codes, text % {"row": row.code, "other": other.code}, True)]
    if not row.is_decisive or row.stream == other.stream:
        text = _("%(row)s 命中时决定性规则 %(other)s 必然命中，%(row)s 不改变结果")
        return [Finding(codes, text % {"row": row.code, "other": other.code}, False)]
    return []


def _of_weights(rows: Sequence[RuleRow], fast_weight_min: int) -> list[Finding]:
    weights = [row.weight for row in rows if row.stream == FAST and not row.is_decisive]
    if weights and sum(weights) < fast_weight_min:
        codes = tuple(row.code for row in rows if row.stream == FAST and not row.is_decisive)
        text = _("简案规则权重合计 %(sum)d，达不到 %(min)d，按权重永远不会建议简案")
        return [Finding(codes, text % {"sum": sum(weights), "min": fast_weight_min}, True)]
    return []


def _meet_in_time(row: RuleRow, other: RuleRow) -> bool:
    starts = max(row.from_on or dt.date.min, other.from_on or dt.date.min)
    return starts < min(row.until_on or dt.date.max, other.until_on or dt.date.max)


def _lasts(wide: RuleRow, narrow: RuleRow) -> bool:
    """Return whether the wider rule is in force whenever the narrower one is."""
    return (wide.from_on or dt.date.min) <= (narrow.from_on or dt.date.min) and (narrow.until_on or dt.date.max) <= (
        wide.until_on or dt.date.max
    )
