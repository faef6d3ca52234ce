"""Objections to a distribution plan, in their days; a change of who gets the money is the judge's (CPLI 509, 510)."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Distribution, DistributionShare, PlanDelivery, PlanObjection
from accounts.services.distributions import due, held, in_state, judged, share_left
from accounts.statement import NOTHING
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.money import yuan
from cases.evidence import named
from cases.models import Case
from cases.record import record

# What is noted on an objection: field, verb of the record, and the field that must come before.
NOTES = {
    "NOTIFIED": ("notified_on", "notify_plan_objection", "received_on"),
    "COUNTERED": ("countered_on", "counter_plan_objection", "notified_on"),
    "COUNTER_NOTIFIED": ("counter_notified_on", "notify_plan_counter", "countered_on"),
    "SUIT": ("suit_on", "file_plan_suit", "counter_notified_on"),
}


@transaction.atomic
def object_to_plan(
    share: DistributionShare,
    *,
    delivery: PlanDelivery,
    amount: Decimal,
    received_on: dt.date,
    at: dt.datetime,
    actor: User,
) -> PlanObjection:
    """Whom the plan has reached objects in writing to a share, in his own days; that sum is disputed from now on."""
    case = held(share.distribution.case, actor)
    plan = in_state(share.distribution, Distribution.State.APPROVED, Distribution.State.SERVED)
    reasons = []
    if delivery.distribution_id != plan.pk:
        reasons.append(of_field("delivery", _("请选择已送达本方案的债权人或被执行人")))
    elif not delivery.delivered_on <= received_on <= min(delivery.objections_due_on, timezone.localdate(at)):
        told = {"name": delivery.name, "from": delivery.delivered_on, "day": delivery.objections_due_on}
        reasons.append(
            of_field("received_on", _("%(name)s于 %(from)s 收到方案，应至 %(day)s 提出，收到日不晚于今天") % told)
        )
    left = share_left(share)
    if not NOTHING < amount <= left:
        reasons.append(
            of_field("amount", _("争议金额应大于零，不超过该份尚未发放的 %(left)s 元") % {"left": yuan(left)})
        )
    if reasons:
        raise Refused(reasons)
    objection = PlanObjection.objects.create(
        share=share, delivery=delivery, by_name=delivery.name[:100], amount=amount, received_on=received_on
    )
    record(objection, "object_to_plan", at=at, case=case, actor=actor, amount=amount, distribution=plan.pk)
    return objection


@transaction.atomic
def note_objection(objection: PlanObjection, *, what: str, on: dt.date, at: dt.datetime, actor: User) -> PlanObjection:
    """Note what followed an objection: others told, counter-opinion, objector told, lawsuit; each opens its days."""
    case = held(objection.share.distribution.case, actor)
    objection = PlanObjection.objects.get(pk=objection.pk)
    field, verb, before = NOTES[what]
    earlier: dt.date | None = getattr(objection, before)
    if objection.result or getattr(objection, field):
        raise Refused(_("该事项已登记或异议已结束"))
    if earlier is None or not earlier <= on <= timezone.localdate(at):
        raise Refused(of_field("on", _("须在前一事项之后，且不晚于今天")))
    limit = {"COUNTERED": "COUNTER_OPINION", "SUIT": "PLAN_SUIT"}.get(what)
    if limit and on > due(limit, earlier):
        raise Refused(of_field("on", _("期限已于 %(day)s 届满") % {"day": due(limit, earlier)}))
    setattr(objection, field, on)
    objection.save(update_fields=[field])
    record(objection, verb, at=at, case=case, actor=actor, on=on)
    return objection


@transaction.atomic
def end_objection(
    objection: PlanObjection,
    *,
    result: str,
    awarded_to: DistributionShare | None,
    paper: str,
    at: dt.datetime,
    actor: User,
) -> PlanObjection:
    """The dispute is over by a paper of the file: the plan stands, or, once the judge agrees, another gets the sum."""
    case = held(objection.share.distribution.case, actor)
    objection = _open(objection)
    found = named(case, paper)
    reasons = [] if found else [of_field("paper", _("请选择卷宗中的判决书、撤回书等结束依据"))]
    is_changed = result == PlanObjection.Result.CHANGED
    if is_changed != (awarded_to is not None) or result not in ("KEPT", "CHANGED"):
        reasons.append(of_field("awarded_to", _("改由他人受偿的须选择受偿人，按原方案的不选")))
    if awarded_to and (awarded_to.distribution_id != objection.share.distribution_id or awarded_to == objection.share):
        reasons.append(of_field("awarded_to", _("受偿人须是同一方案的其他债权人")))
    if objection.asked_award_id:
        reasons.append(_("改由他人受偿已报法官，待核准"))
    if reasons or found is None:
        raise Refused(reasons)
    objection.document, objection.paper, objection.refused_note = found.words[:200], found.ref, ""
    if is_changed:
        objection.asked_award, objection.asked_by, objection.asked_at = awarded_to, actor, at
        objection.save()
        told = {"document": objection.document, "share": objection.share_id, "awarded_to": awarded_to and awarded_to.pk}
        record(objection, "ask_plan_change", at=at, case=case, actor=actor, amount=objection.amount, **told)
        return objection
    objection.result, objection.ended_on = result, timezone.localdate(at)
    objection.save()
    record(objection, "end_plan_objection", at=at, case=case, actor=actor, document=objection.document)
    return objection


@transaction.atomic
def approve_plan_change(objection: PlanObjection, *, at: dt.datetime, actor: User) -> PlanObjection:
    """The judge, never who asked, lets another creditor get the disputed sum."""
    case, objection = _asked(objection, actor)
    objection.result, objection.ended_on = PlanObjection.Result.CHANGED, timezone.localdate(at)
    objection.awarded_to, objection.asked_award, objection.approved_by = objection.asked_award, None, actor
    objection.save()
    record(objection, "end_plan_objection", at=at, case=case, actor=actor, document=objection.document)
    return objection


@transaction.atomic
def return_plan_change(objection: PlanObjection, *, reason: str, at: dt.datetime, actor: User) -> PlanObjection:
    """The judge sends the change back with his reason; the dispute stays open."""
    case, objection = _asked(objection, actor)
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写退回原因")))
    objection.asked_award, objection.refused_note = None, reason.strip()[:200]
    objection.save()
    record(objection, "return_plan_change", at=at, case=case, actor=actor, reason=objection.refused_note)
    return objection


def _open(objection: PlanObjection) -> PlanObjection:
    objection = PlanObjection.objects.select_related("share", "asked_award").get(pk=objection.pk)
    if objection.result:
        raise Refused(_("该异议已结束"))
    return objection


def _asked(objection: PlanObjection, actor: User) -> tuple[Case, PlanObjection]:
    case = judged(objection.share.distribution.case, actor)
    objection = _open(objection)
    if objection.asked_award_id is None:
        raise Refused(_("没有待核准的改由他人受偿"))
    if objection.asked_by_id == actor.pk:
        raise Refused(_("不得核准本人提出的申请"))
    return case, objection
