"""The pages of the import: template, upload, check, result; whatever is uploaded is answered in words, never half."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from bureau import clock
from bureau.models import Job
from bureau.tasks import run_jobs
from cases.models import Case
from intake.models import OldBookImport
from intake.oldbook.columns import COLUMNS
from tests import factories
from tests.intake.test_imports import bomb
from tests.oldbooks import AT, CONTROL, HELD, PAID, book, rows, take_in


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)
    return factories.House.build()


def upload(client, content, name="旧存.xlsx"):
    return client.post(reverse("intake:old_book"), {"table": SimpleUploadedFile(name, content)})


def checked(client, content):
    """Return the job of the check, done."""
    assert upload(client, content).status_code == 302
    run_jobs()
    return Job.objects.latest("id")


def locked():
    """Return a workbook whose parts ask for a password, as some packers make it."""
    content = bytearray(book(rows()))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


class TestPages:
    def test_checked_then_taken_in_then_the_result_as_a_sheet(self, house, login):
        client = login(house.old_book_clerk)
        job = checked(client, book(rows(), [CONTROL], [HELD, PAID]))
        assert (job.state, job.result["fault_count"], job.result["cases"], job.done_count) == ("DONE", 0, 1, 1)
        assert not Case.objects.exists()
        assert "检查通过" in client.get(reverse("intake:old_book_job", args=[job.pk])).content.decode()
        assert client.post(reverse("intake:take_old_book", args=[job.pk])).status_code == 302
        run_jobs()
        made = OldBookImport.objects.get()
        page = client.get(reverse("intake:old_book_taken", args=[made.pk])).content.decode()
        assert "(2019)内0302执88号" in page
        assert "8,000.00" in page
        sheet = load_workbook(io.BytesIO(client.get(reverse("intake:old_book_result", args=[made.pk])).content)).active
        assert [cell.value for cell in sheet[2]][:5] == [
            2,
            "(2019)内0302执88号",
            Case.objects.get().escrow.number,
            8000,
            50000,
        ]
        assert "旧存.xlsx" in client.get(reverse("intake:old_book")).content.decode()

    def test_the_same_file_again_changes_nothing(self, house, login):
        client = login(house.old_book_clerk)
        take_in(house, money=[HELD])
        job = checked(client, book(rows(), money=[HELD, PAID]))
        assert "该案号已在本系统中" in client.get(reverse("intake:old_book_job", args=[job.pk])).content.decode()
        content = book(rows(number="(2019)内0302执89号"))
        for _turn in range(2):
            job = checked(client, content)
            client.post(reverse("intake:take_old_book", args=[job.pk]))
            run_jobs()
        assert (Case.objects.count(), OldBookImport.objects.count()) == (2, 2)
        assert Job.objects.latest("id").result["is_repeat"]

    def test_faults_are_named_by_page_row_and_column(self, house, login):
        client = login(house.old_book_clerk)
        job = checked(client, book(rows(stage="中止"), [CONTROL | {"debtor": "别人"}], [HELD | {"amount": "=1+1"}]))
        page = client.get(reverse("intake:old_book_job", args=[job.pk])).content.decode()
        for words in ("案款", "单元格是公式", "改好后重新上传"):
            assert words in page
        assert "导入旧存案件" not in page

    def test_the_template_is_what_the_reader_wants(self, house, login):
        answer = login(house.old_book_clerk).get(reverse("intake:old_book_template"))
        made = load_workbook(io.BytesIO(answer.content))
        assert made.sheetnames[:3] == list(COLUMNS)
        for name, columns in COLUMNS.items():
            assert [cell.value for cell in made[name][1]] == list(columns.values())
        for row in rows():
            made["案件"].append([row.get(field) for field in COLUMNS["案件"]])
        out = io.BytesIO()
        made.save(out)
        job = checked(login(house.old_book_clerk), out.getvalue())
        assert (job.state, job.result["fault_count"]) == ("DONE", 0)

    def test_another_courts_import_and_job_do_not_exist(self, house, login):
        made = take_in(house).taken_in.source
        job = checked(login(house.old_book_clerk), book(rows(number="(2019)内0302执89号")))
        stranger = login(house.other_clerk)
        for name, thing in (("old_book_taken", made), ("old_book_result", made), ("old_book_job", job)):
            assert stranger.get(reverse(f"intake:{name}", args=[thing.pk])).status_code == 404
        assert stranger.post(reverse("intake:take_old_book", args=[job.pk])).status_code == 404
        assert "旧存.xlsx" not in stranger.get(reverse("intake:old_book")).content.decode()

    def test_by_program(self, house, login):
        client = login(house.old_book_clerk)
        address = reverse("intake_api:old_book")
        answer = client.post(address, {"table": SimpleUploadedFile("旧存.xlsx", book(rows()))})
        assert answer.status_code == 202
        run_jobs()
        one = reverse("intake_api:old_book_job", args=[answer.json()["id"]])
        assert client.get(one).json()["result"]["fault_count"] == 0
        assert client.post(one).status_code == 202
        run_jobs()
        assert [row["case_count"] for row in client.get(address).json()["results"]] == [1]
        assert client.post(address, {}).status_code == 422
        assert login(house.other_clerk).get(one).status_code == 404
        assert login(house.court_head).post(address, {}).status_code == 403


BROKEN_FILES = {
    "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
    "cut": book(rows())[:900],
    "locked": locked(),
    "bomb": bomb(),
    "pdf": factories.PDF,
    "text": "案号,立案日\n".encode(),
    "zip": b"PK\x03\x04" + b"\x00" * 80,
    "pages": book(rows(), pages=("案件",)),
    "long": book([{"number": f"(2019)内0302执{number}号"} for number in range(1, 2100)]),
}


@pytest.mark.parametrize("kind", BROKEN_FILES)
def test_what_cannot_be_read_is_refused_whole_with_the_reason(house, login, kind):
    client = login(house.old_book_clerk)
    job = checked(client, BROKEN_FILES[kind])
    assert job.state == Job.State.FAILED
    assert any("\u4e00" <= letter <= "\u9fff" for letter in job.error), job.error
    assert job.error in client.get(reverse("intake:old_book_job", args=[job.pk])).content.decode()
    assert not Case.objects.exists()


def test_an_empty_upload_and_none_are_errors_of_the_form(house, login):
    client = login(house.old_book_clerk)
    assert upload(client, b"").status_code == 422
    assert client.post(reverse("intake:old_book")).status_code == 422
