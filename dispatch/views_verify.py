"""Pages of verification: the queue, many confirmed at once, filings sent back, cases side by side."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases import forms as caseforms
from cases import listing
from cases.models import Case
from cases.pages import head
from dispatch import queuesheet, services, verifyforms, verifyservices
from dispatch.alike import alike, side_by_side
from dispatch.batches import each
from dispatch.listforms import SendBackFilter
from dispatch.models import SendBack
from dispatch.queue import QueueFilter, by_window, columns, counts, queue, rows_of
from dispatch.sections import SEES_SEND_BACKS

PAGE_ROWS = 50


@requires("dispatch.triage_case")
@require_safe
def triage_queue(request: StaffRequest) -> HttpResponse:
    """List what waits to be verified, triaged or assigned, by the seven-day clock."""
    return render(request, "dispatch/queue.html", _queue_page(request))


@requires("dispatch.triage_case")
@require_POST
def export_queue(request: StaffRequest) -> HttpResponse:
    """Hand the queue over as an Excel sheet, under the filters of the address, and put that on record."""
    form, today = QueueFilter(request.GET), clock.today()
    text = listing.kept_search(request.session, request.GET.get("q", ""))
    cases = queue(request.user, form.chosen(), text=text, today=today)
    rows = rows_of(list(cases[: excel.ROWS_MAX]), today=today)
    bureau.note_export("dispatch", count=len(rows), at=clock.now(), actor=request.user)
    return excel.download(excel.workbook(queuesheet.table(rows)), f"queue-{today}")


@requires("dispatch.triage_case")
@require_POST
def search(request: StaffRequest) -> HttpResponse:
    """Keep what was typed under a token, so that no name or number stands in an address."""
    form = caseforms.Search(request.POST)
    if not form.is_valid():
        return render(
            request, "dispatch/queue.html", _queue_page(request) | {"search_errors": form.errors["text"]}, status=422
        )
    text = form.cleaned_data["text"]
    token = f"?q={listing.keep_search(request.session, text)}" if text else ""
    return redirect(f"{reverse('dispatch:queue')}{token}")


def _queue_page(request: StaffRequest, **more: Any) -> dict[str, Any]:
    form, today = QueueFilter(request.GET), clock.today()
    asked = form.chosen()
    text = listing.kept_search(request.session, request.GET.get("q", ""))
    page = Paginator(queue(request.user, asked, text=text, today=today), PAGE_ROWS).get_page(request.GET.get("page"))
    return {
        "form": form,
        "text": text or "",
        "is_search_lost": text is None,
        "q": request.GET.get("q", ""),
        "page": page,
        "rows": rows_of(list(page.object_list), today=today),
        "counts": counts(request.user, today=today),
        "columns": columns(asked.get("sort") or ""),
        "is_filtered": text != "" or bool(set(asked) - {"sort"}),
        "today": today,
        **more,
    }


@requires("dispatch.triage_case")
@require_POST
def confirm_many(request: StaffRequest) -> HttpResponse:
    """Take the proposal for each ticked case, and show what was done and what was left with its reason."""
    pks = [pk for pk in request.POST.getlist("case") if pk.isascii() and pk.isdigit() and len(pk) < 12]
    cases = (
        Case.objects.visible_to(request.user).filter(pk__in=pks[: verifyforms.MANY_MAX]).order_by("triage_due_on", "id")
    )
    outcome = each(
        cases,
        lambda case: case.display_number,
        partial(_confirm, request),
    )
    if not outcome.done and not outcome.left:
        messages.error(request, _("请先勾选案件"))
        return redirect("dispatch:queue")
    return render(request, "dispatch/confirmed.html", {"outcome": outcome})


def _confirm(request: StaffRequest, case: Case) -> Any:
    return services.confirm(case, at=clock.now(), actor=request.user)


@requires("dispatch.verify_case")
@require_http_methods(["GET", "POST"])
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a filing back to its window with every defect at once; those the record shows are ticked beforehand."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    found = rows_of([case], today=clock.today())[0].defects
    initial = {"defects": [row.code for row in found], "note": "\n".join(row.text for row in found)}
    form = verifyforms.SendBackForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = verifyservices.send_back_filing(case, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            words = {"window": row.window.name, "day": row.due_on}
            messages.success(request, _("已退回%(window)s，应于 %(day)s 前补正") % words)
            return redirect("dispatch:queue")
    context = head(case, request.user, today=clock.today()) | {"form": form, "found": found, "is_act": True}
    return render(request, "dispatch/send_back.html", context, status=422 if form.errors else 200)


@requires(*SEES_SEND_BACKS)
@require_safe
def send_backs(request: StaffRequest) -> HttpResponse:
    """List filings sent back with their clock, and count them by window."""
    rows = SendBack.objects.visible_to(request.user)
    form = SendBackFilter(request.GET)
    rows = rows.filter(**form.chosen())
    page = Paginator(rows.for_list(), PAGE_ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page": page, "windows": by_window(today=clock.today())}
    context |= {"states": SendBack.State.choices}
    context |= {"form": form, "chosen": form.chosen().get("state", ""), "today": clock.today()}
    return render(request, "dispatch/send_backs.html", context)


@requires("dispatch.answer_send_back")
@require_http_methods(["GET", "POST"])
def answer_send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The window says what it has put right and hands the filing over again."""
    rows = SendBack.objects.visible_to(request.user).filter(window_id=request.user.window_id or 0)
    row = get_object_or_404(rows.select_related("case", "window", "sent_by"), pk=pk)
    form = verifyforms.AnswerSendBackForm(request.POST if request.method == "POST" else None)
    if verifyservices.is_mended(row):
        del form.fields["is_unchanged"]
    if request.method == "POST" and form.is_valid():
        try:
            verifyservices.answer_send_back(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(number)s 已交回指挥中心") % {"number": row.case.display_number})
            return redirect("dispatch:send_backs")
    context = {"row": row, "form": form, "today": clock.today()}
    return render(request, "dispatch/answer_send_back.html", context, status=422 if form.errors else 200)


@requires("dispatch.verify_case")
@require_POST
def withdraw_send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a send-back back; the case waits for triage again."""
    row = get_object_or_404(SendBack.objects.visible_to(request.user), pk=pk)
    try:
        verifyservices.withdraw_send_back(row, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回退回"))
    return redirect("dispatch:case_dispatch", row.case_id)


@requires("dispatch.verify_case")
@require_safe
def compare(request: StaffRequest, pk: int) -> HttpResponse:
    """Lay the case beside those on the same paper or of the same debtor."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    others, total = alike(case)
    context = head(case, request.user, today=clock.today()) | {"others": others, "total": total, "is_act": True}
    return render(request, "dispatch/compare.html", context | {"lines": side_by_side(case, others)})
