"""What a court's workbook of its old book became."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0003_court_team'),
        ('cases', '0008_old_book'),
        ('intake', '0006_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OldBookImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('sha256', models.CharField(max_length=64, verbose_name='文件摘要')),
                ('row_count', models.PositiveIntegerField(verbose_name='行数')),
                ('case_count', models.PositiveIntegerField(verbose_name='件数')),
                ('imported_at', models.DateTimeField(verbose_name='导入时间')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.court', verbose_name='法院')),
                ('imported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
            ],
        ),
        migrations.CreateModel(
            name='TakenIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='行')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='taken_in', to='cases.case')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='intake.oldbookimport')),
            ],
        ),
        migrations.AddConstraint(
            model_name='oldbookimport',
            constraint=models.UniqueConstraint(fields=('court', 'sha256'), name='old_book_file_once_per_court'),
        ),
        migrations.AddConstraint(
            model_name='oldbookimport',
            constraint=models.CheckConstraint(condition=models.Q(('case_count__gt', 0)), name='old_book_import_has_cases'),
        ),
    ]
