"""A control may come in with the old book."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assets', '0002_doors'),
    ]

    operations = [
        migrations.AlterField(
            model_name='control',
            name='origin',
            field=models.CharField(choices=[('ENFORCEMENT', '执行中采取'), ('PRESERVATION', '保全转入'), ('TAKEN_IN', '旧存转入')], default='ENFORCEMENT', max_length=12, verbose_name='来源'),
        ),
    ]
