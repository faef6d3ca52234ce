"""Whether a statement can be of the bureau's account: its number, and balances that go on from the day before."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Account, BankBalance, Statement
from accounts.statementbalances import Balances
from bureau.calendar import DAY
from bureau.errors import Refused
from bureau.masking import mask_last4
from bureau.models import User
from bureau.money import yuan


def master_number() -> str:
    """Return the number of the account of the house, if the installation knows it."""
    return "".join(settings.ESCROW_ACCOUNT.split())


def refuse_foreign(numbers: Collection[str]) -> bool:
    """Return whether the statement is of the account of the house, or of a sub-account; refused is any other's.

    What names no account, or an installation that does not know its own, is taken as the house's.
    """
    master = master_number()
    strange = {number for number in numbers if master and number != master}
    own = set(Account.objects.filter(kind=Account.Kind.ESCROW, number__in=strange).values_list("number", flat=True))
    if foreign := sorted(strange - own):
        told = {"numbers": _("、").join(mask_last4(number[-4:]) for number in foreign[:3])}
        told["own"] = mask_last4(master[-4:])
        raise Refused(_("这是账户 %(numbers)s 的对账单，不是本院执行款账户 %(own)s 的，不能导入") % told)
    return not strange


def opening_objections(balances: Balances, from_on: dt.date) -> list[str]:
    """Return that a statement does not begin where the day before it ended; another of the same day may have begun it.

    Where no file tells of the day before, nothing is compared.
    """
    said = dict(BankBalance.objects.filter(statement__isnull=False, day=from_on - DAY).values_list("amount", "day"))
    if not said or balances.opening in said:
        return []
    same_day = BankBalance.objects.filter(statement__isnull=False, day=from_on, amount=balances.opening)
    if same_day.exists():
        return []
    told = {"day": from_on - DAY, "before": _("、").join(map(yuan, sorted(said))), "opening": yuan(balances.opening)}
    words = _(
        "期初余额 %(opening)s 元与前一日（%(day)s）对账单的期末余额 %(before)s 元不符；前一日的流水不全的，请先补导"
    )
    return [words % told]


def keep_balances(statement: Statement, balances: Balances, *, at: dt.datetime, actor: User) -> None:
    """Keep what stood on the account at the end of each day of the file."""
    BankBalance.objects.bulk_create(
        BankBalance(day=day, amount=amount, statement=statement, entered_by=actor, entered_at=at)
        for day, amount in sorted(balances.by_day.items())
    )
