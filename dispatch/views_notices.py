"""Pages of notices, tasks and tips: the list, one with its readers, sending, reading, doing, taking down."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from cases.models import Case
from dispatch import noticepages, notices
from dispatch.asked import order_of
from dispatch.noticeforms import DoneForm, NoticeFilter, NoticeForm
from dispatch.noticemodels import Notice


def _notice(request: StaffRequest, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(request.user).for_list(), pk=pk)


@requires("cases.view_case")
@require_safe
def notice_list(request: StaffRequest) -> HttpResponse:
    """List what was said to the user's team, the newest first."""
    form = NoticeFilter(request.GET)
    rows = noticepages.listed(request.user, form.chosen())
    page = page_of(rows, request)
    context = {"form": form, "page": page, "rows": noticepages.rows(list(page.object_list), request.user)}
    return render(request, "dispatch/notices.html", context | {"is_filtered": bool(form.chosen())})


def _begun(request: StaffRequest) -> dict[str, Any]:
    key = request.GET.get("query", "")
    if not key:
        return {"kind": Notice.Kind.NOTICE}
    cases = Case.objects.visible_to(request.user).prefetch_related("parties")
    is_key = key.isascii() and key.isdigit() and len(key) < 12
    return order_of(get_object_or_404(cases, pk=key if is_key else 0), today=clock.today())


@requires("dispatch.send_notice")
@require_http_methods(["GET", "POST"])
def send_notice(request: StaffRequest) -> HttpResponse:
    """Send one; asked from a case whose network query is not launched, it begins as the task to launch it."""
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=_begun(request))
    if request.method == "POST" and form.is_valid():
        try:
            notice = notices.send_notice(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已发出：%(title)s") % {"title": notice.title})
            return redirect("dispatch:notice", notice.pk)
    return render(request, "dispatch/send_notice.html", {"form": form}, status=422 if form.errors else 200)


@requires("cases.view_case")
@require_http_methods(["GET", "POST"])
def notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one with its readers; posting says that a task is done."""
    row = _notice(request, pk)
    form = DoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            notices.finish_task(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记完成"))
            return redirect("dispatch:notice", row.pk)
    context: dict[str, Any] = {"form": form, **noticepages.page(row, request.user)}
    return render(request, "dispatch/notice.html", context, status=422 if form.errors else 200)


@requires("cases.view_case")
@require_POST
def read_notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Acknowledge."""
    notices.read_notice(_notice(request, pk), at=clock.now(), actor=request.user)
    return redirect("dispatch:notice", pk)


@requires("dispatch.send_notice")
@require_POST
def end_notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Take it down."""
    try:
        notices.end_notice(_notice(request, pk), at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤下"))
    return redirect("dispatch:notice", pk)
