"""Finance sends an approved batch back to whoever asked for it."""

from django.db import migrations

# The door as it stands, with one more step.
DOOR = """
DO $$
DECLARE
    was text := pg_get_functiondef('accounts_batch_door()'::regprocedure);
BEGIN
    IF position('''APPROVED>SENDING''' IN was) = 0 THEN
        RAISE EXCEPTION 'no such words in accounts_batch_door';
    END IF;
    EXECUTE replace(was, '''APPROVED>SENDING''', '''APPROVED>CONFIRMED'', ''APPROVED>SENDING''');
END $$;
"""
UNDO = """
DO $$
BEGIN
    EXECUTE replace(pg_get_functiondef('accounts_batch_door()'::regprocedure), '''APPROVED>CONFIRMED'', ', '');
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0019_payees_by_two_people")]

    operations = [migrations.RunSQL(DOOR, UNDO)]
