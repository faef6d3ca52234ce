"""A sanction ends in three working days from its ground: noted, decided, carried out (失信名单规定 10)."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Team, User
from cases.models import Case, Sanction, SanctionRequest
from cases.record import record
from cases.sanctionlaw import ENDINGS_BY_CODE, ENDS_WITH_CASE, WAYS, Ending, Kind, ending_basis, endings_of
from cases.services.sanctionrequests import CORRECT, DECLINED, GRANTED, held_request, note_answer
from cases.services.sanctions import (
    DOCUMENT_MAX,
    REASON_MAX,
    about,
    approve_sanction,
    held,
    may_decide,
    take_back,
    works_on,
)
from cases.services.workbatches import Left

BATCH = 200
# On what ground the end of a case ends what was ordered in it; after 终本 everything stays.
ENDING_BY_MODE: dict[str, str] = {
    Case.ClosingMode.FULFILLED: "PERFORMED",
    Case.ClosingMode.TERMINATED: "TERMINATED",
    Case.ClosingMode.NOT_ENFORCED: "NOT_ENFORCED",
    Case.ClosingMode.REMOVED: "CASE_GONE",
    Case.ClosingMode.DISMISSED: "CASE_GONE",
}


@transaction.atomic
def note_removal_ground(
    sanction: Sanction, *, ending: str, arose_on: dt.date, note: str, at: dt.datetime, actor: User
) -> Sanction:
    """Whoever works on the case notes why it must end, and the day that arose: from it the three working days run."""
    sanction = held(sanction)
    if not works_on(sanction.case, actor):
        raise PermissionDenied
    if not note.strip():
        raise Refused(of_field("note", _("请写明事由的具体情况和凭据")))
    return _fall_due(sanction, ending, arose_on, note, at=at, actor=actor)


def _fall_due(
    sanction: Sanction, ending: str, arose_on: dt.date, note: str, *, at: dt.datetime, actor: User
) -> Sanction:
    rule = ENDINGS_BY_CODE.get(ending)
    if reasons := _ground_objections(sanction, rule, arose_on, day=timezone.localdate(at)):
        raise Refused(reasons)
    assert rule is not None
    sanction.state = Sanction.State.REMOVAL_DUE
    sanction.removal_ground, sanction.arose_on = rule.code, arose_on
    has_term = sanction.term_until is not None
    sanction.removal_basis = ending_basis(rule, sanction.kind, has_term=has_term, on=timezone.localdate(at))
    sanction.removal_needs_decision, sanction.removal_note = rule.needs_decision, note.strip()[:REASON_MAX]
    sanction.removal_noted_by, sanction.removal_noted_at = actor, at
    sanction.save()
    _note(sanction, "note_removal_ground", at=at, actor=actor, note=sanction.removal_note)
    return sanction


def _ground_objections(sanction: Sanction, rule: Ending | None, arose_on: dt.date, *, day: dt.date) -> list[str]:
    if sanction.state != Sanction.State.IN_FORCE:
        return [_("该措施不在执行中，或已登记解除事由")]
    if rule is None or rule not in endings_of(sanction.kind):
        return [of_field("ending", _("请选择解除事由"))]
    assert sanction.in_force_from is not None
    reasons = []
    if arose_on > day:
        reasons.append(of_field("arose_on", _("事由发生日不能晚于今天")))
    if arose_on < sanction.in_force_from:
        reasons.append(
            of_field("arose_on", _("事由发生日不能早于措施生效日；此前已发生的，按不应采取措施撤销，填写生效日"))
        )
    if rule.code == "TERM_ENDED" and (sanction.term_until is None or arose_on < sanction.term_until):
        reasons.append(of_field("ending", _("期限尚未届满，或该措施没有固定期限")))
    if rule.code == "CORRECTED" and sanction.term_until is None:
        reasons.append(of_field("ending", _("没有固定期限的失信措施，按履行完毕等事由删除")))
    return reasons


@transaction.atomic
def approve_removal(sanction: Sanction, *, document: str = "", at: dt.datetime, actor: User) -> Sanction:
    """The president decides that it ends; entering it is left to do."""
    sanction = held(sanction)
    _must_decide(sanction, actor)
    sanction.removal_approved_by, sanction.removal_approved_at = actor, at
    sanction.removal_document = document.strip()[:DOCUMENT_MAX]
    sanction.save()
    _note(sanction, "approve_removal", at=at, actor=actor, document=sanction.removal_document)
    return sanction


@transaction.atomic
def refuse_removal(sanction: Sanction, *, reason: str, at: dt.datetime, actor: User) -> Sanction:
    """The president finds that the ground does not stand: the measure goes on, and its clock with it."""
    sanction = held(sanction)
    _must_decide(sanction, actor)
    case = sanction.case
    if not (case.is_open or case.lives_on or sanction.term_until):
        raise Refused(_("案件已结案，措施必须解除"))
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明不予解除的理由")))
    details = {"reason": reason.strip()[:REASON_MAX], "until_on": sanction.term_until}
    _note(sanction, "refuse_removal", at=at, actor=actor, **details)
    sanction.state = Sanction.State.IN_FORCE
    sanction.removal_ground = sanction.removal_basis = sanction.removal_note = ""
    sanction.arose_on = sanction.removal_noted_by = sanction.removal_noted_at = None
    sanction.removal_needs_decision = False
    sanction.save()
    return sanction


def may_remove(sanction: Sanction, user: User) -> bool:
    """Return whether the user enters the end: of the team that holds the case, or of the affairs team (§2.2)."""
    if not user.has_perm("cases.remove_sanction") or user.team is None:
        return False
    if sanction.case.team_id == user.team_id:
        return True
    return user.team.kind == Team.Kind.AFFAIRS and not sanction.case.is_of_court


@transaction.atomic
def remove_sanction(sanction: Sanction, *, way: str, document: str, at: dt.datetime, actor: User) -> Sanction:
    """Lift, delete or release: entered where it was published, which fulfils the deadline."""
    sanction = held(sanction)
    if not may_remove(sanction, actor) or not Case.objects.visible_to(actor).filter(pk=sanction.case_id).exists():
        raise PermissionDenied
    if sanction.state != Sanction.State.REMOVAL_DUE:
        raise Refused(_("没有登记解除事由，不能办理解除"))
    reasons = [] if sanction.is_removal_decided else [_("解除尚待院长或主管副院长批准")]
    if way not in WAYS[Kind(sanction.kind)]:
        reasons.append(of_field("way", _("请选择解除方式")))
    if not (document.strip() or sanction.removal_document):
        reasons.append(of_field("document", _("请写明解除文书文号或凭据")))
    if reasons:
        raise Refused(reasons)
    sanction.state = Sanction.State.REMOVED
    sanction.removal_way = way
    sanction.removal_document = document.strip()[:DOCUMENT_MAX] or sanction.removal_document
    sanction.removed_by, sanction.removed_on = actor, timezone.localdate(at)
    sanction.save()
    details = {"removal_way": way, "document": sanction.removal_document}
    _note(sanction, "remove_sanction", at=at, actor=actor, **details)
    return sanction


@transaction.atomic
def answer_request(
    request: SanctionRequest, *, result: str, reason: str, at: dt.datetime, actor: User
) -> SanctionRequest:
    """The judge answers: a correction that stands opens its three working days; a listing is for the president."""
    request = held_request(request, actor)
    reasons = [] if reason.strip() else [of_field("reason", _("请写明理由"))]
    if result not in (GRANTED, DECLINED):
        reasons.append(of_field("result", _("请选择处理结果")))
    elif request.purpose != CORRECT and result == GRANTED:
        reasons.append(of_field("result", _("支持申请的，请提请纳入失信名单；院长批准后申请自动办结")))
    if reasons:
        raise Refused(reasons)
    sanction = request.sanction
    if result == GRANTED and sanction is not None and sanction.state == Sanction.State.IN_FORCE:
        sanction.case = request.case
        _fall_due(sanction, "WRONG", timezone.localdate(at), reason, at=at, actor=actor)
    return note_answer(request, result, reason, at=at, actor=actor)


def fall_due_with_case(case: Case, mode: str, *, note: str, at: dt.datetime, actor: User) -> None:
    """End what falls away with a closed case, in those that it revives too; the row is locked, 终本 keeps all."""
    ending = ENDING_BY_MODE.get(mode)
    ended: Case | None = case
    while ended is not None and ending is not None:
        for sanction in ended.sanctions.running().select_related("party").order_by("id"):
            sanction.case = ended
            if sanction.state == Sanction.State.PROPOSED:
                take_back(sanction, reason=note, at=at, actor=actor)
            elif sanction.state == Sanction.State.IN_FORCE and sanction.kind in ENDS_WITH_CASE:
                _fall_due(sanction, ending, timezone.localdate(at), note, at=at, actor=actor)
        ended = Case.objects.select_for_update().get(pk=ended.revives_id) if ended.revives_id else None


def end_terms(*, at: dt.datetime, actor: User) -> int:
    """Note the end of every term that has run out: the listed to be deleted, the detained released; return how many."""
    over = Sanction.objects.filter(state=Sanction.State.IN_FORCE, term_until__lt=timezone.localdate(at))
    return sum(
        _end_term(pk, at=at, actor=actor) for pk in over.order_by("term_until").values_list("pk", flat=True)[:BATCH]
    )


@transaction.atomic
def _end_term(pk: int, *, at: dt.datetime, actor: User) -> int:
    sanction = held(Sanction.objects.get(pk=pk))
    if sanction.state != Sanction.State.IN_FORCE or sanction.term_until is None:
        return 0
    _fall_due(sanction, "TERM_ENDED", sanction.term_until, "", at=at, actor=actor)
    return 1


@transaction.atomic
def decide_many(sanctions: Iterable[Sanction], *, at: dt.datetime, actor: User) -> tuple[list[Sanction], list[Left]]:
    """Approve several proposals and removals; return what was approved, and what was left with its reasons."""
    done: list[Sanction] = []
    left: list[Left] = []
    # In the order of cases, so that two batches never wait for each other.
    for sanction in sorted(sanctions, key=lambda row: (row.case_id, row.pk)):
        is_new = sanction.state == Sanction.State.PROPOSED
        try:
            with transaction.atomic():
                done.append((approve_sanction if is_new else approve_removal)(sanction, at=at, actor=actor))
        except Refused as refusal:
            left.append(Left(sanction.pk, sanction.case.display_number, refusal.reasons))
        except PermissionDenied:
            left.append(Left(sanction.pk, sanction.case.display_number, [_("您不能审批这一项")]))
    return done, left


def _must_decide(sanction: Sanction, actor: User) -> None:
    if not may_decide(actor, sanction.case) or actor.pk == sanction.removal_noted_by_id:
        raise PermissionDenied
    if sanction.state != Sanction.State.REMOVAL_DUE or sanction.is_removal_decided:
        raise Refused(_("没有待审批的解除"))


def _note(sanction: Sanction, verb: str, *, at: dt.datetime, actor: User, **details: object) -> None:
    says = about(sanction) | {"removal_ground": sanction.removal_ground, "arose_on": sanction.arose_on}
    record(sanction, verb, at=at, case=sanction.case, actor=actor, **says, **details)
