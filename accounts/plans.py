"""What the pages of distribution print, and whose they are."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import Distribution, DistributionShare, Payout, PlanObjection
from accounts.planforms import EndObjection, NoteObjection, ObjectToPlan, ServePlan, WithdrawPlan
from accounts.services.distributions import disputed, share_left
from bureau.models import User

State = Distribution.State


def visible(user: User) -> QuerySet[Distribution]:
    """Return the plans that the user sees."""
    return Distribution.objects.visible_to(user).select_related(
        "case", "case__owner", "case__judge", "proposed_by", "approved_by"
    )


def shares(user: User) -> QuerySet[DistributionShare]:
    """Return the shares of visible plans."""
    seen = Distribution.objects.visible_to(user)
    return DistributionShare.objects.filter(distribution__in=seen).select_related("distribution__case")


def objections(user: User) -> QuerySet[PlanObjection]:
    """Return the objections to visible plans."""
    return PlanObjection.objects.filter(share__in=shares(user)).select_related("share__distribution__case")


def page(plan: Distribution, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return the plan with its shares and objections, and the forms of what the viewer may do now."""
    rows = plan.shares.select_related("party", "target", "payee").prefetch_related(
        Prefetch("objections", PlanObjection.objects.select_related("awarded_to").order_by("id")),
        Prefetch("payouts", Payout.objects.order_by("id")),
        "awards",
    )
    is_owner = plan.case.owner_id == user.pk and user.has_perm("accounts.request_payout")
    is_judge = plan.case.judge_id == user.pk and user.has_perm("accounts.check_payout")
    is_served = plan.state == State.SERVED
    may_object = is_served and plan.objections_due_on is not None
    return {
        "plan": plan,
        "case": plan.case,
        "rows": [(row, share_left(row), disputed(row)) for row in rows.order_by("position")],
        "may_approve": is_judge and plan.state == State.PROPOSED and plan.proposed_by_id != user.pk,
        "withdraw_form": WithdrawPlan() if is_owner and plan.state in (State.PROPOSED, State.APPROVED) else None,
        "serve_form": ServePlan() if is_owner and plan.state == State.APPROVED else None,
        "object_form": ObjectToPlan() if is_owner and may_object else None,
        "note_form": NoteObjection() if is_owner and is_served else None,
        "end_form": EndObjection(plan=plan) if is_owner and is_served else None,
        "may_pay": is_owner and plan.is_final(on=today),
        "may_deposit": is_owner and is_served,
        "today": today,
    }
