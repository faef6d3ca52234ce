"""The queue of a window: a number is taken, called, called again, skipped, served, passed on, put back and ended.

Two clerks who call at once never get the same ticket: the row is locked, and a row locked by another is passed over.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.masking import mask_name
from bureau.models import User, Window
from bureau.record import record
from intake.models import Ticket
from intake.models.tickets import NUMBER_MAX

State = Ticket.State
SENT_TWICE = dt.timedelta(seconds=10)


def prefix_of(window: Window) -> str:
    """Return what the window's numbers begin with: A for W1, B for W2 …; else the window's own code."""
    letter, digits = window.code[:1], window.code[1:]
    if letter == "W" and digits.isdecimal() and 1 <= int(digits) <= 26:
        return chr(ord("A") + int(digits) - 1)
    return window.code


def _own_window(actor: User) -> Window:
    if not actor.has_perm("intake.serve_queue") or actor.window is None:
        raise PermissionDenied
    return actor.window


def _locked(ticket: Ticket, actor: User, at: dt.datetime) -> Ticket:
    """Return the ticket as it stands, locked; only of the clerk's own window and of today."""
    window = _own_window(actor)
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if ticket.window_id != window.pk:
        raise PermissionDenied
    if ticket.day != timezone.localdate(at):
        raise Refused(_("该号码不是今天的"))
    return ticket


def _own(ticket: Ticket, actor: User, at: dt.datetime, *states: str) -> Ticket:
    """Return the ticket that the clerk himself has called, locked, in one of these states."""
    ticket = _locked(ticket, actor, at)
    if ticket.state not in states:
        raise Refused(_("%(number)s现在是“%(state)s”，请刷新本页") % _words(ticket))
    if ticket.server_id != actor.pk:
        raise PermissionDenied
    return ticket


def _words(ticket: Ticket) -> dict[str, str]:
    return {"number": ticket.number, "state": ticket.get_state_display()}


@transaction.atomic
def take_ticket(
    *, category: str, priority: str = "", name: str = "", token: str = "", at: dt.datetime, actor: User
) -> Ticket:
    """Give a visitor the next number of the clerk's window that day; of his name only the masked one is kept.

    The same `token` again within seconds is the same page sent twice: it gives the number it gave before. Later it is
    a page that was gone back to, for the next visitor.
    """
    window = _own_window(actor)
    today = timezone.localdate(at)
    # One at a time per window; numbers have no gaps.
    Window.objects.select_for_update(no_key=True).get(pk=window.pk)
    if before := Ticket.objects.filter(token=token).first() if token else None:
        if before.issued_window_id == window.pk and at - before.issued_at < SENT_TWICE:
            return before
        token = ""
    last = Ticket.objects.filter(issued_window=window, day=today).order_by("-seq").first()
    seq = last.seq + 1 if last else 1
    if seq > NUMBER_MAX:
        raise Refused(_("本窗口今天的号码已用完"))
    if category not in Ticket.Category.values:
        raise Refused(of_field("category", _("请选择列表中的一项")))
    if priority and priority not in Ticket.Priority.values:
        raise Refused(of_field("priority", _("请选择列表中的一项")))
    ticket = Ticket.objects.create(
        day=today,
        issued_window=window,
        window=window,
        seq=seq,
        number=f"{prefix_of(window)}{seq:03}",
        token=token or None,
        category=category,
        priority=priority,
        shown_name=mask_name(name.strip(), "PERSON"),
        issued_at=at,
        issued_by=actor,
        queued_at=at,
    )
    record(ticket, "take_ticket", at=at, actor=actor, number=ticket.number, category=category, priority=priority)
    return ticket


@transaction.atomic
def call_next(*, counter: str = "", category: str = "", at: dt.datetime, actor: User) -> Ticket:
    """Call whoever is next at the clerk's window; the visitor whom he is serving is thereby finished.

    Refused while somebody called has neither come nor been skipped, and when nobody waits.
    """
    window = _own_window(actor)
    _end_current(actor, at)
    rows = Ticket.objects.of_day(window, timezone.localdate(at)).waiting()
    if category:
        rows = rows.filter(category=category)
    ticket = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if ticket is None:
        raise Refused(_("没有人在等候"))
    return _call(ticket, counter, at, actor)


@transaction.atomic
def call_ticket(ticket: Ticket, *, counter: str = "", at: dt.datetime, actor: User) -> Ticket:
    """Call one that waits out of turn, such as a visitor with an appointment."""
    ticket = _locked(ticket, actor, at)
    if ticket.state != State.WAITING:
        raise Refused(_("%(number)s现在是“%(state)s”，请刷新本页") % _words(ticket))
    _end_current(actor, at)
    return _call(ticket, counter, at, actor)


def _end_current(actor: User, at: dt.datetime) -> None:
    # Who presses twice waits for himself, and is then told that somebody is called already.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    current = Ticket.objects.select_for_update().filter(server=actor).open().first()
    if current is None:
        return
    if current.day != timezone.localdate(at):
        _close_by_day(current, at, actor)
    elif current.state == State.CALLED:
        raise Refused(_("%(number)s还没有到柜台，请先开始接待、再叫或过号") % _words(current))
    else:
        _finish(current, at, actor)


def _call(ticket: Ticket, counter: str, at: dt.datetime, actor: User) -> Ticket:
    ticket.state, ticket.server, ticket.counter = State.CALLED, actor, counter
    ticket.called_at, ticket.call_count = at, ticket.call_count + 1
    ticket.save(update_fields=["state", "server", "counter", "called_at", "call_count"])
    record(ticket, "call_ticket", at=at, actor=actor, number=ticket.number, counter=counter, count=ticket.call_count)
    return ticket


@transaction.atomic
def recall_ticket(ticket: Ticket, *, at: dt.datetime, actor: User) -> Ticket:
    """Call again whoever has not come."""
    ticket = _own(ticket, actor, at, State.CALLED)
    return _call(ticket, ticket.counter, at, actor)


@transaction.atomic
def start_ticket(ticket: Ticket, *, at: dt.datetime, actor: User) -> Ticket:
    """The visitor has come: waiting ends, service begins."""
    ticket = _own(ticket, actor, at, State.CALLED)
    ticket.state, ticket.started_at = State.SERVING, at
    ticket.save(update_fields=["state", "started_at"])
    record(ticket, "start_ticket", at=at, actor=actor, number=ticket.number)
    return ticket


@transaction.atomic
def finish_ticket(ticket: Ticket, *, at: dt.datetime, actor: User) -> Ticket:
    """The visitor has been served; if nobody said when it began, it began with the last call."""
    return _finish(_own(ticket, actor, at, *Ticket.OPEN), at, actor)


def _finish(ticket: Ticket, at: dt.datetime, actor: User) -> Ticket:
    ticket.state, ticket.ended_at = State.DONE, at
    ticket.started_at = ticket.started_at or ticket.called_at
    ticket.save(update_fields=["state", "ended_at", "started_at"])
    record(ticket, "finish_ticket", at=at, actor=actor, number=ticket.number)
    return ticket


@transaction.atomic
def skip_ticket(ticket: Ticket, *, at: dt.datetime, actor: User) -> Ticket:
    """Pass over whoever has not come after three calls (TICKET_CALLS)."""
    ticket = _own(ticket, actor, at, State.CALLED)
    missing = settings.TICKET_CALLS - ticket.call_count
    if missing > 0:
        raise Refused(
            _("呼叫满 %(calls)d 次才能过号，还差 %(missing)d 次") % {"calls": settings.TICKET_CALLS, "missing": missing}
        )
    return _give_up(ticket, State.SKIPPED, "skip_ticket", at, actor)


@transaction.atomic
def leave_ticket(ticket: Ticket, *, at: dt.datetime, actor: User) -> Ticket:
    """The visitor said that he will not wait, or is seen to have gone."""
    ticket = _locked(ticket, actor, at)
    if ticket.state not in (State.WAITING, State.CALLED):
        raise Refused(_("%(number)s现在是“%(state)s”，请刷新本页") % _words(ticket))
    if ticket.state == State.CALLED and ticket.server_id != actor.pk:
        raise PermissionDenied
    return _give_up(ticket, State.LEFT, "leave_ticket", at, actor)


def _give_up(ticket: Ticket, state: str, verb: str, at: dt.datetime, actor: User) -> Ticket:
    ticket.state, ticket.ended_at = state, at
    ticket.save(update_fields=["state", "ended_at"])
    record(ticket, verb, at=at, actor=actor, number=ticket.number, count=ticket.call_count)
    return ticket


@transaction.atomic
def reopen_ticket(ticket: Ticket, *, keeps_place: bool = False, at: dt.datetime, actor: User) -> Ticket:
    """Put back whoever was skipped or had left: at the end of the queue, or at the old place if it was a mistake."""
    ticket = _locked(ticket, actor, at)
    if ticket.state not in (State.SKIPPED, State.LEFT):
        raise Refused(_("%(number)s现在是“%(state)s”，请刷新本页") % _words(ticket))
    _wait_again(ticket, queued_at=ticket.queued_at if keeps_place else at)
    record(ticket, "reopen_ticket", at=at, actor=actor, number=ticket.number, keeps_place=keeps_place)
    return ticket


def _wait_again(ticket: Ticket, *, queued_at: dt.datetime) -> None:
    ticket.state, ticket.server, ticket.counter, ticket.call_count = State.WAITING, None, "", 0
    ticket.started_at = ticket.ended_at = ticket.called_at = None
    ticket.queued_at = queued_at
    ticket.save()


@transaction.atomic
def transfer_ticket(
    ticket: Ticket, *, window: Window, category: str = "", reason: str, at: dt.datetime, actor: User
) -> Ticket:
    """Pass a visitor on to another window, or to another matter of the same; number and place in time stay his."""
    ticket = _locked(ticket, actor, at)
    if ticket.state not in (State.WAITING, *Ticket.OPEN):
        raise Refused(_("%(number)s现在是“%(state)s”，请刷新本页") % _words(ticket))
    if ticket.is_open and ticket.server_id != actor.pk:
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写理由")))
    if not window.is_active:
        raise Refused(of_field("window", _("该窗口已停用")))
    if window.pk == ticket.window_id and category in ("", ticket.category):
        raise Refused(of_field("window", _("请选择其他窗口，或改为其他事项")))
    before = ticket.window
    if window.pk != before.pk:
        ticket.window, ticket.transferred_from = window, before
    ticket.category = category or ticket.category
    _wait_again(ticket, queued_at=ticket.queued_at)
    record(
        ticket,
        "transfer_ticket",
        at=at,
        actor=actor,
        number=ticket.number,
        before=before.code,
        after=window.code,
        category=ticket.category,
        reason=reason.strip(),
    )
    return ticket


@transaction.atomic
def direct_ticket(ticket: Ticket, *, person: User | None, at: dt.datetime, actor: User) -> Ticket:
    """Say whom the visitor is to see; the slip then leads to that person's room."""
    ticket = _locked(ticket, actor, at)
    if person is not None and not person.is_active:
        raise Refused(of_field("person", _("该人员已停用")))
    ticket.person = person
    ticket.save(update_fields=["person"])
    record(ticket, "direct_ticket", at=at, actor=actor, number=ticket.number, person=person.pk if person else None)
    return ticket


@transaction.atomic
def close_days(*, at: dt.datetime, actor: User) -> int:
    """End what earlier days left: who still waited has left, who was served is done; return how many."""
    rows = Ticket.objects.left_over(today=timezone.localdate(at)).order_by("id").select_for_update(skip_locked=True)
    tickets = list(rows)
    for ticket in tickets:
        _close_by_day(ticket, at, actor)
    return len(tickets)


def _close_by_day(ticket: Ticket, at: dt.datetime, actor: User) -> None:
    ticket.state = State.DONE if ticket.state == State.SERVING else State.LEFT
    ticket.ended_at, ticket.is_closed_by_day = at, True
    ticket.save(update_fields=["state", "ended_at", "is_closed_by_day"])
    record(ticket, "close_ticket", at=at, actor=actor, number=ticket.number, state=ticket.state)
