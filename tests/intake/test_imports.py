"""Bulk import of filings: every fault by row and column, the whole file or nothing, once."""

import contextlib
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import Account, PayeeAccount
from bureau import clock
from bureau.errors import Refused
from bureau.models import Job
from bureau.tasks import run_jobs
from cases.models import Case
from documents.models import AddressConfirmation
from intake.imports import services
from intake.imports.sheet import COLUMNS, inspect
from intake.models import FilingImport
from tests import factories
from tests.factories import moment
from tests.filingsheets import ACCEPTANCE, APPLICANT, DEBTOR, SAID, book, line

AT = moment(2021, 9, 20)
COLUMN = {name: number for number, name in enumerate(COLUMNS)}


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)
    return factories.House.build()


@pytest.fixture
def login(client):
    def enter(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def upload(client, content, name="立案.xlsx"):
    return client.post(reverse("intake:imports"), {"table": SimpleUploadedFile(name, content), **SAID})


def checked(client, content):
    """Return the job of the check, done."""
    answer = upload(client, content)
    assert answer.status_code == 302
    run_jobs()
    return Job.objects.latest("id")


def faults(content):
    sheet = inspect(content, today=AT.date())
    return {(fault.position, fault.column) for fault in sheet.faults}


def encrypted():
    """Return a workbook whose parts ask for a password, as some packers make it."""
    content = bytearray(book([line()]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("xl/worksheets/sheet1.xml", b"0" * (45 * 2**20))
    return out.getvalue()


class TestImport:
    def test_checked_then_taken_in_then_the_numbers_as_a_sheet(self, house, login):
        client = login(house.window_clerk)
        more = [{"batch": "2", "claim_kind": "利息", "amount": "120.50"}, DEBTOR | {"batch": "2", "name": "李守信"}]
        content = book([line(), [*line(batch="2", basis_number="(2021)内0302民初101号"), *more]])
        job = checked(client, content)
        assert (job.result["fault_count"], job.result["cases"], job.done_count) == (0, 2, 2)
        assert not Case.objects.exists()
        assert "导入立案" in client.get(reverse("intake:import_job", args=[job.pk])).content.decode()

        client.post(reverse("intake:take_import", args=[job.pk]))
        run_jobs()
        made = FilingImport.objects.get()
        first, second = (row.case for row in made.filings.order_by("position"))
        assert second.parties.filter(side="DEBTOR").count() == 2
        assert [str(claim.amount) for claim in second.claims.order_by("position")] == ["50000.00", "120.50"]
        assert PayeeAccount.objects.pending().count() == 2
        assert (
            "打开结果" in client.get(reverse("intake:import_job", args=[Job.objects.latest("id").pk])).content.decode()
        )
        assert first.number in client.get(reverse("intake:imported", args=[made.pk])).content.decode()
        answer = client.get(reverse("intake:import_result", args=[made.pk]))
        rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
        assert [row[2] for row in rows[1:]] == [first.number, second.number]
        assert rows[1][5].endswith(reverse("intake:receipt", args=[first.pk]))

    def test_the_same_file_again_changes_nothing(self, house, login):
        client, content = login(house.window_clerk), book([line()])
        made = services.take_in(
            inspect(content, today=AT.date()), name="a", acceptance=ACCEPTANCE, at=AT, actor=house.window_clerk
        )
        job = checked(client, content)
        assert (job.result["import"], job.result["is_repeat"]) == (made.pk, True)
        again = services.take_in(
            inspect(content, today=AT.date()), name="a", acceptance=ACCEPTANCE, at=AT, actor=house.window_clerk
        )
        assert again == made
        assert Case.objects.count() == 1

    def test_another_file_of_the_same_case_is_pointed_out(self, house, login):
        services.take_in(
            inspect(book([line()]), today=AT.date()), name="a", acceptance=ACCEPTANCE, at=AT, actor=house.window_clerk
        )
        job = checked(login(house.window_clerk), book([line(cause="买卖合同纠纷")]))
        assert job.result["warnings"][0][0] == 2

    def test_nothing_is_left_where_the_last_case_is_refused(self, house):
        mixed = inspect(book([line(), line(batch="2")]), today=AT.date())
        mixed.entries["2"].draft.forms["claims"] = []
        with pytest.raises(Refused, match="第 4 行"):
            services.take_in(mixed, name="a", acceptance=ACCEPTANCE, at=AT, actor=house.window_clerk)
        assert not Case.objects.exists()
        assert not FilingImport.objects.exists()
        assert not Account.objects.filter(case__isnull=False).exists()

    def test_only_clerks_and_only_their_own_window(self, house, login):
        content = book([line()])
        with pytest.raises(PermissionDenied):
            services.take_in(
                inspect(content, today=AT.date()), name="a", acceptance=ACCEPTANCE, at=AT, actor=house.judge
            )
        made = services.take_in(
            inspect(content, today=AT.date()), name="a", acceptance=ACCEPTANCE, at=AT, actor=house.window_clerk
        )
        job = checked(login(house.window_clerk), content)
        client = login(house.window_clerk2)
        for name, pk in (("imported", made.pk), ("import_result", made.pk), ("import_job", job.pk)):
            assert client.get(reverse(f"intake:{name}", args=[pk])).status_code == 404
        assert client.post(reverse("intake:take_import", args=[job.pk])).status_code == 404

    def test_the_confirmed_address_of_service_comes_with_the_row(self, house):
        said = {"service_address": "乌海市海勃湾区新华街1号", "has_e_consent": "是", "e_address": "13800001234"}
        rows = [line(**said, has_ruling_consent="否"), line(batch="2", basis_number="（2021）内0302民初101号")]
        services.take_in(
            inspect(book(rows), today=AT.date()), name="a", acceptance=ACCEPTANCE, at=AT, actor=house.window_clerk
        )
        made = AddressConfirmation.objects.get()
        assert made.party.name == APPLICANT["name"]
        assert (made.address, made.e_address) == (said["service_address"], said["e_address"])
        assert (made.has_e_consent, made.has_ruling_consent) == (True, False)

    def test_the_template_has_every_column_and_is_read(self, house, login):
        answer = login(house.window_clerk).get(reverse("intake:import_template"))
        pages = load_workbook(io.BytesIO(answer.content)).worksheets
        assert [cell.value for cell in pages[0][1]] == list(COLUMNS.values())
        with pytest.raises(Refused, match="没有案件"):
            inspect(answer.content, today=AT.date())


class TestFaults:
    def test_all_of_them_by_row_and_column(self, house):
        content = book(
            [
                line(id_number="110105194912310021", amount="", account="1", court="没有的法院"),
                [APPLICANT | {"batch": "2", "basis_made_on": "2031-01-01", "phone": "12"}],
                [APPLICANT | {"batch": ""}],
                line(batch="3", side="证人"),
            ]
        )
        found = faults(content)
        assert found >= {(2, "证件号码"), (2, "金额（元）"), (2, "收款账号"), (2, "案号法院")}
        assert found >= {(4, "文书作出日"), (4, "电话"), (4, "诉讼地位"), (5, "批号"), (6, "诉讼地位")}

    def test_an_address_of_service_that_does_not_hold(self, house):
        debtor = DEBTOR | {"service_address": "某街1号", "has_e_consent": "同意"}
        found = faults(book([[APPLICANT | {"has_e_consent": "是"}, debtor]]))
        assert found == {(2, "送达地址"), (2, "电子送达地址"), (3, "送达地址"), (3, "同意电子送达")}

    def test_rows_of_a_batch_that_say_two_things(self, house):
        assert (3, "案由") in faults(book([[APPLICANT | {"cause": "借款"}, DEBTOR | {"cause": "买卖"}]]))

    @pytest.mark.parametrize(
        ("name", "value"),
        [("amount", "=1+1"), ("name", '=HYPERLINK("x")'), ("account", 6222020200112230004), ("name", "#REF!")],
    )
    def test_formulas_and_lost_digits(self, house, name, value):
        assert faults(book([line(**{name: value})])) == {(2, COLUMNS[name])}

    def test_a_number_that_is_taken_or_stands_twice(self, house):
        house.courts["内0302"].number_mode = "ENTERED"
        house.courts["内0302"].save()
        number = "(2021)内0302执7号"
        twice = book([line(entered_number=number), line(batch="2", entered_number=number)])
        assert faults(twice) == {(4, COLUMNS["entered_number"])}
        services.take_in(
            inspect(book([line(entered_number=number)]), today=AT.date()),
            name="a",
            acceptance=ACCEPTANCE,
            at=AT,
            actor=house.window_clerk,
        )
        assert faults(book([line(entered_number=number)])) == {(2, COLUMNS["entered_number"])}

    def test_no_fault_quotes_what_stands_in_the_cell(self, house):
        sheet = inspect(book([line(id_number="110105194912310021", basis_kind="张三的")]), today=AT.date())
        assert sheet.fault_count == 2
        assert not [fault for fault in sheet.faults if "110105" in fault.reason or "张三" in fault.reason]


BROKEN_FILES = {
    "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
    "cut": book([line()])[:900],
    "encrypted": encrypted(),
    "bomb": bomb(),
    "pdf": factories.PDF,
    "utf16": "批号,姓名".encode("utf-16"),
    "zip": b"PK\x03\x04" + b"\x00" * 80,
    "heading": book([line()], heading=["甲", "乙"]),
    "long": book([[{"batch": str(number)} for number in range(2100)]]),
}


@pytest.mark.parametrize("kind", BROKEN_FILES)
def test_what_cannot_be_read_is_refused_whole_with_the_reason(house, login, kind):
    client = login(house.window_clerk)
    job = checked(client, BROKEN_FILES[kind])
    assert job.state == Job.State.FAILED
    assert any("\u4e00" <= letter <= "\u9fff" for letter in job.error), job.error
    assert job.error in client.get(reverse("intake:import_job", args=[job.pk])).content.decode()
    assert not Case.objects.exists()


def test_an_empty_upload_and_none_are_errors_of_the_form(house, login):
    client = login(house.window_clerk)
    assert upload(client, b"").status_code == 422
    assert client.post(reverse("intake:imports")).status_code == 422


GOOD = book([line()])
CELLS = st.one_of(
    st.none(),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.dates(),
    st.sampled_from(["=A1", "#N/A", "2021-13-45", "１２３", "9" * 400]),
)
FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(changed=st.dictionaries(st.sampled_from(list(COLUMNS)), CELLS, max_size=4))
def test_any_content_of_cells_is_checked_or_named(house, changed):
    sheet = inspect(book([line(**changed)]), today=AT.date())
    assert sheet.fault_count or len(sheet.entries) in (1, 2)
    if not sheet.fault_count:
        assert all(entry.draft.filing("W2").parties for entry in sheet.entries.values())


@FUZZ
@given(place=st.integers(0, len(GOOD) - 1), letters=st.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_read_or_refused(house, place, letters):
    damaged = GOOD[:place] + letters + GOOD[place + len(letters) :]
    # Anything but a refusal is a failure of the test.
    with contextlib.suppress(Refused):
        assert inspect(damaged, today=AT.date()).row_count


class TestOneApplicant:
    """A bank with many debtors writes itself once."""

    CASE = ("court", "basis_kind", "basis_issuer", "basis_made_on", "basis_effective_on")

    def rows(self, count=3, word="全部"):
        parts = ("batch", "claim_kind", "amount", "basis_number", *self.CASE)
        shared = {name: value for name, value in APPLICANT.items() if name not in parts}
        shared |= {"batch": word} | {name: APPLICANT[name] for name in self.CASE}
        claim = {"claim_kind": "本金", "amount": "800.00"}
        own = [
            [DEBTOR | claim | {"batch": str(number), "basis_number": f"（2021）内0302民初{number}号"}]
            for number in range(1, count + 1)
        ]
        return [[shared], *own]

    def test_every_case_gets_the_applicant_the_account_and_the_court(self, house):
        assert inspect(book(self.rows(word="ALL")), today=AT.date()).faults == []
        sheet = inspect(book(self.rows()), today=AT.date())
        assert sheet.faults == []
        made = services.take_in(sheet, name="a", acceptance=ACCEPTANCE, at=AT, actor=house.window_clerk)
        cases = [row.case for row in made.filings.order_by("position")]
        assert len(cases) == 3
        for case in cases:
            (applicant,) = case.parties.filter(side="APPLICANT")
            assert (applicant.name, applicant.id_number) == (APPLICANT["name"], APPLICANT["id_number"])
            assert PayeeAccount.objects.pending().filter(party=applicant).count() == 1

    def test_what_a_case_says_itself_stands(self, house):
        rows = self.rows(2)
        rows[1][0]["basis_issuer"] = "乌海市中级人民法院"
        sheet = inspect(book(rows), today=AT.date())
        said = [entry.draft.basis["basis_issuer"] for entry in sheet.entries.values()]
        assert said == ["乌海市中级人民法院", APPLICANT["basis_issuer"]]
        assert next(iter(sheet.entries.values())).draft.basis["basis_number"].endswith("初1号")

    def test_a_fault_of_the_shared_row_is_named_once_and_there(self, house):
        rows = self.rows()
        rows[0][0]["id_number"] = "110105194912310021"
        rows[2][0]["name"] = ""
        assert faults(book(rows)) == {(2, "证件号码"), (4, "姓名或名称")}

    def test_claims_are_each_cases_own_and_a_file_of_shared_rows_alone_is_empty(self, house):
        rows = self.rows()
        rows[0][0] |= {"claim_kind": "本金", "amount": "1.00"}
        assert faults(book(rows)) == {(2, "执行请求")}
        with pytest.raises(Refused, match="没有案件"):
            inspect(book(self.rows(0)), today=AT.date())


def test_without_a_reason_and_the_conditions_nothing_is_taken_in(house, login):
    client = login(house.window_clerk)
    for lacking in ({"reason": ""}, {"words": ""}, {"met": []}, {"seen": ["DOCUMENT"]}):
        said = {**SAID, **lacking, "table": SimpleUploadedFile("立案.xlsx", book([line()]))}
        answer = client.post(reverse("intake:imports"), said)
        assert (answer.status_code, next(iter(lacking)) in answer.context["form"].errors) == (422, True)
    assert not Job.objects.exists()


def test_the_trial_shows_what_the_page_would_warn_of_and_each_case_keeps_its_reason(house, login):
    late = line(basis_effective_on="2018-06-01", basis_made_on="2018-05-10")
    job = checked(login(house.window_clerk), book([late]))
    words = "".join(text for _row, text in job.result["warnings"])
    assert "时效" in words
    assert "乌海市测试商贸有限公司" in words  # an organisation is no person
    assert "张安然" not in words
    login(house.window_clerk).post(reverse("intake:take_import", args=[job.pk]))
    run_jobs()
    source = Case.objects.get().filing_source
    assert (source.reason, source.words) == ("POST", "挂号信1号（立案.xlsx）")
    assert Case.objects.get().application.state == "ACCEPTED"
