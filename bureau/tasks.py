"""Periodic work: the record's chains, and the long jobs that wait."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from bureau import clock, services
from bureau.chains import broken_events
from bureau.errors import Refused
from bureau.models import Job, User

logger = logging.getLogger(__name__)


@shared_task
def verify_event_chains() -> int:
    """Recompute every chain; a break is logged as critical, by chain and number."""
    broken = broken_events()
    for place in broken:
        logger.critical("event chain broken at %s", place)
    return len(broken)


@shared_task
def run_jobs() -> int:
    """Do one waiting job after the other until none waits; returns how many were done."""
    count = 0
    while job := services.claim_job(at=clock.now()):
        _run(job)
        count += 1
    return count


def _run(job: Job) -> None:
    result, error = None, ""
    try:
        work = import_string(settings.JOB_KINDS[job.kind])
        result = work(job, lambda done, total: services.note_progress(job, done, total))
    except Refused as refusal:
        error = str(refusal)
    except Exception as fault:
        # Only the kind of fault is kept: its words may hold a party's name or number.
        error = type(fault).__name__
        logger.error("job %s (%s) failed: %s", job.pk, job.kind, error)
    services.finish_job(job, result=result, error=error, at=clock.now(), actor=User.objects.system())
