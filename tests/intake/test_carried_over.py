"""What a record says reaches the filing: addresses of service, agents, what was performed, more parties."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from cases import basis
from cases.filing import ClaimData
from cases.models import Agent, Case, Note
from documents.models import AddressConfirmation
from intake.plausible import is_known
from intake.prefill import others, prefill
from intake.warnings import filing_warnings
from tests import factories
from tests.intake.test_views import NEW, errors_of, post, typed

AT = factories.moment(2021, 9, 1)
LAWYER = {
    "agents-TOTAL_FORMS": "1",
    "agents-INITIAL_FORMS": "0",
    "agents-0-name": "王律师",
    "agents-0-kind": "LAWYER",
    "agents-0-licence": "11503201810000001",
    "agents-0-phone": "13900001111",
    "agents-0-special": ["COLLECT"],
    "agents-0-from_on": "2021-09-01",
    "agents-0-document": "授权委托书（2021年9月1日）",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


class TestAddress:
    SAID = {
        "applicants-0-service_address": "乌海市海勃湾区新华街1号",
        "applicants-0-has_e_consent": "on",
        "applicants-0-e_address": "13800001234",
    }

    def test_the_confirmed_address_and_the_consent_are_where_papers_are_served(self, house, login):
        papers = {"materials-0-kind": "ADDRESS", "materials-0-file": factories.scan_upload()}
        assert post(login(house.window_clerk), typed(**self.SAID) | papers).status_code == 302
        row = AddressConfirmation.objects.get()
        assert (row.address, row.has_e_consent, row.e_address) == ("乌海市海勃湾区新华街1号", True, "13800001234")
        assert (row.party.name, row.has_ruling_consent, row.material.kind) == ("张安然", False, "ADDRESS")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"applicants-0-e_address": ""}, "applicants-0-e_address"),
            ({"applicants-0-e_address": "a b"}, "applicants-0-e_address"),
            ({"applicants-0-has_e_consent": ""}, "applicants-0-has_e_consent"),
            ({"applicants-0-service_address": ""}, "applicants-0-service_address"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_its_field(self, house, login, changes, field):
        answer = login(house.window_clerk).post(NEW, typed(**self.SAID) | changes)
        assert field in errors_of(answer)
        assert not Case.objects.exists()

    def test_nothing_typed_confirms_nothing(self, house, login):
        post(login(house.window_clerk), typed())
        assert Case.objects.exists()
        assert not AddressConfirmation.objects.exists()


class TestAgent:
    def test_he_acts_from_the_filing_on(self, house, login):
        assert post(login(house.window_clerk), typed() | LAWYER).status_code == 302
        agent = Agent.objects.get()
        assert (agent.name, agent.special, agent.party.name) == ("王律师", ["COLLECT"], "张安然")

    def test_for_an_applicant_who_is_there(self, house, login):
        answer = login(house.window_clerk).post(NEW, typed() | LAWYER | {"agents-0-applicant": "3"})
        assert "没有这名申请执行人" in errors_of(answer)["agents-0-applicant"]

    def test_a_row_that_nobody_touched_is_no_agent(self, house, login):
        rows = {name: value for name, value in LAWYER.items() if name.endswith("_FORMS")} | {"agents-0-kind": "LAWYER"}
        assert post(login(house.window_clerk), typed() | rows).status_code == 302
        assert not Agent.objects.exists()


def test_what_was_performed_before_is_told_to_whoever_has_the_case(house, login):
    said = {"performed": "20,000.00", "performed_note": "2021年7月微信转账"}
    assert post(login(house.window_clerk), typed(**said)).status_code == 302
    text = Note.objects.get().text
    assert "20,000.00" in text
    assert "2021年7月微信转账" in text


class TestRecord:
    def test_address_consent_agent_and_performance_are_carried_over(self, house):
        answers = {
            "relation": "委托代理律师",
            "visitor": "王律师",
            "applicant": "张安然",
            "authority": "特别授权（含代收案款）",
            "e_service": "是",
            "e_address": "13800001234",
            "is_performed": "是",
            "performed_amount": "20000",
            "performed_note": "微信转账",
        }
        given = prefill(factories.reception(house.window_clerk, answers=answers, at=AT))
        (applicant,) = given.applicants
        assert applicant["service_address"] == "乌海市海勃湾区新华街1号"
        assert (applicant["has_e_consent"], applicant["e_address"]) == (True, "13800001234")
        assert "phone" not in applicant
        (agent,) = given.agents
        assert (agent["name"], agent["kind"], agent["phone"]) == ("王律师", "LAWYER", "13800001234")
        assert agent["special"] == Agent.Power.values
        assert (given.basis["performed"], given.basis["performed_note"]) == (Decimal("20000"), "微信转账")

    @pytest.mark.parametrize("words", ["不知道", "不知道。", "不详"])
    def test_what_is_not_known_is_no_address(self, house, words):
        given = prefill(factories.reception(house.window_clerk, answers={"debtor_whereabouts": words}, at=AT))
        assert "address" not in given.debtors[0]
        assert given.debtors[0]["kind"] == "ORGANISATION"  # by its name, where nobody said
        assert not is_known(words)

    def test_several_parties_stand_one_in_each_line(self, house):
        more = "李四，11010519491231002X，13800005678，乌海市乌达区，1号楼\n乌海市样例商贸有限公司\n不知道"
        answers = {"other_debtors": more, "other_applicants": "王五；乌海市海南区"}
        given = prefill(factories.reception(house.window_clerk, answers=answers, at=AT))
        assert [row["name"] for row in given.applicants] == ["张安然", "王五"]
        assert given.debtors[1:] == [
            {
                "kind": "PERSON",
                "name": "李四",
                "id_number": "11010519491231002X",
                "phone": "13800005678",
                "address": "乌海市乌达区，1号楼",
            },
            {"kind": "ORGANISATION", "name": "乌海市样例商贸有限公司"},
        ]
        assert others("张三 91350100M000100Y43")[0]["name"]
        assert others("某店，91350100M000100Y43")[0]["kind"] == "ORGANISATION"

    def test_the_page_begins_with_it_and_an_unsigned_one_says_why_it_does_not(self, house, login):
        client = login(house.window_clerk)
        signed = factories.reception(house.window_clerk, answers={"other_debtors": "李四"}, at=AT)
        page = client.get(NEW, {"reception": signed.pk})
        assert len(page.context["filing"].debtors.forms) == 2
        assert 'value="李四"' in page.content.decode()
        draft = factories.reception(house.window_clerk, until="DRAFT", at=AT)
        text = client.get(NEW, {"reception": draft.pk}).content.decode()
        assert f"第 {draft.pk} 号初次接待笔录不能用于立案" in text
        assert "不能用于立案" not in client.get(NEW).content.decode()


def test_documents_of_the_same_name_are_told_apart():
    labels = [label for _group, rows in basis.choices() for _code, label in rows]
    assert len(labels) == len(set(labels))
    assert "民事判决书" in labels
    assert any("承认外国判决" in label and label.startswith("民事裁定书") for label in labels)


class TestArithmetic:
    def warned(self, rate: str, amount: str, from_on: dt.date = dt.date(2020, 9, 1)) -> bool:
        claims = (
            ClaimData(kind="PRINCIPAL", amount=Decimal("100000.00")),
            ClaimData(kind="INTEREST", amount=Decimal(amount), rate=rate, from_on=from_on),
        )
        filing = dataclasses.replace(factories.filing(), claims=claims)
        return any("最多" in row.text for row in filing_warnings(filing, on=AT.date()))

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("rate", "fits", "too_much"),
        [
            ("一年期LPR", "3914.17", "3914.18"),  # 3.85 % for 366 days of 360
            ("按全国银行间同业拆借中心公布的一年期贷款市场报价利率四倍", "15656.67", "15656.68"),
            ("月利率2%", "24000.00", "25000.00"),
            ("年利率6%", "6100.00", "6100.01"),
        ],
    )
    def test_published_and_monthly_rates_are_reckoned_too(self, rate, fits, too_much):
        assert not self.warned(rate, fits)
        assert self.warned(rate, too_much)

    @pytest.mark.django_db
    def test_what_is_not_understood_or_older_than_the_table_is_not_doubted(self):
        assert not self.warned("按约定", "99999.00")
        assert not self.warned("一年期LPR", "99999.00", dt.date(2018, 1, 1))
