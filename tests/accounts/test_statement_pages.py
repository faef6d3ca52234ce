"""Statements through their pages and API: set a bank up, try a file, take it in, read what came of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import services
from accounts.models import BankFormat, BankLine, Statement, StatementDebit
from accounts.payees import PayeeData
from accounts.services import statementjobs
from bureau import clock
from bureau.models import Job
from bureau.tasks import run_jobs
from documents.models import Staged
from tests import camt, factories, kept
from tests import statements as made
from tests.factories import moment

AT = moment(2021, 9, 20)


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)
    return factories.House.build()


@pytest.fixture
def bank(house):
    return made.bank_format(house.finance, AT)


@pytest.fixture
def login(client):
    def enter(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def upload(client, bank, content, url="accounts:import_statement"):
    return client.post(reverse(url), {"bank_format": bank.pk, "table": SimpleUploadedFile("明细.csv", content)})


class TestImport:
    """Tried first, taken in by a second click, and never twice."""

    def test_tried_then_taken_in_then_listed(self, house, bank, login):
        case = kept.running_case(house)
        rows = [made.credit("A1", "1000.00", case.escrow.number), made.credit("A2", "5.00"), made.debit("D1", "7.00")]
        client = login(house.finance)
        answer = upload(client, bank, made.table(rows, encoding="gb18030"))
        assert answer.status_code == 302
        run_jobs()
        page = client.get(answer.url).content.decode()
        assert "试读通过，尚未入账" in page
        assert "1,000.00" in page
        assert not BankLine.objects.exists()
        taken = client.post(reverse("accounts:take_statement", args=[Job.objects.get().pk]))
        run_jobs()
        assert "打开对账单" in client.get(taken.url).content.decode()
        statement = Statement.objects.get()
        page = client.get(reverse("accounts:statement", args=[statement.pk]) + "?rows=matched").content.decode()
        assert case.display_number in page
        assert "A2" in client.get(reverse("accounts:statement", args=[statement.pk])).content.decode()
        assert "D1" in client.get(reverse("accounts:open_debits")).content.decode()
        assert "明细.csv" in client.get(reverse("accounts:statements")).content.decode()
        assert "对账单支出未核对" in client.get(reverse("desk")).content.decode()
        assert not Staged.objects.exists()
        for row in Job.objects.all():
            assert "某公司" not in str(row.arguments) + str(row.result)

    def test_the_same_file_again_says_so(self, house, bank, login):
        content = made.table([made.credit("A1", "1.00")])
        first = made.take_in(content, bank, at=AT, actor=house.finance)
        client = login(house.finance)
        answer = upload(client, bank, content)
        run_jobs()
        page = client.get(answer.url).content.decode()
        assert "该文件此前已导入，没有变动" in page
        assert reverse("accounts:statement", args=[first.pk]) in page

    def test_faults_stand_by_row_and_column(self, house, bank, login):
        client = login(house.finance)
        answer = upload(client, bank, made.table([made.credit("A1", "1.00"), made.credit("A2", "x")]))
        run_jobs()
        page = client.get(answer.url).content.decode()
        assert '<td class="num">3</td><td class="nowrap">贷方发生额</td>' in page
        assert "确认入账" not in page

    def test_no_file_and_no_table(self, house, bank, login):
        client = login(house.finance)
        assert client.post(reverse("accounts:import_statement"), {"bank_format": bank.pk}).status_code == 422
        answer = upload(client, bank, b"\x00\x01")
        run_jobs()
        assert "文件未导入" in client.get(answer.url).content.decode()

    def test_anothers_job_does_not_exist(self, house, bank, login):
        answer = upload(login(house.finance), bank, made.table([made.credit("A1", "1.00")]))
        assert login(house.finance2).get(answer.url).status_code == 404

    def test_a_payment_sent_back_is_shown_with_its_payment(self, house, bank, login):
        case = kept.running_case(house)
        factories.deposit(house, case, "500.00", serial="S1")
        payout = factories.payout(house, case, "300.00", reference="P-2021-1", until="SENT", at=AT)
        row = made.credit("R1", "300.00")
        row[-1] = "退票 P-2021-1"
        client = login(house.finance)
        answer = upload(client, bank, made.table([row]))
        run_jobs()
        assert "付款退回，作退票处理" in client.get(answer.url).content.decode()
        statement = made.take_in(made.table([row]), bank, at=AT, actor=house.finance)
        page = client.get(reverse("accounts:statement", args=[statement.pk])).content.decode()
        assert reverse("accounts:payout", args=[payout.pk]) in page
        assert "退票" in client.get(reverse("accounts:payout", args=[payout.pk])).content.decode()


class TestFormats:
    """A bank is set up from a file of it."""

    def test_guessed_from_a_sample_then_saved(self, house, login):
        client, url = login(house.finance), reverse("accounts:new_bank_format")
        content = "乌海银行 账户明细\n".encode("gb18030") + made.table([made.credit("A1", "12.50")], encoding="gb18030")
        given = {"table": SimpleUploadedFile("样例.csv", content), "guess": "1", "name": "乌海银行", "is_active": "on"}
        page = client.post(url, given | {"encoding": "DETECTED", "date_order": "YMD", "header_row": "1"})
        assert page.status_code == 200
        form = page.context["form"]
        assert (form["header_row"].value(), form["credit"].value(), form["serial"].value()) == (
            "2",
            "贷方发生额",
            "流水号",
        )
        assert "12.50" in page.content.decode()
        said = {name: form[name].value() or "" for name in form.fields} | {"save": "1", "is_active": "on"}
        assert client.post(url, said).status_code == 302
        row = BankFormat.objects.get()
        assert (row.header_row, row.columns["name"]) == (2, "对方户名")
        again = client.post(url, said)
        assert again.status_code == 422
        assert "已有名为" in again.content.decode()

    def test_what_lacks_is_said_beside_the_column(self, house, bank, login):
        client, url = login(house.finance), reverse("accounts:bank_format", args=[bank.pk])
        assert "流水号" in client.get(url).content.decode()
        said = {"name": "甲", "encoding": "UTF_8", "date_order": "YMD", "header_row": "1", "day": "日期", "save": "1"}
        page = client.post(url, said)
        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"serial", "credit"}
        page = client.post(url, said | {"serial": "号", "amount": "额", "credit": "入"})
        assert set(page.context["form"].errors) == {"amount"}

    def test_messages_are_set_up_without_columns_and_taken_in(self, house, login):
        client, url = login(house.finance), reverse("accounts:new_bank_format")
        content = camt.message([camt.entry("A1", "12.50", camt.detail())])
        given = {"name": "报文", "is_active": "on", "encoding": "DETECTED", "date_order": "YMD", "header_row": "1"}
        page = client.post(url, given | {"table": SimpleUploadedFile("样例.xml", content), "guess": "1"})
        form = page.context["form"]
        assert form["kind"].value() == "CAMT"
        assert "12.50" in page.content.decode()
        said = {name: form[name].value() or "" for name in form.fields} | {"save": "1", "is_active": "on"}
        assert client.post(url, said).status_code == 302
        row = BankFormat.objects.get()
        assert (row.kind, row.columns) == ("CAMT", {})
        assert "ISO 20022" in client.get(reverse("accounts:bank_formats")).content.decode()
        answer = upload(client, row, content)
        run_jobs()
        assert "试读通过，尚未入账" in client.get(answer.url).content.decode()
        broken = upload(client, row, content.replace(b">12.50<", b">x<"))
        run_jobs()
        assert "第 7 行" in client.get(broken.url).content.decode()


class TestTwice:
    """However often it is asked for, a file is taken in once, and no job fails."""

    def tried(self, client, bank, content):
        upload(client, bank, content)
        run_jobs()
        return Job.objects.latest("id")

    def test_a_double_click_is_one_import_and_no_failed_job(self, house, bank, login):
        client, content = login(house.finance), made.table([made.credit("A1", "5.00")])
        url = reverse("accounts:take_statement", args=[self.tried(client, bank, content).pk])
        first, second = client.post(url), client.post(url)
        assert first.url == second.url
        run_jobs()
        third = client.post(url)
        assert third.url == first.url
        run_jobs()
        assert set(Job.objects.values_list("state", flat=True)) == {"DONE"}
        assert (Job.objects.count(), Statement.objects.count(), BankLine.objects.count()) == (2, 1, 1)
        assert "打开对账单" in client.get(third.url).content.decode()

    def test_two_uploads_of_one_file_are_one_import(self, house, bank, login):
        client, content = login(house.finance), made.table([made.credit("A1", "5.00")])
        trials = [self.tried(client, bank, content), self.tried(client, bank, content)]
        for trial in trials:
            client.post(reverse("accounts:take_statement", args=[trial.pk]))
        run_jobs()
        run_jobs()
        assert set(Job.objects.values_list("state", flat=True)) == {"DONE"}
        assert (Statement.objects.count(), BankLine.objects.count()) == (1, 1)

    def test_a_worker_lost_after_the_work_says_what_was_done(self, house, bank, login):
        client, content = login(house.finance), made.table([made.credit("A1", "5.00")])
        client.post(reverse("accounts:take_statement", args=[self.tried(client, bank, content).pk]))
        run_jobs()
        job = Job.objects.latest("id")
        again = statementjobs.work(job, lambda done, total: None, at=AT)
        assert again["statement"] == Statement.objects.get().pk

    def test_what_took_nothing_in_may_be_asked_for_again(self, house, bank, login):
        client, content = login(house.finance), made.table([made.credit("A1", "5.00")])
        trial = self.tried(client, bank, content)
        url = reverse("accounts:take_statement", args=[trial.pk])
        client.post(url)
        Job.objects.filter(arguments__is_trial=False).update(state="FAILED", error="x")
        client.post(url)
        run_jobs()
        assert Statement.objects.count() == 1

    def test_money_sent_back_to_its_payer_has_its_own_place(self, house, bank, login):
        client = login(house.finance)
        made.take_in(made.table([made.credit("A1", "5.00")]), bank, at=AT, actor=house.finance)
        said = {"reason": "NO_CASE", "ground": "查无此案", "document": "付款人申请", "reference": "R1"}
        payee = PayeeData("", "", "工商银行")
        refund = services.request_refund(BankLine.objects.get(), payee=payee, **said, at=AT, actor=house.finance)
        services.approve_refund(refund, at=AT, actor=house.chief)
        services.pay_refund(refund, at=AT, actor=house.finance2)
        url = reverse("accounts:statement", args=[Statement.objects.get().pk])
        page = client.get(url, {"rows": "refunded"}).content.decode()
        assert "A1" in page
        assert "/unidentified/" not in page.split("<table", 1)[1]
        assert "A1" not in client.get(url, {"rows": "out"}).content.decode()


class TestApi:
    """Programs hand a file in and read the job."""

    def test_hand_in_and_read(self, house, bank, login):
        client = login(house.finance)
        content = made.table([made.credit("A1", "1.00"), made.debit("D1", "2.00")])
        answer = upload(client, bank, content, "accounts_api:import_statement")
        assert answer.status_code == 202
        run_jobs()
        job = client.get(reverse("bureau_api:job", args=[answer.json()["id"]])).json()
        assert (job["state"], job["result"]["rows"]) == ("DONE", 2)
        rows = client.get(reverse("accounts_api:statements")).json()
        rows = rows["results"] if isinstance(rows, dict) else rows
        assert (rows[0]["new_count"], rows[0]["debit_total"]) == (2, "2.00")
        assert StatementDebit.objects.get().serial == "D1"

    def test_refusals(self, house, bank, login):
        client = login(house.finance)
        answer = client.post(reverse("accounts_api:import_statement"), {"bank_format": bank.pk})
        assert answer.status_code == 422
        assert "table" in answer.json()["fields"]
        content = made.table([made.credit("A1", "1.00")])
        for user in (house.judge, house.inspector, house.window_clerk):
            assert upload(login(user), bank, content, "accounts_api:import_statement").status_code == 403
