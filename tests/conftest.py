"""What every test may ask for: the organisation, one member of staff per role, and logged-in clients."""

import datetime as dt
import gc
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, settings

from bureau.models import User
from tests import factories, flush, kept, once, template

flush.install()
# How fast examples are made says how busy the machine is, nothing of the product.
settings.register_profile("suite", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
SHANGHAI = ZoneInfo("Asia/Shanghai")
# Minutes long each, longest first: the demo for one worker of two, the others for the other.
LONGEST = "tests/demo/test_book.py"
LONG = ("tests/cases/test_plans.py", "tests/test_query_counts.py", "tests/e2e/test_walk.py", "tests/e2e/test_story.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long ones begin: at the end one worker would sit on them while the other has nothing left to do.

    pytest-xdist deals each of two workers an eighth of all tests first, so the second one's begins there.
    """
    first = [item for item in items if item.nodeid.startswith(LONGEST)]
    second = [item for name in LONG for item in items if item.nodeid.startswith(name)]
    rest = [item for item in items if not item.nodeid.startswith((LONGEST, *LONG))]
    head = max(0, len(items) // 8 - len(first))
    items[:] = [*first, *rest[:head], *second, *rest[head:]]


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for garbage, and search less often: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item):
    """After a test's own fixtures are gone, what stands for its module is whole again."""
    yield
    once.mend(item.nodeid)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_blocker, django_db_createdb, django_db_keepdb
):
    """Have the test database made as a copy of a migrated one; where one is kept, nothing is made."""
    creation, may_keep = connection.creation, django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock(), creation._nodb_cursor() as cursor:
        if not (may_keep and creation._database_exists(cursor, creation._get_test_db_name())):
            connection.settings_dict["TEST"]["TEMPLATE"] = template.ready()


@pytest.fixture(scope="session")
def media_folder(tmp_path_factory):
    """One media folder per run: content lies under its hash, so tests cannot disturb each other."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _no_real_media(settings, media_folder):
    """No test writes to the real folder."""
    settings.MEDIA_ROOT = media_folder


@pytest.fixture(autouse=True)
def _least_loaded(settings):
    """Who gets a case is known beforehand; tests/dispatch draws."""
    settings.ASSIGNMENT_MODE = "LEAST"


@pytest.fixture(autouse=True)
def _in_chinese():
    """A page that one test asked for in English leaves the thread in English; the next test begins anew."""
    translation.deactivate()


@pytest.fixture
def at() -> Callable[..., dt.datetime]:
    """Return a moment in Shanghai: at(2021, 9, 1) is ten in the morning of that day."""

    def moment(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
        return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)

    return moment


@pytest.fixture
def house(db) -> factories.House:
    """The four courts, five windows, the teams and one member of staff per duty."""
    return kept.house()


@pytest.fixture
def login() -> Callable[[User], Client]:
    """Return a client logged in as that member of staff."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter
