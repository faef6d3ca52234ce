"""The roster of judges on duty: planned, filled by turns, swapped, never rewritten; the query takes who is on it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bureau import clock
from bureau.errors import Refused
from bureau.models import Event, User
from cases import services as cases
from dispatch import duties, leaves, roster
from dispatch.dutypages import coming_gaps, items
from dispatch.models import DutyTurn
from tests import factories
from tests.at_once import faults, race
from tests.factories import moment
from wuhai_exec import desks

AT = moment(2021, 9, 1, 9)  # a Wednesday
TODAY = AT.date()
DAY = dt.timedelta(days=1)
FRIDAY, SATURDAY, MONDAY = dt.date(2021, 9, 3), dt.date(2021, 9, 4), dt.date(2021, 9, 6)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def plan(house, turns, **changes):
    return duties.plan_duty(turns, **{"at": AT, "actor": house.dispatcher} | changes)


def standing() -> dict[dt.date, User]:
    return {turn.on: turn.judge for turn in DutyTurn.objects.standing().for_list()}


def away(house, user, cover, first, last):
    days = {"from_on": first, "until_on": last}
    return leaves.register_leave(user=user, cover=cover, **days, reason="病假", at=AT, actor=house.dispatcher)


class TestPlanning:
    def test_a_day_has_one_judge_and_a_change_needs_a_reason_and_keeps_what_was(self, house):
        plan(house, {TODAY: house.judge, FRIDAY: house.judge2})
        with pytest.raises(Refused, match="请写明理由") as refusal:
            plan(house, {TODAY: house.judge2})
        assert list(refusal.value.by_field) == ["reason"]
        plan(house, {TODAY: house.judge2, FRIDAY: house.judge2}, reason="外出执行", actor=house.chief)
        assert standing() == {TODAY: house.judge2, FRIDAY: house.judge2}
        gone = DutyTurn.objects.get(ended_at__isnull=False)
        assert (gone.judge, gone.ended_by, gone.end_reason) == (house.judge, house.chief, "外出执行")
        assert Event.objects.filter(verb="plan_duty").count() == 2

    def test_a_day_is_left_open_again(self, house):
        plan(house, {TODAY: house.judge})
        plan(house, {TODAY: None}, reason="排班有误")
        assert standing() == {}
        assert duties.judge_on(TODAY) is None

    @pytest.mark.parametrize(
        ("who", "day", "words"),
        [("judge", TODAY - DAY, "已过"), ("officer", TODAY, "不是在职员额法官"), ("judge2", FRIDAY, "请假")],
    )
    def test_what_cannot_be_is_said_beside_its_day(self, house, who, day, words):
        away(house, house.judge2, house.judge, FRIDAY, FRIDAY)
        with pytest.raises(Refused, match=words) as refusal:
            plan(house, {day: getattr(house, who)})
        assert list(refusal.value.by_field) == [f"day_{day}"]

    def test_nothing_changed_is_refused(self, house):
        plan(house, {TODAY: house.judge})
        with pytest.raises(Refused, match="没有变化"):
            plan(house, {TODAY: house.judge, FRIDAY: None})

    def test_nobody_else_plans(self, house):
        for stranger in (house.judge, house.assistant, house.inspector, house.window_clerk):
            with pytest.raises(PermissionDenied):
                plan(house, {TODAY: house.judge}, actor=stranger)

    def test_the_database_keeps_who_was_on_duty(self, house):
        turn = plan(house, {TODAY: house.judge})
        for change in (turn.delete, lambda: DutyTurn.objects.update(judge=house.judge2)):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyTurn.objects.create(on=TODAY, judge=house.judge2, set_by=house.chief, set_at=AT)

    def test_who_is_on_leave_or_has_left_is_not_on_duty(self, house):
        plan(house, {TODAY: house.judge, FRIDAY: house.judge3})
        assert duties.judge_on(TODAY) == house.judge
        away(house, house.judge, house.judge2, TODAY, TODAY)
        assert duties.judge_on(TODAY) is None
        User.objects.filter(pk=house.judge3.pk).update(is_active=False)
        assert duties.judge_on(FRIDAY) is None


class TestSwapping:
    def test_two_days_change_places(self, house):
        plan(house, {TODAY: house.judge, FRIDAY: house.judge2})
        duties.swap_duty(TODAY, FRIDAY, reason="协商调班", at=AT, actor=house.dispatcher)
        assert standing() == {TODAY: house.judge2, FRIDAY: house.judge}
        assert DutyTurn.objects.filter(ended_at=AT, end_reason="协商调班").count() == 2
        assert Event.objects.get(verb="swap_duty").actor == house.dispatcher

    def test_it_needs_two_different_turns_and_a_reason(self, house):
        plan(house, {TODAY: house.judge, FRIDAY: house.judge2, MONDAY: house.judge})
        for first, second, reason, words in (
            (TODAY, FRIDAY, " ", "对调理由"),
            (TODAY, TODAY, "x", "不同的日期"),
            (TODAY, SATURDAY, "x", "没有排定"),
            (TODAY, MONDAY, "x", "同一人"),
        ):
            with pytest.raises(Refused, match=words):
                duties.swap_duty(first, second, reason=reason, at=AT, actor=house.dispatcher)
        away(house, house.judge2, house.judge, TODAY, TODAY)
        with pytest.raises(Refused, match="请假"):
            duties.swap_duty(TODAY, FRIDAY, reason="x", at=AT, actor=house.dispatcher)


class TestFilling:
    def test_working_days_go_round_and_what_is_planned_stays(self, house):
        plan(house, {FRIDAY: house.judge})
        away(house, house.judge2, house.judge, MONDAY, MONDAY)
        duties.fill_duty(TODAY, MONDAY + 4 * DAY, at=AT, actor=house.dispatcher)
        made = standing()
        assert SATURDAY not in made
        assert len(made) == 8
        assert made[FRIDAY] == house.judge
        assert made[MONDAY] == house.judge3
        counts = sorted(list(made.values()).count(judge) for judge in (house.judge, house.judge2, house.judge3))
        assert counts == [2, 3, 3]
        with pytest.raises(Refused, match="没有可以排定的空缺"):
            duties.fill_duty(TODAY, MONDAY, at=AT, actor=house.dispatcher)
        with pytest.raises(Refused, match="工作日"):
            duties.fill_duty(TODAY - 7 * DAY, TODAY - DAY, at=AT, actor=house.dispatcher)

    @given(
        judges=st.sets(st.integers(1, 9), min_size=1, max_size=6),
        count=st.integers(1, 40),
        absent=st.sets(st.tuples(st.integers(1, 9), st.integers(0, 39)), max_size=60),
    )
    def test_nobody_away_is_chosen_and_without_absence_the_load_is_even(self, judges, count, absent):
        days = [TODAY + number * DAY for number in range(count)]
        missing = {(judge, TODAY + number * DAY) for judge, number in absent}
        made = roster.rotation(days, judges=judges, standing={}, away=missing)
        assert not {(judge, day) for day, judge in made.items()} & missing
        assert set(days) - set(made) == {day for day in days if all((judge, day) in missing for judge in judges)}
        even = roster.rotation(days, judges=judges, standing={}, away=())
        shares = [list(even.values()).count(judge) for judge in judges]
        assert max(shares) - min(shares) <= 1


class TestGaps:
    def test_a_working_day_without_a_judge_is_raised_beforehand_in_one_line(self, house):
        assert sorted(coming_gaps(TODAY)) == [TODAY, TODAY + DAY, FRIDAY, MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
        line = next(item for item in items(house.dispatcher, today=TODAY) if item.kind == "值班空缺")
        assert f"on={TODAY}" in line.url
        # It stands behind the cases: never between one decision and the next.
        factories.file_case(house, at=AT)
        waiting = desks.items_for(house.dispatcher, today=TODAY)
        assert [item.kind for item in waiting] == ["待分流", "值班空缺"]
        duties.fill_duty(TODAY, MONDAY + 7 * DAY, at=AT, actor=house.dispatcher)
        assert list(items(house.chief, today=TODAY)) == []
        User.objects.filter(pk=standing()[FRIDAY].pk).update(is_active=False)
        line = next(iter(items(house.chief, today=TODAY)))
        assert f"on={FRIDAY}" in line.url
        assert "09-03" in line.title
        assert list(items(house.assistant, today=TODAY)) == []

    def test_the_judge_on_duty_is_told(self, house):
        plan(house, {TODAY: house.judge})
        assert [item.kind for item in items(house.judge, today=TODAY)] == ["今日值班"]
        assert list(items(house.judge2, today=TODAY)) == []


class TestQueries:
    def test_the_query_is_in_the_name_of_whoever_is_on_duty(self, house):
        plan(house, {TODAY: house.judge2})
        case = factories.file_case(house, at=AT).case
        cases.launch_query(case, provider="NATIONAL", judge=house.judge, at=AT, actor=house.assistant)
        assert case.network_queries.get().judge == house.judge2

    def test_an_assigned_case_keeps_its_own_judge(self, house):
        plan(house, {TODAY: house.judge3})
        case = factories.assign(house, factories.file_case(house, at=AT).case)
        cases.launch_query(case, provider="NATIONAL", at=AT, actor=house.assistant)
        assert case.network_queries.get().judge == case.judge != house.judge3

    def test_an_urgent_freeze_is_recorded_in_his_name(self, house):
        plan(house, {TODAY: house.judge2})
        case = factories.file_case(house, at=AT).case
        factories.control(case, at=AT, actor=house.assistant, from_on=TODAY)
        event = Event.objects.get(verb="take_control")
        assert f'"judge":{house.judge2.pk}' in event.details

    def test_the_page_asks_for_no_judge_on_a_day_with_one(self, house):
        case = factories.file_case(house).case
        client, address = signed_in(house.assistant), reverse("cases:query_case", args=[case.pk])
        assert 'name="judge"' in client.get(address).content.decode()
        DutyTurn.objects.create(on=clock.today(), judge=house.judge2, set_by=house.chief, set_at=clock.now())
        for page in (address, reverse("cases:queries")):
            text = client.get(page).content.decode()
            assert 'name="judge"' not in text
            assert house.judge2.name in text
        client.post(reverse("cases:launch_many"), {"case": case.pk, "provider": "NATIONAL"})
        assert case.network_queries.get().judge == house.judge2


class TestPages:
    def test_the_planner_fills_changes_and_swaps_a_week(self, house):
        client, today = signed_in(house.dispatcher), clock.today()
        monday = today - today.weekday() * DAY + 7 * DAY
        page = f"{reverse('dispatch:duty')}?on={monday}"
        assert client.get(page).status_code == 200
        week = {"week": str(monday)}
        fill = client.post(reverse("dispatch:fill_duty"), week | {"first": str(monday), "weeks": "1"})
        assert fill.headers["Location"] == page
        made = standing()
        first = min(made)
        others = {f"day_{on}": judge.pk for on, judge in made.items()}
        wanted = next(judge for judge in (house.judge, house.judge2) if judge != made[first])
        given = week | others | {f"day_{first}": wanted.pk}
        answer = client.post(reverse("dispatch:plan_duty"), given)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "请写明理由" in text
        assert f'value="{wanted.pk}" selected' in text
        assert client.post(reverse("dispatch:plan_duty"), given | {"reason": "外出执行"}).status_code == 302
        assert standing()[first] == wanted
        assert "外出执行" in client.get(page).content.decode()
        second = next(on for on, judge in sorted(standing().items()) if judge != wanted)
        swap = week | {"on": str(first), "other_on": str(second), "reason": "协商"}
        assert client.post(reverse("dispatch:swap_duty"), swap | {"reason": ""}).status_code == 422
        assert client.post(reverse("dispatch:swap_duty"), swap).status_code == 302
        assert standing()[second] == wanted

    def test_others_read_and_change_nothing(self, house):
        for reader in (house.judge, house.assistant, house.window_clerk, house.inspector):
            text = signed_in(reader).get(reverse("dispatch:duty")).content.decode()
            assert "<select" not in text

    def test_leave_over_a_turn_is_said(self, house):
        today = clock.today()
        DutyTurn.objects.create(on=today, judge=house.judge, set_by=house.chief, set_at=clock.now())
        given = {
            "user": house.judge.pk,
            "cover": house.judge2.pk,
            "from_on": today,
            "until_on": today,
            "reason": "病假",
        }
        answer = signed_in(house.dispatcher).post(reverse("dispatch:leaves"), given, follow=True)
        assert "请调整值班表" in answer.content.decode()

    def test_programs_plan_fill_swap_and_read(self, house):
        client, today = signed_in(house.chief), clock.today()

        def post(name, body):
            return client.post(reverse(f"dispatch_api:{name}"), body, content_type="application/json")

        assert post("plan_duty", {"on": str(today), "judge": house.judge.pk}).json()["kind"] == "dutyturn"
        refused = post("plan_duty", {"on": str(today), "judge": house.judge2.pk})
        assert refused.status_code == 422
        assert list(refused.json()["fields"]) == ["reason"]
        assert post("fill_duty", {"first": str(today), "weeks": "2"}).status_code == 200
        other = next(on for on, judge in sorted(standing().items()) if judge != house.judge)
        assert post("swap_duty", {"on": str(today), "other_on": str(other), "reason": "协商"}).status_code == 200
        rows = client.get(reverse("dispatch_api:duty"), {"from_on": str(today), "until_on": str(today)}).json()
        assert [(row["judge_name"], row["end_reason"]) for row in rows["results"]] == [
            (house.judge.name, "协商"),
            (standing()[today].name, ""),
        ]


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_leave_one_judge_a_day(house):
    answers = race([lambda judge=judge: plan(house, {FRIDAY: judge}) for judge in (house.judge, house.judge2)])
    assert [type(fault) for fault in faults(answers)] == [Refused]
    assert DutyTurn.objects.count() == 1
