"""Other cases of an enforcement case: registered and linked, their result entered, a wrong entry struck."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Court, Event, User
from cases import casenumber
from cases.models import Case, RelatedCase
from cases.record import record
from cases.relations import RULES, Relation
from cases.services.filing import next_seq

DAY = dt.timedelta(days=1)


@transaction.atomic
def register_related(
    case: Case,
    *,
    relation: str,
    number: str,
    court: Court | None,
    court_name: str,
    raised_by: str,
    matter: str,
    received_on: dt.date,
    filed_on: dt.date,
    reviewer: User | None,
    at: dt.datetime,
    actor: User,
) -> RelatedCase:
    """Register another case and link it; without a number it takes the next of its court, year and type.

    Whoever enforces may not sit on the panel that reviews his acts (执行异议复议规定 11). Raises Refused.
    """
    case = Case.objects.held("judge", "owner", "filed_on").get(pk=case.pk)
    _refuse_others(case, actor)
    row = RelatedCase(
        case=case,
        relation=relation,
        court=court,
        court_name="" if court else court_name.strip(),
        raised_by=raised_by.strip(),
        matter=matter.strip(),
        received_on=received_on,
        filed_on=filed_on,
        reviewer=reviewer,
        registered_by=actor,
        registered_at=at,
    )
    reasons = _objections(row, today=timezone.localdate(at))
    row.number = number.strip()
    if reasons or (reasons := _number_objections(row)):
        raise Refused(reasons)
    if not row.number:
        assert court is not None
        _number(row, court)
    row.save(force_insert=True)
    _record(row, "register_related", at=at, actor=actor, number=row.number, filed_on=filed_on, note=row.matter)
    return row


@transaction.atomic
def decide_related(
    row: RelatedCase,
    *,
    result: str,
    document: str,
    decided_on: dt.date,
    served_on: dt.date | None,
    at: dt.datetime,
    actor: User,
) -> RelatedCase:
    """Enter what came of it; a rejected outsider's claim still locks its object for fifteen days (民诉法解释 463)."""
    case = Case.objects.held().get(pk=row.case_id)
    row = RelatedCase.objects.get(pk=row.pk)
    _refuse_others(case, actor)
    today = timezone.localdate(at)
    reasons = []
    if row.state != RelatedCase.State.OPEN:
        reasons.append(_("该关联案件已有结果或已撤销登记"))
    if not document.strip():
        reasons.append(of_field("document", _("请填写结果文书")))
    if not row.filed_on <= decided_on <= today:
        reasons.append(of_field("decided_on", _("作出日应在立案日至今天之间")))
    if served_on and not decided_on <= served_on <= today:
        reasons.append(of_field("served_on", _("送达日应在作出日至今天之间")))
    if reasons:
        raise Refused(reasons)
    row.state, row.result, row.document = RelatedCase.State.DECIDED, result, document.strip()[:200]
    row.decided_on, row.served_on = decided_on, served_on
    if row.rule.after_days and result in (RelatedCase.Result.REJECTED, RelatedCase.Result.PARTLY):
        row.locked_until_on = (served_on or decided_on) + row.rule.after_days * DAY
    row.save()
    _record(
        row,
        "decide_related",
        at=at,
        actor=actor,
        review_result=result,
        document=row.document,
        decided_on=decided_on,
        served_on=served_on,
        until_on=row.locked_until_on,
    )
    return row


@transaction.atomic
def strike_related(row: RelatedCase, *, reason: str, at: dt.datetime, actor: User) -> RelatedCase:
    """Take back an entry made by mistake; it stays in view, its number is never used again."""
    case = Case.objects.held().get(pk=row.case_id)
    row = RelatedCase.objects.get(pk=row.pk)
    _refuse_others(case, actor)
    if row.state != RelatedCase.State.OPEN:
        raise Refused(_("该关联案件已有结果或已撤销登记"))
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明撤销登记的理由")))
    row.state, row.strike_reason = RelatedCase.State.STRUCK, reason.strip()[:200]
    row.save(update_fields=["state", "strike_reason"])
    _record(row, "strike_related", at=at, actor=actor, number=row.number, reason=row.strike_reason)
    return row


def may_relate(case: Case, user: User) -> bool:
    """Return whether the user registers related cases of this one: the window, its judge, or the team that holds it."""
    return bool(user.has_perm("cases.relate_case") and Case.objects.visible_to(user).filter(pk=case.pk).exists())


def lock_objections(case: Case) -> list[str]:
    """Return which undecided cases stand against closing this one."""
    rows = RelatedCase.objects.open().filter(
        case=case, relation__in=[code for code, rule in RULES.items() if rule.locks]
    )
    return [
        _("关联案件未审结：%(number)s %(kind)s") % {"number": row.number, "kind": row.get_relation_display()}
        for row in rows
    ]


def _refuse_others(case: Case, actor: User) -> None:
    if not may_relate(case, actor):
        raise PermissionDenied


def _objections(row: RelatedCase, *, today: dt.date) -> list[str]:
    reasons = []
    if not (row.raised_by and row.matter):
        reasons.append(of_field("raised_by", _("请填写提出人，以及请求和标的")))
    if not (row.court or row.court_name):
        reasons.append(of_field("court", _("请选择或填写受理法院")))
    if row.received_on > row.filed_on or row.filed_on > today:
        reasons.append(of_field("received_on", _("收到日应不晚于立案日，立案日应不晚于今天")))
    if row.received_on < row.case.filed_on and row.relation not in (
        Relation.PRESERVATION,
        Relation.SUIT,
        Relation.OTHER,
    ):
        reasons.append(of_field("received_on", _("收到日不应早于本案立案日")))
    if row.reviewer and row.rule.is_reviewed and _has_enforced(row.case, row.reviewer):
        reasons.append(of_field("reviewer", _("审查法官参与过本案执行，不能审查（执行异议复议规定 11）")))
    return reasons


def _has_enforced(case: Case, user: User) -> bool:
    if user.pk in (case.judge_id, case.owner_id):
        return True
    return (
        Event.objects.of_chain(f"case:{case.pk}")
        .filter(actor=user)
        .exclude(verb__in=("export", "open_restricted"))
        .exists()
    )


def _number_objections(row: RelatedCase) -> list[str]:
    """Canonicalise a typed number and return what is wrong with it."""
    code = row.rule.type_code
    issues_here = row.court is not None and row.court.number_mode == Court.NumberMode.ISSUED and bool(code)
    if not row.number:
        return [] if issues_here else [of_field("number", _("请填写关联案号"))]
    if issues_here:
        return [of_field("number", _("该法院的案号由本系统编立，不能录入"))]
    row.number = casenumber.plain(row.number)
    if code:
        try:
            parsed = casenumber.parse(row.number)
        except ValueError as error:
            return [of_field("number", error)]
        if not parsed.is_legacy and parsed.type_code != code:
            return [of_field("number", _("关联案号应为“%(type)s”字案号") % {"type": code})]
    if row.case.related_cases.filter(number=row.number).exclude(state=RelatedCase.State.STRUCK).exists():
        return [of_field("number", _("该关联案件已登记"))]
    return []


def _number(row: RelatedCase, court: Court) -> None:
    code, year = row.rule.type_code, row.filed_on.year
    row.number = casenumber.write(year=year, court_code=court.code, type_code=code, seq=next_seq(court, year, code))


def _record(row: RelatedCase, verb: str, *, at: dt.datetime, actor: User, **details: Any) -> None:
    record(row, verb, at=at, case=row.case, actor=actor, relation=row.relation, **details)
