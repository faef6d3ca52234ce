"""A pack goes from one stage's team to the next: accepted, or sent back with coded defects (§6.2)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Holiday, Team, User
from cases import casenumber, evidence, nodes, packs
from cases.evidence import Cited, papers_of
from cases.models import Case, Handover
from cases.record import record
from cases.services.stages import advance
from cases.starting import standings

NOTE_MAX = 300
SENT_BACK_MAX = 3  # so many send-backs on one case call the command centre
MOVES: dict[str, str] = {
    Handover.Purpose.START: "enter_stream",
    Handover.Purpose.UPGRADE: "upgrade",
    Handover.Purpose.DOWNGRADE: "downgrade",
}


Outside = Mapping[str, Cited]  # item of the pack → the document made outside the system


@transaction.atomic
def hand_over(case: Case, *, outside: Outside | None = None, note: str, at: dt.datetime, actor: User) -> Handover:
    """Hand the started case to its stream team; required items must be borne out by the record.

    An item whose document was made outside the system is named in `outside` by its scan in the file, number and day.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("team", "stream_team").get(pk=case.pk)
    if not actor.has_perm("cases.hand_over_case") or case.team_id != actor.team_id:
        raise PermissionDenied
    may_be = {item.code for item in packs.STARTING if item.may_be_outside}
    outside = {code: cited for code, cited in (outside or {}).items() if cited and code in may_be}
    pack, reasons = _pack_of(case, outside, on=timezone.localdate(at))
    if reasons := handover_objections(case) + reasons + _unanswered(case, note):
        raise Refused(reasons)
    assert case.stream_team is not None
    return _hand(
        case,
        case.stream_team,
        Handover.Purpose.START,
        packs.STARTING,
        pack,
        note,
        outside=_kept(outside),
        at=at,
        actor=actor,
    )


def _unanswered(case: Case, note: str) -> list[str]:
    """Return that the last send-back is answered with nothing: the same pack comes back no second time in silence."""
    last = case.handovers.order_by("-id").first()
    if last is None or last.state != Handover.State.SENT_BACK or note.strip():
        return []
    defects = _("、").join(str(label) for label in last.defect_labels)
    return [of_field("note", _("请写明上次退回的问题如何补正：%(defects)s") % {"defects": defects})]


def _pack_of(case: Case, outside: Outside, *, on: dt.date) -> tuple[list[str], list[str]]:
    """Return the items that the pack holds, and what it lacks or names wrongly."""
    pack, reasons, papers = [], [], papers_of(case) if outside else {}
    for row in standings(case):
        item, cited = row.item, outside.get(row.item.code)
        wrong = evidence.outside(case, cited, papers, on=on).reasons if cited else ()
        reasons += [
            of_field(
                f"{reason.field}_{item.code.lower()}",
                _("%(item)s：%(reason)s") % {"item": item.label, "reason": reason},
            )
            for reason in wrong
        ]
        if row.is_met or cited:
            pack.append(item.code)
        elif item.is_required:
            reasons += _lacking([item], names=row.lacking)
    return pack, reasons


def _kept(outside: Outside) -> dict[str, dict[str, str]]:
    return {
        code: {"number": _canonical(cited.number), "made_on": str(cited.made_on), "paper": cited.paper}
        for code, cited in outside.items()
    }


def _canonical(number: str) -> str:
    # What cannot be read is refused before it is kept.
    try:
        return casenumber.parse(number).canonical
    except ValueError:
        return ""


@transaction.atomic
def change_stream(case: Case, *, to_team: Team, pack: list[str], note: str, at: dt.datetime, actor: User) -> Handover:
    """The judge hands a case that turned out complex to an ordinary team, or one with money in sight to a fast one.

    It moves when the other team accepts; the closing limit never starts anew.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("team").get(pk=case.pk)
    if not actor.has_perm("cases.change_stream") or case.judge_id != actor.pk:
        raise PermissionDenied
    if reasons := change_objections(case) + _change_wanting(case, to_team, pack, note):
        raise Refused(reasons)
    purpose = _purpose_of_change(case)
    return _hand(case, to_team, purpose, packs.STREAM, pack, note, at=at, actor=actor)


def change_objections(case: Case) -> list[str]:
    """Return why the stream of a case may not be changed now."""
    if case.is_of_court:
        return [_("旧存案件由原法院一人承办，不转换、不移交")]
    if case.stage not in (Case.Stage.FAST, Case.Stage.ORDINARY):
        return [_("只有速执、普执阶段的案件可以转换")]
    if reasons := _standing_objections(case):
        return reasons
    done = ((row.purpose, row.state) for row in case.handovers.all())
    if case.stage == Case.Stage.FAST and (Handover.Purpose.UPGRADE, Handover.State.ACCEPTED) in done:
        return [_("简转繁只能一次")]
    return []


def _change_wanting(case: Case, to_team: Team, pack: list[str], note: str) -> list[str]:
    other = Team.Kind.ORDINARY if case.stage == Case.Stage.FAST else Team.Kind.FAST
    reasons = [] if to_team.kind == other and to_team.is_active else [of_field("to_team", _("请选择另一类办理团队"))]
    if not note.strip():
        reasons.append(of_field("note", _("请写明转换理由")))
    return reasons + _lacking(packs.missing(pack, packs.STREAM))


def _purpose_of_change(case: Case) -> Handover.Purpose:
    return Handover.Purpose.UPGRADE if case.stage == Case.Stage.FAST else Handover.Purpose.DOWNGRADE


def _hand(
    case: Case,
    to_team: Team,
    purpose: Handover.Purpose,
    items: tuple[packs.PackItem, ...],
    pack: list[str],
    note: str,
    *,
    outside: dict[str, dict[str, str]] | None = None,
    at: dt.datetime,
    actor: User,
) -> Handover:
    assert case.team is not None
    handover = Handover.objects.create(
        case=case,
        from_team=case.team,
        to_team=to_team,
        purpose=purpose,
        pack=[item.code for item in items if item.code in pack],
        outside=outside or {},
        note=note.strip()[:NOTE_MAX],
        handed_by=actor,
        handed_at=at,
        due_on=_answer_due_on(at),
    )
    verb = "hand_over" if purpose == Handover.Purpose.START else "change_stream"
    details: dict[str, Any] = {"to_team": to_team.code, "pack": handover.pack, "note": handover.note}
    details |= {"outside": outside} if outside else {}
    record(handover, verb, at=at, case=case, actor=actor, **details)
    return handover


def _answer_due_on(at: dt.datetime) -> dt.date:
    answer = nodes.BY_CODE["HANDOVER_ANSWER"]
    return nodes.counted(answer, timezone.localdate(at), days=Holiday.objects.calendar()).due_on


def handover_objections(case: Case) -> list[str]:
    """Return why the case cannot be handed over now, whatever the pack holds."""
    if case.stage != Case.Stage.STARTING:
        return [_("只有启动阶段的案件可以移交")]
    return _standing_objections(case)


def _standing_objections(case: Case) -> list[str]:
    # A page has them all loaded; a case has a handful.
    rows = case.handovers.all()
    if any(row.state == Handover.State.PENDING for row in rows):
        return [_("本案已移交，等待对方接收")]
    if sum(row.is_unsettled for row in rows) >= SENT_BACK_MAX:
        return [_("已退回 %(count)d 次，待指挥中心协调后再移交") % {"count": SENT_BACK_MAX}]
    return []


def _lacking(items: list[packs.PackItem], *, names: list[str] | None = None) -> list[str]:
    words = [_("移交清单缺少：%(item)s（%(basis)s）") % {"item": item.label, "basis": item.basis} for item in items]
    return ["：".join((word, "、".join(names))) if names else word for word in words]


def _pending(handover: Handover, actor: User) -> Handover:
    # The case row is the lock of everything on a case.
    Case.objects.held().get(pk=handover.case_id)
    handover = Handover.objects.select_related("case", "to_team").get(pk=handover.pk)
    if not actor.has_perm("cases.accept_handover") or handover.to_team_id != actor.team_id:
        raise PermissionDenied
    if reasons := answered_objections(handover):
        raise Refused(reasons)
    return handover


def answered_objections(handover: Handover) -> list[str]:
    """Return why a pack cannot be answered: somebody has."""
    return [] if handover.state == Handover.State.PENDING else [_("该移交已处理")]


@transaction.atomic
def accept(handover: Handover, *, at: dt.datetime, actor: User) -> Case:
    """The stream team accepts: it holds the case now, and whoever accepts owns the stage."""
    handover = _pending(handover, actor)
    case = advance(
        handover.case,
        MOVES[handover.purpose],
        at=at,
        actor=actor,
        changes={"team": handover.to_team, "stream_team": handover.to_team, "owner": actor},
        handover=handover.pk,
    )
    _answer(handover, Handover.State.ACCEPTED, at=at, actor=actor)
    unsettled(case).update(settled_at=at)
    return case


@transaction.atomic
def send_back(handover: Handover, *, defects: list[str], note: str, at: dt.datetime, actor: User) -> Handover:
    """The receiver sends the pack back with coded defects; the case stays with the sender.

    The third send-back on one case goes to the command centre, and the case waits until it has coordinated.
    """
    handover = _pending(handover, actor)
    known = [code for code in Handover.Defect.values if code in defects]
    if not known:
        raise Refused(of_field("defects", _("请至少选择一项退回原因")))
    if Handover.Defect.OTHER in known and not note.strip():
        raise Refused(of_field("note", _("选择“其他”时请写明原因")))
    handover.defects = known
    handover.answer_note = note.strip()[:NOTE_MAX]
    _answer(handover, Handover.State.SENT_BACK, at=at, actor=actor)
    record(handover, "send_back", at=at, case=handover.case, actor=actor, defects=known, note=note.strip())
    count = unsettled(handover.case).count()
    if count >= SENT_BACK_MAX:
        record(handover, "escalate_handover", at=at, case=handover.case, actor=actor, count=count)
    return handover


@transaction.atomic
def coordinate(case: Case, *, note: str, at: dt.datetime, actor: User) -> Case:
    """The command centre has brought both teams together over packs sent back three times; counting begins anew."""
    case = Case.objects.held().get(pk=case.pk)
    if not actor.has_perm("dispatch.assign_case"):
        raise PermissionDenied
    if reasons := coordinate_objections(case):
        raise Refused(reasons)
    sent_back = unsettled(case)
    count = sent_back.count()
    if not note.strip():
        raise Refused(of_field("note", _("请写明协调结果")))
    sent_back.update(settled_at=at)
    record(case, "coordinate", at=at, case=case, actor=actor, count=count, note=note.strip()[:NOTE_MAX])
    return case


def coordinate_objections(case: Case) -> list[str]:
    """Return why there is nothing to coordinate."""
    return [] if unsettled(case).count() >= SENT_BACK_MAX else [_("本案没有需要协调的移交")]


def unsettled(case: Case) -> QuerySet[Handover]:
    """Return the packs sent back since the last one was accepted or the command centre last coordinated."""
    return case.handovers.filter(state=Handover.State.SENT_BACK, settled_at__isnull=True)


def _answer(handover: Handover, state: str, *, at: dt.datetime, actor: User) -> None:
    handover.state = state
    handover.answered_by = actor
    handover.answered_at = at
    handover.save(update_fields=["state", "answered_by", "answered_at", "defects", "answer_note"])
