"""Pages of closing: propose with evidence, review and sign, archive."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import User
from cases import closingforms, forms, pages, proofs, services
from cases.closing import WAYS, Way
from cases.closinggrounds import grounds_of
from cases.evidence import papers_of
from cases.law import cited
from cases.models import Case, Closing
from cases.sentences import FOUND_VERBS, VIEW_FOUND
from cases.services.closinglacks import lacking
from cases.services.closings import closing_objections, closing_papers, may_sign, unserved
from cases.services.removals import ENDING_BY_MODE
from cases.views.acts import act_page, case_of, typed


@require_http_methods(["GET", "POST"])
@requires("cases.propose_closing")
def propose(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose a mode, see what stands against it, and bind every condition to an event of the record."""
    case = case_of(request, pk)
    mode = request.GET.get("mode", "")
    if mode not in WAYS:
        return render(request, "cases/closing_modes.html", _modes(request, case))
    form = _propose_form(request, case, mode)
    context: dict[str, Any] = {
        "way": WAYS[mode],
        "mode_label": Case.ClosingMode(mode).label,
        "returned": _returned(case),
        "objections": closing_objections(case, mode, at=clock.now()),
        "ending": case.sanctions.in_force().select_related("party") if mode in ENDING_BY_MODE else (),
    }
    heading = gettext_lazy("提请结案")
    return act_page(
        request, case, form, services.propose_closing, heading=heading, template="cases/propose_closing.html", **context
    )


def _modes(request: StaffRequest, case: Case) -> dict[str, Any]:
    now, lacks = clock.now(), lacking(case)
    rows = [
        {
            "code": code,
            "label": Case.ClosingMode(code).label,
            "reasons": closing_objections(case, code, at=now),
            "lacks": lacks.get(code, []),
        }
        for code in WAYS
    ]
    return pages.head(case, request.user, today=clock.today()) | {"modes": rows, "returned": _returned(case)}


def _returned(case: Case) -> Closing | None:
    """Return the last proposal that a reviewer sent back, for whoever proposes again."""
    last = case.closings.select_related("ended_by").order_by("-id").first()
    return last if last is not None and last.state == Closing.State.RETURNED else None


def _propose_form(request: StaffRequest, case: Case, mode: str) -> closingforms.ProposeClosing:
    issued, scans = closing_papers(case, WAYS[mode])
    may_prove = proofs.for_way(case, WAYS[mode])
    return closingforms.ProposeClosing(
        typed(request), mode=mode, may_prove=may_prove, issued=issued, scans=scans, today=clock.today()
    )


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a proposal with its evidence; the reviewer whose turn it is signs or sends it back."""
    visible = Closing.objects.filter(case__in=Case.objects.visible_to(request.user))
    rows = visible.select_related("case", "proposed_by", "ended_by").prefetch_related(
        "signatures__by", "evidence__event__actor"
    )
    closing = get_object_or_404(rows, pk=pk)
    form = forms.ReturnClosing(request.POST if request.POST.get("answer") == "return" else None)
    if request.method == "POST":
        if not may_sign(closing, request.user):
            raise PermissionDenied
        if (answer := _answer(request, closing, form)) is not None:
            return answer
    case = case_of(request, closing.case_id)
    context = pages.head(case, request.user, today=clock.today()) | _sheet(closing, request.user) | {"form": form}
    context["may_sign"] = may_sign(closing, request.user)
    return render(request, "cases/closing.html", context, status=422 if form.errors else 200)


def _answer(request: StaffRequest, closing: Closing, form: forms.ReturnClosing) -> HttpResponse | None:
    try:
        if request.POST.get("answer") == "sign":
            services.sign_closing(closing, at=clock.now(), actor=request.user)
            messages.success(request, _("已签署"))
        elif form.is_valid():
            services.return_closing(closing, **form.arguments(), at=clock.now(), actor=request.user)
            messages.success(request, _("已退回"))
        else:
            return None
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("cases:closing", closing.pk)


def _sheet(closing: Closing, reader: User) -> dict[str, Any]:
    way = WAYS[closing.mode]
    signed = {row.step: row for row in closing.signatures.all()}
    return {
        "closing": closing,
        "ground_basis": _ground_basis(closing),
        "paper": papers_of(closing.case).get(closing.paper),
        "conditions": _conditions(closing, way, reader),
        "unserved": unserved(closing) if closing.state == Closing.State.PROPOSED else [],
        "steps_to_sign": [(step.label, signed.get(step)) for step in way.steps],
    }


def _ground_basis(closing: Closing) -> str:
    ground = grounds_of(closing.mode).get(closing.ground)
    return cited(ground.basis, on=timezone.localdate(closing.proposed_at)) if ground else ""


def _conditions(closing: Closing, way: Way, reader: User) -> list[dict[str, Any]]:
    bound = {row.condition: row for row in closing.evidence.all()}
    shown = {row.event.pk: row for row in proofs.shown(closing.case, [row.event for row in bound.values()])}
    sees_found = reader.has_perm(VIEW_FOUND)
    day = timezone.localdate(closing.proposed_at)
    return [
        {
            "row": row,
            "basis": cited(row.basis, on=day),
            "note": bound[row.code].note if sees_found or bound[row.code].event.verb not in FOUND_VERBS else "",
            "shown": shown.get(bound[row.code].event_id),
        }
        for row in way.conditions
        if row.code in bound
    ]


@require_http_methods(["GET", "POST"])
@requires("cases.archive_case")
def archive(request: StaffRequest, pk: int) -> HttpResponse:
    """The affairs team puts the file away."""
    case, form = case_of(request, pk), forms.Archive(typed(request))
    return act_page(request, case, form, services.archive, heading=gettext_lazy("归档"), is_final=True)
