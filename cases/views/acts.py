"""The case page, its record, and the pages of every act on a case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.masking import mask_id, mask_phone
from cases import forms, packs, pages, services, timeline
from cases.models import Case, Handover, Party

EVENTS_PAGE = 50


def _case(request: StaffRequest, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)


@require_safe
@requires("cases.view_case")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the case: head, parties with masked numbers, claims, basis, hand-overs and suspensions."""
    case = _case(request, pk)
    parties = sorted(case.parties.all(), key=lambda party: (party.side, party.position))
    context = pages.head(case, request.user, today=clock.today()) | {
        "parties": [_masked(party) for party in parties],
        "claims": sorted(case.claims.all(), key=lambda claim: claim.position),
        "handovers": case.handovers.select_related("from_team", "to_team", "handed_by", "answered_by").order_by("id"),
        "suspensions": case.suspensions.order_by("id"),
    }
    return render(request, "cases/detail.html", context)


def _masked(party: Party) -> dict[str, Any]:
    return {"row": party, "id": mask_id(party.id_number), "phone": mask_phone(party.phone)}


@require_safe
@requires("cases.view_case")
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the record of the case in words, newest first."""
    case = _case(request, pk)
    page = Paginator(timeline.events_of(case, request.user), EVENTS_PAGE).get_page(request.GET.get("page"))
    context = pages.head(case, request.user, today=clock.today())
    return render(request, "cases/timeline.html", context | {"page": page, "lines": timeline.lines(page.object_list)})


def _act(
    request: StaffRequest,
    case: Case,
    form: forms.Act,
    act: Callable[..., Any],
    *,
    heading: str | Promise,
    subject: Handover | None = None,
    **context: Any,
) -> HttpResponse:
    # One page of one act: 422 keeps what was typed, a refusal is an error of the form.
    if request.method == "POST" and form.is_valid():
        try:
            act(subject or case, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            return _done(request, case, heading)
    page = pages.head(case, request.user, today=clock.today()) | {"form": form, "heading": heading, **context}
    return render(request, "cases/act.html", page, status=422 if form.errors else 200)


def _done(request: StaffRequest, case: Case, heading: str | Promise) -> HttpResponse:
    messages.success(request, _("%(number)s：%(act)s，已办理") % {"number": case.display_number, "act": heading})
    # Whoever gives a case away may see it no longer.
    is_visible = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    return redirect(case) if is_visible else redirect("desk")


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
@requires("cases.start_case")
def start(request: StaffRequest, pk: int) -> HttpResponse:
    """The affairs team takes the case up."""
    case, form = _case(request, pk), forms.Start(_typed(request))
    notice = _("启动后由您承办本阶段：发出执行通知书、报告财产令，发起网络查控。")
    return _act(request, case, form, services.start, heading=_("启动案件"), notice=notice)


@require_http_methods(["GET", "POST"])
@requires("cases.hand_over_case")
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand the started case to its stream team."""
    case, form = _case(request, pk), forms.HandOver(_typed(request))
    return _act(request, case, form, services.hand_over, heading=_("移交办理团队"))


@require_http_methods(["GET", "POST"])
@requires("cases.accept_handover")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the pack that waits, to accept it or to send it back with coded defects."""
    incoming = Handover.objects.filter(case__in=Case.objects.visible_to(request.user), to_team=request.user.team)
    handover = get_object_or_404(incoming.select_related("from_team", "to_team", "handed_by"), pk=pk)
    case, is_back = _case(request, handover.case_id), request.POST.get("answer") == "send_back"
    form: forms.Act = forms.SendBack(_typed(request)) if is_back else forms.Start(_typed(request))
    context: dict[str, Any] = {"handover": handover, "back_form": form if is_back else forms.SendBack()}
    context["pack_labels"] = [packs.BY_CODE[code].label for code in handover.pack if code in packs.BY_CODE]
    if is_back:
        return _act(request, case, form, services.send_back, heading=_("退回移交"), subject=handover, **context)
    return _act(request, case, form, services.accept, heading=_("接收移交"), subject=handover, **context)


@require_http_methods(["GET", "POST"])
@requires("cases.suspend_case")
def suspend(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge suspends the case."""
    case, form = _case(request, pk), forms.Suspend(_typed(request))
    return _act(
        request, case, form, services.suspend, heading=_("中止执行"), notice=_("中止不是结案，执行期限仍会显示。")
    )


@require_http_methods(["GET", "POST"])
@requires("cases.resume_case")
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    """The case goes on where it stood."""
    case, form = _case(request, pk), forms.Resume(_typed(request))
    return _act(request, case, form, services.resume, heading=_("恢复执行"))


@require_http_methods(["GET", "POST"])
@requires("cases.close_case")
def fulfil(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge closes the case as 执行完毕."""
    case, form = _case(request, pk), forms.Close(_typed(request))
    notice = _("全部执行请求已履行，案款已全部发放，方可以执行完毕方式结案。行为或交付请求的履行情况请在凭据中写明。")
    return _act(request, case, form, services.fulfil, heading=_("执行完毕结案"), notice=notice, is_final=True)


@require_http_methods(["GET", "POST"])
@requires("cases.close_case")
def terminate(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge closes the case as 终结执行 on a written withdrawal."""
    case, form = _case(request, pk), forms.Close(_typed(request))
    notice = _("申请执行人书面撤回申请，且案款账户无余额，方可终结执行。请写明撤回申请书及裁定书文号。")
    return _act(request, case, form, services.terminate, heading=_("终结执行结案"), notice=notice, is_final=True)


@require_http_methods(["GET", "POST"])
@requires("intake.file_case")
def enter_number(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter the number that the national system issued."""
    case, form = _case(request, pk), forms.EnterNumber(_typed(request))
    return _act(request, case, form, services.enter_number, heading=_("录入案号"))
