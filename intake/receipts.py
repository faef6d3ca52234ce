"""The printed receipt: what stands on it, and the look-up code that is shown once."""

from typing import Any

import segno
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q, QuerySet

from bureau.crypto import decrypt, encrypt
from bureau.masking import mask_name
from bureau.models import User
from cases.models import Case, Party
from intake.checklists import SHOWN_BY, Paper
from intake.models import Application, SupplementNotice
from intake.typed import missing_of

_CODES, _REISSUED = "receipt_codes", "receipts_reissued"


def keep_code(session: SessionBase, case: Case, code: str) -> None:
    """Keep a fresh code, encrypted, until the receipt shows it."""
    session[_CODES] = {**session.get(_CODES, {}), str(case.pk): encrypt(code)}


def keep_reissued(session: SessionBase, case: Case, code: str) -> None:
    """Keep the code of a receipt made again, which this session may print although the case may be another window's."""
    session[_REISSUED] = [*session.get(_REISSUED, []), case.pk]
    keep_code(session, case, code)


def take_code(session: SessionBase, case: Case) -> str:
    """Return the kept code and forget it; empty when it has been shown."""
    codes = dict(session.get(_CODES, {}))
    token = codes.pop(str(case.pk), "")
    if token:
        session[_CODES] = codes
    return decrypt(token)


def readable(user: User, session: SessionBase) -> QuerySet[Case]:
    """Return the cases whose receipt may be printed: the user's own, and those that he issued again in this session."""
    wanted = Q(pk__in=Case.objects.visible_to(user).values("pk")) | Q(pk__in=session.get(_REISSUED, []))
    rows = Case.objects.filter(wanted).select_related("number_court", "filing_window", "escrow", "filed_by", "team")
    return rows.prefetch_related("parties")


def _shown(party: Party) -> str:
    return party.name if party.side == Party.Side.APPLICANT else mask_name(party.name, party.kind)


def _seen(case: Case) -> list[str]:
    """Return the papers that were handed in and are not scanned."""
    row = Application.objects.filter(case=case).first()
    if row is None:
        return []
    unscanned = [Paper(code) for code in row.seen if SHOWN_BY.get(Paper(code), "") not in row.scanned]
    return [str(paper.label) for paper in Paper if paper in unscanned]


def _supplement(case: Case) -> dict[str, Any] | None:
    """Return what was told once as missing and has not come, with its day."""
    notice = SupplementNotice.objects.filter(application__case=case).select_related("application__case").first()
    if notice is None or not (missing := missing_of(notice.application)):
        return None
    return {"labels": [paper.label for paper in missing], "due_on": notice.due_on, "note": notice.note}


def receipt(case: Case, *, code: str) -> dict[str, Any]:
    """Return what the receipt prints: the applicant's own name, to whom it is handed, and of others the masked one."""
    parties = [
        {"side": party.get_side_display(), "name": _shown(party)}
        for party in sorted(case.parties.all(), key=lambda party: (party.side, party.position))
    ]
    return {
        "case": case,
        "parties": parties,
        # What was handed in with the application, however late a lost receipt is printed again.
        "materials": case.materials.filter(received_at=case.filed_at).order_by("id"),
        "seen": _seen(case),
        "supplement": _supplement(case),
        "code": code,
        "escrow_holder": settings.ESCROW_HOLDER,
        "escrow_bank": settings.ESCROW_BANK,
        "portal_url": settings.PORTAL_URL,
        "qr": segno.make(settings.PORTAL_URL).svg_data_uri(scale=4) if settings.PORTAL_URL else "",
    }
