"""Sanctions on a case: the tab, proposals, the grounds of their end, written requests."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from cases import pages, sanctionforms, sanctionlist, services
from cases.forms import Act
from cases.models import Case, Sanction, SanctionExtension, SanctionRequest
from cases.sanctionlaw import Kind
from cases.services.sanctionrequests import barred_until, may_answer
from cases.services.sanctions import case_objections, may_propose
from cases.views.acts import case_of, typed

HEADINGS = {
    Kind.LIMIT_CONSUMPTION: gettext_lazy("提请限制消费"),
    Kind.DISHONEST: gettext_lazy("提请纳入失信名单"),
    Kind.FINE: gettext_lazy("提请罚款"),
    Kind.DETENTION: gettext_lazy("提请司法拘留"),
    Kind.EXIT_LIMIT: gettext_lazy("提请限制出境"),
}


@require_safe
@requires("cases.view_case")
def of_case(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the sanctions of the case with what is left of their days, and the written requests."""
    case = case_of(request, pk)
    page = page_of(Sanction.objects.filter(case=case).for_list().order_by("-proposed_at", "-id"), request)
    asked = SanctionRequest.objects.filter(case=case).for_list().order_by("-received_on", "-id")
    context = pages.head(case, request.user, today=clock.today()) | {
        "page": page,
        "rows": sanctionlist.rows(page.object_list, request.user, case=case),
        "requests": [(row, row.answered_at is None and may_answer(row, request.user)) for row in asked],
        "may_propose": may_propose(case, request.user),
        "unlimited": sanctionlist.listed_without_limit(page.object_list),
        "objections": case_objections(case, Kind.FINE),
    }
    return render(request, "cases/sanctions.html", context)


@require_http_methods(["GET", "POST"])
@requires("cases.propose_sanction")
def propose(request: StaffRequest, pk: int) -> HttpResponse:
    """Propose a measure of the kind that the address names, 限制消费 at first."""
    case, asked = case_of(request, pk), request.GET.get("kind", "")
    kind = Kind(asked) if asked in Kind.values else Kind.LIMIT_CONSUMPTION
    form = sanctionforms.Propose(typed(request), case=case, kind=kind)
    context: dict[str, Any] = {"kind": kind, "kinds": Kind.choices, "objections": case_objections(case, kind)}
    return _act(request, case, form, services.propose_sanction, HEADINGS[kind], **context)


@require_http_methods(["GET", "POST"])
@requires("cases.take_sanction_request")
def request_listing(request: StaffRequest, pk: int) -> HttpResponse:
    """Take down the applicant's written request to list a debtor."""
    case = case_of(request, pk)
    form = sanctionforms.RequestListing(typed(request), case=case, initial={"received_on": clock.today()})
    return _act(request, case, form, services.request_listing, gettext_lazy("登记纳入失信名单申请"))


def _sanction(request: StaffRequest, pk: int) -> Sanction:
    return get_object_or_404(Sanction.objects.visible_to(request.user).for_list(), pk=pk)


def _act(
    request: StaffRequest,
    case: Case,
    form: Act,
    act: Callable[..., Any],
    heading: str | Promise,
    subject: Sanction | SanctionRequest | SanctionExtension | None = None,
    **context: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(subject or case, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _done(request, case, heading)
    context |= pages.head(case, request.user, today=clock.today()) | {"form": form, "heading": heading}
    return render(request, "cases/sanction_act.html", context, status=422 if form.errors else 200)


def _done(request: StaffRequest, case: Case, heading: str | Promise) -> HttpResponse:
    messages.success(request, _("%(number)s：%(act)s，已办理") % {"number": case.display_number, "act": heading})
    return redirect("cases:case_sanctions", case.pk)


def _on_sanction(
    request: StaffRequest, sanction: Sanction, form: Act, act: Callable[..., Any], heading: Promise, **context: Any
) -> HttpResponse:
    case = case_of(request, sanction.case_id)
    return _act(request, case, form, act, heading, sanction, sanction=sanction, **context)


@require_http_methods(["GET", "POST"])
@requires("cases.propose_sanction")
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    sanction, form = _sanction(request, pk), sanctionforms.Withdraw(typed(request))
    reasons = {"reasons": sanctionlist.WITHDRAW_REASONS}
    return _on_sanction(request, sanction, form, services.withdraw_sanction, gettext_lazy("撤回提请"), **reasons)


@require_http_methods(["GET", "POST"])
@requires("cases.propose_sanction")
def name_document(request: StaffRequest, pk: int) -> HttpResponse:
    """Add the number of the paper that was issued."""
    sanction = _sanction(request, pk)
    form = sanctionforms.NameDocument(typed(request), now={"document": sanction.document})
    return _on_sanction(request, sanction, form, services.name_document, gettext_lazy("补录决定文书"))


@require_http_methods(["GET", "POST"])
@requires("cases.propose_sanction")
def begin_detention(request: StaffRequest, pk: int) -> HttpResponse:
    """Note the day on which the detention began."""
    sanction = _sanction(request, pk)
    form = sanctionforms.BeginDetention(typed(request), initial={"on": clock.today()})
    return _on_sanction(request, sanction, form, services.begin_detention, gettext_lazy("登记执行拘留"))


@require_http_methods(["GET", "POST"])
@requires("cases.propose_sanction")
def extend(request: StaffRequest, pk: int) -> HttpResponse:
    """Propose to lengthen a running listing."""
    sanction = _sanction(request, pk)
    form = sanctionforms.Extend(typed(request), sanction=sanction)
    return _on_sanction(request, sanction, form, services.propose_extension, gettext_lazy("提请延长失信期限"))


@require_http_methods(["GET", "POST"])
@requires("cases.decide_sanction")
def decide_extension(request: StaffRequest, pk: int) -> HttpResponse:
    """The president decides on lengthening a listing."""
    waiting = SanctionExtension.objects.visible_to(request.user).for_list()
    extension, form = get_object_or_404(waiting, pk=pk), sanctionforms.DecideExtension(typed(request))
    case, heading = case_of(request, extension.sanction.case_id), gettext_lazy("审批延长失信期限")
    context = {"sanction": extension.sanction, "extension": extension}
    return _act(request, case, form, services.decide_extension, heading, extension, **context)


@require_http_methods(["GET", "POST"])
@requires("cases.propose_sanction")
def note_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Note why the sanction must end, and since when."""
    sanction = _sanction(request, pk)
    form = sanctionforms.NoteRemoval(typed(request), sanction=sanction, initial={"arose_on": clock.today()})
    reasons = {"reasons": sanctionlist.REMOVAL_NOTES}
    return _on_sanction(request, sanction, form, services.note_removal_ground, gettext_lazy("登记解除事由"), **reasons)


@require_http_methods(["GET", "POST"])
@requires("cases.remove_sanction")
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter that the sanction was ended."""
    sanction = _sanction(request, pk)
    form = sanctionforms.Remove(typed(request), sanction=sanction)
    return _on_sanction(request, sanction, form, services.remove_sanction, gettext_lazy("办理解除"), is_final=True)


@require_http_methods(["GET", "POST"])
@requires("cases.take_sanction_request")
def request_correction(request: StaffRequest, pk: int) -> HttpResponse:
    """Take down the listed debtor's written request."""
    sanction = _sanction(request, pk)
    form = sanctionforms.RequestCorrection(typed(request), initial={"received_on": clock.today()})
    return _on_sanction(request, sanction, form, services.request_correction, gettext_lazy("登记失信纠正申请"))


@require_http_methods(["GET", "POST"])
@requires("cases.propose_sanction")
def answer_request(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge answers a written request."""
    asked = get_object_or_404(SanctionRequest.objects.visible_to(request.user).for_list(), pk=pk)
    form = sanctionforms.AnswerRequest(typed(request), purpose=asked.purpose)
    case, heading = case_of(request, asked.case_id), gettext_lazy("答复申请")
    context = {"asked": asked, "reasons": sanctionlist.ANSWER_REASONS}
    if asked.purpose == SanctionRequest.Purpose.LIST:
        context["barred_until"] = barred_until(case, asked.party, on=clock.today())
    return _act(request, case, form, services.answer_request, heading, asked, **context)
