"""Who may sign for a paper, and how leaving one is proved (民事诉讼法 直接送达、留置送达)."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.errors import of_field
from documents.citations import cite
from documents.deemed import Way

if TYPE_CHECKING:
    from documents.models import Delivery


class Receiver(models.TextChoices):
    """As whom somebody signed, or what proves that a paper was left."""

    SELF = "SELF", gettext_lazy("受送达人本人")
    FAMILY = "FAMILY", gettext_lazy("同住成年家属")
    LEGAL_REP = "LEGAL_REP", gettext_lazy("法定代表人")
    PRINCIPAL = "PRINCIPAL", gettext_lazy("其他组织的主要负责人")
    MAILROOM = "MAILROOM", gettext_lazy("单位负责收件的人（收发部门）")
    AGENT = "AGENT", gettext_lazy("代理人")
    NOMINEE = "NOMINEE", gettext_lazy("受送达人指定的代收人")
    WITNESSED = "WITNESSED", gettext_lazy("见证人到场（基层组织或者所在单位的代表）")
    RECORDED = "RECORDED", gettext_lazy("拍照、录像记录送达过程")


OF_PERSON = (Receiver.SELF, Receiver.FAMILY, Receiver.AGENT, Receiver.NOMINEE)
OF_UNIT = (Receiver.LEGAL_REP, Receiver.PRINCIPAL, Receiver.MAILROOM, Receiver.AGENT, Receiver.NOMINEE)
OF_LEFT = (Receiver.WITNESSED, Receiver.RECORDED)
# Of what is signed for, and of what is left.
ARTICLES = ("SERVICE_DIRECT", "SERVICE_LEFT")
# Signed for on the court's own receipt; what is posted proves itself by the slip of the post.
SIGNED = (Way.DIRECT, Way.ENTRUSTED, Way.FORWARDED)


def allowed(delivery: "Delivery") -> tuple[Receiver, ...]:
    """Return who may sign for this paper, or how its leaving is proved; nobody signs for a notice or a message."""
    party = delivery.party
    is_person = party is not None and party.kind == party.Kind.PERSON
    if delivery.way == Way.LEFT:
        return OF_LEFT
    if delivery.way == Way.FORWARDED:
        return (Receiver.SELF,) if is_person else ()
    if delivery.way in (*SIGNED, Way.MAIL):
        return OF_PERSON if is_person else OF_UNIT
    return ()


def objections(delivery: "Delivery", kind: str, name: str, *, on: dt.date) -> list[str]:
    """Return what is missing or wrong about who signed, each beside its field."""
    may = allowed(delivery)
    needs = bool(may) and (delivery.way in (*SIGNED, Way.LEFT) or bool(name))
    if not kind:
        said = _not_said(delivery) % {"law": cite(ARTICLES[delivery.way == Way.LEFT], on)}
        return [of_field("receiver_kind", said)] if needs else []
    if kind not in may:
        return [of_field("receiver_kind", _("这种送达方式或者这个受送达人，不能由他签收"))]
    if kind != Receiver.SELF and not name:
        words = {
            Receiver.WITNESSED: _("请写明见证人的姓名和单位"),
            Receiver.RECORDED: _("请写明照片、录像由谁拍摄、存放在哪里"),
        }
        return [of_field("receiver", words.get(Receiver(kind), _("请填写签收人姓名")))]
    return _of_stranger(delivery, kind, name, on=on)


def _not_said(delivery: "Delivery") -> str:
    return _("请选择怎样证明留置（%(law)s）") if delivery.way == Way.LEFT else _("请选择签收人的身份（%(law)s）")


def _of_stranger(delivery: "Delivery", kind: str, name: str, *, on: dt.date) -> list[str]:
    # An agent and whom the addressee named himself stand on the file.
    party = delivery.party
    if party is None:
        return []
    if kind == Receiver.SELF and name and name != party.name:
        return [of_field("receiver", _("本人签收的，签收人是%(name)s") % {"name": party.name})]
    if kind == Receiver.AGENT and not party.agents.live(on=on).filter(name=name).exists():
        return [of_field("receiver", _("案件没有登记%(name)s为受送达人的代理人，请先登记委托手续") % {"name": name})]
    if kind == Receiver.NOMINEE:
        confirmed = party.address_confirmations.filter(replaced_at__isnull=True).first()
        if confirmed is None or confirmed.recipient != name:
            return [of_field("receiver", _("送达地址确认书上的收件人不是%(name)s") % {"name": name})]
    return []
