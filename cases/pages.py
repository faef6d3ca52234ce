"""What the pages of a case show around their content: rail, clocks, tabs and the next steps, for every room's tab."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import User
from cases import clocks, dues, nextstep
from cases.dues import CaseDue
from cases.export import names_of
from cases.models import Case, Closing, Handover, Instalment, Party, PartyAsk, Settlement, codes
from cases.services import may_answer, may_query, may_requery, moves_for, requery_objections
from cases.services.closings import may_sign
from cases.services.handovers import change_objections
from cases.services.limits import limit_objections
from cases.services.oldbook import change_objections as handler_change_objections
from cases.services.pauses import may_exclude
from cases.services.queries import STAGES as QUERY_STAGES
from cases.services.revivals import revival_objections
from cases.services.settlements import may_note_instalment
from cases.services.stages import declared, wrong_stage

# Steps that end the case, and those that stand beside the usual way.
FINAL = frozenset({"archive"})
ASIDE = frozenset({"suspend", "stay", "settle", "break_settlement", "change_stream", "propose_closing"}) | frozenset(
    {"launch_query", "note_query_answered", "take_back", "change_handler", "ask_limit"}
)
LIMIT_NEAR = dt.timedelta(days=10)  # from the yellow day of node 43 on
TABS: tuple[tuple[str | Promise, str], ...] = (
    (gettext_lazy("概况"), "cases:detail"),
    (gettext_lazy("分流分案"), "dispatch:case_dispatch"),
    (gettext_lazy("查控"), "assets:case_controls"),
    (gettext_lazy("协作"), "cases:work"),
    (gettext_lazy("强制措施"), "cases:case_sanctions"),
    (gettext_lazy("联系记录"), "cases:contacts"),
    (gettext_lazy("搁置"), "cases:holds"),
    (gettext_lazy("文书"), "documents:case_documents"),
    (gettext_lazy("卷宗"), "documents:case_materials"),
    (gettext_lazy("案款"), "accounts:case_money"),
    (gettext_lazy("收款账户"), "accounts:payees"),
    (gettext_lazy("期限"), "cases:case_deadlines"),
    (gettext_lazy("关联案件"), "cases:related"),
    (gettext_lazy("办理记录"), "cases:timeline"),
)


# How every case ends, whoever carried it out.
LAST = (Case.Stage.CLOSING, Case.Stage.CLOSED, Case.Stage.ARCHIVED)
# Nothing of the old book is triaged, drawn or asked of another team.
OF_THE_BUREAU = frozenset({"dispatch:case_dispatch", "cases:work"})


@dataclass(frozen=True, slots=True)
class Step:
    """One button: where it leads, and why it is greyed."""

    name: str
    label: str | Promise
    url: str
    reasons: list[str] = field(default_factory=list)
    is_main: bool = False
    is_final: bool = False


def head(case: Case, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return what `cases/_head.html` prints: rail, clocks, tabs, parties on one line and the next steps."""
    waiting = dues.of_case(case, user, today=today)
    shown = clocks.clocks(case, today=today, dues=waiting)
    return {
        "case": case,
        "today": today,
        "rail": rail(case),
        "clocks": shown,
        "next": nextstep.of_case(case),
        "owed": waiting,
        "tabs": list(_tabs(case, user)),
        "steps": steps(case, user, today=today, owed=waiting, is_money_first=bool(shown and shown[0].is_money)),
        "applicants": names_of(case, Party.Side.APPLICANT),
        "debtors": names_of(case, Party.Side.DEBTOR),
        "closing_url": _closing_url(case),
        "tips": [tip for path in settings.CASE_TIPS for tip in import_string(path)(case, user)],
        "links": [link for path in settings.CASE_LINKS for link in import_string(path)(case, user)],
    }


def _closing_url(case: Case) -> str:
    """Return where the proposal by which the case closes or closed may be read."""
    if not case.closing_mode:
        return ""
    last = case.closings.exclude(state=Closing.State.RETURNED).order_by("-id").values_list("pk", flat=True).first()
    return reverse("cases:closing", args=[last]) if last else ""


def rail(case: Case) -> list[dict[str, Any]]:
    """Return the stages in order, each done, now, halt (resting), skip (never entered) or todo."""
    order, labels = _rail_of_court() if case.is_of_court else _rail_of_bureau(case)
    order, labels = [*order, *LAST], [*labels, *(str(stage.label) for stage in LAST)]
    is_resting = case.stage in Case.RESTING
    at = order.index(Case.Stage(case.worked_stage if is_resting else case.stage))
    was_in_stream = case.is_of_court or any(row.state == Handover.State.ACCEPTED for row in case.handovers.all())
    stream = len(order) - len(LAST) - 1
    rows = []
    for index, label in enumerate(labels):
        state = "done" if index < at else "todo" if index > at else "halt" if is_resting else "now"
        if index == stream < at and not was_in_stream:
            state = "skip"
        resting = {"stage": label, "rest": case.get_stage_display()}
        rows.append(
            {
                "label": _("%(stage)s（%(rest)s）") % resting if state == "halt" else label,
                "state": "done" if index == at and not case.is_open else state,
                "since": case.stage_since_on if index == at else None,
            }
        )
    return rows


def _rail_of_bureau(case: Case) -> tuple[list[str], list[str]]:
    stream = Case.Stage(case.stream or Case.Stream.FAST)
    order: list[str] = [Case.Stage.FILED, Case.Stage.ALLOCATED, Case.Stage.STARTING, stream]
    labels = [case.stage_label(stage) for stage in order]
    if not case.stream:
        labels[3] = _("速执或普执")
    return order, labels


def _rail_of_court() -> tuple[list[str], list[str]]:
    # One handler to the end: no triage, no draw, no hand-over.
    return [Case.Stage.FILED, Case.Stage.ORDINARY], [str(codes.NO_HANDLER), str(codes.SINGLE_HANDLER)]


def _tabs(case: Case, user: User) -> Iterator[dict[str, Any]]:
    # A tab is a page of the room that owns it; whoever may not open the page does not see the tab.
    for label, name in TABS:
        if case.is_of_court and name in OF_THE_BUREAU:
            continue
        try:
            url = reverse(name, args=[case.pk])
        except NoReverseMatch:
            continue
        allowed = getattr(resolve(url).func, "required_permissions", ())
        if any(user.has_perm(permission) for permission in allowed):
            yield {"label": label, "name": name, "url": url}


def steps(
    case: Case, user: User, *, today: dt.date, owed: Iterable[CaseDue] = (), is_money_first: bool = False
) -> list[Step]:
    """Return the buttons of the case for the user, next step first; the greyed ones with their reasons.

    Money that waits for the user is his first step where its clock is the most pressing one of the case.
    """
    at = timezone.make_aware(dt.datetime.combine(today, dt.time(12)))
    rows = []
    for move in moves_for(case, user, at=at):
        if url := _address(case, move.name, user):
            rows.append(Step(move.name, move.label, url, move.reasons, is_final=move.name in FINAL))
    rows += _other_steps(case, user, today)
    rows += [Step("pay", due.act, due.url) for due in owed if due.url]
    rows.sort(
        key=lambda step: (
            bool(step.reasons),
            step.is_final,
            not (is_money_first and step.name == "pay"),
            step.name in ASIDE,
        )
    )
    if rows and not rows[0].reasons and not rows[0].is_final and rows[0].name not in ASIDE:
        first = rows[0]
        rows[0] = Step(first.name, first.label, first.url, is_main=True)
    return rows


def barred(case: Case, act: Callable[..., Any], user: User, buttons: list[Step]) -> list[str]:
    """Return why the transition that a service makes is not to be had now, as its button says; else nothing."""
    move = act.__name__
    transitions = declared().get(move)
    if not transitions:
        return []
    if case.stage not in {transition.source for transition in transitions}:
        return [wrong_stage(case, transitions[0])]
    if not transitions[0].has_perm(case, user):
        return [_("本案的这一步由承办人办理，您不能办理")]
    return [reason for step in buttons if step.name == move for reason in step.reasons]


def _address(case: Case, move: str, user: User) -> str:
    if move in ("enter_stream", "upgrade", "downgrade"):
        pending = pending_handover(case)
        return reverse("cases:answer", args=[pending.pk]) if pending else ""
    if move in ("allocate", "take_back"):
        page = "case_dispatch" if move == "allocate" else "ask"
        try:
            return reverse(f"dispatch:{page}", args=[case.pk])
        except NoReverseMatch:
            return ""
    if move in ("take_up_suspended", "take_up_stayed", "move_over"):
        return ""  # by the import of the old book, and by the decision on a move of its unit
    if move in ("close", "return_closing"):
        # Both are answers on one page, shown once, to whose turn it is.
        open_one = case.closings.filter(state=Closing.State.PROPOSED).first() if move == "close" else None
        return reverse("cases:closing", args=[open_one.pk]) if open_one and may_sign(open_one, user) else ""
    return reverse(f"cases:{move}", args=[case.pk])


def _ask_steps(case: Case, user: User) -> Iterator[Step]:
    # What a party said and nobody has answered, for whoever has the case now.
    if user.has_perm("cases.answer_ask"):
        asked = case.party_asks.exclude(kind=PartyAsk.Kind.COMPLAINT).waiting().order_by("due_on", "id")
        if (first := asked.first()) and may_answer(first, user):
            yield Step("answer_ask", _("答复当事人诉求"), first.get_absolute_url())


def _other_steps(case: Case, user: User, today: dt.date) -> Iterator[Step]:
    # Acts that do not move the stage.
    yield from _ask_steps(case, user)
    if case.is_open and user.has_perm("dispatch.assign_case") and nextstep.awaits_coordination(case):
        yield Step("coordinate", _("协调移交"), reverse("cases:coordinate", args=[case.pk]))
    if case.stage == Case.Stage.STARTING and case.team_id == user.team_id and user.has_perm("cases.hand_over_case"):
        reasons = [_("本案已移交，等待对方接收")] if pending_handover(case) else []
        yield Step("hand_over", _("移交办理团队"), reverse("cases:hand_over", args=[case.pk]), reasons)
    yield from _query_steps(case, user)
    if case.is_of_court and case.team_id == user.team_id and user.has_perm("cases.change_handler"):
        url = reverse("cases:change_handler", args=[case.pk])
        if case.is_open and case.stage != Case.Stage.FILED:
            yield Step("change_handler", _("更换承办人"), url, handler_change_objections(case))
    is_worked = case.stage in (Case.Stage.FAST, Case.Stage.ORDINARY) and not case.is_of_court
    if is_worked and case.judge_id == user.pk and user.has_perm("cases.change_stream"):
        reasons = change_objections(case)
        yield Step("change_stream", _("简繁转换"), reverse("cases:change_stream", args=[case.pk]), reasons)
    if not case.is_open and user.has_perm("intake.revive_case"):
        at = timezone.make_aware(dt.datetime.combine(today, dt.time(12)))
        yield Step(
            "revive", _("恢复执行立案"), reverse("intake:revive", args=[case.pk]), revival_objections(case, at=at)
        )
    if (case.stage == Case.Stage.SETTLED or not case.is_open) and may_note_instalment(case, user):
        running = {"settlement__outcome__in": Settlement.RUNNING, "paid_on__isnull": True}
        unpaid = Instalment.objects.filter(settlement__case=case, **running)
        if first := unpaid.order_by("due_on", "id").first():
            label = _("登记第 %(number)d 期履行") % {"number": first.position}
            yield Step("note_instalment", label, reverse("cases:note_instalment", args=[first.pk]))
    if case.lives_on and may_requery(case, user):
        yield Step("requery", _("登记终本后查询"), reverse("cases:requery", args=[case.pk]), requery_objections(case))
    if case.is_open and case.closing_due_on - today <= LIMIT_NEAR and may_exclude(case, user):
        reasons = limit_objections(case, today=today)
        yield Step("ask_limit", _("申请延长执行期限"), reverse("cases:ask_limit", args=[case.pk]), reasons)
    if not case.number and user.has_perm("intake.file_case"):
        yield Step("enter_number", _("录入案号"), reverse("cases:enter_number", args=[case.pk]))


def _query_steps(case: Case, user: User) -> Iterator[Step]:
    if case.stage not in QUERY_STAGES or not may_query(case, user):
        return
    answers = list(case.network_queries.values_list("answered_on", flat=True))
    if not answers:
        page = "cases:query_case" if case.stage == Case.Stage.FILED else "cases:launch_query"
        yield Step("launch_query", _("发起网络查控"), reverse(page, args=[case.pk]))
    elif None in answers:
        yield Step("note_query_answered", _("登记查控反馈"), reverse("cases:note_query_answered", args=[case.pk]))


def pending_handover(case: Case) -> Handover | None:
    """Return the pack that waits for its receiver, from what is loaded."""
    for handover in case.handovers.all():
        if handover.state == Handover.State.PENDING:
            return handover
    return None
