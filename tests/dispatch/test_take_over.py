"""Taking over an absent colleague's desk: what moves, what is left and why, what never moves."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Payout
from assets import services as assets
from bureau.errors import Refused
from bureau.models import Event
from cases import services as cases
from cases.models import Case, Deadline, WorkOrder
from dispatch import leaves, services
from dispatch.desk import items
from dispatch.models import TakeOver
from tests import factories, kept
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 16)
ADDRESS = "/command/take-over/"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("bureau.clock.now", lambda: AT)
    monkeypatch.setattr("bureau.clock.today", AT.date)


@pytest.fixture
def desk(house) -> list[Case]:
    parties = list(factories.filing().parties)
    second = (type(parties[0])(**{**vars_of(parties[0]), "name": "王小明", "id_number": ""}), parties[1])
    return [
        kept.running_case(house),
        factories.into_stream(house, factories.file_case(house, payee=False, parties=second).case),
    ]


def vars_of(party):
    return {name: getattr(party, name) for name in party.__dataclass_fields__}


def take(house, **changes) -> TakeOver:
    words = {"taker": house.officer2, "reason": "病假", "at": AT, "actor": house.judge}
    return services.take_over(house.officer, **{**words, **changes})


def work_for(house, case, *, taken_by) -> WorkOrder:
    """Ask the fast team for something on a case of the ordinary team, and let a member take it."""
    order = cases.request_work(
        case, kind="OTHER", to_team=house.teams["FAST"], text="协助", at=AT, actor=house.officer3
    )
    return cases.accept_work(order, at=AT, actor=taken_by)


def owner(case) -> str:
    return Case.objects.get(pk=case.pk).owner.username


def test_owned_stages_and_accepted_orders_move_in_one_act(house, desk):
    other = factories.into_stream(house, factories.file_case(house).case, team="ORDINARY")
    order = work_for(house, other, taken_by=house.officer)
    row = take(house)
    assert [owner(case) for case in desk] == ["officer2", "officer2"]
    order.refresh_from_db()
    assert order.taken_by == house.officer2
    assert (len(row.moved), row.left) == (3, [])
    for case in desk:
        [event] = Event.objects.of_chain(f"case:{case.pk}").filter(verb="pass_stage")
        assert event.actor == house.judge
    assert Event.objects.of_chain(f"case:{other.pk}").filter(verb="pass_work").count() == 1
    [act] = Event.objects.filter(chain="room:dispatch", verb="take_over")
    assert f'"absent":{house.officer.pk}' in act.details
    assert owner(other) == "officer3"


def test_a_declared_conflict_leaves_that_item_and_says_why(house, desk):
    services.declare_conflict(house.officer2, party_name="王小明", relation="表兄", at=AT, actor=house.dispatcher)
    row = take(house)
    assert owner(desk[0]) == "officer2"
    assert owner(desk[1]) == "officer"
    [left] = row.left
    assert (left["number"], left["why"], left["relation"]) == (desk[1].number, "CONFLICT", "表兄")


def test_a_conflict_by_number_bars_an_order_too_and_a_withdrawn_one_does_not(house, desk):
    other = factories.into_stream(house, factories.file_case(house).case, team="ORDINARY")
    order = work_for(house, other, taken_by=house.officer)
    conflict = services.declare_conflict(
        house.officer2,
        party_name="张某",
        id_number="11010519491231002X",
        relation="同学",
        at=AT,
        actor=house.dispatcher,
    )
    row = take(house)
    assert sorted(item["what"] for item in row.left) == ["STAGE", "WORK"]
    services.withdraw_conflict(conflict, at=AT, actor=house.dispatcher)
    assert [item["what"] for item in take(house).moved] == ["STAGE", "WORK"]
    order.refresh_from_db()
    assert order.taken_by == house.officer2


def test_approvals_checks_and_the_judge_never_move(house, desk):
    case = desk[0]
    factories.deposit(house, case, "50000.00", serial="T1")
    payout = factories.payout(house, case, "20000.00", reference="T1", until="REQUESTED")
    before = Case.objects.get(pk=case.pk).judge
    take(house)
    case = Case.objects.get(pk=case.pk)
    payout = Payout.objects.get(pk=payout.pk)
    assert case.judge == before
    assert (payout.requested_by, payout.checked_by, payout.state) == (house.officer, None, "REQUESTED")


def test_an_absent_judge_has_nothing_that_moves(house, desk):
    judge = desk[0].judge
    with pytest.raises(Refused, match="没有可接管"):
        services.take_over(judge, taker=house.officer, reason="出差", at=AT, actor=house.chief)
    assert not TakeOver.objects.exists()


@pytest.mark.parametrize("duty", ["officer3", "judge3", "assistant", "inspector", "president", "finance", "officer"])
def test_only_a_head_of_the_same_team_or_the_chief_decides(house, desk, duty):
    with pytest.raises(PermissionDenied):
        take(house, actor=getattr(house, duty))
    assert owner(desk[0]) == "officer"


@pytest.mark.parametrize("duty", ["judge2", "judge", "chief"])
def test_heads_and_the_chief_decide(house, desk, duty):
    take(house, actor=getattr(house, duty))
    assert owner(desk[0]) == "officer2"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"taker": "officer"}, "同一团队"),
        ({"taker": "officer3"}, "同一团队"),
        ({"taker": "judge"}, "不能承办"),
        ({"reason": " "}, "理由"),
    ],
)
def test_a_taker_who_does_not_fit_is_refused(house, desk, changes, said):
    if "taker" in changes:
        changes = {"taker": getattr(house, changes["taker"])}
    with pytest.raises(Refused, match=said):
        take(house, **changes)
    assert owner(desk[0]) == "officer"


def test_the_page_acts_and_lists_what_was_left(house, desk, login):
    services.declare_conflict(house.officer2, party_name="王小明", relation="表兄", at=AT, actor=house.dispatcher)
    client = login(house.judge)
    wrong = client.post(ADDRESS, {"absent": house.officer.pk, "taker": house.officer3.pk, "reason": "年休假"})
    assert wrong.status_code == 422
    assert "taker" in wrong.context["form"].errors
    assert "年休假" in wrong.content.decode()
    for hostile in ("x' OR 1=1", "999999999", "\x00"):
        body = {"absent": hostile, "taker": house.officer2.pk, "reason": "病假"}
        assert client.post(ADDRESS, body).status_code == 422
    body = {"absent": house.officer.pk, "taker": house.officer2.pk, "reason": "病假"}
    page = client.post(ADDRESS, body, follow=True)
    text = page.content.decode()
    assert "已接管 1 项，留下 1 项" in text
    assert desk[1].number in text
    assert "接管人已申报回避" in text
    assert desk[1].number not in login(house.officer3).get(ADDRESS).content.decode()
    assert login(house.assistant).get(ADDRESS).status_code == 403


def test_a_look_lists_what_would_move_and_what_not_and_moves_nothing(house, desk, login):
    services.declare_conflict(house.officer2, party_name="王小明", relation="表兄", at=AT, actor=house.dispatcher)
    events = Event.objects.count()
    body = {"absent": house.officer.pk, "taker": house.officer2.pk, "look": "1"}
    page = login(house.judge).post(ADDRESS, body)
    text = page.content.decode()
    assert (page.status_code, "将移交 1 项" in text, "将留下 1 项" in text) == (200, True, True)
    assert all(case.number in text for case in desk)
    assert (owner(desk[0]), TakeOver.objects.count(), Event.objects.count()) == ("officer", 0, events)


def test_only_colleagues_with_a_desk_and_at_work_are_offered(house, desk, login):
    leaves.register_leave(
        user=house.officer2,
        cover=house.officer,
        from_on=AT.date(),
        until_on=AT.date(),
        reason="年休假",
        at=AT,
        actor=house.dispatcher,
    )
    form = login(house.chief).get(ADDRESS).context["form"]
    takers = set(form.fields["taker"].queryset)
    assert house.officer in takers
    assert not {house.officer2, house.judge, house.finance, house.inspector} & takers
    assert not {house.finance, house.inspector, house.president} & set(form.fields["absent"].queryset)


def test_the_database_refuses_an_act_on_ones_own_desk(house):
    plain = {"team": house.teams["FAST"], "reason": "x", "at": AT}
    for words in (
        {"absent": house.officer, "taker": house.officer, "by": house.judge},
        {"absent": house.officer, "taker": house.officer2, "by": house.officer},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            TakeOver.objects.create(**plain, **words)


def test_two_who_take_over_the_same_desk_at_once_do_not_both_get_it(transactional_db):
    house = factories.House.build()
    owned = [kept.running_case(house) for _turn in range(4)]
    staff = [
        factories.UserFactory(username=f"o{number}", role="OFFICER", team=house.teams["FAST"]) for number in range(8)
    ]
    answers = race(
        [
            lambda user=user: services.take_over(house.officer, taker=user, reason="病假", at=AT, actor=house.judge)
            for user in staff
        ]
    )
    rows = [answer for answer in answers if isinstance(answer, TakeOver)]
    assert len(rows) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 7
    assert {owner(case) for case in owned} == {rows[0].taker.username}
    assert Event.objects.filter(verb="pass_stage").count() == 4


def test_whoever_was_absent_sees_who_has_his_work_now(house, desk):
    take(house)
    [line] = [item for item in items(house.officer, today=AT.date()) if item.kind == "工作已被接管"]
    assert "2 项" in line.title
    assert house.officer2.name in line.title
    late = moment(2021, 10, 1).date()
    assert not [item for item in items(house.officer, today=late) if item.kind == "工作已被接管"]


class TestRecusal:
    def _declare(self, house, user):
        return services.declare_conflict(user, party_name="张安然", relation="近亲属", at=AT, actor=house.dispatcher)

    def test_a_relative_accepts_no_pack_and_starts_no_case(self, house):
        case = factories.assign(house, factories.file_case(house).case)
        conflict = self._declare(house, house.assistant)
        with pytest.raises(Refused, match="应当回避"):
            cases.start(case, at=AT, actor=house.assistant)
        services.withdraw_conflict(conflict, at=AT, actor=house.dispatcher)
        cases.start(case, at=AT, actor=house.assistant)
        handover = factories.hand_over(house, case, at=AT)
        self._declare(house, house.officer)
        with pytest.raises(Refused, match="近亲属"):
            cases.accept(handover, at=AT, actor=house.officer)
        assert cases.accept(handover, at=AT, actor=house.officer2).owner == house.officer2

    def test_a_relative_takes_no_order_and_signs_nothing(self, house, desk):
        case = desk[0]
        order = cases.request_work(
            case, kind="DOCUMENT", to_team=house.teams["AFFAIRS"], text="制作文书", at=AT, actor=house.officer
        )
        self._declare(house, house.assistant)
        with pytest.raises(Refused, match="应当回避"):
            cases.accept_work(order, at=AT, actor=house.assistant)
        self._declare(house, case.judge)
        with pytest.raises(Refused, match="应当回避"):
            cases.suspend(case, ground="CONSENT", document=factories.ruling(case), at=AT, actor=case.judge)
        suspend = next(row for row in cases.moves_for(case, case.judge, at=AT) if row.name == "suspend")
        assert "应当回避" in suspend.reasons[0]


class TestKeeping:
    """Whom a closed case is left to may be absent too: what he renews moves with his desk."""

    @pytest.fixture
    def kept(self, house, desk):
        closed_at = moment(2021, 12, 20)
        control = factories.control(desk[0], kind="REAL_ESTATE", measure="SEAL", thing="新华街2号")
        assets.name_keeper(desk[0], keeper=house.officer, at=closed_at, actor=house.officer)
        factories.close(house, desk[0], "PROCEDURAL", at=closed_at)
        return control

    def test_the_keeper_of_a_closed_case_changes_and_the_alarm_follows_him(self, house, desk, kept):
        row = take(house, at=moment(2021, 12, 21))
        kept.refresh_from_db()
        assert kept.keeper == house.officer2
        owed = Deadline.objects.running().filter(node="RENEWAL")
        assert owed.owned_by(house.officer2).count() == 1
        assert not owed.owned_by(house.officer).exists()
        assert sorted(item["what"] for item in row.moved) == ["KEEPING", "STAGE"]
        [event] = Event.objects.of_chain(f"case:{desk[0].pk}").filter(verb="pass_keeping")
        assert (event.actor, f'"to_user":{house.officer2.pk}' in event.details) == (house.judge, True)

    def test_a_declared_conflict_leaves_it_with_its_reason(self, house, desk, kept):
        [name] = {party.name for party in desk[0].parties.filter(side="DEBTOR")}
        services.declare_conflict(house.officer2, party_name=name, relation="表兄", at=AT, actor=house.dispatcher)
        row = take(house, at=moment(2021, 12, 21))
        kept.refresh_from_db()
        assert kept.keeper == house.officer
        assert ("KEEPING", "CONFLICT") in {(item["what"], item["why"]) for item in row.left}

    def test_what_has_ended_is_nobodys_to_keep(self, house, desk, kept):
        given = {"ground": "WITHDRAWN", "ruling": kept.case.display_number, "released_on": moment(2021, 12, 21).date()}
        assets.release_control(kept, **given, at=moment(2021, 12, 21), actor=house.officer)
        row = take(house, at=moment(2021, 12, 22))
        assert [item["what"] for item in row.moved] == ["STAGE"]
