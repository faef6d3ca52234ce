"""What the dispatch tab of a case shows: facts, proposal, decision, who could be drawn, and what has been decided."""

import copy
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Claim
from dispatch.explaining import Compared, compare
from dispatch.forms import FACTS, DecisionForm, FactsForm, propose
from dispatch.models import Assignment, TakeOver, Verdict, Verification
from dispatch.pools import Ask, gather
from dispatch.triage import Proposal

OVERRIDE_REASONS = (
    _("被执行人已联系法院并承诺立即履行"),
    _("当事人矛盾较大，宜由普执团队办理"),
    _("被执行人下落需要进一步查找"),
    _("申请执行人多、涉众或社会关注"),
    _("财产线索明确，可立即控制"),
)
RELATIONS = (_("近亲属"), _("曾任诉讼代理人"), _("原单位同事"), _("有利害关系"), _("其他可能影响公正的关系"))
# Claim kinds that by themselves tell a fact of the rule table.
_LIVELIHOOD: dict[str, str] = {
    Claim.Kind.WAGES: Verification.Livelihood.WAGES.value,
    Claim.Kind.SUPPORT: Verification.Livelihood.SUPPORT.value,
}
_ACT: dict[str, str] = {Claim.Kind.ACT: Verification.Act.ACT, Claim.Kind.DELIVERY: Verification.Act.DELIVERY}


class DecisionPage:
    """The one page on which a filed case is verified, triaged and assigned."""

    override_reasons = OVERRIDE_REASONS

    def __init__(
        self, case: Case, *, data: QueryDict | None = None, today: dt.date, at: dt.datetime, actor: int
    ) -> None:
        self.case, self.today, self.at, self.actor = case, today, at, actor
        self.action = data.get("action", "assign") if data is not None else ""
        self.is_asking = self.action in ("propose", "stream")
        if data is not None and not self.is_asking:
            self.form = DecisionForm(data, case=case, today=today, assigns=self.action == "assign")
        else:
            initial = data.dict() if data is not None else first_facts(case)
            self.form = DecisionForm(initial=initial, case=case, today=today)
        self.typed = data

    @cached_property
    def proposal(self) -> Proposal | None:
        """What the rules say of the facts on the page; none while the facts are wrong."""
        if self.typed is None:
            facts = {name: self.form.initial[name] for name in FACTS}
        else:
            form = FactsForm(self.typed)
            if not form.is_valid():
                return None
            facts = form.facts()
        return propose(self.case, facts, on=self.today)

    @cached_property
    def decided(self) -> str:
        """The stream shown as chosen: the dispatcher's, else the one that stands, else the proposed one."""
        proposed = self.proposal.stream if self.proposal else ""
        if self.typed is None:
            return str(self.form.initial.get("decided") or proposed)
        asked = self.typed.get("decided", "")
        return asked if self.action != "propose" and asked in Case.Stream.values else proposed

    @cached_property
    def comparison(self) -> list[Compared]:
        """Who could be drawn for the chosen stream as things stand, and who not and why."""
        case = copy.copy(self.case)
        case.stream = self.decided
        return compare(gather(Ask([case], self.at, {self.actor})))

    @property
    def streams(self) -> list[dict[str, Any]]:
        """The two decisions, which one is proposed and which is chosen."""
        proposed = self.proposal.stream if self.proposal else ""
        return [
            {"value": value, "label": label, "is_proposed": value == proposed, "is_chosen": value == self.decided}
            for value, label in Case.Stream.choices
        ]


def first_facts(case: Case) -> dict[str, Any]:
    """Return the facts to begin with: the last verification, else what the claims tell by themselves."""
    last = case.verifications.order_by("-id").first()
    if last is not None:
        facts: dict[str, Any] = {name: getattr(last, name) for name in FACTS}
        verdict = Verdict.objects.filter(case=case).first()
        if verdict is not None:
            facts |= {"decided": verdict.decided, "override_reason": verdict.override_reason}
        return facts
    kinds = [claim.kind for claim in case.claims.all()]
    return {
        "cash_found": Decimal("0.00"),
        "livelihood": next((_LIVELIHOOD[kind] for kind in kinds if kind in _LIVELIHOOD), ""),
        "disposal": "",
        "act": next((_ACT[kind] for kind in kinds if kind in _ACT), ""),
        "note": "",
    }


def decided_so_far(case: Case) -> dict[str, Any]:
    """Return verification, verdict with every rule's answer, and assignments, for the read-only part of the tab."""
    verdict = Verdict.objects.select_related("verification", "verification__verified_by", "decided_by").filter(
        case=case
    )
    found = verdict.first()
    lines = found.explanation if found else []
    return {
        "verdict": found,
        "verdict_lines": [line for line in lines if "code" in line],
        "conclusion": next((line["conclusion"] for line in lines if "conclusion" in line), ""),
        "assignments": Assignment.objects.filter(case=case).for_page().order_by("-id"),
    }


def takeover_rows(rows: Iterable[TakeOver]) -> list[dict[str, Any]]:
    """Return each take-over with its items in words."""
    return [
        {"row": row, "moved": [_item(item) for item in row.moved], "left": [_item(item) for item in row.left]}
        for row in rows
    ]


def _item(item: dict[str, Any]) -> dict[str, Any]:
    why = item.get("why", "")
    return {
        "case": item["case"],
        "number": item["number"],
        "what": TakeOver.Item(item["what"]).label,
        "why": TakeOver.Why(why).label if why else "",
        "relation": item.get("relation", ""),
    }
