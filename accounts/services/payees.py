"""The account a payee confirmed; full numbers are seen by finance alone, and each look is recorded."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import PayeeAccount, Payout
from accounts.payees import PayeeData
from bureau.crypto import digest
from bureau.errors import Refused
from bureau.identity import canonical_name
from bureau.models import User
from cases.models import Case, Party
from cases.record import record
from documents.models import Material


@transaction.atomic
def confirm_payee(
    party: Party, *, payee: PayeeData, material: Material | None = None, at: dt.datetime, actor: User
) -> PayeeAccount:
    """Record the account that a party confirmed in writing; the holder's name must be the party's."""
    if not actor.has_perm("accounts.enter_payee"):
        raise PermissionDenied
    if canonical_name(payee.holder_name) != canonical_name(party.name):
        raise Refused(_("户名必须与收款当事人姓名或名称一致"))
    case = Case.objects.held().get(pk=party.case_id)
    PayeeAccount.objects.filter(party=party, replaced_at__isnull=True).update(replaced_at=at)
    account = PayeeAccount.objects.create(
        kind=PayeeAccount.Kind.APPLICANT if party.side == Party.Side.APPLICANT else PayeeAccount.Kind.DEBTOR,
        party=party,
        holder_name=payee.holder_name,
        number=payee.number,
        number_digest=digest(payee.number),
        number_last4=payee.number[-4:],
        bank_name=payee.bank_name,
        bank_code=payee.bank_code,
        material=material,
        confirmed_at=at,
        entered_by=actor,
    )
    record(
        account,
        "confirm_payee",
        at=at,
        case=case,
        actor=actor,
        party=party.pk,
        number=account.number_digest,
        last4=account.number_last4,
    )
    return account


@transaction.atomic
def reveal_account(payout: Payout, *, at: dt.datetime, actor: User) -> str:
    """Return the full number of a payout's account to finance, and record who looked."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    record(payout, "reveal_account", at=at, case=payout.case, actor=actor, last4=payout.payee.number_last4)
    number: str = payout.payee.number
    return number
