"""What the public pages may see."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [("portal", "0002_debt_page")]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DebtPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField(unique=True)),
                ('code_id', models.BigIntegerField()),
                ('token_hmac', models.CharField(max_length=64, unique=True)),
                ('version', models.PositiveSmallIntegerField(verbose_name='格式')),
                ('payload', models.JSONField(verbose_name='内容')),
                ('event_seq', models.BigIntegerField(verbose_name='已反映到的记录序号')),
                ('computed_on', models.DateField(db_index=True, verbose_name='计算日')),
                ('projected_at', models.DateTimeField(verbose_name='更新时间')),
            ],
        ),
        migrations.CreateModel(
            name='StatusPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField(unique=True)),
                ('number_digest', models.CharField(db_index=True, max_length=64)),
                ('code_hmac', models.CharField(max_length=64)),
                ('payload', models.JSONField(verbose_name='内容')),
                ('event_seq', models.BigIntegerField(verbose_name='已反映到的记录序号')),
                ('projected_at', models.DateTimeField(verbose_name='更新时间')),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('is_success', models.BooleanField(verbose_name='成功')),
                ('was_locked', models.BooleanField(default=False, verbose_name='锁定期间')),
            ],
            options={
                'indexes': [models.Index(fields=['number_digest', 'at'], name='attempt_number_at')],
            },
        ),
    ]
