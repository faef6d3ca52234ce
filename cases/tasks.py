"""Periodic work on cases; each picks up rows that wait."""

from celery import shared_task

from bureau import clock
from bureau.models import User
from cases import services


@shared_task
def call_ended_stays() -> int:
    """Say loudly which stays have run out."""
    return services.call_ended_stays(at=clock.now(), actor=User.objects.system())


@shared_task
def watch_deadlines() -> int:
    """Note the terms of sanctions that have run out, then turn deadlines yellow, orange and red by the clock."""
    now, system = clock.now(), User.objects.system()
    services.end_terms(at=now, actor=system)
    return services.watch(at=now, actor=system)


@shared_task
def exchange_queries() -> int:
    """Hand questions about property over to the network and keep what was answered."""
    return services.exchange_queries(at=clock.now(), actor=User.objects.system())


@shared_task
def find_forgotten() -> int:
    """Raise open cases with no next step."""
    return services.find_forgotten(at=clock.now(), actor=User.objects.system())
