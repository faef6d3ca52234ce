"""Accounts and the one way money moves between them."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Account, LineRefund, Payout, Transfer
from accounts.services.debts import make_code
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from cases.record import record

HOUSE = {
    Account.Kind.BANK_MASTER: "M000000001",
    Account.Kind.UNIDENTIFIED: "U000000001",
    Account.Kind.IN_TRANSIT: "T000000001",
    Account.Kind.FEES_DUE: "F000000001",
    Account.Kind.COSTS: "C000000001",
    Account.Kind.REFUNDS: "R000000001",
    Account.Kind.ABSENT: "D000000001",
}
# The bank's own account, and what passes through on the way out, is summed up when asked: no row that all wait for.
KEPT = (Account.Kind.UNIDENTIFIED, Account.Kind.ABSENT)


def hold_cases(case_ids: Iterable[int]) -> list[Case]:
    """Lock the rows of several cases in the order of their numbers, with whom a payment asks about."""
    return list(Case.objects.held("owner", "judge").filter(pk__in=list(case_ids)).order_by("pk"))


def open_house_accounts() -> None:
    """Open the accounts of the house, one of each kind; safe to repeat."""
    for kind, number in HOUSE.items():
        Account.objects.get_or_create(
            kind=kind,
            # Opened with the database, by its own clock: no act of the product's time.
            defaults={"number": number, "keeps_balance": kind in KEPT, "opened_at": Now()},
        )


def house_account(kind: str) -> Account:
    """Return the one account of that kind."""
    return Account.objects.get(kind=kind)


def virtual_number(case_id: int) -> str:
    """Return the case's sub-account: 8810, ten digits of the case, two check digits (ISO 7064 mod 97-10)."""
    body = f"8810{case_id:010d}"
    return f"{body}{98 - int(body + '00') % 97:02d}"


@transaction.atomic
def open_escrow(case: Case, *, at: dt.datetime, actor: User) -> Account:
    """Open the one account of a case (一案一账号, 法发〔2017〕6号 4–5); a second one is refused by the database."""
    account = Account.objects.create(
        kind=Account.Kind.ESCROW, number=virtual_number(case.pk), case=case, keeps_balance=True, opened_at=at
    )
    make_code(case, at=at, actor=actor)
    record(account, "open_escrow", at=at, case=case, actor=actor, account=account.number)
    return account


def post(
    *,
    debit: Account,
    credit: Account,
    amount: Decimal,
    purpose: str,
    reference: str,
    value_on: dt.date,
    at: dt.datetime,
    actor: User,
    reverses: Transfer | None = None,
    payout: Payout | None = None,
    refund: LineRefund | None = None,
) -> Transfer:
    """Move money once: the same reference again gives the first answer; with other content it is refused.

    Must run inside a transaction. The database refuses a negative escrow, and money that leaves an account of a case
    without its payout.
    """
    made, created = Transfer.objects.get_or_create(
        reference=reference,
        defaults={
            "debit": debit,
            "credit": credit,
            "amount": amount,
            "purpose": purpose,
            "value_on": value_on,
            "at": at,
            "actor": actor,
            "reverses": reverses,
            "payout": payout,
            "refund": refund,
        },
    )
    said = (debit.pk, credit.pk, amount, purpose, value_on, *(row and row.pk for row in (reverses, payout, refund)))
    stands = (
        *(made.debit_id, made.credit_id, made.amount, made.purpose, made.value_on),
        *(made.reverses_id, made.payout_id, made.refund_id),
    )
    if not created and said != stands:
        raise Refused(_("参考号 %(reference)s 已用于另一笔款项") % {"reference": reference})
    return made
