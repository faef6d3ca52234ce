"""Opens and closes the deadlines of a case together with the event that does so, and counts them anew after a pause.

Called by `cases.record` and by services only, in the transaction of the event and under the lock of the case row.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone

from bureau.calendar import Due, WorkCalendar
from bureau.models import Event, Holiday, User
from cases import evidence, nodes
from cases.law import cite
from cases.models import Case, Deadline, LimitExtension, Pause
from cases.models.limit import MONTHS, STEP_WORDS
from cases.nodes import Level, Node, Owner
from cases.pauses import Interval

Details = Mapping[str, Any]
COUNTED_FIELDS = ("due_on", "steps", "is_provisional", "level", "next_alert_on", "yellow_on", "orange_on", "red_on")
ORDER = tuple(Level)
ALERT_DAYS = {Level.YELLOW: "yellow_on", Level.ORANGE: "orange_on", Level.RED: "red_on"}
# Fields of the case that show the last day of a node, so that lists and boards need no join.
PROJECTIONS = {
    "TRIAGE": "triage_due_on",
    "CLOSING_LIMIT": "closing_due_on",
    "CLOSING_LIMIT_ADMINISTRATIVE": "closing_due_on",
}
CLOSING_LIMITS = tuple(code for code, name in PROJECTIONS.items() if name == "closing_due_on")


def follow(event: Event, case: Case, details: Details) -> None:
    """Close what the event fulfils, cancel what falls away with it, reopen and open what it triggers.

    Costs no query for a verb that the node table does not know.
    """
    is_closed = details.get("after") == Case.Stage.CLOSED
    if not is_closed and event.verb not in nodes.VERBS:
        return
    verbs = [event.verb, nodes.CLOSING] if is_closed else [event.verb]
    day = timezone.localdate(event.at)
    for verb in verbs:
        if verb in nodes.CLOSED_BY:
            _close(nodes.CLOSED_BY[verb], event, case, details, day)
    if is_closed:
        cancel_fallen(case, event, day)
    if event.verb in nodes.CANCELLED_BY:
        for running in _running_of(nodes.CANCELLED_BY[event.verb], event, case, details):
            _cancel(running, event, day)
    if event.verb in nodes.REOPENED_BY:
        _reopen(nodes.REOPENED_BY[event.verb], event, case)
    opening = [node for verb in verbs for node in nodes.OPENED_BY.get(verb, ()) if node.when(case, details)]
    if opening:
        _open(opening, event, case, details, day)


def _close(closing: Iterable[Node], event: Event, case: Case, details: Details, day: dt.date) -> None:
    met = [node for node in closing if _is_shown(node, event, case, details)]
    if each := [node.code for node in met if node.each_of]:
        _close_each(each, event, case, day)
    for running in _running_of([node for node in met if not node.each_of], event, case, details):
        running.update(state=Deadline.State.FULFILLED, ended_on=day, closing_event=event)


def _close_each(codes: list[str], event: Event, case: Case, day: dt.date) -> None:
    """Close those of which everything that was found has been controlled since: one thing does not speak for all."""
    done = Event.objects.of_chain(event.chain).filter(verb=event.verb).values_list("seq", "details")
    kinds = [(seq, json.loads(details).get("asset_kind")) for seq, details in done]
    for deadline in Deadline.objects.running().filter(case=case, node__in=codes).select_related("event"):
        needed = json.loads(deadline.event.details).get(deadline.rule.each_of, 1)
        if sum(seq > deadline.event.seq and kind in deadline.rule.kinds for seq, kind in kinds) >= needed:
            deadline.state, deadline.ended_on, deadline.closing_event = Deadline.State.FULFILLED, day, event
            deadline.save(update_fields=["state", "ended_on", "closing_event"])


def _is_shown(node: Node, event: Event, case: Case, details: Details) -> bool:
    """Return whether the event shows that it is done: by its papers, its kind of property, or what the pack holds."""
    if event.verb == "issue_document":
        return details.get("template") in node.papers and evidence.are_issued(case, node.papers)
    if node.kinds and "asset_kind" in details:
        return details["asset_kind"] in node.kinds
    return event.verb != "hand_over" or set(details.get("pack", ())).issuperset(node.evidence)


def _running_of(ending: Iterable[Node], event: Event, case: Case, details: Details) -> Iterator[QuerySet[Deadline]]:
    """Yield the running ones of these nodes, by the thing they are about: of several only the one that is meant."""
    by_subject: dict[str, list[str]] = {}
    for node in ending:
        by_subject.setdefault(_subject(node, event, details), []).append(node.code)
    for subject, codes in by_subject.items():
        running = Deadline.objects.running().filter(case=case, node__in=codes)
        # An act on the whole case means every one of them.
        yield running if subject.endswith(":None") else running.filter(subject=subject)


def _subject(node: Node, event: Event, details: Details) -> str:
    """Return which of several running ones is meant: the event's own subject, or the thing that its details name."""
    if not node.subject or event.subject.startswith(f"{node.subject}:"):
        return event.subject if node.subject else ""
    return f"{node.subject}:{details.get(node.subject)}"


def cancel_fallen(case: Case, event: Event, day: dt.date) -> int:
    """Cancel what falls away with the case; what lives on keeps running. Return how many."""
    living = [node.code for node in nodes.NODES if node.lives_on]
    fallen = Deadline.objects.running().filter(case=case).exclude(node__in=living)
    return _cancel(fallen, event, day)


def _cancel(fallen: QuerySet[Deadline], event: Event, day: dt.date) -> int:
    return fallen.update(state=Deadline.State.CANCELLED, ended_on=day, closing_event=event)


def _reopen(reopening: Iterable[Node], event: Event, case: Case) -> None:
    """Let the sender's clock run on as if this very pack had never been handed over (§6.2)."""
    codes = [node.code for node in reopening]
    done = Deadline.objects.filter(
        case=case, node__in=codes, state=Deadline.State.FULFILLED, closing_event__subject=event.subject
    )
    done.update(state=Deadline.State.RUNNING, ended_on=None, closing_event=None)


def _open(opening: list[Node], event: Event, case: Case, details: Details, day: dt.date) -> None:
    days = Holiday.objects.calendar()
    # A case just filed has had no time to stand still.
    is_new = event.verb == "register"
    pauses = list(case.pauses.all()) if any(node.pauses for node in opening) and not is_new else []
    Deadline.objects.bulk_create(
        _made(node, event, case, details, _last_day(node, case, details, day, days=days, pauses=pauses))
        for node in opening
    )


def _start(node: Node, details: Details, day: dt.date) -> dt.date:
    """Return the day from which it runs: that of the act, unless the act names another."""
    if details.get(node.stated_by) and details.get("from_on"):
        return cast(dt.date, details["from_on"])
    return details.get(node.counts_from) or day


def _last_day(
    node: Node, case: Case, details: Details, day: dt.date, *, days: WorkCalendar, pauses: Iterable[Pause]
) -> Due:
    start = _start(node, details, day)
    if due_on := details.get(node.stated_by):
        return nodes.stated(node, start, due_on)
    rule = measure_of(node, case, details)
    return nodes.counted(rule, start, days=days, intervals=_intervals(rule, pauses, today=day))


def _made(node: Node, event: Event, case: Case, details: Details, due: Due) -> Deadline:
    day = timezone.localdate(event.at)
    is_met = event.verb in node.fulfilled_by
    return Deadline(
        case=case,
        node=node.code,
        node_version=node.version,
        subject=_subject(node, event, details),
        named_id=details.get("keeper") if node.owner == Owner.KEEPER else None,
        basis=cite(node.basis, on=day),
        event=event,
        started_on=_start(node, details, day),
        due_on=due.due_on,
        steps=due.steps,
        is_provisional=due.is_provisional,
        state=Deadline.State.FULFILLED if is_met else Deadline.State.RUNNING,
        ended_on=day if is_met else None,
        closing_event=event if is_met else None,
        next_alert_on=None if is_met else nodes.next_alert_on(node, due.due_on, Level.NONE),
    )


def measure_of(node: Node, case: Case, details: Details) -> Node:
    """Return the node whose period is counted: its own, that which its document names, or that with which it ends."""
    if node.counted_by:
        return replace(node, count=int(details[node.counted_by]))
    fitting = (code for code in node.follows if nodes.BY_CODE[code].when(case, details))
    code = next(fitting, None)
    return nodes.BY_CODE[code] if code else node


def _rule_for(rule: Node, case: Case, details: Details, *, times: int) -> Node:
    """Return the node whose period is counted, with the months by which the closing limit has been lengthened."""
    counted = measure_of(rule, case, details)
    is_limit = counted.code in CLOSING_LIMITS
    return replace(counted, count=counted.count + times * MONTHS) if times and is_limit else counted


def _times(case: Case) -> int:
    return case.limit_extensions.filter(state=LimitExtension.State.APPROVED).count()


def _counted(rule: Node, deadline: Deadline, intervals: list[Interval], *, times: int, days: WorkCalendar) -> Due:
    """Return the last day with its arithmetic, which says how much of the period is an extension."""
    due = nodes.counted(rule, deadline.started_on, days=days, intervals=intervals)
    if not times or rule.code not in CLOSING_LIMITS:
        return due
    return due._replace(steps=[due.steps[0], STEP_WORDS.format(months=times * MONTHS), *due.steps[1:]])


def lengthened(case: Case, limit: Deadline, *, times: int, today: dt.date) -> Due:
    """Return the closing limit as it is once it has been lengthened so often; writes nothing."""
    rule = _rule_for(limit.rule, case, {}, times=times)
    intervals = _intervals(rule, case.pauses.all(), today=today)
    return _counted(rule, limit, intervals, times=times, days=Holiday.objects.calendar())


def closing_limit(case: Case) -> Node:
    """Return the closing limit that runs for the case: six months, or three for 行政非诉."""
    return measure_of(nodes.BY_CODE["EXTENSION"], case, {})


def triage_limit(from_on: dt.date) -> dt.date:
    """Return the last day of triage of a case that comes to the command centre on a day."""
    return nodes.counted(nodes.BY_CODE["TRIAGE"], from_on, days=Holiday.objects.calendar()).due_on


def _intervals(node: Node, pauses: Iterable[Pause], *, today: dt.date) -> list[Interval]:
    return [pause.interval(today=today) for pause in pauses if pause.kind in node.pauses]


def change_limit(case: Case, event: Event) -> None:
    """Let the closing limit of the case's corrected kind run in place of the other, from the same first day.

    The event cancels the old one. What ends with the limit, and the limits with pauses, are counted anew.
    """
    day = timezone.localdate(event.at)
    fitting = closing_limit(case)
    wrong = Deadline.objects.running().filter(case=case, node__in=CLOSING_LIMITS).exclude(node=fitting.code)
    for former in list(wrong):
        _cancel(wrong.filter(pk=former.pk), event, day)
        due = nodes.counted(
            fitting,
            former.started_on,
            days=Holiday.objects.calendar(),
            intervals=_intervals(fitting, case.pauses.all(), today=day),
        )
        made = _made(fitting, event, case, {}, due)
        made.started_on, made.subject, made.basis = former.started_on, former.subject, cite(fitting.basis, on=day)
        made.save(force_insert=True)
        case.closing_due_on = due.due_on
        case.save(update_fields=["closing_due_on"])
    recount(case, today=day)


def recount(case: Case, *, today: dt.date) -> None:
    """Count anew what may be stopped, with the periods excluded by now, and what was provisional; show it on the case.

    Runs under the lock of the case row.
    """
    days = Holiday.objects.calendar()
    pauses, times = list(case.pauses.all()), _times(case)
    shown: dict[str, dt.date] = {}
    for deadline in Deadline.objects.running().filter(case=case).order_by("id"):
        if deadline.rule.counted_by and not deadline.is_provisional:
            continue
        told = json.loads(deadline.event.details) if deadline.rule.counted_by else {}
        rule = _rule_for(deadline.rule, case, told, times=times)
        if not (rule.pauses or deadline.is_provisional):
            continue
        due = _counted(rule, deadline, _intervals(rule, pauses, today=today), times=times, days=days)
        if _moved(deadline, due, today=today) and deadline.node in PROJECTIONS:
            shown[PROJECTIONS[deadline.node]] = deadline.due_on
    if shown:
        Case.objects.filter(pk=case.pk).update(**shown)
        for name, day in shown.items():
            setattr(case, name, day)


def previewed(case: Case, pause: Pause, *, today: dt.date) -> tuple[Deadline, Due] | None:
    """Return the running closing limit and what it would be with one more period that does not count.

    Writes nothing. None where no closing limit runs.
    """
    limit = Deadline.objects.running().filter(case=case, node__in=CLOSING_LIMITS).order_by("id").first()
    if limit is None:
        return None
    times = _times(case)
    rule = _rule_for(limit.rule, case, {}, times=times)
    intervals = _intervals(rule, [*case.pauses.all(), pause], today=today)
    return limit, _counted(rule, limit, intervals, times=times, days=Holiday.objects.calendar())


def _moved(deadline: Deadline, due: Due, *, today: dt.date) -> bool:
    if (due.due_on, due.steps) == (deadline.due_on, deadline.steps):
        return False
    deadline.due_on, deadline.steps, deadline.is_provisional = due
    level = nodes.level_on(deadline.rule, due.due_on, today)
    if ORDER.index(level) < ORDER.index(Level(deadline.level)):
        _lower(deadline, level)
    deadline.next_alert_on = nodes.next_alert_on(deadline.rule, due.due_on, Level(deadline.level))
    deadline.save(update_fields=COUNTED_FIELDS)
    return True


def _lower(deadline: Deadline, level: Level) -> None:
    """Take back the levels that a later last day has made untrue, so that each is said again in its time."""
    deadline.level = level
    for higher, name in ALERT_DAYS.items():
        if ORDER.index(higher) > ORDER.index(level):
            setattr(deadline, name, None)


def name(subjects: Iterable[str], person: User) -> None:
    """Name whose the running deadlines of these things are once their case has ended."""
    owned = [node.code for node in nodes.NODES if node.owner == Owner.KEEPER]
    Deadline.objects.running().filter(subject__in=list(subjects), node__in=owned).update(named=person)
