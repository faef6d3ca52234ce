"""The flag as it happens in service: a real worker, a real beat, a moved clock."""

import pytest

from accounts.models import Receipt
from bureau.models import Event
from tests import factories, kept, processes
from tests.factories import moment


@pytest.mark.timeout(180)
@pytest.mark.django_db(transaction=True)
def test_flag_appears_the_day_after_the_due_day_and_not_on_it(tmp_path):
    house = factories.House.build()
    case = kept.running_case(house)
    old = factories.deposit(house, case, "100.00", serial="OLD", at=moment(2021, 9, 6))
    receipt = factories.deposit(house, case, "200.00", serial="NEW", at=moment(2021, 9, 16))
    assert str(receipt.due_on) == "2021-10-08"

    def is_flagged(row: Receipt) -> bool:
        return Receipt.objects.filter(pk=row.pk, flagged_at__isnull=False).exists()

    # The older receipt proves that the task has looked on that day.
    with processes.worker_and_beat(now=moment(2021, 10, 8, 20), folder=tmp_path / "due"):
        processes.wait_until(lambda: is_flagged(old), seconds=60, folder=tmp_path / "due")
        assert not is_flagged(receipt)
    with processes.worker_and_beat(now=moment(2021, 10, 9, 0, 1), folder=tmp_path / "after"):
        processes.wait_until(lambda: is_flagged(receipt), seconds=60, folder=tmp_path / "after")
    verbs = Event.objects.filter(chain=f"case:{case.pk}", verb="flag_overdue")
    assert verbs.count() == 2
