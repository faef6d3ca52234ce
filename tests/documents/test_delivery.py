"""Service of process: ways with proof, failed attempts, consent, and the day on which a paper counts as served."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bureau.calendar import WorkCalendar
from bureau.errors import Refused
from bureau.models import Event, User
from cases import services as cases
from cases import timeline
from cases.models import Case
from cases.record import record
from documents import addressees, services
from documents.deemed import Way, deemed
from documents.models import AddressConfirmation, Delivery
from tests import factories, kept
from tests.factories import moment
from tests.world import PDF

AT = moment(2021, 9, 6)
DAY = AT.date()
CALENDAR = WorkCalendar()


@pytest.mark.parametrize(
    ("way", "on", "is_returned", "deemed_on", "article"),
    [
        ("DIRECT", "2021-09-18", False, "2021-09-18", "八十四"),
        ("DIRECT", "2022-01-01", False, "2022-01-01", "八十七"),
        ("LEFT", "2021-10-02", False, "2021-10-02", "八十六"),
        ("ELECTRONIC", "2021-10-02", False, "2021-10-02", "八十七"),
        ("ENTRUSTED", "2021-11-01", False, "2021-11-01", "八十八"),
        ("MAIL", "2021-11-01", False, "2021-11-01", "八十八"),
        ("MAIL", "2021-11-01", True, "2021-11-01", "八十八"),
        ("FORWARDED", "2021-11-01", False, "2021-11-01", "八十四"),
        # Sixty days: the last day, a Sunday, moves on to Monday; thirty days from 2022-01-01.
        ("NOTICE", "2021-09-06", False, "2021-11-05", "九十二"),
        ("NOTICE", "2021-10-13", False, "2021-12-13", "九十二"),
        ("NOTICE", "2021-12-31", False, "2022-03-01", "九十二"),
        ("NOTICE", "2022-01-01", False, "2022-02-07", "九十五"),
        ("NOTICE", "2022-01-04", False, "2022-02-07", "九十五"),
        ("NOTICE", "2022-03-01", False, "2022-03-31", "九十五"),
    ],
)
def test_the_day_of_service(way, on, is_returned, deemed_on, article):
    day = dt.date.fromisoformat
    found = deemed(way, day(on), is_returned=is_returned, calendar=CALENDAR)
    assert found.on == day(deemed_on)
    assert f"第{article}条" in found.basis
    assert found.steps


@given(st.dates(dt.date(2018, 1, 1), dt.date(2025, 6, 30)), st.sampled_from(list(Way)))
def test_no_way_counts_before_its_fact_and_only_a_notice_later(on, way):
    found = deemed(way, on, is_returned=False, calendar=CALENDAR)
    if way == Way.NOTICE:
        days = 60 if on < dt.date(2022, 1, 1) else 30
        assert (found.on - on).days >= days
        assert CALENDAR.is_workday(found.on)
        assert not any(CALENDAR.is_workday(on + dt.timedelta(n)) for n in range(days, (found.on - on).days))
    else:
        assert found.on == on


@pytest.fixture
def case(house) -> Case:
    """A case with its stream team."""
    return kept.running_case(house)


@pytest.fixture
def debtor(case):
    """Its debtor."""
    return case.parties.get(side="DEBTOR")


@pytest.fixture
def notice(case):
    """An enforcement notice."""
    return factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)


@pytest.fixture
def proof(case):
    """A scan in the file."""
    return services.receive(case, [services.Paper("SERVICE", "送达回证", PDF)], at=AT, actor=case.owner)[0]


def _confirm(case, party, **changes):
    values = {"recipient": "李守信", "address": "乌海市乌达区工业路2号", "phone": "13800000000"} | changes
    return services.confirm_address(party, **values, at=AT, actor=case.owner)


class TestSend:
    def test_served_directly_with_proof(self, case, debtor, notice, proof):
        row = services.send(notice, way="DIRECT", party=debtor, at=AT, actor=case.owner)
        given = {"receiver_kind": "LEGAL_REP", "receiver": "李守信", "at": moment(2021, 9, 8), "actor": case.owner}
        done = services.deliver(row, on=dt.date(2021, 9, 8), proof=proof, **given)
        assert (done.state, done.deemed_on) == ("DELIVERED", dt.date(2021, 9, 8))
        assert list(
            Event.objects.filter(subject=f"delivery:{row.pk}").order_by("seq").values_list("verb", flat=True)
        ) == [
            "send_document",
            "deliver_document",
        ]
        with pytest.raises(Refused):
            services.send(notice, way="MAIL", party=debtor, tracking="EMS1", at=AT, actor=case.owner)

    def test_a_failed_way_leaves_the_next(self, case, debtor, notice):
        row = services.send(notice, way="DIRECT", party=debtor, at=AT, actor=case.owner)
        services.note_attempt(row, reason="ABSENT", at=AT, actor=case.owner)
        with pytest.raises(Refused), transaction.atomic():
            services.send(notice, way="MAIL", party=debtor, tracking="EMS1", at=AT, actor=case.owner)
        services.note_attempt(row, reason="MOVED", note="邻居称已搬走", is_given_up=True, at=AT, actor=case.owner)
        row.refresh_from_db()
        assert (row.state, row.attempts.count()) == ("FAILED", 2)
        with pytest.raises(Refused), transaction.atomic():
            services.note_attempt(row, reason="ABSENT", at=AT, actor=case.owner)
        with pytest.raises(Refused), transaction.atomic():
            services.send(notice, way="NOTICE", party=debtor, at=AT, actor=case.owner)
        second = services.send(
            notice,
            way="NOTICE",
            party=debtor,
            ground="下落不明，直接、邮寄均未送达",
            tracking="人民法院报",
            at=AT,
            actor=case.owner,
        )
        assert second.state == "SENT"

    def test_a_public_notice_needs_a_lost_addressee_or_a_way_that_failed(self, case, debtor, notice):
        given = {"way": "NOTICE", "party": debtor, "at": AT, "actor": case.owner}
        with pytest.raises(Refused), transaction.atomic():
            services.send(notice, **given, ground="为了方便")
        row = services.send(notice, way="MAIL", party=debtor, tracking="EMS1", at=AT, actor=case.owner)
        services.note_attempt(row, reason="RETURNED", is_given_up=True, at=AT, actor=case.owner)
        with pytest.raises(Refused, match="刊登处"):
            services.send(notice, **given, ground="邮寄退回，直接送达亦未成")
        told = {"ground": "邮寄退回，直接送达亦未成", "tracking": "人民法院报2021年9月6日第3版"}
        assert services.send(notice, **given, **told).state == "SENT"

    def test_what_is_posted_can_be_followed(self, case, debtor, notice):
        with pytest.raises(Refused, match="邮件号") as refusal:
            services.send(notice, way="MAIL", party=debtor, tracking=" ", at=AT, actor=case.owner)
        assert set(refusal.value.by_field) == {"tracking"}

    def test_what_is_left_names_its_witness_or_recording(self, case, debtor, notice, proof):
        row = services.send(notice, way="LEFT", party=debtor, at=AT, actor=case.owner)
        with pytest.raises(Refused), transaction.atomic():
            services.deliver(row, on=AT.date(), proof=proof, at=AT, actor=case.owner)
        given = {"receiver_kind": "WITNESSED", "receiver": "新华社区王某", "at": AT, "actor": case.owner}
        done = services.deliver(row, on=AT.date(), proof=proof, **given)
        assert done.state == "DELIVERED"

    def test_electronic_only_with_consent_and_before_2022_a_ruling_only_with_consent_to_it(self, case, debtor, notice):
        def send(document, at=AT):
            with transaction.atomic():
                return services.send(document, way="ELECTRONIC", party=debtor, at=at, actor=case.owner)

        ruling, later = (factories.issue(case, "FREEZE", actor=case.judge) for _turn in range(2))
        with pytest.raises(Refused):
            send(notice)
        _confirm(case, debtor)
        with pytest.raises(Refused):
            send(notice)
        _confirm(case, debtor, has_e_consent=True, e_address="13800000000")
        assert send(notice).place == "13800000000"
        with pytest.raises(Refused):
            send(ruling)
        assert send(later, at=moment(2022, 1, 4)).way == "ELECTRONIC"
        _confirm(case, debtor, has_e_consent=True, has_ruling_consent=True, e_address="13800000000")
        assert send(ruling).way == "ELECTRONIC"
        assert AddressConfirmation.objects.filter(party=debtor, replaced_at__isnull=True).count() == 1

    def test_the_database_too_refuses_electronic_service_without_a_confirmation(self, case, debtor, notice):
        with pytest.raises(IntegrityError):
            Delivery.objects.create(
                document=notice,
                case=case,
                party=debtor,
                addressee="x",
                way="ELECTRONIC",
                sent_on=AT.date(),
                sent_by=case.owner,
                sent_at=AT,
            )

    def test_a_third_party_s_debt_is_served_directly_only(self, case):
        document = factories.issue(case, "THIRD_DEBT", actor=case.owner)
        for way in ("MAIL", "LEFT", "NOTICE", "ENTRUSTED"):
            with pytest.raises(Refused), transaction.atomic():
                services.send(document, way=way, addressee="某公司", ground="无法联系", at=AT, actor=case.owner)
        assert services.send(document, way="DIRECT", addressee="某公司", at=AT, actor=case.owner).addressee == "某公司"

    def test_nobody_a_foreign_party_and_a_void_document_are_refused(self, house, case, debtor, notice):
        other = factories.file_case(house).case.parties.get(side="DEBTOR")
        newer = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner)
        services.void(notice, by=newer, reason="错", at=AT, actor=case.owner)
        for document, to in ((newer, {}), (newer, {"party": other}), (notice, {"party": debtor})):
            with pytest.raises(Refused), transaction.atomic():
                services.send(document, way="DIRECT", **to, at=AT, actor=case.owner)

    def test_a_stranger_and_a_judge_do_not_serve(self, house, case, debtor, notice):
        for user in (house.officer3, case.judge, house.inspector):
            with pytest.raises(PermissionDenied):
                services.send(notice, way="DIRECT", party=debtor, at=AT, actor=user)

    def test_a_paper_that_could_not_be_made_is_not_sent(self, case, debtor, monkeypatch):
        monkeypatch.setattr("documents.glyphs.lacking", lambda text: "")
        broken = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT, phone="0473-😀")
        services.print_waiting(at=AT, actor=User.objects.system())
        with pytest.raises(Refused, match="制作失败"):
            services.send(broken, way="DIRECT", party=debtor, at=AT, actor=case.owner)
        assert not broken.deliveries.exists()


class TestAddressees:
    """A paper is served on those to whom it is addressed."""

    def test_a_notice_to_the_applicant_is_not_served_on_the_debtor(self, house, case, login):
        notice = factories.issue(case, "CLUES_NOTICE", actor=case.owner, at=AT)
        debtor, applicant = (case.parties.get(side=side) for side in ("DEBTOR", "APPLICANT"))
        told = {"way": "DIRECT", "at": AT, "actor": case.owner}
        with pytest.raises(Refused, match=r"写给.*不能送达给") as refusal:
            services.send(notice, party=debtor, **told)
        assert set(refusal.value.by_field) == {"party"}
        with pytest.raises(Refused, match="请选择当事人"):
            services.send(notice, addressee="某公司", **told)
        form = login(case.owner).get(reverse("documents:send", args=[notice.pk])).context["form"]
        assert list(form.fields["party"].queryset) == [applicant]
        assert "addressee" not in form.fields
        assert services.send(notice, party=applicant, **told).party == applicant

    def test_a_notice_to_one_debtor_is_not_served_on_another_and_a_ruling_goes_to_all(self, house):
        filing = factories.filing()
        other = replace(filing.parties[1], name="乌海市另一有限公司", id_number="")
        case = factories.into_stream(house, factories.file_case(house, parties=(*filing.parties, other)).case)
        first, second = case.parties.filter(side="DEBTOR").order_by("position")
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT, debtor="DEBTOR:1")
        assert list(addressees.parties_of(notice)) == [first]
        ruling = factories.issue(case, "FREEZE", actor=case.judge, from_on="2021-09-06", to_on="2022-09-06", at=AT)
        assert second in addressees.parties_of(ruling)
        assert addressees.parties_of(ruling).count() == 3

    def test_what_helps_is_served_on_the_unit_alone(self, house, case):
        notice = factories.issue(case, "ASSIST", actor=case.owner, at=AT)
        told = {"way": "DIRECT", "at": AT, "actor": case.owner}
        with pytest.raises(Refused, match="协助单位"):
            services.send(notice, party=case.parties.get(side="DEBTOR"), **told)
        assert services.send(notice, addressee="车管所", **told).addressee == "车管所"


class TestClocks:
    """What the service of a paper starts (nodes 12, 49, 50)."""

    def served(self, case, code, *, actor, proof, way="DIRECT", party=None, addressee="", on=DAY, **values):
        document = factories.issue(case, code, actor=actor, at=AT, **values)
        sent = services.send(document, way=way, party=party, addressee=addressee, at=AT, actor=actor)
        later = moment(on.year, on.month, on.day)
        return services.deliver(sent, on=on, proof=proof, **factories.signed(sent), at=later, actor=actor)

    def running(self, case, node):
        return case.deadlines.running().filter(node=node)

    def test_the_report_is_due_by_the_term_of_the_order_and_its_owner_notes_it(self, house, case, debtor, proof):
        order = self.served(case, "REPORT_ORDER", actor=case.owner, proof=proof, party=debtor, days="12")
        deadline = self.running(case, "PROPERTY_REPORT").get()
        # Twelve days from Monday 6 September is the make-up working day of Saturday the eighteenth.
        assert (str(deadline.started_on), str(deadline.due_on)) == ("2021-09-06", "2021-09-18")
        assert deadline.subject == f"delivery:{order.pk}"
        with pytest.raises(PermissionDenied):
            cases.note_done(deadline, note="已报告", at=AT, actor=house.officer3)
        cases.note_done(deadline, note="财产报告表已入卷", at=AT, actor=case.owner)
        assert not self.running(case, "PROPERTY_REPORT").exists()

    def test_an_order_without_a_term_starts_no_clock(self, case):
        told = {"template": "REPORT_ORDER", "delivered_on": DAY, "deemed_on": DAY}
        record(case, "deliver_document", at=AT, case=case, actor=case.owner, **told)
        assert not self.running(case, "PROPERTY_REPORT").exists()
        record(case, "deliver_document", at=AT, case=case, actor=case.owner, **told, term_days=5)
        assert str(self.running(case, "PROPERTY_REPORT").get().due_on) == "2021-09-13"  # the fifth day is a Saturday

    def test_a_third_party_has_fifteen_days_from_service(self, case, proof):
        self.served(case, "THIRD_DEBT", actor=case.owner, proof=proof, addressee="某公司", on=dt.date(2021, 9, 16))
        deadline = self.running(case, "MATURED_CLAIM").get()
        assert (str(deadline.started_on), str(deadline.due_on)) == ("2021-09-16", "2021-10-08")
        cases.watch(at=moment(2021, 10, 9), actor=User.objects.system())
        deadline.refresh_from_db()
        assert deadline.state == "FULFILLED"

    def test_the_notice_opens_ten_days_to_contest_jurisdiction_for_each_debtor(self, case, debtor, proof):
        self.served(case, "ENFORCEMENT_NOTICE", actor=case.owner, proof=proof, party=debtor)
        assert str(self.running(case, "JURISDICTION_OBJECTION").get().due_on) == "2021-09-16"
        assert not self.running(case, "PROPERTY_REPORT").exists()

    def test_on_a_case_that_has_ended_nothing_starts(self, house, case, debtor, proof):
        document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT)
        sent = services.send(document, way="DIRECT", party=debtor, at=AT, actor=case.owner)
        factories.close(house, case, "TERMINATED", at=AT)
        services.deliver(sent, on=AT.date(), proof=proof, **factories.signed(sent), at=AT, actor=case.owner)
        assert not case.deadlines.running().filter(node="JURISDICTION_OBJECTION").exists()


class TestReceiver:
    """Who signs for a paper is one of those whom the law names, and his name stands on the file."""

    @pytest.fixture
    def person(self, case):
        return case.parties.get(side="APPLICANT")

    def sent(self, case, party, way="DIRECT", **given):
        document = factories.issue(
            case, "ACCEPTANCE" if party.side == "APPLICANT" else "REPORT_ORDER", actor=case.owner
        )
        return services.send(document, way=way, party=party, **given, at=AT, actor=case.owner)

    def deliver(self, row, proof, kind="", name="", **given):
        told = {"receiver_kind": kind, "receiver": name, "at": AT, "actor": row.sent_by} | given
        with transaction.atomic():
            return services.deliver(row, on=AT.date(), proof=proof, **told)

    def field_of(self, row, proof, *said, **given):
        with pytest.raises(Refused) as refusal:
            self.deliver(row, proof, *said, **given)
        return list(refusal.value.by_field)

    def test_a_person_signs_himself_or_an_adult_of_his_household_does(self, case, person, proof):
        row = self.sent(case, person)
        assert self.field_of(row, proof) == ["receiver_kind"]
        assert self.field_of(row, proof, "FAMILY") == ["receiver"]
        assert self.field_of(row, proof, "SELF", "别人") == ["receiver"]
        for kind in ("MAILROOM", "LEGAL_REP", "WITNESSED", "X"):
            assert self.field_of(row, proof, kind, "某某") == ["receiver_kind"]
        done = self.deliver(row, proof, "SELF")
        assert (done.receiver_kind, done.receiver) == ("SELF", person.name)

    def test_of_a_unit_its_head_or_whoever_takes_its_mail_signs(self, case, debtor, proof):
        row = self.sent(case, debtor)
        assert self.field_of(row, proof, "SELF") == ["receiver_kind"]
        assert self.field_of(row, proof, "FAMILY", "某某") == ["receiver_kind"]
        assert self.field_of(row, proof, "MAILROOM") == ["receiver"]
        assert self.deliver(row, proof, "MAILROOM", "刘某").receiver == "刘某"
        line = timeline.lines(Event.objects.filter(subject=f"delivery:{row.pk}", verb="deliver_document"))[0]
        assert ("签收人身份", "单位负责收件的人（收发部门）") in line.facts

    def test_an_agent_or_nominee_stands_on_the_file(self, case, debtor, proof):
        row = self.sent(case, debtor)
        assert self.field_of(row, proof, "AGENT", "赵某") == ["receiver"]
        assert self.field_of(row, proof, "NOMINEE", "李守信") == ["receiver"]
        _confirm(case, debtor)
        assert self.deliver(row, proof, "NOMINEE", "李守信").state == "DELIVERED"

    def test_a_message_counts_from_the_moment_it_arrived(self, case, debtor, proof):
        _confirm(case, debtor, has_e_consent=True, e_address="13800000000")
        row = self.sent(case, debtor, way="ELECTRONIC")
        assert self.field_of(row, proof) == ["arrived_at"]
        assert self.field_of(row, proof, arrived_at=dt.time(23, 59)) == ["arrived_at"]
        assert self.deliver(row, proof, arrived_at=dt.time(8, 30)).arrived_at == dt.time(8, 30)

    def test_what_others_serve_says_who(self, case, debtor):
        for way in ("ENTRUSTED", "FORWARDED"):
            with pytest.raises(Refused) as refusal, transaction.atomic():
                self.sent(case, debtor, way=way)
            assert list(refusal.value.by_field) == ["place"]

    def test_the_database_takes_no_service_without_its_receiver(self, case, debtor, proof):
        row = self.sent(case, debtor)
        told = {"state": "DELIVERED", "delivered_on": AT.date(), "deemed_on": AT.date(), "proof": proof}
        with pytest.raises(IntegrityError, match="signed_for_or_left"), transaction.atomic():
            Delivery.objects.filter(pk=row.pk).update(**told)

    def test_the_page_asks_for_what_the_way_needs_alone(self, case, person, debtor, login):
        client = login(case.owner)
        direct, mail = self.sent(case, person), self.sent(case, debtor, way="MAIL", tracking="EMS1")
        page = client.get(reverse("documents:deliver", args=[direct.pk])).content.decode()
        assert 'value="FAMILY"' in page
        assert not [name for name in ("MAILROOM", "arrived_at", "is_returned") if name in page]
        page = client.get(reverse("documents:deliver", args=[mail.pk])).content.decode()
        assert not [name for name in ("FAMILY", "arrived_at") if name in page]
        assert "is_returned" in page


class TestDeliver:
    def test_returned_mail_counts_only_from_the_address_that_the_party_gave(self, case, debtor, notice, proof):
        def mail(**place):
            return services.send(notice, way="MAIL", party=debtor, tracking="EMS1", **place, at=AT, actor=case.owner)

        def back(row):
            with transaction.atomic():
                return services.deliver(row, on=AT.date(), proof=proof, is_returned=True, at=AT, actor=case.owner)

        found = mail(place="户籍地")
        with pytest.raises(Refused):
            back(found)
        services.note_attempt(found, reason="RETURNED", is_given_up=True, at=AT, actor=case.owner)
        _confirm(case, debtor)
        assert back(mail()).deemed_on == AT.date()

    def test_no_proof_another_case_s_proof_or_an_impossible_day_is_refused(self, house, case, debtor, notice, proof):
        row = services.send(notice, way="DIRECT", party=debtor, at=AT, actor=case.owner)
        other = kept.running_case(house)
        foreign = services.receive(other, [services.Paper("SERVICE", "x", PDF)], at=AT, actor=other.owner)[0]
        tries = (
            (None, AT.date()),
            (foreign, AT.date()),
            (proof, AT.date() - dt.timedelta(1)),
            (proof, AT.date() + dt.timedelta(1)),
        )
        for paper, day in tries:
            with pytest.raises(Refused), transaction.atomic():
                services.deliver(row, on=day, proof=paper, **factories.signed(row), at=AT, actor=case.owner)

    def test_consent_without_an_address_is_no_consent(self, case, debtor):
        for changes in ({"has_e_consent": True}, {"has_ruling_consent": True}):
            with pytest.raises(Refused), transaction.atomic():
                _confirm(case, debtor, **changes)

    def test_addresses_are_encrypted_and_not_in_the_record(self, case, debtor):
        _confirm(case, debtor)
        assert "工业路" not in Event.objects.get(verb="confirm_address").details
