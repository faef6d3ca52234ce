"""How filings of the demo came: some from a signed first reception, the others online, by post, by transfer."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import services as accounts
from accounts.models import PayeeAccount
from accounts.payees import PayeeData
from bureau.models import User
from cases.filing import FilingData, PartyData
from cases.models import Case
from intake import questions, receptions
from intake.filingsources import Unreceived
from intake.models import Reception
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.papers import pdf
from wuhai_exec.demo.walk import moment

# Every so many filings somebody was received; setting a transcript takes half a second.
RECEIVED_EVERY = 60
ARRIVED = (("ONLINE", "网上立案申请"), ("POST", "邮件"), ("TRANSFER", "移送函"))
SIGNED_PAPER = pdf("Signed transcript of a first reception")
VISITOR = "演示来访人"
TYPES = {"ACT": "ACT", "DELIVERY": "DELIVERY"}
FLAGS = {"WAGES": "LABOUR", "SUPPORT": "SUPPORT"}


def check_payees(case: Case, payees: Mapping[int, PayeeData], *, at: dt.datetime, finance: User) -> None:
    """Finance types the accounts of a filing again, the same hour, from the confirmations."""
    for account in PayeeAccount.objects.pending().filter(case=case).select_related("party").order_by("id"):
        assert account.party is not None
        accounts.confirm_payee_change(account, number=payees[account.party.position].number, at=at, actor=finance)


def source_of(filing: FilingData, *, index: int, at: dt.datetime, clerk: User) -> dict[str, Any]:
    """Return what the filing is given: the record of a reception that was signed just before, or how else it came."""
    if index % RECEIVED_EVERY:
        reason, words = ARRIVED[index % len(ARRIVED)]
        return {"without_reception": Unreceived(reason, f"{words}{index + 1}号")}
    return {"reception": _signed(_begun(filing, at=at - dt.timedelta(minutes=25), clerk=clerk), at=at, clerk=clerk)}


def leave_some(staff: Staff, *, on: dt.date) -> None:
    """Leave one record in the middle and one signed that nobody has filed yet, at one window on the last day."""
    clerk = staff.of_window("W2")
    applicant = PartyData("APPLICANT", "PERSON", VISITOR, address="乌海市海勃湾区")
    debtor = PartyData("DEBTOR", "PERSON", "演示被执行人", address="不知道")
    for minute in (560, 600):
        record = receptions.begin(claim_type="MONEY", subject="PERSON", at=moment(on, minute), actor=clerk)
        said = _answers(applicant, debtor, "演示文号1号")
        if minute == 600:
            said = {"visitor": VISITOR, "demand": said["demand"]}
        record = _saved(record, said, later=("cause",), at=moment(on, minute + 5), clerk=clerk)
        if minute == 560:
            _signed(record, at=moment(on, minute + 20), clerk=clerk)


def _begun(filing: FilingData, *, at: dt.datetime, clerk: User) -> Reception:
    applicant = next(party for party in filing.parties if party.side == "APPLICANT")
    debtor = next(party for party in filing.parties if party.side == "DEBTOR")
    claim = filing.claims[0]
    flag = FLAGS.get(claim.kind, "")
    given: dict[str, Any] = {"claim_type": TYPES.get(claim.kind, "MONEY"), "subject": applicant.kind, "flag": flag}
    record = receptions.begin(**given, at=at, actor=clerk)
    said = _answers(applicant, debtor, filing.basis.number)
    if claim.amount:
        said["principal"] = f"{claim.amount}"
    return _saved(record, said, later=("settles", "barter"), at=at, clerk=clerk)


def _answers(applicant: PartyData, debtor: PartyData, basis: str) -> dict[str, str]:
    return {
        "visitor": applicant.name if applicant.kind == "PERSON" else VISITOR,
        "identity_check": "居民身份证原件",
        "relation": "申请执行人本人" if applicant.kind == "PERSON" else "法定代表人、负责人",
        "contact_phone": applicant.phone or "无",
        "applicant": applicant.name,
        "basis_number": basis,
        "demand": "对方一直没有按生效文书履行，请求法院强制执行。",
        "is_performed": questions.NO,
        "debtor": debtor.name,
        "debtor_whereabouts": debtor.address or "不知道",
        "has_clues": questions.NO,
        "is_seized": questions.NO,
        "address": applicant.address or "乌海市",
    }


def _saved(
    record: Reception, said: dict[str, str], *, later: tuple[str, ...], at: dt.datetime, clerk: User
) -> Reception:
    told = [key for key, _text in questions.told_of(record.template.content)]
    parts: dict[str, Any] = {"answers": said, "later": later, "told": told}
    return receptions.save(record, **parts, seq=1, page=receptions.page_mark(record, "demo"), at=at, actor=clerk)


def _signed(record: Reception, *, at: dt.datetime, clerk: User) -> Reception:
    read = receptions.read_back(record, at=at - dt.timedelta(minutes=3), actor=clerk)
    scan = SimpleUploadedFile("signed.pdf", SIGNED_PAPER)
    return receptions.sign(read, signed_by=read.visitor, scan=scan, at=at - dt.timedelta(minutes=2), actor=clerk)
