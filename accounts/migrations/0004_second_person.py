"""Acts of a second person: changes of payees' accounts are confirmed, wrongly identified receipts taken back.

What was confirmed so far was confirmed by its enterer; who identified a receipt stands in its transfer.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# The update leaves foreign key checks waiting, which would refuse the next ALTER TABLE.
CONFIRMED_SO_FAR = """
UPDATE accounts_payeeaccount SET confirmed_by_id = entered_by_id, entered_at = confirmed_at;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
IDENTIFIED_SO_FAR = """
UPDATE accounts_receipt r SET identified_by_id = t.actor_id FROM accounts_transfer t, accounts_bankline b
 WHERE b.id = r.bank_line_id AND t.purpose = 'IDENTIFY' AND t.reference = 'ID-' || b.serial;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('accounts', '0003_ledger'),
        ('cases', '0002_stage_door'),
        ('documents', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='payeeaccount',
            options={'permissions': [('enter_payee', '录入收款账户'), ('confirm_payee', '确认收款账户变更')]},
        ),
        migrations.RemoveConstraint(
            model_name='payeeaccount',
            name='one_live_account_per_party',
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='ended_note',
            field=models.CharField(blank=True, max_length=200, verbose_name='未予确认的原因'),
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='entered_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='录入时间'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='replaces',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.payeeaccount'),
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='state',
            field=models.CharField(choices=[('PENDING', '变更待确认'), ('CONFIRMED', '已确认'), ('REFUSED', '未予确认')], default='CONFIRMED', max_length=10, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='payeeaccount',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='确认时间'),
        ),
        migrations.RunSQL(CONFIRMED_SO_FAR, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='payeeaccount',
            constraint=models.UniqueConstraint(condition=models.Q(('party__isnull', False), ('replaced_at__isnull', True), ('state', 'CONFIRMED')), fields=('party',), name='one_live_account_per_party'),
        ),
        migrations.AddConstraint(
            model_name='payeeaccount',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'PENDING')), fields=('party',), name='one_pending_account_change_per_party'),
        ),
        migrations.AddConstraint(
            model_name='payeeaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('state', 'CONFIRMED')), models.Q(models.Q(('state', 'CONFIRMED'), _negated=True), ('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), _connector='OR'), name='payee_account_confirmed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='payeeaccount',
            constraint=models.CheckConstraint(condition=models.Q(('replaces__isnull', True), ('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('entered_by')), _negated=True), _connector='OR'), name='payee_change_by_two_people'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='identified_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='receipt',
            name='void_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='撤回原因'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='voided_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='撤回时间'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='voided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='receipt',
            name='bank_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='accounts.bankline'),
        ),
        migrations.RunSQL(IDENTIFIED_SO_FAR, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_at__isnull', True)), fields=('bank_line',), name='one_live_receipt_per_bank_line'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('identified_by__isnull', False), ('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('voided_by', models.F('identified_by')), _negated=True)), _connector='OR'), name='receipt_taken_back_by_another'),
        ),
    ]
