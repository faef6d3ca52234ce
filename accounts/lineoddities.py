"""What is odd about money that came in: questions for finance, never proof (domain handbook §10.2)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.models import BankLine, Payout, Receipt
from bureau.identity import canonical_name
from bureau.money import yuan
from cases.casenumber import named_in
from cases.models import Case, Party

# Local practice: around how many days several sums of one payer are looked at together, and how long ago a payment to
# the payer looks like a round trip.
SPLIT_DAYS, ROUND_TRIP_DAYS = 3, 30
THIRD_PARTY, OWN_PAYEE, ROUND_TRIP, SPLIT = "THIRD_PARTY", "OWN_PAYEE", "ROUND_TRIP", "SPLIT"
OTHER_CASE = "OTHER_CASE"
RED = frozenset({OTHER_CASE})


@dataclass(frozen=True, slots=True)
class Question:
    """One odd thing about one line, in words."""

    code: str
    words: str

    @property
    def is_red(self) -> bool:
        """Return whether it speaks against the case itself; asked anew for each case that it is said of."""
        return self.code in RED


def questions(rows: Sequence[tuple[BankLine, Case]]) -> dict[int, list[Question]]:
    """Return by line what is odd about its belonging to that case; three queries however many."""
    found: dict[int, list[Question]] = {line.pk: [] for line, _case in rows}
    parties = _parties({case.pk for _line, case in rows})
    for line, case in rows:
        found[line.pk] += other_case(line, case)
        found[line.pk] += _of_payer(line, parties.get(case.pk, []))
    for pk, question in [*_round_trips(rows), *_splits(rows)]:
        found[pk].append(question)
    return found


def other_case(line: BankLine, case: Case) -> list[Question]:
    """Return that the remark names other cases and not this one."""
    named = named_in(line.remark)
    if not named or case.number in named:
        return []
    told = {"named": _("、").join(named), "number": case.display_number}
    return [Question(OTHER_CASE, _("附言写明案号 %(named)s，却归入 %(number)s，为何") % told)]


def _parties(cases: set[int]) -> dict[int, list[Party]]:
    rows: dict[int, list[Party]] = {}
    for party in Party.objects.filter(case__in=cases).only("case_id", "side", "name"):
        rows.setdefault(party.case_id, []).append(party)
    return rows


def _of_payer(line: BankLine, parties: list[Party]) -> list[Question]:
    name, told = canonical_name(line.payer_name), {"payer": line.payer_name}
    sides = {party.side for party in parties if canonical_name(party.name) == name}
    if Party.Side.APPLICANT in sides:
        return [Question(OWN_PAYEE, _("付款人%(payer)s是本案申请执行人") % told)]
    if Party.Side.DEBTOR not in sides:
        return [Question(THIRD_PARTY, _("付款人%(payer)s不是本案被执行人，为何代付") % told)]
    return []


def _round_trips(rows: Sequence[tuple[BankLine, Case]]) -> list[tuple[int, Question]]:
    # People share names: it is the same account, or the bank did not tell the payer's.
    names = {line.payer_name for line, _case in rows}
    paid = Payout.objects.filter(payee__holder_name__in=names, paid_on__isnull=False).exclude(state__in=Payout.ENDED)
    by_name: dict[str, list[tuple[str, dt.date, Decimal]]] = {}
    columns = ("payee__holder_name", "payee__number_last4", "paid_on", "amount")
    for name, last4, day, amount in paid.values_list(*columns):
        assert day is not None
        by_name.setdefault(name, []).append((last4, day, amount))
    span, found = dt.timedelta(days=ROUND_TRIP_DAYS), []
    for line, _case in rows:
        for last4, day, amount in by_name.get(line.payer_name, []):
            is_same = line.payer_account_last4 in ("", last4)
            if is_same and dt.timedelta() <= line.value_on - day <= span:
                told = {"day": day, "amount": yuan(amount), "payer": line.payer_name}
                words = _("%(day)s 刚向%(payer)s发放 %(amount)s 元，又由其汇入") % told
                found.append((line.pk, Question(ROUND_TRIP, words)))
                break
    return found


def _splits(rows: Sequence[tuple[BankLine, Case]]) -> list[tuple[int, Question]]:
    # What the same payer paid into the same case, or into none yet: two cases of one debtor are no split.
    if not rows:
        return []
    span, days = dt.timedelta(days=SPLIT_DAYS), [line.value_on for line, _case in rows]
    near = BankLine.objects.filter(
        payer_name__in={line.payer_name for line, _case in rows} - {""},
        value_on__range=(min(days) - span, max(days) + span),
    )
    live = Receipt.objects.live().filter(bank_line=OuterRef("pk"))
    by_name: dict[str, list[tuple[int | None, dt.date, Decimal]]] = {}
    columns = ("payer_name", "of_case", "value_on", "amount")
    for name, of_case, day, amount in near.annotate(of_case=Subquery(live.values("case")[:1])).values_list(*columns):
        by_name.setdefault(name, []).append((of_case, day, amount))
    found = []
    for line, case in rows:
        sums = [
            amount
            for of_case, day, amount in by_name.get(line.payer_name, [])
            if of_case in (None, case.pk) and abs(day - line.value_on) <= span
        ]
        if len(sums) > 1:
            told = {"days": SPLIT_DAYS, "count": len(sums), "total": yuan(sum(sums, Decimal("0.00")))}
            words = _("同一付款人前后 %(days)d 日内汇入 %(count)d 笔，合计 %(total)s 元，为何拆分") % told
            found.append((line.pk, Question(SPLIT, words)))
    return found
