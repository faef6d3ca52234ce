"""What the bureau says of its houses, and the slip that leads a visitor there."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from bureau.errors import Refused
from bureau.versions import Stale, mark
from documents import services as documents
from intake import buildings, leaflet, slips, tickets
from intake.models import Bringing, Building, BuildingMap, Room, Ticket
from tests.factories import moment
from tests.world import PDF, PNG

AT = moment(2021, 9, 3)


@pytest.fixture
def building(house):
    return buildings.set_building(name="综合执行局办公楼", address="乌海市测试路1号", at=AT, actor=house.chief)


def room(house, building, row=None, **changes):
    plain = {"floor": 2, "number": "201", "name": "执行事务大厅", "window": house.windows["W2"], "way": "上二楼右转"}
    return buildings.set_room(building, row, **plain | changes, at=AT, actor=house.chief)


def image(house, content=PNG, *, by=None):
    return documents.stage_upload(SimpleUploadedFile("a.png", content), at=AT, actor=by or house.chief)


class TestKeeping:
    def test_only_those_who_keep_the_hall_change_anything(self, house, building):
        row = room(house, building)
        for stranger in (house.window_clerk, house.inspector, house.president):
            given = {"at": AT, "actor": stranger}
            for act in (
                lambda given=given: buildings.set_building(name="x", address="y", **given),
                lambda given=given: buildings.set_map(building, image=image(house), **given),
                lambda given=given: buildings.set_room(building, floor=1, number="1", name="x", **given),
                lambda given=given: buildings.remove_room(row, **given),
                lambda given=given: buildings.set_bringing(category="MONEY", text="x", **given),
            ):
                with pytest.raises(PermissionDenied):
                    act()

    def test_a_name_stands_once(self, house, building):
        with pytest.raises(Refused, match="同名"):
            buildings.set_building(name=building.name, address="别处", at=AT, actor=house.chief)
        kept = buildings.set_building(building, name=building.name, address="别处", at=AT, actor=house.chief)
        assert (kept.pk, Building.objects.get().address) == (building.pk, "别处")

    def test_a_room_is_of_exactly_one(self, house, building):
        for changes in ({"window": None}, {"team": house.teams["FAST"]}, {"number": " "}):
            with pytest.raises(Refused):
                room(house, building, **changes)
        row = room(house, building)
        with pytest.raises(Refused, match="已登记"):
            room(house, building)
        with pytest.raises(IntegrityError), transaction.atomic():
            Room.objects.filter(pk=row.pk).update(window=None)

    def test_who_edits_what_a_colleague_has_changed_is_shown_both(self, house, building):
        row = room(house, building)
        seen = mark(buildings.room_words(row))
        room(house, building, row, name="立案大厅")
        with pytest.raises(Stale):
            room(house, building, row, name="诉讼服务中心", seen=seen)
        assert Room.objects.get().name == "立案大厅"

    def test_a_map_is_an_image_by_its_content_and_the_newest_counts(self, house, building, monkeypatch):
        given = {"at": AT, "actor": house.chief}
        with pytest.raises(Refused, match="PNG、JPEG"):
            buildings.set_map(building, image=image(house, PDF), **given)
        with pytest.raises(PermissionDenied):
            buildings.set_map(building, image=image(house, by=house.window_clerk), **given)
        first, second = (buildings.set_map(building, image=image(house), **given) for _turn in range(2))
        assert list(building.maps.order_by("id")) == [first, second]
        monkeypatch.setattr("intake.buildings.MAP_BYTES_MAX", 10)
        with pytest.raises(Refused, match="5 MB"):
            buildings.set_map(building, image=image(house), **given)

    def test_what_to_bring_in_the_bureaus_own_words(self, house):
        assert buildings.bringing_words("MONEY") == leaflet.bringing_text("MONEY")
        given = {"category": "MONEY", "at": AT, "actor": house.chief}
        buildings.set_bringing(text=" 身份证 \n\n银行卡", **given)
        assert buildings.bringing_words("MONEY") == "身份证\n银行卡"
        for wrong in ({"text": " \n"}, {"text": "x", "category": "DANCE"}):
            with pytest.raises(Refused):
                buildings.set_bringing(**given | wrong)
        with pytest.raises(Stale):
            buildings.set_bringing(text="x", seen=mark({"text": "别的"}), **given)
        assert Bringing.objects.count() == 1

    @pytest.mark.parametrize("category", Ticket.Category.values)
    def test_every_matter_says_what_to_bring(self, category):
        assert leaflet.bringing_text(category)


class TestSlip:
    def test_the_way_leads_to_the_person_then_the_team_then_the_window(self, house, building):
        at_window = room(house, building)
        of_team = room(house, building, number="305", name="速执团队", window=None, team=house.teams["FAST"])
        assert slips.room_of(None, house.windows["W2"]) == at_window
        assert slips.room_of(house.officer, house.windows["W2"]) == of_team
        of_person = room(house, building, number="306", name="执行员室", window=None, user=house.officer)
        assert slips.room_of(house.officer, house.windows["W2"]) == of_person
        assert slips.room_of(house.chief, house.windows["W2"]) is None
        assert slips.room_of(house.receptionist, None) == at_window

    def test_it_prints_where_who_what_the_map_and_the_leaflet(self, house, building, login, monkeypatch):
        monkeypatch.setattr("bureau.clock.now", lambda: AT)
        room(house, building)
        room(house, building, number="305", name="速执团队办公室", window=None, team=house.teams["FAST"], floor=3)
        shown = buildings.set_map(building, image=image(house), at=AT, actor=house.chief)
        ticket = tickets.take_ticket(category="MEETING", at=AT, actor=house.window_clerk)
        client, address = login(house.window_clerk), reverse("intake:slip", args=[ticket.pk])
        page = client.get(address).content.decode()
        for words in (
            "B001",
            "2 楼",
            "201 执行事务大厅",
            "上二楼右转",
            "想当面说明的材料",
            "日万分之一点七五",
            "12368",
        ):
            assert words in page
        assert "next-sheet" in page
        assert reverse("intake:building_map", args=[shown.pk]) in page
        assert client.post(address, {"person": house.officer.pk}).status_code == 302
        page = client.get(address).content.decode()
        assert "305 速执团队办公室" in page
        assert house.officer.name in page
        assert client.post(address, {"person": house.system_admin.pk}).status_code == 422

    def test_without_a_room_it_still_prints(self, house, login, monkeypatch):
        monkeypatch.setattr("bureau.clock.now", lambda: AT)
        ticket = tickets.take_ticket(category="PETITION", at=AT, actor=house.window_clerk)
        page = login(house.window_clerk).get(reverse("intake:slip", args=[ticket.pk])).content.decode()
        assert house.windows["W2"].name in page
        assert "building_map" not in page


class TestPages:
    def test_house_room_map_and_what_to_bring(self, house, login):
        client = login(house.system_admin)
        assert client.post(reverse("intake:buildings"), {"name": "", "address": "x"}).status_code == 422
        client.post(reverse("intake:buildings"), {"name": "海南法院", "address": "乌海市测试路2号"})
        building = Building.objects.get()
        said = {"floor": 1, "number": "101", "name": "立案大厅", "window": house.windows["W3"].pk, "way": ""}
        assert client.post(reverse("intake:add_room", args=[building.pk]), said | {"window": ""}).status_code == 422
        assert client.post(reverse("intake:add_room", args=[building.pk]), said).status_code == 302
        row = Room.objects.get()
        assert client.post(reverse("intake:room", args=[row.pk]), said | {"floor": 2}).status_code == 302
        upload = reverse("intake:set_map", args=[building.pk])
        assert client.post(upload, {"image": SimpleUploadedFile("a.png", PDF)}).status_code == 422
        assert client.post(upload, {"image": SimpleUploadedFile("a.exe", PNG)}).status_code == 302
        answer = client.get(reverse("intake:building_map", args=[BuildingMap.objects.get().pk]))
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
        assert b"".join(answer.streaming_content) == PNG
        page = client.get(reverse("intake:building", args=[building.pk])).content.decode()
        assert "101" in page
        assert client.post(reverse("intake:remove_room", args=[row.pk])).status_code == 302
        assert not Room.objects.exists()

    def test_what_to_bring_is_edited_and_odd_addresses_harm_nothing(self, house, login):
        client, address = login(house.chief), reverse("intake:bringing")
        assert "银行卡" in client.get(f"{address}?category=MONEY").content.decode()
        assert client.get(f"{address}?category=%00x").status_code == 200
        assert client.post(address, {"category": "X", "text": "a"}).status_code == 422
        assert client.post(address, {"category": "MONEY", "text": "身份证\n银行卡"}).status_code == 302
        assert "身份证；银行卡" in client.get(reverse("intake:buildings")).content.decode()
