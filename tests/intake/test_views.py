"""The filing page: errors beside fields, nothing lost, warnings ticked, one receipt with a code shown once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Account, PayeeAccount
from cases.models import Case
from documents import services as documents
from documents.facts import facts_of
from documents.models import Material
from intake.codes import code_hmac
from intake.models import Condition, LookupCode
from tests import factories

PDF = b"%PDF-1.4\n%test\n"
NEW = "/filing/new/"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    moment = factories.moment(2021, 9, 1)
    monkeypatch.setattr("bureau.clock.now", lambda: moment)
    monkeypatch.setattr("bureau.clock.today", moment.date)


def typed(**changes):
    """Return a page as a clerk fills it in, without a scan."""
    rows = {
        "source-reason": "POST",
        "source-words": "挂号信1号",
        "court": "内0302",
        "basis_kind": "J1",
        "basis_issuer": "乌海市海勃湾区人民法院",
        "basis_number": "（2021）内0302民初100号",
        "basis_made_on": "2021-05-10",
        "basis_effective_on": "2021-06-01",
        "performance_due_on": "2021-06-30",
        "applicants-TOTAL_FORMS": "1",
        "applicants-INITIAL_FORMS": "0",
        "applicants-0-kind": "PERSON",
        "applicants-0-name": "张安然",
        "applicants-0-id_number": "11010519491231002x",
        "applicants-0-phone": "138 0000 1234",
        "applicants-0-account": "6222 0202 0011 2230 004",
        "applicants-0-account_again": "6222020200112230004",
        "applicants-0-bank_name": "中国银行乌海分行",
        "debtors-TOTAL_FORMS": "1",
        "debtors-INITIAL_FORMS": "0",
        "debtors-0-kind": "ORGANISATION",
        "debtors-0-name": "乌海市测试商贸有限公司",
        "debtors-0-id_number": "91350100M000100Y43",
        "debtors-0-phone": "0473-2990001",
        "claims-TOTAL_FORMS": "1",
        "claims-INITIAL_FORMS": "0",
        "claims-0-kind": "PRINCIPAL",
        "claims-0-amount": "50,000.00",
        "materials-TOTAL_FORMS": "1",
        "materials-INITIAL_FORMS": "0",
        "materials-0-kind": "APPLICATION",
        "met": Condition.values,
        "seen": ["APPLICATION", "DOCUMENT"],
    }
    return {**rows, **{name.replace("__", "-"): value for name, value in changes.items()}}


def scan(content=PDF, name="申请书.pdf"):
    return SimpleUploadedFile(name, content)


def post(client, data):
    """Send the page and tick the one warning that these short pages always get: papers are missing."""
    answer = client.post(NEW, data)
    page = answer.context["filing"] if answer.status_code == 422 else None
    if (
        page is None
        or page.has_errors
        or {warning.code for warning in page.warnings} - {"JURISDICTION"} != {"MATERIALS"}
    ):
        return answer
    tokens = {name: value for name, value in page.data.items() if name.endswith("-token")}
    plain = {name: value for name, value in data.items() if not name.endswith("-file")}
    return client.post(NEW, {**plain, **tokens, "checked": page.warnings_key})


def errors_of(response):
    """Return every error by field name."""
    page = response.context["filing"]
    found = {**page.basis.errors, **{page.source.add_prefix(name): row for name, row in page.source.errors.items()}}
    for rows in page.sets:
        for form in rows:
            found.update({form.add_prefix(name): errors for name, errors in form.errors.items()})
    return {name: " ".join(errors) for name, errors in found.items()}


class TestFiling:
    def test_a_case_is_filed_with_account_payee_scan_and_receipt(self, house, login):
        client = login(house.window_clerk)
        assert client.get(NEW).status_code == 200
        answer = post(client, {**typed(), "materials-0-file": scan()})
        case = Case.objects.get()
        assert answer.status_code == 302
        assert answer.url == reverse("intake:receipt", args=[case.pk])
        assert case.number == "(2021)内0302执1号"
        assert Account.objects.filter(case=case).count() == 1
        assert PayeeAccount.objects.get(party__case=case).number_last4 == "0004"
        assert Material.objects.get(case=case).kind == "APPLICATION"
        assert case.parties.get(side="APPLICANT").phone == "13800001234"

    @pytest.mark.parametrize(
        ("choice", "kind", "title"),
        [("J1", "J1", "民事判决书"), ("J1:民事裁定书", "J1", "民事裁定书"), ("A1:调解书", "A1", "调解书")],
    )
    def test_one_choice_says_kind_and_title_of_the_basis(self, house, login, choice, kind, title):
        assert post(login(house.window_clerk), typed(basis_kind=choice)).status_code == 302
        case = Case.objects.get()
        assert (case.basis_kind, case.basis_title) == (kind, title)
        assert facts_of(case, on=case.filed_on)["basis"].endswith(f"民初100号{title}")

    def test_a_title_of_another_kind_is_no_choice(self, house, login):
        answer = login(house.window_clerk).post(NEW, typed(basis_kind="J2:民事判决书"))
        assert "basis_kind" in errors_of(answer)

    def test_what_is_rarely_needed_is_folded_until_it_holds_something_or_is_wrong(self, house, login):
        client = login(house.window_clerk)
        page = client.get(NEW).content.decode()
        assert '<details class="seldom" open>' not in page
        wrong = client.post(
            NEW,
            typed(**{"basis_number": "", "applicants-0-bank_code": "12", "clues": "车一辆"}),
        )
        opened = wrong.content.decode().count('<details class="seldom" open>')
        assert opened == 2  # the applicant's wrong code, and the clues of the case

    def test_the_code_is_shown_once(self, house, login, settings):
        settings.PORTAL_URL = "https://portal.example.test/"
        client = login(house.window_clerk)
        url = post(client, typed()).url
        first = client.get(url)
        code = re.search(r"data-code>([0-9A-Z-]+)<", first.content.decode())[1]
        assert len(code) == 19
        assert LookupCode.objects.get().code_hmac == code_hmac(code.lower().replace("-", " "))
        assert "data:image/svg+xml" in first.content.decode()
        assert "no-store" in first["Cache-Control"]
        again = client.get(url).content.decode()
        assert code not in again
        assert "不能再次显示" in again

    def test_the_receipt_says_to_whom_to_pay_what_comes_next_and_whom_to_call(self, house, login, settings):
        settings.ESCROW_HOLDER, settings.ESCROW_BANK = "乌海市中级人民法院执行款专户", "某银行"
        client = login(house.window_clerk)
        page = client.get(post(client, typed()).url).content.decode()
        for words in ("乌海市中级人民法院执行款专户", "某银行", "2021-09-08", "咨询电话", "盖章", "<h1>受理回执"):
            assert words in page, words
        assert "演示数据" not in page
        settings.DEMO = True
        assert "演示数据" in client.get(reverse("intake:receipt", args=[Case.objects.get().pk])).content.decode()

    def test_the_court_may_be_another_than_the_windows(self, house, login):
        post(login(house.window_clerk), typed(court="内0304"))
        assert Case.objects.get().number == "(2021)内0304执1号"

    def test_a_national_number_is_refused_where_numbers_are_issued_here(self, house, login):
        answer = post(login(house.window_clerk), typed(entered_number="(2021)内0302执9号"))
        assert "不能录入" in errors_of(answer)["entered_number"]

    def test_a_case_awaiting_its_national_number_gets_a_receipt_number(self, house, login):
        house.courts["内0303"].number_mode = "ENTERED"
        house.courts["内0303"].save()
        client = login(house.window_clerk)
        url = post(client, typed(court="内0303")).url
        assert "临2021-内0303-0001" in client.get(url).content.decode()


class TestErrors:
    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"applicants__0__id_number": "110105194912310021"}, "applicants-0-id_number", "校验位"),
            ({"applicants__0__id_number": "11010519491231"}, "applicants-0-id_number", "18位"),
            ({"applicants__0__id_number": ""}, "applicants-0-id_number", "必须有证件号码"),
            ({"applicants__0__phone": "12345"}, "applicants-0-phone", "11位手机号"),
            ({"applicants__0__account": "6222020200112230008"}, "applicants-0-account", "校验不符"),
            ({"applicants__0__account_again": "6222020200112230"}, "applicants-0-account_again", "不一致"),
            ({"applicants__0__account_again": ""}, "applicants-0-account_again", "不一致"),
            ({"applicants__0__bank_name": ""}, "applicants-0-bank_name", "开户行"),
            ({"applicants__0__bank_code": "123"}, "applicants-0-bank_code", "12位"),
            ({"applicants__0__name": ""}, "applicants-0-name", "请填写"),
            ({"debtors__0__id_number": "91350100M000100Y44"}, "debtors-0-id_number", "校验位"),
            ({"debtors__0__id_kind": "RESIDENT_ID"}, "debtors-0-id_kind", "不符"),
            ({"claims__0__amount": "-1"}, "claims-0-amount", "0.01"),
            ({"claims__0__amount": ""}, "claims-0-amount", "请填写金额"),
            ({"claims__0__amount": "1.001"}, "claims-0-amount", "金额最多两位小数"),
            ({"claims__0__kind": "ACT"}, "claims-0-note", "请写明"),
            ({"basis_made_on": "2022-01-01"}, "basis_made_on", "晚于今天"),
            ({"basis_effective_on": "2021-01-01"}, "basis_effective_on", "早于"),
            ({"basis_number": "()"}, "basis_number", "可识别"),
            ({"court": "内9999"}, "court", ""),
            ({"materials__0__applicant": "3", "materials__0__title": "x"}, "materials-0-applicant", "没有这名"),
        ],
    )
    def test_each_error_stands_beside_its_field(self, house, login, changes, field, words):
        answer = post(login(house.window_clerk), typed(**changes))
        assert answer.status_code == 422
        assert words in errors_of(answer)[field]
        assert not Case.objects.exists()

    def test_an_empty_page_says_what_is_missing_and_in_which_row(self, house, login):
        data = {f"{name}-TOTAL_FORMS": "1" for name in ("applicants", "debtors", "claims", "materials")}
        data |= {f"{name}-INITIAL_FORMS": "0" for name in ("applicants", "debtors", "claims", "materials")}
        for name in ("applicants", "debtors"):
            data |= {f"{name}-0-kind": "PERSON"}
        answer = login(house.window_clerk).post(NEW, data)
        page = answer.content.decode()
        assert answer.status_code == 422
        for words in (
            "请至少填写一名申请执行人",
            "请至少填写一名被执行人",
            "申请执行人 1：姓名或名称",
            "被执行人 1：姓名或名称",
        ):
            assert words in page, words
        assert "表单" not in page
        assert 'aria-invalid="true"' in page

    def test_nothing_typed_is_lost_and_the_file_survives(self, house, login):
        client = login(house.window_clerk)
        answer = client.post(
            NEW, {**typed(applicants__0__phone="1", clues="海勃湾区某小区房产"), "materials-0-file": scan()}
        )
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "海勃湾区某小区房产" in text
        assert "6222 0202 0011 2230 004" in text
        assert "1949-12-31" in text
        assert "申请书.pdf" in text
        token = re.search(r'name="materials-0-token" value="([^"]+)"', text)[1]
        post(client, typed(materials__0__token=token))
        assert Material.objects.get().byte_count == len(PDF)

    def test_the_receipt_names_what_was_handed_in_with_the_application_and_nothing_later(self, house, login):
        client = login(house.window_clerk)
        post(client, {**typed(), "materials-0-file": scan()})
        case = Case.objects.get()
        later = factories.moment(2021, 9, 8)
        documents.receive(case, [documents.Paper("SERVICE", "邮寄回执", PDF)], at=later, actor=house.window_clerk)
        page = client.get(reverse("intake:receipt", args=[case.pk])).content.decode()
        assert str(Material.Kind.APPLICATION.label) in page
        assert str(Material.Kind.SERVICE.label) not in page

    def test_another_clerks_file_is_not_taken(self, house, login):
        answer = post(login(house.window_clerk), {**typed(applicants__0__phone="1"), "materials-0-file": scan()})
        token = re.search(r'name="materials-0-token" value="([^"]+)"', answer.content.decode())[1]
        answer = login(house.window_clerk2).post(NEW, typed(materials__0__token=token))
        assert "已过期" in errors_of(answer)["materials-0-file"]

    def test_a_file_that_lies_about_its_type_is_refused(self, house, login):
        answer = post(login(house.window_clerk), {**typed(), "materials-0-file": scan(b"MZ\x90\x00 not a paper")})
        assert "PDF" in errors_of(answer)["materials-0-file"]

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"applicants-TOTAL_FORMS": "1000000", "debtors-TOTAL_FORMS": "-1", "claims-TOTAL_FORMS": "x"},
            {**typed(), "applicants-0-name": "a\x00b"},
            {**typed(), "basis_number": "<script>alert(1)</script>'; DROP TABLE cases_case; --%s"},
            {**typed(), "applicants-0-name": "张" * 5000},
            {**typed(), "claims-0-amount": "1e400"},
            {**typed(), "claims-0-amount": "NaN"},
            {**typed(), "materials-0-token": "' OR 1=1"},
        ],
    )
    def test_hostile_input_is_answered_politely(self, house, login, data):
        answer = post(login(house.window_clerk), data)
        assert answer.status_code in (302, 422)
        if answer.status_code == 422:
            assert "<script>alert" not in answer.content.decode()


class TestWarnings:
    def test_a_late_application_is_filed_once_ticked(self, house, login):
        client = login(house.window_clerk)
        late = typed(performance_due_on="2019-06-30", basis_made_on="2019-01-01", basis_effective_on="2019-02-01")
        answer = post(client, late)
        assert answer.status_code == 422
        assert "时效" in answer.content.decode()
        key = answer.context["filing"].warnings_key
        assert post(client, {**late, "checked": "other"}).status_code == 422
        assert post(client, {**late, "checked": key}).status_code == 302

    def test_a_duplicate_at_another_window_shows_number_court_and_stage_only(self, house, login):
        other = factories.filing(window_code="W3")
        given = {"without_reception": factories.BY_POST, "at": factories.moment(2021, 8, 30)}
        first = factories.intake.file_case(other, **given, actor=house.window_clerk2).case
        answer = post(login(house.window_clerk), typed())
        [text] = [item.text for item in answer.context["filing"].warnings if item.code == "DUPLICATE"]
        assert first.number in text
        assert "海勃湾法院" in text
        assert "待分流" in text
        assert str(first.amount_claimed) not in text
        assert first.get_absolute_url() not in answer.content.decode()

    def test_a_missing_account_is_pointed_out(self, house, login):
        blank = typed(applicants__0__account="", applicants__0__account_again="", applicants__0__bank_name="")
        answer = post(login(house.window_clerk), blank)
        assert [item.code for item in answer.context["filing"].warnings] == ["PAYEE", "MATERIALS"]


class TestScope:
    def test_other_windows_filings_do_not_exist(self, house, login):
        case = factories.file_case(house).case
        client = login(house.window_clerk2)
        assert client.get(reverse("intake:receipt", args=[case.pk])).status_code == 404
        assert client.get(f"/api/v1/intake/receipts/{case.pk}/").status_code == 404
        assert case.number not in client.get("/filing/?number=1").content.decode()

    @pytest.mark.parametrize("duty", ["dispatcher", "judge", "finance", "chief", "receptionist", "system_admin"])
    def test_other_roles_do_not_file(self, house, login, duty):
        client = login(getattr(house, duty))
        assert client.get(NEW).status_code == 403
        assert post(client, typed()).status_code == 403
        assert not Case.objects.exists()

    def test_the_list_shows_the_day_and_finds_numbers(self, house, login, django_assert_max_num_queries):
        client = login(house.window_clerk)
        for _turn in range(3):
            factories.file_case(house)
        with django_assert_max_num_queries(15):
            text = client.get("/filing/").content.decode()
        assert text.count("(2021)内0302执") >= 3
        assert "执2号" in client.get("/filing/?number=执2号&day=2020-01-01").content.decode()
        assert "没有立案" in client.get("/filing/?day=2020-01-01").content.decode()
        assert client.get("/filing/?day=x&number=%00&page=zz").status_code == 200

    def test_api_gives_the_receipt_masked(self, house, login):
        case = factories.file_case(house).case
        row = login(house.window_clerk).get(f"/api/v1/intake/receipts/{case.pk}/").json()
        assert row["number"] == case.number
        assert row["escrow"] == case.escrow.number
        assert "张安然" not in str(row)


class TestDoubledPart:
    """What counts for the doubled part follows the kind of the item (法释〔2014〕8号 1)."""

    ITEMS = ("PRINCIPAL", "INTEREST", "COURT_FEE", "PRESERVATION_FEE", "PENALTY")

    def page(self, **changes):
        rows = {"claims-TOTAL_FORMS": str(len(self.ITEMS))}
        for index, kind in enumerate(self.ITEMS):
            rows |= {f"claims-{index}-kind": kind, f"claims-{index}-amount": str(100 + index)}
            if kind in ("INTEREST", "PENALTY"):
                rows |= {f"claims-{index}-rate": "按约定", f"claims-{index}-from_on": "2021-07-01"}
        return typed(**rows | changes)

    def filed(self):
        return dict(Case.objects.get().claims.values_list("kind", "is_doubled"))

    def test_interest_and_fees_do_not_unless_somebody_says_so_of_fees(self, house, login):
        assert post(login(house.window_clerk), self.page(claims__2__is_doubled="on")).status_code == 302
        assert self.filed() == dict(zip(self.ITEMS, (True, False, True, False, True), strict=True))

    def test_interest_never_does(self, house, login):
        answer = post(login(house.window_clerk), self.page(claims__1__is_doubled="on"))
        assert answer.status_code == 422
        assert answer.context["filing"].claims.forms[1].errors["is_doubled"] == ["一般利息不计入加倍部分债务利息的基数"]

    def test_a_principal_may_be_left_out(self, house, login):
        assert post(login(house.window_clerk), self.page(claims__0__is_doubled="off")).status_code == 302
        assert not self.filed()["PRINCIPAL"]
