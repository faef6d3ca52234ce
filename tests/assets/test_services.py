"""Controls from the measure to its end: terms, renewals, queue, release, who may, and what the database refuses."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets import kinds, services
from assets.models import Control, Renewal
from assets.taking import PreservedData
from bureau import grants
from bureau.calendar import same_day
from bureau.errors import Refused
from bureau.models import Event
from cases.controlcodes import AssetKind, Measure
from cases.models import Deadline
from documents.library import control as library
from portal import words
from tests import factories, kept
from tests.factories import moment

DAY = dt.date.fromisoformat
AT = moment(2021, 9, 6)


@pytest.fixture
def case(house):
    return factories.rulings(kept.running_case(house))


def _running(control):
    return Deadline.objects.running().filter(subject=f"control:{control.pk}")


def _renew(control, actor, *, at=AT, **changes):
    values = {"ruling": "(2021)内0302执1号之二", **changes}
    return services.renew_control(control, **values, at=at, actor=actor)


def _release(control, actor, *, at=AT, **changes):
    values = {"ground": "WITHDRAWN", "ruling": "(2021)内0302执1号之三", "released_on": at.date(), **changes}
    return services.release_control(control, **values, at=at, actor=actor)


class TestKinds:
    def test_every_kind_has_its_row_and_its_papers(self):
        assert set(kinds.BY_CODE) == set(AssetKind.values)
        known = {spec.code for spec in library.SPECS}
        assert not {code for kind in kinds.KINDS for code in kind.papers} - known

    def test_the_portal_has_a_word_for_every_kind_and_measure(self):
        assert {code: str(word) for code, word in words.KINDS.items()} == dict(AssetKind.choices)
        assert {code: str(word) for code, word in words.MEASURES.items()} == dict(Measure.choices)

    @pytest.mark.parametrize(
        ("kind", "start", "last"),
        [
            ("DEPOSIT", "2021-09-06", "2022-09-06"),
            ("ONLINE_FUNDS", "2021-10-01", "2022-10-01"),  # a holiday at the end moves nothing
            ("VEHICLE", "2021-09-06", "2023-09-06"),
            ("REAL_ESTATE", "2021-01-01", "2024-01-01"),  # New Year's Day
            ("REAL_ESTATE", "2024-02-29", "2027-02-28"),  # leap day
            ("DEPOSIT", "2023-02-28", "2024-02-28"),
            ("EQUITY", "2021-08-31", "2024-08-31"),
            ("INCOME", "2021-09-06", None),
        ],
    )
    def test_the_longest_term_by_kind_is_never_moved(self, kind, start, last):
        assert kinds.BY_CODE[kind].last_day(DAY(start)) == (DAY(last) if last else None)

    def test_practice_may_shorten_what_the_law_leaves_open_and_nothing_else(self, settings):
        settings.CONTROL_YEARS = {"PROVIDENT_FUND": 1, "REAL_ESTATE": 1}
        assert kinds.BY_CODE["PROVIDENT_FUND"].years_max == 1
        assert kinds.BY_CODE["REAL_ESTATE"].years_max == 3

    def test_the_basis_is_cited_by_the_day_of_the_act(self):
        kind = kinds.BY_CODE["DEPOSIT"]
        assert "第487条" in kind.cited(on=DAY("2021-09-06"))
        assert "第485条" in kind.cited(on=DAY("2022-05-01"))

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(start=st.dates(DAY("2000-01-01"), DAY("2090-12-31")), kind=st.sampled_from(kinds.KINDS))
    def test_a_term_ends_on_the_same_day_of_its_last_year_or_the_end_of_that_month(self, start, kind):
        last = kind.last_day(start)
        if kind.years is None:
            assert last is None
        else:
            assert (last.year - start.year, last.month) == (kind.years, start.month)
            assert last.day == start.day or (start.month, start.day, last.day) == (2, 29, 28)


class TestTaking:
    def test_it_lasts_as_long_as_the_law_allows_unless_the_ruling_says_less(self, case):
        longest = factories.control(case)
        shorter = factories.control(case, to_on=DAY("2022-03-06"))
        assert (longest.to_on, shorter.to_on) == (DAY("2022-09-06"), DAY("2022-03-06"))
        assert (longest.state, longest.origin, longest.rank) == ("LIVE", "ENFORCEMENT", 1)
        event = Event.objects.of_chain(f"case:{case.pk}").last()
        assert (event.verb, event.subject) == ("take_control", f"control:{shorter.pk}")
        assert "8765" not in event.details

    def test_its_last_day_is_watched_as_the_ruling_states_it(self, case):
        control = factories.control(case, kind="REAL_ESTATE", measure="SEAL", from_on=DAY("2021-09-01"))
        row = _running(control).get()
        assert (row.node, row.started_on, row.due_on) == ("RENEWAL", DAY("2021-09-01"), DAY("2024-09-01"))
        assert row.steps == ["自 2021-09-01 至 2024-09-01，以裁定载明的期限为准，不因休息日顺延"]
        assert "第487条" in row.basis
        assert row.next_alert_on == DAY("2024-06-03")

    def test_an_issued_ruling_gives_its_number(self, house, case):
        paper = factories.issue(case, "FREEZE", actor=case.judge, from_on="2021-09-06", to_on="2022-09-06")
        control = factories.control(case, document=paper, ruling="")
        assert (control.document, control.ruling) == (paper, paper.number)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"kind": "HOUSE"}, "财产种类"),
            ({"measure": "LOOK"}, "控制措施"),
            ({"thing": "  "}, "写明财产"),
            ({"unit": ""}, "协助单位"),
            ({"ruling": " "}, "裁定文号"),
            ({"ruling": "冻结裁定"}, "案号格式"),
            ({"ruling": "(2021)内0302执99号之一"}, "不是本案的文号"),
            ({"from_on": DAY("2021-09-07")}, "不能晚于今天"),
            ({"rank": 0}, "顺位"),
            ({"to_on": DAY("2022-09-07")}, "最长 1 年"),
            ({"to_on": DAY("2021-09-06")}, "晚于起始日"),
            ({"from_on": DAY("2020-08-01")}, "届满失效"),
            ({"rank": 2, "to_on": DAY("2022-09-06")}, "轮候"),
        ],
    )
    def test_what_does_not_fit_is_refused_in_words(self, case, changes, said):
        with pytest.raises(Refused, match=said) as refusal:
            factories.control(case, **changes)
        assert "ruling" not in changes or set(refusal.value.by_field) == {"ruling"}
        assert not Control.objects.exists()

    def test_only_debtors_of_the_case_and_only_its_own_rulings(self, house, case):
        other = kept.running_case(house)
        data, given_ = factories.control_data(), {"at": AT, "actor": case.owner}
        for party in (case.parties.get(side="APPLICANT"), other.parties.get(side="DEBTOR")):
            with pytest.raises(Refused, match="被执行人"):
                services.take_control(case, debtor=party, data=data, **given_)
        foreign = factories.issue(other, "FREEZE", actor=other.judge, from_on="2021-09-06", to_on="2022-09-06")
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        for paper in (foreign, notice):
            with pytest.raises(Refused, match="裁定书"):
                factories.control(case, document=paper)

    @pytest.mark.parametrize("duty", ["officer3", "judge3", "chief", "inspector", "finance", "assistant", "bailiff"])
    def test_only_the_team_that_holds_the_case_and_its_judge(self, house, case, duty):
        with pytest.raises(PermissionDenied):
            factories.control(case, actor=getattr(house, duty))
        assert factories.control(case, actor=house.officer2).taken_by == house.officer2
        assert factories.control(case, actor=case.judge).taken_by == case.judge

    def test_a_closed_case_takes_no_new_one(self, house, case):
        factories.close(house, case, "PROCEDURAL", at=moment(2021, 12, 20))
        with pytest.raises(Refused, match="恢复执行"):
            factories.control(case, actor=house.officer, at=moment(2021, 12, 21))

    def test_withheld_income_has_no_last_day_and_is_not_watched(self, case):
        control = factories.control(case, kind="INCOME", measure="WITHHOLD", unit="某公司")
        assert (control.state, control.to_on) == ("LIVE", None)
        assert not _running(control).exists()


class TestQueue:
    def test_a_queued_one_has_no_term_until_it_comes_into_force(self, case):
        control = factories.control(case, kind="REAL_ESTATE", measure="SEAL", rank=2)
        assert (control.state, control.to_on, control.way) == ("QUEUED", None, "轮候查封")
        assert not _running(control).exists()
        given_ = {"at": moment(2021, 10, 8), "actor": case.owner}
        for day in ("2021-09-05", "2021-10-09"):
            with pytest.raises(Refused, match="转为正式控制"):
                services.activate_control(control, activated_on=DAY(day), **given_)
        control = services.activate_control(control, activated_on=DAY("2021-10-01"), **given_)
        assert (control.state, control.rank, control.to_on) == ("LIVE", 1, DAY("2024-10-01"))
        assert (control.way, _running(control).get().due_on) == ("查封", DAY("2024-10-01"))
        with pytest.raises(Refused, match="有效"):
            services.activate_control(control, activated_on=DAY("2021-10-02"), **given_)

    def test_it_may_be_released_and_is_not_renewed(self, case):
        control = factories.control(case, rank=3)
        with pytest.raises(Refused, match="轮候"):
            _renew(control, case.owner)
        assert _release(control, case.owner).state == "RELEASED"


class TestRenewal:
    def test_the_old_day_stays_on_record_and_the_next_is_watched(self, case):
        control = factories.control(case)
        renewal = _renew(control, case.owner, at=moment(2022, 9, 6))
        control.refresh_from_db()
        assert (renewal.old_to_on, renewal.to_on, control.to_on) == (
            DAY("2022-09-06"),
            DAY("2023-09-06"),
            DAY("2023-09-06"),
        )
        states = {str(row.due_on): row.state for row in Deadline.objects.filter(subject=f"control:{control.pk}")}
        assert states == {"2022-09-06": "FULFILLED", "2023-09-06": "RUNNING"}
        _renew(control, case.owner, at=moment(2023, 9, 1), to_on=DAY("2024-02-29"))
        control.refresh_from_db()
        assert [str(row.to_on) for row in control.renewals.order_by("id")] == ["2023-09-06", "2024-02-29"]

    def test_renewing_one_leaves_the_others_deadline_alone(self, case):
        first, second = factories.control(case), factories.control(case)
        _renew(first, case.owner)
        assert _running(second).get().due_on == DAY("2022-09-06")
        assert _running(first).get().due_on == DAY("2023-09-06")

    @pytest.mark.parametrize(
        ("changes", "at", "said"),
        [
            ({}, moment(2022, 9, 7), "失效"),
            ({"ruling": "  "}, AT, "文号"),
            ({"ruling": "(2021)内0302执99号之二"}, AT, "不是本案的文号"),
            ({"to_on": DAY("2022-09-06")}, AT, "晚于原届满日"),
            ({"to_on": DAY("2023-09-07")}, AT, "最长期限"),
        ],
    )
    def test_not_late_not_longer_not_without_ruling(self, case, changes, at, said):
        control = factories.control(case)
        with pytest.raises(Refused, match=said):
            _renew(control, case.owner, at=at, **changes)
        assert not Renewal.objects.exists()
        assert _running(control).get().due_on == DAY("2022-09-06")

    def test_the_wrong_team_does_not_renew_and_nothing_renews_what_has_no_term(self, house, case):
        control = factories.control(case)
        with pytest.raises(PermissionDenied):
            _renew(control, house.officer3)
        income = factories.control(case, kind="INCOME", measure="WITHHOLD")
        with pytest.raises(Refused):
            _renew(income, case.owner)


class TestRulings:
    """What orders a control, renews or releases it is a ruling in the file, of the kind that does so."""

    def test_a_number_of_the_case_that_nobody_has_seen_renews_and_releases_nothing(self, case):
        control = factories.control(case)
        for act in (_renew, _release):
            with pytest.raises(Refused, match="卷内没有文号") as refusal:
                act(control, case.owner, ruling="(2021)内0302执1号之九十九")
            assert set(refusal.value.by_field) == {"ruling"}

    def test_a_number_of_the_case_that_nobody_has_seen_takes_nothing(self, case):
        data = factories.control_data(ruling="(2021)内0302执1号之九十九")
        with pytest.raises(Refused, match="卷内没有文号"):
            services.take_control(case, debtor=case.parties.get(side="DEBTOR"), data=data, at=AT, actor=case.owner)

    def test_the_scan_of_a_longer_number_is_not_that_of_a_shorter_one(self, house, case):
        other = kept.running_case(house)
        factories.ruled(other, f"{other.number}之十")
        data = factories.control_data(ruling=f"{other.number}之一")
        with pytest.raises(Refused, match="卷内没有文号"):
            services.take_control(other, debtor=other.parties.get(side="DEBTOR"), data=data, at=AT, actor=other.owner)

    def test_what_releases_renews_nothing_and_what_controls_releases_nothing(self, house):
        case = kept.running_case(house)
        control = factories.control(case)
        freeze = factories.issue(case, "FREEZE", actor=case.judge, from_on="2021-09-06", to_on="2022-09-06", at=AT)
        release = factories.issue(case, "RELEASE", actor=case.judge, at=AT)
        # The first ruling of a case bears its plain number, as does the scan of the one that froze.
        assert release.number != case.number
        for named in ({"document": release}, {"ruling": release.number}):
            with pytest.raises(Refused, match="不是银行存款的控制裁定"):
                _renew(control, case.owner, **named)
        seal = factories.issue(
            case, "SEAL_ESTATE", actor=case.judge, at=AT, from_on="2021-09-06", to_on="2022-09-06", address="新华街2号"
        )
        with pytest.raises(Refused, match="不是银行存款的控制裁定"):
            _renew(control, case.owner, document=seal)
        with pytest.raises(Refused, match="不是解除裁定"):
            _release(control, case.owner, ruling=seal.number)
        assert _renew(control, case.owner, document=freeze).document == freeze
        assert _release(control, case.owner, ruling=release.number).state == "RELEASED"


class TestRelease:
    def test_by_ground_and_ruling_its_deadline_falls_away(self, case):
        control = _release(factories.control(case), case.owner, note="已付清")
        assert (control.state, control.ground, control.ended_on) == ("RELEASED", "WITHDRAWN", DAY("2021-09-06"))
        assert Deadline.objects.get(subject=f"control:{control.pk}").state == "CANCELLED"
        with pytest.raises(Refused, match="已解除"):
            _release(control, case.owner)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"ground": "BORED"}, "解除事由"),
            ({"ruling": ""}, "文号"),
            ({"ruling": "(2021)内0302执99号之三"}, "不是本案的文号"),
            ({"ground": "OTHER"}, "具体情形"),
            ({"released_on": DAY("2021-09-05")}, "起始日之后"),
            ({"released_on": DAY("2021-09-07")}, "不能晚于今天"),
        ],
    )
    def test_what_does_not_fit_is_refused_in_words(self, case, changes, said):
        control = factories.control(case)
        with pytest.raises(Refused, match=said):
            _release(control, case.owner, **changes)

    def test_a_debt_is_paid_only_when_nothing_is_owed(self, house, case):
        control = factories.control(case)
        with pytest.raises(Refused, match=r"尚欠 50,000\.00 元") as refusal:
            _release(control, case.owner, ground="PAID")
        assert set(refusal.value.by_field) == {"ground"}
        factories.deposit(house, case, "50000.00", serial="W", at=AT)
        factories.payout(house, case, "50000.00", reference="W", at=AT)
        assert _release(control, case.owner, ground="PAID").state == "RELEASED"

    def test_a_wrong_entry_is_withdrawn_by_the_judge_alone(self, case):
        control = factories.control(case)
        wrong = {"ground": "MISTAKE", "ruling": "", "note": "录错案件"}
        with pytest.raises(Refused, match="法官"):
            _release(control, case.owner, **wrong)
        assert _release(control, case.judge, **wrong).state == "RELEASED"


class TestPreserved:
    def _file(self, house, *rows):
        preserved = [PreservedData(debtor, data) for debtor, data in rows]
        filing = {"preserved": preserved, "at": moment(2021, 9, 1), "actor": house.window_clerk}
        filing |= {"without_reception": factories.BY_POST}
        return factories.intake.file_case(factories.filing(), **filing).case

    def test_it_goes_on_by_itself_and_its_old_day_is_the_live_one(self, house):
        old = {"from_on": DAY("2020-11-05"), "to_on": DAY("2021-11-04"), "ruling": "(2020)内0302财保7号"}
        data = factories.control_data(**old)
        case = self._file(house, (1, data))
        control = Control.objects.get(case=case)
        assert (control.origin, control.to_on, control.ruling) == (
            "PRESERVATION",
            DAY("2021-11-04"),
            "(2020)内0302财保7号",
        )
        assert control.taken_by == house.window_clerk
        assert _running(control).get().due_on == DAY("2021-11-04")
        # Nobody has the case yet: the affairs team renews what might end before somebody has.
        assert _running(control).owned_by(house.assistant).exists()
        assert not _running(control).owned_by(house.dispatcher).exists()
        assert control in Control.objects.visible_to(house.assistant)
        assert control not in Control.objects.visible_to(house.officer)
        factories.rulings(case)
        _renew(control, house.assistant, at=moment(2021, 9, 2))
        with pytest.raises(PermissionDenied):
            _renew(control, house.dispatcher, at=moment(2021, 9, 2))

    def test_a_queued_one_is_taken_over_as_queued(self, house):
        case = self._file(house, (1, factories.control_data(rank=2, from_on=DAY("2021-01-05"))))
        assert Control.objects.get(case=case).state == "QUEUED"

    @pytest.mark.parametrize(
        ("debtor", "changes", "said"),
        [
            (2, {"to_on": DAY("2022-08-01")}, "第 1 项.*没有这名被执行人"),
            (1, {}, "第 1 项.*届满日"),
            (1, {"to_on": DAY("2021-08-31"), "from_on": DAY("2020-08-31")}, "届满失效"),
        ],
    )
    def test_what_does_not_fit_files_nothing(self, house, debtor, changes, said):
        plain = {"from_on": DAY("2021-08-01"), **changes}
        with pytest.raises(Refused, match=said), transaction.atomic():
            self._file(house, (debtor, factories.control_data(**plain)))
        assert not Control.objects.exists()
        assert not Event.objects.filter(verb="register").exists()


class TestLapse:
    def _lapsed(self, house, case):
        control = factories.control(case)
        assert services.lapse_controls(at=moment(2022, 9, 6, 23), actor=house.chief) == 0
        assert services.lapse_controls(at=moment(2022, 9, 7, 0), actor=house.chief) == 1
        control.refresh_from_db()
        return control

    def test_the_day_after_its_last_it_has_lapsed_with_an_incident(self, house, case):
        control = self._lapsed(house, case)
        assert (control.state, control.ended_on) == ("LAPSED", DAY("2022-09-07"))
        assert Event.objects.of_chain(f"case:{case.pk}").last().verb == "lapse_control"
        assert services.lapse_controls(at=moment(2022, 9, 8), actor=house.chief) == 0
        assert _running(control).exists()  # red until it has been explained
        for act in (_renew, _release):
            with pytest.raises(Refused, match="已失效"):
                act(control, case.owner, at=moment(2022, 9, 8))

    def test_the_chief_explains_and_nothing_is_deleted(self, house, case):
        control = self._lapsed(house, case)
        given_ = {"at": moment(2022, 9, 8)}
        for duty in ("officer", "judge", "inspector", "president"):
            with pytest.raises(PermissionDenied):
                services.explain_lapse(control, explanation="x", actor=getattr(house, duty), **given_)
        with pytest.raises(Refused, match="原因"):
            services.explain_lapse(control, explanation="  ", actor=house.chief, **given_)
        control = services.explain_lapse(control, explanation="已重新冻结", actor=house.chief, **given_)
        assert (control.state, control.explained_by) == ("LAPSED", house.chief)
        assert not Control.objects.unexplained().exists()
        assert not _running(control).exists()
        assert Deadline.objects.get(subject=f"control:{control.pk}").was_late
        with pytest.raises(Refused, match="没有待核查"):
            services.explain_lapse(control, explanation="再说", actor=house.chief, **given_)


class TestDatabase:
    def _refused(self, statement, *values):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_it_keeps_the_promises_whoever_asks(self, house, case):
        control = factories.control(case)
        other = factories.file_case(house).case
        one = "UPDATE assets_control SET {} WHERE id = %s"
        self._refused(one.format("to_on = '2023-01-01'"), control.pk)
        self._refused(one.format("to_on = NULL"), control.pk)
        self._refused(one.format("rank = 2"), control.pk)
        self._refused(one.format("state = 'QUEUED'"), control.pk)
        self._refused(one.format("state = 'RELEASED'"), control.pk)
        self._refused(one.format("thing = ''"), control.pk)
        self._refused(one.format("amount_max = 0"), control.pk)
        self._refused(one.format("from_on = '2021-01-01'"), control.pk)
        self._refused(one.format("explanation = 'x'"), control.pk)
        self._refused("UPDATE assets_control SET debtor_id = %s WHERE id = %s", other.parties.first().pk, control.pk)
        self._refused("UPDATE assets_control SET case_id = %s WHERE id = %s", other.pk, control.pk)
        released = _release(factories.control(case), case.owner)
        self._refused(one.format("state = 'LIVE', ended_on = NULL, ended_at = NULL, ground = ''"), released.pk)

    def test_a_debtor_of_another_case_or_an_applicant_is_refused_on_insert(self, house, case):
        control, other = factories.control(case), factories.file_case(house).case
        for party in (case.parties.get(side="APPLICANT"), other.parties.get(side="DEBTOR")):
            control.pk, control.debtor = None, party
            with pytest.raises(IntegrityError), transaction.atomic():
                control.save(force_insert=True)

    def test_no_term_beyond_three_years_on_insert_or_renewal(self, case):
        control = factories.control(case, kind="REAL_ESTATE", measure="SEAL")
        far = {"ruling": "x", "on": AT.date(), "at": AT, "by": case.owner}
        for old, new in (("2024-09-06", "2027-09-07"), ("2024-09-05", "2025-09-05")):
            with pytest.raises(IntegrityError), transaction.atomic():
                Renewal.objects.create(control=control, old_to_on=DAY(old), to_on=DAY(new), **far)
        control.pk, control.to_on = None, DAY("2024-09-07")
        with pytest.raises(IntegrityError), transaction.atomic():
            control.save(force_insert=True)

    def test_nothing_is_deleted_and_the_apps_role_may_do_its_work(self, house, case):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SET LOCAL ROLE "{grants.role_name("app")}"')
            control = factories.control(case)
            _renew(control, case.owner)
            _release(control, case.owner)
            cursor.execute("RESET ROLE")
        for statement in ("DELETE FROM assets_control", "DELETE FROM assets_renewal"):
            self._refused(statement)
        self._refused("UPDATE assets_renewal SET ruling = 'x'")


@given(data=st.data())
def test_renewing_never_gains_more_than_the_law_gives(data):
    """Pure: from any last day the longest renewal is the kind's years, by the same day or the end of the month."""
    kind = data.draw(st.sampled_from([kind for kind in kinds.KINDS if kind.years]))
    old = data.draw(st.dates(DAY("2015-02-04"), DAY("2080-12-31")))
    latest = kind.last_day(old)
    assert latest == same_day(old, months=12 * kind.years)
    assert latest - old <= dt.timedelta(days=366 * kind.years)
