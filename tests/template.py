"""The migrated database of which every test database is a copy: made once per state of the migrations.

`python -m tests.template` makes it beforehand, beside the checks; otherwise the first test that needs it does.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import django
import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "wuhai_exec_migrated_"
HALF = f"{PREFIX}half"
KEPT = 5


def name() -> str:
    """Return what the copy of these migrations is called; Django brings some of its own."""
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def ready() -> str:
    """Return the name of the database to copy, which is there afterwards; whoever comes second waits for the first."""
    from tests import processes

    wanted, given = name(), conninfo_to_dict(processes.test_database_address())
    with psycopg.connect(make_conninfo("", **{**given, "dbname": "postgres"}), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
        found = server.execute("SELECT datname FROM pg_database WHERE datname ^@ %s ORDER BY oid DESC", [PREFIX])
        there = [row[0] for row in found if row[0] != HALF]
        if wanted in there:
            return wanted
        # Several checkouts may share a server; the newest few stay.
        for old in [HALF, *there[KEPT:]]:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(HALF)))
        # A process of its own: thousands of old models stay out of the one that tests.
        environment = {**os.environ, "DATABASE_URL": make_conninfo("", **{**given, "dbname": HALF})}
        subprocess.run([sys.executable, "-m", "tests.template", HALF], cwd=ROOT, env=environment, check=True)
        # Only a whole one bears the name.
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(HALF), sql.Identifier(wanted)))
    return wanted


def _migrate() -> None:
    from django.apps import apps
    from django.core.management import call_command
    from django.db.models.signals import post_migrate

    from wuhai_exec.apps import _prepare

    # Roles, rights and reference rows follow the code, not the migrations: they come with each copy.
    assert post_migrate.disconnect(_prepare, sender=apps.get_app_config("portal"))
    call_command("migrate", interactive=False, verbosity=0)
    connection.close()


if __name__ == "__main__":
    if not sys.argv[1:]:
        servers.prepare()
    django.setup()
    _migrate() if sys.argv[1:] else ready()
