"""Daily files as the national case system exports them."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from bureau.models import Court, User
from supervision.models import NationalFile, NationalMapping
from supervision.national import files, mappings
from supervision.national.sheet import Layout, inspect

HEADING = {
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


def line(number: str, **changes: Any) -> dict[str, Any]:
    """Return the row of the plain case of the factories, with those changes."""
    plain = {
        "filed_on": "2021-09-01",
        "handler": "",
        "state": "立案",
        "closed_on": "",
        "closing_mode": "",
        "amount": "50000.00",
        "applicants": "张安然",
        "debtors": "乌海市测试商贸有限公司",
        "cause": "买卖合同纠纷",
    }
    return {"number": number, **plain, **changes}


def book(rows: Sequence[dict[str, Any]], *, heading: dict[str, str] | None = None, above: Sequence[Any] = ()) -> bytes:
    """Return an Excel file of those rows; `above` are rows over the heading."""
    heading = heading or HEADING
    out, made = io.BytesIO(), Workbook()
    page = made.active
    for row in above:
        page.append(row)
    page.append(list(heading.values()))
    for row in rows:
        page.append([row.get(name) for name in heading])
    made.save(out)
    return out.getvalue()


def mapping(court: Court, *, at: dt.datetime, actor: User, **changes: Any) -> NationalMapping:
    """Return how that file is written, saved."""
    layout = Layout(changes.pop("columns", HEADING))
    plain: dict[str, Any] = {"court": court, "name": "案件清单", "layout": layout, **changes}
    return mappings.save_mapping(**plain, at=at, actor=actor)


def read(content: bytes, how: NationalMapping) -> Any:
    """Return the file as read by the mapping."""
    return inspect(content, mappings.layout_of(how), court=how.court.code)


def take_in(content: bytes, how: NationalMapping, *, day: dt.date, at: dt.datetime, actor: User) -> NationalFile:
    """Return the file taken in."""
    return files.take_in(read(content, how), mapping=how, day=day, name="案件清单.xlsx", at=at, actor=actor)
