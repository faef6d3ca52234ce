"""How yuan are rounded, and written on pages and inside sentences; pure, no ORM."""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

CENT = Decimal("0.01")
EXACT_PLACES_MAX = 8  # a longer or endless fraction is shown to four places


_PLAIN = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?")


def plain_decimal(text: str) -> Decimal:
    """Return a number as people write it: digits, a point, separators in their places; full width too.

    Raises ValueError for anything else: an exponent such as 1e3 is a slip of the hand or of a sheet, not a sum.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("元").strip()
    if not _PLAIN.fullmatch(plain):
        raise ValueError(text)
    return Decimal(plain.replace(",", ""))


class Worked(NamedTuple):
    """A sum in yuan with the arithmetic that led to it, line by line."""

    amount: Decimal
    steps: list[str]


def yuan(amount: Decimal | str | int) -> str:
    """Return an amount with thousands separators and two places, such as 30,000.00."""
    return f"{Decimal(amount):,.2f}"


def to_cent(value: Fraction | Decimal | int, *, to: Decimal = CENT) -> Decimal:
    """Return an exact value rounded half-up, to the cent or to another unit; always with two places."""
    halves = 2 * Fraction(value) / Fraction(to)
    return (Decimal((halves + 1) // 2) * to).quantize(CENT)


def exactly(value: Fraction) -> str:
    """Return a value after its sign, such as “= 85.18505”, or “≈ 3,723.4247” where decimals do not end."""
    scaled = value * 10**EXACT_PLACES_MAX
    if scaled.denominator > 1:
        return f"≈ {to_cent(value * 100) / 100:,.4f}"
    whole, places = divmod(scaled.numerator, 10**EXACT_PLACES_MAX)
    digits = f"{places:0{EXACT_PLACES_MAX}d}".rstrip("0")
    return f"= {whole:,}.{digits:0<2}"


def percent(rate: Decimal) -> str:
    """Return a rate of a hundred as it is written, such as 3.85%; zeros at the end fall away."""
    return f"{rate.normalize():f}%"
