"""Chains of seeds, draws kept by the database, requests and leave; the old comparison of open counts goes."""

import bureau.crypto
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
-- A chain never changes: its tip was published.
CREATE TRIGGER seedchain_append_only BEFORE UPDATE OR DELETE ON dispatch_seedchain
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER seedchain_no_truncate BEFORE TRUNCATE ON dispatch_seedchain
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();

-- A draw: first the inputs under their hash, then once the seed; every seed hashes to the one before it, or to the tip.
CREATE FUNCTION dispatch_draw_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before text;
    used integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.seed <> '' OR NEW.commitment <> encode(sha256(convert_to(NEW.inputs, 'UTF8')), 'hex') THEN
            RAISE EXCEPTION 'a draw begins with its inputs under their hash and without a seed'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.chain_id IS NOT NULL THEN
            SELECT coalesce(max(number), 0) INTO used FROM dispatch_draw WHERE chain_id = NEW.chain_id;
            IF NEW.number <> used + 1 OR NEW.number > (SELECT length FROM dispatch_seedchain WHERE id = NEW.chain_id)
                OR EXISTS (SELECT 1 FROM dispatch_draw WHERE chain_id = NEW.chain_id AND seed = '') THEN
                RAISE EXCEPTION 'seeds are used in order, none is skipped'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.seed <> '' OR OLD.chain_id IS NULL OR to_jsonb(NEW) - 'seed' <> to_jsonb(OLD) - 'seed' THEN
        RAISE EXCEPTION 'a draw is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT coalesce(
        (SELECT seed FROM dispatch_draw WHERE chain_id = NEW.chain_id AND number = NEW.number - 1),
        (SELECT tip FROM dispatch_seedchain WHERE id = NEW.chain_id)
    ) INTO before;
    IF NEW.seed !~ '^[0-9a-f]{64}$' OR encode(sha256(decode(NEW.seed, 'hex')), 'hex') <> before THEN
        RAISE EXCEPTION 'the seed is not the next of its chain' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_door BEFORE INSERT OR UPDATE ON dispatch_draw FOR EACH ROW EXECUTE FUNCTION dispatch_draw_door();
CREATE TRIGGER draw_append_only BEFORE DELETE ON dispatch_draw
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER draw_no_truncate BEFORE TRUNCATE ON dispatch_draw
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER draw_no_truncate ON dispatch_draw;
DROP TRIGGER draw_append_only ON dispatch_draw;
DROP TRIGGER draw_door ON dispatch_draw;
DROP FUNCTION dispatch_draw_door();
DROP TRIGGER seedchain_no_truncate ON dispatch_seedchain;
DROP TRIGGER seedchain_append_only ON dispatch_seedchain;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0003_court_permission'),
        ('cases', '0014_afterlife'),
        ('dispatch', '0003_triage_table'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='自')),
                ('until_on', models.DateField(verbose_name='至')),
                ('reason', models.CharField(max_length=100, verbose_name='事由')),
                ('registered_at', models.DateTimeField(verbose_name='登记时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='提前结束')),
            ],
            options={
                'permissions': [('manage_leave', '登记请假和代理')],
            },
        ),
        migrations.CreateModel(
            name='SeedChain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tip', models.CharField(max_length=64, unique=True, verbose_name='链顶')),
                ('length', models.PositiveIntegerField(verbose_name='种子数')),
                ('root', bureau.crypto.EncryptedField()),
                ('published_at', models.DateTimeField(verbose_name='公布时间')),
                ('from_on', models.DateField(verbose_name='启用日')),
            ],
            options={
                'permissions': [('make_chain', '制作抽签种子链'), ('view_draws', '查看抽签和分案均衡')],
            },
        ),
        migrations.RemoveField(
            model_name='assignment',
            name='loads',
        ),
        migrations.RemoveField(
            model_name='assignment',
            name='proposed_judge',
        ),
        migrations.AddField(
            model_name='assignment',
            name='end',
            field=models.CharField(blank=True, choices=[('TAKEN_BACK', '已收回'), ('REASSIGNED', '已重新分案')], max_length=12, verbose_name='失效原因'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='失效时间'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='way',
            field=models.CharField(choices=[('DRAWN', '抽签'), ('LEAST', '负荷最低'), ('SERIES', '系列案归并'), ('NAMED', '指定')], default='DRAWN', max_length=8, verbose_name='方式'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='weight',
            field=models.PositiveIntegerField(default=0, verbose_name='权重'),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='分案理由'),
        ),
        migrations.CreateModel(
            name='AssignmentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('NAMED', '指定承办法官'), ('REDRAW', '重新抽签'), ('TAKE_BACK', '收回分案')], max_length=10, verbose_name='事项')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('state', models.CharField(choices=[('WAITING', '待批准'), ('APPROVED', '已批准'), ('REFUSED', '未批准'), ('WITHDRAWN', '已撤回')], default='WAITING', max_length=10, verbose_name='状态')),
                ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='意见')),
                ('cases', models.ManyToManyField(related_name='assignment_requests', to='cases.case')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                ('judge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='指定的法官')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
            ],
            options={
                'permissions': [('approve_assignment', '批准指定、重抽和收回')],
            },
        ),
        migrations.AddField(
            model_name='assignment',
            name='request',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='dispatch.assignmentrequest', verbose_name='申请'),
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('DRAW', '随机抽签'), ('LEAST', '负荷最低者')], max_length=8, verbose_name='方式')),
                ('inputs', models.TextField(verbose_name='输入')),
                ('commitment', models.CharField(max_length=64, verbose_name='承诺值')),
                ('number', models.PositiveIntegerField(default=0, verbose_name='种子序号')),
                ('seed', models.CharField(blank=True, max_length=64, verbose_name='种子')),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
            ],
        ),
        migrations.AddField(
            model_name='assignment',
            name='draw',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='dispatch.draw', verbose_name='抽签'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('case',), name='one_assignment_stands'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end', ''), _negated=True)), _connector='OR'), name='assignment_says_its_end'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('way', 'NAMED'), _negated=True), ('request__isnull', False), _connector='OR'), name='named_by_a_request'),
        ),
        migrations.AddField(
            model_name='leave',
            name='cover',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to=settings.AUTH_USER_MODEL, verbose_name='代理人'),
        ),
        migrations.AddField(
            model_name='leave',
            name='registered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='leave',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to=settings.AUTH_USER_MODEL, verbose_name='请假人'),
        ),
        migrations.AddField(
            model_name='seedchain',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='制作人'),
        ),
        migrations.AddField(
            model_name='draw',
            name='chain',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='dispatch.seedchain', verbose_name='种子链'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='assignment_request_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judge__isnull', False), ('kind', 'NAMED')), models.Q(models.Q(('kind', 'NAMED'), _negated=True), ('judge', None)), _connector='OR'), name='a_named_assignment_names_somebody'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('judge', None), models.Q(('judge', models.F('requested_by')), _negated=True), _connector='OR'), name='nobody_asks_for_himself'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['APPROVED', 'REFUSED']), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('requested_by')), _negated=True), models.Q(('judge', None), models.Q(('decided_by', models.F('judge')), _negated=True), _connector='OR')), _connector='OR'), name='assignment_request_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='leave_runs_forward'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(('user', models.F('cover')), _negated=True), name='leave_covered_by_another'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.UniqueConstraint(condition=models.Q(('chain__isnull', False)), fields=('chain', 'number'), name='seed_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('chain__isnull', False), ('mode', 'DRAW'), ('number__gt', 0)), models.Q(('chain__isnull', True), ('mode', 'LEAST'), ('number', 0), ('seed', '')), _connector='OR'), name='draw_names_its_seed'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
