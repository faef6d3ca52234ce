"""Agents with powers, changes of party by ruling, and direct performance outside escrow."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Account, PayeeAccount
from accounts.statement import reckoned, statement_of
from bureau import grants
from bureau.errors import Refused
from bureau.models import Event, User
from cases import services
from cases.desk_corrections import items
from cases.filing import PartyData
from cases.models import Agent, Case, Party, PartyChange, PartyChangeProposal, Performance
from tests import factories, kept
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 16)
DAY = AT.date()
LICENCE = "11503201810000001"
HEIR = PartyData(
    side="APPLICANT",
    kind="PERSON",
    name="张继承",
    id_number="11010519491231002X",
    id_kind="RESIDENT_ID",
    phone="13800005678",
    address="乌海市海勃湾区新华街1号",
)
GUARANTOR = PartyData(side="DEBTOR", kind="ORGANISATION", name="乌海市担保有限公司")


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def case(house) -> Case:
    """A case with its fast team."""
    return kept.running_case(house)


def party(case: Case, side: str = "APPLICANT") -> Party:
    return case.parties.get(side=side, position=1)


def agent(case: Case, *, actor, side: str = "APPLICANT", **changes) -> Agent:
    words = {
        "name": "王律师",
        "kind": "LAWYER",
        "firm": "内蒙古测试律师事务所",
        "licence": LICENCE,
        "phone": "13900001111",
        "from_on": DAY,
        "document": "授权委托书2021-09-16",
    }
    return services.add_agent(party(case, side), **{**words, **changes}, at=AT, actor=actor)


class TestAgents:
    def test_general_or_special_powers_by_name(self, house, case):
        general = agent(case, actor=house.officer)
        special = agent(case, actor=house.officer, name="李律师", special=["SETTLE", "SETTLE"])
        assert (general.powers, special.powers, special.special) == ("GENERAL", "SPECIAL", ["SETTLE"])
        assert special.has_special_power("SETTLE")
        assert not special.has_special_power("COLLECT")
        assert not general.has_special_power("SETTLE")
        guardian = agent(case, actor=house.officer, side="DEBTOR", kind="GUARDIAN")
        assert guardian.has_special_power("COLLECT")

    def test_numbers_are_encrypted_masked_and_in_no_event(self, house, case, login):
        agent(case, actor=house.officer)
        with connection.cursor() as cursor:
            cursor.execute("SELECT licence, phone FROM cases_agent")
            assert LICENCE not in str(cursor.fetchall())
        assert not Event.objects.filter(details__contains=LICENCE).exists()
        page = login(house.officer).get(reverse("cases:agents", args=[case.pk])).content.decode()
        assert LICENCE not in page
        assert "13900001111" not in page
        assert "139****1111" in page
        detail = login(house.officer).get(case.get_absolute_url()).content.decode()
        assert "王律师" in detail
        assert "一般授权" in detail

    def test_papers_name_who_acts_that_day(self, house, case):
        row = agent(case, actor=house.officer)
        text = factories.issue(case, "FREEZE", actor=case.judge, at=AT).body
        assert "委托诉讼代理人：王律师，内蒙古测试律师事务所律师。" in text
        services.revoke_agent(row, note="当事人书面解除委托", at=AT, actor=house.officer)
        assert "王律师" not in factories.issue(case, "FREEZE", actor=case.judge, at=AT).body

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"name": " "}, "姓名"),
            ({"licence": ""}, "证号"),
            ({"kind": "FRIEND"}, "身份"),
            ({"special": ["EVERYTHING"]}, "权限"),
            ({"document": " "}, "授权委托书"),
            ({"until_on": DAY - dt.timedelta(days=1)}, "截止日"),
            ({"from_on": dt.date(2021, 1, 1), "until_on": dt.date(2021, 2, 1)}, "届满"),
        ],
    )
    def test_what_is_missing_is_said(self, house, case, changes, said):
        with pytest.raises(Refused, match=said):
            agent(case, actor=house.officer, **changes)

    def test_a_party_has_at_most_two(self, house, case):
        first = agent(case, actor=house.officer)
        agent(case, actor=house.officer, name="李律师")
        with pytest.raises(Refused, match="两名"):
            agent(case, actor=house.officer, name="赵律师")
        services.revoke_agent(first, note="辞去委托", at=AT, actor=house.officer)
        assert agent(case, actor=house.officer, name="赵律师").pk

    def test_powers_do_not_change_afterwards(self, house, case):
        row = agent(case, actor=house.officer)
        for change in ({"powers": "SPECIAL", "special": ["COLLECT"]}, {"name": "别人"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Agent.objects.filter(pk=row.pk).update(**change)
        services.revoke_agent(row, note="辞去委托", at=AT, actor=house.officer)
        with pytest.raises(Refused, match="已解除"):
            services.revoke_agent(row, note="再次", at=AT, actor=house.officer)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()

    @pytest.mark.parametrize("duty", ["officer3", "window_clerk2", "chief", "finance", "receptionist"])
    def test_strangers_enter_none(self, house, case, duty):
        with pytest.raises(PermissionDenied):
            agent(case, actor=getattr(house, duty))

    def test_pages(self, house, case, login):
        address, client = reverse("cases:agents", args=[case.pk]), login(house.officer)
        given = {"party": party(case).pk, "name": "<b>王</b>", "kind": "LAWYER", "licence": LICENCE}
        given |= {"from_on": "2021-09-16", "document": "授权委托书", "special": ["COLLECT"]}
        assert client.post(address, given | {"licence": "x"}).status_code == 422
        assert client.post(address, given | {"phone": "1"}).status_code == 422
        other = factories.file_case(house).case
        assert client.post(address, given | {"party": party(other).pk}).status_code == 422
        assert not Agent.objects.exists()
        assert client.post(address, given).status_code == 302
        assert "<b>王" not in client.get(address).content.decode()
        row = Agent.objects.get()
        revoke = reverse("cases:revoke_agent", args=[row.pk])
        assert client.post(revoke, {"note": ""}).status_code == 422
        assert login(house.officer3).post(revoke, {"note": "x"}).status_code == 404
        assert login(house.chief).post(address, given).status_code == 403
        assert client.post(revoke, {"note": "辞去委托"}).status_code == 302

    def test_api(self, house, case, login):
        address, client = reverse("cases_api:agents", args=[case.pk]), login(house.officer)
        given = {"party": party(case).pk, "name": "王律师", "kind": "LAWYER", "licence": LICENCE}
        given |= {"from_on": "2021-09-16", "document": "授权委托书", "special": ["COLLECT"]}
        made = client.post(address, given, content_type="application/json")
        assert (made.status_code, made.json()["powers"]) == (201, "SPECIAL")
        assert LICENCE not in client.get(address).content.decode()
        assert client.post(address, {"name": ["x"]}, content_type="application/json").status_code == 422
        assert client.post(address, [1], content_type="application/json").status_code == 422
        revoke = reverse("cases_api:revoke_agent", args=[made.json()["id"]])
        assert client.post(revoke, {"note": "辞去"}, content_type="application/json").status_code == 201


def perform(case: Case, amount: str, *, actor, **changes) -> Performance:
    words = {"performed_on": DAY, "way": "CASH", "proof": "收条", "paper": factories.proof(case), **changes}
    return services.record_performance(case, amount=Decimal(amount), **words, at=AT, actor=actor)


class TestPerformance:
    def test_what_is_no_payment_has_no_amount(self, house, case, login):
        done = services.record_performance(
            case,
            performed_on=DAY,
            way="DELIVERY",
            proof="房屋交接单",
            paper=factories.proof(case),
            at=AT,
            actor=house.officer,
        )
        services.confirm_performance(done, confirmation="申请执行人签收", at=AT, actor=house.officer2)
        assert (done.amount, case.performances.total()) == (0, 0)
        assert statement_of(case).claimed_left == Decimal("50000.00")
        with pytest.raises(Refused, match="不填金额"):
            perform(case, "1.00", way="ACT", actor=house.officer)
        with pytest.raises(Refused, match="金额应大于零"):
            perform(case, "0", actor=house.officer)
        body = {"way": "ACT", "performed_on": DAY.isoformat(), "proof": "照片", "paper": factories.proof(case)}
        assert login(house.officer).post(f"/cases/{case.pk}/performances/", body).status_code == 302
        assert case.performances.latest("id").way == "ACT"

    def test_it_counts_when_confirmed_and_touches_no_account(self, house, case):
        factories.deposit(house, case, "20000.00", serial="S1")
        before = Account.objects.get(case=case).balance
        row = perform(case, "12000.00", actor=house.officer)
        assert case.performances.total() == 0
        assert statement_of(case).claimed_left == Decimal("50000.00")
        assert [item.kind for item in items(house.officer2, today=DAY)] == ["自行履行待确认"]
        assert not list(items(house.officer, today=DAY))
        services.confirm_performance(row, confirmation="申请执行人签名的收条", at=AT, actor=house.officer2)
        assert case.performances.total() == Decimal("12000.00")
        assert statement_of(case).claimed_left == Decimal("38000.00")
        assert Account.objects.get(case=case).balance == before

    def test_no_more_is_paid_than_is_left(self, house, case):
        row = perform(case, "40000.00", actor=house.officer)
        factories.deposit(house, case, "50000.00", serial="S1", at=moment(2021, 9, 17))
        services.confirm_performance(row, confirmation="收条", at=AT, actor=case.judge)
        # 682.50 of the doubled part ran until that day, 1.75 on the rest until the next.
        with pytest.raises(Refused, match=r"可发放申请执行人 10,684\.25"):
            factories.payout(house, case, "10684.26", reference="P1", until="REQUESTED")
        assert factories.payout(house, case, "10684.25", reference="P2", until="REQUESTED").pk
        assert reckoned(case, on=dt.date(2021, 9, 20)).surplus == Decimal("38655.49")

    def test_no_more_than_was_owed_on_its_day_and_only_with_a_scan_in_the_file(self, house, case):
        # 50,000 and 682.50 of the doubled part.
        with pytest.raises(Refused, match=r"尚欠申请执行人 50,682\.50"):
            perform(case, "999999.00", actor=house.officer)
        assert not case.performances.exists()
        first = perform(case, "50000.00", actor=house.officer)
        with pytest.raises(Refused, match=r"合计 50,682\.51"):
            perform(case, "682.51", actor=house.officer)
        services.confirm_performance(first, confirmation="收条", at=AT, actor=house.officer2)
        with pytest.raises(Refused, match=r"尚欠申请执行人 682\.50"):
            perform(case, "682.51", actor=house.officer)
        other = factories.file_case(house).case
        for paper in ("", "x", factories.proof(other)):
            with pytest.raises(Refused, match="凭据扫描件"):
                perform(case, "1.00", actor=house.officer, paper=paper)
        row = perform(case, "682.50", actor=house.officer)
        services.confirm_performance(row, confirmation="收条", at=AT, actor=house.officer2)
        assert reckoned(case, on=dt.date(2021, 12, 1)).owed == 0

    def test_what_came_to_the_account_meanwhile_stops_the_second_person(self, house, case):
        row = perform(case, "40000.00", actor=house.officer)
        factories.deposit(house, case, "20000.00", serial="S1", at=AT)
        with pytest.raises(Refused, match=r"尚欠申请执行人 30,682\.50"):
            services.confirm_performance(row, confirmation="收条", at=AT, actor=house.officer2)

    def test_it_is_taken_back_by_a_row_of_its_own(self, house, case):
        row = perform(case, "12000.00", actor=house.officer)
        with pytest.raises(Refused):
            services.reverse_performance(row, reason="x", at=AT, actor=house.officer)
        services.confirm_performance(row, confirmation="收条", at=AT, actor=house.officer2)
        undo = services.reverse_performance(row, reason="申请执行人否认收到", at=AT, actor=house.officer)
        assert case.performances.total() == Decimal("12000.00")
        with pytest.raises(Refused, match="已登记冲销"):
            services.reverse_performance(row, reason="再来", at=AT, actor=house.officer2)
        services.refuse_performance(undo, confirmation="确已收到", at=AT, actor=house.officer2)
        again = services.reverse_performance(row, reason="重复登记", at=AT, actor=house.officer)
        services.confirm_performance(again, confirmation="笔录", at=AT, actor=house.officer2)
        assert case.performances.total() == 0
        with pytest.raises(Refused):
            services.reverse_performance(again, reason="x", at=AT, actor=house.officer)

    @pytest.mark.parametrize(
        ("amount", "changes", "said"),
        [
            ("0.00", {}, "大于零"),
            ("-1.00", {}, "大于零"),
            ("1.001", {}, "两位小数"),
            ("1.00", {"way": "MAGIC"}, "方式"),
            ("1.00", {"proof": " "}, "凭据"),
            ("1.00", {"performed_on": DAY + dt.timedelta(days=1)}, "不能晚于"),
            ("1.00", {"performed_on": dt.date(2020, 1, 1)}, "早于"),
        ],
    )
    def test_what_is_wrong_is_said(self, house, case, amount, changes, said):
        with pytest.raises(Refused, match=said):
            perform(case, amount, actor=house.officer, **changes)

    def test_two_people_and_the_database_says_so_too(self, house, case):
        row = perform(case, "1.00", actor=house.officer)
        for user in (house.officer, house.officer3, house.chief):
            with pytest.raises(PermissionDenied):
                services.confirm_performance(row, confirmation="收条", at=AT, actor=user)
        with pytest.raises(Refused):
            services.confirm_performance(row, confirmation=" ", at=AT, actor=house.officer2)
        with pytest.raises(IntegrityError), transaction.atomic():
            Performance.objects.filter(pk=row.pk).update(
                state="CONFIRMED", answered_by=house.officer, answered_at=AT, confirmation="x"
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            Performance.objects.create(
                case=case, amount=0, performed_on=DAY, way="CASH", proof="x", recorded_by=house.officer, recorded_at=AT
            )
        services.confirm_performance(row, confirmation="收条", at=AT, actor=house.officer2)
        for change in ({"amount": 5}, {"state": "REFUSED"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Performance.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()

    def test_pages_and_the_sum_on_the_case_page(self, house, case, login):
        address, client = reverse("cases:performances", args=[case.pk]), login(house.officer)
        given = {"amount": "12,000.00", "performed_on": "2021-09-16", "way": "CASH", "proof": "收条"}
        assert "凭据扫描件" in client.post(address, given).content.decode()
        given["paper"] = factories.proof(case)
        assert client.post(address, given | {"amount": "0"}).status_code == 422
        assert client.post(address, {}).status_code == 422
        assert client.post(address, given).status_code == 302
        row = Performance.objects.get()
        answer = reverse("cases:answer_performance", args=[row.pk])
        second = login(house.officer2)
        assert second.post(answer, {"answer": "confirm", "confirmation": ""}).status_code == 422
        assert second.post(answer, {"answer": "x", "confirmation": "收条"}).status_code == 404
        assert login(house.officer3).post(answer, {"answer": "confirm", "confirmation": "收条"}).status_code == 404
        assert second.post(answer, {"answer": "confirm", "confirmation": "收条"}).status_code == 302
        page = client.get(case.get_absolute_url()).content.decode()
        assert "38,000.00" in page
        undo = reverse("cases:reverse_performance", args=[row.pk])
        assert second.post(undo, {"reason": ""}).status_code == 422
        assert second.post(undo, {"reason": "重复登记"}).status_code == 302
        record = client.get(reverse("cases:timeline", args=[case.pk])).content.decode()
        assert "登记自行履行，待另一人确认" in record
        assert "登记冲销自行履行，待另一人确认" in record

    def test_api(self, house, case, login):
        address, client = reverse("cases_api:performances", args=[case.pk]), login(house.officer)
        given = {"amount": "100.00", "performed_on": "2021-09-16", "way": "CASH", "proof": "收条"}
        given["paper"] = factories.proof(case)
        made = client.post(address, given, content_type="application/json")
        assert made.status_code == 201
        answer = reverse("cases_api:answer_performance", args=[made.json()["id"]])
        word = {"answer": "confirm", "confirmation": "收条"}
        assert client.post(answer, word, content_type="application/json").status_code == 403
        said = login(house.officer2).post(answer, word, content_type="application/json")
        assert said.json()["state"] == "CONFIRMED"
        undo = reverse("cases_api:reverse_performance", args=[made.json()["id"]])
        assert client.post(undo, {"reason": "重复"}, content_type="application/json").status_code == 201
        assert client.get(address).json()["count"] == 2


def change(case: Case, *, actor, kind: str = "ASSIGNED", leaving: Party | None = None, **changes) -> PartyChange:
    words = {"joining": HEIR, "document": "(2021)内0302执异1号", "ruled_on": DAY, "note": "债权转让并已通知"}
    words |= {"unnumbered": "登记系统查无"} | changes
    if words["document"].strip():
        factories.ruled(case, words["document"])
    row = services.propose_party_change(case, kind=kind, leaving=leaving, **words, at=AT, actor=actor)
    second = User.objects.get(username="chief")
    changed = services.confirm_party_change(row, at=AT, actor=second).change
    assert changed is not None
    return changed


class TestPartyChange:
    def test_a_new_applicant_joins_and_the_former_stays_in_the_file(self, house, case, login):
        row = change(case, actor=case.judge, leaving=party(case))
        former = party(case)
        assert (former.left_on, former.by_document, row.joining.position) == (DAY, "(2021)内0302执异1号", 2)
        text = factories.issue(case, "FREEZE", actor=case.judge, at=AT).body
        assert "张继承" in text
        assert "张安然" not in text
        assert Case.objects.named("安然").filter(pk=case.pk).exists()
        assert Case.objects.named("继承").filter(pk=case.pk).exists()
        page = login(house.officer).get(case.get_absolute_url()).content.decode()
        assert "原当事人，2021-09-16 退出" in page
        assert "2021-09-16 加入" in page
        assert (
            "变更、追加当事人" in login(house.officer).get(reverse("cases:timeline", args=[case.pk])).content.decode()
        )
        assert not Event.objects.filter(details__contains="张继承").exists()

    def test_the_former_applicant_is_paid_no_more(self, house, case):
        factories.deposit(house, case, "50000.00", serial="S1")
        change(case, actor=case.judge, leaving=party(case))
        assert PayeeAccount.objects.live().filter(party=party(case)).exists()
        with pytest.raises(Refused, match="已变更"):
            factories.payout(house, case, "100.00", reference="P1", until="REQUESTED")

    def test_a_debtor_is_added(self, house, case):
        row = change(case, actor=case.judge, kind="DEBTOR_ADDED", joining=GUARANTOR)
        assert (row.joining.side, row.joining.position, row.leaving) == ("DEBTOR", 2, None)
        text = factories.issue(case, "FREEZE", actor=case.judge, at=AT, debtor="DEBTOR:2").body
        assert "乌海市担保有限公司" in text

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"kind": "SWAPPED"}, "变更事项"),
            ({"leaving": None}, "被变更"),
            ({"kind": "DEBTOR_ADDED", "joining": GUARANTOR}, "没有人退出"),
            ({"kind": "DEBTOR_CHANGED", "joining": GUARANTOR}, "被变更"),
            ({"joining": GUARANTOR}, "新的当事人"),
            ({"joining": replace(HEIR, id_number="")}, "证件号码"),
            ({"document": " "}, "文号"),
            ({"document": "裁定一份"}, "案号格式"),
            ({"document": "(2021)内0302执99号"}, "不是本案的文号"),
            ({"ruled_on": DAY + dt.timedelta(days=1)}, "裁定日"),
            ({"ruled_on": dt.date(2021, 8, 31)}, "裁定日"),
            ({"note": " "}, "理由"),
        ],
    )
    def test_what_is_wrong_is_said(self, house, case, changes, said):
        with pytest.raises(Refused, match=said):
            change(case, actor=case.judge, **{"leaving": party(case), **changes})
        assert not PartyChange.objects.exists()
        assert party(case).is_current

    def test_nobody_leaves_twice_and_the_ruling_stays(self, house, case):
        row = change(case, actor=case.judge, leaving=party(case))
        with pytest.raises(Refused, match="已退出"):
            change(case, actor=case.judge, leaving=party(case))
        assert "cases_partychange" in grants.APPEND_ONLY
        with pytest.raises(DatabaseError), transaction.atomic():
            PartyChange.objects.filter(pk=row.pk).update(document="另一裁定")

    @pytest.mark.parametrize("duty", ["officer", "chief", "judge3", "window_clerk"])
    def test_only_the_judge_of_the_case(self, house, case, duty):
        with pytest.raises(PermissionDenied):
            change(case, actor=getattr(house, duty), leaving=party(case))

    def test_an_agent_of_the_former_party_is_not_entered(self, house, case):
        change(case, actor=case.judge, leaving=party(case))
        with pytest.raises(Refused, match="已退出"):
            agent(case, actor=house.officer)

    def test_page_and_api(self, house, case, login):
        address, client = reverse("cases:change_party", args=[case.pk]), login(case.judge)
        given = {"change": "DEBTOR_ADDED", "document": "(2021)内0302执异2号", "ruled_on": "2021-09-16"}
        given |= {"note": "一人公司股东不能证明财产独立", "kind": "PERSON", "name": "李守信"}
        assert client.get(address).status_code == 200
        assert client.post(address, {}).status_code == 422
        assert client.post(address, given | {"id_number": "1"}).status_code == 422
        unseen = client.post(address, given | {"unnumbered": "户籍系统查无此人"})
        assert unseen.context["form"].errors["document"]
        factories.ruled(case, given["document"])
        assert client.post(address, given).context["form"].errors["id_number"]
        given["unnumbered"] = "户籍系统查无此人"
        assert client.post(address, given).status_code == 302
        row = PartyChangeProposal.objects.get()
        assert row.note.endswith("（证件号码不明：户籍系统查无此人）")
        assert not PartyChange.objects.exists()
        assert not case.parties.filter(name="李守信").exists()
        assert client.post(address, given).context["form"].non_field_errors() == [
            "已有一项待确认的当事人变更，请先处理"
        ]
        page = login(house.officer).get(row.get_absolute_url()).content.decode()
        assert "李守信" in page
        assert given["document"] in page
        assert client.post(row.get_absolute_url(), {"answer": "confirm"}).status_code == 403
        assert login(house.officer).post(row.get_absolute_url(), {"answer": "refuse"}).status_code == 422
        assert login(house.officer).post(row.get_absolute_url(), {"answer": "confirm"}).status_code == 302
        assert case.parties.get(name="李守信").side == "DEBTOR"
        api = reverse("cases_api:party_changes", args=[case.pk])
        again = client.post(api, given | {"name": "赵六"}, content_type="application/json")
        assert (again.status_code, again.json()["state"]) == (201, "PROPOSED")
        answer = reverse("cases_api:answer_party_change", args=[again.json()["id"]])
        assert client.post(answer, {"answer": "confirm"}, content_type="application/json").status_code == 403
        chief = login(house.chief)
        assert chief.post(answer, {"answer": "x"}, content_type="application/json").status_code == 422
        said = chief.post(answer, {"answer": "refuse", "note": "与裁定不符"}, content_type="application/json")
        assert said.json()["state"] == "REFUSED"
        assert client.get(api).json()["count"] == 1
        assert login(house.officer3).get(api).status_code == 404
        assert login(house.judge3).get(address).status_code == 404

    def test_it_waits_on_the_desk_of_the_team_and_takes_two(self, house, case):
        words = {"joining": HEIR, "document": "(2021)内0302执异1号", "ruled_on": DAY, "note": "债权转让"}
        factories.ruled(case, words["document"])
        given = {"kind": "ASSIGNED", "leaving": party(case), **words, "at": AT}
        row = services.propose_party_change(case, **given, actor=case.judge)
        assert party(case).is_current
        for user, is_shown in (
            (house.officer, True),
            (house.chief, True),
            (case.judge, False),
            (house.officer3, False),
        ):
            assert ("当事人变更待确认" in [item.kind for item in items(user, today=AT.date())]) is is_shown
        for user in (case.judge, house.officer3, house.dispatcher):
            with pytest.raises(PermissionDenied):
                services.confirm_party_change(row, at=AT, actor=user)
        with pytest.raises(IntegrityError, match="party_change_by_two_people"), transaction.atomic():
            PartyChangeProposal.objects.filter(pk=row.pk).update(
                state="REFUSED", answered_by=case.judge, answered_at=AT, answer_note="x"
            )
        services.refuse_party_change(row, note="与裁定不符", at=AT, actor=house.officer)
        with pytest.raises(Refused, match="已处理"):
            services.confirm_party_change(row, at=AT, actor=house.chief)
        assert party(case).is_current


@pytest.fixture
def committed(transactional_db):
    """The bureau and a case, committed."""
    house = factories.House.build()
    return house, kept.running_case(house)


def test_the_desk_shows_only_what_its_owner_may_open(house, case, login):
    perform(case, "12000.00", actor=house.officer)
    assert [item.kind for item in items(case.judge, today=AT.date())].count("自行履行待确认") == 1
    other = next(judge for judge in (house.judge, house.judge2, house.judge3) if judge.pk != case.judge_id)
    User.objects.filter(pk=other.pk).update(team=case.team)
    other.refresh_from_db()
    for item in items(other, today=AT.date()):
        assert login(other).get(item.url).status_code == 200, item


def test_two_reverse_at_once(committed):
    house, case = committed
    row = perform(case, "12000.00", actor=house.officer)
    services.confirm_performance(row, confirmation="收条", at=AT, actor=house.officer2)
    users = (house.officer, house.officer2)
    answers = race(
        [lambda user=user: services.reverse_performance(row, reason="x", at=AT, actor=user) for user in users]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Performance", "Refused"]


def test_the_same_party_leaves_once(committed):
    _house, case = committed
    leaving = party(case)
    words = {"joining": HEIR, "document": "(2021)内0302执异1号", "ruled_on": DAY, "note": "债权转让"}
    factories.ruled(case, words["document"])
    given = {"kind": "ASSIGNED", "leaving": leaving, **words, "at": AT}
    row = services.propose_party_change(case, **given, actor=case.judge)
    chief = User.objects.get(username="chief")
    answers = race([lambda: services.confirm_party_change(row, at=AT, actor=chief) for _turn in range(3)])
    assert sorted(type(answer).__name__ for answer in answers) == ["PartyChangeProposal", "Refused", "Refused"]
    assert case.parties.filter(side="APPLICANT").count() == 2
