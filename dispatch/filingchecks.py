"""Checks filings by the record and names each defect by the code under which it would be sent back (§3.4, §3.5)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import PayeeAccount
from bureau import identity
from cases.models import Case, Claim, Party
from dispatch.models import SendBack
from documents.models import Material, MissingNote

Defect = SendBack.Defect
NOT_MONEY = (Claim.Kind.ACT, Claim.Kind.DELIVERY)
NEEDS_ARITHMETIC = (Claim.Kind.INTEREST, Claim.Kind.PENALTY)


@dataclass(frozen=True, slots=True)
class Found:
    """One defect, in words; some only call for a second look."""

    code: str
    text: str

    @property
    def label(self) -> str:
        """Return the defect by its usual name."""
        return str(Defect(self.code).label)


@dataclass(slots=True)
class _Records:
    parties: dict[int, list[Party]]
    claims: dict[int, list[Claim]]
    materials: dict[int, set[str]]
    payees: set[int]
    same_paper: dict[tuple[int, str], list[Case]]


def defects_of(cases: Sequence[Case], *, on: dt.date) -> dict[int, list[Found]]:
    """Return by case id everything that the record shows to be wrong; a few queries for any number of cases."""
    records = _read(cases)
    return {
        case.pk: [
            *_identities(records.parties.get(case.pk, [])),
            *_basis(case, on),
            *_amounts(records.claims.get(case.pk, [])),
            *_papers(case, records),
            *_same_paper(case, records),
        ]
        for case in cases
    }


def duplicates_of(case: Case) -> list[Case]:
    """Return the open cases of any court on the same paper with a party in common."""
    others = _papers_filed([case])[(case.pk, case.basis_key)]
    return [row for row in others if row.is_open and row.pk != case.revives_id and row.revives_id != case.pk]


def _read(cases: Sequence[Case]) -> _Records:
    pks = [case.pk for case in cases]
    parties = _by_case(Party.objects.filter(case__in=pks, left_on__isnull=True).order_by("side", "position"))
    materials: dict[int, set[str]] = {}
    received = Material.objects.filter(case__in=pks).values_list("case_id", "kind")
    explained = MissingNote.objects.filter(case__in=pks).values_list("case_id", "kind")
    for pk, kind in [*received, *explained]:
        materials.setdefault(pk, set()).add(kind)
    people = [party.pk for rows in parties.values() for party in rows]
    # One that waits for its second person was handed in all the same: the window has nothing to mend.
    accounts = PayeeAccount.objects.live() | PayeeAccount.objects.pending()
    payees = accounts.filter(party__in=people).values_list("party_id", flat=True)
    return _Records(
        parties=parties,
        claims=_by_case(Claim.objects.filter(case__in=pks).order_by("position")),
        materials=materials,
        payees=set(payees),
        same_paper=_papers_filed(cases),
    )


def _by_case(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _papers_filed(cases: Sequence[Case]) -> dict[tuple[int, str], list[Case]]:
    """Return by case and basis the other cases on the same paper with a party in common."""
    others = Case.objects.filter(basis_key__in={case.basis_key for case in cases}).select_related("number_court")
    by_key: dict[str, list[Case]] = {}
    for other in others.prefetch_related("parties").order_by("id"):
        by_key.setdefault(other.basis_key, []).append(other)
    found: dict[tuple[int, str], list[Case]] = {}
    for case in cases:
        rows = by_key.get(case.basis_key, [])
        mine = next((_marks(row) for row in rows if row.pk == case.pk), set())
        found[(case.pk, case.basis_key)] = [row for row in rows if row.pk != case.pk and mine & _marks(row)]
    return found


def _marks(case: Case) -> set[str]:
    return {mark for party in case.parties.all() for mark in (party.id_digest, party.name) if mark}


def _identities(parties: Sequence[Party]) -> list[Found]:
    found = []
    for party in parties:
        words = {"name": party.name}
        is_debtor = party.side == Party.Side.DEBTOR
        if is_debtor and not party.id_number:
            found.append(Found(Defect.DEBTOR_ID, _("被执行人“%(name)s”没有证件号码，无法网络查控") % words))
        elif party.id_number and not _is_right(party):
            found.append(Found(Defect.IDENTITY, _("“%(name)s”的证件号码校验不符") % words))
        if not party.address and not party.phone:
            found.append(Found(Defect.NO_ADDRESS, _("“%(name)s”没有地址，也没有联系电话") % words))
    return found


def _is_right(party: Party) -> bool:
    checks: dict[str, Any] = {
        Party.IdKind.RESIDENT_ID: identity.canonical_resident_id,
        Party.IdKind.USCC: identity.canonical_uscc,
    }
    check = checks.get(party.id_kind)
    if check is None:
        return True
    try:
        check(party.id_number)
    except identity.InvalidNumber:
        return False
    return True


def _basis(case: Case, on: dt.date) -> list[Found]:
    found = []
    if case.basis_effective_on is None:
        found.append(Found(Defect.NO_EFFECT_PROOF, _("未填生效日")))
    elif case.basis_effective_on > on:
        words = {"day": case.basis_effective_on}
        found.append(Found(Defect.NO_EFFECT_PROOF, _("生效日 %(day)s 尚未到来") % words))
    if case.performance_due_on and case.performance_due_on >= case.filed_on:
        words = {"day": case.performance_due_on}
        found.append(Found(Defect.NOT_DUE, _("立案时履行期限 %(day)s 尚未届满") % words))
    return found


def _amounts(claims: Sequence[Claim]) -> list[Found]:
    found = []
    for claim in claims:
        words = {"item": claim.get_kind_display()}
        if claim.kind not in NOT_MONEY and claim.amount is None:
            found.append(Found(Defect.WRONG_AMOUNT, _("“%(item)s”没有金额") % words))
        if claim.kind in NEEDS_ARITHMETIC and not (claim.rate and claim.from_on):
            found.append(Found(Defect.WRONG_AMOUNT, _("“%(item)s”没有写明利率或计算方法及起算日，无法复核") % words))
    seen = [(claim.kind, claim.amount) for claim in claims if claim.amount]
    if len(seen) != len(set(seen)):
        found.append(Found(Defect.WRONG_AMOUNT, _("同一项目、同一金额出现两次")))
    return found


def _papers(case: Case, records: _Records) -> list[Found]:
    found = []
    held = records.materials.get(case.pk, set())
    # The account's confirmation is counted with the account itself.
    asked = [kind for kind in Material.REQUIRED if kind != Material.Kind.PAYEE]
    missing = [str(kind.label) for kind in asked if kind not in held]
    if missing:
        found.append(Found(Defect.MATERIALS, _("缺：%(labels)s") % {"labels": "、".join(missing)}))
    claims = records.claims.get(case.pk, [])
    applicants = [row for row in records.parties.get(case.pk, []) if row.side == Party.Side.APPLICANT]
    if any(claim.kind not in NOT_MONEY for claim in claims):
        for party in applicants:
            if party.pk not in records.payees:
                found.append(Found(Defect.NO_ACCOUNT, _("“%(name)s”没有收款账户") % {"name": party.name}))
    return found


def _same_paper(case: Case, records: _Records) -> list[Found]:
    found = []
    for other in records.same_paper.get((case.pk, case.basis_key), []):
        words = {"number": other.display_number, "stage": other.get_stage_display()}
        if other.pk == case.revives_id or case.pk == other.revives_id:
            continue
        if other.is_open:
            text = _("同一执行依据、同一当事人已立案：%(number)s（%(stage)s）")
            found.append(Found(Defect.DUPLICATE, text % words))
        elif case.type_code == Case.TypeCode.FIRST:
            text = _("同一执行依据曾立案并结案：%(number)s（%(stage)s），是否应以执恢立案")
            found.append(Found(Defect.REVIVAL, text % words))
    return found
