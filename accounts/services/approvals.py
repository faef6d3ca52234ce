"""Who approves which payout, and what waits too long for it (domain handbook §8.4)."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Batch, Payout
from accounts.tiers import in_force, tier_of
from bureau.calendar import WorkCalendar
from bureau.models import Deputy, Holiday, User
from bureau.roles import has_role
from cases.models import Case
from cases.models.leadership import in_court
from cases.record import record

IDLE_WORKDAYS = 1  # local practice: an approval idle for longer climbs to the authorised deputy
BATCH = 200


def roles_signed_for(user: User, *, on: dt.date) -> set[str]:
    """Return the approving roles that the user holds or is authorised to sign for that day."""
    roles = {tier.role for tier in in_force(on)}
    return {role for role in roles if has_role(user, role) or deputy_authority(user, on=on, role=role)}


def _signs_in_court(user: User, *, on: dt.date) -> set[str]:
    """Return the approving roles for which the user signs in his own court; its president signs any sum."""
    if user.team_id is None or not user.has_perm("accounts.approve_court_payout"):
        return set()
    roles = {tier.role for tier in in_force(on)}
    is_president = has_role(user, *in_court("PRESIDENT"))
    return {role for role in roles if is_president or has_role(user, *in_court(role))}


def may_approve(user: User, *, on: dt.date) -> bool:
    """Return whether the user approves payouts of any size that day."""
    return bool(roles_signed_for(user, on=on) or _signs_in_court(user, on=on))


def may_approve_payout(payout: Payout, user: User, *, on: dt.date) -> bool:
    """Return whether the user approves sums of this size that day."""
    return may_approve_of(payout.case, payout.amount, user, on=on)


def may_approve_of(case: Case, amount: Decimal, user: User, *, on: dt.date) -> bool:
    """Return whether the user approves so many yuan of that case that day; of the old book its own court does."""
    if not case.is_of_court:
        return may_approve_sum(amount, user, on=on)
    is_own = case.team_id is not None and case.team_id == user.team_id
    return is_own and tier_of(amount, on=on).role in _signs_in_court(user, on=on)


def may_approve_sum(amount: Decimal, user: User, *, on: dt.date) -> bool:
    """Return whether the user approves so many yuan of the bureau that day."""
    role = tier_of(amount, on=on).role
    return has_role(user, role) or deputy_authority(user, on=on, role=role) is not None


def approvable(user: User, *, on: dt.date, field: str = "amount") -> Q:
    """Return the condition that keeps the checked payouts which the user approves that day; a batch by its `total`."""
    wanted = Q(pk__in=[])
    if signed := roles_signed_for(user, on=on):
        wanted |= _spans(signed, on, field) & Q(case__executing_unit=Case.ExecutingUnit.BUREAU)
    if signed := _signs_in_court(user, on=on):
        own = Q(case__executing_unit=Case.ExecutingUnit.COURT, case__team=user.team_id)
        wanted |= _spans(signed, on, field) & own
    return Q(state=Payout.State.CHECKED) & wanted


def _spans(signed: set[str], on: dt.date, field: str) -> Q:
    """Return the condition that keeps the sums which these roles approve."""
    rows, wanted = in_force(on), Q(pk__in=[])
    for number, tier in enumerate(rows):
        if tier.role in signed:
            span = Q(**{f"{field}__gt": tier.above})
            up_to = Q(**{f"{field}__lte": rows[number + 1].above}) if number + 1 < len(rows) else Q()
            wanted |= span & up_to
    return wanted


def deputy_authority(user: User, *, on: dt.date, role: str = "CHIEF") -> Deputy | None:
    """Return the user's authority to approve payouts that day in place of whoever holds the role, if any."""
    return Deputy.objects.filter(
        deputy=user,
        principal__groups__name=role,
        act=Deputy.Act.APPROVE_PAYOUT,
        from_on__lte=on,
        until_on__gte=on,
        revoked_at__isnull=True,
    ).first()


def climb_idle_approvals(*, at: dt.datetime, actor: User) -> int:
    """Let every approval idle for more than a working day climb, once; return how many."""
    count = 0
    while climbed := _climb_some(at=at, actor=actor):
        count += climbed
    return count + sum(_climb(batch, at=at, actor=actor) for batch in _idle_batches(at))


def _idle_batches(at: dt.datetime) -> list[Batch]:
    today, days = timezone.localdate(at), Holiday.objects.calendar()
    rows = Batch.objects.filter(state=Batch.State.CHECKED, climbed_at__isnull=True).order_by("id")
    return [row for row in rows if row.checked_at and _is_idle(row.checked_at, today, days)]


def _is_idle(checked_at: dt.datetime, today: dt.date, days: WorkCalendar) -> bool:
    return days.due(timezone.localdate(checked_at), IDLE_WORKDAYS, "workday").due_on < today


@transaction.atomic
def _climb(batch: Batch, *, at: dt.datetime, actor: User) -> int:
    case = Case.objects.held().get(pk=batch.case_id)
    still = Batch.objects.filter(pk=batch.pk, state=Batch.State.CHECKED, climbed_at__isnull=True)
    if not still.update(climbed_at=at):
        return 0
    today = timezone.localdate(at)
    role = tier_of(batch.total, on=today).role
    told = {"deputies": _deputies_of(role, today), "role": role, "batch": batch.pk, "amount": batch.total}
    record(batch, "climb_approval", at=at, case=case, actor=actor, **told)
    return 1


@transaction.atomic
def _climb_some(*, at: dt.datetime, actor: User) -> int:
    today, days = timezone.localdate(at), Holiday.objects.calendar()
    waiting = Payout.objects.filter(state=Payout.State.CHECKED, climbed_at__isnull=True).order_by("case_id", "id")
    idle = [
        (row.pk, row.case_id)
        for row in waiting.only("case_id", "checked_at")
        if row.checked_at and _is_idle(row.checked_at, today, days)
    ]
    for pk, case_id in idle[:BATCH]:
        case = Case.objects.held().get(pk=case_id)
        still = Payout.objects.filter(pk=pk, state=Payout.State.CHECKED, climbed_at__isnull=True)
        if still.update(climbed_at=at):
            row = Payout.objects.get(pk=pk)
            role = tier_of(row.amount, on=today).role
            told = {"deputies": _deputies_of(role, today), "role": role}
            record(row, "climb_approval", at=at, case=case, actor=actor, payout=pk, amount=row.amount, **told)
    return len(idle[:BATCH])


def _deputies_of(role: str, on: dt.date) -> list[int]:
    running = Deputy.objects.filter(
        principal__groups__name=role, act=Deputy.Act.APPROVE_PAYOUT, revoked_at__isnull=True
    )
    return sorted(set(running.filter(from_on__lte=on, until_on__gte=on).values_list("deputy_id", flat=True)))
