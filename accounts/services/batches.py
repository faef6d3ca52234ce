"""Mass payout signed once: compared, requested, checked, approved, paid by different people (法发〔2017〕6号)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Batch, PayeeAccount
from accounts.services.approvals import deputy_authority, may_approve_of
from accounts.services.ledger import hold_cases
from accounts.services.requests import CALCULATION_MAX
from accounts.statement import reckoned
from accounts.tiers import tier_of
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.money import yuan
from bureau.roles import has_role
from cases.models import Case
from cases.record import record

STEP_FIELDS = (
    *("state", "calculation", "confirmed_by", "confirmed_at", "requested_by", "requested_at", "checked_by"),
    *("checked_at", "approved_by", "approved_at", "approved_as", "paid_by", "paid_at", "done_at", "ended_note"),
    "climbed_at",
)
State = Batch.State


@transaction.atomic
def confirm_batch(batch: Batch, *, at: dt.datetime, actor: User) -> Batch:
    """A second person has compared people and sum with the signed roster: its accounts are confirmed."""
    if not actor.has_perm("accounts.confirm_payee"):
        raise PermissionDenied
    batch = _locked(batch, State.ENTERED)
    if batch.entered_by_id == actor.pk:
        raise Refused(_("名册须由录入人以外的人复核"))
    pending = PayeeAccount.objects.pending().filter(batch_row__batch=batch)
    pending.update(state=PayeeAccount.State.CONFIRMED, confirmed_at=at, confirmed_by=actor)
    batch.state, batch.confirmed_by, batch.confirmed_at = State.CONFIRMED, actor, at
    return _signed(batch, "confirm_batch", at=at, actor=actor)


@transaction.atomic
def refuse_batch(batch: Batch, *, reason: str, at: dt.datetime, actor: User) -> Batch:
    """The roster does not hold, or is taken back before anybody asked for it; its file may be entered again."""
    if not actor.has_perm("accounts.confirm_payee"):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写不予确认的原因")))
    batch = _locked(batch, State.ENTERED, State.CONFIRMED)
    # What was confirmed stays so on record and is out of use; what was not is refused.
    accounts = PayeeAccount.objects.filter(batch_row__batch=batch)
    accounts.pending().update(state=PayeeAccount.State.REFUSED, replaced_at=at, ended_note=reason.strip()[:200])
    accounts.filter(state=PayeeAccount.State.CONFIRMED).update(replaced_at=at)
    batch.state, batch.ended_note = State.REFUSED, reason.strip()[:200]
    return _signed(batch, "refuse_batch", at=at, actor=actor, reason=batch.ended_note)


@transaction.atomic
def request_batch(batch: Batch, *, calculation: str, at: dt.datetime, actor: User) -> Batch:
    """The owner of its cases asks for the sum; from now on it is reserved in each of them."""
    if not actor.has_perm("accounts.request_payout"):
        raise PermissionDenied
    batch = _locked(batch, State.CONFIRMED)
    if reasons := request_objections(batch, actor, calculation, on=timezone.localdate(at)):
        raise Refused(reasons)
    batch.requested_by, batch.requested_at, batch.state = actor, at, State.REQUESTED
    batch.calculation, batch.ended_note = calculation.strip()[:CALCULATION_MAX], ""
    return _signed(batch, "request_batch", at=at, actor=actor)


def request_objections(batch: Batch, user: User, calculation: str = "x", *, on: dt.date) -> list[str]:
    """Return why the user cannot ask for it: one owner and one judge answer for all of its cases."""
    rows = [row.case for row in batch.by_case.select_related("case", "case__escrow").order_by("case_id")]
    if any(case.owner_id != user.pk for case in rows):
        raise PermissionDenied
    reasons = [] if calculation.strip() else [of_field("calculation", _("请填写计算说明"))]
    if len({case.judge_id for case in rows}) > 1:
        reasons.append(_("一个批次的案件须由同一承办法官办理，请按法官分批"))
    for row in batch.by_case.select_related("case").order_by("case_id"):
        case, told = row.case, {"number": row.case.display_number, "total": yuan(row.total)}
        if not (case.is_open or case.lives_on) or case.stage == Case.Stage.SUSPENDED:
            reasons.append(_("%(number)s 已结案或中止，不能申请发放") % told)
        statement = reckoned(case, on=on)
        if row.total > min(statement.payable, statement.to_ask):
            reasons.append(_("%(number)s 名册合计 %(total)s 元，超过该案可发放金额") % told)
    return reasons


def may_check_batch(batch: Batch, user: User) -> bool:
    """Return whether this judge may check it: the judge of its cases, or another one when that judge asked for it."""
    if not user.has_perm("accounts.check_payout") or user.pk == batch.requested_by_id:
        return False
    return batch.case.judge_id in (user.pk, batch.requested_by_id)


@transaction.atomic
def check_batch(batch: Batch, *, at: dt.datetime, actor: User) -> Batch:
    """The judge has checked roster and sum."""
    batch = _locked(batch, State.REQUESTED)
    if not may_check_batch(batch, actor):
        raise PermissionDenied
    batch.checked_by, batch.checked_at, batch.state = actor, at, State.CHECKED
    return _signed(batch, "check_batch", at=at, actor=actor)


@transaction.atomic
def approve_batch(batch: Batch, *, at: dt.datetime, actor: User) -> Batch:
    """Whoever approves a sum as large as the whole batch approves it, or his authorised deputy."""
    batch, today = _locked(batch, State.CHECKED), timezone.localdate(at)
    if not may_approve_of(batch.case, batch.total, actor, on=today):
        raise PermissionDenied
    _refuse_same_person(batch, actor)
    tier = tier_of(batch.total, on=today)
    is_own = has_role(actor, tier.role) or batch.case.is_of_court
    authority = None if is_own else deputy_authority(actor, on=today, role=tier.role)
    batch.approved_by, batch.approved_at, batch.state = actor, at, State.APPROVED
    batch.approved_as = authority
    return _signed(batch, "approve_batch", at=at, actor=actor, deputy=authority.pk if authority else None)


@transaction.atomic
def reject_batch(batch: Batch, *, reason: str, at: dt.datetime, actor: User) -> Batch:
    """Checker or approver sends the request back with a reason: the roster waits to be asked for again."""
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写驳回原因")))
    batch = _locked(batch, State.REQUESTED, State.CHECKED)
    is_checking = batch.state == State.REQUESTED and may_check_batch(batch, actor)
    on = timezone.localdate(at)
    if not (is_checking or (batch.state == State.CHECKED and may_approve_of(batch.case, batch.total, actor, on=on))):
        raise PermissionDenied
    return _asked_anew(batch, "reject_batch", reason, at=at, actor=actor)


@transaction.atomic
def send_back_batch(batch: Batch, *, reason: str, at: dt.datetime, actor: User) -> Batch:
    """Finance sends an approved batch back instead of paying it: its sums are free, and may be asked for anew."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    batch = _locked(batch, State.APPROVED)
    _refuse_same_person(batch, actor)
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写退回原因")))
    return _asked_anew(batch, "send_back_batch", reason, at=at, actor=actor)


def _asked_anew(batch: Batch, verb: str, reason: str, *, at: dt.datetime, actor: User) -> Batch:
    batch.state, batch.ended_note = State.CONFIRMED, reason.strip()[:200]
    batch.requested_by = batch.requested_at = batch.checked_by = batch.checked_at = batch.climbed_at = None
    batch.approved_by = batch.approved_at = batch.approved_as = None
    return _signed(batch, verb, at=at, actor=actor, reason=batch.ended_note)


@transaction.atomic
def pay_batch(batch: Batch, *, at: dt.datetime, actor: User) -> Batch:
    """Finance pays: from now on its rows leave escrow chunk by chunk (`sending.py`)."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    batch = _locked(batch, State.APPROVED)
    _refuse_same_person(batch, actor)
    if actor.pk in (batch.entered_by_id, batch.confirmed_by_id):
        raise Refused(_("付款人不得是名册的录入人或复核人"))
    batch.paid_by, batch.paid_at, batch.state = actor, at, State.SENDING
    return _signed(batch, "pay_batch", at=at, actor=actor)


def batch_acts_for(batch: Batch, user: User, *, on: dt.date) -> list[str]:
    """Return what the user may do with the batch now, by the rules that the services themselves ask."""
    state, acts = batch.state, []
    if state == State.ENTERED and user.has_perm("accounts.confirm_payee"):
        acts = ["refuse"] if user.pk == batch.entered_by_id else ["confirm", "refuse"]
    elif state == State.CONFIRMED:
        is_owner = user.has_perm("accounts.request_payout") and batch.case.owner_id == user.pk
        acts = (["request"] if is_owner else []) + (["refuse"] if user.has_perm("accounts.confirm_payee") else [])
    elif state == State.REQUESTED and may_check_batch(batch, user):
        acts = ["check", "reject"]
    elif state == State.CHECKED and may_approve_of(batch.case, batch.total, user, on=on):
        acts = ["reject"] if _has_signed(batch, user) else ["approve", "reject"]
    elif state == State.APPROVED and user.has_perm("accounts.pay_payout") and not _has_signed(batch, user):
        is_of_roster = user.pk in (batch.entered_by_id, batch.confirmed_by_id)
        acts = ["send_back"] if is_of_roster else ["pay", "send_back"]
    return acts


def _has_signed(batch: Batch, user: User) -> bool:
    return user.pk in (batch.requested_by_id, batch.checked_by_id, batch.approved_by_id)


def _refuse_same_person(batch: Batch, actor: User) -> None:
    if _has_signed(batch, actor):
        raise Refused(_("申请、审核、审批、付款须由四人分别办理"))


def _locked(batch: Batch, *states: str) -> Batch:
    hold_cases(batch.by_case.values_list("case_id", flat=True))
    batch = Batch.objects.select_related("case").get(pk=batch.pk)
    if batch.state not in states:
        raise Refused(_("该批次现为“%(state)s”，不能进行此操作") % {"state": batch.get_state_display()})
    return batch


def _signed(batch: Batch, verb: str, *, at: dt.datetime, actor: User, **details: object) -> Batch:
    batch.save(update_fields=STEP_FIELDS)
    for row in batch.by_case.select_related("case").order_by("case_id"):
        told = {"batch": batch.pk, "count": row.row_count, "amount": row.total}
        record(batch, verb, at=at, case=row.case, actor=actor, **told, **details)
    return batch
