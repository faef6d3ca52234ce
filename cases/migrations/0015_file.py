"""The document's title, claims added by correction, listings lengthened, settlements signed by agents."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE OR REPLACE FUNCTION cases_keep_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- A claim added by correction comes into being with its confirmation.
    answer text[] := ARRAY['state', 'answered_by_id', 'answered_at', 'answer_note']
        || CASE WHEN OLD.target = 'ADDED' AND OLD.claim_id IS NULL THEN ARRAY['claim_id'] ELSE '{}' END;
    alarm text[] := ARRAY['wrong_person_at', 'cleared_by_id', 'cleared_at', 'clear_note'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a correction is never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF to_jsonb(NEW) - answer - alarm IS DISTINCT FROM to_jsonb(OLD) - answer - alarm THEN
        RAISE EXCEPTION 'what was proposed never changes' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.state <> 'PROPOSED' AND to_jsonb(NEW) - alarm IS DISTINCT FROM to_jsonb(OLD) - alarm THEN
        RAISE EXCEPTION 'a correction is answered once' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.wrong_person_at IS NOT NULL AND NEW.wrong_person_at IS DISTINCT FROM OLD.wrong_person_at THEN
        RAISE EXCEPTION 'an alarm is not taken back' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.cleared_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'an alarm is cleared once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
FORMER = """
CREATE OR REPLACE FUNCTION cases_keep_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer text[] := ARRAY['state', 'answered_by_id', 'answered_at', 'answer_note'];
    alarm text[] := ARRAY['wrong_person_at', 'cleared_by_id', 'cleared_at', 'clear_note'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a correction is never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF to_jsonb(NEW) - answer - alarm IS DISTINCT FROM to_jsonb(OLD) - answer - alarm THEN
        RAISE EXCEPTION 'what was proposed never changes' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.state <> 'PROPOSED' AND to_jsonb(NEW) - alarm IS DISTINCT FROM to_jsonb(OLD) - alarm THEN
        RAISE EXCEPTION 'a correction is answered once' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.wrong_person_at IS NOT NULL AND NEW.wrong_person_at IS DISTINCT FROM OLD.wrong_person_at THEN
        RAISE EXCEPTION 'an alarm is not taken back' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.cleared_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'an alarm is cleared once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('bureau', '0003_court_permission'),
        ('cases', '0014_afterlife'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SanctionExtension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('FORCE', '以暴力、威胁方法妨碍、抗拒执行，情节严重'), ('SEVERAL', '具有多项失信行为')], max_length=8, verbose_name='延长事由')),
                ('years', models.PositiveSmallIntegerField(verbose_name='延长年数')),
                ('facts', models.CharField(max_length=2000, verbose_name='事实和证据')),
                ('state', models.CharField(choices=[('PROPOSED', '待审批'), ('APPROVED', '已批准'), ('REFUSED', '未予批准')], default='PROPOSED', max_length=8, verbose_name='状态')),
                ('proposed_at', models.DateTimeField(verbose_name='提请时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='审批意见')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='延长后的届满日')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='correction',
            name='correction_names_its_target',
        ),
        migrations.AddField(
            model_name='case',
            name='basis_title',
            field=models.CharField(blank=True, max_length=20, verbose_name='执行依据名称'),
        ),
        migrations.AddField(
            model_name='settlement',
            name='agents',
            field=models.ManyToManyField(blank=True, related_name='+', to='cases.agent', verbose_name='签署的代理人'),
        ),
        migrations.AlterField(
            model_name='correction',
            name='target',
            field=models.CharField(choices=[('PARTY', '当事人'), ('BASIS', '执行依据'), ('CLAIM', '执行请求'), ('ADDED', '补充执行请求')], max_length=5, verbose_name='更正对象'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('party__isnull', False), ('target', 'PARTY')), models.Q(('claim__isnull', False), ('party__isnull', True), ('target', 'CLAIM')), models.Q(('claim__isnull', True), ('party__isnull', True), ('target', 'ADDED'), models.Q(('state', 'CONFIRMED'), _negated=True)), models.Q(('claim__isnull', False), ('party__isnull', True), ('state', 'CONFIRMED'), ('target', 'ADDED')), models.Q(('claim__isnull', True), ('party__isnull', True), ('target', 'BASIS')), _connector='OR'), name='correction_names_its_target'),
        ),
        migrations.AddField(
            model_name='sanctionextension',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人'),
        ),
        migrations.AddField(
            model_name='sanctionextension',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提请人'),
        ),
        migrations.AddField(
            model_name='sanctionextension',
            name='sanction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='cases.sanction', verbose_name='强制措施'),
        ),
        migrations.AddConstraint(
            model_name='sanctionextension',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'PROPOSED')), fields=('sanction',), name='one_open_extension'),
        ),
        migrations.AddConstraint(
            model_name='sanctionextension',
            constraint=models.CheckConstraint(condition=models.Q(('years__gte', 1), ('years__lte', 3)), name='extension_one_to_three_years'),
        ),
        migrations.AddConstraint(
            model_name='sanctionextension',
            constraint=models.CheckConstraint(condition=models.Q(('facts', ''), _negated=True), name='extension_has_facts'),
        ),
        migrations.AddConstraint(
            model_name='sanctionextension',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'PROPOSED')), models.Q(models.Q(('state', 'PROPOSED'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='extension_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='sanctionextension',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'PROPOSED'), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='extension_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='sanctionextension',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), ('until_on__isnull', False)), models.Q(models.Q(('state', 'APPROVED'), _negated=True), ('until_on__isnull', True)), _connector='OR'), name='extension_approved_until_a_day'),
        ),
        migrations.AddConstraint(
            model_name='sanctionextension',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'REFUSED'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='extension_refused_with_reason'),
        ),
        migrations.RunSQL(KEPT, FORMER),
    ]
