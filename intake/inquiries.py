"""The first-inquiry desk: received, answered, handed over to a named person, taken over or given back.

Whoever received a query answers for it until it is answered or the named person has taken it over.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.masking import mask_name
from bureau.models import Holiday, User
from bureau.record import record
from cases.models import Case
from cases.record import record as record_of_case
from intake.models import Handing, Inquiry, Ticket

Result = Handing.Result


def last_day(today: dt.date, workdays: int) -> dt.date:
    """Return the last day of a limit in working days; none at all means today or the next working day."""
    return Holiday.objects.calendar().due(today, workdays, "workday").due_on


def _note(
    inquiry: Inquiry,
    verb: str,
    *,
    person: User | None = None,
    due_on: dt.date | None = None,
    reason: str = "",
    at: dt.datetime,
    actor: User,
) -> None:
    # What is asked about a case belongs to its record.
    to_user = person.pk if person else None
    if inquiry.case is None:
        record(inquiry, verb, at=at, actor=actor, to_user=to_user, due_on=due_on, reason=reason)
    else:
        record_of_case(
            inquiry, verb, at=at, case=inquiry.case, actor=actor, to_user=to_user, due_on=due_on, reason=reason
        )


@transaction.atomic
def open_inquiry(
    *,
    category: str,
    text: str,
    asker: str = "",
    case: Case | None = None,
    ticket: Ticket | None = None,
    at: dt.datetime,
    actor: User,
) -> Inquiry:
    """Take down what somebody asks; the receiver answers for it within INQUIRY_WORKDAYS."""
    if not actor.has_perm("intake.receive_inquiry") or actor.window is None:
        raise PermissionDenied
    if not text.strip():
        raise Refused(of_field("text", _("请填写所问事项")))
    if case is not None and not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise Refused(of_field("case", _("没有这个案件，或不在您可以查看的范围内")))
    inquiry = Inquiry.objects.create(
        window=actor.window,
        ticket=ticket,
        category=category,
        text=text.strip(),
        asker=mask_name(asker.strip(), "PERSON") or (ticket.shown_name if ticket else ""),
        case=case,
        received_by=actor,
        received_at=at,
        owner=actor,
        due_on=last_day(timezone.localdate(at), settings.INQUIRY_WORKDAYS),
    )
    _note(inquiry, "open_inquiry", at=at, actor=actor, due_on=inquiry.due_on)
    return inquiry


def _locked(inquiry: Inquiry) -> Inquiry:
    inquiry = Inquiry.objects.select_for_update(of=("self",)).select_related("case").get(pk=inquiry.pk)
    if not inquiry.is_open:
        raise Refused(_("该首问已答复"))
    return inquiry


@transaction.atomic
def answer_inquiry(inquiry: Inquiry, *, answer: str, at: dt.datetime, actor: User) -> Inquiry:
    """Its owner says in words what was answered; an offer that was not taken up is thereby withdrawn."""
    inquiry = _locked(inquiry)
    if not actor.has_perm("intake.answer_inquiry") or inquiry.owner_id != actor.pk:
        raise PermissionDenied
    if not answer.strip():
        raise Refused(of_field("answer", _("请写明答复内容")))
    inquiry.handings.open().update(ended_at=at, result=Result.WITHDRAWN)
    inquiry.answer, inquiry.answered_by, inquiry.answered_at = answer.strip(), actor, at
    inquiry.save(update_fields=["answer", "answered_by", "answered_at"])
    _note(inquiry, "answer_inquiry", at=at, actor=actor, due_on=inquiry.due_on)
    return inquiry


@transaction.atomic
def hand_over_inquiry(
    inquiry: Inquiry, *, to: User, reason: str, until_on: dt.date | None = None, at: dt.datetime, actor: User
) -> Handing:
    """Offer it to a named person with a last day within INQUIRY_HANDING_WORKDAYS; the owner stays until then."""
    inquiry = _locked(inquiry)
    if not actor.has_perm("intake.answer_inquiry") or inquiry.owner_id != actor.pk:
        raise PermissionDenied
    today = timezone.localdate(at)
    latest = last_day(today, settings.INQUIRY_HANDING_WORKDAYS)
    until_on = until_on or latest
    reasons = [] if reason.strip() else [of_field("reason", _("请填写移交理由"))]
    if to.pk == actor.pk:
        reasons.append(of_field("to", _("不能移交给自己")))
    elif not to.is_active or not to.has_perm("intake.answer_inquiry"):
        reasons.append(of_field("to", _("该人员不能接手首问")))
    if not today <= until_on <= latest:
        reasons.append(of_field("until_on", _("期限应在今天至 %(latest)s 之间") % {"latest": latest}))
    if inquiry.handings.open().exists():
        reasons.append(_("已移交他人，等待接收；如需另交他人，请先撤回"))
    if reasons:
        raise Refused(reasons)
    handing = Handing.objects.create(inquiry=inquiry, by=actor, to=to, reason=reason.strip(), until_on=until_on, at=at)
    _note(inquiry, "hand_over_inquiry", person=to, due_on=until_on, reason=handing.reason, at=at, actor=actor)
    return handing


def _offer(inquiry: Inquiry) -> Handing:
    handing = inquiry.handings.open().select_for_update().first()
    if handing is None:
        raise Refused(_("没有等待接收的移交"))
    return handing


@transaction.atomic
def accept_inquiry(inquiry: Inquiry, *, at: dt.datetime, actor: User) -> Inquiry:
    """The named person takes it over, with the last day that was set."""
    inquiry = _locked(inquiry)
    handing = _offer(inquiry)
    if not actor.has_perm("intake.answer_inquiry") or handing.to_id != actor.pk:
        raise PermissionDenied
    _end(handing, Result.ACCEPTED, "", at)
    inquiry.owner, inquiry.due_on = actor, handing.until_on
    inquiry.save(update_fields=["owner", "due_on"])
    _note(inquiry, "accept_inquiry", due_on=inquiry.due_on, at=at, actor=actor)
    return inquiry


@transaction.atomic
def give_back_inquiry(inquiry: Inquiry, *, note: str, at: dt.datetime, actor: User) -> Inquiry:
    """The named person says why it is not his; the owner stays and his last day too."""
    inquiry = _locked(inquiry)
    handing = _offer(inquiry)
    if not actor.has_perm("intake.answer_inquiry") or handing.to_id != actor.pk:
        raise PermissionDenied
    if not note.strip():
        raise Refused(of_field("note", _("请填写退回理由")))
    _end(handing, Result.RETURNED, note.strip(), at)
    _note(inquiry, "give_back_inquiry", reason=handing.note, at=at, actor=actor)
    return inquiry


@transaction.atomic
def withdraw_inquiry(inquiry: Inquiry, *, at: dt.datetime, actor: User) -> Inquiry:
    """The owner takes back an offer that was not taken up."""
    inquiry = _locked(inquiry)
    handing = _offer(inquiry)
    if handing.by_id != actor.pk:
        raise PermissionDenied
    _end(handing, Result.WITHDRAWN, "", at)
    _note(inquiry, "withdraw_inquiry", person=handing.to, at=at, actor=actor)
    return inquiry


def _end(handing: Handing, result: str, note: str, at: dt.datetime) -> None:
    handing.result, handing.note, handing.ended_at = result, note, at
    handing.save(update_fields=["result", "note", "ended_at"])
