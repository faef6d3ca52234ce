"""The command centre: verification, the decision table, verdicts, assignment and its draws."""

import bureau.crypto
import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('bureau', '0001_initial'),
        ('bureau', '0001_initial'),
        ('cases', '0001_initial'),
    ]

    operations = [
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
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='assignment_request_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('judge__isnull', False), ('kind', 'NAMED')), models.Q(models.Q(('kind', 'NAMED'), _negated=True), ('judge', None)), _connector='OR'), name='a_named_assignment_names_somebody'), models.CheckConstraint(condition=models.Q(('judge', None), models.Q(('judge', models.F('requested_by')), _negated=True), _connector='OR'), name='nobody_asks_for_himself'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['APPROVED', 'REFUSED']), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('requested_by')), _negated=True), models.Q(('judge', None), models.Q(('decided_by', models.F('judge')), _negated=True), _connector='OR')), _connector='OR'), name='assignment_request_decided_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party_name', models.CharField(max_length=100, verbose_name='当事人姓名或名称')),
                ('id_digest', models.CharField(blank=True, db_index=True, max_length=64)),
                ('relation', models.CharField(max_length=100, verbose_name='关系')),
                ('declared_at', models.DateTimeField(verbose_name='申报时间')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤回时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to=settings.AUTH_USER_MODEL)),
            ],
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
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('DRAWN', '抽签'), ('LEAST', '负荷最低'), ('SERIES', '系列案归并'), ('NAMED', '指定')], default='DRAWN', max_length=8, verbose_name='方式')),
                ('weight', models.PositiveIntegerField(default=0, verbose_name='权重')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='分案理由')),
                ('assigned_at', models.DateTimeField(verbose_name='分案时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='失效时间')),
                ('end', models.CharField(blank=True, choices=[('TAKEN_BACK', '已收回'), ('REASSIGNED', '已重新分案')], max_length=12, verbose_name='失效原因')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='cases.case')),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='承办法官')),
                ('starter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='启动承办人')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.team', verbose_name='办理团队')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='dispatch.assignmentrequest', verbose_name='申请')),
                ('draw', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='dispatch.draw', verbose_name='抽签')),
            ],
            options={
                'permissions': [('assign_case', '分案')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('judge', models.F('assigned_by')), _negated=True), models.Q(('starter', models.F('assigned_by')), _negated=True)), name='dispatcher_is_not_handler'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('case',), name='one_assignment_stands'), models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end', ''), _negated=True)), _connector='OR'), name='assignment_says_its_end'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'NAMED'), _negated=True), ('request__isnull', False), _connector='OR'), name='named_by_a_request')],
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='自')),
                ('until_on', models.DateField(verbose_name='至')),
                ('reason', models.CharField(max_length=100, verbose_name='事由')),
                ('registered_at', models.DateTimeField(verbose_name='登记时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='提前结束')),
                ('cover', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to=settings.AUTH_USER_MODEL, verbose_name='代理人')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to=settings.AUTH_USER_MODEL, verbose_name='请假人')),
            ],
            options={
                'permissions': [('manage_leave', '登记请假和代理')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='leave_runs_forward'), models.CheckConstraint(condition=models.Q(('user', models.F('cover')), _negated=True), name='leave_covered_by_another')],
            },
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
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                ('authored_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人')),
                ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.ruletable')),
            ],
            options={
                'permissions': [('edit_table', '起草分流规则表'), ('approve_table', '批准分流规则表')],
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('authored_by')), _negated=True), _connector='OR'), name='table_approved_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), _negated=True), models.Q(('from_on__isnull', False), models.Q(('version', 1), ('approved_by__isnull', False), _connector='OR')), _connector='OR'), name='table_approved_with_day_and_approver'), models.UniqueConstraint(condition=models.Q(('state', 'APPROVED')), fields=('from_on',), name='one_approved_table_per_day')],
            },
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
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='retriages', to='cases.case')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.ruletable')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('case',), name='one_open_retriage_per_case'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='retriage_answered_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'DISMISSED'), _negated=True), models.Q(('answer_note', ''), _negated=True), _connector='OR'), name='retriage_dismissed_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('why', 'ON_PURPOSE'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='retriage_on_purpose_has_a_reason')],
            },
        ),
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
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.job')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dry_runs', to='dispatch.ruletable')),
            ],
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
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='制作人')),
            ],
            options={
                'permissions': [('make_chain', '制作抽签种子链'), ('view_draws', '查看抽签和分案均衡')],
            },
        ),
        migrations.AddField(
            model_name='draw',
            name='chain',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='dispatch.seedchain', verbose_name='种子链'),
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
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='send_backs', to='cases.case')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='退回人')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='send_backs', to='bureau.window', verbose_name='立案窗口')),
            ],
            options={
                'permissions': [('answer_send_back', '答复退回的立案')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('case',), name='one_open_send_back_per_case'), models.CheckConstraint(condition=models.Q(('defects', []), _negated=True), name='send_back_names_defects'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='send_back_answered_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='TakeOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='接管理由')),
                ('moved', models.JSONField(default=list, verbose_name='已接管')),
                ('left', models.JSONField(default=list, verbose_name='未接管')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('absent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='缺勤人员')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='接管人')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.team', verbose_name='团队')),
            ],
            options={
                'permissions': [('take_over_desk', '接管同事工作台')],
                'constraints': [models.CheckConstraint(condition=models.Q(('absent', models.F('taker')), _negated=True), name='takeover_by_another'), models.CheckConstraint(condition=models.Q(('absent', models.F('by')), _negated=True), name='takeover_not_of_own_desk'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='takeover_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='TriageRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, verbose_name='规则')),
                ('label', models.CharField(max_length=200, verbose_name='名称')),
                ('stream', models.CharField(choices=[('FAST', '简案速执'), ('ORDINARY', '繁案普执')], max_length=8, verbose_name='指向')),
                ('weight', models.PositiveSmallIntegerField(default=0, verbose_name='权重')),
                ('is_decisive', models.BooleanField(default=False, verbose_name='决定性')),
                ('flag', models.CharField(blank=True, choices=[('PRIORITY', '优先办理'), ('REPORT', '报告局长'), ('DISPOSAL', '转财产处置'), ('SPECIAL', '特别程序'), ('CLOSING', '终本预判')], max_length=10, verbose_name='标记')),
                ('conditions', models.JSONField(default=list, verbose_name='条件')),
                ('basis', models.CharField(max_length=200, verbose_name='依据')),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='起适用日')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='止适用日')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='dispatch.ruletable')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('table', 'code'), name='rule_code_unique_in_table'), models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='rule_has_a_basis')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cash_found', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='可控存款（元）')),
                ('livelihood', models.CharField(blank=True, choices=[('SUPPORT', '赡养费、扶养费、抚养费'), ('PENSION', '抚恤金'), ('MEDICAL', '医疗费'), ('WAGES', '劳动报酬'), ('TRAFFIC', '交通事故赔偿')], max_length=12, verbose_name='民生类型')),
                ('disposal', models.CharField(blank=True, choices=[('REAL_ESTATE', '不动产'), ('EQUITY', '股权'), ('VEHICLE', '已扣押车辆'), ('OTHER', '其他需评估拍卖的财产')], max_length=12, verbose_name='待处置财产')),
                ('act', models.CharField(blank=True, choices=[('EVICTION', '腾退房屋、土地'), ('NUISANCE', '排除妨害'), ('ACT', '其他行为'), ('VISITATION', '探望权'), ('DELIVERY', '交付特定物'), ('REGISTRATION', '协助办理过户登记')], max_length=12, verbose_name='行为类型')),
                ('willingness', models.CharField(blank=True, choices=[('IMMEDIATE', '被执行人承诺立即履行'), ('SETTLED', '已签订和解协议')], max_length=12, verbose_name='履行意愿')),
                ('sensitive', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('CROWD', '涉众'), ('ENTERPRISE', '涉企重大'), ('MILITARY', '涉军'), ('GOVERNMENT', '涉府')], max_length=12), blank=True, default=list, size=None, verbose_name='特别关注')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='核对说明')),
                ('verified_at', models.DateTimeField(verbose_name='核对时间')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='cases.case')),
                ('verified_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('verify_case', '核对立案信息')],
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.PositiveSmallIntegerField(default=1, verbose_name='次数')),
                ('facts', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='事实')),
                ('sources', models.JSONField(default=dict, verbose_name='事实来源')),
                ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None, verbose_name='标记')),
                ('proposed', models.CharField(choices=[('FAST', '简案速执'), ('ORDINARY', '繁案普执')], max_length=8, verbose_name='规则建议')),
                ('hits', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None, verbose_name='命中规则')),
                ('misses', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None, verbose_name='未命中规则')),
                ('explanation', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='计算过程')),
                ('conclusion', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='结论')),
                ('decided', models.CharField(choices=[('FAST', '简案速执'), ('ORDINARY', '繁案普执')], max_length=8, verbose_name='分流决定')),
                ('override_reason', models.CharField(blank=True, max_length=300, verbose_name='改判理由')),
                ('decided_at', models.DateTimeField(verbose_name='分流时间')),
                ('decided_on', models.DateField(db_index=True, verbose_name='分流日')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='verdict', to='cases.case')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('table', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='dispatch.ruletable')),
                ('verification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dispatch.verification')),
            ],
            options={
                'permissions': [('triage_case', '繁简分流')],
                'constraints': [models.CheckConstraint(condition=models.Q(('proposed', models.F('decided')), models.Q(('override_reason', ''), _negated=True), _connector='OR'), name='override_has_a_reason')],
            },
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.UniqueConstraint(condition=models.Q(('chain__isnull', False)), fields=('chain', 'number'), name='seed_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('chain__isnull', False), ('mode', 'DRAW'), ('number__gt', 0)), models.Q(('chain__isnull', True), ('mode', 'LEAST'), ('number', 0), ('seed', '')), _connector='OR'), name='draw_names_its_seed'),
        ),
    ]
