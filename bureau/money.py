"""How yuan are written, on pages and inside sentences; pure, no ORM."""

from decimal import Decimal


def yuan(amount: Decimal | str | int) -> str:
    """Return an amount with thousands separators and two places, such as 30,000.00."""
    return f"{Decimal(amount):,.2f}"
