"""The old book comes in: every fault by page, row and column, whole or not at all, once; routed by the rule."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.books import faults as broken_books
from accounts.models import PaidBefore, Receipt, Transfer
from accounts.statement import statement_of
from assets.models import Control
from bureau.errors import Refused
from bureau.models import Event
from cases.models import Case, Deadline
from intake.models import OldBookImport
from intake.oldbook import services
from tests import factories
from tests.oldbooks import APPLICANT, AT, CONTROL, DEBTOR, HELD, PAID, book, carried, rows, take_in


def read(house, content, *, actor=None, at=AT):
    """Return the workbook as checked and rehearsed."""
    actor = actor or house.old_book_clerk
    made = services.read(content, at=at, actor=actor)
    services.rehearse(made, at=at, actor=actor)
    return made


def faults(house, content, **more):
    return [(row.page, row.position, row.column) for row in read(house, content, **more).faults]


class TestTakingIn:
    def test_a_case_comes_in_with_its_history_controls_and_money(self, house):
        case = take_in(house, controls=[CONTROL], money=[HELD, PAID])
        assert (case.number, case.year, case.seq, case.type_code) == ("(2019)内0302执88号", 2019, 88, "执")
        assert (str(case.filed_on), str(case.stage_since_on), case.stage) == ("2019-03-04", "2019-04-01", "ORDINARY")
        assert (case.executing_unit, case.team, case.judge, case.owner) == (
            "COURT",
            house.teams["COURT-1"],
            house.court_judge,
            house.court_officer,
        )
        assert case.taken_in_on == AT.date()
        assert case.get_stage_display() == "办理中"
        assert case.filing_window == house.windows["W2"]
        control = Control.objects.get(case=case)
        assert (control.state, control.origin, str(control.to_on)) == ("LIVE", "TAKEN_IN", "2021-10-07")
        renewal = Deadline.objects.running().get(case=case, node="RENEWAL")
        assert str(renewal.due_on) == "2021-10-07"
        receipt = Receipt.objects.get(case=case)
        assert (str(receipt.arrived_on), receipt.amount) == ("2021-08-20", Decimal("8000.00"))
        # Fifteen days from the real arrival, not from the import.
        assert str(receipt.due_on) == "2021-09-06"
        assert statement_of(case).claimed_left == Decimal("38000.00")
        assert statement_of(case).balance == Decimal("8000.00")
        transfer = Transfer.objects.get(purpose="CARRY")
        assert (transfer.debit.kind, transfer.credit, transfer.value_on) == ("BANK_MASTER", case.escrow, AT.date())
        assert broken_books() == []

    def test_its_limits_run_from_its_filing_and_its_first_steps_are_its_courts(self, house):
        case = take_in(house)
        running = set(Deadline.objects.running().filter(case=case).values_list("node", flat=True))
        assert running == {"CLOSING_LIMIT"}
        limit = Deadline.objects.get(case=case, node="CLOSING_LIMIT")
        assert (str(limit.started_on), limit.due_on) == ("2019-03-04", case.closing_due_on)
        recent = take_in(house, number="(2021)内0302执900号", filed_on="2021-08-10", since_on="2021-08-10")
        running = set(Deadline.objects.running().filter(case=recent).values_list("node", flat=True))
        assert running == {"CLOSING_LIMIT", "EXTENSION", "UPPER_COURT"}

    def test_the_same_row_of_money_comes_in_once(self, house):
        from accounts import services as accounts

        case = take_in(house, money=[HELD])
        given = {"at": AT, "actor": house.old_book_clerk}
        row = accounts.Held(1, dt.date(2021, 8, 20), Decimal("8000.00"), "乌海市测试商贸有限公司")
        assert accounts.carry_over(case, row, **given) == Receipt.objects.get(case=case)
        assert len(carried(case)) == 1
        with pytest.raises(Refused, match="内容不同"):
            accounts.carry_over(case, accounts.Held(1, row.arrived_on, Decimal("9.00"), row.payer_name), **given)

    def test_what_was_paid_before_is_never_changed(self, house):
        case = take_in(house, money=[PAID])
        with pytest.raises(IntegrityError), transaction.atomic():
            PaidBefore.objects.filter(case=case).update(amount=1)

    def test_legacy_numbers_stay_as_they_are(self, house):
        case = take_in(house, number="（2014）海勃湾执字第00123号", filed_on="2014-05-06", since_on="2014-05-06")
        assert (case.number, case.year, case.seq) == ("(2014)海勃湾执字第00123号", 2014, None)

    def test_a_suspended_and_a_stayed_case_rest_and_their_limit_stands_still(self, house):
        rest = {"ground": "申请人表示可以延期执行", "document": "(2019)内0302执88号之二", "since_on": "2019-05-06"}
        case = take_in(house, stage="中止", **rest)
        assert (case.stage, case.resume_stage) == ("SUSPENDED", "ORDINARY")
        assert str(case.suspensions.get().from_on) == "2019-05-06"
        assert case.pauses.get().kind == "SUSPENSION"
        case = Case.objects.get(pk=case.pk)
        assert case.closing_due_on > AT.date()
        stay = {"ground": "依法决定暂缓的其他情形", "document": "决定书1号", "until_on": "2021-09-20"}
        case = take_in(house, number="(2019)内0302执89号", stage="暂缓", since_on="2021-08-02", **stay)
        assert (case.stage, str(case.stays.get().until_on)) == ("STAYED", "2021-09-20")

    def test_a_file_comes_in_once_and_a_number_never_twice(self, house):
        take_in(house)
        again = read(house, book(rows()))
        first = services.take_in(again, name="再次", at=AT, actor=house.old_book_clerk) if not again.faults else None
        assert first is None
        assert [(row.column, row.reason) for row in again.faults] == [("案号", "该案号已在本系统中")]
        assert OldBookImport.objects.count() == 1

    def test_numbers_given_here_leave_out_those_that_came_in(self, house):
        take_in(house, number="(2021)内0302执1号", filed_on="2021-08-10", since_on="2021-08-10")
        assert factories.file_case(house).case.number == "(2021)内0302执2号"

    def test_whoever_is_not_the_courts_clerk_may_not(self, house):
        for who in (house.old_book_clerk, house.court_head, house.window_clerk, house.chief, house.dispatcher):
            if who != house.old_book_clerk:
                with pytest.raises(PermissionDenied):
                    services.read(book(rows()), at=AT, actor=who)
        made = services.read(book(rows()), at=AT, actor=house.old_book_clerk)
        with pytest.raises(PermissionDenied):
            services.take_in(made, name="x", at=AT, actor=house.court_judge)

    def test_another_courts_number_is_refused(self, house):
        assert faults(house, book(rows()), actor=house.other_clerk) == [
            ("案件", 2, "承办法官（登录名）"),
            ("案件", 2, "承办人（登录名）"),
        ]
        own = rows(judge="other_judge", owner="other_officer")
        assert faults(house, book(own), actor=house.other_clerk) == [("案件", 2, "案号")]

    def test_a_rehearsal_leaves_nothing_behind(self, house):
        before = Event.objects.count()
        assert faults(house, book(rows(), [CONTROL], [HELD, PAID])) == []
        assert not Case.objects.exists()
        assert not Receipt.objects.exists()
        assert Event.objects.count() == before


class TestRouting:
    @pytest.mark.parametrize(("day", "ok"), [("2021-08-15", True), ("2021-08-16", False)])
    def test_the_day_before_the_cut_stays_and_the_day_itself_goes_to_the_bureau(self, house, day, ok):
        found = read(house, book(rows(number="(2021)内0302执900号", filed_on=day, since_on=day)))
        if ok:
            assert found.faults == []
        else:
            assert [row.column for row in found.faults] == ["立案日"]
            assert "合并后立案的执行案件由综合执行局办理" in found.faults[0].reason

    def test_a_revived_case_goes_to_who_had_closed_it(self, house):
        late = {"number": "(2021)内0302执恢7号", "filed_on": "2021-08-20", "since_on": "2021-08-20"}
        assert [row.column for row in read(house, book(rows(**late))).faults] == ["原案号"]
        assert read(house, book(rows(**late, former_number="(2018)内0302执5号"))).faults == []
        of_bureau = factories.file_case(house).case
        wrong = read(house, book(rows(**late, former_number=of_bureau.number))).faults
        assert [row.column for row in wrong] == ["立案日"]
        assert "综合执行局办理的案件恢复执行" in wrong[0].reason
        case = take_in(house, **late, former_number="(2018)内0302执5号")
        assert (case.type_code, case.revives) == ("执恢", None)

    def test_a_preservation_stays_with_the_court_that_carried_it_out(self, house):
        late = {"number": "(2021)内0302执保7号", "filed_on": "2021-08-20", "since_on": "2021-08-20"}
        assert take_in(house, **late).type_code == "执保"


BAD_CASES = {
    "number": ("12345", "案号"),
    "filed_on": ("2021-13-45", "立案日"),
    "basis_kind": ("一张纸", "执行依据"),
    "basis_issuer": ("", "作出机关"),
    "basis_number": ("—", "执行依据文号"),
    "basis_made_on": ("2035-01-01", "文书作出日"),
    "basis_effective_on": ("2001-01-01", "生效日"),
    "performance_due_on": ("2001-01-01", "履行期限届满日"),
    "judge": ("nobody", "承办法官（登录名）"),
    "owner": ("chief", "承办人（登录名）"),
    "stage": ("审查", "现阶段"),
    "since_on": ("2018-01-01", "进入现阶段日"),
    "until_on": ("明天", "暂缓截止日"),
    "former_number": ("不知道", "原案号"),
    "side": ("", "诉讼地位"),
    "kind": ("外星人", "主体类型"),
    "id_number": ("110105194912310021", "证件号码"),
    "phone": ("12", "电话"),
    "amount": ("五万", "金额（元）"),
    "claim_kind": ("", "执行请求"),
    "from_on": ("2021-02-30", "起算日"),
    "name": ("=A1", "姓名或名称"),
}


class TestFaults:
    @pytest.mark.parametrize("field", BAD_CASES)
    def test_each_bad_cell_of_a_case_is_named(self, house, field):
        value, column = BAD_CASES[field]
        assert ("案件", 2, column) in faults(house, book(rows(**{field: value})))
        assert not Case.objects.exists()

    def test_handlers_are_a_judge_and_an_officer_of_the_court(self, house):
        swapped = rows(judge="court_officer", owner="court_judge")
        assert faults(house, book(swapped)) == [
            ("案件", 2, "承办法官（登录名）"),
            ("案件", 2, "承办人（登录名）"),
        ]

    @pytest.mark.parametrize(
        ("changes", "columns"),
        [
            ({"stage": "中止"}, {"中止、暂缓事由", "中止、暂缓文书"}),
            ({"stage": "暂缓"}, {"中止、暂缓事由", "中止、暂缓文书", "暂缓截止日"}),
        ],
    )
    def test_a_resting_case_says_why_by_what_and_how_long(self, house, changes, columns):
        assert {row[2] for row in faults(house, book(rows(**changes)))} == columns

    def test_rows_of_one_number_must_agree_and_sides_and_claims_be_there(self, house):
        first, second = rows()
        assert ("案件", 3, "立案日") in faults(house, book([first, second | {"filed_on": "2019-03-05"}]))
        assert faults(house, book([first])) == [("案件", 2, "诉讼地位")]
        no_claim = {name: value for name, value in first.items() if name not in ("claim_kind", "amount")}
        assert faults(house, book([no_claim, second])) == [("案件", 2, "执行请求")]

    @pytest.mark.parametrize(
        ("changes", "column"),
        [
            ({"number": "(2019)内0302执1号"}, "案号"),
            ({"debtor": "别人"}, "被执行人"),
            ({"kind": "宇宙飞船"}, "财产种类"),
            ({"measure": ""}, "控制措施"),
            ({"thing": ""}, "财产"),
            ({"unit": ""}, "协助单位"),
            ({"ruling": ""}, "裁定文号"),
            ({"from_on": "2022-01-01", "to_on": "2022-05-01"}, "起始日"),
            ({"to_on": "2021-08-31"}, "届满日"),
            ({"to_on": "2022-12-31"}, "届满日"),
            ({"to_on": ""}, "届满日"),
            ({"rank": "0"}, "顺位"),
            ({"amount_max": "许多"}, "限额（元）"),
        ],
    )
    def test_each_bad_cell_of_a_control_is_named_and_nothing_comes_in(self, house, changes, column):
        assert faults(house, book(rows(), [CONTROL | changes])) == [("控制", 2, column)]
        assert not Control.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "column"),
        [
            ({"number": "(2019)内0302执1号"}, "案号"),
            ({"what": "将来"}, "类别"),
            ({"on": "2021-09-02"}, "到账日"),
            ({"on": "2001-09-02"}, "到账日"),
            ({"amount": "0"}, "金额（元）"),
            ({"amount": "-5"}, "金额（元）"),
            ({"amount": "1.005"}, "金额（元）"),
            ({"payer_name": ""}, "付款人"),
        ],
    )
    def test_each_bad_cell_of_money_is_named_and_nothing_comes_in(self, house, changes, column):
        assert faults(house, book(rows(), money=[HELD | changes])) == [("案款", 2, column)]
        assert not Transfer.objects.exists()

    def test_one_bad_case_keeps_the_good_one_out(self, house):
        made = read(house, book([*rows(), *rows(number="(2019)内0302执89号", stage="中止")]))
        assert {row.position for row in made.faults} == {4}
        with pytest.raises(Refused):
            services.take_in(made, name="x", at=AT, actor=house.old_book_clerk)
        assert not Case.objects.exists()

    def test_what_changed_since_the_rehearsal_undoes_the_whole(self, house):
        content = book([*rows(), *rows(number="(2019)内0302执89号")], money=[HELD])
        made = read(house, content)
        take_in(house, number="(2019)内0302执89号")
        with pytest.raises(Refused, match=r"第 4 行.*已在本系统中"):
            services.take_in(made, name="x", at=AT, actor=house.old_book_clerk)
        assert Case.objects.count() == 1
        assert not Transfer.objects.exists()


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**18), 10**18),
    st.dates(),
    st.sampled_from(["=A1", "#N/A", "2021-13-45", "１２３", "9" * 400]),
)
FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
GOOD = book(rows(), [CONTROL], [HELD])


@FUZZ
@given(
    case=st.dictionaries(st.sampled_from(sorted(APPLICANT)), CELLS, max_size=3),
    control=st.dictionaries(st.sampled_from(sorted(CONTROL)), CELLS, max_size=2),
    money=st.dictionaries(st.sampled_from(sorted(HELD)), CELLS, max_size=2),
)
def test_any_content_of_cells_comes_in_whole_or_is_named(house, case, control, money):
    with contextlib.suppress(Refused):
        made = read(
            house,
            book([APPLICANT | case, DEBTOR | {"number": APPLICANT["number"]}], [CONTROL | control], [HELD | money]),
        )
        assert made.fault_count or made.entries
    assert not Case.objects.exists()


@FUZZ
@given(place=st.integers(0, len(GOOD) - 1), letters=st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_is_read_or_refused(house, place, letters):
    with contextlib.suppress(Refused):
        services.read(GOOD[:place] + letters + GOOD[place + len(letters) :], at=AT, actor=house.old_book_clerk)


@pytest.mark.parametrize("pages", [("案件", "控制"), ("控制", "案款"), ()])
def test_a_workbook_without_its_pages_is_refused(house, pages):
    with pytest.raises(Refused, match="缺少工作表"):
        services.read(book(rows(), pages=pages), at=AT, actor=house.old_book_clerk)


def test_a_table_of_text_is_refused(house):
    with pytest.raises(Refused, match="xlsx"):
        services.read("案号,立案日\n1,2\n".encode(), at=AT, actor=house.old_book_clerk)
