"""The contact log, notes, holds, the card that is read aloud, and the two lines for the chat group."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from bureau import grants
from bureau.errors import Refused
from bureau.masking import mask_name
from bureau.models import Event
from cases import card, desk, services
from cases.models import Case, Contact, Hold, Note
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 16)
TODAY = AT.date()


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


def log(house, case, **changes) -> Contact:
    words = {"kind": "CALL", "whom": "张安然", "text": "说会还钱", "at": AT, "actor": house.officer}
    return services.log_contact(case, **{**words, **changes})


class TestLog:
    def test_three_fields_and_one_button(self, house, case, login):
        client = login(house.officer)
        address = f"/cases/{case.pk}/contacts/"
        body = {"whom": "乌海市测试商贸有限公司", "text": "答应先还一万", "promised_on": "2021-09-20", "kind": "VISIT"}
        assert client.post(address, body).status_code == 302
        contact = Contact.objects.get()
        assert (contact.kind, contact.party.side, contact.promise) == ("VISIT", "DEBTOR", "OPEN")
        assert contact.promised == "答应先还一万"
        client.post(address, {"whom": "房东老李", "text": "说已搬走"})
        other = Contact.objects.latest("id")
        assert (other.party, other.with_name, other.kind, other.promise) == (None, "房东老李", "CALL", "")
        text = client.get(address).content.decode()
        assert "房东老李" in text
        assert "登记联系记录" in client.get(f"/cases/{case.pk}/timeline/").content.decode()

    def test_what_was_said_is_not_in_the_record(self, house, case):
        log(house, case, text="电话13800001234，卡号6222020200112230004")
        assert not Event.objects.filter(details__contains="13800001234").exists()

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"whom": "", "text": "x"}, "whom"),
            ({"whom": "张安然", "text": "\x00"}, "text"),
            ({"whom": "长" * 61, "text": "保留我"}, "whom"),
            ({"whom": "张安然", "text": "保留我", "promised_on": "2021-02-30"}, "promised_on"),
            ({"whom": "张安然", "text": "保留我", "promised_on": "2021-09-15"}, "promised_on"),
            ({"whom": "张安然", "text": "保留我", "promised_on": "9999-12-31"}, "promised_on"),
            ({"whom": "张安然", "text": "保留我", "kind": "';--"}, "kind"),
        ],
    )
    def test_bad_input_is_422_beside_its_field_and_keeps_the_rest(self, house, case, login, body, field):
        answer = login(house.officer).post(f"/cases/{case.pk}/contacts/", body)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        if "保留我" in body["text"]:
            assert "保留我" in answer.content.decode()
        assert not Contact.objects.exists()

    def test_markup_is_text(self, house, case, login):
        log(house, case, whom="<b>x</b>", text="<script>alert(1)</script>")
        text = login(house.officer).get(f"/cases/{case.pk}/contacts/").content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text

    def test_strangers_and_readers_do_not_log(self, house, case, login):
        for duty in ("officer3", "inspector"):
            with pytest.raises(PermissionDenied):
                log(house, case, actor=getattr(house, duty))
        assert login(house.officer3).get(f"/cases/{case.pk}/contacts/").status_code == 404
        assert login(house.officer3).get(f"/api/v1/cases/{case.pk}/contacts/").status_code == 404
        # Whoever may read but not log gets the page, and a refusal when he posts.
        assert login(house.inspector).get(f"/cases/{case.pk}/contacts/").status_code == 200
        body = {"whom": "x", "text": "y"}
        assert login(house.inspector).post(f"/cases/{case.pk}/contacts/", body).status_code == 403

    def test_the_api_reads_it(self, house, case, login):
        log(house, case, promised_on=TODAY)
        [row] = login(house.officer).get(f"/api/v1/cases/{case.pk}/contacts/").json()["results"]
        assert (row["whom"], row["side"], row["promise"]) == ("张安然", "APPLICANT", "OPEN")


class TestPromises:
    def test_comes_to_the_owners_desk_on_its_day_and_turns_red_after_it(self, house, case):
        log(house, case, promised_on=TODAY + dt.timedelta(days=3))

        def promises(day):
            return [item for item in desk.items(house.officer, today=day) if item.kind == "承诺到期"]

        assert not promises(TODAY + dt.timedelta(days=2))
        [item] = promises(TODAY + dt.timedelta(days=3))
        assert not item.is_red
        assert promises(TODAY + dt.timedelta(days=4))[0].is_red
        assert not [i for i in desk.items(house.officer2, today=TODAY + dt.timedelta(days=4)) if i.kind == "承诺到期"]

    def test_is_kept_or_broken_once(self, house, case, login):
        contact = log(house, case, promised_on=TODAY)
        client = login(house.officer)
        client.post(f"/cases/contacts/{contact.pk}/settle/", {"promise": "OPEN"})
        contact.refresh_from_db()
        assert contact.promise == "OPEN"
        client.post(f"/cases/contacts/{contact.pk}/settle/", {"promise": "BROKEN"})
        contact.refresh_from_db()
        assert contact.promise == "BROKEN"
        assert not [i for i in desk.items(house.officer, today=TODAY) if i.kind == "承诺到期"]
        with pytest.raises(Refused):
            services.settle_promise(contact, is_kept=True, at=AT, actor=house.officer)
        with pytest.raises(Refused):
            services.settle_promise(log(house, case), is_kept=True, at=AT, actor=house.officer)

    def test_a_reader_of_another_side_does_not_settle(self, house, case):
        contact = log(house, case, promised_on=TODAY)
        for duty in ("officer3", "chief"):
            with pytest.raises(PermissionDenied):
                services.settle_promise(contact, is_kept=True, at=AT, actor=getattr(house, duty))

    def test_a_promise_without_a_day_is_refused(self, house, case):
        with pytest.raises(Refused, match="日期"):
            log(house, case, promised="还钱")

    @pytest.mark.parametrize("changes", [{"promise": "KEPT"}, {"promised_on": "2021-09-20"}, {"text": ""}])
    def test_the_database_refuses_half_a_promise(self, house, case, changes):
        contact = log(house, case)
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.filter(pk=contact.pk).update(**changes)


class TestNotes:
    def test_are_added_and_never_changed(self, house, case, login):
        client = login(house.officer)
        assert client.post(f"/cases/{case.pk}/notes/", {"text": "已核对地址"}).status_code == 302
        assert "已核对地址" in client.get(f"/cases/{case.pk}/contacts/").content.decode()
        wrong = client.post(f"/cases/{case.pk}/notes/", {"text": "长" * 1001})
        assert wrong.status_code == 422
        assert "长" * 1001 in wrong.content.decode()
        for act in (lambda notes: notes.update(text="x"), lambda notes: notes.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                act(Note.objects.all())
        assert Note.objects.get().text == "已核对地址"

    def test_the_app_role_has_no_right_to_change_one(self, house, case):
        services.add_note(case, text="x", at=AT, actor=house.officer)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SET LOCAL ROLE "{grants.role_name("app")}"')
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute("UPDATE cases_note SET text = 'y'")


class TestHolds:
    def test_runs_to_its_day_then_calls_the_owner(self, house, case):
        until = TODAY + dt.timedelta(days=10)
        services.hold(case, reason="等待评估", until_on=until, at=AT, actor=house.officer)
        assert Hold.objects.running(on=until).exists()
        assert not Hold.objects.running(on=until + dt.timedelta(days=1)).exists()

        def calls(day):
            return [item for item in desk.items(house.officer, today=day) if item.kind == "搁置期满"]

        assert not calls(until - dt.timedelta(days=1))
        assert not calls(until)[0].is_red
        assert calls(until + dt.timedelta(days=1))[0].is_red

    def test_is_ended_early_only_with_a_reason(self, house, case, login):
        client = login(house.officer)
        body = {"reason": "等待评估", "until_on": "2021-10-16"}
        assert client.post(f"/cases/{case.pk}/holds/", body).status_code == 302
        row = Hold.objects.get()
        again = client.post(f"/cases/{case.pk}/holds/", body)
        assert again.status_code == 422
        assert "已搁置" in str(again.context["form"].errors)
        assert client.post(f"/cases/holds/{row.pk}/end/", {"reason": ""}).status_code == 422
        assert client.post(f"/cases/holds/{row.pk}/end/", {"reason": "评估已回"}).status_code == 302
        row.refresh_from_db()
        assert (str(row.ended_on), row.ended_by) == ("2021-09-16", house.officer)
        assert "提前恢复" in client.get(f"/cases/{case.pk}/holds/").content.decode()
        assert client.post(f"/cases/{case.pk}/holds/", body).status_code == 302
        with pytest.raises(Refused):
            services.end_hold(row, reason="x", at=AT, actor=house.officer)

    def test_on_its_day_it_ends_without_a_reason(self, house, case):
        row = services.hold(case, reason="x", until_on=dt.date(2021, 9, 20), at=AT, actor=case.judge)
        row = services.end_hold(row, reason="", at=moment(2021, 9, 20), actor=house.officer)
        assert row.ended_on == dt.date(2021, 9, 20)

    @pytest.mark.parametrize("until", ["2021-09-16", "2020-01-01", "2021-12-16", "9999-12-31", "x", ""])
    def test_a_day_out_of_range_is_422(self, house, case, login, until):
        answer = login(house.officer).post(f"/cases/{case.pk}/holds/", {"reason": "等待", "until_on": until})
        assert answer.status_code == 422
        assert "等待" in answer.content.decode()

    @pytest.mark.parametrize("duty", ["officer3", "chief", "records_clerk", "window_clerk"])
    def test_only_the_holder_or_the_judge_puts_a_case_aside(self, house, case, duty):
        with pytest.raises(PermissionDenied):
            services.hold(case, reason="x", until_on=dt.date(2021, 9, 20), at=AT, actor=getattr(house, duty))

    def test_the_database_refuses_two_at_once_and_an_early_end_without_words(self, house, case):
        row = services.hold(case, reason="x", until_on=dt.date(2021, 9, 20), at=AT, actor=case.judge)
        day = dt.date(2021, 9, 20)
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.create(case=case, reason="y", from_on=TODAY, until_on=day, by=house.officer, at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.filter(pk=row.pk).update(ended_at=AT, ended_by=house.officer, ended_on=TODAY)


class TestCard:
    @pytest.mark.parametrize("text", ["13800001234", " 138 0000 1234", "安然", "测试", "(2021)内0302执1号", "执1号"])
    def test_phone_name_and_number_bring_it_up(self, house, case, login, text):
        answer = login(house.officer).post("/cases/card/", {"text": text})
        assert answer.status_code == 200
        [found] = answer.context["cards"]
        assert found.case == case
        assert len(found.sentences) == 3
        assert "速执" in found.sentences[0]
        assert "0473-2990000" in found.sentences[1]
        assert "2022-03-01" in found.sentences[2]
        assert answer["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("text", ["李不在", "%%", "__", "'; DROP TABLE cases_case; --", "<script>"])
    def test_unknown_or_hostile_text_finds_nothing(self, house, case, login, text):
        answer = login(house.officer).post("/cases/card/", {"text": text})
        assert answer.status_code == 200
        assert not answer.context["cards"]
        assert "没有查到" in answer.content.decode()

    @pytest.mark.parametrize("text", ["", "张", " 张 ", "长" * 101, "张\x00然"])
    def test_too_little_or_impossible_text_is_422(self, house, case, login, text):
        assert login(house.officer).post("/cases/card/", {"text": text}).status_code == 422

    def test_anothers_case_does_not_come_up_and_the_address_asks_nothing(self, house, case, login):
        assert not login(house.officer3).post("/cases/card/", {"text": "13800001234"}).context["cards"]
        page = login(house.officer).get("/cases/card/?text=13800001234")
        assert case.number not in page.content.decode()

    def test_shows_the_last_three_contacts(self, house, case, login):
        for number in range(5):
            log(house, case, text=f"第{number}次")
        text = login(house.officer).post("/cases/card/", {"text": "安然"}).content.decode()
        assert "第4次" in text
        assert "第1次" not in text

    def test_planned_measures_are_not_read_aloud(self, house, case):
        services.request_work(
            case,
            kind="ONSITE",
            to_team=house.teams["FIELD"],
            text="突击查封车辆",
            department="VEHICLES",
            district="CITY",
            at=AT,
            actor=house.officer,
        )
        said = "".join(card.sentences(case, today=TODAY))
        assert "查封" not in said
        assert "现场" not in said

    def test_every_stage_has_its_sentences(self, house, case):
        stages = [factories.file_case(house).case, factories.assign(house, factories.file_case(house).case)]
        stages.append(
            services.suspend(case, ground="CONSENT", document=factories.ruling(case), at=AT, actor=case.judge)
        )
        ended = kept.running_case(house)
        stages.append(factories.close(house, ended, "TERMINATED", at=AT))
        for row in stages:
            said = card.sentences(row, today=dt.date(2022, 5, 1))
            assert len(said) == 3
            assert all(sentence.endswith("。") and "None" not in sentence for sentence in said)

    def test_costs_the_same_for_ten_cards_as_for_two(self, house, case, login, django_assert_max_num_queries):
        for _turn in range(9):
            factories.file_case(house, payee=False)
        client = login(house.chief)
        with django_assert_max_num_queries(12):
            answer = client.post("/cases/card/", {"text": "安然"})
        assert len(answer.context["cards"]) == 10


class TestChat:
    def test_two_masked_lines_with_an_inner_address(self, house, case, login):
        lines = card.chat_lines(case, site="https://zhixing.example").split("\n")
        assert len(lines) == 2
        assert lines[0] == "(2021)内0302执1号 速执 张*然 → 乌海市测试商贸有限公司"
        assert lines[1] == f"执行期限 2022-03-01 https://zhixing.example/cases/{case.pk}/"
        text = login(house.officer).get(f"/cases/{case.pk}/contacts/").content.decode()
        assert "张*然" in text
        assert f"http://testserver/cases/{case.pk}/" in text
        assert "data-copy" in text

    @given(st.text(alphabet="张王李赵欧阳·娜仁其木格", min_size=2, max_size=12))
    def test_no_persons_whole_name_leaves_the_house(self, name):
        assert mask_name(name, "PERSON") != name
        assert len(set(mask_name(name, "PERSON")) - {"*"}) <= 2
