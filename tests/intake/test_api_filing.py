"""Filing by a program: the checks of the page, and one case for a key however often it is asked."""

import datetime as dt

import pytest
from django.urls import reverse

from bureau import clock
from cases.models import Case
from intake.imports.checking import Draft
from intake.imports.services import file_once, forget_codes
from intake.models import Application, Condition, FiledOnce
from tests import factories
from tests.at_once import race
from tests.factories import moment
from tests.filingsheets import ACCEPTANCE

AT = moment(2021, 9, 20)
URL = "/api/v1/intake/filings/"
KEY = "0f8fad5b-d9cb-469f"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)


@pytest.fixture
def house(db):
    return factories.House.build()


def body(**changes):
    plain = {
        "court": "内0302",
        "basis_kind": "J1",
        "basis_issuer": "乌海市海勃湾区人民法院",
        "basis_number": "(2021)内0302民初100号",
        "basis_made_on": "2021-05-10",
        "applicants": [
            {
                "kind": "PERSON",
                "name": "张安然",
                "id_number": "11010519491231002X",
                "account": "6222020200112230004",
                "bank_name": "中国银行乌海分行",
            }
        ],
        "debtors": [{"kind": "ORGANISATION", "name": "乌海市测试商贸有限公司"}],
        "claims": [{"kind": "PRINCIPAL", "amount": "50000.00"}],
        "met": Condition.values,
        "seen": ["APPLICATION", "DOCUMENT"],
    }
    return plain | changes


@pytest.fixture
def post(client):
    def send(user, said, key=KEY):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        headers = {"Idempotency-Key": key} if key else {}
        return client.post(URL, said, content_type="application/json", headers=headers)

    return send


class TestFiling:
    def test_what_counts_for_the_doubled_part_follows_the_kind(self, house, post):
        claims = [{"kind": kind, "amount": "100.00"} for kind in ("PRINCIPAL", "INTEREST", "COURT_FEE")]
        said = [{**claims[0]}, {**claims[1], "is_doubled": True}, {**claims[2]}]
        refused = post(house.window_clerk, body(claims=said))
        assert (refused.status_code, [*refused.json()["fields"]]) == (422, ["claims.1.is_doubled"])
        assert post(house.window_clerk, body(claims=claims)).status_code == 201
        assert [row.is_doubled for row in Case.objects.get().claims.order_by("position")] == [True, False, False]

    def test_it_is_accepted_by_the_conditions_and_the_two_papers(self, house, post):
        for lacking, field in ({"met": []}, "met"), ({"seen": ["APPLICATION"]}, "seen"):
            refused = post(house.window_clerk, body(**lacking))
            assert (refused.status_code, field in refused.json()["fields"]) == (422, True)
        assert post(house.window_clerk, body()).status_code == 201
        row = Application.objects.get()
        assert (row.state, row.case, row.met) == ("ACCEPTED", Case.objects.get(), list(Condition.values))

    def test_the_key_again_gives_the_first_answer(self, house, post):
        assert reverse("intake_api:file") == URL
        first = post(house.window_clerk, body())
        assert first.status_code == 201
        again = post(house.window_clerk, body())
        assert again.status_code == 200
        assert again.json() == first.json() | {"is_new": False}
        assert Case.objects.get().number == first.json()["number"]
        row = FiledOnce.objects.get()
        assert KEY not in (row.key_digest, row.content_digest)

    def test_the_key_with_another_content_is_refused(self, house, post):
        post(house.window_clerk, body())
        other = post(house.window_clerk, body(cause="借款"))
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert Case.objects.count() == 1

    def test_the_key_of_another_user_is_another_key(self, house, post):
        post(house.window_clerk, body())
        assert post(house.window_clerk2, body()).status_code == 201
        assert Case.objects.count() == 2

    def test_the_look_up_code_is_said_again_for_a_day_only(self, house, post, monkeypatch):
        assert post(house.window_clerk, body()).json()["code"]
        later = AT + dt.timedelta(days=2)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert post(house.window_clerk, body()).json()["code"] == ""

    def test_a_repeat_is_answered_though_its_content_would_no_longer_do(self, house, post, monkeypatch):
        first = post(house.window_clerk, body())
        monkeypatch.setattr(clock, "today", lambda: dt.date(2021, 1, 1))  # before the document was made
        assert post(house.window_clerk, body(), key="another-key").status_code == 422
        again = post(house.window_clerk, body())
        assert (again.status_code, again.json()["number"]) == (200, first.json()["number"])

    def test_the_code_is_forgotten_by_the_beat(self, house, post):
        post(house.window_clerk, body())
        assert forget_codes(at=AT + dt.timedelta(hours=23)) == 0
        assert forget_codes(at=AT + dt.timedelta(hours=25)) == 1
        assert FiledOnce.objects.get().code == ""

    @pytest.mark.parametrize("key", ["", "short", "含中文的键".encode().decode("latin-1")])
    def test_no_key_no_filing(self, house, post, key):
        answer = post(house.window_clerk, body(), key=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")
        assert not Case.objects.exists()

    def test_everything_wrong_is_named_by_its_path(self, house, post):
        wrong = body(court="没有", claims=[{"kind": "PRINCIPAL"}], debtors=[{"kind": "PERSON"}])
        answer = post(house.window_clerk, wrong)
        assert answer.status_code == 422
        assert set(answer.json()["fields"]) == {"court", "debtors.0.name", "claims.0.amount"}

    @pytest.mark.parametrize(
        "said", [[], "x", {}, body(applicants=[]), body(debtors="x"), body(claims=[1]), body(cause={"a": 1})]
    )
    def test_hostile_bodies_are_refused(self, house, post, said):
        answer = post(house.window_clerk, said)
        assert answer.status_code in (400, 422)
        assert not Case.objects.exists()

    def test_only_clerks(self, house, post):
        assert post(house.judge, body()).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_at_once_file_one_case():
    house = factories.House.build()
    said = body()
    draft = [Draft(AT.date(), said, said["applicants"], said["debtors"], said["claims"]) for _turn in range(2)]
    assert [list(row.wrong()) for row in draft] == [[], []]
    given = {"key": KEY, "content": "x", "acceptance": ACCEPTANCE, "at": AT, "actor": house.window_clerk}
    found = race([lambda row=row: file_once(row, **given)[0].case.pk for row in draft])
    assert len(set(found)) == 1
    assert Case.objects.count() == 1
