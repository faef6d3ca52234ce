"""What stands for a module survives a test that breaks its transaction."""

import pytest
from django.db import DatabaseError, connection, transaction

from bureau.models import Court
from tests import factories, once

pytestmark = pytest.mark.django_db
built = once.fixture(factories.House.build)


def _lose_a_savepoint() -> None:
    """Leave a block whose savepoint is gone, as a test does that ends in the wrong order."""
    with transaction.atomic():
        Court.objects.all().update(name="改")
        with connection.cursor() as cursor:
            cursor.execute(f"RELEASE SAVEPOINT {connection.ops.quote_name(connection.savepoint_ids[-1])}")
        transaction.set_rollback(True)


def test_what_lost_its_savepoint_is_led_back(built):
    with once.kept_whole():
        _lose_a_savepoint()
        assert not once.is_sound()
        with pytest.warns(UserWarning, match="this test"):
            once.mend("this test")
        assert once.is_sound()
        assert Court.objects.exists()
        assert not Court.objects.filter(name="改").exists()


def test_a_failed_statement_is_led_back(built):
    with once.kept_whole():
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert not once.is_sound()
        with pytest.warns(UserWarning, match="this test"):
            once.mend("this test")
        assert Court.objects.exists()


def test_a_sound_one_is_left_alone(built):
    with once.kept_whole():
        Court.objects.all().update(name="改")
        once.mend("this test")
        assert Court.objects.filter(name="改").exists()
