"""Who does what next in an open case: one answer for every stage, shown on the case page to everybody who sees it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bureau.roles import BY_CODE as ROLES
from cases import nodes
from cases.models import Case, Closing, ClosingSignature, Deadline, Handover, Instalment
from cases.nodes import Level, Owner
from cases.services.closings import next_step
from cases.services.handovers import SENT_BACK_MAX

# Whose own time runs is nobody's step in the house.
OUTSIDE = (Owner.PARTY, Owner.OTHER_COURT)
ORDER = list(Level)


@dataclass(frozen=True, slots=True)
class Next:
    """The act in words, who must do it, and by when where a day is known."""

    act: str
    who: str
    due_on: dt.date | None = None


def of_case(case: Case) -> Next | None:
    """Return the next step of an open case; nothing once it is closed. At most two queries besides the loaded case."""
    if not case.is_open:
        return None
    if case.stage == Case.Stage.CLOSING:
        return _signature(case)
    if case.stage not in Case.RESTING and (between := _between_teams(case)):
        return between
    return STAGES.get(case.stage, _worked)(case)


def awaits_coordination(case: Case) -> bool:
    """Return whether its packs were sent back so often that the command centre must bring the teams together."""
    return sum(row.is_unsettled for row in case.handovers.all()) >= SENT_BACK_MAX


def _between_teams(case: Case) -> Next | None:
    pending = next((row for row in case.handovers.all() if row.state == Handover.State.PENDING), None)
    if pending is not None:
        return Next(_("答复移交"), pending.to_team.name, pending.due_on)
    if awaits_coordination(case):
        return Next(_("协调移交"), str(nodes.OWNER_LABELS[Owner.DISPATCHER]))
    return None


def _filed(case: Case) -> Next:
    if case.is_of_court:
        return Next(_("确定承办人"), case.team.name if case.team else str(ROLES["COURT_HEAD"].label))
    return Next(_("分流并确定承办人"), str(nodes.OWNER_LABELS[Owner.DISPATCHER]), case.triage_due_on)


def _allocated(case: Case) -> Next:
    return Next(_("启动案件"), _owner(case))


def _starting(case: Case) -> Next:
    duty = _duty(case)
    if duty is not None and duty.node != "HANDOVER_REPAIR":
        return _of(duty)
    was_back = any(row.state == Handover.State.SENT_BACK for row in case.handovers.all())
    act = _("补正后重新移交") if was_back else _("移交办理团队")
    return Next(act, _owner(case), duty.due_on if duty else None)


def _worked(case: Case) -> Next:
    duty = _duty(case)
    if duty is not None:
        return _of(duty)
    return Next(_("继续查控、处置，或者提请结案"), _owner(case), case.closing_due_on)


def _suspended(case: Case) -> Next:
    return Next(_("核对中止情形是否消失，消失的恢复执行"), _judge(case))


def _stayed(case: Case) -> Next:
    until_on = case.stays.filter(ended_on__isnull=True).values_list("until_on", flat=True).first()
    return Next(_("暂缓届满即恢复执行，或者另作决定"), _judge(case), until_on)


def _settled(case: Case) -> Next:
    owed = Instalment.objects.filter(settlement__case=case, settlement__outcome="", paid_on__isnull=True)
    first = owed.order_by("due_on", "id").first()
    if first is None:
        return Next(_("和解各期均已登记，提请结案"), _owner(case))
    return Next(_("核对和解第 %(number)d 期履行情况") % {"number": first.position}, _owner(case), first.due_on)


def _signature(case: Case) -> Next:
    proposed = case.closings.filter(state=Closing.State.PROPOSED).prefetch_related("signatures").first()
    step = next_step(proposed) if proposed else ""
    label = str(ClosingSignature.Step(step).label) if step else str(Case.Stage.CLOSING.label)
    if step == ClosingSignature.Step.JUDGE and case.judge:
        label = case.judge.name
    return Next(_("审查并签署结案"), label, case.closing_due_on)


def _duty(case: Case) -> Deadline | None:
    """Return the most pressing running duty of the house, the red ones first; the limit of the whole is none."""
    rows = [row for row in case.deadlines.running() if row.rule.is_duty and not row.rule.is_frame]
    rows = [row for row in rows if row.rule.owner not in OUTSIDE]
    return min(rows, key=lambda row: (-ORDER.index(Level(row.level)), row.due_on, row.pk), default=None)


def _of(duty: Deadline) -> Next:
    return Next(str(duty.rule.label), duty.owner_name, duty.due_on)


def _owner(case: Case) -> str:
    return case.owner.name if case.owner else case.team.name if case.team else str(nodes.OWNER_LABELS[Owner.DISPATCHER])


def _judge(case: Case) -> str:
    return case.judge.name if case.judge else _owner(case)


STAGES: dict[str, Callable[[Case], Next]] = {
    Case.Stage.FILED: _filed,
    Case.Stage.ALLOCATED: _allocated,
    Case.Stage.STARTING: _starting,
    Case.Stage.SUSPENDED: _suspended,
    Case.Stage.STAYED: _stayed,
    Case.Stage.SETTLED: _settled,
}
