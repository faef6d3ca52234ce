"""Controls of the debtor's property and their renewals."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('bureau', '0001_initial'),
        ('cases', '0001_initial'),
        ('documents', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Control',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('DEPOSIT', '银行存款'), ('ONLINE_FUNDS', '网络资金'), ('INCOME', '工资收入'), ('PROVIDENT_FUND', '住房公积金'), ('REAL_ESTATE', '不动产'), ('VEHICLE', '车辆'), ('GOODS', '机器、存货等动产'), ('VALUABLES', '现金、贵重物品'), ('EQUITY', '股权、投资权益'), ('SECURITIES', '证券、基金、理财'), ('INSURANCE', '保险现金价值'), ('MATURED_CLAIM', '到期债权'), ('INTELLECTUAL', '知识产权'), ('RENT', '租金、股息'), ('MINING', '采矿权等用益权')], max_length=16, verbose_name='财产种类')),
                ('thing', models.CharField(max_length=300, verbose_name='财产')),
                ('unit', models.CharField(max_length=100, verbose_name='协助单位')),
                ('measure', models.CharField(choices=[('FREEZE', '冻结'), ('SEAL', '查封'), ('SEIZE', '扣押'), ('WITHHOLD', '扣留、提取'), ('FORBID', '禁止转让')], max_length=8, verbose_name='控制措施')),
                ('ruling', models.CharField(max_length=100, verbose_name='裁定文号')),
                ('rank', models.PositiveSmallIntegerField(default=1, verbose_name='顺位')),
                ('origin', models.CharField(choices=[('ENFORCEMENT', '执行中采取'), ('PRESERVATION', '保全转入')], default='ENFORCEMENT', max_length=12, verbose_name='来源')),
                ('state', models.CharField(choices=[('LIVE', '有效'), ('QUEUED', '轮候'), ('RELEASED', '已解除'), ('LAPSED', '已失效')], default='LIVE', max_length=8, verbose_name='状态')),
                ('from_on', models.DateField(verbose_name='起始日')),
                ('ranked_on', models.DateField(blank=True, null=True, verbose_name='顺位核实日')),
                ('activated_on', models.DateField(blank=True, null=True, verbose_name='转为正式控制日')),
                ('unconfirmed_since', models.DateField(blank=True, null=True, verbose_name='自动生效待核实')),
                ('to_on', models.DateField(blank=True, null=True, verbose_name='届满日')),
                ('amount_max', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='限额（元）')),
                ('value', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='估值（元）')),
                ('taken_at', models.DateTimeField(verbose_name='登记时间')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='解除或失效日')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='解除或失效登记时间')),
                ('ground', models.CharField(blank=True, choices=[('OUTSIDER', '财产属于案外人'), ('WITHDRAWN', '申请执行人撤回申请或者放弃债权'), ('UNSOLD', '流拍或变卖不成，无人接受抵债，又无其他执行措施'), ('PAID', '债务已经清偿'), ('SECURITY', '被执行人提供担保且申请执行人同意解除'), ('REALISED', '财产已扣划、变价或者交付'), ('OTHER', '人民法院认为应当解除的其他情形'), ('MISTAKE', '登记有误，措施并未采取或另行登记')], max_length=10, verbose_name='解除事由')),
                ('end_ruling', models.CharField(blank=True, max_length=100, verbose_name='解除裁定文号')),
                ('end_note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('explanation', models.CharField(blank=True, max_length=500, verbose_name='失效原因和处理')),
                ('explained_at', models.DateTimeField(blank=True, null=True, verbose_name='核查时间')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='controls', to='cases.case', verbose_name='案件')),
                ('debtor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='controls', to='cases.party', verbose_name='被执行人')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='controls', to='documents.document', verbose_name='裁定书')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('explained_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('keeper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='结案后续行责任人')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
            ],
            options={
                'permissions': [('keep_control', '登记、续行、解除控制措施'), ('explain_lapse', '核查控制失效')],
                'indexes': [models.Index(condition=models.Q(('state', 'LIVE')), fields=['to_on'], name='control_live_until'), models.Index(fields=['case', 'state'], name='control_of_case'), models.Index(condition=models.Q(('state', 'QUEUED')), fields=['thing', 'kind'], name='control_queued_thing')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('activated_on__isnull', True), ('rank__gt', 1), ('state', 'QUEUED'), ('to_on__isnull', True)), models.Q(models.Q(('state', 'QUEUED'), _negated=True), models.Q(('rank', 1), ('state', 'RELEASED'), _connector='OR')), _connector='OR'), name='control_queued_without_a_term'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['LIVE', 'LAPSED']), _negated=True), ('to_on__isnull', False), ('kind__in', ('INCOME',)), _connector='OR'), name='control_live_until_a_day'), models.CheckConstraint(condition=models.Q(('unconfirmed_since__isnull', True), models.Q(models.Q(('state', 'QUEUED'), _negated=True), ('activated_on__isnull', False)), _connector='OR'), name='control_unconfirmed_came_into_force'), models.CheckConstraint(condition=models.Q(('to_on__isnull', True), ('to_on__gt', models.F('from_on')), _connector='OR'), name='control_runs_forward'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_on__isnull', True), ('ground', ''), ('state__in', ['LIVE', 'QUEUED'])), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('ended_on__isnull', False), ('state', 'RELEASED'), models.Q(('ground', ''), _negated=True)), models.Q(('ended_at__isnull', False), ('ended_on__isnull', False), ('ground', ''), ('state', 'LAPSED')), _connector='OR'), name='control_ended_by_an_act'), models.CheckConstraint(condition=models.Q(models.Q(('explained_at__isnull', True), ('explained_by__isnull', True), ('explanation', '')), models.Q(('explained_at__isnull', False), ('explained_by__isnull', False), ('state', 'LAPSED'), models.Q(('explanation', ''), _negated=True)), _connector='OR'), name='control_lapse_explained_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('thing', ''), _negated=True), models.Q(('unit', ''), _negated=True), models.Q(('ruling', ''), _negated=True)), name='control_says_what_by_what'), models.CheckConstraint(condition=models.Q(models.Q(('amount_max__isnull', True), ('amount_max__gt', 0), _connector='OR'), models.Q(('value__isnull', True), ('value__gt', 0), _connector='OR')), name='control_sums_positive')],
            },
        ),
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_to_on', models.DateField(verbose_name='原届满日')),
                ('to_on', models.DateField(verbose_name='新届满日')),
                ('ruling', models.CharField(max_length=100, verbose_name='续行裁定文号')),
                ('on', models.DateField(verbose_name='续行日')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('control', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='assets.control')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('control', 'old_to_on'), name='one_renewal_per_term'), models.CheckConstraint(condition=models.Q(('to_on__gt', models.F('old_to_on'))), name='renewal_runs_forward'), models.CheckConstraint(condition=models.Q(('on__lte', models.F('old_to_on'))), name='renewal_before_the_last_day'), models.CheckConstraint(condition=models.Q(('ruling', ''), _negated=True), name='renewal_has_its_ruling')],
            },
        ),
    ]
