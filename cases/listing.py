"""The case list as a question: coded filters of the address, and personal searches kept under a token."""

import datetime as dt
import secrets
from collections.abc import MutableMapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
from cases.models import CaseQuerySet

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
SEARCHES_MAX = 20
SESSION_KEY = "case_searches"


COLUMNS: tuple[tuple[str | Promise, str, bool], ...] = (
    (_("案号"), "number", False),
    (_("申请执行人"), "", False),
    (_("被执行人"), "", False),
    (_("标的额（元）"), "amount", True),
    (_("阶段"), "", False),
    (_("所在团队"), "", False),
    (_("承办法官"), "", False),
    (_("立案日"), "filed", False),
    (_("执行期限或结案"), "due", False),
)


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
        "stream": "stream",
        "mode": "closing_mode",
        "filed_from": "filed_on__gte",
        "filed_to": "filed_on__lte",
        "due_from": "closing_due_on__gte",
        "due_to": "closing_due_on__lte",
        "closed_from": "closed_on__gte",
        "closed_to": "closed_on__lte",
    }
    for name, lookup in fields.items():
        if chosen.get(name):
            cases = cases.filter(**{lookup: chosen[name]})
    if chosen.get("mine"):
        cases = cases.filter(owner=user) | cases.filter(judge=user)
    cases = _in_set(cases, chosen.get("set") or "", chosen.get("as_of") or today)
    return cases.order_by(*SORTS.get(chosen.get("sort") or SORT_USUAL, SORTS[SORT_USUAL]))


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


def kept_search(session: MutableMapping[str, Any], token: str) -> str:
    """Return what was searched for under the token; nothing when it is unknown or forgotten."""
    return decrypt(session.get(SESSION_KEY, {}).get(token, ""))
