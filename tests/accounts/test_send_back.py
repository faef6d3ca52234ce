"""What finance does not pay goes back to who asked for it, with a reason, and its money is free again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import books, services
from accounts.desk import items
from accounts.models import Payout
from accounts.statement import statement_of
from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case with 15,000 arrived."""
    case = kept.running_case(house)
    factories.deposit(house, case, "15000.00", serial="S1")
    return Case.objects.get(pk=case.pk)


def back(row, house, **changes):
    given = {"reason": "联行号有误", "at": AT, "actor": house.finance} | changes
    return services.send_back_payout(row, **given)


class TestSendBack:
    def test_the_money_is_free_and_is_asked_for_anew(self, house, case):
        row = factories.payout(house, case, "15000.00", reference="P1", until="APPROVED")
        assert statement_of(case).available == 0
        row = back(row, house)
        assert (row.state, row.standing, row.ended_note) == ("SENT_BACK", "财务退回", "联行号有误")
        assert (row.sent_back_by, row.sent_back_at, row.paid_by) == (house.finance, AT, None)
        assert statement_of(case).available == 15000
        event = Event.objects.of_chain(f"case:{case.pk}").get(verb="send_back_payout")
        assert "联行号有误" in event.details
        assert factories.payout(house, case, "15000.00", reference="P2").state == "PAID"
        assert books.faults() == []

    def test_a_deposit_and_its_parts_too(self, house, case):
        row = factories.deposit_absent(house, case, "15000.00", reference="D1", until="APPROVED")
        back(row, house)
        assert factories.deposit_absent(house, case, "15000.00", reference="D2").state == "PAID"
        assert books.faults() == []

    @pytest.mark.parametrize("until", ["REQUESTED", "CHECKED", "SENT", "PAID"])
    def test_only_what_is_approved_and_not_paid(self, house, case, until):
        row = factories.payout(house, case, "1.00", reference="P1", until=until)
        with pytest.raises(Refused, match="不能进行此操作"):
            back(row, house, actor=house.finance2)

    def test_finance_alone_and_for_a_reason(self, house, case):
        row = factories.payout(house, case, "1.00", reference="P1", until="APPROVED")
        for actor in (case.owner, case.judge, house.chief, house.inspector, house.window_clerk):
            with pytest.raises(PermissionDenied):
                back(row, house, actor=actor)
        with pytest.raises(Refused) as refused:
            back(row, house, reason=" ")
        assert list(refused.value.by_field) == ["reason"]

    def test_the_database_keeps_who_and_why(self, house, case):
        row = factories.payout(house, case, "1.00", reference="P1", until="APPROVED")
        whole = {"state": "SENT_BACK", "sent_back_by": house.finance, "sent_back_at": AT, "ended_note": "有误"}
        for change in ({"sent_back_by": None}, {"sent_back_by": house.chief}, {"ended_note": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Payout.objects.filter(pk=row.pk).update(**whole | change)
        Payout.objects.filter(pk=row.pk).update(**whole)
        with pytest.raises(IntegrityError, match="no such step"), transaction.atomic():
            Payout.objects.filter(pk=row.pk).update(state="APPROVED", sent_back_by=None, sent_back_at=None)


class TestPages:
    def test_by_the_page_and_the_requester_sees_why(self, house, case, login):
        row = factories.payout(house, case, "15000.00", reference="P1", until="APPROVED")
        page, address = (reverse(f"accounts:{name}", args=[row.pk]) for name in ("payout", "send_back"))
        assert address in login(house.finance).get(page).content.decode()
        assert address not in login(house.chief).get(page).content.decode()
        empty = login(house.finance).post(address, {})
        assert (empty.status_code, "请选择或填写原因" in empty.content.decode()) == (422, True)
        typed = {"usual": "金额与审批材料不一致", "note": "差一元"}
        assert login(house.finance).post(address, typed).status_code == 302
        text = login(case.owner).get(page).content.decode()
        assert "财务退回" in text
        assert "金额与审批材料不一致 差一元" in text
        assert house.finance.name in text
        waits = [(item.kind, item.note) for item in items(case.owner, today=AT.date())]
        assert ("财务退回待重新申请", "金额与审批材料不一致 差一元") in waits
        money = login(case.owner).get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        assert "财务退回" in money
        report = login(house.inspector).get(reverse("accounts:separation")).content.decode()
        assert "财务退回" in report
        sheet = login(house.finance).post(reverse("accounts:print_statement", args=[case.pk]))
        assert sheet.status_code == 200

    def test_programs_do_it_too(self, house, case, login):
        row = factories.payout(house, case, "15000.00", reference="P1", until="APPROVED")
        address, given = reverse("accounts_api:send_back_payout", args=[row.pk]), {"content_type": "application/json"}
        assert login(house.finance).post(address, {}, **given).status_code == 422
        assert login(house.chief).post(address, {"note": "x"}, **given).status_code == 403
        assert login(house.finance).post(address, {"note": "联行号有误"}, **given).status_code == 200
        row.refresh_from_db()
        assert row.state == "SENT_BACK"
