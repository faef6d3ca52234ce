"""The on-site sheet: grouped across cases, answered in one grid, nothing typed lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event
from cases import desk, services
from cases.models import Case, WorkOrder
from documents.models import Material
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 16)
ADDRESS = "/cases/onsite/"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def cases(house) -> list[Case]:
    return [
        kept.running_case(house),
        factories.into_stream(house, factories.file_case(house).case, team="ORDINARY"),
    ]


def ask(house, case, department, district, text="查询") -> WorkOrder:
    return services.request_work(
        case,
        kind="ONSITE",
        to_team=house.teams["FIELD"],
        text=text,
        department=department,
        district=district,
        at=AT,
        actor=case.owner,
    )


@pytest.fixture
def orders(house, cases) -> list[WorkOrder]:
    first, second = cases
    return [
        ask(house, first, "BANK", "WUDA"),
        ask(house, second, "REAL_ESTATE", "CITY"),
        ask(house, first, "BANK", "HAINAN"),
        ask(house, second, "BANK", "WUDA"),
    ]


def row(order, result="NONE", text="", one="", two=""):
    key = f"w{order.pk}"
    typed = {f"{key}-result": result, f"{key}-text": text, f"{key}-officer1": one, f"{key}-officer2": two}
    # What was found is shown.
    return typed | ({f"{key}-photos": [photo()]} if result == "FOUND" else {})


@pytest.fixture
def trip(house):
    return {"trip-officer1": house.field_officer.pk, "trip-officer2": house.bailiff.pk}


def states(orders) -> list[str]:
    found = dict(WorkOrder.objects.values_list("pk", "state"))
    return [found[order.pk] for order in orders]


def test_items_of_all_cases_stand_by_department_then_district(house, orders, login):
    page = login(house.field_officer).get(ADDRESS)
    assert [(group.department, group.district, len(group.items)) for group in page.context["groups"]] == [
        ("不动产登记中心", "市本级", 1),
        ("银行网点", "海南区", 1),
        ("银行网点", "乌达区", 2),
    ]
    text = page.content.decode()
    assert "91350100M000100Y43" not in text
    assert "执行人员" in text
    only = login(house.field_officer).get(f"{ADDRESS}?department=BANK&district=WUDA")
    assert [len(group.items) for group in only.context["groups"]] == [2]
    assert login(house.field_officer).get(f"{ADDRESS}?department=%00&district=';--").status_code == 200


def test_every_answer_goes_back_to_its_own_case_with_its_own_event(house, orders, login, trip):
    body = {**trip, **row(orders[0], "FOUND", "账户有余额"), **row(orders[1]), **row(orders[3], "REFUSED", "不予配合")}
    assert login(house.field_officer).post(ADDRESS, body).status_code == 302
    assert states(orders) == ["DONE", "DONE", "REQUESTED", "DONE"]
    for order in (orders[0], orders[1], orders[3]):
        chain = Event.objects.of_chain(f"case:{order.case_id}").filter(subject=f"workorder:{order.pk}")
        assert list(chain.values_list("verb", flat=True)) == ["request_work", "accept_work", "finish_work"]
    order = WorkOrder.objects.get(pk=orders[0].pk)
    assert {order.officer1, order.officer2} == {house.field_officer, house.bailiff}
    assert (order.result, order.result_text, order.done_by) == ("FOUND", "账户有余额", house.field_officer)


def test_own_officers_of_a_row_go_before_those_of_the_trip(house, orders, login, trip):
    body = {**trip, **row(orders[0], one=house.field_officer2.pk, two=house.field_officer.pk)}
    login(house.field_officer).post(ADDRESS, body)
    order = WorkOrder.objects.get(pk=orders[0].pk)
    assert (order.officer1, order.officer2) == (house.field_officer2, house.field_officer)


def test_half_filled_rows_stay_open_and_bad_rows_keep_what_was_typed(house, orders, login, trip):
    body = {
        **trip,
        **row(orders[0]),
        **row(orders[1], "", "写了一半<i>"),
        **row(orders[2], "FOUND", "余额", one=house.field_officer.pk, two=house.field_officer.pk),
        **row(orders[3], "PAPERS", ""),
    }
    answer = login(house.field_officer).post(ADDRESS, body)
    assert answer.status_code == 422
    assert states(orders) == ["DONE", "REQUESTED", "REQUESTED", "REQUESTED"]
    text = answer.content.decode()
    assert "已答复 1 项" in text
    assert "2 行未填完" in text
    assert text.count("未填完，仍为待办；") == 2
    assert "；请选择结果：有、无、拒绝或需补材料" in text
    assert "；除“无”以外，请写明结果说明" in text
    assert "两名执行人员不能是同一人" in text
    assert "写了一半&lt;i&gt;" in text
    assert 'value="余额"' in text
    typed = re.search(rf'<select name="w{orders[3].pk}-result".*?</select>', text, re.S)[0]
    assert 'value="PAPERS" selected' in typed
    assert f'name="w{orders[0].pk}-result"' not in text


def test_only_half_filled_rows_are_shown_again_without_an_error(house, orders, login):
    answer = login(house.field_officer).post(ADDRESS, row(orders[0], "", "写了一半"))
    assert answer.status_code == 200
    assert "1 行未填完" in answer.content.decode()
    assert states(orders) == ["REQUESTED"] * 4


def test_a_row_without_officers_names_the_field_and_keeps_what_was_typed(house, orders, login):
    answer = login(house.field_officer).post(ADDRESS, row(orders[0], "REFUSED", "拒不开门"))
    text = answer.content.decode()
    assert (answer.status_code, "执行人员一：现场事项须有两名执行人员" in text) == (422, True)
    assert 'value="拒不开门"' in text
    assert 'value="REFUSED" selected' in re.search(rf'<select name="w{orders[0].pk}-result".*?</select>', text, re.S)[0]
    assert states(orders) == ["REQUESTED"] * 4


def test_what_was_found_is_shown_by_a_photo_or_a_receipt(house, orders, login, trip):
    client = login(house.field_officer)
    bare = {**trip, **row(orders[0], "FOUND", "账户有余额"), f"w{orders[0].pk}-photos": []}
    answer = client.post(ADDRESS, bare)
    assert (answer.status_code, "请附现场照片或者回执" in answer.content.decode()) == (422, True)
    assert client.post(ADDRESS, {**trip, **row(orders[0], "FOUND", "账户有余额")}).status_code == 302
    # Returned and answered again, what lies in the file shows it still.
    services.return_work(WorkOrder.objects.get(pk=orders[0].pk), reason="补写", at=AT, actor=orders[0].case.owner)
    assert client.post(ADDRESS, bare).status_code == 302


def test_the_person_of_an_item_is_a_debtor(house, cases):
    applicant = cases[0].parties.get(side="APPLICANT")
    with pytest.raises(Refused, match="应是被执行人"):
        services.request_work(
            cases[0],
            kind="ONSITE",
            to_team=house.teams["FIELD"],
            text="查询",
            party=applicant,
            department="BANK",
            district="WUDA",
            at=AT,
            actor=cases[0].owner,
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"result": "DROP TABLE"},
        {"text": "a\x00b"},
        {"text": "长" * 1001},
        {"one": "999999999"},
        {"one": "x' OR 1=1"},
    ],
)
def test_hostile_rows_get_their_message_and_stop_no_other(house, orders, login, trip, changes):
    body = {**trip, **row(orders[0], **{"result": "FOUND", "text": "有", **changes}), **row(orders[1])}
    answer = login(house.field_officer).post(ADDRESS, body)
    assert answer.status_code == 422
    assert [item.order.pk for item in answer.context["sheet"].items if item.errors] == [orders[0].pk]
    assert states(orders) == ["REQUESTED", "DONE", "REQUESTED", "REQUESTED"]


def test_an_officer_of_another_team_is_no_officer_of_the_trip(house, orders, login, trip):
    body = {**trip, "trip-officer2": house.officer.pk, **row(orders[0])}
    login(house.field_officer).post(ADDRESS, body)
    assert states(orders)[0] == "REQUESTED"


def test_another_team_sees_only_its_own_cases_items_and_answers_none(house, orders, login, trip):
    client = login(house.officer)
    page = client.get(ADDRESS)
    assert not page.context["groups"]
    assert client.post(ADDRESS, {**trip, **row(orders[0])}).status_code == 302
    assert states(orders) == ["REQUESTED"] * 4
    assert sum(len(group.items) for group in login(house.chief).get(ADDRESS).context["groups"]) == 4
    assert "提交已填各行" not in login(house.chief).get(ADDRESS).content.decode()


def test_a_row_answered_meanwhile_is_not_answered_twice(house, orders, login, trip):
    client = login(house.field_officer)
    body = {**trip, **row(orders[0], "FOUND", "先答")}
    client.post(ADDRESS, body)
    late = client.post(ADDRESS, {**trip, **row(orders[0], "FOUND", "后<b>答</b>"), **row(orders[1], "NONE")})
    assert WorkOrder.objects.get(pk=orders[0].pk).result_text == "先答"
    assert states(orders)[1] == "DONE"
    # Both versions are shown, and what was typed is not lost.
    assert late.status_code == 422
    text = late.content.decode()
    assert "后&lt;b&gt;答&lt;/b&gt;" in text
    assert "先答" in text
    # The same answer sent twice, as by a double click, is no quarrel.
    assert client.post(ADDRESS, body).status_code == 302


def test_one_item_is_answered_on_its_own_page_too(house, orders, login):
    client, address = login(house.field_officer), f"/cases/work/{orders[0].pk}/finish/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"result": "FOUND", "text": "有", "photos": [photo()]}).status_code == 422
    body = {"result": "NONE", "officer1": house.field_officer.pk, "officer2": house.bailiff.pk}
    assert client.post(address, body).status_code == 302
    assert states(orders)[0] == "DONE"


def photo(name="车辆.jpg", content=b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"0" * 64):
    return SimpleUploadedFile(name, content, content_type="text/plain")


def test_photos_of_an_answer_go_into_its_own_case_and_stand_with_it(house, orders, login, trip):
    client = login(house.field_officer)
    typed = {**trip, **row(orders[0], "FOUND", "有轿车一辆"), f"w{orders[0].pk}-photos": [photo(), photo("二.jpg")]}
    assert client.post(ADDRESS, typed | row(orders[1])).status_code == 302
    kept = list(Material.objects.filter(kind="ONSITE").order_by("id"))
    assert [(paper.work_order, paper.case, paper.kind) for paper in kept] == [(orders[0], orders[0].case, "ONSITE")] * 2
    assert {paper.content_type for paper in kept} == {"image/jpeg"}  # by content, not by what the browser says
    judge = login(house.judge)
    tab = judge.get(f"/cases/{orders[0].case_id}/work/").content.decode()
    addresses = [reverse("documents:open", args=[paper.pk]) for paper in kept]
    assert all(address in tab for address in addresses)
    assert all(
        address in judge.get(reverse("documents:case_materials", args=[orders[0].case_id])).content.decode()
        for address in addresses
    )
    assert judge.get(addresses[0])["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([photo("脚本.jpg", b"<script>alert(1)</script>")], "脚本.jpg：只接受"),
        ([photo("空.jpg", b"")], "空"),
        ([photo() for _number in range(11)], "一次不超过 10 份"),
    ],
)
def test_what_is_no_photo_refuses_its_row_and_no_other(house, orders, login, trip, files, said):
    client = login(house.field_officer)
    typed = {**trip, **row(orders[0], "FOUND", "有"), f"w{orders[0].pk}-photos": files, **row(orders[1])}
    answer = client.post(ADDRESS, typed)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert states(orders)[:2] == ["REQUESTED", "DONE"]
    assert not Material.objects.filter(kind="ONSITE").exists()


def test_photos_on_the_answers_own_page(house, orders, login):
    client, address = login(house.field_officer), f"/cases/work/{orders[0].pk}/finish/"
    body = {"result": "FOUND", "text": "有", "officer1": house.field_officer.pk, "officer2": house.bailiff.pk}
    assert client.post(address, body | {"photos": [photo("x.png", b"GIF89a")]}).status_code == 422
    assert client.post(address, body | {"photos": [photo()]}).status_code == 302
    assert Material.objects.get(kind="ONSITE").work_order == orders[0]


def test_the_desk_names_the_trip_once(house, orders):
    [item] = desk.items(house.field_officer, today=AT.date())
    assert (item.kind, item.title, item.url) == ("现场事项", "4 项待现场办理", ADDRESS)
    [late] = desk.items(house.field_officer, today=moment(2021, 10, 20).date())
    assert late.is_red


def test_the_sheet_costs_the_same_for_many_items(house, cases, login, django_assert_max_num_queries):
    for _turn in range(10):
        ask(house, cases[0], "BANK", "WUDA")
    client = login(house.field_officer)
    with django_assert_max_num_queries(12):
        client.get(ADDRESS)


def test_the_sheet_of_a_trip_shows_full_numbers_on_the_record(house, orders, login):
    client = login(house.field_officer)
    number = orders[0].case.parties.get(side="DEBTOR").id_number
    assert number not in client.get(ADDRESS).content.decode()
    page = client.post(f"{ADDRESS}trip/")
    assert number in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    seen = Event.objects.filter(verb="reveal_identity")
    assert {event.chain for event in seen} == {f"case:{order.case_id}" for order in orders}
    assert not any(number in event.details for event in seen)


def test_another_team_takes_no_numbers_along(house, orders, login):
    page = login(house.officer).post(f"{ADDRESS}trip/")
    assert page.status_code == 200
    assert orders[0].case.parties.get(side="DEBTOR").id_number not in page.content.decode()
    assert not Event.objects.filter(verb="reveal_identity").exists()
