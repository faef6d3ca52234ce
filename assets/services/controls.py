"""A control is taken, comes into force, is renewed before its last day, and is released."""

import datetime as dt
from dataclasses import fields
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.statement import statement_of
from assets import kinds
from assets.cautions import cautions
from assets.models import Control, Renewal
from assets.services import rulings
from assets.services.duties import acts_for, may_keep
from assets.taking import ControlData
from bureau.calendar import same_day
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.money import yuan
from bureau.versions import refuse_stale
from cases.models import Case, Party
from cases.onduty import judge_on_duty
from cases.record import record
from cases.services.settlements import is_performed
from documents.models import Document

THING_MAX, UNIT_MAX, RULING_MAX, NOTE_MAX = 300, 100, 100, 300
Origin, State = Control.Origin, Control.State


@transaction.atomic
def take_control(case: Case, *, debtor: Party, data: ControlData, at: dt.datetime, actor: User) -> Control:
    """Record a control that has been carried out; its last day is the ruling's, at the latest the law's longest term.

    Without a last day the longest term is taken, never moved for a day of rest. One that waits behind others (轮候) has
    none until it comes into force. Raises Refused with every objection (民诉法解释 485; 法释〔2004〕15号 1, 26).
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not may_keep(case, actor):
        raise PermissionDenied
    reasons = [] if case.is_open else [_("案件已结案，不能再采取控制措施；发现财产请先恢复执行")]
    return create(case, debtor, data, Origin.ENFORCEMENT, reasons=reasons, at=at, actor=actor)


def _unexplained(case: Case, control: Control, reason: str | None) -> list[str]:
    """Return what is odd about the control, where whoever enters it was asked and gave no reason."""
    if reason is None or reason.strip():
        return []
    odd = cautions(case, control)
    return [*odd, of_field("reason", _("确需如此控制的，请写明理由"))] if odd else []


def create(
    case: Case, debtor: Party, data: ControlData, origin: str, *, reasons: list[str], at: dt.datetime, actor: User
) -> Control:
    """Check, save and record a control; under the lock of the case row, whoever may do so has been asked."""
    today = timezone.localdate(at)
    control = Control(case=case, debtor=debtor, origin=origin, taken_at=at, taken_by=actor, **_fields(data))
    reasons = reasons + _wrong(case, control, today)
    if not reasons:
        _set_term(control)
        reasons = _wrong_term(control, today) or _unexplained(case, control, data.reason)
    if reasons:
        raise Refused(reasons)
    control.save(force_insert=True)
    # An urgent freeze before the case has a judge is taken in the name of whoever is on duty.
    judge = case.judge_id or getattr(judge_on_duty(today), "pk", None)
    note = {"note": data.reason.strip()[:NOTE_MAX]} if data.reason and data.reason.strip() else {}
    record_control(
        control, "take_control", at=at, actor=actor, origin=control.origin, rank=control.rank, judge=judge, **note
    )
    return control


def _fields(data: ControlData) -> dict[str, Any]:
    longest = {"thing": THING_MAX, "unit": UNIT_MAX, "ruling": RULING_MAX}
    values = {field.name: getattr(data, field.name) for field in fields(data) if field.name != "reason"}
    values["ruling"] = _number(data.ruling, data.document)
    return values | {name: values[name].strip()[:most] for name, most in longest.items()}


def _number(ruling: str, document: Document | None) -> str:
    return document.number if document else ruling


def _wrong(case: Case, control: Control, today: dt.date) -> list[str]:
    if control.kind not in kinds.BY_CODE:
        return [of_field("kind", _("请选择财产种类"))]
    reasons = []
    if control.debtor.case_id != case.pk or control.debtor.side != Party.Side.DEBTOR:
        reasons.append(of_field("debtor", _("只能控制本案被执行人的财产")))
    if control.measure not in control.rule.measures:
        usual = _("、").join(str(measure.label) for measure in control.rule.measures)
        words = {"kind": control.rule.label, "usual": usual}
        reasons.append(of_field("measure", _("%(kind)s的控制措施应为%(usual)s") % words))
    if not control.thing:
        reasons.append(of_field("thing", _("请写明财产")))
    if not control.unit:
        reasons.append(of_field("unit", _("请写明协助单位或保管人")))
    if not control.ruling:
        reasons.append(of_field("ruling", _("请填写裁定文号，或选择本案已签发的裁定")))
    elif control.origin == Origin.ENFORCEMENT:
        reasons += rulings.orders(control, control.ruling, control.document)
    reasons += _wrong_document(case, control.document)
    if control.from_on > today:
        reasons.append(of_field("from_on", _("起始日不能晚于今天；措施送达协助单位后再登记")))
    if control.rank < 1:
        reasons.append(of_field("rank", _("顺位从 1 起：1 为首封，2 以上为轮候")))
    return reasons


def _wrong_document(case: Case, document: Document | None) -> list[str]:
    if document is None:
        return []
    # What a closed case holds is renewed by rulings of the 执恢 case that has brought it back.
    is_of_case = case.pk in (document.case_id, document.case.revives_id)
    if not is_of_case or document.voided_by_id or document.kind != "RULING":
        return [of_field("document", _("请选择本案有效的裁定书"))]
    return []


def _set_term(control: Control) -> None:
    if control.rank > 1:
        control.state = State.QUEUED
    elif control.to_on is None:
        control.to_on = control.rule.last_day(control.from_on)


def _wrong_term(control: Control, today: dt.date) -> list[str]:
    if control.rank > 1:
        return [of_field("to_on", _("轮候的控制尚未生效，没有届满日；转为正式控制时再填"))] if control.to_on else []
    return term_objections(control, control.term_from, control.to_on, today=today)


def term_objections(control: Control, from_on: dt.date, to_on: dt.date | None, *, today: dt.date) -> list[str]:
    """Return what is wrong with a last day: before its beginning, gone by, or later than the law allows."""
    if to_on is None:
        return [] if control.rule.years_max is None else [of_field("to_on", _("请填写届满日"))]
    latest = control.rule.last_day(from_on)
    if to_on <= from_on:
        return [of_field("to_on", _("届满日应晚于起始日"))]
    if latest and to_on > latest:
        words = {"kind": control.rule.label, "years": control.rule.years_max, "day": latest}
        return [of_field("to_on", _("%(kind)s的控制期限最长 %(years)d 年，届满日不能晚于 %(day)s") % words)]
    if to_on < today:
        return [of_field("to_on", _("该控制已于 %(day)s 届满失效，不能登记为有效") % {"day": to_on})]
    return []


def held(control: Control, act: str, actor: User) -> Control:
    """Lock the case row, then read the control anew; raises PermissionDenied or, for an ended one, Refused."""
    Case.objects.held().get(pk=control.case_id)
    control = Control.objects.select_related("case", "debtor").get(pk=control.pk)
    if act in acts_for(control, actor):
        return control
    if not may_keep(control.case, actor, keeper_id=control.keeper_id):
        raise PermissionDenied
    raise Refused(act_objections(control, act, actor))


def act_objections(control: Control, act: str, user: User) -> list[str]:
    """Return why the state of the control does not allow this act."""
    if act in acts_for(control, user) or not may_keep(control.case, user, keeper_id=control.keeper_id):
        return []
    if control.is_on_wrong_person:
        return [_("该控制误及他人财产，应当解除，不能办理")]
    return [_("该控制%(state)s，不能办理") % {"state": control.get_state_display()}]


@transaction.atomic
def activate_control(
    control: Control, *, activated_on: dt.date, to_on: dt.date | None = None, at: dt.datetime, actor: User
) -> Control:
    """What came first has ended: the queued control comes into force by itself, and its term begins now.

    法释〔2004〕15号 26; without a last day the longest term from that day is taken.
    """
    control = held(control, "activate_control", actor)
    today, rank = timezone.localdate(at), control.rank
    control.activated_on, control.to_on = activated_on, to_on or control.rule.last_day(activated_on)
    reasons = []
    if not control.from_on <= activated_on <= today:
        reasons.append(of_field("activated_on", _("转为正式控制的日期应在轮候登记之后，且不能晚于今天")))
    same = {"kind": control.kind, "thing": control.thing, "debtor__name": control.debtor.name}
    for ahead in Control.objects.live().filter(**same).select_related("case").order_by("id"):
        reasons.append(_("在先控制仍然有效：%(number)s，应先登记其解除或失效") % {"number": ahead.case.display_number})
    if reasons := reasons or term_objections(control, activated_on, control.to_on, today=today):
        raise Refused(reasons)
    control.state, control.rank = State.LIVE, 1
    control.save(update_fields=["activated_on", "to_on", "state", "rank"])
    record_control(control, "activate_control", at=at, actor=actor, old_rank=rank)
    return control


def renewal_latest(control: Control) -> dt.date | None:
    """Return the latest last day that a renewal may have: the longest term again, from the end of the present one."""
    years = control.rule.years_max
    return same_day(control.to_on, months=12 * years) if years and control.to_on else None


def term_now(control: Control) -> dict[str, str]:
    """Return the last day that stands, as forms on it are opened with."""
    return {"to_on": str(control.to_on or "")}


@transaction.atomic
def renew_control(
    control: Control,
    *,
    to_on: dt.date | None = None,
    ruling: str = "",
    document: Document | None = None,
    seen: str = "",
    at: dt.datetime,
    actor: User,
) -> Renewal:
    """Renew before the last day is over, by a ruling, at most by the longest term again (民诉法解释 485).

    The former last day stays on record. Raises Refused once it has passed: the control has lapsed; Stale where a
    colleague has renewed since the form was opened, of which `seen` is the mark.
    """
    control = held(control, "renew_control", actor)
    refuse_stale(term_now(control), seen)
    today, old_to_on = timezone.localdate(at), control.to_on
    assert old_to_on is not None
    latest, ruling = renewal_latest(control), _number(ruling, document).strip()[:RULING_MAX]
    to_on = to_on or latest
    reasons = _wrong_document(control.case, document)
    if today > old_to_on:
        reasons.append(_("控制已于 %(day)s 期满失效，不能续行，只能重新采取措施") % {"day": old_to_on})
    if not ruling:
        reasons.append(of_field("ruling", _("请填写续行裁定文号")))
    else:
        reasons += rulings.orders(control, ruling, document)
    if to_on is None or to_on <= old_to_on:
        reasons.append(of_field("to_on", _("新届满日应晚于原届满日")))
    elif latest and to_on > latest:
        reasons.append(of_field("to_on", _("续行不超过原最长期限，新届满日不能晚于 %(day)s") % {"day": latest}))
    if reasons or to_on is None:
        raise Refused(reasons)
    renewal = Renewal.objects.create(
        control=control, old_to_on=old_to_on, to_on=to_on, ruling=ruling, document=document, on=today, at=at, by=actor
    )
    control.to_on = to_on
    control.save(update_fields=["to_on"])
    record_control(control, "renew_control", at=at, actor=actor, from_on=old_to_on, old_to_on=old_to_on, ruling=ruling)
    return renewal


@transaction.atomic
def release_control(
    control: Control,
    *,
    ground: str,
    ruling: str = "",
    note: str = "",
    released_on: dt.date,
    at: dt.datetime,
    actor: User,
) -> Control:
    """Release on a legal ground, by a ruling (法释〔2004〕15号 28); the judge withdraws a wrong entry without one."""
    control = held(control, "release_control", actor)
    is_mistake, today = ground == Control.Ground.MISTAKE, timezone.localdate(at)
    if is_mistake and control.case.judge_id != actor.pk:
        raise Refused(_("登记有误的由承办法官撤销"))
    ruling, note = ruling.strip()[:RULING_MAX], note.strip()[:NOTE_MAX]
    reasons = [] if ground in Control.Ground.values else [of_field("ground", _("请选择解除事由"))]
    if not is_mistake and not ruling:
        reasons.append(of_field("ruling", _("解除应当作出裁定，请填写裁定文号")))
    elif ruling:
        reasons += rulings.releases(control, ruling)
    if ground in (Control.Ground.OTHER, Control.Ground.MISTAKE) and not note:
        reasons.append(of_field("note", _("请说明具体情形")))
    if ground == Control.Ground.PAID:
        reasons += _unpaid(control.case)
    if not control.from_on <= released_on <= today:
        reasons.append(of_field("released_on", _("解除日应在起始日之后，且不能晚于今天")))
    if reasons:
        raise Refused(reasons)
    control.state, control.ground, control.end_ruling, control.end_note = State.RELEASED, ground, ruling, note
    control.unconfirmed_since = None
    control.ended_on, control.ended_at, control.ended_by = released_on, at, actor
    names = ("state", "ground", "end_ruling", "end_note", "ended_on", "ended_at", "ended_by", "unconfirmed_since")
    control.save(update_fields=names)
    record_control(
        control, "release_control", at=at, actor=actor, ruling=ruling, release_ground=ground, ended_on=released_on
    )
    return control


def _unpaid(case: Case) -> list[str]:
    """Return that money is still owed, in the case or in the newest one that brought it back."""
    newest = case.revivals.order_by("-pk").first() or case
    owed = statement_of(newest).claimed_left
    if owed <= 0 or is_performed(newest):
        return []
    words = _("申请执行人尚欠 %(owed)s 元未发放，不能以履行完毕解除；申请人同意或者另有担保的，选相应事由")
    return [of_field("ground", words % {"owed": yuan(owed)})]


def record_control(control: Control, verb: str, *, at: dt.datetime, actor: User, **details: Any) -> None:
    """Record what was done to a control; `due_on` states the last day from which its renewal is watched."""
    known: dict[str, Any] = {
        "asset_kind": control.kind,
        "measure": control.measure,
        "ruling": control.ruling,
        "from_on": control.term_from,
        "to_on": control.to_on,
        "due_on": control.to_on if control.state == State.LIVE else None,
        "keeper": control.keeper_id,
    }
    record(control, verb, at=at, case=control.case, actor=actor, **(known | details))
