"""How the document orders general interest: the judge says it, a second person compares it with the document."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import InterestTerm
from accounts.ratetext import YEARLY_MAX, high, yearly
from accounts.services.debts import held_by_judge
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.money import percent, yuan
from cases.models import Case, Claim
from cases.models.leadership import answers_for
from cases.record import record

NOTHING = Decimal("0.00")
TEXT_MAX = 200
STATE = InterestTerm.State
READ = ("from_on", "until_on", "rate", "unit", "day_basis", "lpr", "multiple", "lpr_on", "filed_until_on")


def filed_interest(case: Case) -> Decimal:
    """Return the interest that is claimed as a sum, in yuan."""
    rows = case.claims.filter(kind=Claim.Kind.INTEREST, amount__isnull=False)
    total: Decimal | None = rows.aggregate(total=Sum("amount"))["total"]
    return total or NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the judge read in the document; rates per hundred, days as the document names them."""

    is_none: bool = False
    from_on: dt.date | None = None
    until_on: dt.date | None = None
    rate: Decimal | None = None
    unit: str = "year"
    day_basis: int = 365
    lpr: str = ""
    multiple: Decimal = Decimal(1)
    lpr_on: dt.date | None = None
    takes_off_filed: bool = False
    filed_until_on: dt.date | None = None
    high_reason: str = ""


@transaction.atomic
def set_interest(claim: Claim, *, at: dt.datetime, actor: User, **terms: Any) -> InterestTerm:
    """The judge says how the document orders interest on this claim (`Said`); what was confirmed before holds.

    Interest claimed as a sum is never counted twice: the terms run from after the day to which it was reckoned, or it
    is taken off what they give. `is_none` says that the document orders nothing beyond what is claimed as a sum.
    """
    case, said = held_by_judge(claim.case_id, actor), Said(**terms)
    row = InterestTerm(claim=claim, is_none=said.is_none, set_by=actor, set_at=at)
    if not said.is_none:
        for name in READ:
            setattr(row, name, getattr(said, name))
        row.high_reason = said.high_reason.strip()[:TEXT_MAX]
        filed = filed_interest(case) - _taken_off(case, claim)
        if reasons := _term_objections(row, filed, takes_off_filed=said.takes_off_filed):
            raise Refused(reasons)
        row.filed = filed if said.takes_off_filed else NOTHING
    InterestTerm.objects.proposed().filter(claim=claim).update(state=STATE.REPLACED)
    row.save()
    record(row, "set_interest", at=at, case=case, actor=actor, claim=claim.position, **_told(row))
    return row


def _taken_off(case: Case, claim: Claim) -> Decimal:
    """Return what the terms of other items take off already, in yuan: nothing is taken off twice."""
    live = InterestTerm.objects.in_force() | InterestTerm.objects.proposed()
    others = live.filter(claim__case=case).exclude(claim=claim).values_list("claim", "filed")
    by_claim: dict[int, Decimal] = {}
    for pk, filed in others:
        by_claim[pk] = max(filed, by_claim.get(pk, NOTHING))
    return sum(by_claim.values(), NOTHING)


def _told(row: InterestTerm) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("is_none", *READ, "filed", "high_reason")}


def _term_objections(row: InterestTerm, filed: Decimal, *, takes_off_filed: bool) -> list[str]:
    if row.from_on is None:
        return [of_field("from_on", _("请填写起算日"))]
    if row.unit not in InterestTerm.Unit.values or bool(row.lpr) == bool(row.rate):
        return [of_field("rate", _("公布利率和文书写明的利率，填其中一项"))]
    reasons = []
    if row.until_on and row.until_on < row.from_on:
        reasons.append(of_field("until_on", _("止算日不能早于起算日")))
    if filed and not takes_off_filed:
        reasons += _twice(row, filed)
    return reasons + _rate_objections(row, row.from_on)


def _twice(row: InterestTerm, filed: Decimal) -> list[str]:
    told = {"filed": yuan(filed), "day": row.filed_until_on}
    if row.filed_until_on is None:
        words = _("另已按金额申请利息 %(filed)s 元：请填该利息算至哪一天，或者勾选从计算结果中扣除，以免重复计算")
        return [of_field("filed_until_on", words % told)]
    if row.from_on and row.from_on <= row.filed_until_on:
        words = _("已按金额申请的利息算至 %(day)s，起算日应在其后；或者勾选从计算结果中扣除")
        return [of_field("from_on", words % told)]
    return []


def _rate_objections(row: InterestTerm, from_on: dt.date) -> list[str]:
    on = row.lpr_on or from_on
    given = yearly(rate=row.rate, unit=row.unit, lpr=row.lpr, multiple=row.multiple, on=on)
    field, most = "multiple" if row.lpr else "rate", high(on)
    told = {"given": percent(given), "most": percent(most), "max": percent(YEARLY_MAX)}
    if given > YEARLY_MAX:
        return [of_field(field, _("折合年利率 %(given)s，超过 %(max)s，请核对利率和单位") % told)]
    if given > most and not row.high_reason:
        words = _("折合年利率 %(given)s，高于当日一年期LPR四倍 %(most)s：确为文书所判的，请写明依据")
        return [of_field("high_reason", words % told)]
    return []


def may_confirm_interest(row: InterestTerm, user: User) -> bool:
    """Return whether the user is the second person: the owner of the case's stage, or who approves payouts."""
    if row.state != STATE.PROPOSED or row.set_by_id == user.pk:
        return False
    if row.claim.case.owner_id == user.pk and user.has_perm("accounts.request_payout"):
        return True
    case = row.claim.case
    approves = "accounts.approve_court_payout" if case.is_of_court else "accounts.approve_payout"
    is_seen = Case.objects.visible_to(user).filter(pk=case.pk).exists()
    return user.has_perm(approves) and answers_for(case, user) and is_seen


@transaction.atomic
def confirm_interest(row: InterestTerm, *, at: dt.datetime, actor: User) -> InterestTerm:
    """A second person has compared it with the document: from now on interest is reckoned by it."""
    row = _answered(row, actor)
    InterestTerm.objects.in_force().filter(claim=row.claim_id).update(state=STATE.REPLACED)
    return _answer(row, STATE.CONFIRMED, "confirm_interest", "", at=at, actor=actor)


@transaction.atomic
def refuse_interest(row: InterestTerm, *, reason: str, at: dt.datetime, actor: User) -> InterestTerm:
    """It does not say what the document says; what was confirmed before goes on."""
    row = _answered(row, actor)
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明与文书哪里不符")))
    return _answer(row, STATE.REFUSED, "refuse_interest", reason.strip()[:TEXT_MAX], at=at, actor=actor)


def answer_interest(row: InterestTerm, *, answer: str, reason: str = "", at: dt.datetime, actor: User) -> InterestTerm:
    """The second person's word: `confirm`, or `refuse` with the reason."""
    if answer == "confirm":
        return confirm_interest(row, at=at, actor=actor)
    return refuse_interest(row, reason=reason, at=at, actor=actor)


def _answered(row: InterestTerm, actor: User) -> InterestTerm:
    Case.objects.held().get(pk=row.claim.case_id)
    row = InterestTerm.objects.select_related("claim__case").get(pk=row.pk)
    if row.state != STATE.PROPOSED:
        raise Refused(_("该计算方法已处理"))
    if not may_confirm_interest(row, actor):
        raise PermissionDenied
    return row


def _answer(row: InterestTerm, state: str, verb: str, note: str, *, at: dt.datetime, actor: User) -> InterestTerm:
    row.state, row.answered_by, row.answered_at, row.answer_note = state, actor, at, note
    row.save(update_fields=["state", "answered_by", "answered_at", "answer_note"])
    more = {"reason": note} if note else {}
    record(row, verb, at=at, case=row.claim.case, actor=actor, claim=row.claim.position, **more)
    return row
