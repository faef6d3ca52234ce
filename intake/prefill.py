"""One click from the record to the filing: what the answers say, as the filing page begins with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from assets import kinds
from cases.models import Agent, Claim, Party
from intake.models import ClaimType, Reception
from intake.plausible import is_known
from intake.questionbook import BASES, CLUES, ORGANISATION, SEIZED
from intake.questions import YES, day_of, sum_of
from intake.transcripts import asked_of
from intake.warnings import names_organisation

_BETWEEN = re.compile(r"[，,、；;\t]+")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_NUMBER = re.compile(r"[0-9A-Za-z]{15,18}")
_USCC = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}(?<!\d{18})(?<!\d{17}X)")
OTHERS_MAX = 30
EVICT, SEPARATOR = "腾退：", "："
OWN = ("申请执行人本人", "法定代表人、负责人")
AGENTS = {
    "委托代理律师": Agent.Kind.LAWYER,
    "其他委托代理人": Agent.Kind.RECOMMENDED,
    "法定代理人": Agent.Kind.GUARDIAN,
}
SPECIAL, SPECIAL_WITHOUT = "特别授权（含代收案款）", "特别授权（不含代收案款）"
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prefill:
    """What each small form of the filing page begins with."""

    basis: dict[str, Any] = field(default_factory=dict)
    applicants: list[dict[str, Any]] = field(default_factory=list)
    agents: list[dict[str, Any]] = field(default_factory=list)
    debtors: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    preserved: list[dict[str, Any]] = field(default_factory=list)


def prefill(record: Reception) -> Prefill:
    """Return what a signed record says of the filing; what it does not say stays empty for the clerk."""
    keys = {question.key for question in asked_of(record)}
    said = {key: text.strip() for key, text in record.answers.items() if key in keys and is_known(text)}
    return Prefill(
        basis=_basis(said),
        applicants=[_applicant(record, said), *others(said.get("other_applicants", ""))],
        agents=_agents(record, said),
        debtors=[_debtor(said), *others(said.get("other_debtors", ""))],
        claims=_claims(record, said),
        preserved=_preserved(said),
    )


def _some(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


def _basis(said: Answers) -> dict[str, Any]:
    clues = [SEPARATOR.join((label, said[key])) for key, label in CLUES.items() if said.get(key)]
    days = ("basis_made_on", "basis_effective_on", "performance_due_on")
    return _some(
        {
            "basis_kind": BASES.get(said.get("basis_kind", ""), ""),
            "basis_issuer": said.get("basis_issuer", ""),
            "basis_number": said.get("basis_number", ""),
            "cause": said.get("cause", ""),
            "clues": "\n".join(clues),
            "performed": sum_of(said.get("performed_amount", "")),
            "performed_note": said.get("performed_note", "")[:300],
            **{name: day_of(said.get(name, "")) for name in days},
        }
    )


def _applicant(record: Reception, said: Answers) -> dict[str, Any]:
    is_person = record.subject == Party.Kind.PERSON
    # Who came in person is the applicant himself; his own address is where he is served.
    himself = said.get("visitor", "") if is_person and said.get("relation") in OWN else ""
    legal = said.get("applicant_legal", "")
    if not is_person and not legal and said.get("relation") == OWN[1]:
        legal = said.get("visitor", "")
    return _some(
        {
            "kind": record.subject,
            "name": said.get("applicant", "") or himself,
            "id_number": said.get("applicant_id", ""),
            # An agent's telephone is the agent's.
            "phone": "" if said.get("relation") in AGENTS else said.get("contact_phone", ""),
            "address": said.get("applicant_address", "") or said.get("address", ""),
            "legal_representative": legal,
            # Entered twice by rule: the second time from the signed confirmation, by hand.
            "account": said.get("payee_account", ""),
            "bank_name": said.get("payee_bank", ""),
            "service_address": said.get("address", "")[:200],
            "has_e_consent": said.get("e_service") == YES,
            "e_address": "".join(said.get("e_address", "").split())[:200] if said.get("e_service") == YES else "",
        }
    )


def _agents(record: Reception, said: Answers) -> list[dict[str, Any]]:
    """Return who came in the applicant's place; the number of his licence and his paper are for the clerk."""
    kind = AGENTS.get(said.get("relation", ""))
    if kind is None or not said.get("visitor"):
        return []
    special: dict[str, list[str]] = {
        SPECIAL: [*Agent.Power.values],
        SPECIAL_WITHOUT: [Agent.Power.WAIVE, Agent.Power.SETTLE],
    }
    return [
        _some(
            {
                "name": said["visitor"],
                "kind": kind,
                "phone": said.get("contact_phone", ""),
                "special": [str(power) for power in special.get(said.get("authority", ""), ())],
                "from_on": timezone.localdate(record.started_at),
            }
        )
    ]


def _debtor(said: Answers) -> dict[str, Any]:
    said_kind, name = said.get("debtor_kind"), said.get("debtor", "")
    is_organisation = said_kind == ORGANISATION or (not said_kind and names_organisation(name))
    kind = Party.Kind.ORGANISATION if is_organisation else Party.Kind.PERSON
    return _some(
        {
            "kind": kind,
            "name": name,
            "id_number": said.get("debtor_id", ""),
            "phone": said.get("debtor_phone", ""),
            "address": said.get("debtor_whereabouts", "")[:200],
            "legal_representative": said.get("debtor_legal", ""),
        }
    )


def others(text: str) -> list[dict[str, Any]]:
    """Return the parties that stand one in each line: name, number, telephone, address, as far as they are said."""
    rows: list[dict[str, Any]] = []
    for line in text.splitlines():
        parts = [part for part in _BETWEEN.split(line.strip()) if part]
        if not parts or not is_known(parts[0]):
            continue
        row: dict[str, Any] = {"name": parts[0][:100]}
        for part in parts[1:]:
            name = "phone" if _PHONE.fullmatch(part) else "id_number" if _NUMBER.fullmatch(part) else "address"
            row[name] = f"{row[name]}，{part}"[:200] if name == "address" and name in row else part[:200]
        is_organisation = names_organisation(row["name"]) or _USCC.fullmatch(row.get("id_number", ""))
        rows.append({"kind": Party.Kind.ORGANISATION if is_organisation else Party.Kind.PERSON} | row)
    return rows[:OTHERS_MAX]


def _claims(record: Reception, said: Answers) -> list[dict[str, Any]]:
    if record.claim_type == ClaimType.DELIVERY:
        return [{"kind": Claim.Kind.DELIVERY, "note": (said.get("thing") or said.get("demand", ""))[:300]}]
    if record.claim_type == ClaimType.ACT:
        return [{"kind": Claim.Kind.ACT, "note": (said.get("act") or said.get("demand", ""))[:300]}]
    if record.claim_type == ClaimType.EVICTION:
        return [{"kind": Claim.Kind.ACT, "note": "".join((EVICT, said.get("premises", "")))[:300]}]
    main = {Reception.Flag.LABOUR: Claim.Kind.WAGES, Reception.Flag.SUPPORT: Claim.Kind.SUPPORT}
    rows: list[dict[str, Any]] = []
    if amount := sum_of(said.get("principal", "")):
        rows.append(
            {"kind": main.get(Reception.Flag(record.flag)) if record.flag else Claim.Kind.PRINCIPAL}
            | {"amount": amount}
        )
    interest = sum_of(said.get("interest", ""))
    if interest:
        more = {"rate": said.get("interest_rate", "")[:100], "from_on": day_of(said.get("interest_from", ""))}
        rows.append({"kind": Claim.Kind.INTEREST, "amount": interest} | _some(more))
    if fee := sum_of(said.get("court_fee", "")):
        rows.append({"kind": Claim.Kind.COURT_FEE, "amount": fee})
    return rows or [{"kind": Claim.Kind.PRINCIPAL}]


def _preserved(said: Answers) -> list[dict[str, Any]]:
    code = SEIZED.get(said.get("seized_kind", ""))
    if not code and not said.get("seized_thing"):
        return []
    kind = kinds.BY_CODE.get(code) if code else None
    return [
        _some(
            {
                "kind": code,
                "measure": kind.measures[0] if kind else None,
                "thing": said.get("seized_thing", ""),
                "unit": said.get("seized_unit", ""),
                "ruling": said.get("seized_ruling", ""),
                "from_on": day_of(said.get("seized_from", "")),
                "to_on": day_of(said.get("seized_to", "")),
            }
        )
    ]
