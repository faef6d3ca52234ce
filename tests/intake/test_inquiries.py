"""The first-inquiry desk: who owns a query, handing over by name, taking over, giving back, and what rises overdue."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event
from intake import inquiries, tickets
from intake.inquirydesk import items
from intake.models import Handing, Inquiry
from tests import factories
from tests.factories import moment

# A Friday: the next working days are Monday the 6th and so on.
AT = moment(2021, 9, 3)
TODAY, MONDAY, WEDNESDAY = dt.date(2021, 9, 3), dt.date(2021, 9, 6), dt.date(2021, 9, 8)


def ask(house, *, actor=None, **changes):
    plain = {"category": "PROGRESS", "text": "案件到哪一步了"}
    return inquiries.open_inquiry(**plain | changes, at=AT, actor=actor or house.receptionist)


def hand(house, inquiry, *, to=None, actor=None, **changes):
    plain = {"reason": "属于承办团队答复的事项", "to": to or house.officer}
    return inquiries.hand_over_inquiry(inquiry, **plain | changes, at=AT, actor=actor or house.receptionist)


def kinds(user, *, today=TODAY):
    return [(item.kind, item.is_red) for item in items(user, today=today)]


class TestOwning:
    def test_the_first_receiver_owns_it_for_one_working_day(self, house):
        row = ask(house, asker="张三丰")
        assert (row.owner, row.received_by, row.due_on, row.asker) == (
            house.receptionist,
            house.receptionist,
            MONDAY,
            "张*丰",
        )
        assert kinds(house.receptionist) == [("首问待答复", False)]
        assert kinds(house.window_clerk) == []

    def test_the_limit_is_a_setting(self, house, settings):
        settings.INQUIRY_WORKDAYS = 3
        assert ask(house).due_on == WEDNESDAY

    def test_a_ticket_lends_its_masked_name(self, house):
        ticket = tickets.take_ticket(category="INQUIRY", name="李四", at=AT, actor=house.window_clerk)
        assert ask(house, ticket=ticket).asker == "李*"

    @pytest.mark.parametrize("duty", ["officer", "chief", "system_admin"])
    def test_only_the_front_of_house_receives(self, house, duty):
        with pytest.raises(PermissionDenied):
            ask(house, actor=house.staff[duty])

    def test_nothing_asked_is_refused_in_words_and_by_the_database(self, house):
        with pytest.raises(Refused, match="所问事项"):
            ask(house, text="  ")
        row = ask(house)
        with pytest.raises(IntegrityError), transaction.atomic():
            Inquiry.objects.filter(pk=row.pk).update(text="")

    def test_a_case_that_one_may_not_see_is_no_case(self, house):
        case = factories.file_case(house).case
        assert ask(house, case=case).case == case
        with pytest.raises(Refused, match="没有这个案件"):
            ask(house, case=case, actor=house.window_clerk2)

    def test_what_is_asked_of_a_case_stands_in_its_record(self, house):
        case = factories.file_case(house).case
        row = ask(house, case=case)
        inquiries.answer_inquiry(row, answer="已分案", at=AT, actor=house.receptionist)
        verbs = Event.objects.filter(chain=f"case:{case.pk}").values_list("verb", flat=True)
        assert {"open_inquiry", "answer_inquiry"} <= set(verbs)
        ask(house)
        assert Event.objects.filter(chain="room:intake", verb="open_inquiry").count() == 1


class TestAnswering:
    def test_its_owner_answers_once_in_words(self, house):
        row = ask(house)
        for stranger in (house.window_clerk, house.officer, house.chief):
            with pytest.raises(PermissionDenied):
                inquiries.answer_inquiry(row, answer="好", at=AT, actor=stranger)
        with pytest.raises(Refused, match="答复内容"):
            inquiries.answer_inquiry(row, answer=" ", at=AT, actor=house.receptionist)
        inquiries.answer_inquiry(row, answer="已分案，由速执团队办理", at=AT, actor=house.receptionist)
        with pytest.raises(Refused, match="已答复"):
            inquiries.answer_inquiry(row, answer="又", at=AT, actor=house.receptionist)
        assert kinds(house.receptionist) == []

    def test_answering_takes_an_open_offer_back(self, house):
        row = ask(house)
        hand(house, row)
        inquiries.answer_inquiry(row, answer="已当场说明", at=AT, actor=house.receptionist)
        assert Handing.objects.get().result == "WITHDRAWN"
        assert kinds(house.officer) == []

    def test_nobody_but_the_owner_is_the_answerer_in_the_database(self, house):
        row = ask(house)
        with pytest.raises(IntegrityError), transaction.atomic():
            Inquiry.objects.filter(pk=row.pk).update(answer="x", answered_at=AT, answered_by=house.chief)


class TestHandingOver:
    def test_until_it_is_taken_over_the_old_owner_answers_for_it(self, house):
        row = ask(house)
        hand(house, row)
        assert Inquiry.objects.get().owner == house.receptionist
        assert kinds(house.officer) == [("待接收首问", False)]
        inquiries.accept_inquiry(row, at=AT, actor=house.officer)
        row.refresh_from_db()
        assert (row.owner, row.received_by, row.due_on) == (house.officer, house.receptionist, WEDNESDAY)
        assert kinds(house.officer) == [("首问待答复", False)]
        assert kinds(house.receptionist) == []
        inquiries.answer_inquiry(row, answer="已电话答复", at=AT, actor=house.officer)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"reason": " "}, "移交理由"),
            ({"until_on": dt.date(2021, 9, 2)}, "期限应在"),
            ({"until_on": dt.date(2021, 9, 9)}, "期限应在"),
            ({"to": "receptionist"}, "不能移交给自己"),
            ({"to": "system_admin"}, "不能接手"),
        ],
    )
    def test_what_is_wrong_is_refused(self, house, changes, words):
        row = ask(house)
        changes = {name: house.staff[value] if name == "to" else value for name, value in changes.items()}
        with pytest.raises(Refused, match=words):
            hand(house, row, **changes)

    def test_not_to_somebody_who_has_left(self, house):
        house.officer.is_active = False
        house.officer.save()
        with pytest.raises(Refused, match="不能接手"):
            hand(house, ask(house))

    def test_one_offer_at_a_time(self, house):
        row = ask(house)
        hand(house, row)
        with pytest.raises(Refused, match="先撤回"):
            hand(house, row, to=house.judge)
        inquiries.withdraw_inquiry(row, at=AT, actor=house.receptionist)
        hand(house, row, to=house.judge)
        assert kinds(house.judge) == [("待接收首问", False)]

    def test_given_back_with_a_reason_it_stays_with_the_owner_and_his_day(self, house):
        row = ask(house)
        hand(house, row)
        with pytest.raises(Refused, match="退回理由"):
            inquiries.give_back_inquiry(row, note="", at=AT, actor=house.officer)
        inquiries.give_back_inquiry(row, note="不属于本人职责", at=AT, actor=house.officer)
        row.refresh_from_db()
        assert (row.owner, row.due_on) == (house.receptionist, MONDAY)
        with pytest.raises(Refused, match="没有等待接收"):
            inquiries.accept_inquiry(row, at=AT, actor=house.officer)

    def test_only_the_named_person_takes_it_over(self, house):
        row = ask(house)
        hand(house, row)
        for act in (inquiries.accept_inquiry, inquiries.withdraw_inquiry):
            with pytest.raises(PermissionDenied):
                act(row, at=AT, actor=house.chief)
        with pytest.raises(PermissionDenied):
            inquiries.give_back_inquiry(row, note="x", at=AT, actor=house.chief)


class TestRising:
    def test_overdue_it_is_red_with_its_owner_and_with_chief_and_inspector(self, house):
        row = ask(house)
        overdue = MONDAY + dt.timedelta(days=1)
        assert kinds(house.chief, today=MONDAY) == []
        assert kinds(house.receptionist, today=overdue) == [("首问待答复", True)]
        assert kinds(house.chief, today=overdue) == kinds(house.inspector, today=overdue) == [("首问超期", True)]
        assert kinds(house.president, today=overdue) == []
        inquiries.answer_inquiry(row, answer="补答复", at=AT, actor=house.receptionist)
        assert kinds(house.chief, today=overdue) == []

    def test_the_list_puts_what_is_open_and_nearest_on_top(self, house):
        done, late, soon = ask(house), ask(house), ask(house)
        inquiries.answer_inquiry(done, answer="好", at=AT, actor=house.receptionist)
        Inquiry.objects.filter(pk=soon.pk).update(due_on=TODAY)
        assert list(Inquiry.objects.for_list()) == [soon, late, done]


class TestPages:
    @pytest.fixture(autouse=True)
    def _now(self, monkeypatch):
        monkeypatch.setattr("bureau.clock.now", lambda: AT)
        monkeypatch.setattr("bureau.clock.today", lambda: TODAY)

    def test_asked_handed_over_taken_over_answered(self, house, login):
        case = factories.file_case(house).case
        desk, officer = login(house.receptionist), login(house.officer)
        said = {"category": "MONEY", "text": "案款什么时候发", "asker": "张三丰", "case": case.display_number}
        answer = desk.post(reverse("intake:new_inquiry"), said)
        row = Inquiry.objects.get()
        assert (answer.status_code, answer.url, row.case) == (302, row.get_absolute_url(), case)
        assert officer.get(row.get_absolute_url()).status_code == 404
        given = {"to": house.officer.pk, "reason": "涉及案款", "until_on": "2021-09-08"}
        assert desk.post(reverse("intake:hand_over_inquiry", args=[row.pk]), given).status_code == 302
        page = officer.get(row.get_absolute_url()).content.decode()
        assert reverse("intake:accept_inquiry", args=[row.pk]) in page
        assert case.get_absolute_url() not in page  # the officer's team does not hold it
        officer.post(reverse("intake:accept_inquiry", args=[row.pk]))
        assert officer.post(row.get_absolute_url(), {"answer": ""}).status_code == 422
        assert officer.post(row.get_absolute_url(), {"answer": "十五日内"}).status_code == 302
        assert "十五日内" in desk.get(row.get_absolute_url()).content.decode()

    def test_the_form_is_said_what_is_wrong(self, house, login):
        client = login(house.receptionist)
        for data in ({}, {"category": "MONEY", "text": "x", "case": "(2021)内0302执9999号"}, {"text": "x" * 1001}):
            assert client.post(reverse("intake:new_inquiry"), data).status_code == 422
        assert client.get(f"{reverse('intake:new_inquiry')}?ticket=abc").status_code == 200
        foreign = tickets.take_ticket(category="INQUIRY", at=AT, actor=house.window_clerk2)
        data = {"category": "MONEY", "text": "x", "ticket": foreign.pk}
        assert client.post(reverse("intake:new_inquiry"), data).status_code == 422
        assert not Inquiry.objects.exists()

    def test_filters_and_whose_are_seen(self, house, login):
        own, other = ask(house), ask(house, category="MONEY", actor=house.window_clerk2)
        assert list(login(house.window_clerk).get(reverse("intake:inquiries")).context["page"]) == [own]
        chief = login(house.chief)
        assert set(chief.get(reverse("intake:inquiries")).context["page"]) == {own, other}
        for query, rows in (("category=MONEY", [other]), ("window=W2", [own]), ("set=answered", []), ("set=mine", [])):
            assert list(chief.get(f"{reverse('intake:inquiries')}?{query}").context["page"]) == rows
        assert list(login(house.officer).get(f"{reverse('intake:inquiries')}?set=all").context["page"]) == []

    def test_the_slip_names_who_answers_and_by_when(self, house, login):
        row = ask(house)
        page = login(house.receptionist).get(reverse("intake:inquiry_slip", args=[row.pk])).content.decode()
        assert house.receptionist.name in page
        assert "2021-09-06" in page

    def test_programs_open_and_answer(self, house, login):
        client, plain = login(house.receptionist), {"content_type": "application/json"}
        made = client.post(reverse("intake_api:open_inquiry"), {"category": "OTHER", "text": "问"}, **plain).json()
        answered = reverse("intake_api:answer_inquiry", args=[made["id"]])
        assert client.post(answered, {"answer": ""}, **plain).status_code == 422
        assert client.post(answered, {"answer": "答"}, **plain).json() == made
        rows = client.get(f"{reverse('intake_api:inquiries')}?set=answered").json()["results"]
        assert [row["answer"] for row in rows] == ["答"]
        assert login(house.window_clerk2).post(answered, {"answer": "x"}, **plain).status_code == 404
