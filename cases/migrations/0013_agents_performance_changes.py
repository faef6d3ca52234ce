"""Agents, direct performance and changes of party; a memo line and a ruling are taken back only by another row."""

import bureau.crypto
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


KEPT = """
CREATE FUNCTION cases_keep_performance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer text[] := ARRAY['state', 'answered_by_id', 'answered_at', 'confirmation'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a performance is reversed, never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.state <> 'RECORDED' OR to_jsonb(NEW) - answer IS DISTINCT FROM to_jsonb(OLD) - answer THEN
        RAISE EXCEPTION 'a performance is answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER performance_kept BEFORE UPDATE OR DELETE ON cases_performance
    FOR EACH ROW EXECUTE FUNCTION cases_keep_performance();
CREATE TRIGGER performance_no_truncate BEFORE TRUNCATE ON cases_performance
    FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_performance();
CREATE FUNCTION cases_keep_agent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended text[] := ARRAY['revoked_by_id', 'revoked_at', 'revoke_note'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'an authority is revoked, never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.revoked_at IS NOT NULL OR to_jsonb(NEW) - ended IS DISTINCT FROM to_jsonb(OLD) - ended THEN
        RAISE EXCEPTION 'an authority is revoked once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agent_kept BEFORE UPDATE OR DELETE ON cases_agent
    FOR EACH ROW EXECUTE FUNCTION cases_keep_agent();
CREATE TRIGGER agent_no_truncate BEFORE TRUNCATE ON cases_agent
    FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_agent();
CREATE TRIGGER party_change_append_only BEFORE UPDATE OR DELETE ON cases_partychange
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER party_change_no_truncate BEFORE TRUNCATE ON cases_partychange
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER party_change_no_truncate ON cases_partychange;
DROP TRIGGER party_change_append_only ON cases_partychange;
DROP TRIGGER agent_no_truncate ON cases_agent;
DROP TRIGGER agent_kept ON cases_agent;
DROP FUNCTION cases_keep_agent();
DROP TRIGGER performance_no_truncate ON cases_performance;
DROP TRIGGER performance_kept ON cases_performance;
DROP FUNCTION cases_keep_performance();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0002_record_and_roles'),
        ('cases', '0012_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Agent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='姓名')),
                ('kind', models.CharField(choices=[('LAWYER', '律师'), ('LEGAL_WORKER', '基层法律服务工作者'), ('RELATIVE', '近亲属'), ('EMPLOYEE', '单位工作人员'), ('RECOMMENDED', '社区、单位或社会团体推荐的公民'), ('GUARDIAN', '法定代理人')], max_length=12, verbose_name='身份')),
                ('firm', models.CharField(blank=True, max_length=100, verbose_name='所在单位')),
                ('licence', bureau.crypto.EncryptedField(verbose_name='执业证号或身份证号')),
                ('licence_last4', models.CharField(max_length=4)),
                ('phone', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='电话')),
                ('phone_last4', models.CharField(blank=True, max_length=4)),
                ('powers', models.CharField(choices=[('GENERAL', '一般授权'), ('SPECIAL', '特别授权')], max_length=8, verbose_name='代理权限')),
                ('special', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('WAIVE', '代为承认、放弃、变更请求'), ('SETTLE', '代为执行和解'), ('COLLECT', '代领案款')], max_length=8), blank=True, default=list, size=None, verbose_name='特别授权事项')),
                ('from_on', models.DateField(verbose_name='自')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='至')),
                ('document', models.CharField(max_length=200, verbose_name='授权委托书')),
                ('added_at', models.DateTimeField(verbose_name='登记时间')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='解除时间')),
                ('revoke_note', models.CharField(blank=True, max_length=200, verbose_name='解除原因')),
            ],
            options={
                'permissions': [('manage_agents', '登记代理人')],
            },
        ),
        migrations.CreateModel(
            name='PartyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ASSIGNED', '债权转让，变更申请执行人'), ('INHERITED', '继承或权利承受，变更申请执行人'), ('DEBTOR_ADDED', '追加被执行人'), ('DEBTOR_CHANGED', '变更被执行人')], max_length=16, verbose_name='变更事项')),
                ('document', models.CharField(max_length=100, verbose_name='裁定书文号')),
                ('ruled_on', models.DateField(verbose_name='裁定日')),
                ('note', models.CharField(max_length=300, verbose_name='事实和理由')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
            ],
            options={
                'permissions': [('change_party', '变更、追加当事人')],
            },
        ),
        migrations.CreateModel(
            name='Performance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='金额')),
                ('performed_on', models.DateField(verbose_name='履行日')),
                ('way', models.CharField(choices=[('TRANSFER', '银行转账'), ('CASH', '现金'), ('MOBILE', '微信、支付宝'), ('GOODS', '以物抵偿'), ('SETOFF', '抵销'), ('OTHER', '其他')], max_length=8, verbose_name='履行方式')),
                ('proof', models.CharField(max_length=200, verbose_name='履行凭据')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='冲销原因')),
                ('state', models.CharField(choices=[('RECORDED', '待确认'), ('CONFIRMED', '已确认'), ('REFUSED', '未予确认')], default='RECORDED', max_length=10, verbose_name='状态')),
                ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('confirmation', models.CharField(blank=True, max_length=200, verbose_name='申请执行人书面确认')),
            ],
            options={
                'permissions': [('record_performance', '登记自行履行'), ('confirm_performance', '确认自行履行')],
            },
        ),
        migrations.AddField(
            model_name='party',
            name='by_document',
            field=models.CharField(blank=True, max_length=100, verbose_name='变更裁定'),
        ),
        migrations.AddField(
            model_name='party',
            name='joined_on',
            field=models.DateField(blank=True, null=True, verbose_name='加入日'),
        ),
        migrations.AddField(
            model_name='party',
            name='left_on',
            field=models.DateField(blank=True, null=True, verbose_name='退出日'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('joined_on__isnull', True), ('left_on__isnull', True)), models.Q(('by_document', ''), _negated=True), _connector='OR'), name='party_moves_by_a_ruling'),
        ),
        migrations.AddField(
            model_name='agent',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='agent',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agents', to='cases.case', verbose_name='案件'),
        ),
        migrations.AddField(
            model_name='agent',
            name='party',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agents', to='cases.party', verbose_name='委托人'),
        ),
        migrations.AddField(
            model_name='agent',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='partychange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='partychange',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='party_changes', to='cases.case', verbose_name='案件'),
        ),
        migrations.AddField(
            model_name='partychange',
            name='joining',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='joining_change', to='cases.party'),
        ),
        migrations.AddField(
            model_name='partychange',
            name='leaving',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leaving_change', to='cases.party'),
        ),
        migrations.AddField(
            model_name='performance',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='performance',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='performances', to='cases.case', verbose_name='案件'),
        ),
        migrations.AddField(
            model_name='performance',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='performance',
            name='reverses',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='cases.performance'),
        ),
        migrations.AddIndex(
            model_name='agent',
            index=models.Index(condition=models.Q(('revoked_at__isnull', True)), fields=['party'], name='agent_live_of_party'),
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('powers', 'GENERAL'), ('special', [])), models.Q(('powers', 'SPECIAL'), models.Q(('special', []), _negated=True)), _connector='OR'), name='agent_special_powers_are_named'),
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='agent_acts_forward'),
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='agent_has_a_document'),
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoke_note', ''), ('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), models.Q(('revoke_note', ''), _negated=True)), _connector='OR'), name='agent_revoked_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='partychange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'DEBTOR_ADDED'), ('leaving__isnull', True)), models.Q(models.Q(('kind', 'DEBTOR_ADDED'), _negated=True), ('leaving__isnull', False)), _connector='OR'), name='party_change_names_who_leaves'),
        ),
        migrations.AddConstraint(
            model_name='partychange',
            constraint=models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='party_change_has_a_ruling'),
        ),
        migrations.AddIndex(
            model_name='performance',
            index=models.Index(fields=['case', '-recorded_at'], name='performance_of_case'),
        ),
        migrations.AddConstraint(
            model_name='performance',
            constraint=models.UniqueConstraint(condition=models.Q(('reverses__isnull', False), models.Q(('state', 'REFUSED'), _negated=True)), fields=('reverses',), name='one_live_reversal_per_performance'),
        ),
        migrations.AddConstraint(
            model_name='performance',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='performance_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='performance',
            constraint=models.CheckConstraint(condition=models.Q(('proof', ''), _negated=True), name='performance_has_a_proof'),
        ),
        migrations.AddConstraint(
            model_name='performance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('reverses__isnull', True)), models.Q(('reverses__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='performance_reversed_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='performance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('confirmation', ''), ('state', 'RECORDED')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('state', 'RECORDED'), _negated=True), models.Q(('confirmation', ''), _negated=True)), _connector='OR'), name='performance_answered_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='performance',
            constraint=models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), models.Q(('answered_by', models.F('recorded_by')), _negated=True), _connector='OR'), name='performance_by_two_people'),
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
