"""For those who watch: money before a holiday, and who did what on every payout of a period."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts import export, forms, pages, separation
from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires

PAGE = 50


@requires("accounts.view_money")
@require_safe
def before_holiday(request: StaffRequest) -> HttpResponse:
    """Unpaid money that falls due within the coming days off or is moved by them to the first working day."""
    today = clock.today()
    holiday = pages.holiday_near(today)
    rows = pages.before_holiday(request.user, holiday, today=today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": pages.with_holds(page.object_list), "holiday": holiday, "today": today}
    return render(request, "accounts/before_holiday.html", context)


def _period(request: StaffRequest) -> tuple[forms.Period, dt.date, dt.date]:
    form, today = forms.Period(request.GET), clock.today()
    from_on, until_on = form.period(today.replace(day=1), today)
    return form, from_on, until_on


@requires("accounts.view_separation")
@require_safe
def separated(request: StaffRequest) -> HttpResponse:
    """The separation report of a period: each payout with its people, and each person with his steps."""
    form, from_on, until_on = _period(request)
    period = {"from_on": from_on, "until_on": until_on}
    page = Paginator(separation.payouts(request.user, **period), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(row, separation.is_separate(row)) for row in page.object_list],
        "shares": [
            (share, [share.counts.get(step, 0) for step in separation.step_labels()])
            for share in separation.shares(request.user, **period)
        ],
        "steps": separation.step_labels().values(),
        "batches": separation.batches(request.user, **period)[:PAGE],
        **period,
    }
    return render(request, "accounts/separation.html", context)


@requires("accounts.view_separation")
@require_POST
def export_separation(request: StaffRequest) -> HttpResponse:
    """The report as sheets; taking it out is on record."""
    _form, from_on, until_on = _period(request)
    period = {"from_on": from_on, "until_on": until_on}
    rows = list(separation.payouts(request.user, **period)[: excel.ROWS_MAX])
    bureau.note_export("separation", count=len(rows), at=clock.now(), actor=request.user)
    batches = list(separation.batches(request.user, **period)[: excel.ROWS_MAX])
    return export.separation(rows, separation.shares(request.user, **period), batches)
