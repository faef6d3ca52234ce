"""Corrections: two people, a document, what was done on the old value, and controls on a wrong person."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import services as accounts
from accounts.models import PayeeAccount, Payout
from accounts.payees import PayeeData
from bureau import versions
from bureau.crypto import digest
from bureau.errors import Refused
from bureau.models import Event, Job
from bureau.tasks import run_jobs
from cases import services
from cases.corrections import Target, Use, UseKind, uses_of, values_of
from cases.desk_corrections import items
from cases.models import Case, Correction, Deadline, Party
from dispatch import services as dispatch
from documents import services as documents
from documents.models import Document, Draft
from tests import factories, kept
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


def debtor(case: Case) -> Party:
    return case.parties.get(side="DEBTOR", position=1)


def applicant(case: Case) -> Party:
    return case.parties.get(side="APPLICANT", position=1)


def propose(case: Case, *, actor, target="PARTY", subject=None, at=AT, **changes) -> Correction:
    words = {"reason": "TYPING", "document": "户籍证明"}
    for name in ("reason", "reason_text", "document", "evidence", "seen"):
        if name in changes:
            words[name] = changes.pop(name)
    return services.propose_correction(
        case, target=target, subject=subject, values=changes, **words, at=at, actor=actor
    )


def confirmed(case: Case, *, actor, by, **changes) -> Correction:
    row = propose(case, actor=actor, **changes)
    return services.confirm_correction(row, at=LATER, actor=by)


class TestTwoPeople:
    def test_a_name_is_corrected_and_found_by_its_new_form_only(self, house, case):
        row = confirmed(case, actor=house.officer, by=case.judge, subject=applicant(case), name="张安燃")
        party = applicant(case)
        assert (row.state, party.name, row.fields) == ("CONFIRMED", "张安燃", ["name"])
        assert Case.objects.named("安燃").filter(pk=case.pk).exists()
        assert not Case.objects.named("安然").filter(pk=case.pk).exists()
        assert party.name_key.startswith("zhang")

    def test_numbers_are_found_by_their_new_digest_and_stand_in_no_event(self, house, case):
        confirmed(case, actor=house.officer, by=case.judge, subject=applicant(case), phone="13900005678")
        assert Case.objects.with_party_number("13900005678").filter(pk=case.pk).exists()
        assert not Case.objects.with_party_number("13800001234").filter(pk=case.pk).exists()
        details = [json.loads(event.details) for event in Event.objects.filter(verb__endswith="_correction")]
        assert len(details) == 2
        for row in details:
            assert (row["old_phone_last4"], row["new_phone_last4"]) == ("1234", "5678")
            assert row["new_phone"] == digest("13900005678")
            assert "13900005678" not in json.dumps(row)

    def test_old_and_new_are_encrypted_at_rest(self, house, case):
        row = propose(case, actor=house.officer, subject=applicant(case), name="张安燃", address="乌海市海南区1号")
        with connection.cursor() as cursor:
            cursor.execute("SELECT changes FROM cases_correction WHERE id = %s", [row.pk])
            stored = cursor.fetchone()[0]
        assert "张安燃" not in stored
        assert "海南区" not in stored
        assert not Event.objects.filter(details__contains="张安燃").exists()

    def test_who_proposed_does_not_confirm_and_the_database_says_so_too(self, house, case):
        row = propose(case, actor=case.judge, subject=debtor(case), phone="0473-2990009")
        with pytest.raises(PermissionDenied):
            services.confirm_correction(row, at=LATER, actor=case.judge)
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(pk=row.pk).update(state="CONFIRMED", answered_by=case.judge, answered_at=LATER)

    @pytest.mark.parametrize("duty", ["window_clerk", "officer3", "dispatcher", "finance", "records_clerk", "chief"])
    def test_after_allocation_only_team_and_judge_propose(self, house, case, duty):
        with pytest.raises(PermissionDenied):
            propose(case, actor=getattr(house, duty), subject=debtor(case), phone="0473-2990009")

    def test_before_allocation_the_window_proposes_and_a_second_clerk_or_the_dispatcher_confirms(self, house):
        case = factories.file_case(house).case
        with pytest.raises(PermissionDenied):
            propose(case, actor=house.officer, subject=debtor(case), phone="0473-2990009")
        with pytest.raises(PermissionDenied):
            propose(case, actor=house.window_clerk2, subject=debtor(case), phone="0473-2990009")
        row = propose(case, actor=house.window_clerk, subject=debtor(case), name="乌海市测试商贸有限责任公司")
        for stranger in (house.window_clerk2, house.judge, house.chief):
            with pytest.raises(PermissionDenied):
                services.confirm_correction(row, at=LATER, actor=stranger)
        second = factories.UserFactory(role="WINDOW_CLERK", window=house.windows["W2"])
        assert [item.kind for item in items(second, today=LATER.date())] == ["更正待确认"]
        assert services.confirm_correction(row, at=LATER, actor=second).is_confirmed

    def test_identity_is_for_the_judge_contact_data_also_for_a_colleague(self, house, case):
        identity = propose(case, actor=house.officer, subject=debtor(case), name="乌海市测试贸易有限公司")
        with pytest.raises(PermissionDenied):
            services.confirm_correction(identity, at=LATER, actor=house.officer2)
        assert services.confirm_correction(identity, at=LATER, actor=case.judge).is_confirmed
        contact = propose(case, actor=house.officer, subject=debtor(case), phone="0473-2990009")
        assert services.confirm_correction(contact, at=LATER, actor=house.officer2).is_confirmed

    def test_the_judges_own_proposal_goes_to_the_chief(self, house, case):
        row = propose(case, actor=case.judge, subject=debtor(case), name="乌海市测试贸易有限公司")
        assert [item.kind for item in items(house.chief, today=LATER.date())] == ["更正待确认"]
        assert services.confirm_correction(row, at=LATER, actor=house.chief).is_confirmed

    def test_refused_with_a_reason_and_back_on_the_proposers_desk(self, house, case):
        row = propose(case, actor=house.officer, subject=debtor(case), name="乌海市测试贸易有限公司")
        with pytest.raises(Refused):
            services.refuse_correction(row, note=" ", at=LATER, actor=case.judge)
        services.refuse_correction(row, note="与营业执照不符", at=LATER, actor=case.judge)
        assert debtor(case).name == "乌海市测试商贸有限公司"
        assert [(item.kind, item.note) for item in items(house.officer, today=LATER.date())] == [
            ("更正未予确认", "与营业执照不符")
        ]
        with pytest.raises(Refused):
            services.confirm_correction(row, at=LATER, actor=case.judge)

    def test_only_its_proposer_withdraws_it(self, house, case):
        row = propose(case, actor=house.officer, subject=debtor(case), name="乌海市测试贸易有限公司")
        with pytest.raises(PermissionDenied):
            services.withdraw_correction(row, at=LATER, actor=case.judge)
        assert services.withdraw_correction(row, at=LATER, actor=house.officer).state == "WITHDRAWN"
        assert propose(case, actor=house.officer, subject=debtor(case), name="乌海市测试贸易有限公司").is_open


class TestProposal:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({}, "没有改动"),
            ({"name": "乌海市测试商贸有限公司"}, "没有改动"),
            ({"name": "甲", "document": " "}, "材料或文书"),
            ({"name": "甲", "reason": "HURRY"}, "更正事由"),
            ({"name": "甲", "reason": "OTHER"}, "写明事由"),
        ],
    )
    def test_what_is_missing_is_said(self, house, case, changes, said):
        with pytest.raises(Refused, match=said):
            propose(case, actor=house.officer, subject=debtor(case), **changes)
        assert not Correction.objects.exists()

    def test_an_applicant_keeps_an_id_number(self, house, case):
        with pytest.raises(Refused, match="证件号码"):
            propose(case, actor=house.officer, subject=applicant(case), id_number="", id_kind="")

    def test_anothers_party_is_refused(self, house, case):
        other = factories.file_case(house).case
        with pytest.raises(Refused, match="请选择"):
            propose(case, actor=house.officer, subject=debtor(other), name="甲")

    def test_evidence_is_a_paper_of_this_case(self, house, case):
        pdf = b"%PDF-1.4\n%%EOF\n"
        documents.receive(case, [documents.Paper("DEBTOR", "营业执照", pdf)], at=AT, actor=house.officer)
        event = Event.objects.filter(chain=f"case:{case.pk}", verb="receive_material").last()
        foreign = Event.objects.filter(chain=f"case:{case.pk}", verb="register").get()
        with pytest.raises(Refused, match="卷宗"):
            propose(case, actor=house.officer, subject=debtor(case), name="甲乙公司", evidence=foreign)
        assert (
            propose(case, actor=house.officer, subject=debtor(case), name="甲乙公司", evidence=event).evidence == event
        )

    def test_one_open_correction_per_target(self, house, case):
        propose(case, actor=house.officer, subject=debtor(case), name="甲乙公司")
        with pytest.raises(versions.Stale) as stale:
            propose(case, actor=house.officer2, subject=debtor(case), name="丙丁公司")
        assert (stale.value.theirs["name"], stale.value.by) == ("甲乙公司", house.officer.name)
        assert propose(case, actor=house.officer2, subject=applicant(case), name="张安燃").is_open
        assert propose(case, actor=house.officer2, target="BASIS", cause="借款合同纠纷").is_open

    def test_who_sends_second_sees_what_stands_now(self, house, case):
        seen = versions.mark(values_of(debtor(case), Target.PARTY))
        confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), name="甲乙公司")
        with pytest.raises(versions.Stale) as stale:
            propose(case, actor=house.officer2, subject=debtor(case), name="丙丁公司", seen=seen)
        assert stale.value.theirs["name"] == "甲乙公司"
        now = versions.mark(values_of(debtor(case), Target.PARTY))
        assert propose(case, actor=house.officer2, subject=debtor(case), name="丙丁公司", seen=now).is_open

    def test_a_value_that_changed_otherwise_is_not_overwritten(self, house, case):
        row = propose(case, actor=house.officer, subject=debtor(case), name="甲乙公司")
        Party.objects.filter(pk=row.party_id).update(name="别的公司")
        with pytest.raises(Refused, match="已有变化"):
            services.confirm_correction(row, at=LATER, actor=case.judge)

    def test_what_was_proposed_stays_as_it_was(self, house, case):
        row = confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), name="甲乙公司")
        for change in ({"document": "另一份"}, {"state": "REFUSED", "answer_note": "x"}, {"answered_at": AT}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Correction.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()

    def test_an_archived_file_is_not_corrected(self, house, case):
        factories.archive_ready(house, case)
        closed = factories.close(house, case, "TERMINATED")
        services.archive(closed, note="", at=moment(2021, 9, 22), actor=house.assistant)
        closed.refresh_from_db()
        with pytest.raises(PermissionDenied):
            propose(closed, actor=closed.judge, subject=debtor(case), name="甲乙公司")

    def test_a_case_is_not_closed_over_an_open_correction(self, house, case):
        propose(case, actor=house.officer, subject=debtor(case), phone="0473-2990009")
        with pytest.raises(Refused, match="更正"):
            factories.propose_closing(house, case, "TERMINATED")


class TestBasisAndClaims:
    def test_the_basis_with_its_key(self, house, case):
        confirmed(
            case,
            actor=house.officer,
            by=case.judge,
            target="BASIS",
            basis_number="(2021)内0302民初101号",
            performance_due_on="2021-07-15",
        )
        case.refresh_from_db()
        assert case.basis_number == "(2021)内0302民初101号"
        assert case.performance_due_on.isoformat() == "2021-07-15"
        assert Case.objects.filter(basis_key=case.basis_key).count() == 1
        assert "101" in case.basis_key

    def test_a_claim_and_the_sum_claimed(self, house, case):
        claim = case.claims.get()
        confirmed(case, actor=house.officer, by=case.judge, target="CLAIM", subject=claim, amount="60000.00")
        case.refresh_from_db()
        assert case.amount_claimed == Decimal("60000.00")

    def test_a_claim_forgotten_at_filing_is_added_by_two_people(self, house, case):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        row = propose(
            case, actor=house.officer, target="ADDED", kind="INTEREST", amount="1200.00", base="50000.00", rate="LPR"
        )
        assert (row.claim, case.claims.count()) == (None, 1)
        assert [use.key for use in uses_of(case, row)] == [f"document:{notice.pk}"]
        with pytest.raises(PermissionDenied):
            services.confirm_correction(row, at=LATER, actor=house.officer2)
        row = services.confirm_correction(row, at=LATER, actor=case.judge)
        case.refresh_from_db()
        assert case.amount_claimed == Decimal("51200.00")
        added = case.claims.get(position=2)
        assert (row.claim, added.kind, added.rate, added.is_doubled) == (added, "INTEREST", "LPR", False)
        assert added.base == Decimal("50000.00")
        # Papers with the old total are made anew with the new one, and the next addition has its own place.
        assert [use.key for use in uses_of(case, row)] == [f"document:{notice.pk}"]
        confirmed(case, actor=house.officer, by=case.judge, target="ADDED", kind="COURT_FEE", amount="50.00")
        assert sorted(case.claims.values_list("position", flat=True)) == [1, 2, 3]

    def test_an_addition_that_is_refused_leaves_no_claim(self, house, case):
        row = propose(case, actor=house.officer, target="ADDED", kind="INTEREST", amount="1200.00")
        services.refuse_correction(row, note="执行依据未载明", at=LATER, actor=case.judge)
        case.refresh_from_db()
        assert (case.claims.count(), case.amount_claimed) == (1, Decimal("50000.00"))

    def test_another_kind_of_document_brings_its_own_closing_limit(self, house, case):
        running = Deadline.objects.running().filter(case=case)
        before = running.get(node="CLOSING_LIMIT")
        row = confirmed(case, actor=house.officer, by=case.judge, target="BASIS", basis_kind="J8")
        case.refresh_from_db()
        limit = running.get(node="CLOSING_LIMIT_ADMINISTRATIVE")
        assert limit.started_on == before.started_on
        assert (str(limit.due_on), case.closing_due_on) == ("2021-12-01", limit.due_on)
        assert running.get(node="EXTENSION").due_on == limit.due_on
        before.refresh_from_db()
        assert (before.state, before.closing_event.verb) == ("CANCELLED", "confirm_correction")
        assert row.is_confirmed
        # And back again: one limit runs, never both.
        confirmed(case, actor=house.officer, by=case.judge, target="BASIS", basis_kind="J1")
        assert list(running.filter(node__startswith="CLOSING").values_list("node", flat=True)) == ["CLOSING_LIMIT"]

    @pytest.mark.parametrize(
        ("day", "said"),
        [("2021-12-31", "尚未届满"), ("2019-08-31", "时效已于 2021-08-31 届满"), ("2021-06-29", None)],
    )
    def test_other_days_for_performance_ask_again_whether_it_was_filed_in_time(self, house, case, day, said):
        row = propose(case, actor=house.officer, target="BASIS", performance_due_on=day)
        told = [(use.label, use.is_red) for use in uses_of(case, row) if use.room == "cases"]
        assert [is_red for _label, is_red in told] == ([True] if said else [])
        assert not said or said in told[0][0]

    def test_a_sum_across_the_line_proposes_another_stream(self, house, case):
        claim = case.claims.get()
        row = propose(case, actor=house.officer, target="CLAIM", subject=claim, amount="6000000.00")
        assert [use.key.partition(":")[0] for use in uses_of(case, row)] == ["verdict"]
        row = services.confirm_correction(row, at=LATER, actor=case.judge)
        case.refresh_from_db()
        assert "繁案" in next(use.label for use in uses_of(case, row) if use.room == "dispatch")

    def test_papers_with_the_old_sum_are_listed_and_made_anew(self, house, case):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        freeze = factories.issue(case, "FREEZE", actor=case.judge, cap="50000.00")
        row = confirmed(
            case, actor=house.officer, by=case.judge, target="CLAIM", subject=case.claims.get(), amount="45000.00"
        )
        assert {use.key for use in uses_of(case, row)} == {f"document:{notice.pk}", f"document:{freeze.pk}"}
        made = documents.reissue(row, notice, at=LATER, actor=case.owner)
        assert "45,000.00元" in made.body
        draft = documents.reissue(row, freeze, at=LATER, actor=case.owner)
        assert isinstance(draft, Draft)
        assert draft.typed()["cap"] == "45000.00"


class TestUses:
    def test_papers_queries_and_accounts_on_the_old_name_are_listed(self, house, case):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        other = factories.issue(case, "SEAL_STRIP", actor=case.owner)
        row = propose(case, actor=house.officer, subject=applicant(case), name="张安燃")
        keys = {use.key for use in uses_of(case, row)}
        payee = PayeeAccount.objects.live().get(party=applicant(case))
        assert keys == {f"document:{notice.pk}", f"payee:{payee.pk}"}
        assert f"document:{other.pk}" not in keys

    def test_the_network_query_of_the_start_is_asked_anew(self, house, case):
        row = propose(case, actor=house.officer, subject=debtor(case), id_number=OTHER_USCC)
        assert "network" in {use.key for use in uses_of(case, row)}
        with pytest.raises(Refused):
            services.redo_query(row, at=AT, actor=house.officer)
        row = services.confirm_correction(row, at=LATER, actor=case.judge)
        order = services.redo_query(row, at=LATER, actor=house.officer)
        assert (order.kind, order.to_team.kind, order.party_id) == ("QUERY", "AFFAIRS", row.party_id)
        assert "network" not in {use.key for use in uses_of(case, row)}
        with pytest.raises(Refused, match="正在办理"):
            services.redo_query(row, at=LATER, actor=house.officer)
        with pytest.raises(PermissionDenied):
            services.redo_query(row, at=LATER, actor=house.officer3)

    def test_a_phone_rests_on_nothing_that_does_not_print_it(self, house, case):
        factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        row = propose(case, actor=house.officer, subject=debtor(case), phone="0473-2990009")
        assert uses_of(case, row) == []

    def test_a_payment_to_the_old_name_stops_until_the_account_is_confirmed_anew(self, house, case):
        factories.deposit(house, case, "50000.00", serial="S1")
        asked = factories.payout(house, case, "20000.00", reference="P1", until="CHECKED", at=AT)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=applicant(case), name="张安燃")
        reds = {use.key for use in uses_of(case, row) if use.is_red}
        payee = PayeeAccount.objects.live().get(party=applicant(case))
        assert reds == {f"payee:{payee.pk}", f"payout:{asked.pk}"}
        with pytest.raises(Refused, match="户名"):
            accounts.approve_payout(asked, at=LATER, actor=house.chief)
        with pytest.raises(Refused, match="户名"):
            factories.payout(house, case, "1000.00", reference="P2", until="REQUESTED", at=LATER)
        same = PayeeData("张安燃", payee.number, payee.bank_name)
        change = accounts.request_payee_change(applicant(case), payee=same, at=LATER, actor=house.window_clerk)
        accounts.confirm_payee_change(change, number=change.number, **factories.CALLED, at=LATER, actor=house.finance)
        assert {use.key for use in uses_of(case, row) if use.kind == UseKind.MONEY} == set()
        assert Payout.objects.get(pk=asked.pk).state == "REJECTED"

    def test_an_address_shows_where_papers_are_on_their_way(self, house, case):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        delivery = documents.send(notice, way="DIRECT", party=debtor(case), at=AT, actor=case.owner)
        row = propose(case, actor=house.officer, subject=debtor(case), address="乌海市海南区新址3号")
        assert {use.key for use in uses_of(case, row)} == {f"delivery:{delivery.pk}", f"document:{notice.pk}"}

    def test_a_judge_who_must_stay_away_from_the_right_person(self, house, case):
        dispatch.declare_conflict(case.judge, party_name="甲乙公司", relation="配偶任职", at=AT, actor=house.dispatcher)
        row = propose(case, actor=house.officer, subject=debtor(case), name="甲乙公司")
        assert [use.is_red for use in uses_of(case, row) if use.key.startswith("conflict:")] == [True]


class TestReissue:
    def test_sealed_papers_at_once_signed_ones_to_their_signer(self, house, case):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        freeze = factories.issue(case, "FREEZE", actor=case.judge)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=applicant(case), name="张安燃")
        made = documents.reissue_all(row, at=LATER, actor=house.officer)
        assert (len(made.issued), len(made.drafts), made.failed) == (1, 1, [])
        notice.refresh_from_db()
        assert notice.voided_by == made.issued[0]
        assert "张安燃" in made.issued[0].body
        assert "张安然" not in made.issued[0].body
        freeze.refresh_from_db()
        assert freeze.voided_by is None
        [use] = [use for use in uses_of(case, row) if use.kind == UseKind.PAPER]
        assert (use.key, use.is_reissuable) == (f"document:{freeze.pk}", False)
        with pytest.raises(Refused):
            documents.reissue(row, freeze, at=LATER, actor=house.officer)
        draft = made.drafts[0]
        signed = documents.issue(
            case, template=draft.template, values=draft.typed(), draft=draft, at=LATER, actor=case.judge
        )
        freeze.refresh_from_db()
        assert freeze.voided_by == signed
        assert not [use for use in uses_of(case, row) if use.kind == UseKind.PAPER]

    def test_a_draft_is_signed_though_its_paper_was_voided_meanwhile(self, house, case):
        freeze = factories.issue(case, "FREEZE", actor=case.judge)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=applicant(case), name="张安燃")
        draft = documents.reissue(row, freeze, at=LATER, actor=house.officer)
        other = factories.issue(case, "FREEZE", actor=case.judge, at=LATER)
        documents.void(freeze, by=other, reason="另行制发", at=LATER, actor=case.judge)
        signed = documents.issue(
            case, template=draft.template, values=draft.typed(), draft=draft, at=LATER, actor=case.judge
        )
        freeze.refresh_from_db()
        assert (freeze.voided_by, signed.voided_by) == (other, None)

    def test_typed_words_are_corrected_once(self, house, case):
        row_text = "申请执行人张安然称：张安然燃气公司欠款"
        paper = factories.issue(case, "TERM_NOTICE", actor=case.owner, things=row_text)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=applicant(case), name="张安然燃气公司")
        made = documents.reissue(row, paper, at=LATER, actor=house.officer)
        assert made.typed()["things"] == "申请执行人张安然燃气公司称：张安然燃气公司欠款"

    def test_not_before_it_is_confirmed_and_not_by_a_stranger(self, house, case):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        row = propose(case, actor=house.officer, subject=applicant(case), name="张安燃")
        with pytest.raises(PermissionDenied):
            documents.reissue(row, notice, at=LATER, actor=house.officer)
        row = services.confirm_correction(row, at=LATER, actor=case.judge)
        with pytest.raises(PermissionDenied):
            documents.reissue(row, notice, at=LATER, actor=house.officer3)
        with pytest.raises(PermissionDenied):
            documents.reissue(row, notice, at=LATER, actor=house.chief)

    def test_a_later_paper_is_right_already(self, house, case):
        row = confirmed(case, actor=house.officer, by=case.judge, subject=applicant(case), name="张安然然")
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=moment(2021, 9, 18))
        assert not [use for use in uses_of(case, row) if use.kind == UseKind.PAPER]
        with pytest.raises(Refused, match="无须"):
            documents.reissue(row, notice, at=moment(2021, 9, 19), actor=house.officer)

    def test_many_are_a_job(self, house, case):
        for _turn in range(11):
            factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=applicant(case), name="张安燃")
        job = documents.reissue_all(row, at=LATER, actor=house.officer)
        assert isinstance(job, Job)
        assert "张安" not in json.dumps(job.arguments, ensure_ascii=False)
        assert run_jobs() == 1
        job.refresh_from_db()
        assert (job.state, job.result) == ("DONE", {"issued": 11, "drafts": 0, "failed": []})
        assert Document.objects.filter(case=case, voided_by__isnull=True).count() == 11
        assert documents.reissue_several(job, lambda done, total: None, at=LATER)["issued"] == 0


def held_things(case, correction):
    """Answer as the room of property does: one frozen account of the debtor."""
    if Draft.objects.filter(correction=correction, state="ISSUED", about="control:1").exists():
        return []
    return [
        Use(
            room="assets",
            kind=UseKind.CONTROL,
            label="工商银行存款 50,000.00",
            url="/",
            key="control:1",
            is_red=True,
            facts={"ruling": f"{case.number}之七", "thing": "工商银行乌海分行账户存款50000元"},
        )
    ]


class TestWrongPerson:
    def test_a_freeze_on_a_wrong_person_is_red_at_once_with_the_release_drafted(self, house, case, settings):
        settings.CORRECTION_USES = [*settings.CORRECTION_USES, f"{__name__}.held_things"]
        row = confirmed(
            case, actor=house.officer, by=case.judge, subject=debtor(case), id_number=OTHER_USCC, reason="MISTAKEN"
        )
        assert row.is_alarm
        assert Event.objects.filter(chain=f"case:{case.pk}", verb="wrong_person").count() == 1
        for user in (case.owner, case.judge, house.chief, house.inspector):
            assert [(item.kind, item.is_red) for item in items(user, today=LATER.date())] == [("误控他人财产", True)]
        assert not list(items(house.officer3, today=LATER.date()))
        draft = Draft.objects.get(correction=row)
        assert (draft.template.code, draft.state, draft.about) == ("RELEASE", "WAITING", "control:1")
        values = draft.typed()
        assert "91350100M000100Y43" in values["things"]
        assert "工商银行" in values["things"]
        assert values["earlier"] == f"{case.number}之七"
        assert values["holder"] == "乌海市测试商贸有限公司"
        with pytest.raises(Refused, match="尚未解除"):
            services.clear_wrong_person(row, note="已解除", at=LATER, actor=case.judge)
        documents.issue(case, template=draft.template, values=values, draft=draft, at=LATER, actor=case.judge)
        with pytest.raises(Refused, match="解除情况"):
            services.clear_wrong_person(row, note="", at=LATER, actor=case.judge)
        with pytest.raises(PermissionDenied):
            services.clear_wrong_person(row, note="已解除", at=LATER, actor=house.chief)
        services.clear_wrong_person(row, note="银行已解除冻结", at=LATER, actor=case.judge)
        assert not list(items(house.chief, today=LATER.date()))

    def test_without_the_room_of_property_the_ruling_itself_is_the_control(self, house, case):
        freeze = factories.issue(case, "FREEZE", actor=case.judge)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), id_number=OTHER_USCC)
        assert [use.key for use in uses_of(case, row) if use.kind == UseKind.CONTROL] == [f"ruling:{freeze.pk}"]
        assert row.is_alarm
        draft = Draft.objects.get(correction=row)
        assert draft.typed()["earlier"] == freeze.number
        # Making the freeze anew against the right person does not release the wrong one.
        again = documents.reissue(row, freeze, at=LATER, actor=house.officer)
        documents.issue(case, template=again.template, values=again.typed(), draft=again, at=LATER, actor=case.judge)
        with pytest.raises(Refused, match="尚未解除"):
            services.clear_wrong_person(row, note="x", at=LATER, actor=case.judge)
        documents.issue(case, template=draft.template, values=draft.typed(), draft=draft, at=LATER, actor=case.judge)
        assert services.clear_wrong_person(row, note="已解除", at=LATER, actor=case.owner).cleared_by == case.owner

    def test_a_stranger_s_thing_is_released_and_never_sealed_anew(self, house, case):
        seal = factories.issue(case, "SEAL_ESTATE", actor=case.judge)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), id_number=OTHER_USCC)
        [paper] = [use for use in uses_of(case, row) if use.key == f"document:{seal.pk}"]
        assert (paper.is_reissuable, "案外人" in paper.note) == (False, True)
        with pytest.raises(Refused, match="应当解除"):
            documents.reissue(row, seal, at=LATER, actor=house.officer)
        values = Draft.objects.get(correction=row).typed()
        assert (values["holder"], values["earlier"]) == ("乌海市测试商贸有限公司", seal.number)

    def test_a_control_of_another_room_stands_for_its_ruling(self, house, case, settings):
        freeze = factories.issue(case, "FREEZE", actor=case.judge)
        assert freeze.number == case.number
        row = propose(case, actor=house.officer, subject=debtor(case), id_number=OTHER_USCC)
        settings.CORRECTION_USES = ["documents.uses.uses", f"{__name__}.same_ruling"]
        assert [use.room for use in uses_of(case, row) if use.kind == UseKind.CONTROL] == ["assets"]

    def test_a_sent_back_release_is_drafted_again_on_request(self, house, case):
        factories.issue(case, "FREEZE", actor=case.judge)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), id_number=OTHER_USCC)
        with pytest.raises(Refused, match="均已拟稿"):
            documents.draft_releases(row, at=LATER, actor=house.officer)
        documents.send_back_draft(Draft.objects.get(correction=row), note="补充", at=LATER, actor=case.judge)
        assert len(documents.draft_releases(row, at=LATER, actor=house.officer)) == 1

    @pytest.mark.parametrize("changes", [{"phone": "0473-2990009"}, {"name": "乌海市测试贸易有限公司"}])
    def test_another_name_under_the_same_number_is_the_same_person(self, house, case, changes):
        factories.issue(case, "FREEZE", actor=case.judge)
        row = confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), **changes)
        assert not row.is_other_person
        assert not row.is_alarm

    def test_a_name_alone_means_another_where_no_number_was_known(self, house):
        filing = factories.filing()
        nameless = replace(filing.parties[1], id_number="", id_kind="")
        case = factories.into_stream(house, factories.file_case(house, parties=(filing.parties[0], nameless)).case)
        row = propose(case, actor=house.officer, subject=debtor(case), name="甲乙公司")
        assert row.is_other_person

    def test_what_cannot_be_drafted_yet_stops_no_correction(self, house, case):
        factories.issue(case, "FREEZE", actor=case.judge)
        number = case.number
        Case.objects.filter(pk=case.pk).update(number=None, provisional_number="临1")
        row = confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), id_number=OTHER_USCC)
        assert row.is_alarm
        assert not Draft.objects.exists()
        Case.objects.filter(pk=case.pk).update(number=number)
        assert len(documents.draft_releases(row, at=LATER, actor=house.officer)) == 1

    def test_a_run_out_freeze_alarms_nobody(self, house, case):
        factories.issue(case, "FREEZE", actor=case.judge, from_on="2021-09-07", to_on="2021-09-10")
        row = confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), id_number=OTHER_USCC)
        assert not row.is_alarm

    def test_a_case_is_not_closed_while_the_wrong_person_is_held(self, house, case):
        factories.issue(case, "FREEZE", actor=case.judge)
        confirmed(case, actor=house.officer, by=case.judge, subject=debtor(case), id_number=OTHER_USCC)
        with pytest.raises(Refused, match="有误及他人"):
            factories.propose_closing(house, case, "TERMINATED")


def same_ruling(case, correction):
    """Answer with a control under the case's first ruling."""
    facts = {"ruling": case.number, "thing": "存款"}
    return [Use("assets", UseKind.CONTROL, "存款", "/", "control:1", is_red=True, facts=facts)]
