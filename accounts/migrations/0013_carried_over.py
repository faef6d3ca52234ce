"""What a case of the old book brings: money carried over, and what had been paid before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_transfer_day'),
        ('cases', '0008_old_book'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='bankline',
            options={'permissions': [('enter_bank_line', '登记银行来款'), ('identify_bank_line', '核对认领的来款'), ('view_money', '查看案款'), ('view_ledger', '查看总账'), ('carry_over', '结转旧存案款'), ('approve_court_payout', '审批本院旧存案件发放')]},
        ),
        migrations.AlterField(
            model_name='transfer',
            name='purpose',
            field=models.CharField(choices=[('DEPOSIT', '来款入账'), ('UNIDENTIFIED', '不明来款挂账'), ('IDENTIFY', '认领归案'), ('CARRY', '旧存案款结转'), ('PAYOUT', '发放出账'), ('FEE', '执行申请费出账'), ('COST', '执行费用出账'), ('REFUND', '余款退还出账'), ('LINE_REFUND', '不明案款退还出账'), ('MOVE', '转入另案'), ('ABSENT', '提存'), ('RELEASE', '提存款领取出账'), ('CONFIRM', '银行回单确认'), ('BOUNCE', '退票退回'), ('REVERSE', '冲正')], max_length=12, verbose_name='用途'),
        ),
        migrations.AlterField(
            model_name='daydifference',
            name='kind',
            field=models.CharField(choices=[('NO_STATEMENT', '当日没有银行对账单'), ('BANK_ONLY', '银行有、账上无'), ('LEDGER_ONLY', '账上有、银行无'), ('BANK_FEE', '银行收费或利息'), ('OTHER_AMOUNT', '金额不符'), ('OTHER_DATE', '日期不符'), ('DOUBLED', '同一付款重复扣款'), ('RETURNED', '退票'), ('NOT_SENT', '付款不在银行处理中'), ('CHANGED', '流水号已用，内容不同'), ('CARRIED', '旧存案款结转，不在当日银行来款中'), ('BALANCE', '银行余额与账面余额不符'), ('SUB_BALANCE', '账面余额与各子账户合计不符')], max_length=12, verbose_name='类别'),
        ),
        migrations.CreateModel(
            name='PaidBefore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('arrived_on', models.DateField(verbose_name='原到账日')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='金额')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('entered_at', models.DateTimeField(verbose_name='登记时间')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paid_before', to='cases.case')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'position'), name='each_earlier_payment_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='earlier_payment_positive')],
            },
        ),
        migrations.RunSQL(
            """
CREATE TRIGGER paid_before_append_only BEFORE UPDATE OR DELETE ON accounts_paidbefore
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER paid_before_no_truncate BEFORE TRUNCATE ON accounts_paidbefore
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
""",
            """
DROP TRIGGER paid_before_no_truncate ON accounts_paidbefore;
DROP TRIGGER paid_before_append_only ON accounts_paidbefore;
""",
        ),
    ]
