"""A case is judged anew: proposed by itself on new facts, or on purpose; a person confirms or keeps what stands."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import services as bureau
from bureau.errors import Refused, of_field
from bureau.models import Job, User
from cases.models import Case
from cases.record import record
from dispatch import asking, triage
from dispatch.facts import to_json
from dispatch.factsources import BATCH, Known, gather
from dispatch.judging import Judged, table_on
from dispatch.models import AssignmentRequest, Retriage, RuleTable, Verdict
from dispatch.services import keep_verdict

REASON_MAX = 300
ANEW_KIND = "judge_anew"
# While a stream can still change; a case that rests or is under review is judged when it goes on.
JUDGED_ANEW = (*Case.BEFORE_STREAM, Case.Stage.FAST, Case.Stage.ORDINARY)


def find_changed(*, at: dt.datetime, actor: User) -> int:
    """Propose re-triage wherever the facts have changed so that the verdict's own table would now say otherwise.

    A new table alone moves no open case. A proposal whose facts have changed back lapses.
    """
    count = 0
    for part in _batches():
        count += _propose_part(part, Retriage.Why.NEW_FACTS, table=None, reason="", at=at, actor=actor)
    return count


@transaction.atomic
def ask_judge_anew(*, reason: str, at: dt.datetime, actor: User) -> Job:
    """Have every open case judged by the table in force today; each that would move waits for a person's answer."""
    if not actor.has_perm("dispatch.triage_case"):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明复核理由")))
    table_on(timezone.localdate(at))
    return bureau.ask_job(ANEW_KIND, reason=reason.strip()[:REASON_MAX], at=at, actor=actor)


def judge_anew(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do the job: score every open case with progress, and leave a proposal where the table says otherwise."""
    table = table_on(timezone.localdate(at))
    total, done, count = _open_verdicts().count(), 0, 0
    progress(0, total)
    for part in _batches():
        count += _propose_part(
            part, Retriage.Why.ON_PURPOSE, table=table, reason=job.arguments["reason"], at=at, actor=job.owner
        )
        done += len(part)
        progress(done, total)
    return {"cases": done, "proposed": count, "table": table.version}


@transaction.atomic
def propose_anew(case: Case, *, reason: str, at: dt.datetime, actor: User) -> Retriage:
    """Judge one open case by today's table on purpose; the answer is a person's, even where the stream is the same."""
    if not actor.has_perm("dispatch.triage_case"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=case.pk)
    verdict = Verdict.objects.select_related("table").filter(case=case).first()
    reasons = [] if reason.strip() else [of_field("reason", _("请写明复核理由"))]
    if verdict is None or case.stage not in JUDGED_ANEW:
        reasons.append(_("只有已分流的在办案件可以重新分流"))
    if case.retriages.open().exists():
        reasons.append(_("本案已有待确认的重新分流"))
    if reasons or verdict is None:
        raise Refused(reasons)
    table = table_on(timezone.localdate(at))
    known = gather([case])[case.pk]
    said = _said(known, table, timezone.localdate(at))
    row = _row(verdict, known, said, Retriage.Why.ON_PURPOSE, table, reason=reason.strip(), at=at, actor=actor)
    row.save(force_insert=True)
    _record_proposed(row, case, at=at, actor=actor)
    return row


@transaction.atomic
def answer_retriage(
    retriage: Retriage, *, is_confirmed: bool, note: str = "", at: dt.datetime, actor: User
) -> Retriage:
    """Confirm: the verdict is given anew on the facts of now; or keep what stands, with a reason.

    A case still at the command centre changes its stream at once. For one that is assigned and not begun, taking back
    is asked for in the same act, so that it is drawn anew in its new stream once another person agrees. With a team the
    stream changes by a hand-over, to which its judge is called.
    """
    if not actor.has_perm("dispatch.triage_case"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=retriage.case_id)
    # The case row is the lock of everything on a case.
    retriage = Retriage.objects.select_related("answered_by", "table").get(pk=retriage.pk)
    if retriage.state != Retriage.State.OPEN:
        assert retriage.answered_by is not None
        words = {"name": retriage.answered_by.name, "state": retriage.get_state_display()}
        raise Refused(_("该项已由%(name)s处理：%(state)s") % words)
    if not is_confirmed and not note.strip():
        raise Refused(of_field("note", _("维持原分流请写明理由")))
    if is_confirmed and case.stage not in JUDGED_ANEW:
        raise Refused(_("案件处于“%(stage)s”阶段，不能重新分流") % {"stage": case.get_stage_display()})
    if is_confirmed:
        standing = Verdict.objects.get(case=case)
        retriage.replaced = _replaced(standing)
        known = gather([case])[case.pk]
        said = Judged(_said(known, retriage.table, timezone.localdate(at)), known, retriage.table)
        keep_verdict(case, standing, said, decided="", override_reason="", at=at, actor=actor)
        retriage.proposed = said.proposal.stream
        _ask_back(case, retriage, at=at, actor=actor)
    retriage.state = Retriage.State.CONFIRMED if is_confirmed else Retriage.State.DISMISSED
    _answer(retriage, note=note, at=at, actor=actor)
    verb = "confirm_retriage" if is_confirmed else "dismiss_retriage"
    record(retriage, verb, at=at, case=case, actor=actor, before=retriage.before, after=retriage.proposed)
    return retriage


def _ask_back(case: Case, retriage: Retriage, *, at: dt.datetime, actor: User) -> None:
    is_moved = case.stage == Case.Stage.ALLOCATED and case.stream != retriage.proposed
    if not is_moved or not actor.has_perm("dispatch.assign_case") or case.assignment_requests.waiting().exists():
        return
    words = {"before": retriage.get_before_display(), "after": retriage.get_proposed_display()}
    reason = _("重新分流：%(before)s → %(after)s") % words
    kind = AssignmentRequest.Kind.TAKE_BACK
    asking.ask_assignment(wanted=[case], kind=kind, reason=reason, at=at, actor=actor)


def _answer(retriage: Retriage, *, note: str, at: dt.datetime, actor: User) -> None:
    retriage.answered_by, retriage.answered_at = actor, at
    retriage.answer_note = note.strip()[:REASON_MAX]
    retriage.save()


def _replaced(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict whole, as it stood."""
    names = ("edition", "proposed", "decided", "hits", "flags", "facts", "conclusion", "override_reason")
    kept = {name: getattr(verdict, name) for name in names}
    return kept | {
        "table": verdict.table_id,
        "explanation": verdict.explanation,
        "decided_at": verdict.decided_at,
        "decided_by": verdict.decided_by_id,
    }


def _open_verdicts() -> Any:
    return Verdict.objects.filter(case__stage__in=JUDGED_ANEW)


def _batches() -> Iterable[list[Verdict]]:
    last = 0
    while True:
        rows = _open_verdicts().filter(pk__gt=last).select_related("case", "table").order_by("pk")
        part = list(rows.defer("explanation", "conclusion")[:BATCH])
        if not part:
            return
        last = part[-1].pk
        yield part


def _propose_part(
    part: Sequence[Verdict], why: str, *, table: RuleTable | None, reason: str, at: dt.datetime, actor: User
) -> int:
    on = timezone.localdate(at)
    known = gather([verdict.case for verdict in part])
    tables: dict[int, RuleTable] = {}
    standing = {row.case_id: row for row in Retriage.objects.open().filter(case__in=[row.case_id for row in part])}
    # What a person has answered on these very facts is not asked again.
    answered = _answered(part)
    count = 0
    for verdict in part:
        by = table or verdict.table
        if by is None:
            continue
        by = tables.setdefault(by.pk, by)
        facts = known[verdict.case_id]
        said = _said(facts, by, on)
        moves = said.stream != verdict.decided
        is_new = why == Retriage.Why.ON_PURPOSE or to_json(facts.values) != verdict.facts
        row = standing.get(verdict.case_id)
        if row is not None:
            if not moves and row.why == Retriage.Why.NEW_FACTS:
                _lapse(row, at=at, actor=actor)
            continue
        if (
            moves
            and is_new
            and said.stream != verdict.proposed
            and to_json(facts.values) not in answered.get(verdict.case_id, [])
        ):
            count += _keep(_row(verdict, facts, said, why, by, reason=reason, at=at, actor=actor), at=at, actor=actor)
    return count


def _answered(part: Sequence[Verdict]) -> dict[int, list[Any]]:
    rows = Retriage.objects.filter(case__in=[row.case_id for row in part], state=Retriage.State.DISMISSED)
    found: dict[int, list[Any]] = {}
    for pk, facts in rows.values_list("case_id", "facts"):
        found.setdefault(pk, []).append(facts)
    return found


def _said(known: Known, table: RuleTable, on: dt.date) -> triage.Proposal:
    return triage.judge(known.values, table.rules_read, fast_weight_min=table.fast_weight_min, on=on)


def _row(
    verdict: Verdict,
    known: Known,
    said: triage.Proposal,
    why: str,
    table: RuleTable,
    *,
    reason: str,
    at: dt.datetime,
    actor: User,
) -> Retriage:
    now = to_json(known.values)
    return Retriage(
        case=verdict.case,
        why=why,
        table=table,
        before=verdict.decided,
        proposed=said.stream,
        facts=now,
        changed=[name for name, value in now.items() if verdict.facts.get(name) != value],
        asked_by=actor,
        asked_at=at,
        reason=reason[:REASON_MAX],
    )


@transaction.atomic
def _keep(row: Retriage, *, at: dt.datetime, actor: User) -> int:
    # Under the case row: the case may have been decided anew or closed since the batch was read.
    case = Case.objects.select_for_update().get(pk=row.case_id)
    current = Verdict.objects.filter(case=case).values_list("decided", flat=True).first()
    if case.stage not in JUDGED_ANEW or current != row.before or case.retriages.open().exists():
        return 0
    row.save(force_insert=True)
    _record_proposed(row, case, at=at, actor=actor)
    return 1


@transaction.atomic
def _lapse(row: Retriage, *, at: dt.datetime, actor: User) -> None:
    case = Case.objects.select_for_update().get(pk=row.case_id)
    row = Retriage.objects.select_for_update().get(pk=row.pk)
    if row.state != Retriage.State.OPEN:
        return
    row.state = Retriage.State.LAPSED
    _answer(row, note="", at=at, actor=actor)
    record(row, "lapse_retriage", at=at, case=case, actor=actor)


def _record_proposed(row: Retriage, case: Case, *, at: dt.datetime, actor: User) -> None:
    record(
        row,
        "propose_retriage",
        at=at,
        case=case,
        actor=actor,
        why=row.why,
        before=row.before,
        after=row.proposed,
        changed=row.changed,
        reason=row.reason,
    )
