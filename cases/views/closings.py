"""Pages of closing: propose with evidence, review and sign, archive."""

import json
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
from bureau.models import Event
from cases import forms, pages, services, timeline
from cases.closing import WAYS
from cases.models import Case, Closing, Sanction
from cases.services.closings import closing_objections, evidence_of, may_sign
from cases.services.removals import ENDING_BY_MODE
from cases.views.acts import act_page, case_of, typed

EVENTS_MAX = 300


@require_http_methods(["GET", "POST"])
@requires("cases.propose_closing")
def propose(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose a mode, see what stands against it, and bind every condition to an event of the record."""
    case = case_of(request, pk)
    mode = request.GET.get("mode", "")
    if mode not in WAYS:
        return render(request, "cases/closing_modes.html", _modes(request, case))
    events = list(evidence_of(case).select_related("actor")[:EVENTS_MAX])
    lines = [(event.pk, _line(event)) for event in events]
    form = forms.ProposeClosing(typed(request), mode=mode, events=lines, initial=_sanction_proofs(events))
    context: dict[str, Any] = {
        "way": WAYS[mode],
        "mode_label": Case.ClosingMode(mode).label,
        "objections": closing_objections(case, mode, at=clock.now()),
        "ending": case.sanctions.in_force().select_related("party") if mode in ENDING_BY_MODE else (),
    }
    heading = gettext_lazy("提请结案")
    return act_page(
        request, case, form, services.propose_closing, heading=heading, template="cases/propose_closing.html", **context
    )


def _modes(request: StaffRequest, case: Case) -> dict[str, Any]:
    now = clock.now()
    rows = [
        {"code": code, "label": Case.ClosingMode(code).label, "reasons": closing_objections(case, code, at=now)}
        for code in WAYS
    ]
    return pages.head(case, request.user, today=clock.today()) | {"modes": rows}


def _sanction_proofs(events: list[Event]) -> dict[str, int]:
    """Return the newest decisions on 限制消费 and 失信 as the proofs offered first (法〔2016〕373号 1(2))."""
    decided = [event for event in events if event.verb in ("approve_sanction", "refuse_sanction")]
    kinds = [(event, json.loads(event.details)["sanction_kind"]) for event in reversed(decided)]
    proofs = {}
    for event, kind in kinds:
        if kind == Sanction.Kind.LIMIT_CONSUMPTION and event.verb == "approve_sanction":
            proofs["event_LIMITED"] = event.pk
        elif kind == Sanction.Kind.DISHONEST:
            proofs["event_LISTED"] = event.pk
    return proofs


def _line(event: Event) -> str:
    sentence = timeline.SENTENCES.get(event.verb, event.verb)
    if event.verb.endswith("_sanction"):
        kind = json.loads(event.details).get("sanction_kind", "")
        sentence = f"{sentence} {timeline.CODES['sanction_kind'].get(kind, '')}"
    return f"{timezone.localtime(event.at):%Y-%m-%d %H:%M} {sentence} {event.actor.name}"


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a proposal with its evidence; the reviewer whose turn it is signs or sends it back."""
    visible = Closing.objects.filter(case__in=Case.objects.visible_to(request.user))
    rows = visible.select_related("case", "proposed_by", "ended_by").prefetch_related(
        "signatures__by", "evidence__event"
    )
    closing = get_object_or_404(rows, pk=pk)
    form = forms.ReturnClosing(request.POST if request.POST.get("answer") == "return" else None)
    if request.method == "POST":
        if not may_sign(closing, request.user):
            raise PermissionDenied
        if (answer := _answer(request, closing, form)) is not None:
            return answer
    case = case_of(request, closing.case_id)
    context = pages.head(case, request.user, today=clock.today()) | _sheet(closing) | {"form": form}
    context["may_sign"] = may_sign(closing, request.user)
    return render(request, "cases/closing.html", context, status=422 if form.errors else 200)


def _visible(request: StaffRequest, pk: int) -> Closing:
    rows = Closing.objects.filter(case__in=Case.objects.visible_to(request.user))
    rows = rows.select_related("case", "proposed_by", "ended_by")
    return get_object_or_404(rows.prefetch_related("signatures__by", "evidence__event__actor"), pk=pk)


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


def _sheet(closing: Closing) -> dict[str, Any]:
    proofs = {row.condition: row for row in closing.evidence.all()}
    way = WAYS[closing.mode]
    lines = timeline.lines(proof.event for proof in proofs.values())
    facts = {line.event_id: line for line in lines}
    signed = {row.step: row for row in closing.signatures.all()}
    return {
        "closing": closing,
        "conditions": [
            {"row": row, "proof": proofs.get(row.code), "line": facts.get(proofs[row.code].event_id)}
            for row in way.conditions
            if row.code in proofs
        ],
        "steps_to_sign": [(step.label, signed.get(step)) for step in way.steps],
    }


@require_http_methods(["GET", "POST"])
@requires("cases.archive_case")
def archive(request: StaffRequest, pk: int) -> HttpResponse:
    """The affairs team puts the file away."""
    case, form = case_of(request, pk), forms.Archive(typed(request))
    return act_page(request, case, form, services.archive, heading=gettext_lazy("归档"), is_final=True)
