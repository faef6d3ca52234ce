"""Long jobs: asked, taken by one worker, seen while they run, and never lost."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse

from bureau import services, tasks
from bureau.errors import Refused
from bureau.models import Event, Job, User
from tests import factories
from tests.at_once import race


def fail(job, progress):
    progress(1, 2)
    raise RuntimeError("张安然 11010519491231002X")


def refuse(job, progress):
    raise Refused("没有可办的事项")


@pytest.fixture(autouse=True)
def kinds(settings):
    settings.JOB_KINDS = {
        "verify_events": "bureau.chains.verify",
        "fail": f"{__name__}.fail",
        "refuse": f"{__name__}.refuse",
    }


def test_an_unknown_kind_is_not_queued(house, at):
    with pytest.raises(LookupError):
        services.ask_job("dig", at=at(2021, 9, 1), actor=house.inspector)
    assert not Job.objects.exists()


def test_the_record_is_verified_from_the_page(house, login):
    case = factories.file_case(house).case
    client = login(house.inspector)
    page = client.post(reverse("supervision:verify")).url
    assert "every 2s" in client.get(page).content.decode()
    assert tasks.run_jobs() == 1
    job = Job.objects.get()
    assert (job.state, job.result) == ("DONE", {"broken": [], "broken_count": 0})
    assert job.done_count == job.total_count > 0
    assert "every 2s" not in client.get(page).content.decode()
    assert client.get(reverse("bureau_api:job", args=[job.pk])).json()["state"] == "DONE"
    assert list(Event.objects.filter(subject=f"job:{job.pk}").order_by("seq").values_list("verb", flat=True)) == [
        "ask_job",
        "finish_job",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        # One in the middle, to which no deadline refers.
        cursor.execute("DELETE FROM bureau_event WHERE chain = %s AND verb = 'open_escrow'", [f"case:{case.pk}"])
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = DEFAULT")
    page = client.post(reverse("supervision:verify")).url
    tasks.run_jobs()
    assert f"case:{case.pk}#" in client.get(page).content.decode()


def test_a_chain_without_its_head_is_broken(house):
    case = factories.file_case(house).case
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM bureau_chain WHERE name = %s", [f"case:{case.pk}"])
    assert any(place.startswith(f"case:{case.pk}#") for place in tasks.broken_events())


def test_anothers_job_does_not_exist(house, login, at):
    job = services.ask_job("verify_events", at=at(2021, 9, 1), actor=house.inspector)
    assert login(house.chief).get(reverse("bureau:job", args=[job.pk])).status_code == 404
    assert login(house.chief).get(reverse("bureau_api:job", args=[job.pk])).status_code == 404


def test_a_failure_is_kept_without_its_words_and_does_not_stop_the_next(house, login, at, caplog):
    failing = services.ask_job("fail", at=at(2021, 9, 1), actor=house.inspector)
    refused = services.ask_job("refuse", at=at(2021, 9, 1), actor=house.inspector)
    services.ask_job("verify_events", at=at(2021, 9, 1), actor=house.inspector)
    assert tasks.run_jobs() == 3
    failing.refresh_from_db()
    assert (failing.state, failing.error, failing.done_count) == ("FAILED", "RuntimeError", 1)
    assert "11010519491231002X" not in caplog.text
    page = login(house.inspector).get(reverse("bureau:job", args=[refused.pk])).content.decode()
    assert "没有可办的事项" in page
    assert Job.objects.filter(state="DONE").count() == 1


def test_a_job_of_a_lost_worker_is_taken_again_after_an_hour(house, at):
    services.ask_job("verify_events", at=at(2021, 9, 1), actor=house.inspector)
    start = at(2021, 9, 1, 11)
    assert services.claim_job(at=start)
    assert services.claim_job(at=start + dt.timedelta(minutes=59)) is None
    assert services.claim_job(at=start + dt.timedelta(minutes=61))


def test_a_finished_job_is_not_finished_twice(house, at):
    services.ask_job("verify_events", at=at(2021, 9, 1), actor=house.inspector)
    job = services.claim_job(at=at(2021, 9, 1))
    services.finish_job(job, result={}, at=at(2021, 9, 1), actor=User.objects.system())
    with pytest.raises(Refused):
        services.finish_job(job, error="x", at=at(2021, 9, 1), actor=User.objects.system())


@pytest.mark.django_db(transaction=True)
def test_eight_workers_take_four_jobs_once_each():
    user = User.objects.system()
    at = factories.moment(2021, 9, 1)
    asked = {services.ask_job("verify_events", at=at, actor=user).pk for _turn in range(4)}
    taken = [job.pk for job in race([lambda: services.claim_job(at=at)] * 8) if job]
    assert len(taken) == len(set(taken))
    assert set(taken) <= asked
    while job := services.claim_job(at=at):
        taken.append(job.pk)
    assert sorted(taken) == sorted(asked)
