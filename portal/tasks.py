"""Periodic work of the room, done by the staff system's worker."""

from celery import shared_task

from bureau import clock
from portal import debts, services


@shared_task
def project_status_pages() -> int:
    """Bring every status page up to the record of its case."""
    return services.project(at=clock.now())


@shared_task
def project_debt_pages() -> int:
    """Reckon anew what is due on the pages of yesterday, and on those whose case has moved."""
    return debts.project(at=clock.now())
