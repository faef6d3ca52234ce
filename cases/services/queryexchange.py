"""Talks to the property network: each question is handed over once, each answer kept once with what was found."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from bureau.models import User
from cases import propertynetwork
from cases.models import Case, Lead, NetworkQuery, QueryAnswer
from cases.propertynetwork import Request, Said, Unreachable
from cases.record import record

logger = logging.getLogger(__name__)
CHUNK = 400
State = QueryAnswer.State
Ask = Callable[[list[Request]], dict[str, Said]]


def exchange_queries(*, at: dt.datetime, actor: User) -> int:
    """Hand over what waits, then keep what has been answered; return how many questions were answered.

    Safe to run twice at once: rows that another worker holds have their turn at the next beat.
    """
    network, count = propertynetwork.current(), 0
    try:
        for state, ask in (
            (State.WAITING, network.submit),
            (State.ACCEPTED, lambda asked: network.answers(asked, at=at)),
        ):
            after: int | None = 0
            while after is not None:
                after, kept = _part(state, after, ask, at=at, actor=actor)
                count += kept
    except Unreachable as trouble:
        logger.warning("property network unreachable: %s", trouble)
    return count


def _part(state: str, after: int, ask: Ask, *, at: dt.datetime, actor: User) -> tuple[int | None, int]:
    # Nothing is locked while the network is asked; a reference asked about twice is answered the same.
    waiting = QueryAnswer.objects.filter(state=state)
    rows = list(waiting.filter(pk__gt=after).order_by("pk").select_related("query__party", "query__case")[:CHUNK])
    said = ask([_request(row) for row in rows]) if rows else {}
    count = _book(waiting, said, at=at, actor=actor) if said else 0
    return (rows[-1].pk if len(rows) == CHUNK else None), count


@transaction.atomic
def _book(waiting: QuerySet[QueryAnswer], said: dict[str, Said], *, at: dt.datetime, actor: User) -> int:
    # The case row is the lock of everything on a case; what another worker has kept meanwhile waits no more.
    still = waiting.filter(pk__in=[int(reference) for reference in said]).order_by("pk").select_related("query__case")
    rows = list(still.select_for_update(of=("self", "query__case"), skip_locked=True))
    _keep(rows, said, at=at)
    finish({row.query for row in rows}, at=at, actor=actor)
    return sum(row.state not in QueryAnswer.OPEN for row in rows)


def _request(row: QueryAnswer) -> Request:
    query = row.query
    return Request(
        reference=str(row.pk),
        system=query.provider,
        source=row.source,
        name=query.party.name,
        id_number=query.party.id_number,
        case_number=query.case.display_number,
        sent_at=row.sent_at,
        turn=2 if query.repeats_id else 1,
    )


def _keep(rows: list[QueryAnswer], said: dict[str, Said], *, at: dt.datetime) -> None:
    leads = []
    for row in rows:
        answer = said[str(row.pk)]
        row.state, row.reason = answer.state, answer.reason[:200]
        row.sent_at = row.sent_at or at
        row.answered_at = None if answer.state in QueryAnswer.OPEN else at
        leads += [
            Lead(
                answer=row,
                kind=thing.kind,
                thing=thing.thing[:300],
                unit=thing.unit[:100],
                amount=thing.amount,
                is_online=thing.is_online,
                found_at=at,
            )
            for thing in answer.things
        ]
    QueryAnswer.objects.bulk_update(rows, ["state", "reason", "sent_at", "answered_at"])
    Lead.objects.bulk_create(leads)


def finish(touched: Iterable[NetworkQuery], *, answer: str = "", at: dt.datetime, actor: User) -> None:
    """End the queries whose last provider has answered, each with what it brought; `answer` is what somebody noted."""
    pks = [query.pk for query in touched]
    open_ones = QueryAnswer.objects.open().filter(query__in=pks).values("query")
    done = NetworkQuery.objects.running().filter(pk__in=pks).exclude(pk__in=open_ones)
    cash = Q(answers__leads__kind__in=Lead.CASH)
    counted = done.annotate(
        found=Count("answers__leads"),
        online=Count("answers__leads", filter=Q(answers__leads__is_online=True)),
        money=Sum("answers__leads__amount", filter=cash),
        lost=Count("answers", filter=Q(answers__state__in=QueryAnswer.LOST), distinct=True),
    )
    rows = list(counted.select_related("party").order_by("pk"))
    for query in rows:
        query.answered_on, query.answered_by, query.answer = timezone.localdate(at), actor, answer
    NetworkQuery.objects.bulk_update(rows, ["answered_on", "answered_by", "answer"])
    cases = {case.pk: case for case in Case.objects.filter(pk__in={query.case_id for query in rows})}
    for query in rows:
        record(
            query,
            "receive_query",
            at=at,
            case=cases[query.case_id],
            actor=actor,
            debtor=query.party.name,
            found_count=query.found,  # type: ignore[attr-defined]
            online_count=query.online,  # type: ignore[attr-defined]
            offline_count=query.found - query.online,  # type: ignore[attr-defined]
            cash_found=query.money,  # type: ignore[attr-defined]
            lost_count=query.lost,  # type: ignore[attr-defined]
        )
