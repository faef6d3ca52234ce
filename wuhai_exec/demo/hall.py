"""The hall of the demo on the book's last day: a queue with somebody being served, queries, rooms; all invented."""

from pathlib import Path

import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from bureau.models import Team, User, Window
from documents import services as documents
from documents.library.declared import canonical
from documents.typesetting import FONTS
from intake import buildings, inquiries, tickets
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.plan import ENDS_ON
from wuhai_exec.demo.walk import DAY, moment

# Minutes after midnight, matter, lane, name.
VISITORS = (
    (545, "FILING", "", "演示甲"),
    (550, "INQUIRY", "", "演示乙"),
    (556, "MONEY", "", "演示丙"),
    (561, "INQUIRY", "ELDERLY", "演示丁某"),
    (570, "MEETING", "", "演示戊"),
)
# Floor, number, name, window, team; rooms of a floor from left to right, the lift between.
ROOMS = (
    (1, "101", "立案大厅（演示）", "W2", ""),
    (1, "103", "执行指挥中心（演示）", "", Team.Kind.COMMAND),
    (2, "201", "速执团队（演示）", "", Team.Kind.FAST),
    (2, "203", "事务团队（演示）", "", Team.Kind.AFFAIRS),
    (2, "205", "普执团队（演示）", "", Team.Kind.ORDINARY),
    (3, "301", "财产处置团队（演示）", "", Team.Kind.DISPOSAL),
    (3, "302", "案款管理（演示）", "", Team.Kind.FINANCE),
    (3, "304", "现场查控团队（演示）", "", Team.Kind.FIELD),
)
FLOORS = {1: "一楼", 2: "二楼", 3: "三楼"}
LIFT = {"number": "", "name": "电梯"}
MAP = Path(__file__).with_name("map.typ")


def fill(staff: Staff) -> None:
    """Say where the rooms are, let five visitors take numbers and serve two, and leave three queries, one overdue."""
    _rooms(staff["chief"])
    clerk = staff["window_clerk"]
    for minutes, category, priority, name in VISITORS:
        at = moment(ENDS_ON, minutes)
        tickets.take_ticket(category=category, priority=priority, name=name, at=at, actor=clerk)
    for called, begun, ended in ((562, 563, 571), (572, 573, None)):
        ticket = tickets.call_next(counter="1", at=moment(ENDS_ON, called), actor=clerk)
        tickets.start_ticket(ticket, at=moment(ENDS_ON, begun), actor=clerk)
        if ended:
            tickets.finish_ticket(ticket, at=moment(ENDS_ON, ended), actor=clerk)
    late, now = moment(ENDS_ON - 7 * DAY, 600), moment(ENDS_ON, 575)
    inquiries.open_inquiry(category="MEETING", text="（演示）想约见承办法官", at=late, actor=clerk)
    inquiries.open_inquiry(category="PROGRESS", text="（演示）案件办到哪一步", at=now, actor=clerk)
    money = inquiries.open_inquiry(category="MONEY", text="（演示）案款何时能领", at=now, actor=clerk)
    inquiries.hand_over_inquiry(money, to=staff["finance"], reason="涉及案款", at=now, actor=clerk)


def _rooms(chief: User) -> None:
    at = moment(ENDS_ON, 540)
    house = buildings.set_building(name="综合执行局办公楼（演示）", address="乌海市（演示地址）", at=at, actor=chief)
    picture = SimpleUploadedFile("map.png", _map(house.name))
    buildings.set_map(house, image=documents.stage_upload(picture, at=at, actor=chief), at=at, actor=chief)
    windows = {window.code: window for window in Window.objects.all()}
    teams = {team.kind: team for team in Team.objects.all()}
    for floor, number, name, window, team in ROOMS:
        buildings.set_room(
            house,
            floor=floor,
            number=number,
            name=name,
            way=_way(floor, number),
            window=windows.get(window),
            team=teams.get(team),
            at=at,
            actor=chief,
        )


def _numbers(floor: int) -> list[str]:
    return [number for level, number, *_rest in ROOMS if level == floor]


def _way(floor: int, number: str) -> str:
    numbers = _numbers(floor)
    place = numbers.index(number)
    left = (len(numbers) + 1) // 2
    side, door = ("左", left - place) if place < left else ("右", place - left + 1)
    start = "正门进，安检后" if floor == 1 else f"电梯上{FLOORS[floor]}，"
    return f"{start}{side}转第{'一二三四'[door - 1]}间"


def _map(title: str) -> bytes:
    """Return the picture of the floors, highest first, drawn from the same rows as the rooms."""
    floors = []
    for floor in sorted(FLOORS, reverse=True):
        rooms = [
            {"number": number, "name": name.removesuffix("（演示）")}
            for level, number, name, *_rest in ROOMS
            if level == floor
        ]
        rooms.insert((len(rooms) + 1) // 2, LIFT)
        floors.append({"name": FLOORS[floor], "entry": "正门、安检" if floor == 1 else "", "rooms": rooms})
    data = canonical({"title": title, "floors": floors})
    picture = typst.compile(
        MAP, format="png", ppi=120, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"data": data}
    )
    return bytes(picture)
