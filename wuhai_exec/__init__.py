"""The house itself: settings, addresses, workers and the desks composed from all rooms."""

from wuhai_exec.celery import app as celery_app

__all__ = ["celery_app"]
