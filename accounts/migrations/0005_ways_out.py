"""Everything money out of a case may be for, each with its account of the house; what existed is named as it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The updates leave foreign key checks waiting, which would refuse the next ALTER TABLE.
# No row of the ledger is ever changed; here each only learns the name of the payout whose it always was.
NAMED = """
UPDATE accounts_payeeaccount a SET case_id = p.case_id FROM cases_party p WHERE p.id = a.party_id;
UPDATE accounts_payout o SET purpose = 'REFUND' FROM accounts_payeeaccount a WHERE a.id = o.payee_id AND a.kind = 'DEBTOR';
ALTER TABLE accounts_transfer DISABLE TRIGGER transfer_append_only;
UPDATE accounts_transfer t SET payout_id = o.id FROM accounts_payout o
 WHERE t.purpose IN ('PAYOUT', 'CONFIRM', 'BOUNCE') AND t.reference = t.purpose || '-' || o.reference;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE accounts_transfer ENABLE TRIGGER transfer_append_only;
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('accounts', '0004_second_person'),
        ('bureau', '0003_court_permission'),
        ('cases', '0006_related_cases'),
        ('documents', '0003_immutable'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payeeaccount',
            name='payee_account_has_its_party',
        ),
        migrations.RemoveConstraint(
            model_name='payeeaccount',
            name='payee_change_by_two_people',
        ),
        migrations.RemoveConstraint(
            model_name='payout',
            name='payout_signed_at_each_step',
        ),
        migrations.RemoveConstraint(
            model_name='receipt',
            name='receipt_taken_back_by_another',
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='case',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payee_accounts', to='cases.case'),
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='document',
            field=models.CharField(blank=True, max_length=200, verbose_name='依据文书'),
        ),
        migrations.AddField(
            model_name='payeeaccount',
            name='on_behalf_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='cases.party'),
        ),
        migrations.AddField(
            model_name='payout',
            name='absent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deposits', to='cases.party'),
        ),
        migrations.AddField(
            model_name='payout',
            name='document',
            field=models.CharField(blank=True, max_length=200, verbose_name='依据文书'),
        ),
        migrations.AddField(
            model_name='payout',
            name='purpose',
            field=models.CharField(choices=[('CLAIM', '发放申请执行人'), ('COURT', '转付其他法院'), ('FEE', '执行申请费缴国库'), ('COST', '支付执行费用'), ('REFUND', '余款退还被执行人'), ('MOVE', '转入本局另案'), ('ABSENT', '提存'), ('RELEASE', '领取提存款')], default='CLAIM', max_length=8, verbose_name='用途'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='payout',
            name='releases',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases_made', to='accounts.payout'),
        ),
        migrations.AddField(
            model_name='payout',
            name='reversed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='冲正时间'),
        ),
        migrations.AddField(
            model_name='payout',
            name='reversed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payout',
            name='target',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves_in', to='cases.case'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='moved_part',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='became', to='accounts.payoutpart'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='payout',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='accounts.payout'),
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='payeeaccount',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payee_accounts', to='cases.case'),
        ),
        migrations.AlterField(
            model_name='account',
            name='kind',
            field=models.CharField(choices=[('BANK_MASTER', '执行款专户'), ('ESCROW', '一案一账号'), ('UNIDENTIFIED', '不明案款'), ('IN_TRANSIT', '在途发放款'), ('FEES_DUE', '应缴国库执行申请费'), ('COSTS', '待付执行费用'), ('REFUNDS', '在途退款'), ('ABSENT', '提存款')], max_length=16, verbose_name='类别'),
        ),
        migrations.AlterField(
            model_name='payeeaccount',
            name='kind',
            field=models.CharField(choices=[('APPLICANT', '申请执行人'), ('DEBTOR', '被执行人（退余款）'), ('SUCCESSOR', '继承人或监护人'), ('COURT', '其他法院执行款专户'), ('TREASURY', '国库（执行申请费）'), ('COST', '评估等执行费用收款人')], max_length=10, verbose_name='收款人类别'),
        ),
        migrations.AlterField(
            model_name='payout',
            name='ended_note',
            field=models.CharField(blank=True, max_length=200, verbose_name='驳回、退票或冲正原因'),
        ),
        migrations.AlterField(
            model_name='payout',
            name='payee',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='accounts.payeeaccount'),
        ),
        migrations.AlterField(
            model_name='payout',
            name='state',
            field=models.CharField(choices=[('REQUESTED', '待审核'), ('CHECKED', '待审批'), ('APPROVED', '待付款'), ('SENT', '银行处理中'), ('PAID', '已到账'), ('BOUNCED', '退票'), ('REJECTED', '已驳回'), ('REVERSED', '已冲正')], default='REQUESTED', max_length=10, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='receipt',
            name='bank_line',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='accounts.bankline'),
        ),
        migrations.AlterField(
            model_name='transfer',
            name='purpose',
            field=models.CharField(choices=[('DEPOSIT', '来款入账'), ('UNIDENTIFIED', '不明来款挂账'), ('IDENTIFY', '认领归案'), ('PAYOUT', '发放出账'), ('FEE', '执行申请费出账'), ('COST', '执行费用出账'), ('REFUND', '余款退还出账'), ('MOVE', '转入另案'), ('ABSENT', '提存'), ('RELEASE', '提存款领取出账'), ('CONFIRM', '银行回单确认'), ('BOUNCE', '退票退回'), ('REVERSE', '冲正')], max_length=12, verbose_name='用途'),
        ),
        migrations.AddConstraint(
            model_name='payeeaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['APPLICANT', 'DEBTOR']), ('on_behalf_of__isnull', True), ('party__isnull', False)), models.Q(('kind', 'SUCCESSOR'), ('on_behalf_of__isnull', False), ('party__isnull', True), models.Q(('document', ''), _negated=True)), models.Q(('kind__in', ['COURT', 'TREASURY', 'COST']), ('on_behalf_of__isnull', True), ('party__isnull', True), models.Q(('document', ''), _negated=True)), _connector='OR'), name='payee_account_has_its_party'),
        ),
        migrations.AddConstraint(
            model_name='payeeaccount',
            constraint=models.UniqueConstraint(condition=models.Q(('party__isnull', True), ('replaced_at__isnull', True), ('state__in', ['PENDING', 'CONFIRMED'])), fields=('case', 'kind', 'number_digest'), name='one_live_account_of_another_payee'),
        ),
        migrations.AddConstraint(
            model_name='payeeaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('party__isnull', False), ('replaces__isnull', True)), ('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('entered_by')), _negated=True), _connector='OR'), name='payee_change_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['REQUESTED', 'REJECTED']), models.Q(('checked_by__isnull', False), ('state', 'CHECKED')), models.Q(('approved_by__isnull', False), ('checked_by__isnull', False), ('state', 'APPROVED')), models.Q(('approved_by__isnull', False), ('checked_by__isnull', False), ('paid_by__isnull', False), ('state__in', ['SENT', 'BOUNCED'])), models.Q(('approved_by__isnull', False), ('checked_by__isnull', False), ('paid_by__isnull', False), ('paid_on__isnull', False), ('state__in', ['PAID', 'REVERSED'])), _connector='OR'), name='payout_signed_at_each_step'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('absent', None), ('payee__isnull', True), ('purpose', 'MOVE'), ('releases', None), ('target__isnull', False), models.Q(('target', models.F('case')), _negated=True), models.Q(('document', ''), _negated=True)), models.Q(('absent__isnull', False), ('payee__isnull', True), ('purpose', 'ABSENT'), ('releases', None), ('target', None), models.Q(('document', ''), _negated=True)), models.Q(('absent', None), ('payee__isnull', False), ('purpose', 'RELEASE'), ('releases__isnull', False), ('target', None)), models.Q(('absent', None), ('payee__isnull', False), ('purpose__in', ['CLAIM', 'COURT', 'FEE', 'COST', 'REFUND']), ('releases', None), ('target', None)), _connector='OR'), name='payout_goes_where_its_purpose_says'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose__in', ['MOVE', 'ABSENT']), ('reversed_by__isnull', False), ('state', 'REVERSED'), models.Q(('reversed_by', models.F('paid_by')), _negated=True)), models.Q(models.Q(('state', 'REVERSED'), _negated=True), ('reversed_by__isnull', True)), _connector='OR'), name='payout_reversed_in_the_house_by_another'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('moved_part__isnull', False), ('identified_by__isnull', False), _connector='OR'), models.Q(('identified_by__isnull', True), models.Q(('voided_by', models.F('identified_by')), _negated=True), _connector='OR')), _connector='OR'), name='receipt_taken_back_by_another'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bank_line__isnull', False), ('moved_part__isnull', True)), models.Q(('bank_line__isnull', True), ('moved_part__isnull', False)), _connector='OR'), name='receipt_came_from_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('payout__isnull', False)), fields=('payout', 'purpose'), name='each_step_of_a_payout_once'),
        ),
    ]
