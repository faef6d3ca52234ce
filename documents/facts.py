"""What a case tells a document: parties, claims, sums in words, courts, citations, and what higher rooms add."""

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.utils.module_loading import import_string

from bureau.identity import InvalidNumber, canonical_resident_id
from cases import basis, casenumber
from cases.models import Agent, Case, Claim, Party
from documents import numerals
from documents.citations import citations
from documents.remedies import review_court

SEXES = {"M": "男", "F": "女"}
CLAIM_WORDS = {
    "PRINCIPAL": "本金",
    "INTEREST": "利息",
    "PENALTY": "违约金",
    "COMPENSATION": "赔偿金",
    "WAGES": "劳动报酬",
    "SUPPORT": "赡养费、扶养费、抚养费",
    "COURT_FEE": "案件受理费",
    "PRESERVATION_FEE": "保全费",
    "ACT": "履行行为",
    "DELIVERY": "交付物",
    "OTHER": "其他",
}
# What halts a case, and by which paper.
HALTS = {Case.Stage.SUSPENDED: ("中止", "执行裁定书"), Case.Stage.STAYED: ("暂缓", "暂缓执行决定书")}
AGENT_WORDS = dict.fromkeys(Agent.Kind.values, "委托诉讼代理人") | {Agent.Kind.GUARDIAN.value: "法定代理人"}


# Every fact that a template may call beside citations and its own fields; what other rooms add is named there too.
NAMES = frozenset(
    {
        *("court", "court_code", "review_court", "number", "cause", "filed_on", "today", "basis", "amount_raw"),
        *("amount_claimed", "claims", "judge", "phone", "matter", "sub_account", "debt_url", "party_lines"),
        *("applicants", "applicant_lines", "first_applicant", "debtors", "debtor_lines", "first_debtor"),
        *("today_raw", "halt", "halted_by"),
    }
)
SIDE_WORDS = {"APPLICANT": "申请执行人", "DEBTOR": "被执行人"}


def facts_of(case: Case, *, on: dt.date) -> dict[str, str]:
    """Return every fact by the name that templates call it; a missing one is empty."""
    current = (party for party in case.parties.all() if party.is_current)
    parties = sorted(current, key=lambda party: (party.side, party.position))
    court = case.number_court
    facts = citations(on) | {
        "court": court.name,
        "court_code": court.code,
        "review_court": review_court(court.level),
        "number": numerals.printed_number(case.number or ""),
        "cause": case.cause or "执行",
        "filed_on": numerals.day(case.filed_on),
        "today": numerals.day(on),
        "today_raw": on.isoformat(),
        **_halt(case),
        "basis": "".join(
            (
                case.basis_issuer,
                numerals.printed_number(case.basis_number),
                basis.printed(case.basis_kind, case.basis_title),
            )
        ),
        "amount_raw": f"{case.amount_claimed:.2f}" if case.amount_claimed else "",
        "amount_claimed": numerals.money(case.amount_claimed),
        "claims": _claims(sorted(case.claims.all(), key=lambda claim: claim.position)),
        "judge": case.judge.name if case.judge else "",
        "phone": case.team.phone if case.team else "",
    }
    facts |= _parties(parties, _agents(case, on=on))
    facts["matter"] = "".join((facts["applicants"], "与", facts["debtors"], case.cause or "执行"))
    for path in settings.DOCUMENT_FIELDS:
        facts |= import_string(path)(case, on=on)
    return facts


def _halt(case: Case) -> dict[str, str]:
    """Return whether the case is suspended or stayed now, and by which ruling or decision, as papers print both."""
    halt = HALTS.get(case.stage)
    if halt is None:
        return {"halt": "", "halted_by": ""}
    word, title = halt
    open_ones = case.stays.filter(ended_on=None) if word == "暂缓" else case.suspensions.filter(until_on=None)
    return {"halt": word, "halted_by": _by_number(open_ones.values_list("document", flat=True).first() or "", title)}


def _by_number(words: str, title: str) -> str:
    # What the record adds to the number of a paper made outside is not for papers; words without a number stay.
    number = words.split(" ", maxsplit=1)[0].split("（", maxsplit=1)[0]
    try:
        return numerals.printed_number(casenumber.parse(number).canonical) + title
    except ValueError:
        return numerals.printed_number(words)


def _parties(parties: list[Party], agents: dict[int, list[Agent]]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for side in Party.Side:
        own = [party for party in parties if party.side == side]
        facts[f"{side.lower()}s"] = "、".join(party.name for party in own)
        facts[f"first_{side.lower()}"] = party_key(own[0]) if own else ""
        lines = (line for party in own for line in _lines(party, agents.get(party.pk, [])))
        facts[f"{side.lower()}_lines"] = "\n".join(lines)
    facts["party_lines"] = "\n".join((facts["applicant_lines"], facts["debtor_lines"]))
    for party in parties:
        key = party_key(party)
        facts |= {f"name:{key}": party.name, f"identity:{key}": identity(party), f"id:{key}": party.id_number}
    return facts


def party_key(party: Party) -> str:
    """Return side and position, by which a document's form names a party of the case."""
    return f"{party.side}:{party.position}"


def _agents(case: Case, *, on: dt.date) -> dict[int, list[Agent]]:
    rows: dict[int, list[Agent]] = {}
    for agent in Agent.objects.live(on=on).filter(case=case).order_by("id"):
        rows.setdefault(agent.party_id, []).append(agent)
    return rows


def _lines(party: Party, agents: list[Agent]) -> list[str]:
    # A party, and below him whoever acts for him (法院诉讼文书样式).
    return [
        "".join((SIDE_WORDS[party.side], "：", identity(party))),
        *("".join((AGENT_WORDS[agent.kind], "：", agent.name, _of(agent), "。")) for agent in agents),
    ]


def _of(agent: Agent) -> str:
    word = "律师" if agent.kind == Agent.Kind.LAWYER else "法律服务工作者"
    if agent.kind in (Agent.Kind.LAWYER, Agent.Kind.LEGAL_WORKER):
        return "".join(("，", agent.firm, word))
    return "".join(("，", agent.firm, "工作人员")) if agent.firm else ""


def identity(party: Party) -> str:
    """Return how a document introduces a party: name, sex, birth, address and number, as far as they are known."""
    parts = [party.name]
    if party.kind == Party.Kind.PERSON:
        parts += _person(party)
        parts += ["".join(("住", party.address))] if party.address else []
    else:
        parts += ["".join(("住所地", party.address))] if party.address else []
    if party.id_number:
        word = "公民身份号码" if party.kind == Party.Kind.PERSON else "统一社会信用代码"
        word = "证件号码" if party.id_kind in (Party.IdKind.PASSPORT, "") else word
        parts.append("".join((word, party.id_number)))
    text = "，".join(parts) + "。"
    if party.legal_representative:
        text += "".join(("法定代表人（负责人）：", party.legal_representative, "。"))
    return text


def _person(party: Party) -> list[str]:
    try:
        known = canonical_resident_id(party.id_number)
    except InvalidNumber:
        return []
    return [SEXES[known.sex], "".join((numerals.day(known.birth_on), "出生"))]


def _claims(claims: list[Claim]) -> str:
    return "\n".join(
        "".join((str(place), ". ", _claim(claim), "；" if place < len(claims) else "。"))
        for place, claim in enumerate(claims, start=1)
    )


def _claim(claim: Claim) -> str:
    text = CLAIM_WORDS[claim.kind]
    if claim.amount:
        text += numerals.money(Decimal(claim.amount))
    extras = ["".join(("以", numerals.money(Decimal(claim.base)), "为基数"))] if claim.base else []
    extras += [claim.rate] if claim.rate else []
    extras += ["".join(("自", numerals.day(claim.from_on), "起算"))] if claim.from_on else []
    extras += [claim.note] if claim.note else []
    return "".join((text, "（", "，".join(extras), "）")) if extras else text
