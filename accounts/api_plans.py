"""Every act on distribution plans for programs: the pages' forms, services and permissions (`bureau.acts`).

A plan's creditors are columns: the first value of each column is the first creditor's.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from accounts import planforms, plans, services
from accounts.models import Distribution, DistributionShare, PlanObjection
from bureau.acts import Nothing
from bureau.models import User
from cases.models import Case


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _propose_plan(data: QueryDict, case: Case, user: User) -> planforms.ProposePlan:
    return planforms.ProposePlan(data, case=case)


def _serve_plan(data: QueryDict, plan: Distribution, user: User) -> planforms.ServePlan:
    return planforms.ServePlan(data, plan=plan)


def _object_to_plan(data: QueryDict, share: DistributionShare, user: User) -> planforms.ObjectToPlan:
    return planforms.ObjectToPlan(data, plan=share.distribution)


def _end_objection(data: QueryDict, objection: PlanObjection, user: User) -> planforms.EndObjection:
    return planforms.EndObjection(data, plan=objection.share.distribution)


PLAN_ACTS: tuple[tuple[Any, ...], ...] = (
    (
        "cases/<int:pk>/propose-plan/",
        "accounts.request_payout",
        _cases,
        planforms.ProposePlan,
        services.propose_plan,
        _propose_plan,
    ),
    ("plans/<int:pk>/approve/", "accounts.check_payout", plans.visible, Nothing, services.approve_plan),
    ("plans/<int:pk>/return/", "accounts.check_payout", plans.visible, planforms.ReturnPlan, services.return_plan),
    (
        "plans/<int:pk>/withdraw/",
        "accounts.request_payout",
        plans.visible,
        planforms.WithdrawPlan,
        services.withdraw_plan,
    ),
    (
        "plans/<int:pk>/serve/",
        "accounts.request_payout",
        plans.visible,
        planforms.ServePlan,
        services.serve_plan,
        _serve_plan,
    ),
    (
        "shares/<int:pk>/object/",
        "accounts.request_payout",
        plans.shares,
        planforms.ObjectToPlan,
        services.object_to_plan,
        _object_to_plan,
    ),
    ("shares/<int:pk>/pay/", "accounts.request_payout", plans.shares, Nothing, services.pay_share),
    ("shares/<int:pk>/deposit/", "accounts.request_payout", plans.shares, Nothing, services.deposit_share),
    (
        "objections/<int:pk>/note/",
        "accounts.request_payout",
        plans.objections,
        planforms.NoteObjection,
        services.note_objection,
    ),
    (
        "objections/<int:pk>/end/",
        "accounts.request_payout",
        plans.objections,
        planforms.EndObjection,
        services.end_objection,
        _end_objection,
    ),
    (
        "objections/<int:pk>/approve/",
        "accounts.check_payout",
        plans.objections,
        Nothing,
        services.approve_plan_change,
    ),
    (
        "objections/<int:pk>/return/",
        "accounts.check_payout",
        plans.objections,
        planforms.ReturnPlan,
        services.return_plan_change,
    ),
)
