"""Photos and receipts that an answered work order carries: kept and shown by the room of papers, asked by settings."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from bureau.models import User
from cases.evidence import Paper
from cases.models import WorkOrder


def keep(order: WorkOrder, photos: Sequence[Any], *, at: dt.datetime, actor: User) -> int:
    """Put the uploads into the file of the order's case, under its locked row; return how many."""
    if not photos:
        return 0
    return len(import_string(settings.WORK_PHOTOS)(order, photos, at=at, actor=actor))


def of_orders(orders: Iterable[WorkOrder]) -> dict[int, list[Paper]]:
    """Return what came with the answers of these orders, by the order's key, oldest first; one query."""
    keys = [order.pk for order in orders]
    found: dict[int, list[Paper]] = import_string(settings.WORK_PAPERS)(keys) if keys else {}
    return found
