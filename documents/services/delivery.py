"""Service of process: addresses confirmed, papers sent, attempts noted, the day of service computed."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Holiday, User
from bureau.versions import refuse_stale
from cases.models import Case, Party
from cases.pauses import PauseKind
from cases.record import record
from cases.services import pauses, refuse_put_away
from documents import addressees, receivers
from documents.deemed import NOTICE_CHANGED_ON, Way, deemed
from documents.library.declared import Kind, Service
from documents.models import AddressConfirmation, Attempt, Delivery, Document, Material
from documents.receivers import Receiver

NOTE_MAX, NAME_MAX = 300, 100
UNKNOWN = "下落不明"
SERVED_FIELDS = (
    *("delivered_on", "is_returned", "proof", "receiver_kind", "receiver", "arrived_at"),
    *("deemed_on", "deemed_steps", "deemed_basis"),
)
ADDRESS_FIELDS = ("recipient", "address", "phone", "has_e_consent", "e_address", "has_ruling_consent")


def _locked_case(case_id: int, permission: str, actor: User) -> Case:
    # The case row is the lock of everything on a case; who does not see it may not act on it.
    case = Case.objects.held().get(pk=case_id)
    if not actor.has_perm(permission) or not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise PermissionDenied
    refuse_put_away(case)
    return case


def address_now(party: Party) -> dict[str, str]:
    """Return what the party has confirmed so far, by field; empty texts where nothing stands."""
    row = party.address_confirmations.filter(replaced_at__isnull=True).first()
    return {name: str(getattr(row, name, "") or "") for name in ADDRESS_FIELDS}


def _refuse_consent(has_e_consent: bool, has_ruling_consent: bool, e_address: str) -> None:
    if has_e_consent and not e_address.strip():
        raise Refused(of_field("e_address", _("同意电子送达的，应当填写电子送达地址")))
    if has_ruling_consent and not has_e_consent:
        raise Refused(of_field("has_ruling_consent", _("未同意电子送达，不能单独同意电子送达裁定书")))


def _entered_by(party: Party) -> str:
    row = party.address_confirmations.filter(replaced_at__isnull=True).select_related("entered_by").first()
    return row.entered_by.name if row else ""


@transaction.atomic
def confirm_address(
    party: Party,
    *,
    recipient: str,
    address: str,
    phone: str = "",
    has_e_consent: bool = False,
    has_ruling_consent: bool = False,
    e_address: str = "",
    material: Material | None = None,
    seen: str = "",
    at: dt.datetime,
    actor: User,
) -> AddressConfirmation:
    """Record where a party confirms it may be served; it stays valid for the whole procedure until replaced.

    Consent to electronic service is express (法释〔2021〕12号 29) and names where papers are to arrive. `seen` is the
    mark of what the form was opened with; raises Stale where a colleague has entered another confirmation since.
    """
    case = _locked_case(party.case_id, "documents.confirm_address", actor)
    _refuse_consent(has_e_consent, has_ruling_consent, e_address)
    if material is not None and material.case_id != case.pk:
        raise Refused(_("地址确认书不是本案材料"))
    refuse_stale(address_now(party), seen, by=_entered_by(party))
    party.address_confirmations.filter(replaced_at__isnull=True).update(replaced_at=at)
    row = AddressConfirmation.objects.create(
        party=party,
        recipient=recipient.strip()[:NAME_MAX] or party.name,
        address=address.strip(),
        phone=phone.strip(),
        has_e_consent=has_e_consent,
        has_ruling_consent=has_ruling_consent,
        e_address=e_address.strip() if has_e_consent else "",
        material=material,
        confirmed_on=timezone.localdate(at),
        entered_by=actor,
        entered_at=at,
    )
    record(
        row,
        "confirm_address",
        at=at,
        case=case,
        actor=actor,
        party=party.pk,
        e_consent=has_e_consent,
        ruling_consent=has_ruling_consent,
    )
    return row


@transaction.atomic
def send(
    document: Document,
    *,
    way: str,
    party: Party | None = None,
    addressee: str = "",
    place: str = "",
    tracking: str = "",
    ground: str = "",
    at: dt.datetime,
    actor: User,
) -> Delivery:
    """Send a document to one addressee by one way; a party's confirmed address is used unless another is given.

    Electronic only with consent, public notice only with its reason, a notice to a third-party debtor only directly.
    """
    case = _locked_case(document.case_id, "documents.serve_document", actor)
    document = Document.objects.light().select_related("template").get(pk=document.pk)
    confirmation = _live_address(party) if party else None
    day = timezone.localdate(at)
    name = party.name if party else addressee.strip()[:NAME_MAX]
    objections = _send_objections(document, party, name, way, confirmation, ground=ground, place=place, on=day)
    if objections := [*objections, *_untraceable(way, tracking, place)]:
        raise Refused(objections)
    own = confirmation if confirmation and not place.strip() else None
    if way == Way.ELECTRONIC:
        own = confirmation
    delivery = Delivery.objects.create(
        document=document,
        case=case,
        party=party,
        addressee=name,
        way=way,
        confirmation=own,
        place=place.strip() or _own_place(own, way) or (party.address if party and way == Way.MAIL else ""),
        tracking=tracking.strip()[:NAME_MAX],
        ground=ground.strip()[:NOTE_MAX],
        sent_on=day,
        sent_by=actor,
        sent_at=at,
    )
    record(
        delivery, "send_document", at=at, case=case, actor=actor, number=document.number, title=document.title, way=way
    )
    return delivery


def _untraceable(way: str, tracking: str, place: str) -> list[str]:
    # What is posted, or published, can be followed by its number or place only; what others serve, by who does.
    others = {
        Way.ENTRUSTED: _("委托送达应写明受托法院和委托函"),
        Way.FORWARDED: _("转交送达应写明转交的部队、监所或者强制性教育机构"),
    }
    if way in others and not place.strip():
        return [of_field("place", others[Way(way)])]
    if way in (Way.MAIL, Way.NOTICE) and not tracking.strip():
        words = {Way.MAIL: _("邮寄送达应填写邮件号"), Way.NOTICE: _("公告送达应填写刊登处和期号或网址")}
        return [of_field("tracking", words[Way(way)])]
    return []


def _live_address(party: Party) -> AddressConfirmation | None:
    return party.address_confirmations.filter(replaced_at__isnull=True).first()


def _own_place(confirmation: AddressConfirmation | None, way: str) -> str:
    if confirmation is None:
        return ""
    place: str = confirmation.e_address if way == Way.ELECTRONIC else confirmation.address
    return place


def _send_objections(
    document: Document,
    party: Party | None,
    name: str,
    way: str,
    confirmation: AddressConfirmation | None,
    *,
    ground: str,
    place: str,
    on: dt.date,
) -> list[str]:
    reasons = []
    if not name:
        reasons.append(of_field("party", _("请选择当事人或者填写受送达单位")))
    if party is not None and party.case_id != document.case_id:
        reasons.append(of_field("party", _("受送达人不是本案当事人")))
    reasons += addressees.objections(document, party) if name else []
    if document.voided_by_id:
        reasons.append(_("已作废的文书不能送达"))
    elif document.pdf_state == Document.PdfState.FAILED:
        reasons.append(_("文书制作失败，没有可以送达的文件，请改正后重新签发"))
    if document.template.service == Service.DIRECT and way != Way.DIRECT:
        reasons.append(of_field("way", _("履行到期债务通知书必须直接送达第三人（执行工作规定 45）")))
    if way == Way.MAIL and party is not None and not (place.strip() or confirmation or party.address):
        reasons.append(of_field("place", _("邮寄送达应填写地址：当事人没有确认送达地址，立案时也没有登记住址")))
    if way == Way.ELECTRONIC:
        reasons += _electronic_objections(document, confirmation, on=on)
    if way == Way.NOTICE:
        reasons += _notice_objections(document, party, name, ground)
    earlier = Delivery.objects.filter(document=document, party=party, addressee=name)
    if earlier.exclude(state=Delivery.State.FAILED).exists():
        reasons.append(of_field("party", _("该受送达人已送达或者正在送达，请先登记送达结果")))
    return reasons


def _electronic_objections(document: Document, confirmation: AddressConfirmation | None, *, on: dt.date) -> list[str]:
    if confirmation is None or not confirmation.has_e_consent:
        return [of_field("way", _("受送达人未同意电子送达，不能以电子方式送达"))]
    # Until 2021-12-31 only the rules of online litigation (法释〔2021〕12号) let a ruling be served so.
    if document.kind == Kind.RULING and on < NOTICE_CHANGED_ON and not confirmation.has_ruling_consent:
        return [of_field("way", _("2022年1月1日前，裁定书须经受送达人明示同意方可电子送达（在线诉讼规则 29）"))]
    return []


def _notice_objections(document: Document, party: Party | None, name: str, ground: str) -> list[str]:
    # 民事诉讼法: whereabouts unknown, or no other way has led to service; the file says why and what was tried.
    if not ground.strip():
        return [of_field("ground", _("公告送达应当写明原因和经过"))]
    tried = Delivery.objects.filter(case_id=document.case_id, party=party, addressee=name, state=Delivery.State.FAILED)
    if UNKNOWN not in ground and not tried.exists():
        return [of_field("way", _("公告送达须受送达人下落不明，或者其他方式未能送达并已登记"))]
    return []


def ended_objections(delivery: Delivery) -> list[str]:
    """Return why nothing more can come of this delivery."""
    if delivery.state == Delivery.State.SENT:
        return []
    return [_("该送达已办结：%(state)s") % {"state": delivery.get_state_display()}]


def _open(delivery: Delivery, actor: User) -> tuple[Case, Delivery]:
    case = _locked_case(delivery.case_id, "documents.serve_document", actor)
    delivery = Delivery.objects.select_related("document__template", "confirmation").get(pk=delivery.pk)
    if reasons := ended_objections(delivery):
        raise Refused(reasons)
    return case, delivery


@transaction.atomic
def note_attempt(
    delivery: Delivery,
    *,
    reason: str,
    note: str = "",
    tried_on: dt.date | None = None,
    is_given_up: bool = False,
    at: dt.datetime,
    actor: User,
) -> Attempt:
    """Note that the paper did not reach its addressee, and why; given up, the next way may be tried."""
    case, delivery = _open(delivery, actor)
    if reason not in Attempt.Reason.values:
        raise Refused(of_field("reason", _("请选择未送达原因")))
    if reason == Attempt.Reason.OTHER and not note.strip():
        raise Refused(of_field("note", _("选择“其他”时请写明原因")))
    day = tried_on or timezone.localdate(at)
    _refuse_impossible(delivery, day, said="tried_on", at=at)
    attempt = Attempt.objects.create(
        delivery=delivery, reason=reason, note=note.strip()[:NOTE_MAX], tried_on=day, noted_by=actor, noted_at=at
    )
    if is_given_up:
        _end(delivery, Delivery.State.FAILED, at=at, actor=actor)
    record(
        delivery,
        "note_attempt",
        at=at,
        case=case,
        actor=actor,
        way=delivery.way,
        failure=reason,
        is_given_up=is_given_up,
    )
    return attempt


@transaction.atomic
def deliver(
    delivery: Delivery,
    *,
    on: dt.date,
    proof: Material | None,
    receiver_kind: str = "",
    receiver: str = "",
    arrived_at: dt.time | None = None,
    is_returned: bool = False,
    at: dt.datetime,
    actor: User,
) -> Delivery:
    """Record that the paper was signed for, left, arrived, returned or published on a day; compute the day of service.

    Every way needs its proof in the file (送达回证、回执、电子送达凭证、公告). What is signed for or left says before
    whom, what arrives electronically at what time.
    """
    case, delivery = _open(delivery, actor)
    _refuse_impossible(delivery, on, said="on", at=at)
    receiver = receiver.strip()[:NAME_MAX]
    reasons = [] if is_returned else receivers.objections(delivery, receiver_kind, receiver, on=on)
    if reasons := [*reasons, *_without_moment(delivery, on, arrived_at, at=at)]:
        raise Refused(reasons)
    if proof is None or proof.case_id != case.pk:
        raise Refused(of_field("proof", _("请附送达回证或者送达凭证")))
    if is_returned and (delivery.way != Way.MAIL or delivery.confirmation_id is None):
        raise Refused(of_field("is_returned", _("只有邮寄到受送达人自己确认的地址，退回之日才视为送达")))
    result = deemed(delivery.way, on, is_returned=is_returned, calendar=Holiday.objects.calendar())
    delivery.delivered_on, delivery.is_returned, delivery.proof = on, is_returned, proof
    delivery.receiver_kind, delivery.arrived_at = receiver_kind, arrived_at
    delivery.receiver = receiver or (delivery.addressee if receiver_kind == Receiver.SELF else "")
    delivery.deemed_on, delivery.deemed_steps, delivery.deemed_basis = result.on, result.steps, result.basis
    _end(delivery, Delivery.State.DELIVERED, at=at, actor=actor, fields=SERVED_FIELDS)
    _stand_still(case, delivery, today=timezone.localdate(at))
    record(
        delivery,
        "deliver_document",
        at=at,
        case=case,
        actor=actor,
        number=delivery.document.number,
        title=delivery.document.title,
        way=delivery.way,
        receiver_kind=receiver_kind,
        delivered_on=on,
        deemed_on=result.on,
        **_told(delivery.document),
    )
    return delivery


def _without_moment(delivery: Delivery, on: dt.date, arrived_at: dt.time | None, *, at: dt.datetime) -> list[str]:
    if delivery.way != Way.ELECTRONIC:
        return []
    if arrived_at is None:
        return [of_field("arrived_at", _("电子送达应当填写到达受送达人特定系统的时刻（在线诉讼规则 31）"))]
    if timezone.make_aware(dt.datetime.combine(on, arrived_at)) > at:
        return [of_field("arrived_at", _("到达时刻不能在现在之后"))]
    return []


def _stand_still(case: Case, delivery: Delivery, *, today: dt.date) -> None:
    """Exclude the days of a public notice from the limits, from its publication to the day of service.

    Legal source: 法发〔2006〕35号 13. Overlapping notices count once; nothing stands still before the case was filed.
    """
    if delivery.way != Way.NOTICE or not case.is_open:
        return
    assert delivery.delivered_on is not None
    assert delivery.deemed_on is not None
    pauses.begin(
        case,
        PauseKind.PUBLICATION,
        document=f"{delivery.document.number} {delivery.document.title}，{delivery.tracking}",
        paper=f"material:{delivery.proof_id}",
        from_on=max(delivery.delivered_on, case.filed_on),
        until_on=delivery.deemed_on,
        today=today,
    )


def _told(document: Document) -> dict[str, Any]:
    """Return what clocks need to know of the paper served: its template, and the term that it sets."""
    term = str(document.typed().get("days", "")).strip()
    return {"template": document.template.code} | ({"term_days": int(term)} if term.isdecimal() else {})


def _refuse_impossible(delivery: Delivery, on: dt.date, *, said: str, at: dt.datetime) -> None:
    if not delivery.sent_on <= on <= timezone.localdate(at):
        raise Refused(of_field(said, _("日期应在送出日和今天之间")))


def _end(delivery: Delivery, state: str, *, at: dt.datetime, actor: User, fields: tuple[str, ...] = ()) -> None:
    delivery.state, delivery.ended_by, delivery.ended_at = state, actor, at
    delivery.save(update_fields=["state", "ended_by", "ended_at", *fields])
