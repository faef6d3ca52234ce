"""The room's calculators: the last day of a period, and checked identity numbers."""

from django.utils.translation import gettext_lazy as _

from bureau.calculator import Answer, Calculator, Field, Payload, choice_of, count_of, day_of, text_of
from bureau.calendar import COUNT_MAX, Unit, WorkCalendar
from bureau.identity import canonical_resident_id, canonical_uscc

UNITS: tuple[tuple[Unit, object], ...] = (
    ("day", _("日")),
    ("workday", _("工作日")),
    ("month", _("个月")),
    ("year", _("年")),
)


def due_day(payload: Payload, days: WorkCalendar) -> Answer:
    """Return the last day of a period that begins the day after `from`, with its arithmetic in words."""
    unit: Unit = choice_of(payload, "unit", tuple(code for code, _label in UNITS))  # type: ignore[assignment]
    due = days.due(day_of(payload, "from"), count_of(payload, "count", most=COUNT_MAX), unit)
    return {"due_on": due.due_on.isoformat(), "steps": due.steps, "is_provisional": due.is_provisional}


def id_number(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return a resident ID in canonical form with the birth day and sex it tells (GB 11643-1999)."""
    found = canonical_resident_id(text_of(payload, "text"))
    return {"canonical": found.number, "birth_on": found.birth_on.isoformat(), "sex": found.sex}


def uscc(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return a unified social credit code in canonical form (GB 32100-2015)."""
    return {"canonical": canonical_uscc(text_of(payload, "text"))}


CALCULATORS = (
    Calculator(
        "due-day",
        _("期间届满日"),
        "民事诉讼法 85（2017年文本 82）；民法典 200–203",
        (
            Field("from", _("起算日"), "date", hint=_("开始的当日不计入")),
            Field("count", _("期间"), "number", example="15"),
            Field("unit", _("单位"), "choice", UNITS),  # type: ignore[arg-type]
        ),
        due_day,
    ),
    Calculator("id-number", _("身份证号校验"), "GB 11643-1999", (Field("text", _("身份证号")),), id_number),
    Calculator("uscc", _("统一社会信用代码校验"), "GB 32100-2015", (Field("text", _("统一社会信用代码")),), uscc),
)
