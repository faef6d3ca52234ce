"""What parties say through the public pages."""

import bureau.crypto
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_network_query'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PartyAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('CLUE', '财产线索'), ('VISIT', '预约来访'), ('COMPLAINT', '意见投诉')], max_length=10, verbose_name='种类')),
                ('receipt', models.CharField(max_length=16, unique=True, verbose_name='回执号')),
                ('topic', models.CharField(blank=True, choices=[('SLOW', '执行不力、拖延'), ('CONDUCT', '执行行为违法、作风问题'), ('MONEY', '案款'), ('NO_MEANS', '被执行人无财产可供执行'), ('OTHER', '与执行无关的其他事项')], max_length=10, verbose_name='反映的问题')),
                ('text', bureau.crypto.EncryptedField(verbose_name='内容')),
                ('wanted_on', models.DateField(blank=True, null=True, verbose_name='希望的日期')),
                ('wanted_half', models.CharField(blank=True, choices=[('MORNING', '上午'), ('AFTERNOON', '下午')], max_length=10, verbose_name='上午或下午')),
                ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                ('due_on', models.DateField(verbose_name='应答复日')),
                ('result', models.CharField(blank=True, choices=[('VERIFIED', '线索属实，已依法处理'), ('NOT_FOUND', '已核实，未查到该财产'), ('UNCLEAR', '线索不具体，无法核实，请补充'), ('FIXED', '同意预约'), ('OTHER_DAY', '另约时间'), ('NO_VISIT', '不需来访，已在答复中说明'), ('UPHELD', '反映属实，已督促改正'), ('EXPLAINED', '已核实并说明'), ('PASSED_ON', '已转有权处理的部门')], max_length=10, verbose_name='结果')),
                ('answer', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='答复')),
                ('meeting_on', models.DateField(blank=True, null=True, verbose_name='约定日期')),
                ('meeting_half', models.CharField(blank=True, choices=[('MORNING', '上午'), ('AFTERNOON', '下午')], max_length=10, verbose_name='约定上午或下午')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.agent', verbose_name='代为提出的代理人')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='party_asks', to='cases.case', verbose_name='案件')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.party', verbose_name='当事人')),
            ],
            options={
                'permissions': [('answer_ask', '答复当事人线索、预约'), ('answer_complaint', '答复意见投诉')],
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['due_on'], name='ask_waiting'), models.Index(fields=['case', 'asked_at'], name='ask_of_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('result', '')), models.Q(models.Q(('result', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='ask_answered_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'COMPLAINT'), models.Q(('topic', ''), _negated=True)), models.Q(models.Q(('kind', 'COMPLAINT'), _negated=True), ('topic', '')), _connector='OR'), name='complaint_has_a_topic'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'VISIT'), ('wanted_on__isnull', False), models.Q(('wanted_half', ''), _negated=True)), models.Q(models.Q(('kind', 'VISIT'), _negated=True), ('wanted_half', ''), ('wanted_on__isnull', True)), _connector='OR'), name='visit_wants_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('meeting_on__isnull', False), ('result__in', ['FIXED', 'OTHER_DAY']), models.Q(('meeting_half', ''), _negated=True)), models.Q(models.Q(('result__in', ['FIXED', 'OTHER_DAY']), _negated=True), ('meeting_half', ''), ('meeting_on__isnull', True)), _connector='OR'), name='meeting_has_a_day')],
            },
        ),
    ]
