"""Nothing is archived before its index is complete; an archived file does not change, one after 终本 stays in use."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event, User
from cases import services as cases
from cases.models import Case
from documents import checks, services
from documents.models import Material
from tests import factories, kept
from tests.factories import moment
from wuhai_exec.demo import proofs as demo
from wuhai_exec.demo.proofs import SCAN

AT = moment(2021, 9, 21)


@pytest.fixture
def case(house) -> Case:
    return kept.running_case(house)


def archive(house, case):
    return cases.archive(case, note="", at=moment(2021, 10, 8), actor=house.records_clerk)


def archive_objections(case):
    return checks.case_objections(Case.objects.get(pk=case.pk), "archive", at=moment(2021, 10, 8))


def close(house, case, mode="TERMINATED", at=AT):
    return factories.close(house, case, mode, at=at)


class TestObjections:
    def test_missing_materials_are_named_and_each_may_be_explained_by_the_affairs_team(self, house, case):
        papers = [services.Paper(kind, "", SCAN) for kind in Material.REQUIRED if kind not in ("ADDRESS", "PAYEE")]
        services.receive(case, papers, at=AT, actor=house.window_clerk)
        given = {"kind": "ADDRESS", "reason": "当面交付", "at": AT}
        closed = close(house, case)
        with pytest.raises(Refused, match=r"^缺少必备材料：送达地址确认书（可由事务团队作缺失说明）$"):
            archive(house, closed)
        for stranger in (house.officer, house.chief, house.window_clerk):
            with pytest.raises(PermissionDenied):
                services.explain_missing(closed, **given, actor=stranger)
        for wrong in ({"reason": " "}, {"kind": "BASIS"}, {"kind": "OTHER"}, {"kind": "x"}):
            with pytest.raises(Refused):
                services.explain_missing(closed, **{**given, **wrong}, actor=house.records_clerk)
        services.explain_missing(closed, **given, actor=house.records_clerk)
        event = Event.objects.get(verb="explain_missing")
        assert '"missing":"ADDRESS"' in event.details
        assert archive(house, closed).stage == "ARCHIVED"

    def test_unprinted_failed_and_unserved_papers_stand_against_it(self, house, case):
        factories.archive_ready(house, case)
        ruling = factories.issue(case, "FREEZE", actor=case.judge, at=AT)
        closed = close(house, case)
        with pytest.raises(Refused, match=r"PDF尚在制作：.*文书没有送达记录"):
            archive(house, closed)
        services.print_waiting(at=AT, actor=User.objects.system())
        with pytest.raises(Refused) as refusal:
            archive(house, closed)
        assert refusal.value.reasons == [f"文书没有送达记录：{ruling}"]
        clerk = house.records_clerk
        delivery = services.send(ruling, way="DIRECT", party=case.parties.get(side="DEBTOR"), at=AT, actor=clerk)
        with pytest.raises(Refused, match="送达未办结"):
            archive(house, closed)
        proof = services.receive(closed, [services.Paper("SERVICE", "回证", SCAN)], at=AT, actor=clerk)[0]
        services.deliver(delivery, on=AT.date(), proof=proof, **factories.signed(delivery), at=AT, actor=clerk)
        assert archive(house, closed).stage == "ARCHIVED"

    def test_the_notice_that_ends_the_case_has_reached_somebody(self, house, case):
        factories.archive_ready(house, case)
        notice = factories.issue(case, "FULFILMENT", actor=case.judge, at=AT)
        close(house, case)
        services.print_waiting(at=AT, actor=User.objects.system())
        assert archive_objections(case) == [f"文书没有送达记录：{notice}"]

    def test_a_sanction_that_ends_with_the_case_is_lifted_first(self, house, case):
        factories.archive_ready(house, case)
        listed = factories.sanction(house, case)
        closed = close(house, case)
        with pytest.raises(Refused, match="尚未解除"):
            archive(house, closed)
        cases.approve_removal(listed, at=AT, actor=house.president)
        cases.remove_sanction(listed, way="LIFTED", document="解除令", at=AT, actor=house.assistant)
        assert archive(house, closed).stage == "ARCHIVED"

    def test_the_paper_that_closed_the_case_must_stand_or_be_replaced_by_one_of_its_kind(self, house, case):
        factories.archive_ready(house, case)
        ruling = factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        number = f"document:{ruling.pk}"
        event = Event.objects.of_chain(f"case:{case.pk}").filter(verb="issue_document").last()
        _document, _number, bound = demo.closing(case, "TERMINATED", at=AT, actor=case.owner)
        bound["RULING"] = (event.pk, "")
        given = {"ground": "WITHDRAWN", "document": number, "number": "", "proofs": bound}
        closing = cases.propose_closing(case, mode="TERMINATED", **given, at=AT, actor=case.owner)
        cases.sign_closing(closing, at=AT, actor=case.judge)
        services.send(ruling, way="DIRECT", party=case.parties.get(side="DEBTOR"), at=AT, actor=case.owner)
        cases.sign_closing(closing, at=AT, actor=house.chief)
        assert not [reason for reason in archive_objections(case) if "结案文书" in reason]
        notice = factories.issue(case, "FULFILMENT", actor=case.judge, at=AT)
        services.void(ruling, by=notice, reason="误发", at=AT, actor=case.judge)
        assert "卷宗中没有有效的结案文书：终结执行裁定书" in archive_objections(case)
        factories.issue(case, "TERMINATION", actor=case.judge, at=AT)
        assert not [reason for reason in archive_objections(case) if "结案文书" in reason]

    def test_a_paper_that_could_not_be_printed_and_an_open_draft_stand_against_it(self, house, case, monkeypatch):
        monkeypatch.setattr("documents.glyphs.lacking", lambda text: "")
        factories.archive_ready(house, case)
        factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT, phone="😀")
        services.print_waiting(at=AT, actor=User.objects.system())
        values = factories.values_of(case, "FREEZE")
        services.propose(case, template=factories.template("FREEZE"), values=values, at=AT, actor=case.owner)
        closed = close(house, case)
        with pytest.raises(Refused, match=r"PDF制作失败：执行通知书.*拟稿待签发：执行裁定书"):
            archive(house, closed)


class TestPutAway:
    def test_nothing_is_added_to_an_archived_file(self, house, case):
        document = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT)
        contact = cases.log_contact(
            case, kind="CALL", whom="张安然", text="还款", promised_on=AT.date(), at=AT, actor=case.owner
        )
        services.print_waiting(at=AT, actor=User.objects.system())
        factories.archive_ready(house, case)
        done = archive(house, close(house, case))
        assert done.is_put_away
        clerk, given = house.records_clerk, {"at": moment(2021, 10, 9)}
        acts = (
            lambda: factories.issue(done, "ENFORCEMENT_NOTICE", actor=clerk, **given),
            lambda: services.receive(done, [services.Paper("OTHER", "", SCAN)], actor=clerk, **given),
            lambda: services.send(document, way="MAIL", addressee="某单位", actor=clerk, **given),
            lambda: services.confirm_address(
                done.parties.first(), recipient="", address="新华街", actor=clerk, **given
            ),
            lambda: cases.log_contact(done, kind="CALL", whom="某人", text="问进度", actor=clerk, **given),
            lambda: cases.add_note(done, text="补记", actor=clerk, **given),
            lambda: cases.settle_promise(contact, is_kept=True, actor=clerk, **given),
        )
        before = Event.objects.of_chain(f"case:{done.pk}").count()
        for act in acts:
            with pytest.raises(Refused, match="已归档"):
                act()
        assert Event.objects.of_chain(f"case:{done.pk}").count() == before

    def test_after_a_procedural_closing_an_archived_file_stays_in_use(self, house, case):
        factories.archive_ready(house, case)
        done = archive(house, close(house, case, "PROCEDURAL", at=moment(2021, 12, 6)))
        assert done.stage == "ARCHIVED"
        assert not done.is_put_away
        assert cases.add_note(done, text="六个月查询无财产", at=moment(2022, 6, 6), actor=done.owner)

    def test_a_program_explains_by_the_same_rules(self, house, case, login):
        address = reverse("documents_api:explain_missing", args=[case.pk])
        given = {"content_type": "application/json"}
        body = '{"kind": "ADDRESS", "reason": "当面交付"}'
        assert login(house.officer).post(address, body, **given).status_code == 403
        close(house, case)
        answer = login(house.records_clerk).post(address, body, **given)
        assert answer.json()["kind"] == "missingnote"
        assert login(house.records_clerk).post(address, body, **given).status_code == 422

    def test_the_page_explains_and_archives(self, house, case, login):
        closed = close(house, case)
        client = login(house.records_clerk)
        page = f"/materials/case/{closed.pk}/missing/"
        assert client.post(page, {"kind": "ADDRESS", "reason": ""}).status_code == 422
        asked = [kind for kind in Material.REQUIRED if kind != "PAYEE"]  # it came with the filing
        for place, kind in enumerate(asked):
            offered = [code for code, _label in client.get(page).context["form"].fields["kind"].choices]
            assert offered == asked[place:]
            assert client.post(page, {"kind": kind, "reason": "在原审卷宗"}).status_code == 302
        assert client.post(page, {"kind": "ADDRESS", "reason": "又说一次"}).status_code == 422
        assert "必备材料已齐备，或均已说明" in client.get(page).content.decode()
        assert "在原审卷宗" in client.get(f"/materials/case/{closed.pk}/").content.decode()
        assert client.post(f"/cases/{closed.pk}/archive/", {"confirmed": "on"}).status_code == 302
        assert Case.objects.get(pk=case.pk).stage == "ARCHIVED"
        put_away = client.get(page).content.decode()
        assert "结案后、归档前才说明所缺材料" in put_away
        assert 'name="reason"' not in put_away
