"""The case page, its record, and the pages of every act on a case."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases import casefile, forms, packs, pages, restforms, services, startforms, timeline
from cases.evidence import papers_of, scans
from cases.law import cited
from cases.models import Case, Handover
from cases.onduty import judge_on_duty
from cases.services import rests
from cases.services.filing import number_objections
from cases.services.handovers import answered_objections, coordinate_objections, handover_objections
from cases.services.queries import answer_objections, launch_objections
from cases.starting import standings

EVENTS_PAGE = 50
USUAL_ANSWERS = (
    _("未查询到可供执行的财产"),
    _("查到银行存款，已提请冻结"),
    _("查到车辆、不动产登记信息，已提请查封"),
    _("部分单位反馈，其余逾期未反馈"),
)


def case_of(request: StaffRequest, pk: int) -> Case:
    """Return the visible case with everything its head prints; another's is 404."""
    return get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)


@require_safe
@requires("cases.view_case")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the case: head, parties with masked numbers, claims, basis, hand-overs and suspensions."""
    case = case_of(request, pk)
    context = pages.head(case, request.user, today=clock.today())
    context |= casefile.contents(case, request.user, today=clock.today())
    return render(request, "cases/detail.html", context)


@require_safe
@requires("cases.view_case")
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the record of the case in words, newest first."""
    case = case_of(request, pk)
    page = Paginator(timeline.events_of(case, request.user), EVENTS_PAGE).get_page(request.GET.get("page"))
    context = pages.head(case, request.user, today=clock.today())
    context["lines"] = timeline.lines(page.object_list, reader=request.user)
    return render(request, "cases/timeline.html", context | {"page": page})


def act_page(
    request: StaffRequest,
    case: Case,
    form: forms.Act,
    act: Callable[..., Any],
    heading: str | Promise = "",
    subject: Model | None = None,
    template: str = "cases/act.html",
    barred: Sequence[str] = (),
    **context: Any,
) -> HttpResponse:
    """Answer one page of one act: 422 keeps what was typed; one `barred`, or greyed as a step, says why."""
    if request.method == "POST" and form.is_valid() and _is_done(request, form, act, subject or case):
        return _done(request, case, heading)
    context |= pages.head(case, request.user, today=clock.today()) | {"form": form, "heading": heading}
    if request.method != "POST" and (reasons := barred or pages.barred(case, act, request.user, context["steps"])):
        return render(request, "cases/barred.html", context | {"barred": reasons})
    return render(request, template, context, status=422 if form.errors else 200)


def _is_done(request: StaffRequest, form: forms.Act, act: Callable[..., Any], subject: Model) -> bool:
    try:
        act(subject, **form.arguments(), at=clock.now(), actor=request.user)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def _done(request: StaffRequest, case: Case, heading: str | Promise) -> HttpResponse:
    messages.success(request, _("%(number)s：%(act)s，已办理") % {"number": case.display_number, "act": heading})
    # Whoever gives a case away may see it no longer.
    is_visible = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    return redirect(case) if is_visible else redirect("desk")


def typed(request: StaffRequest) -> Any:
    """Return what was posted, also when it is empty; nothing for a first look."""
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
@requires("cases.start_case")
def start(request: StaffRequest, pk: int) -> HttpResponse:
    """The affairs team takes the case up."""
    case, form = case_of(request, pk), forms.Start(typed(request))
    notice = _("启动后由您承办本阶段：发出执行通知书、报告财产令，发起网络查控。")
    return act_page(request, case, form, services.start, heading=_("启动案件"), notice=notice)


@require_http_methods(["GET", "POST"])
@requires("cases.hand_over_case")
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand the started case to its stream team: what the record bears out is ticked, the rest is named."""
    case = case_of(request, pk)
    form = startforms.HandOver(typed(request), scans=scans(papers_of(case)))
    rows = _pack(case, form)
    sent_back = case.handovers.filter(state=Handover.State.SENT_BACK).order_by("-id").first()
    if sent_back is not None:
        form.ask_for_answer()
    context: dict[str, Any] = {
        "sent_back": sent_back,
        "rows": rows,
        "is_launched": any(row.is_met for row, *_rest in rows if row.item.code == "QUERY_LAUNCHED"),
        "query_form": startforms.LaunchQuery(case=case, on_duty=judge_on_duty(clock.today())),
        "template": "cases/hand_over.html",
    }
    barred = handover_objections(case)
    return act_page(request, case, form, services.hand_over, heading=_("移交办理团队"), barred=barred, **context)


def _pack(case: Case, form: startforms.HandOver) -> list[tuple[Any, Any, str]]:
    """Return each item of the pack with what may stand for it from outside, and its citation of the day."""
    today = clock.today()
    return [
        (row, form.outside_of(row.item.code) if row.item.may_be_outside else (), cited(row.item.basis, on=today))
        for row in standings(case)
    ]


@require_http_methods(["GET", "POST"])
@requires("cases.hand_over_case")
def launch_query(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the network about every debtor: one click; of what is only filed the affairs team does so on its own page."""
    case = get_object_or_404(Case.objects.to_query(request.user).for_page(), pk=pk)
    if case.stage == Case.Stage.FILED:
        return redirect("cases:query_case", case.pk)
    form = startforms.LaunchQuery(typed(request), case=case, on_duty=judge_on_duty(clock.today()))
    barred = launch_objections(case)
    answer = act_page(request, case, form, services.launch_query, heading=_("发起网络查控"), barred=barred)
    if answer.status_code == 302 and case.stage == Case.Stage.STARTING:
        return redirect("cases:hand_over", case.pk)
    return answer


@require_http_methods(["GET", "POST"])
@requires("cases.hand_over_case")
def note_query_answered(request: StaffRequest, pk: int) -> HttpResponse:
    """Note what the network query brought back."""
    case = get_object_or_404(Case.objects.to_query(request.user).for_page(), pk=pk)
    form = startforms.AnswerQuery(typed(request))
    context: dict[str, Any] = {"barred": answer_objections(case), "usual": USUAL_ANSWERS}
    return act_page(request, case, form, services.note_query_answered, heading=_("登记查控反馈"), **context)


@require_http_methods(["GET", "POST"])
@requires("dispatch.assign_case")
def coordinate(request: StaffRequest, pk: int) -> HttpResponse:
    """The command centre notes what both teams agreed on after three send-backs."""
    case, form = case_of(request, pk), forms.Coordinate(typed(request))
    back = case.handovers.filter(state=Handover.State.SENT_BACK).order_by("-id").first()
    barred = coordinate_objections(case)
    return act_page(request, case, form, services.coordinate, heading=_("协调移交"), barred=barred, sent_back=back)


@require_http_methods(["GET", "POST"])
@requires("cases.accept_handover")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the pack that waits, to accept it or to send it back with coded defects."""
    incoming = Handover.objects.filter(case__in=Case.objects.visible_to(request.user), to_team=request.user.team)
    handover = get_object_or_404(incoming.select_related("from_team", "to_team", "handed_by"), pk=pk)
    case, is_back = case_of(request, handover.case_id), request.POST.get("answer") == "send_back"
    form: forms.Act = forms.SendBack(typed(request)) if is_back else forms.Start(typed(request))
    context: dict[str, Any] = {"handover": handover, "back_form": form if is_back else forms.SendBack()}
    context["pack_lines"] = _pack_lines(handover)
    context["barred"] = answered_objections(handover)
    if is_back:
        return act_page(request, case, form, services.send_back, heading=_("退回移交"), subject=handover, **context)
    return act_page(request, case, form, services.accept, heading=_("接收移交"), subject=handover, **context)


def _pack_lines(handover: Handover) -> list[tuple[str | Promise, dict[str, str]]]:
    # What was made outside the system is printed with its number and day.
    known = [code for code in handover.pack if code in packs.BY_CODE]
    return [(packs.BY_CODE[code].label, handover.outside.get(code, {})) for code in known]


@require_http_methods(["GET", "POST"])
@requires("cases.suspend_case")
def suspend(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge suspends the case."""
    case = case_of(request, pk)
    form = restforms.Suspend(typed(request), papers=rests.papers_for(case, rests.SUSPENSION))
    return act_page(
        request, case, form, services.suspend, heading=_("中止执行"), notice=_("中止不是结案，执行期限仍会显示。")
    )


@require_http_methods(["GET", "POST"])
@requires("cases.resume_case")
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    """The case goes on where it stood."""
    case = case_of(request, pk)
    form = restforms.Resume(typed(request), papers=rests.papers_for(case, rests.RESUMPTION))
    return act_page(request, case, form, services.resume, heading=_("恢复执行"))


@require_http_methods(["GET", "POST"])
@requires("intake.file_case")
def enter_number(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter the number that the national system issued."""
    case, form = case_of(request, pk), forms.EnterNumber(typed(request))
    barred = number_objections(case)
    return act_page(request, case, form, services.enter_number, heading=_("录入案号"), barred=barred)
