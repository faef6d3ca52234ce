"""What the page and the sheet of figures print, and the applicants' marks."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from django.db.models import Avg, Count
from django.utils.translation import gettext as _

from bureau import excel
from bureau.models import Court, User, Window
from bureau.money import yuan
from cases.listing import NO_STREAM
from cases.models import Case
from supervision import charts
from supervision.charts import Bar, Row
from supervision.definitions import DEFINITIONS, SEES_MONEY, Definition, list_url
from supervision.indicators import OPEN_DAYS_MAX, Figures
from supervision.models import StageRating

NO_FIGURE = "—"
TRIAGE_DAYS_MAX = 7


def context(figures: Figures, user: User) -> dict[str, Any]:
    """Return everything the page of figures shows the user; two small queries for names of courts and windows."""
    as_of = figures.as_of
    courts = dict(Court.objects.values_list("code", "short_name"))
    windows = dict(Window.objects.values_list("code", "name"))
    cards = [_card(item, figures) for item in DEFINITIONS if not item.permission or user.has_perm(item.permission)]
    money_cards = [card for card in cards if card["is_money"]]
    return {
        "figures": figures,
        "cards": cards,
        "case_cards": [card for card in cards if not card["is_money"]],
        "money_cards": money_cards,
        "courts": list(_rows(figures.by_court, courts, "court", as_of)),
        "windows": list(_rows(figures.by_window, windows, "window", as_of)),
        "streams": list(
            _rows(_streams(figures), {**dict(Case.Stream.choices), NO_STREAM: _("尚未分流")}, "stream", as_of)
        ),
        "modes": list(_modes(figures)),
        "triage_chart": _triage_chart(figures),
        "accepted_chart": _weeks_chart(figures),
        "unpaid_chart": _unpaid_chart(figures) if money_cards else None,
        "open_chart": _open_chart(figures),
    }


def _streams(figures: Figures) -> dict[str, dict[str, int]]:
    # In an address the empty stream would ask for every case.
    return {code or NO_STREAM: row for code, row in figures.by_stream.items()}


def _card(item: Definition, figures: Figures) -> dict[str, Any]:
    figure = getattr(figures, item.code)
    return {
        "label": item.label,
        "figure": _with_unit(printed(figure), str(item.unit)),
        "how": item.definition,
        "source": item.source,
        "url": item.url(figures.as_of),
        "tone": "overdue" if item.is_red and figure else "",
        "is_money": item.permission == SEES_MONEY,
    }


def _modes(figures: Figures) -> Iterator[dict[str, Any]]:
    names = dict(Case.ClosingMode.choices)
    for mode, count in figures.closing_modes.items():
        url = list_url("cases:list", figures.as_of, set="closed", mode=mode)
        yield {"label": names[mode], "count": count, "url": url}


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
            kind: list_url("cases:list", as_of, set=kind, **{parameter: code})
            for kind in ("accepted", "closed", "open")
        }
        left = row["accepted"] - row["closed"]
        yield {"code": code, "name": names.get(code, code), **row, "open": left, "urls": links}


def _triage_chart(figures: Figures) -> charts.Chart:
    rows = [
        Row(_("%(days)d 天") % {"days": days}, (Bar(count, str(count), "bad" if days > TRIAGE_DAYS_MAX else ""),))
        for days, count in sorted(figures.triage_days.items())
    ]
    return charts.bars(_("分流用时分布"), rows)


def _weeks_chart(figures: Figures) -> charts.Chart:
    rows = []
    for week in dropwhile(lambda week: not (week.accepted or week.closed), figures.weeks):
        first, last = week.from_on.isoformat(), min(week.from_on + dt.timedelta(days=6), figures.as_of).isoformat()
        filed = list_url("cases:list", figures.as_of, set="accepted", filed_from=first, filed_to=last)
        closed = list_url("cases:list", figures.as_of, set="closed", closed_from=first, closed_to=last)
        bars = (Bar(week.accepted, str(week.accepted), "", filed), Bar(week.closed, str(week.closed), "second", closed))
        rows.append(Row(f"{week.from_on:%m-%d}", bars))
    return charts.bars(_("每周受理与结案"), rows, (_("受理"), _("结案")))


def _unpaid_chart(figures: Figures) -> charts.Chart:
    rows = []
    for place, age in enumerate(figures.unpaid_ages):
        text = _("%(amount)s 元（%(count)d 笔）") % {"amount": printed(age.amount), "count": age.count}
        bar = Bar(float(age.amount or 0), text, "bad" if place > 2 else "")
        rows.append(Row(_("%(days)s 天") % {"days": age.label}, (bar,)))
    return charts.bars(_("未发放案款的到账天数"), rows)


def _open_chart(figures: Figures) -> charts.Chart:
    rows, as_of, first = [], figures.as_of, 0
    for age, last in zip(figures.open_ages, (*OPEN_DAYS_MAX, None), strict=True):
        filed = {"filed_to": (as_of - dt.timedelta(days=first)).isoformat()}
        if last is not None:
            filed["filed_from"] = (as_of - dt.timedelta(days=last)).isoformat()
            first = last + 1
        url = list_url("cases:list", as_of, set="open", **filed)
        rows.append(Row(_("%(days)s 天") % {"days": age.label}, (Bar(age.count, str(age.count), "", url),)))
    return charts.bars(_("未结案件的立案天数"), rows)


def workbook(figures: Figures, user: User) -> bytes:
    """Return what the user sees of the figures, with definitions and split, as an Excel file."""
    shown = context(figures, user)
    cards = [
        [str(item.label), _number(getattr(figures, item.code)), str(item.unit), str(item.definition), str(item.source)]
        for item in DEFINITIONS
        if not item.permission or user.has_perm(item.permission)
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


def rating_groups() -> list[dict[str, Any]]:
    """Return the mean mark and the count of each stage and team."""
    labels = dict(StageRating.Stage.choices)
    rows = StageRating.objects.values("stage", "team__name").annotate(mean=Avg("score"), count=Count("pk"))
    return [{**row, "label": labels[row["stage"]]} for row in rows.order_by("stage", "team__name")]


def _part(row: dict[str, Any]) -> list[Any]:
    return [row["code"], row["name"], row["accepted"], row["closed"], row["open"]]
