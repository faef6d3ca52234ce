"""What the page and the sheet of figures print; pure."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from django.utils.translation import gettext as _

from bureau import excel
from bureau.models import Court, Window
from bureau.money import yuan
from cases.models import Case
from supervision import charts
from supervision.charts import Row
from supervision.definitions import DEFINITIONS, list_url
from supervision.indicators import Figures

NO_FIGURE = "—"
TRIAGE_DAYS_MAX = 7


def context(figures: Figures) -> dict[str, Any]:
    """Return everything the page of figures shows; two small queries for the names of courts and windows."""
    as_of = figures.as_of
    courts = dict(Court.objects.values_list("code", "short_name"))
    windows = dict(Window.objects.values_list("code", "name"))
    modes = dict(Case.ClosingMode.choices)
    return {
        "figures": figures,
        "cards": [
            {
                "label": item.label,
                "figure": _with_unit(printed(getattr(figures, item.code)), str(item.unit)),
                "how": item.definition,
                "source": item.source,
                "url": item.url(as_of),
                "tone": "overdue" if item.is_red and getattr(figures, item.code) else "",
            }
            for item in DEFINITIONS
        ],
        "courts": list(_rows(figures.by_court, courts, "court", as_of)),
        "windows": list(_rows(figures.by_window, windows, "window", as_of)),
        "streams": list(_rows(figures.by_stream, {**dict(Case.Stream.choices), "": _("尚未分流")}, "", as_of)),
        "modes": [(modes[mode], count) for mode, count in figures.closing_modes.items()],
        "triage_chart": _triage_chart(figures),
        "accepted_chart": _weeks_chart(figures),
        "unpaid_chart": _unpaid_chart(figures),
        "open_chart": _open_chart(figures),
    }


def printed(value: Any) -> str:
    """Return a figure as printed: yuan with two places, counts whole, a dash for none."""
    if value is None:
        return NO_FIGURE
    if isinstance(value, Decimal):
        return yuan(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _with_unit(text: str, unit: str) -> str:
    return text if text == NO_FIGURE or not unit else f"{text} {unit}"


def _rows(
    counts: dict[str, dict[str, int]], names: dict[str, Any], parameter: str, as_of: dt.date
) -> Iterator[dict[str, Any]]:
    for code, row in counts.items():
        links = {
            kind: list_url("cases:list", as_of, set=kind, **{parameter: code}) if parameter else ""
            for kind in ("accepted", "closed", "open")
        }
        left = row["accepted"] - row["closed"]
        yield {"code": code, "name": names.get(code, code), **row, "open": left, "urls": links}


def _triage_chart(figures: Figures) -> charts.Chart:
    rows = [
        Row(_("%(days)d 天") % {"days": days}, count, str(count), "bad" if days > TRIAGE_DAYS_MAX else "")
        for days, count in sorted(figures.triage_days.items())
    ]
    return charts.bars(_("分流用时分布"), rows)


def _weeks_chart(figures: Figures) -> charts.Chart:
    rows = []
    for week in dropwhile(lambda week: not (week.accepted or week.closed), figures.weeks):
        day = f"{week.from_on:%m-%d}"
        rows.append(Row(_("%(day)s 受理") % {"day": day}, week.accepted, str(week.accepted)))
        rows.append(Row(_("%(day)s 结案") % {"day": day}, week.closed, str(week.closed), "second"))
    return charts.bars(_("每周受理与结案"), rows)


def _unpaid_chart(figures: Figures) -> charts.Chart:
    rows = [
        Row(
            _("%(days)s 天") % {"days": age.label},
            float(age.amount or 0),
            _("%(amount)s 元（%(count)d 笔）") % {"amount": printed(age.amount), "count": age.count},
            "bad" if place > 2 else "",
        )
        for place, age in enumerate(figures.unpaid_ages)
    ]
    return charts.bars(_("未发放案款的到账天数"), rows)


def _open_chart(figures: Figures) -> charts.Chart:
    rows = [Row(_("%(days)s 天") % {"days": age.label}, age.count, str(age.count)) for age in figures.open_ages]
    return charts.bars(_("未结案件的立案天数"), rows)


def workbook(figures: Figures) -> bytes:
    """Return the figures with their definitions, and the split by court and window, as an Excel file."""
    shown = context(figures)
    cards = [
        [str(item.label), _number(getattr(figures, item.code)), str(item.unit), str(item.definition), str(item.source)]
        for item in DEFINITIONS
    ]
    cards.append([_("截至"), figures.as_of, "", "", ""])
    parts = [
        (title, [_("代码"), _("名称"), _("受理"), _("已结"), _("未结")], [_part(row) for row in rows])
        for title, rows in ((_("按法院"), shown["courts"]), (_("按窗口"), shown["windows"]))
    ]
    head = (_("指标"), [_("指标"), _("数值"), _("单位"), _("口径"), _("来源")], cards)
    return excel.workbook(head, *parts, widths=(28, 22, 12, 60, 40))


def _number(value: Any) -> Any:
    """Return a figure as a number to reckon with; rates and averages are kept as text with their places."""
    if value is None:
        return NO_FIGURE
    return Decimal(value) if isinstance(value, str) else value


def _part(row: dict[str, Any]) -> list[Any]:
    return [row["code"], row["name"], row["accepted"], row["closed"], row["open"]]
