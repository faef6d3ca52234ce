"""A payment from request to bank by the API alone, by the same four people as on the pages."""

import json

import pytest

from accounts.models import Delay, Payout
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 17)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house):
    return kept.running_case(house)


@pytest.fixture
def post(login):
    def send(user, address, body=None):
        return login(user).post(f"/api/v1/accounts/{address}", json.dumps(body or {}), content_type="application/json")

    return send


def test_four_people_pay_and_nobody_signs_twice(house, case, post):
    factories.deposit(house, case, "3000.00", serial="A1")
    payee = case.parties.get(side="APPLICANT").payee_accounts.get()
    body = {"payee": payee.pk, "amount": "3000.00", "calculation": "本金", "reference": "P-1"}
    short = post(house.officer, f"cases/{case.pk}/request-payout/", {**body, "amount": "3000.001"})
    assert short.json()["fields"]["amount"] == ["金额最多两位小数"]
    over = post(house.officer, f"cases/{case.pk}/request-payout/", {**body, "amount": "3000.01"})
    assert over.status_code == 422
    asked = post(house.officer, f"cases/{case.pk}/request-payout/", body)
    assert asked.status_code == 200, asked.content
    number = asked.json()["id"]
    assert post(house.officer, f"cases/{case.pk}/request-payout/", body).json()["id"] == number
    assert post(house.chief, f"payouts/{number}/approve/").status_code == 422
    assert post(case.judge, f"payouts/{number}/check/").status_code == 200
    assert post(house.finance, f"payouts/{number}/approve/").status_code == 403
    assert post(house.chief, f"payouts/{number}/approve/").status_code == 200
    assert post(house.officer, f"payouts/{number}/pay/").status_code == 403
    assert post(house.finance, f"payouts/{number}/pay/").status_code == 200
    assert Payout.objects.get(pk=number).state == "SENT"


def test_a_rejection_needs_its_reason(house, case, post):
    factories.deposit(house, case, "3000.00", serial="A1")
    payout = factories.payout(house, case, "3000.00", reference="P-1", until="REQUESTED", at=AT)
    answer = post(case.judge, f"payouts/{payout.pk}/reject/")
    assert answer.json() == {"reasons": ["请选择或填写原因"], "fields": {}}
    assert post(case.judge, f"payouts/{payout.pk}/reject/", {"usual": "计算说明不清"}).status_code == 200
    payout.refresh_from_db()
    assert payout.state == "REJECTED"


def test_a_delay_is_asked_decided_and_ended(house, case, post):
    receipt = factories.deposit(house, case, "3000.00", serial="A1", at=moment(2021, 9, 16))
    body = {"reason": "DL1", "paper": factories.paper(case, "参与分配申请书"), "until_on": "2021-10-10"}
    delay = Delay.objects.get(pk=post(house.officer, f"receipts/{receipt.pk}/delay/", body).json()["id"])
    assert post(house.chief, f"delays/{delay.pk}/decide/", {"decision": "maybe"}).status_code == 422
    assert post(house.chief, f"delays/{delay.pk}/decide/", {"decision": "approve"}).status_code == 200
    assert post(house.officer, f"delays/{delay.pk}/end/").status_code == 200
    delay.refresh_from_db()
    assert delay.ended_on == AT.date()


def test_stray_money_is_given_to_its_case(house, case, post):
    line = {"serial": "S1", "value_on": "2021-09-17", "amount": "77.00", "payer_name": "某人"}
    typed = post(house.finance, "bank-lines/", line)
    assert typed.status_code == 201
    booked = post(house.finance2, f"line-entries/{typed.json()['id']}/confirm/", {})
    assert booked.status_code == 200
    address = f"bank-lines/{booked.json()['id']}/claim/"
    assert post(house.finance, address, {"number": "没有", "ground": "来电"}).json()["fields"] == {
        "number": ["没有这个案号的案件"]
    }
    told = {"number": case.number.replace("(", "（").replace(")", "）"), "ground": "付款人来电确认"}
    given = post(house.finance, address, told)
    assert given.status_code == 200, given.content
    claim = case.line_claims.get()
    confirm = f"claims/{claim.pk}/confirm/"
    assert post(house.finance2, confirm, {}).json()["fields"] == {"answer_THIRD_PARTY": ["请写明核查结果"]}
    assert post(house.finance, confirm, {"answer_THIRD_PARTY": "其子代付"}).status_code == 422
    assert post(house.finance2, confirm, {"answer_THIRD_PARTY": "其子代付"}).status_code == 200
    assert case.receipts.get().amount == 77
