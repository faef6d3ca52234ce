from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0011_performance_paper'),
    ]

    operations = [
        migrations.RenameField(model_name='closing', old_name='ground', new_name='facts'),
        migrations.AlterField(
            model_name='closing',
            name='facts',
            field=models.CharField(blank=True, max_length=300, verbose_name='事实和理由'),
        ),
        migrations.AddField(
            model_name='closing',
            name='ground',
            field=models.CharField(blank=True, default='', max_length=16, verbose_name='结案事由'),
            preserve_default=False,
        ),
    ]
