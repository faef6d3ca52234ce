"""Drops what somebody said into the box that the public process cannot read back."""

import datetime as dt
import secrets
from typing import Any

from portal.lookup import Opened
from portal.models import Submission

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that looks like something else
RECEIPT = 8


def submit(kind: str, body: dict[str, Any], *, opened: Opened | None = None, at: dt.datetime) -> str:
    """Keep what was said, as whom, and return the receipt number under which it is answered."""
    plain = "".join(secrets.choice(ALPHABET) for _turn in range(RECEIPT))
    receipt = f"{plain[:4]}-{plain[4:]}"
    Submission.objects.create(
        kind=kind,
        page_id=opened.page_id if opened else None,
        who=opened.who if opened else "",
        receipt=receipt,
        body=body,
        said_at=at,
    )
    return receipt
