"""The bank's answers: lost, late, said twice or otherwise, each ends in a named state, and nothing is paid twice."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from stdnum import luhn

from accounts import bank, books, desk, services
from accounts.models import BankAnswer, PayeeAccount, Payout, Transfer
from accounts.services import answers
from bureau import clock
from bureau.chains import broken_events
from bureau.errors import Refused
from bureau.models import Event, User
from tests import factories
from tests import rosters as made
from tests import statements as files
from tests.accounts.test_batches import _case
from tests.at_once import race
from tests.factories import moment

AT = moment(2021, 9, 20)
LATER = AT + dt.timedelta(hours=25)
LOST_ANSWER, LOST_ORDER, TWICE, OTHERWISE, SLOW = "777777", "666666", "888888", "555555", "9999"


def card(ending):
    """Return a card that ends so and passes its check digit."""
    width = 19 - 7 - len(ending)
    return next(found for number in range(100) if luhn.is_valid(found := f"6222020{number:0{width}d}{ending}"))


@pytest.fixture(autouse=True)
def _quiet_bank():
    bank.Simulator._later.clear()
    yield
    bank.Simulator._later.clear()


@pytest.fixture
def house(db):
    return factories.House.build()


@pytest.fixture
def other_finance(house):
    return house.finance2


@pytest.fixture
def login(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)
    monkeypatch.setattr(clock, "today", LATER.date)

    def enter(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


def sent(house, ending, *, reference="P1", at=AT):
    """Return a payment that is on its way to an account ending so."""
    case = _case(house, serial=f"S{reference}")
    account = PayeeAccount.objects.live().get(party__case=case, party__side="APPLICANT")
    # A confirmed account never changes; this one was entered with that number.
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        PayeeAccount.objects.filter(pk=account.pk).update(number=card(ending), number_last4=card(ending)[-4:])
        cursor.execute("SET session_replication_role = origin")
    return factories.payout(house, case, "100.00", reference=reference, until="SENT", at=at)


def exchange(at=AT):
    return services.exchange_with_bank(at=at, actor=User.objects.system())


def row(payout):
    return Payout.objects.get(pk=payout.pk)


def sound():
    assert books.faults() == []
    assert broken_events() == []


class TestSilence:
    """No order stays merely with the bank for longer than the configured time."""

    def test_a_lost_answer_gets_a_name_and_an_inquiry_finds_it(self, house):
        payout = sent(house, LOST_ANSWER)
        assert exchange() == 0
        assert (row(payout).unanswered, row(payout).standing) == ("", "银行处理中")
        exchange(at=LATER)
        assert (row(payout).unanswered, row(payout).unanswered_at, row(payout).state) == ("NO_ANSWER", LATER, "SENT")
        exchange(at=LATER + dt.timedelta(minutes=5))
        assert Event.objects.filter(verb="flag_unanswered").count() == 1
        assert services.inquire_payout(payout, at=LATER, actor=house.finance) == "BOOKED"
        assert (row(payout).state, row(payout).unanswered, row(payout).unanswered_at) == ("PAID", "", None)
        assert Transfer.objects.filter(payout=payout, purpose="CONFIRM").count() == 1
        with pytest.raises(Refused, match="已先行答复"):
            services.inquire_payout(payout, at=LATER, actor=house.finance)
        sound()

    def test_a_lost_order_is_unknown_to_the_bank_and_paid_once_when_sent_again(self, house):
        payout = sent(house, LOST_ORDER)
        for at in (AT, LATER):
            exchange(at=at)
        assert services.inquire_payout(payout, at=LATER, actor=house.finance) == "UNKNOWN"
        assert row(payout).unanswered == "NO_ANSWER"
        again = services.resend_payout(payout, at=LATER, actor=house.finance)
        assert (again.reference, again.unanswered, again.resent_at) == ("P1", "", LATER)
        with pytest.raises(Refused, match="时限内"):
            services.resend_payout(payout, at=LATER, actor=house.finance)
        assert exchange(at=LATER) == 1
        assert row(payout).state == "PAID"
        assert Transfer.objects.filter(payout=payout).count() == 2
        sound()

    def test_however_often_it_is_sent_again_the_bank_takes_its_reference_once(
        self, house, settings, monkeypatch, tmp_path
    ):
        settings.BANK, book = "tests.rosters.LastingBank", tmp_path / "bank"
        monkeypatch.setenv("LASTING_BANK", str(book))
        monkeypatch.setattr(made.LastingBank, "answer", lambda *_args, **_given: bank.Answer(bank.SILENT))
        payout, at = sent(house, "1234"), AT
        for _turn in range(3):
            exchange(at=at)
            at += dt.timedelta(hours=24)
            exchange(at=at)
            services.resend_payout(payout, at=at, actor=house.finance)
        assert len(book.read_text().splitlines()) == 4
        assert [reference for reference, _amount, _last in made.LastingBank.taken(book)] == ["P1"]
        assert Transfer.objects.filter(payout=payout).count() == 1

    def test_what_is_sent_again_waits_anew(self, house, monkeypatch):
        payout = sent(house, LOST_ORDER)
        for at in (AT, LATER):
            exchange(at=at)
        services.resend_payout(payout, at=LATER, actor=house.finance)
        monkeypatch.setattr(bank.Simulator, "answer", lambda *_args, **_given: bank.Answer(bank.SILENT))
        exchange(at=LATER + dt.timedelta(hours=23))
        assert row(payout).unanswered == ""
        exchange(at=LATER + dt.timedelta(hours=24))
        assert row(payout).unanswered == "NO_ANSWER"

    def test_a_late_one_is_delayed_and_never_sent_again(self, house):
        payout = sent(house, SLOW)
        for at in (AT, LATER):
            exchange(at=at)
        assert (row(payout).unanswered, row(payout).standing) == ("DELAYED", "银行延迟答复")
        with pytest.raises(Refused, match="不得重新提交"):
            services.resend_payout(payout, at=LATER, actor=house.finance)
        assert services.inquire_payout(payout, at=LATER, actor=house.finance) == "BOOKED"
        assert row(payout).state == "PAID"

    def test_the_statement_ends_the_silence_too(self, house):
        payout = sent(house, LOST_ANSWER)
        for at in (AT, LATER):
            exchange(at=at)
        format_ = files.bank_format(house.finance, LATER)
        content = files.table([files.debit("D1", "100.00", reference="P1")])
        files.take_in(content, format_, at=LATER, actor=house.finance)
        assert (row(payout).state, row(payout).unanswered) == ("PAID", "")

    def test_rows_of_a_batch_are_named_and_asked_about_like_any(self, house):
        case = _case(house)
        lines = [[*made.person(1)[:2], card(LOST_ANSWER), "中国银行乌海分行", "10.00", "", ""], *made.lines(2, start=2)]
        batch = made.batch(house, case, made.table(lines), until="SENDING")
        system = User.objects.system()
        assert services.send_batches(at=AT, actor=system) == 2
        services.send_batches(at=LATER, actor=system)
        (payout,) = Payout.objects.filter(state="SENT")
        assert payout.unanswered == "NO_ANSWER"
        assert Event.objects.get(verb="flag_unanswered_rows").details.count("NO_ANSWER") == 1
        assert services.inquire_payout(payout, at=LATER, actor=house.finance) == "BOOKED"
        services.send_batches(at=LATER, actor=system)
        batch.refresh_from_db()
        assert (batch.state, row(payout).state) == ("DONE", "PAID")
        sound()

    def test_only_who_pays_asks_and_sends_again(self, house):
        payout = sent(house, LOST_ORDER)
        for at in (AT, LATER):
            exchange(at=at)
        for user in (house.chief, house.officer, house.judge, house.inspector):
            with pytest.raises(PermissionDenied):
                services.inquire_payout(payout, at=LATER, actor=user)
            with pytest.raises(PermissionDenied):
                services.resend_payout(payout, at=LATER, actor=user)

    def test_a_file_is_handed_over_again_as_the_file_it_was(self, house, settings):
        settings.BANK, settings.ESCROW_HOLDER = "accounts.bank.SimulatorByFile", "专户"
        settings.ESCROW_ACCOUNT, settings.ESCROW_BANK = "0603020409000012345", "某银行"
        payout = sent(house, LOST_ORDER)
        services.make_payment_file(at=AT, actor=house.finance)
        exchange(at=LATER)
        assert row(payout).unanswered == "NO_ANSWER"
        with pytest.raises(Refused, match="原付款文件"):
            services.resend_payout(payout, at=LATER, actor=house.finance)

    def test_a_confirmation_without_its_day_books_nothing(self, house, monkeypatch):
        payout = sent(house, "1234")
        monkeypatch.setattr(bank.Simulator, "answer", lambda *_args, **_given: bank.Answer(bank.PAID))
        assert exchange() == 0
        assert row(payout).state == "SENT"

    @pytest.mark.parametrize("name", ["DELAYED", "NO_ANSWER", "OTHER"])
    def test_the_database_names_only_what_is_with_the_bank(self, house, name):
        payout = sent(house, "1234")
        for set_to in ({"unanswered": name}, {"unanswered": name, "unanswered_at": AT}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Payout.objects.filter(pk=payout.pk).update(**set_to)


class TestSaidAgain:
    """What the bank says besides is kept and changes nothing."""

    def test_a_doubled_answer_changes_nothing_and_is_noted_once(self, house):
        payout = sent(house, TWICE)
        assert exchange() == 1
        stood, moved = row(payout), Transfer.objects.count()
        said = list(bank.Simulator._later)
        assert exchange(at=LATER) == 0
        bank.Simulator._later.extend(said)
        exchange(at=LATER)
        note = BankAnswer.objects.get()
        assert (note.kind, note.said, note.payout, note.received_at) == ("REPEATED", "PAID", payout, LATER)
        assert row(payout).__dict__ | {"_state": 0} == stood.__dict__ | {"_state": 0}
        assert Transfer.objects.count() == moved
        assert not BankAnswer.objects.open().exists()
        assert list(desk._bank_answers(house.finance)) == []

    def test_confirmed_then_rejected_is_a_red_question_until_another_clears_it_up(self, house, other_finance):
        payout = sent(house, OTHERWISE)
        exchange()
        exchange(at=LATER)
        note = BankAnswer.objects.get()
        assert (note.kind, note.said, note.reason) == ("CONTRADICTS", "BOUNCED", "收款行退回")
        assert row(payout).state == "PAID"
        (item,) = desk._bank_answers(other_finance)
        assert item.is_red
        with pytest.raises(Refused, match="付款人以外"):
            services.settle_answer(note, note="已查", at=LATER, actor=house.finance)
        with pytest.raises(Refused, match="查明结果"):
            services.settle_answer(note, note="  ", at=LATER, actor=other_finance)
        with pytest.raises(PermissionDenied):
            services.settle_answer(note, note="已查", at=LATER, actor=house.chief)
        services.settle_answer(note, note="银行误发，回单1号", at=LATER, actor=other_finance)
        with pytest.raises(Refused, match="已查明"):
            services.settle_answer(note, note="再查", at=LATER, actor=other_finance)
        assert list(desk._bank_answers(other_finance)) == []
        sound()

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (bank.Answer("PAID", AT.date(), reference="P1", serial="N1"), "REPEATED"),
            (bank.Answer("PAID", LATER.date(), reference="P1", serial="N1"), "CONTRADICTS"),
            (bank.Answer("BOUNCED", reason="x", reference="P1", serial="N1"), "CONTRADICTS"),
            (bank.Answer("BOUNCED", reason="x", reference="NOBODY", serial="N1"), "STRANGE"),
        ],
    )
    def test_each_message_has_its_kind(self, house, answer, kind):
        sent(house, "1234")
        exchange()
        for _turn in range(2):
            assert answers.take_unasked([answer], at=LATER, actor=User.objects.system()) == 0
        assert BankAnswer.objects.get().kind == kind

    def test_what_settles_nothing_is_no_message(self, house):
        sent(house, "1234")
        said = [bank.Answer("PENDING", reference="P1", serial="N1"), bank.Answer("PAID", reference="P1", serial="N2")]
        assert answers.take_unasked(said, at=AT, actor=User.objects.system()) == 0
        assert not BankAnswer.objects.exists()

    def test_what_the_bank_says_first_by_itself_is_its_answer(self, house):
        payout = sent(house, LOST_ANSWER)
        said = bank.Answer("BOUNCED", reason="户名不符", reference="P1", serial="N1")
        assert answers.take_unasked([said], at=AT, actor=User.objects.system()) == 1
        assert (row(payout).state, row(payout).ended_note) == ("BOUNCED", "户名不符")
        assert not BankAnswer.objects.exists()

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE accounts_bankanswer SET said = 'PAID'",
            "DELETE FROM accounts_bankanswer",
            "TRUNCATE accounts_bankanswer",
            "UPDATE accounts_bankanswer SET settled_at = now(), settled_note = 'x', settled_by_id ="
            " (SELECT paid_by_id FROM accounts_payout WHERE id = payout_id)",
            "UPDATE accounts_bankanswer SET settled_at = now()",
        ],
    )
    def test_the_database_keeps_what_the_bank_said(self, house, sql):
        sent(house, OTHERWISE)
        exchange()
        exchange(at=LATER)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Answer, inquiry and a second hand-over meet: one is booked."""

    def test_sixteen_inquiries_and_exchanges_book_one_answer(self, transactional_db):
        house = factories.House.build()
        payout = sent(house, LOST_ANSWER)
        for at in (AT, LATER):
            exchange(at=at)
        ask = lambda: services.inquire_payout(payout, at=LATER, actor=house.finance)  # noqa: E731
        push = lambda: answers.take_unasked(  # noqa: E731
            [bank.Answer("PAID", LATER.date(), reference="P1", serial="N1")], at=LATER, actor=User.objects.system()
        )
        found = race([ask, push] * 8)
        assert [answer for answer in found if isinstance(answer, Exception) and not isinstance(answer, Refused)] == []
        assert row(payout).state == "PAID"
        assert Transfer.objects.filter(payout=payout, purpose="CONFIRM").count() == 1
        assert not BankAnswer.objects.filter(kind="CONTRADICTS").exists()
        assert BankAnswer.objects.count() <= 1

    def test_a_rejection_that_overtakes_the_inquiry_becomes_a_question(self, transactional_db, monkeypatch):
        house = factories.House.build()
        payout = sent(house, LOST_ANSWER)
        for at in (AT, LATER):
            exchange(at=at)
        asked, go_on = threading.Event(), threading.Event()

        def slow(self, order, *, today):
            asked.set()
            go_on.wait(30)
            return bank.Answer("PAID", today)

        monkeypatch.setattr(bank.Simulator, "inquire", slow)

        def overtake():
            asked.wait(30)
            said = bank.Answer("BOUNCED", reason="销户", reference="P1", serial="N1")
            booked = answers.take_unasked([said], at=LATER, actor=User.objects.system())
            go_on.set()
            return booked

        first, second = race([lambda: services.inquire_payout(payout, at=LATER, actor=house.finance), overtake])
        assert (first, second) == ("CONTRADICTS", 1)
        assert row(payout).state == "BOUNCED"
        assert Transfer.objects.filter(payout=payout).count() == 2


class TestPages:
    """Finance sees each by its name and acts; nobody else does."""

    def test_listed_asked_sent_again_and_exported(self, house, login):
        lost, slow = sent(house, LOST_ORDER), sent(house, SLOW, reference="P2")
        for at in (AT, LATER):
            exchange(at=at)
        client = login(house.finance)
        address = reverse("accounts:bank_answers")
        page = client.get(address).content.decode()
        assert "逾时未答复 1" in page
        assert "延迟答复 1" in page
        assert "P1" in page
        assert "P2" not in page
        asked = client.post(reverse("accounts:inquire_payout", args=[lost.pk]), {"show": "no_answer"}, follow=True)
        assert "银行查无此笔" in asked.content.decode()
        again = client.post(reverse("accounts:resend_payout", args=[lost.pk]), follow=True)
        assert "已按原付款参考号重新提交" in again.content.decode()
        refused = client.post(reverse("accounts:resend_payout", args=[slow.pk]), follow=True)
        assert "不得重新提交" in refused.content.decode()
        for chosen in ("delayed", "waiting", "unsubmitted", "contradicts", "strange", "settled", "repeated", "'x"):
            assert client.get(address, {"show": chosen}).status_code == 200
            assert client.post(f"{reverse('accounts:export_bank_answers')}?show={chosen}").status_code == 200
        found = client.get(address, {"show": "delayed", "q": slow.case.display_number}).content.decode()
        assert "P2" in found
        for word in ("P9", "\x00", "（2021）", "x" * 500):
            assert client.get(address, {"show": "delayed", "q": word}).status_code == 200
        assert "银行延迟答复" in client.get(reverse("accounts:payout", args=[slow.pk])).content.decode()

    def test_a_question_is_settled_on_its_page(self, house, other_finance, login):
        sent(house, OTHERWISE)
        exchange()
        exchange(at=LATER)
        note = BankAnswer.objects.get()
        address = reverse("accounts:settle_answer", args=[note.pk])
        assert "付款人以外" in login(house.finance).get(address).content.decode()
        client = login(other_finance)
        assert "收款行退回" in client.get(reverse("accounts:payout", args=[note.payout_id])).content.decode()
        wrong = client.post(address, {"note": ""})
        assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["note"])
        done = client.post(address, {"note": "银行误发"}, follow=True)
        assert "已登记查明结果" in done.content.decode()
        assert "银行误发" in client.get(reverse("accounts:bank_answers"), {"show": "settled"}).content.decode()

    def test_programs_do_the_same(self, house, other_finance, login):
        payout = sent(house, LOST_ANSWER)
        sent(house, OTHERWISE, reference="P2")
        for at in (AT, LATER):
            exchange(at=at)
        client = login(other_finance)
        (waiting,) = client.get(reverse("accounts_api:unanswered")).json()["results"]
        assert (waiting["reference"], waiting["unanswered"]) == ("P1", "NO_ANSWER")
        (said,) = client.get(reverse("accounts_api:bank_answers")).json()["results"]
        assert (said["reference"], said["kind"], said["said"]) == ("P2", "CONTRADICTS", "BOUNCED")

        def post(name, pk, told):
            return client.post(reverse(f"accounts_api:{name}", args=[pk]), told, content_type="application/json")

        refused = post("settle_answer", said["id"], {})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, ["note"])
        assert post("settle_answer", said["id"], {"note": "银行误发"}).status_code == 200
        assert post("inquire_payout", payout.pk, {}).json() == {"kind": "payout", "id": payout.pk}
        assert row(payout).state == "PAID"
        assert post("resend_payout", payout.pk, {}).status_code == 422


def test_the_sum_of_what_waits_stands_on_the_desk(house):
    sent(house, LOST_ANSWER)
    sent(house, SLOW, reference="P2")
    for at in (AT, LATER):
        exchange(at=at)
    items = list(desk._bank_answers(house.finance))
    assert [(item.kind, item.is_red) for item in items] == [("银行逾时未答复", True), ("银行延迟答复", False)]
    assert "100.00" in items[0].title
    assert list(desk._bank_answers(house.chief)) == []
    assert Payout.objects.filter(unanswered="NO_ANSWER").get().amount == Decimal("100.00")
