"""Pages and API of corrections: proposal, both versions, the second person's page, what is masked, and races."""

import pytest
from django.urls import reverse

from bureau.errors import Refused
from cases import services
from cases.models import Case, Correction
from documents import services as documents
from documents.models import Document, Draft
from tests import factories, kept
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 16)
LATER = moment(2021, 9, 17)
OTHER_USCC = "91310000MA1FL2J563"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: LATER)
    monkeypatch.setattr("bureau.clock.today", LATER.date)


@pytest.fixture
def case(house) -> Case:
    """A case with its fast team."""
    return kept.running_case(house)


def party_of(case: Case, side: str = "DEBTOR"):
    return case.parties.get(side=side, position=1)


def propose(case: Case, *, actor, side: str = "DEBTOR", **values) -> Correction:
    return services.propose_correction(
        case,
        target="PARTY",
        subject=party_of(case, side),
        values=values,
        reason="TYPING",
        document="营业执照",
        at=AT,
        actor=actor,
    )


def address_of(case: Case, party) -> str:
    return f"{reverse('cases:correct', args=[case.pk])}?target=PARTY&id={party.pk}"


def body(party, **changes):
    plain = {
        "kind": party.kind,
        "name": party.name,
        "id_kind": "",
        "id_number": "",
        "phone": "",
        "address": party.address,
        "legal_representative": party.legal_representative,
        "reason": "TYPING",
        "document": "营业执照",
    }
    return plain | changes


class TestProposalPage:
    def test_from_the_case_page_to_the_second_persons_page(self, house, case, login):
        officer, judge, party = login(house.officer), login(case.judge), party_of(case)
        choice = reverse("cases:corrections", args=[case.pk])
        assert choice in officer.get(case.get_absolute_url()).content.decode()
        assert f"target=PARTY&amp;id={party.pk}" in officer.get(choice).content.decode()
        page = officer.get(address_of(case, party)).content.decode()
        assert party.id_number not in page
        assert party.phone not in page
        answer = officer.post(address_of(case, party), body(party, name="乌海市测试贸易有限公司"))
        row = Correction.objects.get()
        assert (answer.status_code, answer.url, row.fields) == (302, row.get_absolute_url(), ["name"])
        page = judge.get(row.get_absolute_url()).content.decode()
        assert "乌海市测试商贸有限公司" in page
        assert "核对无误，确认更正" in page
        assert judge.post(reverse("cases:answer_correction", args=[row.pk]), {"answer": "confirm"}).status_code == 302
        assert party_of(case).name == "乌海市测试贸易有限公司"
        page = judge.get(case.get_absolute_url()).content.decode()
        assert "更正记录" in page
        record = judge.get(reverse("cases:timeline", args=[case.pk])).content.decode()
        assert "提出更正，待另一人确认" in record
        assert "确认更正" in record
        assert "PARTY.name" not in record

    def test_numbers_are_full_for_the_two_who_compare_and_masked_for_others(self, house, case, login):
        row = propose(case, actor=house.officer, id_number=OTHER_USCC)
        for user in (house.officer, case.judge):
            page = login(user).get(row.get_absolute_url()).content.decode()
            assert OTHER_USCC in page
            assert "91350100M000100Y43" in page
        for user in (house.officer2, house.inspector, house.chief):
            page = login(user).get(row.get_absolute_url()).content.decode()
            assert OTHER_USCC not in page
            assert "91350100M000100Y43" not in page
        services.confirm_correction(row, at=LATER, actor=case.judge)
        assert OTHER_USCC not in login(case.judge).get(row.get_absolute_url()).content.decode()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "\x00"}, "name"),
            ({"name": "长" * 101}, "name"),
            ({"id_number": "91350100M000100Y44"}, "id_number"),
            ({"kind": "PERSON"}, "id_number"),
            ({"kind": "MARTIAN"}, "kind"),
            ({"phone": "12345"}, "phone"),
            ({"phone": "0473-2990009", "drop": ["phone"]}, "phone"),
            ({"drop": ["name"]}, "drop"),
            ({"reason": ""}, "reason"),
            ({"reason": "OTHER", "name": "甲"}, "reason_text"),
            ({"document": ""}, "document"),
            ({"evidence": "999999"}, "evidence"),
            ({"evidence": "x"}, "evidence"),
            ({}, "__all__"),
        ],
    )
    def test_bad_input_is_422_beside_its_field(self, house, case, login, changes, field):
        answer = login(house.officer).post(address_of(case, party_of(case)), body(party_of(case), **changes))
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not Correction.objects.exists()

    def test_a_number_is_taken_out(self, house, case, login):
        party = party_of(case)
        login(house.officer).post(address_of(case, party), body(party, drop=["id_number"], reason="MISTAKEN"))
        row = services.confirm_correction(Correction.objects.get(), at=LATER, actor=case.judge)
        party = party_of(case)
        assert (party.id_number, party.id_digest, party.id_last4, party.id_kind) == ("", "", "", "")
        assert row.is_other_person

    @pytest.mark.parametrize(
        "query", ["", "?target=PARTY", "?target=PARTY&id=9999999999999999999999", "?target=X&id=1"]
    )
    def test_what_is_not_there_is_404(self, house, case, login, query):
        assert login(house.officer).get(reverse("cases:correct", args=[case.pk]) + query).status_code == 404

    def test_anothers_party_is_404(self, house, case, login):
        other = factories.file_case(house).case
        assert login(house.officer).get(address_of(case, party_of(other))).status_code == 404
        assert login(house.officer3).get(address_of(case, party_of(case))).status_code == 404

    def test_markup_is_text(self, house, case, login):
        party = party_of(case)
        login(house.officer).post(address_of(case, party), body(party, name="<script>x</script>", document="<b>证</b>"))
        page = login(house.officer).get(Correction.objects.get().get_absolute_url()).content.decode()
        assert "<script>x" not in page
        assert "<b>证" not in page

    def test_basis_and_claim_pages(self, house, case, login):
        client, claim = login(house.officer), case.claims.get()
        address = reverse("cases:correct", args=[case.pk])
        page = client.get(f"{address}?target=BASIS").content.decode()
        assert case.basis_number in page
        given = {"kind": "PRINCIPAL", "amount": "45,000.00", "is_doubled": "on"}
        why = {"reason": "RULING", "document": "补正裁定书"}
        assert client.post(f"{address}?target=CLAIM&id={claim.pk}", given | why).status_code == 302
        assert Correction.objects.get().pairs() == {"amount": ("50000.00", "45000.00")}
        assert client.get(f"{address}?target=ADDED").status_code == 200
        short = client.post(f"{address}?target=ADDED", {"kind": "INTEREST"} | why)
        assert (short.status_code, set(short.context["form"].errors)) == (422, {"amount"})
        added = {"kind": "INTEREST", "amount": "100.00", "base": "2000", "rate": "LPR"}
        assert client.post(f"{address}?target=ADDED", added | why).status_code == 302
        sheet = client.get(Correction.objects.latest("id").get_absolute_url()).content.decode()
        assert "补充执行请求" in sheet
        assert "100.00" in sheet
        wrong = client.post(f"{address}?target=BASIS", why | {"basis_kind": "J1", "basis_number": "-"})
        assert wrong.status_code == 422
        assert {"basis_number", "basis_issuer", "basis_made_on"} <= set(wrong.context["form"].errors)

    def test_a_title_is_corrected_and_one_never_asked_for_stays_empty(self, house, case, login):
        client, address = login(house.officer), f"{reverse('cases:correct', args=[case.pk])}?target=BASIS"
        basis = {"basis_kind": "J1", "basis_issuer": case.basis_issuer, "basis_number": case.basis_number}
        basis |= {"basis_made_on": case.basis_made_on, "basis_effective_on": case.basis_effective_on}
        basis |= {"performance_due_on": case.performance_due_on, "cause": "借款合同纠纷"}
        why = {"reason": "RULING", "document": "补正裁定书"}
        assert client.post(address, basis | why).status_code == 302
        row = Correction.objects.get()
        assert row.fields == ["cause"]
        services.confirm_correction(row, at=LATER, actor=case.judge)
        assert client.post(address, basis | why | {"basis_kind": "J1:民事裁定书"}).status_code == 302
        row = Correction.objects.latest("id")
        assert row.pairs() == {"basis_title": ("", "民事裁定书")}
        services.confirm_correction(row, at=LATER, actor=case.judge)
        case.refresh_from_db()
        assert case.basis_title == "民事裁定书"
        page = client.get(address).content.decode()
        assert '<option value="J1:民事裁定书" selected>' in page


class TestBothVersions:
    def test_who_sends_second_sees_both_and_may_send_again(self, house, case, login):
        client, party = login(house.officer2), party_of(case)
        opened = client.get(address_of(case, party)).context["form"]["seen"].value()
        row = propose(case, actor=house.officer, name="甲乙公司")
        services.confirm_correction(row, at=LATER, actor=case.judge)
        mine = body(party, name="丙丁公司", seen=opened)
        answer = client.post(address_of(case, party), mine)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "甲乙公司" in page
        assert "丙丁公司" in page
        assert house.officer.name in page
        again = answer.context["form"]["seen"].value()
        assert again != opened
        assert client.post(address_of(case, party), mine | {"seen": again}).status_code == 302
        assert Correction.objects.latest("id").pairs()["name"] == ("甲乙公司", "丙丁公司")

    def test_an_open_proposal_stands_beside_mine(self, house, case, login):
        propose(case, actor=house.officer, id_number=OTHER_USCC)
        answer = login(house.officer2).post(
            address_of(case, party_of(case)), body(party_of(case), id_number="91350211M000100Y46")
        )
        assert answer.status_code == 422
        page = answer.content.decode()
        assert OTHER_USCC not in page
        assert "待确认的内容（尚未生效）" in page
        assert "现在的内容" not in page


class TestAnswerPage:
    def test_no_reason_no_refusal(self, house, case, login):
        row = propose(case, actor=house.officer, name="甲乙公司")
        address = reverse("cases:answer_correction", args=[row.pk])
        answer = login(case.judge).post(address, {"answer": "refuse", "note": ""})
        assert answer.status_code == 422
        assert "请写明不予确认的理由" in answer.content.decode()
        assert login(case.judge).post(address, {"answer": "burn"}).status_code == 404
        assert login(house.officer3).post(address, {"answer": "confirm"}).status_code == 404
        assert login(house.officer).post(address, {"answer": "confirm"}).status_code == 403
        assert login(house.officer).post(address, {"answer": "withdraw"}).status_code == 302

    def test_papers_are_made_anew_by_a_click(self, house, case, login):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        second = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        row = propose(case, actor=house.officer, name="甲乙公司")
        services.confirm_correction(row, at=LATER, actor=case.judge)
        client, address = login(house.officer), reverse("documents:reissue", args=[row.pk])
        page = client.get(row.get_absolute_url()).content.decode()
        assert page.count(f'action="{address}"') == 3
        assert client.post(address, {"document": str(notice.pk)}).status_code == 302
        assert Document.objects.get(pk=notice.pk).voided_by is not None
        assert client.post(address, {"document": "x"}).status_code == 404
        assert client.post(address).status_code == 302
        assert Document.objects.get(pk=second.pk).voided_by is not None
        assert "没有待处理的事项" not in client.get(row.get_absolute_url()).content.decode()  # the query remains
        client.post(reverse("cases:redo_query", args=[row.pk]))
        assert "没有待处理的事项" in client.get(row.get_absolute_url()).content.decode()
        assert login(house.officer3).post(address).status_code == 404

    def test_money_is_listed_only_for_those_who_deal_with_it(self, house, case, login):
        row = propose(case, actor=house.officer, side="APPLICANT", name="张安燃")
        assert "收款账户（已确认）" in login(case.judge).get(row.get_absolute_url()).content.decode()
        assert "收款账户（已确认）" not in login(house.dispatcher).get(row.get_absolute_url()).content.decode()

    def test_the_alarm_stands_on_the_desk_and_on_the_page(self, house, case, login):
        factories.issue(case, "FREEZE", actor=case.judge)
        row = propose(case, actor=house.officer, id_number=OTHER_USCC)
        services.confirm_correction(row, at=LATER, actor=case.judge)
        for user in (house.inspector, house.chief, case.judge, case.owner):
            assert "误控他人财产" in login(user).get("/").content.decode()
            page = login(user).get(row.get_absolute_url()).content.decode()
            assert "更正后发现控制了他人财产" in page
            assert "拟稿：执行裁定书（解除查封、扣押、冻结）" in page
            assert reverse("documents:draft_releases", args=[row.pk]) not in page
        documents.send_back_draft(Draft.objects.get(), note="补充", at=LATER, actor=case.judge)
        page = login(case.owner).get(row.get_absolute_url()).content.decode()
        assert reverse("documents:draft_releases", args=[row.pk]) in page
        assert "误控他人财产" not in login(house.officer3).get("/").content.decode()


class TestApi:
    def test_propose_read_confirm(self, house, case, login):
        address = reverse("cases_api:corrections", args=[case.pk])
        party = party_of(case)
        given = {"target": "PARTY", "id": party.pk, "values": {"id_number": OTHER_USCC}}
        given |= {"reason": "MISTAKEN", "document": "营业执照"}
        client = login(house.officer)
        made = client.post(address, given, content_type="application/json")
        assert made.status_code == 201, made.content
        assert made.json()["fields"] == ["id_number"]
        assert client.post(address, given, content_type="application/json").status_code == 409
        one = client.get(reverse("cases_api:correction", args=[made.json()["id"]])).json()
        assert OTHER_USCC not in str(one)
        assert [use["key"] for use in one["uses"]] == ["network"]
        answer = reverse("cases_api:answer_correction", args=[made.json()["id"]])
        assert client.post(answer, {"answer": "confirm"}, content_type="application/json").status_code == 403
        said = login(case.judge).post(answer, {"answer": "confirm"}, content_type="application/json")
        assert said.json()["state"] == "CONFIRMED"
        again = login(case.judge).post(answer, {"answer": "confirm"}, content_type="application/json")
        assert again.status_code == 422
        query = client.post(reverse("cases_api:redo_query", args=[made.json()["id"]]))
        assert query.status_code == 201
        assert client.get(address).json()["count"] == 1
        assert login(house.officer3).get(address).status_code == 404

    @pytest.mark.parametrize(
        "changes",
        [
            {"target": "MOON"},
            {"values": {"name": ""}},
            {"values": "x"},
            {"values": {"id_number": "123"}},
            {"document": ""},
            {"reason": None},
        ],
    )
    def test_hostile_input(self, house, case, login, changes):
        given = {"target": "PARTY", "id": party_of(case).pk, "values": {"name": "甲"}, "reason": "TYPING"}
        given |= {"document": "证"} | changes
        address = reverse("cases_api:corrections", args=[case.pk])
        answer = login(house.officer).post(address, given, content_type="application/json")
        assert answer.status_code in (400, 422)
        assert not Correction.objects.exists()

    def test_basis_and_claim_keep_what_is_not_given(self, house, case, login):
        address, client = reverse("cases_api:corrections", args=[case.pk]), login(house.officer)
        why = {"reason": "TYPING", "document": "判决书"}
        given = {"target": "BASIS", "values": {"cause": "借款合同纠纷"}, **why}
        assert client.post(address, given, content_type="application/json").json()["fields"] == ["cause"]
        given = {"target": "CLAIM", "id": case.claims.get().pk, "values": {"is_doubled": ""}, **why}
        assert client.post(address, given, content_type="application/json").json()["fields"] == ["is_doubled"]

    def test_reissue_and_releases(self, house, case, login):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        factories.issue(case, "FREEZE", actor=case.judge)
        row = propose(case, actor=house.officer, id_number=OTHER_USCC)
        services.confirm_correction(row, at=LATER, actor=case.judge)
        client = login(house.officer)
        address = reverse("documents_api:reissue", args=[row.pk])
        one = client.post(address, {"document": notice.pk}, content_type="application/json").json()
        assert len(one["issued"]) == 1
        rest = client.post(address, {}, content_type="application/json").json()
        assert (len(rest["issued"]), len(rest["drafts"])) == (0, 1)
        assert client.post(address, {}, content_type="application/json").status_code == 422
        releases = reverse("documents_api:draft_releases", args=[row.pk])
        assert client.post(releases).status_code == 422
        assert login(house.officer3).post(releases).status_code == 404


@pytest.fixture
def committed(transactional_db):
    """The bureau and a case, committed."""
    house = factories.House.build()
    return house, kept.running_case(house)


def test_two_confirm_at_once(committed):
    house, case = committed
    row = propose(case, actor=house.officer, phone="0473-2990009")
    second = (case.judge, house.officer2, case.judge, house.officer2)
    answers = race([lambda user=user: services.confirm_correction(row, at=LATER, actor=user) for user in second])
    assert sorted(type(answer).__name__ for answer in answers) == ["Correction", "Refused", "Refused", "Refused"]
    assert party_of(case).phone == "0473-2990009"


def test_one_confirms_while_the_proposer_withdraws(committed):
    house, case = committed
    row = propose(case, actor=house.officer, name="甲乙公司")
    answers = race(
        [
            lambda: services.confirm_correction(row, at=LATER, actor=case.judge),
            lambda: services.withdraw_correction(row, at=LATER, actor=house.officer),
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Correction", "Refused"]
    row.refresh_from_db()
    assert (row.state == "CONFIRMED") == (party_of(case).name == "甲乙公司")


def test_two_propose_at_once(committed):
    house, case = committed
    answers = race(
        [lambda user=user: propose(case, actor=user, name="甲乙公司") for user in (house.officer, house.officer2)]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Correction", "Stale"]


def test_two_make_one_paper_anew_at_once(committed):
    house, case = committed
    notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
    row = propose(case, actor=house.officer, name="甲乙公司")
    row = services.confirm_correction(row, at=LATER, actor=case.judge)
    answers = race(
        [
            lambda user=user: documents.reissue(row, notice, at=LATER, actor=user)
            for user in (house.officer, house.officer2)
        ]
    )
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert Document.objects.filter(case=case, voided_by__isnull=True).count() == 1
