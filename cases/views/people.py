"""Agents of a case, changes of its parties, and what was performed outside the court."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.masking import mask_id, mask_phone
from bureau.paging import page_of
from cases import pages, services
from cases import peopleforms as forms
from cases.evidence import of_number, papers_of
from cases.models import Agent, Case, PartyChangeProposal, Performance
from cases.services.partychanges import may_change_party, may_confirm_party_change
from cases.services.people import may_manage_agents
from cases.services.performances import may_confirm_performance, may_record_performance, proofs
from cases.views.acts import case_of, typed


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def agents(request: StaffRequest, pk: int) -> HttpResponse:
    """Show who acts for the parties, with numbers masked, and enter another."""
    case = case_of(request, pk)
    form = forms.AddAgent(typed(request), case=case)
    if request.method == "POST":
        if not may_manage_agents(case, request.user):
            raise PermissionDenied
        if form.is_valid() and _is_done(form, services.add_agent, form.arguments(), request, _("已登记代理人")):
            return redirect("cases:agents", case.pk)
    return _agents_page(request, case, form)


def _agents_page(request: StaffRequest, case: Case, form: forms.AddAgent, **context: Any) -> HttpResponse:
    page = page_of(case.agents.for_page(), request)
    today = clock.today()
    rows = [
        {
            "row": row,
            "is_live": row.acts_on(today),
            "licence": mask_id(row.licence),
            "phone": mask_phone(row.phone),
        }
        for row in page
    ]
    context |= pages.head(case, request.user, today=today)
    context |= {"page": page, "rows": rows, "form": form, "reasons": forms.REVOKE_REASONS}
    context["may_manage"] = may_manage_agents(case, request.user)
    wrong = context.get("revoke_form")
    is_wrong = bool(form.errors or (wrong and wrong.errors))
    return render(request, "cases/agents.html", context, status=422 if is_wrong else 200)


def _is_done(form: Any, act: Callable[..., Any], arguments: dict[str, Any], request: StaffRequest, said: str) -> bool:
    # A refusal is an error of the form; success is said on the next page.
    try:
        act(**arguments, at=clock.now(), actor=request.user)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, said)
    return True


@require_POST
@requires("cases.manage_agents")
def revoke_agent(request: StaffRequest, pk: int) -> HttpResponse:
    """End an authority."""
    row = get_object_or_404(Agent.objects.visible_to(request.user), pk=pk)
    form = forms.Reason(request.POST, auto_id="revoke_%s")
    given = {"agent": row, **form.arguments()} if form.is_valid() else {}
    if given and _is_done(form, services.revoke_agent, given, request, _("已解除代理")):
        return redirect("cases:agents", row.case_id)
    case = case_of(request, row.case_id)
    return _agents_page(request, case, forms.AddAgent(case=case), revoke_form=form)


@require_http_methods(["GET", "POST"])
@requires("cases.change_party")
def change_party(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter a ruling that changes or adds a party."""
    case = case_of(request, pk)
    if not may_change_party(case, request.user):
        raise PermissionDenied
    form = forms.ChangeParty(typed(request), case=case, today=clock.today())
    if request.method == "POST" and form.is_valid():
        given = {"case": case, **form.arguments()}
        if _is_done(form, services.propose_party_change, given, request, _("已提出，待另一人对照裁定确认后生效")):
            return redirect(case)
    context = pages.head(case, request.user, today=clock.today())
    context |= {"form": form, "heading": _("变更、追加当事人")}
    context["notice"] = _(
        "凭卷内已生效的变更、追加裁定登记，经另一人对照裁定确认后生效；原当事人保留在案卷中，以后的文书只列现当事人。"
    )
    return render(request, "cases/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def party_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a change of party with its ruling; the second person confirms it or says why not."""
    row = get_object_or_404(
        PartyChangeProposal.objects.filter(case__in=Case.objects.visible_to(request.user)).select_related(
            "case", "leaving", "proposed_by", "answered_by"
        ),
        pk=pk,
    )
    may_answer, case = may_confirm_party_change(row, request.user), case_of(request, row.case_id)
    form = forms.AnswerPartyChange(typed(request))
    if request.method == "POST":
        if not may_answer and row.is_open:
            raise PermissionDenied
        if form.is_valid() and _is_done(form, form.act, {"row": row, **form.arguments()}, request, _("已答复")):
            return redirect(case)
    context = pages.head(case, request.user, today=clock.today())
    rulings = of_number(papers_of(case), row.document)
    context |= {"row": row, "form": form, "may_answer": may_answer, "rulings": rulings}
    context["joins"] = forms.shown(row.joins, is_whole=may_answer or row.proposed_by_id == request.user.pk)
    return render(request, "cases/party_change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def performances(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was performed directly and what is left, and record another."""
    case = case_of(request, pk)
    form = forms.RecordPerformance(typed(request), case=case)
    if request.method == "POST":
        if not may_record_performance(case, request.user):
            raise PermissionDenied
        given = {"case": case, **form.arguments()} if form.is_valid() else {}
        if given and _is_done(form, services.record_performance, given, request, _("已登记，待另一人确认")):
            return redirect("cases:performances", case.pk)
    return _performances_page(request, case, form)


def _performances_page(
    request: StaffRequest, case: Case, form: forms.RecordPerformance, **context: Any
) -> HttpResponse:
    page = page_of(case.performances.for_list(), request)
    done = case.performances.total()
    context |= pages.head(case, request.user, today=clock.today())
    context |= {"page": page, "form": form, "performed": done, "left": max(0, case.amount_claimed - done)}
    papers = proofs(case)
    context["rows"] = [(row, may_confirm_performance(row, case, request.user), papers.get(row.paper)) for row in page]
    context["may_record"] = may_record_performance(case, request.user)
    context["words"] = {
        "proofs": forms.PROOFS,
        "confirmations": forms.CONFIRMATIONS,
        "reasons": forms.REVERSE_REASONS,
    }
    other = context.get("other_form")
    is_wrong = bool(form.errors or (other and other.errors))
    return render(request, "cases/performances.html", context, status=422 if is_wrong else 200)


def _performance(request: StaffRequest, pk: int) -> Performance:
    return get_object_or_404(Performance.objects.visible_to(request.user), pk=pk)


@require_POST
@requires("cases.confirm_performance")
def answer_performance(request: StaffRequest, pk: int) -> HttpResponse:
    """The second person confirms it by the applicant's signed word, or does not."""
    row, form = _performance(request, pk), forms.AnswerPerformance(request.POST, auto_id="answer_%s")
    acts = {"confirm": services.confirm_performance, "refuse": services.refuse_performance}
    act = acts.get(request.POST.get("answer", ""))
    if act is None:
        raise Http404
    if form.is_valid() and _is_done(form, act, {"row": row, **form.arguments()}, request, _("已答复")):
        return redirect("cases:performances", row.case_id)
    case = case_of(request, row.case_id)
    return _performances_page(request, case, forms.RecordPerformance(case=case), other_form=form)


@require_POST
@requires("cases.record_performance")
def reverse_performance(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a confirmed performance back by a row of its own."""
    row, form = _performance(request, pk), forms.Reverse(request.POST, auto_id="reverse_%s")
    given = {"row": row, **form.arguments()} if form.is_valid() else {}
    if given and _is_done(form, services.reverse_performance, given, request, _("已登记冲销，待另一人确认")):
        return redirect("cases:performances", row.case_id)
    case = case_of(request, row.case_id)
    return _performances_page(request, case, forms.RecordPerformance(case=case), other_form=form)
