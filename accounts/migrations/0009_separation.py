"""The right to see who did what on every payout."""

from django.db import migrations


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('accounts', '0008_idle_approvals'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='payout',
            options={'permissions': [('request_payout', '申请发放'), ('check_payout', '审核发放'), ('approve_payout', '审批发放'), ('pay_payout', '付款'), ('view_separation', '查看经手人分离报告')]},
        ),
    ]
