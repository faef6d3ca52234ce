"""Notices, tasks and tips: to teams, read, done, taken down, and tips where they are needed."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bureau.errors import Refused
from bureau.models import Event
from dispatch import notices
from dispatch.models import Notice, Receipt
from dispatch.noticepages import items
from tests import factories, kept
from tests.factories import moment

AT = moment(2021, 9, 3)
TODAY = AT.date()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(house, **changes):
    plain = {"kind": "NOTICE", "title": "例会", "text": "周五下午三点", "teams": [house.teams["FAST"]]}
    return notices.send_notice(**plain | changes, at=AT, actor=house.dispatcher)


class TestSending:
    def test_it_reaches_the_team_and_nobody_else_until_it_is_read(self, house):
        row = send(house)
        assert [item.title for item in items(house.officer, today=TODAY)] == ["例会"]
        assert list(items(house.officer3, today=TODAY)) == []
        assert not Notice.objects.visible_to(house.officer3).exists()
        notices.read_notice(row, at=AT, actor=house.officer)
        notices.read_notice(row, at=AT, actor=house.officer)
        assert list(items(house.officer, today=TODAY)) == []
        assert Receipt.objects.count() == Event.objects.filter(verb="read_notice").count() == 1

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"teams": []}, "请选择团队"),
            ({"kind": "TASK"}, "完成期限"),
            ({"kind": "TASK", "due_on": dt.date(2021, 9, 2)}, "完成期限"),
            ({"stage": "FILED"}, "只有提示"),
            ({"title": " "}, "标题和内容"),
            ({"kind": "TIP", "field": "bank"}, "先选择文书模板"),
        ],
    )
    def test_what_lacks_something_is_refused(self, house, changes, words):
        with pytest.raises(Refused, match=words):
            send(house, **changes)

    def test_only_the_command_centre_and_the_chief_send_and_take_down(self, house):
        row = send(house)
        for stranger in (house.officer, house.judge, house.inspector):
            with pytest.raises(PermissionDenied):
                notices.send_notice(kind="NOTICE", title="a", text="b", teams=[], at=AT, actor=stranger)
            with pytest.raises(PermissionDenied):
                notices.end_notice(row, at=AT, actor=stranger)
        notices.end_notice(row, at=AT, actor=house.chief)
        assert list(items(house.officer, today=TODAY)) == []
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.update(text="x")


class TestTasks:
    def test_each_team_says_once_that_it_is_done(self, house):
        row = send(house, kind="TASK", due_on=dt.date(2021, 9, 8), teams=[house.teams["FAST"], house.teams["ORDINARY"]])
        assert [item.due_on for item in items(house.officer, today=TODAY)] == [dt.date(2021, 9, 8)]
        assert next(iter(items(house.officer, today=dt.date(2021, 9, 9)))).is_red
        notices.finish_task(row, note="已核对 12 件", at=AT, actor=house.officer)
        with pytest.raises(Refused, match="已完成"):
            notices.finish_task(row, note="又", at=AT, actor=house.officer2)
        with pytest.raises(PermissionDenied):
            notices.finish_task(row, note="x", at=AT, actor=house.assistant)
        assert [row.team.kind for row in row.done.all()] == ["FAST"]
        assert Notice.objects.to_do_by(house.officer3).exists()


class TestTips:
    def test_a_tip_stands_on_the_page_of_a_case_in_its_stage(self, house):
        send(house, kind="TIP", title="先问电子送达", teams=[], stage="FAST")
        case = kept.running_case(house)
        filed = factories.file_case(house).case
        page = signed_in(case.owner).get(case.get_absolute_url()).content.decode()
        assert "先问电子送达" in page
        other = signed_in(house.chief).get(filed.get_absolute_url()).content.decode()
        assert "先问电子送达" not in other

    def test_a_tip_stands_beside_the_field_of_a_paper_and_above_it(self, house):
        client = signed_in(house.dispatcher)
        data = {"kind": "TIP", "title": "开户行", "text": "写到支行", "template": "FREEZE", "field": "bank"}
        assert client.post(reverse("dispatch:send_notice"), data).status_code == 302
        send(house, kind="TIP", text="冻结前先核对限额", teams=[], template="FREEZE")
        case = kept.running_case(house)
        address = reverse("documents:compose", args=[case.pk]) + "?template=FREEZE"
        page = signed_in(case.judge).get(address).content.decode()
        assert "写到支行" in page
        assert "冻结前先核对限额" in page

    def test_a_field_that_the_paper_has_not_is_said_beside_it(self, house):
        data = {"kind": "TIP", "title": "a", "text": "b", "template": "FREEZE", "field": "没有的"}
        answer = signed_in(house.dispatcher).post(reverse("dispatch:send_notice"), data)
        assert answer.status_code == 422
        assert "该文书没有这个字段" in answer.content.decode()


class TestPages:
    def test_the_reader_reads_and_does_and_the_sender_sees_who_has(self, house):
        row = send(house, kind="TASK", due_on=dt.date(2050, 9, 8))
        officer, address = signed_in(house.officer), reverse("dispatch:notice", args=[row.pk])
        assert row.title in officer.get(reverse("dispatch:notices"), {"state": "unread"}).content.decode()
        assert officer.post(reverse("dispatch:read_notice", args=[row.pk])).status_code == 302
        assert officer.post(address, {"note": " "}).status_code == 422
        assert officer.post(address, {"note": "已办"}).status_code == 302
        page = signed_in(house.dispatcher).get(address).content.decode()
        assert house.officer.name in page
        assert house.officer2.name in page.split("阅读回执")[1]
        assert signed_in(house.officer3).get(address).status_code == 404

    def test_a_program_sends_and_reads(self, house):
        body = {"kind": "NOTICE", "title": "a", "text": "b", "teams": [house.teams["FAST"].pk]}
        sent = signed_in(house.chief).post(reverse("dispatch_api:send_notice"), body, content_type="application/json")
        assert sent.status_code == 200
        officer = signed_in(house.officer)
        assert officer.get(reverse("dispatch_api:notices")).json()["count"] == 1
        address = reverse("dispatch_api:read_notice", args=[sent.json()["id"]])
        assert officer.post(address, content_type="application/json").status_code == 200
