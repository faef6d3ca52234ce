"""A small bureau with one thing of each kind, built through the services, for the address test and the page walk."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from accounts import services as accounts
from accounts.bank import BankLineData
from accounts.models import (
    BankAnswer,
    BankLine,
    Batch,
    DaySheet,
    Delay,
    LineRefund,
    PayeeAccount,
    PaymentFile,
    Unmatch,
)
from accounts.payees import PayeeData
from accounts.services import rosters as intake_of_rosters
from assets import services as assets
from bureau import services as bureau
from bureau.models import Deputy, User
from cases import services as cases
from cases.filing import PartyData
from cases.models import Case, Handover
from dispatch import asking, leaves, moves, notices, retriageservices, tableservices, verifyservices
from dispatch import services as dispatch
from documents import services as documents
from documents.models import Template
from intake import buildings, inquiries, tickets
from intake.imports import services as imports
from intake.imports.sheet import inspect
from intake.models import ReceptionTemplate
from intake.oldbook import services as oldbook
from portal import outbox
from portal import services as portal
from supervision.national import comparing, entries
from tests import factories, filingsheets, nationalsheets, oldbooks, rosters, statements

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63fcff9fa11e0007820280e3d4e2d00000000049454e44ae426082"
)
# One empty page of A4.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


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
    settled = factories.into_stream(house, factories.file_case(house).case)
    agreement = cases.settle(
        settled,
        document=factories.agreement(settled),
        terms="分期付清",
        instalments=[(factories.moment(2021, 10, 8).date(), Decimal("50000.00"))],
        at=at,
        actor=settled.judge,
    )
    world.things["instalment"] = agreement.instalments.get()
    proposed = factories.into_stream(house, factories.file_case(house).case)
    world.things["closing"] = factories.propose_closing(house, proposed, "TERMINATED", at=at)
    world.things["kind"] = SimpleNamespace(pk="due-day")
    world.things["job"] = bureau.ask_job("verify_events", at=at, actor=house.chief)
    world.things["template"] = Template.objects.get(code="ENFORCEMENT_NOTICE", version=1)
    world.things["revision"] = factories.propose_revision(world.things["template"], actor=house.chief, at=at)
    world.things["papers_job"] = documents.ask_several(
        [world.things["case"]], template=world.things["template"], values={}, at=at, actor=world.things["case"].judge
    )
    world.things["saved_filter"] = cases.save_filter("我的速执", query={"stage": "FAST"}, at=at, actor=house.chief)
    world.things["conflict"] = dispatch.declare_conflict(
        house.judge3, party_name="无关人", relation="亲属", at=at, actor=house.dispatcher
    )
    table = tableservices.draft_table(note="调整金额线", at=at, actor=house.dispatcher)
    world.things["table"], world.things["table_rule"] = table, table.rules.first()
    world.things["dry_run"] = tableservices.ask_dry_run(table, at=at, actor=house.dispatcher)
    world.things["judge"] = house.judge
    old = factories.file_case(house, at=factories.moment(2021, 8, 2)).case
    world.things["unit_move"] = moves.ask_move(old, reason="同一被执行人", at=at, actor=house.dispatcher)
    said = {"kind": "TASK", "title": "核对送达地址", "text": "本周内逐案核对", "due_on": dt.date(2050, 1, 7)}
    world.things["notice"] = notices.send_notice(**said, teams=[house.teams["FAST"]], at=at, actor=house.chief)
    said = {"kind": "NOTICE", "title": "普执例会", "text": "周五下午"}
    ordinary = notices.send_notice(**said, teams=[house.teams["ORDINARY"]], at=at, actor=house.chief)
    world.things["leave"] = leaves.register_leave(
        user=house.officer2,
        cover=house.officer,
        from_on=factories.moment(2050, 1, 3).date(),
        until_on=factories.moment(2050, 1, 4).date(),
        reason="年休假",
        at=at,
        actor=house.dispatcher,
    )
    world.things["assignment_request"] = asking.ask_assignment(
        wanted=[world.things["case"]],
        kind="REDRAW",
        reason="长期离岗",
        split_reason="只此一件",
        at=at,
        actor=house.dispatcher,
    )
    line = BankLineData("U1", at.date(), Decimal("77.00"), "不明付款人")
    world.things["bank_line"] = accounts.arrive(line, at=at, entered_by=house.finance2, actor=house.finance)
    typed = BankLineData("U3", at.date(), Decimal("7.00"), "不明付款人")
    world.things["line_entry"] = accounts.enter_line(typed, at=at, actor=house.finance)
    world.things["bank_format"] = statements.bank_format(house.finance, at)
    content = statements.table([statements.credit("U2", "5.00", on=f"{at:%Y-%m-%d}")])
    table = statements.staged(content, house.finance, at)
    world.things["statement_job"] = accounts.ask_statement(
        world.things["bank_format"], table=table, at=at, actor=house.finance
    )
    given = {"at": at, "actor": house.finance}
    world.things["bank_statement"] = statements.take_in(content, world.things["bank_format"], **given)
    accounts.make_day_sheets(at=at + dt.timedelta(days=1), actor=house.finance)
    world.things["day"] = DaySheet.objects.get(day=at.date())
    world.things["difference"] = world.things["day"].differences.order_by("id")[0]
    world.things["payment_file"] = payment_file(house, at)
    said = BankAnswer.objects.create(
        reference="STRANGE", serial="N1", kind="STRANGE", said="BOUNCED", reason="户名不符", received_at=at
    )
    world.things["bank_answer"] = said
    scan, table = rosters.staged(PDF, house.window_clerk, at), rosters.staged(PDF, house.window_clerk, at)
    world.things["roster_job"] = accounts.ask_import(
        Case.objects.get(pk=world.things["case"].pk),
        document="名册",
        scan=scan,
        table=table,
        at=at,
        actor=house.window_clerk,
    )
    own: dict[str, Any] = {"at": at, "actor": house.old_book_clerk}
    sheet = filingsheets.staged(filingsheets.book([filingsheets.line()]), house.window_clerk, at)
    world.things["filings_job"] = imports.ask_import(
        table=sheet, acceptance=filingsheets.ACCEPTANCE, at=at, actor=house.window_clerk
    )
    world.things["filing_import"] = imports.take_in(
        inspect(filingsheets.book([filingsheets.line(batch="9")]), today=at.date()),
        name="立案.xlsx",
        acceptance=filingsheets.ACCEPTANCE,
        at=at,
        actor=house.window_clerk,
    )
    old = oldbooks.take_in(house, controls=[oldbooks.CONTROL], money=[oldbooks.HELD])
    world.things["old_case"], world.things["old_book_import"] = old, old.taken_in.source
    table = documents.stage_table(SimpleUploadedFile("旧存.xlsx", oldbooks.book(oldbooks.rows())), **own)
    world.things["old_book_job"] = oldbook.ask_import(table=table, **own)
    other = factories.filing(window_code="W3", court_code="内0303")
    filed = factories.intake.file_case(
        other,
        payees={1: factories.PAYEE},
        materials=[factories.intake.MaterialData("PAYEE", "", factories.PDF, 1)],
        without_reception=factories.BY_POST,
        at=factories.moment(2021, 9, 1),
        actor=house.window_clerk2,
    )
    waiting = PayeeAccount.objects.get(case=filed.case)
    factories.check_payee(waiting, house.finance, at=factories.moment(2021, 9, 1))
    world.strange = _things(house, filed.case, "B", team="ORDINARY", at=at)
    world.things["reception_template"] = ReceptionTemplate.objects.get(claim_type="MONEY")
    for things, clerk in ((world.things, house.window_clerk), (world.strange, house.window_clerk2)):
        things["reception"] = factories.reception(clerk, at=at)
        kept = factories.reception(clerk, later=("cause",), at=factories.moment(2021, 9, 1))
        given = factories.filing(window_code=clerk.window.code)
        factories.intake.file_case(given, reception=kept, at=factories.moment(2021, 9, 1), actor=clerk)
        things["later_question"] = kept.later_questions.get()
    world.strange["notice"] = ordinary
    _hall(world, at=at)
    _national(world, at=at)
    more_stages(house)
    portal.project(at=at)
    outbox.put("PHONE_CODE", "13800001234", cause="code:world", code="123456", at=at)
    return world


def _national(world: World, *, at: Any) -> None:
    """Give two courts a mapping, a file of their case with another clerk in it, and a comparison that finds it."""
    house = world.house
    for things, clerk in ((world.things, house.window_clerk), (world.strange, house.window_clerk2)):
        court = clerk.window.court
        mapping = nationalsheets.mapping(court, at=at, actor=clerk)
        content = nationalsheets.book([nationalsheets.line(things["case"].number, handler="另一人")])
        file = nationalsheets.take_in(content, mapping, day=at.date(), at=at, actor=clerk)
        night = comparing.compare(court, day=at.date(), at=at, actor=clerk)
        things |= {"national_mapping": mapping, "national_file": file, "national_night": night, "national_court": court}
        things["national_difference"] = night.differences.filter(kind="DIFFERENT").order_by("id")[0]
        things["national_job"] = comparing.ask_compare(court, at=at, actor=clerk)
    entries.follow(at=at)


def payment_file(house: factories.House, at: Any) -> PaymentFile:
    """Return a file of one payment of a case of its own, made while the bank takes its orders by file."""
    case = factories.into_stream(house, factories.file_case(house).case)
    factories.deposit(house, case, "10.00", serial="FILED", at=at)
    factories.payout(house, case, "1.00", reference="FILED", until="SENT", at=at)
    own = {"ESCROW_HOLDER": "执行款专户", "ESCROW_ACCOUNT": "0603020409000012345", "ESCROW_BANK": "某银行"}
    with override_settings(BANK="accounts.bank.SimulatorByFile", **own):
        return accounts.make_payment_file(at=at, actor=house.finance)


def _things(house: factories.House, case: Case, mark: str, *, team: str, at: Any) -> dict[str, Any]:
    clerk = house.window_clerk if case.filing_window.code == "W2" else house.window_clerk2
    sent = verifyservices.send_back_filing(case, defects=["MATERIALS"], at=case.filed_at, actor=house.dispatcher)
    sent = verifyservices.answer_send_back(sent, note="已补", is_unchanged=True, at=case.filed_at, actor=clerk)
    case = factories.into_stream(house, case, team=team)
    material = documents.receive(case, [documents.Paper("BASIS", "判决书", PDF)], at=at, actor=clerk)[0]
    receipt = factories.deposit(house, case, "50000.00", serial=mark, at=at)
    payout = factories.payout(house, case, "20000.00", reference=mark, until="REQUESTED", at=at)
    deposit = accounts.deposit_absent(
        case,
        absent=case.parties.get(side="APPLICANT"),
        amount=Decimal("100.00"),
        calculation="债权人下落不明",
        paper=factories.paper(case, "提存决定书", at=at),
        reference=f"{mark}D",
        at=at,
        actor=case.owner,
    )
    plan = factories.plan(case, {"party": "5000.00"}, pool="5000.00", until="SERVED", at=at)
    share = plan.shares.get()
    objection = accounts.object_to_plan(
        share, delivery=share.delivery, amount=Decimal("100.00"), received_on=at.date(), at=at, actor=case.owner
    )
    told = {"reason": Delay.Reason.DL5, "paper": factories.paper(case, "情况说明", at=at)}
    delay = accounts.request_delay(receipt, **told, until_on=at.date() + dt.timedelta(days=1), at=at, actor=case.owner)
    # Before the system's own notice, which would have to be served first.
    sanction = factories.sanction(house, case, at=at)
    party = case.parties.get(side="DEBTOR")
    given = {"party": party, "text": "申请纳入失信名单", "received_on": at.date()}
    request = cases.request_listing(case, **given, at=at, actor=case.owner)
    listing = factories.sanction(house, case, "NO_REPORT", at=at)
    document = factories.issue(case, "ENFORCEMENT_NOTICE", at=at, actor=case.owner)
    documents.print_waiting(at=at, actor=User.objects.system())
    draft = documents.propose(
        case, template=factories.template("FREEZE"), values=factories.values_of(case, "FREEZE"), at=at, actor=case.owner
    )
    delivery = documents.send(document, way="DIRECT", party=party, at=at, actor=case.owner)
    # Asked of the affairs team, so that the field team remains a stranger to the other case.
    order = cases.request_work(
        case, kind="DOCUMENT", to_team=house.teams["AFFAIRS"], text="制作协助执行通知书", at=at, actor=case.owner
    )
    contact = cases.log_contact(
        case, kind="CALL", whom="张安然", text="答应月底前付清", promised_on=at.date(), at=at, actor=case.owner
    )
    related = cases.register_related(
        case,
        relation="OUTSIDER",
        number="",
        court=case.number_court,
        court_name="",
        raised_by="王五",
        matter="对查封的车辆主张所有权",
        received_on=at.date(),
        filed_on=at.date(),
        reviewer=None,
        at=at,
        actor=clerk,
    )
    cases.add_note(case, text="已核对送达地址", at=at, actor=case.owner)
    ask = cases.give_clue(
        case.parties.get(side="APPLICANT"),
        text="车停在院里",
        receipt=f"CLUE-{mark}",
        at=at,
        actor=User.objects.system(),
    )
    extension = cases.propose_extension(
        listing, ground="SEVERAL", years=1, facts="多次虚假报告", at=at, actor=case.owner
    )
    hold = cases.hold(case, reason="等待评估", until_on=at.date() + dt.timedelta(days=9), at=at, actor=case.owner)
    pause = cases.exclude_period(
        case, kind="APPRAISAL", paper=factories.paper(case), from_on=at.date(), until_on=None, at=at, actor=case.judge
    )
    # Asked for in the last days of the limit, which lie ahead.
    asked_on = Case.objects.get(pk=case.pk).closing_due_on - dt.timedelta(days=2)
    late = factories.moment(asked_on.year, asked_on.month, asked_on.day)
    limit = cases.ask_longer_limit(case, reason="拍卖尚未结束", at=late, actor=case.judge)
    correction = cases.propose_correction(
        case,
        target="PARTY",
        subject=party,
        values={"phone": "0473-2990008"},
        reason="APPLICANT",
        document="申请执行人书面说明",
        at=at,
        actor=case.owner,
    )
    agent = cases.add_agent(
        case.parties.get(side="APPLICANT"),
        name="王律师",
        kind="LAWYER",
        firm="内蒙古测试律师事务所",
        licence="11503201810000001",
        special=["SETTLE"],
        from_on=at.date(),
        document="授权委托书",
        at=at,
        actor=case.owner,
    )
    performance = cases.record_performance(
        case,
        amount=Decimal("100.00"),
        performed_on=at.date(),
        way="CASH",
        proof="收条",
        paper=factories.proof(case),
        at=at,
        actor=case.owner,
    )
    control = factories.control(case, at=at)
    factories.ruled(case, "(2021)内0302执异1号", at=at)
    party_change = cases.propose_party_change(
        case,
        kind="DEBTOR_ADDED",
        joining=PartyData(side="DEBTOR", kind="ORGANISATION", name="乌海市担保有限公司"),
        document="(2021)内0302执异1号",
        ruled_on=at.date(),
        note="一人公司股东不能证明财产独立",
        unnumbered="登记系统查无",
        at=at,
        actor=case.judge,
    )
    retriage = retriageservices.propose_anew(case, reason="复核", at=at, actor=house.dispatcher)
    batch = _batch(case, clerk, at=at)
    pause_of_interest = accounts.pause_interest(
        case,
        from_on=at.date(),
        until_on=at.date(),
        paper=factories.paper(case, "再审裁定", at=at),
        at=at,
        actor=case.judge,
    )
    assignment = case.assignments.get()
    lines = _lines(house, case, at=at)
    return {
        "application": factories.application(clerk, at=at, until="SUPPLEMENT"),
        "claimable_line": lines[0],
        "refund": _refund(house, case, at=at),
        "unmatch": _unmatch(house, case, at=at),
        "line_claim": accounts.claim_line(lines[1], case, ground="来电确认", at=at, actor=case.judge),
        "send_back": sent,
        "retriage": retriage,
        "interest_pause": pause_of_interest,
        "interest_term": accounts.set_interest(
            case.claims.get(kind="PRINCIPAL"), from_on=at.date(), rate=Decimal(6), at=at, actor=case.judge
        ),
        "batch": batch,
        "assignment": assignment,
        "draw": assignment.draw,
        "public_draw": assignment.draw,
        "control": control,
        "pause": pause,
        "limit": limit,
        "agent": agent,
        "performance": performance,
        "party_change": party_change,
        "correction": correction,
        "document": document,
        "draft": draft,
        "delivery": delivery,
        "party": party,
        "case": case,
        "work_order": order,
        "contact": contact,
        "ask": ask,
        "hold": hold,
        "related": related,
        "sanction": sanction,
        "sanction_request": request,
        "extension": extension,
        "payee": factories.payee_change(case, clerk, scan=PDF),
        "material": material,
        "staged": documents.stage_again(name="判决书.pdf", sha256=material.sha256, at=at, actor=clerk),
        "receipt": receipt,
        "payout": payout,
        "deposit": deposit,
        "plan": plan,
        "share": share,
        "objection": objection,
        "delay": delay,
        "handover": Handover.objects.get(case=case),
        "network_query": case.network_queries.get(),
        "deadline": case.deadlines.get(node="ASK_CLUES"),
    }


def _hall(world: World, *, at: Any) -> None:
    """Let a visitor wait and ask at each of two windows, and say where one of them is."""
    house = world.house
    for things, clerk in ((world.things, house.window_clerk), (world.strange, house.window_clerk2)):
        things["ticket"] = tickets.take_ticket(category="INQUIRY", name="张三丰", at=at, actor=clerk)
        asked = {"category": "PROGRESS", "text": "案件到哪一步了", "ticket": things["ticket"]}
        things["inquiry"] = inquiries.open_inquiry(**asked, at=at, actor=clerk)
    building = buildings.set_building(name="测试办公楼", address="乌海市测试路1号", at=at, actor=house.chief)
    image = documents.stage_upload(SimpleUploadedFile("map.png", PNG), at=at, actor=house.chief)
    world.things["building"] = building
    world.things["building_map"] = buildings.set_map(building, image=image, at=at, actor=house.chief)
    said = {"floor": 2, "number": "201", "name": "执行事务大厅", "window": house.windows["W2"], "way": "东门进，上二楼"}
    world.things["room"] = buildings.set_room(building, **said, at=at, actor=house.chief)


def _lines(house: factories.House, case: Case, *, at: Any) -> list[BankLine]:
    """Let money come whose remark names the case: one line to be claimed, and one to be claimed here."""
    remark = {"payer_name": "代付人", "remark": f"{case.number}执行款"}
    data = [BankLineData(f"C{case.pk}-{turn}", at.date(), Decimal("12.00"), **remark) for turn in range(2)]
    return [accounts.arrive(line, at=at, entered_by=house.finance2, actor=house.finance) for line in data]


def _refund(house: factories.House, case: Case, *, at: Any) -> LineRefund:
    line = BankLineData(f"R{case.pk}", at.date(), Decimal("13.00"), "错汇人", "622202000000001")
    said = {"reason": "NO_CASE", "ground": "查无此人案件", "document": "付款人申请", "reference": f"R-{case.pk}"}
    stray = accounts.arrive(line, at=at, entered_by=house.finance2, actor=house.finance)
    return accounts.request_refund(stray, payee=PayeeData("", "", "工行"), **said, at=at, actor=house.finance)


def _unmatch(house: factories.House, case: Case, *, at: Any) -> Unmatch:
    receipt = factories.deposit(house, case, "1.00", serial=f"M{case.pk}", at=at)
    return accounts.ask_unmatch(receipt, reason="子账号写错", at=at, actor=house.finance)


def _batch(case: Case, clerk: User, *, at: Any) -> Batch:
    roster = intake_of_rosters.inspect(rosters.table(rosters.lines(2)), case, on=at.date(), actor=clerk)
    scan = rosters.staged(PDF, clerk, at)
    return intake_of_rosters.take_in(roster, case, document="发放名册", scan=scan, follows=None, at=at, actor=clerk)


def more_stages(house: factories.House) -> None:
    """Leave a case in every other stage, so that desks and boards have something to show."""
    at = factories.moment(2021, 9, 3)
    factories.file_case(house)
    factories.assign(house, factories.file_case(house).case)
    case = factories.assign(house, factories.file_case(house).case)
    cases.start(case, at=at, actor=house.assistant)
    pending = factories.assign(house, factories.file_case(house).case)
    cases.start(pending, at=at, actor=house.assistant)
    factories.hand_over(house, pending, at=at)
    asking = factories.into_stream(house, factories.file_case(house).case)
    place = {"department": "VEHICLES", "district": "CITY"}
    cases.request_work(
        asking, kind="ONSITE", to_team=house.teams["FIELD"], text="查车档", **place, at=at, actor=asking.owner
    )
    factories.propose_sanction(asking, at=at)
    listing = factories.sanction(house, asking, "ABLE_REFUSES", at=at)
    cases.note_removal_ground(listing, ending="CONSENT", arose_on=at.date(), note="书面申请", at=at, actor=asking.owner)
    resting = factories.into_stream(house, factories.file_case(house).case)
    cases.suspend(resting, ground="CONSENT", document=factories.ruling(resting), at=at, actor=resting.judge)
    ended = factories.into_stream(house, factories.file_case(house).case)
    factories.close(house, ended, "TERMINATED", at=at)
    queried = factories.into_stream(house, factories.file_case(house).case)
    factories.control(queried, at=at, from_on=at.date())
    assets.name_keeper(queried, keeper=house.assistant, at=at, actor=queried.owner)
    factories.close(house, queried, "PROCEDURAL", at=factories.moment(2021, 12, 20))
    reviewed = factories.into_stream(house, factories.file_case(house).case)
    factories.propose_closing(house, reviewed, "TERMINATED", at=at)
    rested = factories.into_stream(house, factories.file_case(house).case)
    cases.stay(
        rested,
        ground="SECURITY",
        document=factories.ruling(rested, suffix=""),
        until_on=factories.moment(2021, 12, 1).date(),
        at=at,
        actor=rested.judge,
    )


SCOPED = {"case", "material", "staged", "receipt", "payout", "delay", "handover", "work_order", "contact", "hold"}
SCOPED |= {
    "related",
    "sanction",
    "sanction_request",
    "extension",
    "pause",
    "limit",
    "agent",
    "performance",
    "party_change",
    "correction",
    "control",
}
SCOPED |= {"application", "batch", "interest_pause", "interest_term", "send_back", "retriage"}
SCOPED |= {"deposit", "plan", "share", "objection", "payee", "deadline", "document", "draft", "delivery", "party"}
SCOPED |= {
    "reception",
    "later_question",
    "ask",
    "assignment",
    "draw",
    "claimable_line",
    "line_claim",
    "refund",
    "unmatch",
    "network_query",
    "notice",
    "ticket",
    "inquiry",
    "national_mapping",
    "national_file",
    "national_night",
    "national_court",
    "national_difference",
    "national_job",
}
