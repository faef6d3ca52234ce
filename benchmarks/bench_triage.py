"""Ten thousand cases judged anew from the record, and a draft table replayed on ten thousand verdicts."""

import datetime as dt
import time

from benchmarks import book
from benchmarks.measure import Result
from cases.models import Case
from dispatch.dryruns import moves_of
from dispatch.facts import to_json
from dispatch.judging import judged_all, table_on
from dispatch.models import Verdict
from tests import factories

CASES = 10_000
TODAY = dt.date(2021, 12, 27)
CASES_PER_SECOND_MIN = 1_000  # ten thousand in ten seconds


def run() -> list[Result]:
    """Measure both; every case is judged and every verdict replayed."""
    loaded = book.load(today=TODAY, count=CASES)
    cases = list(Case.objects.order_by("pk"))
    started = time.perf_counter()
    judged = judged_all(cases, on=TODAY)
    judged_in = time.perf_counter() - started
    assert len(judged) == len(cases)
    at = factories.moment(2021, 12, 27)
    Verdict.objects.all().delete()
    Verdict.objects.bulk_create(
        [
            Verdict(
                case_id=pk,
                table=one.table,
                facts=to_json(one.known.values),
                proposed=one.proposal.stream,
                decided=one.proposal.stream,
                hits=one.proposal.hits,
                decided_at=at,
                decided_on=TODAY,
                decided_by=loaded.house.dispatcher,
            )
            for pk, one in judged.items()
        ],
        batch_size=2000,
    )
    started = time.perf_counter()
    tried = moves_of(table_on(TODAY), lambda done, total: None)
    tried_in = time.perf_counter() - started
    assert (tried.case_count, tried.moves) == (len(cases), [])
    return [
        Result("triage: judged anew", "cases/s", len(cases) / judged_in, "ten seconds", CASES_PER_SECOND_MIN, 1.0),
        Result("triage: dry run", "cases/s", len(cases) / tried_in, "ten seconds", CASES_PER_SECOND_MIN, 1.0),
    ]
