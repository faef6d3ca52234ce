"""Every change to the decision table: drafted, tried, submitted, approved by another, or discarded."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import services as bureau
from bureau.errors import Refused, of_field
from bureau.models import Job, User
from bureau.record import record
from dispatch.dryruns import moves_of
from dispatch.models import DryRun, RuleTable, TriageRule
from dispatch.tablechecks import Finding, findings

NOTE_MAX = 300
RULES_MAX = 100
TRY_KIND = "try_table"


@transaction.atomic
def draft_table(*, note: str, at: dt.datetime, actor: User) -> RuleTable:
    """Begin a new version as a copy of the one in force; several drafts may stand side by side."""
    if not actor.has_perm("dispatch.edit_table"):
        raise PermissionDenied
    if not note.strip():
        raise Refused(of_field("note", _("请写明修订说明")))
    # The lock on every version keeps the numbers apart.
    versions = list(RuleTable.objects.select_for_update().order_by("-version"))
    standing = RuleTable.objects.in_force(on=timezone.localdate(at)) or versions[-1]
    table = RuleTable.objects.create(
        version=versions[0].version + 1,
        based_on=standing,
        fast_weight_min=standing.fast_weight_min,
        note=note.strip()[:NOTE_MAX],
        authored_by=actor,
        authored_at=at,
    )
    TriageRule.objects.bulk_create(TriageRule(table=table, **rule.content()) for rule in standing.rules.all())
    record(table, "draft_table", at=at, actor=actor, version=table.version, based_on=standing.version)
    return table


@transaction.atomic
def set_head(table: RuleTable, *, fast_weight_min: int, note: str, at: dt.datetime, actor: User) -> RuleTable:
    """Set how much weight makes a case simple, and what the version is for."""
    table = _own_draft(table, actor)
    if not note.strip():
        raise Refused(of_field("note", _("请写明修订说明")))
    before = table.fast_weight_min
    table.fast_weight_min, table.note = fast_weight_min, note.strip()[:NOTE_MAX]
    table.save(update_fields=["fast_weight_min", "note"])
    record(table, "set_table_head", at=at, actor=actor, version=table.version, before=before, after=fast_weight_min)
    return table


@transaction.atomic
def set_rule(
    table: RuleTable, *, rule: TriageRule | None = None, content: Mapping[str, Any], at: dt.datetime, actor: User
) -> TriageRule:
    """Add a row to a draft, or put another content into one of its rows."""
    table = _own_draft(table, actor)
    others = table.rules.exclude(pk=rule.pk) if rule else table.rules.all()
    if others.filter(code=content["code"]).exists():
        raise Refused(of_field("code", _("本表已有规则 %(code)s") % {"code": content["code"]}))
    if rule is None and table.rules.count() >= RULES_MAX:
        raise Refused(_("一张表最多 %(max)d 条规则") % {"max": RULES_MAX})
    before = rule.content() if rule else None
    kept = rule or TriageRule(table=table)
    for name in TriageRule.CONTENT:
        setattr(kept, name, content[name])
    kept.save()
    record(table, "set_rule", at=at, actor=actor, version=table.version, before=before, after=kept.content())
    return kept


@transaction.atomic
def remove_rule(rule: TriageRule, *, at: dt.datetime, actor: User) -> RuleTable:
    """Take a row out of a draft; what it said stays in the record."""
    table = _own_draft(rule.table, actor)
    record(table, "remove_rule", at=at, actor=actor, version=table.version, before=rule.content())
    rule.delete()
    return table


@transaction.atomic
def submit_table(table: RuleTable, *, from_on: dt.date, at: dt.datetime, actor: User) -> RuleTable:
    """Ask for approval: nothing unreachable or contradicting is left, and a dry run of this very content is done."""
    table = _own_draft(table, actor)
    if reasons := [*_day_objections(from_on, timezone.localdate(at)), *objections(table, from_on=from_on)]:
        raise Refused(reasons)
    table.state, table.from_on, table.submitted_at = RuleTable.State.SUBMITTED, from_on, at
    table.save(update_fields=["state", "from_on", "submitted_at"])
    record(table, "submit_table", at=at, actor=actor, version=table.version, from_on=from_on)
    return table


@transaction.atomic
def answer_table(table: RuleTable, *, is_approved: bool, note: str = "", at: dt.datetime, actor: User) -> RuleTable:
    """Approve a submitted version from its day on, or send it back to its author with a reason."""
    table = RuleTable.objects.select_for_update().get(pk=table.pk)
    if not actor.has_perm("dispatch.approve_table"):
        raise PermissionDenied
    if table.state != RuleTable.State.SUBMITTED:
        raise Refused(_("该规则表不在待批准状态，现为：%(state)s") % {"state": table.get_state_display()})
    if table.authored_by_id == actor.pk:
        raise Refused(_("起草人不得批准自己起草的规则表"))
    assert table.from_on is not None
    if is_approved:
        reasons = [*_day_objections(table.from_on, timezone.localdate(at)), *objections(table, from_on=table.from_on)]
        if reasons:
            raise Refused(reasons)
        table.state, table.approved_by, table.approved_at = RuleTable.State.APPROVED, actor, at
    else:
        if not note.strip():
            raise Refused(of_field("note", _("退回请写明理由")))
        table.state, table.submitted_at = RuleTable.State.DRAFT, None
    table.answer_note = note.strip()[:NOTE_MAX]
    table.save(update_fields=["state", "approved_by", "approved_at", "submitted_at", "answer_note"])
    verb = "approve_table" if is_approved else "return_table"
    record(table, verb, at=at, actor=actor, version=table.version, from_on=table.from_on, note=table.answer_note)
    return table


@transaction.atomic
def discard_table(table: RuleTable, *, at: dt.datetime, actor: User) -> RuleTable:
    """Give up a draft of one's own, or as approver a version whose day has not come; it stays on record."""
    table = RuleTable.objects.select_for_update().get(pk=table.pk)
    if not (may_edit(table, actor) or may_recall(table, actor, on=timezone.localdate(at))):
        raise PermissionDenied
    before, table.state = table.state, RuleTable.State.DISCARDED
    table.save(update_fields=["state"])
    record(table, "discard_table", at=at, actor=actor, version=table.version, before=before)
    return table


@transaction.atomic
def ask_dry_run(table: RuleTable, *, at: dt.datetime, actor: User) -> DryRun:
    """Have a draft or submitted version replayed on every verdict given so far."""
    if not may_try(table, actor):
        raise PermissionDenied
    table = RuleTable.objects.select_for_update().get(pk=table.pk)
    if table.state not in (RuleTable.State.DRAFT, RuleTable.State.SUBMITTED):
        raise Refused(_("只有草稿和待批准的规则表可以试算"))
    if not table.rules.exists():
        raise Refused(_("规则表没有规则"))
    job = bureau.ask_job(TRY_KIND, table=table.pk, at=at, actor=actor)
    run = DryRun.objects.create(table=table, digest=table.digest, job=job, asked_by=actor, asked_at=at)
    record(run, "ask_dry_run", at=at, actor=actor, version=table.version)
    return run


def try_table(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do a dry run: judge the facts kept with every verdict by the draft, and note who would move."""
    run = DryRun.objects.select_related("table").get(job=job)
    tried = moves_of(run.table, progress)
    with transaction.atomic():
        run.case_count, run.counts, run.moves, run.finished_at = tried.case_count, tried.counts, tried.moves, at
        run.save(update_fields=["case_count", "counts", "moves", "finished_at"])
    return {"run": run.pk, "table": run.table_id, "cases": tried.case_count, "moved": len(tried.moves)}


def may_edit(table: RuleTable, user: User) -> bool:
    """Return whether the user may change it: an own draft."""
    is_draft = table.state == RuleTable.State.DRAFT
    return is_draft and table.authored_by_id == user.pk and user.has_perm("dispatch.edit_table")


def may_try(table: RuleTable, user: User) -> bool:
    """Return whether the user may ask for a dry run: whoever edits or approves tables."""
    return user.has_perm("dispatch.edit_table") or user.has_perm("dispatch.approve_table")


def may_answer(table: RuleTable, user: User) -> bool:
    """Return whether the user may approve it or send it back."""
    is_another = table.authored_by_id != user.pk
    return table.state == RuleTable.State.SUBMITTED and is_another and user.has_perm("dispatch.approve_table")


def may_recall(table: RuleTable, user: User, *, on: dt.date) -> bool:
    """Return whether the user may take back an approval before its day."""
    is_to_come = table.state == RuleTable.State.APPROVED and table.from_on is not None and table.from_on > on
    return is_to_come and user.has_perm("dispatch.approve_table")


def checked(table: RuleTable, *, from_on: dt.date | None = None) -> list[Finding]:
    """Return which rows are unreachable or contradict one another, and why."""
    return findings(table.ordered, fast_weight_min=table.fast_weight_min, from_on=from_on or table.from_on)


def objections(table: RuleTable, *, from_on: dt.date) -> list[str]:
    """Return what stands against approval: findings that stop it, and a dry run that is missing or stale."""
    reasons = [
        _("%(codes)s：%(text)s") % {"codes": "、".join(one.codes), "text": one.text} if one.codes else one.text
        for one in checked(table, from_on=from_on)
        if one.stops
    ]
    runs = table.dry_runs.exclude(finished_at=None).order_by("-id")
    if not any(run.digest == table.digest for run in runs[:20]):
        reasons.append(_("请先对当前内容试算，再送批"))
    return reasons


def _day_objections(from_on: dt.date, today: dt.date) -> list[str]:
    reasons = []
    if from_on < today:
        reasons.append(of_field("from_on", _("生效日不能早于今天，已作出的分流不受影响")))
    if RuleTable.objects.approved().filter(from_on=from_on).exists():
        reasons.append(of_field("from_on", _("已有一张规则表在该日生效，请另选一日")))
    return reasons


def _own_draft(table: RuleTable, actor: User) -> RuleTable:
    table = RuleTable.objects.select_for_update().get(pk=table.pk)
    if not actor.has_perm("dispatch.edit_table"):
        raise PermissionDenied
    if table.state != RuleTable.State.DRAFT:
        raise Refused(_("只有草稿可以修改"))
    if table.authored_by_id != actor.pk:
        raise Refused(_("只有起草人可以修改自己的草稿"))
    return table
