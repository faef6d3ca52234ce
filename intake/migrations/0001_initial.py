"""Look-up codes handed out with the receipt."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('bureau', '0001_initial'),
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LookupCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hmac', models.CharField(max_length=64, unique=True)),
                ('issued_at', models.DateTimeField(verbose_name='发码时间')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lookup_codes', to='cases.case')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('file_case', '登记立案'), ('reissue_code', '补发查询码')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('case',), name='one_live_code_per_case')],
            },
        ),
    ]
