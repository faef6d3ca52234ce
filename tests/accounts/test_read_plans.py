"""The ledger of a day finds its movements by index, however many years the ledger holds."""

import datetime as dt

import pytest
from django.db import connection

from accounts.models import Transfer

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 9, 30)


def test_the_ledger_of_a_day_is_read_by_index():
    with connection.cursor() as cursor:
        # An empty table is read whole; what is asked here is whether the index answers at all.
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Transfer.objects.filter(value_on=DAY).explain()
    assert "transfer_day" in plan, plan
