"""Accounts that money may go to: each by two people, and what a change holds up."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.desk import items
from accounts.models import PayeeAccount, Payout
from accounts.payees import PayeeData
from accounts.services.requests import payee_objections
from bureau.errors import Refused
from bureau.models import Event, User
from cases.models import Case
from documents import services as documents
from documents.models import Material, Staged
from intake import services as intake
from portal import people
from portal.persons import party_key
from tests import factories, kept
from tests.factories import UserFactory, moment
from tests.world import PDF

AT = moment(2021, 9, 20)
NEW = "6222020200112230012"


@pytest.fixture(autouse=True)
def _clock(settings):
    """The product stands at ten on 2021-09-20."""
    settings.CLOCK_OFFSET = int((AT - timezone.now()).total_seconds())


@pytest.fixture
def case(house) -> Case:
    """A case with 50,000 arrived and the applicant's account confirmed at filing."""
    case = kept.running_case(house)
    factories.deposit(house, case, "50000.00", serial="S1")
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def second(house) -> User:
    """Another clerk of the same window."""
    return UserFactory(username="second", role="WINDOW_CLERK", window=house.windows["W2"])


@pytest.fixture
def change(house, case) -> PayeeAccount:
    """A change of the applicant's account, entered by the window clerk."""
    return factories.payee_change(case, house.window_clerk, side="APPLICANT", number=NEW, at=AT)


def _live(case) -> PayeeAccount:
    return PayeeAccount.objects.live().get(party__case=case, party__side="APPLICANT")


class TestTwoPeople:
    def test_the_old_account_stays_until_another_person_confirms(self, house, case, change, second):
        old = _live(case)
        assert (old.number_last4, change.state, change.confirmed_at) == ("0004", "PENDING", None)
        with pytest.raises(Refused, match="以外"):
            services.confirm_payee_change(
                change, number=change.number, **factories.CALLED, at=AT, actor=house.window_clerk
            )
        services.confirm_payee_change(change, number=change.number, **factories.CALLED, at=AT, actor=second)
        assert (_live(case), _live(case).confirmed_by) == (change, second)
        old.refresh_from_db()
        assert old.replaced_at == AT
        with pytest.raises(Refused, match="已处理"):
            services.confirm_payee_change(change, number=change.number, **factories.CALLED, at=AT, actor=house.finance)
        verbs = list(Event.objects.filter(verb__contains="payee").order_by("seq").values_list("verb", flat=True))
        assert verbs == ["request_payee", "confirm_payee", "request_payee_change", "confirm_payee"]

    def test_only_clerks_and_finance_confirm(self, house, case, change):
        for actor in (case.owner, case.judge, house.chief, house.inspector):
            with pytest.raises(PermissionDenied):
                services.confirm_payee_change(change, number=change.number, **factories.CALLED, at=AT, actor=actor)

    def test_the_database_holds_two_people_and_one_change(self, house, case, change):
        PayeeAccount.objects.filter(pk=change.replaces_id).update(replaced_at=AT)
        alone = {"state": "CONFIRMED", "confirmed_at": AT, "confirmed_by": house.window_clerk}
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            PayeeAccount.objects.filter(pk=change.pk).update(**alone)
        PayeeAccount.objects.filter(pk=change.replaces_id).update(replaced_at=None)
        with pytest.raises(Refused, match="待确认"):
            factories.payee_change(case, house.window_clerk, side="APPLICANT", number=NEW, at=AT)

    def test_a_second_first_account_and_the_same_account_are_refused(self, house, case):
        party = case.parties.get(side="APPLICANT")
        with pytest.raises(Refused, match="请按变更办理"):
            services.request_payee(party, payee=PayeeData("张安然", NEW, "工行"), at=AT, actor=house.window_clerk)
        with pytest.raises(Refused, match="相同"):
            services.request_payee_change(party, payee=factories.PAYEE, at=AT, actor=house.window_clerk)
        debtor = case.parties.get(side="DEBTOR")
        with pytest.raises(Refused, match="尚无"):
            services.request_payee_change(
                debtor, payee=PayeeData(debtor.name, "12345678", "工行"), at=AT, actor=house.window_clerk
            )

    def test_refused_or_taken_back_the_old_account_stays_and_may_be_changed_again(self, house, case, change):
        services.refuse_payee_change(change, reason="录入有误", at=AT, actor=house.window_clerk)
        assert _live(case).number_last4 == "0004"
        again = factories.payee_change(case, house.window_clerk, side="APPLICANT", number=NEW, at=AT)
        assert again.state == "PENDING"
        with pytest.raises(Refused):
            services.refuse_payee_change(change, reason="再次", at=AT, actor=house.finance)


class TestFirstAccount:
    """A party's first account, as it comes with the filing."""

    @pytest.fixture
    def filed(self, house) -> PayeeAccount:
        """Filed by the window clerk with its scan; nobody else has seen it yet."""
        paper = intake.MaterialData("PAYEE", "", PDF, 1)
        given = {"payees": {1: factories.PAYEE}, "materials": [paper], "without_reception": factories.BY_POST}
        case = intake.file_case(factories.filing(), **given, at=AT, actor=house.window_clerk).case
        return PayeeAccount.objects.get(case=case)

    def test_waits_for_a_second_person_who_types_it_blind(self, house, filed, second, login):
        assert (filed.state, filed.replaces, filed.confirmed_by) == ("PENDING", None, None)
        assert filed.material.kind == "PAYEE"
        assert payee_objections(filed) != []
        with pytest.raises(Refused, match="以外"):
            services.confirm_payee_change(filed, number=filed.number, at=AT, actor=house.window_clerk)
        page = reverse("accounts:payee_change", args=[filed.pk])
        text = login(second).get(page).content.decode()
        assert filed.number_last4 not in text
        assert filed.number_last4 not in "".join(str(item.title) for item in items(second, today=AT.date()))
        assert "核对收款账户" in [str(item.kind) for item in items(second, today=AT.date())]
        confirm = reverse("accounts:confirm_payee_change", args=[filed.pk])
        assert login(second).post(confirm, {"number": NEW}).status_code == 422
        assert login(second).post(confirm, {"number": filed.number}).status_code == 302
        filed.refresh_from_db()
        assert (filed.state, filed.confirmed_by, filed.is_by_one) == ("CONFIRMED", second, False)

    def test_the_database_lets_nobody_confirm_it_alone(self, house, filed):
        alone = {"state": "CONFIRMED", "confirmed_at": AT, "confirmed_by": house.window_clerk}
        with pytest.raises(IntegrityError, match="by_two_people"), transaction.atomic():
            PayeeAccount.objects.filter(pk=filed.pk).update(**alone)
        with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
            PayeeAccount.objects.filter(pk=filed.pk).update(**alone, is_by_one=True)

    def test_without_a_scan_the_check_waits_for_it(self, house, second, login):
        given = {"payees": {1: factories.PAYEE}, "without_reception": factories.BY_POST}
        case = intake.file_case(factories.filing(), **given, at=AT, actor=house.window_clerk).case
        account = PayeeAccount.objects.get(case=case)
        with pytest.raises(Refused, match="尚未扫描入卷"):
            services.confirm_payee_change(account, number=account.number, at=AT, actor=second)
        page = reverse("accounts:payee_change", args=[account.pk])
        assert "尚未扫描入卷" in login(second).get(page).content.decode()
        papers = [documents.Paper("APPLICATION", "申请执行书", PDF)]
        scan = documents.receive(case, papers, at=AT, actor=house.window_clerk)[0]
        done = services.confirm_payee_change(account, number=account.number, at=AT, actor=second)
        assert (done.state, done.material) == ("CONFIRMED", scan)

    def test_refused_another_may_be_entered(self, house, filed, second):
        party = filed.party
        with pytest.raises(Refused, match="待确认"):
            services.enter_payee(party, payee=factories.PAYEE, scan=PDF, at=AT, actor=second)
        services.refuse_payee_change(filed, reason="账号不清", at=AT, actor=second)
        again = services.enter_payee(party, payee=factories.PAYEE, scan=PDF, at=AT, actor=house.window_clerk)
        assert (again.state, again.replaces) == ("PENDING", None)

    def test_the_applicant_reads_that_it_is_being_checked(self, house, filed):
        told = people.load([filed.case], at=AT)[filed.case_id][party_key(filed.party_id)]
        assert (told["payee"], told["is_checked"], told["is_changing"]) == (None, True, False)


class TestPayoutsWait:
    def test_a_pending_change_stops_every_step_and_the_clock_runs_on(self, house, case):
        rows = {
            state: factories.payout(house, case, "100.00", reference=state, until=state)
            for state in ("REQUESTED", "CHECKED", "APPROVED")
        }
        factories.payee_change(case, house.window_clerk, side="APPLICANT", number=NEW, at=AT)
        with pytest.raises(Refused, match="待另一人确认"):
            factories.payout(house, case, "100.00", reference="P", until="REQUESTED")
        for act, state, actor in (
            (services.check_payout, "REQUESTED", case.judge),
            (services.approve_payout, "CHECKED", house.chief),
            (services.pay_payout, "APPROVED", house.finance),
        ):
            with pytest.raises(Refused, match="待另一人确认"):
                act(rows[state], at=AT, actor=actor)
        assert services.flag_overdue(at=moment(2021, 10, 9), actor=User.objects.system()) == 1

    def test_requests_to_the_replaced_account_go_back_and_free_their_money(self, house, case):
        waiting = factories.payout(house, case, "20000.00", reference="P1", until="APPROVED")
        sent = factories.payout(house, case, "10000.00", reference="P2", until="SENT")
        change = factories.payee_change(case, house.window_clerk, side="APPLICANT", number=NEW, at=AT)
        services.confirm_payee_change(change, number=change.number, **factories.CALLED, at=AT, actor=house.finance)
        for row in (waiting, sent):
            row.refresh_from_db()
        assert (waiting.state, sent.state) == ("REJECTED", "SENT")
        assert "驳回待重新申请" in [item.kind for item in items(case.owner, today=AT.date())]
        with pytest.raises(Refused, match="停用"):
            services.request_payout(
                case,
                payee=waiting.payee,
                amount=Decimal("1.00"),
                calculation="本金",
                reference="P3",
                at=AT,
                actor=case.owner,
            )
        new = factories.payout(house, case, "40000.00", reference="P4", until="PAID", at=moment(2021, 9, 21))
        assert new.payee == change

    def test_the_debtor_s_change_does_not_hold_up_the_applicant(self, house, case):
        factories.payee_change(case, house.window_clerk, side="DEBTOR")
        assert factories.payout(house, case, "100.00", reference="P1").state == "PAID"


class TestPages:
    def _typed(self, case, **changes):
        party = case.parties.get(side="APPLICANT")
        plain = {"party": party.pk, "account": "6222 0202 0011 2230 012", "account_again": NEW, "bank_name": "工行"}
        return plain | changes

    def test_entered_at_the_window_confirmed_by_another(self, house, case, second, login):
        clerk, url = login(house.window_clerk), reverse("accounts:enter_payee", args=[case.pk])
        tab = reverse("accounts:payees", args=[case.pk])
        assert url in clerk.get(tab).content.decode()
        data = self._typed(case, scan=SimpleUploadedFile("s.pdf", PDF))
        assert clerk.post(url, data).url == tab
        change = PayeeAccount.objects.pending().get()
        scan = Material.objects.filter(kind="PAYEE").latest("id")
        assert (change.material, scan.is_restricted, scan.party) == (scan, True, change.party)
        page = reverse("accounts:payee_change", args=[change.pk])
        confirm = reverse("accounts:confirm_payee_change", args=[change.pk])
        assert confirm not in clerk.get(page).content.decode()
        assert clerk.post(confirm).status_code == 422
        other = login(second)
        text = other.get(page).content.decode()
        assert "**** 0004" in text
        assert "工行" in text
        assert other.post(confirm).status_code == 422
        assert other.post(confirm, factories.IN_PERSON | {"number": NEW}).url == tab
        assert other.post(confirm, factories.IN_PERSON | {"number": NEW}).status_code == 422
        assert _live(case) == change

    def test_mistyped_is_422_and_keeps_scan_and_words(self, house, case, login):
        clerk, url = login(house.window_clerk), reverse("accounts:enter_payee", args=[case.pk])
        wrong = self._typed(case, account_again="6222020200112230004", scan=SimpleUploadedFile("s.pdf", PDF))
        answer = clerk.post(url, wrong)
        assert answer.status_code == 422
        assert "两次录入的账号不一致" in answer.context["form"].errors["account_again"][0]
        token = answer.context["form"].staged.token
        assert token in answer.content.decode()
        assert clerk.post(url, self._typed(case, token=token)).status_code == 302

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("scan", {}),
            ("scan", {"scan": SimpleUploadedFile("s.exe", b"MZ" * 40)}),
            ("scan", {"token": "nobody's"}),
            ("account", {"account": "6222020200112230013"}),
            ("bank_name", {"bank_name": ""}),
            ("bank_code", {"bank_code": "12"}),
            ("party", {"party": 0}),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, house, case, login, field, change):
        answer = login(house.window_clerk).post(
            reverse("accounts:enter_payee", args=[case.pk]), self._typed(case, **change)
        )
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not PayeeAccount.objects.pending().exists()

    def test_a_debtor_s_first_account_waits_for_its_check_too(self, house, case, login):
        debtor = case.parties.get(side="DEBTOR")
        typed = self._typed(case, party=debtor.pk, account="12345678", account_again="12345678")
        data = typed | {"scan": SimpleUploadedFile("s.pdf", PDF)}
        login(house.window_clerk).post(reverse("accounts:enter_payee", args=[case.pk]), data)
        assert not PayeeAccount.objects.live().filter(party=debtor).exists()
        assert PayeeAccount.objects.pending().get(party=debtor).kind == "DEBTOR"

    def test_another_window_finds_nothing(self, house, case, change, login):
        stranger = login(house.window_clerk2)
        for name, pk in (("payees", case.pk), ("enter_payee", case.pk), ("payee_change", change.pk)):
            assert stranger.get(reverse(f"accounts:{name}", args=[pk])).status_code == 404

    def test_refusing_needs_a_reason(self, house, case, change, login):
        finance, url = login(house.finance), reverse("accounts:refuse_payee_change", args=[change.pk])
        assert finance.post(url, {}).status_code == 422
        assert finance.post(url, {"usual": "未能与收款人核实"}).status_code == 302
        change.refresh_from_db()
        assert (change.state, change.ended_note) == ("REFUSED", "未能与收款人核实")

    def test_money_tab_and_payout_say_what_waits(self, house, case, login):
        payout = factories.payout(house, case, "100.00", reference="P1", until="REQUESTED")
        factories.payee_change(case, house.window_clerk, side="APPLICANT", number=NEW, at=AT)
        judge = login(case.judge)
        assert "收款账户待另一人确认" in judge.get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        text = judge.get(reverse("accounts:payout", args=[payout.pk])).content.decode()
        assert "收款账户待另一人确认" in text
        assert reverse("accounts:check", args=[payout.pk]) not in text
        assert reverse("accounts:reject", args=[payout.pk]) in text
        assert reverse("accounts:payees", args=[case.pk]) in (
            login(house.finance).get(reverse("accounts:case_money", args=[case.pk])).content.decode()
        )


class TestDesk:
    def _kinds(self, user: User) -> list[str]:
        return [item.kind for item in items(User.objects.get(pk=user.pk), today=AT.date())]

    def test_a_change_waits_for_others_than_its_enterer(self, house, case, change, second):
        assert "确认收款账户变更" in self._kinds(second)
        assert "确认收款账户变更" in self._kinds(house.finance)
        assert self._kinds(house.window_clerk) == []
        assert self._kinds(house.window_clerk2) == []

    def test_the_owner_hears_once_of_money_without_an_account(self, house):
        case = factories.into_stream(house, factories.file_case(house, payee=False).case)
        assert self._kinds(case.owner) == []
        for serial in ("S1", "S2"):
            factories.deposit(house, case, "100.00", serial=serial)
        assert self._kinds(case.owner).count("收款账户未确认") == 1
        assert "收款账户未确认" not in self._kinds(case.judge)
        party = case.parties.get(side="APPLICANT")
        factories.first_payee(house, party, factories.PAYEE, at=AT)
        assert "收款账户未确认" not in self._kinds(case.owner)


def test_the_payout_page_is_the_bank_s_only_way(house, case, change):
    assert not Payout.objects.filter(payee=change).exists()
    with pytest.raises(Refused):
        services.request_payout(
            case, payee=change, amount=Decimal("1.00"), calculation="本金", reference="X", at=AT, actor=case.owner
        )


@pytest.fixture
def scanned(house, case, login) -> PayeeAccount:
    """A change entered by the page with its scan."""
    data = {"party": case.parties.get(side="APPLICANT").pk, "account": NEW, "account_again": NEW, "bank_name": "工行"}
    upload = SimpleUploadedFile("s.pdf", PDF)
    login(house.window_clerk).post(reverse("accounts:enter_payee", args=[case.pk]), data | {"scan": upload})
    return PayeeAccount.objects.pending().get()


class TestBlind:
    """The second person types what the scan says, and is told nothing of what the first one typed."""

    def page(self, login, user, change, name="payee_change"):
        return login(user).get(reverse(f"accounts:{name}", args=[change.pk]))

    def confirm(self, login, user, change, number):
        address = reverse("accounts:confirm_payee_change", args=[change.pk])
        return login(user).post(address, factories.IN_PERSON | {"number": number})

    def test_the_page_shows_the_scan_and_not_a_digit_of_the_first_entry(self, house, case, scanned, second, login):
        answer = self.page(login, second, scanned)
        text = answer.content.decode()
        assert reverse("accounts:payee_page", args=[scanned.pk]) in text
        shown = text + login(second).get(reverse("accounts:payees", args=[case.pk])).content.decode()
        for digits in (NEW, NEW[-4:], NEW[:6], scanned.number_digest):
            assert digits not in shown
        assert self.page(login, second, scanned, "payee_page")["Content-Type"] == "image/jpeg"

    def test_another_number_is_refused_beside_its_field_and_on_record(self, house, case, scanned, second, login):
        for wrong in ("6222020200112230004", "6222020200112230013", "x"):
            answer = self.confirm(login, second, scanned, wrong)
            assert answer.status_code == 422
            assert list(answer.context["confirm_form"].errors) == ["number"]
            text = answer.content.decode()
            assert f'value="{wrong}"' in text
            assert "核对身份证原件" in text
            assert NEW not in text
            assert "**** 0012" not in text
        tries = Event.objects.of_chain(f"case:{case.pk}").filter(verb="mistype_payee")
        assert [event.actor for event in tries] == [second] * 3
        assert not any(digits in event.details for event in tries for digits in (NEW[-4:], "0004", "0013"))
        scanned.refresh_from_db()
        assert scanned.state == "PENDING"
        assert self.confirm(login, second, scanned, "6222 0202 0011 2230 012").status_code == 302
        scanned.refresh_from_db()
        assert (scanned.state, scanned.confirmed_by) == ("CONFIRMED", second)

    def test_the_record_names_no_digit_before_it_is_confirmed(self, house, case, scanned):
        event = Event.objects.of_chain(f"case:{case.pk}").get(verb="request_payee_change")
        assert NEW[-4:] not in event.details.replace(scanned.number_digest, "")

    def test_an_account_of_no_party_is_typed_again_too(self, house, case, second, login):
        given = {"kind": "COST", "payee": factories.PAYEE, "document": "评估费发票", "scan": factories.PDF}
        row = services.enter_other_payee(case, **given, at=AT, actor=house.window_clerk)
        address = reverse("accounts:confirm_payee_change", args=[row.pk])
        assert login(second).post(address, {}).status_code == 422
        assert login(second).post(address, {"number": NEW}).status_code == 422
        assert login(second).post(address, {"number": factories.PAYEE.number}).status_code == 302

    def test_programs_type_it_too(self, house, case, scanned, second, login):
        address, given = (
            reverse("accounts_api:confirm_payee_change", args=[scanned.pk]),
            {"content_type": "application/json"},
        )
        wrong = login(second).post(address, factories.IN_PERSON | {"number": "6222020200112230004"}, **given)
        assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["number"])
        assert NEW not in wrong.content.decode()
        assert Event.objects.filter(verb="mistype_payee").count() == 1
        done = login(second).post(address, factories.IN_PERSON | {"number": NEW}, **given)
        assert done.status_code == 200


def signed_form(house, case) -> Material:
    """Return the form that the window took in when the case was filed."""
    paper = documents.Paper("PAYEE", "收款账户确认书", PDF, case.parties.get(side="APPLICANT"))
    return documents.receive(case, [paper], at=AT, actor=house.window_clerk)[0]


class TestScan:
    """Who sees the signed form: finance, the judge, who approves, inspectors; a clerk only while he compares."""

    def addresses(self, scan):
        return [reverse(f"documents:{name}", args=[scan.pk]) for name in ("open", "scan", "scan_page")]

    def test_who_entered_it_sees_it_no_more(self, house, case, scanned, login):
        client, scan = login(house.window_clerk), scanned.material
        for address in [*self.addresses(scan), reverse("accounts:payee_page", args=[scanned.pk])]:
            assert client.get(address).status_code == 404
        assert not Staged.objects.exists()
        for name, thing in (("accounts:payee_change", scanned), ("documents:case_materials", case)):
            text = client.get(reverse(name, args=[thing.pk])).content.decode()
            assert not any(address in text for address in self.addresses(scan))
        text = client.get(reverse("accounts:payees", args=[case.pk])).content.decode()
        assert "**** 0012" in text

    def test_the_second_clerk_sees_it_there_alone_and_while_it_waits(self, house, case, scanned, second, login):
        client, own = login(second), reverse("accounts:payee_page", args=[scanned.pk])
        assert client.get(own).status_code == 200
        assert all(client.get(address).status_code == 404 for address in self.addresses(scanned.material))
        services.confirm_payee_change(scanned, number=NEW, **factories.IN_PERSON, at=AT, actor=second)
        assert client.get(own).status_code == 404

    def test_a_refused_one_and_another_window_s_neither(self, house, case, scanned, second, login):
        own = reverse("accounts:payee_page", args=[scanned.pk])
        assert login(house.window_clerk2).get(own).status_code == 404
        assert login(case.owner).get(own).status_code == 403
        services.refuse_payee_change(scanned, reason="不清", at=AT, actor=second)
        assert login(second).get(own).status_code == 404

    def test_of_those_at_filing_too(self, house, case, second, login):
        scan = signed_form(house, case)
        for user in (house.window_clerk, second, case.owner, house.receptionist, house.dispatcher, house.president):
            tab = login(user).get(reverse("documents:case_materials", args=[case.pk])).content.decode()
            assert not any(address in tab for address in self.addresses(scan)), user
            assert {login(user).get(address).status_code for address in self.addresses(scan)} == {404}, user
        for user in (house.chief, house.vice_president, house.finance, house.inspector, case.judge):
            tab = login(user).get(reverse("documents:case_materials", args=[case.pk])).content.decode()
            assert reverse("documents:scan", args=[scan.pk]) in tab, user
            assert {login(user).get(address).status_code for address in self.addresses(scan)} == {200}, user

    def test_who_checks_and_approves_compares_the_last_four_with_it(self, house, case, login):
        row = factories.payout(house, case, "100.00", reference="P1", until="REQUESTED")
        scan = signed_form(house, case)
        PayeeAccount.objects.filter(pk=row.payee_id).update(material=scan)
        page, drawn = reverse("accounts:payout", args=[row.pk]), reverse("documents:scan_page", args=[scan.pk])
        text = login(case.judge).get(page).content.decode()
        assert drawn in text
        assert "**** 0004" in text
        services.check_payout(row, at=AT, actor=case.judge)
        assert drawn in login(house.chief).get(page).content.decode()
        assert drawn not in login(case.owner).get(page).content.decode()
