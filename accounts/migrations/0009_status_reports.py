"""The bank's reports on payment files: each taken in once, kept as it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE TRIGGER status_report_append_only BEFORE UPDATE OR DELETE ON accounts_statusreport
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER status_report_no_truncate BEFORE TRUNCATE ON accounts_statusreport
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER status_report_no_truncate ON accounts_statusreport;
DROP TRIGGER status_report_append_only ON accounts_statusreport;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_refunds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='payout',
            name='accepted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='银行受理时间'),
        ),
        migrations.CreateModel(
            name='StatusReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=35, unique=True, verbose_name='银行报文号')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('accepted_count', models.PositiveIntegerField(verbose_name='银行已受理')),
                ('paid_count', models.PositiveIntegerField(verbose_name='银行已付')),
                ('rejected_count', models.PositiveIntegerField(verbose_name='银行拒绝')),
                ('answered_count', models.PositiveIntegerField(verbose_name='此前已答复')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='accounts.paymentfile')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['-received_at', '-id'], name='status_report_newest')],
            },
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
