"""The roster of judges on duty; a turn only ends, and who was on duty stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE FUNCTION dispatch_keep_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended text[] := ARRAY['ended_at', 'ended_by_id', 'end_reason'];
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - ended <> to_jsonb(OLD) - ended THEN
        RAISE EXCEPTION 'a turn of duty ends, it is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER turn_kept BEFORE UPDATE OR DELETE ON dispatch_dutyturn
    FOR EACH ROW EXECUTE FUNCTION dispatch_keep_turn();
"""
UNDO = """
DROP TRIGGER turn_kept ON dispatch_dutyturn;
DROP FUNCTION dispatch_keep_turn();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0004_old_book'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DutyTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='日期')),
                ('set_at', models.DateTimeField(verbose_name='排定时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='调整时间')),
                ('end_reason', models.CharField(blank=True, max_length=100, verbose_name='调整理由')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='调整人')),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='值班法官')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='排班人')),
            ],
            options={
                'permissions': [('plan_duty', '排值班法官')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('on',), name='one_judge_on_duty_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='duty_ends_with_a_reason')],
            },
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
