"""What `check --deploy` refuses beyond Django's own list: a moved clock, the demo, keys from the source."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

KEYS = ("SECRET_KEY", "DIGEST_KEY", "CODE_KEY", "FIELD_KEYS")
MARK = b"insecure"


@register(Tags.security, deploy=True)
def served_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Return an error for each setting that only a demo or a test may have."""
    if getattr(settings, "CLOCK_OFFSET", 0):
        yield Error("CLOCK_OFFSET moves the clock by which every term is counted; unset it.", id="bureau.E001")
    if getattr(settings, "DEMO", False):
        yield Error("DEMO shows logins and simulates the bank; unset it.", id="bureau.E002")
    for name in KEYS:
        if _is_insecure(getattr(settings, name, "")):
            yield Error(f"{name} comes from the source code; set one of your own.", id="bureau.E003")


def _is_insecure(value: str | Iterable[str]) -> bool:
    if not isinstance(value, str):
        return any(map(_is_insecure, value))
    try:
        decoded = base64.urlsafe_b64decode(value)
    except (binascii.Error, ValueError):
        decoded = b""
    return MARK in value.encode() or MARK in decoded
