"""The watch over deadlines: yellow, orange, red once each; what falls away, what is noted as done, forgotten cases."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Event, User
from cases import found, nodes
from cases.deadlines import ALERT_DAYS, ORDER, cancel_fallen, recount
from cases.forgotten import cause
from cases.models import Case, Deadline, is_of_affairs, puts_away
from cases.nodes import Level
from cases.record import record
from cases.services.pauses import move_paused

BATCH = 200
NOTE_MAX = 200
FACTS_MIN = 6  # characters; less says nothing that a reviewer could check


def watch(*, at: dt.datetime, actor: User) -> int:
    """Bring every running deadline to the level of the day, once per level; return how much was said.

    A limit that stands still is moved on first and is not alarmed. Safe to run twice at once.
    """
    today = timezone.localdate(at)
    move_paused(today=today)
    _cancel_left_behind(at=at, actor=actor)
    count = 0
    while said := _watch_batch(today, at=at, actor=actor):
        count += said
    return count


@transaction.atomic
def _watch_batch(today: dt.date, *, at: dt.datetime, actor: User) -> int:
    waiting = Deadline.objects.to_alert(today=today).select_related("case").order_by("next_alert_on", "id")
    # The case row is the lock of everything on a case; a case that is being worked on has its turn at the next beat.
    rows = list(waiting.select_for_update(of=("self", "case"), skip_locked=True)[:BATCH])
    for deadline in rows:
        if deadline.rule.is_duty or deadline.due_on >= today:
            _alert(deadline, today, at=at, actor=actor)
        else:
            _reach(deadline, today, at=at, actor=actor)
    return len(rows)


def _alert(deadline: Deadline, today: dt.date, *, at: dt.datetime, actor: User) -> None:
    rule = deadline.rule
    level = nodes.level_on(rule, deadline.due_on, today)
    is_higher = ORDER.index(level) > ORDER.index(Level(deadline.level))
    is_to_say = is_higher or nodes.is_alert_day(rule, deadline.due_on, deadline.next_alert_on)
    deadline.next_alert_on = nodes.next_alert_on(rule, deadline.due_on, level, said_on=today)
    if not is_to_say:
        # The table's alert days have changed since the day was set.
        deadline.save(update_fields=["next_alert_on"])
        return
    if is_higher:
        deadline.level = level
        setattr(deadline, ALERT_DAYS[level], today)
    deadline.save(update_fields=["level", "next_alert_on", ALERT_DAYS[Level(deadline.level)]])
    record(
        deadline,
        "deadline_alert",
        at=at,
        case=deadline.case,
        actor=actor,
        node=deadline.node,
        level=level,
        due_on=deadline.due_on,
        **({"days_left": max(0, (deadline.due_on - today).days)} if rule.alerts else {}),
    )


def _reach(deadline: Deadline, today: dt.date, *, at: dt.datetime, actor: User) -> None:
    """What is no duty ends by its day: the way is open, or the right has arisen or gone."""
    event = record(
        deadline,
        "deadline_reached",
        at=at,
        case=deadline.case,
        actor=actor,
        node=deadline.node,
        due_on=deadline.due_on,
    )
    _end(deadline, Deadline.State.FULFILLED, event, today)


def _end(deadline: Deadline, state: str, event: Event, day: dt.date) -> None:
    deadline.state, deadline.ended_on, deadline.closing_event = state, day, event
    deadline.save(update_fields=["state", "ended_on", "closing_event"])


def _cancel_left_behind(*, at: dt.datetime, actor: User) -> None:
    """Cancel what still runs on a closed case and does not live on; the closing itself has normally done so."""
    living = [node.code for node in nodes.NODES if node.lives_on]
    left = Deadline.objects.running().filter(case__stage__in=Case.ENDED).exclude(node__in=living)
    for pk in left.order_by("case").values_list("case", flat=True).distinct()[:BATCH]:
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=pk)
            event = record(case, "cancel_deadlines", at=at, case=case, actor=actor)
            cancel_fallen(case, event, timezone.localdate(at))


@transaction.atomic
def note_done(deadline: Deadline, *, note: str, excuse: str = "", at: dt.datetime, actor: User) -> Deadline:
    """Whoever owes it says that it is done, and by what paper; only for nodes whose doing no other act shows.

    Where another act does show it, `excuse` is one of the node's reasons why it cannot be done, and `note` the facts.
    """
    case = Case.objects.select_for_update().get(pk=deadline.case_id)
    deadline = Deadline.objects.get(pk=deadline.pk)
    if not may_note_done(deadline, actor):
        raise PermissionDenied
    if not deadline.is_running:
        raise Refused(_("该期限已结束"))
    if reasons := _note_objections(deadline, note, excuse):
        raise Refused(reasons)
    told = {"node": deadline.node, "note": note.strip()[:NOTE_MAX]} | ({"excuse": excuse} if excuse else {})
    event = record(deadline, "note_done", at=at, case=case, actor=actor, **told)
    _end(deadline, Deadline.State.FULFILLED, event, timezone.localdate(at))
    return deadline


def _note_objections(deadline: Deadline, note: str, excuse: str) -> list[str]:
    reasons = []
    if excuse not in dict(deadline.rule.excuses) and (deadline.rule.excuses or excuse):
        reasons.append(of_field("excuse", _("请选择不能办理的原因")))
    if deadline.rule.excuses and len(note.strip()) < FACTS_MIN:
        reasons.append(of_field("note", _("请写明查明的具体情况和凭据，不少于 %(count)d 个字") % {"count": FACTS_MIN}))
    elif not note.strip():
        reasons.append(of_field("note", _("请写明办理情况或凭据")))
    return reasons + found.excuse_objections(deadline, excuse)


def may_note_done(deadline: Deadline, user: User) -> bool:
    """Return whether the user owes it now and its doing leaves no other trace."""
    case, rule = deadline.case, deadline.rule
    if not rule.by_hand:
        return False
    if rule.owner == nodes.Owner.AFFAIRS:
        return puts_away(case, user)
    if rule.excuses and case.owner_id is None and case.stage in Case.BEFORE_STREAM:
        # Before anybody holds the case the affairs team freezes what the query finds, and says what it does not.
        return is_of_affairs(user)
    return user.pk in (case.owner_id, case.judge_id)


def find_forgotten(*, at: dt.datetime, actor: User) -> int:
    """Raise every open case with no next step, again only after something has happened on it; return how many."""
    today = timezone.localdate(at)
    recount_provisional(today=today)
    return sum(_raise_forgotten(pk, at=at, actor=actor) for pk in _pks(Case.objects.forgotten(today=today)))


def _pks(cases: Iterable[Case]) -> list[int]:
    return [case.pk for case in cases]


@transaction.atomic
def _raise_forgotten(pk: int, *, at: dt.datetime, actor: User) -> int:
    forgotten = Case.objects.forgotten(today=timezone.localdate(at))
    case = forgotten.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if case is None:
        return 0
    last = Event.objects.of_chain(f"case:{case.pk}").last()
    if last is None or last.verb != "no_next_step":
        record(case, "no_next_step", at=at, case=case, actor=actor, stage=case.stage, lacking=cause(case))
    return 1


def recount_provisional(*, today: dt.date) -> None:
    """Count anew what was counted before its year's calendar was published."""
    provisional = Deadline.objects.running().filter(is_provisional=True)
    for pk in provisional.order_by("case").values_list("case", flat=True).distinct():
        with transaction.atomic():
            recount(Case.objects.select_for_update().get(pk=pk), today=today)
