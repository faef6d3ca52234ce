"""A lost receipt is made again at any of the five windows, against ID, without opening the case."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event
from cases import services as cases
from intake import reissuing
from intake.codes import code_hmac
from intake.models import LookupCode, ReissueTry
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.moment(2021, 9, 2)
ID = "11010519491231002X"
PAGE = "/filing/reissue/"


@pytest.fixture
def filed(house):
    return factories.file_case(house)


def again(filed, house, id_number=ID, at=AT, actor=None):
    clerk = actor or house.window_clerk2
    return reissuing.reissue_receipt(filed.case.display_number, id_number=id_number, at=at, actor=clerk)


def wrong(filed, house, **given):
    with pytest.raises(Refused) as refusal:
        again(filed, house, **{"id_number": "110101199003070011", **given})
    return str(refusal.value)


class TestService:
    def test_another_window_gives_a_new_code_and_the_old_one_is_void(self, filed, house):
        fresh = again(filed, house)
        assert fresh.case == filed.case
        assert LookupCode.objects.get(revoked_at__isnull=True).code_hmac == code_hmac(fresh.code)
        assert LookupCode.objects.count() == 2

    def test_the_record_says_who_for_whom_and_by_which_paper(self, filed, house):
        again(filed, house)
        event = Event.objects.get(verb="reissue_code")
        party = filed.case.parties.get(side="APPLICANT")
        assert (event.actor, event.chain) == (house.window_clerk2, f"case:{filed.case.pk}")
        for part in (f'"party":{party.pk}', '"id_kind":"RESIDENT_ID"', '"id_last4":"002X"'):
            assert part in event.details
        assert ID not in event.details

    def test_an_agent_shows_his_licence_while_his_authority_lasts(self, filed, house):
        party = filed.case.parties.get(side="APPLICANT")
        told = {"kind": "LAWYER", "firm": "所", "licence": "11503201810000001", "special": [], "document": "委托书"}
        days = {"from_on": AT.date(), "until_on": dt.date(2021, 12, 31)}
        agent = cases.add_agent(party, name="王律师", **told, **days, at=AT, actor=house.window_clerk)
        assert again(filed, house, id_number="1150 3201 8100 00001").code
        details = Event.objects.get(verb="reissue_code").details
        assert f'"agent":{agent.pk}' in details
        assert '"id_kind":"LICENCE"' in details
        assert "没有这个案号" in wrong(filed, house, id_number="11503201810000001", at=factories.moment(2022, 1, 3))

    def test_the_debtor_and_a_stranger_get_nothing_and_the_try_is_kept(self, filed, house):
        assert "申请执行人及其代理人" in wrong(filed, house, id_number="91350100M000100Y43")
        assert LookupCode.objects.filter(revoked_at__isnull=True).get().code_hmac == code_hmac(filed.code)
        assert ReissueTry.objects.get().case == filed.case
        assert Event.objects.get(verb="refuse_reissue").chain == f"case:{filed.case.pk}"

    def test_an_unknown_number_is_refused_alike_and_kept(self, filed, house):
        with pytest.raises(Refused) as refusal:
            reissuing.reissue_receipt("(2021)内0302执999号", id_number=ID, at=AT, actor=house.window_clerk2)
        assert str(refusal.value) == wrong(filed, house)
        assert ReissueTry.objects.filter(case=None).count() == 1

    def test_five_wrong_tries_lock_the_number_at_all_windows_for_half_an_hour(self, filed, house):
        for _turn in range(5):
            wrong(filed, house)
        assert "30 分钟后再试" in wrong(filed, house, id_number=ID, actor=house.window_clerk)
        assert again(filed, house, at=AT + dt.timedelta(minutes=30)).code

    def test_a_clerk_who_guesses_over_many_numbers_is_stopped(self, filed, house):
        for turn in range(10):
            with pytest.raises(Refused):
                reissuing.reissue_receipt(
                    f"(2021)内0302执{900 + turn}号", id_number=ID, at=AT, actor=house.window_clerk2
                )
        assert "30 分钟后再试" in wrong(filed, house, id_number=ID)
        assert again(filed, house, actor=house.window_clerk).code

    def test_who_stands_at_no_window_issues_none(self, filed, house):
        with pytest.raises(PermissionDenied):
            again(filed, house, actor=house.judge)


class TestPage:
    def test_the_receipt_is_printed_with_a_new_code_and_the_case_stays_closed(self, filed, house, login):
        client = login(house.window_clerk2)
        typed = {
            "number": f" {filed.case.number.replace('(', '（').replace(')', '）').rstrip('号')}",
            "id_number": ID.lower(),
        }
        answer = client.post(PAGE, typed, follow=True)
        page = answer.content.decode()
        code = re.search(r"data-code>([0-9A-Z-]+)<", page)[1]
        assert LookupCode.objects.get(revoked_at__isnull=True).code_hmac == code_hmac(code)
        assert filed.case.get_absolute_url() not in page
        assert client.get(filed.case.get_absolute_url()).status_code == 404
        # Printed again it shows no code; another clerk of that window sees nothing.
        assert "data-code" not in client.get(reverse("intake:receipt", args=[filed.case.pk])).content.decode()
        assert login(house.window_clerk2).get(reverse("intake:receipt", args=[filed.case.pk])).status_code == 404

    def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(self, filed, house, login):
        client = login(house.window_clerk2)
        answer = client.post(PAGE, {"number": filed.case.number, "id_number": "110101199003070011"})
        assert answer.status_code == 422
        assert "请对照证件原件核对" in answer.content.decode()
        assert filed.case.number in answer.content.decode()
        bad = client.post(PAGE, {"number": filed.case.number, "id_number": "身份证"})
        assert bad.context["form"].errors["id_number"] == ["证件号码应为5至20位字母或数字"]
        assert ReissueTry.objects.count() == 1

    def test_the_receipt_and_the_list_lead_there_with_the_number(self, filed, house, login):
        client = login(house.window_clerk)
        page = client.get(reverse("intake:receipt", args=[filed.case.pk])).content.decode()
        [link] = re.findall(r'href="(/filing/reissue/[^"]*)"', page)
        assert f'value="{filed.case.number}"' in client.get(link).content.decode()
        assert PAGE in client.get(reverse("intake:list")).content.decode()


def test_the_receipt_names_the_applicant_to_whom_it_is_handed_in_full(house, login):
    debtor = factories.filing().parties[1]
    debtor = replace(debtor, kind="PERSON", name="李四光", id_kind="", id_number="", legal_representative="")
    case = factories.file_case(house, parties=(factories.filing().parties[0], debtor)).case
    page = login(house.window_clerk).get(reverse("intake:receipt", args=[case.pk])).content.decode()
    assert "张安然" in page
    assert "李*光" in page
    assert "李四光" not in page


def test_a_program_at_another_window_does_it_too(filed, house, login):
    client, url = login(house.window_clerk2), "/api/v1/intake/receipts/reissue/"
    refused = client.post(url, {"number": filed.case.number, "id_number": "12345678"}, content_type="application/json")
    assert (refused.status_code, ReissueTry.objects.count()) == (422, 1)
    answer = client.post(url, {"number": filed.case.number, "id_number": ID}, content_type="application/json")
    assert answer.status_code == 200
    assert LookupCode.objects.get(revoked_at__isnull=True).code_hmac == code_hmac(answer.json()["code"])
