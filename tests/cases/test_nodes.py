"""The node table as a whole, its citations by the day of the act, and the alert days of every live rule."""

import datetime as dt

import pytest

from accounts.terms import term
from bureau.calendar import WorkCalendar
from cases import law, nodes, nodetable, sentences
from cases.nodes import Level
from cases.nodes.node import CLOSING, found_online

DAY = dt.date.fromisoformat
ONE = dt.timedelta(days=1)
DUE = DAY("2021-11-10")


class TestPage:
    """The whole table for every reader, what is declared only marked as such."""

    def test_every_row_stands_there_and_what_nothing_triggers_is_marked(self):
        found = {line.node.number: line for line in nodetable.lines(on=DAY("2021-09-01"))}
        assert {str(number) for number in range(1, 75)} <= set(found)
        assert {found[str(number)].state for number in range(19, 36)} == {"DECLARED"}
        assert (found["41"].state, found["37"].state, found["15"].state) == ("LIVE", "ELSEWHERE", "COVERED")
        assert found["4"].begins

    @pytest.mark.django_db
    def test_it_cites_the_law_of_the_day_and_programs_read_the_same(self, house, login):
        client = login(house.bailiff)
        page = client.get("/cases/deadlines/nodes/?on=2021-09-01").content.decode()
        later = client.get("/cases/deadlines/nodes/?on=2024-09-01").content.decode()
        assert ("2017年修正" in page, "2017年修正" in later, "2023年修正" in later) == (True, False, True)
        assert "仅列明" in page
        declared = client.get("/cases/deadlines/nodes/?state=DECLARED").content.decode()
        assert ('id="node-PRICE_START"' in declared, 'id="node-TRIAGE"' in declared) == (
            True,
            False,
        )
        rows = client.get("/api/v1/cases/nodes/?on=2021-09-01").json()
        assert {"number": "4", "state": "LIVE"}.items() <= next(row for row in rows if row["number"] == "4").items()
        assert client.get("/api/v1/cases/nodes/?on=x").status_code in (400, 422)


class TestTable:
    def test_it_holds_every_row_of_the_handbook_once_and_the_bureaus_own(self):
        numbers = [node.number for node in nodes.NODES]
        assert sorted(int(number) for number in numbers if number.isdigit()) == list(range(1, 75))
        assert [number for number in numbers if not number.isdigit()] == [
            "§3.4",
            "§6.2",
            "§6.2",
            "§13.5",
            "§4.3",
            "§6.3",
            "§6.4",
            "§7.2",
        ]
        assert len(nodes.BY_CODE) == len(nodes.NODES)

    def test_what_the_product_records_is_live(self):
        live = {node.number for node in nodes.LIVE}
        sanctions = {"51", "52", "53", "54", "55", "64", "65", "69"}
        related = {"45", "46", "47", "48"}
        served = {"12", "49", "50"}
        stays = {"61", "62"}
        start = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "§3.4", "§6.2", "§13.5", "§4.3", "§6.3", "§6.4"}
        assert live == start | served | stays | sanctions | related | {
            "18",
            "§7.2",
            "38",
            "39",
            "40",
            "41",
            "42",
            "43",
            "44",
            "56",
            "57",
            "58",
            "60",
            "71",
            "73",
        }

    def test_one_running_deadline_says_the_maxima_and_the_renewals(self):
        covered = {node.number: node.covered_by for node in nodes.NODES if node.covered_by}
        assert covered == dict.fromkeys(("15", "16", "17", "74"), "RENEWAL")
        assert not [code for code in covered.values() if not nodes.BY_CODE[code].is_live]
        assert not [node.code for node in nodes.NODES if node.covered_by and node.is_live]

    def test_the_money_clock_stands_in_the_table_and_is_computed_elsewhere(self):
        payout = nodes.BY_CODE["PAYOUT"]
        assert (payout.number, payout.is_elsewhere, payout.is_live) == ("37", True, False)
        unclaimed = nodes.BY_CODE["UNIDENTIFIED"]
        assert (unclaimed.count, unclaimed.unit) == (term("IDENTIFY", on=DUE).count, term("IDENTIFY", on=DUE).unit)
        assert unclaimed.is_elsewhere

    @pytest.mark.parametrize("node", nodes.LIVE, ids=lambda node: node.code)
    def test_a_live_rule_names_events_that_happen(self, node):
        known = set(sentences.SENTENCES) | {CLOSING}
        ending = {*node.fulfilled_by, *node.renewed_by, *node.cancelled_by, *node.reopened_by}
        assert {*node.triggers, *ending} <= known

    @pytest.mark.parametrize("node", nodes.NODES, ids=lambda node: node.code)
    def test_every_rule_has_its_basis_owner_and_words(self, node):
        assert node.label
        assert node.owner in nodes.OWNER_LABELS
        assert node.basis
        assert node.limit
        assert len(law.cite(node.basis, on=DUE)) <= 400
        assert all(code in nodes.BY_CODE for code in node.follows)
        assert node.orange <= node.yellow


class TestLaw:
    @pytest.mark.parametrize(
        ("on", "cited"),
        [
            ("2021-12-31", "《民事诉讼法》（2017年修正）第226条"),
            ("2022-01-01", "《民事诉讼法》（2021年修正）第233条"),
            ("2023-12-31", "《民事诉讼法》（2021年修正）第233条"),
            ("2024-01-01", "《民事诉讼法》（2023年修正）第237条"),
        ],
    )
    def test_the_day_of_the_act_decides_the_number(self, on, cited):
        assert law.CPL["UPPER_COURT"].on(DAY(on)) == cited

    def test_the_enforcement_part_moved_by_seven_and_by_four(self):
        first_of_part = list(law.CPL).index("JURISDICTION")
        for provision in list(law.CPL.values())[first_of_part:]:
            older, middle, newer = map(int, provision.articles)
            assert (middle - older, newer - middle) == (7, 4)

    def test_the_interpretation_is_two_higher_before_its_amendment(self):
        provision = law.cpli(480)
        assert provision.on(DAY("2021-09-01")).endswith("第482条")
        assert provision.on(DAY("2022-04-10")).endswith("（2022年修正）第480条")

    def test_every_provision_names_a_known_source(self):
        assert {provision.source for node in nodes.NODES for provision in node.basis} <= set(law.SOURCES)


class TestAlertDays:
    @pytest.mark.parametrize("node", nodes.LIVE, ids=lambda node: node.code)
    def test_the_level_of_each_day_is_that_of_the_table(self, node):
        for left in range(-3, 100):
            level = nodes.level_on(node, DUE, DUE - left * ONE)
            if left <= 0:
                expected = node.worst
            elif node.alerts:
                expected = next((name for days, name in reversed(node.alerts) if left <= days), "NONE")
            elif node.worst == "RED" and node.orange and left <= node.orange:
                expected = "ORANGE"
            else:
                expected = "YELLOW" if left <= node.yellow else "NONE"
            assert level == expected

    @pytest.mark.parametrize("node", nodes.LIVE, ids=lambda node: node.code)
    def test_going_from_alert_day_to_alert_day_says_every_level_once(self, node):
        said, level, today = [], Level.NONE, nodes.next_alert_on(node, DUE, Level.NONE)
        while today is not None and today <= DUE:
            level = nodes.level_on(node, DUE, today)
            said.append(level)
            today = nodes.next_alert_on(node, DUE, level)
        expected = ["YELLOW", *(["ORANGE"] if node.orange else []), "RED"] if node.worst == "RED" else ["YELLOW"]
        assert said == expected
        assert today == (None if node.is_duty else DUE + ONE)

    @pytest.mark.parametrize("node", [node for node in nodes.LIVE if node.alerts], ids=lambda node: node.code)
    def test_named_alert_days_are_all_said_in_their_order(self, node):
        days, levels = zip(*node.alerts, strict=True)
        assert list(days) == sorted(set(days), reverse=True)
        order = [list(Level).index(Level(level)) for level in levels]
        assert order == sorted(order)
        said, today = [], nodes.next_alert_on(node, DUE, Level.NONE)
        while today is not None:
            assert nodes.is_alert_day(node, DUE, today)
            said.append((DUE - today).days)
            today = nodes.next_alert_on(node, DUE, nodes.level_on(node, DUE, today), said_on=today)
        assert said == list(days)

    def test_a_stated_day_is_the_truth(self):
        due = nodes.stated(nodes.BY_CODE["RENEWAL"], DAY("2021-01-01"), DAY("2024-01-01"))
        assert (due.due_on, due.is_provisional) == (DAY("2024-01-01"), False)


class TestEdges:
    @pytest.mark.parametrize(
        ("code", "start", "due"),
        [
            ("TRIAGE", "2021-08-16", "2021-08-23"),
            ("TRIAGE", "2021-09-11", "2021-09-18"),  # a make-up Saturday is a working day
            ("NOTICE", "2021-09-08", "2021-09-18"),
            ("TRIAGE", "2021-09-24", "2021-10-08"),  # the holiday and past it
            ("HANDOVER_ANSWER", "2021-09-30", "2021-10-09"),  # 10-08 and the make-up Saturday
            ("HANDOVER_ANSWER", "2021-09-17", "2021-09-22"),  # over Mid-Autumn, with a make-up Saturday
            ("CLOSING_LIMIT", "2021-08-31", "2022-02-28"),  # month end
            ("CLOSING_LIMIT", "2023-08-31", "2024-02-29"),  # leap day
            ("CLOSING_LIMIT_ADMINISTRATIVE", "2021-10-01", "2022-01-04"),  # year end
            ("NO_PROPERTY_EARLIEST", "2021-10-01", "2022-01-01"),  # not moved: no period to keep
            ("FAST_TARGET", "2021-09-09", "2021-10-09"),
        ],
    )
    def test_days_that_move_and_days_that_do_not(self, code, start, due):
        assert nodes.counted(nodes.BY_CODE[code], DAY(start), days=WorkCalendar()).due_on == DAY(due)

    def test_the_bureaus_own_row_in_the_calendar_counts(self):
        node = nodes.BY_CODE["TRIAGE"]
        closed = WorkCalendar({DAY("2021-08-23"): "PUBLIC"})
        assert nodes.counted(node, DAY("2021-08-16"), days=closed).due_on == DAY("2021-08-24")
        assert nodes.counted(node, DAY("2021-08-16"), days=WorkCalendar()).due_on == DAY("2021-08-23")

    @pytest.mark.parametrize(
        ("today", "first", "last"),
        [
            ("2021-09-27", None, None),
            ("2021-09-28", "2021-10-01", "2021-10-07"),  # the third working day before
            ("2021-09-30", "2021-10-01", "2021-10-07"),
            ("2021-10-04", "2021-10-01", "2021-10-07"),
            ("2021-10-08", None, None),
            ("2021-12-28", None, None),
            ("2021-12-29", "2022-01-01", "2022-01-03"),
            ("2021-09-15", None, None),
            ("2021-09-16", "2021-09-19", "2021-09-21"),  # Saturday 09-18 is worked: 16, 17 and 18 come before
        ],
    )
    def test_a_holiday_is_near_from_three_working_days_before_it(self, today, first, last):
        block = WorkCalendar().holiday_near(DAY(today), workdays=3)
        found = (block.first_on, block.last_on) if block else None
        assert found == ((DAY(first), DAY(last)) if first else None)


@pytest.mark.parametrize(("details", "opens"), [({}, False), ({"online_count": 0}, False), ({"online_count": 2}, True)])
def test_a_query_that_found_nothing_to_freeze_owes_no_freezing(details, opens):
    assert found_online(None, details) is opens
