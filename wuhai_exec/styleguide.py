"""All components in all states on one page, for developers; what they show is invented."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.forms import DeputyForm, HolidayForm
from bureau.versions import Difference
from cases.clocks import Clock
from cases.models import Case
from cases.startforms import HandOver
from cases.timeline import Line
from supervision.charts import Bar, Row, bars

TODAY = dt.date(2021, 12, 27)
DAY = dt.timedelta(days=1)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the style guide."""
    context = {
        "today": TODAY,
        "days": [TODAY + shift * DAY for shift in (-2, 0, 2, 12)],
        "sum": Decimal("1234567.89"),
        "rail": _rail(),
        "clocks": _clocks(),
        "lines": _lines(),
        "rows": _rows(),
        "chart": bars(_("未结案件的立案天数"), [_bar("≤30", 27), _bar("31–90", 32), _bar(">180", 3, "bad")]),
        "pairs": bars(_("每周受理与结案"), [_pair("12-06", 23, 56), _pair("12-13", 16, 66)], (_("受理"), _("结案"))),
        "wrong_form": HolidayForm({"name": "国庆节" * 20, "on": "2021-02-30"}),
        "form": DeputyForm(),
        "pack_form": HandOver(),
        "differences": _differences(),
    }
    return render(request, "styleguide.html", context)


def _differences() -> list[Difference]:
    return [
        Difference(_("姓名或名称"), "张安燃", "张安然"),
        Difference(_("电话"), "138****1234", "138****1234"),
    ]


def _rail() -> list[dict[str, Any]]:
    stages = (
        *(Case.Stage.FILED, Case.Stage.ALLOCATED, Case.Stage.STARTING, Case.Stage.FAST),
        *(Case.Stage.CLOSING, Case.Stage.CLOSED, Case.Stage.ARCHIVED),
    )
    states = ("done", "done", "now", "todo", "todo", "todo", "todo")
    return [
        {"label": stage.label, "state": state, "since": TODAY if state == "now" else None}
        for stage, state in zip(stages, states, strict=True)
    ]


def _clocks() -> list[Clock]:
    steps = [_("自 %(start)s 次日起算 %(count)d 日，至 %(raw)s（%(week)s）")]
    said = steps[0] % {"start": TODAY, "count": 7, "raw": TODAY + 7 * DAY, "week": _("周一")}
    tones = (
        ("", TODAY + 182 * DAY, _("剩 %(count)d 天") % {"count": 182}),
        ("near", TODAY, _("今天到期")),
        ("overdue", TODAY - 3 * DAY, _("逾期 %(count)d 天") % {"count": 3}),
        ("done", TODAY, _("%(day)s 完成") % {"day": TODAY - DAY}),
    )
    return [Clock(_("分流期限"), day, tone, word, "法发〔2006〕35号 2", [said]) for tone, day, word in tones]


def _lines() -> list[Line]:
    at = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(9, 30)))
    facts = [(_("金额（元）"), "30,000.00"), (_("到账日"), str(TODAY))]
    return [
        Line(2, at, "receive", _("案款到账"), "岳清廉", facts),
        Line(1, at - 8 * DAY, "register", _("登记立案"), "白若溪", []),
    ]


def _rows() -> list[dict[str, Any]]:
    names = (("(2021)内0302执279号", "乌海市茂丰机械租赁有限公司"), ("(2021)内0304执176号", "苏布德"))
    sums = (Decimal("104665.20"), Decimal("4476.82"))
    return [
        {"number": number, "name": name, "sum": amount, "due_on": TODAY + shift * DAY, "is_red": shift < 0}
        for (number, name), amount, shift in zip(names, sums, (-3, 4), strict=True)
    ]


def _bar(label: str, value: int, tone: str = "") -> Row:
    return Row(label, (Bar(value, str(value), tone),))


def _pair(label: str, first: int, second: int) -> Row:
    return Row(label, (Bar(first, str(first), "", "#"), Bar(second, str(second), "second", "#")))
