"""The case list as a question: coded filters of the address, and personal searches kept under a token."""

import datetime as dt
import secrets
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.crypto import decrypt, encrypt
from bureau.identity import (
    InvalidNumber,
    canonical_old_resident_id,
    canonical_phone,
    canonical_resident_id,
    canonical_uscc,
)
from bureau.models import User
from cases import casenumber
from cases.models import CaseQuerySet, Deadline, SavedFilter

SORTS: dict[str, tuple[str, ...]] = {
    "due": ("closing_due_on", "id"),
    "-due": ("-closing_due_on", "-id"),
    "filed": ("filed_on", "id"),
    "-filed": ("-filed_on", "-id"),
    "number": ("year", "number_court__code", "seq", "id"),
    "-number": ("-year", "-number_court__code", "-seq", "-id"),
    "amount": ("amount_claimed", "id"),
    "-amount": ("-amount_claimed", "-id"),
    "since": ("stage_since_on", "id"),
    "-since": ("-stage_since_on", "-id"),
}
SORT_USUAL = "-filed"
NO_STREAM = "NONE"  # asks for cases without a verdict, which a figure counts as well
NEAR = dt.timedelta(days=30)
SEARCHES_MAX = 20
SESSION_KEY = "case_searches"


# What people look for first stands first: a narrow window scrolls the rest within the frame of the table.
COLUMNS: tuple[tuple[str | Promise, str, bool], ...] = (
    (gettext_lazy("案号"), "number", False),
    (gettext_lazy("阶段"), "", False),
    (gettext_lazy("执行期限或结案"), "due", False),
    (gettext_lazy("申请执行人"), "", False),
    (gettext_lazy("被执行人"), "", False),
    (gettext_lazy("标的额（元）"), "amount", True),
    (gettext_lazy("所在团队"), "", False),
    (gettext_lazy("承办法官"), "", False),
    (gettext_lazy("立案日"), "filed", False),
)


def usual(user: User, *, today: dt.date) -> list[dict[str, Any]]:
    """Return the filters that people ask for every day, each as label and query; one's own only for who has cases."""
    monday = today - dt.timedelta(days=today.weekday())
    near = {"set": "open", "due_from": today.isoformat(), "due_to": (today + NEAR).isoformat(), "sort": "due"}
    rows: list[tuple[str, dict[str, str]]] = [
        (_("未结"), {"set": "open"}),
        (_("超期未结"), {"set": "overdue", "sort": "due"}),
        (_("30日内到期"), near),
        (_("期限红色预警"), {"level": "RED", "sort": "due"}),
        (_("本周新收"), {"filed_from": monday.isoformat()}),
    ]
    if user.has_perm("cases.propose_closing") or user.has_perm("cases.suspend_case"):
        rows.insert(0, (_("我的未结"), {"set": "open", "mine": "on", "sort": "due"}))
    if user.has_perm("cases.archive_case"):
        rows.append((_("已结未归档"), {"stage": "CLOSED", "sort": "filed"}))
    return [
        {"label": label, "query": query, "url": f"{reverse('cases:list')}?{urlencode(query)}"} for label, query in rows
    ]


def saved(user: User) -> list[dict[str, Any]]:
    """Return the user's own filters by name, each as label and query with its key."""
    rows = SavedFilter.objects.filter(user=user).order_by("name")
    return [
        {"label": row.name, "query": dict(parse_qsl(row.query)), "pk": row.pk}
        | {"url": f"{reverse('cases:list')}?{row.query}"}
        for row in rows
    ]


def columns(sort: str | None) -> list[dict[str, Any]]:
    """Return the heads of the list: label, present order, and the sort that a click asks for."""
    now = sort if sort in SORTS else SORT_USUAL
    return [
        {
            "label": label,
            "is_number": is_number,
            "order": {name: "ascending", f"-{name}": "descending"}.get(now, "") if name else "",
            "next": (f"-{name}" if now == name else name) if name else "",
        }
        for label, name, is_number in COLUMNS
    ]


def filtered(cases: CaseQuerySet, chosen: dict[str, Any], *, user: User, today: dt.date) -> CaseQuerySet:
    """Return the cases that fit every chosen filter, sorted; unknown filters were dropped by the form."""
    fields = {
        "stage": "stage",
        "court": "number_court",
        "window": "filing_window",
        "team": "team",
        "judge": "judge",
        "type": "type_code",
        "mode": "closing_mode",
        "filed_from": "filed_on__gte",
        "filed_to": "filed_on__lte",
        "due_from": "closing_due_on__gte",
        "due_to": "closing_due_on__lte",
        "since_to": "stage_since_on__lte",
        "triage_from": "triage_due_on__gte",
        "triage_to": "triage_due_on__lte",
        "owner": "owner",
        "unit": "executing_unit",
        "closed_from": "closed_on__gte",
        "closed_to": "closed_on__lte",
        "amount_from": "amount_claimed__gte",
        "amount_to": "amount_claimed__lte",
    }
    day = chosen.get("as_of") or today
    for name, lookup in fields.items():
        if chosen.get(name) is not None:
            cases = cases.filter(**{lookup: chosen[name]})
    if chosen.get("stream"):
        cases = _of_stream(cases, chosen["stream"], day)
    if chosen.get("level"):
        running = Deadline.objects.running().filter(level=chosen["level"])
        cases = cases.filter(pk__in=running.values("case_id"))
    if chosen.get("unheld"):
        cases = cases.filter(owner__isnull=True)
    if chosen.get("mine"):
        cases = cases.filter(owner=user) | cases.filter(judge=user)
    cases = _in_set(cases, chosen.get("set") or "", day)
    return cases.order_by(*SORTS.get(chosen.get("sort") or SORT_USUAL, SORTS[SORT_USUAL]))


def _of_stream(cases: CaseQuerySet, stream: str, day: dt.date) -> CaseQuerySet:
    # As of a past day a case triaged later had no verdict yet.
    if stream == NO_STREAM:
        return cases.filter(Q(stream="") | Q(triaged_on__isnull=True) | Q(triaged_on__gt=day))
    return cases.filter(stream=stream, triaged_on__lte=day)


def _in_set(cases: CaseQuerySet, name: str, day: dt.date) -> CaseQuerySet:
    if name == "accepted":
        return cases.accepted_by(day)
    if name == "closed":
        return cases.closed_by(day)
    if name == "open":
        return cases.open_on(day)
    if name == "triaged":
        return cases.filter(triaged_on__lte=day)
    if name == "overdue":
        return cases.open_on(day).filter(closing_due_on__lt=day)
    return cases


def found(cases: CaseQuerySet, text: str) -> CaseQuerySet:
    """Return the cases that one search box means: a case number or part of it, an ID, USCC or phone, or a name."""
    word = text.strip()
    if (number := _personal_number(word)) is not None:
        return cases.with_party_number(number)
    plain = casenumber.plain(word)
    if any(mark in plain for mark in ("执", "号", "临")):
        return cases.numbered(plain)
    if plain.isascii() and plain.isdigit() and len(plain) <= 6:
        return cases.filter(seq=int(plain))
    return cases.named(word)


def _resident_id(text: str) -> str:
    return canonical_resident_id(text).number


def _personal_number(text: str) -> str | None:
    checks = (
        lambda word: canonical_resident_id(word).number,
        canonical_uscc,
        canonical_phone,
        canonical_old_resident_id,
    )
    for check in checks:
        try:
            return check(text)
        except InvalidNumber:
            continue
    return None


def keep_search(session: MutableMapping[str, Any], text: str) -> str:
    """Keep what was searched for in the session, encrypted, and return the token that stands in the address."""
    kept: dict[str, str] = session.get(SESSION_KEY, {})
    token = secrets.token_urlsafe(12)
    session[SESSION_KEY] = {**dict(list(kept.items())[-(SEARCHES_MAX - 1) :]), token: encrypt(text)}
    return token


def kept_search(session: MutableMapping[str, Any], token: str) -> str | None:
    """Return what was searched for under the token, nothing without one; None when it is unknown or forgotten."""
    if not token:
        return ""
    return decrypt(session.get(SESSION_KEY, {}).get(token, "")) or None
