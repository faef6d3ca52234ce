"""The bank's report on a payment file (pain.002): whole or not at all, once, each payment in a named state."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts import books, services
from accounts.models import BankAnswer, PaymentFile, Payout, StatusReport
from accounts.painreports import NAMES, read
from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, User
from tests import factories
from tests.accounts.test_batches import _case
from tests.factories import moment

AT = moment(2021, 9, 20)
LATER = moment(2021, 9, 22)


@pytest.fixture
def house(db, settings):
    settings.BANK = "accounts.bank.SimulatorByFile"
    settings.ESCROW_HOLDER, settings.ESCROW_ACCOUNT, settings.ESCROW_BANK = "某法院", "0603020409000012345", "某银行"
    settings.ESCROW_BANK_CODE = ""
    return factories.House.build()


@pytest.fixture
def file(house) -> PaymentFile:
    """Three payments of one case in one file."""
    case = _case(house)
    for number in (1, 2, 3):
        factories.payout(house, case, "100.00", reference=f"P{number}", until="SENT", at=AT)
    return services.make_payment_file(at=AT, actor=house.finance)


def row(reference, status, more=""):
    return f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{more}</TxInfAndSts>"


SETTLED = "<AccptncDtTm>2021-09-21T10:00:00</AccptncDtTm>"
WHY = "<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn><AddtlInf>账号不存在</AddtlInf></StsRsnInf>"


def message(file, *rows, whole="", serial="N1", name=NAMES[0]) -> bytes:
    said = f"<GrpSts>{whole}</GrpSts>" if whole else ""
    infos = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>X</OrgnlPmtInfId>{''.join(rows)}</OrgnlPmtInfAndSts>" if rows else ""
    original = file if isinstance(file, str) else file.message_id
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{name}">'
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>{serial}</MsgId><CreDtTm>2021-09-20T12:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{said}"
        f"</OrgnlGrpInfAndSts>{infos}</CstmrPmtStsRpt></Document>"
    ).encode()


def take(house, content, at=LATER) -> StatusReport:
    return services.take_status_report(content=content, at=at, actor=house.finance2)


def states() -> list[str]:
    return [str(payout.standing) for payout in Payout.objects.order_by("reference")]


def counts(report):
    return report.accepted_count, report.paid_count, report.rejected_count, report.answered_count


@pytest.mark.parametrize("name", NAMES)
def test_each_payment_gets_its_named_state(house, file, name):
    rows = [row("P1", "ACSC", SETTLED), row("P2", "RJCT", WHY), row("P3", "ACSP")]
    report = take(house, message(file, *rows, whole="PART", name=name))
    assert counts(report) == (1, 1, 1, 0)
    assert states() == ["已到账", "退票", "银行已受理"]
    paid, back, waiting = Payout.objects.order_by("reference")
    assert (str(paid.paid_on), back.ended_note, waiting.accepted_at) == ("2021-09-21", "AC01 账号不存在", LATER)
    assert books.faults() == []
    assert Event.objects.get(verb="take_status_report").actor == house.finance2


def test_what_is_accepted_and_silent_too_long_is_delayed_never_lost(house, file, settings):
    take(house, message(file, whole="ACCP"), at=AT)
    assert states() == ["银行已受理"] * 3
    settings.BANK = "tests.accounts.test_status_reports.Silent"
    services.exchange_with_bank(at=LATER, actor=User.objects.system())
    assert set(Payout.objects.values_list("unanswered", flat=True)) == {"DELAYED"}


class Silent:
    """A bank by file that says nothing online."""

    by_file = True

    def answer(self, order, *, today):
        from accounts.bank import Answer

        return Answer("SILENT")

    def unasked(self):
        return []


def test_a_whole_file_rejected_bounces_every_payment(house, file):
    assert counts(take(house, message(file, whole="RJCT"))) == (0, 0, 3, 0)
    assert states() == ["退票"] * 3
    assert books.faults() == []


def test_settled_without_a_day_is_no_answer(house, file):
    assert counts(take(house, message(file, row("P1", "ACSC")))) == (1, 0, 0, 0)
    assert Payout.objects.get(reference="P1").state == "SENT"


def test_the_same_report_twice_is_one_and_other_content_is_refused(house, file):
    content = message(file, row("P1", "RJCT"))
    assert take(house, content) == take(house, content)
    assert Event.objects.filter(verb="take_status_report").count() == 1
    with pytest.raises(Refused, match="内容不同"):
        take(house, message(file, row("P2", "RJCT")))


def test_what_was_answered_before_books_nothing_and_a_contradiction_is_asked_about(house, file):
    take(house, message(file, row("P1", "RJCT"), row("P2", "ACSC", SETTLED)))
    again = message(file, row("P1", "RJCT"), row("P2", "RJCT"), row("P3", "ACSP"), serial="N2")
    assert counts(take(house, again)) == (1, 0, 0, 2)
    assert list(BankAnswer.objects.order_by("reference").values_list("reference", "kind")) == [
        ("P1", "REPEATED"),
        ("P2", "CONTRADICTS"),
    ]
    assert books.faults() == []


def test_a_refund_in_the_file_is_answered_too(house):
    from tests.accounts.test_refunds import sent

    refund = sent(house)
    file = services.make_payment_file(at=AT, actor=house.finance)
    assert counts(take(house, message(file, row("R1", "RJCT", WHY)))) == (0, 0, 1, 0)
    refund.refresh_from_db()
    assert refund.state == "BOUNCED"
    assert books.faults() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: message("OTHER", row("P1", "RJCT")), "不是本院生成的"),
        (lambda file: message(file, row("P1", "RJCT"), row("P9", "RJCT")), "不在该付款文件中"),
        (lambda file: message(file, row("P1", "RJCT"), row("P1", "ACSC", SETTLED)), "重复"),
        (lambda file: message(file, row("P1", "RJCT"), row("P2", "XXXX")), "TxSts"),
        (lambda file: message(file, row("", "RJCT")), "OrgnlEndToEndId"),
        (message, "没有说明"),
        (lambda file: message(file, whole="PART"), "没有说明"),
        (lambda file: message(file, row("P1", "ACSP"), whole="RJCT"), "前后矛盾"),
        (lambda file: message(file, row("P1", "ACSC", "<AccptncDtTm>soon</AccptncDtTm>")), "AccptncDtTm"),
        (
            lambda file: message(
                file, row("P1", "RJCT", '<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">1.00</InstdAmt></Amt></OrgnlTxRef>')
            ),
            "金额与付款文件不符",
        ),
        (lambda file: message(file, name="pain.002.001.99"), "可读"),
        (lambda file: b"<?xml version='1.0'?><!DOCTYPE x><Document/>", "DTD"),
        (lambda file: b"", "空的"),
        (lambda file: b"\x00\x01", "XML"),
    ],
)
def test_one_fault_and_nothing_is_booked(house, file, change, words):
    with pytest.raises(Refused, match=words):
        take(house, change(file))
    assert states() == ["银行处理中"] * 3
    assert not StatusReport.objects.exists()


def test_the_sum_that_the_bank_repeats_may_agree(house, file):
    same = '<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">100.00</InstdAmt></Amt></OrgnlTxRef>'
    assert read(message(file, row("P1", "RJCT", same))).rows["P1"].amount == Decimal("100.00")


def test_only_who_pays_takes_it_in_and_it_stays(house, file):
    with pytest.raises(PermissionDenied):
        services.take_status_report(content=message(file, whole="RJCT"), at=AT, actor=house.chief)
    report = take(house, message(file, row("P1", "RJCT")))
    with pytest.raises(DatabaseError), transaction.atomic():
        StatusReport.objects.filter(pk=report.pk).update(paid_count=9)


class TestPages:
    @pytest.fixture
    def finance(self, house, client, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: LATER)
        monkeypatch.setattr(clock, "today", LATER.date)
        client.force_login(house.finance2, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_it_is_uploaded_and_told(self, file, finance):
        address = reverse("accounts:status_reports")
        wrong = finance.post(address, {"report": SimpleUploadedFile("r.xml", b"<x")})
        assert wrong.status_code == 422
        assert "XML" in wrong.content.decode()
        assert finance.post(address, {}).status_code == 422
        upload = SimpleUploadedFile("r.xml", message(file, row("P1", "RJCT"), row("P2", "ACSP")))
        told = finance.post(address, {"report": upload}, follow=True).content.decode()
        assert "受理 1 笔，已付 0 笔，拒绝 1 笔" in told
        assert file.message_id in told

    def test_programs_hand_it_in_by_the_same_service(self, file, finance):
        address = reverse("accounts_api:take_status_report")
        upload = SimpleUploadedFile("r.xml", message(file, row("P1", "RJCT")))
        assert finance.post(address, {"report": upload}).status_code == 200
        rows = finance.get(reverse("accounts_api:status_reports")).json()["results"]
        assert [(found["message_id"], found["rejected_count"]) for found in rows] == [("N1", 1)]
