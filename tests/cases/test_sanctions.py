"""Sanctions: who proposes and decides, limits of law, terms, the three working days to end them, what closing does."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event, User
from cases import law, proofs, sanctionlaw, services, tasks, timeline
from cases.closing import WAYS
from cases.filing import PartyData
from cases.models import Case, Deadline, Sanction
from cases.sanctionlaw import Outsider
from documents import services as documents
from documents.models import Document
from portal import services as portal
from portal.models import StatusPage
from tests import factories, kept
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 10)
DAY = dt.date.fromisoformat
PERSON = PartyData(side="DEBTOR", kind="PERSON", name="王守成", id_number="15030219800101201X", id_kind="RESIDENT_ID")
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def resident_id(birth: str) -> str:
    """Return a valid resident ID born on a day."""
    head = f"150302{birth}123"
    return head + CHECKS[sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True)) % 11]


def debtor(birth: str = "19800101", **changes) -> PartyData:
    return replace(PERSON, id_number=resident_id(birth), **changes)


@pytest.fixture
def case(house) -> Case:
    """A case against a natural person, with its stream team."""
    applicant = factories.filing().parties[0]
    filed = factories.file_case(house, parties=(applicant, debtor()))
    return factories.into_stream(house, filed.case)


@pytest.fixture
def unit_case(house) -> Case:
    """A case against a company."""
    return kept.running_case(house)


def clock(sanction, node) -> Deadline:
    return Deadline.objects.get(case=sanction.case, node=node, subject=f"sanction:{sanction.pk}")


def verbs(case) -> list[str]:
    return list(Event.objects.of_chain(f"case:{case.pk}").order_by("seq").values_list("verb", flat=True))


def due(house, case, arose: str, ground="UNPERFORMED", ending="PERFORMED") -> Sanction:
    row = factories.sanction(house, case, ground)
    day = DAY(arose)
    at = moment(day.year, day.month, day.day)
    return services.note_removal_ground(row, ending=ending, arose_on=day, note="案款已付清", at=at, actor=case.owner)


class TestTables:
    def test_every_kind_has_grounds_and_ends_with_a_known_source(self):
        for kind in sanctionlaw.Kind:
            assert sanctionlaw.grounds_of(kind)
            assert sanctionlaw.endings_of(kind)
            for ending in sanctionlaw.endings_of(kind):
                assert ending.way[kind] in sanctionlaw.WAYS[kind]
                assert sanctionlaw.ending_basis(ending, kind, has_term=False, on=DAY("2021-09-01"))
        sources = {part.source for ground in sanctionlaw.GROUNDS for part in ground.basis}
        assert sources <= set(law.SOURCES)
        assert len(sanctionlaw.BY_CODE) == len(sanctionlaw.GROUNDS)

    def test_the_day_of_the_act_decides_the_article(self, house, case):
        row = factories.propose_sanction(case, "FINE_REPORT", amount=Decimal("5000"))
        assert "《民事诉讼法》（2017年修正）第241条" in row.basis
        assert row.ground_version == sanctionlaw.BY_CODE["FINE_REPORT"].version
        later = law.cite(sanctionlaw.BY_CODE["FINE_REPORT"].basis, on=DAY("2024-02-01"))
        assert "（2023年修正）第252条" in later

    def test_a_listing_with_a_term_is_deleted_early_by_article_2_only(self):
        ending = sanctionlaw.ENDINGS_BY_CODE["PERFORMED"]
        cited = [
            sanctionlaw.ending_basis(ending, "DISHONEST", has_term=has_term, on=DAY("2021-09-01"))
            for has_term in (False, True)
        ]
        assert [text.endswith(end) for text, end in zip(cited, ("第10条", "第2条"), strict=True)] == [True, True]


class TestCourse:
    def test_proposed_approved_ended_with_one_event_each(self, house, case):
        row = due(house, case, "2021-09-16")
        row = services.approve_removal(row, at=moment(2021, 9, 16), actor=house.vice_president)
        row = services.remove_sanction(
            row, way="LIFTED", document="解除令", at=moment(2021, 9, 17), actor=house.officer
        )
        assert (row.state, row.removed_on, row.removed_by) == ("REMOVED", DAY("2021-09-17"), house.officer)
        course = ["propose_sanction", "approve_sanction", "note_removal_ground", "approve_removal", "remove_sanction"]
        assert verbs(case)[-5:] == course
        deadline = clock(row, "LIFT_RESTRICTION")
        assert (deadline.state, deadline.ended_on) == ("FULFILLED", DAY("2021-09-17"))
        last = timeline.lines(Event.objects.of_chain(f"case:{case.pk}").order_by("-seq")[:1])[0]
        assert last.sentence == "解除强制措施"
        assert ("措施", "限制消费") in last.facts
        assert ("解除方式", "解除") in last.facts

    def test_refused_and_withdrawn_with_a_reason_bind_nobody(self, house, case):
        row = factories.propose_sanction(case)
        with pytest.raises(Refused, match="理由"):
            services.refuse_sanction(row, reason=" ", at=AT, actor=house.president)
        row = services.refuse_sanction(row, reason="证据不足", at=AT, actor=house.president)
        assert (row.state, row.in_force_from) == ("REFUSED", None)
        with pytest.raises(Refused, match="已处理"):
            services.approve_sanction(row, at=AT, actor=house.president)
        row = services.withdraw_sanction(factories.propose_sanction(case), reason="已付款", at=AT, actor=house.officer2)
        assert row.state == "WITHDRAWN"
        with pytest.raises(Refused, match="已处理"):
            services.withdraw_sanction(row, reason="再撤", at=AT, actor=house.officer2)

    def test_a_colleague_of_the_team_proposes_nothing(self, case, house):
        with pytest.raises(PermissionDenied):
            factories.propose_sanction(case, actor=house.officer2)

    def test_a_debtor_to_whom_the_notice_was_issued_must_have_got_it_first(self, house, case):
        debtor = case.parties.get(side="DEBTOR")
        factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT)
        for ground in ("UNPERFORMED", "NO_REPORT"):
            with pytest.raises(Refused, match=f"执行通知书尚未送达{debtor.name}"):
                factories.propose_sanction(case, ground, at=AT)
        notice = Document.objects.get()
        delivery = documents.send(notice, way="DIRECT", party=debtor, at=AT, actor=case.owner)
        proof = documents.receive(case, [documents.Paper("SERVICE", "回证", factories.PDF)], at=AT, actor=case.owner)
        given = factories.signed(delivery) | {"at": AT, "actor": case.owner}
        documents.deliver(delivery, on=AT.date(), proof=proof[0], **given)
        assert factories.propose_sanction(case, at=AT).state == "PROPOSED"

    def test_one_running_sanction_of_a_kind_for_a_debtor(self, house, case):
        row = factories.propose_sanction(case)
        with pytest.raises(Refused, match="已在提请或执行中"):
            factories.propose_sanction(case, "LISTED")
        twin = {"ground_version": 1, "basis": "x", "facts": "x", "proposed_by": house.officer, "proposed_at": AT}
        with pytest.raises(IntegrityError, match="one_running_sanction"), transaction.atomic():
            Sanction.objects.create(case=case, party=row.party, kind=row.kind, ground="LISTED", **twin)
        factories.propose_sanction(case, "NO_REPORT")
        services.refuse_sanction(row, reason="证据不足", at=AT, actor=house.president)
        assert factories.propose_sanction(case, "LISTED").state == "PROPOSED"

    def test_the_president_may_refuse_the_end_and_the_term_runs_on(self, house, case):
        row = due(house, case, "2021-09-16", "NO_REPORT", "CORRECTED")
        assert clock(row, "DISHONESTY_TERM").state == "FULFILLED"
        with pytest.raises(Refused, match="理由"):
            services.refuse_removal(row, reason="", at=moment(2021, 9, 17), actor=house.president)
        row = services.refuse_removal(row, reason="未主动纠正", at=moment(2021, 9, 17), actor=house.president)
        assert (row.state, row.removal_ground, row.arose_on) == ("IN_FORCE", "", None)
        assert clock(row, "DISHONESTY_REMOVAL").state == "CANCELLED"
        running = Deadline.objects.running().get(case=case, node="DISHONESTY_TERM")
        assert running.due_on == row.term_until == DAY("2023-09-10")

    def test_it_cannot_be_carried_out_before_the_decision(self, house, case):
        row = due(house, case, "2021-09-16")
        with pytest.raises(Refused, match="尚待"):
            services.remove_sanction(row, way="LIFTED", document="解除令", at=AT, actor=house.officer)
        services.approve_removal(row, at=AT, actor=house.president)
        with pytest.raises(Refused, match="没有待审批的解除"):
            services.approve_removal(row, at=AT, actor=house.president)
        with pytest.raises(Refused) as refusal:
            services.remove_sanction(row, way="DELETED", document=" ", at=AT, actor=house.officer)
        assert len(refusal.value.reasons) == 2

    @pytest.mark.parametrize(
        ("ending", "arose", "said"),
        [
            ("PERFORMED", "2021-09-17", "不能晚于今天"),
            ("PERFORMED", "2021-09-09", "不能早于措施生效日"),
            ("TERM_ENDED", "2021-09-16", "请选择解除事由"),
            ("PAID", "2021-09-16", "请选择解除事由"),
            ("", "2021-09-16", "请选择解除事由"),
        ],
    )
    def test_a_ground_must_fit_and_have_arisen(self, house, case, ending, arose, said):
        row = factories.sanction(house, case)
        given = {"ending": ending, "arose_on": DAY(arose), "note": "x", "at": moment(2021, 9, 16), "actor": case.owner}
        with pytest.raises(Refused, match=said):
            services.note_removal_ground(row, **given)


class TestRoles:
    def test_strangers_and_officers_of_other_teams_propose_nothing(self, house, case):
        for actor in (house.officer3, house.judge3, house.bailiff, house.president, house.chief, house.records_clerk):
            with pytest.raises(PermissionDenied):
                factories.propose_sanction(case, actor=actor)
        assert factories.propose_sanction(case, actor=case.judge).proposed_by == case.judge

    def test_only_president_and_vice_president_decide(self, house, case):
        row = factories.propose_sanction(case)
        for actor in (house.chief, case.judge, house.officer, house.inspector):
            with pytest.raises(PermissionDenied):
                services.approve_sanction(row, at=AT, actor=actor)
            with pytest.raises(PermissionDenied):
                services.refuse_sanction(row, reason="不", at=AT, actor=actor)
        assert services.approve_sanction(row, at=AT, actor=house.vice_president).state == "IN_FORCE"

    def test_nobody_decides_what_he_proposed_whatever_else_he_is(self, house, case):
        both = factories.UserFactory(role="PRESIDENT", team=house.officer.team)
        both.groups.add(house.officer.groups.get())
        Case.objects.filter(pk=case.pk).update(owner=both)
        row = factories.propose_sanction(Case.objects.get(pk=case.pk), actor=User.objects.get(pk=both.pk))
        with pytest.raises(PermissionDenied):
            services.approve_sanction(row, at=AT, actor=User.objects.get(pk=both.pk))
        changes = {"state": "IN_FORCE", "decided_by": both, "decided_at": AT, "in_force_from": AT.date()}
        with pytest.raises(IntegrityError, match="sanction_by_two_people"), transaction.atomic():
            Sanction.objects.filter(pk=row.pk).update(**changes)

    def test_nobody_approves_the_end_that_he_noted(self, house, case):
        both = factories.UserFactory(role="VICE_PRESIDENT", team=house.officer.team)
        both.groups.add(house.officer.groups.get())
        both = User.objects.get(pk=both.pk)
        row = factories.sanction(house, case)
        given = {"ending": "CONSENT", "arose_on": AT.date(), "note": "书面同意"}
        row = services.note_removal_ground(row, **given, at=AT, actor=both)
        with pytest.raises(PermissionDenied):
            services.approve_removal(row, at=AT, actor=both)
        with pytest.raises(IntegrityError, match="sanction_removal_by_two_people"), transaction.atomic():
            Sanction.objects.filter(pk=row.pk).update(removal_approved_by=both, removal_approved_at=AT)

    def test_the_end_is_entered_by_the_holding_or_the_affairs_team(self, house, case):
        row = services.approve_removal(due(house, case, "2021-09-16"), at=AT, actor=house.president)
        # The affairs team sees the case only when it holds it or is asked to.
        for actor in (house.officer3, house.president, case.judge, house.records_clerk):
            with pytest.raises(PermissionDenied):
                services.remove_sanction(row, way="LIFTED", document="令", at=AT, actor=actor)
        services.request_work(
            case, kind="OTHER", to_team=house.teams["AFFAIRS"], text="解除限制消费", at=AT, actor=house.officer
        )
        row = services.remove_sanction(row, way="LIFTED", document="令", at=AT, actor=house.records_clerk)
        assert row.state == "REMOVED"


class TestLimits:
    @pytest.mark.parametrize(
        ("birth", "is_listed"), [("20030910", True), ("20030911", False), ("20200229", False), ("20030909", True)]
    )
    def test_a_minor_is_not_listed(self, house, birth, is_listed):
        applicant = factories.filing().parties[0]
        filed = factories.file_case(house, parties=(applicant, debtor(birth)))
        case = factories.into_stream(house, filed.case)
        if is_listed:
            assert factories.propose_sanction(case, "NO_REPORT").state == "PROPOSED"
        else:
            with pytest.raises(Refused, match="未满十八周岁"):
                factories.propose_sanction(case, "NO_REPORT")

    @pytest.mark.parametrize(
        ("amount", "said"),
        [("0", "个人"), ("100000.01", "个人"), (None, "个人"), ("-5", "个人"), ("100000", ""), ("0.01", "")],
    )
    def test_a_person_pays_at_most_a_hundred_thousand(self, house, case, amount, said):
        amount = None if amount is None else Decimal(amount)
        if said:
            with pytest.raises(Refused, match=r"对个人的罚款为 100,000\.00 元以下"):
                factories.propose_sanction(case, "FINE_REPORT", amount=amount)
        else:
            assert factories.propose_sanction(case, "FINE_REPORT", amount=amount).amount == amount

    @pytest.mark.parametrize(
        ("amount", "is_in"), [("49999.99", False), ("50000", True), ("1000000", True), ("1000000.01", False)]
    )
    def test_a_unit_pays_from_fifty_thousand_to_a_million(self, house, unit_case, amount, is_in):
        if is_in:
            assert factories.propose_sanction(unit_case, "FINE_REPORT", amount=Decimal(amount)).pk
        else:
            with pytest.raises(Refused, match=r"对单位的罚款为 50,000\.00 元以上、1,000,000\.00 元以下"):
                factories.propose_sanction(unit_case, "FINE_REPORT", amount=Decimal(amount))

    def test_those_answerable_for_a_unit_are_fined_as_persons(self, house, unit_case):
        with pytest.raises(Refused, match="对个人"):
            factories.propose_sanction(unit_case, "FINE_REPORT", amount=Decimal("200000"), persons=["李守信"])

    @pytest.mark.parametrize("days", [None, 0, 16])
    def test_a_detention_lasts_one_to_fifteen_days(self, house, case, days):
        with pytest.raises(Refused, match="十五日以下"):
            factories.propose_sanction(case, "DETENTION_REPORT", days=days)

    def test_a_unit_is_detained_or_kept_in_the_country_in_its_persons(self, house, unit_case):
        for ground, more in (("DETENTION_REPORT", {"days": 5}), ("EXIT_UNPERFORMED", {})):
            with pytest.raises(Refused, match="责任人员姓名"):
                factories.propose_sanction(unit_case, ground, **more)
            assert factories.propose_sanction(unit_case, ground, persons=["李守信"], **more).persons == ["李守信"]

    def test_its_persons_are_not_listed_in_its_place_but_limited_with_it(self, house, unit_case):
        with pytest.raises(Refused, match="不得将其法定代表人"):
            factories.propose_sanction(unit_case, "NO_REPORT", persons=["李守信"])
        assert factories.propose_sanction(unit_case, persons=[" 李守信 ", ""]).persons == ["李守信"]

    def test_a_person_has_no_persons_and_only_its_own_measure(self, house, case):
        for more in ({"persons": ["某人"]}, {"days": 3}, {"amount": Decimal("5")}, {"extra_years": 1}):
            with pytest.raises(Refused):
                factories.propose_sanction(case, **more)
        for more in ({"facts": "  "}, {"party": case.parties.get(side="APPLICANT")}):
            with pytest.raises(Refused):
                factories.propose_sanction(case, **more)
        with pytest.raises(Refused, match="请选择情形"):
            factories.propose_sanction(case, "NOTHING")

    @pytest.mark.parametrize(
        ("ground", "extra", "until"),
        [
            ("ABLE_REFUSES", 0, None),
            ("NO_REPORT", 0, "2023-09-10"),
            ("OBSTRUCTS", 3, "2026-09-10"),
            ("EVADES", 1, "2024-09-10"),
        ],
    )
    def test_the_term_of_a_listing(self, house, case, ground, extra, until):
        row = factories.sanction(house, case, ground, extra_years=extra)
        assert row.term_until == (DAY(until) if until else None)
        term = Deadline.objects.filter(case=case, node="DISHONESTY_TERM")
        assert [deadline.due_on for deadline in term] == ([DAY(until)] if until else [])

    @pytest.mark.parametrize(("ground", "extra"), [("NO_REPORT", 1), ("ABLE_REFUSES", 1), ("OBSTRUCTS", 4)])
    def test_only_violence_and_evasion_lengthen_it(self, house, case, ground, extra):
        with pytest.raises(Refused, match="延长一至三年"):
            factories.propose_sanction(case, ground, extra_years=extra)

    def test_not_before_the_start_nor_while_the_case_rests_or_after_its_end(self, house, case):
        early = factories.file_case(house).case
        with pytest.raises(PermissionDenied):
            factories.propose_sanction(early, actor=house.officer)
        early = factories.assign(house, early)
        with pytest.raises(Refused, match="尚未启动"):
            factories.propose_sanction(early, actor=early.judge)
        services.suspend(case, ground="CONSENT", document=factories.ruling(case), at=AT, actor=case.judge)
        with pytest.raises(Refused, match="中止、暂缓"):
            factories.propose_sanction(case)
        assert factories.propose_sanction(case, "FINE_BREAKS_LIMIT", amount=Decimal("1000")).pk


class TestOutsiders:
    """Who is no party and refuses to help is fined or detained, on that ground alone (民事诉讼法 117)."""

    BANK, REGISTRY = (Outsider(name, "ORGANISATION") for name in ("乌海某银行", "乌海车管所"))

    def test_a_unit_pays_as_a_unit_whoever_the_debtor_is(self, house, case):
        row = factories.propose_sanction(case, "FINE_ASSIST", outsider=self.BANK, amount=Decimal("60000"), at=AT)
        assert (row.target, row.is_on_unit, row.party.side) == ("乌海某银行", True, "DEBTOR")
        assert "第一百一十四条" in row.basis or "114" in row.basis
        line = timeline.lines(Event.objects.filter(subject=f"sanction:{row.pk}"))[0]
        assert ("协助义务人", "乌海某银行") in line.facts
        with pytest.raises(Refused, match="单位的罚款") as refusal:
            factories.propose_sanction(case, "FINE_ASSIST", outsider=self.REGISTRY, amount=Decimal("100"), at=AT)
        assert set(refusal.value.by_field) == {"amount"}

    def test_two_units_may_be_fined_and_one_only_once(self, house, case):
        given = {"amount": Decimal("60000"), "at": AT}
        factories.propose_sanction(case, "FINE_ASSIST", outsider=self.BANK, **given)
        factories.propose_sanction(case, "FINE_ASSIST", outsider=self.REGISTRY, **given)
        with pytest.raises(Refused, match="乌海某银行的罚款已在提请"):
            factories.propose_sanction(case, "FINE_ASSIST", outsider=self.BANK, **given)

    @pytest.mark.parametrize(
        ("ground", "outsider", "field"),
        [
            ("FINE_ASSIST", None, "outsider"),
            ("FINE_ASSIST", Outsider("乌海某银行", ""), "outsider_kind"),
            ("FINE_REPORT", Outsider("乌海某银行", "ORGANISATION"), "outsider"),
            ("FINE_ASSIST", Outsider("张安然", "PERSON"), "outsider"),
        ],
    )
    def test_only_on_this_ground_and_nobody_of_the_case(self, house, case, ground, outsider, field):
        with pytest.raises(Refused) as refusal:
            factories.propose_sanction(case, ground, outsider=outsider, amount=Decimal("60000"), at=AT)
        assert field in refusal.value.by_field

    def test_the_page_proposes_and_lists_it(self, house, case, login):
        client = login(case.owner)
        address = reverse("cases:propose_sanction", args=[case.pk]) + "?kind=FINE"
        sent = {"party": case.parties.get(side="DEBTOR").pk, "ground": "FINE_ASSIST", "facts": "拒不协助扣划"}
        sent |= {"outsider": "乌海某银行", "outsider_kind": "ORGANISATION", "amount": "60000"}
        assert client.post(address, sent).status_code == 302
        page = client.get(reverse("cases:case_sanctions", args=[case.pk])).content.decode()
        assert "乌海某银行" in page
        assert "协助义务人" in page


class TestDatabase:
    def test_only_a_debtor_of_the_case_and_what_was_proposed_stays(self, house, case, unit_case):
        row = factories.propose_sanction(case)
        fields = {"kind": "EXIT_LIMIT", "ground": "EXIT_UNPERFORMED", "ground_version": 1, "basis": "x", "facts": "x"}
        fields |= {"proposed_by": house.officer, "proposed_at": AT}
        for party in (case.parties.get(side="APPLICANT"), unit_case.parties.get(side="DEBTOR")):
            with pytest.raises(IntegrityError, match="only a debtor"), transaction.atomic():
                Sanction.objects.create(case=case, party=party, **fields)
        with pytest.raises(IntegrityError, match="what was proposed"), transaction.atomic():
            Sanction.objects.filter(pk=row.pk).update(facts="改写")
        services.refuse_sanction(row, reason="证据不足", at=AT, actor=house.president)
        with pytest.raises(IntegrityError, match="an ended sanction"), transaction.atomic():
            Sanction.objects.filter(pk=row.pk).update(decision_reason="改写")
        with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM cases_sanction WHERE id = %s", [row.pk])


class TestDeadlines:
    @pytest.mark.parametrize(
        ("arose", "last"),
        [
            ("2021-09-29", "2021-10-09"),  # D9: 09-30, 10-08, 10-09
            ("2021-09-17", "2021-09-23"),  # D10: 09-18, 09-22, 09-23 over Mid-Autumn
            ("2021-12-30", "2022-01-05"),  # over the year's end: 12-31, 01-04, 01-05
            ("2021-09-22", "2021-09-26"),  # the third is a make-up Sunday: 09-23, 09-24, 09-26
        ],
    )
    @pytest.mark.parametrize(
        ("ground", "node"), [("ABLE_REFUSES", "DISHONESTY_REMOVAL"), ("UNPERFORMED", "LIFT_RESTRICTION")]
    )
    def test_three_working_days_from_the_ground(self, house, case, ground, node, arose, last):
        deadline = clock(due(house, case, arose, ground), node)
        assert (deadline.started_on, deadline.due_on) == (DAY(arose), DAY(last))

    def test_it_counts_from_the_ground_not_from_its_record(self, house, case):
        row = factories.sanction(house, case)
        given = {"ending": "PERFORMED", "arose_on": DAY("2021-09-29"), "note": "已付清"}
        row = services.note_removal_ground(row, **given, at=moment(2021, 10, 12), actor=case.owner)
        deadline = clock(row, "LIFT_RESTRICTION")
        assert (deadline.started_on, deadline.due_on) == (DAY("2021-09-29"), DAY("2021-10-09"))
        assert "自 2021-09-29 次日起算 3 个工作日" in deadline.steps[0]
        assert "《限制消费规定》" in deadline.basis
        services.watch(at=moment(2021, 10, 12, 11), actor=User.objects.system())
        deadline.refresh_from_db()
        assert deadline.level == "RED"
        assert Deadline.objects.escalated_to(house.chief).filter(pk=deadline.pk).exists()
        assert Deadline.objects.owned_by(case.judge).filter(pk=deadline.pk).exists()

    @pytest.mark.parametrize(
        ("today", "level"), [("09-30", "NONE"), ("10-07", "NONE"), ("10-08", "YELLOW"), ("10-09", "RED")]
    )
    def test_yellow_on_the_second_working_day_and_red_on_the_third(self, house, case, today, level):
        row = due(house, case, "2021-09-29")
        month, day = map(int, today.split("-"))
        services.watch(at=moment(2021, month, day, 11), actor=User.objects.system())
        assert clock(row, "LIFT_RESTRICTION").level == level

    def test_two_debtors_have_two_clocks(self, house):
        parties = (factories.filing().parties[0], debtor(), debtor("19810203", name="赵小成"))
        case = factories.into_stream(house, factories.file_case(house, parties=parties).case, team="ORDINARY")
        first = factories.sanction(house, case, "NO_REPORT")
        second = factories.sanction(house, case, "NO_REPORT", party=case.parties.get(name="赵小成"))
        at = moment(2021, 9, 16)
        given = {"ending": "PERFORMED", "arose_on": at.date(), "note": "已付清", "at": at, "actor": case.owner}
        services.note_removal_ground(first, **given)
        second = services.note_removal_ground(second, **given)
        services.refuse_removal(second, reason="未付清", at=at, actor=house.president)
        assert clock(first, "DISHONESTY_REMOVAL").state == "RUNNING"
        assert Deadline.objects.running().get(case=case, node="DISHONESTY_TERM").subject == f"sanction:{second.pk}"

    def test_a_term_that_runs_out_opens_the_removal_by_itself(self, house, case):
        row = factories.sanction(house, case, "NO_REPORT")
        term = clock(row, "DISHONESTY_TERM")
        assert term.steps == ["自 2021-09-10 至 2023-09-10，以决定书载明的期限为准，不因休息日顺延"]
        system = User.objects.system()
        assert services.end_terms(at=moment(2023, 9, 10, 23), actor=system) == 0
        assert services.end_terms(at=moment(2023, 9, 11, 0, 5), actor=system) == 1
        assert services.end_terms(at=moment(2023, 9, 11, 0, 6), actor=system) == 0
        row.refresh_from_db()
        assert (row.state, row.removal_ground, row.is_removal_decided) == ("REMOVAL_DUE", "TERM_ENDED", True)
        assert clock(row, "DISHONESTY_REMOVAL").due_on == DAY("2023-09-13")
        row = services.remove_sanction(
            row, way="DELETED", document="名单库", at=moment(2023, 9, 12), actor=house.officer
        )
        assert row.state == "REMOVED"

    def test_the_beat_notes_the_end_before_it_alarms(self, house, case, monkeypatch):
        row = factories.sanction(house, case, "NO_REPORT")
        monkeypatch.setattr("bureau.clock.now", lambda: moment(2023, 9, 13))
        tasks.watch_deadlines()
        assert clock(row, "DISHONESTY_TERM").state == "FULFILLED"
        assert clock(row, "DISHONESTY_REMOVAL").level == "RED"

    def test_a_detention_ends_by_the_day_counted_from_its_execution(self, house, case):
        row = factories.sanction(house, case, "DETENTION_REPORT", days=15)
        assert not Deadline.objects.filter(case=case, node="DETENTION").exists()
        review = clock(row, "FINE")
        assert (review.due_on, review.rule.kind) == (DAY("2021-09-13"), "RIGHT")
        given = {"document": "拘留回执", "at": moment(2021, 9, 18), "actor": case.owner}
        for wrong in (DAY("2021-09-09"), DAY("2021-09-19")):
            with pytest.raises(Refused, match="执行拘留日"):
                services.begin_detention(row, on=wrong, **given)
        row = services.begin_detention(row, on=DAY("2021-09-16"), **given)
        # Until the first of October, a holiday that moves nothing: nobody is held longer for it.
        assert clock(row, "DETENTION").due_on == row.term_until == DAY("2021-10-01")
        with pytest.raises(Refused, match="没有待执行"):
            services.begin_detention(row, on=DAY("2021-09-16"), **given)
        at = moment(2021, 10, 1)
        ended = {"ending": "TERM_ENDED", "arose_on": at.date(), "note": "期满释放"}
        row = services.note_removal_ground(row, **ended, at=at, actor=case.owner)
        row = services.remove_sanction(row, way="EXECUTED", document="解除拘留证明", at=at, actor=house.officer)
        assert clock(row, "DETENTION").state == "FULFILLED"

    def test_rights_of_review_against_fine_and_exit_limit(self, house, case):
        fine = factories.sanction(house, case, "FINE_REPORT", amount=Decimal("1000"))
        exit_limit = factories.sanction(house, case, "EXIT_UNPERFORMED")
        assert clock(fine, "FINE").due_on == DAY("2021-09-13")
        assert clock(exit_limit, "EXIT_REVIEW").due_on == DAY("2021-09-22")  # 09-20 is in Mid-Autumn


class TestRequests:
    def test_the_applicants_request_is_answered_by_the_presidents_decision(self, house, case):
        party = case.parties.get(side="DEBTOR")
        given = {"party": party, "text": "申请纳入失信名单", "received_on": DAY("2021-09-08")}
        request = services.request_listing(case, **given, at=AT, actor=house.window_clerk)
        deadline = Deadline.objects.get(case=case, node="DISHONESTY_REQUEST")
        assert (deadline.started_on, deadline.due_on) == (DAY("2021-09-08"), DAY("2021-09-23"))
        with pytest.raises(Refused, match="已有一件申请"):
            services.request_listing(case, **given, at=AT, actor=house.window_clerk)
        # Another measure against him answers nothing.
        factories.sanction(house, case)
        deadline.refresh_from_db()
        assert deadline.is_running
        factories.sanction(house, case, "NO_REPORT")
        deadline.refresh_from_db()
        request.refresh_from_db()
        assert (deadline.state, request.result, request.answered_by) == ("FULFILLED", "GRANTED", house.president)

    def test_the_president_refuses_or_the_judge_declines(self, house, case):
        party = case.parties.get(side="DEBTOR")
        given = {"party": party, "text": "申请", "received_on": AT.date(), "at": AT, "actor": house.officer}
        first = services.request_listing(case, **given)
        proposal = factories.propose_sanction(case, "NO_REPORT")
        services.refuse_sanction(proposal, reason="已报告财产", at=AT, actor=house.president)
        first.refresh_from_db()
        assert (first.result, first.reason) == ("DECLINED", "已报告财产")
        second = services.request_listing(case, **given)
        for actor in (house.officer, house.judge3, house.president):
            with pytest.raises(PermissionDenied):
                services.answer_request(second, result="DECLINED", reason="不符合", at=AT, actor=actor)
        for result, reason in (("GRANTED", "支持"), ("DECLINED", " "), ("", "x")):
            with pytest.raises(Refused):
                services.answer_request(second, result=result, reason=reason, at=AT, actor=case.judge)
        services.answer_request(second, result="DECLINED", reason="不符合", at=AT, actor=case.judge)
        with pytest.raises(Refused, match="已处理"):
            services.answer_request(second, result="DECLINED", reason="不符合", at=AT, actor=case.judge)
        assert not Deadline.objects.running().filter(case=case, node="DISHONESTY_REQUEST").exists()

    def test_a_correction_that_stands_opens_its_three_working_days(self, house, case):
        row = factories.sanction(house, case, "NO_REPORT")
        given = {"text": "已如实报告", "received_on": DAY("2021-09-15")}
        request = services.request_correction(row, **given, at=moment(2021, 9, 15), actor=house.officer)
        deadline = Deadline.objects.get(case=case, node="DISHONESTY_CORRECTION")
        assert deadline.due_on == DAY("2021-09-30")
        at = moment(2021, 9, 29)
        services.answer_request(request, result="GRANTED", reason="查证属实", at=at, actor=case.judge)
        deadline.refresh_from_db()
        row.refresh_from_db()
        assert deadline.state == "FULFILLED"
        assert (row.state, row.removal_ground) == ("REMOVAL_DUE", "WRONG")
        assert clock(row, "DISHONESTY_REMOVAL").due_on == DAY("2021-10-09")

    def test_only_running_listings_are_corrected_and_strangers_take_nothing(self, house, case):
        limit = factories.sanction(house, case)
        given = {"text": "申请", "received_on": AT.date(), "at": AT}
        with pytest.raises(Refused, match="只能对执行中的失信措施"):
            services.request_correction(limit, **given, actor=house.officer)
        party = case.parties.get(side="DEBTOR")
        for actor in (house.officer3, house.window_clerk2, house.chief):
            with pytest.raises(PermissionDenied):
                services.request_listing(case, party=party, **given, actor=actor)
        for wrong in ({"received_on": DAY("2021-09-11")}, {"received_on": DAY("2021-08-31")}, {"text": " "}):
            with pytest.raises(Refused):
                services.request_listing(case, party=party, **(given | wrong), actor=house.officer)
        with pytest.raises(Refused, match="本案被执行人"):
            services.request_listing(case, party=case.parties.get(side="APPLICANT"), **given, actor=house.officer)


class TestClosing:
    def test_the_end_of_the_case_opens_the_removal_and_outlives_it(self, house, case):
        limit, listing = factories.sanction(house, case), factories.sanction(house, case, "NO_REPORT")
        fine = factories.sanction(house, case, "FINE_REPORT", amount=Decimal("1000"))
        waiting = factories.propose_sanction(case, "EXIT_UNPERFORMED")
        factories.deposit(house, case, "50000.00", serial="S1")
        factories.payout(house, case, "50000.00", reference="R1")
        case = factories.close(house, case, at=moment(2021, 9, 29))
        for row in (limit, listing, fine, waiting):
            row.refresh_from_db()
        assert (limit.state, limit.removal_ground, limit.arose_on) == ("REMOVAL_DUE", "PERFORMED", DAY("2021-09-29"))
        assert (listing.state, fine.state, waiting.state) == ("REMOVAL_DUE", "IN_FORCE", "WITHDRAWN")
        for row, node in ((limit, "LIFT_RESTRICTION"), (listing, "DISHONESTY_REMOVAL")):
            assert (clock(row, node).state, clock(row, node).due_on) == ("RUNNING", DAY("2021-10-09"))
        # Nothing of it falls away with the case, nor at the nightly look, and it turns red.
        services.watch(at=moment(2021, 10, 9), actor=User.objects.system())
        assert clock(limit, "LIFT_RESTRICTION").level == "RED"
        with pytest.raises(Refused, match="必须解除"):
            services.refuse_removal(limit, reason="不", at=moment(2021, 10, 9), actor=house.president)
        services.approve_removal(limit, at=moment(2021, 10, 9), actor=house.president)
        services.remove_sanction(
            limit, way="LIFTED", document="解除令", at=moment(2021, 10, 9), actor=house.records_clerk
        )
        assert clock(limit, "LIFT_RESTRICTION").state == "FULFILLED"

    def test_after_a_procedural_closing_they_stay_and_may_still_be_decided(self, house, case):
        limit, waiting = factories.sanction(house, case), factories.propose_sanction(case, "NO_REPORT")
        case = factories.close(house, case, "PROCEDURAL", at=moment(2021, 12, 6), ground="NOTHING")
        limit.refresh_from_db()
        assert limit.state == "IN_FORCE"
        row = services.approve_sanction(waiting, at=moment(2021, 12, 7), actor=house.president)
        assert clock(row, "DISHONESTY_TERM").due_on == DAY("2023-12-07")
        given = {"ending": "TWICE_QUERIED", "arose_on": DAY("2021-12-20"), "note": "两次查询无财产"}
        row = services.note_removal_ground(row, **given, at=moment(2021, 12, 20), actor=house.officer)
        assert clock(row, "DISHONESTY_REMOVAL").due_on == DAY("2021-12-23")

    def test_the_end_of_a_revived_case_ends_what_stayed_in_the_old_one(self, house, case):
        limit = factories.sanction(house, case)
        case = factories.close(house, case, "PROCEDURAL", at=moment(2021, 12, 6), ground="NOTHING")
        again = {"window": house.windows["W2"], "amount": Decimal("50000.00"), "ground": "发现存款"}
        revived = services.revive(case, **again, at=moment(2021, 12, 10), actor=house.window_clerk)
        revived = factories.into_stream(house, revived, at=moment(2021, 12, 13))
        factories.close(house, revived, "TERMINATED", at=moment(2021, 12, 30))
        limit.refresh_from_db()
        assert (limit.state, limit.removal_ground) == ("REMOVAL_DUE", "TERMINATED")
        assert clock(limit, "LIFT_RESTRICTION").due_on == DAY("2022-01-05")

    def test_an_approval_proves_a_condition_and_a_proposal_does_not(self, house, case):
        def proved() -> set[str]:
            offered = proofs.for_way(case, WAYS["PROCEDURAL"])
            return {code for code, rows in offered.items() if any("sanction" in row.event.verb for row in rows)}

        row = factories.propose_sanction(case)
        assert proved() == set()
        services.approve_sanction(row, at=AT, actor=house.president)
        # What limits consumption is no listing, and a paper about either proves neither.
        assert proved() == {"LIMITED"}
        factories.sanction(house, case, "NO_REPORT")
        assert proved() == {"LIMITED", "LISTED"}
        factories.issue(case, "CONSUMPTION", actor=house.president)
        offered = proofs.for_way(case, WAYS["PROCEDURAL"])
        assert [row.event.verb for row in offered["LIMITED"]] == ["approve_sanction"]


class TestDecision:
    """A measure is ordered by a decision of the case itself that is in its file."""

    def approve(self, house, row, document):
        return services.approve_sanction(row, document=document, at=AT, actor=house.president)

    def test_a_listing_needs_its_decision_and_not_that_of_another_case(self, house, case):
        row = factories.propose_sanction(case, "NO_REPORT", document="")
        with pytest.raises(Refused, match="请先签发") as refusal:
            self.approve(house, row, "")
        assert set(refusal.value.by_field) == {"document"}
        other = kept.running_case(house)
        factories.ruled(other, other.number)
        with pytest.raises(Refused, match="不是本案的文号"):
            self.approve(house, row, f"{other.number} 失信决定书")
        with pytest.raises(Refused, match="卷内没有文号"):
            self.approve(house, row, f"{case.number}之七 失信决定书")
        row.refresh_from_db()
        assert row.state == "PROPOSED"

    def test_what_was_issued_here_to_the_debtor_is_taken_and_another_template_is_not(self, house, case):
        row = factories.propose_sanction(case, "NO_REPORT", document="")
        factories.issue(case, "CONSUMPTION", actor=house.president, at=AT)
        with pytest.raises(Refused, match="卷内没有文号"):
            self.approve(house, row, case.number)
        decision = factories.issue(case, "DISHONEST", actor=house.president, at=AT)
        row.refresh_from_db()
        assert (row.state, row.document) == ("IN_FORCE", f"{decision.number} {decision.title}")

    def test_a_number_typed_for_any_other_measure_is_looked_up_too(self, house, case):
        row = factories.propose_sanction(case)
        with pytest.raises(Refused, match="卷内没有文号"):
            self.approve(house, row, case.number)
        factories.ruled(case, case.number)
        assert self.approve(house, row, case.number).document == case.number


class TestPortal:
    def test_nothing_of_it_leaves_the_house(self, house, case):
        before = self.shown(case)
        factories.sanction(house, case, "NO_REPORT")
        factories.propose_sanction(case)
        due(house, case, "2021-09-16", "EXIT_UNPERFORMED", "CONSENT")
        after = self.shown(case)
        assert after == before
        assert not any(word in json.dumps(after) for word in ("sanction", "DISHONEST", "NO_REPORT", "EXIT"))

    def shown(self, case):
        portal.project(at=AT)
        return StatusPage.objects.get(case_id=case.pk).payload


class TestMany:
    def test_proposals_and_ends_are_approved_together_and_what_fails_is_left(self, house, case, unit_case):
        first, second = factories.propose_sanction(case), factories.propose_sanction(unit_case)
        ending = due(house, case, "2021-09-16", "ABLE_REFUSES")
        stale = factories.propose_sanction(unit_case, "NO_REPORT")
        services.withdraw_sanction(stale, reason="重复", at=AT, actor=unit_case.judge)
        at = moment(2021, 9, 16)
        done, left = services.decide_many([first, second, ending, stale], at=at, actor=house.president)
        assert {row.pk for row in done} == {first.pk, second.pk, ending.pk}
        assert [(row.key, row.reasons) for row in left] == [(stale.pk, ["该提请已处理"])]
        assert services.decide_many([first], at=at, actor=house.chief)[0] == []


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one():
    house = factories.House.build()
    case = kept.running_case(house)
    row = factories.propose_sanction(case, "NO_REPORT")
    actors = [house.president, house.vice_president] * 2
    answers = race([lambda actor=actor: services.approve_sanction(row, at=AT, actor=actor) for actor in actors])
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused"] * 3 + ["Sanction"]
    assert verbs(case).count("approve_sanction") == 1
    assert Deadline.objects.filter(case=case, node="DISHONESTY_TERM").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_decisions_on_an_extension_at_once_lengthen_it_once():
    house = factories.House.build()
    case = kept.running_case(house)
    listing = factories.sanction(house, case, "NO_REPORT")
    row = services.propose_extension(listing, ground="SEVERAL", years=1, facts="多次", at=AT, actor=case.owner)
    actors = [house.president, house.vice_president] * 2
    answers = race(
        [lambda actor=actor: services.decide_extension(row, result="APPROVED", at=AT, actor=actor) for actor in actors]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused"] * 3 + ["SanctionExtension"]
    listing.refresh_from_db()
    assert str(listing.term_until) == "2024-09-10"


class TestExtension:
    """A running listing is lengthened by the president, three years at most in all (失信名单规定 2)."""

    @pytest.fixture
    def listing(self, house, case) -> Sanction:
        return factories.sanction(house, case, "NO_REPORT")

    def propose(self, listing, *, actor, **changes):
        words = {"ground": "SEVERAL", "years": 1, "facts": "又违反限制消费令，有购票记录", **changes}
        return services.propose_extension(listing, **words, at=moment(2022, 5, 9), actor=actor)

    def decide(self, row, *, actor, result="APPROVED", reason="", at=None):
        return services.decide_extension(row, result=result, reason=reason, at=at or moment(2022, 5, 10), actor=actor)

    def test_the_term_and_its_clock_move_with_the_decision(self, house, case, listing):
        row = self.propose(listing, actor=house.officer)
        assert clock(listing, "DISHONESTY_TERM").due_on == DAY("2023-09-10")
        row = self.decide(row, actor=house.president)
        listing.refresh_from_db()
        assert (listing.term_until, listing.extra_years, row.until_on) == (DAY("2024-09-10"), 0, DAY("2024-09-10"))
        running = Deadline.objects.running().get(case=case, node="DISHONESTY_TERM")
        assert (running.started_on, running.due_on) == (DAY("2021-09-10"), DAY("2024-09-10"))
        assert verbs(case)[-2:] == ["propose_extension", "approve_extension"]
        # It ends by the new day alone.
        assert services.end_terms(at=moment(2023, 9, 11), actor=User.objects.system()) == 0
        assert services.end_terms(at=moment(2024, 9, 11), actor=User.objects.system()) == 1

    def test_three_years_at_most_in_all(self, house, case, listing):
        self.decide(self.propose(listing, actor=house.officer, years=2), actor=house.president)
        listing.refresh_from_db()
        with pytest.raises(Refused, match="还可延长 1 年"):
            self.propose(listing, actor=house.officer, years=2)
        self.decide(self.propose(listing, actor=house.officer, years=1), actor=house.vice_president)
        listing.refresh_from_db()
        assert listing.term_until == DAY("2026-09-10")
        with pytest.raises(Refused, match="累计不超过三年"):
            self.propose(listing, actor=house.officer)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [({"ground": "x"}, "延长事由"), ({"years": 0}, "累计"), ({"years": 4}, "累计"), ({"facts": " "}, "事实")],
    )
    def test_what_is_missing_is_said(self, house, listing, changes, said):
        with pytest.raises(Refused, match=said):
            self.propose(listing, actor=house.officer, **changes)

    def test_what_has_no_term_or_is_no_listing_is_not_lengthened(self, house, case):
        for ground in ("ABLE_REFUSES", "UNPERFORMED"):
            with pytest.raises(Refused, match="有固定期限"):
                self.propose(factories.sanction(house, case, ground), actor=house.officer)

    def test_one_at_a_time_by_two_people_and_refused_with_a_reason(self, house, case, listing):
        with pytest.raises(PermissionDenied):
            self.propose(listing, actor=house.officer3)
        row = self.propose(listing, actor=house.officer)
        with pytest.raises(Refused, match="待审批"):
            self.propose(listing, actor=house.officer)
        for stranger in (house.judge, house.chief, house.officer):
            with pytest.raises(PermissionDenied):
                self.decide(row, actor=stranger)
        with pytest.raises(Refused, match="不予批准的理由"):
            self.decide(row, actor=house.president, result="REFUSED")
        self.decide(row, actor=house.president, result="REFUSED", reason="证据不足")
        with pytest.raises(Refused, match="已处理"):
            self.decide(row, actor=house.president)
        listing.refresh_from_db()
        assert listing.term_until == DAY("2023-09-10")

    def test_not_once_the_term_is_over(self, house, listing):
        row = self.propose(listing, actor=house.officer)
        with pytest.raises(Refused, match="已届满"):
            self.decide(row, actor=house.president, at=moment(2023, 9, 11))

    def test_from_the_case_to_the_presidents_desk_by_page(self, house, case, listing, login, monkeypatch):
        now = moment(2022, 5, 9)
        monkeypatch.setattr("bureau.clock.now", lambda: now)
        monkeypatch.setattr("bureau.clock.today", now.date)
        officer, address = login(house.officer), f"/cases/sanctions/{listing.pk}/extend/"
        assert address in officer.get(f"/cases/{case.pk}/sanctions/").content.decode()
        assert officer.post(address, {"ground": "FORCE", "years": "9", "facts": "x"}).status_code == 422
        typed = {"ground": "FORCE", "years": "1", "facts": "暴力抗拒，已拘留"}
        assert officer.post(address, typed).status_code == 302
        row = listing.extensions.get()
        president = login(house.president)
        assert row.get_absolute_url() in president.get("/").content.decode()
        page = president.get(row.get_absolute_url()).content.decode()
        assert "暴力抗拒，已拘留" in page
        assert president.post(row.get_absolute_url(), {"result": "REFUSED", "reason": ""}).status_code == 422
        assert president.post(row.get_absolute_url(), {"result": "APPROVED"}).status_code == 302
        listing.refresh_from_db()
        assert listing.term_until == DAY("2024-09-10")


class TestRelisting:
    """Deleted on the applicant's own request, a debtor is not listed again on it for six months (失信名单规定 10)."""

    @pytest.fixture
    def deleted(self, house, case) -> Sanction:
        row = factories.sanction(house, case, "ABLE_REFUSES")
        given = {"at": moment(2021, 9, 13), "actor": house.officer}
        services.note_removal_ground(row, ending="CONSENT", arose_on=DAY("2021-09-13"), note="书面申请", **given)
        services.approve_removal(row, at=moment(2021, 9, 14), actor=house.president)
        return services.remove_sanction(row, way="DELETED", document="删除决定", **given | {"at": moment(2021, 9, 14)})

    def ask(self, house, case, at):
        given = {"party": case.parties.get(side="DEBTOR"), "text": "申请再次纳入", "received_on": at.date()}
        return services.request_listing(case, **given, at=at, actor=house.window_clerk)

    def test_his_request_finds_no_support_but_the_court_may_list_by_itself(self, house, case, deleted):
        at = moment(2022, 3, 14)
        request = self.ask(house, case, at)
        with pytest.raises(Refused, match="未满六个月（至 2022-03-14）"):
            factories.propose_sanction(case, "NO_REPORT", at=at)
        services.answer_request(request, result="DECLINED", reason="未满六个月", at=at, actor=case.judge)
        assert factories.propose_sanction(case, "NO_REPORT", at=at).state == "PROPOSED"

    def test_after_six_months_it_does(self, house, case, deleted):
        at = moment(2022, 3, 15)
        self.ask(house, case, at)
        assert factories.propose_sanction(case, "NO_REPORT", at=at).state == "PROPOSED"

    def test_deleted_for_another_reason_bars_nothing(self, house, case):
        row = factories.sanction(house, case, "ABLE_REFUSES")
        given = {"at": moment(2021, 9, 13), "actor": house.officer}
        services.note_removal_ground(row, ending="TWICE_QUERIED", arose_on=DAY("2021-09-13"), note="查询", **given)
        services.approve_removal(row, at=moment(2021, 9, 14), actor=house.president)
        services.remove_sanction(row, way="DELETED", document="删除决定", **given)
        self.ask(house, case, moment(2021, 9, 15))
        assert factories.propose_sanction(case, "NO_REPORT", at=moment(2021, 9, 15)).state == "PROPOSED"

    def test_the_judge_is_told_where_he_answers(self, house, case, deleted, login, monkeypatch):
        now = moment(2021, 10, 8)
        monkeypatch.setattr("bureau.clock.now", lambda: now)
        monkeypatch.setattr("bureau.clock.today", now.date)
        request = self.ask(house, case, now)
        page = login(case.judge).get(f"/cases/sanctions/requests/{request.pk}/").content.decode()
        assert "未满六个月（至 2022-03-14）" in page
