"""The public list of draws: by number, with both moments; the same file as inside; nothing is written through it."""

import json
import subprocess
import sys

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dispatch import publishing
from dispatch.models import Draw, SeedChain
from tests import factories, processes
from tests.dispatch.test_assigning import assign, ready
from tests.portal.browsers import PUBLIC


@pytest.fixture(autouse=True)
def _drawn(settings):
    settings.ASSIGNMENT_MODE = "DRAW"


@pytest.fixture
def public():
    with PUBLIC:
        yield Client()


def test_anybody_reads_the_list_and_runs_a_draw_again(house, public, tmp_path):
    row = assign(house, ready(house))
    draw = Draw.objects.select_related("chain").get(pk=row.draw_id)
    page = public.get(reverse("portal:draws")).content.decode()
    for word in (draw.chain.tip, draw.commitment, draw.seed, row.case.display_number, f"{row.judge.pk} 号"):
        assert word in page
    assert page.index(draw.commitment) < page.index("承诺时间") < page.index(draw.seed) < page.index("启用时间")
    for name in (row.judge.name, row.starter.name, house.judge2.name):
        assert name not in page
    content = public.get(reverse("portal:draw_file", args=[draw.pk])).content
    assert json.loads(content) == json.loads(json.dumps(publishing.published(draw, with_names=False)))
    data, script = tmp_path / "draw.json", tmp_path / "redraw.py"
    data.write_bytes(content)
    script.write_bytes(b"".join(public.get(reverse("portal:redraw_script")).streaming_content))
    command = [sys.executable, "-I", "-S", str(script), str(data), "--tip", SeedChain.objects.get().tip]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "everything agrees")


def test_its_queries_do_not_grow_and_it_is_paged(house, public, django_assert_num_queries):
    for number in range(3):
        assign(house, ready(house, number))
    with django_assert_num_queries(4):
        assert public.get(reverse("portal:draws")).status_code == 200
    assert public.get(reverse("portal:draws"), {"page": "x"}).status_code == 200
    assert public.get(reverse("portal:draw_file", args=[10**12])).status_code == 404


@pytest.mark.django_db
def test_nothing_is_written_through_the_views():
    for name in ("portal_publicchain", "portal_publicdraw", "portal_publicplacing"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT is_insertable_into FROM information_schema.tables WHERE table_name = %s", [name])
            assert cursor.fetchone() == ("NO",)


@pytest.mark.django_db(transaction=True)
def test_the_public_role_reads_the_views_and_not_what_lies_behind():
    factories.House.build()
    with psycopg.connect(processes.portal_database_address(), autocommit=True) as own:
        assert own.execute("SELECT count(*) FROM portal_publicchain").fetchone() == (1,)
        assert own.execute("SELECT count(*) FROM portal_publicdraw").fetchone() == (0,)
        for table in ("dispatch_draw", "dispatch_seedchain", "dispatch_assignment"):
            with pytest.raises(psycopg.Error, match="permission denied"):
                own.execute(f"SELECT * FROM {table}")
