"""Corrections of a case: what may be corrected and what was, a proposal, its page with all that rests on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from bureau.versions import Stale
from cases import correctionforms as forms
from cases import correctionpages, corrections, pages, services
from cases.models import Case, Claim, Correction, Party
from cases.views.acts import case_of, typed


@require_safe
@requires("cases.view_case")
def corrections_of(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what may be corrected, and every correction of the case, newest first."""
    case = case_of(request, pk)
    context = pages.head(case, request.user, today=clock.today()) | correctionpages.choice(case, request.user)
    context["page"] = page_of(case.corrections.for_list(), request)
    return render(request, "cases/corrections.html", context)


def subject_of(case: Case, target: str, pk: str) -> Party | Claim | Case:
    """Return what is to be corrected; another case's does not exist."""
    number = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0
    if target == corrections.Target.PARTY:
        return get_object_or_404(case.parties, pk=number)
    if target == corrections.Target.CLAIM:
        return get_object_or_404(case.claims, pk=number)
    if target == corrections.Target.ADDED:
        return corrections.blank_claim(case)
    if target == corrections.Target.BASIS:
        return case
    raise Http404


@require_http_methods(["GET", "POST"])
@requires("cases.propose_correction")
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Propose a correction; who comes second is shown both versions."""
    case, target = case_of(request, pk), request.GET.get("target", "")
    if not corrections.may_propose(case, request.user):
        raise PermissionDenied
    subject = subject_of(case, target, request.GET.get("id", ""))
    form = forms.form_for(case, target, subject, today=clock.today(), data=typed(request))
    context: dict[str, Any] = {"form": form, "documents": forms.DOCUMENTS, "subject": subject, "target": target}
    if request.method == "POST" and form.is_valid():
        try:
            row = services.propose_correction(case, **form.arguments(), at=clock.now(), actor=request.user)
        except Stale as stale:
            context |= {"stale": stale, "differences": form.beside(stale.theirs)}
            form = context["form"] = forms.resent(form, stale)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提出更正，待另一人核对确认"))
            return redirect(row)
    return _form_page(request, case, context)


def _form_page(request: StaffRequest, case: Case, context: dict[str, Any]) -> HttpResponse:
    context |= pages.head(case, request.user, today=clock.today())
    return render(request, "cases/correct.html", context, status=422 if context["form"].errors else 200)


def _correction(request: StaffRequest, pk: int) -> Correction:
    rows = Correction.objects.visible_to(request.user).select_related(
        "party", "claim", "proposed_by", "answered_by", "cleared_by", "evidence__actor"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@requires("cases.view_case")
def correction(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one correction, old and new side by side, and what rests on the old value, asked anew each time."""
    return _page(request, _correction(request, pk), forms.Answer())


def _page(request: StaffRequest, row: Correction, form: forms.Answer) -> HttpResponse:
    case = row.case = case_of(request, row.case_id)
    context = pages.head(case, request.user, today=clock.today())
    context |= correctionpages.sheet(row, case, request.user) | {"form": form, "refusals": forms.REFUSALS}
    return render(request, "cases/correction.html", context, status=422 if form.errors else 200)


@require_POST
@requires("cases.propose_correction", "cases.confirm_correction")
def answer_correction(request: StaffRequest, pk: int) -> HttpResponse:
    """Confirm, refuse or withdraw it, or say that what was held against the wrong person is released."""
    row, form, answer = _correction(request, pk), forms.Answer(request.POST), request.POST.get("answer", "")
    if form.is_valid():
        try:
            said = _answered(row, answer, form.cleaned_data["note"], request)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said)
            is_visible = Correction.objects.visible_to(request.user).filter(pk=row.pk).exists()
            return redirect(row) if is_visible else redirect("desk")
    return _page(request, _correction(request, pk), form)


def _answered(row: Correction, answer: str, note: str, request: StaffRequest) -> str:
    told: dict[str, Any] = {"at": clock.now(), "actor": request.user}
    if answer == "confirm":
        services.confirm_correction(row, **told)
        return _("已更正")
    acts: dict[str, tuple[Any, str]] = {
        "refuse": (services.refuse_correction, _("未予确认，已退回提出人")),
        "withdraw": (services.withdraw_correction, _("已撤回")),
        "clear": (services.clear_wrong_person, _("已登记解除")),
    }
    if answer not in acts:
        raise Http404
    act, said = acts[answer]
    act(row, note=note, **told)
    return said


@require_POST
@requires("cases.request_work")
def redo_query(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for the query anew on the corrected name or number."""
    row = _correction(request, pk)
    try:
        services.redo_query(row, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已请求事务团队重新查询"))
    return redirect(row)
