"""What a window enters from a signed account confirmation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PayeeData:
    """A payee's account, canonical (bureau.identity)."""

    holder_name: str
    number: str
    bank_name: str
    bank_code: str = ""
