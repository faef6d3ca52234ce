"""Notices, tasks and tips to teams; what was read and done stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE TRIGGER receipt_append_only BEFORE UPDATE OR DELETE ON dispatch_receipt
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER receipt_no_truncate BEFORE TRUNCATE ON dispatch_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER done_append_only BEFORE UPDATE OR DELETE ON dispatch_done
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER done_no_truncate BEFORE TRUNCATE ON dispatch_done
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE FUNCTION dispatch_keep_notice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended text[] := ARRAY['ended_at', 'ended_by_id'];
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - ended <> to_jsonb(OLD) - ended THEN
        RAISE EXCEPTION 'what was said is taken down, never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notice_kept BEFORE UPDATE OR DELETE ON dispatch_notice
    FOR EACH ROW EXECUTE FUNCTION dispatch_keep_notice();
"""
UNDO = """
DROP TRIGGER notice_kept ON dispatch_notice;
DROP FUNCTION dispatch_keep_notice();
DROP TRIGGER done_no_truncate ON dispatch_done;
DROP TRIGGER done_append_only ON dispatch_done;
DROP TRIGGER receipt_no_truncate ON dispatch_receipt;
DROP TRIGGER receipt_append_only ON dispatch_receipt;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0002_record_and_roles'),
        ('dispatch', '0002_doors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('NOTICE', '通知'), ('TASK', '任务'), ('TIP', '提示')], max_length=6, verbose_name='类别')),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('text', models.CharField(max_length=1000, verbose_name='内容')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='完成期限')),
                ('stage', models.CharField(blank=True, choices=[('FILED', '待分流'), ('ALLOCATED', '已分案'), ('STARTING', '启动'), ('FAST', '速执'), ('ORDINARY', '普执'), ('SUSPENDED', '中止'), ('STAYED', '暂缓'), ('SETTLED', '和解履行中'), ('CLOSING', '结案审查'), ('CLOSED', '已结案'), ('ARCHIVED', '已归档')], max_length=12, verbose_name='案件阶段')),
                ('template', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='文书模板')),
                ('field', models.CharField(blank=True, max_length=40, verbose_name='文书字段')),
                ('sent_at', models.DateTimeField(verbose_name='发出时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发出人')),
                ('teams', models.ManyToManyField(blank=True, related_name='+', to='bureau.team', verbose_name='团队')),
            ],
            options={
                'permissions': [('send_notice', '发通知、任务和提示')],
            },
        ),
        migrations.CreateModel(
            name='Done',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(max_length=300, verbose_name='完成情况')),
                ('at', models.DateTimeField(verbose_name='完成时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.team')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='done', to='dispatch.notice')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(verbose_name='阅读时间')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='dispatch.notice')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='notice_says_something'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('kind', 'TASK')), models.Q(models.Q(('kind', 'TASK'), _negated=True), ('due_on', None)), _connector='OR'), name='a_task_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'TIP'), models.Q(('field', ''), ('stage', ''), ('template', '')), _connector='OR'), name='only_a_tip_has_a_place'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('field', ''), models.Q(('template', ''), _negated=True), _connector='OR'), name='a_field_is_of_a_template'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='notice_taken_down_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='done',
            constraint=models.UniqueConstraint(fields=('notice', 'team'), name='done_once_per_team'),
        ),
        migrations.AddConstraint(
            model_name='done',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='done_in_words'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(fields=('notice', 'user'), name='read_once'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
