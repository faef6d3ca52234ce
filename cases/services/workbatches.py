"""The same act on many work orders or cases: one transaction, one event per item, and what was left with its reason."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import Team, User
from cases.models import Case, WorkOrder
from cases.record import record
from cases.services import contacts, workorders

ITEMS_MAX = 200


@dataclass(frozen=True, slots=True)
class Left:
    """One item that was not done: its key (an order's, or a case's when work is asked for), number and reasons."""

    key: int
    number: str
    reasons: list[str]


@dataclass(slots=True)
class Batch:
    """What was done, and what was left."""

    done: list[Any] = field(default_factory=list)  # the work orders or holds that came of it
    left: list[Left] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OnsiteAnswer:
    """What a department answered to one on-site item, and the two officers who asked."""

    order: WorkOrder
    result: str
    text: str
    officer1: User | None
    officer2: User | None
    photos: Sequence[Any] = ()


@transaction.atomic
def accept_many(orders: Iterable[WorkOrder], *, at: dt.datetime, actor: User) -> Batch:
    """Take several orders; those that somebody else took are left."""
    return _each(orders, lambda order: workorders.accept_work(order, at=at, actor=actor))


@transaction.atomic
def finish_many(orders: Iterable[WorkOrder], *, text: str, at: dt.datetime, actor: User) -> Batch:
    """Answer several orders with the same words; on-site items are answered in their own grid."""
    return _each(orders, lambda order: _finish(order, text=text, at=at, actor=actor))


def _finish(order: WorkOrder, *, text: str, at: dt.datetime, actor: User) -> WorkOrder:
    if order.kind == WorkOrder.Kind.ONSITE:
        raise Refused(_("现场事项请在现场清单中逐项答复"))
    return workorders.finish_work(order, text=text, at=at, actor=actor)


@transaction.atomic
def confirm_many(orders: Iterable[WorkOrder], *, at: dt.datetime, actor: User) -> Batch:
    """Confirm several answers."""
    return _each(orders, lambda order: workorders.confirm_work(order, at=at, actor=actor))


@transaction.atomic
def answer_onsite(answers: Iterable[OnsiteAnswer], *, at: dt.datetime, actor: User) -> Batch:
    """Carry the answers of one trip back, each to its own case; a bad one is left and stops no other."""
    given = {answer.order.pk: answer for answer in answers}

    def answer_one(order: WorkOrder) -> WorkOrder:
        answer = given[order.pk]
        return workorders.finish_work(
            order,
            text=answer.text,
            result=answer.result,
            officer1=answer.officer1,
            officer2=answer.officer2,
            photos=answer.photos,
            at=at,
            actor=actor,
        )

    return _each((answer.order for answer in given.values()), answer_one)


@transaction.atomic
def reveal_for_trip(orders: Iterable[WorkOrder], *, at: dt.datetime, actor: User) -> int:
    """Put on record that full identity numbers were taken along on a trip; return on how many cases.

    A registry answers to the full number alone (domain handbook §12); only the doing team takes the sheet.
    """
    rows = list(orders)
    if any(not workorders.may_do(order, actor) for order in rows):
        raise PermissionDenied
    cases = held_many(order.case_id for order in rows)
    for case in cases:
        taken = [order.pk for order in rows if order.case_id == case.pk]
        record(case, "reveal_identity", at=at, case=case, actor=actor, orders=taken, count=len(taken))
    return len(cases)


@transaction.atomic
def request_many(
    cases: Iterable[Case],
    *,
    kind: str,
    to_team: Team,
    text: str,
    department: str = "",
    district: str = "",
    at: dt.datetime,
    actor: User,
) -> Batch:
    """Ask for work of one kind on several cases; cases that the actor does not speak for are left."""
    wanted: dict[str, Any] = {
        "kind": kind,
        "to_team": to_team,
        "text": text,
        "department": department,
        "district": district,
    }
    batch = Batch()
    for case in held_many(case.pk for case in cases):
        ask = partial(workorders.request_work, case, **wanted, at=at, actor=actor)
        try_each(batch, case.pk, case.display_number, ask)
    return batch


@transaction.atomic
def hold_many(cases: Iterable[Case], *, reason: str, until_on: dt.date, at: dt.datetime, actor: User) -> Batch:
    """Put several cases aside until one day for one reason; those that may not be put aside are left."""
    batch = Batch()
    for case in held_many(case.pk for case in cases):
        aside = partial(contacts.hold, case, reason=reason, until_on=until_on, at=at, actor=actor)
        try_each(batch, case.pk, case.display_number, aside)
    return batch


def held_many(pks: Iterable[int]) -> list[Case]:
    """Lock all case rows first and in one order, so that two batches never wait for each other in a ring."""
    chosen = sorted(set(pks))
    if len(chosen) > ITEMS_MAX:
        raise Refused(_("一次最多办理 %(count)d 项") % {"count": ITEMS_MAX})
    return list(Case.objects.select_for_update().filter(pk__in=chosen).order_by("pk"))


def _each(orders: Iterable[WorkOrder], act: Callable[[WorkOrder], WorkOrder]) -> Batch:
    rows = sorted(orders, key=lambda order: order.pk)
    if len(rows) > ITEMS_MAX:
        raise Refused(_("一次最多办理 %(count)d 项") % {"count": ITEMS_MAX})
    numbers = {case.pk: case.display_number for case in held_many(order.case_id for order in rows)}
    batch = Batch()
    for order in rows:
        try_each(batch, order.pk, numbers[order.case_id], partial(act, order))
    return batch


def try_each(batch: Batch, key: int, number: str, act: Callable[[], Any]) -> None:
    """Do one, or leave it with the reason.

    A refusal comes before anything is written, but an on-site answer accepts first: hence the savepoint.
    """
    try:
        with transaction.atomic():
            batch.done.append(act())
    except Refused as refusal:
        batch.left.append(Left(key, number, refusal.reasons))
    except PermissionDenied:
        batch.left.append(Left(key, number, [_("不在您的职责范围内")]))
