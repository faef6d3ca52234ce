"""The main job in one breath: filed at a window, paid to the applicant, closed."""

from decimal import Decimal

import pytest

from accounts.models import Account, Receipt
from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from tests import factories


def test_a_case_travels_from_the_window_to_a_paid_applicant(house, at):
    filed = factories.file_case(house)
    assert filed.case.number == "(2021)内0302执1号"
    case = factories.into_stream(house, filed.case)
    assert case.stage == Case.Stage.FAST
    receipt = factories.deposit(house, case, "50000.00", serial="S1")
    assert str(receipt.due_on) == "2021-10-08"
    with pytest.raises(Refused):
        factories.propose_closing(house, case, at=at(2021, 9, 20))
    payout = factories.payout(house, case, "50000.00", reference="P1")
    assert Account.objects.get(case=case).balance == Decimal("0.00")
    assert len({payout.requested_by_id, payout.checked_by_id, payout.approved_by_id, payout.paid_by_id}) == 4
    case = factories.close(house, case, at=at(2021, 9, 21))
    assert (case.stage, case.closing_mode) == ("CLOSED", "FULFILLED")
    assert not Receipt.objects.overdue(today=at(2021, 12, 31).date())
    verbs = list(Event.objects.filter(chain=f"case:{case.pk}").order_by("seq").values_list("verb", flat=True))
    assert verbs[0] == "register"
    assert verbs[-1] == "close"
