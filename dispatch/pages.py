"""What the dispatch tab of a case shows: facts, proposal, decision, who could be drawn, and what has been decided."""

import copy
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models import Case
from cases.sentences import VIEW_FOUND
from dispatch.asked import beside, money_found
from dispatch.cash import Cash
from dispatch.explaining import Compared, compare
from dispatch.facts import to_json
from dispatch.filingchecks import defects_of, duplicates_of
from dispatch.forms import FACTS, DecisionForm
from dispatch.judging import Judged, judged
from dispatch.models import Assignment, SendBack, TakeOver, Verdict, Verification
from dispatch.pools import Ask, gather
from dispatch.retriageservices import JUDGED_ANEW
from dispatch.series import waiting_with
from dispatch.verdictwords import conclusion_of, disputed, facts_of, flags_of, lines_of, recorded
from documents.models import Material
from documents.pages import pages_of

# The usual reasons for which a case is decided so against the table.
OVERRIDE_REASONS: dict[str, tuple[str | Promise, ...]] = {
    Case.Stream.FAST: (
        _("被执行人已联系法院并承诺立即履行"),
        _("财产线索明确，可立即控制"),
        _("案情简单，双方对履行内容无争议"),
    ),
    Case.Stream.ORDINARY: (
        _("当事人矛盾较大，宜由普执团队办理"),
        _("被执行人下落需要进一步查找"),
        _("申请执行人多、涉众或社会关注"),
    ),
}
CASH_REASONS = (
    _("反馈后又有款项入账，已与开户行核实"),
    _("反馈的存款已被其他法院冻结在先"),
    _("反馈的账户依法不能冻结或应保留生活费用"),
    _("申请执行人另提供账户，已核实"),
)
DUPLICATE_REASONS = (
    _("同一判决的另一判项"),
    _("同一判决的另一申请执行人"),
    _("前案将销案，以本案为准"),
)
RELATIONS = (_("近亲属"), _("曾任诉讼代理人"), _("原单位同事"), _("有利害关系"), _("其他可能影响公正的关系"))


class DecisionPage:
    """The one page on which a filed case is verified, triaged and assigned."""

    duplicate_reasons = DUPLICATE_REASONS
    cash_reasons = CASH_REASONS

    def __init__(
        self, case: Case, *, data: QueryDict | None = None, today: dt.date, at: dt.datetime, actor: int
    ) -> None:
        self.case, self.today, self.at, self.actor = case, today, at, actor
        self.action = data.get("action", "assign") if data is not None else ""
        self.is_asking = self.action in ("propose", "stream")
        if data is not None:
            given = {"assigns": self.action == "assign", "asks": self.is_asking}
            self.form = DecisionForm(data, case=case, today=today, **given)
        else:
            self.form = DecisionForm(initial=first_facts(case), case=case, today=today)
        self.typed = data

    @cached_property
    def judged(self) -> Judged | None:
        """What the table says of the facts on the page; none while the facts are wrong."""
        if self.typed is None:
            facts = {name: self.form.initial[name] for name in FACTS}
        elif self.form.has_facts:
            facts = {name: self.form.cleaned_data[name] for name in FACTS if name in self.form.cleaned_data}
        else:
            return None
        return judged(self.case, on=self.today, verification=Verification(case=self.case, **facts))

    @property
    def dispute(self) -> str:
        """How the typed sum contradicts what the network answered; nothing where it does not."""
        cash = self.judged.known.cash if self.judged else Cash()
        return disputed(cash) if cash.is_disputed else ""

    @property
    def on_record(self) -> str:
        """What is known of the money without anybody's word, and whence; nothing while nothing is."""
        known, source = (self.judged.known.cash if self.judged else Cash()).on_record
        return "" if known is None else recorded(known, source)

    @property
    def facts_asked(self) -> list[BoundField]:
        """The fields of the facts: what is said beside each is put right without touching what is typed meanwhile."""
        return [self.form[name] for name in FACTS if name != "duplicate_reason" or self.duplicates]

    @property
    def proposed(self) -> str:
        """The stream that the table proposes."""
        return self.judged.proposal.stream if self.judged else ""

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """Every rule's answer, hits first."""
        rows = lines_of(line.as_json() for line in self.judged.proposal.lines) if self.judged else []
        return beside(rows, money_found(self.case, rows))

    @property
    def conclusion(self) -> str:
        """How the proposal came about."""
        return conclusion_of(self.judged.proposal.as_json()) if self.judged else ""

    @property
    def flags(self) -> list[str]:
        """What the hits ask for besides the stream."""
        return flags_of(self.judged.proposal.flags) if self.judged else []

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Every fact with where it came from."""
        return facts_of(to_json(self.judged.known.values), self.judged.known.sources) if self.judged else []

    @cached_property
    def defects(self) -> list[Any]:
        """What is wrong with the filing, by the record."""
        return defects_of([self.case], on=self.today)[self.case.pk]

    @cached_property
    def duplicates(self) -> list[Case]:
        """The open cases on the same paper: without a reason the check does not pass."""
        return duplicates_of(self.case)

    @property
    def table(self) -> Any:
        """The version that judges."""
        return self.judged.table if self.judged else None

    @cached_property
    def decided(self) -> str:
        """The stream shown as chosen: the dispatcher's, else the one that stands, else the proposed one."""
        proposed = self.proposed
        if self.typed is None:
            return str(self.form.initial.get("decided") or proposed)
        asked = self.typed.get("decided", "")
        return asked if self.action != "propose" and asked in Case.Stream.values else proposed

    @property
    def override_reasons(self) -> tuple[str | Promise, ...]:
        """The usual reasons for the chosen stream."""
        return OVERRIDE_REASONS.get(self.decided, ())

    @cached_property
    def comparison(self) -> list[Compared]:
        """Who could be drawn for the chosen stream as things stand, and who not and why."""
        case = copy.copy(self.case)
        case.stream = self.decided
        return compare(gather(Ask([case, *self.series], self.at, {self.actor})), case.pk)

    @cached_property
    def series(self) -> list[Case]:
        """The triaged cases of the series that wait in the chosen stream: they are drawn with this one."""
        case = copy.copy(self.case)
        case.stream = self.decided
        return waiting_with([case])

    @property
    def streams(self) -> list[dict[str, Any]]:
        """The two decisions, which one is proposed and which is chosen."""
        proposed = self.proposed
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
            facts |= {"decided": verdict.decided, "override_reason": verdict.override_reason, "seen": verdict.edition}
        return facts
    return {name: [] if name == "sensitive" else None if name == "cash_found" else "" for name in FACTS}


STILL_ELSEWHERE = (Case.Stage.ALLOCATED, Case.Stage.STARTING, Case.Stage.FAST, Case.Stage.ORDINARY)


def decided_so_far(case: Case, user: User) -> dict[str, Any]:
    """Return verification, verdict with every rule's answer, and assignments, for the read-only part of the tab.

    How the rules came to it tells what the network found, so it is for those alone who may see that.
    """
    verdict = Verdict.objects.select_related("verification", "verification__verified_by", "decided_by", "table").filter(
        case=case
    )
    found = verdict.first()
    told = found if user.has_perm(VIEW_FOUND) else None
    lines = lines_of(told.explanation) if told else []
    return {
        "verdict": found,
        "sees_found": told is not None,
        "is_elsewhere": case.stage in STILL_ELSEWHERE and Verdict.objects.elsewhere().filter(case=case).exists(),
        "waiting_request": case.assignment_requests.waiting().first(),
        "verdict_lines": beside(lines, money_found(case, lines, until=told.decided_at)) if told else [],
        "verdict_facts": facts_of(told.facts, told.sources) if told else [],
        "verdict_flags": flags_of(told.flags) if told else [],
        "conclusion": conclusion_of(told.conclusion) if told else "",
        "send_backs": SendBack.objects.filter(case=case).for_list(),
        "retriages": case.retriages.for_list().order_by("-id"),
        "assignments": Assignment.objects.filter(case=case).for_page().order_by("-id"),
    }


def drawn_with(case: Case) -> list[Assignment]:
    """Return the assignments of the other cases that the draw placed with this one."""
    draws = Assignment.objects.live().filter(case=case, draw__isnull=False).values("draw")
    return list(
        Assignment.objects.live().filter(draw__in=draws).exclude(case=case).select_related("case__number_court")
    )


def takeover_rows(rows: Iterable[TakeOver]) -> list[dict[str, Any]]:
    """Return each take-over with its items in words."""
    return [
        {"row": row, "moved": [_item(item) for item in row.moved], "left": [_item(item) for item in row.left]}
        for row in rows
    ]


def preview_rows(moved: list[dict[str, str]], left: list[dict[str, str]]) -> dict[str, Any]:
    """Return what a take-over would move and leave, in words."""
    return {"moved": [_item(item) for item in moved], "left": [_item(item) for item in left]}


def _item(item: dict[str, Any]) -> dict[str, Any]:
    why = item.get("why", "")
    return {
        "number": item["number"],
        "what": TakeOver.Item(item["what"]).label,
        "why": TakeOver.Why(why).label if why else "",
        "relation": item.get("relation", ""),
    }


def materials_of(case: Case, user: User) -> list[Material]:
    """Return the papers that the user sees beside the form, each with its `pages`."""
    rows: list[Any] = list(Material.objects.visible_to(user).filter(case=case).for_list())
    for row in rows:
        row.pages = pages_of(reverse("documents:scan_page", args=[row.pk]), row)
    return rows


def may_judge_anew(case: Case, user: User) -> bool:
    """Return whether the user may have the case judged anew: decided, open, past the command centre."""
    return user.has_perm("dispatch.triage_case") and case.stage in JUDGED_ANEW and case.stage != Case.Stage.FILED
