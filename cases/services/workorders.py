"""One team asks another for work on a case: requested, accepted, done, confirmed or returned; the case stays put."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import identity
from bureau.errors import Refused, of_field
from bureau.models import Holiday, Team, User
from bureau.roles import has_role
from cases import departments, workkinds
from cases import photos as photos_
from cases.models import Case, Party, WorkOrder
from cases.record import record
from cases.services.recusals import recusals

REASON_MAX = 300
TEXT_MAX = 500
RESULT_MAX = 1000
# Who may show his card on the spot (民事诉讼法 239: 出示证件; two of them for every field action).
FIELD_ROLES = ("OFFICER", "JUDGE", "ASSISTANT", "RECORDS_CLERK", "BAILIFF")


def may_request(case: Case, user: User) -> bool:
    """Return whether the user speaks for the case: he is of the team that holds it, or decides it as its judge.

    For the old book no team of the bureau is asked: its court does everything itself.
    """
    if not user.has_perm("cases.request_work") or case.is_of_court:
        return False
    return case.judge_id == user.pk or (case.team_id is not None and case.team_id == user.team_id)


def may_do(order: WorkOrder, user: User) -> bool:
    """Return whether the order is addressed to the user's team and he may do such work."""
    return user.has_perm("cases.do_work") and order.to_team_id == user.team_id


def acts_for(order: WorkOrder, case: Case, user: User) -> list[str]:
    """Return what the user may do with the order now; the rule for showing an act is the rule for doing it."""
    acts = []
    if may_do(order, user):
        acts += ["accept_work"] if order.state in WorkOrder.TO_TAKE else []
        is_answered_now = order.state == WorkOrder.State.ACCEPTED
        is_answered_now |= order.kind == WorkOrder.Kind.ONSITE and order.is_waiting
        acts += ["finish_work"] if is_answered_now else []
    if may_request(case, user):
        is_done = order.state == WorkOrder.State.DONE
        acts += ["confirm_work"] if is_done and order.done_by_id != user.pk else []
        acts += ["return_work"] if is_done else []
        acts += ["withdraw_work"] if order.is_waiting else []
    return acts


def due_day(kind: str, *, on: dt.date) -> dt.date:
    """Return the day by which an order of the kind is due, counted in working days from the day after."""
    return Holiday.objects.calendar().due(on, workkinds.BY_CODE[kind].workdays, "workday").due_on


@transaction.atomic
def request_work(
    case: Case,
    *,
    kind: str,
    to_team: Team,
    text: str,
    party: Party | None = None,
    department: str = "",
    district: str = "",
    at: dt.datetime,
    actor: User,
) -> WorkOrder:
    """Ask another team for work on the case; its due day follows from the kind (局内规定)."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not may_request(case, actor) or actor.team is None:
        raise PermissionDenied
    text = text.strip()[:TEXT_MAX]
    is_onsite = kind == WorkOrder.Kind.ONSITE
    if reasons := _request_objections(case, kind, to_team, text, party, department, district, actor):
        raise Refused(reasons)
    order = WorkOrder.objects.create(
        case=case,
        kind=kind,
        party=party,
        from_team=actor.team,
        to_team=to_team,
        requested_by=actor,
        requested_at=at,
        text=text,
        department=department if is_onsite else "",
        district=district if is_onsite else "",
        due_on=due_day(kind, on=timezone.localdate(at)),
    )
    _record(
        order,
        "request_work",
        at=at,
        actor=actor,
        to_team=to_team.code,
        department=order.department,
        district=order.district,
        due_on=order.due_on,
    )
    return order


def _request_objections(
    case: Case,
    kind: str,
    to_team: Team,
    text: str,
    party: Party | None,
    department: str,
    district: str,
    actor: User,
) -> list[str]:
    if kind not in workkinds.BY_CODE:
        return [of_field("kind", _("请选择协作种类"))]
    reasons = []
    if not case.is_open:
        reasons.append(_("案件已结案，不能再请求协作"))
    if to_team.kind not in workkinds.BY_CODE[kind].teams or not to_team.is_active:
        reasons.append(of_field("to_team", _("该团队不办理此类协作")))
    if to_team.pk == actor.team_id:
        reasons.append(of_field("to_team", _("协作应请求其他团队办理")))
    if not text:
        reasons.append(of_field("text", _("请写明请求内容")))
    elif identity.holds_resident_id(text):
        reasons.append(of_field("text", _("请求内容中不写完整身份证号码，办理团队从案件当事人信息查看")))
    if party is not None and party.case_id != case.pk:
        reasons.append(of_field("party", _("涉及人不是本案当事人")))
    elif party is not None and kind == WorkOrder.Kind.ONSITE and party.side != Party.Side.DEBTOR:
        reasons.append(of_field("party", _("现场查控的对象应是被执行人")))
    if kind == WorkOrder.Kind.ONSITE and (said := departments.objection(department, district)):
        reasons.append(said)
    return reasons


def _locked(order: WorkOrder) -> WorkOrder:
    # The case row is the lock of everything on a case; the order is read again under it.
    case = Case.objects.select_for_update().get(pk=order.case_id)
    order = WorkOrder.objects.select_related("to_team", "from_team", "taken_by").get(pk=order.pk)
    order.case = case
    return order


@transaction.atomic
def accept_work(order: WorkOrder, *, at: dt.datetime, actor: User) -> WorkOrder:
    """A member of the asked team takes the order; the second of two is refused."""
    order = _locked(order)
    if not may_do(order, actor):
        raise PermissionDenied
    if order.state == WorkOrder.State.ACCEPTED and order.taken_by is not None:
        raise Refused(_("已由%(name)s接单") % {"name": order.taken_by.name})
    if order.state not in WorkOrder.TO_TAKE:
        raise Refused(_("该协作“%(state)s”，不能接单") % {"state": order.get_state_display()})
    if reasons := recusals(order.case, actor):
        raise Refused(reasons)
    order.state, order.taken_by, order.accepted_at = WorkOrder.State.ACCEPTED, actor, at
    order.save(update_fields=["state", "taken_by", "accepted_at"])
    _record(order, "accept_work", at=at, actor=actor)
    return order


@transaction.atomic
def finish_work(
    order: WorkOrder,
    *,
    text: str,
    result: str = "",
    officer1: User | None = None,
    officer2: User | None = None,
    photos: Sequence[Any] = (),
    at: dt.datetime,
    actor: User,
) -> WorkOrder:
    """Answer an accepted order; an on-site item names its result and two officers, and is accepted by its answer.

    `photos` are uploads that show it, photos or receipts; they go into the file of the case with the answer.
    """
    order = _locked(order)
    if not may_do(order, actor):
        raise PermissionDenied
    is_onsite = order.kind == WorkOrder.Kind.ONSITE
    if is_onsite and order.state in WorkOrder.TO_TAKE:
        order = accept_work(order, at=at, actor=actor)
    if order.state != WorkOrder.State.ACCEPTED:
        raise Refused(_("该协作“%(state)s”，不能答复") % {"state": order.get_state_display()})
    text = text.strip()[:RESULT_MAX]
    if is_onsite:
        reasons = onsite_objections(
            order, text=text, result=result, officer1=officer1, officer2=officer2, has_photos=bool(photos)
        )
    else:
        reasons = [] if text else [of_field("text", _("请写明办理结果"))]
        result, officer1, officer2 = "", None, None
    if reasons:
        raise Refused(reasons)
    order.state, order.result, order.result_text = WorkOrder.State.DONE, result, text
    order.officer1, order.officer2, order.done_by, order.answered_at = officer1, officer2, actor, at
    order.save(
        update_fields=["state", "result", "result_text", "officer1", "officer2", "done_by", "answered_at"],
    )
    _record(
        order,
        "finish_work",
        at=at,
        actor=actor,
        result=result,
        officer1=officer1.pk if officer1 else None,
        officer2=officer2.pk if officer2 else None,
    )
    photos_.keep(order, photos, at=at, actor=actor)
    return order


def onsite_objections(
    order: WorkOrder,
    *,
    text: str,
    result: str,
    officer1: User | None,
    officer2: User | None,
    has_photos: bool,
) -> list[str]:
    """Return what is wrong with an on-site answer: result, words where it needs them, two different officers.

    What was found is shown by a photo or a receipt, which may lie in the file from an answer that was returned.
    """
    reasons = []
    if result not in WorkOrder.Result.values:
        reasons.append(of_field("result", _("请选择结果：有、无、拒绝或需补材料")))
    if not text and result != WorkOrder.Result.NONE:
        reasons.append(of_field("text", _("除“无”以外，请写明结果说明")))
    if result == WorkOrder.Result.FOUND and not has_photos and not photos_.of_orders([order]).get(order.pk):
        reasons.append(of_field("photos", _("查到财产的，请附现场照片或者回执")))
    if officer1 is None or officer2 is None:
        reasons.append(of_field("officer1", _("现场事项须有两名执行人员")))
    elif officer1.pk == officer2.pk:
        reasons.append(of_field("officer2", _("两名执行人员不能是同一人")))
    elif not (_is_field_officer(order, officer1) and _is_field_officer(order, officer2)):
        reasons.append(of_field("officer1", _("执行人员应是办理团队的在职人员")))
    return reasons


def _is_field_officer(order: WorkOrder, user: User) -> bool:
    return user.is_active and user.team_id == order.to_team_id and has_role(user, *FIELD_ROLES)


def _for_case(order: WorkOrder, actor: User) -> WorkOrder:
    order = _locked(order)
    if not may_request(order.case, actor):
        raise PermissionDenied
    return order


@transaction.atomic
def confirm_work(order: WorkOrder, *, at: dt.datetime, actor: User) -> WorkOrder:
    """The side that holds the case confirms the answer; nobody confirms his own."""
    order = _for_case(order, actor)
    if order.state != WorkOrder.State.DONE:
        raise Refused(_("该协作“%(state)s”，不能确认") % {"state": order.get_state_display()})
    if order.done_by_id == actor.pk:
        raise Refused(_("不能确认本人的答复"))
    _close(order, WorkOrder.State.CONFIRMED, at=at, actor=actor)
    _record(order, "confirm_work", at=at, actor=actor, result=order.result)
    return order


@transaction.atomic
def return_work(order: WorkOrder, *, reason: str, at: dt.datetime, actor: User) -> WorkOrder:
    """Send an answer back to the doing team with a reason; it is to be done again, with a new due day."""
    order = _for_case(order, actor)
    reason = _needed(reason)
    if order.state != WorkOrder.State.DONE:
        raise Refused(_("该协作“%(state)s”，不能退回") % {"state": order.get_state_display()})
    answered_on = timezone.localdate(order.answered_at)
    answer = f"{answered_on} {order.get_result_display()} {order.result_text}".strip()
    order.earlier = f"{order.earlier}\n{answer}".strip()
    order.state, order.return_reason = WorkOrder.State.RETURNED, reason
    order.return_count += 1
    order.due_on = due_day(order.kind, on=timezone.localdate(at))
    order.save(update_fields=["earlier", "state", "return_reason", "return_count", "due_on"])
    _record(order, "return_work", at=at, actor=actor, reason=reason, due_on=order.due_on)
    return order


@transaction.atomic
def withdraw_work(order: WorkOrder, *, reason: str, at: dt.datetime, actor: User) -> WorkOrder:
    """Take back what has not been answered yet, with a reason; an answer is confirmed or returned instead."""
    order = _for_case(order, actor)
    order.withdraw_reason = _needed(reason)
    if not order.is_waiting:
        raise Refused(_("该协作“%(state)s”，不能撤回") % {"state": order.get_state_display()})
    _close(order, WorkOrder.State.WITHDRAWN, at=at, actor=actor)
    _record(order, "withdraw_work", at=at, actor=actor, reason=order.withdraw_reason)
    return order


@transaction.atomic
def pass_work(order: WorkOrder, *, to: User, at: dt.datetime, actor: User) -> WorkOrder:
    """Give an accepted order to a colleague of the same team; who may order this, the caller has asked."""
    order = _locked(order)
    if order.state != WorkOrder.State.ACCEPTED or order.taken_by is None or not may_do(order, to):
        raise Refused(_("该协作不能交给%(name)s办理") % {"name": to.name})
    giver = order.taken_by
    order.taken_by = to
    order.save(update_fields=["taken_by"])
    _record(order, "pass_work", at=at, actor=actor, from_user=giver.pk, to_user=to.pk)
    return order


def _needed(reason: str) -> str:
    reason = reason.strip()[:REASON_MAX]
    if not reason:
        raise Refused(of_field("reason", _("请写明理由")))
    return reason


def _close(order: WorkOrder, state: str, *, at: dt.datetime, actor: User) -> None:
    order.state, order.closed_by, order.closed_at = state, actor, at
    order.save(update_fields=["state", "closed_by", "closed_at", "withdraw_reason"])


def _record(order: WorkOrder, verb: str, *, at: dt.datetime, actor: User, **details: Any) -> None:
    record(order, verb, at=at, case=order.case, actor=actor, work=order.pk, work_kind=order.kind, **details)
