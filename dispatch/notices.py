"""Notices, tasks and tips are sent, read, done and taken down; what was read stays."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Team, User
from bureau.record import record
from dispatch.noticemodels import Done, Notice, Receipt

NOTE_MAX = 300


@transaction.atomic
def send_notice(
    *,
    kind: str,
    title: str,
    text: str,
    teams: Iterable[Team] = (),
    due_on: dt.date | None = None,
    stage: str = "",
    template: str = "",
    field: str = "",
    at: dt.datetime,
    actor: User,
) -> Notice:
    """Say something to teams; a task needs teams and a day, a tip alone has a place and may be for everybody."""
    if not actor.has_perm("dispatch.send_notice"):
        raise PermissionDenied
    meant = list(teams)
    reasons = _wrong(kind, title, text, meant, due_on, (stage, template, field), today=timezone.localdate(at))
    if reasons:
        raise Refused(reasons)
    notice = Notice.objects.create(
        kind=kind,
        title=title.strip(),
        text=text.strip(),
        due_on=due_on if kind == Notice.Kind.TASK else None,
        stage=stage,
        template=template,
        field=field,
        sent_by=actor,
        sent_at=at,
    )
    notice.teams.set(meant)
    record(
        notice,
        "send_notice",
        at=at,
        actor=actor,
        kind=kind,
        title=notice.title,
        teams=[team.code for team in meant],
        due_on=due_on,
        stage=stage,
        template=template,
        field=field,
    )
    return notice


def _wrong(
    kind: str,
    title: str,
    text: str,
    meant: list[Team],
    due_on: dt.date | None,
    place: tuple[str, str, str],
    *,
    today: dt.date,
) -> list[str]:
    _stage, template, field = place
    reasons = []
    if not title.strip() or not text.strip():
        reasons.append(_("请填写标题和内容"))
    if kind != Notice.Kind.TIP and not meant:
        reasons.append(of_field("teams", _("请选择团队")))
    if kind == Notice.Kind.TASK and (due_on is None or due_on < today):
        reasons.append(of_field("due_on", _("请填写今天以后的完成期限")))
    if kind != Notice.Kind.TIP and any(place):
        reasons.append(of_field("kind", _("只有提示可以附在阶段或文书上")))
    if field and not template:
        reasons.append(of_field("template", _("请先选择文书模板")))
    return reasons


@transaction.atomic
def read_notice(notice: Notice, *, at: dt.datetime, actor: User) -> Notice:
    """Acknowledge; a second time changes nothing."""
    notice = Notice.objects.visible_to(actor).select_for_update().get(pk=notice.pk)
    _receipt, is_new = Receipt.objects.get_or_create(notice=notice, user=actor, defaults={"read_at": at})
    if is_new:
        record(notice, "read_notice", at=at, actor=actor)
    return notice


@transaction.atomic
def finish_task(notice: Notice, *, note: str, at: dt.datetime, actor: User) -> Notice:
    """One of the team says that it is done, and what came of it."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if actor.team is None or not notice.teams.filter(pk=actor.team.pk).exists():
        raise PermissionDenied
    reasons = [] if note.strip() else [of_field("note", _("请写明完成情况"))]
    if notice.kind != Notice.Kind.TASK or notice.ended_at:
        reasons.append(_("该项不是待完成的任务"))
    if notice.done.filter(team=actor.team).exists():
        reasons.append(_("本团队已完成该任务"))
    if reasons:
        raise Refused(reasons)
    done = Done.objects.create(notice=notice, team=actor.team, note=note.strip()[:NOTE_MAX], by=actor, at=at)
    record(notice, "finish_task", at=at, actor=actor, team=actor.team.code, note=done.note)
    return notice


@transaction.atomic
def end_notice(notice: Notice, *, at: dt.datetime, actor: User) -> Notice:
    """Take it down: it stands nowhere any more, and stays on record with who has read it."""
    if not actor.has_perm("dispatch.send_notice"):
        raise PermissionDenied
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.ended_at:
        raise Refused(_("该项已撤下"))
    notice.ended_at, notice.ended_by = at, actor
    notice.save(update_fields=["ended_at", "ended_by"])
    record(notice, "end_notice", at=at, actor=actor)
    return notice
