"""Deadlines: of one case, of the month, before holidays, and the calendar feed with its key."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.calendar import DAY
from bureau.errors import Refused
from bureau.paging import page_of
from bureau.roles import has_role
from cases import duelist, feed, forms, monthgrid, pages, services
from cases.models import Case, Deadline, FeedToken


def _frame(request: StaffRequest, pk: int) -> tuple[Case, dict[str, Any]]:
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    return case, pages.head(case, request.user, today=clock.today())


@require_safe
@requires("cases.view_case")
def of_case(request: StaffRequest, pk: int) -> HttpResponse:
    """Show every deadline of the case with its arithmetic and citation, and the periods that do not count."""
    case, context = _frame(request, pk)
    rows = list(Deadline.objects.filter(case=case).for_list())
    pauses = list(case.pauses.order_by("from_on", "id"))
    may_exclude = services.may_exclude(case, request.user)
    context |= {
        "running": [row for row in rows if row.is_running],
        "ended": [row for row in rows if not row.is_running],
        "noting": {row.pk for row in rows if row.is_running and services.may_note_done(row, request.user)},
        "pauses": pauses,
        "may_exclude": may_exclude,
        "ending": {row.pk for row in pauses if may_exclude and services.is_ended_by_hand(row, case)},
        "excluded": duelist.excluded(pauses, today=clock.today()),
    }
    return render(request, "cases/deadlines.html", context)


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def note_done(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that something owed is done, with the paper that shows it."""
    mine = Deadline.objects.visible_to(request.user).select_related("case")
    deadline = get_object_or_404(mine, pk=pk)
    rule = deadline.rule
    form = forms.NoteDone(request.POST if request.method == "POST" else None, rule=rule)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_done(deadline, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记"))
            return redirect("cases:case_deadlines", deadline.case_id)
    _case, context = _frame(request, deadline.case_id)
    words = _("说明不能办理：%(node)s") if rule.excuses else _("登记已办：%(node)s")
    context |= {"form": form, "heading": words % {"node": rule.label}}
    return render(request, "cases/act.html", context, status=422 if form.errors else 200)


@require_safe
@requires("cases.view_case")
def month(request: StaffRequest) -> HttpResponse:
    """Show what falls due in a month as a sheet of weeks and by day; or on one day, or everything of one level."""
    asked, today = request.GET.copy(), clock.today()
    # Who leads owns no deadline: for him the list begins with everything in his scope.
    asked.setdefault("who", "all" if has_role(request.user, *duelist.LEADERS) else "mine")
    form = forms.DeadlineFilters(asked)
    chosen = form.chosen()
    rows = duelist.asked(request.user, chosen, today=today)
    page = page_of(rows, request)
    dues = duelist.dues_asked(request.user, chosen, today=today)
    context = {"form": form, "page": page, "days": duelist.by_day(list(page.object_list)), "today": today, "dues": dues}
    context |= {"day": chosen.get("day") if not chosen.get("level") else None}
    if not chosen.get("level") and not chosen.get("day"):
        first, last = duelist.month_of(chosen.get("month"), today=today)
        context |= {"is_month": True, "first": first, "before": first - DAY, "after": last + DAY}
        context |= {
            "weeks": monthgrid.weeks(rows, dues, first=first, last=last) if page.paginator.count or dues else []
        }
    return render(request, "cases/deadline_list.html", context)


@require_safe
@requires("cases.view_case")
def holidays(request: StaffRequest) -> HttpResponse:
    """Show what falls into the coming holiday; from three working days before it, it stands on the desk too."""
    today = clock.today()
    block = duelist.holiday_next(today)
    rows = duelist.falling_into(block, request.user) if block else Deadline.objects.none()
    page = page_of(rows, request)
    dues = duelist.dues_into(block, request.user, today=today) if block else []
    context: dict[str, Any] = {
        "holiday": block,
        "page": page,
        "days": duelist.by_day(list(page.object_list)),
        "today": today,
    }
    context |= {"dues": dues}
    return render(request, "cases/holidays.html", context)


@never_cache
@require_safe
@requires("cases.view_case")
def feed_key(request: StaffRequest) -> HttpResponse:
    """Show whether one's own feed is open."""
    live = FeedToken.objects.filter(user=request.user, revoked_at__isnull=True).first()
    return render(request, "cases/feed.html", {"live": live})


@never_cache
@require_POST
@requires("cases.view_case")
def feed_open(request: StaffRequest) -> HttpResponse:
    """Give the feed a new key and show its address this once."""
    token = services.open_feed(request.user, at=clock.now(), actor=request.user)
    live = FeedToken.objects.get(user=request.user, revoked_at__isnull=True)
    address = request.build_absolute_uri(reverse("cases:feed", args=[token]))
    return render(request, "cases/feed.html", {"live": live, "address": address})


@require_POST
@requires("cases.view_case")
def feed_close(request: StaffRequest) -> HttpResponse:
    """Take the key back."""
    services.close_feed(request.user, at=clock.now(), actor=request.user)
    messages.success(request, _("日历订阅已撤销"))
    return redirect("cases:feed_key")


@login_not_required
@never_cache
@require_safe
def read_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the feed to whoever holds the key; an unknown or revoked one finds nothing."""
    holder = services.holder_of(token)
    if holder is None:
        raise Http404
    with translation.override("zh-hans"):
        today = clock.today()
        rows, dues = duelist.for_feed(holder, today=today), duelist.dues_for_feed(holder, today=today)
        text = feed.text_of(rows, dues, at=clock.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
