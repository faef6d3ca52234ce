"""Periodic work: the PDF of what was issued; and the jobs that make many at once."""

from collections.abc import Callable
from typing import Any

from celery import shared_task

from bureau import clock
from bureau.models import Job, User
from documents import services


@shared_task
def print_documents() -> int:
    """Make the PDF of every issued document that waits for it."""
    return services.print_waiting(at=clock.now(), actor=User.objects.system())


def issue_documents(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `issue_documents`."""
    return services.issue_several(job, progress, at=clock.now())


def reissue_documents(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `reissue_documents`."""
    return services.reissue_several(job, progress, at=clock.now())
