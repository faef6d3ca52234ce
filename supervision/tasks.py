"""Periodic work and long jobs of the bridge to the national case system."""

from collections.abc import Callable
from typing import Any

from celery import shared_task

from bureau import clock
from bureau.models import Job, User
from supervision.national import comparing, entries, files


@shared_task
def follow_entries() -> int:
    """Bring what must be typed in the national system up to the cases."""
    return entries.follow(at=clock.now())


@shared_task
def compare_night() -> int:
    """Compare every court's book with its file of the day before; a missing file is kept as such."""
    return comparing.run_night(at=clock.now(), actor=User.objects.system())


def import_national(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `import_national`: check a day's file, and take it in where nothing is wrong."""
    return files.work(job, progress, at=clock.now())


def compare_national(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `compare_national`: compare a court's newest file with its book."""
    return comparing.work(job, progress, at=clock.now())
