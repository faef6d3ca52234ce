"""The demo's bank where it speaks ISO 20022: its statement of a day, and its report on a file of payments. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

SPACE = "urn:iso:std:iso:20022:tech:xsd:"


@dataclass(frozen=True, slots=True)
class Entry:
    """One booked entry; yuan, negative where they went out. `to` is the sub-account that was credited."""

    serial: str
    amount: Decimal
    name: str
    account: str = ""
    to: str = ""
    reference: str = ""
    remark: str = ""


def camt053(entries: Sequence[Entry], *, day: dt.date, opening: Decimal, account: str) -> bytes:
    """Return the bank's statement of that day, with the balances that follow."""
    closing = opening + sum((entry.amount for entry in entries), Decimal(0))
    made = f"{day}T20:00:00+08:00"
    said = [_balance("OPBD", opening, day), _balance("CLBD", closing, day), *(_entry(entry, day) for entry in entries)]
    return _document(
        "camt.053.001.08",
        f"<BkToCstmrStmt><GrpHdr><MsgId>STMT{day:%Y%m%d}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>STMT{day:%Y%m%d}</Id><CreDtTm>{made}</CreDtTm>{_account('Acct', account)}",
        *said,
        "</Stmt></BkToCstmrStmt>",
    )


def pain002(original_id: str, *, settled: Iterable[str], accepted: Iterable[str], day: dt.date) -> bytes:
    """Return the bank's report on a file: these payments are settled on that day, those it has taken in."""
    rows = [
        *(_status(reference, "ACSC", f"<AccptncDtTm>{day}T16:30:00</AccptncDtTm>") for reference in settled),
        *(_status(reference, "ACSP") for reference in accepted),
    ]
    return _document(
        "pain.002.001.10",
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>RPT{original_id}</MsgId><CreDtTm>{day}T16:45:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"<GrpSts>PART</GrpSts></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{original_id}</OrgnlPmtInfId>",
        *rows,
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt>",
    )


def _document(name: str, *lines: str) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{SPACE}{name}">'
    return "\n".join([head, *lines, "</Document>"]).encode()


def _account(role: str, number: str) -> str:
    return f"<{role}><Id><Othr><Id>{escape(number)}</Id></Othr></Id></{role}>" if number else ""


def _balance(code: str, amount: Decimal, day: dt.date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CNY">{amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


def _entry(entry: Entry, day: dt.date) -> str:
    sign, other = ("CRDT", "Dbtr") if entry.amount > 0 else ("DBIT", "Cdtr")
    parties = f"<{other}><Pty><Nm>{escape(entry.name)}</Nm></Pty></{other}>{_account(f'{other}Acct', entry.account)}"
    remark = f"<RmtInf><Ustrd>{escape(entry.remark)}</Ustrd></RmtInf>" if entry.remark else ""
    return (
        f'<Ntry><Amt Ccy="CNY">{abs(entry.amount):.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{escape(entry.serial)}</AcctSvcrRef>"
        "<BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{escape(entry.reference) or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f"<RltdPties>{parties}{_account('CdtrAcct', entry.to)}</RltdPties>{remark}</TxDtls></NtryDtls></Ntry>"
    )


def _status(reference: str, status: str, more: str = "") -> str:
    named = f"<OrgnlEndToEndId>{escape(reference)}</OrgnlEndToEndId>"
    return f"<TxInfAndSts>{named}<TxSts>{status}</TxSts>{more}</TxInfAndSts>"
