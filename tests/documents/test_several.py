"""One template for a hundred cases in one job, with progress and one printable file."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from bureau import services as bureau
from bureau.errors import Refused
from bureau.models import Job
from bureau.tasks import run_jobs
from cases.models import Case
from documents import services
from documents.models import Document
from documents.services.content import content_path
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 6)


@pytest.fixture
def hundred(house) -> list[Case]:
    """A hundred cases that one officer's team holds; set into the stream in one statement each, as a book is loaded."""
    first = kept.running_case(house)
    made = [first]
    for _turn in range(99):
        case = factories.file_case(house, payee=False).case
        made.append(case)
    Case.objects.filter(pk__in=[case.pk for case in made]).update(
        team=first.team, judge=first.judge, owner=first.owner, stream="FAST"
    )
    return list(Case.objects.filter(pk__in=[case.pk for case in made]).order_by("id"))


def _batch(cases, actor, code="ENFORCEMENT_NOTICE"):
    services.ask_several(cases, template=factories.template(code), values={}, at=AT, actor=actor)
    return services.issue_several(bureau.claim_job(at=AT), lambda done, total: None, at=AT)


def test_a_batch_asked_for_twice_makes_no_second_notice_and_says_so_of_each_case(house):
    case = kept.running_case(house)
    assert _batch([case], case.owner)["issued"] == 1
    again = _batch([case], case.owner)
    said = "已于 2021-09-06 向同一受送达人签发有效的执行通知书，未重复签发"
    assert (again["issued"], again["failed"]) == (0, [{"case": case.number, "reason": said}])
    assert Document.objects.filter(case=case, template__code="ENFORCEMENT_NOTICE").count() == 1
    old, new = Document.objects.get(), factories.issue(case, "REPORT_ORDER", actor=case.owner, at=AT)
    services.void(old, by=new, reason="误发", at=AT, actor=case.owner)
    assert _batch([case], case.owner)["issued"] == 1


def test_a_ticked_case_out_of_scope_is_named(house, login):
    case = kept.running_case(house)
    address = reverse("documents:several") + "?template=ENFORCEMENT_NOTICE"
    assert login(house.officer3).post(address, {"case": [case.pk]}).status_code == 302
    result = services.issue_several(bureau.claim_job(at=AT), lambda done, total: None, at=AT)
    assert result["failed"] == [{"case": case.number, "reason": "不在您的职责范围内，未签发"}]
    assert not Document.objects.exists()


def test_a_second_notice_is_issued_by_hand_only_on_purpose(house, login):
    case = kept.running_case(house)
    first = factories.issue(case, "ENFORCEMENT_NOTICE", actor=case.owner, at=AT)
    client, address = login(case.owner), reverse("documents:compose", args=[case.pk]) + "?template=ENFORCEMENT_NOTICE"
    assert "仍再签发一份" in client.get(address).content.decode()
    typed = first.typed() | {"act": "issue"}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "确需再签发一份" in answer.content.decode()
    assert client.post(address, typed | {"again": "1"}).status_code == 302
    assert Document.objects.filter(template__code="ENFORCEMENT_NOTICE").count() == 2


def test_a_hundred_notices_for_a_hundred_cases(house, hundred, login):
    officer = hundred[0].owner
    job = services.ask_several(
        hundred, template=factories.template("ENFORCEMENT_NOTICE"), values={"days": "5"}, at=AT, actor=officer
    )
    seen = []
    claimed = bureau.claim_job(at=AT)
    result = services.issue_several(claimed, lambda done, total: seen.append((done, total)), at=AT)
    assert (result["issued"], result["failed"]) == (100, [])
    assert seen == [(count, 100) for count in range(1, 101)]
    rows = Document.objects.filter(job=job).order_by("id")
    assert [row.number for row in rows] == [case.number for case in hundred]
    assert all(row.pdf_sha256 for row in rows)
    pdf = PdfReader(io.BytesIO(content_path(result["pdf_sha256"]).read_bytes()))
    assert len(pdf.pages) == result["page_count"] == sum(row.page_count for row in rows)
    text = "".join(page.extract_text() for page in pdf.pages)
    for case in hundred:
        assert case.escrow.number in text
    assert text.count("之日起 5 日内") + text.count("之日起5日内") == 100
    # Asked again after a lost worker it makes nothing twice.
    again = services.issue_several(claimed, lambda done, total: None, at=AT)
    assert again["issued"] == 100
    assert Document.objects.filter(job=job).count() == 100


def test_a_case_that_refuses_is_named_and_does_not_stop_the_others(house, hundred):
    cases = hundred[:4]
    Case.objects.filter(pk=cases[1].pk).update(number=None, provisional_number="临9")
    Case.objects.filter(pk=cases[2].pk).update(team=house.teams["ORDINARY"])
    services.ask_several(cases, template=factories.template("RISK_NOTICE"), values={}, at=AT, actor=hundred[0].owner)
    result = services.issue_several(bureau.claim_job(at=AT), lambda done, total: None, at=AT)
    assert result["issued"] == 2
    assert [row["case"] for row in result["failed"]] == ["临9", cases[2].number]


def test_from_the_page_to_the_printable_file(house, hundred, login):
    client = login(hundred[0].owner)
    address = reverse("documents:several") + "?template=RISK_NOTICE&lacking=on"
    page = client.get(address).content.decode()
    assert page.count('name="case"') == 100
    assert client.post(address, {}).status_code == 422
    chosen = [case.pk for case in hundred[:3]]
    answer = client.post(address, {"case": chosen, "phone": "0473-2990000"})
    assert answer.status_code == 302
    assert "every 2s" in client.get(answer.url).content.decode()
    assert run_jobs() == 1
    job = Job.objects.get()
    assert job.state == "DONE"
    assert job.result["issued"] == 3
    link = reverse("documents:several_pdf", args=[job.pk])
    assert link in client.get(answer.url).content.decode()
    assert client.get(link)["Content-Type"] == "application/pdf"
    assert client.get(address).content.decode().count('name="case"') == 97
    assert login(house.officer2).get(answer.url).status_code == 404


def test_what_no_case_can_fill_is_asked_for_before_the_job(house, hundred, login):
    client = login(hundred[0].owner)
    address = reverse("documents:several") + "?template=CLUES_NOTICE"
    chosen = [case.pk for case in hundred[:2]]
    empty = client.post(address, {"case": chosen})
    assert empty.status_code == 422
    assert "until" in empty.context["form"].errors
    assert not Job.objects.exists()


def test_none_or_too_many_are_refused(house, hundred):
    template = factories.template("RISK_NOTICE")
    for cases in ([], hundred * 6):
        with pytest.raises(Refused):
            services.ask_several(cases, template=template, values={}, at=AT, actor=hundred[0].owner)
