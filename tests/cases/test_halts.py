"""Halting a case by a document that exists; a running settlement may rest and goes on as one."""

import datetime as dt
import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from bureau.errors import Refused
from bureau.models import Event, User
from cases import desk_stages, pages, services
from cases.evidence import Cited
from cases.models import Case, Stay, Suspension
from cases.services import settlements
from documents import filling
from documents import services as documents
from documents.facts import facts_of
from documents.library.closing import RESUMPTION
from documents.numerals import printed_number
from intake import services as intake
from tests import factories, kept
from tests.factories import moment
from wuhai_exec.demo import proofs as demo

AT = moment(2021, 9, 10)
UNTIL = dt.date(2021, 10, 10)


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


def settle(case, **changes):
    terms = {"terms": "分期", "instalments": [(dt.date(2021, 11, 8), Decimal("50000.00"))]} | changes
    terms.setdefault("document", factories.agreement(case))
    return services.settle(case, **terms, at=AT, actor=case.judge)


class TestFarBelow:
    """A sum far below what is claimed is pointed out, and goes with its reason."""

    def test_it_needs_its_reason_and_keeps_it(self, case):
        low = [(dt.date(2021, 11, 8), Decimal("24999.99"))]
        with pytest.raises(Refused, match=r"不足尚未履行的 50,000\.00 元的一半") as refusal:
            settle(case, instalments=low)
        assert set(refusal.value.by_field) == {"below_reason"}
        settle(case, instalments=low, below_reason="申请执行人放弃余款")
        told = json.loads(Event.objects.of_chain(f"case:{case.pk}").filter(verb="settle").get().details)
        assert told["note"] == "申请执行人放弃余款"

    def test_half_is_not_far_below(self, case):
        assert settle(case, instalments=[(dt.date(2021, 11, 8), Decimal("25000.00"))]).instalments.count() == 1

    def test_the_form_says_so_beside_the_field(self, case, login):
        given = {"terms": "分期", "instalments": "2050-01-07 100.00", "document": factories.agreement(case)}
        page = login(case.judge).post(f"/cases/{case.pk}/settle/", given).content.decode()
        assert 'id="id_below_reason_error"' in page


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


class TestDocument:
    @pytest.mark.parametrize(
        "cited",
        [
            Cited(),
            Cited(number="(2021)内0302执1号", made_on=AT.date()),
            Cited(paper="document:0"),
            Cited(paper="任意文字"),
        ],
    )
    def test_what_names_no_document_halts_nothing(self, case, cited):
        given = {"document": cited, "at": AT, "actor": case.judge}
        with pytest.raises(Refused):
            services.suspend(case, ground="CONSENT", **given)
        with pytest.raises(Refused):
            services.stay(case, ground="SECURITY", until_on=UNTIL, **given)
        assert fresh(case).stage == "FAST"

    @pytest.mark.parametrize(
        ("number", "made_on", "said"),
        [
            ("任意文字", AT.date(), "案号格式"),
            ("", AT.date(), "请填写系统外制作的文书的文号"),
            ("(2021)内0302执1号", None, "作出日期"),
            ("(2021)内0302执8号", AT.date(), "不是本案的文号"),
            ("(2021)内0302执1号", dt.date(2021, 9, 11), "立案日至今天"),
        ],
    )
    def test_a_scan_without_the_number_and_day_of_its_document_halts_nothing(self, case, number, made_on, said):
        scan = factories.ruling(case).paper
        with pytest.raises(Refused, match=said):
            services.suspend(case, ground="CONSENT", document=Cited(scan, number, made_on), at=AT, actor=case.judge)

    def test_a_scan_halts_once_and_only_as_a_paper_of_a_court_of_this_case(self, house, case):
        good = factories.ruling(case)
        letter, _event = demo.scan(case, "申请书", at=AT, actor=case.owner)
        foreign = factories.ruling(factories.file_case(house).case)
        given = {"ground": "CONSENT", "at": AT, "actor": case.judge}
        for wrong in (letter, foreign.paper):
            with pytest.raises(Refused, match="也不是法院文书的扫描件"):
                services.suspend(case, document=Cited(wrong, good.number, good.made_on), **given)
        services.suspend(case, document=good, **given)
        assert case.suspensions.get().paper == good.paper
        with pytest.raises(Refused, match="已用于此前"):
            services.resume(case, note="事由消失", document=good, at=AT, actor=case.judge)

    def test_an_issued_ruling_serves_once_and_resumption_needs_its_notice(self, case):
        ruling = factories.issue(case, "SUSPENSION", actor=case.judge, at=AT)
        stayed = factories.issue(case, "STAY", actor=case.judge, at=AT)
        given = {"at": AT, "actor": case.judge}
        with pytest.raises(Refused, match="相应文书"):
            services.suspend(case, ground="CONSENT", document=Cited(f"document:{stayed.pk}"), **given)
        services.suspend(case, ground="CONSENT", document=Cited(f"document:{ruling.pk}"), **given)
        row = case.suspensions.get()
        assert (row.document, row.paper) == (f"{ruling.number} 执行裁定书（中止执行）", f"document:{ruling.pk}")
        with pytest.raises(Refused, match="相应文书"):
            services.resume(case, note="事由消失", document=Cited(f"document:{ruling.pk}"), **given)
        given_by_case = filling.proposed(RESUMPTION, facts_of(fresh(case), on=AT.date()))
        earlier = f"{printed_number(ruling.number)}执行裁定书"
        assert (given_by_case["halt"], given_by_case["earlier"]) == ("中止", earlier)
        assert given_by_case["from_on"] == AT.date().isoformat()
        from_on = AT.date().isoformat()
        notice = factories.issue(fresh(case), "RESUMPTION", actor=case.judge, at=AT, from_on=from_on)
        assert f"本院曾以{earlier}中止执行" in str(notice.blocks())
        services.resume(case, note="事由消失", document=Cited(f"document:{notice.pk}"), **given)
        row.refresh_from_db()
        assert row.resume_paper == f"document:{notice.pk}"
        with pytest.raises(Refused, match="已用于此前"):
            services.suspend(case, ground="CONSENT", document=Cited(f"document:{ruling.pk}"), **given)

    def test_a_voided_ruling_halts_nothing(self, case):
        old, new = (factories.issue(case, "SUSPENSION", actor=case.judge, at=AT) for _turn in range(2))
        documents.void(old, by=new, reason="事由有误", at=AT, actor=case.judge)
        with pytest.raises(Refused, match="未作废"):
            services.suspend(case, ground="DEATH", document=Cited(f"document:{old.pk}"), at=AT, actor=case.judge)

    def test_one_made_outside_says_so_and_a_superior_courts_own_docket_is_taken(self, case):
        document = Cited(factories.ruling(case).paper, "（2021）内03执监2号", AT.date())
        services.stay(case, ground="UPPER_COURT", document=document, until_on=UNTIL, at=AT, actor=case.judge)
        assert case.stays.get().document == "(2021)内03执监2号（2021-09-10作出，系统外制作）"
        proposed = filling.proposed(RESUMPTION, facts_of(fresh(case), on=AT.date()))
        assert (proposed["halt"], proposed["earlier"]) == ("暂缓", "（2021）内03执监2号暂缓执行决定书")

    def test_the_page_offers_the_issued_ruling(self, house, case, login):
        ruling = factories.issue(case, "SUSPENSION", actor=case.judge, at=AT)
        client = login(case.judge)
        assert f'value="document:{ruling.pk}" selected' in client.get(f"/cases/{case.pk}/suspend/").content.decode()
        body = {"ground": "CONSENT", "paper": f"document:{ruling.pk}"}
        assert client.post(f"/cases/{case.pk}/suspend/", body).status_code == 302
        assert fresh(case).stage == "SUSPENDED"


class TestWhatTheDocumentSays:
    """The act says what its document says: the ground, and the days."""

    def test_another_ground_than_the_rulings_is_refused_beside_the_ground(self, case, login):
        said = Suspension.RULED[Suspension.Ground.DEATH]
        ruling = factories.issue(case, "SUSPENSION", actor=case.judge, at=AT, ground=said)
        client, address = login(case.judge), f"/cases/{case.pk}/suspend/"
        assert re.search(r'value="DEATH"[^>]*checked', client.get(address).content.decode())
        body = {"ground": "CONSENT", "paper": f"document:{ruling.pk}"}
        answer = client.post(address, body)
        assert answer.status_code == 422
        assert said in answer.context["form"].errors["ground"][0]
        assert client.post(address, body | {"ground": "DEATH"}).status_code == 302

    def test_a_stay_lasts_as_long_as_its_decision_says(self, case):
        days = {"from_on": AT.date().isoformat(), "to_on": UNTIL.isoformat()}
        said = Stay.DECIDED[Stay.Ground.SECURITY]
        decision = factories.issue(case, "STAY", actor=case.judge, at=AT, ground=said, **days)
        given = {"document": Cited(f"document:{decision.pk}"), "at": AT, "actor": case.judge}
        with pytest.raises(Refused, match="事由不一致"):
            services.stay(case, ground="UPPER_COURT", until_on=UNTIL, **given)
        with pytest.raises(Refused, match="2021-10-10"):
            services.stay(case, ground="SECURITY", until_on=UNTIL + dt.timedelta(days=1), **given)
        services.stay(case, ground="SECURITY", until_on=UNTIL, **given)

    def test_what_is_entered_late_stands_still_from_the_day_of_the_ruling(self, case):
        made = replace(factories.ruling(case), made_on=dt.date(2021, 9, 6))
        given = {"ground": "CONSENT", "document": made, "at": AT, "actor": case.judge}
        for wrong in (dt.date(2021, 9, 5), AT.date() + dt.timedelta(days=1)):
            with pytest.raises(Refused, match="2021-09-06 至今天"):
                services.suspend(case, **given, from_on=wrong)
        before = case.closing_due_on
        services.suspend(case, **given, from_on=dt.date(2021, 9, 7))
        notice = {"document": factories.ruling(case, suffix=""), "actor": case.judge, "note": "事由消失"}
        with pytest.raises(Refused, match="恢复日"):
            services.resume(case, **notice, from_on=dt.date(2021, 9, 6), at=moment(2021, 9, 20))
        services.resume(case, **notice, from_on=dt.date(2021, 9, 17), at=moment(2021, 9, 20))
        row, pause = case.suspensions.get(), case.pauses.get()
        assert (row.from_on, row.until_on) == (pause.from_on, pause.until_on)
        assert fresh(case).closing_due_on == before + dt.timedelta(days=10)


class TestClock:
    """Nodes 61 and 62: the last day of a stay is a deadline of its judge until the case goes on."""

    @pytest.mark.parametrize(("ground", "node"), [("SECURITY", "STAY_ON_SECURITY"), ("UPPER_COURT", "STAY_ABOVE")])
    def test_a_stay_runs_to_its_stated_day(self, case, ground, node):
        given = {"document": factories.ruling(case), "at": AT, "actor": case.judge}
        services.stay(case, ground=ground, until_on=UNTIL, **given)
        row = case.deadlines.running().get(node__in=("STAY_ON_SECURITY", "STAY_ABOVE"))
        assert (row.node, row.started_on, row.due_on) == (node, AT.date(), UNTIL)
        assert case.deadlines.running().owned_by(case.judge).filter(pk=row.pk).exists()
        services.watch(at=moment(2021, 10, 10), actor=User.objects.system())
        row.refresh_from_db()
        assert row.level == "RED"
        notice = factories.ruling(case, suffix="")
        services.resume(case, note="期满", document=notice, at=moment(2021, 10, 11), actor=case.judge)
        row.refresh_from_db()
        assert row.state == "FULFILLED"

    def test_a_stay_on_another_ground_and_a_suspension_have_no_such_day(self, case):
        services.stay(case, ground="OTHER", until_on=UNTIL, document=factories.ruling(case), at=AT, actor=case.judge)
        assert not case.deadlines.filter(node__in=("STAY_ON_SECURITY", "STAY_ABOVE")).exists()


class TestSettlement:
    def test_one_paid_in_full_is_broken_no_more(self, case):
        settle(case)
        paid = {"paid_on": AT.date(), "note": "收条", "at": AT}
        services.note_instalment(case.settlements.get().instalments.get(), **paid, actor=case.judge)
        assert settlements.break_objections(case)
        with pytest.raises(Refused, match="各期均已履行"):
            services.break_settlement(case, note="反悔", is_anticipatory=True, at=AT, actor=case.judge)
        assert fresh(case).stage == "SETTLED"

    def test_what_was_paid_directly_counts_once_a_second_person_has_seen_the_word(self, house, case):
        settle(case)
        paid = {"paid_on": AT.date(), "note": "收条", "at": AT}
        services.note_instalment(case.settlements.get().instalments.get(), **paid, actor=case.judge)
        assert not settlements.is_performed(case)
        services.confirm_performance(case.performances.get(), confirmation="收条", at=AT, actor=house.officer)
        assert settlements.is_performed(case)

    @pytest.mark.parametrize("move", ["suspend", "stay"])
    def test_a_running_settlement_rests_and_goes_on_as_one(self, house, case, move):
        settlement = settle(case)
        given = {"document": factories.ruling(case), "at": AT, "actor": case.judge}
        if move == "suspend":
            services.suspend(case, ground="CONSENT", **given)
        else:
            services.stay(case, ground="SECURITY", until_on=UNTIL, **given)
        assert [row["state"] for row in pages.rail(fresh(case))] == ["done"] * 3 + ["halt"] + ["todo"] * 3
        later = {"document": factories.ruling(case, suffix=""), "at": moment(2021, 9, 20), "actor": case.judge}
        assert services.resume(case, note="事由消失", **later).stage == "SETTLED"
        assert pages.rail(fresh(case))[3]["state"] == "halt"
        settlement.refresh_from_db()
        assert settlement.outcome == ""
        broken = services.break_settlement(
            case, note="不再履行", is_anticipatory=True, at=moment(2021, 9, 21), actor=case.judge
        )
        assert broken.stage == "FAST"

    def test_a_proposal_sent_back_to_a_settlement_can_still_be_broken_off(self, house, case):
        settle(case)
        closing = factories.propose_closing(house, case, "TERMINATED", at=AT)
        assert [row["state"] for row in pages.rail(fresh(case))] == ["done"] * 4 + ["now"] + ["todo"] * 2
        services.return_closing(closing, defects="缺撤回申请", at=AT, actor=case.judge)
        assert fresh(case).stage == "SETTLED"
        assert (
            services.break_settlement(case, note="不再履行", is_anticipatory=True, at=AT, actor=case.judge).stage
            == "FAST"
        )

    def test_the_rail_goes_on_to_review_closing_and_archive(self, house, case):
        def shown():
            return [(str(row["label"]), row["state"]) for row in pages.rail(fresh(case))][-3:]

        assert shown() == [("结案审查", "todo"), ("已结案", "todo"), ("已归档", "todo")]
        factories.close(house, case, "TERMINATED", at=AT)
        assert shown() == [("结案审查", "done"), ("已结案", "done"), ("已归档", "todo")]
        row = fresh(case)
        row.__dict__["stage"] = "ARCHIVED"
        assert [state["state"] for state in pages.rail(row)][-3:] == ["done"] * 3

    def test_an_allocated_case_rests_before_its_start_and_a_filed_one_does_not(self, house):
        filed = factories.file_case(house).case
        allocated = factories.assign(house, factories.file_case(house).case)
        document = factories.ruling(allocated)
        suspended = services.suspend(allocated, ground="DEATH", document=document, at=AT, actor=allocated.judge)
        assert pages.rail(suspended)[1]["state"] == "halt"
        notice = factories.ruling(allocated, suffix="")
        resumed = services.resume(allocated, note="继承人已确定", document=notice, at=AT, actor=allocated.judge)
        assert resumed.stage == "ALLOCATED"
        with pytest.raises(PermissionDenied):
            services.suspend(filed, ground="DEATH", document=factories.ruling(filed), at=AT, actor=house.judge)

    def test_the_agreement_alone_stops_no_limit_and_a_ruling_on_it_does(self, house, case):
        settle(case)
        assert not case.pauses.exists()
        services.break_settlement(case, note="不再履行", is_anticipatory=True, at=AT, actor=case.judge)
        settlement = settle(case, ruling=factories.ruling(case))
        assert (settlement.pause.kind, settlement.pause.until_on) == ("SUSPENSION", None)
        services.stay(
            case,
            ground="SECURITY",
            document=factories.ruling(case, suffix="之二"),
            until_on=UNTIL,
            at=moment(2021, 9, 12),
            actor=case.judge,
        )
        notice = {"document": factories.ruling(case, suffix=""), "at": moment(2021, 9, 15), "actor": case.judge}
        services.resume(case, note="期满", **notice)
        settlement.pause.refresh_from_db()
        assert settlement.pause.until_on is None
        services.break_settlement(case, note="不再履行", is_anticipatory=True, at=moment(2021, 9, 20), actor=case.judge)
        settlement.pause.refresh_from_db()
        assert str(settlement.pause.until_on) == "2021-09-20"
        assert str(fresh(case).closing_due_on) == "2022-03-11"

    def test_a_ruling_on_the_settlement_must_exist(self, case):
        with pytest.raises(Refused, match="案号格式"):
            settle(case, ruling=replace(factories.ruling(case), number="口头裁定"))
        with pytest.raises(Refused, match="先扫描入卷"):
            settle(case, ruling=Cited(number="(2021)内0302执1号", made_on=AT.date()))

    def test_the_agreement_lies_in_the_file(self, case, login):
        given = {"terms": "分期", "instalments": [(UNTIL, Decimal("50000.00"))], "at": AT, "actor": case.judge}
        with pytest.raises(Refused, match="卷宗中的和解协议"):
            services.settle(case, document="执行和解协议", **given)
        assert "卷宗中还没有" in login(case.judge).get(f"/cases/{case.pk}/settle/").content.decode()
        talk = factories.issue(case, "SETTLEMENT_RECORD", actor=case.owner, at=AT)
        settlement = services.settle(case, document=f"document:{talk.pk}", **given)
        assert settlement.paper == f"document:{talk.pk}"

    def test_after_a_termination_what_is_paid_is_noted_and_what_is_missed_is_raised(self, house, case):
        settlement = settle(case, instalments=[(UNTIL, Decimal("20000.00")), (UNTIL, Decimal("30000.00"))])
        factories.close(house, case, "TERMINATED", at=AT)
        first, second = settlement.instalments.order_by("position")
        assert case.deadlines.filter(node="INSTALMENT", state="RUNNING").count() == 2
        later = moment(2021, 10, 9)
        noted = {"paid_on": later.date(), "note": "收条", "at": later}
        with pytest.raises(PermissionDenied):
            services.note_instalment(first, **noted, actor=house.officer)
        services.note_instalment(first, **noted, actor=house.assistant)
        overdue = desk_stages.items(case.judge, today=dt.date(2021, 10, 11))
        assert [item.kind for item in overdue if "第 2 期" in item.title] == ["和解到期未登记"]
        services.note_instalment(second, **noted, actor=case.judge)
        assert not case.deadlines.filter(node="INSTALMENT", state="RUNNING").exists()

    def test_several_arrivals_may_pay_one_instalment_and_each_counts_once(self, house, case):
        settlement = settle(case, instalments=[(UNTIL, Decimal("20000.00")), (UNTIL, Decimal("20000.00"))])
        for serial, amount in (("A", "15000.00"), ("B", "8000.00"), ("C", "1000.00")):
            factories.deposit(house, case, amount, serial=serial, at=AT)
        first, second = settlement.instalments.order_by("position")
        a, b, c = (row.event.pk for row in settlements.arrivals_of(case))
        noted = {"paid_on": AT.date(), "note": "回单", "at": AT, "actor": case.judge}
        with pytest.raises(Refused, match=r"尚差 5,000\.00 元"):
            services.note_instalment(first, arrivals=[a], **noted)
        services.note_instalment(first, arrivals=[a, b], **noted)
        assert [row.left for row in settlements.arrivals_of(case)] == [Decimal("3000.00"), Decimal("1000.00")]
        with pytest.raises(Refused, match="已用于其他各期"):
            services.note_instalment(second, arrivals=[a, b, c], **noted)
        with pytest.raises(Refused, match=r"尚差 16,000\.00 元"):
            services.note_instalment(second, arrivals=[b, c], **noted)

    def test_after_a_termination_the_agreement_continues_and_its_breach_revives_the_case(self, house, case):
        settlement = settle(case)
        factories.close(house, case, "TERMINATED", at=AT)
        settlement.refresh_from_db()
        assert (settlement.outcome, str(settlement.ended_on)) == ("CONTINUES", "2021-09-10")
        given = {"ground": "和解未履行", "actor": house.window_clerk}
        # Two years from the last day of the agreement, not from the closing (民诉法解释 466).
        with pytest.raises(Refused, match="2023-11-08"):
            factories.revive(fresh(case), at=moment(2023, 11, 9), **given)
        revived = intake.revive_case(
            fresh(case), application=factories.scan_upload(), at=moment(2023, 11, 8), **given
        ).case
        assert revived.revives_id == case.pk
        settlement.refresh_from_db()
        assert (settlement.outcome, settlement.end_note) == ("BROKEN", f"恢复执行：{revived.number}")


class TestSigners:
    """An agent settles for his party only with the special power to do so (执行工作规定 20)."""

    def agent(self, house, case, **changes):
        words = {"name": "王律师", "kind": "LAWYER", "firm": "测试律所", "licence": "11503201810000001"}
        words |= {"from_on": AT.date(), "document": "授权委托书", **changes}
        return services.add_agent(case.parties.get(side="APPLICANT"), **words, at=AT, actor=house.officer)

    def test_without_the_power_it_is_refused_with_it_kept(self, house, case):
        general, waiver = self.agent(house, case), self.agent(house, case, name="李律师", special=["WAIVE"])
        for agent in (general, waiver):
            with pytest.raises(Refused, match=f"{agent.name}没有“代为执行和解”的特别授权"):
                settle(case, agents=[agent])
        assert not case.settlements.exists()
        services.revoke_agent(general, note="辞去委托", at=AT, actor=house.officer)
        able = self.agent(house, case, name="赵律师", special=["SETTLE"])
        assert list(settle(case, agents=[able]).agents.all()) == [able]

    def test_one_who_no_longer_acts_or_acts_elsewhere_signs_nothing(self, house, case):
        agent = self.agent(house, case, special=["SETTLE"])
        services.revoke_agent(agent, note="辞去委托", at=AT, actor=house.officer)
        agent.refresh_from_db()
        other = self.agent(house, kept.running_case(house), name="钱律师", special=["SETTLE"])
        for stranger in (agent, other):
            with pytest.raises(Refused, match="不是本案现任代理人"):
                settle(case, agents=[stranger])

    def test_the_page_offers_agents_with_their_powers_and_shows_who_signed(self, house, case, login, monkeypatch):
        monkeypatch.setattr("bureau.clock.now", lambda: AT)
        monkeypatch.setattr("bureau.clock.today", AT.date)
        agent = self.agent(house, case)
        client, address = login(case.judge), f"/cases/{case.pk}/settle/"
        assert "没有和解的特别授权" in client.get(address).content.decode()
        typed = {"document": factories.agreement(case), "terms": "分期", "instalments": "2021-11-08 50000"}
        typed["agents"] = [agent.pk]
        refused = client.post(address, typed)
        assert (refused.status_code, "须由当事人本人签署或追认" in refused.content.decode()) == (422, True)
        services.revoke_agent(agent, note="辞去委托", at=AT, actor=house.officer)
        able = self.agent(house, case, name="赵律师", special=["SETTLE"])
        assert client.post(address, typed | {"agents": [able.pk]}).status_code == 302
        assert "赵律师" in client.get(f"/cases/{case.pk}/").content.decode()
