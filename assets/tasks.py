"""Periodic work on controls; picks up rows that wait."""

from celery import shared_task

from assets import services
from bureau import clock
from bureau.models import User


@shared_task
def lapse_controls() -> int:
    """Let lapse what is past its last day, by the product's clock."""
    return services.lapse_controls(at=clock.now(), actor=User.objects.system())


@shared_task
def activate_freed_controls() -> int:
    """Let queued controls come into force whose turn it is, by the product's clock."""
    return services.activate_freed(at=clock.now(), actor=User.objects.system())
