"""Delays of payment: looked at again in time, decided before the receipt and its paper, refused for a reason."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.desk import items
from accounts.models import Delay
from bureau.calendar import DAY
from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from documents import services as documents
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)
FIRST, LAST = dt.date(2021, 9, 21), dt.date(2021, 10, 20)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case with 50,000 that arrived on the sixteenth."""
    case = kept.running_case(house)
    factories.deposit(house, case, "50000.00", serial="S1", at=moment(2021, 9, 16))
    return Case.objects.get(pk=case.pk)


def ask(case, *, until=LAST, paper=""):
    given = {"reason": "DL5", "paper": paper or factories.paper(case, "案外人异议书"), "until_on": until}
    return services.request_delay(case.receipts.get(), **given, at=AT, actor=case.owner)


class TestReviewDay:
    @pytest.mark.parametrize("until", [AT.date() - DAY, AT.date(), LAST + DAY])
    def test_not_today_not_before_and_not_after_thirty_days(self, case, until):
        with pytest.raises(Refused, match="2021-09-21") as refused:
            ask(case, until=until)
        assert list(refused.value.by_field) == ["until_on"]

    @pytest.mark.parametrize("until", [FIRST, LAST])
    def test_tomorrow_and_the_thirtieth_day(self, case, until):
        assert ask(case, until=until).until_on == until

    def test_the_form_says_between_which_days(self, case, login):
        client, url = login(case.owner), reverse("accounts:request_delay", args=[case.receipts.get().pk])
        page = client.get(url).content.decode()
        assert 'min="2021-09-21"' in page
        assert 'max="2021-10-20"' in page
        typed = {"reason": "DL5", "paper": factories.paper(case), "until_on": "2021-09-20"}
        answer = client.post(url, typed)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["until_on"])


class TestDecision:
    def page(self, login, user):
        return login(user).get(reverse("accounts:delays")).content.decode()

    def decide(self, login, user, row, **typed):
        return login(user).post(reverse("accounts:decide_delay", args=[row.pk]), typed)

    def test_the_approver_sees_the_receipt_and_opens_the_paper(self, house, case, login):
        row = ask(case)
        page = self.page(login, house.chief)
        for words in ("50,000.00", "2021-09-16", "2021-10-08", "案外人异议书", row.paper_url):
            assert words in page
        assert login(house.chief).get(row.paper_url).status_code == 200

    def test_no_refusal_without_a_reason_and_nothing_typed_is_lost(self, house, case, login):
        row = ask(case)
        with pytest.raises(Refused) as refused:
            services.decide_delay(row, is_approved=False, reason=" ", at=AT, actor=house.chief)
        assert list(refused.value.by_field) == ["reason"]
        answer = self.decide(login, house.chief, row, decision="refuse")
        assert answer.status_code == 422
        assert "请选择或填写原因" in answer.content.decode()
        answer = self.decide(login, house.chief, row, decision="maybe", note="先查清")
        assert answer.status_code == 422
        assert 'value="先查清"' in answer.content.decode()
        assert Delay.objects.get().state == "REQUESTED"

    def test_the_requester_sees_why_and_the_record_keeps_it(self, house, case, login):
        row = ask(case)
        assert self.decide(login, house.chief, row, decision="refuse", note="先付无争议部分").status_code == 302
        row.refresh_from_db()
        assert (row.state, row.refused_note, row.decided_by) == ("REJECTED", "先付无争议部分", house.chief)
        money = login(case.owner).get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        assert "先付无争议部分" in money
        assert [(item.kind, item.note) for item in items(case.owner, today=AT.date()) if "延期" in item.kind] == [
            ("延期未获批准", "先付无争议部分")
        ]
        event = Event.objects.of_chain(f"case:{case.pk}").get(verb="decide_delay")
        assert "先付无争议部分" in event.details
        assert "先付无争议部分" in self.page(login, house.chief)

    def test_asked_anew_the_old_answer_no_longer_waits(self, house, case):
        services.decide_delay(ask(case), is_approved=False, reason="日期过长", at=AT, actor=house.chief)
        given = {"reason": "DL5", "paper": factories.paper(case), "until_on": FIRST}
        services.request_delay(case.receipts.get(), **given, at=AT + dt.timedelta(hours=1), actor=case.owner)
        assert "延期未获批准" not in [item.kind for item in items(case.owner, today=AT.date())]

    def test_a_paper_that_is_void_by_then_carries_nothing(self, house, case, login):
        paper = factories.issue(case, "ENFORCEMENT_NOTICE", at=AT, actor=case.owner)
        row = ask(case, paper=f"document:{paper.pk}")
        by = factories.issue(case, "ENFORCEMENT_NOTICE", at=AT, actor=case.owner)
        documents.void(paper, by=by, reason="有误", at=AT, actor=case.owner)
        with pytest.raises(Refused, match="已作废"):
            services.decide_delay(row, is_approved=True, at=AT, actor=house.chief)
        assert self.decide(login, house.chief, row, decision="approve").status_code == 422
        services.decide_delay(row, is_approved=False, reason="文书已作废", at=AT, actor=house.chief)

    def test_the_database_asks_for_the_reason_too(self, house, case):
        row = ask(case)
        answer = {"state": "REJECTED", "decided_by": house.chief, "decided_at": AT}
        with pytest.raises(IntegrityError, match="refused_with_reason"), transaction.atomic():
            Delay.objects.filter(pk=row.pk).update(**answer)

    def test_nobody_decides_what_he_asked(self, house, case):
        row = ask(case)
        Case.objects.filter(pk=case.pk).update(judge=house.chief)
        Delay.objects.filter(pk=row.pk).update(requested_by=house.chief)
        with pytest.raises(Refused, match="本人"):
            services.decide_delay(row, is_approved=True, at=AT, actor=house.chief)

    def test_programs_refuse_with_a_reason_as_well(self, house, case, login):
        row, given = ask(case), {"content_type": "application/json"}
        address = reverse("accounts_api:decide_delay", args=[row.pk])
        assert login(house.chief).post(address, {"decision": "refuse"}, **given).status_code == 422
        done = login(house.chief).post(address, {"decision": "refuse", "note": "材料不足"}, **given)
        assert done.status_code == 200
        assert Delay.objects.get().refused_note == "材料不足"
