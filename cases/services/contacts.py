"""What was said is logged, promises are looked at on their day, notes are added, and a case is put aside for a time."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case, Contact, Hold, Note
from cases.record import record
from cases.services.stages import refuse_put_away

TEXT_MAX = 1000
PROMISED_MAX = 300
NAME_MAX = 60
REASON_MAX = 200
PROMISE_DAYS_MAX = 730
HOLD_DAYS_MAX = 90  # the bureau's own rule: the closing limit runs on


@transaction.atomic
def log_contact(
    case: Case,
    *,
    kind: str,
    whom: str,
    text: str,
    promised: str = "",
    promised_on: dt.date | None = None,
    at: dt.datetime,
    actor: User,
) -> Contact:
    """Log one call, visit, 约谈 or message; `whom` is matched to a party by name, a promise needs its day.

    What was said stays in the row; the record keeps kind, side and day only.
    """
    case = Case.objects.held().get(pk=case.pk)
    if not actor.has_perm("cases.log_contact") or not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise PermissionDenied
    refuse_put_away(case)
    whom, text, promised = whom.strip()[:NAME_MAX], text.strip()[:TEXT_MAX], promised.strip()[:PROMISED_MAX]
    day = timezone.localdate(at)
    if reasons := _contact_objections(kind, whom, text, promised, promised_on, day):
        raise Refused(reasons)
    party = case.parties.filter(name=whom).order_by("side", "position").first()
    contact = Contact.objects.create(
        case=case,
        kind=kind,
        party=party,
        with_name="" if party else whom,
        text=text,
        promised=(promised or text[:PROMISED_MAX]) if promised_on else "",
        promised_on=promised_on,
        promise=Contact.Promise.OPEN if promised_on else "",
        by=actor,
        at=at,
    )
    side = party.side if party else ""
    record(contact, "log_contact", at=at, case=case, actor=actor, contact_kind=kind, side=side, promised_on=promised_on)
    return contact


def _contact_objections(
    kind: str, whom: str, text: str, promised: str, promised_on: dt.date | None, day: dt.date
) -> list[str]:
    reasons = []
    if kind not in Contact.Kind.values:
        reasons.append(of_field("kind", _("请选择联系方式")))
    if not whom:
        reasons.append(of_field("whom", _("请写明对方是谁")))
    if not text:
        reasons.append(of_field("text", _("请写明说了什么")))
    if promised and promised_on is None:
        reasons.append(of_field("promised_on", _("承诺请写明日期")))
    if promised_on is not None and not day <= promised_on <= day + dt.timedelta(days=PROMISE_DAYS_MAX):
        reasons.append(of_field("promised_on", _("承诺日应在今天以后、两年以内")))
    return reasons


def may_settle(case: Case, user: User) -> bool:
    """Return whether the user may say that a promise was kept, or put the case aside: its team, or its judge."""
    return case.judge_id == user.pk or (case.team_id is not None and case.team_id == user.team_id)


@transaction.atomic
def settle_promise(contact: Contact, *, is_kept: bool, at: dt.datetime, actor: User) -> Contact:
    """Mark what was promised as kept or broken; once."""
    case = Case.objects.select_for_update().get(pk=contact.case_id)
    contact = Contact.objects.get(pk=contact.pk)
    if not actor.has_perm("cases.log_contact") or not may_settle(case, actor):
        raise PermissionDenied
    refuse_put_away(case)
    if contact.promise != Contact.Promise.OPEN:
        raise Refused(_("该承诺已核对，或本就没有承诺"))
    contact.promise = Contact.Promise.KEPT if is_kept else Contact.Promise.BROKEN
    contact.settled_by, contact.settled_at = actor, at
    contact.save(update_fields=["promise", "settled_by", "settled_at"])
    record(
        contact,
        "settle_promise",
        at=at,
        case=case,
        actor=actor,
        promise=contact.promise,
        promised_on=contact.promised_on,
    )
    return contact


@transaction.atomic
def add_note(case: Case, *, text: str, at: dt.datetime, actor: User) -> Note:
    """Add a remark; it can be neither changed nor taken back."""
    case = Case.objects.held().get(pk=case.pk)
    if not actor.has_perm("cases.log_contact") or not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise PermissionDenied
    refuse_put_away(case)
    text = text.strip()[:TEXT_MAX]
    if not text:
        raise Refused(of_field("text", _("请写明备注内容")))
    note = Note.objects.create(case=case, text=text, by=actor, at=at)
    record(note, "add_note", at=at, case=case, actor=actor)
    return note


@transaction.atomic
def hold(case: Case, *, reason: str, until_on: dt.date, at: dt.datetime, actor: User) -> Hold:
    """Put the case aside until a day, at most 90 days; no limit of law stops (局内规定)."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not actor.has_perm("cases.hold_case") or not may_settle(case, actor):
        raise PermissionDenied
    day, reason = timezone.localdate(at), reason.strip()[:REASON_MAX]
    if reasons := _hold_objections(case, reason, until_on, day):
        raise Refused(reasons)
    row = Hold.objects.create(case=case, reason=reason, from_on=day, until_on=until_on, by=actor, at=at)
    record(row, "hold", at=at, case=case, actor=actor, reason=reason, until_on=until_on)
    return row


def _hold_objections(case: Case, reason: str, until_on: dt.date, day: dt.date) -> list[str]:
    reasons = []
    if not case.is_open:
        reasons.append(_("案件已结案，不能搁置"))
    if case.holds.filter(ended_at__isnull=True).exists():
        reasons.append(_("本案已搁置，请先恢复办理"))
    if not reason:
        reasons.append(of_field("reason", _("请写明搁置理由")))
    if not day < until_on <= day + dt.timedelta(days=HOLD_DAYS_MAX):
        reasons.append(of_field("until_on", _("搁置至少到明天，最长 %(count)d 天") % {"count": HOLD_DAYS_MAX}))
    return reasons


@transaction.atomic
def end_hold(row: Hold, *, reason: str, at: dt.datetime, actor: User) -> Hold:
    """Take the case up again; before its day this needs a reason."""
    case = Case.objects.select_for_update().get(pk=row.case_id)
    row = Hold.objects.get(pk=row.pk)
    if not actor.has_perm("cases.hold_case") or not may_settle(case, actor):
        raise PermissionDenied
    if row.ended_at is not None:
        raise Refused(_("该搁置已结束"))
    day, reason = timezone.localdate(at), reason.strip()[:REASON_MAX]
    if day < row.until_on and not reason:
        raise Refused(of_field("reason", _("提前恢复办理，请写明理由")))
    row.ended_by, row.ended_at, row.ended_on, row.end_reason = actor, at, day, reason
    row.save(update_fields=["ended_by", "ended_at", "ended_on", "end_reason"])
    record(row, "end_hold", at=at, case=case, actor=actor, reason=reason, until_on=row.until_on, ended_on=day)
    return row
