"""Periodic work and long jobs of the front of house."""

from collections.abc import Callable
from typing import Any

from celery import shared_task

from bureau import clock
from bureau.models import Job, User
from intake import tickets
from intake.imports import services
from intake.oldbook import services as oldbook


@shared_task
def close_days() -> int:
    """End the numbers that earlier days left open."""
    return tickets.close_days(at=clock.now(), actor=User.objects.system())


@shared_task
def forget_codes() -> int:
    """Blank the look-up codes that programs may no longer ask for again."""
    return services.forget_codes(at=clock.now())


def import_filings(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `import_filings`: check a sheet of filings, and take it in unless it is a trial."""
    return services.work(job, progress, at=clock.now())


def import_old_book(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `import_old_book`: check a court's workbook, and take it in unless it is a trial."""
    return oldbook.work(job, progress, at=clock.now())
