"""Team work on the last day of the demo book: orders, on-site items, corrections, holds, a take-over, related cases.

Stated assumption: a few of each, on the oldest running cases, so that every page of them has something to show.
Nothing is drawn at random here, so that the rest of the book stays as it is.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bureau.models import Team, User
from cases import services as cases
from cases.models import Case, Party, WorkOrder
from dispatch import services as dispatch
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.papers import png
from wuhai_exec.demo.plan import ENDS_ON
from wuhai_exec.demo.walk import DAY, WORKDAYS, moment

# Kind of order, the team that does it, what is asked.
ORDERS = (
    ("QUERY", Team.Kind.AFFAIRS, "（演示）请补查公积金、社保"),
    ("DELIVERY", Team.Kind.AFFAIRS, "（演示）请邮寄送达结案通知书"),
    ("DOCUMENT", Team.Kind.AFFAIRS, "（演示）请制作协助执行通知书"),
    ("VALUATION", Team.Kind.DISPOSAL, "（演示）请启动车辆询价"),
)
# Department, district, what is asked on the spot.
PLACES = (
    ("REAL_ESTATE", "CITY", "（演示）查询名下不动产登记"),
    ("VEHICLES", "CITY", "（演示）查询车辆档案"),
    ("BANK", "HAIBOWAN", "（演示）查询账户流水"),
    ("BANK", "WUDA", "（演示）查询账户流水"),
    ("COMMUNITY", "HAINAN", "（演示）走访住所地居委会"),
    ("MARKET", "HAIBOWAN", "（演示）调取登记档案"),
)
HOLDS = ("等待评估机构出具报告", "等待当事人提交材料", "等待另案处理结果")


def fill(staff: Staff) -> None:
    """Leave a few of everything that teams ask of each other, in every state that waits for somebody."""
    running = _running()
    if not running:
        return
    _orders(running, staff)
    _onsite(running, staff)
    _corrections(running, staff)
    for number, (case, reason) in enumerate(zip(running, HOLDS, strict=False)):
        until_on = WORKDAYS.next_workday(ENDS_ON + (5 + number) * DAY)
        cases.hold(case, reason=reason, until_on=until_on, at=_at(30 + number), actor=staff.by_id(case.owner_id))
    _related(running[:2], staff)


def _at(minute: int) -> dt.datetime:
    return moment(ENDS_ON, 940 + minute)


def _running() -> list[Case]:
    """Return the oldest cases that an officer of a stream team works on, in the order of their filing."""
    running = Case.objects.of_bureau().filter(stage__in=(Case.Stage.FAST, Case.Stage.ORDINARY))
    worked = running.filter(owner__groups__name="OFFICER")
    return list(worked.select_related("number_court", "filing_window", "team").order_by("filed_at", "id")[:12])


def _ask(case: Case, kind: str, team: str, text: str, minute: int, staff: Staff, **place: Any) -> WorkOrder:
    to_team = Team.objects.get(kind=team)
    actor = staff.by_id(case.owner_id)
    return cases.request_work(case, kind=kind, to_team=to_team, text=text, at=_at(minute), actor=actor, **place)


def _orders(running: list[Case], staff: Staff) -> None:
    """One order waits, one is taken, one is answered; the clerk who took one is absent, and a colleague takes over."""
    made = [_ask(running[number % len(running)], *row, number, staff) for number, row in enumerate(ORDERS)]
    absent, taker = staff["records_clerk2"], staff["records_clerk"]
    cases.accept_work(made[1], at=_at(6), actor=absent)
    cases.accept_work(made[2], at=_at(6), actor=taker)
    cases.finish_work(made[2], text="（演示）已制作，待签发", at=_at(8), actor=taker)
    dispatch.take_over(absent, taker=taker, reason="（演示）外出培训", at=_at(10), actor=staff["chief"])


def _onsite(running: list[Case], staff: Staff) -> None:
    """Six items of four departments; one is answered by two officers with a photo and waits to be confirmed."""
    made = []
    for number, (department, district, text) in enumerate(PLACES):
        place = {"department": department, "district": district}
        made.append(_ask(running[number % len(running)], "ONSITE", Team.Kind.FIELD, text, 12 + number, staff, **place))
    first, second = _field_officers(staff)
    photo = SimpleUploadedFile("receipt.png", png(gap=18))
    cases.finish_work(
        made[0],
        text="（演示）名下有住宅一套，已取得查询单",
        result=WorkOrder.Result.FOUND,
        officer1=first,
        officer2=second,
        photos=[photo],
        at=_at(20),
        actor=first,
    )


def _field_officers(staff: Staff) -> tuple[User, User]:
    first, second = staff.officers(Team.objects.get(kind=Team.Kind.FIELD).pk)[:2]
    return first, second


def _corrections(running: list[Case], staff: Staff) -> None:
    """Two telephone numbers are corrected by the applicants' word; the judge has confirmed one."""
    for number, case in enumerate(running[:2]):
        party = case.parties.filter(side=Party.Side.APPLICANT).order_by("position")[0]
        row = cases.propose_correction(
            case,
            target="PARTY",
            subject=party,
            values={"phone": f"0473-299010{number}"},
            reason="APPLICANT",
            document="（演示）申请执行人书面说明",
            at=_at(22 + number),
            actor=staff.by_id(case.owner_id),
        )
        if number == 0:
            cases.confirm_correction(row, at=_at(26), actor=staff.by_id(case.judge_id))


def _related(of: list[Case], staff: Staff) -> None:
    for number, (case, relation, matter) in enumerate(_matters(of)):
        cases.register_related(
            case,
            relation=relation,
            number="",
            court=case.number_court,
            court_name="",
            raised_by="（演示）案外人",
            matter=matter,
            received_on=ENDS_ON,
            filed_on=ENDS_ON,
            reviewer=None,
            at=_at(36 + number),
            actor=staff.by_id(case.judge_id),
        )


def _matters(of: list[Case]) -> Iterator[tuple[Case, str, str]]:
    words = (("OUTSIDER", "（演示）对查封的车辆主张所有权"), ("OBJECTION", "（演示）对冻结的账户提出执行行为异议"))
    for case, (relation, matter) in zip(of, words, strict=False):
        yield case, relation, matter
