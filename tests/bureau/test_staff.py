"""Login and its lock-out, roles as groups, deputies and the calendar: what the organisation's pages promise."""

import datetime as dt
import time

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from bureau import clock, grants, services
from bureau.errors import Refused
from bureau.models import Event, Holiday
from bureau.roles import ROLES
from tests.at_once import faults, race

PASSWORD = "a-long-enough-phrase-7"


@pytest.fixture
def officer(house):
    house.officer.set_password(PASSWORD)
    house.officer.save()
    return house.officer


def enter(client, password):
    return client.post(reverse("bureau:login"), {"username": "officer", "password": password})


class TestLogin:
    def test_the_right_password_leads_to_the_desk(self, officer):
        assert enter(Client(), PASSWORD).url == reverse("desk")

    def test_five_failures_lock_even_the_right_password_out_until_lifted(self, house, officer, at, login):
        for _turn in range(5):
            answer = enter(Client(), "wrong")
        assert answer.status_code == 429
        assert "30" in answer.content.decode()
        assert enter(Client(), PASSWORD).status_code == 429
        keeper = login(house.security_admin)
        assert "officer" in keeper.get(reverse("bureau:locks")).content.decode()
        keeper.post(reverse("bureau:locks"), {"username": "officer"})
        assert enter(Client(), PASSWORD).status_code == 302
        assert not AccessAttempt.objects.exists()
        assert Event.objects.filter(verb="unlock_user", actor=house.security_admin).count() == 1

    def test_only_the_security_administrator_lifts_it(self, house, at):
        with pytest.raises(PermissionDenied):
            services.unlock_user(house.officer, at=at(2021, 9, 1), actor=house.chief)

    def test_an_idle_session_ends_and_its_use_renews_it_once_a_minute(self, house, login, settings, monkeypatch):
        assert 0 < settings.SESSION_COOKIE_AGE <= 3600
        client, began = login(house.officer), time.time()
        row = Session.objects.get()
        Session.objects.update(expire_date=row.expire_date - dt.timedelta(minutes=20))
        for later, is_renewed in ((1, False), (58, False), (61, True), (62, False), (118, False), (122, True)):
            monkeypatch.setattr("bureau.middleware.time.time", lambda now=began + later: now)
            answer = client.get("/")
            assert ("sessionid" in answer.cookies) is is_renewed
            if is_renewed:
                assert answer.cookies["sessionid"]["max-age"] in ("", settings.SESSION_COOKIE_AGE)
                assert Session.objects.get().expire_date >= row.expire_date
        session = client.session
        session.set_expiry(-1)
        session.save()
        assert client.get("/").url.startswith(reverse("bureau:login"))

    def test_the_system_actor_cannot_log_in(self, house):
        for password in ("!", "", "system"):
            answer = Client().post(reverse("bureau:login"), {"username": "system", "password": password})
            assert answer.status_code == 200

    def test_the_password_is_changed_by_its_holder(self, officer, login):
        client = login(officer)
        bad = {"old_password": "wrong", "new_password1": PASSWORD + "x", "new_password2": PASSWORD + "x"}
        assert client.post(reverse("bureau:profile"), bad).status_code == 422
        assert client.post(reverse("bureau:profile"), bad | {"old_password": PASSWORD}).status_code == 302
        officer.refresh_from_db()
        assert officer.check_password(PASSWORD + "x")


class TestRoles:
    def test_groups_hold_exactly_the_role_table(self, db):
        for role in ROLES:
            held = Group.objects.get(name=role.code).permissions.values_list("content_type__app_label", "codename")
            assert {f"{room}.{name}" for room, name in held} == set(role.permissions), role.code
        assert set(Group.objects.values_list("name", flat=True)) == {role.code for role in ROLES}

    def test_a_right_given_by_hand_is_taken_back(self, db):
        group = Group.objects.get(name="BAILIFF")
        group.permissions.set(Group.objects.get(name="CHIEF").permissions.all())
        services.sync_roles()
        assert group.permissions.count() == len({*next(role for role in ROLES if role.code == "BAILIFF").permissions})

    @pytest.mark.django_db(transaction=True)
    def test_two_migrations_at_once_do_not_collide(self, monkeypatch):
        made = ["wuhai_collision_app", "wuhai_collision_portal"]
        monkeypatch.setattr(grants, "role_name", lambda suffix, *, using="default": f"wuhai_collision_{suffix}")

        def migrate() -> None:
            with transaction.atomic():
                grants.apply(using="default")

        answers = race([migrate] * 4)
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) ORDER BY 1", [made])
            found = [name for (name,) in cursor.fetchall()]
            if found:
                cursor.execute(f"DROP OWNED BY {', '.join(found)}")
                cursor.execute(f"DROP ROLE {', '.join(found)}")
        assert faults(answers) == []
        assert found == made


class TestDeputies:
    def grant(self, house, at, **changes):
        plain = {
            "principal": house.chief,
            "deputy": house.vice_president,
            "act": "APPROVE_PAYOUT",
            "from_on": dt.date(2021, 9, 1),
            "until_on": dt.date(2021, 9, 10),
            "document": "授权书1号",
            "at": at(2021, 9, 1),
            "actor": house.president,
        }
        return services.grant_deputy(**plain | changes)

    def test_an_authority_is_granted_and_revoked_once(self, house, at):
        grant = self.grant(house, at)
        assert services.revoke_deputy(grant, at=at(2021, 9, 2), actor=house.president).revoked_at
        with pytest.raises(Refused):
            services.revoke_deputy(grant, at=at(2021, 9, 3), actor=house.president)
        verbs = Event.objects.of_chain("room:bureau").values_list("verb", flat=True)
        assert list(verbs) == ["grant_deputy", "revoke_deputy"]

    def test_not_to_oneself_not_backwards_not_by_anybody(self, house, at):
        with pytest.raises(Refused):
            self.grant(house, at, deputy=house.chief)
        with pytest.raises(Refused):
            self.grant(house, at, until_on=dt.date(2021, 8, 1))
        with pytest.raises(PermissionDenied):
            self.grant(house, at, actor=house.officer)

    def test_the_page_says_what_is_wrong(self, house, login):
        data = {"principal": house.chief.pk, "deputy": house.vice_president.pk, "act": "APPROVE_PAYOUT"}
        first, last = clock.today() + dt.timedelta(9), clock.today() + dt.timedelta(19)
        data |= {"from_on": first, "until_on": first - dt.timedelta(1), "document": "授权书1号"}
        client = login(house.president)
        page = reverse("bureau:deputies")
        assert client.post(page, data).status_code == 422
        past = client.post(page, data | {"from_on": "2021-09-01", "until_on": last})
        assert "不能追溯" in past.content.decode()
        assert client.post(page, data | {"until_on": last}).status_code == 302
        again = client.post(page, data | {"from_on": last, "until_on": last})
        assert again.status_code == 422
        assert "重叠" in again.content.decode()


class TestCalendar:
    DAY = {"on": "2021-08-23", "kind": "PUBLIC", "name": "停工日", "source": "通知"}

    def test_a_day_is_said_said_again_and_taken_back_at_once_everywhere(self, house, login):
        client = login(house.system_admin)
        client.post(reverse("bureau:calendar"), self.DAY)
        client.post(reverse("bureau:calendar"), self.DAY | {"name": "停水日"})
        holiday = Holiday.objects.get()
        assert holiday.name == "停水日"
        question = {"from": "2021-08-16", "count": "7", "unit": "day"}
        due = reverse("calculator", args=["due-day"])
        reader = login(house.window_clerk)
        assert "<dd><strong>2021-08-24</strong></dd>" in reader.post(due, question).content.decode()
        client.post(reverse("bureau:holiday_remove", args=[holiday.pk]))
        assert "<dd><strong>2021-08-23</strong></dd>" in reader.post(due, question).content.decode()
        verbs = Event.objects.filter(room="bureau").order_by("seq").values_list("verb", flat=True)
        assert list(verbs) == ["set_holiday", "set_holiday", "remove_holiday"]

    def test_a_judge_says_nothing_about_days(self, house, at):
        day = {"on": dt.date(2021, 8, 23), "kind": "PUBLIC", "name": "停工日", "source": "通知"}
        with pytest.raises(PermissionDenied):
            services.set_holiday(**day, at=at(2021, 8, 1), actor=house.judge)


def test_the_api_says_who_asks(house, login):
    answer = login(house.judge).get(reverse("bureau_api:me")).json()
    assert answer["roles"] == ["JUDGE"]
    assert answer["scopes"] == ["JUDGE"]
    assert answer["team"] == "FAST"
    assert "accounts.check_payout" in answer["permissions"]
