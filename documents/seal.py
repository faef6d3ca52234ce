"""The courts' electronic seals as we see them: an adapter that seals a finished file, and a simulator."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.module_loading import import_string

from documents.library.declared import canonical

SIMULATED_MARK = "院印"
SIMULATED_KEEPER = "印章管理员（模拟）"


class CannotSeal(Exception):
    """The seal is not available; the message says why. The paper waits and is tried again on request."""


@dataclass(frozen=True, slots=True)
class Order:
    """One paper to be sealed: what it is, and the hashes of its content and of its finished file."""

    reference: str
    court_code: str
    number: str
    title: str
    issued_on: dt.date
    content_sha256: str
    pdf_sha256: str

    def statement(self, seal_id: str) -> bytes:
        """Return what the seal signs, of which there is only one spelling."""
        parts = [seal_id, self.reference, self.court_code, self.number, self.title, self.issued_on.isoformat()]
        return canonical([*parts, self.content_sha256, self.pdf_sha256]).encode()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the keeper of seals answers: which seal, whose keeping, and the signature."""

    seal_id: str
    keeper: str
    algorithm: str
    signature: str


class Seal(Protocol):
    """What an adapter to a real seal service must do; the same order may be asked for again."""

    def mark(self, court_code: str) -> str:
        """Return the words printed where the seal stands; nothing where the service draws the seal itself."""

    def stamp(self, order: Order) -> Stamp:
        """Use the seal of that court on the paper; raises CannotSeal."""

    def is_genuine(self, order: Order, stamp: Stamp) -> bool:
        """Return whether the signature is that seal's on that paper."""


class Simulator:
    """One Ed25519 key per court, derived from the product's own secret: proves integrity, not a court's authority."""

    def mark(self, court_code: str) -> str:
        """Print the words of a seal in red."""
        return SIMULATED_MARK

    def stamp(self, order: Order) -> Stamp:
        """Sign at once."""
        seal_id = "".join(("SIM-", order.court_code))
        signature = _key(order.court_code).sign(order.statement(seal_id)).hex()
        return Stamp(seal_id, SIMULATED_KEEPER, "Ed25519", signature)

    def is_genuine(self, order: Order, stamp: Stamp) -> bool:
        """Verify with the public half of the court's key."""
        public: Ed25519PublicKey = _key(order.court_code).public_key()
        try:
            public.verify(bytes.fromhex(stamp.signature), order.statement(stamp.seal_id))
        except (InvalidSignature, ValueError):
            return False
        return True


@lru_cache(maxsize=16)
def _key(court_code: str) -> Ed25519PrivateKey:
    secret = "\x1f".join(("seal", settings.DIGEST_KEY, court_code))
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret.encode()).digest())


def current() -> Seal:
    """Return the adapter named in settings."""
    adapter: Seal = import_string(settings.SEAL)()
    return adapter
