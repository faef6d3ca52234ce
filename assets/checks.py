"""What controlled property says to the closing of a case."""

import datetime as dt

from django.utils.translation import gettext as _

from assets.lineage import lineage
from assets.models import Control
from bureau.models import Team
from cases.models import Case

NAMED_MAX = 10


def case_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why a case may not close in its proposed mode: controls to be released first, or without a keeper.

    After 终本, and after 终结 on a settlement that still runs, controls stay, each with a last day and somebody who
    renews it; every other mode releases them all (domain handbook §6.3, §6.5).
    """
    if move not in ("propose_closing", "close") or not case.closing_mode:
        return []
    controls = Control.objects.filter(case__in=lineage(case)).active().order_by("to_on", "id")
    rows = list(controls.select_related("keeper", "keeper__team"))
    if not keeps_controls(case):
        return _listed(_("尚有未解除的控制措施：%(things)s"), rows)
    undated = [row for row in rows if row.state == Control.State.LIVE and not row.to_on and row.rule.years_max]
    unkept = [row for row in rows if not _is_kept(row, case)]
    return [
        *_listed(_("控制措施没有届满日：%(things)s"), undated),
        *_listed(
            _("控制措施结案后继续有效，尚未指定结案后的续行责任人（终结执行的须为事务团队人员）：%(things)s"), unkept
        ),
    ]


def keeps_controls(case: Case) -> bool:
    """Return whether the proposed mode lets controls stay: 终本, or 终结 while a settlement is being performed."""
    if case.closing_mode == Case.ClosingMode.PROCEDURAL:
        return True
    stage = case.resume_stage if case.stage == Case.Stage.CLOSING else case.stage
    return case.closing_mode == Case.ClosingMode.TERMINATED and stage == Case.Stage.SETTLED


def _is_kept(control: Control, case: Case) -> bool:
    """Return whether somebody renews it who will still see the case: after 终结 it goes to the affairs team."""
    keeper = control.keeper
    if keeper is None or not keeper.is_active:
        return False
    if case.is_of_court:
        return keeper.team_id == case.team_id
    is_of_affairs = keeper.team is not None and keeper.team.kind == Team.Kind.AFFAIRS
    return is_of_affairs or (case.closing_mode == Case.ClosingMode.PROCEDURAL and keeper.team_id == case.team_id)


def _listed(sentence: str, rows: list[Control]) -> list[str]:
    if not rows:
        return []
    things = [
        _("%(kind)s %(thing)s（%(until)s）")
        % {"kind": row.get_kind_display(), "thing": row.thing, "until": row.to_on or row.get_state_display()}
        for row in rows[:NAMED_MAX]
    ]
    more = [_("等共 %(count)d 项") % {"count": len(rows)}] if len(rows) > NAMED_MAX else []
    return [sentence % {"things": _("、").join([*things, *more])}]
