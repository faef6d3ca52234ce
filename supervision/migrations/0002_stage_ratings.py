"""What applicants think of each stage."""

import bureau.crypto
import django.db.models.deletion
from django.db import migrations, models


DOORS = """
CREATE TRIGGER stagerating_append_only BEFORE UPDATE OR DELETE ON supervision_stagerating
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER stagerating_no_truncate BEFORE TRUNCATE ON supervision_stagerating
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER stagerating_no_truncate ON supervision_stagerating;
DROP TRIGGER stagerating_append_only ON supervision_stagerating;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0002_record_and_roles'),
        ('cases', '0005_party_asks'),
        ('supervision', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StageRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('FILED', '立案接待'), ('STARTING', '启动和通知'), ('STREAM', '执行实施'), ('MONEY', '案款发放')], max_length=10, verbose_name='阶段')),
                ('score', models.PositiveSmallIntegerField(verbose_name='评分')),
                ('text', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='说明')),
                ('rated_at', models.DateTimeField(verbose_name='评价时间')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stage_ratings', to='cases.case')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.party')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.team', verbose_name='团队')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 5)), name='rating_one_to_five'), models.UniqueConstraint(fields=('party', 'stage'), name='a_stage_is_rated_once')],
            },
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
