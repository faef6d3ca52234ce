"""Encryption at rest and keyed digests of ID, phone and account numbers (GB/T 22239-2019; PIPL 28, 51)."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=1)
def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def encrypt(text: str) -> str:
    """Return the text under the first of FIELD_KEYS."""
    return _cipher().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Return the clear text; raises InvalidToken for a forged or foreign one."""
    return _cipher().decrypt(token.encode()).decode() if token else ""


def digest(text: str) -> str:
    """Return the keyed hash by which an encrypted value is found again, 64 hex digits; empty for empty."""
    return hmac.new(settings.DIGEST_KEY.encode(), text.encode(), hashlib.sha256).hexdigest() if text else ""


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """A text that the database holds only encrypted; search by a digest column beside it."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        return encrypt(value) if value is not None else None

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """Decrypt on the way out."""
        return decrypt(value) if value is not None else None
