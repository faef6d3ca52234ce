"""Payment orders as pain.001 files: schema-checked, each payment once, the same bytes every time."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from lxml import etree

from accounts import painfiles, services
from accounts.bank import Order
from accounts.models import PaymentFile, PaymentFileRow, Payout
from accounts.services import paymentfiles
from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, User
from tests import factories
from tests import rosters as made
from tests.accounts.test_batches import _case
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 20)
NS = {"p": painfiles.NAMESPACE}
ORDER = Order("P-1", "张安然", "6222020602000012345", "中国工商银行乌海分行", "102163000018", Decimal("1234.50"))
PAYER = painfiles.Payer("乌海市中级人民法院执行款专户", "0603020409000012345", "某银行乌海分行")
HEAD = painfiles.Head("ZXK202109200000000001", AT, dt.date(2021, 9, 20), PAYER)


@pytest.fixture
def by_file(settings):
    settings.BANK = "accounts.bank.SimulatorByFile"
    settings.ESCROW_HOLDER, settings.ESCROW_BANK = PAYER.holder_name, PAYER.bank_name
    settings.ESCROW_ACCOUNT, settings.ESCROW_BANK_CODE = PAYER.number, ""


@pytest.fixture
def house(db, by_file):
    return factories.House.build()


@pytest.fixture
def case(house):
    return _case(house)


@pytest.fixture
def login(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)

    def enter(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def said(content, path):
    return [row.text for row in etree.fromstring(content).iterfind(path, NS)]


def make(house, **given):
    return services.make_payment_file(at=AT, actor=house.finance, **given)


def take(house, file):
    return services.take_payment_file(file, at=AT, actor=house.finance)


class TestWriting:
    """What is written is what the schema says."""

    def test_every_word_of_an_order_is_in_its_place(self):
        content = painfiles.write(HEAD, [ORDER, dataclasses.replace(ORDER, reference="B2-7", bank_code="")])
        assert said(content, ".//p:MsgId") == [HEAD.message_id]
        assert said(content, ".//p:EndToEndId") == ["P-1", "B2-7"]
        assert said(content, ".//p:GrpHdr/p:CtrlSum") == ["2469.00"]
        assert said(content, ".//p:PmtInf/p:NbOfTxs") == ["2"]
        assert said(content, ".//p:CdtrAcct//p:Id/p:Othr/p:Id") == [ORDER.number] * 2
        assert said(content, ".//p:CdtrAgt//p:MmbId") == [ORDER.bank_code]
        assert said(content, ".//p:Cdtr/p:Nm") == ["张安然"] * 2
        assert said(content, ".//p:Ustrd") == ["P-1", "B2-7"]
        assert etree.fromstring(content).find(".//p:InstdAmt", NS).get("Ccy") == "CNY"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"number": "6" * 35},
            {"number": ""},
            {"holder_name": "名" * 141},
            {"holder_name": "张\x00"},
            {"bank_code": "1" * 36},
            {"amount": Decimal("-1.00")},
        ],
    )
    def test_what_the_schema_forbids_is_refused_by_its_reference(self, wrong):
        bad = dataclasses.replace(ORDER, reference="P-BAD", **wrong)
        with pytest.raises(Refused, match="P-BAD") as refused:
            painfiles.write(HEAD, [ORDER, bad, ORDER])
        assert not {bad.number, bad.holder_name} & set(str(refused.value).split())

    def test_a_house_without_its_account_is_named_as_such(self):
        with pytest.raises(Refused, match="抬头"):
            painfiles.write(dataclasses.replace(HEAD, payer=painfiles.Payer("户名", "", "某银行")), [ORDER])

    def test_markup_in_a_name_stays_a_name(self):
        name = '<Nm>&"某</Nm>]]>'
        content = painfiles.write(HEAD, [dataclasses.replace(ORDER, holder_name=name)])
        assert said(content, ".//p:Cdtr/p:Nm") == [name]


class TestMaking:
    """Each payment goes into one file, and nothing else hands it over."""

    def test_single_payments_go_into_one_file_and_stay_the_same_bytes(self, house, case):
        rows = [factories.payout(house, case, "100.00", reference=f"P{n}", until="SENT") for n in range(3)]
        assert services.exchange_with_bank(at=AT, actor=User.objects.system()) == 0
        file = make(house)
        assert (file.row_count, file.total, file.batch) == (3, Decimal("300.00"), None)
        first = take(house, file)
        assert said(first, ".//p:EndToEndId") == [row.reference for row in rows]
        assert take(house, PaymentFile.objects.get(pk=file.pk)) == first
        assert Event.objects.filter(verb="take_payment_file").count() == 2
        with pytest.raises(Refused, match="没有待提交银行的付款"):
            make(house)
        assert services.exchange_with_bank(at=AT, actor=User.objects.system()) == 3
        assert set(Payout.objects.values_list("state", flat=True)) == {"PAID"}

    def test_numbers_are_not_readable_in_the_database(self, house, case):
        factories.payout(house, case, "100.00", reference="P1", until="SENT")
        file = make(house)
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM accounts_paymentfile WHERE id = %s", [file.pk])
            assert "6222" not in cursor.fetchone()[0][:40]
            assert not cursor.execute("SELECT 1 FROM bureau_event WHERE details::text LIKE '%%6222020602%%'").fetchone()

    def test_a_batch_goes_into_as_many_files_as_it_needs(self, house, case, monkeypatch):
        monkeypatch.setattr(paymentfiles, "PAYMENTS_MAX", 2)
        batch = made.batch(house, case, made.table(made.lines(5)), until="SENDING")
        services.send_batches(at=AT, actor=User.objects.system())
        assert not Payout.objects.filter(submitted_at__isnull=False).exists()
        files = [make(house, batch=batch) for _turn in range(3)]
        assert [file.row_count for file in files] == [2, 2, 1]
        assert len({file.message_id for file in files}) == 3
        assert PaymentFileRow.objects.count() == 5
        with pytest.raises(Refused, match="没有待提交银行的付款"):
            services.make_payment_files(batch=batch, at=AT, actor=house.finance)
        assert services.send_batches(at=AT, actor=User.objects.system()) == 5
        batch.refresh_from_db()
        assert batch.state == "DONE"

    def test_one_click_makes_what_a_bank_takes_at_once(self, house, case, monkeypatch):
        monkeypatch.setattr(paymentfiles, "PAYMENTS_MAX", 2)
        monkeypatch.setattr(paymentfiles, "FILES_AT_ONCE", 2)
        for number in range(5):
            factories.payout(house, case, "10.00", reference=f"P{number}", until="SENT")
        given = {"at": AT, "actor": house.finance}
        assert [file.row_count for file in services.make_payment_files(**given)] == [2, 2]
        assert [file.row_count for file in services.make_payment_files(**given)] == [1]

    def test_only_who_pays_and_only_to_a_bank_that_takes_files(self, house, case, settings):
        factories.payout(house, case, "100.00", reference="P1", until="SENT")
        for user in (house.chief, house.officer, house.judge, house.window_clerk):
            with pytest.raises(PermissionDenied):
                services.make_payment_file(at=AT, actor=user)
        file = make(house)
        with pytest.raises(PermissionDenied):
            services.take_payment_file(file, at=AT, actor=house.chief)
        settings.ESCROW_ACCOUNT = ""
        with pytest.raises(Refused, match="未设置"):
            make(house)
        settings.BANK = "accounts.bank.Simulator"
        with pytest.raises(Refused, match="直连"):
            make(house)

    def test_a_payment_that_cannot_be_written_stops_the_file_and_nothing_is_lost(self, house, case, settings):
        factories.payout(house, case, "100.00", reference="P1", until="SENT")
        settings.ESCROW_ACCOUNT = "6" * 40
        with pytest.raises(Refused, match="抬头"):
            make(house)
        assert not PaymentFile.objects.exists()
        settings.ESCROW_ACCOUNT = PAYER.number
        assert make(house).row_count == 1

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE accounts_paymentfile SET sha256 = 'x'",
            "DELETE FROM accounts_paymentfilerow",
            "TRUNCATE accounts_paymentfile CASCADE",
            "INSERT INTO accounts_paymentfilerow (file_id, payout_id) SELECT max(f.id), max(o.id)"
            " FROM accounts_paymentfile f, accounts_payout o",
        ],
    )
    def test_the_database_keeps_a_file_as_it_was_made(self, house, case, sql):
        factories.payout(house, case, "100.00", reference="P1", until="SENT")
        make(house)
        factories.payout(house, case, "50.00", reference="P2", until="SENT")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_never_put_a_payment_into_two_files(by_file, transactional_db):
    house = factories.House.build()
    case = _case(house)
    for number in range(6):
        factories.payout(house, case, "10.00", reference=f"P{number}", until="SENT")
    answers = race([lambda: make(house)] * 4)
    files = [answer for answer in answers if isinstance(answer, PaymentFile)]
    assert sum(file.row_count for file in files) == 6
    assert all(isinstance(answer, PaymentFile | Refused) for answer in answers)
    assert PaymentFileRow.objects.count() == 6


class TestPages:
    """Finance makes and downloads; the inspector sees that it was done."""

    def test_made_listed_and_downloaded(self, house, case, login):
        factories.payout(house, case, "100.00", reference="P1", until="SENT")
        client = login(house.finance)
        page = client.get(reverse("accounts:payment_files")).content.decode()
        assert "生成付款文件" in page
        answer = client.post(reverse("accounts:make_payment_file"), {"batch": ""}, follow=True)
        assert "已生成 1 个付款文件" in answer.content.decode()
        file = PaymentFile.objects.get()
        downloads = [client.post(reverse("accounts:take_payment_file", args=[file.pk])) for _turn in range(2)]
        assert downloads[0].content == downloads[1].content
        assert downloads[0]["Content-Disposition"] == f'attachment; filename="{file.message_id}.xml"'
        assert downloads[0]["Cache-Control"] == "no-store"
        again = client.post(reverse("accounts:make_payment_file"), {"batch": ""}, follow=True)
        assert "没有待提交银行的付款" in again.content.decode()
        assert (
            "没有这个批次"
            in client.post(reverse("accounts:make_payment_file"), {"batch": "x'"}, follow=True).content.decode()
        )

    def test_the_inspector_sees_the_list_alone(self, house, case, login):
        factories.payout(house, case, "100.00", reference="P1", until="SENT")
        file = make(house)
        client = login(house.inspector)
        page = client.get(reverse("accounts:payment_files")).content.decode()
        assert file.message_id in page
        assert "下载" not in page
        assert client.post(reverse("accounts:take_payment_file", args=[file.pk])).status_code == 403

    def test_programs_do_the_same(self, house, case, login):
        factories.payout(house, case, "100.00", reference="P1", until="SENT")
        client = login(house.finance)
        made = client.post(reverse("accounts_api:make_payment_file"), {}, content_type="application/json")
        assert made.status_code == 200
        address = reverse("accounts_api:take_payment_file", args=[made.json()["id"]])
        content = client.post(address).content
        painfiles.check(content)
        row = client.get(reverse("accounts_api:payment_files")).json()["results"][0]
        assert (row["row_count"], row["total"]) == (1, "100.00")
        assert "content" not in row
        wrong = client.post(reverse("accounts_api:make_payment_file"), {"batch": 99}, content_type="application/json")
        assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["batch"])
