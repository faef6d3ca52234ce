"""Pages of the first reception: saved as typed, branching, signing, one click to the filing, scope, the questions."""

import re

import pytest
from django.urls import reverse

from cases.models import Case
from intake import questions
from intake.models import FilingSource, Reception, ReceptionTemplate
from tests import factories
from tests.intake.test_views import NEW, post, typed

AT = factories.moment(2021, 9, 1)
HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


def to(name, row):
    return reverse(f"intake:{name}", args=[row.pk])


def begun(client, **changes):
    """Begin by the page and return the record."""
    plain = {"claim_type": "MONEY", "subject": "PERSON", "flag": "", "place": "WINDOW"}
    page = client.get(reverse("intake:begin_reception"))
    plain["recorder"] = page.context["form"].fields["recorder"].initial
    answer = client.post(reverse("intake:begin_reception"), plain | changes)
    assert answer.status_code == 302, answer.content.decode()
    return Reception.objects.get(pk=re.search(r"/receptions/(\d+)/", answer.url)[1])


def marks(client, row):
    """Return what the open page carries."""
    text = client.get(to("reception", row)).content.decode()
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("seq", "page")}
    return found | {"seq": str(int(found["seq"]) + 1)}


def said(row, **changes):
    answers = {f"q-{key}": text for key, text in (factories.ANSWERS | changes).items()}
    return answers | {"told": [key for key, _text in questions.told_of(row.template.content)]}


class TestTyping:
    def test_whoever_comes_back_with_a_new_browser_finds_the_last_save(self, house, login):
        row = begun(login(house.window_clerk))
        first = login(house.window_clerk)
        answer = first.post(to("save_reception", row), marks(first, row) | {"q-demand": "要求对方还"}, headers=HX)
        assert answer.status_code == 200
        assert "已保存" in answer.content.decode()
        page = login(house.window_clerk).get(to("reception", row))
        assert "要求对方还" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert 'autocomplete="off"' in page.content.decode()

    def test_an_expired_session_is_sent_to_login_and_loses_nothing(self, house, login):
        client = login(house.window_clerk)
        row = begun(client)
        data = marks(client, row) | {"q-visitor": "张安然"}
        client.post(to("save_reception", row), data, headers=HX)
        client.logout()
        answer = client.post(to("save_reception", row), data | {"seq": "9", "q-visitor": "x"}, headers=HX)
        assert answer.status_code == 302
        assert answer.url.startswith("/login/")
        assert "张安然" in login(house.window_clerk).get(to("reception", row)).content.decode()

    def test_a_second_page_is_told_that_it_is_stale(self, house, login):
        client = login(house.window_clerk)
        row = begun(client)
        one, two = marks(client, row), marks(client, row)
        assert client.post(to("save_reception", row), one | {"q-visitor": "甲"}, headers=HX).status_code == 200
        answer = client.post(to("save_reception", row), two | {"q-visitor": "乙"}, headers=HX)
        assert answer.status_code == 422
        assert "重新打开" in answer.content.decode()
        assert Reception.objects.get(pk=row.pk).visitor == "甲"

    def test_without_a_script_a_button_saves(self, house, login):
        client = login(house.window_clerk)
        row = begun(client)
        assert client.post(to("save_reception", row), marks(client, row) | {"q-visitor": "甲"}).url == to(
            "reception", row
        )
        assert Reception.objects.get(pk=row.pk).visitor == "甲"

    def test_questions_follow_answers_and_kind_of_person(self, house, login):
        client = login(house.window_clerk)
        row = begun(client, subject="ORGANISATION", flag="LABOUR")

        def hidden(text, key):
            tag = re.search(rf'<div[^>]*data-q="{key}"[^>]*>', text)
            return None if tag is None else " hidden" in tag[0]

        text = client.get(to("reception", row)).content.decode()
        assert hidden(text, "applicant_legal") is False
        assert hidden(text, "wage_months") is False
        assert hidden(text, "special") is None
        assert hidden(text, "performed_amount") is True
        client.post(to("save_reception", row), marks(client, row) | {"q-is_performed": "是"}, headers=HX)
        assert hidden(client.get(to("reception", row)).content.decode(), "performed_amount") is False

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"seq": "x", "page": "\x00" * 99},
            {"seq": "9" * 40, "page": "0-a", "q-visitor": "甲"},
            {"seq": "-1", "page": "0-a", "told": ["x"] * 500, "later": ["y\x00"]},
            {"seq": "1", "page": "0-<script>alert(1)</script>", "q-demand": "<script>alert(1)</script>%s'; --"},
        ],
    )
    def test_hostile_input_is_answered_politely(self, house, login, data):
        client = login(house.window_clerk)
        row = begun(client)
        assert client.post(to("save_reception", row), data, headers=HX).status_code in (200, 422)
        assert client.post(to("read_back", row), data).status_code == 422
        assert "<script>alert" not in client.get(to("reception", row)).content.decode()

    @pytest.mark.parametrize("changes", [{"claim_type": "X"}, {"recorder": "0"}, {"recorder": "x"}, {"subject": ""}])
    def test_a_wrong_beginning_is_said_beside_its_field(self, house, login, changes):
        data = {"claim_type": "MONEY", "subject": "PERSON", "place": "WINDOW", "recorder": house.window_clerk.pk}
        answer = login(house.window_clerk).post(reverse("intake:begin_reception"), data | changes)
        assert answer.status_code == 422
        assert list(changes) == list(answer.context["form"].errors)
        assert not Reception.objects.exists()


class TestSigning:
    def test_from_the_first_word_to_the_receipt(self, house, login):
        client = login(house.window_clerk)
        row = begun(client)
        answer = client.post(to("read_back", row), marks(client, row) | said(row, demand=""))
        assert answer.status_code == 422
        assert 'href="#q-demand"' in answer.content.decode()
        assert Reception.objects.get(pk=row.pk).visitor == "张安然"
        money = {"principal": "50,000.00", "basis_issuer": "乌海市海勃湾区人民法院", "payee_bank": "中国银行乌海分行"}
        answer = client.post(to("read_back", row), marks(client, row) | said(row, **money) | {"later": ["cause"]})
        assert answer.url == to("sign_reception", row)
        page = client.get(answer.url).content.decode()
        assert "要求对方还清货款" in page
        assert "12368" in page
        assert client.post(answer.url, {"signed_by": "张安然"}).status_code == 422
        answer = client.post(answer.url, {"signed_by": "张安然", "drawn": factories.stroke()})
        assert answer.url == to("reception", row)
        page = client.get(answer.url).content.decode()
        assert f'{NEW}?reception={row.pk}"' in page
        assert client.get(to("signature", row))["Content-Type"] == "image/png"
        assert b"".join(client.get(to("reception_pdf", row)).streaming_content).startswith(b"%PDF")
        filing = client.get(f"{NEW}?reception={row.pk}").content.decode()
        for words in ("乌海市海勃湾区人民法院", "50,000.00", "乌海市测试商贸有限公司", "中国银行乌海分行"):
            assert words in filing, words
        data = {name: value for name, value in typed().items() if not name.startswith("source-")}
        answer = post(client, data | {"source-reception": str(row.pk)})
        assert answer.status_code == 302
        case = Case.objects.get()
        assert case.filing_source.reception_id == row.pk
        row.refresh_from_db()
        assert (row.state, row.case) == ("FILED", case)
        assert "以后再问" in client.get(to("reception", row)).content.decode()
        later = client.get(reverse("intake:later", args=[case.pk])).content.decode()
        assert "案由" in later

    def test_before_it_is_signed_there_is_nothing_to_send(self, house, login):
        row = factories.reception(house.window_clerk, until="READ_BACK")
        client = login(house.window_clerk)
        assert client.get(to("signature", row)).status_code == 404
        assert client.get(to("reception_pdf", row)).status_code == 404
        draft = factories.reception(house.window_clerk, until="DRAFT")
        assert client.get(to("sign_reception", draft)).status_code == 302

    def test_void_and_correct_by_their_buttons(self, house, login):
        client = login(house.window_clerk)
        row = factories.reception(house.window_clerk)
        assert "请填写" in client.post(to("void_reception", row), {"reason": ""}, follow=True).content.decode()
        answer = client.post(to("correct_reception", row), {"reason": "数额有误"})
        made = Reception.objects.get(corrects=row)
        assert answer.url == to("reception", made)
        assert "数额有误" in client.get(answer.url).content.decode()
        assert "已作废" in client.get(to("reception", row)).content.decode()
        client.post(to("void_reception", made), {"reason": "误建"})
        assert Reception.objects.get(pk=made.pk).state == "VOID"


class TestFilingPage:
    @pytest.mark.parametrize(
        ("source", "field"),
        [
            ({"source-reason": "", "source-words": ""}, "source-reception"),
            ({"source-words": " "}, "source-words"),
            ({"source-reason": "BECAUSE"}, "source-reason"),
            ({"source-reason": "REVIVAL"}, "source-reason"),
            ({"source-reception": "999999"}, "source-reception"),
            ({"source-reception": "x\x00"}, "source-reception"),
        ],
    )
    def test_it_asks_where_the_filing_came_from(self, house, login, source, field):
        answer = login(house.window_clerk).post(NEW, typed() | source)
        assert answer.status_code == 422
        assert field.partition("-")[2] in answer.context["filing"].source.errors
        assert not Case.objects.exists()

    @pytest.mark.parametrize("asked", ["", "0", "x", "9" * 40, "1%00"])
    def test_a_made_up_record_prefills_nothing(self, house, login, asked):
        factories.reception(house.window_clerk2)
        answer = login(house.window_clerk).get(f"{NEW}?reception={asked}")
        assert answer.status_code == 200
        assert answer.context["filing"].record is None

    def test_a_preserved_row_that_the_clerk_removed_is_none(self, house, login):
        row = factories.reception(house.window_clerk, answers={"is_seized": "是", "seized_kind": "车辆"})
        client = login(house.window_clerk)
        page = client.get(f"{NEW}?reception={row.pk}").context["filing"]
        assert (page.preserved.initial_form_count(), page.has_preserved) == (1, True)
        data = typed() | {"source-reason": "", "source-words": "", "source-reception": str(row.pk)}
        blank = {"preserved-TOTAL_FORMS": "1", "preserved-INITIAL_FORMS": "1"}
        blank |= {"preserved-0-kind": "DEPOSIT", "preserved-0-measure": "FREEZE", "preserved-0-rank": "1"}
        assert post(client, data | blank).status_code == 302
        assert Case.objects.get().filing_source.reception == row

    def test_another_windows_record_is_none(self, house, login):
        row = factories.reception(house.window_clerk2)
        client = login(house.window_clerk)
        assert client.get(f"{NEW}?reception={row.pk}").context["filing"].record is None
        data = typed() | {"source-reason": "", "source-words": "", "source-reception": str(row.pk)}
        assert client.post(NEW, data).status_code == 422
        assert not FilingSource.objects.exists()

    def test_the_command_centre_sees_record_and_reason(self, house, login):
        row = factories.reception(house.window_clerk, flag="LABOUR")
        given = {"at": AT, "actor": house.window_clerk}
        signed = factories.intake.file_case(factories.filing(), reception=row, **given).case
        posted = factories.file_case(house).case
        client = login(house.dispatcher)
        queue = client.get("/command/").content.decode()
        assert "邮寄立案" in queue
        assert "初次接待笔录" in queue
        assert "追索劳动报酬" in queue
        page = client.get(f"/command/case/{signed.pk}/").content.decode()
        url = re.search(r'href="([^"]+)"[^>]*>打开笔录', page)[1]
        assert client.get(url).status_code == 200
        assert "挂号信1号" in client.get(f"/command/case/{posted.pk}/").content.decode()


class TestScope:
    def test_another_windows_record_does_not_exist(self, house, login):
        row = factories.reception(house.window_clerk)
        client = login(house.window_clerk2)
        for name in ("reception", "sign_reception", "signature", "reception_pdf"):
            assert client.get(to(name, row)).status_code == 404, name
        for name in ("save_reception", "read_back", "sign_reception", "void_reception", "correct_reception"):
            assert client.post(to(name, row), {"reason": "x"}).status_code == 404, name
        assert "第 " not in client.get(reverse("intake:receptions")).content.decode()

    @pytest.mark.parametrize("duty", ["judge", "dispatcher", "finance", "chief", "system_admin"])
    def test_other_roles_do_not_receive(self, house, login, duty):
        row = factories.reception(house.window_clerk)
        client = login(getattr(house, duty))
        assert client.get(to("reception", row)).status_code == 403
        assert client.get(reverse("intake:receptions")).status_code == 403

    def test_the_receptionist_records_and_does_not_file(self, house, login):
        row = factories.reception(house.receptionist)
        page = login(house.receptionist).get(to("reception", row)).content.decode()
        assert "转为立案" not in page
        assert "转为立案" in login(house.window_clerk).get(to("reception", row)).content.decode()

    def test_the_list_puts_drafts_first_and_filters(self, house, login, django_assert_max_num_queries):
        client = login(house.window_clerk)
        factories.reception(house.window_clerk, until="DRAFT", at=factories.moment(2021, 8, 30))
        for _turn in range(3):
            factories.reception(house.window_clerk)
        with django_assert_max_num_queries(15):
            text = client.get(reverse("intake:receptions")).content.decode()
        assert text.index("记录中</span>") < text.index("已签名，待立案</span>")
        assert client.get("/filing/receptions/?day=2021-08-30").content.decode().count("<tr data-href") == 1
        assert client.get("/filing/receptions/?state=SIGNED").content.decode().count("<tr data-href") == 3
        assert "没有笔录" in client.get("/filing/receptions/?day=2020-01-01").content.decode()
        assert client.get("/filing/receptions/?day=%00&state=x&page=zz").status_code == 200


class TestLaterPage:
    def test_an_answer_is_taken_once(self, house, login):
        row = factories.reception(house.window_clerk, later=("cause",))
        given = {"at": AT, "actor": house.window_clerk}
        case = factories.intake.file_case(factories.filing(), reception=row, **given).case
        address, question = reverse("intake:later", args=[case.pk]), row.later_questions.get()
        client = login(house.window_clerk)
        assert "初次接待时留下 1 问" in client.get(case.get_absolute_url()).content.decode()
        assert client.post(address, {"question": question.pk, "answer": " "}).status_code == 422
        assert client.post(address, {"question": "x", "answer": "买卖"}).status_code == 404
        assert client.post(address, {"question": question.pk, "answer": "买卖合同"}).status_code == 302
        assert "买卖合同" in client.get(address).content.decode()
        assert client.post(address, {"question": question.pk, "answer": "再答"}).status_code == 422
        assert login(house.window_clerk2).get(address).status_code == 404


class TestQuestionPages:
    def _posted(self, client, row, **changes):
        page = client.get(reverse("intake:edit_reception_template", args=[row.pk]))
        rows, head = page.context["rows"], page.context["form"]
        data = {"questions-TOTAL_FORMS": len(rows.forms), "questions-INITIAL_FORMS": len(rows.forms)}
        for form in rows:
            for name, value in form.initial.items():
                if value not in (False, None):
                    data[form.add_prefix(name)] = value
        data |= {"told": head.initial["told"], "effective_on": "2021-09-01", "note": "改措辞"}
        return data | changes

    def test_one_edits_and_another_approves(self, house, login):
        row = ReceptionTemplate.objects.get(claim_type="EVICTION")
        client = login(house.chief)
        address = reverse("intake:edit_reception_template", args=[row.pk])
        assert "没有改动" in client.post(address, self._posted(client, row)).content.decode()
        data = self._posted(client, row, **{"questions-0-label": "来访人叫什么", "told": "新告知\n第二项"})
        answer = client.post(address, data)
        made = ReceptionTemplate.objects.get(claim_type="EVICTION", version=2)
        assert answer.url == made.get_absolute_url()
        assert questions.told_of(made.content) == [("t1", "新告知"), ("t2", "第二项")]
        assert client.post(answer.url, {"act": "approve"}).status_code == 422
        other = login(house.vice_president)
        assert other.post(answer.url, {"act": "send_back", "reason": ""}).status_code == 422
        assert other.post(answer.url, {"act": "approve"}).status_code == 302
        assert "现行" in other.get(reverse("intake:reception_templates")).content.decode()
        assert factories.reception(house.window_clerk, until="DRAFT", claim_type="EVICTION").template == made

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"questions-0-key": "else"}, "必问事项"),
            ({"questions-0-position": "x"}, "整数"),
            ({"told": " "}, "请填写"),
            ({"note": ""}, "请填写"),
            ({"questions-TOTAL_FORMS": "100000"}, "最多"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_changes(self, house, login, changes, words):
        row = ReceptionTemplate.objects.get(claim_type="ACT")
        client = login(house.chief)
        answer = client.post(
            reverse("intake:edit_reception_template", args=[row.pk]), self._posted(client, row, **changes)
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert ReceptionTemplate.objects.filter(claim_type="ACT").count() == 1


class TestApi:
    def test_programs_do_what_pages_do(self, house, login):
        client = login(house.window_clerk)
        root = "/api/v1/intake/receptions/"

        def send(address, body):
            return client.post(root + address, body, content_type="application/json")

        begin = {"claim_type": "MONEY", "subject": "PERSON", "place": "FIRST_ASK", "recorder": house.receptionist.pk}
        pk = send("begin/", begin).json()["id"]
        row = Reception.objects.get(pk=pk)
        assert send(f"{pk}/read-back/", {}).status_code == 422
        assert send(f"{pk}/save/", said(row) | {"seq": 1, "page": "0-api", "later": ["cause"]}).status_code == 200
        assert send(f"{pk}/save/", {"seq": 1, "page": "0-other", "q-visitor": "x"}).status_code == 422
        assert send(f"{pk}/save/", {"seq": {}}).status_code == 422
        assert send(f"{pk}/read-back/", {}).status_code == 200
        assert send(f"{pk}/sign/", {"signed_by": "张安然", "drawn": factories.stroke()}).status_code == 200
        found = client.get(f"{root}{pk}/").json()
        assert found["state"] == "SIGNED"
        assert {"key": "visitor", "question": "被接待人姓名", "answer": "张安然"} in found["lines"]
        assert "张安然" not in str(client.get(root).json())
        given = {"at": AT, "actor": house.window_clerk}
        case = factories.intake.file_case(factories.filing(), reception=Reception.objects.get(pk=pk), **given).case
        [left] = client.get(f"/api/v1/intake/cases/{case.pk}/later/").json()
        answer = f"/api/v1/intake/later/{left['id']}/answer/"
        assert client.post(answer, {"answer": "买卖"}, content_type="application/json").status_code == 200
        assert login(house.window_clerk2).get(f"{root}{pk}/").status_code == 404
