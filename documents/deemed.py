"""When a paper counts as served, by way and fact (民事诉讼法 送达; domain handbook §9.1); pure."""

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.calendar import WorkCalendar
from documents.citations import cite

# The amendment of 2021, in force 2022-01-01, made the sixty days thirty.
NOTICE_CHANGED_ON = dt.date(2022, 1, 1)
NOTICE_DAYS_BEFORE, NOTICE_DAYS = 60, 30


class Way(models.TextChoices):
    """How a paper is served."""

    DIRECT = "DIRECT", gettext_lazy("直接送达")
    LEFT = "LEFT", gettext_lazy("留置送达")
    ELECTRONIC = "ELECTRONIC", gettext_lazy("电子送达")
    ENTRUSTED = "ENTRUSTED", gettext_lazy("委托送达")
    MAIL = "MAIL", gettext_lazy("邮寄送达")
    FORWARDED = "FORWARDED", gettext_lazy("转交送达")
    NOTICE = "NOTICE", gettext_lazy("公告送达")


CITED = {
    Way.DIRECT: "SERVICE",
    Way.LEFT: "SERVICE_LEFT",
    Way.ELECTRONIC: "SERVICE_ELECTRONIC",
    Way.ENTRUSTED: "SERVICE_MAIL",
    Way.MAIL: "SERVICE_MAIL",
    Way.FORWARDED: "SERVICE",
    Way.NOTICE: "SERVICE_NOTICE",
}


@dataclass(frozen=True, slots=True)
class Deemed:
    """The day on which it counts as served, why, and by which article."""

    on: dt.date
    steps: list[str]
    basis: str


def deemed(way: str, on: dt.date, *, is_returned: bool, calendar: WorkCalendar) -> Deemed:
    """Return the day of service; `on` is the day of the fact: signed, left, arrived, returned, published.

    Mail that comes back from an address which the party gave himself counts on the day it came back. A public notice
    counts sixty days after it was published, thirty if published on or after 2022-01-01; the day it appears is not
    counted and a period that ends on a day of rest ends on the next working day.
    """
    basis = cite(CITED[Way(way)], on)
    if way == Way.NOTICE:
        count = NOTICE_DAYS if on >= NOTICE_CHANGED_ON else NOTICE_DAYS_BEFORE
        due = calendar.due(on, count, "day")
        return Deemed(due.due_on, [*due.steps, _("公告期满即视为送达")], basis)
    said = {
        Way.DIRECT: _("受送达人或者法定代收人在送达回证上签收之日"),
        Way.LEFT: _("把文书留在受送达人住所之日"),
        Way.ELECTRONIC: _("到达受送达人特定系统之日"),
        Way.ENTRUSTED: _("受送达人在送达回证上签收之日"),
        Way.MAIL: _("回执上注明的收件之日"),
        Way.FORWARDED: _("受送达人在送达回证上签收之日"),
    }[Way(way)]
    if way == Way.MAIL and is_returned:
        said = _("邮寄到受送达人自己确认的地址被退回，退回之日视为送达")
    return Deemed(on, [said], basis)
