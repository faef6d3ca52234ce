"""Written requests about the list of dishonest debtors, answered within fifteen days (失信名单规定 5, 11, 12)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import same_day
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case, Party, Sanction, SanctionRequest
from cases.record import record
from cases.sanctionlaw import RELISTING_MONTHS, Kind

TEXT_MAX = 1000
REASON_MAX = 300
LIST, CORRECT = SanctionRequest.Purpose.LIST, SanctionRequest.Purpose.CORRECT
GRANTED, DECLINED = SanctionRequest.Result.GRANTED, SanctionRequest.Result.DECLINED


@transaction.atomic
def request_listing(
    case: Case, *, party: Party, text: str, received_on: dt.date, at: dt.datetime, actor: User
) -> SanctionRequest:
    """Take down the applicant's written request to list a debtor; the fifteen days run from its receipt."""
    case = _visible(case, actor)
    reasons = _objections(case, text, received_on, day=timezone.localdate(at))
    if party.case_id != case.pk or party.side != Party.Side.DEBTOR:
        reasons.append(of_field("party", _("只能申请将本案被执行人纳入失信名单")))
    elif Sanction.objects.running().filter(case=case, party=party, kind=Kind.DISHONEST).exists():
        reasons.append(of_field("party", _("对%(name)s的失信措施已在提请或执行中") % {"name": party.name}))
    if not case.is_open and not case.lives_on:
        reasons.append(_("案件已结案，不能采取强制措施"))
    return _take(case, party, LIST, text, received_on, reasons, at=at, actor=actor)


@transaction.atomic
def request_correction(
    sanction: Sanction, *, text: str, received_on: dt.date, at: dt.datetime, actor: User
) -> SanctionRequest:
    """Take down the listed debtor's written request to correct or delete (失信名单规定 11)."""
    case = _visible(sanction.case, actor)
    sanction = Sanction.objects.select_related("party").get(pk=sanction.pk)
    reasons = _objections(case, text, received_on, day=timezone.localdate(at))
    if sanction.kind != Kind.DISHONEST or sanction.state not in Sanction.BINDING:
        reasons.append(_("只能对执行中的失信措施申请纠正"))
    return _take(case, sanction.party, CORRECT, text, received_on, reasons, sanction, at=at, actor=actor)


def barred_until(case: Case, party: Party, *, on: dt.date) -> dt.date | None:
    """Return until when the applicant's request to list the debtor again finds no support, none where it may.

    For six months after the listing was deleted on the applicant's own request (失信名单规定 10); the court itself may
    still list.
    """
    deleted = case.sanctions.filter(
        party=party, kind=Kind.DISHONEST, removal_ground="CONSENT", removed_on__isnull=False
    )
    last = deleted.order_by("-removed_on").values_list("removed_on", flat=True).first()
    until_on = same_day(last, months=RELISTING_MONTHS) if last else None
    return until_on if until_on and on <= until_on else None


def relisting_objections(case: Case, party: Party, *, on: dt.date) -> list[str]:
    """Return why a listing may not be proposed while the applicant's barred request waits for its answer."""
    until_on = barred_until(case, party, on=on)
    if until_on is None or not SanctionRequest.objects.open().filter(case=case, party=party, purpose=LIST).exists():
        return []
    text = _(
        "失信信息应申请执行人申请删除未满六个月（至 %(day)s），其再次申请纳入的不予支持；"
        "请先答复该申请，确有必要的依职权另行提请（失信名单规定第10条）"
    )
    return [text % {"day": until_on}]


def _visible(case: Case, actor: User) -> Case:
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not actor.has_perm("cases.take_sanction_request") or not Case.objects.visible_to(actor).filter(pk=case.pk):
        raise PermissionDenied
    return case


def _objections(case: Case, text: str, received_on: dt.date, *, day: dt.date) -> list[str]:
    reasons = [] if text.strip() else [of_field("text", _("请写明申请内容"))]
    if not case.filed_on <= received_on <= day:
        reasons.append(of_field("received_on", _("收到日应在立案日以后、今天以前（含当日）")))
    return reasons


def _take(
    case: Case,
    party: Party,
    purpose: str,
    text: str,
    received_on: dt.date,
    reasons: list[str],
    sanction: Sanction | None = None,
    *,
    at: dt.datetime,
    actor: User,
) -> SanctionRequest:
    if SanctionRequest.objects.open().filter(case=case, party=party, purpose=purpose).exists():
        reasons.append(of_field("party", _("对%(name)s已有一件申请在审查中") % {"name": party.name}))
    if reasons:
        raise Refused(reasons)
    row = SanctionRequest.objects.create(
        case=case,
        party=party,
        sanction=sanction,
        purpose=purpose,
        text=text.strip()[:TEXT_MAX],
        received_on=received_on,
        taken_by=actor,
        taken_at=at,
    )
    verb = "request_listing" if purpose == LIST else "request_correction"
    record(row, verb, at=at, case=case, actor=actor, debtor=party.name, received_on=received_on)
    return row


def may_answer(request: SanctionRequest, user: User) -> bool:
    """Return whether the user decides on it: the judge of the case."""
    return user.has_perm("cases.propose_sanction") and request.case.judge_id == user.pk


def held_request(request: SanctionRequest, actor: User) -> SanctionRequest:
    """Lock the case and return the request as it stands, if the actor may still answer it."""
    case = Case.objects.select_for_update().get(pk=request.case_id)
    request = SanctionRequest.objects.select_related("party", "sanction__party").get(pk=request.pk)
    request.case = case
    if not may_answer(request, actor):
        raise PermissionDenied
    if request.answered_at is not None:
        raise Refused(_("该申请已处理"))
    return request


def answer_listings(sanction: Sanction, *, at: dt.datetime, actor: User) -> None:
    """What the president decides on a listing answers the applicant's open request; the case row is locked."""
    if sanction.kind != Kind.DISHONEST:
        return
    is_granted = sanction.state == Sanction.State.IN_FORCE
    reason = sanction.basis if is_granted else sanction.decision_reason
    for row in SanctionRequest.objects.open().filter(case=sanction.case, party=sanction.party, purpose=LIST):
        row.case, row.party = sanction.case, sanction.party
        note_answer(row, GRANTED if is_granted else DECLINED, reason, at=at, actor=actor)


def note_answer(request: SanctionRequest, result: str, reason: str, *, at: dt.datetime, actor: User) -> SanctionRequest:
    """Write the answer down; the case row is locked."""
    request.result, request.reason = result, reason.strip()[:REASON_MAX]
    request.answered_by, request.answered_at = actor, at
    request.save(update_fields=["result", "reason", "answered_by", "answered_at"])
    details = {"debtor": request.party.name, "request_result": result, "reason": request.reason}
    record(request, "answer_request", at=at, case=request.case, actor=actor, **details)
    return request
