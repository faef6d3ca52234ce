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
from bureau.models import User
from bureau.paging import page_of
from bureau.roles import has_role
from cases import clocks, duelist, feed, forms, monthgrid, nodetable, pages, services
from cases.evidence import papers_of
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
    still = clocks.standstills(case)
    context |= {
        "running": [(row, clocks.word_of(row, still)) for row in rows if row.is_running],
        "ended": [row for row in rows if not row.is_running],
        "noting": {row.pk for row in rows if row.is_running and services.may_note_done(row, request.user)},
        **_periods(case, request.user),
        "limit_extensions": list(case.limit_extensions.for_list()),
        "may_decide_limit": services.may_lengthen(case, request.user),
        "may_ask_limit": case.is_open and services.may_exclude(case, request.user),
    }
    return render(request, "cases/deadlines.html", context)


def _periods(case: Case, user: User) -> dict[str, Any]:
    """Return the periods that do not count, each with the address of its paper, and what the user may do with them."""
    rows = list(case.pauses.select_related("withdrawn_by").order_by("from_on", "id"))
    papers = papers_of(case) if any(row.paper for row in rows) else {}
    may_exclude, may_withdraw = services.may_exclude(case, user), services.may_withdraw_period(case, user)
    return {
        "pauses": [(row, papers[row.paper].url if row.paper in papers else "") for row in rows],
        "may_exclude": may_exclude,
        "ending": {row.pk for row in rows if may_exclude and services.is_ended_by_hand(row, case)},
        "withdrawing": {row.pk for row in rows if may_withdraw and not services.withdrawal_objections(row, case, user)},
        "excluded": duelist.excluded(rows, today=clock.today()),
    }


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
def node_table(request: StaffRequest) -> HttpResponse:
    """Show every row of the node table, live or declared only, with its citation by date."""
    form = forms.NodeFilters(request.GET)
    chosen = form.chosen()
    on = chosen.get("on", clock.today())
    rows = nodetable.lines(on=on)
    if chosen.get("state"):
        rows = [row for row in rows if row.state == chosen["state"]]
    return render(request, "cases/node_table.html", {"form": form, "lines": rows, "on": on})


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
