"""The money that can be controlled: the network's answer leads, another sum only with its reason, both side by side."""

from decimal import Decimal

import pytest
from django.urls import reverse

from bureau.errors import Refused
from cases.models import Case
from cases.propertynetwork import Said
from dispatch import services
from dispatch.cash import Cash
from dispatch.factsources import gather_one
from dispatch.models import Verdict, Verification
from tests import factories
from tests.cases.test_queries import AT, LATER, Network, deposit, exchange, launch

D = Decimal
NO, RICH, POOR = None, D("500000.00"), D("3000.00")


@pytest.fixture
def network(settings, monkeypatch):
    settings.NETWORK_QUERY = "tests.cases.test_queries.Network"
    settings.NETWORK_SOURCES = ["BANK", "ESTATE"]
    monkeypatch.setattr(Network, "said", {"BANK": deposit("3000.00")})
    monkeypatch.setattr("bureau.clock.now", lambda: LATER)
    monkeypatch.setattr("bureau.clock.today", LATER.date)
    return Network.said


@pytest.fixture
def asked(house, network) -> Case:
    """A case of 300,000 whose query has found 3,000."""
    case = factories.file_case(house, amount=D("300000.00")).case
    launch(house, case)
    exchange()
    return case


class TestWhichLeads:
    @pytest.mark.parametrize(
        ("cash", "leading", "is_disputed"),
        [
            (Cash(), (NO, "ANSWERED"), False),
            (Cash(RICH), (RICH, "STATED"), False),
            (Cash(NO, POOR, is_whole=True), (POOR, "ANSWERED"), False),
            (Cash(POOR, POOR, is_whole=True), (POOR, "ANSWERED"), False),
            (Cash(RICH, POOR, is_whole=True), (POOR, "ANSWERED"), True),
            (Cash(RICH, POOR, is_whole=True, reason="已核实", seen=POOR), (RICH, "STATED"), True),
            # The reason was given to another answer.
            (Cash(RICH, POOR, is_whole=True, reason="已核实", seen=D("1.00")), (POOR, "ANSWERED"), True),
            (Cash(POOR, RICH, is_whole=True, reason="冻结在先", seen=RICH), (POOR, "STATED"), True),
            # While others still answer, more than has been found so far contradicts nothing.
            (Cash(RICH, POOR), (RICH, "STATED"), False),
            (Cash(D(0), POOR), (POOR, "ANSWERED"), True),
            (Cash(NO, POOR, RICH), (RICH, "FROZEN"), False),
            (Cash(POOR, NO, RICH), (RICH, "FROZEN"), True),
            (Cash(D(4000), POOR, RICH, is_whole=True, reason="已核实", seen=POOR), (RICH, "FROZEN"), True),
        ],
    )
    def test_the_answer_leads_unless_a_reason_was_given_to_it(self, cash, leading, is_disputed):
        assert cash.leading == leading
        assert cash.is_disputed is is_disputed


class TestService:
    def test_another_sum_than_answered_is_refused_without_a_reason(self, house, asked):
        with pytest.raises(Refused) as refused:
            services.verify(asked, cash_found=RICH, at=LATER, actor=house.dispatcher)
        [text] = refused.value.by_field["cash_reason"]
        assert "500,000.00" in text
        assert "网络查控 3,000.00" in text
        assert not Verification.objects.exists()

    def test_with_its_reason_it_leads_and_both_are_on_record(self, house, asked):
        given = {"cash_found": RICH, "cash_reason": "反馈后有款项入账", "at": LATER, "actor": house.dispatcher}
        row = services.verify(asked, **given)
        assert (row.cash_reason, row.cash_answered) == ("反馈后有款项入账", POOR)
        known = gather_one(asked)
        assert (known.values["cash_found"], known.sources["cash_found"]) == (RICH, "VERIFIED")
        assert services.triage(asked, at=LATER, actor=house.dispatcher).hits == ["T1"]

    def test_what_agrees_needs_and_keeps_no_reason(self, house, asked):
        row = services.verify(asked, cash_found=POOR, cash_reason="多余", at=LATER, actor=house.dispatcher)
        assert (row.cash_reason, row.cash_answered) == ("", None)
        assert gather_one(asked).sources["cash_found"] == "QUERY"

    def test_an_answer_that_comes_later_leads_over_what_was_typed_before(self, house, network):
        case = factories.file_case(house, amount=D("300000.00")).case
        launch(house, case)
        services.verify(case, cash_found=RICH, at=AT, actor=house.dispatcher)
        assert gather_one(case).values["cash_found"] == RICH
        exchange()
        known = gather_one(case)
        assert (known.values["cash_found"], known.sources["cash_found"]) == (POOR, "QUERY")

    def test_nothing_found_by_everybody_is_known_without_anybodys_word(self, house, network):
        network["BANK"] = Said("NOT_FOUND")
        case = factories.file_case(house).case
        launch(house, case)
        assert gather_one(case).values["cash_found"] is None
        exchange()
        assert gather_one(case).values["cash_found"] == 0

    def test_money_found_again_counts_once(self, house, asked):
        launch(house, asked, at=LATER)
        exchange(LATER)
        assert asked.network_queries.count() == 2
        assert gather_one(asked).values["cash_found"] == POOR

    def test_a_debtor_not_asked_about_leaves_the_query_open(self, house, asked):
        party = asked.parties.get(side="DEBTOR")
        party.pk, party.position, party.id_digest = None, 2, "another"
        party.save()
        known = gather_one(asked)
        assert (known.unasked, known.values["query"]) == (1, "PENDING")
        assert asked in Case.objects.query_state("NONE")
        assert asked not in Case.objects.query_state("ANSWERED")


class TestPage:
    def url(self, case, name="decide"):
        return reverse(f"dispatch:{name}", args=[case.pk])

    def test_both_sums_stand_beside_the_proposal_and_the_answer_leads_it(self, house, login, asked):
        data = {"action": "propose", "cash_found": "500000", "decided": "FAST"}
        answer = login(house.dispatcher).post(self.url(asked), data, headers={"HX-Request": "true"})
        text = answer.content.decode()
        assert "填写 500,000.00 元，网络查控 3,000.00 元" in text
        assert "T1" not in answer.context["decision"].judged.proposal.hits

    def test_deciding_asks_for_the_reason_beside_its_field_and_keeps_what_was_typed(self, house, login, asked):
        client = login(house.dispatcher)
        data = {"action": "triage", "cash_found": "500000", "decided": "ORDINARY", "note": "已电话核对"}
        answer = client.post(self.url(asked), data)
        assert answer.status_code == 422
        assert "不一致" in answer.context["decision"].form.errors["cash_reason"][0]
        assert 'value="500000"' in answer.content.decode()
        assert "已电话核对" in answer.content.decode()
        answer = client.post(self.url(asked), data | {"decided": "FAST", "cash_reason": "已与开户行核实"}, follow=True)
        assert Verdict.objects.get().decided == "FAST"
        assert "已与开户行核实" in answer.content.decode()

    def test_a_program_is_asked_for_the_reason_too(self, house, login, asked):
        client = login(house.dispatcher)
        address = f"/api/v1/dispatch/cases/{asked.pk}/decide/"
        data = {"action": "triage", "cash_found": "500000", "decided": "ORDINARY"}
        answer = client.post(address, data, content_type="application/json")
        assert answer.status_code == 422
        assert "cash_reason" in answer.content.decode()
        given = data | {"cash_reason": "已核实", "decided": "FAST"}
        assert client.post(address, given, content_type="application/json").status_code < 300
        [verdict] = client.get("/api/v1/dispatch/verdicts/").json()["results"]
        assert [verdict[name] for name in ("cash_typed", "cash_answered", "cash_reason")] == [
            *("500000.00", "3000.00", "已核实")
        ]
        [queued] = client.get("/api/v1/dispatch/queue/").json()["results"]
        assert queued["is_asked_about"] is True

    def test_what_was_found_stands_beside_the_rule_that_asks_about_it(self, house, login, asked):
        page = login(house.dispatcher).get(self.url(asked, "case_dispatch"))
        lines = {line["code"]: line["leads"] for line in page.context["decision"].lines}
        [lead] = lines["T1"]
        assert (lead.amount, lead.thing) == (POOR, "中国银行，尾号1")
        assert not lines["T2"]
        assert lead.thing in page.content.decode()

    def test_what_was_found_stands_on_the_tab_of_controls(self, house, login, asked):
        page = login(house.dispatcher).get(reverse("assets:case_controls", args=[asked.pk]))
        assert "尾号1" in page.content.decode()


class TestWhatWasNotAsked:
    def test_the_page_says_whom_nobody_asked_about_and_orders_it(self, house, login, network):
        case = factories.file_case(house).case
        client = login(house.dispatcher)
        page = client.get(reverse("dispatch:case_dispatch", args=[case.pk]))
        [debtor] = page.context["asked"].debtors
        assert not debtor.is_asked
        order = reverse("dispatch:send_notice") + f"?query={case.pk}"
        assert order in page.content.decode()
        form = client.get(order).context["form"]
        assert case.display_number in form.initial["title"]
        assert form.initial["teams"] == [house.assistant.team_id]
        assert (form.initial["kind"], form.initial["due_on"]) == ("TASK", LATER.date())

    @pytest.mark.parametrize("key", ["0", "x", "99999999999999", "９"])
    def test_an_order_for_no_case_is_not_found(self, house, login, key):
        assert login(house.dispatcher).get(reverse("dispatch:send_notice"), {"query": key}).status_code == 404

    def test_the_page_says_which_providers_were_not_asked_and_which_failed(self, house, login, network, settings):
        network |= {"ESTATE": Said("FAILED", "系统超时")}
        case = factories.file_case(house).case
        launch(house, case)
        exchange()
        settings.NETWORK_SOURCES = ["BANK", "ESTATE", "VEHICLE"]
        page = login(house.dispatcher).get(reverse("dispatch:case_dispatch", args=[case.pk]))
        [debtor] = page.context["asked"].debtors
        assert (debtor.lost, debtor.unasked, debtor.waiting) == (["不动产"], ["车辆"], [])

    def test_the_queue_says_it_and_lists_it(self, house, login, network):
        case = factories.file_case(house).case
        other = factories.file_case(house).case
        launch(house, other)
        client = login(house.dispatcher)
        page = client.get(reverse("dispatch:queue"))
        said = {row.case: str(row.query[0]) for row in page.context["rows"]}
        assert said == {case: "查控未发起", other: "查控等待反馈"}
        assert [row.case for row in client.get(reverse("dispatch:queue"), {"query": "NONE"}).context["rows"]] == [case]
        [chip] = [row for row in page.context["counts"] if row["query"] == "query=NONE"]
        assert chip["count"] == 1
