"""A court's own staff are a team, which names its court."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0002_record_and_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='court',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='old_book_team', to='bureau.court', verbose_name='旧存案件法院'),
        ),
        migrations.AlterField(
            model_name='team',
            name='kind',
            field=models.CharField(choices=[('COMMAND', '执行指挥中心'), ('AFFAIRS', '事务团队'), ('FAST', '速执团队'), ('ORDINARY', '普执团队'), ('DISPOSAL', '财产处置团队'), ('FIELD', '现场查控团队'), ('FINANCE', '案款管理'), ('INSPECTION', '审判管理与督察'), ('LEADERSHIP', '院局领导'), ('SYSTEM', '系统管理'), ('COURT', '原法院执行局（旧存）')], max_length=16, verbose_name='类别'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('court__isnull', False), ('kind', 'COURT')), models.Q(models.Q(('kind', 'COURT'), _negated=True), ('court', None)), _connector='OR'), name='team_of_a_court_names_it'),
        ),
    ]
