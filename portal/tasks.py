"""Periodic work of the room, done by the staff system's worker."""

from celery import shared_task

from bureau import clock
from bureau.models import User
from portal import debts, outbox, releasing, services, taking


@shared_task
def project_status_pages() -> int:
    """Bring every status page up to the record of its case."""
    return services.project(at=clock.now())


@shared_task
def project_debt_pages() -> int:
    """Reckon anew what is due on the pages of yesterday, and on those whose case has moved."""
    return debts.project(at=clock.now())


@shared_task
def take_submissions() -> int:
    """Hand what the public said to the rooms that own it."""
    return taking.take(at=clock.now(), actor=User.objects.system())


@shared_task
def release_copies() -> int:
    """Put out copies of what has been served on applicants."""
    return releasing.release(at=clock.now())


@shared_task
def send_messages() -> int:
    """Put out what no case's page brings, and hand the outbox to the text message platform."""
    outbox.put_notices(at=clock.now())
    return outbox.send_waiting(at=clock.now())
