"""The old book by court: its own figures, never mixed into the bureau's, and the list behind each. Amounts are yuan."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Receipt
from assets.models import Control
from bureau import excel
from bureau.models import User
from bureau.money import yuan
from cases.models import Case, CaseQuerySet
from supervision.indicators import rate

NOTHING = Decimal("0.00")
ENDING_DAYS = 90  # when the first alarm of a renewal is said
YEARS = (1, 3, 5)
SETS: dict[str, str | Promise] = {
    "open": gettext_lazy("未结"),
    "overdue": gettext_lazy("超期未结"),
    "resting": gettext_lazy("中止、暂缓"),
    "held": gettext_lazy("有案款"),
    "late": gettext_lazy("案款逾期未发"),
    "ending": gettext_lazy("控制90日内届满"),
    "closed": gettext_lazy("已结"),
    "all": gettext_lazy("全部"),
}


@dataclass(slots=True)
class CourtFigures:
    """The old book of one court on a day; ages in years since filing of what is open, money in yuan."""

    code: str
    name: str
    all: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    resting: int = 0
    up_to_1: int = 0
    up_to_3: int = 0
    up_to_5: int = 0
    older: int = 0
    held: Decimal = NOTHING
    held_cases: int = 0
    late_receipts: int = 0
    late_amount: Decimal = NOTHING
    ending: int = 0

    @property
    def close_rate(self) -> str | None:
        """Return closed ÷ all in per cent."""
        return rate(self.closed, self.all)


def book_of(user: User) -> CaseQuerySet:
    """Return the old book as far as the user sees it: a court's own, or all of them for those who see every case."""
    return Case.objects.visible_to(user).of_courts()


def figures(user: User, *, today: dt.date) -> list[CourtFigures]:
    """Return the figures of each court on that day; three queries whatever the size."""
    book = book_of(user)
    found = {row.code: row for row in _counted(book, today)}
    late = Receipt.objects.overdue(today=today).filter(case__in=book.values("pk"))
    for receipt in late.select_related("case__number_court"):
        row = found[receipt.case.number_court.code]
        row.late_receipts += 1
        row.late_amount += vars(receipt)["unpaid"]
    ending = Control.objects.expiring(today=today, days=ENDING_DAYS).filter(case__in=book.values("pk"))
    for code, count in ending.order_by().values_list("case__number_court__code").annotate(Count("pk")):
        found[code].ending = count
    return [found[code] for code in sorted(found)]


def _counted(book: CaseQuerySet, today: dt.date) -> Iterable[CourtFigures]:
    is_open = ~Q(stage__in=Case.ENDED)
    one, three, five = (_years_before(today, years) for years in YEARS)
    ages = {
        "up_to_1": Q(filed_on__gt=one),
        "up_to_3": Q(filed_on__lte=one, filed_on__gt=three),
        "up_to_5": Q(filed_on__lte=three, filed_on__gt=five),
        "older": Q(filed_on__lte=five),
    }
    rows = book.order_by().values("number_court__code", "number_court__short_name")
    counted = rows.annotate(
        all=Count("pk"),
        closed=Count("pk", filter=~is_open),
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(closing_due_on__lt=today)),
        resting=Count("pk", filter=Q(stage__in=(Case.Stage.SUSPENDED, Case.Stage.STAYED))),
        held=Sum("escrow__balance"),
        held_cases=Count("pk", filter=Q(escrow__balance__gt=0)),
        **{name: Count("pk", filter=is_open & span) for name, span in ages.items()},
    )
    for row in counted:
        said: dict[str, Any] = dict(row)
        code, name = said.pop("number_court__code"), said.pop("number_court__short_name")
        yield CourtFigures(code, name, **said | {"held": said["held"] or NOTHING})


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def total(rows: list[CourtFigures]) -> CourtFigures:
    """Return the sums of all courts shown."""
    whole = CourtFigures("", _("合计"))
    for row in rows:
        for figure in fields(CourtFigures)[2:]:
            setattr(whole, figure.name, getattr(whole, figure.name) + getattr(row, figure.name))
    return whole


def cases(user: User, *, chosen: str, court: str, today: dt.date) -> CaseQuerySet:
    """Return the cases of one figure, the oldest first, with money held and the next last day of a control."""
    book = book_of(user)
    if court:
        book = book.filter(number_court__code=court)
    controls = Control.objects.filter(case=OuterRef("pk"), state=Control.State.LIVE).order_by()
    ends = controls.values("case").annotate(first=Min("to_on")).values("first")
    rows = _in_set(book, chosen, today).select_related("number_court", "judge", "owner", "escrow")
    return rows.annotate(next_end_on=Subquery(ends)).prefetch_related("parties").order_by("filed_on", "id")


def _in_set(book: CaseQuerySet, chosen: str, today: dt.date) -> CaseQuerySet:
    if chosen == "late":
        return book.filter(pk__in=Receipt.objects.overdue(today=today).values("case"))
    if chosen == "ending":
        return book.filter(pk__in=Control.objects.expiring(today=today, days=ENDING_DAYS).values("case"))
    kept: dict[str, Q] = {
        "open": ~Q(stage__in=Case.ENDED),
        "overdue": ~Q(stage__in=Case.ENDED) & Q(closing_due_on__lt=today),
        "resting": Q(stage__in=(Case.Stage.SUSPENDED, Case.Stage.STAYED)),
        "held": Q(escrow__balance__gt=0),
        "closed": Q(stage__in=Case.ENDED),
    }
    return book.filter(kept.get(chosen, Q()))


def workbook(user: User, *, chosen: str, court: str, today: dt.date) -> tuple[bytes, int]:
    """Return figures and list as a workbook, and how many cases are in it; personal numbers are not included."""
    rows = cases(user, chosen=chosen, court=court, today=today)[: excel.ROWS_MAX]
    lines = [line_of(case) for case in rows]
    by_court = [figure_line(row) for row in figures(user, today=today)]
    titles = [_("法院"), *(str(label) for label, _name in FIGURES)]
    content = excel.workbook((_("旧存统计"), titles, by_court), (_("旧存案件"), _titles(), lines))
    return content, len(lines)


# What a line of figures prints, in order.
FIGURES: tuple[tuple[str | Promise, str], ...] = (
    (gettext_lazy("旧存"), "all"),
    (gettext_lazy("已结"), "closed"),
    (gettext_lazy("未结"), "open"),
    (gettext_lazy("超期未结"), "overdue"),
    (gettext_lazy("中止、暂缓"), "resting"),
    (gettext_lazy("一年内"), "up_to_1"),
    (gettext_lazy("一至三年"), "up_to_3"),
    (gettext_lazy("三至五年"), "up_to_5"),
    (gettext_lazy("五年以上"), "older"),
    (gettext_lazy("现存案款（元）"), "held"),
    (gettext_lazy("逾期未发（笔）"), "late_receipts"),
    (gettext_lazy("逾期未发（元）"), "late_amount"),
    (gettext_lazy("控制90日内届满"), "ending"),
)


def figure_line(row: CourtFigures) -> list[Any]:
    """Return one court's figures in the order of their titles."""
    return [row.name, *(getattr(row, name) for _label, name in FIGURES)]


def printed(row: CourtFigures) -> list[str]:
    """Return one court's figures as a page prints them."""
    return [yuan(figure) if isinstance(figure, Decimal) else str(figure) for figure in figure_line(row)]


def _titles() -> list[str]:
    return [
        *(_("案号"), _("法院"), _("立案日"), _("阶段"), _("进入阶段日"), _("执行期限"), _("承办法官"), _("承办人")),
        *(_("标的（元）"), _("现存案款（元）"), _("最近控制届满日"), _("结案日")),
    ]


def line_of(case: Case) -> list[Any]:
    """Return one case as a line of the sheet."""
    return [
        case.display_number,
        case.number_court.short_name,
        case.filed_on,
        case.get_stage_display(),
        case.stage_since_on,
        case.closing_due_on,
        case.judge.name if case.judge else "",
        case.owner.name if case.owner else "",
        case.amount_claimed,
        case.escrow.balance if hasattr(case, "escrow") else NOTHING,
        vars(case)["next_end_on"],
        case.closed_on,
    ]
