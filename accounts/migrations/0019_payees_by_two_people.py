"""A party's first account counts by two people too; what one person confirmed alone before says so, and no new one."""

from django.conf import settings
from django.db import migrations, models


# What one person confirmed alone stays as it was, and is told from the rest.
MARK = """
UPDATE accounts_payeeaccount SET is_by_one = true
 WHERE state = 'CONFIRMED' AND confirmed_by_id = entered_by_id;
"""
DOOR = """
CREATE FUNCTION accounts_payee_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an account counts by two people' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payee_by_two_new BEFORE INSERT ON accounts_payeeaccount
    FOR EACH ROW WHEN (NEW.is_by_one) EXECUTE FUNCTION accounts_payee_by_two();
CREATE TRIGGER payee_by_two_mark BEFORE UPDATE ON accounts_payeeaccount
    FOR EACH ROW WHEN (NEW.is_by_one IS DISTINCT FROM OLD.is_by_one) EXECUTE FUNCTION accounts_payee_by_two();
"""
OPEN = """
DROP TRIGGER payee_by_two_mark ON accounts_payeeaccount;
DROP TRIGGER payee_by_two_new ON accounts_payeeaccount;
DROP FUNCTION accounts_payee_by_two();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_bank_by_two_people'),
        ('cases', '0011_performance_paper'),
        ('documents', '0005_draft_editor'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='payeeaccount',
            options={'permissions': [('enter_payee', '录入收款账户'), ('confirm_payee', '核对确认收款账户')]},
        ),
        migrations.RemoveConstraint(
            model_name='payeeaccount',
            name='payee_change_by_two_people',
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='is_by_one',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='一人录入即生效（旧制）'),
        ),
        migrations.AlterField(
            model_name='payeeaccount',
            name='state',
            field=models.CharField(choices=[('PENDING', '待另一人确认'), ('CONFIRMED', '已确认'), ('REFUSED', '未予确认')], default='PENDING', max_length=10, verbose_name='状态'),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='payeeaccount',
            constraint=models.CheckConstraint(condition=models.Q(('is_by_one', True), ('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('entered_by')), _negated=True), _connector='OR'), name='payee_by_two_people'),
        ),
        migrations.RunSQL(DOOR, OPEN),
    ]
