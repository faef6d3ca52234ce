"""The book of 2021 through the command that users run: its figures, that a second load changes nothing, its refusal."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests import processes, template
from wuhai_exec.demo import issuing, plan

pytestmark = [pytest.mark.timeout(3000), pytest.mark.django_db]
OLD_BOOK = 15
FIGURES = {"accepted", "closed", "close_rate", "triage_days_median", "receipts", "payouts", "overdue_unpaid"}


@pytest.fixture(scope="module")
def own_database(django_db_setup, tmp_path_factory):
    """Yield the address of a database without a row beside the tests' own, and drop it afterwards."""
    given = conninfo_to_dict(processes.test_database_address())
    name = f"demo_{given['dbname']}"
    with psycopg.connect(make_conninfo("", **{**given, "dbname": "postgres"}), autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        migrated = sql.Identifier(template.ready())
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), migrated))
        yield make_conninfo("", **{**given, "dbname": name})
        server.execute(drop)
        for suffix in ("app", "portal"):
            server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_{suffix}")))


def load(address, folder):
    """Run `demo --load-only` on that database; return the exit status and the last line printed, or why it failed."""
    folder.mkdir(parents=True, exist_ok=True)
    places = {"DATABASE_URL": address, "VAR_DIR": str(folder), "MEDIA_ROOT": str(folder / "media"), "DEMO": "1"}
    command = [sys.executable, "manage.py", "demo", "--load-only"]
    environment = {**os.environ, **places}
    done = subprocess.run(
        command, check=False, cwd=processes.ROOT, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        return done.returncode, done.stderr[-4000:]
    lines = done.stdout.strip().splitlines()
    return 0, lines[-1] if lines else ""


def test_the_book_has_the_seeds_figures_and_loads_once(own_database, tmp_path):
    status, last = load(own_database, tmp_path)
    assert status == 0, last
    figures = json.loads(last)
    assert set(figures) >= FIGURES | {"by_court"}
    assert (figures["accepted"], figures["closed"], figures["close_rate"]) == (787, 729, "92.63")
    # No input: it comes out of the order of arrival and the stated capacity (decision 0028).
    assert figures["triage_days_median"] == figures["triage_days"]["median"] == 7
    assert figures["triage_capacity"] == 9
    courts = figures["by_court"].values()
    assert (sum(row["accepted"] for row in courts), sum(row["closed"] for row in courts)) == (787, 729)
    assert set(figures["by_court"]) == {"内03", "内0302", "内0303", "内0304"}
    assert len(figures["by_window"]) == 5
    assert figures["overdue_unpaid"] > 0
    with psycopg.connect(own_database) as connection:
        _hold_the_figures_against_raw_rows(connection, figures)
        _hold_something_on_every_page_of_team_work(connection)
        count = connection.execute("SELECT count(*) FROM bureau_event").fetchone()
    again = load(own_database, tmp_path)
    assert (again[0], json.loads(again[1])) == (0, figures)
    with psycopg.connect(own_database, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM bureau_event").fetchone() == count
        connection.execute("UPDATE bureau_user SET is_demo = false WHERE username = 'chief'")
    status, last = load(own_database, tmp_path)
    assert status != 0
    assert "不是演示数据" in last


def _hold_something_on_every_page_of_team_work(connection):
    tables = ("cases_workorder", "cases_correction", "cases_hold", "cases_relatedcase", "dispatch_takeover")
    tables += ("intake_buildingmap", "intake_room")
    found = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    assert all(found.values()), found
    states = connection.execute("SELECT DISTINCT kind, state FROM cases_workorder").fetchall()
    assert {("ONSITE", "REQUESTED"), ("ONSITE", "DONE")} <= set(states)


def _hold_the_figures_against_raw_rows(connection, figures):
    def one(statement):
        return connection.execute(statement).fetchone()[0]

    ours = "(SELECT id FROM cases_case WHERE executing_unit = 'BUREAU')"
    filed = "SELECT count(*) FROM cases_case WHERE executing_unit = 'BUREAU' AND filed_on <= '2021-12-27'"
    assert one(filed) == figures["accepted"]
    assert one("SELECT count(*) FROM cases_case WHERE stage IN ('CLOSED', 'ARCHIVED')") == figures["closed"]
    assert one(f"SELECT count(*) FROM accounts_receipt WHERE case_id IN {ours}") == figures["receipts"]
    assert one("SELECT count(*) FROM accounts_payout WHERE state = 'PAID'") == figures["payouts"]
    assert one("SELECT count(*) FROM cases_case WHERE NOT is_demo") == 0
    # Nothing was written past the services: every case has its account, its code and its record.
    every = figures["accepted"] + OLD_BOOK
    assert one("SELECT count(*) FROM accounts_account WHERE kind = 'ESCROW'") == every
    assert one("SELECT count(*) FROM bureau_chain WHERE name LIKE 'case:%'") == every
    late = (
        "SELECT count(*) FROM accounts_receipt r WHERE due_on < '2021-12-27' AND amount >"
        " (SELECT coalesce(sum(p.amount), 0) FROM accounts_payoutpart p JOIN accounts_payout o ON o.id = p.payout_id"
        " WHERE p.receipt_id = r.id AND o.state = 'PAID') AND NOT EXISTS (SELECT FROM accounts_delay d"
        " WHERE d.receipt_id = r.id AND d.state = 'APPROVED' AND '2021-12-27' BETWEEN d.from_on AND d.until_on)"
    )
    assert one(f"{late} AND r.case_id IN {ours}") == figures["overdue_unpaid"]
    _hold_the_old_books(one, late)
    _hold_the_bank(one)
    _hold_the_command_centre(one)
    _hold_the_papers(one)


def _hold_the_old_books(one, late):
    """Each court has five cases of its own with controls that end soon and money, some of it late."""
    old = "cases_case c WHERE c.executing_unit = 'COURT'"
    assert one(f"SELECT count(*) FROM {old} AND c.taken_in_on = '2021-12-24' AND c.judge_id IS NOT NULL") == OLD_BOOK
    assert one(f"SELECT count(DISTINCT c.number_court_id) FROM {old}") == 3
    assert one(f"SELECT count(*) FROM assets_control x, {old} AND x.case_id = c.id AND x.state = 'LIVE'") == 9
    ending = "x.to_on BETWEEN '2021-12-27' AND '2022-03-27'"
    assert one(f"SELECT count(*) FROM assets_control x, {old} AND x.case_id = c.id AND {ending}") == 6
    assert one(f"{late} AND r.case_id IN (SELECT c.id FROM {old})") == 3
    carried = "SELECT coalesce(sum(amount), 0) FROM accounts_transfer WHERE purpose = 'CARRY'"
    assert one(carried) == one(f"SELECT sum(a.balance) FROM accounts_account a, {old} AND a.case_id = c.id") > 0
    assert one("SELECT count(*) FROM accounts_daydifference WHERE kind = 'CARRIED' AND ended_at IS NULL") == 1


def _hold_the_bank(one):
    """A day came as camt.053 with balances that agree, payments went by a pain.001 that a pain.002 answered."""
    agreed = (
        "SELECT count(*) FROM accounts_daysheet WHERE bank_balance_id IS NOT NULL AND bank_closing = ledger_closing"
    )
    assert one(agreed) == 1
    assert one("SELECT count(*) FROM accounts_statusreport WHERE paid_count = 1") == 1
    typed = "SELECT count(*) FROM accounts_bankline WHERE statement_id IS NULL AND checked_by_id = entered_by_id"
    assert one(typed) == 0


def _hold_the_command_centre(one):
    """Every verdict stands on the table and its facts, every assignment on a draw from the published chain.

    Every query is in the name of the judge on duty that day, and no working day of the book was without one.
    """
    assert one("SELECT count(*) FROM dispatch_verdict") > 700
    assert one("SELECT count(*) FROM dispatch_verdict WHERE table_id IS NULL OR facts = '{}' OR edition <> 1") == 0
    assert one("SELECT count(*) FROM dispatch_assignment") > 700
    on_duty = "SELECT 1 FROM dispatch_dutyturn d WHERE d.ended_at IS NULL AND d.judge_id = q.judge_id"
    day = "(q.launched_at AT TIME ZONE 'Asia/Shanghai')::date"
    early = "q.case_id IN (SELECT id FROM cases_case c WHERE c.filed_on = " + day + ")"
    asked = "SELECT count(*) FROM cases_networkquery q WHERE " + early
    assert one(asked) > 700
    assert one(f"{asked} AND NOT EXISTS ({on_duty} AND d.on = {day})") == 0
    assert one("SELECT count(*) FROM dispatch_assignment WHERE draw_id IS NULL OR way = 'LEAST'") == 0
    drawn = one("SELECT count(*) FROM dispatch_draw WHERE mode = 'DRAW' AND seed <> ''")
    assert drawn == one("SELECT count(*) FROM dispatch_draw") == one("SELECT max(number) FROM dispatch_draw")


def _hold_the_papers(one):
    """A sample of cases has its papers: issued, served with proof, some after a failed way, a few sealed."""
    # Besides the sample, one distribution plan has its paper.
    plans = "(SELECT id FROM documents_template WHERE code = 'DISTRIBUTION')"
    sampled = f"SELECT count(DISTINCT case_id) FROM documents_document WHERE template_id NOT IN {plans}"
    assert one(sampled) == issuing.OPEN_MAX + issuing.ARCHIVED_MAX
    assert one(f"SELECT count(*) FROM documents_document WHERE template_id IN {plans}") == 1
    assert one("SELECT count(*) FROM accounts_distribution WHERE state IN ('PROPOSED', 'SERVED')") == 2
    assert one("SELECT count(*) FROM accounts_planobjection") == 1
    codes = "SELECT count(DISTINCT t.code) FROM documents_document d JOIN documents_template t ON t.id = d.template_id"
    assert one(codes) >= 4
    assert one("SELECT count(*) FROM documents_delivery WHERE state = 'DELIVERED' AND proof_id IS NOT NULL") > 100
    assert one("SELECT count(*) FROM documents_attempt") > 10
    assert one("SELECT count(*) FROM documents_delivery WHERE way = 'ELECTRONIC'") > 50
    papers = "SELECT count(*) FROM documents_document d JOIN cases_case c ON c.id = d.case_id"
    printed = one("SELECT count(*) FROM documents_sealuse")
    assert one(f"{papers} WHERE stage = 'ARCHIVED'") == printed
    assert printed == one("SELECT count(*) FROM documents_document WHERE pdf_sha256 <> ''") > 0


def test_one_seed_is_one_book():
    first, second, other = plan.plan(count=40), plan.plan(count=40), plan.plan(7, count=40)
    assert first == second
    assert first != other
    assert sum(case.is_closed for case in first) == 37
