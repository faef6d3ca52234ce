"""A lawful reason not to pay in time: asked for, decided by another, ended when it falls away (法发〔2017〕6号 10)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Delay, Receipt
from accounts.terms import term
from bureau.errors import Refused, of_field
from bureau.models import Holiday, User
from cases.models import Case
from cases.models.leadership import leads
from cases.record import record

DECIDERS = ("CHIEF", "VICE_PRESIDENT")
REVIEW_DAYS_MAX = 30  # the bureau's own rule: every delay is looked at again within thirty days


@transaction.atomic
def request_delay(
    receipt: Receipt, *, reason: str, document: str, until_on: dt.date, at: dt.datetime, actor: User
) -> Delay:
    """Ask to delay the payment of one receipt, with reason, document and the day of review."""
    case = Case.objects.held("owner", "judge").get(pk=receipt.case_id)
    if not actor.has_perm("accounts.request_delay") or actor.pk not in (case.owner_id, case.judge_id):
        raise PermissionDenied
    today = timezone.localdate(at)
    reasons = []
    if Receipt.objects.filter(pk=receipt.pk, voided_at__isnull=False).exists():
        reasons.append(_("该笔来款已退回待认领"))
    if not document.strip():
        reasons.append(of_field("document", _("请填写依据材料")))
    if not today <= until_on <= today + dt.timedelta(days=REVIEW_DAYS_MAX):
        reasons.append(of_field("until_on", _("复核日应在今天起 %(days)d 日内") % {"days": REVIEW_DAYS_MAX}))
    if receipt.delays.filter(state=Delay.State.REQUESTED).exists():
        reasons.append(_("已有待审批的延期申请"))
    if reasons:
        raise Refused(reasons)
    delay = Delay.objects.create(
        receipt=receipt,
        reason=reason,
        document=document.strip()[:200],
        from_on=today,
        until_on=until_on,
        requested_by=actor,
        requested_at=at,
    )
    record(delay, "request_delay", at=at, case=case, actor=actor, receipt=receipt.pk, reason=reason, until_on=until_on)
    return delay


@transaction.atomic
def decide_delay(delay: Delay, *, is_approved: bool, at: dt.datetime, actor: User) -> Delay:
    """The chief or vice-president decides; never the one who asked."""
    if not actor.has_perm("accounts.approve_delay"):
        raise PermissionDenied
    case = Case.objects.held("owner", "judge").get(pk=delay.receipt.case_id)
    delay = Delay.objects.select_related("receipt").get(pk=delay.pk)
    if delay.state != Delay.State.REQUESTED:
        raise Refused(_("该延期申请已处理"))
    if not leads(case, actor, *DECIDERS):
        raise PermissionDenied
    if delay.requested_by_id == actor.pk:
        raise Refused(_("不得审批本人的申请"))
    delay.state = Delay.State.APPROVED if is_approved else Delay.State.REJECTED
    delay.decided_by, delay.decided_at = actor, at
    delay.save()
    record(delay, "decide_delay", at=at, case=case, actor=actor, receipt=delay.receipt_id, state=delay.state)
    return delay


@transaction.atomic
def end_delay(delay: Delay, *, at: dt.datetime, actor: User) -> Delay:
    """The reason has fallen away; the money is paid within ten days (法发〔2017〕6号 10)."""
    case = Case.objects.held("owner", "judge").get(pk=delay.receipt.case_id)
    if not actor.has_perm("accounts.request_delay") or actor.pk not in (case.owner_id, case.judge_id):
        raise PermissionDenied
    delay = Delay.objects.get(pk=delay.pk)
    if delay.state != Delay.State.APPROVED or delay.ended_on is not None:
        raise Refused(_("只有已批准且未结束的延期可以结束"))
    delay.ended_on = today = timezone.localdate(at)
    pay = term("AFTER_DELAY", on=today)
    delay.pay_by_on = Holiday.objects.calendar().due(today, pay.count, pay.unit).due_on
    delay.save()
    told = {"receipt": delay.receipt_id, "ended_on": delay.ended_on, "pay_by_on": delay.pay_by_on}
    record(delay, "end_delay", at=at, case=case, actor=actor, **told)
    return delay


@transaction.atomic
def tell_delay(delay: Delay, *, told_on: dt.date, note: str, at: dt.datetime, actor: User) -> Delay:
    """The applicant was told why his money is paid later (法发〔2017〕6号 10); once."""
    case = Case.objects.held("owner", "judge").get(pk=delay.receipt.case_id)
    if not actor.has_perm("accounts.request_delay") or actor.pk not in (case.owner_id, case.judge_id):
        raise PermissionDenied
    delay = Delay.objects.get(pk=delay.pk)
    reasons = []
    if delay.state != Delay.State.APPROVED:
        reasons.append(_("只有已批准的延期才告知申请执行人"))
    if delay.told_on:
        reasons.append(_("已登记告知"))
    if not note.strip():
        reasons.append(of_field("note", _("请填写告知方式和内容")))
    if not delay.from_on <= told_on <= timezone.localdate(at):
        reasons.append(of_field("told_on", _("告知日应在延期起始日之后、今天以前")))
    if reasons:
        raise Refused(reasons)
    delay.told_on, delay.told_note, delay.told_by = told_on, note.strip()[:200], actor
    delay.save()
    record(delay, "tell_delay", at=at, case=case, actor=actor, receipt=delay.receipt_id, told_on=told_on)
    return delay
