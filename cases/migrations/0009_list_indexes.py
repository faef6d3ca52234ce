"""Indexes of what the case list is sorted, cut and searched by, and of running deadlines by their level."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0003_court_permission'),
        ('cases', '0008_sanctions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='filed_on',
            field=models.DateField(verbose_name='立案日'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['filed_on', 'id'], name='case_filed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['closing_due_on', 'id'], name='case_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['amount_claimed', 'id'], name='case_amount'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['stage_since_on', 'id'], name='case_since'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['year'], name='case_year'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['seq'], name='case_seq'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('level__in', ['YELLOW', 'ORANGE', 'RED']), ('state', 'RUNNING')), fields=['level', 'case'], name='deadline_running_level'),
        ),
    ]
