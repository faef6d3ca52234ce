"""Loads the demo bureau's book of 2021 once, by replaying its plan through the services, and returns its figures."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import Job, User
from cases.models import Case
from dispatch import assigning
from dispatch.models import Assignment
from portal import services as portal
from supervision import indicators
from wuhai_exec.demo import capacity, hall, oldbook, receiving, rostering, sharing, teamwork
from wuhai_exec.demo.organisation import seed
from wuhai_exec.demo.plan import ACCEPTED, ENDS_AT, ENDS_ON, OPENS_ON, plan
from wuhai_exec.demo.replay import Replay
from wuhai_exec.demo.walk import DAY, moment

KIND = "demo-book"
# One seed for every assignment of the book, and some to go on with.
CHAIN_LENGTH = 2000
Progress = Callable[[int, int, str], None]


def load(*, progress: Progress, count: int = ACCEPTED) -> dict[str, Any]:
    """Load the book where it is missing and return its figures as of 2021-12-27.

    Raises Refused for a database that holds anything not marked as demo, or a book that was left half loaded.
    """
    _refuse_foreign_rows()
    job = Job.objects.filter(kind=KIND).first()
    if job is None:
        if Case.objects.exists():
            raise Refused(_("数据库里已有案件，不能载入演示数据"))
        with _prepared_statements():
            job = _replay(progress, count=count)
    if job.state != Job.State.DONE:
        raise Refused(_("上次载入演示数据未完成，请用 make demo RESET=1 重新载入"))
    figures = _as_data(ENDS_ON)
    return {**figures, **_waits(), "seconds": job.arguments["seconds"]}


def _waits() -> dict[str, Any]:
    triaged = list(Case.objects.filter(triaged_on__isnull=False).values_list("filed_at", "filed_on", "triaged_on"))
    rows = Assignment.objects.order_by("case", "id").distinct("case").values_list("case__filed_on", "assigned_at")
    return capacity.figures(
        [(triaged_on - filed_on).days for _at, filed_on, triaged_on in triaged if triaged_on],
        [(timezone.localdate(at) - filed_on).days for filed_on, at in rows],
        [timezone.localtime(at) for at, _filed_on, _triaged_on in triaged],
    )


def _refuse_foreign_rows() -> None:
    people = User.objects.filter(is_demo=False).exclude(username="system")
    if Case.objects.filter(is_demo=False).exists() or people.exists():
        raise Refused(_("数据库里有不是演示数据的人员或案件，不能载入演示数据"))


def _replay(progress: Progress, *, count: int) -> Job:
    begun = time.monotonic()
    staff = seed()
    job = Job.objects.create(
        kind=KIND,
        state=Job.State.RUNNING,
        owner=staff["system_admin"],
        asked_at=ENDS_AT,
        started_at=ENDS_AT,
        arguments={"seconds": 0},
    )
    # The day before the first draw, so that everybody could see the tip.
    assigning.make_chain(length=CHAIN_LENGTH, at=moment(OPENS_ON - DAY, 600), actor=staff["inspector"])
    rostering.plan_duties(staff)
    replay = Replay(staff, User.objects.system())
    acts = replay.acts(plan(count=count))
    done, has_old_books = 0, False
    for day, of_day in groupby(acts, key=lambda act: act.at.date()):
        if day >= oldbook.TAKEN_IN_AT.date() and not has_old_books:
            # Its rehearsal rolls back to a savepoint.
            has_old_books = bool(oldbook.load(staff))
        with transaction.atomic(), _no_savepoints():
            for act in of_day:
                act.run()
                done += 1
        progress(done, len(acts), str(day))
    receiving.leave_some(staff, on=ENDS_ON)
    hall.fill(staff)
    teamwork.fill(staff)
    sharing.fill(staff)
    while portal.project(at=ENDS_AT):
        pass
    _analyse()
    job.state, job.finished_at = Job.State.DONE, ENDS_AT
    job.done_count = job.total_count = len(acts)
    job.arguments = {"seconds": round(time.monotonic() - begun, 1)}
    job.save()
    return job


@contextlib.contextmanager
def _prepared_statements() -> Iterator[None]:
    """Load over a connection whose server keeps the plans of statements that are sent ten thousand times."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    options.update(server_side_binding=True, prepare_threshold=3)
    try:
        yield
    finally:
        connection.close()
        del options["server_side_binding"], options["prepare_threshold"]


@contextlib.contextmanager
def _no_savepoints() -> Iterator[None]:
    """Spare two statements per service call: an act that fails stops the load, so nothing rolls back to a savepoint."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _as_data(as_of: dt.date) -> dict[str, Any]:
    return indicators.figures(as_of).as_json()
