"""Sanctions and the written requests about them; what is decided on whom stays, and only a debtor is sanctioned."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION cases_guard_sanction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed text[] := ARRAY['case_id', 'party_id', 'persons', 'kind', 'ground', 'ground_version', 'basis', 'facts',
                          'extra_years', 'days', 'amount', 'proposed_by_id', 'proposed_at'];
    name text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a sanction is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_party p
                   WHERE p.id = NEW.party_id AND p.case_id = NEW.case_id AND p.side = 'DEBTOR') THEN
        RAISE EXCEPTION 'only a debtor of the case is sanctioned' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state IN ('REFUSED', 'WITHDRAWN', 'REMOVED') THEN
            RAISE EXCEPTION 'an ended sanction never changes' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        FOREACH name IN ARRAY fixed LOOP
            IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
                RAISE EXCEPTION 'what was proposed never changes' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sanction_guard BEFORE INSERT OR UPDATE OR DELETE ON cases_sanction
    FOR EACH ROW EXECUTE FUNCTION cases_guard_sanction();
"""
UNGUARD = """
DROP TRIGGER sanction_guard ON cases_sanction;
DROP FUNCTION cases_guard_sanction();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_settled_handovers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Sanction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('persons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None, verbose_name='单位的责任人员')),
                ('kind', models.CharField(choices=[('LIMIT_CONSUMPTION', '限制消费'), ('DISHONEST', '纳入失信名单'), ('FINE', '罚款'), ('DETENTION', '司法拘留'), ('EXIT_LIMIT', '限制出境')], max_length=20, verbose_name='措施')),
                ('ground', models.CharField(max_length=32, verbose_name='情形')),
                ('ground_version', models.PositiveSmallIntegerField(verbose_name='规则版本')),
                ('basis', models.CharField(max_length=400, verbose_name='依据')),
                ('facts', models.CharField(max_length=2000, verbose_name='事实和证据')),
                ('extra_years', models.PositiveSmallIntegerField(default=0, verbose_name='延长年数')),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='拘留日数')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='罚款金额')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='决定文书')),
                ('state', models.CharField(choices=[('PROPOSED', '待审批'), ('REFUSED', '未予批准'), ('WITHDRAWN', '已撤回'), ('IN_FORCE', '执行中'), ('REMOVAL_DUE', '应予解除'), ('REMOVED', '已解除')], default='PROPOSED', max_length=12, verbose_name='状态')),
                ('proposed_at', models.DateTimeField(verbose_name='提请时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                ('decision_reason', models.CharField(blank=True, max_length=300, verbose_name='审批意见')),
                ('in_force_from', models.DateField(blank=True, null=True, verbose_name='生效日')),
                ('term_until', models.DateField(blank=True, null=True, verbose_name='期限届满日')),
                ('removal_ground', models.CharField(blank=True, max_length=20, verbose_name='解除事由')),
                ('removal_basis', models.CharField(blank=True, max_length=400, verbose_name='解除依据')),
                ('removal_needs_decision', models.BooleanField(default=False, verbose_name='解除须经审批')),
                ('removal_note', models.CharField(blank=True, max_length=300, verbose_name='解除事由说明')),
                ('arose_on', models.DateField(blank=True, null=True, verbose_name='事由发生日')),
                ('removal_noted_at', models.DateTimeField(blank=True, null=True, verbose_name='登记事由时间')),
                ('removal_approved_at', models.DateTimeField(blank=True, null=True, verbose_name='批准解除时间')),
                ('removal_way', models.CharField(blank=True, choices=[('LIFTED', '解除'), ('DELETED', '删除'), ('SHIELDED', '屏蔽'), ('REVOKED', '撤销'), ('EXECUTED', '执行完毕')], max_length=10, verbose_name='解除方式')),
                ('removal_document', models.CharField(blank=True, max_length=200, verbose_name='解除文书或凭据')),
                ('removed_on', models.DateField(blank=True, null=True, verbose_name='解除日')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sanctions', to='cases.case', verbose_name='案件')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sanctions', to='cases.party', verbose_name='被执行人')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提请人')),
                ('removal_approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准解除的人')),
                ('removal_noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记事由的人')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理解除的人')),
            ],
            options={
                'permissions': [('propose_sanction', '提请强制措施、登记解除事由'), ('decide_sanction', '审批强制措施和解除'), ('remove_sanction', '办理解除、删除'), ('take_sanction_request', '登记失信名单申请')],
            },
        ),
        migrations.CreateModel(
            name='SanctionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('LIST', '申请纳入失信名单'), ('CORRECT', '申请纠正失信信息')], max_length=8, verbose_name='申请事项')),
                ('text', models.CharField(max_length=1000, verbose_name='申请内容')),
                ('received_on', models.DateField(verbose_name='收到日')),
                ('taken_at', models.DateTimeField(verbose_name='登记时间')),
                ('result', models.CharField(blank=True, choices=[('GRANTED', '予以支持'), ('DECLINED', '不予支持')], max_length=10, verbose_name='处理结果')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='理由')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sanction_requests', to='cases.case', verbose_name='案件')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.party', verbose_name='被执行人')),
                ('sanction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='cases.sanction', verbose_name='强制措施')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
            ],
        ),
        migrations.AddIndex(
            model_name='sanction',
            index=models.Index(fields=['state', 'kind'], name='sanction_state_kind'),
        ),
        migrations.AddIndex(
            model_name='sanction',
            index=models.Index(condition=models.Q(('state', 'IN_FORCE')), fields=['term_until'], name='sanction_term_running'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['PROPOSED', 'IN_FORCE', 'REMOVAL_DUE'])), fields=('case', 'party', 'kind'), name='one_running_sanction'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'PROPOSED')), models.Q(models.Q(('state', 'PROPOSED'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='sanction_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'WITHDRAWN']), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='sanction_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'REFUSED'), _negated=True), models.Q(('decision_reason', ''), _negated=True), _connector='OR'), name='sanction_refused_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('in_force_from__isnull', True), ('state__in', ['PROPOSED', 'REFUSED', 'WITHDRAWN'])), models.Q(('in_force_from__isnull', False), ('state__in', ['IN_FORCE', 'REMOVAL_DUE', 'REMOVED'])), _connector='OR'), name='sanction_in_force_from_a_day'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(('term_until__isnull', True), ('term_until__gt', models.F('in_force_from')), _connector='OR'), name='sanction_term_runs_forward'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arose_on__isnull', False), ('removal_noted_by__isnull', False), ('state__in', ['REMOVAL_DUE', 'REMOVED']), models.Q(('removal_ground', ''), _negated=True)), models.Q(models.Q(('state__in', ['REMOVAL_DUE', 'REMOVED']), _negated=True), ('arose_on__isnull', True), ('removal_ground', ''), ('removal_noted_by__isnull', True)), _connector='OR'), name='sanction_removal_has_ground_and_day'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(('removal_approved_by__isnull', True), models.Q(('removal_approved_by', models.F('removal_noted_by')), _negated=True), _connector='OR'), name='sanction_removal_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('removed_by__isnull', False), ('removed_on__isnull', False), ('state', 'REMOVED'), models.Q(('removal_way', ''), _negated=True), models.Q(('removal_needs_decision', False), ('removal_approved_by__isnull', False), _connector='OR')), models.Q(models.Q(('state', 'REMOVED'), _negated=True), ('removed_by__isnull', True), ('removed_on__isnull', True)), _connector='OR'), name='sanction_removed_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('amount__lte', 1000000), ('kind', 'FINE')), models.Q(models.Q(('kind', 'FINE'), _negated=True), ('amount__isnull', True)), _connector='OR'), name='sanction_fine_has_amount'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('days__gte', 1), ('days__lte', 15), ('kind', 'DETENTION')), models.Q(models.Q(('kind', 'DETENTION'), _negated=True), ('days__isnull', True)), _connector='OR'), name='sanction_detention_at_most_15_days'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(('extra_years', 0), models.Q(('extra_years__lte', 3), ('kind', 'DISHONEST')), _connector='OR'), name='sanction_extension_in_limits'),
        ),
        migrations.AddConstraint(
            model_name='sanctionrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('case', 'party', 'purpose'), name='one_open_request'),
        ),
        migrations.AddConstraint(
            model_name='sanctionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'CORRECT'), ('sanction__isnull', False)), models.Q(('purpose', 'LIST'), ('sanction__isnull', True)), _connector='OR'), name='correction_names_its_sanction'),
        ),
        migrations.AddConstraint(
            model_name='sanctionrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('result', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('result', ''), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='request_answered_with_reason'),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
