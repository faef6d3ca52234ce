"""Pages and API of controls: tab, list, forms, sheet and reminders; filing with preservation; what the portal shows."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assets import services
from assets.models import Control
from bureau.errors import Refused
from bureau.models import Event
from cases import services as cases
from cases.models import Case, Requery
from documents.models import Draft
from intake import services as intake
from portal import services as portal
from portal import words
from portal.models import StatusPage
from tests import factories, kept
from tests.factories import moment
from tests.intake.test_views import NEW, errors_of, post, typed

NOW = moment(2021, 9, 6)
EIGHTH, NINTH = "(2021)内0302执1号之八", "(2021)内0302执1号之九"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: NOW)
    monkeypatch.setattr("bureau.clock.today", NOW.date)


@pytest.fixture
def stand_at(monkeypatch):
    def stand(moment_):
        monkeypatch.setattr("bureau.clock.now", lambda: moment_)
        monkeypatch.setattr("bureau.clock.today", moment_.date)

    return stand


@pytest.fixture
def case(house):
    return factories.rulings(kept.running_case(house))


def take(case, **changes):
    debtor = case.parties.get(side="DEBTOR")
    plain = {
        "debtor": debtor.pk,
        "kind": "REAL_ESTATE",
        "measure": "SEAL",
        "thing": "乌海市海勃湾区新华街2号",
        "unit": "乌海市不动产登记中心",
        "ruling": "(2021)内0302执1号之一",
        "from_on": "2021-09-06",
        "rank": "1",
    }
    return {**plain, **changes}


class TestTab:
    def test_it_shows_what_is_controlled_with_days_left_history_and_buttons(self, house, case, login):
        control = factories.control(case, amount_max=factories.Decimal("50000.00"))
        services.renew_control(control, ruling="(2021)内0302执1号之五", at=NOW, actor=case.owner)
        gone = factories.control(case, thing="另一账户，尾号0001")
        services.release_control(
            gone, ground="WITHDRAWN", ruling="(2021)内0302执1号之四", released_on=NOW.date(), at=NOW, actor=case.owner
        )
        address = reverse("assets:case_controls", args=[case.pk])
        page = login(case.owner).get(address).content.decode()
        for said in (
            "尾号8765",
            "2023-09-06",
            "剩 730 天",
            "执1号之五",
            "首封",
            "申请执行人撤回申请或者放弃债权",
            "50,000.00",
        ):
            assert said in page, said
        for act in ("renew_control", "release_control"):
            assert reverse(f"assets:{act}", args=[control.pk]) in page
            assert reverse(f"assets:{act}", args=[gone.pk]) not in page
            barred = login(case.owner).get(reverse(f"assets:{act}", args=[gone.pk])).content.decode()
            assert "该控制已解除，不能办理" in barred
            assert "csrfmiddlewaretoken" not in barred.partition("<main")[2]
        assert f"{reverse('documents:compose', args=[case.pk])}?template=FREEZE" in page
        assert page.count("button primary") == 1
        seen = login(house.chief).get(address).content.decode()
        assert reverse("assets:renew_control", args=[control.pk]) not in seen
        assert reverse("assets:take_control", args=[case.pk]) not in seen

    def test_an_empty_tab_says_what_will_appear(self, house, case, login):
        page = login(house.officer).get(reverse("assets:case_controls", args=[case.pk])).content.decode()
        assert "没有有效的控制措施" in page

    def test_the_case_page_leads_there(self, house, case, login):
        assert (
            reverse("assets:case_controls", args=[case.pk])
            in login(house.officer).get(case.get_absolute_url()).content.decode()
        )

    def test_a_revival_shows_what_the_closed_case_holds(self, house, case, login):
        factories.control(case)
        at = moment(2021, 12, 20)
        services.name_keeper(case, keeper=house.assistant, at=at, actor=case.owner)
        closed = factories.close(house, case, "PROCEDURAL", at=at)
        revived = intake.revive_case(
            closed, application=factories.scan_upload(), ground="发现", at=at, actor=house.window_clerk
        ).case
        revived = factories.into_stream(house, revived, at=moment(2021, 12, 22), team="ORDINARY")
        page = login(house.officer3).get(reverse("assets:case_controls", args=[revived.pk])).content.decode()
        assert "原案控制" in page
        assert "尾号8765" in page


class TestForms:
    def test_taking_by_page(self, case, login):
        address = reverse("assets:take_control", args=[case.pk])
        client = login(case.owner)
        assert "只写坐落" in client.get(address).content.decode()
        answer = client.post(address, take(case))
        assert (answer.status_code, answer.url) == (302, reverse("assets:case_controls", args=[case.pk]))
        control = Control.objects.get()
        assert (str(control.to_on), control.rank) == ("2024-09-06", 1)

    @pytest.mark.parametrize(
        ("changes", "field", "said"),
        [
            ({"kind": "<script>"}, "kind", "请选择"),
            ({"ruling": ""}, "ruling", "裁定文号"),
            ({"ruling": "x"}, "ruling", "裁定文号格式"),
            ({"from_on": "2021-13-40"}, "from_on", "日期"),
            ({"rank": "-1"}, "rank", "不能小于"),
            ({"amount_max": "x"}, "amount_max", "金额"),
            ({"to_on": "2024-09-07"}, "to_on", "最长 3 年"),
            ({"debtor": "999999"}, "debtor", "请选择"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, case, login, changes, field, said):
        answer = login(case.owner).post(reverse("assets:take_control", args=[case.pk]), take(case, **changes))
        assert answer.status_code == 422
        assert said in " ".join(answer.context["form"].errors[field])
        assert not Control.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field", "said"),
        [
            # 50,000.00 and 595.00 of double interest: 0.0175 % a day for the 68 days from 1 July to 6 September.
            ({"value": "900000.00"}, "value", "明显超过应执行的 50,595.00 元"),
            ({"amount_max": "900000.00"}, "amount_max", "明显超过"),
            ({"unit": "中国银行乌海分行"}, "unit", "一般由不动产登记中心协助"),
            ({"thing": "新华街 1号"}, "thing", "同一财产已由"),
            (
                {"kind": "DEPOSIT", "measure": "FREEZE", "thing": "中行，尾号8765", "unit": "中国银行乌海分行"},
                "thing",
                "同一财产已由",
            ),
        ],
    )
    def test_what_is_odd_is_pointed_out_and_done_only_with_a_reason(self, case, login, changes, field, said):
        factories.control(case)
        factories.control(case, kind="REAL_ESTATE", measure="SEAL", thing="新华街1号", unit="乌海市不动产登记中心")
        client, address = login(case.owner), reverse("assets:take_control", args=[case.pk])
        answer = client.post(address, take(case, **changes))
        assert answer.status_code == 422
        assert said in " ".join(answer.context["form"].errors[field])
        assert answer.context["form"].errors["reason"]
        api = reverse("assets_api:take_control", args=[case.pk])
        body = {**take(case, **changes), "rank": 1}
        assert client.post(api, body, content_type="application/json").status_code == 422
        assert client.post(address, take(case, **changes, reason="整体不可分，无其他财产")).status_code == 302
        assert Control.objects.count() == 3
        assert '"note":"整体不可分，无其他财产"' in Event.objects.filter(verb="take_control").latest("pk").details

    def test_a_deposit_is_frozen_never_sealed(self, case, login):
        changed = {"kind": "DEPOSIT", "thing": "中行，尾号1", "unit": "中国银行"}
        answer = login(case.owner).post(reverse("assets:take_control", args=[case.pk]), take(case, **changed))
        assert answer.status_code == 422
        assert "银行存款的控制措施应为冻结" in " ".join(answer.context["form"].errors["measure"])

    def test_an_empty_post_is_422_and_hostile_text_is_shown_as_text(self, case, login):
        client = login(case.owner)
        assert client.post(reverse("assets:take_control", args=[case.pk]), {}).status_code == 422
        client.post(reverse("assets:take_control", args=[case.pk]), take(case, thing="<img src=x onerror=alert(1)>"))
        page = client.get(reverse("assets:case_controls", args=[case.pk])).content.decode()
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page

    def test_from_the_desk_renewing_is_one_click_and_one_press(self, house, case, login, stand_at):
        control = factories.control(case)
        stand_at(moment(2022, 8, 31))
        paper = factories.issue(
            case, "FREEZE", actor=case.judge, at=moment(2022, 8, 30), from_on="2022-09-06", to_on="2023-09-06"
        )
        client, address = login(case.owner), reverse("assets:renew_control", args=[control.pk])
        assert address in client.get(reverse("desk")).content.decode()
        form = client.get(address).context["form"]
        shown = {"to_on": str(form["to_on"].value()), "document": form["document"].value()}
        assert shown == {"to_on": "2023-09-06", "document": paper.pk}
        assert client.post(address, shown).status_code == 302
        control.refresh_from_db()
        assert str(control.to_on) == "2023-09-06"
        assert control.renewals.get().ruling == paper.number
        assert address not in client.get(reverse("desk")).content.decode()

    def test_a_refused_renewal_keeps_what_was_typed(self, case, login, stand_at):
        control = factories.control(case)
        stand_at(moment(2022, 9, 7))
        answer = login(case.owner).post(
            reverse("assets:renew_control", args=[control.pk]),
            {"to_on": "2023-09-06", "ruling": EIGHTH},
        )
        assert answer.status_code == 422
        assert "不能续行" in answer.content.decode()
        assert f'value="{EIGHTH}"' in answer.content.decode()

    def test_release_activate_keeper_and_explanation_by_page(self, house, case, login, stand_at):
        client = login(case.owner)
        queued, live = factories.control(case, rank=2, thing="另一账户，尾号4321"), factories.control(case)
        activated = {"activated_on": "2021-09-06", "to_on": ""}
        assert client.post(reverse("assets:activate_control", args=[queued.pk]), activated).status_code == 302
        released = {"ground": "WITHDRAWN", "ruling": "(2021)内0302执1号之九", "released_on": "2021-09-06", "note": ""}
        assert client.post(reverse("assets:release_control", args=[queued.pk]), released).status_code == 302
        keeper = {"keeper": house.assistant.pk}
        assert client.post(reverse("assets:name_keeper", args=[case.pk]), keeper).status_code == 302
        services.lapse_controls(at=moment(2022, 9, 8), actor=house.chief)
        stand_at(moment(2022, 9, 8))
        chief, address = login(house.chief), reverse("assets:explain_lapse", args=[live.pk])
        assert address in chief.get(reverse("desk")).content.decode()
        assert chief.post(address, {"explanation": ""}).status_code == 422
        assert chief.post(address, {"explanation": "已重新冻结"}).status_code == 302
        assert set(Control.objects.values_list("state", flat=True)) == {"RELEASED", "LAPSED"}

    def test_anothers_control_does_not_exist(self, house, case, login):
        control = factories.control(case)
        for name in ("renew_control", "release_control", "activate_control"):
            assert login(house.officer3).get(reverse(f"assets:{name}", args=[control.pk])).status_code == 404
            assert login(house.inspector).get(reverse(f"assets:{name}", args=[control.pk])).status_code == 403


class TestList:
    @pytest.fixture
    def many(self, house, case, stand_at):
        rows = {
            "near": factories.control(case, thing="近", to_on=moment(2021, 9, 20).date()),
            "far": factories.control(case, thing="远"),
            "queued": factories.control(case, thing="排", rank=2),
            "car": factories.control(
                case, thing="车", kind="VEHICLE", measure="SEAL", to_on=moment(2021, 11, 20).date()
            ),
        }
        other = factories.into_stream(house, factories.file_case(house).case, team="ORDINARY")
        rows["other"] = factories.control(other, thing="他", to_on=moment(2021, 9, 21).date())
        return rows

    @pytest.mark.parametrize(
        ("query", "things"),
        [
            ("", ["近", "他", "车"]),
            ("?set=15", ["近", "他"]),
            ("?set=7", []),
            ("?set=live", ["近", "他", "车", "远"]),
            ("?set=queued", ["排"]),
            ("?set=lapsed", []),
            ("?set=nonsense&kind=SHIP", ["近", "他", "车"]),
            ("?kind=VEHICLE", ["车"]),
        ],
    )
    def test_filters_stand_in_the_address(self, house, many, login, query, things):
        page = login(house.chief).get(reverse("assets:controls") + query)
        assert [row.control.thing for row in page.context["rows"]] == things

    def test_everybody_sees_his_own_cases_and_mine_is_what_i_renew(self, house, many, login):
        def seen(user, query=""):
            return [row.control.thing for row in login(user).get(reverse("assets:controls") + query).context["rows"]]

        assert seen(house.officer2) == ["近", "车"]
        assert seen(house.officer2, "?mine=on") == []
        assert seen(house.officer3) == seen(house.officer3, "?mine=on") == ["他"]
        assert login(house.window_clerk).get(reverse("assets:controls")).status_code == 403

    def test_the_sheet_is_on_record_and_text_is_no_formula(self, house, case, login):
        factories.control(case, thing="=1+1", to_on=moment(2021, 9, 20).date())
        answer = login(house.chief).post(reverse("assets:export_controls"))
        sheet = load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert (len(rows), rows[1][3], sheet["D2"].data_type) == (2, "=1+1", "s")
        assert Event.objects.filter(verb="export", details__contains="controls").count() == 1

    def test_reminders_name_applicant_and_the_day_to_ask_by(self, house, many, login):
        page = login(house.officer).get(reverse("assets:reminders") + "?set=15").content.decode()
        for said in ("张安然", "2021-09-13", "近"):
            assert said in page
        assert "他</td>" not in page

    def test_the_list_costs_the_same_however_many_rows(self, house, case, login, django_assert_max_num_queries):
        client, address = login(house.chief), reverse("assets:controls") + "?set=all"
        for _turn in range(3):
            factories.control(case)
        at = moment(2021, 12, 20)
        services.name_keeper(case, keeper=house.assistant, at=at, actor=case.owner)
        factories.close(house, case, "PROCEDURAL", at=at)
        with django_assert_max_num_queries(12):
            client.get(address)


class TestFiling:
    def rows(self, **changes):
        plain = {
            "preserved-TOTAL_FORMS": "2",
            "preserved-INITIAL_FORMS": "0",
            "preserved-0-kind": "DEPOSIT",
            "preserved-0-measure": "FREEZE",
            "preserved-0-thing": "工商银行，尾号1111",
            "preserved-0-unit": "工商银行乌海分行",
            "preserved-0-ruling": "(2021)内0302财保9号",
            "preserved-0-from_on": "2021-02-03",
            "preserved-0-to_on": "2022-02-02",
            "preserved-0-rank": "1",
            # The second row was opened and left as it was.
            "preserved-1-kind": "DEPOSIT",
            "preserved-1-measure": "FREEZE",
            "preserved-1-rank": "1",
        }
        return typed(**{**plain, **changes})

    def test_what_was_preserved_becomes_a_control_with_its_old_day(self, house, login):
        client = login(house.window_clerk)
        assert "登记已保全的财产" in client.get(NEW).content.decode()
        assert post(client, self.rows()).status_code == 302
        control = Control.objects.get(case=Case.objects.get())
        assert (control.origin, str(control.to_on)) == ("PRESERVATION", "2022-02-02")

    def test_a_page_without_the_block_files_as_before(self, house, login):
        assert post(login(house.window_clerk), typed()).status_code == 302
        assert not Control.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field", "said"),
        [
            ({"preserved-0-to_on": ""}, "preserved-0-to_on", "届满日"),
            ({"preserved-0-to_on": "2021-09-05"}, "preserved-0-to_on", "失效"),
            ({"preserved-0-to_on": "2022-02-04"}, "preserved-0-to_on", "不晚于 2022-02-03"),
            ({"preserved-0-from_on": "2021-09-07"}, "preserved-0-from_on", "不能晚于今天"),
            ({"preserved-0-rank": "2"}, "preserved-0-to_on", "轮候"),
            ({"preserved-0-debtor": "2"}, "preserved-0-debtor", "没有这名被执行人"),
            ({"preserved-0-thing": ""}, "preserved-0-thing", "请填写"),
            ({"preserved-1-thing": "只写了一半"}, "preserved-1-unit", "请填写"),
        ],
    )
    def test_errors_stand_beside_their_field_and_nothing_is_filed(self, house, login, changes, field, said):
        answer = login(house.window_clerk).post(NEW, self.rows(**changes))
        assert answer.status_code == 422
        assert said in errors_of(answer)[field]
        assert not Case.objects.exists()


class TestRequeryPage:
    def test_recorded_by_the_affairs_team_and_listed(self, house, case, login, stand_at):
        closed = factories.close(house, case, "PROCEDURAL", at=moment(2021, 12, 20))
        stand_at(moment(2022, 6, 1))
        client, address = login(house.records_clerk), reverse("cases:requery", args=[case.pk])
        assert address in client.get(closed.get_absolute_url()).content.decode()
        assert "2022-06-20" in client.get(address).content.decode()
        wrong = client.post(address, {"made_on": "2022-06-01", "result": "FOUND", "text": "", "told": "电话"})
        assert wrong.status_code == 422
        right = {"made_on": "2022-06-01", "result": "NOT_FOUND", "text": "", "told": "电话告知"}
        assert client.post(address, right).status_code == 302
        assert "电话告知" in client.get(address).content.decode()
        assert login(house.officer3).get(address).status_code == 404

    def test_by_the_api_too(self, house, case, login, stand_at):
        factories.close(house, case, "PROCEDURAL", at=moment(2021, 12, 20))
        stand_at(moment(2022, 6, 1))
        client, address = login(house.assistant), reverse("cases_api:requeries", args=[case.pk])
        values = {"made_on": "2022-06-01", "result": "FOUND", "told": "电话告知"}
        answer = client.post(address, values, content_type="application/json")
        assert (answer.status_code, answer.json()["fields"]) == (422, {"text": ["请写明发现的财产"]})
        values["text"] = "存款"
        assert client.post(address, values, content_type="application/json").status_code == 201
        assert client.get(address).json()["results"][0]["text"] == "存款"
        assert Requery.objects.count() == 1


class TestApi:
    def test_take_renew_release_with_the_services_of_the_pages(self, house, case, login):
        client = login(case.owner)
        values = {**take(case), "rank": 1}
        answer = client.post(
            reverse("assets_api:take_control", args=[case.pk]), values, content_type="application/json"
        )
        assert answer.status_code == 201, answer.content
        row = answer.json()
        assert (row["to_on"], row["days_left"], row["state"]) == ("2024-09-06", 1096, "LIVE")
        act = {"ruling": "(2021)内0302执1号之八"}
        for name, body, code in (
            ("renew_control", {}, 422),
            ("renew_control", act, 200),
            ("activate_control", {"activated_on": "2021-09-06"}, 422),
            (
                "release_control",
                {"ground": "WITHDRAWN", "ruling": NINTH, "released_on": "2021-09-06"},
                200,
            ),
            (
                "release_control",
                {"ground": "WITHDRAWN", "ruling": NINTH, "released_on": "2021-09-06"},
                422,
            ),
            ("release_control", {"ground": "NONSENSE", "released_on": "2021-09-06"}, 400),
        ):
            address = reverse(f"assets_api:{name}", args=[row["id"]])
            assert client.post(address, body, content_type="application/json").status_code == code, name
        assert (
            client.get(reverse("assets_api:case_controls", args=[case.pk])).json()["results"][0]["state"] == "RELEASED"
        )

    def test_strangers_get_404_and_other_roles_403(self, house, case, login):
        control = factories.control(case)
        body = {"ruling": "(2021)内0302执1号之八"}
        address = reverse("assets_api:renew_control", args=[control.pk])
        assert login(house.officer3).post(address, body, content_type="application/json").status_code == 404
        assert login(house.chief).post(address, body, content_type="application/json").status_code == 403
        assert login(house.officer3).get(reverse("assets_api:case_controls", args=[case.pk])).status_code == 404
        assert login(house.officer3).get(reverse("assets_api:controls")).json()["results"] == []

    def test_a_keeper_is_named_and_a_lapse_explained(self, house, case, login):
        control = factories.control(case)
        address = reverse("assets_api:name_keeper", args=[case.pk])
        answer = login(case.owner).post(address, {"keeper": house.assistant.pk}, content_type="application/json")
        assert answer.json() == {"count": 1}
        services.lapse_controls(at=moment(2022, 9, 8), actor=house.chief)
        address = reverse("assets_api:explain_lapse", args=[control.pk])
        assert login(case.owner).post(address, {"explanation": "x"}, content_type="application/json").status_code == 403
        answer = login(house.chief).post(address, {"explanation": "已重新冻结"}, content_type="application/json")
        assert (answer.status_code, answer.json()["state"]) == (200, "LAPSED")


class TestWrongPerson:
    """What turns out to hold a stranger's property is released, never renewed."""

    def test_it_bears_a_red_mark_is_offered_no_renewal_and_both_papers_lie_drafted(self, house, case, login, stand_at):
        control = factories.control(case)
        stand_at(moment(2022, 8, 31))
        later = moment(2022, 8, 31)
        debtor = case.parties.get(side="DEBTOR")
        address = reverse("assets:renew_control", args=[control.pk])
        assert address in login(case.owner).get(reverse("desk")).content.decode()
        given = {"target": "PARTY", "subject": debtor, "values": {"id_number": "91310000MA1FL2J563"}}
        given |= {"reason": "MISTAKEN", "document": "户籍证明"}
        row = cases.propose_correction(case, **given, at=later, actor=house.officer)
        cases.confirm_correction(row, at=later, actor=case.judge)
        page = login(case.owner).get(reverse("assets:case_controls", args=[case.pk])).content.decode()
        assert "误控他人财产，应予解除" in page
        assert address not in page
        assert reverse("assets:release_control", args=[control.pk]) in page
        assert address not in login(case.owner).get(reverse("desk")).content.decode()
        assert "误及他人财产" in login(case.owner).get(address).content.decode()
        with pytest.raises(Refused, match="误及他人财产"):
            services.renew_control(control, ruling=EIGHTH, at=later, actor=case.owner)
        drafts = {draft.template.code: draft.typed() for draft in Draft.objects.filter(correction=row)}
        assert set(drafts) == {"RELEASE", "ASSIST"}
        assert drafts["ASSIST"]["unit"] == "中国银行乌海分行"
        assert "账号尾号8765的冻结" in drafts["ASSIST"]["matters"]
        assert control.ruling in drafts["ASSIST"]["matters"]

    def test_what_was_taken_after_the_correction_is_the_right_persons(self, house, case):
        factories.control(case)
        later = moment(2021, 9, 7)
        given = {"target": "PARTY", "subject": case.parties.get(side="DEBTOR"), "reason": "MISTAKEN"}
        given |= {"values": {"id_number": "91310000MA1FL2J563"}, "document": "户籍证明"}
        row = cases.propose_correction(case, **given, at=later, actor=house.officer)
        cases.confirm_correction(row, at=later, actor=case.judge)
        right = factories.control(case, thing="另一账户，尾号4321", at=moment(2021, 9, 8))
        marked = {control.pk: control.is_on_wrong_person for control in Control.objects.for_list()}
        assert marked == {control.pk: control.pk != right.pk for control in Control.objects.all()}


class TestPortal:
    def test_the_applicant_sees_kind_and_days_and_neither_thing_nor_unit(self, case, settings):
        factories.control(case)
        factories.control(case, kind="REAL_ESTATE", measure="SEAL", thing="新华街2号", rank=2)
        gone = factories.control(case, kind="VEHICLE", measure="SEAL")
        services.release_control(
            gone, ground="WITHDRAWN", ruling="(2021)内0302执1号之四", released_on=NOW.date(), at=NOW, actor=case.owner
        )
        portal.project(at=NOW)
        payload = StatusPage.objects.get(case_id=case.pk).payload
        assert payload["controls"] == [
            {"kind": "DEPOSIT", "measure": "FREEZE", "is_queued": False, "from": "2021-09-06", "to": "2022-09-06"},
            {"kind": "REAL_ESTATE", "measure": "SEAL", "is_queued": True, "from": "2021-09-06", "to": None},
        ]
        shown = words.read(payload, today=NOW.date())
        assert [str(row["kind"]) for row in shown["controls"]] == ["银行存款", "不动产"]
