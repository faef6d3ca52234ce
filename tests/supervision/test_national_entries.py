"""What must be typed in the national system: values by group, ticks that go stale, who sees which."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from bureau import clock
from bureau.errors import Refused
from bureau.models import Event
from cases import services as cases
from cases.models import Case
from supervision import desk
from supervision.models import NationalEntry
from supervision.national import entries, values
from tests import factories
from tests.factories import moment

AT = moment(2021, 9, 20)
State = NationalEntry.State


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)


@pytest.fixture
def case(house):
    return factories.file_case(house).case


def states(case):
    entries.follow(at=AT)
    return dict(NationalEntry.objects.filter(case=case).values_list("group", "state"))


def digest(case, group):
    loaded = values.load(Case.objects.all()).get(pk=case.pk)
    return values.digest_of(values.groups_of(loaded)[group])


def tick(case, group, actor, at=AT):
    return entries.tick(case, group=group, seen=digest(case, group), at=at, actor=actor)


class TestValues:
    def test_each_group_says_what_is_typed_there(self, house, case):
        case = factories.into_stream(house, case)
        factories.control(case, at=AT, from_on=AT.date())
        factories.deposit(house, case, "50000.00", serial="A", at=AT)
        factories.payout(house, case, "20000.00", reference="A", until="PAID", at=AT)
        found = values.groups_of(values.load(Case.objects.all()).get(pk=case.pk))
        said = {group: {(row.field, row.text) for row in rows} for group, rows in found.items()}
        assert {("number", case.number), ("filed_on", "2021-09-01"), ("amount", "50000.00")} <= said["FILING"]
        assert {("id_number", "11010519491231002X"), ("phone", "13800001234")} <= said["PARTIES"]
        assert said["PROGRESS"] == {("handler", case.judge.name), ("state", "在办")}
        assert ("from_on", "2021-09-20") in said["MEASURES"]
        assert {("received", "50000.00"), ("paid", "20000.00"), ("purpose", "发放申请执行人")} <= said["MONEY"]
        assert said["CLOSING"] == set()

    def test_the_words_are_chinese_whatever_the_reader_reads(self, case):
        loaded = values.load(Case.objects.all()).get(pk=case.pk)
        with translation.override("en"):
            found = values.groups_of(loaded)
            assert ("state", "在办") in {(row.field, row.text) for row in found["PROGRESS"]}
            english = values.digest_of(found["PROGRESS"])
        assert english == values.digest_of(values.groups_of(loaded)["PROGRESS"])

    def test_a_closed_case_has_its_closing(self, house, case):
        case = factories.into_stream(house, case)
        factories.close(house, case, "TERMINATED", at=AT)
        found = values.groups_of(values.load(Case.objects.all()).get(pk=case.pk))
        said = {row.field: row.text for row in found["CLOSING"]}
        assert (said["closed_on"], said["closing_mode"]) == ("2021-09-20", "终结执行")


class TestTicks:
    def test_all_that_has_content_is_to_be_typed_until_it_is_ticked(self, case, house):
        assert states(case) == {
            "FILING": State.TO_TYPE,
            "PARTIES": State.TO_TYPE,
            "PROGRESS": State.TO_TYPE,
            "MEASURES": State.NOTHING,
            "MONEY": State.NOTHING,
            "CLOSING": State.NOTHING,
        }
        entry = tick(case, "FILING", house.window_clerk)
        assert (entry.state, entry.ticked_by, entry.ticked_at) == (State.TYPED, house.window_clerk, AT)
        assert states(case)["FILING"] == State.TYPED
        assert Event.objects.get(verb="tick_copied").actor == house.window_clerk
        # What is typed elsewhere is no work on the case.
        assert not Event.objects.filter(chain=f"case:{case.pk}", verb="tick_copied").exists()

    def test_it_goes_stale_when_what_was_typed_changes_and_only_then(self, house, case):
        states(case)
        for group in ("FILING", "PARTIES", "PROGRESS"):
            tick(case, group, house.window_clerk)
        factories.into_stream(house, case)
        now = states(case)
        assert (now["PROGRESS"], now["FILING"], now["PARTIES"]) == (State.CHANGED, State.TYPED, State.TYPED)
        tick(case, "PROGRESS", house.assistant, at=AT + dt.timedelta(hours=1))
        assert states(case)["PROGRESS"] == State.TYPED

    def test_a_corrected_phone_makes_the_parties_stale(self, house, case):
        states(case)
        tick(case, "PARTIES", house.window_clerk)
        party = case.parties.get(side="APPLICANT")
        type(party).objects.filter(pk=party.pk).update(address="乌海市海勃湾区另一条街2号")
        # Whatever moved it, the next record of the case has it seen.
        cases.log_contact(case, **CALL, at=AT, actor=house.receptionist)
        assert states(case)["PARTIES"] == State.CHANGED

    def test_what_changed_while_it_was_shown_is_not_ticked(self, house, case):
        seen = digest(case, "PROGRESS")
        factories.into_stream(house, case)
        with pytest.raises(Refused, match="内容有变动"):
            entries.tick(case, group="PROGRESS", seen=seen, at=AT, actor=house.window_clerk)
        assert states(case)["PROGRESS"] == State.TO_TYPE

    def test_a_mistaken_tick_is_taken_back_and_both_are_on_record(self, house, case):
        tick(case, "FILING", house.window_clerk)
        entries.untick(case, group="FILING", at=AT, actor=house.window_clerk)
        assert states(case)["FILING"] == State.TO_TYPE
        with pytest.raises(Refused):
            entries.untick(case, group="FILING", at=AT, actor=house.window_clerk)
        assert set(Event.objects.filter(verb__endswith="tick_copied").values_list("verb", flat=True)) == {
            "tick_copied",
            "untick_copied",
        }

    def test_many_at_once_or_none(self, house, case):
        other = factories.file_case(house).case
        states(case)
        rows = list(NationalEntry.objects.filter(group="FILING").order_by("case_id"))
        seen = {row.pk: row.digest for row in rows}
        with pytest.raises(Refused, match="内容有变动"):
            entries.tick_many({**seen, rows[1].pk: "x"}, at=AT, actor=house.window_clerk)
        assert states(case)["FILING"] == State.TO_TYPE
        assert entries.tick_many(seen, at=AT, actor=house.window_clerk) == 2
        assert states(other)["FILING"] == State.TYPED
        assert Event.objects.filter(verb="tick_copied").count() == 1
        with pytest.raises(Refused):
            entries.tick_many({}, at=AT, actor=house.window_clerk)

    def test_by_a_stranger_nothing(self, house, case):
        states(case)
        entry = NationalEntry.objects.get(case=case, group="FILING")
        for stranger in (house.window_clerk2, house.inspector, house.judge):
            with pytest.raises(PermissionDenied):
                entries.tick(case, group="FILING", seen=entry.digest, at=AT, actor=stranger)
            with pytest.raises(PermissionDenied):
                entries.tick_many({entry.pk: entry.digest}, at=AT, actor=stranger)

    def test_money_and_measures_only_by_who_may_see_them(self, house, case):
        case = factories.into_stream(house, case)
        factories.deposit(house, case, "300.00", serial="A", at=AT)
        states(case)
        with pytest.raises(PermissionDenied):
            tick(case, "MONEY", house.window_clerk)
        assert tick(case, "MONEY", house.assistant).state == State.TYPED
        seen = NationalEntry.objects.visible_to(house.window_clerk).values_list("group", flat=True)
        assert set(seen) == {"FILING", "PARTIES", "PROGRESS", "CLOSING"}

    def test_following_reads_only_what_moved(self, house, case):
        factories.file_case(house)
        assert entries.follow(at=AT) == 2
        assert entries.follow(at=AT) == 0
        factories.into_stream(house, case)
        assert entries.follow(at=AT) == 1


CALL = {"kind": "CALL", "whom": "张安然", "text": "询问进度"}


class TestPages:
    def test_each_value_can_be_copied_and_each_group_ticked(self, house, case, login):
        client, address = login(house.window_clerk), reverse("supervision:to_type_case", args=[case.pk])
        page = client.get(address).content.decode()
        assert 'value="11010519491231002X"' in page
        assert 'data-copy="value-0-0"' in page
        assert "案款" not in page.split("<h1>")[1]
        group = next(row for row in client.get(address).context["groups"] if row.code == "FILING")
        client.post(reverse("supervision:tick_group", args=[case.pk]), {"group": "FILING", "seen": group.digest})
        page = client.get(address).content.decode()
        assert "登记已录入" in page
        client.post(reverse("supervision:untick_group", args=[case.pk]), {"group": "FILING"})
        assert "登记已录入" not in client.get(address).content.decode()

    def test_who_types_nothing_sees_personal_numbers_in_part(self, house, case, login):
        page = login(house.inspector).get(reverse("supervision:to_type_case", args=[case.pk])).content.decode()
        assert "110105********002X" in page
        assert "11010519491231002X" not in page
        assert "这一组已录入" not in page
        content = login(house.inspector).post(reverse("supervision:export_to_type")).content
        assert "11010519491231002X" not in str(list(load_workbook(io.BytesIO(content)).active.values))

    def test_the_list_with_its_filters(self, house, case, login):
        other = factories.into_stream(house, factories.file_case(house).case)
        states(case)
        tick(case, "FILING", house.window_clerk)
        tick(other, "PROGRESS", house.window_clerk)
        Case.objects.filter(pk=other.pk).update(judge=house.judge2)
        cases.log_contact(other, **CALL, at=AT, actor=other.owner)
        entries.follow(at=AT)
        client, address = login(house.window_clerk), reverse("supervision:to_type")

        def shown(**chosen):
            return [(row.case_id, row.group) for row in client.get(address, chosen).context["page"]]

        assert shown(state="CHANGED") == [(other.pk, "PROGRESS")]
        assert (case.pk, "FILING") not in shown()
        assert shown(state="TYPED") == [(case.pk, "FILING")]
        assert set(shown(group="PARTIES")) == {(case.pk, "PARTIES"), (other.pk, "PARTIES")}
        assert {row[0] for row in shown(clerk=house.judge2.pk)} == {other.pk}
        assert shown(court="内0303") == []
        assert {row[0] for row in shown(number=case.number)} == {case.pk}
        # What has changed stands first.
        assert shown()[0] == (other.pk, "PROGRESS")

    def test_many_are_ticked_from_the_list_as_they_were_shown(self, house, case, login):
        states(case)
        client, address = login(house.window_clerk), reverse("supervision:tick_many")
        rows = NationalEntry.objects.filter(case=case, state=State.TO_TYPE)
        client.post(address + "?group=", {"entry": [f"{row.pk}:{row.digest}" for row in rows]})
        assert set(states(case).values()) == {State.TYPED, State.NOTHING}
        for wrong in (["x"], ["9:9:9"], []):
            assert client.post(address, {"entry": wrong}).status_code in (302, 403)
        assert "请至少勾选一项" in client.post(address, follow=True).content.decode()

    def test_the_sheet_has_every_value(self, house, case, login):
        states(case)
        answer = login(house.window_clerk).post(reverse("supervision:export_to_type") + "?group=PARTIES")
        rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
        assert (case.number, "海勃湾法院", "当事人", "申请执行人1 张安然", "证件号码", "11010519491231002X") in [
            row[:6] for row in rows
        ]
        assert Event.objects.filter(verb="export").exists()

    def test_another_court_and_another_case_do_not_exist(self, house, case, login):
        states(case)
        for stranger in (house.window_clerk2, house.officer3):
            client = login(stranger)
            assert client.get(reverse("supervision:to_type_case", args=[case.pk])).status_code == 404
            assert not list(client.get(reverse("supervision:to_type")).context["page"])
        client = login(house.window_clerk2)
        assert client.post(reverse("supervision:tick_group", args=[case.pk]), {"group": "FILING"}).status_code == 404
        assert client.get(reverse("supervision_api:to_type_case", args=[case.pk])).status_code == 404

    def test_a_window_keeps_its_courts_cases_wherever_they_were_filed(self, house, case, login):
        filed = factories.intake.file_case(
            factories.filing(window_code="W3", court_code="内0302"),
            payees={1: factories.PAYEE},
            without_reception=factories.BY_POST,
            at=moment(2021, 9, 1),
            actor=house.window_clerk2,
        ).case
        assert login(house.window_clerk).get(reverse("supervision:to_type_case", args=[filed.pk])).status_code == 200
        assert login(house.window_clerk2).get(reverse("supervision:to_type_case", args=[filed.pk])).status_code == 404

    def test_the_way_there_stands_on_the_case_where_it_leads_somewhere(self, house, case, login):
        for user in (house.window_clerk, house.inspector, house.judge, house.window_clerk2):
            client = login(user)
            address = reverse("supervision:to_type_case", args=[case.pk])
            page = client.get(case.get_absolute_url())
            if page.status_code == 200:
                assert (address in page.content.decode()) == (client.get(address).status_code == 200), user
        assert address not in page.content.decode()
        crossed = factories.intake.file_case(
            factories.filing(window_code="W3", court_code="内0302"),
            payees={1: factories.PAYEE},
            without_reception=factories.BY_POST,
            at=moment(2021, 9, 1),
            actor=house.window_clerk2,
        ).case
        page = login(house.window_clerk2).get(crossed.get_absolute_url())
        assert page.status_code == 200
        assert reverse("supervision:to_type_case", args=[crossed.pk]) not in page.content.decode()

    def test_the_desk_counts_what_waits(self, house, case):
        states(case)
        item = next(iter(desk.items(house.window_clerk, today=AT.date())))
        assert item.title == "3 组未录入，0 组录入后有变动"
        assert not list(desk.items(house.window_clerk2, today=AT.date()))

    def test_the_api_lists_shows_and_ticks(self, house, case, login):
        states(case)
        client = login(house.window_clerk)
        rows = client.get(reverse("supervision_api:to_type"), {"group": "FILING"}).json()["results"]
        assert [(row["number"], row["entry_state"]) for row in rows] == [(case.number, "TO_TYPE")]
        groups = client.get(reverse("supervision_api:to_type_case", args=[case.pk])).json()
        filing = next(row for row in groups if row["field_group"] == "FILING")
        assert filing["digest"] == rows[0]["digest"]
        kind = "application/json"
        address = reverse("supervision_api:tick", args=[case.pk])
        assert client.post(address, {"group": "FILING", "seen": "x"}, content_type=kind).status_code == 422
        assert client.post(address, {"group": "FILING", "seen": filing["digest"]}, content_type=kind).status_code == 200
        untick = reverse("supervision_api:untick", args=[case.pk])
        assert client.post(untick, {"group": "FILING"}, content_type=kind).status_code == 200
        many = reverse("supervision_api:tick_many")
        told = {"entry": [f"{rows[0]['id']}:{rows[0]['digest']}"]}
        assert client.post(many, told, content_type=kind).json() == {"count": 1}
