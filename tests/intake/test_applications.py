"""Applications: drafts kept and opened again, completeness and its clock, one notice, decision; wrong roles."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event
from cases.filing import ClaimData
from cases.models import Case
from documents import services as documents
from documents.models import Material, Staged
from intake import applications, checklists, desk, jurisdiction
from intake.checklists import Paper
from intake.models import Application, Condition, SupplementNotice
from intake.typed import missing_of
from intake.warnings import filing_warnings
from portal import people
from tests import factories
from tests.intake.test_views import NEW, typed

AT = factories.moment(2021, 9, 1)
ALL = list(Condition.values)
EVERYTHING = list(checklists.Paper.values)
PDF = b"%PDF-1.4\n%test\n"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def row(house):
    return factories.application(house.window_clerk, at=AT)


def fields_of(data):
    """Return a posted page as it is kept."""
    return {name: value if isinstance(value, list) else [value] for name, value in data.items()}


def filed(house):
    return {"filing": factories.filing(), "without_reception": factories.BY_POST}


class TestDraft:
    def test_a_half_filled_page_is_kept_encrypted_with_its_scan_and_opened_again(self, house, login):
        client = login(house.window_clerk)
        data = {**typed(basis_made_on="", clues="某小区"), "do": "draft"}
        answer = client.post(NEW, {**data, "materials-0-file": SimpleUploadedFile("申请书.pdf", PDF)})
        kept = Application.objects.get()
        assert answer.url == kept.get_absolute_url()
        assert kept.state == "DRAFT"
        with connection.cursor() as cursor:
            cursor.execute("SELECT payload FROM intake_application")
            assert "11010519491231002" not in cursor.fetchone()[0]
        Staged.objects.all().delete()
        page = client.get(NEW, {"application": kept.pk})
        text = page.content.decode()
        assert "某小区" in text
        assert "请改正" not in text
        assert "申请书.pdf" in text
        assert Staged.objects.get().token in text

    def test_a_draft_that_is_right_is_submitted_completed_and_becomes_a_case(self, house, login):
        client = login(house.window_clerk)
        client.post(NEW, {**typed(), "do": "submit", "materials-0-file": SimpleUploadedFile("a.pdf", PDF)})
        kept = Application.objects.get()
        page = reverse("intake:application", args=[kept.pk])
        assert client.post(page, {"do": "accept", "met": ALL}).status_code == 422
        client.post(page, {"do": "supplement", "seen": EVERYTHING})
        answer = client.post(page, {"do": "accept", "met": ALL})
        kept.refresh_from_db()
        assert answer.url == reverse("intake:receipt", args=[kept.case_id])
        assert kept.state == "ACCEPTED"
        assert Material.objects.get(case=kept.case).kind == "APPLICATION"

    def test_a_wrong_application_leads_back_to_the_form_with_its_errors(self, house, login):
        row = factories.application(house.window_clerk, at=AT, basis_made_on="")
        applications.supplement(row, seen=EVERYTHING, at=AT, actor=house.window_clerk)
        client = login(house.window_clerk)
        answer = client.post(row.get_absolute_url(), {"do": "accept", "met": ALL})
        assert f"application={row.pk}" in answer.url
        assert not Case.objects.exists()
        page = client.get(answer.url)
        assert page.context["filing"].basis.errors["basis_made_on"]
        assert 'id="id_basis_made_on_error"' in page.content.decode()

    def test_a_draft_that_is_too_long_stays_on_the_page(self, house, login, monkeypatch):
        monkeypatch.setattr(applications, "PAYLOAD_MAX", 500)
        answer = login(house.window_clerk).post(NEW, {**typed(clues="某小区"), "do": "draft"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "过长" in text
        assert "某小区" in text
        assert not Application.objects.exists()

    def test_a_refused_submission_is_a_draft_opened_with_its_errors(self, house, login):
        client = login(house.window_clerk)
        answer = client.post(NEW, {**typed(basis_number="", clues="某小区"), "do": "submit"}, follow=True)
        draft = Application.objects.get()
        text = answer.content.decode()
        assert draft.state == "DRAFT"
        assert "未提交" in text
        assert "某小区" in text
        assert 'id="id_basis_number_error"' in text

    def test_opening_an_application_checked_files_nothing(self, house, login):
        draft = factories.application(house.window_clerk, at=AT, until="DRAFT")
        applications.save_draft(
            applications.Typed(fields_of(typed()), {}),
            application=draft,
            at=AT,
            actor=house.window_clerk,
        )
        page = login(house.window_clerk).get(NEW, {"application": draft.pk, "check": "1", "checked": "x"})
        assert page.status_code == 200
        assert not Case.objects.exists()

    def test_what_is_worth_a_second_look_is_ticked_before_acceptance(self, house, login):
        factories.file_case(house, basis=dataclasses.replace(factories.filing().basis, number="(2021)内0302民初900号"))
        row = factories.application(house.window_clerk, at=AT, **{"source-reason": "POST", "source-words": "信1号"})
        applications.supplement(row, seen=EVERYTHING, at=AT, actor=house.window_clerk)
        client = login(house.window_clerk)
        data = {"do": "accept", "met": ALL}
        first = client.post(row.get_absolute_url(), data)
        text = first.content.decode()
        assert first.status_code == 422
        assert "已立案" in text
        assert Case.objects.count() == 1
        assert text.count("checked>") == len(ALL)
        key = first.context["filing"].warnings_key
        assert client.post(row.get_absolute_url(), data | {"checked": "0"}).status_code == 422
        assert client.post(row.get_absolute_url(), data | {"checked": key}).status_code == 302
        assert Case.objects.count() == 2

    def test_a_draft_is_discarded_a_submitted_one_is_not(self, house, login, row):
        draft = factories.application(house.window_clerk, at=AT, until="DRAFT")
        client = login(house.window_clerk)
        assert client.post(draft.get_absolute_url(), {"do": "discard"}).status_code == 302
        assert client.post(row.get_absolute_url(), {"do": "discard"}).status_code == 422
        assert Application.objects.get() == row

    def test_an_empty_draft_cannot_be_submitted(self, house):
        draft = applications.save_draft(applications.Typed({}, {}), at=AT, actor=house.window_clerk)
        with pytest.raises(Refused, match="先填写"):
            applications.submit(draft, at=AT, actor=house.window_clerk)

    def test_a_draft_filed_at_once_is_settled_and_a_reviewed_one_is_not_filed_past_its_review(self, house, login, row):
        draft = factories.application(house.window_clerk, at=AT, until="DRAFT")
        page = applications.Typed(fields_of(typed()), {})
        given = {"filed": filed(house), "met": ALL, "seen": EVERYTHING, "at": AT, "actor": house.window_clerk}
        case = applications.file_at_once(page, application=draft, **given).case
        draft.refresh_from_db()
        assert (draft.state, draft.case) == ("ACCEPTED", case)
        with pytest.raises(Refused, match="审查页面"):
            applications.file_at_once(page, application=row, **given)
        assert Case.objects.count() == 1


class TestAtOnce:
    """A filing that is accepted from its page, without a review apart."""

    def post(self, client, **changes):
        answer = client.post(NEW, {**typed(), **changes})
        if answer.status_code == 422 and not answer.context["filing"].has_errors:
            key = answer.context["filing"].warnings_key
            answer = client.post(NEW, {**typed(), **changes, "checked": key})
        return answer

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"met": []}, "met"),
            ({"met": ALL[1:]}, "met"),
            ({"seen": ["APPLICATION"]}, "seen"),
            ({"seen": ["DOCUMENT"]}, "seen"),
        ],
    )
    def test_not_without_the_five_conditions_nor_the_two_papers(self, house, login, changes, field):
        answer = self.post(login(house.window_clerk), **changes)
        assert answer.status_code == 422
        assert field in answer.context["filing"].acceptance.errors
        assert not Case.objects.exists()
        page = applications.Typed(fields_of({**typed(), **changes}), {})
        said = {"met": ALL, "seen": typed()["seen"]} | changes
        with pytest.raises(Refused):
            applications.file_at_once(page, filed=filed(house), **said, at=AT, actor=house.window_clerk)
        assert not Case.objects.exists()

    def test_a_signed_record_is_the_application_by_word_of_mouth(self, house, login):
        kept = factories.reception(house.window_clerk, at=AT)
        said = {"source-reason": "", "source-words": "", "source-reception": str(kept.pk), "seen": ["DOCUMENT"]}
        assert self.post(login(house.window_clerk), **said).status_code == 302
        assert "APPLICATION" in Application.objects.get().seen

    def test_what_is_handed_over_has_its_form_in_the_place_of_the_application(self, house, login):
        said = {"basis_kind": "J6", "source-reason": "TRANSFER", "source-words": "移送函1号"}
        client = login(house.window_clerk)
        assert self.post(client, **said, seen=["DOCUMENT"]).status_code == 422
        assert self.post(client, **said, seen=["DOCUMENT", "TRANSFER"]).status_code == 302

    def test_it_is_kept_as_an_application_and_what_is_missing_is_told_once(self, house, login, settings):
        client = login(house.window_clerk)
        answer = self.post(client)
        row = Application.objects.get()
        assert (row.state, row.met, row.submitted_on) == ("ACCEPTED", ALL, AT.date())
        assert row.notice.due_on == AT.date() + dt.timedelta(days=7)
        assert set(row.notice.missing) == {"EFFECT", "IDENTITY", "ADDRESS", "PAYEE"}
        receipt = client.get(answer.url).content.decode()
        assert "尚需补交" in receipt
        assert "2021-09-08" in receipt
        told = people.load([row.case], at=AT)[row.case_id]
        assert {mine["missing"]["due_on"] for mine in told.values()} == {"2021-09-08"}
        applications.supplement(row, seen=row.notice.missing, at=AT, actor=house.window_clerk)
        row.refresh_from_db()
        assert (row.state, missing_of(row)) == ("ACCEPTED", [])
        assert "尚需补交" not in client.get(answer.url).content.decode()
        assert {mine["missing"] for mine in people.load([row.case], at=AT)[row.case_id].values()} == {None}

    def test_what_comes_into_the_file_is_no_longer_missing(self, house, login):
        self.post(login(house.window_clerk))
        row = Application.objects.get()
        factories.paper(row.case)
        assert Paper.IDENTITY in missing_of(row)
        papers = [documents.Paper("IDENTITY", "", PDF)]
        documents.receive(row.case, papers, at=AT, actor=house.window_clerk)
        assert Paper.IDENTITY not in missing_of(Application.objects.get())

    def test_the_page_and_the_review_ask_for_the_same_papers(self, house, login):
        page = login(house.window_clerk).post(NEW, {**typed(), "seen": []}).context["filing"]
        row = factories.application(house.window_clerk, at=AT)
        assert page.asked == [Paper(code) for code in row.asked]
        usual = {checklists.SHOWN_BY[paper] for paper in (*checklists.ALWAYS, Paper.PAYEE)}
        assert usual == set(Material.REQUIRED)


class TestReview:
    def test_seven_days_run_from_complete_papers_and_end_on_a_working_day(self, house, row):
        assert row.due_on is None
        later = factories.moment(2021, 9, 25)
        done = applications.supplement(row, seen=EVERYTHING, at=later, actor=house.window_clerk)
        assert done.complete_on == dt.date(2021, 9, 25)
        # The seventh day, 2 October, is within the holidays.
        assert done.due_on == dt.date(2021, 10, 8)

    def test_what_is_missing_is_told_once_and_completely(self, house, row):
        notice = applications.ask_supplement(row, due_on=dt.date(2021, 9, 15), at=AT, actor=house.window_clerk)
        assert notice.missing == ["DOCUMENT", "EFFECT", "IDENTITY", "ADDRESS", "PAYEE"]
        with pytest.raises(Refused, match="一次告知"):
            applications.ask_supplement(row, due_on=dt.date(2021, 9, 16), at=AT, actor=house.window_clerk)
        with pytest.raises(IntegrityError), transaction.atomic():
            SupplementNotice.objects.create(
                application=row, missing=["PAYEE"], due_on=AT.date(), made_at=AT, made_by=house.window_clerk
            )
        part = applications.supplement(row, seen=["DOCUMENT"], at=AT, actor=house.window_clerk)
        assert part.state == "SUPPLEMENT"
        whole = applications.supplement(row, seen=notice.missing, at=AT, actor=house.window_clerk)
        assert whole.state == "REVIEW"
        assert whole.due_on

    def test_a_past_day_and_complete_papers_are_no_reason_for_a_notice(self, house, row):
        with pytest.raises(Refused, match="晚于今天"):
            applications.ask_supplement(row, due_on=AT.date(), at=AT, actor=house.window_clerk)
        applications.supplement(row, seen=EVERYTHING, at=AT, actor=house.window_clerk)
        with pytest.raises(Refused, match="齐备"):
            applications.ask_supplement(row, due_on=dt.date(2021, 9, 15), at=AT, actor=house.window_clerk)

    def test_it_is_accepted_only_with_every_condition_and_paper(self, house, row):
        given = {"filed": filed(house), "at": AT, "actor": house.window_clerk}
        with pytest.raises(Refused, match="尚缺"):
            applications.accept(row, met=ALL, **given)
        applications.supplement(row, seen=EVERYTHING, at=AT, actor=house.window_clerk)
        with pytest.raises(Refused, match="管辖"):
            applications.accept(row, met=ALL[:-1], **given)
        case = applications.accept(row, met=ALL, **given).case
        row.refresh_from_db()
        assert (row.state, row.case) == ("ACCEPTED", case)
        with pytest.raises(Refused, match="已作出决定"):
            applications.accept(row, met=ALL, **given)

    def test_a_judge_refuses_it_on_reasons_for_each_condition_and_it_is_printed(self, house, login, row):
        page, clerk, judge = row.get_absolute_url(), login(house.window_clerk), login(house.judge)
        given = {"do": "refuse", "met": ALL[:3], "why_UNPERFORMED": "被执行人已于8月全部履行"}
        answer = clerk.post(page, given)
        assert answer.status_code == 422
        assert "属于受申请法院管辖" in answer.content.decode()
        assert "被执行人已于8月全部履行" in answer.content.decode()
        assert judge.get(page).status_code == 404
        assert clerk.post(page, {**given, "why_JURISDICTION": "被执行财产在外地"}).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.met, list(row.unmet)) == ("PROPOSED", ALL[:3], ALL[3:])
        assert [item.kind for item in desk.items(house.judge, today=AT.date())] == ["不予受理待裁定"]
        assert clerk.post(page, {"do": "rule", "agrees": "yes", "document": "1号"}).status_code == 403
        assert "被执行财产在外地" in judge.get(page).content.decode()
        assert judge.post(page, {"do": "rule", "agrees": "yes", "document": ""}).status_code == 422
        answer = judge.post(page, {"do": "rule", "agrees": "yes", "document": "(2021)内0302执1号"})
        row.refresh_from_db()
        assert (row.state, row.ruled_by, row.decided_by) == ("REFUSED", house.judge, house.judge)
        for text in (judge.get(answer.url).content.decode(), clerk.get(answer.url).content.decode()):
            assert "属于受申请法院管辖”：被执行财产在外地" in text
            assert "(2021)内0302执1号" in text

    def test_the_judge_gives_it_back_with_words_and_the_window_goes_on(self, house, login, row):
        given = {"met": ALL[:4], "unmet": {"JURISDICTION": "不归本院"}, "at": AT}
        applications.propose_refusal(row, **given, actor=house.window_clerk)
        page, judge = row.get_absolute_url(), login(house.judge)
        assert judge.post(page, {"do": "rule", "agrees": "no"}).status_code == 422
        assert judge.post(page, {"do": "rule", "agrees": "no", "note": "财产所在地在本区"}).status_code == 302
        row.refresh_from_db()
        assert row.state == "REVIEW"
        assert "财产所在地在本区" in login(house.window_clerk).get(page).content.decode()
        applications.supplement(row, seen=EVERYTHING, at=AT, actor=house.window_clerk)
        applications.propose_refusal(row, **given, actor=house.window_clerk)
        assert not Application.objects.get().ruling_note

    def test_whoever_proposed_it_does_not_rule_on_it(self, house, row):
        applications.propose_refusal(row, met=[], unmet=dict.fromkeys(ALL, "无"), at=AT, actor=house.window_clerk)
        Application.objects.update(proposed_by=house.judge)
        with pytest.raises(Refused, match="不得自行裁定"):
            applications.rule_refusal(row, agrees=True, document="1号", at=AT, actor=house.judge)
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.update(state="REFUSED", ruled_by=house.judge, reason="x", document="y")

    def test_what_is_complete_and_meets_everything_is_not_refused(self, house, row):
        applications.supplement(row, seen=EVERYTHING, at=AT, actor=house.window_clerk)
        with pytest.raises(Refused, match="应当受理"):
            applications.propose_refusal(row, met=ALL, unmet={}, reason="x", at=AT, actor=house.window_clerk)

    def test_papers_that_never_came_are_a_reason_in_words(self, house, row):
        with pytest.raises(Refused, match="写明不予受理的理由"):
            applications.propose_refusal(row, met=ALL, unmet={}, at=AT, actor=house.window_clerk)
        row = applications.propose_refusal(row, met=ALL, unmet={}, reason="逾期", at=AT, actor=house.window_clerk)
        assert (row.state, row.unmet, row.reason) == ("PROPOSED", {}, "逾期")

    def test_the_database_keeps_its_promises(self, row):
        for values in ({"state": "ACCEPTED"}, {"state": "REFUSED"}, {"complete_on": AT.date()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Application.objects.filter(pk=row.pk).update(**values)

    def test_events_name_nobody(self, house, row):
        applications.ask_supplement(row, due_on=dt.date(2021, 9, 15), at=AT, actor=house.window_clerk)
        text = " ".join(Event.objects.of_chain("room:intake").values_list("details", flat=True))
        assert "PAYEE" in text
        for secret in ("张安然", "11010519491231002X"):
            assert secret not in text

    def test_it_stands_on_the_desk_of_the_window(self, house, row):
        applications.ask_supplement(row, due_on=dt.date(2021, 9, 15), at=AT, actor=house.window_clerk)
        [item] = desk.items(house.window_clerk, today=dt.date(2021, 9, 16))
        assert item.is_red
        assert not list(desk.items(house.window_clerk2, today=AT.date()))
        assert not list(desk.items(house.judge, today=AT.date()))


class TestScope:
    def test_another_windows_application_does_not_exist(self, house, login, row):
        client = login(house.window_clerk2)
        for address in (row.get_absolute_url(), reverse("intake:application_paper", args=[row.pk])):
            assert client.get(address).status_code == 404
        assert client.get(NEW, {"application": row.pk}).status_code == 404
        assert client.get(NEW, {"application": "x'"}).status_code == 404
        assert client.get(f"/api/v1/intake/applications/{row.pk}/").status_code == 404
        assert "张安然" not in client.get(reverse("intake:applications")).content.decode()

    @pytest.mark.parametrize("who", ["window_clerk2", "judge", "dispatcher"])
    def test_nobody_else_acts(self, house, row, who):
        actor = getattr(house, who)
        for act in (
            lambda: applications.save_draft(applications.Typed({}, {}), application=row, at=AT, actor=actor),
            lambda: applications.supplement(row, seen=EVERYTHING, at=AT, actor=actor),
            lambda: applications.ask_supplement(row, due_on=dt.date(2021, 9, 15), at=AT, actor=actor),
            lambda: applications.accept(row, met=ALL, filed=filed(house), at=AT, actor=actor),
            lambda: applications.propose_refusal(row, met=[], unmet={}, at=AT, actor=actor),
        ):
            with pytest.raises(PermissionDenied):
                act()

    @pytest.mark.parametrize(
        "data",
        [
            {"do": "x"},
            {"do": "ask", "due_on": "x"},
            {"do": "supplement", "seen": "<b>"},
            {"do": "accept", "met": "X"},
            {},
        ],
    )
    def test_hostile_input(self, login, house, row, data):
        assert login(house.window_clerk).post(row.get_absolute_url(), data).status_code in (200, 302, 422)


class TestApi:
    def test_reads_and_acts(self, house, login, row):
        client = login(house.window_clerk)
        base = "/api/v1/intake/applications/"
        [found] = client.get(base).json()["results"]
        assert found["missing"] == ["DOCUMENT", "EFFECT", "IDENTITY", "ADDRESS", "PAYEE"]
        assert "张安然" not in str(found)
        answer = client.post(f"{base}{row.pk}/supplement/", {"seen": EVERYTHING}, content_type="application/json")
        assert answer.status_code == 200
        assert client.get(f"{base}{row.pk}/").json()["complete_on"] == "2021-09-01"

    def test_a_judgment_is_read(self, house, login):
        text = "判决如下：一、被告李某某支付原告张某某借款1000元。"
        answer = login(house.window_clerk).post(
            "/api/v1/intake/judgment/", {"text": text}, content_type="application/json"
        )
        [claim] = [row for row in answer.json()["proposals"] if row["kind"] == "CLAIM"]
        assert claim["values"]["amount"] == "1000.00"
        assert text[claim["start"] : claim["end"]] == "借款1000元"


class TestLists:
    def test_each_kind_of_document_has_a_rule(self):
        assert set(checklists.RULES) == set(Case.Basis.values)

    def test_papers_follow_the_kind(self):
        def asked(kind, **given):
            return set(checklists.needed(kind, **{"is_money": True, "is_preserved": False, **given}))

        assert checklists.Paper.CLAUSE in asked("A1")
        assert checklists.Paper.CERTIFICATE in asked("N1")
        assert checklists.Paper.PAYEE not in asked("J1", is_money=False)
        assert checklists.Paper.PRESERVATION in asked("J1", is_preserved=True)

    @pytest.mark.parametrize(
        ("kind", "issuer", "number", "address", "code"),
        [
            ("J1", "乌海市海南区人民法院", "(2021)内0303民初1号", "", "内0303"),
            ("J1", "", "(2021)内0302民初1号", "", "内0302"),
            ("J1", "乌海市中级人民法院", "(2021)内03民终1号", "", ""),
            ("J1", "北京市某区人民法院", "(2021)京0101民初1号", "乌海市海南区", ""),
            ("A1", "乌海仲裁委员会", "乌仲裁字(2021)1号", "", "内03"),
            ("A2", "乌海市劳动人事争议仲裁委员会", "1号", "内蒙古自治区乌海市乌达区某路", "内0304"),
            ("A2", "某仲裁委员会", "1号", "海南省海口市", ""),
        ],
    )
    def test_jurisdiction(self, kind, issuer, number, address, code):
        courts = [jurisdiction.Place(*row[:3], row[3] == "INTERMEDIATE") for row in factories.COURTS]
        found = jurisdiction.suggest(kind, issuer, number, [address], courts)
        assert found.code == code
        assert found.reason

    def test_another_court_and_a_series_are_pointed_out(self, house):
        factories.file_case(house)
        other = factories.filing(court_code="内0303")
        codes = {row.code for row in filing_warnings(other, on=AT.date(), actor=house.window_clerk)}
        assert "JURISDICTION" in codes
        assert "SERIES" not in codes
        basis = factories.filing().basis.__class__(
            kind="J1", issuer="乌海市海勃湾区人民法院", number="(2021)内0302民初777号", made_on=dt.date(2021, 5, 1)
        )
        [row] = [row for row in filing_warnings(factories.filing(basis=basis), on=AT.date()) if row.code == "SERIES"]
        assert "海勃湾法院" in row.text

    def test_a_case_ended_by_zhongben_leads_to_its_revival(self, house):
        case = factories.into_stream(house, factories.file_case(house).case)
        factories.close(house, case, "PROCEDURAL", at=factories.moment(2021, 12, 20))
        for actor, url in ((house.window_clerk, reverse("intake:revive", args=[case.pk])), (house.window_clerk2, "")):
            rows = filing_warnings(factories.filing(), on=AT.date(), actor=actor)
            [row] = [row for row in rows if row.code == "DUPLICATE"]
            assert "执恢" in row.text
            assert row.url == url

    @pytest.mark.parametrize(("amount", "is_asked"), [("3000.00", False), ("3200.00", True)])
    def test_interest_is_reckoned_again(self, house, amount, is_asked):
        # 2021-01-01 to 2021-12-31 at 6 % of 50,000 on 360 days: 3,041.67.
        claims = (
            ClaimData("PRINCIPAL", Decimal("50000.00")),
            ClaimData("INTEREST", Decimal(amount), rate="年利率6%", from_on=dt.date(2021, 1, 1)),
        )
        filing = dataclasses.replace(factories.filing(), claims=claims)
        codes = {row.code for row in filing_warnings(filing, on=dt.date(2021, 12, 31))}
        assert ("ARITHMETIC" in codes) == is_asked


def test_the_notice_names_every_party_its_number_and_a_telephone(house, login):
    client = login(house.window_clerk)
    data = typed() | {"debtors-TOTAL_FORMS": "2", "debtors-1-kind": "PERSON", "debtors-1-name": "赵第二"}
    client.post(NEW, data | {"do": "submit"})
    row = Application.objects.get()
    applications.ask_supplement(row, due_on=dt.date(2021, 9, 15), at=AT, actor=house.window_clerk)
    page = client.get(reverse("intake:application_paper", args=[row.pk])).content.decode()
    letter = page[page.index("<article") :]
    for words in ("张安然", "乌海市测试商贸有限公司", "赵第二", f"收件号：{row.pk}", "12368"):
        assert words in letter, words
