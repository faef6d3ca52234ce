"""Names what the bank leaves unanswered: no order stays merely "with the bank" for longer than the configured time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction

from accounts import bank
from accounts.models import Payout
from accounts.services.ledger import hold_cases
from bureau.models import User
from cases.record import record

DELAYED, NO_ANSWER = Payout.Unanswered.DELAYED, Payout.Unanswered.NO_ANSWER


def name_silence(silent: Iterable[tuple[Payout, bank.Answer]], *, at: dt.datetime, actor: User) -> None:
    """Name what waits too long by what the bank says of it: delayed where it has the order, else without answer."""
    since = at - dt.timedelta(hours=settings.BANK_ANSWER_HOURS)
    found: dict[str, list[int]] = defaultdict(list)
    for payout, answer in silent:
        name: str = DELAYED if answer.state == bank.PENDING or payout.accepted_at else NO_ANSWER
        if (payout.resent_at or payout.submitted_at or at) <= since and payout.unanswered != name:
            found[name].append(payout.pk)
    for named, pks in found.items():
        flag_unanswered(pks, named, at=at, actor=actor)


@transaction.atomic
def flag_unanswered(pks: Sequence[int], name: str, *, at: dt.datetime, actor: User) -> int:
    """Give payments that still wait that name; what was answered meanwhile is left as it is."""
    rows = Payout.objects.filter(pk__in=pks, state=Payout.State.SENT, submitted_at__isnull=False)
    cases = {case.pk: case for case in hold_cases(rows.values_list("case_id", flat=True))}
    still = list(rows.exclude(unanswered=name).select_related("batch_row__batch").order_by("pk"))
    Payout.objects.filter(pk__in=[row.pk for row in still]).update(unanswered=name, unanswered_at=at)
    of_batches: dict[tuple[int, int], list[Payout]] = defaultdict(list)
    for row in still:
        if row.batch_row:
            of_batches[row.batch_row.batch_id, row.case_id].append(row)
            continue
        case, told = cases[row.case_id], {"payout": row.pk, "amount": row.amount, "name": name}
        record(row, "flag_unanswered", at=at, case=case, actor=actor, **told)
    # One event for the rows of a batch in a case: there may be thousands.
    for (batch_pk, case_pk), own in of_batches.items():
        batch = own[0].batch_row.batch  # type: ignore[union-attr]
        told = {"batch": batch_pk, "count": len(own), "amount": sum(row.amount for row in own), "name": name}
        record(batch, "flag_unanswered_rows", at=at, case=cases[case_pk], actor=actor, **told)
    return len(still)
