"""Periodic work of the room, done by the staff system's worker."""

from celery import shared_task

from bureau import clock
from portal import services


@shared_task
def project_status_pages() -> int:
    """Bring every status page up to the record of its case."""
    return services.project(at=clock.now())
