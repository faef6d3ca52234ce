"""Delays, pauses of interest, moves and deposits rest on a paper of the file; rows of old keep their words alone."""

from django.db import migrations, models

DOORS = """
CREATE FUNCTION accounts_paper_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an act on money rests on a paper of the file, which stays the same'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER delay_of_paper BEFORE INSERT ON accounts_delay
    FOR EACH ROW WHEN (NEW.paper = '') EXECUTE FUNCTION accounts_paper_door();
CREATE TRIGGER delay_paper_stays BEFORE UPDATE ON accounts_delay FOR EACH ROW
    WHEN ((NEW.document, NEW.paper) IS DISTINCT FROM (OLD.document, OLD.paper)) EXECUTE FUNCTION accounts_paper_door();
CREATE TRIGGER pause_of_paper BEFORE INSERT ON accounts_interestpause
    FOR EACH ROW WHEN (NEW.paper = '') EXECUTE FUNCTION accounts_paper_door();
CREATE TRIGGER pause_paper_stays BEFORE UPDATE ON accounts_interestpause FOR EACH ROW
    WHEN ((NEW.document, NEW.paper) IS DISTINCT FROM (OLD.document, OLD.paper)) EXECUTE FUNCTION accounts_paper_door();
-- What a plan of old moves or deposits has the plan's words.
CREATE TRIGGER payout_of_paper BEFORE INSERT ON accounts_payout FOR EACH ROW
    WHEN (NEW.purpose IN ('MOVE', 'ABSENT') AND NEW.share_id IS NULL AND NEW.paper = '')
    EXECUTE FUNCTION accounts_paper_door();
CREATE TRIGGER payout_paper_stays BEFORE UPDATE ON accounts_payout FOR EACH ROW
    WHEN (NEW.paper IS DISTINCT FROM OLD.paper) EXECUTE FUNCTION accounts_paper_door();
"""
UNDO = """
DROP TRIGGER payout_paper_stays ON accounts_payout;
DROP TRIGGER payout_of_paper ON accounts_payout;
DROP TRIGGER pause_paper_stays ON accounts_interestpause;
DROP TRIGGER pause_of_paper ON accounts_interestpause;
DROP TRIGGER delay_paper_stays ON accounts_delay;
DROP TRIGGER delay_of_paper ON accounts_delay;
DROP FUNCTION accounts_paper_door();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_plan_arithmetic'),
    ]

    operations = [
        migrations.AddField(
            model_name='delay',
            name='paper',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='interestpause',
            name='paper',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='payout',
            name='paper',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AlterField(
            model_name='delay',
            name='document',
            field=models.CharField(max_length=200, verbose_name='依据文书'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
