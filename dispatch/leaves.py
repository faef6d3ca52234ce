"""Leave: who is given no case on which days, and who covers."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record
from dispatch.models import Leave


@transaction.atomic
def register_leave(
    *,
    user: User,
    cover: User,
    from_on: dt.date,
    until_on: dt.date,
    reason: str,
    at: dt.datetime,
    actor: User,
) -> Leave:
    """Record that somebody is away and a colleague of the same team covers; draws pass him by on these days."""
    if not actor.has_perm("dispatch.manage_leave"):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=user.pk)
    reasons = []
    if until_on < from_on:
        reasons.append(of_field("until_on", _("截止日不能早于起始日")))
    if until_on < timezone.localdate(at):
        reasons.append(of_field("until_on", _("截止日已过，不能补登")))
    if not cover.is_active or cover.pk == user.pk or user.team_id is None or cover.team_id != user.team_id:
        reasons.append(of_field("cover", _("代理人应是同一团队的其他在职人员")))
    running = Leave.objects.filter(from_on__lte=until_on, until_on__gte=from_on, ended_at=None)
    if running.filter(user=user).exists():
        reasons.append(of_field("from_on", _("与已登记的请假期间重叠")))
    if running.filter(user=cover).exists():
        reasons.append(of_field("cover", _("代理人在此期间也已请假")))
    if reasons:
        raise Refused(reasons)
    leave = Leave.objects.create(
        user=user,
        cover=cover,
        from_on=from_on,
        until_on=until_on,
        reason=reason.strip(),
        registered_by=actor,
        registered_at=at,
    )
    record(
        leave, "register_leave", at=at, actor=actor, user=user.pk, cover=cover.pk, from_on=from_on, until_on=until_on
    )
    return leave


@transaction.atomic
def end_leave(leave: Leave, *, at: dt.datetime, actor: User) -> Leave:
    """Let draws reach somebody again before his leave ends."""
    if not actor.has_perm("dispatch.manage_leave"):
        raise PermissionDenied
    leave = Leave.objects.select_for_update().get(pk=leave.pk)
    if leave.ended_at or leave.until_on < timezone.localdate(at):
        raise Refused(_("该请假已结束"))
    leave.ended_at = at
    leave.save(update_fields=["ended_at"])
    record(leave, "end_leave", at=at, actor=actor, user=leave.user_id)
    return leave
