"""What money rests on: a paper of the case's e-file, opened beside the act; free words name nothing."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import forms, services
from accounts.debtforms import PauseInterest
from accounts.models import Delay, InterestPause, Payout
from bureau.calendar import DAY
from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case
from documents import services as documents
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 20)


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case with 50,000 arrived."""
    case = kept.running_case(house)
    factories.deposit(house, case, "50000.00", serial="S1")
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def other(house) -> Case:
    """Another case of the bureau."""
    return Case.objects.get(pk=kept.running_case(house).pk)


def acts(house, case, other):
    """Return each act that rests on a paper, as it is done by a ref."""
    done = {"at": AT, "actor": case.owner}
    money = {"amount": Decimal("1.00"), "calculation": "x", **done}
    absent, receipt = case.parties.get(side="APPLICANT", position=1), case.receipts.get()
    days = {"from_on": AT.date(), "until_on": AT.date(), "at": AT, "actor": case.judge}
    until = AT.date() + 9 * DAY
    return {
        "delay": lambda ref: services.request_delay(receipt, reason="DL5", paper=ref, until_on=until, **done),
        "move": lambda ref: services.request_move(case, target=other, paper=ref, reference="M1", **money),
        "deposit": lambda ref: services.deposit_absent(case, absent=absent, paper=ref, reference="D1", **money),
        "pause": lambda ref: services.pause_interest(case, paper=ref, **days),
    }


def void(paper):
    """Let another notice take the paper's place."""
    by = factories.issue(paper.case, "ENFORCEMENT_NOTICE", at=AT, actor=paper.case.owner)
    documents.void(paper, by=by, reason="有误", at=AT, actor=paper.case.owner)


ALL = ("delay", "move", "deposit", "pause")


class TestNamed:
    @pytest.mark.parametrize("name", ALL)
    def test_a_paper_of_the_file_is_kept_by_words_and_name(self, house, case, other, name):
        ref = factories.paper(case, "协助执行通知书3号")
        row = acts(house, case, other)[name](ref)
        assert (row.paper, row.document) == (ref, "协助执行通知书3号")
        assert row.paper_url == reverse("documents:open", args=[ref.partition(":")[2]])
        event = Event.objects.of_chain(f"case:{case.pk}").order_by("-seq").first()
        assert "协助执行通知书3号" in event.details

    @pytest.mark.parametrize("name", ALL)
    @pytest.mark.parametrize("wrong", ["other", "void", "restricted", "words", ""])
    def test_nothing_else_is_taken(self, house, case, other, name, wrong):
        if wrong == "other":
            ref = factories.paper(other)
        elif wrong == "void":
            paper = factories.issue(case, "ENFORCEMENT_NOTICE", at=AT, actor=case.owner)
            void(paper)
            ref = f"document:{paper.pk}"
        elif wrong == "restricted":
            scan = documents.receive(case, [documents.Paper("PAYEE", "", factories.PDF)], at=AT, actor=case.owner)[0]
            ref = f"material:{scan.pk}"
        else:
            ref = "协助执行通知书3号" if wrong == "words" else ""
        with pytest.raises(Refused) as refused:
            acts(house, case, other)[name](ref)
        assert list(refused.value.by_field) == ["paper"]
        assert not Payout.objects.exists()
        assert not Delay.objects.exists()
        assert not InterestPause.objects.exists()

    def test_the_same_request_again_is_the_first_though_its_paper_is_void_by_now(self, house, case, other):
        paper = factories.issue(case, "ENFORCEMENT_NOTICE", at=AT, actor=case.owner)
        ref = f"document:{paper.pk}"
        first = acts(house, case, other)["move"](ref)
        void(paper)
        assert acts(house, case, other)["move"](ref) == first
        with pytest.raises(Refused, match="已用于另一笔"):
            acts(house, case, other)["move"](factories.paper(case))

    @pytest.mark.parametrize(
        ("name", "table"),
        [("delay", "delay"), ("move", "payout"), ("deposit", "payout"), ("pause", "interestpause")],
    )
    def test_the_database_keeps_it_and_leaves_rows_of_old_readable(self, house, case, other, name, table):
        row = acts(house, case, other)[name](factories.paper(case))
        model = type(row)
        with pytest.raises(IntegrityError, match="paper of the file"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(paper="")
        row.pk, row.paper = None, ""
        if table == "payout":
            row.reference = "X"
        with pytest.raises(IntegrityError, match="paper of the file"), transaction.atomic():
            row.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"UPDATE accounts_{table} SET paper = '', document = '旧文书1号'")
            cursor.execute("SET LOCAL session_replication_role = origin")
        old = model.objects.get()
        assert (old.document, old.paper_url) == ("旧文书1号", "")


class TestPages:
    def test_the_forms_offer_the_file_and_no_free_words(self, house, case, login):
        ref = factories.paper(case, "暂缓执行决定书")
        receipt = case.receipts.get()
        addresses = [
            reverse("accounts:request_delay", args=[receipt.pk]),
            reverse("accounts:request_move", args=[case.pk]),
            reverse("accounts:deposit_absent", args=[case.pk]),
        ]
        for address in addresses:
            page = login(case.owner).get(address).content.decode()
            assert f'<option value="{ref}">' in page
            assert 'name="document"' not in page
        page = login(case.judge).get(reverse("accounts:due", args=[case.pk])).content.decode()
        assert f'<option value="{ref}">' in page
        for form in (forms.RequestDelay, forms.RequestMove, forms.DepositAbsent, PauseInterest):
            assert "document" not in form.base_fields

    def test_a_pause_refused_keeps_what_was_typed(self, house, case, login):
        ref, address = factories.paper(case), reverse("accounts:pause_interest", args=[case.pk])
        typed = {"from_on": "2021-09-10", "until_on": "2021-09-01", "paper": ref}
        answer = login(case.judge).post(address, typed)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert 'value="2021-09-10"' in page
        assert f'<option value="{ref}" selected>' in page
        assert login(case.judge).post(address, typed | {"until_on": "2021-09-12"}).status_code == 302
        page = login(case.judge).get(reverse("accounts:due", args=[case.pk])).content.decode()
        assert InterestPause.objects.get().paper_url in page

    def test_a_move_links_its_paper(self, house, case, other, login):
        row = acts(house, case, other)["move"](factories.paper(case, "协助通知书"))
        page = login(house.chief).get(reverse("accounts:payout", args=[row.pk])).content.decode()
        assert f'<a href="{row.paper_url}">协助通知书</a>' in page
        assert login(house.chief).get(row.paper_url).status_code == 200

    def test_programs_name_a_paper_too(self, house, case, login):
        client = login(case.judge)
        address = reverse("accounts_api:pause_interest", args=[case.pk])
        days = {"from_on": "2021-09-01", "until_on": "2021-09-05"}
        given = {"content_type": "application/json"}
        wrong = client.post(address, days | {"document": "裁定"}, **given)
        assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["paper"])
        done = client.post(address, days | {"paper": factories.paper(case)}, **given)
        assert done.status_code == 200
        back = reverse("accounts_api:withdraw_pause", args=[done.json()["id"]])
        assert client.post(back, {}, **given).status_code == 200
        assert InterestPause.objects.get().withdrawn_at
