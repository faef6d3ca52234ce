"""Periodic work on money; each picks up rows that wait."""

import logging
from collections.abc import Callable
from typing import Any

from celery import shared_task

from accounts import services
from accounts.services import rosters, statementjobs
from bureau import clock
from bureau.models import Job, User

logger = logging.getLogger(__name__)


@shared_task
def flag_overdue_payouts() -> int:
    """Flag receipts unpaid past their day without an approved delay, and warn of those that will be tomorrow."""
    at, actor = clock.now(), User.objects.system()
    return services.warn_due(at=at, actor=actor) + services.flag_overdue(at=at, actor=actor)


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
def make_day_sheets() -> int:
    """Make yesterday's sheet and bring those that nobody has signed up to date."""
    return services.make_day_sheets(at=clock.now(), actor=User.objects.system())


@shared_task
def exchange_with_bank() -> int:
    """Hand payments to the bank and book its answers."""
    return services.exchange_with_bank(at=clock.now(), actor=User.objects.system())


@shared_task
def send_batches() -> int:
    """Send what batches have to pay, chunk by chunk, and book the bank's answers."""
    return services.send_batches(at=clock.now(), actor=User.objects.system())


@shared_task
def make_debt_codes() -> int:
    """Give cases without a code for the debtor's QR one."""
    return services.make_missing_codes(at=clock.now(), actor=User.objects.system())


def import_roster(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `import_roster`: check a roster of payees, and take it in unless it is a trial."""
    return rosters.work(job, progress, at=clock.now())


def import_statement(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Do the job kind `import_statement`: check a file of the bank, and take it in unless it is a trial."""
    return statementjobs.work(job, progress, at=clock.now())
