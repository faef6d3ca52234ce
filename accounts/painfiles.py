"""Writes payment orders as ISO 20022 pain.001.001.09 and checks what it wrote against the schema; no ORM."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from accounts.bank import Order
from bureau.errors import Refused

VERSION = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{VERSION}"
CONTENT_TYPE = "application/xml"
PAYMENTS_MAX = 5000  # what local banks take in one file at most
CLEARING = "CNAPS"  # the code list's name for the clearing system of the People's Bank
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Payer:
    """The account of the house that pays."""

    holder_name: str
    number: str
    bank_name: str
    bank_code: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself."""

    message_id: str
    made_at: dt.datetime
    execute_on: dt.date
    payer: Payer


def write(head: Head, orders: Sequence[Order]) -> bytes:
    """Return the file; raises Refused with the reference of the payment that cannot be written."""
    root = etree.Element("Document", nsmap={None: NAMESPACE})
    body = etree.SubElement(root, "CstmrCdtTrfInitn")
    count, total = str(len(orders)), f"{sum(order.amount for order in orders):.2f}"
    top = etree.SubElement(body, "GrpHdr")
    _put(top, MsgId=head.message_id, CreDtTm=head.made_at.isoformat(timespec="seconds"), NbOfTxs=count, CtrlSum=total)
    _put(etree.SubElement(top, "InitgPty"), Nm=head.payer.holder_name)
    info = etree.SubElement(body, "PmtInf")
    _put(info, PmtInfId=head.message_id, PmtMtd="TRF", NbOfTxs=count, CtrlSum=total)
    _put(etree.SubElement(info, "ReqdExctnDt"), Dt=head.execute_on.isoformat())
    _put(etree.SubElement(info, "Dbtr"), Nm=head.payer.holder_name)
    _account(info, "DbtrAcct", head.payer.number)
    _agent(info, "DbtrAgt", head.payer.bank_name, head.payer.bank_code)
    for order in orders:
        try:
            _payment(info, order)
        except ValueError:  # a character that no XML may hold
            raise _unwritable(order.reference) from None
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    check(content)
    return content


def check(content: bytes) -> None:
    """Raise Refused unless the file is what the schema says; names the payment, never what stands in it."""
    # Names are given to the elements as they are read: written without a prefix they are in no namespace yet.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    document = etree.fromstring(content, parser)
    schema = _schema()
    if schema.validate(document):
        return
    line = schema.error_log[0].line
    names = [row for row in document.iter(f"{{{NAMESPACE}}}EndToEndId") if row.getparent().sourceline <= line]
    raise (
        _unwritable(names[-1].text)
        if names
        else Refused(
            _("付款文件的抬头不符合%(version)s：请核对本院账户的户名、账号和开户行设置") % {"version": VERSION}
        )
    )


@lru_cache(maxsize=1)
def _schema() -> Any:
    return etree.XMLSchema(etree.fromstring((files("sepaxml") / "schemas" / f"{VERSION}.xsd").read_bytes()))


def _unwritable(reference: str) -> Refused:
    told = {"reference": reference, "version": VERSION}
    return Refused(_("付款 %(reference)s 不能写入付款文件（%(version)s），请核对收款户名、账号和开户行") % told)


def _put(parent: Any, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, name).text = text


def _payment(info: Any, order: Order) -> None:
    row = etree.SubElement(info, "CdtTrfTxInf")
    _put(etree.SubElement(row, "PmtId"), InstrId=order.reference, EndToEndId=order.reference)
    amount = etree.SubElement(etree.SubElement(row, "Amt"), "InstdAmt", Ccy=CURRENCY)
    amount.text = f"{order.amount:.2f}"
    _agent(row, "CdtrAgt", order.bank_name, order.bank_code)
    _put(etree.SubElement(row, "Cdtr"), Nm=order.holder_name)
    _account(row, "CdtrAcct", order.number)
    # The bank prints this as the remark, by which a statement without the end-to-end id is matched.
    _put(etree.SubElement(row, "RmtInf"), Ustrd=order.reference)


def _account(parent: Any, name: str, number: str) -> None:
    other = etree.SubElement(etree.SubElement(etree.SubElement(parent, name), "Id"), "Othr")
    _put(other, Id=number)


def _agent(parent: Any, name: str, bank_name: str, bank_code: str) -> None:
    bank = etree.SubElement(etree.SubElement(parent, name), "FinInstnId")
    if bank_code:
        member = etree.SubElement(bank, "ClrSysMmbId")
        _put(etree.SubElement(member, "ClrSysId"), Cd=CLEARING)
        _put(member, MmbId=bank_code)
    _put(bank, Nm=bank_name)
