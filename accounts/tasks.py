"""Periodic work on money; each picks up rows that wait."""

import logging

from celery import shared_task

from accounts import services
from bureau import clock
from bureau.models import User

logger = logging.getLogger(__name__)


@shared_task
def flag_overdue_payouts() -> int:
    """Flag receipts unpaid past their day without an approved delay."""
    return services.flag_overdue(at=clock.now(), actor=User.objects.system())


@shared_task
def climb_idle_approvals() -> int:
    """Let approvals idle for more than a working day climb to the authorised deputy."""
    return services.climb_idle_approvals(at=clock.now(), actor=User.objects.system())


@shared_task
def check_books() -> int:
    """Prove the books; returns how much is broken, which stands on the desks of finance, chief and inspector."""
    check = services.check_books(at=clock.now(), actor=User.objects.system())
    if check.fault_count:
        logger.critical("books broken in %d places", check.fault_count)
    return check.fault_count


@shared_task
def exchange_with_bank() -> int:
    """Hand payments to the bank and book its answers."""
    return services.exchange_with_bank(at=clock.now(), actor=User.objects.system())
