"""Photos and receipts that come with the answer of a work order."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('cases', '0015_file'),
        ('documents', '0007_seal_log'),
    ]

    operations = [
        migrations.AddField(
            model_name='material',
            name='work_order',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.workorder', verbose_name='协作'),
        ),
        migrations.AlterField(
            model_name='material',
            name='kind',
            field=models.CharField(choices=[('APPLICATION', '申请执行书'), ('BASIS', '生效法律文书及生效证明'), ('IDENTITY', '申请执行人身份证明'), ('AUTHORITY', '授权委托材料'), ('ADDRESS', '送达地址确认书'), ('PAYEE', '收款账户确认书'), ('DEBTOR', '被执行人信息'), ('CLUES', '财产线索或财产调查表'), ('PRESERVATION', '保全裁定及查封清单'), ('SPECIAL', '仲裁协议、执行证书或准予执行裁定'), ('SUCCESSION', '继承或权利承受证明'), ('SERVICE', '送达回证及送达凭证'), ('ONSITE', '现场照片、回执'), ('OTHER', '其他材料')], max_length=16, verbose_name='材料种类'),
        ),
        migrations.AlterField(
            model_name='missingnote',
            name='kind',
            field=models.CharField(choices=[('APPLICATION', '申请执行书'), ('BASIS', '生效法律文书及生效证明'), ('IDENTITY', '申请执行人身份证明'), ('AUTHORITY', '授权委托材料'), ('ADDRESS', '送达地址确认书'), ('PAYEE', '收款账户确认书'), ('DEBTOR', '被执行人信息'), ('CLUES', '财产线索或财产调查表'), ('PRESERVATION', '保全裁定及查封清单'), ('SPECIAL', '仲裁协议、执行证书或准予执行裁定'), ('SUCCESSION', '继承或权利承受证明'), ('SERVICE', '送达回证及送达凭证'), ('ONSITE', '现场照片、回执'), ('OTHER', '其他材料')], max_length=16, verbose_name='材料种类'),
        ),
    ]
