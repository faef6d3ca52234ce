"""Keyed digests by which a case number and a look-up code are recognised; pure, shared by nobody but CODE_KEY."""

import hashlib
import hmac
import re
import unicodedata

from django.conf import settings

_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "﹝": "(", "﹞": ")"})
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def plain_number(text: str) -> str:
    """Return a case number as typed without blanks, brackets half-width and round, 号 at its end."""
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)
    # Only a whole number ends with its sequence; a temporary receipt number (临…) has no 号.
    return f"{number}号" if re.fullmatch(r"\(\d{4}\).*执\D*\d+", number) else number


def number_digest(number: str) -> str:
    """Return the keyed hash of a case number, however its brackets are written."""
    return _keyed("number:" + plain_number(number))


def code_hmac(code: str) -> str:
    """Return the keyed hash of a code as typed: case, width, blanks, dashes and look-alike letters do not matter."""
    plain = unicodedata.normalize("NFKC", "".join(code.split())).replace("-", "").replace("—", "").upper()
    return _keyed(plain.translate(_LOOKALIKES))


def token_hmac(token: str) -> str:
    """Return the keyed hash of the code behind a QR, as it stands in the address."""
    return _keyed("due:" + token)


def answer_hmac(number_digest: str, answer: str) -> str:
    """Return the keyed hash of the last four characters of an identity number, good for one case number only."""
    plain = unicodedata.normalize("NFKC", "".join(answer.split())).upper()
    return _keyed(f"answer:{number_digest}:{plain[-4:]}")


def phone_hmac(phone: str) -> str:
    """Return the keyed hash of a phone number as typed: width, blanks, dashes and +86 do not matter."""
    plain = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", phone))
    return _keyed("phone:" + (plain[2:] if len(plain) == 13 and plain.startswith("86") else plain))


def phone_code_hmac(number_digest: str, code: str) -> str:
    """Return the keyed hash of six digits sent to a phone, good for one case number only."""
    return _keyed(f"phone-code:{number_digest}:{''.join(unicodedata.normalize('NFKC', code).split())}")


def link_hmac(token: str) -> str:
    """Return the keyed hash of the token in a relative's link."""
    return _keyed("link:" + token)


def paper_digest(token: str) -> str:
    """Return the keyed hash of the code on a paper, as it stands in the address."""
    return _keyed("paper:" + token)


def _keyed(text: str) -> str:
    return hmac.new(settings.CODE_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
