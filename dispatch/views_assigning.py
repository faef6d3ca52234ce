"""Pages around assignment: batches, why me, draws, chains, requests, leave, the weekly spread."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from dispatch import asking, assigning, explaining, leaves, publishing, redraw, series, spread
from dispatch.assignforms import BATCH_MAX, AskForm, BatchForm, ChainForm, DecideForm, LeaveForm, WeekForm, assignable
from dispatch.assignpages import ASK_REASONS, LEAVE_REASONS, PreviewPage, chain_state
from dispatch.dutypages import leave_warning
from dispatch.listforms import RequestFilter
from dispatch.models import Assignment, AssignmentRequest, Draw, Leave, SeedChain
from dispatch.sections import SEES_REQUESTS
from dispatch.tasks import CHUNK

PAGE_ROWS = 50
CHAINS_MAX = 20


@requires("dispatch.assign_case")
@require_http_methods(["GET", "POST"])
def batch(request: StaffRequest) -> HttpResponse:
    """List the triaged cases; show what a draw of the chosen ones would depend on; then draw."""
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and data.get("every"):
        data.setlist("cases", [str(pk) for pk in assignable(request.user).values_list("pk", flat=True)[:BATCH_MAX]])
    form = BatchForm(data, user=request.user)
    context: dict[str, Any] = {"form": form, "today": clock.today(), "chain": chain_state(clock.today())}
    context["every"] = data is not None and bool(data.get("every"))
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "confirm":
            try:
                return _assign(request, form)
            except Refused as refusal:
                form.refuse(refusal)
        context["preview"] = PreviewPage(form.cleaned_data["cases"], at=clock.now(), actor=request.user)
    rows = assignable(request.user).select_related("number_court").prefetch_related("parties")
    context["page"] = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "dispatch/batch.html", context, status=422 if form.errors else 200)


def _assign(request: StaffRequest, form: BatchForm) -> HttpResponse:
    cases = form.cleaned_data["cases"]
    if len(cases) > CHUNK:
        given = {"cases": [case.pk for case in cases]}
        job = bureau.ask_job("assign_cases", at=clock.now(), actor=request.user, **given)
        return redirect("bureau:job", job.pk)
    done = assigning.assign_many(**form.arguments(), at=clock.now(), actor=request.user)
    messages.success(
        request, _("已分案 %(made)d 件，未能分案 %(left)d 件") % {"made": len(done.made), "left": len(done.left)}
    )
    if len(done.made) == 1:
        return redirect("dispatch:why", done.made[0].pk)
    return redirect("dispatch:draw", done.made[0].draw_id) if done.made else redirect("dispatch:batch")


@requires("cases.view_case")
@require_safe
def why(request: StaffRequest, pk: int) -> HttpResponse:
    """Show why these people got the case: who was eligible, who was not and why, loads and the draw."""
    row = get_object_or_404(Assignment.objects.visible_to(request.user).for_page(), pk=pk)
    seats = explaining.explain(row.draw, row.case_id) if row.draw else []
    return render(request, "dispatch/why.html", {"row": row, "seats": seats, "draw": row.draw})


@requires("dispatch.view_draws")
@require_safe
def draws(request: StaffRequest) -> HttpResponse:
    """List the draws, newest first."""
    page = Paginator(Draw.objects.visible_to(request.user).for_list(), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "dispatch/draws.html", {"page": page})


@requires("cases.view_case")
@require_safe
def draw(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one draw: commitment, seed, who got what, and how to run it again."""
    row = get_object_or_404(Draw.objects.visible_to(request.user).select_related("chain", "by"), pk=pk)
    rows = Assignment.objects.visible_to(request.user).filter(draw=row).for_page().order_by("case_id")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "dispatch/draw.html", {"draw": row, "page": page})


@require_safe
def published_draws(request: StaffRequest) -> HttpResponse:
    """List chains and draws as they are published, by number, to every member of staff."""
    rows = Draw.objects.public().select_related("chain").order_by("-id")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    chains = SeedChain.objects.with_used().order_by("-id")[:CHAINS_MAX]
    return render(request, "dispatch/published.html", {"page": page, "chains": chains})


@require_safe
def published_draw(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand out one draw as it is published, by number."""
    return _draw_file(get_object_or_404(Draw.objects.public().select_related("chain"), pk=pk), with_names=False)


@requires("cases.view_case")
@require_safe
def draw_file(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand out one draw with the names, to whoever may see it."""
    row = get_object_or_404(Draw.objects.visible_to(request.user).select_related("chain"), pk=pk)
    return _draw_file(row, with_names=True)


def _draw_file(row: Draw, *, with_names: bool) -> HttpResponse:
    answer = JsonResponse(publishing.published(row, with_names=with_names), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="draw-{row.pk}.json"'
    return answer


@require_safe
def script(request: StaffRequest) -> FileResponse:
    """Hand out the script that runs a published draw again, anywhere."""
    return FileResponse(open(redraw.__file__, "rb"), as_attachment=True, filename="redraw.py")


@requires("dispatch.make_chain", "dispatch.view_draws")
@require_http_methods(["GET", "POST"])
def chains(request: StaffRequest) -> HttpResponse:
    """List the chains with their tips; the inspector makes another."""
    may_make = request.user.has_perm("dispatch.make_chain")
    form = ChainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assigning.make_chain(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已公布链顶，次日起启用"))
            return redirect("dispatch:chains")
    rows = SeedChain.objects.with_used().select_related("made_by").order_by("-id")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_make": may_make, "state": chain_state(clock.today())}
    return render(request, "dispatch/chains.html", context, status=422 if form.errors else 200)


@requires("dispatch.assign_case")
@require_http_methods(["GET", "POST"])
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask to name the judge of a case, to draw again or to take the assignment back."""
    case = get_object_or_404(Case.objects.visible_to(request.user).select_related("judge", "stream_team"), pk=pk)
    whole = series.together([case], AssignmentRequest.Kind.NAMED)
    data = request.POST if request.method == "POST" else None
    form = AskForm(data, stream=case.stream, has_series=bool(whole))
    if request.method == "POST" and form.is_valid():
        try:
            asking.ask_assignment(wanted=form.wanted(case), **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提出申请，待他人批准"))
            return redirect("dispatch:requests")
    context = {"case": case, "form": form, "reasons": ASK_REASONS, "series": whole}
    return render(request, "dispatch/ask.html", context, status=422 if form.errors else 200)


@requires("dispatch.assign_case")
@require_http_methods(["GET", "POST"])
def redistribute(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask to draw again all open cases of a judge who is away for long or leaves."""
    judge = get_object_or_404(User.objects.filter(groups__name="JUDGE").select_related("team"), pk=pk)
    cases = list(Case.objects.open().filter(judge=judge, stream_team__isnull=False).order_by("filed_on", "id"))
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["kind"] = AssignmentRequest.Kind.REDRAW
    form = AskForm(data, has_series=False)
    if request.method == "POST" and form.is_valid():
        try:
            asking.ask_assignment(wanted=cases, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提出申请，待他人批准"))
            return redirect("dispatch:requests")
    context = {"judge": judge, "cases": cases, "form": form, "reasons": LEAVE_REASONS}
    return render(request, "dispatch/redistribute.html", context, status=422 if form.errors else 200)


@requires(*SEES_REQUESTS)
@require_safe
def requests(request: StaffRequest) -> HttpResponse:
    """List what was asked past the draw, with who agreed."""
    form = RequestFilter(request.GET)
    rows = AssignmentRequest.objects.for_list().filter(**form.chosen())
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "chosen": form.chosen().get("state", "")}
    context |= {"states": AssignmentRequest.State.choices}
    context |= {"may_decide": request.user.has_perm("dispatch.approve_assignment")}
    return render(request, "dispatch/requests.html", context)


@requires("dispatch.approve_assignment")
@require_http_methods(["GET", "POST"])
def decide_request(request: StaffRequest, pk: int) -> HttpResponse:
    """Agree or not; what is agreed to is done at once."""
    row = get_object_or_404(AssignmentRequest.objects.for_list(), pk=pk)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asking.decide_assignment(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已办理"))
            return redirect("dispatch:requests")
    return render(
        request, "dispatch/decide_request.html", {"row": row, "form": form}, status=422 if form.errors else 200
    )


@requires("dispatch.assign_case")
@require_POST
def withdraw_request(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    row = get_object_or_404(AssignmentRequest, pk=pk)
    try:
        asking.withdraw_assignment(row, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回申请"))
    return redirect("dispatch:requests")


@requires("dispatch.manage_leave")
@require_http_methods(["GET", "POST"])
def leave_list(request: StaffRequest) -> HttpResponse:
    """List leave with its covers and register another."""
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            leave = leaves.register_leave(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记请假"))
            if warning := leave_warning(leave.user, leave.from_on, leave.until_on):
                messages.warning(request, warning)
            return redirect("dispatch:leaves")
    page = Paginator(Leave.objects.for_list(), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "today": clock.today(), "reasons": LEAVE_REASONS}
    return render(request, "dispatch/leaves.html", context, status=422 if form.errors else 200)


@requires("dispatch.manage_leave")
@require_POST
def end_leave(request: StaffRequest, pk: int) -> HttpResponse:
    """Let draws reach somebody again before his leave ends."""
    try:
        leaves.end_leave(get_object_or_404(Leave, pk=pk), at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已结束请假"))
    return redirect("dispatch:leaves")


@requires("dispatch.view_draws")
@require_safe
def spread_report(request: StaffRequest) -> HttpResponse:
    """Show the week: expected against real load of each person, and the reason of every difference; or as a sheet."""
    asked = WeekForm(request.GET)
    day = asked.day(spread.latest_day(clock.today()))
    made = spread.report(*spread.week_of(day))
    if request.GET.get("format") == "xlsx":
        bureau.note_export("spread", count=len(made.shares), at=clock.now(), actor=request.user)
        titles = [str(title) for title in (*spread.TITLES, *spread.REASONS.values())]
        return excel.download(
            excel.workbook((_("分案均衡"), titles, spread.lines(made))), f"spread-{made.from_on:%Y%m%d}"
        )
    context = {"form": WeekForm(initial={"on": day}), "report": made, "reasons": spread.REASONS.values()}
    context |= {"asked": asked}
    return render(request, "dispatch/spread.html", context)
