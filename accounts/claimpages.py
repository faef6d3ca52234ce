"""What the pages of unidentified money show, and to whom."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.claimforms import FindLine
from accounts.lineoddities import Question, other_case, questions
from accounts.models import BankLine, LineClaim, LineRefund, OddityAnswer, Receipt
from accounts.services.claims import is_answered
from accounts.suggesting import Suggestion, suggestions
from accounts.terms import term
from bureau.calendar import WorkCalendar
from bureau.models import Holiday, User
from cases.models import Case

OLDEST_MAX = 300  # lines looked through for an officer's own
ODD_DAYS = 60  # matched lines of so many days are asked about


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line whose case is not known: its clock, who claims it, where it may belong."""

    line: BankLine
    due_on: dt.date
    claim: LineClaim | None
    refund: LineRefund | None
    suggestions: list[Suggestion]

    @property
    def against(self) -> list[Question]:
        """Return what the line itself says against the case for which it is claimed."""
        return other_case(self.line, self.claim.case) if self.claim else []


def unidentified() -> QuerySet[BankLine]:
    """Return the money whose case is not known, oldest first."""
    return BankLine.objects.filter(state=BankLine.State.UNIDENTIFIED).order_by("value_on", "id")


def lines_for(user: User, find: FindLine | None = None) -> list[BankLine] | QuerySet[BankLine]:
    """Return the lines the user may claim: finance all; others what points to their cases, or what they were told of.

    Somebody who knows payer and sum exactly has been told of the payment; nobody else sees others' money.
    """
    rows = unidentified()
    if user.has_perm("accounts.identify_bank_line"):
        return rows
    oldest = list(rows[:OLDEST_MAX])
    pointed = suggestions(oldest, user)
    own = [line for line in oldest if pointed[line.pk]]
    if find is not None and find.is_full():
        told = rows.filter(payer_name=find.cleaned_data["payer"].strip(), amount=find.cleaned_data["amount"])
        own += [line for line in told if line not in own]
    return own


def may_see(line: BankLine, user: User, find: FindLine) -> bool:
    """Return whether `lines_for` would give this line; reads no other."""
    if line.state != BankLine.State.UNIDENTIFIED:
        return False
    if user.has_perm("accounts.identify_bank_line") or suggestions([line], user)[line.pk]:
        return True
    told = (line.payer_name, line.amount)
    return find.is_full() and told == (find.cleaned_data["payer"].strip(), find.cleaned_data["amount"])


def waiting(lines: Sequence[BankLine], user: User) -> list[Waiting]:
    """Return what the list prints of each line."""
    days, found = Holiday.objects.calendar(), suggestions(lines, user)
    claims = LineClaim.objects.waiting().for_list().filter(line__in=lines)
    by_line = {claim.line_id: claim for claim in claims}
    back = {row.line_id: row for row in LineRefund.objects.live().filter(line__in=lines)}
    return [
        Waiting(line, due_on(line, days), by_line.get(line.pk), back.get(line.pk), found.get(line.pk, []))
        for line in lines
    ]


def due_on(line: BankLine, days: WorkCalendar) -> dt.date:
    """Return by when a line's case is to be found."""
    total = term("IDENTIFY", on=line.value_on)
    return days.due(line.value_on, total.count, total.unit).due_on


def odd_lines(user: User, *, today: dt.date) -> list[tuple[BankLine, Case, list[Question]]]:
    """Return the newest money that belongs to its case and is odd in a way nobody has looked into; six queries."""
    since = today - dt.timedelta(days=ODD_DAYS)
    live = Receipt.objects.visible_to(user).live().filter(bank_line__isnull=False, arrived_on__gte=since)
    receipts = live.select_related("bank_line", "case").order_by("-arrived_on", "-id")[:OLDEST_MAX]
    rows = [(row.bank_line, row.case) for row in receipts if row.bank_line is not None]
    asked = questions(rows)
    answered: dict[int, list[tuple[str, str]]] = {}
    answers = OddityAnswer.objects.filter(line__in=[line.pk for line, _case in rows])
    for pk, code, words in answers.values_list("line", "code", "question"):
        answered.setdefault(pk, []).append((code, words))
    odd = []
    for line, case in rows:
        if left := [row for row in asked[line.pk] if not is_answered(row, answered.get(line.pk, ()))]:
            odd.append((line, case, left))
    return odd
