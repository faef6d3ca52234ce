"""Gathers the facts of cases from the product's records, each with where it came from; a few queries for any number.

What another room knows comes by `settings.TRIAGE_FACTS`: `facts(cases) -> {case id: {name: value}}`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from accounts.fee import application_fee
from cases.models import Case, Claim, NetworkQuery, Party, RelatedCase
from dispatch import cash
from dispatch.cash import Cash
from dispatch.facts import Value
from dispatch.models import Verification
from documents.models import Material

# Where a fact comes from.
FILED, CLAIMS, PARTIES, FEE = "FILED", "CLAIMS", "PARTIES", "FEE"
QUERY, CONTROLS, RELATED, CASES, MATERIALS, VERIFIED = (
    "QUERY",
    "CONTROLS",
    "RELATED",
    "CASES",
    "MATERIALS",
    "VERIFIED",
)
SOURCES: dict[str, str | Promise] = {
    FILED: gettext_lazy("立案信息"),
    CLAIMS: gettext_lazy("执行请求"),
    PARTIES: gettext_lazy("当事人"),
    FEE: gettext_lazy("标的与诉讼费用交纳办法"),
    QUERY: gettext_lazy("网络查控"),
    CONTROLS: gettext_lazy("控制措施登记"),
    RELATED: gettext_lazy("关联案件"),
    CASES: gettext_lazy("本局案件"),
    MATERIALS: gettext_lazy("材料与线索"),
    VERIFIED: gettext_lazy("指挥中心核对"),
}
# Claim kinds that by themselves tell a fact.
LIVELIHOOD: dict[str, str] = {Claim.Kind.WAGES: "WAGES", Claim.Kind.SUPPORT: "SUPPORT"}
ACT: dict[str, str] = {Claim.Kind.ACT: "ACT", Claim.Kind.DELIVERY: "DELIVERY"}
FEES = frozenset({str(Claim.Kind.COURT_FEE), str(Claim.Kind.PRESERVATION_FEE)})
_PENDING: dict[str, str] = {
    RelatedCase.Relation.OBJECTION: "OBJECTION",
    RelatedCase.Relation.OUTSIDER: "OBJECTION",
    RelatedCase.Relation.REFUSAL: "OBJECTION",
    RelatedCase.Relation.REVIEW: "OBJECTION",
    RelatedCase.Relation.SUIT: "OBJECTION",
    RelatedCase.Relation.SUPERVISION: "RETRIAL",
}
CASH_SOURCES: dict[str, str] = {cash.STATED: VERIFIED, cash.ANSWERED: QUERY, cash.FROZEN: CONTROLS}
BATCH = 2000


@dataclass(slots=True)
class Known:
    """The facts of one case and where each came from; `cash` holds the sums behind the money that can be controlled.

    `unasked` counts the debtors about whom the network was not asked; `is_lacking` says that a provider failed.
    """

    values: dict[str, Value] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    cash: Cash = field(default_factory=Cash)
    unasked: int = 0
    is_lacking: bool = False

    def put(self, name: str, value: Value, source: str) -> None:
        """Set one fact."""
        self.values[name], self.sources[name] = value, source


@dataclass(slots=True)
class _Records:
    """Everything read for one batch, by case."""

    claims: dict[int, list[str]]
    parties: dict[int, list[tuple[str, str]]]  # side and digest of current ones
    queries: dict[int, list[bool]]  # answered or not
    related: dict[int, set[str]]
    clue_papers: set[int]
    open_by_digest: dict[str, int]
    procedural_by_digest: dict[str, int]
    verified: dict[int, Verification]
    others: list[dict[int, dict[str, Any]]]


def gather_one(case: Case, verification: Verification | None = None) -> Known:
    """Return the facts of one case; with a verification not yet kept, by that one."""
    return gather([case], {case.pk: verification} if verification is not None else None)[case.pk]


def gather(cases: Sequence[Case], verified: dict[int, Verification] | None = None) -> dict[int, Known]:
    """Return the facts of each case by its id; `verified` stands in for the latest kept verification."""
    records = _read(cases)
    records.verified |= verified or {}
    return {case.pk: _known(case, records) for case in cases}


def _read(cases: Sequence[Case]) -> _Records:
    pks = [case.pk for case in cases]
    parties: dict[int, list[tuple[str, str]]] = {}
    rows = Party.objects.filter(case__in=pks, left_on__isnull=True).values_list("case_id", "side", "id_digest")
    for pk, side, digest in rows:
        parties.setdefault(pk, []).append((side, digest))
    digests = {digest for rows_ in parties.values() for side, digest in rows_ if side == Party.Side.DEBTOR and digest}
    related: dict[int, set[str]] = {}
    for pk, relation in RelatedCase.objects.open().filter(case__in=pks).values_list("case_id", "relation"):
        if relation in _PENDING:
            related.setdefault(pk, set()).add(_PENDING[relation])
    latest = Verification.objects.filter(case__in=pks).order_by("case_id", "-id").distinct("case_id")
    return _Records(
        claims=_lists(Claim.objects.filter(case__in=pks).values_list("case_id", "kind")),
        parties=parties,
        queries=_lists(
            (pk, day is not None)
            for pk, day in NetworkQuery.objects.filter(case__in=pks).values_list("case_id", "answered_on")
        ),
        related=related,
        clue_papers=set(
            Material.objects.filter(case__in=pks, kind=Material.Kind.CLUES).values_list("case_id", flat=True)
        ),
        open_by_digest=_by_digest(digests, Case.objects.open()),
        procedural_by_digest=_by_digest(
            digests, Case.objects.filter(stage__in=Case.ENDED, closing_mode=Case.ClosingMode.PROCEDURAL)
        ),
        verified={row.case_id: row for row in latest},
        others=[import_string(path)(pks) for path in settings.TRIAGE_FACTS],
    )


def _lists(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for pk, value in rows:
        found.setdefault(pk, []).append(value)
    return found


def _by_digest(digests: set[str], cases: Any) -> dict[str, int]:
    rows = Party.objects.filter(side=Party.Side.DEBTOR, id_digest__in=digests, case__in=cases)
    counted = rows.values("id_digest").annotate(count=Count("case", distinct=True))
    return {row["id_digest"]: row["count"] for row in counted}


@lru_cache(maxsize=20_000)
def _fee(claimed: Decimal) -> Decimal:
    return application_fee(claimed).amount


def _known(case: Case, records: _Records) -> Known:
    known, checked = Known(), records.verified.get(case.pk)
    others: dict[str, Any] = {}
    for found in records.others:
        others |= found.get(case.pk, {})
    claimed = case.amount_claimed
    known.put("claimed", claimed, CLAIMS)
    known.put("need", claimed + _fee(claimed), FEE)
    known.put("basis", case.basis_kind, FILED)
    _put_parties(known, case, records)
    _put_claims(known, records.claims.get(case.pk, []), checked)
    _put_property(known, others, checked)
    _put_query(known, records.queries.get(case.pk, []), others)
    known.put("has_clues", bool(case.clues.strip()) or case.pk in records.clue_papers, MATERIALS)
    known.put("pending", tuple(sorted(records.related.get(case.pk, ()))), RELATED)
    known.put("willingness", checked.willingness if checked else "", VERIFIED)
    known.put("sensitive", tuple(checked.sensitive) if checked else (), VERIFIED)
    return known


def _put_parties(known: Known, case: Case, records: _Records) -> None:
    rows = records.parties.get(case.pk, [])
    debtors = [digest for side, digest in rows if side == Party.Side.DEBTOR]
    known.put("debtors", len(debtors), PARTIES)
    known.put("applicants", len(rows) - len(debtors), PARTIES)
    known.put("parties", len(rows), PARTIES)
    # Its own row counts once while the case is open.
    series = max((records.open_by_digest.get(digest, 0) for digest in debtors if digest), default=0)
    known.put("series", max(series, 1), CASES)
    own = case.closing_mode == Case.ClosingMode.PROCEDURAL and not case.is_open
    earlier = max((records.procedural_by_digest.get(digest, 0) for digest in debtors if digest), default=0)
    known.put("earlier_procedural", max(earlier - own, 0), CASES)


def _put_claims(known: Known, kinds: list[str], checked: Verification | None) -> None:
    known.put("only_fees", bool(kinds) and set(kinds) <= FEES, CLAIMS)
    livelihood = next((LIVELIHOOD[kind] for kind in kinds if kind in LIVELIHOOD), "")
    if livelihood or checked is None:
        known.put("livelihood", livelihood, CLAIMS)
    else:
        known.put("livelihood", checked.livelihood, VERIFIED)
    # An act claimed is told more exactly by who has checked it.
    act = next((ACT[kind] for kind in kinds if kind in ACT), "")
    known.put("act", (checked.act if checked else "") or act, VERIFIED if checked and checked.act else CLAIMS)


def _put_property(known: Known, others: dict[str, Any], checked: Verification | None) -> None:
    known.cash = _cash(known, others, checked)
    amount, leading = known.cash.leading
    known.put("cash_found", amount, CASH_SOURCES[leading])
    known.put("cash_preserved", others.get("cash_preserved", Decimal("0.00")), CONTROLS)
    if checked is not None and checked.disposal:
        known.put("disposal", checked.disposal, VERIFIED)
        return
    # A thing under control is to be sold only where the money does not reach.
    money = max(amount or Decimal(0), known.values["cash_preserved"])  # type: ignore[type-var]
    reaches = money >= known.values["need"]  # type: ignore[operator]
    controlled, found = others.get("disposal", ""), others.get("lead_disposal", "")
    source = QUERY if found and not controlled else CONTROLS
    known.put("disposal", "" if reaches else controlled or found, source)


def _cash(known: Known, others: dict[str, Any], checked: Verification | None) -> Cash:
    # Nobody has anything only where every debtor was asked and every bank has answered.
    is_whole = 0 < known.values["debtors"] <= others.get("cash_debtors", 0)  # type: ignore[operator]
    answered = others.get("cash_leads") or (Decimal("0.00") if is_whole else None)
    sums: dict[str, Any] = {"answered": answered, "frozen": others.get("cash_frozen"), "is_whole": is_whole}
    if checked is None:
        return Cash(**sums)
    # A check not kept yet is made in the face of what stands now.
    seen = checked.cash_answered if checked.pk else answered
    return Cash(checked.cash_found, **sums, reason=checked.cash_reason.strip(), seen=seen)


def _put_query(known: Known, answered: list[bool], others: dict[str, Any]) -> None:
    # While a provider has to be asked again, or a debtor was not asked about, nobody knows that nothing is there.
    known.unasked, known.is_lacking = others.get("unasked", 0), others.get("is_lacking", False)
    is_whole = all(answered) and not known.is_lacking and not known.unasked
    state = "NONE" if not answered else "ANSWERED" if is_whole else "PENDING"
    known.put("query", state, QUERY)
    controlled, leads = others.get("property_count", 0), others.get("lead_count", 0)
    count = max(controlled, leads)
    source = CONTROLS if controlled and controlled >= leads else QUERY
    known.put("property_found", count if count or state == "ANSWERED" else None, source)
