"""Periodic work and long jobs of the command centre."""

from collections.abc import Callable
from typing import Any

from celery import shared_task

from bureau import clock
from bureau.models import Job, User
from dispatch import retriageservices, tableservices


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
