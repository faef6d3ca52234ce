"""A pack goes from the affairs team to the stream team: accepted, or sent back with coded defects (§6.2)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import Holiday, User
from cases import nodes, packs
from cases.models import Case, Handover
from cases.record import record
from cases.services.stages import advance

NOTE_MAX = 300


@transaction.atomic
def hand_over(case: Case, *, pack: list[str], note: str, at: dt.datetime, actor: User) -> Handover:
    """Hand the started case to its stream team; required items of the pack must be there."""
    case = Case.objects.select_for_update(of=("self",)).select_related("team", "stream_team").get(pk=case.pk)
    if not actor.has_perm("cases.hand_over_case") or case.team_id != actor.team_id:
        raise PermissionDenied
    if reasons := handover_objections(case, pack):
        raise Refused(reasons)
    assert case.team is not None
    assert case.stream_team is not None
    handover = Handover.objects.create(
        case=case,
        from_team=case.team,
        to_team=case.stream_team,
        pack=[item.code for item in packs.STARTING if item.code in pack],
        note=note.strip()[:NOTE_MAX],
        handed_by=actor,
        handed_at=at,
        due_on=_answer_due_on(at),
    )
    record(
        handover,
        "hand_over",
        at=at,
        case=case,
        actor=actor,
        to_team=case.stream_team.code,
        pack=handover.pack,
        note=note,
    )
    return handover


def _answer_due_on(at: dt.datetime) -> dt.date:
    answer = nodes.BY_CODE["HANDOVER_ANSWER"]
    return nodes.counted(answer, timezone.localdate(at), days=Holiday.objects.calendar()).due_on


def handover_objections(case: Case, pack: list[str]) -> list[str]:
    """Return why the case cannot be handed over with this pack."""
    if case.stage != Case.Stage.STARTING:
        return [_("只有启动阶段的案件可以移交")]
    if case.handovers.filter(state=Handover.State.PENDING).exists():
        return [_("本案已移交，等待对方接收")]
    return [
        _("移交清单缺少：%(item)s（%(basis)s）") % {"item": item.label, "basis": item.basis}
        for item in packs.missing(pack)
    ]


def _pending(handover: Handover, actor: User) -> Handover:
    # The case row is the lock of everything on a case.
    Case.objects.held().get(pk=handover.case_id)
    handover = Handover.objects.select_related("case", "to_team").get(pk=handover.pk)
    if not actor.has_perm("cases.accept_handover") or handover.to_team_id != actor.team_id:
        raise PermissionDenied
    if handover.state != Handover.State.PENDING:
        raise Refused(_("该移交已处理"))
    return handover


@transaction.atomic
def accept(handover: Handover, *, at: dt.datetime, actor: User) -> Case:
    """The stream team accepts: it holds the case now, and whoever accepts owns the stage."""
    handover = _pending(handover, actor)
    case = advance(
        handover.case,
        "enter_stream",
        at=at,
        actor=actor,
        changes={"team": handover.to_team, "owner": actor},
        handover=handover.pk,
    )
    _answer(handover, Handover.State.ACCEPTED, at=at, actor=actor)
    return case


@transaction.atomic
def send_back(handover: Handover, *, defects: list[str], note: str, at: dt.datetime, actor: User) -> Handover:
    """The stream team sends the pack back with coded defects; the case stays with the affairs team."""
    handover = _pending(handover, actor)
    known = [code for code in Handover.Defect.values if code in defects]
    if not known:
        raise Refused(_("请至少选择一项退回原因"))
    if Handover.Defect.OTHER in known and not note.strip():
        raise Refused(_("选择“其他”时请写明原因"))
    handover.defects = known
    handover.answer_note = note.strip()[:NOTE_MAX]
    _answer(handover, Handover.State.SENT_BACK, at=at, actor=actor)
    record(handover, "send_back", at=at, case=handover.case, actor=actor, defects=known, note=note.strip())
    return handover


def _answer(handover: Handover, state: str, *, at: dt.datetime, actor: User) -> None:
    handover.state = state
    handover.answered_by = actor
    handover.answered_at = at
    handover.save(update_fields=["state", "answered_by", "answered_at", "defects", "answer_note"])
