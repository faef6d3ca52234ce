"""Builds test data through factories and the product's own services; nothing is drawn at random."""

import base64
import datetime as dt
import struct
import zlib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from accounts import services as accounts
from accounts.bank import BankLineData
from accounts.models import Distribution, PayeeAccount, Payout, Receipt
from accounts.payees import PayeeData
from accounts.services.claims import open_questions
from accounts.services.distributions import waiting_recipients
from accounts.shares import ShareData
from assets import services as assets
from assets.models import Control
from assets.taking import ControlData
from bureau.models import Court, Team, User, Window
from cases import sanctionpapers
from cases import services as cases
from cases.closing import WAYS
from cases.closinggrounds import grounds_of
from cases.evidence import Cited
from cases.filing import BasisData, ClaimData, FilingData, PartyData
from cases.models import Case, Closing, Handover, Party, Sanction
from cases.sanctionlaw import BY_CODE
from dispatch import assigning
from dispatch import services as dispatch
from documents import filling, revising
from documents import services as documents
from documents.facts import facts_of
from documents.library.declared import OWN_NUMBER, Field, FieldKind
from documents.models import Delivery, Document, Material, Revision, Template
from intake import applications, receptions
from intake import services as intake
from intake.filingsources import Unreceived
from intake.models import Reception
from intake.services import Filed
from wuhai_exec.demo import proofs

SHANGHAI = ZoneInfo("Asia/Shanghai")
COURTS = (
    ("内03", "乌海市中级人民法院", "乌海中院", Court.Level.INTERMEDIATE),
    ("内0302", "乌海市海勃湾区人民法院", "海勃湾法院", Court.Level.BASIC),
    ("内0303", "乌海市海南区人民法院", "海南法院", Court.Level.BASIC),
    ("内0304", "乌海市乌达区人民法院", "乌达法院", Court.Level.BASIC),
)


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OTHER_PAYEES = {
    "SUCCESSOR": ("张小安", "6222020200112230012", "继承公证书（2021）乌证字第1号"),
    "COURT": ("乌海市海南区人民法院执行款专户", "0200001109200011111", "协助通知书（2021）内0303执1号"),
    "TREASURY": ("乌海市财政局非税收入专户", "0200001109200022222", "非税收入一般缴款通知书1号"),
    "COST": ("内蒙古测试资产评估有限公司", "0200001109200033333", "评估费发票1号"),
}
# A payee who came in person with his ID before a second clerk, and one who was called back.
IN_PERSON = {"reconfirmed": "IN_PERSON", "reconfirm_note": "核对身份证原件"}
CALLED = {"reconfirmed": "CALL", "reconfirm_note": "拨打立案登记电话，本人答复属实"}
BY_POST = Unreceived("POST", "挂号信1号")
PAYEE = PayeeData("张安然", "6222020200112230004", "中国银行乌海分行")


class UserFactory(DjangoModelFactory[User]):
    """A member of staff; `role` puts him into the role's group."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"staff{number}")
    name = factory.Sequence(lambda number: f"测试员{number}")
    password = "!"

    @factory.post_generation
    def role(self: User, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Give the role through its group."""
        if create and extracted:
            self.groups.add(Group.objects.get(name=extracted))


@dataclass
class House:
    """The whole bureau in small: courts, windows, teams, and staff by duty."""

    courts: dict[str, Court] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)

    @classmethod
    def build(cls) -> "House":
        """Create everything."""
        house = cls()
        # In bulk, for nearly every test begins here.
        courts = [Court(code=code, name=name, short_name=short, level=level) for code, name, short, level in COURTS]
        house.courts = {court.code: court for court in Court.objects.bulk_create(courts)}
        windows = [
            Window(code=f"W{number}", name=f"{court.short_name}立案窗口", court=court)
            for number, court in enumerate(courts, start=1)
        ]
        windows.append(Window(code="W5", name="综合执行局立案窗口", court=None))
        house.windows = {window.code: window for window in Window.objects.bulk_create(windows)}
        kinds = [kind for kind in Team.Kind if kind != Team.Kind.COURT]
        teams = [Team(code=kind, kind=kind, name=str(kind.label), phone="0473-2990000") for kind in kinds]
        for number, court in enumerate(courts):
            name = f"{court.short_name}执行局"
            teams.append(Team(code=f"COURT-{number}", kind="COURT", name=name, phone="0473-2990000", court=court))
        house.teams = {team.code: team for team in Team.objects.bulk_create(teams)}
        house.staff = {row[0]: house._member(number, *row) for number, row in enumerate(STAFF, start=1)}
        house.staff["window_clerk2"].window = house.windows["W3"]
        User.objects.bulk_create(house.staff.values())
        groups = {group.name: group for group in Group.objects.all()}
        own = User.groups.through
        own.objects.bulk_create(
            own(user_id=house.staff[duty].pk, group_id=groups[role].pk) for duty, role, _team in STAFF
        )
        assigning.make_chain(length=5000, at=moment(2020, 12, 31), actor=house.inspector)
        return house

    def _member(self, number: int, duty: str, role: str, team: str | None) -> User:
        window = self.windows["W2"] if role in ("WINDOW_CLERK", "RECEPTIONIST") else None
        own = self.teams[team] if team else None
        return User(username=duty, name=f"测试员{number}", password="!", team=own, window=window)

    def __getattr__(self, duty: str) -> User:
        try:
            return self.__dict__["staff"][duty]
        except KeyError:
            raise AttributeError(duty) from None


STAFF = (
    ("window_clerk", "WINDOW_CLERK", None),
    ("receptionist", "RECEPTIONIST", None),
    ("dispatcher", "DISPATCHER", "COMMAND"),
    ("assistant", "ASSISTANT", "AFFAIRS"),
    ("records_clerk", "RECORDS_CLERK", "AFFAIRS"),
    ("judge", "JUDGE", "FAST"),
    ("judge2", "JUDGE", "FAST"),
    ("judge3", "JUDGE", "ORDINARY"),
    ("officer", "OFFICER", "FAST"),
    ("officer2", "OFFICER", "FAST"),
    ("officer3", "OFFICER", "ORDINARY"),
    ("bailiff", "BAILIFF", "FIELD"),
    ("finance", "FINANCE", "FINANCE"),
    ("finance2", "FINANCE", "FINANCE"),
    ("chief", "CHIEF", "LEADERSHIP"),
    ("president", "PRESIDENT", "LEADERSHIP"),
    ("vice_president", "VICE_PRESIDENT", "LEADERSHIP"),
    ("inspector", "INSPECTOR", "INSPECTION"),
    ("system_admin", "SYSTEM_ADMIN", "SYSTEM"),
    ("security_admin", "SECURITY_ADMIN", "SYSTEM"),
    ("audit_admin", "AUDIT_ADMIN", "SYSTEM"),
    ("field_officer", "OFFICER", "FIELD"),
    ("field_officer2", "OFFICER", "FIELD"),
    ("disposal_officer", "OFFICER", "DISPOSAL"),
    ("window_clerk2", "WINDOW_CLERK", None),
    # The old book's own court 内0302, and the head and judge of another.
    ("court_head", "COURT_HEAD", "COURT-1"),
    ("court_president", "COURT_PRESIDENT", "COURT-1"),
    ("old_book_clerk", "OLD_BOOK_CLERK", "COURT-1"),
    ("court_judge", "JUDGE", "COURT-1"),
    ("court_judge2", "JUDGE", "COURT-1"),
    ("court_officer", "OFFICER", "COURT-1"),
    ("court_officer2", "OFFICER", "COURT-1"),
    ("court_records", "RECORDS_CLERK", "COURT-1"),
    ("other_head", "COURT_HEAD", "COURT-2"),
    ("other_clerk", "OLD_BOOK_CLERK", "COURT-2"),
    ("other_judge", "JUDGE", "COURT-2"),
    ("other_officer", "OFFICER", "COURT-2"),
)


def moment(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    """Return a moment in Shanghai."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def filing(**changes: Any) -> FilingData:
    """Return a plain filing: one person against another, one sum of principal; `amount=` sets the sum."""
    amount = changes.pop("amount", Decimal("50000.00"))
    plain = FilingData(
        court_code="内0302",
        window_code="W2",
        basis=BasisData(
            kind="J1",
            issuer="乌海市海勃湾区人民法院",
            number="(2021)内0302民初100号",
            made_on=dt.date(2021, 5, 10),
            effective_on=dt.date(2021, 6, 1),
            performance_due_on=dt.date(2021, 6, 30),
        ),
        parties=(
            PartyData(
                side="APPLICANT",
                kind="PERSON",
                name="张安然",
                id_number="11010519491231002X",
                id_kind="RESIDENT_ID",
                phone="13800001234",
                address="乌海市海勃湾区新华街1号",
            ),
            PartyData(
                side="DEBTOR",
                kind="ORGANISATION",
                name="乌海市测试商贸有限公司",
                id_number="91350100M000100Y43",
                id_kind="USCC",
                phone="0473-2990001",
                address="乌海市乌达区工业路2号",
                legal_representative="李守信",
            ),
        ),
        claims=(ClaimData(kind="PRINCIPAL", amount=amount),),
        cause="买卖合同纠纷",
    )
    return replace(plain, **changes)


def file_case(house: House, *, at: dt.datetime | None = None, payee: bool = True, **changes: Any) -> Filed:
    """File the plain case at the clerk's window, with a payee account that finance has checked."""
    given: dict[str, Any] = {"without_reception": BY_POST, "at": at or moment(2021, 9, 1), "actor": house.window_clerk}
    asked = filing(**changes)
    if "basis" not in changes and (count := Case.objects.count()):
        # Each case on a paper of its own, or the second would be a duplicate of the first.
        asked = replace(asked, basis=replace(asked.basis, number=f"(2021)内0302民初{100 + count}号"))
    if payee:
        given |= {"payees": {1: PAYEE}, "materials": [intake.MaterialData("PAYEE", "", PDF, 1)]}
    filed = intake.file_case(asked, **given)
    for account in PayeeAccount.objects.pending().filter(case=filed.case):
        check_payee(account, house.finance, at=given["at"])
    return filed


def check_payee(account: PayeeAccount, actor: User, *, at: dt.datetime) -> PayeeAccount:
    """Let a second person type a first account from its scan."""
    return accounts.confirm_payee_change(account, number=account.number, at=at, actor=actor)


def first_payee(house: House, party: Party, data: PayeeData, *, at: dt.datetime) -> PayeeAccount:
    """Take in a party's first account at the window and let finance check it."""
    taken = accounts.enter_payee(party, payee=data, scan=PDF, at=at, actor=house.window_clerk)
    return check_payee(taken, house.finance, at=at)


ANSWERS = {
    "visitor": "张安然",
    "identity_check": "居民身份证原件",
    "relation": "申请执行人本人",
    "contact_phone": "13800001234",
    "basis_number": "（2021）内0302民初100号",
    "demand": "要求对方还清货款",
    "is_performed": "否",
    "debtor": "乌海市测试商贸有限公司",
    "debtor_whereabouts": "乌海市乌达区工业路2号",
    "has_clues": "否",
    "is_seized": "否",
    "address": "乌海市海勃湾区新华街1号",
}


def stroke(width: int = 60, height: int = 20) -> str:
    """Return a signature as a browser's canvas sends it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\x00" + b"\x00\x00\x00\xff" * width
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def reception(
    clerk: User,
    *,
    until: str = "SIGNED",
    answers: dict[str, str] | None = None,
    later: tuple[str, ...] = (),
    claim_type: str = "MONEY",
    subject: str = "PERSON",
    flag: str = "",
    at: dt.datetime | None = None,
) -> Reception:
    """Take a first reception as far as `until`: DRAFT, READ_BACK or SIGNED."""
    given: dict[str, Any] = {"at": at or moment(2021, 9, 1), "actor": clerk}
    row = receptions.begin(claim_type=claim_type, subject=subject, flag=flag, **given)
    told = [line["key"] for line in row.template.content["told"]]
    said = {"answers": ANSWERS | (answers or {}), "later": later, "told": told}
    row = receptions.save(row, **said, seq=1, page=receptions.page_mark(row, "test"), **given)
    if until != "DRAFT":
        row = receptions.read_back(row, **given)
    if until == "SIGNED":
        row = receptions.sign(row, signed_by="张安然", drawn=stroke(), **given)
    return row


def payee_change(
    case: Case,
    clerk: User,
    *,
    side: str = "DEBTOR",
    number: str = "",
    scan: bytes = PDF,
    at: dt.datetime | None = None,
) -> PayeeAccount:
    """Return a change of a party's account that waits for its second person; the debtor's blocks no applicant."""
    at, party = at or moment(2021, 9, 16), case.parties.get(side=side, position=1)
    numbers = {"PERSON": ("6222020200112230004", "6222020200112230012")}.get(
        party.kind, ("0200001109200098765", "12345678")
    )
    given: dict[str, Any] = {"at": at, "actor": clerk}
    if not PayeeAccount.objects.live().filter(party=party).exists():
        first = PayeeData(party.name, numbers[0], "中国银行乌海分行")
        taken = accounts.enter_payee(party, payee=first, scan=PDF, **given)
        check_payee(taken, User.objects.get(username="finance"), at=at)
    new = PayeeData(party.name, number or numbers[1], "中国银行乌海分行")
    return accounts.enter_payee(party, payee=new, scan=scan, **given)


def assign(house: House, case: Case, *, at: dt.datetime | None = None, team: str = "FAST") -> Case:
    """Verify, triage into that stream and assign by the draw; tests choose the least loaded (see conftest)."""
    at = at or moment(2021, 9, 2)
    checked = {"cash_found": Decimal("0.00"), "duplicate_reason": "测试"}
    dispatch.verify(case, **checked, at=at, actor=house.dispatcher)
    # Ten cases of one debtor are a series, which the table holds to be complex.
    reason = "测试改判" if dispatch.propose(case, on=at.date()).stream != team else ""
    dispatch.triage(case, decided=team, override_reason=reason, at=at, actor=house.dispatcher)
    case = Case.objects.get(pk=case.pk)
    assigning.assign(case, at=at, actor=house.dispatcher)
    return Case.objects.get(pk=case.pk)


def hand_over(house: House, case: Case, *, at: dt.datetime | None = None, clues: bool = False) -> Handover:
    """Launch the query and hand the started case over, its notices made outside the system."""
    at = at or moment(2021, 9, 3)
    if not case.network_queries.exists():
        cases.launch_query(case, provider="NATIONAL", at=at, actor=house.assistant)
    outside = proofs.outside_pack(case, clues=clues, at=at, actor=house.assistant)
    note = "已补正" if case.handovers.filter(state=Handover.State.SENT_BACK).exists() else ""
    return cases.hand_over(case, outside=outside, note=note, at=at, actor=house.assistant)


def ruling(case: Case, *, suffix: str = "之一", at: dt.datetime | None = None) -> Cited:
    """Scan a document of the case made outside the system on the day of filing, or that day; return it."""
    clerk = case.owner or User.objects.get(username="window_clerk")
    return proofs.cited(case, suffix=suffix, at=at or case.filed_at, actor=clerk)


def scan_upload(name: str = "申请书.pdf") -> SimpleUploadedFile:
    """Return a scan as a browser sends it."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def signed(delivery: Delivery) -> dict[str, str]:
    """Return who signs for a paper: the person himself, for a unit whoever takes its mail."""
    party = delivery.party
    is_person = party is not None and party.kind == Party.Kind.PERSON
    return {"receiver_kind": "SELF"} if is_person else {"receiver_kind": "MAILROOM", "receiver": "收发室刘某"}


def revive(case: Case, **given: Any) -> Filed:
    """Bring a closed case back on the applicant's written application."""
    return intake.revive_case(case, application=scan_upload(), **given)


def paper(case: Case, title: str = "委托评估书", *, at: dt.datetime | None = None) -> str:
    """Let a paper come into the file; return its name in the record."""
    clerk = case.owner or User.objects.get(username="window_clerk")
    row = documents.receive(case, [documents.Paper("OTHER", title, PDF)], at=at or case.filed_at, actor=clerk)[0]
    return f"material:{row.pk}"


def agreement(case: Case, *, at: dt.datetime | None = None) -> str:
    """Let the signed agreement come into the file; return its name in the record."""
    return paper(case, "和解协议", at=at)


def proof(case: Case, *, at: dt.datetime | None = None) -> str:
    """Let a receipt signed by the applicant come into the file; return its name in the record."""
    clerk = case.owner or User.objects.get(username="window_clerk")
    row = documents.receive(case, [documents.Paper("OTHER", "收条", PDF)], at=at or case.filed_at, actor=clerk)[0]
    return f"material:{row.pk}"


def into_stream(house: House, case: Case, *, at: dt.datetime | None = None, team: str = "FAST") -> Case:
    """Assign, start, hand over and accept: the case is with its stream team."""
    at = at or moment(2021, 9, 3)
    case = assign(house, case, at=at, team=team)
    cases.start(case, at=at, actor=house.assistant)
    handover = hand_over(house, case, at=at)
    return cases.accept(handover, at=at, actor=house.officer if team == "FAST" else house.officer3)


def deposit(house: House, case: Case, amount: str, *, serial: str, at: dt.datetime | None = None) -> Receipt:
    """Let money arrive on the case's sub-account."""
    at = at or moment(2021, 9, 16)
    line = BankLineData(
        serial=serial,
        value_on=at.astimezone(SHANGHAI).date(),
        amount=Decimal(amount),
        payer_name="乌海市测试商贸有限公司",
        payer_account="0200001109200098765",
        virtual_number=case.escrow.number,
    )
    return accounts.arrive(line, at=at, entered_by=house.finance2, actor=house.finance).receipt


def payout(
    house: House, case: Case, amount: str, *, reference: str, until: str = "PAID", at: dt.datetime | None = None
) -> Payout:
    """Take a payout to the applicant as far as `until`: REQUESTED, CHECKED, APPROVED, SENT or PAID."""
    at = at or moment(2021, 9, 20)
    case = Case.objects.get(pk=case.pk)
    payee = PayeeAccount.objects.live().get(party__case=case, party__side="APPLICANT")
    row = accounts.request_payout(
        case, payee=payee, amount=Decimal(amount), calculation="本金", reference=reference, at=at, actor=case.owner
    )
    steps = (
        ("CHECKED", lambda: accounts.check_payout(row, at=at, actor=case.judge)),
        ("APPROVED", lambda: accounts.approve_payout(row, at=at, actor=house.chief)),
        ("SENT", lambda: accounts.pay_payout(row, at=at, actor=house.finance)),
        ("PAID", lambda: accounts.exchange_with_bank(at=at, actor=User.objects.system())),
    )
    for state, step in steps:
        if row.state == until:
            break
        step()
        row.refresh_from_db()
        assert row.state == state
    return row


def control_data(**changes: Any) -> ControlData:
    """Return a plain freeze of a deposit from 2021-09-06, for as long as the law allows."""
    plain: dict[str, Any] = {
        "kind": "DEPOSIT",
        "measure": "FREEZE",
        "thing": "中国银行乌海分行，账号尾号8765",
        "unit": "中国银行乌海分行",
        "ruling": "(2021)内0302执1号",
        "from_on": dt.date(2021, 9, 6),
    }
    return ControlData(**plain | changes)


def ruled(case: Case, *numbers: str, at: dt.datetime | None = None) -> None:
    """Let rulings of these numbers, made outside the system, come into the file as scans titled with them."""
    clerk = User.objects.get(username="window_clerk")
    for number in numbers:
        proofs.scan(case, f"{number} 执行裁定书", kind="COURT", at=at or case.filed_at, actor=clerk)


def rulings(case: Case) -> Case:
    """Let the rulings 之一 to 之九 of a case, made outside the system, come into its file; return it."""
    suffixes = ("", *(f"之{digit}" for digit in "一二三四五六七八九"))
    ruled(case, " ".join(f"{case.number}{suffix}" for suffix in suffixes))
    return case


def control(case: Case, *, at: dt.datetime | None = None, actor: User | None = None, **changes: Any) -> Control:
    """Record a control on the first debtor, as the owner of the case."""
    case = Case.objects.get(pk=case.pk)
    who = actor or case.owner
    assert who is not None
    debtor = case.parties.get(side="DEBTOR", position=1)
    data = control_data(**{"ruling": case.display_number, **changes})
    if "document" not in changes and changes.get("ruling", case.number).strip():
        ruled(case, data.ruling, at=at)
    return assets.take_control(case, debtor=debtor, data=data, at=at or moment(2021, 9, 6), actor=who)


def propose_closing(
    house: House, case: Case, mode: str = "FULFILLED", *, at: dt.datetime | None = None, **changes: Any
) -> Closing:
    """Let the owner propose to close, by a scan of the document, every condition bound to what proves it."""
    case, at = Case.objects.get(pk=case.pk), at or moment(2021, 9, 21)
    ground = changes.setdefault("ground", next(iter(grounds_of(mode))))
    document, number, bound = proofs.closing(case, mode, ground=ground, at=at, actor=case.owner)
    values = {"facts": "卷内材料在案", "document": document, "number": number, "proofs": bound, **changes}
    return cases.propose_closing(case, mode=mode, **values, at=at, actor=case.owner)


def archive_ready(house: House, case: Case, *, at: dt.datetime | None = None) -> None:
    """Put every required material into the file."""
    papers = [documents.Paper(kind, "", proofs.SCAN) for kind in Material.REQUIRED]
    documents.receive(case, papers, at=at or moment(2021, 9, 21), actor=house.window_clerk)


def close(house: House, case: Case, mode: str = "FULFILLED", *, at: dt.datetime | None = None, **changes: Any) -> Case:
    """Propose and let every reviewer sign: the case is closed."""
    closing = propose_closing(house, case, mode, at=at, **changes)
    signers = {"JUDGE": closing.case.judge, "CHIEF": house.chief, "PRESIDENT": house.president}
    for step in WAYS[mode].steps:
        closing = cases.sign_closing(closing, at=at or moment(2021, 9, 21), actor=signers[step])
    return Case.objects.get(pk=case.pk)


SAMPLES = {
    FieldKind.TEXT: "测试内容",
    FieldKind.LONG: "第一项事实",
    FieldKind.DAY: "2021-09-30",
    FieldKind.COUNT: "15",
    FieldKind.MONEY: "12345.60",
    FieldKind.ROWS: "电视机｜旧｜一台｜客厅",
}


def template(code: str) -> Template:
    """Return the newest version of a template."""
    return Template.objects.filter(code=code).order_by("-version")[0]


def sample(row: Field) -> str:
    """Return a value that a field accepts."""
    if row.name == OWN_NUMBER:
        return "(2021)内0302司惩1号"
    if row.name in filling.PAST_DAYS.values():
        return "2021-08-31"
    if row.name == "to_on":
        return "2021-12-31"
    return row.options[0] if row.options else row.at_least or row.at_most or SAMPLES.get(FieldKind(row.kind), "")


def values_of(case: Case, code: str) -> dict[str, str]:
    """Return a value for every required field: the case's own, or a sample."""
    spec = template(code).spec
    values = filling.proposed(spec, facts_of(case, on=dt.date(2021, 9, 1)))
    for row in spec.fields:
        if row.is_required and not values[row.name]:
            values[row.name] = sample(row)
    return values


def issue(case: Case, code: str, *, actor: User, at: dt.datetime | None = None, **changes: str) -> Document:
    """Issue a filled document of the case; what two must draw up and sign is drafted by the owner.

    What puts a sanction on the first debtor is proposed first, unless one of the kind runs already.
    """
    given: dict[str, Any] = {"template": template(code), "values": values_of(case, code) | changes}
    given["at"] = at or moment(2021, 9, 6)
    if code in sanctionpapers.KINDS:
        given["values"] = proposed_for(case, code, at=given["at"]) | changes
    draft = None
    if given["template"].spec.is_two_person:
        draft = documents.propose(case, **given, actor=case.owner)
    return documents.issue(case, **given, draft=draft, actor=actor)


SANCTION_GROUNDS = {
    "LIMIT_CONSUMPTION": "UNPERFORMED",
    "DISHONEST": "NO_REPORT",
    "FINE": "FINE_REPORT",
    "DETENTION": "DETENTION_REPORT",
    "EXIT_LIMIT": "EXIT_UNPERFORMED",
}


def proposed_for(case: Case, code: str, *, at: dt.datetime) -> dict[str, str]:
    """Propose the sanction that a paper of the template carries out, unless one runs; return values of the paper."""
    kind, values = sanctionpapers.KINDS[code], values_of(case, code)
    party = case.parties.get(side="DEBTOR", position=1)
    wanted: dict[str, Any] = {"document": ""}
    if kind in ("DETENTION", "EXIT_LIMIT") or code == "FINE":
        wanted["persons"] = ["李守信"] if party.kind == "ORGANISATION" else []
    if "punished" in values:
        values["punished"] = "".join(wanted.get("persons", [])) or party.name
    if kind == "FINE":
        wanted["amount"] = Decimal(values["fine"])
    if kind == "DETENTION":
        wanted["days"] = int(values["days"])
    if (case.is_open or case.lives_on) and not case.sanctions.running().filter(kind=kind).exists():
        propose_sanction(case, SANCTION_GROUNDS[kind], at=at, **wanted)
    return values


def propose_revision(row: Template, *, actor: User, at: dt.datetime, **changes: Any) -> Revision:
    """Propose other words for a template: another first paragraph, unless other changes are given."""
    values = revising.written(row.spec) | (changes or {"text_0": "（新样式）" + row.spec.blocks[0].text})
    day = at.astimezone(SHANGHAI).date()
    given: dict[str, Any] = {"approval": "局务会纪要〔2021〕1号", "effective_on": day}
    return documents.propose_revision(row, values=values, **given, at=at, actor=actor)


def propose_sanction(
    case: Case, ground: str = "UNPERFORMED", *, actor: User | None = None, at: dt.datetime | None = None, **changes: Any
) -> Sanction:
    """Propose a sanction against the first debtor; by default 限制消费 by whoever owns the stage."""
    case = Case.objects.get(pk=case.pk)
    values = {"party": case.parties.get(side="DEBTOR", position=1), "facts": "逾期未履行，有执行通知书送达回证"}
    values |= changes
    if "document" not in changes and ground in BY_CODE and BY_CODE[ground].kind == "DISHONEST":
        # Its decision was made outside the system that day.
        values["document"] = case.number
        ruled(case, case.number, at=at or moment(2021, 9, 10))
    return cases.propose_sanction(
        case, ground=ground, **values, at=at or moment(2021, 9, 10), actor=actor or case.owner
    )


def sanction(
    house: House, case: Case, ground: str = "UNPERFORMED", *, at: dt.datetime | None = None, **changes: Any
) -> Sanction:
    """Propose a sanction and let the president approve it."""
    row = propose_sanction(case, ground, at=at, **changes)
    return cases.approve_sanction(row, document="", at=at or moment(2021, 9, 10), actor=house.president)


def other_payee(house: House, case: Case, kind: str, *, at: dt.datetime | None = None, **changes: Any) -> PayeeAccount:
    """Return a confirmed account of somebody who is no party: entered by a clerk, compared by finance."""
    at = at or moment(2021, 9, 16)
    holder, number, document = OTHER_PAYEES[kind]
    party = case.parties.get(side="APPLICANT", position=1) if kind == "SUCCESSOR" else None
    values: dict[str, Any] = {"document": document, "on_behalf_of": party, **changes}
    account = accounts.enter_other_payee(
        case,
        kind=kind,
        payee=PayeeData(holder, number, "中国银行乌海分行"),
        scan=PDF,
        **values,
        at=at,
        actor=house.window_clerk,
    )
    return accounts.confirm_payee_change(account, number=number, at=at, actor=house.finance)


def paid(house: House, row: Payout, *, until: str = "PAID", at: dt.datetime | None = None) -> Payout:
    """Take a request of any purpose through check, approval and payment or booking, as far as `until`."""
    at = at or moment(2021, 9, 20)
    steps = (
        ("CHECKED", lambda: accounts.check_payout(row, at=at, actor=row.case.judge)),
        ("APPROVED", lambda: accounts.approve_payout(row, at=at, actor=house.chief)),
        ("SENT", lambda: accounts.pay_payout(row, at=at, actor=house.finance)),
        ("PAID", lambda: accounts.exchange_with_bank(at=at, actor=User.objects.system())),
    )
    behind = {state: number for number, (state, _step) in enumerate(steps)}
    for state, step in steps:
        if row.state in (until, "PAID"):
            break
        if behind[state] <= behind.get(row.state, -1):
            continue
        step()
        row = Payout.objects.get(pk=row.pk)
        assert row.state in (state, "PAID")
    return row


def move(house: House, case: Case, target: Case, amount: str, *, reference: str, until: str = "PAID") -> Payout:
    """Pass money on to another case, as far as `until`."""
    row = accounts.request_move(
        case,
        target=target,
        amount=Decimal(amount),
        calculation="按分配方案",
        paper=paper(case, "协助通知书1号"),
        reference=reference,
        at=moment(2021, 9, 20),
        actor=case.owner,
    )
    return paid(house, row, until=until)


def deposit_absent(house: House, case: Case, amount: str, *, reference: str, until: str = "PAID") -> Payout:
    """Deposit money for the absent creditor, as far as `until`."""
    row = accounts.deposit_absent(
        case,
        absent=case.parties.get(side="APPLICANT", position=1),
        amount=Decimal(amount),
        calculation="债权人下落不明",
        paper=paper(case, "提存决定书1号"),
        reference=reference,
        at=moment(2021, 9, 20),
        actor=case.owner,
    )
    return paid(house, row, until=until)


def plan(
    case: Case,
    shares: dict[str, str],
    *,
    pool: str,
    until: str = "SERVED",
    at: dt.datetime | None = None,
    **ways: Any,
) -> Distribution:
    """Return a plan as far as `until`; a share is named by its way: party, target or payee, the last two given."""
    at = at or moment(2021, 9, 20)
    case = Case.objects.get(pk=case.pk)
    ways = {"party": case.parties.get(side="APPLICANT", position=1), **ways}
    rows = [
        ShareData(
            f"债权人{way}",
            Decimal("90000.00"),
            Decimal(sum_),
            **{way: ways[way]},
            basis="(2021)内0303民初9号",
            reason="各方协商一致",
        )
        for way, sum_ in shares.items()
    ]
    row = accounts.propose_plan(case, debtor="person", pool=Decimal(pool), shares=rows, at=at, actor=case.owner)
    if until != "PROPOSED":
        row = accounts.approve_plan(row, at=at, actor=case.judge)
    if until == "SERVED":
        row = serve(row, at=at)
    return row


def serve(plan: Distribution, *, at: dt.datetime, to: Any = None, on: dt.date | None = None) -> Distribution:
    """Let a plan's scanned document reach everybody whom it must reach, or those named, that day."""
    paper = plan.paper or in_file(plan.case, title="财产分配方案", at=at)
    given = {"paper": paper, "recipients": list(to or waiting_recipients(plan))}
    return accounts.serve_plan(
        plan, **given, served_on=on or at.astimezone(SHANGHAI).date(), at=at, actor=plan.case.owner
    )


def in_file(case: Case, *, at: dt.datetime, title: str = "民事判决书", kind: str = "COURT") -> str:
    """Scan a paper into the case's file; return its name in the record."""
    clerk = case.owner or User.objects.get(username="window_clerk")
    return f"material:{documents.receive(case, [documents.Paper(kind, title, PDF)], at=at, actor=clerk)[0].pk}"


def identify(line, case, *, at, by, checker):
    """Let one person claim unidentified money for a case and another check it, every odd thing answered."""
    claim = accounts.claim_line(line, case, ground="付款人来电确认", at=at, actor=by)
    answers = {row.code: "已核实" for row in open_questions(line, case)}
    return accounts.confirm_claim(claim, answers=answers, at=at, actor=checker)


def application(clerk: User, *, at: dt.datetime, until: str = "REVIEW", **changes: str) -> Any:
    """Return an application that a clerk has typed and, unless it stays a draft, submitted with nothing but itself."""
    fields = {
        "court": "内0302",
        "basis_kind": "J1",
        "basis_issuer": "乌海市海勃湾区人民法院",
        "basis_number": "(2021)内0302民初900号",
        "basis_made_on": "2021-05-10",
        "basis_effective_on": "2021-06-01",
        "performance_due_on": "2021-06-30",
        **{f"{name}-TOTAL_FORMS": "1" for name in ("applicants", "debtors", "claims", "materials")},
        **{f"{name}-INITIAL_FORMS": "0" for name in ("applicants", "debtors", "claims", "materials")},
        "applicants-0-kind": "PERSON",
        "applicants-0-name": "张安然",
        "applicants-0-id_number": "11010519491231002X",
        "debtors-0-kind": "ORGANISATION",
        "debtors-0-name": "乌海市测试商贸有限公司",
        "debtors-0-id_number": "91350100M000100Y43",
        "claims-0-kind": "PRINCIPAL",
        "claims-0-amount": "50000.00",
        "materials-0-kind": "APPLICATION",
        **changes,
    }
    typed = applications.Typed({name: [value] for name, value in fields.items()}, {})
    row = applications.save_draft(typed, at=at, actor=clerk)
    if until == "DRAFT":
        return row
    row = applications.submit(row, seen=["APPLICATION"], at=at, actor=clerk)
    if until == "SUPPLEMENT":
        applications.ask_supplement(row, due_on=at.date() + dt.timedelta(days=10), at=at, actor=clerk)
    return row
