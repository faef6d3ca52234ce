"""What the pages of distribution print, and whose they are."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import Distribution, DistributionShare, Payout, PlanObjection
from accounts.planforms import EndObjection, NoteObjection, ObjectToPlan, ReturnPlan, ServePlan, WithdrawPlan
from accounts.services.distributions import disputed, share_left, waiting_recipients
from accounts.shares import ShareData, computed
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
    rows = plan.shares.select_related("party", "target", "payee", "delivery").prefetch_related(
        Prefetch("objections", PlanObjection.objects.select_related("awarded_to", "asked_award").order_by("id")),
        Prefetch("payouts", Payout.objects.order_by("id")),
        "awards",
    )
    is_owner = plan.case.owner_id == user.pk and user.has_perm("accounts.request_payout")
    is_judge = plan.case.judge_id == user.pk and user.has_perm("accounts.check_payout")
    is_served = plan.state == State.SERVED
    shares = list(rows.order_by("position"))
    deliveries = list(plan.deliveries.select_related("share", "party").order_by("id"))
    may_decide = is_judge and plan.state == State.PROPOSED and plan.proposed_by_id != user.pk
    may_withdraw = plan.state in (State.PROPOSED, State.APPROVED) and not deliveries
    return {
        "plan": plan,
        "case": plan.case,
        "rows": [(row, share_left(row), disputed(row)) for row in shares],
        "steps": steps(plan, shares),
        "departs": any(row.is_departure for row in shares),
        "deliveries": deliveries,
        "waiting": list(waiting_recipients(plan).values()) if plan.state == State.APPROVED else [],
        "may_approve": may_decide,
        "return_form": ReturnPlan() if may_decide else None,
        "change_form": ReturnPlan() if is_judge else None,
        "withdraw_form": WithdrawPlan() if is_owner and may_withdraw else None,
        "serve_form": ServePlan(plan=plan) if is_owner and plan.state == State.APPROVED else None,
        "object_form": ObjectToPlan(plan=plan) if is_owner and deliveries else None,
        "note_form": NoteObjection() if is_owner and deliveries else None,
        "end_form": EndObjection(plan=plan) if is_owner and deliveries else None,
        "may_pay": is_owner and plan.is_final(on=today),
        "may_deposit": is_owner and is_served,
        "today": today,
    }


def steps(plan: Distribution, shares: list[DistributionShare]) -> list[str]:
    """Return the arithmetic in the reader's language; as stored where it would be another today."""
    if not plan.debtor:
        return []
    claims = [
        ShareData(row.creditor, row.claimed, is_secured=row.is_secured, rank=row.rank, basis=row.basis)
        for row in shares
    ]
    now = computed(plan.pool, plan.debtor, claims, on=timezone.localdate(plan.proposed_at))
    return now.steps if now.shares == {row.creditor: row.computed for row in shares} else plan.steps.splitlines()
