"""The hall of the demo on the book's last day: a queue with somebody being served, queries, rooms; all invented."""

from bureau.models import Team, User, Window
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
ROOMS = (
    (1, "101", "立案大厅（演示）", "W2", "", "正门进，安检后直行"),
    (2, "201", "速执团队（演示）", "", Team.Kind.FAST, "电梯上二楼，右转第一间"),
    (2, "205", "普执团队（演示）", "", Team.Kind.ORDINARY, "电梯上二楼，左转第三间"),
    (3, "302", "案款管理（演示）", "", Team.Kind.FINANCE, "电梯上三楼，右转第二间"),
)


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
    windows = {window.code: window for window in Window.objects.all()}
    teams = {team.kind: team for team in Team.objects.all()}
    for floor, number, name, window, team, way in ROOMS:
        buildings.set_room(
            house,
            floor=floor,
            number=number,
            name=name,
            way=way,
            window=windows.get(window),
            team=teams.get(team),
            at=at,
            actor=chief,
        )
