"""Queries fanned out to providers, their answers and what was found; only a debtor of the case is queried."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE FUNCTION cases_guard_query() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer text[] := ARRAY['answered_on', 'answer', 'answered_by_id'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a query is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_party p
                   WHERE p.id = NEW.party_id AND p.case_id = NEW.case_id AND p.side = 'DEBTOR') THEN
        RAISE EXCEPTION 'only a debtor of the case is queried' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.answered_on IS NOT NULL OR to_jsonb(NEW) - answer <> to_jsonb(OLD) - answer) THEN
        RAISE EXCEPTION 'a query is answered once and otherwise never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER query_guard BEFORE INSERT OR UPDATE OR DELETE ON cases_networkquery
    FOR EACH ROW EXECUTE FUNCTION cases_guard_query();
CREATE FUNCTION cases_keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'an answer is never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.answered_at IS NOT NULL OR NEW.query_id <> OLD.query_id OR NEW.source <> OLD.source THEN
        RAISE EXCEPTION 'a provider answers once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_kept BEFORE UPDATE OR DELETE ON cases_queryanswer
    FOR EACH ROW EXECUTE FUNCTION cases_keep_answer();
CREATE TRIGGER answer_no_truncate BEFORE TRUNCATE ON cases_queryanswer
    FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_answer();
CREATE TRIGGER lead_append_only BEFORE UPDATE OR DELETE ON cases_lead
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER lead_no_truncate BEFORE TRUNCATE ON cases_lead
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER lead_no_truncate ON cases_lead;
DROP TRIGGER lead_append_only ON cases_lead;
DROP TRIGGER answer_no_truncate ON cases_queryanswer;
DROP TRIGGER answer_kept ON cases_queryanswer;
DROP TRIGGER query_guard ON cases_networkquery;
DROP FUNCTION cases_keep_answer();
DROP FUNCTION cases_guard_query();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_claim_base'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('DEPOSIT', '银行存款'), ('ONLINE_FUNDS', '网络资金'), ('INCOME', '工资收入'), ('PROVIDENT_FUND', '住房公积金'), ('REAL_ESTATE', '不动产'), ('VEHICLE', '车辆'), ('GOODS', '机器、存货等动产'), ('VALUABLES', '现金、贵重物品'), ('EQUITY', '股权、投资权益'), ('SECURITIES', '证券、基金、理财'), ('INSURANCE', '保险现金价值'), ('MATURED_CLAIM', '到期债权'), ('INTELLECTUAL', '知识产权'), ('RENT', '租金、股息'), ('MINING', '采矿权等用益权')], max_length=14, verbose_name='财产种类')),
                ('thing', models.CharField(max_length=300, verbose_name='财产')),
                ('unit', models.CharField(max_length=100, verbose_name='协助单位')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='金额（元）')),
                ('is_online', models.BooleanField(default=False, verbose_name='可线上控制')),
                ('found_at', models.DateTimeField(verbose_name='反馈时间')),
            ],
        ),
        migrations.CreateModel(
            name='QueryAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('BANK', '银行存款'), ('PAYMENT', '网络支付'), ('VEHICLE', '车辆'), ('ESTATE', '不动产'), ('SECURITIES', '证券'), ('EQUITY', '股权'), ('INSURANCE', '保险'), ('FUND', '公积金')], max_length=12, verbose_name='查询单位')),
                ('state', models.CharField(choices=[('WAITING', '待发送'), ('ACCEPTED', '已受理'), ('REJECTED', '不予受理'), ('FAILED', '查询失败'), ('FOUND', '有财产'), ('NOT_FOUND', '无财产'), ('BY_HAND', '人工登记反馈')], default='WAITING', max_length=10, verbose_name='状态')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发送时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='反馈时间')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='networkquery',
            name='query_answered_by_someone_in_words',
        ),
        migrations.AddField(
            model_name='networkquery',
            name='is_networked',
            field=models.BooleanField(default=False, verbose_name='由系统发送'),
        ),
        migrations.AddField(
            model_name='networkquery',
            name='judge',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='以其名义'),
        ),
        migrations.AddField(
            model_name='networkquery',
            name='repeats',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeated_by', to='cases.networkquery', verbose_name='重查自'),
        ),
        migrations.AddConstraint(
            model_name='networkquery',
            constraint=models.UniqueConstraint(condition=models.Q(('repeats__isnull', False)), fields=('repeats',), name='a_query_is_repeated_once'),
        ),
        migrations.AddConstraint(
            model_name='networkquery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_by__isnull', True), ('answered_on__isnull', True)), models.Q(('answered_by__isnull', False), ('answered_on__isnull', False), models.Q(models.Q(('answer', ''), _negated=True), ('is_networked', True), _connector='OR')), _connector='OR'), name='query_answered_by_someone'),
        ),
        migrations.AddField(
            model_name='queryanswer',
            name='query',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='cases.networkquery'),
        ),
        migrations.AddField(
            model_name='lead',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='cases.queryanswer'),
        ),
        migrations.AddIndex(
            model_name='queryanswer',
            index=models.Index(condition=models.Q(('state__in', ['WAITING', 'ACCEPTED'])), fields=['id'], name='query_answer_open'),
        ),
        migrations.AddConstraint(
            model_name='queryanswer',
            constraint=models.UniqueConstraint(fields=('query', 'source'), name='a_provider_is_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='queryanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state__in', ['WAITING', 'ACCEPTED'])), models.Q(models.Q(('state__in', ['WAITING', 'ACCEPTED']), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='provider_answered_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='queryanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['REJECTED', 'FAILED']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='lost_answer_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gte', 0), _connector='OR'), name='lead_amount_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('thing', ''), _negated=True), name='lead_says_what'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
