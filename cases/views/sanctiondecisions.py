"""Sanctions over all cases: the list and its export, the page of one with the president's decision, many at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from cases import pages, sanctionforms, sanctionlist, services
from cases.forms import Act
from cases.models import Sanction, SanctionQuerySet
from cases.services.sanctions import birth_of, may_decide
from cases.services.workbatches import ITEMS_MAX
from cases.views.acts import case_of

# The answer that was pressed: its form, its service for a proposal and for a removal.
ANSWERS: dict[str, tuple[type[Act], Callable[..., Any], Callable[..., Any]]] = {
    "approve": (sanctionforms.Approve, services.approve_sanction, services.approve_removal),
    "refuse": (sanctionforms.Refuse, services.refuse_sanction, services.refuse_removal),
}


def _asked(request: StaffRequest) -> tuple[SanctionQuerySet, sanctionforms.Filters]:
    form = sanctionforms.Filters(request.GET)
    visible = Sanction.objects.visible_to(request.user)
    return sanctionlist.filtered(visible, form.chosen(), today=clock.today()), form


@require_safe
@requires("cases.view_case")
def sanction_list(request: StaffRequest) -> HttpResponse:
    """Show the sanctions of all visible cases, the next day first."""
    sanctions, form = _asked(request)
    page = page_of(sanctions, request)
    context = {"page": page, "form": form, "rows": sanctionlist.rows(page.object_list, request.user)}
    context |= {"today": clock.today(), "may_decide": may_decide(request.user)}
    return render(request, "cases/sanction_list.html", context)


@require_POST
@requires("cases.view_case")
def export(request: StaffRequest) -> HttpResponse:
    """Hand the list out as an Excel sheet, and record it."""
    rows = list(_asked(request)[0][: excel.ROWS_MAX])
    bureau.note_export("sanctions", count=len(rows), at=clock.now(), actor=request.user)
    return excel.download(excel.workbook(sanctionlist.table(rows)), f"sanctions-{clock.today()}")


@require_http_methods(["GET", "POST"])
@requires("cases.decide_sanction")
def approvals(request: StaffRequest) -> HttpResponse:
    """Show what waits for the president, proposals and removals, and approve the ticked ones."""
    waiting = Sanction.objects.visible_to(request.user).to_decide()
    if request.method == "POST":
        ticked = [int(key) for key in request.POST.getlist("sanction")[:ITEMS_MAX] if key.isascii() and key.isdecimal()]
        chosen = waiting.filter(pk__in=[key for key in ticked if key < 2**63])
        done, left = services.decide_many(chosen, at=clock.now(), actor=request.user)
        messages.success(request, _("已批准 %(count)d 项") % {"count": len(done)})
        for row in left:
            messages.error(
                request, _("%(number)s 未办理：%(reason)s") % {"number": row.number, "reason": "；".join(row.reasons)}
            )
        return redirect("cases:sanction_approvals")
    page = page_of(waiting.pressing_first(), request)
    return render(request, "cases/sanction_approvals.html", {"page": page, "today": clock.today()})


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def sanction(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one sanction: facts, ground with its article, the person's earlier ones; the president decides here."""
    row = get_object_or_404(Sanction.objects.visible_to(request.user).for_list(), pk=pk)
    answer = request.POST.get("answer", "") if request.method == "POST" else ""
    forms = {name: kind(request.POST if name == answer else None) for name, (kind, *_acts) in ANSWERS.items()}
    if answer in ANSWERS and _decide(request, row, answer, forms[answer]):
        return redirect("cases:sanction_approvals")
    case, today = case_of(request, row.case_id), clock.today()
    context = pages.head(case, request.user, today=today) | {
        "sanction": row,
        "row": sanctionlist.rows([row], request.user)[0],
        "birth_on": birth_of(row.party),
        "earlier": sanctionlist.earlier(row, request.user),
        "may_decide": row.waits_for_decision and may_decide(request.user),
        "reasons": sanctionlist.REFUSE_REASONS,
        "form": forms.get(answer, forms["approve"]),
        "forms": forms,
    }
    return render(request, "cases/sanction.html", context, status=422 if answer else 200)


def _decide(request: StaffRequest, row: Sanction, answer: str, form: Act) -> bool:
    if not form.is_valid():
        return False
    _form, on_proposal, on_removal = ANSWERS[answer]
    act = on_proposal if row.state == Sanction.State.PROPOSED else on_removal
    try:
        act(row, **form.arguments(), at=clock.now(), actor=request.user)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("%(number)s：已审批") % {"number": row.case.display_number})
    return True
