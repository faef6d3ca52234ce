"""Pages of the organisation: numbering, and what a browser may keep."""

from bureau.models import Court, Event
from tests import factories, kept


def test_the_numbering_mode_is_set_for_filings_from_now_on(house, login):
    earlier = factories.file_case(house).case
    client = login(house.system_admin)
    court = house.courts["内0302"]
    assert client.post("/courts/", {"court": court.pk, "number_mode": "x"}).status_code == 422
    assert client.post("/courts/", {"court": court.pk, "number_mode": "ENTERED"}).status_code == 302
    assert Court.objects.get(pk=court.pk).number_mode == "ENTERED"
    assert Event.objects.get(verb="set_number_mode").actor == house.system_admin
    later = factories.file_case(house).case
    assert earlier.number
    assert later.number is None
    assert later.provisional_number


def test_no_page_of_a_person_stays_in_the_browser(house, login, client):
    assert login(house.judge).get("/")["Cache-Control"] == "no-store, private"
    assert "no-store" not in client.get("/healthz").headers.get("Cache-Control", "")


def test_who_decides_lands_on_the_stages(house, login):
    case = kept.running_case(house)
    page = login(case.judge).get("/").content.decode()
    assert "各阶段件数与案龄" in page
    assert "stage=FAST" in page
    assert "各阶段件数与案龄" not in login(house.officer).get("/").content.decode()
