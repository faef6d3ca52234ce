"""Look-up codes: sixteen characters of Crockford's base 32 (80 random bits), kept only as a keyed hash."""

import hashlib
import hmac
import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Return a fresh code in groups of four."""
    plain = "".join(secrets.choice(ALPHABET) for _turn in range(LENGTH))
    return "-".join(plain[at : at + 4] for at in range(0, LENGTH, 4))


def code_hmac(code: str) -> str:
    """Return the keyed hash of a code as typed: case, blanks, dashes and look-alike letters do not matter."""
    plain = "".join(code.split()).replace("-", "").upper().translate(_LOOKALIKES)
    return hmac.new(settings.CODE_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()
