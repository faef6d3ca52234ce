"""Every act of the pages has an address for programs: same form, same service, same permission."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from cases.models import Case, Contact, Handover, Hold, WorkOrder
from documents.models import Material
from tests import factories, kept
from tests.factories import moment
from wuhai_exec.demo import proofs

AT = moment(2021, 9, 16)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"0" * 64


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


@pytest.fixture
def post(login):
    """Send a JSON body to an address below /api/v1/cases/ as that member of staff."""

    def send(user, address, body=None):
        return login(user).post(f"/api/v1/cases/{address}", json.dumps(body or {}), content_type="application/json")

    return send


def stage(case) -> str:
    return Case.objects.get(pk=case.pk).stage


class TestActs:
    def test_a_case_is_started_handed_over_and_accepted(self, house, post):
        case = factories.assign(house, factories.file_case(house).case)
        answer = post(house.assistant, f"{case.pk}/start/")
        assert (answer.status_code, answer.json()) == (200, {"kind": "case", "id": case.pk})
        lacking = post(
            house.assistant, f"{case.pk}/hand-over/", {"number_notice": case.number, "made_on_notice": "2021-09-06"}
        )
        assert lacking.status_code == 422
        assert "报告财产令" in lacking.json()["reasons"][0]
        assert "网络查控已发起" in lacking.json()["reasons"][1]
        assert post(house.assistant, f"{case.pk}/launch-query/", {"provider": "NATIONAL"}).status_code == 200
        answered = post(house.assistant, f"{case.pk}/query-answered/", {"answer": "未查询到可供执行的财产"})
        assert answered.status_code == 200
        made = {f"number_{item}": case.number for item in ("notice", "report_order")}
        made |= {f"made_on_{item}": "2021-09-06" for item in ("notice", "report_order")}
        made |= {f"paper_{item}": factories.ruling(case).paper for item in ("notice", "report_order")}
        handed = post(house.assistant, f"{case.pk}/hand-over/", {**made, "note": "齐"})
        handover = Handover.objects.get()
        assert handed.json() == {"kind": "handover", "id": handover.pk}
        wrong = post(house.officer, f"hand-overs/{handover.pk}/send-back/", {"note": "缺"})
        assert wrong.json()["fields"] == {"defects": ["请至少选择一项退回原因"]}
        assert post(house.officer, f"hand-overs/{handover.pk}/accept/").status_code == 200
        assert stage(case) == "FAST"

    def test_days_sums_and_lists_are_taken_as_json(self, case, post):
        body = {"document": factories.agreement(case), "terms": "分期", "instalments": "2021-10-08 50000.00"}
        assert post(case.judge, f"{case.pk}/settle/", body).status_code == 200
        instalment = case.settlements.get().instalments.get()
        assert instalment.amount == 50000
        paid = post(
            case.owner, f"instalments/{instalment.pk}/", {"to": "DIRECT", "paid_on": "2021-09-16", "note": "转账凭证"}
        )
        assert paid.status_code == 200

    def test_work_contacts_and_holds(self, house, case, post):
        asked = post(house.officer, f"{case.pk}/work/", {"kind": "QUERY", "text": "补查房产"})
        assert asked.status_code == 200, asked.content
        order = WorkOrder.objects.get(pk=asked.json()["id"])
        assert post(house.assistant, f"work-orders/{order.pk}/accept/").status_code == 200
        assert post(house.assistant, f"work-orders/{order.pk}/finish/", {"text": "无房产"}).status_code == 200
        assert post(house.officer, f"work-orders/{order.pk}/confirm/").status_code == 200
        order.refresh_from_db()
        assert order.state == "CONFIRMED"
        said = {"whom": "张安然", "text": "下周还款", "promised_on": "2021-09-20"}
        contact = Contact.objects.get(pk=post(house.officer, f"{case.pk}/contacts/log/", said).json()["id"])
        assert contact.promised_on == dt.date(2021, 9, 20)
        assert post(house.officer, f"contacts/{contact.pk}/settle/", {"promise": "OPEN"}).status_code == 422
        assert post(house.officer, f"contacts/{contact.pk}/settle/", {"promise": "KEPT"}).status_code == 200
        held = post(house.officer, f"{case.pk}/holds/", {"reason": "等评估报告", "until_on": "2021-09-30"})
        assert held.status_code == 200, held.content
        hold = Hold.objects.get()
        ended = post(house.officer, f"holds/{hold.pk}/end/", {"reason": "报告已到"})
        assert ended.status_code == 200, ended.content

    def test_photos_come_as_a_form_with_files(self, house, case, post, login):
        orders = []
        for _turn in range(2):
            orders.append(post(house.officer, f"{case.pk}/work/", {"kind": "QUERY", "text": "补查房产"}).json()["id"])
            assert post(house.assistant, f"work-orders/{orders[-1]}/accept/").status_code == 200
        first, second = (f"/api/v1/cases/work-orders/{order}/finish/" for order in orders)
        client = login(house.assistant)
        false = client.post(first, {"text": "无房产", "photos": [SimpleUploadedFile("一.jpg", b"<script>")]})
        assert false.status_code == 422, false.content
        assert "一.jpg" in str(false.json())
        shown = [SimpleUploadedFile(name, JPEG) for name in ("一.jpg", "二.jpg")]
        assert client.post(first, {"text": "无房产", "photos": shown}).status_code == 200
        assert client.post(second, {"text": "无车辆"}).status_code == 200
        kept = Material.objects.filter(case=case, work_order=orders[0]).order_by("id")
        assert kept.count() == 2
        rows = {row["id"]: row for row in client.get("/api/v1/cases/work-orders/?state=DONE").json()["results"]}
        assert rows[orders[1]]["photos"] == []
        shown = rows[orders[0]]["photos"]
        assert [row["ref"] for row in shown] == [f"material:{row.pk}" for row in kept]
        assert set(shown[0]) == {"ref", "title", "received_on", "url"}
        assert client.get(shown[0]["url"]).status_code == 200
        papers = client.get(f"/api/v1/documents/cases/{case.pk}/").json()["results"]
        assert [row["work_order"] for row in papers if row["kind"] == "ONSITE"] == [orders[0], orders[0]]

    def test_closing_names_its_mode_and_its_proofs(self, house, case, post):
        unknown = post(case.owner, f"{case.pk}/propose-closing/", {"mode": "NONE"})
        assert unknown.status_code == 422
        assert "FULFILLED" in unknown.json()["reasons"][0]
        document, number, bound = proofs.closing(case, "TERMINATED", at=AT, actor=case.owner)
        body = {"mode": "TERMINATED", "ground": "WITHDRAWN", "document": document, "number": number}
        unproved = post(case.owner, f"{case.pk}/propose-closing/", body)
        assert unproved.status_code == 422
        assert set(unproved.json()["fields"]) == {f"event_{code}" for code in bound}
        for code, (event, note) in bound.items():
            body |= {f"event_{code}": event, f"note_{code}": note}
        assert "document" in post(case.owner, f"{case.pk}/propose-closing/", {**body, "document": "x"}).json()["fields"]
        assert post(case.owner, f"{case.pk}/propose-closing/", body).status_code == 200
        assert stage(case) == "CLOSING"


class TestRefusals:
    def test_a_stranger_finds_nothing_and_a_wrong_role_is_kept_out(self, house, case, post):
        assert post(house.officer3, f"{case.pk}/notes/", {"text": "x"}).status_code == 404
        assert post(house.finance, f"{case.pk}/notes/", {"text": "x"}).status_code == 403
        other = next(judge for judge in (house.judge, house.judge2) if judge.pk != case.judge_id)
        assert post(other, f"{case.pk}/suspend/", {"ground": "OTHER", "document": "x"}).status_code == 404
        assert stage(case) == "FAST"

    @pytest.mark.parametrize("body", [[], [1], "x", 3, {"text": {"a": 1}}, {"text": [[1]]}])
    def test_a_body_that_is_no_plain_object_is_refused_in_words(self, house, case, login, body):
        client = login(house.officer)
        address = f"/api/v1/cases/{case.pk}/notes/"
        answer = client.post(address, json.dumps(body), content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["reasons"]

    def test_broken_json_and_forms_are_refused(self, house, case, login):
        client = login(house.officer)
        address = f"/api/v1/cases/{case.pk}/notes/"
        assert client.post(address, "{", content_type="application/json").status_code == 400
        assert client.post(address, {"text": "x"}).status_code == 415

    def test_a_foreign_page_cannot_act(self, house, case):
        client = Client(enforce_csrf_checks=True)
        client.force_login(house.officer, backend="django.contrib.auth.backends.ModelBackend")
        body = json.dumps({"text": "x"})
        answer = client.post(f"/api/v1/cases/{case.pk}/notes/", body, content_type="application/json")
        assert answer.status_code == 403
        assert not case.notes.exists()


def test_the_schema_is_valid_and_names_every_act(db, capsys):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    act = schema["paths"]["/api/v1/cases/{id}/stay/"]["post"]
    reference = act["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    fields = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
    assert set(fields["required"]) == {"ground", "until_on"}
    assert fields["properties"]["until_on"]["format"] == "date"
    assert "arning" not in capsys.readouterr().err
