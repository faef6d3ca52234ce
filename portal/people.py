"""What each applicant sees of his own: his account's last four digits, what he asked and what was answered."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from accounts.models import PayeeAccount, PayeeAsk
from cases.models import Case, Party, PartyAsk
from intake.models import SupplementNotice
from intake.typed import missing_of
from portal.forms import Payee
from portal.models import ReleasedCopy, StatusPage, Submission
from portal.persons import agent_key, party_key
from supervision.models import StageRating

People = dict[str, dict[str, Any]]
REFUSED_WITHIN = dt.timedelta(days=30)


def load(cases: Sequence[Case], *, at: dt.datetime) -> dict[int, People]:
    """Return by case, and there by who reads ("party:12", "agent:5"), what is his own; nine queries however many."""
    found: dict[int, People] = {}
    by_party: dict[int, dict[str, Any]] = {}
    for case in cases:
        people = found.setdefault(case.pk, {})
        for party in case.parties.all():
            if party.side == Party.Side.APPLICANT and party.is_current:
                own: dict[str, Any] = {
                    "party": party.pk,
                    "payee": None,
                    "is_changing": False,
                    "is_checked": False,
                    "is_asked": False,
                    "asks": [],
                    "rated": [],
                    "name": party.name,
                }
                own["papers"] = []
                own["missing"] = None
                people[party_key(party.pk)] = by_party[party.pk] = own
        for agent in case.agents.all():
            # An agent reads what is his principal's: the same object, not a copy.
            if agent.revoked_at is None and agent.party_id in by_party:
                people[agent_key(agent.pk)] = by_party[agent.party_id]
    _add_accounts(by_party)
    _add_missing(found)
    for rating in StageRating.objects.filter(party__in=by_party).order_by("id"):
        by_party[rating.party_id]["rated"].append(rating.stage)
    for ask in PartyAsk.objects.filter(party__in=by_party).order_by("asked_at", "id"):
        by_party[ask.party_id]["asks"].append(_ask(ask))
    for copy in ReleasedCopy.objects.filter(party_id__in=by_party).defer("content").order_by("served_on", "id"):
        by_party[copy.party_id]["papers"].append(_paper(copy))
    _add_refused(found, at=at)
    return found


def _paper(copy: ReleasedCopy) -> dict[str, Any]:
    told = {"title": copy.title, "number": copy.number, "size": copy.byte_count}
    return {"pk": copy.pk, "served_on": copy.served_on.isoformat(), **told}


def _add_accounts(by_party: dict[int, dict[str, Any]]) -> None:
    accounts = PayeeAccount.objects.filter(party__in=by_party).defer("number")
    for account in accounts.live():
        by_party[account.party_id or 0]["payee"] = {"last4": account.number_last4, "bank": account.bank_name}
    for account in accounts.pending():
        own = by_party[account.party_id or 0]
        own["is_changing" if account.replaces_id else "is_checked"] = True
    for ask in PayeeAsk.objects.filter(party__in=by_party).order_by("asked_at", "id"):
        own = by_party[ask.party_id]
        own["is_asked"] = own["is_asked"] or ask.closed_at is None
        if ask.reason == Payee.ASKED:
            own["asks"].append(_payee_ask(ask))


def _add_missing(found: dict[int, People]) -> None:
    """Say to each what the window told him once is still missing, and by when."""
    rows = SupplementNotice.objects.filter(application__case__in=found).select_related("application__case")
    for notice in rows.prefetch_related("application__case__materials"):
        if missing := missing_of(notice.application):
            told = {"labels": [str(paper.label) for paper in missing], "due_on": notice.due_on.isoformat()}
            for own in found[notice.application.case_id or 0].values():
                own["missing"] = told


def _payee_ask(ask: PayeeAsk) -> dict[str, Any]:
    # It is done at a window, by whoever comes; the house owes no answer by a day.
    told = {"receipt": "", "kind": "PAYEE", "on": _on(ask.asked_at), "by": None, "answer": ""}
    closed = _on(ask.closed_at) if ask.closed_at else None
    return {**told, "result": "DONE" if closed else "", "answered_on": closed}


def _ask(ask: PartyAsk) -> dict[str, Any]:
    return {
        "receipt": ask.receipt,
        "kind": ask.kind,
        "on": _on(ask.asked_at),
        "by": ask.due_on.isoformat(),
        "result": ask.result,
        "answer": ask.answer,
        "answered_on": _on(ask.answered_at) if ask.answered_at else None,
        "meeting_on": ask.meeting_on.isoformat() if ask.meeting_on else None,
        "meeting_half": ask.meeting_half,
    }


def _on(at: dt.datetime) -> str:
    return timezone.localdate(at).isoformat()


def _add_refused(found: dict[int, People], *, at: dt.datetime) -> None:
    cases = dict(StatusPage.objects.filter(case_id__in=found).values_list("pk", "case_id"))
    rows = Submission.objects.filter(page_id__in=cases, state=Submission.State.REFUSED, said_at__gt=at - REFUSED_WITHIN)
    for row in rows.order_by("said_at"):
        own = found[cases[row.page_id or 0]].get(row.who)
        if own is not None:
            told = {"receipt": row.receipt, "kind": row.kind, "on": _on(row.said_at), "by": None, "result": "REFUSED"}
            own["asks"].append({**told, "answer": row.note, "answered_on": _on(row.taken_at or row.said_at)})
