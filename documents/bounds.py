"""How short and how long a term that a paper sets may be, as dated rows with their basis; a change is a new row. Pure.

A number of days is bounded itself, a day by its distance from the day of issue.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from documents.library.declared import FIRST_DAY, Field, FieldKind

LOCAL = "本地规定，待确认"


@dataclass(frozen=True, slots=True)
class Bound:
    """The least and the most days of one field of a template, both included, for papers of a day on."""

    template: str
    field: str
    least: int
    most: int
    basis: str
    from_on: dt.date = FIRST_DAY


BOUNDS = (
    Bound("ENFORCEMENT_NOTICE", "days", 1, 30, LOCAL),
    # 法释〔2017〕8号 4: within the term that the order sets, commonly five to fifteen days.
    Bound("REPORT_ORDER", "days", 5, 15, "法释〔2017〕8号 3、4；五至十五日为惯例，待确认"),
    Bound("CLUES_NOTICE", "until", 1, 30, LOCAL),
    Bound("VALUATION", "days", 1, 30, "法释〔2018〕15号 19"),
    Bound("PRICE_LETTER", "days", 1, 30, LOCAL),
    Bound("SELL_NOTICE", "days", 60, 60, "法明传〔2017〕455号"),
    Bound("FINE", "until", 1, 30, LOCAL),
    Bound("FINE_UNIT", "until", 1, 30, LOCAL),
    Bound("SEARCH_ORDER", "until", 0, 30, LOCAL),
    Bound("INVESTIGATION", "until", 1, 30, LOCAL),
    Bound("REWARD", "until", 1, 365, LOCAL),
    Bound("EVICTION", "until", 1, 90, LOCAL),
    Bound("COLLECT_NOTICE", "by", 0, 30, LOCAL),
)


def bound(code: str, name: str, *, on: dt.date) -> Bound | None:
    """Return the row in force that day for a field of a template."""
    rows = [row for row in BOUNDS if (row.template, row.field) == (code, name) and row.from_on <= on]
    return max(rows, key=lambda row: row.from_on, default=None)


def problem(code: str, field: Field, value: str, *, on: dt.date) -> str:
    """Return why a term is too short or too long for a paper of that day; nothing for what is no term at all."""
    row, text = bound(code, field.name, on=on), value.strip()
    if row is None or not text:
        return ""
    told = {"label": field.label, "least": row.least, "most": row.most, "basis": row.basis}
    if field.kind == FieldKind.DAY:
        first, last = on + dt.timedelta(days=row.least), on + dt.timedelta(days=row.most)
        if first.isoformat() <= text <= last.isoformat():
            return ""
        days = told | {"first": first, "last": last}
        return _("%(label)s应在 %(first)s 至 %(last)s 之间，即签发后 %(least)d 至 %(most)d 日（%(basis)s）") % days
    if text.isdecimal() and row.least <= int(text) <= row.most:
        return ""
    if row.least == row.most:
        return _("%(label)s应为 %(most)d 日（%(basis)s）") % told
    return _("%(label)s应为 %(least)d 至 %(most)d 日（%(basis)s）") % told


def problems(code: str, fields: Mapping[str, Field], values: Mapping[str, str], *, on: dt.date) -> dict[str, str]:
    """Return by field which term is too short or too long."""
    found = {name: problem(code, field, values.get(name, ""), on=on) for name, field in fields.items()}
    return {name: said for name, said in found.items() if said}


def tips(code: str) -> dict[str, list[str]]:
    """Return beside which field of a template the newest bound is said."""
    rows = {row.field: row for row in sorted(BOUNDS, key=lambda row: row.from_on) if row.template == code}
    words = _("%(least)d 至 %(most)d 日（%(basis)s）")
    told = {name: {"least": row.least, "most": row.most, "basis": row.basis} for name, row in rows.items()}
    return {name: [words % row] for name, row in told.items()}
