"""Assignment through the services: draws, series, bars, leave, requests, and what the database keeps."""

import dataclasses
import json
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau import services as bureau
from bureau.errors import Refused
from bureau.models import Event, Job, User
from bureau.tasks import run_jobs
from cases import services as cases
from cases.models import Case, Deadline
from dispatch import (
    allocation,
    asking,
    assigning,
    explaining,
    leaves,
    publishing,
    redraw,
    retriageservices,
    services,
    spread,
    verifyservices,
    weights,
)
from dispatch.assignforms import assignable
from dispatch.models import Assignment, AssignmentRequest, Draw, Leave, SeedChain
from tests import factories

AT = factories.moment(2021, 9, 2)


@pytest.fixture(autouse=True)
def _drawn(settings):
    settings.ASSIGNMENT_MODE = "DRAW"


def ready(house, number=0, *, decided="FAST", **changes):
    """Return a triaged case with a debtor of its own."""
    plain = factories.filing().parties
    debtor = dataclasses.replace(plain[1], id_number="", name=f"第{number}商贸公司")
    parties = changes.pop("parties", (plain[0], debtor))
    case = factories.file_case(house, parties=parties, **changes).case
    services.verify(case, cash_found=Decimal("0.00"), at=AT, actor=house.dispatcher)
    reason = "" if decided == "FAST" else "宜由普执团队办理"
    services.triage(case, decided=decided, override_reason=reason, at=AT, actor=house.dispatcher)
    return Case.objects.get(pk=case.pk)


def assign(house, case, **changes):
    return assigning.assign(case, **{"at": AT, "actor": house.dispatcher, **changes})


def ask(house, case, kind, **changes):
    given = {"wanted": [case], "kind": kind, "reason": "法官调离", "at": AT, "actor": house.dispatcher, **changes}
    return asking.ask_assignment(**given)


def decide(house, request, *, is_approved=True, **changes):
    given = {"is_approved": is_approved, "note": "", "at": AT, "actor": house.chief, **changes}
    return asking.decide_assignment(request, **given)


class TestDraw:
    def test_judge_and_starter_are_drawn_and_the_publication_gives_the_same_people(self, house):
        row = assign(house, ready(house))
        assert row.way == "DRAWN"
        assert row.judge in (house.judge, house.judge2)
        assert row.starter in (house.assistant, house.records_clerk)
        case = Case.objects.get(pk=row.case_id)
        assert (case.stage, case.judge, case.owner) == ("ALLOCATED", row.judge, row.starter)
        published = json.loads(json.dumps(publishing.published(row.draw, with_names=False)))
        placed = [{"seat": seat, "case": pk, "person": who} for seat, pk, who in redraw.place(published)]
        assert placed == published["result"]
        assert {(line["seat"], line["person"]) for line in placed} == {
            ("JUDGE", row.judge.pk),
            ("STARTER", row.starter.pk),
        }
        assert redraw.chain_fault(published) == ""

    def test_the_commitment_is_recorded_before_the_seed(self, house):
        row = assign(house, ready(house))
        verbs = Event.objects.of_chain("room:dispatch").values_list("verb", "details")
        committed, opened = [(verb, json.loads(details)) for verb, details in verbs if verb.endswith("_draw")]
        assert (committed[0], committed[1]["commitment"]) == ("commit_draw", row.draw.commitment)
        assert (opened[0], opened[1]["seed"]) == ("open_draw", row.draw.seed)
        assert allocation.commitment(row.draw.inputs) == row.draw.commitment

    def test_what_is_committed_to_names_nobody_and_its_moment_is_before_the_seeds(self, house):
        services.declare_conflict(house.judge, party_name="张安然", relation="近亲属", at=AT, actor=house.dispatcher)
        draw = assign(house, ready(house)).draw
        draw.refresh_from_db()
        assert draw.committed_at < draw.opened_at
        for word in (house.judge.name, house.judge2.name, house.assistant.name, "CONFLICT"):
            assert (word in draw.inputs, word in draw.inside) == (False, True)
        text = json.loads(draw.inputs)
        assert text["inside"] == allocation.commitment(draw.inside)
        assert text["pools"][0]["blocks"][0]["barred"] == [house.judge.pk]
        # The moments are the clock's and stay; what is kept inside cannot be another.
        for changes in ({"opened_at": AT}, {"committed_at": AT}, {"inside": "{}"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Draw.objects.filter(pk=draw.pk).update(**changes)

    def test_what_is_kept_inside_stands_under_its_hash(self, house):
        draw = assign(house, ready(house)).draw
        given = {"mode": "LEAST", "inputs": draw.inputs, "commitment": draw.commitment, "at": AT}
        with pytest.raises(IntegrityError, match="kept inside"), transaction.atomic():
            Draw.objects.create(**given, inside=draw.inside.replace("CONFLICT", "LEAVE") + " ", by=house.dispatcher)

    def test_seeds_are_used_in_order_from_the_published_tip(self, house):
        drawn = [assign(house, ready(house, number)).draw for number in range(4)]
        before = SeedChain.objects.get().tip
        for number, draw in enumerate(drawn, start=1):
            assert draw.number == number
            assert allocation.previous(draw.seed) == before
            before = draw.seed

    def test_the_root_is_encrypted_at_rest(self, house):
        chain = SeedChain.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT root FROM dispatch_seedchain")
            [stored] = cursor.fetchone()
        assert chain.root not in stored
        assert allocation.seed_at(chain.root, steps=chain.length) == chain.tip

    def test_without_a_seed_nothing_is_assigned_and_it_is_said(self, house):
        case = ready(house)
        used = SeedChain.objects.get()
        with pytest.raises(Refused, match="种子"):
            assign(house, case, at=used.published_at)
        assert Case.objects.get(pk=case.pk).stage == "FILED"
        assert not Draw.objects.exists()

    def test_a_chain_serves_from_the_day_after_its_publication_and_the_older_first(self, house):
        assigning.make_chain(length=100, at=AT, actor=house.inspector)
        assert assign(house, ready(house)).draw.chain == SeedChain.objects.order_by("id").first()

    def test_only_inspection_makes_chains(self, house):
        for duty in ("dispatcher", "chief", "system_admin"):
            with pytest.raises(PermissionDenied):
                assigning.make_chain(length=100, at=AT, actor=getattr(house, duty))
        with pytest.raises(Refused, match="种子数"):
            assigning.make_chain(length=5, at=AT, actor=house.inspector)

    def test_the_deterministic_mode_uses_no_seed(self, house, settings):
        settings.ASSIGNMENT_MODE = "LEAST"
        rows = [assign(house, ready(house, number)) for number in range(4)]
        assert [row.judge.name for row in rows] == [house.judge.name, house.judge2.name] * 2
        assert {(row.way, row.draw.seed, row.draw.chain) for row in rows} == {("LEAST", "", None)}

    def test_others_may_not_and_a_case_is_assigned_once(self, house):
        case = ready(house)
        for duty in ("judge", "window_clerk", "chief", "officer", "inspector"):
            with pytest.raises(PermissionDenied):
                assign(house, case, actor=getattr(house, duty))
        assign(house, case)
        with pytest.raises(Refused, match="已分案"):
            assign(house, case)
        untriaged = factories.file_case(house).case
        with pytest.raises(Refused, match="分流"):
            assign(house, untriaged)

    def test_a_dispatcher_who_is_a_judge_too_is_never_drawn(self, house):
        both = factories.UserFactory(role="DISPATCHER", team=house.teams["FAST"], name="阿")
        both.groups.add(*house.judge.groups.all())
        rows = [assign(house, ready(house, number), actor=both) for number in range(6)]
        assert both not in {row.judge for row in rows}
        [seat, _starter] = explaining.explain(rows[0].draw, rows[0].case_id)
        assert "经办人" in next(row.why for row in seat.rows if row.person.id == both.pk)


class TestWhoIsPassedBy:
    def test_a_declared_conflict_with_a_party_an_agent_or_a_representative(self, house):
        for name in ("张安然", "王律师", "李守信"):
            services.declare_conflict(house.judge, party_name=name, relation="近亲属", at=AT, actor=house.dispatcher)
            case = ready(house)
            cases.add_agent(
                case.parties.get(side="APPLICANT"),
                name="王律师",
                kind="LAWYER",
                firm="内蒙古测试律师事务所",
                licence="11503201810000001",
                special=[],
                from_on=AT.date(),
                document="授权委托书",
                at=AT,
                actor=house.window_clerk,
            )
            row = assign(house, case)
            assert row.judge == house.judge2
            [seat, _starter] = explaining.explain(row.draw, case.pk)
            assert [line.why for line in seat.rows if line.person.id == house.judge.pk] == [
                str(explaining.WHY_NOT["CONFLICT"])
            ]
            services.withdraw_conflict(house.judge.conflicts.latest("id"), at=AT, actor=house.dispatcher)

    def test_whoever_sat_on_the_panel_of_an_objection(self, house):
        case = ready(house)
        cases.register_related(
            case,
            relation="OUTSIDER",
            number="",
            court=case.number_court,
            court_name="",
            raised_by="王五",
            matter="对查封的车辆主张所有权",
            received_on=AT.date(),
            filed_on=AT.date(),
            reviewer=house.judge2,
            at=AT,
            actor=house.window_clerk,
        )
        assert assign(house, case).judge == house.judge

    def test_everybody_in_conflict_is_said_and_no_seed_is_used(self, house):
        case = ready(house)
        for judge in (house.judge, house.judge2):
            services.declare_conflict(judge, party_name="张安然", relation="近亲属", at=AT, actor=house.dispatcher)
        with pytest.raises(
            Refused, match=f"没有可以承办的人（{house.judge.name}：已申报.*应当回避；{house.judge2.name}：已申报"
        ):
            assign(house, case)
        assert not Draw.objects.exists()

    def test_whoever_is_on_leave_until_he_is_back(self, house):
        leave = leaves.register_leave(
            user=house.judge,
            cover=house.judge2,
            from_on=AT.date(),
            until_on=factories.moment(2021, 9, 30).date(),
            reason="年休假",
            at=AT,
            actor=house.dispatcher,
        )
        assert {assign(house, ready(house, number)).judge for number in range(4)} == {house.judge2}
        leaves.end_leave(leave, at=AT, actor=house.dispatcher)
        assert assign(house, ready(house, 9)).judge == house.judge

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"cover": "judge"}, "代理人"),
            ({"cover": "judge3"}, "代理人"),
            ({"until_on": factories.moment(2021, 9, 1).date()}, "截止日"),
        ],
    )
    def test_leave_refuses_nonsense(self, house, changes, says):
        given = {"cover": "judge2", "from_on": AT.date(), "until_on": AT.date(), **changes}
        given["cover"] = getattr(house, given["cover"])
        with pytest.raises(Refused, match=says):
            leaves.register_leave(user=house.judge, **given, reason="病假", at=AT, actor=house.chief)
        assert not Leave.objects.exists()

    def test_who_has_too_much_is_not_eligible_and_told_so(self, house, settings):
        settings.ASSIGNMENT_MODE = "LEAST"
        first = [assign(house, ready(house, number)) for number in range(2)]
        settings.ASSIGNMENT_MODE = "DRAW"
        Case.objects.filter(judge=house.judge2).update(judge=house.judge)
        row = assign(house, ready(house, 7))
        assert row.judge == house.judge2
        [seat, _starter] = explaining.explain(row.draw, row.case_id)
        assert "超过上限" in next(line.why for line in seat.rows if line.person.id == house.judge.pk)
        # The line is the least load and the heaviest case still unplaced, here the case itself.
        assert (seat.least, seat.heaviest) == (0, row.weight)
        assert seat.line == seat.least + seat.heaviest
        assert len(first) == 2

    def test_the_why_page_says_how_the_line_came_about(self, house, login):
        row = assign(house, ready(house, 1))
        text = login(house.dispatcher).get(reverse("dispatch:why", args=[row.pk])).content.decode()
        assert "上限 1.00 = 可选人员最低负荷 0.00 + 尚未分出的最重案件 1.00" in text


class TestSeries:
    def test_one_debtors_cases_go_together_and_follow_those_he_has(self, house):
        plain = factories.filing().parties
        rows = [ready(house, parties=plain) for _turn in range(3)]
        done = assigning.assign_many(rows, at=AT, actor=house.dispatcher)
        assert len({row.judge_id for row in done.made}) == 1
        assert len({row.starter_id for row in done.made}) == 1
        assert len({row.draw_id for row in done.made}) == 1
        later = assign(house, ready(house, parties=plain))
        assert (later.way, later.judge_id) == ("SERIES", done.made[0].judge_id)

    def test_the_cover_takes_the_series_of_a_judge_on_leave(self, house):
        third = factories.UserFactory(role="JUDGE", team=house.teams["FAST"])
        plain = factories.filing().parties
        judge = assign(house, ready(house, parties=plain)).judge
        cover = next(user for user in (third, house.judge, house.judge2) if user != judge)
        days = {"from_on": AT.date(), "until_on": AT.date()}
        leaves.register_leave(user=judge, cover=cover, **days, reason="病假", at=AT, actor=house.dispatcher)
        row = assign(house, ready(house, parties=plain))
        assert (row.way, row.judge) == ("SERIES", cover)

    def test_both_streams_in_one_batch(self, house):
        rows = [ready(house, 1), ready(house, 2, decided="ORDINARY"), ready(house, 3)]
        done = assigning.assign_many(rows, at=AT, actor=house.dispatcher)
        assert [row.team.kind for row in done.made] == ["FAST", "ORDINARY", "FAST"]
        assert Draw.objects.count() == 1

    def test_a_batch_leaves_what_cannot_be_placed_and_says_why(self, house):
        factories.UserFactory(role="JUDGE", team=house.teams["ORDINARY"])
        barred = ready(house, 1, cause="买卖合同纠纷")
        for judge in (house.judge, house.judge2):
            services.declare_conflict(judge, party_name="第1商贸公司", relation="近亲属", at=AT, actor=house.dispatcher)
        untriaged, free = factories.file_case(house).case, ready(house, 2)
        done = assigning.assign_many([barred, untriaged, free], at=AT, actor=house.dispatcher)
        assert [row.case_id for row in done.made] == [free.pk]
        assert "回避" in done.left[barred.pk]
        assert "分流" in done.left[untriaged.pk]

    def test_nothing_is_drawn_when_things_changed_since_the_preview(self, house):
        rows = [ready(house, number) for number in range(2)]
        shown = assigning.preview(rows, at=AT, actor=house.dispatcher)
        expected = assigning.fingerprint(shown, shown.left)
        services.declare_conflict(house.judge, party_name="第1商贸公司", relation="同学", at=AT, actor=house.dispatcher)
        with pytest.raises(Refused, match="预览后"):
            assigning.assign_many(rows, expected=expected, at=AT, actor=house.dispatcher)
        shown = assigning.preview(rows, at=AT, actor=house.dispatcher)
        done = assigning.assign_many(
            rows, expected=assigning.fingerprint(shown, shown.left), at=AT, actor=house.dispatcher
        )
        assert len(done.made) == 2

    def test_the_job_assigns_in_chunks_and_again_only_what_is_left(self, house, monkeypatch):
        monkeypatch.setattr("dispatch.tasks.CHUNK", 2)
        monkeypatch.setattr("bureau.clock.now", lambda: AT)
        rows = [ready(house, number) for number in range(5)]
        given = {"cases": [case.pk for case in rows]}
        for _turn in range(2):
            bureau.ask_job("assign_cases", at=AT, actor=house.dispatcher, **given)
            run_jobs()
        first, second = Job.objects.order_by("id")
        assert (first.result, first.done_count, first.total_count) == ({"made": 5, "left": []}, 5, 5)
        assert second.result == {"made": 0, "left": []}
        assert list(Draw.objects.order_by("id").values_list("number", flat=True)) == [1, 2, 3]


class TestWeights:
    def test_streams_sums_and_age_count(self, house):
        light, heavy = ready(house, 1), ready(house, 2, decided="ORDINARY", amount=Decimal("6000000.00"))
        assert (weights.weight_of(light, on=AT.date()), weights.weight_of(heavy, on=AT.date())) == (100, 300)
        assign(house, heavy)
        judge = house.judge3.pk
        loads = assigning.pools.loads_of
        assert loads([judge], "judge", on=AT.date()) == {judge: (300, 1)}
        assert loads([judge], "judge", on=factories.moment(2021, 10, 20).date()) == {judge: (240, 1)}
        assert loads([judge], "judge", on=factories.moment(2022, 1, 20).date()) == {judge: (180, 1)}
        assert loads([judge], "judge", on=factories.moment(2022, 6, 1).date()) == {judge: (300, 1)}


class TestRequests:
    def test_a_named_judge_needs_reason_and_another_who_agrees(self, house):
        case = ready(house)
        with pytest.raises(Refused, match="理由"):
            ask(house, case, "NAMED", judge=house.judge2, reason="  ")
        with pytest.raises(Refused, match="选择承办法官"):
            ask(house, case, "NAMED")
        request = ask(house, case, "NAMED", judge=house.judge2)
        for actor in (house.dispatcher, house.president, house.inspector, house.judge2):
            with pytest.raises(PermissionDenied):
                decide(house, request, actor=actor)
        assert not Assignment.objects.exists()
        decide(house, request)
        row = Assignment.objects.get()
        assert (row.way, row.judge, row.request, row.reason) == ("NAMED", house.judge2, request, "法官调离")
        assert row.starter in (house.assistant, house.records_clerk)
        [seat, _starter] = explaining.explain(row.draw, case.pk)
        assert "指定" in seat.holder
        with pytest.raises(Refused, match="已有决定"):
            decide(house, request)

    def test_nobody_approves_his_own_request_even_with_both_roles(self, house):
        house.dispatcher.groups.add(*house.chief.groups.all())
        actor = type(house.dispatcher).objects.get(pk=house.dispatcher.pk)
        request = ask(house, ready(house), "NAMED", judge=house.judge, actor=actor)
        with pytest.raises(Refused, match="由您提出"):
            decide(house, request, actor=actor)
        with pytest.raises(IntegrityError), transaction.atomic():
            AssignmentRequest.objects.filter(pk=request.pk).update(state="APPROVED", decided_by=actor)

    def test_a_conflicted_absent_or_foreign_judge_cannot_be_named(self, house):
        case = ready(house)
        with pytest.raises(Refused, match="不能承办"):
            ask(house, case, "NAMED", judge=house.judge3)
        request = ask(house, case, "NAMED", judge=house.judge)
        services.declare_conflict(house.judge, party_name="张安然", relation="近亲属", at=AT, actor=house.dispatcher)
        with pytest.raises(Refused, match="不能承办"):
            decide(house, request)
        request.refresh_from_db()
        assert request.state == "WAITING"

    def test_a_refusal_says_which_rule_stands_against_whom(self, house):
        case, other = ready(house, 1), ready(house, 2)
        days = {"from_on": AT.date(), "until_on": AT.date()}
        leaves.register_leave(
            user=house.judge2, cover=house.judge, **days, reason="病假", at=AT, actor=house.dispatcher
        )
        services.declare_conflict(house.judge, party_name="第1商贸公司", relation="近亲属", at=AT, actor=house.judge)
        team = house.judge3.team.name
        for judge, said in (
            (house.judge, "已申报与本案当事人、代理人有利害关系，应当回避$"),
            (house.judge2, "请假$"),
            (house.judge3, f"在{team}，不在办理本案（{case.get_stream_display()}）的团队$"),
        ):
            with pytest.raises(Refused, match=f"{judge.name}不能承办 {re.escape(case.display_number)}：{said}"):
                ask(house, case, "NAMED", judge=judge)
        held = assign(house, other)
        with pytest.raises(Refused, match=f"{held.judge.name}不能承办 .*：是现承办法官，案件须交他人$"):
            ask(house, held.case, "NAMED", judge=held.judge)
        request = ask(house, held.case, "REDRAW")
        with pytest.raises(
            Refused, match=f"{re.escape(held.case.display_number)}：没有可以承办的人.*{house.judge2.name}：请假"
        ):
            decide(house, request)

    def test_drawing_again_leaves_the_present_judge_and_keeps_the_starter(self, house):
        first = assign(house, ready(house))
        case = Case.objects.get(pk=first.case_id)
        decide(house, ask(house, case, "REDRAW"))
        case.refresh_from_db()
        first.refresh_from_db()
        second = Assignment.objects.live().get()
        # Of two judges the present one must leave it: nobody else was there to be drawn.
        assert (first.end, second.way) == ("REASSIGNED", "ONLY")
        assert second.judge != first.judge
        assert (case.judge, case.owner, second.starter) == (second.judge, first.starter, first.starter)
        assert Event.objects.of_chain(f"case:{case.pk}").filter(verb="change_judge").count() == 1

    def test_taking_back_lets_the_case_wait_again_with_its_clock(self, house):
        first = assign(house, ready(house))
        case = Case.objects.get(pk=first.case_id)
        decide(house, ask(house, case, "TAKE_BACK"))
        case.refresh_from_db()
        assert (case.stage, case.judge, case.owner, case.stream) == ("FILED", None, None, "FAST")
        assert case.team == house.teams["COMMAND"]
        running = Deadline.objects.running().filter(case=case).values_list("node", flat=True)
        assert "TRIAGE" in running
        # What is queried from filing on is owed whoever holds the case.
        assert "QUERY_LAUNCH" in running
        assert "ASK_CLUES" not in running
        again = assign(house, case)
        assert again.draw.number == first.draw.number + 1
        running = list(Deadline.objects.running().filter(case=case, node="QUERY_LAUNCH"))
        assert len(running) == 1

    def test_a_started_case_is_not_taken_back(self, house):
        case = Case.objects.get(pk=assign(house, ready(house)).case_id)
        cases.start(case, at=AT, actor=case.owner.team.staff.get(username="assistant"))
        with pytest.raises(Refused, match="待启动"):
            ask(house, case, "TAKE_BACK")

    def test_one_request_at_a_time_and_it_can_be_withdrawn(self, house):
        case = ready(house)
        request = ask(house, case, "NAMED", judge=house.judge)
        with pytest.raises(Refused, match="待批准"):
            ask(house, case, "NAMED", judge=house.judge2)
        other = factories.UserFactory(role="DISPATCHER", team=house.teams["COMMAND"])
        with pytest.raises(PermissionDenied):
            asking.withdraw_assignment(request, at=AT, actor=other)
        asking.withdraw_assignment(request, at=AT, actor=house.dispatcher)
        ask(house, case, "NAMED", judge=house.judge2)

    def test_a_refusal_says_why(self, house):
        request = ask(house, ready(house), "NAMED", judge=house.judge)
        with pytest.raises(Refused, match="理由"):
            decide(house, request, is_approved=False)
        decide(house, request, is_approved=False, note="应当抽签")
        assert not Assignment.objects.exists()


class TestPending:
    def test_what_is_asked_for_is_not_drawn_over_the_deciders_head(self, house):
        case, other = ready(house, 1), ready(house, 2)
        request = ask(house, case, "NAMED", judge=house.judge)
        with pytest.raises(Refused, match="尚待批准"):
            assign(house, case)
        done = assigning.assign_many([case, other], at=AT, actor=house.dispatcher)
        assert ([row.case for row in done.made], list(done.left)) == ([other], [case.pk])
        decide(house, request, is_approved=False, note="应当抽签")
        # The other judge has the other case by now: by load this one is alone.
        assert assign(house, Case.objects.get(pk=case.pk)).way == "ONLY"

    def test_one_query_asks_it_of_the_whole_list(self, house):
        rows = [ready(house, number) for number in range(4)]
        ask(house, rows[2], "NAMED", judge=house.judge)
        with CaptureQueriesContext(connection) as seen:
            assert list(assigning.preview(rows, at=AT, actor=house.dispatcher).left) == [rows[2].pk]
        asked = [query["sql"] for query in seen if 'FROM "dispatch_assignmentrequest_cases"' in query["sql"]]
        assert len(asked) == 1, asked

    def test_a_refusal_to_decide_says_which_rule(self, house):
        request = ask(house, ready(house, 1), "NAMED", judge=house.judge)
        Group.objects.get(name="CHIEF").user_set.add(house.dispatcher, house.judge)
        for actor, said in ((house.dispatcher, "由您提出"), (house.judge, "指定由您承办")):
            with pytest.raises(Refused, match=said):
                decide(house, request, actor=User.objects.get(pk=actor.pk))


class TestSpread:
    def test_reasons_sum_to_the_difference_and_shares_to_the_whole(self, house):
        days = {"from_on": AT.date(), "until_on": AT.date()}
        leaves.register_leave(
            user=house.assistant, cover=house.records_clerk, **days, reason="病假", at=AT, actor=house.dispatcher
        )
        services.declare_conflict(house.judge, party_name="第2商贸公司", relation="同学", at=AT, actor=house.dispatcher)
        for number in range(5):
            assign(house, ready(house, number))
        decide(house, ask(house, ready(house, 8), "NAMED", judge=house.judge))
        report = spread.report(*spread.week_of(AT.date()))
        assert (report.draws, report.counts["assigned"], report.counts["NAMED"]) == (6, 6, 1)
        for seat in ("JUDGE", "STARTER"):
            shares = [share for share in report.shares if share.seat == seat]
            assert sum(share.real for share in shares) == sum(share.expected for share in shares) == 600
            for share in shares:
                assert share.difference == sum(share.reasons.values())
        away = next(share for share in report.shares if share.user == house.assistant.pk)
        assert (away.real, away.reasons["AWAY"]) == (0, -300)
        apart = next(share for share in report.shares if share.user == house.judge.pk)
        assert apart.reasons["APART"] < 0
        assert (apart.named, apart.reasons["NAMED"]) == (1, 50)

    def test_a_case_drawn_again_counts_where_it_stands_and_the_former_judge_kept_off_for_that(self, house):
        first = assign(house, ready(house, 1))
        decide(house, ask(house, first.case, "REDRAW"))
        report = spread.report(*spread.week_of(AT.date()))
        judges = {share.user: share for share in report.shares if share.seat == "JUDGE"}
        assert sum(share.real for share in judges.values()) == 100
        former = judges[first.judge_id]
        assert (former.real, former.reasons["APART"]) == (0, 0)
        assert former.reasons["AGAIN"] < 0
        assert report.counts["assigned"] == 1
        starters = [share for share in report.shares if share.seat == "STARTER"]
        assert sum(share.real for share in starters) == 100

    def test_a_case_taken_back_is_nobodys_share(self, house):
        row = assign(house, ready(house, 1))
        decide(house, ask(house, row.case, "TAKE_BACK"))
        assert spread.report(*spread.week_of(AT.date())).shares == []

    def test_a_week_without_draws_is_empty(self, house):
        assert spread.report(*spread.week_of(factories.moment(2021, 1, 1).date())).shares == []


class TestTheDatabaseKeeps:
    def _row(self, house, **changes):
        text = "{}"
        given = {"mode": "DRAW", "inputs": text, "commitment": allocation.commitment(text), "number": 1, "at": AT}
        chain = SeedChain.objects.get()
        return Draw.objects.create(**{**given, "chain": chain, "by": house.dispatcher, **changes})

    @pytest.mark.parametrize("changes", [{"number": 2}, {"seed": "a" * 64}, {"commitment": "0" * 64}])
    def test_a_skipped_seed_one_before_its_time_and_a_false_hash(self, house, changes):
        with pytest.raises(IntegrityError), transaction.atomic():
            self._row(house, **changes)

    def test_no_other_seed_no_second_seed_and_no_other_inputs(self, house):
        draw = self._row(house)
        chain = SeedChain.objects.get()
        right = allocation.seed_at(chain.root, steps=chain.length - 1)
        for fields in ({"seed": "a" * 64}, {"seed": chain.tip}, {"inputs": "{ }"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Draw.objects.filter(pk=draw.pk).update(**fields)
        Draw.objects.filter(pk=draw.pk).update(seed=right)
        for fields in ({"seed": ""}, {"seed": right, "number": 2}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Draw.objects.filter(pk=draw.pk).update(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            draw.delete()

    def test_no_draw_while_the_seed_of_the_last_is_not_shown(self, house):
        self._row(house)
        with pytest.raises(IntegrityError), transaction.atomic():
            self._row(house, number=2)

    def test_a_case_has_one_standing_assignment(self, house):
        row = assign(house, ready(house))
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


class TestTriageBehindIt:
    """What verification and the table decide is what the draw goes by."""

    def test_a_filing_back_at_its_window_is_not_drawn_until_it_is_answered(self, house):
        case, other = ready(house), ready(house, 1)
        sent = verifyservices.send_back_filing(case, defects=["MATERIALS"], at=AT, actor=house.dispatcher)
        assert list(assignable(house.dispatcher)) == [other]
        with pytest.raises(Refused, match="退回窗口补正"):
            assign(house, case)
        done = assigning.assign_many([case, other], at=AT, actor=house.dispatcher)
        assert [row.case_id for row in done.made] == [other.pk]
        assert "退回窗口补正" in done.left[case.pk]
        with pytest.raises(Refused, match="退回窗口补正"):
            ask(house, case, "NAMED", judge=house.judge)
        verifyservices.answer_send_back(sent, note="已补", is_unchanged=True, at=AT, actor=house.window_clerk)
        assert list(assignable(house.dispatcher)) == [case]
        assert assign(house, case).case_id == case.pk

    def test_taken_back_it_waits_in_the_stream_of_the_verdict_given_anew(self, house):
        case = ready(house, decided="ORDINARY")
        assign(house, case)
        anew = retriageservices.propose_anew(case, reason="复核", at=AT, actor=house.dispatcher)
        retriageservices.answer_retriage(anew, is_confirmed=True, at=AT, actor=house.dispatcher)
        assert Case.objects.get(pk=case.pk).stream == "ORDINARY"
        # Whoever confirms has asked for it in the same act.
        decide(house, AssignmentRequest.objects.waiting().get(kind="TAKE_BACK"))
        case = Case.objects.get(pk=case.pk)
        assert (case.stage, case.stream, case.verdict.decided) == ("FILED", "FAST", "FAST")
        assert assign(house, case).judge in (house.judge, house.judge2)

    def test_of_two_who_decide_the_second_draws_nobody(self, house):
        case = ready(house)
        with pytest.raises(Refused, match="已由"):
            services.decide(case, facts={}, decided="FAST", at=AT, actor=house.dispatcher)
        assert not Draw.objects.exists()
        seen = case.verdict.edition
        services.decide(case, facts={}, decided="FAST", seen=seen, at=AT, actor=house.dispatcher)
        assert Draw.objects.count() == 1
