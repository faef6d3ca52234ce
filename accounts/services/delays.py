"""A lawful reason not to pay in time: asked for, decided by another, ended when it falls away (法发〔2017〕6号 10)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Delay, Receipt
from accounts.terms import term
from bureau.calendar import DAY
from bureau.errors import Refused, of_field
from bureau.models import Holiday, User
from cases.evidence import named
from cases.models import Case
from cases.models.leadership import leads
from cases.record import record

DECIDERS = ("CHIEF", "VICE_PRESIDENT")
NOTE_MAX = 200


def review_days(today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day on which a delay that is asked for that day may be looked at again."""
    return today + DAY, today + term("REVIEW", on=today).count * DAY


@transaction.atomic
def request_delay(
    receipt: Receipt, *, reason: str, paper: str, until_on: dt.date, at: dt.datetime, actor: User
) -> Delay:
    """Ask to delay the payment of one receipt, with reason, the paper of the file and the day of review."""
    case = Case.objects.held("owner", "judge").get(pk=receipt.case_id)
    if not actor.has_perm("accounts.request_delay") or actor.pk not in (case.owner_id, case.judge_id):
        raise PermissionDenied
    today, found = timezone.localdate(at), named(case, paper)
    reasons = []
    if Receipt.objects.filter(pk=receipt.pk, voided_at__isnull=False).exists():
        reasons.append(_("该笔来款已退回待认领"))
    if found is None:
        reasons.append(of_field("paper", _("请选择本案卷宗中的依据文书或材料")))
    first, last = review_days(today)
    if not first <= until_on <= last:
        words = _("复核日应在明天（%(first)s）至 %(last)s 之间") % {"first": first, "last": last}
        reasons.append(of_field("until_on", words))
    if receipt.delays.filter(state=Delay.State.REQUESTED).exists():
        reasons.append(_("已有待审批的延期申请"))
    if reasons or found is None:
        raise Refused(reasons)
    delay = Delay.objects.create(
        receipt=receipt,
        reason=reason,
        document=found.words[:200],
        paper=found.ref,
        from_on=today,
        until_on=until_on,
        requested_by=actor,
        requested_at=at,
    )
    told = {"receipt": receipt.pk, "reason": reason, "until_on": until_on, "document": delay.document}
    record(delay, "request_delay", at=at, case=case, actor=actor, **told)
    return delay


@transaction.atomic
def decide_delay(delay: Delay, *, is_approved: bool, reason: str = "", at: dt.datetime, actor: User) -> Delay:
    """The chief or vice-president decides, never the one who asked; a refusal says why, and so does the record."""
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
    if not is_approved and not reason.strip():
        raise Refused(of_field("reason", _("请填写不批准的理由")))
    if is_approved and delay.paper and named(case, delay.paper) is None:
        raise Refused(_("延期所依据的文书已作废，不能批准"))
    delay.state = Delay.State.APPROVED if is_approved else Delay.State.REJECTED
    delay.decided_by, delay.decided_at = actor, at
    delay.refused_note = "" if is_approved else reason.strip()[:NOTE_MAX]
    delay.save()
    told = {"receipt": delay.receipt_id, "state": delay.state, "reason": delay.refused_note}
    record(delay, "decide_delay", at=at, case=case, actor=actor, **told)
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
