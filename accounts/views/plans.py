"""Distribution: proposing a plan, the plan's page, and every act on it, its shares and the objections to them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import plans, services
from accounts.models import Distribution, DistributionShare, PlanObjection
from accounts.planforms import (
    EndObjection,
    NoteObjection,
    ObjectToPlan,
    ProposePlan,
    ReturnPlan,
    ServePlan,
    WithdrawPlan,
)
from accounts.statement import statement_of
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.acts import Nothing
from bureau.errors import Refused
from bureau.wording import Form
from cases.models import Case


@requires("accounts.request_payout")
@require_http_methods(["GET", "POST"])
def propose_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner names creditors and claims, sees the shares computed, and proposes them."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    form = ProposePlan(request.POST if request.method == "POST" else None, case=case)
    tried = None
    if request.method == "POST" and form.is_valid():
        try:
            if "try" in request.POST:
                tried = services.try_plan(case, **form.arguments(), at=clock.now(), actor=request.user)
            else:
                plan = services.propose_plan(case, **form.arguments(), at=clock.now(), actor=request.user)
                messages.success(request, _("已提出分配方案，待法官核准"))
                return redirect("accounts:plan", plan.pk)
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "case": case, "tried": tried, "available": statement_of(case).available}
    return render(request, "accounts/propose_plan.html", context, status=422 if form.errors else 200)


@requires("accounts.view_money")
@require_safe
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    """One plan with its shares, what is disputed, paid and left, and the viewer's acts."""
    return _page(request, get_object_or_404(plans.visible(request.user), pk=pk))


def _page(request: StaffRequest, row: Distribution, wrong: Form | None = None) -> HttpResponse:
    context = plans.page(row, request.user, today=clock.today()) | {"form": wrong}
    return render(request, "accounts/plan.html", context, status=422 if wrong else 200)


def _act(request: StaffRequest, row: Distribution, form: Form, act: Callable[..., Any], thing: Any) -> HttpResponse:
    """Do one act by a form; what is wrong is said on the plan's page."""
    if form.is_valid():
        arguments: dict[str, Any] = getattr(form, "arguments", lambda: form.cleaned_data)()
        try:
            act(thing, **arguments, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已办理"))
            return redirect("accounts:plan", row.pk)
    return _page(request, row, form)


def _plan(request: StaffRequest, pk: int) -> Distribution:
    return get_object_or_404(plans.visible(request.user), pk=pk)


def _of_plan(rows: QuerySet[Any], pk: int) -> Any:
    return get_object_or_404(rows, pk=pk)


@requires("accounts.check_payout")
@require_POST
def approve_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge approves."""
    row = _plan(request, pk)
    return _act(request, row, Nothing(request.POST), services.approve_plan, row)


@requires("accounts.check_payout")
@require_POST
def return_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge sends it back with his reason."""
    row = _plan(request, pk)
    return _act(request, row, ReturnPlan(request.POST), services.return_plan, row)


@requires("accounts.request_payout")
@require_POST
def withdraw_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner takes it back before it is served."""
    row = _plan(request, pk)
    return _act(request, row, WithdrawPlan(request.POST), services.withdraw_plan, row)


@requires("accounts.request_payout")
@require_POST
def serve_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """It has reached some of those whom it must reach."""
    row = _plan(request, pk)
    return _act(request, row, ServePlan(request.POST, plan=row), services.serve_plan, row)


@requires("accounts.request_payout")
@require_POST
def object_to_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody objects to a share."""
    share: DistributionShare = _of_plan(plans.shares(request.user), pk)
    form = ObjectToPlan(request.POST, plan=share.distribution)
    return _act(request, share.distribution, form, services.object_to_plan, share)


@requires("accounts.request_payout")
@require_POST
def pay_share(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner asks to pay what is undisputed."""
    share: DistributionShare = _of_plan(plans.shares(request.user), pk)
    return _act(request, share.distribution, Nothing(request.POST), services.pay_share, share)


@requires("accounts.request_payout")
@require_POST
def deposit_share(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner asks to deposit what is disputed."""
    share: DistributionShare = _of_plan(plans.shares(request.user), pk)
    return _act(request, share.distribution, Nothing(request.POST), services.deposit_share, share)


@requires("accounts.request_payout")
@require_POST
def note_objection(request: StaffRequest, pk: int) -> HttpResponse:
    """What followed an objection."""
    row: PlanObjection = _of_plan(plans.objections(request.user), pk)
    return _act(request, row.share.distribution, NoteObjection(request.POST), services.note_objection, row)


@requires("accounts.request_payout")
@require_POST
def end_objection(request: StaffRequest, pk: int) -> HttpResponse:
    """The dispute is over."""
    row: PlanObjection = _of_plan(plans.objections(request.user), pk)
    form = EndObjection(request.POST, plan=row.share.distribution)
    return _act(request, row.share.distribution, form, services.end_objection, row)


@requires("accounts.check_payout")
@require_POST
def approve_plan_change(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge lets another creditor get the disputed sum."""
    row: PlanObjection = _of_plan(plans.objections(request.user), pk)
    return _act(request, row.share.distribution, Nothing(request.POST), services.approve_plan_change, row)


@requires("accounts.check_payout")
@require_POST
def return_plan_change(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge does not."""
    row: PlanObjection = _of_plan(plans.objections(request.user), pk)
    return _act(request, row.share.distribution, ReturnPlan(request.POST), services.return_plan_change, row)
