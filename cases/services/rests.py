"""A case rests by ruling or decision, and goes on where it stood."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import same_day
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.evidence import Cited, Found, Paper, find, issued, papers_of, scans, spent
from cases.models import Case, Stay, Suspension
from cases.pauses import PauseKind
from cases.record import record
from cases.services import pauses
from cases.services.stages import advance

# Longest stay by ground, in months: 民诉法解释 467; 执行工作规定 77 (extendable by a new decision).
STAY_MONTHS_MAX: dict[str, int] = {Stay.Ground.SECURITY: 12, Stay.Ground.UPPER_COURT: 3, Stay.Ground.OTHER: 3}
# Which excluded period a stay is, by its ground (法释〔2000〕29号 9).
PAUSES = {Stay.Ground.UPPER_COURT.value: PauseKind.STAY_ABOVE}
# The templates of the documents that halt a case and let it go on.
SUSPENSION, STAY, RESUMPTION = ("SUSPENSION",), ("STAY",), ("RESUMPTION",)


@transaction.atomic
def suspend(
    case: Case, *, ground: str, document: Cited, from_on: dt.date | None = None, at: dt.datetime, actor: User
) -> Case:
    """The judge suspends the case on a ground, by a ruling (民事诉讼法 267; 2017 text 256).

    It rests from today, or from an earlier day on which the ruling already stood. A running settlement may be suspended
    too; it goes on as a settlement.
    """
    day = timezone.localdate(at)
    from_on = from_on or day
    reasons = [] if ground in Suspension.Ground.values else [of_field("ground", _("请选择中止事由"))]
    found = cited(case, document, SUSPENSION, on=day, reasons=reasons)
    refuse(_says_otherwise(found, ground, Suspension.RULED) + day_objections(case, found, from_on, today=day))
    told: dict[str, Any] = {"ground": ground, "document": found.words, "from_on": from_on}
    case = advance(case, "suspend", at=at, actor=actor, **told)
    Suspension.objects.create(case=case, paper=found.ref, **told)
    pauses.begin(case, PauseKind.SUSPENSION, document=found.words, from_on=from_on, today=day)
    return case


@transaction.atomic
def stay(
    case: Case,
    *,
    ground: str,
    document: Cited,
    until_on: dt.date,
    from_on: dt.date | None = None,
    at: dt.datetime,
    actor: User,
) -> Case:
    """A decision stays the case to a day within the longest term of its ground (民诉法解释 467; 执行工作规定 77).

    Ground, first and last day of a decision issued here are those that it names.
    """
    day = timezone.localdate(at)
    from_on = from_on or day
    last = same_day(from_on, months=STAY_MONTHS_MAX.get(ground, 0))
    reasons = []
    if ground not in STAY_MONTHS_MAX:
        reasons.append(of_field("ground", _("请选择暂缓事由")))
    elif not day < until_on <= last:
        reasons.append(of_field("until_on", _("暂缓截止日应在今天以后、%(last)s 以前（含当日）") % {"last": last}))
    found = cited(case, document, STAY, on=day, reasons=reasons)
    wrong = _says_otherwise(found, ground, Stay.DECIDED) + _other_days(found, from_on=from_on, to_on=until_on)
    refuse(wrong + day_objections(case, found, from_on, today=day))
    told: dict[str, Any] = {"ground": ground, "document": found.words, "from_on": from_on, "until_on": until_on}
    case = advance(case, "stay", at=at, actor=actor, **told)
    Stay.objects.create(case=case, paper=found.ref, **told)
    pauses.begin(case, PAUSES.get(ground, PauseKind.STAY), document=found.words, from_on=from_on, today=day)
    return case


@transaction.atomic
def resume(
    case: Case, *, note: str, document: Cited, from_on: dt.date | None = None, at: dt.datetime, actor: User
) -> Case:
    """The ground is gone; by written notice the case goes on where it stood, from its day on (执行工作规定 60)."""
    day = timezone.localdate(at)
    reasons = [] if note.strip() else [of_field("note", _("请写明恢复的理由"))]
    found = cited(case, document, RESUMPTION, on=day, reasons=reasons)
    from_on = from_on or day
    rested = max(_halted_on(case), default=case.filed_on)
    wrong = _other_days(found, from_on=from_on)
    if not rested <= from_on <= day:
        wrong.append(of_field("from_on", _("恢复日应在中止、暂缓之日至今天之间")))
    refuse(wrong)
    case = advance(case, "resume", at=at, actor=actor, note=note, document=found.words, from_on=from_on)
    notice = {"resume_document": found.words, "resume_paper": found.ref}
    case.suspensions.filter(until_on__isnull=True).update(until_on=from_on, resume_note=note, **notice)
    case.stays.filter(ended_on__isnull=True).update(ended_on=from_on, end_note=note, **notice)
    for kind in (PauseKind.SUSPENSION, PauseKind.STAY, PauseKind.STAY_ABOVE):
        pauses.end(case, kind, on=from_on, today=day)
    return case


def _halted_on(case: Case) -> list[dt.date]:
    suspended = case.suspensions.filter(until_on__isnull=True).values_list("from_on", flat=True)
    return [*suspended, *case.stays.filter(ended_on__isnull=True).values_list("from_on", flat=True)]


def cited(case: Case, named: Cited, codes: tuple[str, ...], *, on: dt.date, reasons: list[str]) -> Found:
    """Return the document that the act names; raises Refused with these reasons and its own. One serves one act.

    Locks the case, so that nobody voids the document meanwhile.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    found = find(case, named, codes=codes, on=on)
    reasons = [*reasons, *found.reasons]
    if found.ref and found.ref in spent(case):
        reasons.append(of_field("paper", _("所选文书已用于此前的移交、中止、暂缓或恢复")))
    refuse(reasons)
    return found


def refuse(reasons: Iterable[str]) -> None:
    """Raise Refused where there are reasons."""
    if found := list(reasons):
        raise Refused(found)


def _says_otherwise(found: Found, ground: str, words: Mapping[Any, str]) -> list[str]:
    """Return that the document issued here names another ground; of one made outside nothing is known."""
    said = found.says.get("ground")
    if said is None or said == words.get(ground) or said not in words.values():
        return []
    return [of_field("ground", _("所选文书写明的事由是“%(said)s”，与所选事由不一致") % {"said": said})]


def _other_days(found: Found, **days: dt.date) -> list[str]:
    """Return that the document issued here names other days, by its own fields."""
    fields = {"from_on": "from_on", "to_on": "until_on"}
    said = {name: found.says[name] for name in days if found.says.get(name)}
    return [
        of_field(fields[name], _("所选文书写明的日期是 %(said)s") % {"said": day})
        for name, day in said.items()
        if day != days[name].isoformat()
    ]


def day_objections(case: Case, found: Found, from_on: dt.date, *, today: dt.date) -> list[str]:
    """Return why the case cannot have rested from that day: its document was not made yet, or it is still to come."""
    first = max(case.filed_on, found.on or case.filed_on)
    if first <= from_on <= today:
        return []
    return [of_field("from_on", _("起算日应在文书作出日 %(first)s 至今天之间") % {"first": first})]


def papers_for(case: Case, codes: tuple[str, ...]) -> list[Paper]:
    """Return what such an act may name and none has named yet, newest first: documents of these templates, scans."""
    used, papers = spent(case), papers_of(case)
    return [paper for paper in (*issued(papers, codes), *scans(papers)) if paper.ref not in used]


@transaction.atomic
def call_ended_stays(*, at: dt.datetime, actor: User) -> int:
    """Say loudly, once, that a stay has run out: an event on each case; return how many."""
    today = timezone.localdate(at)
    rows = Stay.objects.filter(ended_on__isnull=True, called_on__isnull=True, until_on__lt=today)
    count = 0
    for row in rows.select_related("case").select_for_update(of=("self",), skip_locked=True).order_by("id")[:200]:
        row.called_on = today
        row.save(update_fields=["called_on"])
        record(row, "stay_ended", at=at, case=row.case, actor=actor, until_on=row.until_on)
        count += 1
    return count
