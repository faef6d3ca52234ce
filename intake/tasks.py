"""Periodic work of the front of house; each picks up rows that wait."""

from celery import shared_task

from bureau import clock
from bureau.models import User
from intake import tickets


@shared_task
def close_days() -> int:
    """End the numbers that earlier days left open."""
    return tickets.close_days(at=clock.now(), actor=User.objects.system())
