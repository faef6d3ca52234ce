"""A case is closed by a proposal with evidence, the signatures of its reviewers, and then put away."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import DAY, same_day
from bureau.errors import Refused
from bureau.models import Event, Team, User
from bureau.roles import has_role
from cases.closing import NO_EVIDENCE, PROCEDURAL_MONTHS, WAYS
from cases.models import Case, Closing, ClosingEvidence, ClosingSignature, Settlement
from cases.record import record
from cases.services.removals import fall_due_with_case
from cases.services.rests import end_settlement
from cases.services.stages import advance, stage_objections

Proofs = Mapping[str, tuple[int, str]]  # condition → event of the case's record, note
TEXT_MAX = 300


@transaction.atomic
def propose_closing(
    case: Case, *, mode: str, ground: str, document: str, proofs: Proofs, at: dt.datetime, actor: User
) -> Closing:
    """Propose to close: every condition of the mode bound to an event of this case's record.

    Raises Refused with every objection at once.
    """
    if reasons := closing_objections(case, mode, at=at) + _wanting(case, mode, document, proofs):
        raise Refused(reasons)
    case = advance(case, "propose_closing", at=at, actor=actor, changes={"closing_mode": mode}, mode=mode)
    closing = Closing.objects.create(
        case=case,
        mode=mode,
        ground=ground.strip()[:TEXT_MAX],
        document=document.strip()[:200],
        proposed_by=actor,
        proposed_at=at,
    )
    ClosingEvidence.objects.bulk_create(
        ClosingEvidence(
            closing=closing, condition=row.code, event_id=proofs[row.code][0], note=proofs[row.code][1][:300]
        )
        for row in WAYS[mode].conditions
    )
    return closing


def closing_objections(case: Case, mode: str, *, at: dt.datetime) -> list[str]:
    """Return why a case may not be closed in this mode now, apart from missing evidence."""
    way = WAYS.get(mode)
    if way is None:
        return [_("请选择结案方式")]
    if case.stage not in way.sources:
        return [_("案件处于“%(stage)s”阶段，不能以此方式结案") % {"stage": case.get_stage_display()}]
    reasons = []
    if mode == Case.ClosingMode.PROCEDURAL and (first := first_procedural_day(case)) > timezone.localdate(at):
        reasons.append(_("立案未满三个月，最早 %(day)s 可以终结本次执行程序") % {"day": first})
    if mode == Case.ClosingMode.FULFILLED and case.stage == Case.Stage.SETTLED:
        unpaid = Settlement.objects.filter(case=case, outcome="", instalments__paid_on__isnull=True)
        reasons += [_("和解协议尚有未登记履行的期次")] if unpaid.exists() else []
    return reasons + stage_objections(case, "propose_closing", at=at, changes={"closing_mode": mode})


def first_procedural_day(case: Case) -> dt.date:
    """Return the first day on which 终本 is possible: the day after three months have passed."""
    return same_day(case.filed_on, months=PROCEDURAL_MONTHS) + DAY


def _wanting(case: Case, mode: str, document: str, proofs: Proofs) -> list[str]:
    reasons = [] if document.strip() else [_("请写明结案文书或凭据")]
    own = set(evidence_of(case).values_list("pk", flat=True))
    for row in WAYS[mode].conditions if mode in WAYS else ():
        if row.code not in proofs or proofs[row.code][0] not in own:
            reasons.append(_("缺少凭据：%(label)s（%(basis)s）") % {"label": row.label, "basis": row.basis})
    return reasons


def evidence_of(case: Case) -> Any:
    """Return the events of the case's record that may prove a condition, newest first."""
    return Event.objects.of_chain(f"case:{case.pk}").exclude(verb__in=NO_EVIDENCE).order_by("-seq")


def next_step(closing: Closing) -> str:
    """Return which signature the proposal waits for; nothing when all have signed."""
    signed = {signature.step for signature in closing.signatures.all()}
    return next((step for step in WAYS[closing.mode].steps if step not in signed), "")


def may_sign(closing: Closing, user: User) -> bool:
    """Return whether the user's signature is the next one; who proposed or signed before signs no more."""
    if closing.state != Closing.State.PROPOSED or not user.has_perm("cases.review_closing"):
        return False
    if user.pk == closing.proposed_by_id or any(row.by_id == user.pk for row in closing.signatures.all()):
        return False
    step = next_step(closing)
    if step == ClosingSignature.Step.JUDGE:
        return closing.case.judge_id == user.pk
    if step == ClosingSignature.Step.CHIEF:
        return has_role(user, "CHIEF")
    return step == ClosingSignature.Step.PRESIDENT and has_role(user, "PRESIDENT", "VICE_PRESIDENT")


@transaction.atomic
def sign_closing(closing: Closing, *, at: dt.datetime, actor: User) -> Closing:
    """Sign the proposal; the last signature closes the case (执行工作规定 64)."""
    closing = _held(closing)
    if not may_sign(closing, actor):
        raise PermissionDenied
    step = next_step(closing)
    ClosingSignature.objects.create(closing=closing, step=step, by=actor, at=at)
    record(closing, "sign_closing", at=at, case=closing.case, actor=actor, step=step, mode=closing.mode)
    if step != WAYS[closing.mode].steps[-1]:
        return closing
    _close(closing, at=at, actor=actor)
    return _end(closing, Closing.State.APPROVED, at=at, actor=actor)


def _close(closing: Closing, *, at: dt.datetime, actor: User) -> None:
    case, day = closing.case, timezone.localdate(at)
    changes: dict[str, Any] = {"closed_on": day, "closing_document": closing.document}
    if closing.mode != Case.ClosingMode.PROCEDURAL:
        # After 终本 controls, re-queries and arriving money keep their team and owner.
        changes |= {"team": Team.objects.get(kind=Team.Kind.AFFAIRS, is_active=True), "owner": None}
    if case.resume_stage == Case.Stage.SETTLED:
        kept = closing.mode == Case.ClosingMode.FULFILLED
        end_settlement(
            case, Settlement.Outcome.KEPT if kept else Settlement.Outcome.BROKEN, on=day, note=closing.ground
        )
    case = advance(case, "close", at=at, actor=actor, changes=changes, mode=closing.mode, document=closing.document)
    fall_due_with_case(case, closing.mode, note=closing.document, at=at, actor=actor)


@transaction.atomic
def return_closing(closing: Closing, *, defects: str, at: dt.datetime, actor: User) -> Closing:
    """A reviewer sends the proposal back: the case goes on where it stood."""
    closing = _held(closing)
    if not may_sign(closing, actor):
        raise PermissionDenied
    if not defects.strip():
        raise Refused(_("请写明退回原因"))
    closing.defects = defects.strip()[:TEXT_MAX]
    advance(closing.case, "return_closing", at=at, actor=actor, note=closing.defects)
    return _end(closing, Closing.State.RETURNED, at=at, actor=actor)


def _held(closing: Closing) -> Closing:
    Case.objects.held().get(pk=closing.case_id)
    closing = Closing.objects.select_related("case").prefetch_related("signatures").get(pk=closing.pk)
    if closing.state != Closing.State.PROPOSED:
        raise Refused(_("该结案提请已处理"))
    return closing


def _end(closing: Closing, state: str, *, at: dt.datetime, actor: User) -> Closing:
    closing.state, closing.ended_by, closing.ended_at = state, actor, at
    closing.save(update_fields=["state", "ended_by", "ended_at", "defects"])
    return closing


@transaction.atomic
def archive(case: Case, *, note: str, at: dt.datetime, actor: User) -> Case:
    """The affairs team puts the complete file away."""
    return advance(case, "archive", at=at, actor=actor, changes={"archived_on": timezone.localdate(at)}, note=note)
