"""The old books of the demo's three courts: a workbook each, handed in by its own clerk and taken in by the import."""

import datetime as dt
from io import BytesIO
from random import Random
from typing import Any

from openpyxl import Workbook

from bureau.models import User
from cases.filing import PartyData
from intake.oldbook import services
from intake.oldbook.columns import CASES, COLUMNS, CONTROLS, MONEY
from wuhai_exec.demo.organisation import COURT_TEAMS, Staff
from wuhai_exec.demo.people import People
from wuhai_exec.demo.walk import moment

SEED = 302
# One of the last days: what it brings lies on the desks on the last evening, unsigned.
TAKEN_IN_AT = moment(dt.date(2021, 12, 24), 560)
Row = dict[str, Any]
PERSON, ORGANISATION = "自然人", "法人或其他组织"
# Filed, stage, since, rest (ground, document, last day), claimed, paid before, held, control (kind, measure, thing,
# unit, from, to); the first of a court has an old number.
SHAPES: tuple[Row, ...] = (
    {
        "filed_on": "2014-09-22",
        "stage": "中止",
        "since_on": "2016-03-10",
        "rest": ("人民法院认为应当中止的其他情形", "中止裁定书"),
        "amount": 186000,
        "paid": (("2015-02-11", 42000),),
    },
    {
        "filed_on": "2018-05-14",
        "stage": "办理中",
        "since_on": "2018-06-01",
        "amount": 96500,
        "paid": (("2019-01-18", 20000), ("2020-07-03", 15000)),
        "held": (("2021-12-08", 12000),),
        "control": (
            "不动产",
            "查封",
            "乌海市{district}{street}{number}号房屋",
            "乌海市不动产登记中心",
            "2019-01-21",
            "2022-01-20",
        ),
    },
    {
        "filed_on": "2019-11-06",
        "stage": "办理中",
        "since_on": "2019-11-20",
        "amount": 254300,
        "held": (("2021-12-20", 30500),),
        "control": ("银行存款", "冻结", "乌海银行，账号尾号{tail}", "乌海银行", "2021-02-04", "2022-02-03"),
    },
    {
        "filed_on": "2020-08-17",
        "stage": "暂缓",
        "since_on": "2021-11-01",
        "rest": ("依法决定暂缓的其他情形", "暂缓执行决定书", "2022-01-10"),
        "amount": 68000,
    },
    {
        "filed_on": "2021-06-28",
        "stage": "办理中",
        "since_on": "2021-07-05",
        "amount": 41250,
        "control": (
            "车辆",
            "查封",
            "蒙C{tail}7小型客车",
            "乌海市公安局交通管理支队车辆管理所",
            "2021-07-12",
            "2023-07-11",
        ),
    },
)
OLD_NUMBERS = {"内0302": "海勃湾", "内0303": "海南", "内0304": "乌达"}
DISTRICTS = {"内0302": "海勃湾区", "内0303": "海南区", "内0304": "乌达区"}
CAUSES = ("民间借贷纠纷", "买卖合同纠纷", "劳动争议", "金融借款合同纠纷", "房屋租赁合同纠纷")


def load(staff: Staff) -> int:
    """Let each court's clerk hand its old book in, checked first as on the page; return how many cases came in."""
    count = 0
    for place, (team, court) in enumerate(COURT_TEAMS.items()):
        clerk = _of_team(staff, "OLD_BOOK_CLERK", team)
        handlers = {
            "judge": _of_team(staff, "JUDGE", team).username,
            "owner": _of_team(staff, "OFFICER", team).username,
        }
        content = _workbook(court, clerk, handlers, Random(SEED + place))
        book = services.read(content, at=TAKEN_IN_AT, actor=clerk)
        services.rehearse(book, at=TAKEN_IN_AT, actor=clerk)
        name = f"{OLD_NUMBERS[court]}旧存案件.xlsx"
        made = services.take_in(book, name=name, at=TAKEN_IN_AT, actor=clerk, is_demo=True)
        count += made.case_count
    return count


def _of_team(staff: Staff, role: str, team: str) -> User:
    return next(user for user in staff.of_role(role) if user.team is not None and user.team.code == team)


def _workbook(court: str, clerk: User, handlers: Row, rng: Random) -> bytes:
    people = People(rng)
    pages: dict[str, list[Row]] = {CASES: [], CONTROLS: [], MONEY: []}
    for place, shape in enumerate(SHAPES):
        _add(pages, court, place, shape, handlers, people, rng)
    made, out = Workbook(), BytesIO()
    made.remove(made.worksheets[0])
    for name, rows in pages.items():
        page = made.create_sheet(name)
        page.append(list(COLUMNS[name].values()))
        for row in rows:
            page.append([row.get(field) for field in COLUMNS[name]])
    # The same book has the same bytes: a file is known by them.
    made.properties.created = made.properties.modified = TAKEN_IN_AT.replace(tzinfo=None)
    made.save(out)
    return out.getvalue()


def _add(
    pages: dict[str, list[Row]], court: str, place: int, shape: Row, handlers: Row, people: People, rng: Random
) -> None:
    number = _number(court, place, shape["filed_on"], rng)
    applicant = people.person("APPLICANT")
    debtor = people.person("DEBTOR") if place % 2 else people.company("DEBTOR", is_known=True)
    filed_on = dt.date.fromisoformat(shape["filed_on"])
    made_on = filed_on - dt.timedelta(days=rng.randrange(60, 160))
    rest = shape.get("rest", ())
    pages[CASES] += [
        {
            **_party(number, "申请执行人", applicant),
            **handlers,
            "filed_on": shape["filed_on"],
            "basis_kind": "民事判决书",
            "basis_issuer": f"乌海市{DISTRICTS[court]}人民法院",
            "basis_number": f"({made_on.year}){court}民初{rng.randrange(100, 3000)}号",
            "basis_made_on": f"{made_on}",
            "basis_effective_on": f"{made_on + dt.timedelta(days=20)}",
            "performance_due_on": f"{made_on + dt.timedelta(days=35)}",
            "cause": CAUSES[place],
            "stage": shape["stage"],
            "since_on": shape["since_on"],
            "ground": rest[0] if rest else "",
            "document": f"{number}{rest[1]}" if rest else "",
            "until_on": rest[2] if len(rest) > 2 else "",
            "claim_kind": "本金",
            "amount": f"{shape['amount']}.00",
        },
        _party(number, "被执行人", debtor),
    ]
    if control := shape.get("control"):
        pages[CONTROLS].append(_control(number, court, debtor, control, rng))
    for what, rows in (("现存", shape.get("held", ())), ("此前已发放", shape.get("paid", ()))):
        payer = debtor.name if what == "现存" else ""
        pages[MONEY] += [
            {"number": number, "what": what, "on": on, "amount": f"{amount}.00", "payer_name": payer}
            for on, amount in rows
        ]


def _number(court: str, place: int, filed_on: str, rng: Random) -> str:
    year = filed_on[:4]
    if place == 0:
        return f"({year}){OLD_NUMBERS[court]}执字第{rng.randrange(100, 900):04d}号"
    # Above whatever the book of 2021 reaches.
    return f"({year}){court}执{rng.randrange(1200, 1900)}号"


def _party(number: str, side: str, party: PartyData) -> Row:
    return {
        "number": number,
        "side": side,
        "kind": PERSON if party.kind == "PERSON" else ORGANISATION,
        "name": party.name,
        "id_number": party.id_number,
        "phone": party.phone,
        "address": party.address,
        "legal_representative": party.legal_representative,
    }


def _control(number: str, court: str, debtor: PartyData, control: tuple[str, ...], rng: Random) -> Row:
    kind, measure, thing, unit, from_on, to_on = control
    words = {"district": DISTRICTS[court], "street": "滨河路", "number": rng.randrange(3, 90)}
    return {
        "number": number,
        "debtor": debtor.name,
        "kind": kind,
        "measure": measure,
        "thing": thing.format(**words, tail=f"{rng.randrange(1000, 9000)}"),
        "unit": unit,
        "ruling": f"{number}之一",
        "from_on": from_on,
        "to_on": to_on,
    }
