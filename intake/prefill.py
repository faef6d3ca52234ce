"""One click from the record to the filing: what the answers say, as the filing page begins with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assets import kinds
from cases.models import Claim, Party
from intake.models import ClaimType, Reception
from intake.questionbook import BASES, CLUES, ORGANISATION, SEIZED
from intake.questions import day_of, sum_of
from intake.transcripts import asked_of

EVICT, SEPARATOR = "腾退：", "："
OWN = ("申请执行人本人", "法定代表人、负责人")
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prefill:
    """What each small form of the filing page begins with."""

    basis: dict[str, Any] = field(default_factory=dict)
    applicants: list[dict[str, Any]] = field(default_factory=list)
    debtors: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    preserved: list[dict[str, Any]] = field(default_factory=list)


def prefill(record: Reception) -> Prefill:
    """Return what a signed record says of the filing; what it does not say stays empty for the clerk."""
    keys = {question.key for question in asked_of(record)}
    said = {key: text.strip() for key, text in record.answers.items() if key in keys}
    return Prefill(
        basis=_basis(said),
        applicants=[_applicant(record, said)],
        debtors=[_debtor(said)],
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
            "phone": said.get("contact_phone", ""),
            "address": said.get("applicant_address", "") or said.get("address", ""),
            "legal_representative": legal,
            # Entered twice by rule: the second time from the signed confirmation, by hand.
            "account": said.get("payee_account", ""),
            "bank_name": said.get("payee_bank", ""),
        }
    )


def _debtor(said: Answers) -> dict[str, Any]:
    kind = Party.Kind.ORGANISATION if said.get("debtor_kind") == ORGANISATION else Party.Kind.PERSON
    return _some(
        {
            "kind": kind,
            "name": said.get("debtor", ""),
            "id_number": said.get("debtor_id", ""),
            "phone": said.get("debtor_phone", ""),
            "address": said.get("debtor_whereabouts", "")[:200],
            "legal_representative": said.get("debtor_legal", ""),
        }
    )


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
