"""Mass payout through its pages: upload, check, take in, sign, watch, take the result out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Batch, PayeeAccount, Receipt
from accounts.pages import with_holds
from bureau import clock
from bureau.models import Event, Job
from bureau.tasks import run_jobs
from cases.models import Case
from documents.models import Staged
from documents.services import content_path
from tests import factories, kept
from tests import rosters as made
from tests.factories import moment

AT = moment(2021, 9, 20)


@pytest.fixture
def house(db):
    return factories.House.build()


@pytest.fixture
def case(house, monkeypatch):
    case = kept.running_case(house)
    factories.deposit(house, case, "50000.00", serial="S1")
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def login(client):
    def enter(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def upload(client, case, content, **changes):
    files = {
        "table": SimpleUploadedFile("名册.csv", content),
        "scan": SimpleUploadedFile("名册.pdf", factories.PDF),
    }
    url = reverse("accounts:enter_roster", args=[case.pk])
    return client.post(url, {"document": "工资发放名册", **files, **changes})


class TestUpload:
    """A file is checked before anything is written."""

    def test_checked_then_taken_in_then_on_the_second_persons_desk(self, house, case, login):
        client = login(house.window_clerk)
        answer = upload(client, case, made.table(made.lines(3, "1000.00")))
        assert answer.status_code == 302
        run_jobs()
        page = client.get(answer.url).content.decode()
        assert "3,000.00" in page
        assert "录入名册" in page
        assert not Batch.objects.exists()
        table = Staged.objects.get(content_type="application/x-table")
        assert b"6222" not in content_path(table.sha256).read_bytes()
        job = Job.objects.get()
        taken = client.post(reverse("accounts:take_roster", args=[job.pk]))
        run_jobs()
        assert "打开批次" in client.get(taken.url).content.decode()
        batch = Batch.objects.get()
        assert (batch.row_count, batch.document) == (3, "工资发放名册")
        assert not content_path(table.sha256).exists()
        assert not Staged.objects.filter(content_type="application/x-table").exists()
        assert "复核批量发放名册" in login(house.finance2).get(reverse("desk")).content.decode()
        for row in Job.objects.all():
            assert "6222" not in str(row.arguments) + str(row.result)

    def test_faults_are_listed_by_row_and_column(self, house, case, login):
        rows = made.lines(3)
        rows[1][4] = "十元"
        answer = upload(login(house.window_clerk), case, made.table(rows))
        run_jobs()
        page = login(house.window_clerk).get(answer.url).content.decode()
        assert "1 处有误" in page
        assert '<td class="num">3</td><td class="nowrap">金额</td>' in page
        assert not Batch.objects.exists()

    def test_a_file_that_is_none_says_so(self, house, case, login):
        answer = upload(login(house.window_clerk), case, b"\x00\x01")
        run_jobs()
        assert "不能读取" in login(house.window_clerk).get(answer.url).content.decode()

    def test_missing_words_lose_no_file(self, house, case, login):
        client = login(house.window_clerk)
        answer = upload(client, case, made.table(made.lines(1)), document="")
        assert answer.status_code == 422
        assert "已上传 名册.csv" in answer.content.decode()
        assert "已上传 名册.pdf" in answer.content.decode()

    def test_a_scan_that_is_a_table_is_refused_beside_its_field(self, house, case, login):
        scan = SimpleUploadedFile("a.csv", b"a,b")
        answer = upload(login(house.window_clerk), case, made.table(made.lines(1)), scan=scan)
        assert answer.status_code == 422
        assert "只接受PDF" in answer.content.decode()

    def test_the_template_keeps_numbers_as_text(self, house, case, login):
        from io import BytesIO

        from openpyxl import load_workbook

        answer = login(house.window_clerk).get(reverse("accounts:roster_template"))
        heads = [cell.value for cell in load_workbook(BytesIO(answer.content)).active[1]]
        assert heads[:5] == ["姓名", "证件号码", "收款账号", "开户行", "金额"]

    def test_another_windows_clerk_finds_no_case(self, house, case, login):
        assert upload(login(house.window_clerk2), case, b"x").status_code == 404


class TestBatch:
    """The batch's page and its acts."""

    def test_from_compare_to_result(self, house, case, login):
        row = made.batch(house, case, made.table(made.lines(3, "1000.00")), until="ENTERED")
        steps = (
            (house.finance2, "confirm_batch", {}, "CONFIRMED"),
            (case.owner, "request_batch", {"calculation": "按名册"}, "REQUESTED"),
            (case.judge, "check_batch", {}, "CHECKED"),
            (house.chief, "approve_batch", {}, "APPROVED"),
            (house.finance, "pay_batch", {}, "SENDING"),
        )
        for user, act, data, state in steps:
            client = login(user)
            page = client.get(reverse("accounts:batch", args=[row.pk])).content.decode()
            assert reverse(f"accounts:{act}", args=[row.pk]) in page
            client.post(reverse(f"accounts:{act}", args=[row.pk]), data)
            assert Batch.objects.get(pk=row.pk).state == state

    def test_finance_sends_it_back_from_its_page_and_through_the_api(self, house, case, login):
        row = made.batch(house, case, made.table(made.lines(3, "1000.00")), until="APPROVED")
        client, address = login(house.finance), reverse("accounts:send_back_batch", args=[row.pk])
        assert address in client.get(reverse("accounts:batch", args=[row.pk])).content.decode()
        refused = client.post(address, {"note": ""})
        assert refused.status_code == 422
        assert Batch.objects.get().state == "APPROVED"
        api = reverse("accounts_api:send_back_batch", args=[row.pk])
        assert client.post(api, {"note": ""}, content_type="application/json").status_code == 422
        assert client.post(address, {"usual": "金额与审批材料不一致"}).status_code == 302
        page = login(case.owner).get(reverse("accounts:batch", args=[row.pk])).content.decode()
        assert "金额与审批材料不一致" in page
        assert reverse("accounts:request_batch", args=[row.pk]) in page

    def test_the_roster_s_own_people_may_send_it_back_but_not_pay_it(self, house, case, login):
        row = made.batch(house, case, made.table(made.lines(3, "1000.00")), until="APPROVED")
        page = login(house.finance2).get(reverse("accounts:batch", args=[row.pk])).content.decode()
        assert reverse("accounts:pay_batch", args=[row.pk]) not in page
        assert reverse("accounts:send_back_batch", args=[row.pk]) in page

    def test_pages_and_result_show_last_four_alone(self, house, case, login):
        row = made.batch(house, case, made.table(made.lines(2, "1000.00")))
        client = login(house.finance)
        page = client.get(reverse("accounts:batch", args=[row.pk])).content.decode()
        result = b"".join(client.post(reverse("accounts:export_batch", args=[row.pk])).streaming_content).decode()
        for text in (page, result):
            assert "收款人1" in text
            for secret in made.person(1)[1:]:
                assert secret not in text
        assert "已到账" in result
        assert Event.objects.filter(verb="export").exists()

    def test_lists_and_ledger_show_it_as_one_line(self, house, case, login):
        row = made.batch(house, case, made.table(made.lines(20, "1000.00")))
        client = login(house.finance)
        money = client.get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        assert money.count("收款人1") == 0
        assert f"批次 {row.pk}，20 笔" in money
        assert "收款人1" not in client.get(reverse("accounts:payouts")).content.decode()
        assert PayeeAccount.objects.filter(kind="LISTED").count() == 20
        assert "收款人1" not in client.get(reverse("accounts:payees", args=[case.pk])).content.decode()

    @pytest.mark.parametrize(
        ("until", "where"), [("REQUESTED", "JUDGE"), ("CHECKED", "APPROVER"), ("APPROVED", "FINANCE")]
    )
    def test_the_legs_say_who_holds_its_money(self, house, case, until, where):
        made.batch(house, case, made.table(made.lines(2, "1000.00")), until=until)
        rows = Receipt.objects.filter(case=case).with_unpaid(on=AT.date())
        ((_row, holds),) = with_holds(rows)
        assert {hold.where: hold.amount for hold in holds} == {"OWNER": 48000, where: 2000}

    def test_it_counts_once_in_the_separation_report(self, house, case, login):
        row = made.batch(house, case, made.table(made.lines(3, "1000.00")))
        page = login(house.inspector).get(reverse("accounts:separation"), {"from_on": "2021-09-01"}).content.decode()
        assert reverse("accounts:batch", args=[row.pk]) in page
        assert "收款人1" not in page

    def test_a_wrong_role_is_refused_by_the_api(self, house, case, login):
        row = made.batch(house, case, made.table(made.lines(1)), until="APPROVED")
        answer = login(case.owner).post(f"/api/v1/accounts/batches/{row.pk}/pay/", {}, content_type="application/json")
        assert answer.status_code == 403
        assert login(house.finance).get("/api/v1/accounts/batches/").json()["results"][0]["row_count"] == 1
