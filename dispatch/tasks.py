"""Periodic work and long jobs of the command centre."""

from collections.abc import Callable
from typing import Any

from celery import shared_task

from bureau import clock
from bureau.models import Job, User
from cases.models import Case
from dispatch import assigning, retriageservices, tableservices

CHUNK = 100


@shared_task
def find_changed() -> int:
    """Propose re-triage of every open case whose new facts would decide otherwise."""
    return retriageservices.find_changed(at=clock.now(), actor=User.objects.system())


def try_table(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `try_table`."""
    return tableservices.try_table(job, progress, at=clock.now())


def judge_anew(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `judge_anew`."""
    return retriageservices.judge_anew(job, progress, at=clock.now())


def assign_cases(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Assign the cases that the job names; those already assigned by a worker that was lost are not drawn again."""
    done = assigning.assign_in_chunks(
        job.arguments["cases"], size=CHUNK, at=clock.now, actor=job.owner, progress=progress
    )
    numbers = {case.pk: case.display_number for case in Case.objects.filter(pk__in=done.left)}
    left = [{"number": numbers[pk], "why": why} for pk, why in sorted(done.left.items())]
    return {"made": len(done.made), "left": left}
