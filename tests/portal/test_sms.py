"""Text messages: each point once, to whom it concerns, without a name, a sum or a property; the outbox keeps."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from bureau.models import User
from documents import services as documents
from intake import applications
from portal import keys, lookup, outbox, services, sms, submitting, taking, texts
from portal.models import PhoneCode, Sms, StatusPage
from tests import factories
from tests.portal.test_pages import PDF

AT = factories.moment(2021, 9, 1)
NUMBER = "(2021)内0302执1号"
PHONE = "13800001234"  # the applicant's


class Deaf:
    """A platform that takes nothing."""

    def send(self, phone, text):
        raise sms.CannotSend("平台维护")


@pytest.fixture
def filed(house):
    filed = factories.file_case(house, at=AT)
    services.project(at=AT)
    return filed


def points():
    return list(Sms.objects.order_by("id").values_list("point", flat=True))


class TestPoints:
    def test_filing_is_told_once_to_the_applicant_with_the_number(self, filed):
        services.project(at=AT)
        [message] = Sms.objects.all()
        assert (message.point, message.phone, message.phone_last4) == ("FILED", PHONE, "1234")
        assert NUMBER in message.text

    def test_a_page_written_anew_says_nothing_again(self, filed):
        StatusPage.objects.all().delete()
        services.project(at=AT + dt.timedelta(hours=1))
        assert points() == ["FILED"]

    def test_what_is_older_than_three_days_says_nothing(self, house):
        factories.file_case(house, at=AT)
        services.project(at=AT + outbox.FRESH + dt.timedelta(days=1))
        assert points() == []

    def test_the_way_of_a_case(self, house, filed):
        case = factories.into_stream(house, filed.case)
        services.project(at=factories.moment(2021, 9, 3))
        assert {"HANDLER", "TEAM"} <= set(points())
        at = factories.moment(2021, 9, 10)
        factories.deposit(house, case, "50000.00", serial="M", at=at)
        factories.payout(house, case, "20000.00", reference="M", at=at)
        services.project(at=at)
        assert points()[-2:] == ["MONEY_IN", "PAID"]

    def test_the_notice_is_told_to_the_debtor_on_whom_it_was_served_and_to_nobody_else(self, house, filed):
        case = factories.into_stream(house, filed.case)
        at = factories.moment(2021, 9, 10)
        debtor = case.parties.filter(side="DEBTOR").exclude(phone_last4="").order_by("position")[0]
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", at=at, actor=case.owner)
        delivery = documents.send(notice, way="DIRECT", party=debtor, at=at, actor=case.owner)
        proof = documents.receive(case, [documents.Paper("SERVICE", "回证", PDF)], at=at, actor=case.owner)[0]
        documents.deliver(delivery, on=at.date(), proof=proof, **factories.signed(delivery), at=at, actor=case.owner)
        services.project(at=at)
        [message] = Sms.objects.filter(point="NOTICE")
        assert message.phone == debtor.phone

    def test_no_text_names_a_person_a_sum_or_a_property(self, house, filed):
        case = factories.into_stream(house, filed.case)
        at = factories.moment(2021, 9, 10)
        factories.control(case, at=at)
        factories.deposit(house, case, "51234.56", serial="M", at=at)
        services.project(at=at)
        written = "".join(message.text for message in Sms.objects.all())
        for party in case.parties.all():
            assert party.name not in written
        for word in ("51,234.56", "51234.56", "冻结", "存款", "银行账户", "房", "车"):
            assert word not in written

    @pytest.mark.parametrize("point", texts.POINTS, ids=lambda point: point.code)
    def test_every_point_fits_into_two_messages_and_is_signed(self, point):
        text = texts.text_of(point.code, number="(2021)内0302执恢12345号", due_on="2021-12-31")
        assert text.startswith(texts.SIGNED)
        assert len(text) <= 134
        assert "%" not in text


class TestSending:
    def test_it_is_sent_once_and_keeps_the_platforms_number(self, filed):
        assert outbox.send_waiting(at=AT) == 1
        message = Sms.objects.get()
        assert (message.state, message.ended_at) == ("SENT", AT)
        assert message.serial.startswith("SIM")
        assert outbox.send_waiting(at=AT) == 0

    def test_a_platform_that_takes_nothing_ends_it_after_three_tries(self, filed):
        with override_settings(SMS=f"{__name__}.Deaf"):
            for tries in (1, 2, 3):
                outbox.send_waiting(at=AT)
                assert Sms.objects.get().tries == tries
        assert (Sms.objects.get().state, Sms.objects.get().fault) == ("FAILED", "平台维护")

    def test_what_comes_too_late_is_not_sent(self, filed):
        outbox.send_waiting(at=AT + dt.timedelta(days=2))
        assert Sms.objects.get().state == "LAPSED"

    @pytest.mark.parametrize(
        "change", [{"text": "x"}, {"phone": "13900000000"}, {"case_number": ""}, {"state": "WAITING", "ended_at": None}]
    )
    def test_neither_text_nor_receiver_nor_end_ever_changes(self, filed, change):
        outbox.send_waiting(at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Sms.objects.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Sms.objects.all().delete()


class TestPhoneCode:
    def ask(self, phone, number=NUMBER):
        digest = keys.number_digest(number)
        body = {"number": digest, "phone": keys.phone_hmac(phone)}
        submitting.submit("PHONE_CODE", body, at=AT)
        taking.take(at=AT, actor=User.objects.system())
        return digest

    def code(self):
        return Sms.objects.filter(point="PHONE_CODE").latest("id").text.split("验证码")[1][:6]

    def test_a_registered_phone_gets_six_digits_that_open_the_page_once(self, filed):
        digest = self.ask("+86 138-0000-1234")
        opened = lookup.look_up_by_phone(digest, self.code(), now=AT, at=AT)
        assert opened is not None
        assert opened.who == f"party:{filed.case.parties.get(side='APPLICANT').pk}"
        assert lookup.look_up_by_phone(digest, self.code(), now=AT, at=AT) is None

    @pytest.mark.parametrize(("phone", "number"), [("13900000000", NUMBER), (PHONE, "(2021)内0302执9号")])
    def test_any_other_phone_or_number_gets_nothing_and_is_told_nothing(self, filed, phone, number):
        self.ask(phone, number)
        assert not PhoneCode.objects.exists()
        assert "PHONE_CODE" not in points()

    def test_it_ends_after_ten_minutes_and_is_good_for_its_own_number_alone(self, house, filed):
        digest = self.ask(PHONE)
        late = AT + dt.timedelta(minutes=10)
        assert lookup.look_up_by_phone(digest, self.code(), now=late, at=AT) is None
        other = keys.number_digest("(2021)内0302执2号")
        assert lookup.look_up_by_phone(other, self.code(), now=AT, at=AT) is None

    def test_five_wrong_codes_lock_the_number_for_both_ways(self, filed):
        digest = self.ask(PHONE)
        for _turn in range(5):
            assert lookup.look_up_by_phone(digest, "000000", now=AT, at=AT) is None
        assert lookup.look_up_by_phone(digest, self.code(), now=AT, at=AT) is None
        assert lookup.look_up(NUMBER, filed.code, "002X", today=AT.date(), at=AT) is None

    def test_it_may_be_asked_for_thrice_an_hour(self, filed):
        asked = [lookup.ask_phone_code(NUMBER, at=AT + dt.timedelta(minutes=turn)) for turn in range(5)]
        assert asked == [True, True, True, False, False]
        assert lookup.ask_phone_code(NUMBER, at=AT + dt.timedelta(minutes=61))

    def test_neither_code_nor_phone_stands_in_the_portals_tables(self, filed):
        self.ask(PHONE)
        kept = str(list(PhoneCode.objects.values()))
        assert self.code() not in kept
        assert PHONE not in kept


def test_missing_papers_are_told_to_the_applicant_once(house):
    row = factories.application(house.window_clerk, at=AT, **{"applicants-0-phone": PHONE})
    applications.ask_supplement(row, due_on=dt.date(2021, 9, 15), at=AT, actor=house.window_clerk)
    for _turn in range(2):
        outbox.put_notices(at=AT)
    [message] = Sms.objects.all()
    assert (message.point, message.phone) == ("SUPPLEMENT", PHONE)
    assert f"收件号{row.pk}" in message.text
    assert "2021-09-15" in message.text
    outbox.put_notices(at=AT + dt.timedelta(days=4))
    assert Sms.objects.count() == 1
