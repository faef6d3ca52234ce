"""What proves a condition of a closing, and which document closes: nothing else is taken."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event
from cases import packs, proofs, services
from cases.closing import WAYS
from cases.closinggrounds import GROUNDS, grounds_of
from cases.law import cited
from cases.models import Case, Deadline
from cases.services.closings import closing_objections, closing_papers
from documents import services as documents
from tests import factories, kept
from tests.factories import moment
from wuhai_exec.demo import proofs as demo

AT = moment(2021, 9, 21)
NOTE = "见材料"


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


def event_of(case, verb):
    return Event.objects.of_chain(f"case:{case.pk}").filter(verb=verb).order_by("-seq")[0].pk


def propose(case, mode="TERMINATED", **changes):
    document, number, bound = demo.closing(case, mode, at=AT, actor=case.owner)
    values = {"ground": next(iter(grounds_of(mode))), "document": document, "number": number, "proofs": bound} | changes
    return services.propose_closing(case, mode=mode, **values, at=AT, actor=case.owner)


def with_proof(case, mode, **bound):
    return demo.closing(case, mode, at=AT, actor=case.owner)[2] | bound


class TestProofs:
    @pytest.mark.parametrize("mode", list(WAYS))
    def test_an_arbitrary_event_proves_no_condition_of_any_mode(self, house, case, mode):
        services.add_note(case, text="随便写的", at=AT, actor=case.owner)
        may_prove = proofs.for_way(case, WAYS[mode])
        proving = {row.event.verb for rows in may_prove.values() for row in rows}
        recorded = set(Event.objects.of_chain(f"case:{case.pk}").values_list("verb", flat=True))
        assert {"add_note", "register", "allocate", "start", "enter_stream", "launch_query"} <= recorded
        # The scan of the notices came with the pack.
        assert proving <= {"hand_over", "receive_material"}

    def test_what_proves_another_condition_is_refused_by_name(self, house, case):
        bound = with_proof(case, "TERMINATED", RULING=(event_of(case, "hand_over"), NOTE))
        with pytest.raises(Refused, match="所选记录不能证明：裁定书已作出"):
            propose(case, proofs=bound)

    def test_a_paper_made_outside_needs_words_on_what_it_shows(self, house, case):
        _ref, event = demo.scan(case, "撤回申请书", at=AT, actor=case.owner)
        with pytest.raises(Refused, match="请说明该凭据证明了什么：所选的终结执行事由"):
            propose(case, proofs=with_proof(case, "TERMINATED", GROUND=(event, "  ")))

    def test_one_event_proves_no_two_different_things(self, house, case):
        _ref, event = demo.scan(case, "什么都有", at=AT, actor=case.owner)
        with pytest.raises(Refused, match="不能以同一条记录为凭据"):
            propose(case, proofs=dict.fromkeys(("GROUND", "RULING"), (event, NOTE)))

    def test_a_pack_that_names_papers_made_outside_proves_none_of_them_and_their_scans_do(self, house, case):
        def proved(event):
            found = proofs.for_way(case, WAYS["PROCEDURAL"]).items()
            return {code for code, rows in found if event in {row.event.pk for row in rows}}

        assert proved(event_of(case, "hand_over")) == set()
        _ref, scanned = demo.scan(case, "执行通知书", kind="COURT", at=AT, actor=case.owner)
        # Whether sanctions stand is said by their register, not by a scan.
        assert proved(scanned) == {"NOTICE", "REPORT_ORDER"}

    def test_the_scan_of_the_notices_proves_the_notices_and_nothing_else(self, house, case):
        pack = case.handovers.get().outside["NOTICE"]["paper"]
        assert pack == case.handovers.get().outside["REPORT_ORDER"]["paper"]
        found = proofs.for_way(case, WAYS["PROCEDURAL"]).items()
        assert {code for code, rows in found for row in rows if pack in {paper.ref for paper in row.papers}} == {
            "NOTICE",
            "REPORT_ORDER",
        }

    def test_what_came_in_as_anything_else_proves_nothing_of_a_procedural_closing(self, house, case):
        _ref, blank = demo.scan(case, "随便一张白纸", kind="OTHER", at=AT, actor=case.owner)
        rows = proofs.for_way(case, WAYS["PROCEDURAL"]).values()
        assert blank not in {row.event.pk for found in rows for row in found}

    def test_what_was_found_is_controlled_or_explained_before_a_procedural_closing(self, house, case):
        event = Event.objects.of_chain(f"case:{case.pk}").last()
        found = Deadline.objects.create(
            case=case, node="ONLINE_CONTROL", node_version=2, event=event, started_on=AT.date(), due_on=AT.date()
        )
        later = factories.moment(2022, 1, 10)
        assert any("已查明的财产" in said for said in closing_objections(case, "PROCEDURAL", at=later))
        for excuse, note in (("", "他院已在先冻结"), ("AHEAD", "x")):
            with pytest.raises(Refused):
                services.note_done(found, excuse=excuse, note=note, at=later, actor=case.owner)
        given = {"note": "他院已在先冻结，本案轮候", "at": later, "actor": case.owner}
        with pytest.raises(Refused, match="先登记本案的轮候控制"):
            services.note_done(found, excuse="AHEAD", **given)
        for excuse in ("ENOUGH", "TOGETHER"):
            with pytest.raises(Refused, match="没有登记任何控制措施"):
                services.note_done(found, excuse=excuse, **given)
        factories.control(case, kind="REAL_ESTATE", measure="SEAL", rank=2, at=AT)
        services.note_done(found, excuse="AHEAD", **given)
        assert not any("已查明的财产" in said for said in closing_objections(case, "PROCEDURAL", at=later))

    def test_what_is_found_after_the_proposal_stops_the_signature(self, house, case):
        later = factories.moment(2022, 1, 10)
        closing = factories.propose_closing(house, case, "PROCEDURAL", at=later)
        event = Event.objects.of_chain(f"case:{case.pk}").last()
        found = Deadline.objects.create(
            case=case, node="ONLINE_CONTROL", node_version=2, event=event, started_on=AT.date(), due_on=AT.date()
        )
        with pytest.raises(Refused, match="已查明的财产尚未控制"):
            services.sign_closing(closing, at=later, actor=case.judge)
        services.note_done(found, excuse="SMALL", note="余额三元，控制不经济", at=later, actor=case.owner)
        services.sign_closing(closing, at=later, actor=case.judge)

    def test_the_closing_ruling_proves_no_condition_of_a_procedural_closing(self, house, case):
        later, way = factories.moment(2022, 1, 10), WAYS["PROCEDURAL"]
        _document, number, bound = demo.closing(case, way.mode, at=later, actor=case.owner)
        document, event = demo.scan(case, "终结本次执行程序裁定书", kind="COURT", at=later, actor=case.owner)
        bound["NOTICE"] = (event, NOTE)
        with pytest.raises(Refused, match=r"所选记录不能证明：.*执行通知书"):
            services.propose_closing(
                case,
                mode=way.mode,
                ground="NOTHING",
                document=document,
                number=number,
                proofs=bound,
                at=later,
                actor=case.owner,
            )

    def test_papers_of_filing_prove_nothing(self, house, case):
        factories.archive_ready(house, case)
        may_prove = proofs.for_way(case, WAYS["TERMINATED"])
        assert not [row for rows in may_prove.values() for row in rows]

    def test_a_voided_document_proves_nothing_and_stops_the_last_signature(self, house, case):
        old = factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        ruling = event_of(case, "issue_document")
        _ref, ground = demo.scan(case, "撤回申请书", at=AT, actor=case.owner)
        bound = {"RULING": (ruling, ""), "GROUND": (ground, NOTE)}
        closing = propose(case, document=f"document:{old.pk}", number="", proofs=bound)
        assert closing.document == f"{old.number} 执行裁定书（终结执行）"
        new = factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        documents.void(old, by=new, reason="事由有误", at=AT, actor=case.judge)
        with pytest.raises(Refused, match=r"结案文书已作废.*凭据中的文书已作废：裁定书已作出"):
            services.sign_closing(closing, at=AT, actor=case.judge)
        services.return_closing(closing, defects="文书已作废", at=AT, actor=case.judge)
        with pytest.raises(Refused, match="所选记录不能证明"):
            propose(case, document=f"document:{new.pk}", number="", proofs=bound)

    def test_a_document_found_wrong_is_made_anew_and_replaced(self, house, case):
        old = factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        _ref, ground = demo.scan(case, "撤回申请书", at=AT, actor=case.owner)
        proved = {"RULING": (event_of(case, "issue_document"), ""), "GROUND": (ground, NOTE)}
        closing = propose(case, document=f"document:{old.pk}", number="", proofs=proved)
        services.return_closing(closing, defects="引用条文有误", is_paper_refused=True, at=AT, actor=case.judge)
        assert closing_papers(case, WAYS["TERMINATED"])[0] == []
        new = factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        proved["RULING"] = (event_of(case, "issue_document"), "")
        for document in (old, new):
            with pytest.raises(Refused, match=f"{re.escape(old.number)}.*尚未作废"):
                propose(case, document=f"document:{document.pk}", number="", proofs=proved)
        documents.void(old, by=new, reason="引用条文有误", at=AT, actor=case.judge)
        again = propose(case, document=f"document:{new.pk}", number="", proofs=proved)
        assert again.paper == f"document:{new.pk}"

    def test_a_document_that_is_right_may_be_proposed_again(self, house, case):
        old = factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        _ref, ground = demo.scan(case, "撤回申请书", at=AT, actor=case.owner)
        proved = {"RULING": (event_of(case, "issue_document"), ""), "GROUND": (ground, NOTE)}
        given = {"document": f"document:{old.pk}", "number": "", "proofs": proved}
        services.return_closing(propose(case, **given), defects="缺笔录", at=AT, actor=case.judge)
        assert propose(case, **given).paper == f"document:{old.pk}"

    def test_each_option_says_its_title_and_day_newest_first(self, house, case):
        factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        demo.scan(case, "终结执行裁定书（纸质）", kind="COURT", at=moment(2021, 9, 22), actor=case.owner)
        labels = [row.label for row in proofs.for_way(case, WAYS["TERMINATED"])["RULING"]]
        assert labels == [
            "2021-09-22 收到材料 终结执行裁定书（纸质）",
            f"2021-09-21 签发文书 {case.number} 执行裁定书（终结执行）",
        ]

    def test_an_approved_sanction_proves_what_it_is_and_no_paper_does(self):
        by_code = {row.code: row for row in WAYS["PROCEDURAL"].conditions}
        assert by_code["LISTED"].proof_for("approve_sanction", {"sanction_kind": "DISHONEST"})
        assert by_code["LISTED"].proof_for("approve_sanction", {"sanction_kind": "FINE"}) is None
        assert by_code["LIMITED"].proof_for("approve_sanction", {"sanction_kind": "LIMIT_CONSUMPTION"})
        assert by_code["LIMITED"].proof_for("approve_sanction", {"sanction_kind": "DISHONEST"}) is None
        for template in ("CONSUMPTION", "DISHONEST"):
            for code in ("LIMITED", "LISTED"):
                assert by_code[code].proof_for("issue_document", {"template": template}) is None
        for code in ("REPORT_CHECKED", "OBSTRUCTION"):
            assert by_code[code].proof_for("approve_sanction", {"sanction_kind": "FINE"})
            assert by_code[code].proof_for("approve_sanction", {"sanction_kind": "DISHONEST"}) is None
        assert by_code["ONSITE"].proof_for("approve_sanction", {"sanction_kind": "DISHONEST"}) is None

    def test_an_answer_that_found_property_is_no_proof_of_its_absence(self):
        nothing = {row.code: row for row in WAYS["PROCEDURAL"].conditions}["NO_PROPERTY"]
        for verb in ("receive_query", "note_query_answered"):
            assert nothing.proof_for(verb, {"found_count": 0})
            assert nothing.proof_for(verb, {"found_count": 2}) is None

    def test_a_debtor_whose_consumption_nobody_limits_keeps_a_case_open(self, house, case):
        later = factories.moment(2022, 1, 10)
        limited = factories.sanction(house, case, at=later)
        assert any("限制消费令尚未入卷" in said for said in closing_objections(case, "PROCEDURAL", at=later))
        factories.ruled(case, case.number)
        services.name_document(limited, document=case.number, at=later, actor=case.owner)
        assert not any("限制消费" in said for said in closing_objections(case, "PROCEDURAL", at=later))

    def test_every_pair_that_may_share_names_conditions_of_its_way(self):
        for way in WAYS.values():
            codes = {row.code for row in way.conditions}
            assert all(pair <= codes and len(pair) == 2 for pair in way.shared)


class TestGrounds:
    """Why a case closes is one of the law's grounds, shown by what fits that ground."""

    @pytest.mark.parametrize("kind", ["RECEIPT", "OTHER", "SERVICE", "IDENTITY"])
    def test_a_receipt_or_an_unsorted_paper_proves_nothing_in_any_mode(self, house, case, kind):
        _ref, event = demo.scan(case, "回执", kind=kind, at=AT, actor=case.owner)
        for way in WAYS.values():
            rows = proofs.for_way(case, way).values()
            assert event not in {row.event.pk for found in rows for row in found}, way.mode

    def test_the_receipt_of_a_visit_shows_only_what_a_visit_shows(self):
        visit = {
            row.code
            for row in WAYS["PROCEDURAL"].conditions
            if row.proof_for("receive_material", {"kinds": ["ONSITE"]})
        }
        assert visit == {"CLUES", "ONSITE", "NO_PROPERTY", "SEARCHED"}
        talk = {
            row.code for row in WAYS["PROCEDURAL"].conditions if row.proof_for("log_contact", {"contact_kind": "TALK"})
        }
        assert not talk & {"NO_PROPERTY", "ONSITE", "NETWORK", "NOTICE", "REPORT_ORDER", "LIMITED"}

    @pytest.mark.parametrize("ground", ["", "撤回申请", "NOTHING"])
    def test_a_ground_that_is_none_of_the_mode_is_refused_beside_its_field(self, house, case, ground):
        with pytest.raises(Refused, match="请选择结案事由") as refusal:
            propose(case, ground=ground)
        assert set(refusal.value.by_field) == {"ground"}

    def test_what_shows_one_ground_shows_no_other(self, house, case):
        _ref, asked = demo.scan(case, "撤回申请书", at=AT, actor=case.owner)
        _ref, death = demo.scan(case, "死亡医学证明", kind="CERTIFICATE", at=AT, actor=case.owner)
        for ground, event in (("DEBTOR_DEAD", asked), ("WITHDRAWN", death), ("BANKRUPT", death)):
            with pytest.raises(Refused, match="所选记录不能证明") as refusal:
                propose(case, ground=ground, proofs=with_proof(case, "TERMINATED", GROUND=(event, NOTE)))
            assert set(refusal.value.by_field) == {"event_GROUND"}
        closing = propose(
            case,
            ground="DEBTOR_DEAD",
            facts="无遗产",
            proofs=with_proof(case, "TERMINATED", GROUND=(death, NOTE)),
        )
        assert closing.ground_label == "作为被执行人的公民死亡，无遗产可供执行，又无义务承担人：无遗产"

    def test_a_ruling_issued_here_on_another_ground_is_refused(self, house, case):
        paper = factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        assert paper.typed()["ground"] == "申请执行人撤销申请"
        _ref, death = demo.scan(case, "死亡医学证明", kind="CERTIFICATE", at=AT, actor=case.owner)
        bound = {"RULING": (event_of(case, "issue_document"), ""), "GROUND": (death, NOTE)}
        with pytest.raises(Refused, match="写明的事由是“申请执行人撤销申请”"):
            propose(case, ground="DEBTOR_DEAD", document=f"document:{paper.pk}", number="", proofs=bound)

    def test_the_upper_court_s_ruling_is_both_ground_and_document(self, house, case):
        ref, event = demo.scan(case, "提级执行裁定书", kind="COURT", at=AT, actor=case.owner)
        bound = dict.fromkeys(("GROUND", "RULING"), (event, NOTE))
        given = {"document": ref, "number": f"{case.number}之一", "proofs": bound}
        with pytest.raises(Refused):
            propose(case, ground="REVOKED", **given)
        assert propose(case, ground="MOVED_UP", **given).ground == "MOVED_UP"

    @pytest.mark.parametrize(("day", "article"), [((2021, 9, 21), "257"), ((2022, 3, 1), "264"), ((2024, 3, 1), "268")])
    def test_the_article_is_that_of_the_day_of_the_act(self, day, article):
        ground = grounds_of("TERMINATED")["DEBTOR_DEAD"]
        assert cited(ground.basis, on=dt.date(*day)).endswith(f"第{article}条第三项")

    def test_every_mode_has_grounds_and_every_ground_something_that_shows_it(self):
        assert {row.mode for row in GROUNDS} == set(WAYS)
        for row in GROUNDS:
            has_line = any(line.code == "GROUND" for line in WAYS[row.mode].conditions)
            assert bool(row.proofs) == has_line, row.code

    def test_the_list_of_modes_says_what_the_file_lacks(self, house, case, login):
        page = login(case.owner).get(reverse("cases:propose_closing", args=[case.pk])).content.decode()
        assert "可以提请" not in page
        assert "卷内没有终结执行裁定书" in page
        assert "卷内还没有凭据：所选的终结执行事由有书面材料" in page
        assert "卷内还没有凭据：已现场调查" not in page
        demo.closing(case, "TERMINATED", at=AT, actor=case.owner)
        page = login(case.owner).get(reverse("cases:propose_closing", args=[case.pk])).content.decode()
        assert page.count("可以提请") == 1
        assert "卷内没有终结执行裁定书" not in page
        # A ruling that ends the enforcement is none that dismisses, refuses or removes.
        for label in ("销案裁定书或通知", "不予执行裁定书", "驳回申请裁定书"):
            assert f"卷内没有{label}" in page

    def test_the_ruling_alone_leaves_its_ground_to_be_shown(self, house, case, login):
        demo.scan(case, "终结执行裁定书", kind="COURT", at=AT, actor=case.owner)
        page = login(case.owner).get(reverse("cases:propose_closing", args=[case.pk])).content.decode()
        assert "可以提请" not in page
        assert "卷内还没有凭据：所选的终结执行事由有书面材料" in page


class TestService:
    """A ruling that ends the enforcement takes effect by its service: nobody closes on one that lies in a drawer."""

    def signed_by_the_judge(self, case, paper):
        _ref, ground = demo.scan(case, "撤回申请书", at=AT, actor=case.owner)
        bound = {"RULING": (event_of(case, "issue_document"), ""), "GROUND": (ground, NOTE)}
        closing = propose(case, document=f"document:{paper.pk}", number="", proofs=bound)
        return services.sign_closing(closing, at=AT, actor=case.judge)

    def test_the_last_signature_waits_until_service_has_begun(self, house, case, login):
        paper = factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        closing = self.signed_by_the_judge(case, paper)
        with pytest.raises(Refused, match="尚未送达"):
            services.sign_closing(closing, at=AT, actor=house.chief)
        assert (
            "结案裁定尚未送达" in login(house.chief).get(reverse("cases:closing", args=[closing.pk])).content.decode()
        )
        sent = documents.send(paper, way="DIRECT", party=case.parties.get(side="DEBTOR"), at=AT, actor=case.owner)
        documents.note_attempt(sent, reason="ABSENT", is_given_up=True, at=AT, actor=case.owner)
        with pytest.raises(Refused, match="尚未送达"):
            services.sign_closing(closing, at=AT, actor=house.chief)
        documents.send(paper, way="DIRECT", party=case.parties.get(side="APPLICANT"), at=AT, actor=case.owner)
        services.sign_closing(closing, at=AT, actor=house.chief)
        assert Case.objects.get(pk=case.pk).stage == "CLOSED"

    def test_one_made_outside_needs_its_proof_of_service(self, house, case):
        ref, event = demo.scan(case, "终结执行裁定书", kind="COURT", at=AT, actor=case.owner)
        _ref, ground = demo.scan(case, "撤回申请书", at=AT, actor=case.owner)
        bound = {"RULING": (event, NOTE), "GROUND": (ground, NOTE)}
        given = {"ground": "WITHDRAWN", "document": ref, "number": f"{case.number}之一", "proofs": bound}
        closing = services.propose_closing(case, mode="TERMINATED", **given, at=AT, actor=case.owner)
        services.sign_closing(closing, at=AT, actor=case.judge)
        with pytest.raises(Refused, match="尚未送达"):
            services.sign_closing(closing, at=AT, actor=house.chief)
        demo.scan(case, "送达回证", kind="SERVICE", at=AT, actor=case.owner)
        services.sign_closing(closing, at=AT, actor=house.chief)
        assert Case.objects.get(pk=case.pk).stage == "CLOSED"


class TestArticles:
    """One article number, that of the text in force on the day of the act."""

    @pytest.mark.parametrize(("day", "said"), [((2021, 9, 21), "（2017年修正）第257条"), ((2022, 1, 10), "第264条")])
    def test_a_closing_cites_the_text_of_its_day(self, house, case, monkeypatch, login, day, said):
        at = moment(*day)
        monkeypatch.setattr("bureau.clock.now", lambda: at)
        monkeypatch.setattr("bureau.clock.today", at.date)
        page = login(case.owner).get(f"/cases/{case.pk}/propose-closing/?mode=TERMINATED").content.decode()
        assert said in page
        assert "年文本" not in page
        with pytest.raises(Refused, match=said.partition("第")[2]):
            services.propose_closing(
                case, mode="TERMINATED", ground="WITHDRAWN", document="", proofs={}, at=at, actor=case.owner
            )

    def test_no_declared_basis_names_two_numbers(self):
        declared = [row.basis for way in WAYS.values() for row in way.conditions]
        declared += [item.basis for item in (*packs.STARTING, *packs.STREAM)]
        assert not [basis for basis in declared if "文本" in str(basis)]


class TestDocument:
    @pytest.mark.parametrize("document", ["", "随便写的文书", "document:0", "material:0", "case:1"])
    def test_free_words_are_no_document(self, house, case, document):
        with pytest.raises(Refused, match="请选择终结执行裁定书"):
            propose(case, document=document)

    def test_a_document_of_another_template_or_case_does_not_close(self, house, case):
        notice = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT)
        with pytest.raises(Refused, match="所选文书不是终结执行裁定书"):
            propose(case, document=f"document:{notice.pk}")
        other = kept.running_case(house)
        strange = factories.issue(other, "TERMINATION", actor=other.judge, at=AT)
        with pytest.raises(Refused, match="请选择终结执行裁定书"):
            propose(case, document=f"document:{strange.pk}")

    @pytest.mark.parametrize("mode", [way.mode for way in WAYS.values() if way.needs_number])
    def test_a_paper_that_merely_came_in_is_neither_offered_nor_taken(self, house, case, login, mode):
        received, event = demo.scan(case, "撤回执行申请书", at=AT, actor=case.owner)
        ruling, _event = demo.scan(case, "上级法院提级执行裁定书", kind="COURT", at=AT, actor=case.owner)
        assert [paper.ref for paper in closing_papers(case, WAYS[mode])[1]] == [ruling]
        page = login(case.owner).get(f"/cases/{case.pk}/propose-closing/?mode={mode}").content.decode()
        assert (f'value="{received}"' in page, f'value="{ruling}"' in page) == (False, True)
        with pytest.raises(Refused, match="所选材料不是"):
            propose(case, mode, document=received)
        may_prove = proofs.for_way(case, WAYS[mode]).get("RULING", ())
        assert event not in [shown.event.pk for shown in may_prove]

    @pytest.mark.parametrize("number", ["", "文书一份", "(2021)内0302执99号", "（2021）内0302民初1号"])
    def test_one_made_outside_needs_its_own_number(self, house, case, number):
        with pytest.raises(Refused):
            propose(case, number=number)

    def test_one_made_outside_says_so(self, house, case):
        closing = propose(case, number="（2021）内0302执1号之三")
        assert closing.document == "(2021)内0302执1号之三 终结执行裁定书（系统外制作，已入卷）"

    def test_the_parties_confirmation_needs_no_number_when_all_is_performed(self, house, case):
        factories.deposit(house, case, "50000.00", serial="W", at=AT)
        factories.payout(house, case, "50000.00", reference="W", at=AT)
        closing = propose(case, "FULFILLED", number="")
        assert closing.document == "结案通知书（当事人书面或笔录确认）"


class TestQueries:
    @pytest.fixture
    def started(self, house):
        case = factories.assign(house, factories.file_case(house).case)
        return services.start(case, at=moment(2021, 9, 3), actor=house.assistant)

    def test_one_click_asks_for_every_debtor_and_only_once(self, house, started):
        given = {"at": AT, "actor": house.assistant}
        with pytest.raises(Refused, match="查控系统"):
            services.launch_query(started, provider="总对总", **given)
        services.launch_query(started, provider="NATIONAL", batch=" B1 ", **given)
        row = started.network_queries.get()
        assert (row.party.side, row.batch, row.launched_by) == ("DEBTOR", "B1", house.assistant)
        with pytest.raises(Refused, match="等待反馈"):
            services.launch_query(started, provider="NATIONAL", **given)
        with pytest.raises(Refused, match="反馈情况"):
            services.note_query_answered(started, answer=" ", **given)
        services.note_query_answered(started, answer="无存款", **given)
        row.refresh_from_db()
        assert (str(row.answered_on), row.answer) == ("2021-09-21", "无存款")
        with pytest.raises(Refused, match="没有等待反馈"):
            services.note_query_answered(started, answer="无存款", **given)
        services.launch_query(started, provider="REGIONAL", **given)
        assert started.network_queries.count() == 2

    def test_from_filing_on_the_affairs_team_records_it_beside_triage(self, house):
        case = factories.file_case(house).case
        at = moment(2021, 9, 1)
        services.launch_query(case, provider="NATIONAL", judge=house.judge, at=at, actor=house.assistant)
        assert case.network_queries.count() == 1
        for stranger in (house.officer, house.dispatcher, house.window_clerk):
            with pytest.raises(PermissionDenied):
                services.note_query_answered(case, answer="无", at=at, actor=stranger)
        # Launched already, nobody owes it any more, and the pack ticks it.
        case = factories.assign(house, case)
        assert not Deadline.objects.running().filter(case=case, node="QUERY_LAUNCH").exists()
        case = services.start(case, at=moment(2021, 9, 3), actor=house.assistant)
        factories.hand_over(house, case)

    def test_only_the_team_that_holds_the_case(self, house, started, case):
        for stranger in (house.officer, house.judge, house.finance):
            with pytest.raises(PermissionDenied):
                services.launch_query(started, provider="NATIONAL", at=AT, actor=stranger)
        closed = factories.close(house, case, "TERMINATED", at=AT)
        with pytest.raises(Refused, match="已结案"):
            services.launch_query(closed, provider="NATIONAL", at=AT, actor=house.assistant)


class TestPack:
    @pytest.fixture
    def started(self, house):
        case = factories.assign(house, factories.file_case(house).case)
        services.start(case, at=moment(2021, 9, 3), actor=house.assistant)
        return Case.objects.get(pk=case.pk)

    def hand(self, house, case, **outside):
        return services.hand_over(case, outside=outside, note="", at=AT, actor=house.assistant)

    def test_nothing_is_handed_over_on_a_word(self, house, started):
        with pytest.raises(Refused) as refusal:
            self.hand(house, started)
        assert len(refusal.value.reasons) == 3
        assert all("乌海市测试商贸有限公司" in reason for reason in refusal.value.reasons)

    def test_documents_of_the_record_tick_themselves(self, house, started):
        for code in ("ENFORCEMENT_NOTICE", "REPORT_ORDER", "CLUES_NOTICE"):
            document = factories.issue(started, code, actor=house.assistant, at=AT)
            party = started.parties.get(side="APPLICANT" if code == "CLUES_NOTICE" else "DEBTOR")
            delivery = documents.send(document, way="DIRECT", party=party, at=AT, actor=house.assistant)
            paper = documents.Paper("SERVICE", "送达回证", demo.SCAN)
            proof = documents.receive(started, [paper], at=AT, actor=house.assistant)[0]
            given = factories.signed(delivery) | {"at": AT, "actor": house.assistant}
            documents.deliver(delivery, on=AT.date(), proof=proof, **given)
        with pytest.raises(Refused, match="网络查控已发起"):
            self.hand(house, started)
        services.launch_query(started, provider="NATIONAL", at=AT, actor=house.assistant)
        handover = self.hand(house, started)
        assert handover.pack == ["NOTICE", "REPORT_ORDER", "QUERY_LAUNCHED", "SERVICE_PROOF", "CLUES_ASKED"]
        assert handover.outside == {}

    def test_a_voided_notice_is_none(self, house, started):
        services.launch_query(started, provider="NATIONAL", at=AT, actor=house.assistant)
        old, _order, new = (
            factories.issue(started, code, actor=house.assistant, at=AT)
            for code in ("ENFORCEMENT_NOTICE", "REPORT_ORDER", "CLUES_NOTICE")
        )
        documents.void(old, by=new, reason="误发", at=AT, actor=house.assistant)
        with pytest.raises(Refused, match="执行通知书已发出"):
            self.hand(house, started)

    def test_what_was_made_outside_is_kept_with_number_and_day(self, house, started):
        handover = factories.hand_over(house, started)
        kept = {"number": started.number, "made_on": "2021-09-03", "paper": f"material:{started.materials.last().pk}"}
        assert handover.outside == {"NOTICE": kept, "REPORT_ORDER": kept}
        event = Event.objects.get(verb="hand_over", chain=f"case:{started.pk}")
        assert f'"number":"{started.number}"' in event.details

    @pytest.mark.parametrize(
        ("number", "made_on", "said"),
        [
            ("已寄出", "2021-09-03", "案号格式"),
            ("(2021)内0302执2号", "2021-09-03", "不是本案的文号"),
            ("(2021)内0302执1号", None, "作出日期"),
            ("(2021)内0302执1号", "2021-08-31", "立案日至今天"),
            ("(2021)内0302执1号", "2021-09-22", "立案日至今天"),
            ("", "2021-09-03", "请填写系统外制作的文书的文号"),
        ],
    )
    def test_a_number_without_form_or_day_is_refused(self, house, started, number, made_on, said):
        services.launch_query(started, provider="NATIONAL", at=AT, actor=house.assistant)
        day = dt.date.fromisoformat(made_on) if made_on else None
        good = demo.cited(started, at=AT, actor=house.assistant)
        with pytest.raises(Refused, match=said):
            self.hand(house, started, REPORT_ORDER=good, NOTICE=replace(good, number=number, made_on=day))

    def test_a_number_without_the_scan_is_no_document(self, house, started):
        services.launch_query(started, provider="NATIONAL", at=AT, actor=house.assistant)
        good = demo.cited(started, at=AT, actor=house.assistant)
        with pytest.raises(Refused, match="先扫描入卷") as refusal:
            self.hand(house, started, REPORT_ORDER=good, NOTICE=replace(good, paper=""))
        assert set(refusal.value.by_field) == {"paper_notice"}
