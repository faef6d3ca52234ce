"""The old book: a court's pending cases come in with their history and are worked on by a single handler (0034)."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Court, Team, User
from bureau.roles import has_role
from cases import casenumber, deadlines
from cases.models import Case, Stay, Suspension
from cases.oldbook import ENTRIES, OldCase
from cases.pauses import PauseKind
from cases.record import record
from cases.routing import unit_of
from cases.services import pauses
from cases.services.filing import case_of, refuse_incomplete, trace, write_down
from cases.services.rests import PAUSES
from cases.services.stages import advance

REASON_MAX = 300
COURT, BUREAU = Case.ExecutingUnit.COURT, Case.ExecutingUnit.BUREAU


def court_of(user: User) -> Court | None:
    """Return the court of whose own staff the user is; none for the bureau's."""
    team = user.team
    return team.court if team is not None and team.kind == Team.Kind.COURT and team.is_active else None


@transaction.atomic
def take_in(data: OldCase, *, at: dt.datetime, actor: User) -> Case:
    """Take in one pending case of the actor's own court with its number, its day of filing and where it stands.

    It stays with that court by the routing table; its limits run from the day on which it was filed. What was done
    before, its notices and first query, is on the court's own file. Raises Refused with every objection.
    """
    court = court_of(actor)
    if not actor.has_perm("cases.import_old_book") or court is None or court.code != data.filing.court_code:
        raise PermissionDenied
    assert actor.team is not None
    refuse_incomplete(data.filing)
    filed_at = timezone.make_aware(dt.datetime.combine(data.filed_on, dt.time.min))
    case = case_of(data.filing, court, filed_at=filed_at, actor=actor)
    case.taken_in_on, case.team, case.executing_unit = timezone.localdate(at), actor.team, COURT
    reasons = _number(case, data.number, court) + unit_objections(case.type_code, data)
    reasons += handler_objections(actor.team, data.judge, data.owner) + _standing_objections(data, case.taken_in_on)
    if reasons:
        raise Refused(reasons)
    if case.type_code == Case.TypeCode.REVIVED and data.former_number:
        case.revives = Case.objects.of_courts().filter(number=data.former_number, stage__in=Case.ENDED).first()
    write_down(case, data.filing)
    _record_entry(case, data, at=at, actor=actor)
    return _enter(case, data, at=at, actor=actor)


def _number(case: Case, text: str, court: Court) -> list[str]:
    """Set number, year and type from the number as it is; return what is wrong with it."""
    try:
        number = casenumber.parse(text)
    except ValueError as error:
        return [of_field("number", error)]
    if reasons := number_objections(number, court):
        return reasons
    if Case.objects.filter(number=number.canonical).exists():
        return [of_field("number", _("该案号已在本系统中"))]
    case.number, case.year = number.canonical, number.year
    if not number.is_legacy:
        case.type_code, case.seq = number.type_code, number.seq
    elif "执恢" in number.type_code:
        case.type_code = Case.TypeCode.REVIVED
    elif "保" in number.type_code:
        case.type_code = Case.TypeCode.PRESERVATION
    return []


def number_objections(number: casenumber.CaseNumber, court: Court) -> list[str]:
    """Return why a number is none of a pending enforcement case of that court; a legacy one names no court code."""
    if number.is_legacy:
        return [] if "执" in number.type_code else [of_field("number", _("不是执行案件的案号"))]
    reasons = []
    if number.court != court.code:
        reasons.append(of_field("number", _("不是本院的案号，只能导入本院的旧存案件")))
    if number.type_code not in Case.TypeCode.values or number.suffix:
        reasons.append(of_field("number", _("只导入“执”“执恢”“执保”字案件的案号")))
    return reasons


def unit_objections(type_code: str, data: OldCase) -> list[str]:
    """Return that the routing table gives the case to the bureau, with its reason."""
    # A preservation stays with the court that carried it out: the one that hands it in.
    held_by = COURT if type_code == Case.TypeCode.PRESERVATION else data.held_by
    row = unit_of(type_code, filed_on=data.filed_on, held_by=held_by)
    if row.to == COURT:
        return []
    if type_code == Case.TypeCode.REVIVED and held_by is None:
        return [of_field("former_number", _("合并后立案的恢复执行案件，请填写原案号，以确定由谁办理"))]
    words = _("按规则归综合执行局办理，不能作为旧存案件导入：%(basis)s") % {"basis": row.basis}
    return [of_field("filed_on", words)]


def handler_objections(team: Team, judge: User | None, owner: User | None) -> list[str]:
    """Return why these two cannot go on with a case of that court: its judge, and the officer who does everything."""
    reasons = []
    if judge is None or judge.team_id != team.pk or not judge.is_active or not has_role(judge, "JUDGE"):
        reasons.append(of_field("judge", _("请选择本院旧存团队的在岗员额法官")))
    if owner is None or owner.team_id != team.pk or not owner.is_active or not has_role(owner, "OFFICER"):
        reasons.append(of_field("owner", _("请选择本院旧存团队的在岗执行员")))
    return reasons


def _standing_objections(data: OldCase, today: dt.date) -> list[str]:
    reasons = []
    if data.filed_on > today:
        reasons.append(of_field("filed_on", _("立案日不能晚于今天")))
    if not data.filed_on <= data.since_on <= today:
        reasons.append(of_field("since_on", _("进入现阶段的日期应在立案日至今天之间")))
    if data.stage not in ENTRIES:
        return [*reasons, of_field("stage", _("请填写现阶段"))]
    if data.stage == Case.Stage.ORDINARY:
        return reasons
    grounds = Suspension.Ground if data.stage == Case.Stage.SUSPENDED else Stay.Ground
    if data.ground not in grounds.values:
        reasons.append(of_field("ground", _("请填写中止、暂缓的事由，可填内容见填写说明")))
    if not data.document.strip():
        reasons.append(of_field("document", _("请填写中止裁定或暂缓决定的文号")))
    if data.stage == Case.Stage.STAYED and (data.until_on is None or data.until_on <= data.since_on):
        reasons.append(of_field("until_on", _("请填写暂缓截止日，应晚于暂缓日")))
    return reasons


def _record_entry(case: Case, data: OldCase, *, at: dt.datetime, actor: User) -> None:
    record(
        case,
        "take_in",
        at=at,
        case=case,
        actor=actor,
        court=case.number_court.code,
        filed_on=case.filed_on,
        basis=data.filing.basis.number,
        amount=case.amount_claimed,
        former_number=data.former_number,
        is_late=case.closing_due_on < timezone.localdate(at),
        parties=[trace(party) for party in data.filing.parties],
    )


def _enter(case: Case, data: OldCase, *, at: dt.datetime, actor: User) -> Case:
    assert actor.team is not None
    changes = _handlers(actor.team, data.judge, data.owner)
    told: dict[str, Any] = {"judge": data.judge.pk, "owner": data.owner.pk}
    case = advance(case, ENTRIES[data.stage], since_on=data.since_on, at=at, actor=actor, changes=changes, **told)
    rest: dict[str, Any] = {
        "case": case,
        "ground": data.ground,
        "document": data.document.strip()[:200],
        "from_on": data.since_on,
    }
    given: dict[str, Any] = {"document": rest["document"], "from_on": data.since_on, "today": timezone.localdate(at)}
    if data.stage == Case.Stage.SUSPENDED:
        Suspension.objects.create(**rest)
        pauses.begin(case, PauseKind.SUSPENSION, **given)
    elif data.stage == Case.Stage.STAYED and data.until_on is not None:
        Stay.objects.create(**rest, until_on=data.until_on)
        pauses.begin(case, PAUSES.get(data.ground, PauseKind.STAY), **given)
    return case


def _handlers(team: Team, judge: User, owner: User) -> dict[str, object]:
    # The machine's one working stage without a stream of its own; nobody has judged the case simple or complex.
    return {"stream": Case.Stream.ORDINARY, "stream_team": team, "team": team, "judge": judge, "owner": owner}


@transaction.atomic
def take_up(case: Case, *, judge: User, owner: User, at: dt.datetime, actor: User) -> Case:
    """A court names who goes on with what the table sends it, such as the 执恢 case of one that it had closed."""
    team = actor.team
    if team is None or court_of(actor) is None:
        raise PermissionDenied
    if reasons := handler_objections(team, judge, owner):
        raise Refused(reasons)
    told: dict[str, Any] = {"judge": judge.pk, "owner": owner.pk}
    return advance(case, "take_up", at=at, actor=actor, changes=_handlers(team, judge, owner), **told)


@transaction.atomic
def change_handler(case: Case, *, judge: User, owner: User, reason: str, at: dt.datetime, actor: User) -> Case:
    """The head of the court gives a case of its old book to another judge or officer; both stand on the record."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not actor.has_perm("cases.change_handler") or actor.team is None or case.team_id != actor.team_id:
        raise PermissionDenied
    reasons = change_objections(case) + handler_objections(actor.team, judge, owner)
    if (case.judge_id, case.owner_id) == (judge.pk, owner.pk):
        reasons.append(of_field("owner", _("承办人没有变化")))
    if not reason.strip():
        reasons.append(of_field("reason", _("请写明更换的理由")))
    if reasons:
        raise Refused(reasons)
    before = {"from_judge": case.judge_id, "from_user": case.owner_id}
    case.judge, case.owner = judge, owner
    case.save(update_fields=["judge", "owner"])
    told = {"judge": judge.pk, "owner": owner.pk, "reason": reason.strip()[:REASON_MAX]}
    record(case, "change_handler", at=at, case=case, actor=actor, **before, **told)
    return case


def change_objections(case: Case) -> list[str]:
    """Return why the handler of a case cannot be changed here: it is none of the old book, or nobody has it now."""
    if not case.is_of_court:
        return [_("只有旧存案件由原法院更换承办人")]
    if not case.is_open or case.stage in (Case.Stage.FILED, Case.Stage.CLOSING):
        return [_("案件处于“%(stage)s”阶段，不能更换承办人") % {"stage": case.get_stage_display()}]
    return []


def move_over(case: Case, *, at: dt.datetime, actor: User) -> Case:
    """Make a case of the old book the bureau's inside the act that has decided it: it waits to be triaged.

    Its court's handlers have done their part; whoever is drawn goes on with it. Runs under the lock of the case.
    """
    team = Team.objects.filter(kind=Team.Kind.COMMAND, is_active=True).order_by("id").first()
    due_on = deadlines.triage_limit(timezone.localdate(at))
    changes = {"executing_unit": BUREAU, "triage_due_on": due_on, "team": team, "stream_team": None}
    if case.stage == Case.Stage.FILED:
        for name, value in changes.items():
            setattr(case, name, value)
        case.save(update_fields=list(changes))
        return case
    before: dict[str, Any] = {"judge": case.judge_id, "owner": case.owner_id}
    return advance(case, "move_over", at=at, actor=actor, changes=changes | {"judge": None, "owner": None}, **before)
