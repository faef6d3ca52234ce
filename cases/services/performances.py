"""What the debtor performed directly: recorded with proof, counted once a second person saw the applicant's word."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from cases.evidence import Paper, papers_of
from cases.models import Case, Performance
from cases.models.performance import NOTHING
from cases.record import record

TEXT_MAX = 200
# What the other rooms are asked before a performance counts (`settings.CASE_CHECKS`).
PERFORM = "record_performance"


def may_record_performance(case: Case, user: User) -> bool:
    """Return whether the user records or confirms it: the team that holds the case, or its judge."""
    if not user.has_perm("cases.record_performance") or not (case.is_open or case.lives_on):
        return False
    return case.judge_id == user.pk or (case.team_id is not None and case.team_id == user.team_id)


def may_confirm_performance(row: Performance, case: Case, user: User) -> bool:
    """Return whether the user is its second person."""
    is_other = row.is_open and row.recorded_by_id != user.pk
    return is_other and user.has_perm("cases.confirm_performance") and may_record_performance(case, user)


@transaction.atomic
def record_performance(
    case: Case,
    *,
    amount: Decimal | None = None,
    performed_on: dt.date,
    way: str,
    proof: str,
    paper: str,
    at: dt.datetime,
    actor: User,
) -> Performance:
    """Record what the debtor paid, handed over or did for the applicant directly; a memo that touches no account.

    `amount` in yuan, never more than was owed on its day; an act or the delivery of a thing that nobody
    owes in money has none. `paper` is the scan in the file that shows it ("material:5"), `proof` says what it is.
    """
    amount = amount or NOTHING
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not may_record_performance(case, actor):
        raise PermissionDenied
    proof = proof.strip()[:TEXT_MAX]
    asked = _Asked(amount, performed_on, way, proof, paper)
    if reasons := _wrong(case, asked, today=timezone.localdate(at)):
        raise Refused(reasons)
    row = Performance.objects.create(
        case=case,
        amount=amount,
        performed_on=performed_on,
        way=way,
        proof=proof,
        paper=paper,
        recorded_by=actor,
        recorded_at=at,
    )
    _bounded(row, case, at=at)
    _record(row, "record_performance", at=at, actor=actor)
    return row


class _Asked(NamedTuple):
    amount: Decimal
    performed_on: dt.date
    way: str
    proof: str
    paper: str


def _wrong(case: Case, asked: _Asked, *, today: dt.date) -> list[object]:
    amount, performed_on, way, proof, paper = asked
    reasons: list[object] = []
    if way in Performance.WITHOUT_AMOUNT and amount:
        reasons.append(of_field("amount", _("交付标的物、完成行为不填金额；折抵金钱债务的，请选“以物抵偿”")))
    elif way not in Performance.WITHOUT_AMOUNT and (amount <= 0 or amount != round(amount, 2)):
        reasons.append(of_field("amount", _("金额应大于零，最多两位小数")))
    if way not in Performance.Way.values:
        reasons.append(of_field("way", _("请选择履行方式")))
    if not proof:
        reasons.append(of_field("proof", _("请写明履行凭据")))
    if paper not in proofs(case):
        reasons.append(of_field("paper", _("请选择卷宗中的履行凭据扫描件；还没有的，请先扫描入卷")))
    if performed_on > today:
        reasons.append(of_field("performed_on", _("履行日不能晚于今天")))
    if case.basis_made_on and performed_on < case.basis_made_on:
        reasons.append(of_field("performed_on", _("履行日早于执行依据作出日，请核对")))
    return reasons


def proofs(case: Case) -> dict[str, Paper]:
    """Return the scans in the file that may show a performance, newest first."""
    rows = [paper for paper in papers_of(case).values() if not paper.is_issued]
    return {paper.ref: paper for paper in reversed(rows)}


def _bounded(row: Performance, case: Case, *, at: dt.datetime) -> None:
    """Refuse what goes beyond the debt, as the rooms that reckon it say; the row is there already, as one of those."""
    if not row.amount or row.is_reversal:
        return
    reasons: list[str] = []
    for path in settings.CASE_CHECKS:
        reasons += import_string(path)(case, PERFORM, at=at)
    if reasons:
        raise Refused([of_field("amount", reason) for reason in reasons])


@transaction.atomic
def reverse_performance(row: Performance, *, reason: str, at: dt.datetime, actor: User) -> Performance:
    """Take a confirmed performance back by a row of its own, which a second person confirms like any other."""
    row, case = _locked(row)
    if not may_record_performance(case, actor):
        raise PermissionDenied
    if row.state != Performance.State.CONFIRMED or row.is_reversal:
        raise Refused(_("只能冲销已确认的自行履行"))
    if row.is_reversed:
        raise Refused(_("已登记冲销"))
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明冲销原因")))
    made = Performance.objects.create(
        case=case,
        amount=row.amount,
        performed_on=row.performed_on,
        way=row.way,
        proof=row.proof,
        paper=row.paper,
        reverses=row,
        reason=reason.strip()[:TEXT_MAX],
        recorded_by=actor,
        recorded_at=at,
    )
    _record(made, "reverse_performance", at=at, actor=actor, reason=made.reason)
    return made


@transaction.atomic
def confirm_performance(row: Performance, *, confirmation: str, at: dt.datetime, actor: User) -> Performance:
    """A second person has seen the applicant's signed word; from now on it lessens what is owed."""
    said = _("请写明申请执行人书面确认的材料")
    return _answer(row, Performance.State.CONFIRMED, "confirm_performance", confirmation, said, at=at, actor=actor)


@transaction.atomic
def refuse_performance(row: Performance, *, confirmation: str, at: dt.datetime, actor: User) -> Performance:
    """It does not count, and the second person says why."""
    said = of_field("confirmation", _("请写明不予确认的理由"))
    return _answer(row, Performance.State.REFUSED, "refuse_performance", confirmation, said, at=at, actor=actor)


def _answer(
    row: Performance, state: str, verb: str, text: str, missing: str, *, at: dt.datetime, actor: User
) -> Performance:
    row, case = _locked(row)
    if not row.is_open:
        raise Refused(_("该自行履行已处理"))
    if not may_confirm_performance(row, case, actor):
        raise PermissionDenied
    if not text.strip():
        raise Refused(missing)
    if state == Performance.State.CONFIRMED:
        _bounded(row, case, at=at)
    row.state, row.answered_by, row.answered_at, row.confirmation = state, actor, at, text.strip()[:TEXT_MAX]
    row.save(update_fields=["state", "answered_by", "answered_at", "confirmation"])
    _record(row, verb, at=at, actor=actor, document=row.confirmation)
    return row


def _locked(row: Performance) -> tuple[Performance, Case]:
    case = Case.objects.select_for_update().get(pk=row.case_id)
    row = Performance.objects.get(pk=row.pk)
    row.case = case
    return row, case


def _record(row: Performance, verb: str, *, at: dt.datetime, actor: User, **details: Any) -> None:
    told = {"amount": row.amount, "performed_on": row.performed_on, "performed_by": row.way}
    record(row, verb, at=at, case=row.case, actor=actor, is_reversal=row.is_reversal, **told, **details)
