"""The e-file: every paper in order with its pages, and the whole case as one archive with a manifest of hashes."""

import hashlib
import io
import itertools
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event, User
from cases import services as cases
from cases.models import Case
from documents import services
from documents.models import Material
from documents.services.efile import index_of
from tests import factories, kept
from tests.factories import moment
from wuhai_exec.demo.papers import CASE_PAPERS, PAYEE_SCAN

AT = moment(2021, 9, 6)
SERVED_AT = moment(2021, 9, 9)


@pytest.fixture
def case(house) -> Case:
    """A case with four papers, a restricted one, a notice of two pages, a restricted notice and a void ruling."""
    case = kept.running_case(house)
    papers = [services.Paper(item.kind, item.title, item.content) for item in CASE_PAPERS]
    services.receive(case, papers, at=moment(2021, 9, 1), actor=house.window_clerk)
    services.receive(
        case, [services.Paper("PAYEE", "收款账户确认书", PAYEE_SCAN)], at=moment(2021, 9, 2), actor=house.window_clerk
    )
    factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
    factories.issue(case, "COLLECT_NOTICE", actor=case.owner, at=moment(2021, 9, 7))
    old, new = (factories.issue(case, "FREEZE", actor=case.judge, at=moment(2021, 9, 8)) for _turn in range(2))
    services.void(old, by=new, reason="账号有误", at=moment(2021, 9, 8), actor=case.judge)
    return case


def _print():
    services.print_waiting(at=AT, actor=User.objects.system())


def _open(archive):
    pack = zipfile.ZipFile(io.BytesIO(archive.content.read()))
    return pack, json.loads(pack.read("manifest.json"))


class TestIndex:
    def test_papers_stand_in_order_with_running_pages(self, case):
        _print()
        rows = index_of(case, case.judge)
        assert [row.order for row in rows] == list(range(1, len(rows) + 1))
        assert [row.at for row in rows] == sorted(row.at for row in rows)
        assert rows[0].first_page == 1
        for one, two in itertools.pairwise(rows):
            assert two.first_page == one.last_page + 1
        notice = next(row for row in rows if row.title == "执行通知书")
        assert notice.last_page - notice.first_page + 1 == notice.paper.page_count >= 2
        assert [row.is_void for row in rows if row.title.startswith("执行裁定书")] == [True, False]

    def test_whoever_may_not_see_a_paper_sees_its_place_but_not_its_name(self, house, case, login):
        _print()
        whole, part = index_of(case, case.judge), index_of(case, house.dispatcher)
        assert [row.is_hidden for row in whole] == [False] * len(whole)
        assert [row.is_hidden for row in part] == [row.is_restricted for row in whole]
        assert [(row.first_page, row.last_page) for row in part] == [(row.first_page, row.last_page) for row in whole]
        page = reverse("documents:case_materials", args=[case.pk])
        assert "领取案款通知书" not in login(house.dispatcher).get(page).content.decode()
        assert "领取案款通知书" in login(case.judge).get(page).content.decode()

    def test_pages_of_a_scan_are_counted_and_a_broken_one_counts_as_one(self, case):
        assert set(Material.objects.filter(case=case).values_list("page_count", flat=True)) == {1}
        from pypdf import PdfWriter

        writer, out = PdfWriter(), io.BytesIO()
        for _turn in range(3):
            writer.add_blank_page(595, 842)
        writer.write(out)
        papers = [services.Paper("OTHER", "三页", out.getvalue()), services.Paper("OTHER", "坏", b"%PDF-1.4\nrubbish")]
        rows = services.receive(case, papers, at=AT, actor=case.owner)
        assert [row.page_count for row in rows] == [3, 1]


class TestKinds:
    def groups(self, client, case) -> dict[str, dict[str, str]]:
        field = client.get(reverse("documents:case_materials", args=[case.pk])).context["form"].fields["kind"]
        return {str(label): dict(rows) for label, rows in field.choices}

    def test_what_is_missing_stands_first_and_what_is_there_is_marked(self, house, login):
        case = kept.running_case(house)
        services.receive(case, [services.Paper("IDENTITY", "身份证", PAYEE_SCAN)], at=AT, actor=house.window_clerk)
        groups = self.groups(login(case.judge), case)
        assert list(groups) == ["尚缺的必备材料", "已入卷的，再收一份", "其他材料"]
        assert "IDENTITY" not in groups["尚缺的必备材料"]
        assert {"APPLICATION", "BASIS", "ADDRESS"} <= set(groups["尚缺的必备材料"])
        assert groups["已入卷的，再收一份"]["IDENTITY"] == "申请执行人身份证明（已有 1 份）"
        assert {"SPECIAL", "ONSITE"}.isdisjoint(groups["其他材料"])

    def test_what_only_some_documents_ask_for_is_offered_to_them(self, house, login):
        filed = factories.file_case(house).case
        Case.objects.filter(pk=filed.pk).update(basis_kind="A1")
        case = factories.into_stream(house, Case.objects.get(pk=filed.pk))
        asked = {"kind": "QUERY", "to_team": house.assistant.team, "text": "补查"}
        cases.request_work(case, **asked, at=AT, actor=house.officer)
        assert {"SPECIAL", "ONSITE"} <= set(self.groups(login(case.judge), case)["其他材料"])


class TestExport:
    def test_every_file_is_in_the_manifest_with_its_hash_and_order(self, case):
        _print()
        archive = services.export_efile(case, at=AT, actor=case.judge)
        pack, manifest = _open(archive)
        files = [line["file"] for line in manifest["papers"]]
        assert pack.namelist() == [*files, "manifest.json", "目录.html"]
        page = pack.read("目录.html").decode()
        assert all(line["sha256"] in page and line["number"] in page for line in manifest["papers"])
        assert manifest["case_number"] == case.number
        for line in manifest["papers"]:
            content = pack.read(line["file"])
            assert hashlib.sha256(content).hexdigest() == line["sha256"]
            assert len(content) == line["byte_count"]
        assert hashlib.sha256(pack.read("manifest.json")).hexdigest() == archive.manifest_sha256
        event = json.loads(Event.objects.get(verb="export_efile").details)
        assert event == {"count": len(files), "sha256": archive.manifest_sha256}
        assert [line["is_void"] for line in manifest["papers"]].count(True) == 1

    def test_restricted_papers_leave_only_with_those_who_may_see_them(self, house, case):
        _print()
        pack, manifest = _open(services.export_efile(case, at=AT, actor=house.president))
        hidden = [line for line in manifest["papers"] if not line["is_included"]]
        assert len(hidden) == 3
        assert all(line["is_restricted"] and "title" not in line and "sha256" not in line for line in hidden)
        assert len(pack.namelist()) == len(manifest["papers"]) - 3 + 2
        whole = services.export_efile(case, at=AT, actor=house.inspector)
        assert whole.file_count == len(manifest["papers"])

    def test_while_a_pdf_is_being_made_nothing_leaves_and_a_failed_one_is_named(self, case, monkeypatch):
        monkeypatch.setattr("documents.glyphs.lacking", lambda text: "")
        with pytest.raises(Refused):
            services.export_efile(case, at=AT, actor=case.judge)
        factories.issue(case, "FREEZE", actor=case.judge, bank="😀")
        _print()
        _pack, manifest = _open(services.export_efile(case, at=AT, actor=case.judge))
        assert [line["is_included"] for line in manifest["papers"]].count(False) == 1

    def test_who_may_not_export_or_not_see_the_case_may_not(self, house, case):
        _print()
        for user in (house.finance, house.window_clerk, house.officer3):
            with pytest.raises(PermissionDenied):
                services.export_efile(case, at=AT, actor=user)

    def test_the_page_sends_the_archive(self, case, login):
        _print()
        answer = login(case.judge).post(reverse("documents:export_efile", args=[case.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        pack = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        assert pack.testzip() is None


class TestArchive:
    """A file is archived only with a complete index."""

    @pytest.fixture
    def closed(self, house, case) -> Case:
        """The same case, closed, its papers printed, its ruling served."""
        _print()
        self._serve(case, case.documents.get(template__code="FREEZE", voided_at=None), actor=case.owner)
        return factories.close(house, case, "TERMINATED", at=moment(2021, 9, 20))

    def _serve(self, case, ruling, *, actor, at=SERVED_AT):
        delivery = services.send(ruling, way="DIRECT", addressee="乌海银行", at=at, actor=actor)
        proof = services.receive(case, [services.Paper("SERVICE", "回证", PAYEE_SCAN)], at=at, actor=actor)[0]
        services.deliver(delivery, on=at.date(), proof=proof, **factories.signed(delivery), at=at, actor=actor)

    def _archive(self, house, case):
        return cases.archive(case, note="", at=moment(2021, 10, 8), actor=house.records_clerk)

    def test_complete_it_is_archived(self, house, closed):
        assert self._archive(house, closed).stage == "ARCHIVED"

    def test_missing_papers_are_named(self, house):
        case = kept.running_case(house)
        closed = factories.close(house, case, "TERMINATED", at=moment(2021, 9, 20))
        with pytest.raises(Refused) as refusal:
            self._archive(house, closed)
        for name in ("申请执行书", "生效法律文书及生效证明", "申请执行人身份证明", "送达地址确认书"):
            assert name in str(refusal.value)

    def test_a_paper_without_file_an_unsigned_draft_and_an_open_service_stand_against_it(self, house, closed):
        document = factories.issue(closed, "RELEASE", actor=closed.judge, at=moment(2021, 9, 21))
        given = {"template": factories.template("RELEASE"), "values": factories.values_of(closed, "RELEASE")}
        draft = services.propose(closed, **given, at=moment(2021, 9, 21), actor=house.records_clerk)
        delivery = services.send(
            document, way="DIRECT", addressee="乌海银行", at=moment(2021, 9, 21), actor=house.records_clerk
        )
        with pytest.raises(Refused) as refusal:
            self._archive(house, closed)
        assert [reason.split("：")[0] for reason in refusal.value.reasons] == [
            "文书PDF尚在制作",
            "文书没有送达记录",
            "有拟稿待签发",
            "有送达未办结",
        ]
        _print()
        services.send_back_draft(draft, note="不需要", at=moment(2021, 9, 21), actor=closed.judge)
        services.note_attempt(
            delivery, reason="REFUSED", is_given_up=True, at=moment(2021, 9, 21), actor=house.records_clerk
        )
        self._serve(closed, document, actor=house.records_clerk, at=moment(2021, 9, 22))
        assert self._archive(house, closed).stage == "ARCHIVED"
