"""Two days of the national case system, invented: files with a few differences, what was ticked, one file missing."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator
from typing import Any

from openpyxl import Workbook

from bureau.models import Court, User
from cases.models import Case
from supervision.models import NationalDifference, NationalEntry, NationalMapping
from supervision.national import comparing, entries, files, mappings, values
from supervision.national.fields import BY_CODE, LABELS
from supervision.national.sheet import Layout, inspect
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.plan import ENDS_ON
from wuhai_exec.demo.walk import CLOSES, moment

Row = tuple[dt.datetime, int, Callable[[], object]]
FIRST_ON = dt.date(2021, 12, 24)
NIGHT_ON = dt.date(2021, 12, 25)
LAST = 10**6 + 5
NAME = "案件清单（演示）"
# The window of the third court forgot its file on the first day.
HANDED_IN = {"内0302": "W2", "内0304": "W4"}
FORGOTTEN = {"内0303": "W3"}
HEADINGS = {
    "number": "案号",
    "filed_on": "立案日期",
    "handler": "承办人",
    "state": "案件状态",
    "closed_on": "结案日期",
    "closing_mode": "结案方式",
    "amount": "申请执行标的",
    "applicants": "申请执行人",
    "debtors": "被执行人",
    "cause": "案由",
}
# One case in so many is left out, has another clerk, still stands as open, or has another sum; fewer on the second day.
RATES = {FIRST_ON: {"gone": 61, "handler": 47, "state": 43, "amount": 83}}
RATES[ENDS_ON] = {"gone": 97, "handler": 83, "state": 47, "amount": 83}
LEFT_OUT = 25  # one group in so many waits to be typed
ONLY_THERE = 9001
ONLY_THERE_SAYS = {
    "filed_on": "2021-12-20",
    "state": "立案",
    "amount": "18000.00",
    "applicants": "演示申请人",
    "debtors": "演示被执行人",
    "cause": "民间借贷纠纷",
}


def acts(staff: Staff, system: User) -> Iterator[Row]:
    """Yield what happened: files and ticks on the first day, the night, and a second file at the end of the book."""
    yield moment(FIRST_ON, CLOSES), LAST, lambda: _first_day(staff)
    yield moment(NIGHT_ON, 110), 0, lambda: comparing.run_night(at=moment(NIGHT_ON, 110), actor=system)
    yield moment(ENDS_ON, 520), LAST, lambda: _explain(staff)
    yield moment(ENDS_ON, CLOSES), LAST, lambda: _last_day(staff)


def _first_day(staff: Staff) -> None:
    at = moment(FIRST_ON, CLOSES)
    for code, window in (HANDED_IN | FORGOTTEN).items():
        clerk, court = staff.of_window(window), Court.objects.get(code=code)
        mapping = mappings.save_mapping(court=court, name=NAME, layout=Layout(HEADINGS), at=at, actor=clerk)
        if code in HANDED_IN:
            _hand_in(mapping, FIRST_ON, at=at, clerk=clerk)
    entries.follow(at=at)
    for window in (*HANDED_IN.values(), *FORGOTTEN.values(), "W1"):
        _tick(staff.of_window(window), at=at)
    _tick(staff["assistant"], at=at)


def _tick(clerk: User, *, at: dt.datetime) -> None:
    rows = NationalEntry.objects.visible_to(clerk).waiting().order_by("case_id", "group")
    seen = {row.pk: row.digest for row in rows if _drawn(f"{row.case_id}{row.group}") % LEFT_OUT}
    pks = list(seen)
    for start in range(0, len(pks), entries.TICKS_MAX):
        chunk = {pk: seen[pk] for pk in pks[start : start + entries.TICKS_MAX]}
        entries.tick_many(chunk, at=at, actor=clerk)


def _explain(staff: Staff) -> None:
    at, clerk = moment(ENDS_ON, 520), staff.of_window("W2")
    found = NationalDifference.objects.visible_to(clerk).standing().filter(field="amount").order_by("number")
    for row in found[:1]:
        comparing.explain(row, reason="两系统口径不同", at=at, actor=clerk)


def _last_day(staff: Staff) -> None:
    at = moment(ENDS_ON, CLOSES)
    for code, window in HANDED_IN.items():
        clerk = staff.of_window(window)
        mapping = NationalMapping.objects.in_use().select_related("court").get(court__code=code)
        _hand_in(mapping, ENDS_ON, at=at, clerk=clerk)
        comparing.compare(mapping.court, day=ENDS_ON, at=at, actor=clerk)
    entries.follow(at=at)


def _hand_in(mapping: NationalMapping, day: dt.date, *, at: dt.datetime, clerk: User) -> None:
    sheet = inspect(_book(mapping.court, day), mappings.layout_of(mapping), court=mapping.court.code)
    files.take_in(sheet, mapping=mapping, day=day, name=f"案件清单{day:%Y%m%d}.xlsx", at=at, actor=clerk)


def _drawn(text: str) -> int:
    """Return a number that is the same in every load of the book."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _book(court: Court, day: dt.date) -> bytes:
    """Return the court's book as an export of the national system would have it on that day."""
    rates, made, out = RATES[day], Workbook(write_only=True), io.BytesIO()
    page = made.create_sheet("案件清单")
    page.append(list(HEADINGS.values()))
    cases = Case.objects.filter(number_court=court, filed_on__lte=day).order_by("filed_on", "id")
    for case in values.load_compared(cases, with_money=False):
        drawn = _drawn(case.display_number)
        if drawn % rates["gone"]:
            said = {"number": case.display_number, **values.compared(case, list(HEADINGS)[1:])}
            page.append([_printed(code, text) for code, text in _altered(said, drawn, rates).items()])
    only_there = {"number": f"(2021){court.code}执{ONLY_THERE}号", **ONLY_THERE_SAYS}
    page.append([only_there.get(code, "") for code in HEADINGS])
    made.save(out)
    return out.getvalue()


def _altered(said: dict[str, str], drawn: int, rates: dict[str, int]) -> dict[str, Any]:
    if said["handler"] and drawn % rates["handler"] == 1:
        said["handler"] = "原承办人（演示）"
    if said["closed_on"] and drawn % rates["state"] == 2:
        said |= {"state": "OPEN", "closed_on": "", "closing_mode": ""}
    if drawn % rates["amount"] == 3:
        said["amount"] = f"{float(said['amount']) + 100:.2f}"
    return said


def _printed(code: str, text: str) -> str:
    return str(LABELS[code].get(text, text)) if BY_CODE[code].kind == "code" else text
