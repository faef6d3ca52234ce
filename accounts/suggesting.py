"""Which case unidentified money may belong to: by payer, remark and amount, each with its reason in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import BankLine
from bureau.models import User
from cases.casenumber import named_in
from cases.models import Case, CaseQuerySet, Instalment, Party

CASES_MAX = 3  # of one line
ROWS_MAX = 60  # read for one page
NAME_MIN = 2  # shorter names occur in every remark


@dataclass(slots=True)
class Suggestion:
    """One case that a line may belong to, and why."""

    case: Case
    reasons: list[str] = field(default_factory=list)


def suggestions(lines: Sequence[BankLine], user: User) -> dict[int, list[Suggestion]]:
    """Return for each line the user's cases it may belong to, the best founded first; five queries however many."""
    found: dict[int, dict[int, Suggestion]] = {line.pk: {} for line in lines}
    if not lines:
        return {}
    visible = Case.objects.visible_to(user)

    def add(line: BankLine, case: Case, reason: str) -> None:
        reasons = found[line.pk].setdefault(case.pk, Suggestion(case)).reasons
        if reason not in reasons:
            reasons.append(reason)

    for line, case in _by_number(lines, visible):
        add(line, case, _("附言写有案号"))
    for line, case in _by_payer(lines, visible):
        add(line, case, _("付款人是被执行人"))
    for line, case in _by_remark(lines, visible):
        add(line, case, _("附言写有被执行人"))
    for line, case in _by_amount(lines, visible):
        add(line, case, _("金额与应付款相同"))
    ranked = {}
    for pk, rows in found.items():
        best = sorted(rows.values(), key=lambda row: (-len(row.reasons), -row.case.pk))
        ranked[pk] = best[:CASES_MAX]
    return ranked


def _by_number(lines: Sequence[BankLine], visible: CaseQuerySet) -> list[tuple[BankLine, Case]]:
    written = {line.pk: set(named_in(line.remark)) for line in lines}
    numbers = set().union(*written.values())
    cases = {case.number: case for case in visible.filter(number__in=numbers)} if numbers else {}
    return [(line, cases[number]) for line in lines for number in sorted(written[line.pk]) if number in cases]


def _by_payer(lines: Sequence[BankLine], visible: CaseQuerySet) -> list[tuple[BankLine, Case]]:
    names = {line.payer_name for line in lines if line.payer_name}
    debtors = Party.objects.filter(side=Party.Side.DEBTOR, name__in=names, case__in=visible.receiving())
    by_name: dict[str, list[Case]] = {}
    for party in debtors.select_related("case").order_by("-case_id")[: max(ROWS_MAX, CASES_MAX * len(names))]:
        by_name.setdefault(party.name, []).append(party.case)
    return [(line, case) for line in lines for case in by_name.get(line.payer_name, [])[:CASES_MAX]]


def _by_remark(lines: Sequence[BankLine], visible: CaseQuerySet) -> list[tuple[BankLine, Case]]:
    remarks = {line.pk: line.remark for line in lines if len(line.remark) >= NAME_MIN}
    if not remarks:
        return []
    # A remark is short: every run of it that could be a name is looked up, so that the index of names serves.
    runs = {
        text[start : start + size]
        for text in remarks.values()
        for start in range(len(text))
        for size in range(NAME_MIN, min(20, len(text) - start) + 1)
    }
    debtors = Party.objects.filter(side=Party.Side.DEBTOR, name__in=runs, case__in=visible.receiving())
    parties = list(debtors.select_related("case").order_by("-case_id")[:ROWS_MAX])
    return [(line, party.case) for line in lines for party in parties if party.name in remarks.get(line.pk, "")]


def _by_amount(lines: Sequence[BankLine], visible: CaseQuerySet) -> list[tuple[BankLine, Case]]:
    amounts = {line.amount for line in lines}
    due = Instalment.objects.filter(amount__in=amounts, paid_on__isnull=True, settlement__outcome="")
    by_amount: dict[Decimal, list[Case]] = {}
    cases = visible.receiving().filter(amount_claimed__in=amounts).order_by("-pk")[:ROWS_MAX]
    for case in cases:
        by_amount.setdefault(case.amount_claimed, []).append(case)
    owing = due.filter(settlement__case__in=visible).select_related("settlement__case").order_by("-pk")[:ROWS_MAX]
    for row in owing:
        by_amount.setdefault(row.amount, []).append(row.settlement.case)
    return [(line, case) for line in lines for case in by_amount.get(line.amount, [])[:CASES_MAX]]
