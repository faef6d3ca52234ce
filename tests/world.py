"""A small bureau with one thing of each kind, built through the services, for the address test and the page walk."""

from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from accounts import services as accounts
from accounts.bank import BankLineData
from accounts.models import Delay
from bureau import services as bureau
from bureau.models import Deputy, User
from cases import services as cases
from cases.models import Case, Handover
from dispatch import services as dispatch
from documents import services as documents
from tests import factories

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class World:
    """The staff and one thing of each kind; `strange` things belong to another window and team."""

    house: factories.House
    things: dict[str, Any] = field(default_factory=dict)
    strange: dict[str, Any] = field(default_factory=dict)

    def user(self, role: str) -> User:
        """Return the first member of staff of that role."""
        return self.house.staff[role.lower()]


def build() -> World:
    """Build it as of September 2021."""
    world = World(factories.House.build())
    house, at = world.house, factories.moment(2021, 9, 16)
    world.things = _things(house, factories.file_case(house).case, "A", team="FAST", at=at)
    world.things["deputy"] = bureau.grant_deputy(
        principal=house.chief,
        deputy=house.vice_president,
        act=Deputy.Act.APPROVE_PAYOUT,
        from_on=at.date(),
        until_on=at.date(),
        document="授权书1号",
        at=at,
        actor=house.chief,
    )
    world.things["holiday"] = bureau.set_holiday(
        on=factories.moment(2050, 1, 3).date(), kind="PUBLIC", name="元旦", source="测试", at=at, actor=house.chief
    )
    world.things["kind"] = SimpleNamespace(pk="due-day")
    world.things["job"] = bureau.ask_job("verify_events", at=at, actor=house.chief)
    world.things["conflict"] = dispatch.declare_conflict(
        house.judge3, party_name="无关人", relation="亲属", at=at, actor=house.dispatcher
    )
    line = BankLineData("U1", at.date(), Decimal("77.00"), "不明付款人")
    world.things["bank_line"] = accounts.arrive(line, at=at, actor=house.finance)
    other = factories.filing(window_code="W3", court_code="内0303")
    filed = factories.intake.file_case(
        other, payees={1: factories.PAYEE}, at=factories.moment(2021, 9, 1), actor=house.window_clerk2
    )
    world.strange = _things(house, filed.case, "B", team="ORDINARY", at=at)
    more_stages(house)
    return world


def _things(house: factories.House, case: Case, mark: str, *, team: str, at: Any) -> dict[str, Any]:
    case = factories.into_stream(house, case, team=team)
    clerk = house.window_clerk if case.filing_window.code == "W2" else house.window_clerk2
    material = documents.receive(case, [documents.Paper("BASIS", "判决书", PDF)], at=at, actor=clerk)[0]
    receipt = factories.deposit(house, case, "50000.00", serial=mark, at=at)
    payout = factories.payout(house, case, "20000.00", reference=mark, until="REQUESTED", at=at)
    delay = accounts.request_delay(
        receipt, reason=Delay.Reason.DL5, document="情况说明", until_on=at.date(), at=at, actor=case.owner
    )
    return {
        "case": case,
        "material": material,
        "receipt": receipt,
        "payout": payout,
        "delay": delay,
        "handover": Handover.objects.get(case=case),
        "deadline": case.deadlines.get(node="ASK_CLUES"),
    }


def more_stages(house: factories.House) -> None:
    """Leave a case in every other stage, so that desks and boards have something to show."""
    at = factories.moment(2021, 9, 3)
    factories.file_case(house)
    factories.assign(house, factories.file_case(house).case)
    case = factories.assign(house, factories.file_case(house).case)
    cases.start(case, at=at, actor=house.assistant)
    pending = factories.assign(house, factories.file_case(house).case)
    cases.start(pending, at=at, actor=house.assistant)
    pack = ["NOTICE", "REPORT_ORDER", "QUERY_LAUNCHED"]
    cases.hand_over(pending, pack=pack, note="请查收", at=at, actor=house.assistant)
    resting = factories.into_stream(house, factories.file_case(house).case)
    cases.suspend(resting, ground="CONSENT", document="裁定书", at=at, actor=resting.judge)
    ended = factories.into_stream(house, factories.file_case(house).case)
    cases.terminate(ended, document="撤回申请书", at=at, actor=ended.judge)


SCOPED = {"case", "material", "receipt", "payout", "delay", "handover", "deadline"}
