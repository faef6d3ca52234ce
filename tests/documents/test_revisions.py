"""The bureau's own versions of a template: what may be edited, what is refused, who approves, and what the library may
not override."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bureau.errors import Refused
from bureau.models import Event
from documents import comparing, revising, services, versions
from documents.desk import items
from documents.library import BY_CODE, LIBRARY
from documents.models import Revision, Template
from documents.services import templates as library
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 16)
DAY = AT.date()


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-16."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def notice(db) -> Template:
    """The notice in force."""
    return factories.template("ENFORCEMENT_NOTICE")


def _propose(row, *, actor, at=AT, approval="局务会纪要〔2021〕1号", effective_on=DAY, **changes):
    values = revising.written(row.spec) | (changes or {"text_0": "{debtor}（新样式）："})
    return services.propose_revision(
        row, values=values, approval=approval, effective_on=effective_on, at=at, actor=actor
    )


class TestPropose:
    def test_words_change_and_rules_do_not(self, house, notice):
        row = _propose(
            notice,
            actor=house.chief,
            title="执行通知书（新）",
            text_0="{debtor}：\r\n请注意：",
            tip_days="一般为三日",
            required_fee=True,
        )
        spec = row.spec
        assert (spec.title, row.state, row.proposed_by) == ("执行通知书（新）", "WAITING", house.chief)
        assert spec.blocks[0].text == "{debtor}：\n请注意："
        fields = {field.name: field for field in spec.fields}
        assert fields["days"].tip == "一般为三日"
        assert fields["fee"].is_required
        assert (spec.sign, spec.numbering, spec.no) == (notice.spec.sign, notice.spec.numbering, notice.spec.no)
        assert Template.objects.filter(code=notice.code).count() == 1

    def test_an_emptied_paragraph_goes_and_its_place_is_counted(self, house, notice):
        row, block = _propose(notice, actor=house.chief, text_7=""), notice.spec.blocks[7]
        assert len(row.spec.blocks) == len(notice.spec.blocks) - 1
        changes = comparing.specs(notice.spec, row.spec)
        assert [str(change.place) for change in changes] == ["第8段"]
        assert changes[0].parts == (("out", f"{block.text}〔{block.when}〕" if block.when else block.text),)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"text_0": "{nobody}："}, "第1段：没有字段 {nobody}"),
            ({"text_1": "依照{law_nothing}规定"}, "第2段：没有法条引用 {law_nothing}"),
            ({"text_0": "{debtor：{duty}"}, "第1段：花括号不成对"),
            ({"text_0": "{debtor}}："}, "第1段：花括号不成对"),
            ({"text_0": "{被执行人 甲}"}, "第1段：花括号不成对"),
            ({"text_0": "一\x07二"}, "第1段：含有不能印刷的控制字符"),
            ({"text_0": "长" * 4001}, "第1段：超过4000字"),
            ({"text_0": "{debtor}😀："}, "“😀”印不出来"),
            ({"title": " "}, "名称应为1至60个字"),
            ({"label_days": ""}, "项目名称应为1至60个字"),
            ({"tip_days": "长" * 201}, "提示不超过200个字"),
            ({"text_2": ""}, "必填项目“应当履行的义务”在正文中没有用到"),
            ({"title": "执行通知书"}, "没有改动"),
        ],
    )
    def test_what_cannot_stand_is_named_by_its_place(self, house, notice, changes, said):
        with pytest.raises(Refused) as refusal:
            _propose(notice, actor=house.chief, **changes)
        assert any(said in str(reason) for reason in refusal.value.reasons), refusal.value.reasons
        assert not Revision.objects.exists()

    def test_a_remedy_may_not_be_lost(self, house):
        with pytest.raises(Refused) as refusal:
            _propose(factories.template("FREEZE"), actor=house.chief, remedy="NONE")
        assert "救济" in str(refusal.value)

    def test_the_day_is_today_or_later_and_the_approval_is_named(self, house, notice):
        for changes in ({"effective_on": DAY - dt.timedelta(days=1)}, {"approval": " "}):
            with pytest.raises(Refused):
                _propose(notice, actor=house.chief, **changes)
        assert _propose(notice, actor=house.chief, effective_on=dt.date(2021, 12, 1)).effective_on.month == 12

    @pytest.mark.parametrize("duty", ["president", "officer", "dispatcher", "system_admin"])
    def test_only_the_chief_edits(self, house, notice, duty):
        with pytest.raises(PermissionDenied):
            _propose(notice, actor=getattr(house, duty))

    def test_a_second_proposal_replaces_his_own(self, house, notice):
        first = _propose(notice, actor=house.chief)
        second = _propose(notice, actor=house.chief, text_0="{debtor}（再改）：")
        first.refresh_from_db()
        assert (first.state, second.state) == ("REPLACED", "WAITING")

    def test_every_declared_template_can_be_edited_as_it_stands(self):
        for spec in LIBRARY:
            values = revising.written(spec)
            assert revising.revised(spec, values) == spec
            assert revising.objections(spec, spec, values) == {}, spec.code


class TestApprove:
    def test_another_approves_and_it_is_in_force_from_its_day(self, house, notice):
        case = kept.running_case(house)
        row = _propose(notice, actor=house.chief, effective_on=dt.date(2021, 10, 8))
        made = services.approve_revision(row, at=AT, actor=house.president)
        assert (made.version, made.origin, made.edited_by, made.approved_by) == (
            2,
            "BUREAU",
            house.chief,
            house.president,
        )
        code = Template.objects.filter(code=notice.code)
        assert code.in_force(on=dt.date(2021, 10, 7)).get() == notice
        assert code.in_force(on=dt.date(2021, 10, 8)).get() == made
        old = services.issue(
            case,
            template=notice,
            values=factories.values_of(case, notice.code),
            at=moment(2021, 10, 7),
            actor=case.owner,
        )
        new = factories.issue(case, notice.code, actor=case.owner, at=moment(2021, 10, 8))
        assert not any("新样式" in block.get("text", "") for block in old.blocks())
        assert any("新样式" in block.get("text", "") for block in new.blocks())
        verbs = list(Event.objects.filter(verb__endswith="_template").order_by("id").values_list("verb", flat=True))
        assert verbs == ["propose_template", "approve_template"]

    def test_nobody_approves_his_own_not_even_in_the_database(self, house, notice):
        row = _propose(notice, actor=house.chief)
        with pytest.raises(Refused), transaction.atomic():
            services.approve_revision(row, at=AT, actor=house.chief)
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(pk=row.pk).update(
                state="APPROVED", answered_by=house.chief, answered_at=AT, template=notice
            )
        spec = row.spec
        own = {"origin": "BUREAU", "edited_by": house.chief}
        for people in (own, own | {"approved_by": house.chief}):
            with pytest.raises(IntegrityError), transaction.atomic():
                library.row_of(spec, version=9, **people).save(force_insert=True)

    def test_others_may_not_approve(self, house, notice):
        row = _propose(notice, actor=house.chief)
        for duty in ("judge", "officer", "inspector"):
            with pytest.raises(PermissionDenied):
                services.approve_revision(row, at=AT, actor=getattr(house, duty))

    def test_only_on_the_newest_version_once_and_not_after_its_day(self, house, notice):
        row = _propose(notice, actor=house.chief)
        with pytest.raises(Refused) as late:
            services.approve_revision(row, at=moment(2021, 9, 17), actor=house.president)
        assert "生效日" in str(late.value)
        services.approve_revision(row, at=AT, actor=house.president)
        with pytest.raises(Refused):
            services.approve_revision(row, at=AT, actor=house.president)
        later = factories.template(notice.code)
        stale = _propose(later, actor=house.chief, text_0="{debtor}（三）：", effective_on=dt.date(2021, 11, 1))
        library.row_of(later.spec, version=3, origin="LIBRARY").save(force_insert=True)
        with pytest.raises(Refused) as refusal:
            services.approve_revision(stale, at=AT, actor=house.president)
        assert "更新的版本" in str(refusal.value)

    def test_a_new_day_may_not_come_before_that_of_the_newest_version(self, house, notice):
        row = _propose(notice, actor=house.chief, effective_on=dt.date(2021, 12, 1))
        services.approve_revision(row, at=AT, actor=house.president)
        with pytest.raises(Refused):
            _propose(notice, actor=house.chief, text_0="{debtor}（再）：", effective_on=dt.date(2021, 11, 1))

    def test_sent_back_with_a_reason_it_returns_to_the_desk(self, house, notice):
        row = _propose(notice, actor=house.chief)
        assert [item.url for item in items(house.president, today=DAY)] == [row.get_absolute_url()]
        with pytest.raises(Refused):
            services.send_back_revision(row, note=" ", at=AT, actor=house.president)
        services.send_back_revision(row, note="法律依据有误", at=AT, actor=house.president)
        assert [item.note for item in items(house.chief, today=DAY)] == ["法律依据有误"]
        again = services.propose_revision(
            notice,
            values={"text_0": "{debtor}（更正）："},
            start=Revision.objects.get(pk=row.pk),
            approval="局务会",
            effective_on=DAY,
            at=AT,
            actor=house.chief,
        )
        assert again.spec.blocks[0].text == "{debtor}（更正）："


class TestLibrary:
    def _declare(self, monkeypatch, text):
        spec = BY_CODE["ENFORCEMENT_NOTICE"]
        changed = replace(spec, blocks=(replace(spec.blocks[0], text=text), *spec.blocks[1:]))
        monkeypatch.setattr(library, "LIBRARY", tuple(changed if row is spec else row for row in LIBRARY))

    def test_where_the_bureau_has_no_text_of_its_own_a_changed_one_is_in_force(self, house, notice, monkeypatch):
        self._declare(monkeypatch, "{debtor}（新版）：")
        assert services.sync_templates(at=AT) == 1
        assert factories.template(notice.code).origin == "LIBRARY"
        assert services.sync_templates(at=AT) == 0

    def test_where_it_has_one_the_library_only_proposes_once(self, house, notice, monkeypatch):
        own = services.approve_revision(_propose(notice, actor=house.chief), at=AT, actor=house.president)
        assert services.sync_templates(at=AT) == 0
        self._declare(monkeypatch, "{debtor}（新版）：")
        assert services.sync_templates(at=AT) == 1
        row = Revision.objects.get(origin="LIBRARY")
        assert (row.state, row.base) == ("WAITING", own)
        assert Template.objects.filter(code=notice.code).in_force(on=DAY).get() == own
        assert services.sync_templates(at=AT) == 0
        self._declare(monkeypatch, "{debtor}（又一版）：")
        assert services.sync_templates(at=AT) == 1
        row.refresh_from_db()
        assert row.state == "REPLACED"
        assert Revision.objects.waiting().count() == 1

    def test_the_bureau_may_take_it_over_or_leave_it(self, house, notice, monkeypatch):
        services.approve_revision(_propose(notice, actor=house.chief), at=AT, actor=house.president)
        self._declare(monkeypatch, "{debtor}（新版）：")
        services.sync_templates(at=AT)
        row = Revision.objects.get(origin="LIBRARY")
        services.send_back_revision(row, note="保留本局样式", at=AT, actor=house.chief)
        assert services.sync_templates(at=AT) == 0
        self._declare(monkeypatch, "{debtor}（又一版）：")
        services.sync_templates(at=AT)
        row = Revision.objects.waiting().get(origin="LIBRARY")
        made = services.approve_revision(row, effective_on=dt.date(2021, 10, 1), at=AT, actor=house.chief)
        assert (made.version, made.origin, made.effective_on) == (3, "LIBRARY", dt.date(2021, 10, 1))
        assert services.sync_templates(at=AT) == 0

    def test_after_a_migrate_the_moment_is_the_database_s(self, house, notice, monkeypatch):
        services.approve_revision(_propose(notice, actor=house.chief), at=AT, actor=house.president)
        self._declare(monkeypatch, "{debtor}（新版）：")
        services.sync_templates()
        assert Revision.objects.get(origin="LIBRARY").proposed_at.date() == dt.datetime.now(dt.UTC).date()


class TestHistory:
    def test_days_follow_one_another_and_a_version_that_never_came_says_so(self, house, notice):
        for text, day in (("一", dt.date(2021, 10, 8)), ("二", dt.date(2021, 10, 8)), ("三", dt.date(2021, 11, 1))):
            row = _propose(notice, actor=house.chief, text_0="{debtor}" + text, effective_on=day)
            services.approve_revision(row, at=AT, actor=house.president)
        rows = versions.history(versions.of_code(notice.code), today=dt.date(2021, 10, 20))
        assert [row.template.version for row in rows] == [4, 3, 2, 1]
        assert [row.until_on for row in rows] == [
            None,
            dt.date(2021, 10, 31),
            dt.date(2021, 10, 7),
            dt.date(2021, 10, 7),
        ]
        assert [row.is_never for row in rows] == [False, False, True, False]
        assert [row.is_in_force for row in rows] == [False, True, False, False]
        assert [len(row.changes) for row in rows] == [1, 1, 1, 0]


class TestPages:
    def _form(self, notice, **changes):
        values = revising.written(notice.spec)
        data = {name: ("on" if value else None) if isinstance(value, bool) else value for name, value in values.items()}
        data |= {"approval": "局务会", "effective_on": "2021-10-08", "act": "propose"}
        return {name: value for name, value in (data | changes).items() if value is not None}

    def test_from_the_library_to_the_history(self, house, notice, login):
        chief, president = login(house.chief), login(house.president)
        edit = reverse("documents:edit_template", args=[notice.pk])
        page = chief.get(reverse("documents:template", args=[notice.pk])).content.decode()
        assert edit in page
        begun = chief.get(edit).content.decode()
        assert "没有不同" in begun
        assert "多名被执行人应当逐一发出" in begun
        assert chief.post(edit, {}).status_code == 422
        shown = chief.post(edit, self._form(notice, text_0="{debtor}：{nobody}", act="preview"))
        assert shown.status_code == 422
        assert "第1段：没有字段 {nobody}" in shown.content.decode()
        assert "<ins>" in shown.content.decode()
        assert not Revision.objects.exists()
        answer = chief.post(edit, self._form(notice, text_0="{debtor}（新）：", tip_days="一般三日"))
        row = Revision.objects.get()
        assert answer.url == row.get_absolute_url()
        assert 'value="approve"' not in chief.get(answer.url).content.decode()
        assert chief.post(answer.url, {"act": "approve"}).status_code == 422
        assert president.post(answer.url, {"act": "send_back"}).status_code == 422
        assert president.post(answer.url, {"act": "x"}).status_code == 403
        done = president.post(answer.url, {"act": "approve"})
        made = Template.objects.get(code=notice.code, version=2)
        assert done.url == reverse("documents:history", args=[made.pk])
        history = login(house.officer).get(done.url).content.decode()
        for text in ("第 2 版", "2021-10-08", "局务会", house.chief.name, house.president.name, "<ins>"):
            assert text in history
        assert "已批准" in president.get(reverse("documents:revisions")).content.decode()

    def test_preview_is_of_a_visible_case_and_an_unknown_number_is_refused(self, house, notice, login):
        case = kept.running_case(house)
        edit = reverse("documents:edit_template", args=[notice.pk])
        data = self._form(notice, preview_case=case.number, act="preview")
        assert case.escrow.number in login(house.chief).post(edit, data).content.decode()
        data["preview_case"] = "(2021)内0302执999号"
        answer = login(house.chief).post(edit, data)
        assert answer.status_code == 422
        assert "没有这个案号的案件" in answer.content.decode()

    def test_a_sent_back_text_is_edited_further(self, house, notice, login):
        row = _propose(notice, actor=house.chief)
        edit = reverse("documents:edit_template", args=[notice.pk])
        assert "（新样式）" in login(house.chief).get(f"{edit}?from={row.pk}").content.decode()
        for wrong in ("x", "99999999999999", "0"):
            assert "（新样式）" not in login(house.chief).get(f"{edit}?from={wrong}").content.decode()

    def test_typed_markup_is_only_text(self, house, notice, login):
        row = _propose(notice, actor=house.chief, text_0="<script>alert(1)</script>{debtor}")
        page = login(house.president).get(row.get_absolute_url()).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page

    def test_the_lists_cost_the_same_however_many_rows(self, house, notice, login, django_assert_max_num_queries):
        for code in ("FREEZE", "DEDUCT", "SUMMONS"):
            factories.propose_revision(factories.template(code), actor=house.chief, at=AT)
        client = login(house.president)
        with django_assert_max_num_queries(12):
            client.get(reverse("documents:revisions"))


class TestApi:
    def test_versions_propose_approve_and_send_back(self, house, notice, login):
        chief, president = login(house.chief), login(house.president)
        address = reverse("documents_api:versions", args=[notice.pk])
        rows = login(house.officer).get(address).json()["results"]
        assert rows[0]["words"]["text_0"] == "{debtor}："
        propose = reverse("documents_api:propose_revision", args=[notice.pk])
        data = {"words": {"text_0": "{debtor}（接口）："}, "approval": "局务会", "effective_on": "2021-10-08"}
        for wrong in ({}, data | {"words": {"text_0": 5}}, data | {"effective_on": "x"}):
            assert chief.post(propose, wrong, content_type="application/json").status_code == 400
        bad = data | {"words": {"text_0": "{x}"}}
        refused = chief.post(propose, bad, content_type="application/json")
        assert refused.status_code == 422
        assert refused.json()["fields"]["text_0"][0].startswith("第1段")
        made = chief.post(propose, data, content_type="application/json")
        assert made.status_code == 201
        approve = reverse("documents_api:approve_revision", args=[made.json()["id"]])
        assert chief.post(approve, {}, content_type="application/json").status_code == 422
        assert president.post(approve, {}, content_type="application/json").json()["version"] == 2
        second = chief.post(propose, data | {"words": {"text_0": "{debtor}二"}}, content_type="application/json").json()
        back = reverse("documents_api:send_back_revision", args=[second["id"]])
        assert president.post(back, {"note": "不妥"}, content_type="application/json").json()["state"] == "SENT_BACK"
        listed = president.get(reverse("documents_api:revisions")).json()["results"]
        assert [row["state"] for row in listed] == ["SENT_BACK", "APPROVED"]
