"""Lines of camt.053 and camt.054 as the cells of a statement; no ORM.

One entry of one payment is one line; an entry that the bank booked for several payments is a line for each.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.isofiles import opened
from bureau.errors import Refused
from bureau.money import yuan

KINDS = ("camt.053", "camt.054")
# Which element a cell is of: a fault is told by it, as by the heading of a table.
COLUMNS = {
    "day": "BookgDt",
    "serial": "AcctSvcrRef",
    "amount": "Amt",
    "balance": "Bal",
    "name": "Nm",
    "account": "Acct",
    "virtual_number": "CdtrAcct",
    "reference": "EndToEndId",
    "remark": "RmtInf",
    "own_account": "Acct",
}
# Said first in the remark of money that the bank sends back, so that it reads like a table that says so.
RETURNED = "退汇"
_SIGNS = {"CRDT": 1, "DBIT": -1}


def cells(content: bytes, encoding: str = "DETECTED") -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the cells of each booked line with the number of its entry; the rest has moved no money yet."""
    name, root = opened(content, KINDS, encoding)
    message = _Message(root.nsmap[root.prefix])
    blocks = message.all(root[0], "Stmt" if name.startswith("camt.053") else "Ntfctn")
    if len({message.account(block, "Acct") for block in blocks}) > 1:
        raise Refused(_("报文含有几个账户，请按账户分开导出"))
    position = 0
    for block in blocks:
        lines: list[tuple[int, dict[str, Any]]] = []
        entries = message.all(block, "Ntry")
        _refuse_incomplete(message, block, len(entries))
        for entry in entries:
            position += 1
            if (message.text(entry, "Sts/Cd") or message.text(entry, "Sts")) == "BOOK":
                lines += [(position, line) for line in message.lines(entry)]
        message.balance(block, [line for _position, line in lines])
        own = message.account(block, "Acct")
        for _position, line in lines:
            line["own_account"] = own
        yield from lines


def _refuse_incomplete(message: "_Message", block: Any, count: int) -> None:
    said = message.text(block, "TxsSummry/TtlNtries/NbOfNtries")
    if said and int(said) != count:
        raise Refused(_("报文称有 %(said)s 笔，实有 %(count)d 笔，文件不完整") % {"said": said, "count": count})


class _Message:
    """Looks elements up by their plain names in the namespace of one version."""

    def __init__(self, space: str) -> None:
        self.space = space

    def all(self, node: Any, path: str) -> list[Any]:
        found: list[Any] = node.findall("/".join(f"{{{self.space}}}{part}" for part in path.split("/")))
        return found

    def text(self, node: Any, path: str) -> str:
        found = self.all(node, path)
        return (found[0].text or "").strip() if found else ""

    def first(self, node: Any, *paths: str) -> str:
        return next((text for path in paths if (text := self.text(node, path))), "")

    def account(self, node: Any, path: str) -> str:
        return self.first(node, f"{path}/Id/IBAN", f"{path}/Id/Othr/Id")

    def lines(self, entry: Any) -> list[dict[str, Any]]:
        """Return one line, or one for each payment where the payments add up to the entry."""
        sign, amount = _SIGNS[self.text(entry, "CdtDbtInd")], self.all(entry, "Amt")[0]
        details = self.all(entry, "NtryDtls/TxDtls")
        own = self.text(entry, "AcctSvcrRef")
        if len(details) <= 1:
            detail = details[0] if details else entry
            serial = own or self.text(detail, "Refs/AcctSvcrRef")
            return [self._line(entry, detail, serial, amount, sign)]
        amounts = [self._amount(detail) for detail in details]
        signs = [_SIGNS.get(self.text(detail, "CdtDbtInd"), sign) for detail in details]
        total = sum(
            (Decimal(each.text) * side for each, side in zip(amounts, signs, strict=True) if each is not None),
            Decimal(0),
        )
        if None in amounts or total != Decimal(amount.text) * sign:
            return [self._line(entry, entry, own, amount, sign)]
        rows = zip(details, amounts, signs, strict=True)
        return [
            self._line(entry, detail, self.text(detail, "Refs/AcctSvcrRef") or (own and f"{own}-{number}"), each, side)
            for number, (detail, each, side) in enumerate(rows, start=1)
        ]

    def _amount(self, detail: Any) -> Any:
        found = self.all(detail, "Amt") or self.all(detail, "AmtDtls/TxAmt/Amt")
        return found[0] if found else None

    def _line(self, entry: Any, detail: Any, serial: str, amount: Any, sign: int) -> dict[str, Any]:
        day, time = self._moment(entry)
        returned = self._returned(entry, detail) if sign > 0 else ""
        # Money sent back names the parties of the payment that it was: the other side is whom we paid.
        other = "Dbtr" if sign > 0 and not returned else "Cdtr"
        currency = amount.get("Ccy")
        reference = self.first(detail, "Refs/EndToEndId", "Refs/InstrId")
        return {
            "serial": serial,
            "day": day,
            "time": time,
            "amount": f"{Decimal(amount.text) * sign:f}" if currency == "CNY" else currency,
            "name": self.first(detail, f"RltdPties/{other}/Pty/Nm", f"RltdPties/{other}/Nm"),
            "account": self.account(detail, f"RltdPties/{other}Acct"),
            "virtual_number": "" if sign < 0 or returned else self.account(detail, "RltdPties/CdtrAcct"),
            "reference": "" if reference == "NOTPROVIDED" else reference,
            "remark": " ".join(filter(None, [returned, self._remark(entry, detail)])),
        }

    def _remark(self, entry: Any, detail: Any) -> str:
        said = [(node.text or "").strip() for node in self.all(detail, "RmtInf/Ustrd")]
        words = " ".join(filter(None, said)) or self.text(detail, "RmtInf/Strd/CdtrRefInf/Ref")
        return words or self.text(detail, "AddtlTxInf") or self.text(entry, "AddtlNtryInf")

    def _returned(self, entry: Any, detail: Any) -> str:
        info = self.all(detail, "RtrInf")
        is_return = self.text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd") == "RRTN"
        if not (info or is_return or self.text(entry, "RvslInd") in ("true", "1")):
            return ""
        reason = self.first(info[0], "Rsn/Cd", "Rsn/Prtry") if info else ""
        return " ".join(filter(None, [RETURNED, reason, *(self.text(node, "AddtlInf") for node in info)]))

    def _moment(self, entry: Any) -> tuple[dt.date | None, dt.time | None]:
        # The fifteen days run from booking on our account; interest may run from another day.
        try:
            return self._said_moment(entry)
        except (ValueError, OverflowError):
            return None, None  # an hour 24, a year 10000: the schema knows them, the calendar does not

    def _said_moment(self, entry: Any) -> tuple[dt.date | None, dt.time | None]:
        said = self.first(entry, *(f"{day}/{form}" for day in ("BookgDt", "ValDt") for form in ("Dt", "DtTm")))
        if "T" not in said:
            return (dt.date.fromisoformat(said[:10]) if said else None), None
        at = dt.datetime.fromisoformat(said)
        at = timezone.localtime(at) if at.tzinfo else at
        return at.date(), at.time().replace(microsecond=0)

    def balance(self, block: Any, lines: list[dict[str, Any]]) -> None:
        """Give each line its balance from the opening; a closing that contradicts them is refused."""
        said: dict[str, Decimal] = {}
        for node in self.all(block, "Bal"):
            amount = Decimal(self.text(node, "Amt")) * _SIGNS[self.text(node, "CdtDbtInd")]
            said.setdefault(self.text(node, "Tp/CdOrPrtry/Cd"), amount)
        opening, closing = said.get("OPBD", said.get("PRCD")), said.get("CLBD")
        try:
            amounts = [Decimal(line["amount"]) for line in lines]
        except ArithmeticError:
            return
        if opening is None or closing is None:
            return
        if (due := opening + sum(amounts)) != closing:
            told = {"opening": yuan(opening), "due": yuan(due), "closing": yuan(closing)}
            words = _("报文自相矛盾：期初余额 %(opening)s 元加减各笔应为 %(due)s 元，期末余额却是 %(closing)s 元")
            raise Refused(words % told)
        for line, amount in zip(lines, amounts, strict=True):
            opening += amount
            line["balance"] = opening
