"""Work orders, contacts, notes and holds; a note is append-only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


APPEND_ONLY = """
CREATE TRIGGER note_append_only BEFORE UPDATE OR DELETE ON cases_note
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER note_no_truncate BEFORE TRUNCATE ON cases_note
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER note_no_truncate ON cases_note;
DROP TRIGGER note_append_only ON cases_note;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0002_record_and_roles'),
        ('cases', '0003_stages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('CALL', '电话'), ('VISIT', '来访'), ('TALK', '约谈'), ('MESSAGE', '短信、留言')], max_length=8, verbose_name='方式')),
                ('with_name', models.CharField(blank=True, max_length=60, verbose_name='其他人')),
                ('text', models.CharField(max_length=1000, verbose_name='说了什么')),
                ('promised', models.CharField(blank=True, max_length=300, verbose_name='承诺内容')),
                ('promised_on', models.DateField(blank=True, null=True, verbose_name='承诺日')),
                ('promise', models.CharField(blank=True, choices=[('OPEN', '待兑现'), ('KEPT', '已兑现'), ('BROKEN', '未兑现')], max_length=8, verbose_name='承诺')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='核对时间')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='记录人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='cases.case', verbose_name='案件')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.party', verbose_name='当事人')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('log_contact', '登记联系记录')],
                'indexes': [models.Index(fields=['case', '-at'], name='contact_of_case'), models.Index(condition=models.Q(('promise', 'OPEN')), fields=['promised_on'], name='contact_open_promise')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('party__isnull', False), ('with_name', '')), models.Q(('party__isnull', True), models.Q(('with_name', ''), _negated=True)), _connector='OR'), name='contact_with_party_or_other'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='contact_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('promise', ''), ('promised', ''), ('promised_on__isnull', True)), models.Q(models.Q(('promise', ''), _negated=True), models.Q(('promised', ''), _negated=True), ('promised_on__isnull', False)), _connector='OR'), name='contact_promise_has_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('promise__in', ['KEPT', 'BROKEN']), ('settled_at__isnull', False), ('settled_by__isnull', False)), models.Q(models.Q(('promise__in', ['KEPT', 'BROKEN']), _negated=True), ('settled_at__isnull', True), ('settled_by__isnull', True)), _connector='OR'), name='contact_promise_settled_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='搁置理由')),
                ('from_on', models.DateField(verbose_name='自')),
                ('until_on', models.DateField(verbose_name='至')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='恢复时间')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='恢复日')),
                ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='恢复说明')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='cases.case', verbose_name='案件')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('hold_case', '搁置案件')],
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['until_on'], name='hold_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on__gt', models.F('from_on'))), name='hold_runs_forward'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hold_has_a_reason'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('case',), name='one_running_hold'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_on__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('ended_on__isnull', False)), _connector='OR'), name='hold_ended_by_someone'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('until_on')), models.Q(('end_reason', ''), _negated=True), _connector='OR'), name='hold_ended_early_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=1000, verbose_name='备注')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='记录人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='cases.case', verbose_name='案件')),
            ],
            options={
                'indexes': [models.Index(fields=['case', '-at'], name='note_of_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_says_something')],
            },
        ),
        migrations.CreateModel(
            name='WorkOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('QUERY', '查询'), ('DELIVERY', '送达'), ('ONSITE', '现场事项'), ('VALUATION', '询价评估'), ('DOCUMENT', '制作文书'), ('OTHER', '其他协作')], max_length=10, verbose_name='种类')),
                ('requested_at', models.DateTimeField(verbose_name='请求时间')),
                ('text', models.CharField(max_length=500, verbose_name='请求内容')),
                ('department', models.CharField(blank=True, choices=[('REAL_ESTATE', '不动产登记中心'), ('VEHICLES', '车管所（交警支队）'), ('PROVIDENT_FUND', '公积金中心'), ('TAX', '税务局'), ('MARKET', '市场监管局'), ('SOCIAL_SECURITY', '社保中心'), ('CIVIL_AFFAIRS', '民政局'), ('POLICE', '公安（派出所）'), ('BANK', '银行网点'), ('LAND', '自然资源局'), ('COMMUNITY', '村委会、社区、物业'), ('EMPLOYER', '用人单位'), ('OTHER', '烟草、水电、保险、电信等')], max_length=16, verbose_name='部门')),
                ('district', models.CharField(blank=True, choices=[('CITY', '市本级'), ('HAIBOWAN', '海勃湾区'), ('HAINAN', '海南区'), ('WUDA', '乌达区'), ('ELSEWHERE', '市外')], max_length=12, verbose_name='区域')),
                ('due_on', models.DateField(verbose_name='应办结日')),
                ('state', models.CharField(choices=[('REQUESTED', '待接单'), ('ACCEPTED', '办理中'), ('DONE', '待确认'), ('RETURNED', '退回重办'), ('CONFIRMED', '已确认'), ('WITHDRAWN', '已撤回')], default='REQUESTED', max_length=10, verbose_name='状态')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='接单时间')),
                ('result', models.CharField(blank=True, choices=[('FOUND', '有'), ('NONE', '无'), ('REFUSED', '拒绝'), ('PAPERS', '需补材料')], max_length=8, verbose_name='结果')),
                ('result_text', models.CharField(blank=True, max_length=1000, verbose_name='结果说明')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('return_reason', models.CharField(blank=True, max_length=300, verbose_name='退回理由')),
                ('return_count', models.PositiveSmallIntegerField(default=0, verbose_name='退回次数')),
                ('earlier', models.TextField(blank=True, verbose_name='此前答复')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('withdraw_reason', models.CharField(blank=True, max_length=300, verbose_name='撤回理由')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_orders', to='cases.case', verbose_name='案件')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                ('from_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.team', verbose_name='请求团队')),
                ('officer1', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='执行人员一')),
                ('officer2', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='执行人员二')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.party', verbose_name='涉及人')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='请求人')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人')),
                ('to_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_orders', to='bureau.team', verbose_name='办理团队')),
            ],
            options={
                'permissions': [('request_work', '请求协作、确认结果'), ('do_work', '接单、办理协作')],
                'indexes': [models.Index(condition=models.Q(('state__in', ['REQUESTED', 'ACCEPTED', 'DONE', 'RETURNED'])), fields=['to_team', 'due_on'], include=('case',), name='work_open_of_team'), models.Index(condition=models.Q(('state__in', ['REQUESTED', 'ACCEPTED', 'DONE', 'RETURNED'])), fields=['case'], name='work_open_of_case'), models.Index(condition=models.Q(('state', 'ACCEPTED')), fields=['taken_by'], name='work_taken_by')],
                'constraints': [models.CheckConstraint(condition=models.Q(('from_team', models.F('to_team')), _negated=True), name='work_goes_to_another_team'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'ONSITE'), models.Q(('department', ''), _negated=True), models.Q(('district', ''), _negated=True)), models.Q(models.Q(('kind', 'ONSITE'), _negated=True), ('department', ''), ('district', ''), ('officer1', None), ('officer2', None), ('result', '')), _connector='OR'), name='work_onsite_has_place'), models.CheckConstraint(condition=models.Q(('state__in', ['REQUESTED', 'RETURNED', 'WITHDRAWN']), models.Q(('accepted_at__isnull', False), ('taken_by__isnull', False)), _connector='OR'), name='work_accepted_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['DONE', 'CONFIRMED']), _negated=True), models.Q(('answered_at__isnull', False), ('done_by__isnull', False), models.Q(models.Q(('result_text', ''), _negated=True), models.Q(('result', ''), _negated=True), _connector='OR')), _connector='OR'), name='work_done_with_answer'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'ONSITE'), ('state__in', ['DONE', 'CONFIRMED']), _negated=True), models.Q(models.Q(('result', ''), _negated=True), ('officer1__isnull', False), ('officer2__isnull', False)), _connector='OR'), name='work_onsite_by_two_officers'), models.CheckConstraint(condition=models.Q(('officer1', models.F('officer2')), _negated=True), name='work_officers_differ'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'RETURNED'), _negated=True), models.Q(models.Q(('return_reason', ''), _negated=True), ('return_count__gt', 0)), _connector='OR'), name='work_returned_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state__in', ['CONFIRMED', 'WITHDRAWN'])), models.Q(models.Q(('state__in', ['CONFIRMED', 'WITHDRAWN']), _negated=True), ('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='work_closed_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'CONFIRMED'), _negated=True), models.Q(('closed_by', models.F('done_by')), _negated=True), _connector='OR'), name='work_confirmed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'WITHDRAWN'), _negated=True), models.Q(('withdraw_reason', ''), _negated=True), _connector='OR'), name='work_withdrawn_with_reason')],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
