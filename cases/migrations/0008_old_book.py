"""A pending case of the old book comes in with the day on which it did."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0003_court_team'),
        ('cases', '0007_performance_without_amount'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='case',
            options={'permissions': [('view_stage_board', '查看阶段看板'), ('start_case', '启动案件'), ('hand_over_case', '移交案件'), ('accept_handover', '接收移交'), ('suspend_case', '中止执行'), ('resume_case', '恢复执行'), ('settle_case', '登记执行和解'), ('change_stream', '简繁转换'), ('propose_closing', '提请结案'), ('review_closing', '结案审查'), ('archive_case', '归档'), ('import_old_book', '导入旧存案件'), ('take_up_case', '确定旧存案件承办人'), ('change_handler', '更换旧存案件承办人'), ('view_old_book', '查看旧存案件统计')]},
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='revival_names_what_it_revives',
        ),
        migrations.AddField(
            model_name='case',
            name='taken_in_on',
            field=models.DateField(blank=True, null=True, verbose_name='旧存导入日'),
        ),
        migrations.AlterField(
            model_name='case',
            name='type_code',
            field=models.CharField(choices=[('执', '首次执行'), ('执恢', '恢复执行'), ('执保', '财产保全执行')], default='执', max_length=4, verbose_name='类型代字'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('type_code', '执恢'), models.Q(('revives__isnull', False), ('taken_in_on__isnull', False), _connector='OR')), models.Q(models.Q(('type_code', '执恢'), _negated=True), ('revives', None)), _connector='OR'), name='revival_names_what_it_revives'),
        ),
    ]
