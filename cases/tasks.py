"""Periodic work on cases; each picks up rows that wait."""

from celery import shared_task

from bureau import clock
from bureau.models import User
from cases import services


@shared_task
def call_ended_stays() -> int:
    """Say loudly which stays have run out."""
    return services.call_ended_stays(at=clock.now(), actor=User.objects.system())
