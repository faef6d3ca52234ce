"""The bank's balance of a day, lines typed by one and checked by another, automatic matches undone, bank fees."""

from importlib import import_module

import bureau.crypto
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE TRIGGER bank_balance_append_only BEFORE UPDATE OR DELETE ON accounts_bankbalance
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER bank_balance_no_truncate BEFORE TRUNCATE ON accounts_bankbalance
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
INSERT INTO accounts_bankbalance (day, amount, statement_id, ground, entered_by_id, entered_at)
    SELECT until_on, closing, id, '', imported_by_id, imported_at FROM accounts_statement
     WHERE closing IS NOT NULL ORDER BY id;
-- What was typed and asked for never changes; once checked, it stays.
CREATE FUNCTION accounts_line_entry_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a line that was typed stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'WAITING'
       OR (NEW.serial, NEW.value_on, NEW.amount, NEW.payer_name, NEW.content_sha256, NEW.entered_by_id, NEW.entered_at)
          IS DISTINCT FROM
          (OLD.serial, OLD.value_on, OLD.amount, OLD.payer_name, OLD.content_sha256, OLD.entered_by_id, OLD.entered_at)
    THEN
        RAISE EXCEPTION 'what was typed and checked never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_entry_door BEFORE UPDATE OR DELETE ON accounts_lineentry
    FOR EACH ROW EXECUTE FUNCTION accounts_line_entry_door();
CREATE TRIGGER line_entry_no_truncate BEFORE TRUNCATE ON accounts_lineentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_line_entry_door();
-- A line that no file brought was typed by one and checked by another, or came with an old book.
CREATE FUNCTION accounts_line_by_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_transfer t WHERE t.reference = 'CARRY-' || NEW.serial AND t.purpose = 'CARRY'
    ) THEN
        RAISE EXCEPTION 'a line typed by hand is checked by another person'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER line_by_two AFTER INSERT ON accounts_bankline DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.statement_id IS NULL AND NEW.checked_by_id IS NULL)
    EXECUTE FUNCTION accounts_line_by_two();
CREATE TRIGGER line_checked_door BEFORE UPDATE OF checked_by_id ON accounts_bankline
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE FUNCTION accounts_unmatch_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'what was asked for stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'ASKED'
       OR (NEW.receipt_id, NEW.reason, NEW.asked_by_id, NEW.asked_at)
          IS DISTINCT FROM (OLD.receipt_id, OLD.reason, OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION 'what was asked for and checked never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unmatch_door BEFORE UPDATE OR DELETE ON accounts_unmatch
    FOR EACH ROW EXECUTE FUNCTION accounts_unmatch_door();
CREATE TRIGGER unmatch_no_truncate BEFORE TRUNCATE ON accounts_unmatch
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_unmatch_door();
-- What the number of its account brought to a case leaves it by two people.
CREATE FUNCTION accounts_unmatched_by_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_unmatch u
         WHERE u.receipt_id = NEW.id AND u.state = 'DONE' AND u.checked_by_id = NEW.voided_by_id
    ) THEN
        RAISE EXCEPTION 'an automatic match is undone by one and checked by another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unmatched_by_two BEFORE UPDATE OF voided_at ON accounts_receipt
    FOR EACH ROW WHEN (NEW.voided_at IS NOT NULL AND OLD.voided_at IS NULL AND NEW.bank_line_id IS NOT NULL
        AND NEW.identified_by_id IS NULL)
    EXECUTE FUNCTION accounts_unmatched_by_two();
-- What the bank charged until now is told from what nobody has found out.
ALTER TABLE accounts_statementdebit DISABLE TRIGGER statement_debit_append_only;
UPDATE accounts_statementdebit SET state = 'FEE'
 WHERE state = 'UNMATCHED' AND remark || payee_name ~ '手续费|管理费|工本费|服务费|利息|结息';
ALTER TABLE accounts_statementdebit ENABLE TRIGGER statement_debit_append_only;
"""
OPEN = """
ALTER TABLE accounts_statementdebit DISABLE TRIGGER statement_debit_append_only;
UPDATE accounts_statementdebit SET state = 'UNMATCHED' WHERE state = 'FEE';
ALTER TABLE accounts_statementdebit ENABLE TRIGGER statement_debit_append_only;
DROP TRIGGER unmatched_by_two ON accounts_receipt;
DROP FUNCTION accounts_unmatched_by_two();
DROP TRIGGER unmatch_no_truncate ON accounts_unmatch;
DROP TRIGGER unmatch_door ON accounts_unmatch;
DROP FUNCTION accounts_unmatch_door();
DROP TRIGGER line_checked_door ON accounts_bankline;
DROP TRIGGER line_by_two ON accounts_bankline;
DROP FUNCTION accounts_line_by_two();
DROP TRIGGER line_entry_no_truncate ON accounts_lineentry;
DROP TRIGGER line_entry_door ON accounts_lineentry;
DROP FUNCTION accounts_line_entry_door();
DROP TRIGGER bank_balance_no_truncate ON accounts_bankbalance;
DROP TRIGGER bank_balance_append_only ON accounts_bankbalance;
"""
# As in 0008; a deposit may also be reversed into the unidentified money: the bank has it all the same.
POST = """
CREATE OR REPLACE FUNCTION accounts_post_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM id FROM accounts_account
        WHERE keeps_balance AND id IN (SELECT debit_id FROM added UNION SELECT credit_id FROM added)
        ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM added n JOIN accounts_account d ON d.id = n.debit_id
          JOIN accounts_account c ON c.id = n.credit_id LEFT JOIN accounts_linerefund f ON f.id = n.refund_id
          LEFT JOIN accounts_transfer t ON t.id = n.reverses_id LEFT JOIN accounts_payout o ON o.id = n.payout_id
         WHERE (CASE
            WHEN n.reverses_id IS NOT NULL
                THEN t.credit_id = n.debit_id AND t.amount = n.amount AND (t.debit_id = n.credit_id
                    OR (t.purpose = 'DEPOSIT' AND c.kind = 'UNIDENTIFIED'))
            WHEN d.kind = 'BANK_MASTER' THEN true
            WHEN n.refund_id IS NOT NULL THEN d.kind IN ('UNIDENTIFIED', 'REFUNDS') AND f.amount = n.amount
            WHEN d.kind = 'UNIDENTIFIED' THEN c.kind = 'ESCROW'
            ELSE o.amount = n.amount AND (d.kind <> 'ESCROW' OR o.case_id = d.case_id) END) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'money leaves this account by its payout or by a reversal alone'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE accounts_account a SET balance = a.balance + s.change FROM (
        SELECT side.account_id, sum(side.change) AS change FROM (
            SELECT credit_id AS account_id, amount AS change FROM added
            UNION ALL SELECT debit_id, -amount FROM added
        ) AS side GROUP BY side.account_id
    ) AS s WHERE a.id = s.account_id AND a.keeps_balance AND s.change <> 0;
    RETURN NULL;
END $$;
"""
POST_BEFORE = """
CREATE OR REPLACE FUNCTION accounts_post_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM id FROM accounts_account
        WHERE keeps_balance AND id IN (SELECT debit_id FROM added UNION SELECT credit_id FROM added)
        ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM added n JOIN accounts_account d ON d.id = n.debit_id
          JOIN accounts_account c ON c.id = n.credit_id LEFT JOIN accounts_linerefund f ON f.id = n.refund_id
          LEFT JOIN accounts_transfer t ON t.id = n.reverses_id LEFT JOIN accounts_payout o ON o.id = n.payout_id
         WHERE (CASE
            WHEN n.reverses_id IS NOT NULL
                THEN t.debit_id = n.credit_id AND t.credit_id = n.debit_id AND t.amount = n.amount
            WHEN d.kind = 'BANK_MASTER' THEN true
            WHEN n.refund_id IS NOT NULL THEN d.kind IN ('UNIDENTIFIED', 'REFUNDS') AND f.amount = n.amount
            WHEN d.kind = 'UNIDENTIFIED' THEN c.kind = 'ESCROW'
            ELSE o.amount = n.amount AND (d.kind <> 'ESCROW' OR o.case_id = d.case_id) END) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'money leaves this account by its payout or by a reversal alone'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE accounts_account a SET balance = a.balance + s.change FROM (
        SELECT side.account_id, sum(side.change) AS change FROM (
            SELECT credit_id AS account_id, amount AS change FROM added
            UNION ALL SELECT debit_id, -amount FROM added
        ) AS side GROUP BY side.account_id
    ) AS s WHERE a.id = s.account_id AND a.keeps_balance AND s.change <> 0;
    RETURN NULL;
END $$;
"""
# As in 0011, with who typed the line; `in_actor` checked it and books it.
DROP_ARRIVE = """
DROP FUNCTION accounts_arrive(text, date, numeric, text, text, text, text, text, text, bigint, bigint, text,
    date, text[], text, text, timestamptz, bigint);
"""
ARRIVE = """
CREATE FUNCTION accounts_arrive(
    in_serial text, in_value_on date, in_amount numeric, in_payer text, in_account text, in_last4 text, in_number text,
    in_remark text, in_sha256 text, in_escrow bigint, in_case bigint, in_case_number text, in_due_on date,
    in_due_steps text[], in_verb text, in_details text, in_at timestamptz, in_actor bigint, in_entered bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    line bigint;
    receipt bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('wuhai_exec days'));
    INSERT INTO accounts_bankline (serial, value_on, amount, payer_name, payer_account, payer_account_last4,
        virtual_number, remark, content_sha256, state, entered_at, entered_by_id, checked_by_id)
    VALUES (in_serial, in_value_on, in_amount, in_payer, in_account, in_last4, in_number, in_remark, in_sha256,
        CASE WHEN in_case IS NULL THEN 'UNIDENTIFIED' ELSE 'MATCHED' END, in_at, in_entered,
        in_actor)
    ON CONFLICT (serial) DO NOTHING RETURNING id INTO line;
    IF line IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO accounts_transfer (debit_id, credit_id, amount, purpose, reference, value_on, at, actor_id)
    VALUES ((SELECT id FROM accounts_account WHERE kind = 'BANK_MASTER'),
        coalesce(in_escrow, (SELECT id FROM accounts_account WHERE kind = 'UNIDENTIFIED')), in_amount,
        CASE WHEN in_case IS NULL THEN 'UNIDENTIFIED' ELSE 'DEPOSIT' END, 'IN-' || in_serial,
        greatest(in_value_on, (SELECT day + 1 FROM accounts_daysheet WHERE state = 'SIGNED' ORDER BY day DESC LIMIT 1)),
        in_at, in_actor);
    IF in_case IS NOT NULL THEN
        INSERT INTO accounts_receipt (case_id, bank_line_id, amount, arrived_on, due_on, due_steps, received_at,
            void_reason)
        VALUES (in_case, line, in_amount, in_value_on, in_due_on, in_due_steps, in_at, '') RETURNING id INTO receipt;
    END IF;
    INSERT INTO bureau_event (chain, room, verb, subject, case_number, at, actor_id, details)
    VALUES (coalesce('case:' || in_case, 'room:accounts'), 'accounts', in_verb,
        coalesce('receipt:' || receipt, 'bankline:' || line), in_case_number, in_at, in_actor, in_details);
    RETURN line;
END $$;
"""
DROP_NEW_ARRIVE = """
DROP FUNCTION accounts_arrive(text, date, numeric, text, text, text, text, text, text, bigint, bigint, text,
    date, text[], text, text, timestamptz, bigint, bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_sent_back'),
        ('cases', '0011_performance_paper'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BankBalance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='银行余额')),
                ('ground', models.CharField(blank=True, max_length=200, verbose_name='余额依据')),
                ('entered_at', models.DateTimeField(verbose_name='录入时间')),
            ],
        ),
        migrations.CreateModel(
            name='LineEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.CharField(max_length=40, verbose_name='银行流水号')),
                ('value_on', models.DateField(verbose_name='到账日')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='金额')),
                ('payer_name', models.CharField(max_length=100, verbose_name='付款人')),
                ('payer_account', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='付款账号')),
                ('payer_account_last4', models.CharField(blank=True, max_length=4)),
                ('virtual_number', models.CharField(blank=True, max_length=32, verbose_name='入账子账号')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='附言')),
                ('content_sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('WAITING', '待复核'), ('CONFIRMED', '已复核入账'), ('REFUSED', '已退回')], default='WAITING', max_length=9, verbose_name='状态')),
                ('entered_at', models.DateTimeField(verbose_name='登记时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='退回原因')),
            ],
        ),
        migrations.CreateModel(
            name='Unmatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='退回原因')),
                ('state', models.CharField(choices=[('ASKED', '待复核'), ('DONE', '已退回待认领'), ('REFUSED', '未予认可')], default='ASKED', max_length=8, verbose_name='状态')),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                ('answer_note', models.CharField(blank=True, max_length=200, verbose_name='复核意见')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='receipt',
            name='receipt_taken_back_by_another',
        ),
        migrations.RemoveConstraint(
            model_name='statementdebit',
            name='statement_debit_names_its_payout',
        ),
        migrations.AddField(
            model_name='bankline',
            name='checked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='daysheet',
            name='fees_closing',
            field=models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=16, verbose_name='银行收费累计'),
        ),
        migrations.AlterField(
            model_name='daydifference',
            name='kind',
            field=models.CharField(choices=[('NO_STATEMENT', '当日没有银行对账单'), ('BANK_ONLY', '银行有、账上无'), ('LEDGER_ONLY', '账上有、银行无'), ('BANK_FEE', '银行收费'), ('OTHER_AMOUNT', '金额不符'), ('OTHER_DATE', '日期不符'), ('DOUBLED', '同一付款重复扣款'), ('RETURNED', '退票'), ('NOT_SENT', '付款不在银行处理中'), ('CHANGED', '流水号已用，内容不同'), ('CARRIED', '旧存案款结转，不在当日银行来款中'), ('BALANCE', '银行余额与账面余额不符（银行收费除外）'), ('SUB_BALANCE', '账面余额与各子账户合计不符')], max_length=12, verbose_name='类别'),
        ),
        migrations.AlterField(
            model_name='statementdebit',
            name='state',
            field=models.CharField(choices=[('CONFIRMED', '确认了我方付款'), ('KNOWN', '付款此前已确认'), ('OTHER_AMOUNT', '金额与付款不符'), ('OTHER_STATE', '付款不在银行处理中'), ('REPEATED', '同一付款重复扣款'), ('UNMATCHED', '未找到对应付款'), ('FEE', '银行收费')], max_length=12, verbose_name='核对结果'),
        ),
        migrations.AddIndex(
            model_name='statementdebit',
            index=models.Index(condition=models.Q(('state', 'FEE')), fields=['value_on'], name='statement_debit_fee'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('entered_by')), _negated=True), _connector='OR'), name='bank_line_checked_by_another'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('identified_by__isnull', True), models.Q(('voided_by', models.F('identified_by')), _negated=True), _connector='OR')), _connector='OR'), name='receipt_taken_back_by_another'),
        ),
        migrations.AddConstraint(
            model_name='statementdebit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payout__isnull', True), ('refund__isnull', True), ('state__in', ['UNMATCHED', 'FEE'])), models.Q(models.Q(('state__in', ['UNMATCHED', 'FEE']), _negated=True), ('payout__isnull', False), ('refund__isnull', True)), models.Q(models.Q(('state__in', ['UNMATCHED', 'FEE']), _negated=True), ('payout__isnull', True), ('refund__isnull', False)), _connector='OR'), name='statement_debit_names_its_payout'),
        ),
        migrations.AddField(
            model_name='bankbalance',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bankbalance',
            name='statement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='balances', to='accounts.statement'),
        ),
        migrations.AddField(
            model_name='daysheet',
            name='bank_balance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.bankbalance', verbose_name='余额来源'),
        ),
        migrations.AddField(
            model_name='lineentry',
            name='checked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人'),
        ),
        migrations.AddField(
            model_name='lineentry',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='lineentry',
            name='line',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entry', to='accounts.bankline'),
        ),
        migrations.AddField(
            model_name='unmatch',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='unmatch',
            name='checked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='unmatch',
            name='receipt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unmatches', to='accounts.receipt'),
        ),
        migrations.AddIndex(
            model_name='bankbalance',
            index=models.Index(fields=['day'], name='bank_balance_day'),
        ),
        migrations.AddConstraint(
            model_name='bankbalance',
            constraint=models.UniqueConstraint(condition=models.Q(('statement__isnull', False)), fields=('statement', 'day'), name='one_balance_per_day_of_a_file'),
        ),
        migrations.AddConstraint(
            model_name='bankbalance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), ('statement__isnull', False)), models.Q(('statement__isnull', True), models.Q(('ground', ''), _negated=True)), _connector='OR'), name='typed_balance_has_a_ground'),
        ),
        migrations.AddIndex(
            model_name='lineentry',
            index=models.Index(condition=models.Q(('state', 'WAITING')), fields=['id'], name='line_entry_waiting'),
        ),
        migrations.AddConstraint(
            model_name='lineentry',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'REFUSED'), _negated=True), fields=('serial',), name='one_live_entry_per_serial'),
        ),
        migrations.AddConstraint(
            model_name='lineentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='line_entry_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='lineentry',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('entered_by')), _negated=True), _connector='OR'), name='line_entry_checked_by_another'),
        ),
        migrations.AddConstraint(
            model_name='lineentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_by', None), ('ended_at', None), ('line', None), ('reason', ''), ('state', 'WAITING')), models.Q(('checked_by__isnull', False), ('ended_at__isnull', False), ('line__isnull', False), ('reason', ''), ('state', 'CONFIRMED')), models.Q(('checked_by__isnull', False), ('ended_at__isnull', False), ('line', None), ('state', 'REFUSED'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='line_entry_ends_as_its_state_says'),
        ),
        migrations.AddConstraint(
            model_name='unmatch',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ASKED')), fields=('receipt',), name='one_waiting_unmatch_per_receipt'),
        ),
        migrations.AddConstraint(
            model_name='unmatch',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='unmatch_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='unmatch',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('asked_by')), _negated=True), _connector='OR'), name='unmatch_checked_by_another'),
        ),
        migrations.AddConstraint(
            model_name='unmatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_by', None), ('ended_at', None), ('state', 'ASKED')), models.Q(('checked_by__isnull', False), ('ended_at__isnull', False), ('state', 'DONE')), models.Q(('checked_by__isnull', False), ('ended_at__isnull', False), ('state', 'REFUSED'), models.Q(('answer_note', ''), _negated=True)), _connector='OR'), name='unmatch_ends_as_its_state_says'),
        ),
        migrations.RunSQL(DOORS, OPEN),
        migrations.RunSQL(POST, POST_BEFORE),
        migrations.RunSQL(DROP_ARRIVE + ARRIVE, DROP_NEW_ARRIVE + import_module("accounts.migrations.0011_arrive").ARRIVE),
    ]
