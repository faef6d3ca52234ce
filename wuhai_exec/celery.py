"""The Celery app and the whole beat schedule in one list; services never enqueue, tasks pick up rows that wait."""

import os

from celery import Celery
from celery.schedules import crontab

from wuhai_exec import environment as env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuhai_exec.settings")

OVERDUE_SECONDS = float(env.number("OVERDUE_CHECK_SECONDS", 60))

app = Celery("wuhai_exec")
app.config_from_object("wuhai_exec.celery_settings")
app.autodiscover_tasks(["bureau", "cases", "documents", "accounts", "assets", "intake", "supervision", "portal"])
app.conf.beat_schedule = {
    "flag-overdue-payouts": {"task": "accounts.tasks.flag_overdue_payouts", "schedule": OVERDUE_SECONDS},
    "print-documents": {"task": "documents.tasks.print_documents", "schedule": 2.0},
    "watch-deadlines": {"task": "cases.tasks.watch_deadlines", "schedule": OVERDUE_SECONDS},
    "exchange-with-bank": {"task": "accounts.tasks.exchange_with_bank", "schedule": 5.0},
    "send-batches": {"task": "accounts.tasks.send_batches", "schedule": 5.0},
    "make-debt-codes": {"task": "accounts.tasks.make_debt_codes", "schedule": 60.0},
    "project-debt-pages": {"task": "portal.tasks.project_debt_pages", "schedule": 15.0},
    "take-submissions": {"task": "portal.tasks.take_submissions", "schedule": 2.0},
    "release-copies": {"task": "portal.tasks.release_copies", "schedule": 15.0},
    "send-messages": {"task": "portal.tasks.send_messages", "schedule": 2.0},
    "project-status-pages": {"task": "portal.tasks.project_status_pages", "schedule": 5.0},
    "lapse-controls": {"task": "assets.tasks.lapse_controls", "schedule": OVERDUE_SECONDS},
    "activate-freed-controls": {"task": "assets.tasks.activate_freed_controls", "schedule": OVERDUE_SECONDS},
    "exchange-queries": {"task": "cases.tasks.exchange_queries", "schedule": 10.0},
    "call-ended-stays": {"task": "cases.tasks.call_ended_stays", "schedule": 300.0},
    "find-changed-triage": {"task": "dispatch.tasks.find_changed", "schedule": 300.0},
    "run-jobs": {"task": "bureau.tasks.run_jobs", "schedule": 2.0},
    "find-forgotten-cases": {"task": "cases.tasks.find_forgotten", "schedule": crontab(hour="3", minute="40")},
    "climb-idle-approvals": {"task": "accounts.tasks.climb_idle_approvals", "schedule": 300.0},
    "make-day-sheets": {"task": "accounts.tasks.make_day_sheets", "schedule": crontab(hour="1", minute="10")},
    "forget-filing-codes": {"task": "intake.tasks.forget_codes", "schedule": 3600.0},
    "close-queue-days": {"task": "intake.tasks.close_days", "schedule": crontab(hour="0", minute="20")},
    "follow-national-entries": {"task": "supervision.tasks.follow_entries", "schedule": 30.0},
    "compare-national": {"task": "supervision.tasks.compare_night", "schedule": crontab(hour="1", minute="50")},
    "check-books": {"task": "accounts.tasks.check_books", "schedule": crontab(hour="3", minute="25")},
    "verify-event-chains": {"task": "bureau.tasks.verify_event_chains", "schedule": crontab(hour="3", minute="10")},
}
