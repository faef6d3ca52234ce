"""Messages of ISO 20022 as a made-up bank writes them."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

SPACE = "urn:iso:std:iso:20022:tech:xsd:"


def party(role: str, name: str, version: str) -> str:
    """Return a party by the structure of that version."""
    inner = f"<Nm>{escape(name)}</Nm>"
    return f"<{role}>{f'<Pty>{inner}</Pty>' if version >= '08' else inner}</{role}>"


def account(role: str, number: str) -> str:
    """Return the account of a party."""
    return f"<{role}><Id><Othr><Id>{number}</Id></Othr></Id></{role}>" if number else ""


def detail(
    sign: str = "CRDT",
    *,
    amount: str = "",
    serial: str = "",
    reference: str = "",
    name: str = "某公司",
    number: str = "6222020012345678",
    to: str = "",
    remark: str = "案款",
    returned: str = "",
    version: str = "08",
) -> str:
    """Return one payment of an entry; `to` is the number that was credited, `returned` the reason of a return."""
    other = "Dbtr" if sign == "CRDT" and not returned else "Cdtr"
    parties = party(other, name, version) + account(f"{other}Acct", number)
    if other == "Dbtr":
        parties += account("CdtrAcct", to)
    refs = (f"<AcctSvcrRef>{serial}</AcctSvcrRef>" if serial else "") + (
        f"<EndToEndId>{reference or 'NOTPROVIDED'}</EndToEndId>"
    )
    return (
        f"<TxDtls><Refs>{refs}</Refs>"
        + (f'<Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>' if amount else "")
        + f"<RltdPties>{parties}</RltdPties><RmtInf><Ustrd>{escape(remark)}</Ustrd></RmtInf>"
        + (f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else "")
        + "</TxDtls>"
    )


def entry(
    serial: str,
    amount: str,
    *details: str,
    sign: str = "CRDT",
    on: str = "2021-09-20",
    currency: str = "CNY",
    status: str = "BOOK",
    is_reversal: bool = False,
    version: str = "08",
) -> str:
    """Return one booked entry."""
    state = f"<Cd>{status}</Cd>" if version >= "08" else status
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        + ("<RvslInd>true</RvslInd>" if is_reversal else "")
        + f"<Sts>{state}</Sts><BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
        + (f"<AcctSvcrRef>{serial}</AcctSvcrRef>" if serial else "")
        + "<BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd>"
        + (f"<NtryDtls>{''.join(details)}</NtryDtls>" if details else "")
        + "</Ntry>"
    )


def balance(code: str, amount: str, on: str = "2021-09-20") -> str:
    """Return one balance of a statement."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>'
    )


def message(
    entries: Sequence[str],
    *,
    kind: str = "053",
    version: str = "08",
    balances: tuple[str, str] | None = None,
    encoding: str = "UTF-8",
    number: str = "88100001",
    count: int | None = None,
) -> bytes:
    """Return camt.053 or camt.054 with these entries, one a line."""
    root, block = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[kind]
    summary = f"<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries></TtlNtries></TxsSummry>" if count else ""
    said = [balance("OPBD", balances[0]), balance("CLBD", balances[1])] if balances and kind == "053" else []
    if kind == "053" and not said:
        said = [balance("ITBD", "0.00")]
    lines = [
        f'<?xml version="1.0" encoding="{encoding}"?>',
        f'<Document xmlns="{SPACE}camt.{kind}.001.{version}"><{root}>',
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2021-09-20T18:00:00+08:00</CreDtTm></GrpHdr>",
        f"<{block}><Id>S1</Id><CreDtTm>2021-09-20T18:00:00+08:00</CreDtTm>",
        account("Acct", number),
        *said,
        summary,
        *entries,
        f"</{block}></{root}></Document>",
    ]
    return "\n".join(filter(None, lines)).encode(encoding.lower())
