"""Every change to the organisation."""

import datetime as dt
from typing import Any

from axes.utils import reset
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Court, Deputy, Holiday, Job, User
from bureau.record import record
from bureau.roles import ROLES


@transaction.atomic
def sync_roles() -> None:
    """Make one group per role with exactly the role's permissions; an unknown permission stops the migrate."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.code)
        group.permissions.set([known[name] for name in role.permissions])
    User.objects.system()


@transaction.atomic
def set_number_mode(court: Court, *, number_mode: str, at: dt.datetime, actor: User) -> Court:
    """Say where a court's case numbers come from; filings from now on follow, earlier numbers stay."""
    if not actor.has_perm("bureau.manage_courts"):
        raise PermissionDenied
    court = Court.objects.select_for_update().get(pk=court.pk)
    before, court.number_mode = court.number_mode, number_mode
    court.save(update_fields=["number_mode"])
    record(court, "set_number_mode", at=at, actor=actor, court=court.code, before=before, after=number_mode)
    return court


@transaction.atomic
def set_holiday(*, on: dt.date, kind: str, name: str, source: str, at: dt.datetime, actor: User) -> Holiday:
    """Say what a day is, over the published calendar; the same day again replaces what was said."""
    if not actor.has_perm("bureau.manage_calendar"):
        raise PermissionDenied
    holiday, _created = Holiday.objects.update_or_create(on=on, defaults={"kind": kind, "name": name, "source": source})
    record(holiday, "set_holiday", at=at, actor=actor, on=on, kind=kind, source=source)
    return holiday


@transaction.atomic
def remove_holiday(holiday: Holiday, *, at: dt.datetime, actor: User) -> None:
    """Let the published calendar speak for the day again; terms already counted keep their day."""
    if not actor.has_perm("bureau.manage_calendar"):
        raise PermissionDenied
    holiday = Holiday.objects.select_for_update().get(pk=holiday.pk)
    record(holiday, "remove_holiday", at=at, actor=actor, on=holiday.on, kind=holiday.kind, source=holiday.source)
    holiday.delete()


@transaction.atomic
def grant_deputy(
    *,
    principal: User,
    deputy: User,
    act: str,
    from_on: dt.date,
    until_on: dt.date,
    document: str,
    at: dt.datetime,
    actor: User,
) -> Deputy:
    """Record that one person may sign for another, for a period and by a document."""
    if not actor.has_perm("bureau.manage_deputies"):
        raise PermissionDenied
    if principal == deputy:
        raise Refused(of_field("deputy", _("被授权人不能是本人")))
    if until_on < from_on:
        raise Refused(of_field("until_on", _("截止日不能早于起始日")))
    if from_on < timezone.localdate(at):
        raise Refused(of_field("from_on", _("授权不能追溯，起始日不能早于今天")))
    running = Deputy.objects.filter(principal=principal, deputy=deputy, act=act, revoked_at__isnull=True)
    if running.filter(from_on__lte=until_on, until_on__gte=from_on).exists():
        raise Refused(of_field("from_on", _("与已登记的授权期间重叠，请先撤销原授权")))
    grant = Deputy.objects.create(
        principal=principal,
        deputy=deputy,
        act=act,
        from_on=from_on,
        until_on=until_on,
        document=document,
        granted_by=actor,
        granted_at=at,
    )
    record(
        grant, "grant_deputy", at=at, actor=actor, principal=principal.pk, deputy=deputy.pk, act=act, until_on=until_on
    )
    return grant


@transaction.atomic
def revoke_deputy(grant: Deputy, *, at: dt.datetime, actor: User) -> Deputy:
    """End an authority; what was signed under it stands."""
    if not actor.has_perm("bureau.manage_deputies"):
        raise PermissionDenied
    grant = Deputy.objects.select_for_update().get(pk=grant.pk)
    if grant.revoked_at:
        raise Refused(_("该授权已撤销"))
    grant.revoked_at = at
    grant.save(update_fields=["revoked_at"])
    record(grant, "revoke_deputy", at=at, actor=actor, deputy=grant.deputy_id)
    return grant


@transaction.atomic
def unlock_user(user: User, *, at: dt.datetime, actor: User) -> None:
    """Lift the lock-out after failed logins."""
    if not actor.has_perm("bureau.unlock_user"):
        raise PermissionDenied
    reset(username=user.username)
    record(user, "unlock_user", at=at, actor=actor)


@transaction.atomic
def note_export(kind: str, *, count: int, at: dt.datetime, actor: User) -> None:
    """Record that a list of so many rows was taken out of the house."""
    record(actor, "export", at=at, actor=actor, kind=kind, count=count)


@transaction.atomic
def ask_job(kind: str, *, at: dt.datetime, actor: User, **arguments: Any) -> Job:
    """Put a long job of a kind that `settings.JOB_KINDS` names into the queue."""
    if kind not in settings.JOB_KINDS:
        raise LookupError(kind)
    job = Job.objects.create(kind=kind, arguments=arguments, owner=actor, asked_at=at)
    record(job, "ask_job", at=at, actor=actor, kind=kind)
    return job


@transaction.atomic
def claim_job(*, at: dt.datetime) -> Job | None:
    """Take the oldest job that waits, or that a lost worker left behind; two workers never take the same."""
    job = Job.objects.runnable(at=at).select_for_update(skip_locked=True).first()
    if job is None:
        return None
    job.state, job.started_at, job.done_count, job.total_count = Job.State.RUNNING, at, 0, 0
    job.save(update_fields=["state", "started_at", "done_count", "total_count"])
    return job


def note_progress(job: Job, done_count: int, total_count: int) -> None:
    """Say how far a running job is; seen at once, for it runs in no transaction of its own."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(done_count=done_count, total_count=total_count)


@transaction.atomic
def finish_job(job: Job, *, result: Any = None, error: str = "", at: dt.datetime, actor: User) -> Job:
    """Keep what came of a running job; with an error it failed."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state != Job.State.RUNNING:
        raise Refused(_("任务不在进行中"))
    job.state = Job.State.FAILED if error else Job.State.DONE
    job.result, job.error, job.finished_at = result, error, at
    job.save(update_fields=["state", "result", "error", "finished_at"])
    record(job, "finish_job", at=at, actor=actor, kind=job.kind, state=job.state)
    return job
