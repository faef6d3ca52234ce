"""What is odd about a payment, said to whoever approves it: questions, never proof (domain handbook §10.2)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import delayed
from accounts.debts import dues_of
from accounts.models import PayeeAccount, Payout, PayoutPart
from accounts.owed import Due
from accounts.tiers import in_force
from bureau.identity import canonical_name
from bureau.money import yuan
from cases.models import Party

# Local practice: how many days back a change, and how many days around several sums, look odd.
CHANGED_DAYS, SPLIT_DAYS = 30, 3


def oddities(
    payouts: Sequence[Payout], *, dues: Mapping[int, Due] | None = None, today: dt.date
) -> dict[int, list[str]]:
    """Return for each payout, loaded with payee and case, what is odd about it; `dues` is what each case owes today."""
    dues = dues_of([row.case for row in payouts], on=today) if dues is None else dues
    found: dict[int, list[str]] = {row.pk: _of_payee(row, today) for row in payouts}
    for pk, words in _of_payers(payouts):
        found[pk].append(words)
    for row in payouts:
        due = dues.get(row.case_id)
        if row.purpose == Payout.Purpose.CLAIM and due and due.surplus:
            told = {"day": today, "surplus": yuan(due.surplus)}
            found[row.pk].append(_("截至 %(day)s 已付款超出应付（含利息、加倍部分和执行申请费）%(surplus)s 元") % told)
    for pk, notes in delayed.of_payouts(payouts, on=today).items():
        found[pk] += notes
    for pk, words in _split(payouts, today):
        found[pk].append(words)
    return found


def _of_payee(row: Payout, today: dt.date) -> list[str]:
    payee, words = row.payee, []
    if payee is None:
        return [_("款项不付给收款人账户：%(purpose)s") % {"purpose": row.get_purpose_display()}]
    if payee.kind in PayeeAccount.OTHERS:
        words.append(_("收款人不是本案当事人：%(kind)s") % {"kind": payee.get_kind_display()})
    changed_on = timezone.localdate(payee.confirmed_at) if payee.confirmed_at else today
    if payee.replaces_id and (today - changed_on).days <= CHANGED_DAYS:
        words.append(_("收款账户 %(day)s 刚变更") % {"day": changed_on})
    return words


def _of_payers(payouts: Sequence[Payout]) -> list[tuple[int, str]]:
    # Whose money it is: nobody's but the debtor's is expected, and least of all the payee's own.
    debtors: dict[int, set[str]] = {}
    cases = {row.case_id for row in payouts}
    for party in Party.objects.filter(case__in=cases, side=Party.Side.DEBTOR).only("case_id", "name"):
        debtors.setdefault(party.case_id, set()).add(canonical_name(party.name))
    rows = {row.pk: row for row in payouts}
    parts = PayoutPart.objects.filter(payout__in=rows, receipt__bank_line__isnull=False)
    said: dict[tuple[int, str], str] = {}
    for part in parts.select_related("receipt__bank_line").order_by("id"):
        line, row = part.receipt.bank_line, rows[part.payout_id]
        assert line is not None
        name, told = canonical_name(line.payer_name), {"payer": line.payer_name, "amount": yuan(part.amount)}
        if row.payee and name == canonical_name(row.payee.holder_name):
            said[row.pk, name] = _("%(payer)s 汇入的 %(amount)s 元又付给其本人") % told
        elif name not in debtors.get(row.case_id, set()):
            said[row.pk, name] = _("%(amount)s 元由被执行人以外的 %(payer)s 汇入") % told
    return [(pk, words) for (pk, _name), words in said.items()]


def _split(payouts: Sequence[Payout], today: dt.date) -> list[tuple[int, str]]:
    # Several sums to one account within days, each below a line of approval and together above it.
    lines = [tier.above for tier in in_force(today) if tier.above]
    payees = {row.payee_id for row in payouts if row.payee_id}
    near: dict[int, list[Any]] = {}
    others = Payout.objects.filter(payee__in=payees).exclude(state__in=Payout.ENDED)
    for payee, amount, asked_at in others.values_list("payee_id", "amount", "requested_at"):
        near.setdefault(payee, []).append((amount, asked_at))
    words = []
    for row in payouts:
        span = dt.timedelta(days=SPLIT_DAYS)
        sums = [amount for amount, at in near.get(row.payee_id or 0, []) if abs(at - row.requested_at) <= span]
        total = sum(sums, Decimal("0.00"))
        if len(sums) > 1 and any(row.amount <= line < total for line in lines):
            told = {"days": SPLIT_DAYS, "count": len(sums), "total": yuan(total)}
            words.append((row.pk, _("%(days)d 日内同一账户 %(count)d 笔，合计 %(total)s 元，越过审批限额") % told))
    return words
