"""Finance sends an approved payout back, and a delay is refused for a reason; both say why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The doors as they stand, with one more way for a payout to end.
DOORS = """
DO $$
DECLARE
    change text[];
    was text;
BEGIN
    FOREACH change SLICE 1 IN ARRAY ARRAY[
        ['accounts_payout_door', '''APPROVED>REJECTED''', '''APPROVED>REJECTED'', ''APPROVED>SENT_BACK'''],
        ['accounts_parts_door', '''REJECTED''', '''REJECTED'', ''SENT_BACK'''],
        ['accounts_payment_file_whole', '''REJECTED''', '''REJECTED'', ''SENT_BACK''']] LOOP
        was := pg_get_functiondef((change[1] || '()')::regprocedure);
        IF position(change[2] IN was) = 0 THEN
            RAISE EXCEPTION 'no such words in %', change[1];
        END IF;
        EXECUTE replace(was, change[2], change[3]);
    END LOOP;
END $$;
"""
UNDO = """
DO $$
DECLARE
    door text;
BEGIN
    FOREACH door IN ARRAY ARRAY['accounts_payout_door', 'accounts_parts_door', 'accounts_payment_file_whole'] LOOP
        EXECUTE replace(replace(pg_get_functiondef((door || '()')::regprocedure),
            ', ''APPROVED>SENT_BACK''', ''), ', ''SENT_BACK''', '');
    END LOOP;
END $$;
"""
NO_REASON = "（当时没有记录理由）"


def say_that_no_reason_was_kept(apps, editor):
    """Delays that were refused before reasons were asked for say so."""
    apps.get_model("accounts", "Delay").objects.filter(state="REJECTED").update(refused_note=NO_REASON)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_paper_of_the_file'),
        ('bureau', '0003_court_team'),
        ('cases', '0011_performance_paper'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payout',
            name='payout_signed_at_each_step',
        ),
        migrations.AddField(
            model_name='delay',
            name='refused_note',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='未批准的理由'),
        ),
        migrations.AddField(
            model_name='payout',
            name='sent_back_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='财务退回时间'),
        ),
        migrations.AddField(
            model_name='payout',
            name='sent_back_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='payout',
            name='ended_note',
            field=models.CharField(blank=True, max_length=200, verbose_name='驳回、退回、退票或冲正原因'),
        ),
        migrations.AlterField(
            model_name='payout',
            name='state',
            field=models.CharField(choices=[('REQUESTED', '待审核'), ('CHECKED', '待审批'), ('APPROVED', '待付款'), ('SENT', '银行处理中'), ('PAID', '已到账'), ('BOUNCED', '退票'), ('REJECTED', '已驳回'), ('SENT_BACK', '财务退回'), ('REVERSED', '已冲正')], default='REQUESTED', max_length=10, verbose_name='状态'),
        ),
        migrations.RunPython(say_that_no_reason_was_kept, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='delay',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'REJECTED'), models.Q(('refused_note', ''), _negated=True)), models.Q(models.Q(('state', 'REJECTED'), _negated=True), ('refused_note', '')), _connector='OR'), name='delay_refused_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['REQUESTED', 'REJECTED']), models.Q(('checked_by__isnull', False), ('state', 'CHECKED')), models.Q(('approved_by__isnull', False), ('checked_by__isnull', False), ('state', 'APPROVED')), models.Q(('approved_by__isnull', False), ('checked_by__isnull', False), ('sent_back_by__isnull', False), ('state', 'SENT_BACK')), models.Q(('approved_by__isnull', False), ('checked_by__isnull', False), ('paid_by__isnull', False), ('state__in', ['SENT', 'BOUNCED'])), models.Q(('approved_by__isnull', False), ('checked_by__isnull', False), ('paid_by__isnull', False), ('paid_on__isnull', False), ('state__in', ['PAID', 'REVERSED'])), _connector='OR'), name='payout_signed_at_each_step'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_back_at', None), ('sent_back_by', None), models.Q(('state', 'SENT_BACK'), _negated=True)), models.Q(('paid_by', None), ('sent_back_at__isnull', False), ('sent_back_by__isnull', False), ('state', 'SENT_BACK'), models.Q(('ended_note', ''), _negated=True), models.Q(('sent_back_by', models.F('requested_by')), _negated=True), models.Q(('sent_back_by', models.F('checked_by')), _negated=True), models.Q(('sent_back_by', models.F('approved_by')), _negated=True)), _connector='OR'), name='payout_sent_back_by_another'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
