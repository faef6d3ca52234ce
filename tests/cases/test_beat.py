"""Every alarm as it happens in service: real worker and beat on the eve and on the day, one deadline per rule."""

import datetime as dt

import pytest

from bureau.models import Event
from cases import nodes
from cases.models import Deadline
from tests import factories, processes
from tests.factories import moment

DUE_ON = dt.date(2021, 11, 10)


def _book() -> dict[str, Deadline]:
    """One running deadline of every live rule, all ending on one Wednesday, on cases of their own."""
    house = factories.House.build()
    book = {}
    for node in nodes.LIVE:
        case = factories.file_case(house, payee=False, at=moment(2021, 10, 8)).case
        case.deadlines.all().delete()
        book[node.code] = Deadline.objects.create(
            case=case,
            node=node.code,
            node_version=node.version,
            basis="测试",
            event=Event.objects.of_chain(f"case:{case.pk}").first(),
            started_on=dt.date(2021, 10, 8),
            due_on=DUE_ON,
            next_alert_on=nodes.next_alert_on(node, DUE_ON, nodes.Level.NONE),
        )
    return book


def _levels(codes):
    return dict(Deadline.objects.filter(node__in=codes).values_list("node", "level"))


@pytest.mark.timeout(240)
@pytest.mark.django_db(transaction=True)
def test_every_live_rule_is_warned_of_on_the_eve_and_red_on_the_day(tmp_path):
    book = _book()
    on = {
        "eve": {node.code: str(nodes.level_on(node, DUE_ON, dt.date(2021, 11, 9))) for node in nodes.LIVE},
        "day": {node.code: node.worst for node in nodes.LIVE},
    }
    assert "NONE" not in on["eve"].values()
    # Only what names its own alert days may be red before its last one.
    assert not [node.code for node in nodes.LIVE if on["eve"][node.code] == "RED" and not node.alerts]
    # Late in the evening of the eve nothing is red yet; a minute past midnight it is.
    for name, now in (("eve", moment(2021, 11, 9, 20)), ("day", moment(2021, 11, 10, 0, 1))):
        with processes.worker_and_beat(now=now, folder=tmp_path / name):
            processes.wait_until(lambda levels=on[name]: _levels(book) == levels, seconds=60, folder=tmp_path / name)
    for code, deadline in book.items():
        said = Event.objects.filter(chain=f"case:{deadline.case_id}", verb="deadline_alert").count()
        assert said == len({on["eve"][code], on["day"][code]}), code
