"""The case list, its search and export, and the stage board."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from cases import board as boards
from cases import export as exports
from cases import forms, listing
from cases.models import Case, CaseQuerySet
from cases.views.work import ticked

PAGE_ROWS = 50
BULK = ("cases.request_work", "cases.hold_case", "documents.issue_document")  # whoever may do one ticks rows


def _usual(request: StaffRequest) -> list[dict[str, Any]]:
    # The filters of every day and one's own; the one that the address asks for is marked.
    asked = {name: value for name, value in request.GET.items() if value and name != "page"}
    rows = [*listing.usual(request.user, today=clock.today()), *listing.saved(request.user)]
    return [row | {"is_on": row["query"] == asked} for row in rows]


def _asked(request: StaffRequest, query: QueryDict) -> tuple[CaseQuerySet, forms.Filters, str | None]:
    # The visible cases under the filters and the kept search of the address; a search that is forgotten finds nothing.
    form = forms.Filters(query)
    text = listing.kept_search(request.session, query.get("q", ""))
    cases = Case.objects.visible_to(request.user)
    if text:
        cases = listing.found(cases, text)
    elif text is None:
        cases = cases.none()
    return listing.filtered(cases, form.chosen(), user=request.user, today=clock.today()), form, text


@require_safe
@requires("cases.view_case")
def case_list(request: StaffRequest) -> HttpResponse:
    """Show the visible cases, filtered, sorted and paged."""
    cases, form, text = _asked(request, request.GET)
    usual = _usual(request)
    context: dict[str, Any] = {
        "page": Paginator(cases.for_list(), PAGE_ROWS).get_page(request.GET.get("page")),
        "form": form,
        "text": text or "",
        "is_search_lost": text is None,
        "q": request.GET.get("q", ""),
        "is_filtered": form.is_narrowed() or text != "",
        "usual": usual,
        # The chip says what was asked for; the panel need not push the list down.
        "is_panel_open": form.is_narrowed() and not any(row["is_on"] for row in usual),
        "may_tick": any(request.user.has_perm(permission) for permission in BULK),
        "columns": listing.columns(form.chosen().get("sort")),
        "today": clock.today(),
    }
    return render(request, "cases/list.html", context)


@require_POST
@requires("cases.view_case")
def search(request: StaffRequest) -> HttpResponse:
    """Keep what was typed under a token, so that no name or number stands in an address."""
    form = forms.Search(request.POST)
    if not form.is_valid():
        context = {"form": forms.Filters({}), "search_errors": form.errors["text"], "today": clock.today()}
        context |= {"text": request.POST.get("text", "")[: forms.TEXT_MAX].replace("\x00", ""), "is_filtered": True}
        context["usual"] = _usual(request)
        return render(request, "cases/list.html", context, status=422)
    if not form.cleaned_data["text"]:
        return redirect("cases:list")
    token = listing.keep_search(request.session, form.cleaned_data["text"])
    return redirect(f"{reverse('cases:list')}?q={token}")


@require_POST
@requires("cases.view_case")
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the list as an Excel sheet, at most as many rows as a sheet is good for."""
    cases, _form, _text = _asked(request, request.GET)
    rows = list(cases.for_list()[: excel.ROWS_MAX])
    bureau.note_export("cases", count=len(rows), at=clock.now(), actor=request.user)
    return excel.download(excel.workbook(exports.table(rows)), f"cases-{clock.today()}")


@require_POST
@requires("documents.issue_document")
def papers_many(request: StaffRequest) -> HttpResponse:
    """Take the ticked cases along to the page that issues one document for many."""
    chosen = ticked(request, "case")
    if not chosen:
        messages.error(request, _("请先勾选案件"))
        return redirect("cases:list")
    return redirect(f"{reverse('documents:several')}?only={'-'.join(str(pk) for pk in chosen)}")


@require_safe
@requires("cases.view_stage_board")
def board(request: StaffRequest) -> HttpResponse:
    """Show counts and ages by stage; every figure opens its list."""
    today = clock.today()
    cases = Case.objects.visible_to(request.user).counted_for(request.user)
    context = boards.page(cases, today=today) | {
        "today": today,
        "oldest": cases.open().select_related("judge", "owner", "team").order_by("filed_on", "id")[:7],
    }
    return render(request, "cases/board.html", context)
