"""Who gets how much of one pool when there are several creditors (domain handbook §8.7); pure, no ORM.

The pool is what is left after the real costs of execution. Secured claims come first, in the order of their rank.
Then, for a natural person or an organisation that is no legal person, all ordinary claims share pro rata (民诉法解释
508); for an enterprise legal person they follow the order of seizure, which is their rank (514). Claims of one rank
share pro rata. Shares are whole cents by largest remainder; ties go to the lower rank, then to the smaller id: the
order in which the claims are told changes nothing. No share exceeds its claim; what nobody may claim is left for the
debtor.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from bureau.money import CENT, yuan
from cases.law import cite, cpli, of

Debtor = Literal["person", "enterprise"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A participating claim; rank orders secured ones among themselves, and ordinary ones by seizure."""

    id: str
    amount: Decimal
    is_secured: bool
    rank: int


class Distribution(NamedTuple):
    """The share of each claim in the order asked, what is left, and the arithmetic."""

    shares: dict[str, Decimal]
    left: Decimal
    steps: list[str]


class _Group(NamedTuple):
    label: str
    claims: list[Claim]


def distribute(pool: Decimal, claims: Sequence[Claim], *, debtor: Debtor, on: dt.date = dt.date.max) -> Distribution:
    """Share a pool among claims with different ids; cites the texts of a day, by default the latest."""
    left = _cents(pool)
    shares = {claim.id: 0 for claim in claims}
    steps = [_("可分配款 %(pool)s") % {"pool": yuan(pool)}]
    for group in _groups(claims, debtor):
        total = sum(_cents(claim.amount) for claim in group.claims)
        got = _shared(left, group.claims)
        paid = sum(got.values())
        steps.append(_told(group, total, left, paid))
        if 0 < paid < total:
            steps += [_share_line(claim, left, total, got[claim.id]) for claim in _in_order(group.claims)]
        shares |= got
        left -= paid
    steps.append(_("余额 %(left)s") % {"left": yuan(left * CENT)})
    ordinary = (cpli(506, 507, 508),) if debtor == "person" else (cpli(514), of("EWR", "55"))
    steps.append(_("依据：%(law)s") % {"law": cite((*ordinary, of("EWR", "31")), on=on)})
    return Distribution({name: _yuan(share) for name, share in shares.items()}, _yuan(left), steps)


def _groups(claims: Sequence[Claim], debtor: Debtor) -> list[_Group]:
    secured = [claim for claim in claims if claim.is_secured]
    ordinary = [claim for claim in claims if not claim.is_secured]
    groups = [_Group(_("优先债权第 %(rank)d 顺位") % {"rank": rank}, rows) for rank, rows in _by_rank(secured)]
    if debtor == "person":
        return [*groups, _Group(_("普通债权按比例"), ordinary)] if ordinary else groups
    return groups + [
        _Group(_("普通债权按查封顺序第 %(rank)d 位") % {"rank": rank}, rows) for rank, rows in _by_rank(ordinary)
    ]


def _by_rank(claims: list[Claim]) -> list[tuple[int, list[Claim]]]:
    return [(rank, list(rows)) for rank, rows in groupby(_in_order(claims), key=lambda claim: claim.rank)]


def _in_order(claims: list[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: (claim.rank, claim.id))


def _shared(pool: int, claims: list[Claim]) -> dict[str, int]:
    """Return the shares of one group in cents: all of it, or pro rata by largest remainder."""
    total = sum(_cents(claim.amount) for claim in claims)
    if pool >= total:
        return {claim.id: _cents(claim.amount) for claim in claims}
    parts = {claim.id: divmod(pool * _cents(claim.amount), total) for claim in claims}
    shares = {name: whole for name, (whole, _rest) in parts.items()}
    # Sorting is stable, so equal remainders stay in order of rank and id.
    by_remainder = sorted(_in_order(claims), key=lambda claim: -parts[claim.id][1])
    for claim in by_remainder[: pool - sum(shares.values())]:
        shares[claim.id] += 1
    return shares


def _told(group: _Group, total: int, left: int, paid: int) -> str:
    names = _("、").join(claim.id for claim in _in_order(group.claims)[:20])
    told = {"group": group.label, "names": names, "total": yuan(_yuan(total)), "left": yuan(_yuan(left))}
    if paid == total:
        return _("%(group)s（%(names)s）：共 %(total)s，足额受偿") % told
    if not paid:
        return _("%(group)s（%(names)s）：共 %(total)s，已无余款") % told
    return _("%(group)s（%(names)s）：共 %(total)s，可分 %(left)s，按比例取到分，余数大者先得") % told


def _share_line(claim: Claim, left: int, total: int, share: int) -> str:
    sum_ = f"{yuan(_yuan(left))} × {yuan(claim.amount)} ÷ {yuan(_yuan(total))}"
    return f"{claim.id}{_('：')}{sum_} → {yuan(_yuan(share))}"


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def _yuan(cents: int) -> Decimal:
    return (cents * CENT).quantize(CENT)
