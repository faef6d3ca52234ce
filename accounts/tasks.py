"""Periodic work on money; each picks up rows that wait."""

from celery import shared_task

from accounts import services
from bureau import clock
from bureau.models import User


@shared_task
def flag_overdue_payouts() -> int:
    """Flag receipts unpaid past their day without an approved delay."""
    return services.flag_overdue(at=clock.now(), actor=User.objects.system())


@shared_task
def exchange_with_bank() -> int:
    """Hand payments to the bank and book its answers."""
    return services.exchange_with_bank(at=clock.now(), actor=User.objects.system())
