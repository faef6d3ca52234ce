"""Reads the bank's report on a file of payment orders (pain.002); no ORM.

No package carries the schema of this message, so what is read of it is checked here: each element where it belongs,
each once where it may stand once, each status by the code list. A report that is wrong in one place is refused whole.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from accounts.isofiles import name_of, parsed, unreadable
from bureau.errors import Refused

NAMES = ("pain.002.001.03", "pain.002.001.10")
REJECTED, ACCEPTED, SETTLED, PARTLY = "REJECTED", "ACCEPTED", "SETTLED", "PARTLY"
# What the bank says by the codes of ISO's lists of group, payment and transaction status.
STATUS = {
    "RJCT": REJECTED,
    "CANC": REJECTED,
    **dict.fromkeys(("RCVD", "PDNG", "ACTC", "ACCP", "ACSP", "ACWC", "ACWP", "ACFC"), ACCEPTED),
    **dict.fromkeys(("ACSC", "ACCC"), SETTLED),
    "PART": PARTLY,
}
TRANSACTIONS_MAX = 5000  # as many as go out in one file
FAULTS_MAX = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one payment, or of all that are not named; money in yuan where the bank repeats it."""

    status: str
    reason: str = ""
    value_on: dt.date | None = None
    amount: Decimal | None = None


@dataclass(slots=True)
class Report:
    """One report: of which file, and what is said of the whole and of each payment by our reference."""

    message_id: str
    original_id: str
    whole: Said | None = None
    rows: dict[str, Said] = field(default_factory=dict)


class _Reader:
    """Collects what is wrong while it reads; quotes nothing that stands in the report."""

    def __init__(self, space: str) -> None:
        self.space, self.faults = space, list[str]()

    def all(self, node: Any, path: str) -> list[Any]:
        found: list[Any] = node.findall("/".join(f"{{{self.space}}}{part}" for part in path.split("/")))
        return found

    def text(self, node: Any, path: str) -> str:
        """Return the text of an element that stands there at most once; nothing if it does not."""
        found = self.all(node, path)
        if len(found) > 1:
            self.wrong(found[1], _("第 %(line)d 行：%(name)s 处缺少、多出或错放了元素"))
        return (found[0].text or "").strip() if found else ""

    def needed(self, node: Any, path: str) -> str:
        text = self.text(node, path)
        if not 0 < len(text) <= 35:
            self.missing(node, path)
        return text

    def missing(self, node: Any, path: str) -> None:
        told = {"line": node.sourceline, "name": path.rsplit("/", 1)[-1]}
        self.faults.append(_("第 %(line)d 行：缺少 %(name)s，或其内容不合规范") % told)

    def wrong(self, node: Any, words: str) -> None:
        self.faults.append(words % {"line": node.sourceline, "name": etree.QName(node).localname})

    def status(self, node: Any, path: str) -> str:
        """Return the meaning of a status, nothing where none is given."""
        if not (code := self.text(node, path)):
            return ""
        if code not in STATUS:
            self.missing(node, path)
        return STATUS.get(code, "")

    def said(self, node: Any, path: str) -> Said | None:
        """Return what an element says by its status, with the reason and the day."""
        if not (status := self.status(node, path)):
            return None
        return Said(status, self.reason(node), self.day(node), self.amount(node))

    def reason(self, node: Any) -> str:
        words = []
        for why in self.all(node, "StsRsnInf"):
            words += [self.text(why, "Rsn/Cd") or self.text(why, "Rsn/Prtry")]
            words += [(row.text or "").strip() for row in self.all(why, "AddtlInf")]
        return " ".join(filter(None, words))[:200]

    def day(self, node: Any) -> dt.date | None:
        text = self.text(node, "FctvIntrBkSttlmDt/Dt") or self.text(node, "FctvIntrBkSttlmDt/DtTm")
        text = text or self.text(node, "AccptncDtTm")
        if not text:
            return None
        try:
            return dt.date.fromisoformat(text[:10])
        except ValueError:
            self.missing(node, "AccptncDtTm")
        return None

    def amount(self, node: Any) -> Decimal | None:
        text = self.text(node, "OrgnlTxRef/Amt/InstdAmt")
        if text and not re.fullmatch(r"[0-9]{1,14}([.][0-9]{1,2})?", text):
            self.missing(node, "OrgnlTxRef/Amt/InstdAmt")
            return None
        return Decimal(text) if text else None


def read(content: bytes) -> Report:
    """Return the report; refused whole, with line and element, where anything of it is wrong."""
    root = parsed(content)
    if name_of(root) not in NAMES:
        raise unreadable(NAMES)
    reader = _Reader(root.nsmap[root.prefix])
    bodies = reader.all(root, "CstmrPmtStsRpt")
    groups = reader.all(root, "CstmrPmtStsRpt/OrgnlGrpInfAndSts")
    if len(bodies) != 1 or len(groups) != 1:
        raise Refused(_("第 %(line)d 行：%(name)s 处缺少、多出或错放了元素") % {"line": 1, "name": "OrgnlGrpInfAndSts"})
    body, group = bodies[0], groups[0]
    report = Report(reader.needed(body, "GrpHdr/MsgId"), reader.needed(group, "OrgnlMsgId"))
    if not reader.text(group, "OrgnlMsgNmId").startswith("pain.001"):
        reader.missing(group, "OrgnlMsgNmId")
    report.whole = reader.said(group, "GrpSts")
    for info in reader.all(body, "OrgnlPmtInfAndSts"):
        report.whole = reader.said(info, "PmtInfSts") or report.whole
        for reference, said in _rows(reader, info):
            report.rows[reference] = said
    if reader.faults:
        raise Refused(list(dict.fromkeys(reader.faults))[:FAULTS_MAX])
    _refuse_silent(report)
    return report


def _rows(reader: _Reader, info: Any) -> Iterator[tuple[str, Said]]:
    seen: set[str] = set()
    for row in reader.all(info, "TxInfAndSts"):
        reference, said = reader.needed(row, "OrgnlEndToEndId"), reader.said(row, "TxSts")
        if said is None or said.status == PARTLY:
            reader.missing(row, "TxSts")
        elif reference in seen:
            reader.wrong(row, _("第 %(line)d 行：%(name)s 与前面的重复"))
        else:
            yield reference, said
        seen.add(reference)


def _refuse_silent(report: Report) -> None:
    whole = report.whole.status if report.whole else ""
    if not report.rows and whole in ("", PARTLY):
        raise Refused(_("报文没有说明任何一笔付款的处理结果"))
    if len(report.rows) > TRANSACTIONS_MAX:
        raise Refused(_("报文超过 %(count)d 笔，不是一个付款文件的回执") % {"count": TRANSACTIONS_MAX})
    if whole == REJECTED and any(said.status != REJECTED for said in report.rows.values()):
        raise Refused(_("报文称整个文件被拒绝，又称其中有付款被接受，前后矛盾"))
