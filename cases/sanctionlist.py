"""The list of sanctions as a question and as a table, and each one with what the user may do with it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import excel
from bureau.models import User
from cases.models import Case, Sanction, SanctionQuerySet
from cases.sanctionforms import due_period
from cases.sanctionlaw import Kind
from cases.services.extensions import may_be_extended
from cases.services.removals import may_remove
from cases.services.sanctions import works_on

EARLIER_MAX = 20
# The paper by which a sanction is ordered, and by which a listing is deleted or a limit lifted.
TEMPLATES = {Kind.LIMIT_CONSUMPTION: "CONSUMPTION", Kind.DISHONEST: "DISHONEST"}
REMOVAL_TEMPLATES = {Kind.DISHONEST: "DISHONEST_REMOVED", Kind.LIMIT_CONSUMPTION: "CONSUMPTION_LIFTED"}
# Offered while a reason is typed; other words may be typed as well.
REFUSE_REASONS = (
    gettext_lazy("证据不足，请补充"),
    gettext_lazy("执行通知书指定的期间未满或未送达"),
    gettext_lazy("已提供充分有效担保，或已控制财产足以清偿"),
    gettext_lazy("不符合所选情形"),
)
WITHDRAW_REASONS = (gettext_lazy("已履行"), gettext_lazy("双方达成和解"), gettext_lazy("情形选择有误，另行提请"))
REMOVAL_NOTES = (
    gettext_lazy("案款已全部到账并发放"),
    gettext_lazy("申请执行人书面同意，同意书在卷"),
    gettext_lazy("担保书及担保财产证明在卷"),
    gettext_lazy("裁定书已生效"),
)
ANSWER_REASONS = (
    gettext_lazy("不具有失信名单规定第一条情形"),
    gettext_lazy("已提供充分有效担保"),
    gettext_lazy("已控制财产足以清偿债务"),
    gettext_lazy("查证属实，应予纠正"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One sanction, what the user may do with it now, and the template of its next paper."""

    sanction: Sanction
    acts: list[str]
    template: str


def rows(sanctions: Iterable[Sanction], user: User, *, case: Case | None = None) -> list[Row]:
    """Return the sanctions with their acts; no query more than theirs."""
    found = []
    for sanction in sanctions:
        if case is not None:
            sanction.case = case
        found.append(Row(sanction, acts_for(sanction, user), template_of(sanction)))
    return found


def acts_for(sanction: Sanction, user: User) -> list[str]:
    """Return what the user may do; the rule for showing an act is the rule for doing it."""
    acts = []
    if works_on(sanction.case, user):
        acts += ["withdraw_sanction"] if sanction.state == Sanction.State.PROPOSED else []
        if sanction.state in Sanction.BINDING and not sanction.document:
            acts.append("name_document")
        if sanction.state == Sanction.State.IN_FORCE:
            is_waiting = sanction.kind == Kind.DETENTION and sanction.term_until is None
            acts += ["begin_detention"] if is_waiting else []
            acts += ["extend_sanction"] if may_be_extended(sanction) else []
            acts.append("note_removal")
    if sanction.is_removal_decided and may_remove(sanction, user):
        acts.append("remove_sanction")
    is_listed = sanction.kind == Kind.DISHONEST and sanction.state in Sanction.BINDING
    if is_listed and user.has_perm("cases.take_sanction_request"):
        acts.append("request_correction")
    return acts


def template_of(sanction: Sanction) -> str:
    """Return the code of the document template that the sanction needs next; nothing when it needs none."""
    kind = Kind(sanction.kind)
    if sanction.state in (Sanction.State.PROPOSED, Sanction.State.IN_FORCE):
        return TEMPLATES.get(kind, "")
    return REMOVAL_TEMPLATES.get(kind, "") if sanction.state == Sanction.State.REMOVAL_DUE else ""


def filtered(sanctions: SanctionQuerySet, chosen: dict[str, str], *, today: dt.date) -> SanctionQuerySet:
    """Return the sanctions that fit the filters, the most pressing first; unknown filters were dropped by the form."""
    state = chosen.get("state", "")
    if not state:
        sanctions = sanctions.running()
    elif state != "all":
        sanctions = sanctions.filter(state=state)
    if kind := chosen.get("kind"):
        sanctions = sanctions.filter(kind=kind)
    if due := chosen.get("due"):
        sanctions = sanctions.due_between(*due_period(due, today=today))
    return sanctions.pressing_first()


def earlier(sanction: Sanction, user: User) -> SanctionQuerySet:
    """Return the other sanctions of the same person, by his number, in the cases that the user sees, newest first."""
    mine = Sanction.objects.visible_to(user).exclude(pk=sanction.pk)
    if not sanction.party.id_digest:
        return mine.filter(party=sanction.party).for_list().order_by("-proposed_at")[:EARLIER_MAX]
    return mine.filter(party__id_digest=sanction.party.id_digest).for_list().order_by("-proposed_at")[:EARLIER_MAX]


def listed_without_limit(sanctions: Iterable[Sanction]) -> list[str]:
    """Return who is listed as dishonest and not limited in consumption, as he must be (限制消费规定 1)."""
    running = [row for row in sanctions if row.state in Sanction.RUNNING]
    limited = {row.party_id for row in running if row.kind == Kind.LIMIT_CONSUMPTION}
    return [row.party.name for row in running if row.kind == Kind.DISHONEST and row.party_id not in limited]


def table(sanctions: Iterable[Sanction]) -> excel.Table:
    """Return one line per sanction; personal numbers are not included at all."""
    lines = (
        [
            row.case.display_number,
            row.target,
            _("、").join(row.persons),
            row.get_kind_display(),
            str(row.rule.label),
            row.get_state_display(),
            row.in_force_from,
            row.term_until,
            str(row.ending.label) if row.ending else "",
            row.arose_on,
            vars(row)["next_due_on"],
            row.removed_on,
            row.document,
            row.proposed_by.name,
            row.decided_by.name if row.decided_by else "",
        ]
        for row in sanctions
    )
    return _("强制措施"), _titles(), lines


def _titles() -> list[str]:
    return [
        _("案号"),
        _("被执行人"),
        _("单位的责任人员"),
        _("措施"),
        _("情形"),
        _("状态"),
        _("生效日"),
        _("期限届满日"),
        _("解除事由"),
        _("事由发生日"),
        _("下一期限"),
        _("解除日"),
        _("决定文书"),
        _("提请人"),
        _("审批人"),
    ]
