"""The decision table by version, verdicts with their facts, filings sent back to windows, cases judged anew."""

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_old_words(apps, schema_editor):
    """Old verdicts keep their lines in the words of their time; the conclusion moves out of the list."""
    Verdict = apps.get_model("dispatch", "Verdict")
    for verdict in Verdict.objects.exclude(explanation=[]).iterator():
        said = [line["conclusion"] for line in verdict.explanation if "conclusion" in line]
        verdict.conclusion = {"said": said[0]} if said else {}
        verdict.explanation = [line for line in verdict.explanation if "conclusion" not in line]
        verdict.save(update_fields=["explanation", "conclusion"])


def drop_old_rules(apps, schema_editor):
    """The rows without conditions are replaced by the first table, which `migrate` writes afterwards."""
    apps.get_model("dispatch", "TriageRule").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0003_court_permission'),
        ('cases', '0014_afterlife'),
        ('dispatch', '0002_takeover'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_old_rules, migrations.RunPython.noop),
        migrations.CreateModel(
            name='DryRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField(verbose_name='试算时间')),
                ('case_count', models.PositiveIntegerField(default=0, verbose_name='试算案件数')),
                ('counts', models.JSONField(default=dict, verbose_name='变化')),
                ('moves', models.JSONField(default=list, verbose_name='变化案件')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
            ],
        ),
        migrations.CreateModel(
            name='Retriage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('NEW_FACTS', '事实变化'), ('ON_PURPOSE', '主动复核')], max_length=10, verbose_name='起因')),
                ('state', models.CharField(choices=[('OPEN', '待确认'), ('CONFIRMED', '已重新分流'), ('DISMISSED', '维持原分流'), ('LAPSED', '事实又变，已失效')], default='OPEN', max_length=10, verbose_name='状态')),
                ('before', models.CharField(choices=[('FAST', '简案速执'), ('ORDINARY', '繁案普执')], max_length=8, verbose_name='原分流')),
                ('proposed', models.CharField(choices=[('FAST', '简案速执'), ('ORDINARY', '繁案普执')], max_length=8, verbose_name='现建议')),
                ('facts', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='事实')),
                ('changed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None, verbose_name='变化的事实')),
                ('replaced', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='原决定')),
                ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='理由')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('answer_note', models.CharField(blank=True, max_length=300, verbose_name='答复说明')),
            ],
        ),
        migrations.CreateModel(
            name='RuleTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(unique=True, verbose_name='版本')),
                ('state', models.CharField(choices=[('DRAFT', '草稿'), ('SUBMITTED', '待批准'), ('APPROVED', '已批准'), ('DISCARDED', '已作废')], default='DRAFT', max_length=10, verbose_name='状态')),
                ('fast_weight_min', models.PositiveSmallIntegerField(default=2, verbose_name='简案权重线')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='修订说明')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='生效日')),
                ('authored_at', models.DateTimeField(verbose_name='起草时间')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='送批时间')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='批准时间')),
                ('answer_note', models.CharField(blank=True, max_length=300, verbose_name='批准意见')),
            ],
            options={
                'permissions': [('edit_table', '起草分流规则表'), ('approve_table', '批准分流规则表')],
            },
        ),
        migrations.CreateModel(
            name='SendBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('OPEN', '待窗口补正'), ('ANSWERED', '窗口已补正'), ('WITHDRAWN', '已撤回')], default='OPEN', max_length=10, verbose_name='状态')),
                ('defects', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('IDENTITY', '身份信息错误'), ('DEBTOR_ID', '被执行人证件不足以网络查控'), ('NO_ADDRESS', '缺地址或联系电话'), ('NO_EFFECT_PROOF', '缺生效证明或生效日'), ('NOT_DUE', '履行期限未届满'), ('WRONG_AMOUNT', '金额错误或计算方法不明'), ('NO_ACCOUNT', '收款账户未确认'), ('MATERIALS', '缺必备材料'), ('DUPLICATE', '疑似重复立案'), ('REVIVAL', '应以执恢立案'), ('OTHER', '其他')], max_length=20), size=None, verbose_name='退回原因')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('sent_at', models.DateTimeField(verbose_name='退回时间')),
                ('due_on', models.DateField(verbose_name='应补正日')),
                ('answer_note', models.CharField(blank=True, max_length=500, verbose_name='补正说明')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
            ],
            options={
                'permissions': [('answer_send_back', '答复退回的立案')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='triagerule',
            name='rule_version_unique',
        ),
        migrations.RemoveField(
            model_name='triagerule',
            name='parameters',
        ),
        migrations.RemoveField(
            model_name='triagerule',
            name='version',
        ),
        migrations.AddField(
            model_name='triagerule',
            name='conditions',
            field=models.JSONField(default=list, verbose_name='条件'),
        ),
        migrations.AddField(
            model_name='triagerule',
            name='flag',
            field=models.CharField(blank=True, choices=[('PRIORITY', '优先办理'), ('REPORT', '报告局长'), ('DISPOSAL', '转财产处置'), ('SPECIAL', '特别程序'), ('CLOSING', '终本预判')], max_length=10, verbose_name='标记'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='conclusion',
            field=models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='结论'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='edition',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='次数'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='facts',
            field=models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='事实'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='flags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None, verbose_name='标记'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='sources',
            field=models.JSONField(default=dict, verbose_name='事实来源'),
        ),
        migrations.AddField(
            model_name='verification',
            name='sensitive',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('CROWD', '涉众'), ('ENTERPRISE', '涉企重大'), ('MILITARY', '涉军'), ('GOVERNMENT', '涉府')], max_length=12), blank=True, default=list, size=None, verbose_name='特别关注'),
        ),
        migrations.AddField(
            model_name='verification',
            name='willingness',
            field=models.CharField(blank=True, choices=[('IMMEDIATE', '被执行人承诺立即履行'), ('SETTLED', '已签订和解协议')], max_length=12, verbose_name='履行意愿'),
        ),
        migrations.AlterField(
            model_name='triagerule',
            name='from_on',
            field=models.DateField(blank=True, null=True, verbose_name='起适用日'),
        ),
        migrations.AlterField(
            model_name='triagerule',
            name='label',
            field=models.CharField(max_length=200, verbose_name='名称'),
        ),
        migrations.AlterField(
            model_name='triagerule',
            name='until_on',
            field=models.DateField(blank=True, null=True, verbose_name='止适用日'),
        ),
        migrations.AlterField(
            model_name='verdict',
            name='verification',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.verification'),
        ),
        migrations.AlterField(
            model_name='verification',
            name='act',
            field=models.CharField(blank=True, choices=[('EVICTION', '腾退房屋、土地'), ('NUISANCE', '排除妨害'), ('ACT', '其他行为'), ('VISITATION', '探望权'), ('DELIVERY', '交付特定物'), ('REGISTRATION', '协助办理过户登记')], max_length=12, verbose_name='行为类型'),
        ),
        migrations.AlterField(
            model_name='verification',
            name='cash_found',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='可控存款（元）'),
        ),
        migrations.AddField(
            model_name='dryrun',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dryrun',
            name='job',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.job'),
        ),
        migrations.AddField(
            model_name='retriage',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='retriage',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='retriage',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retriages', to='cases.case'),
        ),
        migrations.AddField(
            model_name='ruletable',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人'),
        ),
        migrations.AddField(
            model_name='ruletable',
            name='authored_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人'),
        ),
        migrations.AddField(
            model_name='ruletable',
            name='based_on',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.ruletable'),
        ),
        migrations.AddField(
            model_name='retriage',
            name='table',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.ruletable'),
        ),
        migrations.AddField(
            model_name='dryrun',
            name='table',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dry_runs', to='dispatch.ruletable'),
        ),
        migrations.AddField(
            model_name='triagerule',
            name='table',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='dispatch.ruletable'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='table',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='dispatch.ruletable'),
        ),
        migrations.AddConstraint(
            model_name='triagerule',
            constraint=models.UniqueConstraint(fields=('table', 'code'), name='rule_code_unique_in_table'),
        ),
        migrations.AddConstraint(
            model_name='triagerule',
            constraint=models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='rule_has_a_basis'),
        ),
        migrations.AddField(
            model_name='sendback',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sendback',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='send_backs', to='cases.case'),
        ),
        migrations.AddField(
            model_name='sendback',
            name='sent_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='退回人'),
        ),
        migrations.AddField(
            model_name='sendback',
            name='window',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='send_backs', to='bureau.window', verbose_name='立案窗口'),
        ),
        migrations.AddConstraint(
            model_name='ruletable',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('authored_by')), _negated=True), _connector='OR'), name='table_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='ruletable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), _negated=True), models.Q(('from_on__isnull', False), models.Q(('version', 1), ('approved_by__isnull', False), _connector='OR')), _connector='OR'), name='table_approved_with_day_and_approver'),
        ),
        migrations.AddConstraint(
            model_name='ruletable',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'APPROVED')), fields=('from_on',), name='one_approved_table_per_day'),
        ),
        migrations.AddConstraint(
            model_name='retriage',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('case',), name='one_open_retriage_per_case'),
        ),
        migrations.AddConstraint(
            model_name='retriage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='retriage_answered_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='retriage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'DISMISSED'), _negated=True), models.Q(('answer_note', ''), _negated=True), _connector='OR'), name='retriage_dismissed_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='retriage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('why', 'ON_PURPOSE'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='retriage_on_purpose_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='sendback',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('case',), name='one_open_send_back_per_case'),
        ),
        migrations.AddConstraint(
            model_name='sendback',
            constraint=models.CheckConstraint(condition=models.Q(('defects', []), _negated=True), name='send_back_names_defects'),
        ),
        migrations.AddConstraint(
            model_name='sendback',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='send_back_answered_by_someone'),
        ),
        migrations.RunPython(keep_old_words, migrations.RunPython.noop),
    ]
