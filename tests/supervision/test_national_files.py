"""Daily files of the national system: mappings by version, every fault by row and column, the whole file or nothing."""

import contextlib
import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.utils import InternalError
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, Job
from bureau.tasks import run_jobs
from bureau.versions import Stale, mark
from supervision.models import NationalFile, NationalMapping, NationalRow
from supervision.national import files, mappings, sheet
from tests import factories
from tests.factories import moment
from tests.nationalsheets import HEADING, book, line, mapping, read, take_in

AT = moment(2021, 9, 20)
DAY = AT.date()
NUMBER = "(2021)内0302执1号"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)


@pytest.fixture
def clerk(house):
    return house.window_clerk


@pytest.fixture
def how(house, clerk):
    return mapping(clerk.window.court, at=AT, actor=clerk)


def upload(client, how, content, *, day=DAY, name="清单.xlsx"):
    data = {"mapping": how.pk, "day": day.isoformat(), "table": SimpleUploadedFile(name, content)}
    return client.post(reverse("supervision:import_national"), data)


def imported(client, how, content, **told):
    """Return the job of the import, done."""
    answer = upload(client, how, content, **told)
    assert answer.status_code == 302
    run_jobs()
    return Job.objects.latest("id")


def faults(how, *rows, **told):
    return {(fault.position, fault.column) for fault in read(book(list(rows), **told), how).faults}


class TestImport:
    def test_the_rows_are_kept_as_they_stand_with_who_when_and_hash(self, how, clerk, login):
        client = login(clerk)
        job = imported(client, how, book([line(NUMBER, handler="程明哲"), line("（2021）内0302执恢2号", state="归档")]))
        made = NationalFile.objects.get()
        assert (job.result["file"], made.version, made.imported_by, made.imported_at) == (made.pk, 1, clerk, AT)
        assert len(made.sha256) == 64
        rows = {row.number: row for row in made.rows.all()}
        assert rows[NUMBER].values["handler"] == "程明哲"
        assert rows[NUMBER].values["state"] == "OPEN"
        assert rows["(2021)内0302执恢2号"].position == 3
        assert rows["(2021)内0302执恢2号"].values["state"] == "CLOSED"
        assert Event.objects.get(verb="import_national").actor == clerk
        assert "打开结果" in client.get(reverse("supervision:national_job", args=[job.pk])).content.decode()
        page = client.get(reverse("supervision:national_file", args=[made.pk])).content.decode()
        assert "程明哲" in page
        assert "已结" in page

    def test_the_same_file_of_a_day_again_changes_nothing(self, how, clerk, login):
        content = book([line(NUMBER)])
        first = imported(login(clerk), how, content)
        again = imported(login(clerk), how, content)
        assert (again.result["file"], again.result["version"]) == (first.result["file"], 1)
        assert NationalFile.objects.count() == 1
        assert Event.objects.filter(verb="import_national").count() == 1

    def test_a_new_file_of_the_day_is_a_new_version_and_the_old_one_stays(self, how, clerk):
        first = take_in(book([line(NUMBER)]), how, day=DAY, at=AT, actor=clerk)
        second = take_in(book([line(NUMBER, handler="甲")]), how, day=DAY, at=AT, actor=clerk)
        assert (first.version, second.version) == (1, 2)
        assert first.rows.get().values["handler"] == ""
        assert list(NationalFile.objects.standing()) == [second]

    def test_a_late_repeat_does_not_bring_old_rows_back_and_says_so(self, how, clerk, login):
        old = book([line(NUMBER)])
        take_in(old, how, day=DAY, at=AT - dt.timedelta(hours=1), actor=clerk)
        second = take_in(book([line(NUMBER, handler="甲")]), how, day=DAY, at=AT, actor=clerk)
        client = login(clerk)
        job = imported(client, how, old)
        assert job.result["is_replaced"] is True
        assert list(NationalFile.objects.standing()) == [second]
        assert "现行的仍是后一份" in client.get(reverse("supervision:national_job", args=[job.pk])).content.decode()

    def test_the_same_file_of_another_day_is_another_file(self, how, clerk):
        content = book([line(NUMBER)])
        take_in(content, how, day=DAY, at=AT, actor=clerk)
        take_in(content, how, day=DAY - dt.timedelta(days=1), at=AT, actor=clerk)
        assert NationalFile.objects.count() == 2

    def test_one_fault_and_nothing_is_taken_in(self, how, clerk, login):
        client = login(clerk)
        job = imported(client, how, book([line(NUMBER), line("(2021)内0302执2号", filed_on="2021-13-01")]))
        assert job.result["faults"] == [[3, "立案日期", "没有这一天，请核对列对应中的日期写法"]]
        assert not NationalFile.objects.exists()
        page = client.get(reverse("supervision:national_job", args=[job.pk])).content.decode()
        assert "有误，未导入" in page
        assert "没有这一天" in page
        with pytest.raises(Refused):
            take_in(book([line("x")]), how, day=DAY, at=AT, actor=clerk)

    @pytest.mark.parametrize("day", [DAY + dt.timedelta(days=1), DAY - dt.timedelta(days=400)])
    def test_a_day_that_has_not_come_or_is_long_gone_is_refused_beside_its_field(self, how, clerk, login, day):
        answer = upload(login(clerk), how, book([line(NUMBER)]), day=day)
        assert answer.status_code == 422
        assert "业务日应为今天或以前一年内的日期" in answer.content.decode()
        # What was typed and uploaded is not lost.
        assert "已上传 清单.xlsx" in answer.content.decode()

    def test_types_that_are_not_carried_out_here_are_counted_and_left_out(self, how, clerk):
        made = take_in(book([line(NUMBER), line("(2021)内0302执异3号")]), how, day=DAY, at=AT, actor=clerk)
        assert (made.row_count, made.skipped_count) == (1, 1)

    def test_only_keepers_and_only_their_own_court(self, house, how, clerk, login):
        content = read(book([line(NUMBER)]), how)
        for stranger in (house.window_clerk2, house.judge, house.inspector):
            with pytest.raises(PermissionDenied):
                files.take_in(content, mapping=how, day=DAY, name="a", at=AT, actor=stranger)
        made = files.take_in(content, mapping=how, day=DAY, name="a", at=AT, actor=house.assistant)
        assert login(house.window_clerk2).get(made.get_absolute_url()).status_code == 404
        assert upload(login(house.window_clerk2), how, book([line(NUMBER)])).status_code == 422
        assert login(house.inspector).get(made.get_absolute_url()).status_code == 200
        assert login(house.judge).get(made.get_absolute_url()).status_code == 404

    def test_what_was_taken_in_cannot_be_changed_or_removed(self, how, clerk):
        take_in(book([line(NUMBER)]), how, day=DAY, at=AT, actor=clerk)
        for model, change in (
            (NationalRow, {"number": "x"}),
            (NationalFile, {"name": "x"}),
            (NationalMapping, {"name": "x"}),
        ):
            for act in (lambda rows, change=change: rows.update(**change), lambda rows: rows._raw_delete(rows.db)):
                with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
                    act(model.objects.all())

    def test_the_api_takes_a_file_and_gives_its_rows(self, house, how, clerk, login):
        client = login(clerk)
        data = {"mapping": how.pk, "day": DAY.isoformat(), "table": SimpleUploadedFile("a.xlsx", book([line(NUMBER)]))}
        answer = client.post(reverse("supervision_api:import_national"), data)
        assert answer.status_code == 202
        run_jobs()
        made = NationalFile.objects.get()
        rows = client.get(reverse("supervision_api:national_file", args=[made.pk])).json()["results"]
        assert [row["number"] for row in rows] == [NUMBER]
        assert client.post(reverse("supervision_api:import_national"), {"mapping": how.pk}).status_code == 422
        strange = login(house.window_clerk2)
        assert strange.get(reverse("supervision_api:national_file", args=[made.pk])).status_code == 404


class TestFaults:
    def test_all_of_them_by_row_and_column(self, how):
        found = faults(
            how,
            line(""),
            line("一号案"),
            line("(2021)内0303执1号"),
            line(NUMBER, filed_on="上周", amount="很多", state="不知道", closing_mode="结了"),
            line(NUMBER),
            line("(2021)内0302执9号", amount="-1"),
        )
        assert found == {
            *((2, "案号"), (3, "案号"), (4, "案号"), (6, "案号")),
            *((5, "立案日期"), (5, "申请执行标的"), (5, "案件状态"), (5, "结案方式"), (7, "申请执行标的")),
        }

    @pytest.mark.parametrize("value", ["=1+1", '=HYPERLINK("x")', "#REF!", "#N/A"])
    def test_formulas_and_their_errors_are_faults_of_their_cell(self, how, value):
        assert faults(how, line(NUMBER, handler=value)) == {(2, "承办人")}

    def test_no_fault_quotes_what_stands_in_the_cell(self, how):
        found = read(book([line(NUMBER, state="张三的", filed_on="李四的")]), how)
        assert found.fault_count == 2
        assert not [fault for fault in found.faults if "张三" in fault.reason or "李四" in fault.reason]

    def test_days_as_excel_and_people_write_them(self, how):
        for written in (
            dt.date(2021, 9, 1),
            dt.datetime(2021, 9, 1, 8, 30),
            "2021年9月1日",
            "20210901",
            "2021/9/1 10:22",
        ):
            assert read(book([line(NUMBER, filed_on=written)]), how).lines[NUMBER].values["filed_on"] == "2021-09-01"

    def test_a_heading_in_ten_thousands_is_turned_into_yuan(self, house, clerk):
        heading = HEADING | {"amount": "标的（万元）"}
        how = mapping(clerk.window.court, at=AT, actor=clerk, name="万元", columns=heading)
        found = read(book([line(NUMBER, amount="5.00001")], heading=heading), how)
        assert found.lines[NUMBER].values["amount"] == "50000.10"

    def test_totals_and_empty_rows_are_no_cases(self, how):
        found = read(book([line(NUMBER), {}, {"filed_on": "合计", "amount": "50000"}]), how)
        assert (len(found.lines), found.fault_count) == (1, 0)


def merged():
    """Return a book whose heading is merged over two rows, the parties under one heading."""
    made, out = Workbook(), io.BytesIO()
    page = made.active
    page.append(["乌海市海勃湾区人民法院案件清单"] + [""] * 4)
    page.append(["案号", "立案日期", "当事人", None, "承办人"])
    page.append([None, None, "申请执行人", "被执行人", None])
    page.append([NUMBER, "2021-09-01", "张安然", "乌海市测试商贸有限公司", ""])
    page.merge_cells("A1:E1")
    for cells in ("A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        page.merge_cells(cells)
    made.save(out)
    return out.getvalue()


def encrypted():
    """Return a workbook whose parts ask for a password, as some packers make it."""
    content = bytearray(book([line(NUMBER)]))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(sign, at + 4)
    return bytes(content)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("xl/worksheets/sheet1.xml", b"0" * (sheet.UNZIPPED_MAX + 2**20))
    return out.getvalue()


BROKEN_FILES = {
    "password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
    "cut": book([line(NUMBER)])[:900],
    "encrypted": encrypted(),
    "bomb": bomb(),
    "pdf": factories.PDF,
    "utf16": "案号,承办人".encode("utf-16"),
    "latin": "案号".encode("gb18030") + b"\xff\xff\x80",
    "zip": b"PK\x03\x04" + b"\x00" * 80,
    "heading": book([line(NUMBER)], heading={"number": "甲", "handler": "乙"}),
    "twice": book([line(NUMBER)], heading=HEADING | {"basis_number": "承办人"}),
    "merged": merged(),
    "none": book([]),
}


@pytest.mark.parametrize("kind", BROKEN_FILES)
def test_what_cannot_be_read_is_refused_whole_with_the_reason(how, clerk, login, kind):
    client = login(clerk)
    job = imported(client, how, BROKEN_FILES[kind])
    assert job.state == Job.State.FAILED
    assert any("\u4e00" <= letter <= "\u9fff" for letter in job.error), job.error
    assert job.error in client.get(reverse("supervision:national_job", args=[job.pk])).content.decode()
    assert not NationalFile.objects.exists()


def test_too_many_rows_are_refused(how, monkeypatch):
    monkeypatch.setattr(sheet, "ROWS_MAX", 3)
    with pytest.raises(Refused, match="最多 3 行"):
        read(book([line(f"(2021)内0302执{number}号") for number in range(1, 6)]), how)


def test_an_empty_upload_and_none_are_errors_of_the_form(how, clerk, login):
    assert upload(login(clerk), how, b"").status_code == 422
    assert login(clerk).post(reverse("supervision:import_national")).status_code == 422


def test_csv_in_either_encoding_is_read(how):
    text = (
        "案号,立案日期,承办人,案件状态,结案日期,结案方式,申请执行标的,申请执行人,被执行人,案由\n"
        + NUMBER
        + ",2021-09-01,,立案,,,5,,,\n"
    )
    for encoding in ("utf-8-sig", "gb18030"):
        assert NUMBER in read(text.encode(encoding), how).lines


class TestMapping:
    def test_a_change_is_a_new_version_and_earlier_files_keep_theirs(self, how, clerk):
        file = take_in(book([line(NUMBER)]), how, day=DAY, at=AT, actor=clerk)
        later = mappings.save_mapping(
            how, name="", layout=sheet.Layout({"number": "案号", "handler": "承办人"}), at=AT, actor=clerk
        )
        assert (later.version, later.name) == (2, how.name)
        assert list(NationalMapping.objects.in_use()) == [later]
        file.refresh_from_db()
        assert file.mapping == how

    def test_the_same_file_by_a_corrected_mapping_is_read_anew(self, how, clerk):
        content = book([line(NUMBER)])
        take_in(content, how, day=DAY, at=AT, actor=clerk)
        later = mappings.save_mapping(
            how, name="", layout=sheet.Layout({"number": "案号", "cause": "案由"}), at=AT, actor=clerk
        )
        assert take_in(content, later, day=DAY, at=AT, actor=clerk).version == 2

    def test_a_colleague_who_was_quicker_is_not_overwritten(self, how, clerk):
        seen = mark(mappings.mapping_now(how))
        mappings.save_mapping(
            how, name="", layout=sheet.Layout({"number": "案号", "cause": "案由"}), seen=seen, at=AT, actor=clerk
        )
        with pytest.raises(Stale):
            mappings.save_mapping(how, name="", layout=sheet.Layout(HEADING), seen=seen, at=AT, actor=clerk)

    @pytest.mark.parametrize(
        ("columns", "field"),
        [
            ({"handler": "承办人"}, "number"),
            ({"number": "案号"}, "filed_on"),
            ({"number": "案号", "parties": "当事人", "debtors": "被执行人"}, "parties"),
            ({"number": "案号", "handler": "承办人", "cause": "承 办人"}, "cause"),
        ],
    )
    def test_a_wrong_mapping_says_why_beside_its_field(self, house, clerk, login, columns, field):
        with pytest.raises(Refused) as refusal:
            mapping(clerk.window.court, at=AT, actor=clerk, columns=columns)
        assert field in refusal.value.by_field
        data = {"court": clerk.window.court.pk, "name": "清单", "header_row": "1", "date_order": "YMD", "save": "1"}
        answer = login(clerk).post(
            reverse("supervision:new_national_mapping"), {**data, "encoding": "DETECTED", "is_active": "on", **columns}
        )
        assert answer.status_code == 422
        assert str(refusal.value.by_field[field][0]) in answer.content.decode()
        assert not NationalMapping.objects.exists()

    def test_a_sample_is_guessed_shown_as_read_and_saved(self, house, clerk, login):
        client, address = login(clerk), reverse("supervision:new_national_mapping")
        content = book([line(NUMBER, state="归档了")], above=[["案件清单"]])
        plain = {"court": clerk.window.court.pk, "name": "清单", "date_order": "YMD", "encoding": "DETECTED"}
        answer = client.post(address, {**plain, "guess": "1", "table": SimpleUploadedFile("样例.xlsx", content)})
        page = answer.content.decode()
        form = answer.context["form"]
        assert (form["header_row"].value(), form["closing_mode"].value()) == ("2", "结案方式")
        assert "不认识的用词" in page
        data = {name: form[name].value() or "" for name in form.fields if name != "is_active"}
        token = answer.context["file"]["table_token"].value()
        looked = client.post(
            address, {**data, "table_token": token, "look": "1", "state_words": "归档了 = 已结", "is_active": "on"}
        )
        assert "不认识的用词" not in looked.content.decode()
        saved = client.post(address, {**data, "save": "1", "state_words": "归档了=已结", "is_active": "on"})
        assert saved.status_code == 302
        made = NationalMapping.objects.get()
        assert (made.header_row, made.words["state"]) == (2, {"归档了": "CLOSED"})
        assert read(content, made).fault_count == 0

    def test_words_that_mean_nothing_are_named(self, house, clerk, login):
        data = {"court": clerk.window.court.pk, "name": "清单", "header_row": "1", "date_order": "YMD", "save": "1"}
        data |= {
            "encoding": "DETECTED",
            "is_active": "on",
            "number": "案号",
            "state": "状态",
            "state_words": "归档=完了",
        }
        answer = login(clerk).post(reverse("supervision:new_national_mapping"), data)
        assert answer.status_code == 422
        assert "“归档=完了”应写成" in answer.content.decode()

    def test_only_of_the_own_court(self, house, how, login):
        with pytest.raises(PermissionDenied):
            mapping(how.court, at=AT, actor=house.window_clerk2, name="另")
        strange = login(house.window_clerk2)
        assert strange.get(reverse("supervision:national_mapping", args=[how.pk])).status_code == 404
        assert how.name not in strange.get(reverse("supervision:national_mappings")).content.decode()

    def test_by_the_api(self, house, clerk, login):
        body = {"court": clerk.window.court.pk, "name": "接口", "header_row": 1, "date_order": "YMD"}
        body |= {"encoding": "DETECTED", "is_active": True, "number": "案号"}
        address, kind = reverse("supervision_api:new_mapping"), "application/json"
        client = login(clerk)
        assert "filed_on" in client.post(address, body, content_type=kind).json()["fields"]
        assert client.post(address, body | {"handler": "承办人"}, content_type=kind).status_code == 200
        row = client.get(reverse("supervision_api:national_mappings")).json()["results"][0]
        assert (row["name"], row["columns"]["handler"]) == ("接口", "承办人")
        address = reverse("supervision_api:save_mapping", args=[row["id"]])
        assert client.post(address, body | {"cause": "案由"}, content_type=kind).status_code == 200
        assert NationalMapping.objects.newest().get().version == 2


GOOD = book([line(NUMBER)])
CELLS = st.one_of(
    st.none(),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.dates(),
    st.sampled_from(["=A1", "#N/A", "2021-13-45", "１２３", "9" * 400, "1E+99999", "NaN"]),
)
FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(changed=st.dictionaries(st.sampled_from(list(HEADING)), CELLS, max_size=4))
def test_any_content_of_cells_is_read_or_named(how, changed):
    # Anything but a refusal is a failure of the test.
    with contextlib.suppress(Refused):
        found = read(book([{**line(NUMBER), **changed}]), how)
        for row in found.lines.values():
            assert all(isinstance(value, str) for value in row.values.values())
        assert found.fault_count or found.lines


@FUZZ
@given(place=st.integers(0, len(GOOD) - 1), letters=st.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_read_or_refused(how, place, letters):
    damaged = GOOD[:place] + letters + GOOD[place + len(letters) :]
    with contextlib.suppress(Refused):
        assert read(damaged, how).sha256
    with contextlib.suppress(Refused):
        assert sheet.guessed(damaged)["header_row"]
