"""What remains to be done after 终本: property is queried again every six months for five years."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import same_day
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case, Deadline, Requery, puts_away
from cases.record import record

TEXT_MAX, TOLD_MAX = 500, 200
# 法〔2016〕373号 9: every six months for five years.
MONTHS, YEARS = 6, 5


def may_requery(case: Case, user: User) -> bool:
    """Return whether the user answers for the queries: he is of the affairs team, or of the one that holds the case."""
    if not user.has_perm("cases.record_requeries"):
        return False
    return puts_away(case, user) or (case.team_id is not None and case.team_id == user.team_id)


def requery_objections(case: Case) -> list[str]:
    """Return why no query after 终本 is to be recorded: not closed that way, or brought back already."""
    if not case.lives_on:
        return [_("只有终结本次执行程序的案件需要定期查询")]
    if case.revivals.exists():
        return [_("本案已恢复执行，不再定期查询")]
    return []


@transaction.atomic
def record_requery(
    case: Case, *, result: str, text: str, told: str, made_on: dt.date, at: dt.datetime, actor: User
) -> Requery:
    """Record a query after 终本 and how the applicant was told; the next is owed six months later, for five years.

    Property found proposes the revival to the command centre (法〔2016〕373号 9). Raises Refused with every objection.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not may_requery(case, actor):
        raise PermissionDenied
    text, told = text.strip()[:TEXT_MAX], told.strip()[:TOLD_MAX]
    if reasons := requery_objections(case) or _wrong(case, result, text, told, made_on, today=timezone.localdate(at)):
        raise Refused(reasons)
    row = Requery.objects.create(case=case, made_on=made_on, result=result, text=text, told=told, at=at, by=actor)
    running = {row.node: row for row in Deadline.objects.running().filter(case=case, node__in=("REQUERY", "REVIVE"))}
    record(
        row,
        "record_requery",
        at=at,
        case=case,
        actor=actor,
        requery_result=result,
        made_on=made_on,
        due_on=_next_on(case, made_on, running.get("REQUERY")),
        proposes_revival=result == Requery.Result.FOUND and "REVIVE" not in running,
    )
    return row


def _next_on(case: Case, made_on: dt.date, fulfilled: Deadline | None) -> dt.date | None:
    """Return by when the next query is due: six months after this one, and never later than the plan of the closing.

    A query made late does not push the others back, so that ten fall into the five years; none after them.
    """
    assert case.closed_on is not None
    last_on = same_day(case.closed_on, months=12 * YEARS)
    planned = (same_day(case.closed_on, months=number) for number in range(MONTHS, 12 * YEARS + 1, MONTHS))
    done_until = max(made_on, fulfilled.due_on if fulfilled else made_on)
    later = next((day for day in planned if day > done_until), None)
    if later is None:
        return None
    return min(later, same_day(made_on, months=MONTHS), last_on)


def _wrong(case: Case, result: str, text: str, told: str, made_on: dt.date, *, today: dt.date) -> list[str]:
    reasons = []
    if result not in Requery.Result.values:
        reasons.append(of_field("result", _("请选择查询结果")))
    if result == Requery.Result.FOUND and not text:
        reasons.append(of_field("text", _("请写明发现的财产")))
    if not told:
        reasons.append(of_field("told", _("请写明告知申请执行人的方式和时间")))
    if made_on > today or (case.closed_on and made_on < case.closed_on):
        reasons.append(of_field("made_on", _("查询日应在结案之后，且不能晚于今天")))
    last = Requery.objects.filter(case=case).order_by("-made_on").first()
    if last and made_on < last.made_on:
        reasons.append(of_field("made_on", _("查询日不能早于上次查询（%(day)s）") % {"day": last.made_on}))
    return reasons
