"""Papers made from the rows of the money: the statement of a case, and the approval form of a payout."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import caseprint, pages
from accounts.oddities import oddities
from accounts.statement import reckoned
from accounts.tiers import tier_of
from bureau import clock
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from cases.models import Case
from documents.numerals import amount_in_words
from documents.typesetting import CannotPrint


@requires("accounts.view_money")
@require_POST
def export_statement(request: StaffRequest, pk: int) -> HttpResponse:
    """The statement of a case as a sheet; taking it out is on record."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    bureau.note_export("statement", count=1, at=clock.now(), actor=request.user)
    return caseprint.sheet(case, today=clock.today())


@requires("accounts.view_money")
@require_POST
def print_statement(request: StaffRequest, pk: int) -> HttpResponse:
    """The statement of a case as PDF; taking it out is on record."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    try:
        content = caseprint.paper(case, today=clock.today())
    except CannotPrint as fault:
        messages.error(request, str(fault))
        return redirect("accounts:case_money", pk)
    bureau.note_export("statement", count=1, at=clock.now(), actor=request.user)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="statement-{pk}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@requires("accounts.view_money")
@require_safe
def payout_form(request: StaffRequest, pk: int) -> HttpResponse:
    """The approval form of a payout (案款发放审批表) from its record, for the file and for signature on paper."""
    row = get_object_or_404(pages.payout_of(request.user, pk))
    today = clock.today()
    statement = reckoned(row.case, on=today)
    dues = {row.case_id: statement.due} if statement.due else {}
    context = {
        "payout": row,
        "case": row.case,
        "parts": row.parts.select_related("receipt").order_by("receipt__arrived_on", "id"),
        "statement": statement,
        "in_words": amount_in_words(row.amount),
        "tier": tier_of(row.amount, on=today),
        "oddities": oddities([row], dues=dues, today=today)[row.pk],
        "today": today,
    }
    return render(request, "accounts/payout_form.html", context)
