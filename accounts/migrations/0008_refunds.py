"""Unidentified money goes back to its payer: one table, and the doors that know it."""

import bureau.crypto
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
-- A refund stays what was asked for and signed; a line is bound by a claim or by a refund, never by both.
CREATE FUNCTION accounts_refund_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a refund stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM id FROM accounts_bankline WHERE id = NEW.line_id FOR NO KEY UPDATE;
        IF NEW.state <> 'REQUESTED' OR NOT EXISTS (SELECT 1 FROM accounts_bankline b WHERE b.id = NEW.line_id
               AND b.state = 'UNIDENTIFIED' AND (b.amount, b.payer_name) = (NEW.amount, NEW.holder_name))
           OR EXISTS (SELECT 1 FROM accounts_lineclaim c WHERE c.line_id = NEW.line_id AND c.state = 'CLAIMED') THEN
            RAISE EXCEPTION 'unclaimed money goes back whole, to who paid it'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.line_id, NEW.amount, NEW.holder_name, NEW.number, NEW.number_last4, NEW.bank_name, NEW.bank_code,
        NEW.reason, NEW.ground, NEW.document, NEW.reference, NEW.requested_by_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.line_id, OLD.amount, OLD.holder_name, OLD.number, OLD.number_last4, OLD.bank_name, OLD.bank_code,
        OLD.reason, OLD.ground, OLD.document, OLD.reference, OLD.requested_by_id, OLD.requested_at)
       OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
       OR (OLD.paid_by_id IS NOT NULL AND NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id) THEN
        RAISE EXCEPTION 'what was asked for and signed never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
        'REQUESTED>APPROVED', 'REQUESTED>REFUSED', 'REQUESTED>WITHDRAWN', 'APPROVED>SENT', 'APPROVED>WITHDRAWN',
        'SENT>PAID', 'SENT>BOUNCED']) THEN
        RAISE EXCEPTION 'no such step of a refund: % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refund_door BEFORE INSERT OR UPDATE OR DELETE ON accounts_linerefund
    FOR EACH ROW EXECUTE FUNCTION accounts_refund_door();
CREATE TRIGGER refund_no_truncate BEFORE TRUNCATE ON accounts_linerefund
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_refund_door();
CREATE FUNCTION accounts_claim_or_refund() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM id FROM accounts_bankline WHERE id = NEW.line_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM accounts_linerefund f WHERE f.line_id = NEW.line_id
                AND f.state IN ('REQUESTED', 'APPROVED', 'SENT', 'PAID')) THEN
        RAISE EXCEPTION 'money on its way back is not claimed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_or_refund BEFORE INSERT ON accounts_lineclaim
    FOR EACH ROW EXECUTE FUNCTION accounts_claim_or_refund();
-- A line is refunded by a refund that is paid, and waits again only when that bounced.
CREATE FUNCTION accounts_line_refunded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF 'REFUNDED' IN (NEW.state, OLD.state) AND NEW.state <> OLD.state AND (NEW.state = 'REFUNDED') <> EXISTS (
        SELECT 1 FROM accounts_linerefund f WHERE f.line_id = NEW.id AND f.state IN ('SENT', 'PAID')) THEN
        RAISE EXCEPTION 'a line is refunded by its refund' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_refunded BEFORE UPDATE OF state ON accounts_bankline
    FOR EACH ROW EXECUTE FUNCTION accounts_line_refunded();
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
CREATE OR REPLACE FUNCTION accounts_payment_file_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF ((NEW.row_count, NEW.total) = (SELECT count(*), sum(one.amount) FROM (
        SELECT o.amount FROM accounts_paymentfilerow r
          JOIN accounts_payout o ON o.id = r.payout_id LEFT JOIN accounts_batchrow b ON b.id = o.batch_row_id
         WHERE r.file_id = NEW.id AND o.payee_id IS NOT NULL AND o.submitted_at IS NOT NULL
           AND o.state NOT IN ('REQUESTED', 'CHECKED', 'APPROVED', 'REJECTED')
           AND b.batch_id IS NOT DISTINCT FROM NEW.batch_id
        UNION ALL
        SELECT f.amount FROM accounts_paymentfilerow r JOIN accounts_linerefund f ON f.id = r.refund_id
         WHERE r.file_id = NEW.id AND f.submitted_at IS NOT NULL AND f.state IN ('SENT', 'PAID', 'BOUNCED')
           AND NEW.batch_id IS NULL) AS one)) IS NOT TRUE
       OR (SELECT count(*) FROM accounts_paymentfilerow WHERE file_id = NEW.id) <> NEW.row_count THEN
        RAISE EXCEPTION 'the payments of a file are what it counts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION accounts_bank_answer_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'an answer of the bank stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.payout_id, NEW.refund_id, NEW.reference, NEW.serial, NEW.kind, NEW.said, NEW.value_on, NEW.reason, NEW.received_at)
       IS DISTINCT FROM
       (OLD.payout_id, OLD.refund_id, OLD.reference, OLD.serial, OLD.kind, OLD.said, OLD.value_on, OLD.reason, OLD.received_at)
       OR (OLD.settled_at IS NOT NULL AND (NEW.settled_at, NEW.settled_by_id, NEW.settled_note) IS DISTINCT FROM
           (OLD.settled_at, OLD.settled_by_id, OLD.settled_note)) THEN
        RAISE EXCEPTION 'an answer of the bank stays what it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.settled_by_id IS NOT NULL AND NEW.settled_by_id IN (
        (SELECT o.paid_by_id FROM accounts_payout o WHERE o.id = NEW.payout_id),
        (SELECT f.paid_by_id FROM accounts_linerefund f WHERE f.id = NEW.refund_id)) THEN
        RAISE EXCEPTION 'who paid it does not clear it up' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION accounts_day_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    from_at timestamptz; until_at timestamptz;
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a day stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.state = 'SIGNED' OR NEW.day <> OLD.day) THEN
        RAISE EXCEPTION 'a signed day stays what was signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'SIGNED' THEN
        from_at := NEW.day::timestamp AT TIME ZONE 'Asia/Shanghai';
        until_at := (NEW.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai';
        IF EXISTS (SELECT 1 FROM accounts_payout o WHERE
                (o.paid_by_id = NEW.signed_by_id AND o.sent_at >= from_at AND o.sent_at < until_at)
                OR (o.reversed_by_id = NEW.signed_by_id AND o.reversed_at >= from_at AND o.reversed_at < until_at))
           OR EXISTS (SELECT 1 FROM accounts_batch b
                WHERE b.paid_by_id = NEW.signed_by_id AND b.paid_at >= from_at AND b.paid_at < until_at)
           OR EXISTS (SELECT 1 FROM accounts_linerefund f
                WHERE f.paid_by_id = NEW.signed_by_id AND f.sent_at >= from_at AND f.sent_at < until_at) THEN
            RAISE EXCEPTION 'who paid on a day does not sign it' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""
UNDO = """
DROP TRIGGER line_refunded ON accounts_bankline;
DROP TRIGGER claim_or_refund ON accounts_lineclaim;
DROP TRIGGER refund_no_truncate ON accounts_linerefund;
DROP TRIGGER refund_door ON accounts_linerefund;
DROP FUNCTION accounts_line_refunded();
DROP FUNCTION accounts_claim_or_refund();
DROP FUNCTION accounts_refund_door();
CREATE OR REPLACE FUNCTION accounts_post_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM id FROM accounts_account
        WHERE keeps_balance AND id IN (SELECT debit_id FROM added UNION SELECT credit_id FROM added)
        ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM added n JOIN accounts_account d ON d.id = n.debit_id
          LEFT JOIN accounts_transfer t ON t.id = n.reverses_id LEFT JOIN accounts_payout o ON o.id = n.payout_id
         WHERE (CASE
            WHEN n.reverses_id IS NOT NULL
                THEN t.debit_id = n.credit_id AND t.credit_id = n.debit_id AND t.amount = n.amount
            WHEN d.kind IN ('BANK_MASTER', 'UNIDENTIFIED') THEN true
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
CREATE OR REPLACE FUNCTION accounts_payment_file_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF ((NEW.row_count, NEW.total) = (SELECT count(*), sum(o.amount) FROM accounts_paymentfilerow r
          JOIN accounts_payout o ON o.id = r.payout_id LEFT JOIN accounts_batchrow b ON b.id = o.batch_row_id
         WHERE r.file_id = NEW.id AND o.payee_id IS NOT NULL AND o.submitted_at IS NOT NULL
           AND o.state NOT IN ('REQUESTED', 'CHECKED', 'APPROVED', 'REJECTED')
           AND b.batch_id IS NOT DISTINCT FROM NEW.batch_id)) IS NOT TRUE
       OR (SELECT count(*) FROM accounts_paymentfilerow WHERE file_id = NEW.id) <> NEW.row_count THEN
        RAISE EXCEPTION 'the payments of a file are what it counts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION accounts_bank_answer_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'an answer of the bank stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.payout_id, NEW.reference, NEW.serial, NEW.kind, NEW.said, NEW.value_on, NEW.reason, NEW.received_at)
       IS DISTINCT FROM
       (OLD.payout_id, OLD.reference, OLD.serial, OLD.kind, OLD.said, OLD.value_on, OLD.reason, OLD.received_at)
       OR (OLD.settled_at IS NOT NULL AND (NEW.settled_at, NEW.settled_by_id, NEW.settled_note) IS DISTINCT FROM
           (OLD.settled_at, OLD.settled_by_id, OLD.settled_note)) THEN
        RAISE EXCEPTION 'an answer of the bank stays what it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.settled_by_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM accounts_payout o WHERE o.id = NEW.payout_id AND o.paid_by_id = NEW.settled_by_id) THEN
        RAISE EXCEPTION 'who paid it does not clear it up' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION accounts_day_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    from_at timestamptz; until_at timestamptz;
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a day stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.state = 'SIGNED' OR NEW.day <> OLD.day) THEN
        RAISE EXCEPTION 'a signed day stays what was signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'SIGNED' THEN
        from_at := NEW.day::timestamp AT TIME ZONE 'Asia/Shanghai';
        until_at := (NEW.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai';
        IF EXISTS (SELECT 1 FROM accounts_payout o WHERE
                (o.paid_by_id = NEW.signed_by_id AND o.sent_at >= from_at AND o.sent_at < until_at)
                OR (o.reversed_by_id = NEW.signed_by_id AND o.reversed_at >= from_at AND o.reversed_at < until_at))
           OR EXISTS (SELECT 1 FROM accounts_batch b
                WHERE b.paid_by_id = NEW.signed_by_id AND b.paid_at >= from_at AND b.paid_at < until_at) THEN
            RAISE EXCEPTION 'who paid on a day does not sign it' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_bank_answers'),
        ('bureau', '0002_record_and_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LineRefund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='金额')),
                ('holder_name', models.CharField(max_length=100, verbose_name='户名')),
                ('number', bureau.crypto.EncryptedField(verbose_name='账号')),
                ('number_last4', models.CharField(max_length=4)),
                ('bank_name', models.CharField(max_length=100, verbose_name='开户行')),
                ('bank_code', models.CharField(blank=True, max_length=12, verbose_name='联行号')),
                ('reason', models.CharField(choices=[('MISTAKEN', '付款人汇错账户'), ('TWICE', '付款人重复汇款'), ('NO_CASE', '经查询无对应案件'), ('OTHER_COURT', '属其他法院案款'), ('ENDED', '所涉案件已结，无需再付')], max_length=12, verbose_name='退还事由')),
                ('ground', models.CharField(max_length=200, verbose_name='查询经过')),
                ('document', models.CharField(max_length=100, verbose_name='依据文书')),
                ('reference', models.CharField(max_length=35, unique=True, verbose_name='付款参考号')),
                ('state', models.CharField(choices=[('REQUESTED', '待审批'), ('APPROVED', '待付款'), ('SENT', '银行办理中'), ('PAID', '已退还'), ('BOUNCED', '退票'), ('REFUSED', '未获批准'), ('WITHDRAWN', '已撤回')], default='REQUESTED', max_length=10, verbose_name='状态')),
                ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='付款时间')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='提交银行时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='银行答复时间')),
                ('paid_on', models.DateField(blank=True, null=True, verbose_name='银行到账日')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('ended_note', models.CharField(blank=True, max_length=200, verbose_name='原因')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='bankanswer',
            name='bank_answer_names_its_payout',
        ),
        migrations.RemoveConstraint(
            model_name='statementdebit',
            name='statement_debit_names_its_payout',
        ),
        migrations.AlterField(
            model_name='bankline',
            name='state',
            field=models.CharField(choices=[('MATCHED', '已归案'), ('UNIDENTIFIED', '待认领'), ('RETURNED', '付款退回'), ('REFUNDED', '已退付款人')], max_length=14, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='paymentfilerow',
            name='payout',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='file_row', to='accounts.payout'),
        ),
        migrations.AlterField(
            model_name='transfer',
            name='purpose',
            field=models.CharField(choices=[('DEPOSIT', '来款入账'), ('UNIDENTIFIED', '不明来款挂账'), ('IDENTIFY', '认领归案'), ('PAYOUT', '发放出账'), ('FEE', '执行申请费出账'), ('COST', '执行费用出账'), ('REFUND', '余款退还出账'), ('LINE_REFUND', '不明案款退还出账'), ('MOVE', '转入另案'), ('ABSENT', '提存'), ('RELEASE', '提存款领取出账'), ('CONFIRM', '银行回单确认'), ('BOUNCE', '退票退回'), ('REVERSE', '冲正')], max_length=12, verbose_name='用途'),
        ),
        migrations.AddField(
            model_name='linerefund',
            name='approved_as',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.deputy'),
        ),
        migrations.AddField(
            model_name='linerefund',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='linerefund',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='linerefund',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='accounts.bankline'),
        ),
        migrations.AddField(
            model_name='linerefund',
            name='paid_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='linerefund',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bankanswer',
            name='refund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_answers', to='accounts.linerefund'),
        ),
        migrations.AddField(
            model_name='paymentfilerow',
            name='refund',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='file_row', to='accounts.linerefund'),
        ),
        migrations.AddField(
            model_name='statementdebit',
            name='refund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statement_debits', to='accounts.linerefund'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='refund',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='accounts.linerefund'),
        ),
        migrations.AddConstraint(
            model_name='bankanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'STRANGE'), ('payout__isnull', True), ('refund__isnull', True)), models.Q(('kind__in', ['REPEATED', 'CONTRADICTS']), ('payout__isnull', False), ('refund__isnull', True)), models.Q(('kind__in', ['REPEATED', 'CONTRADICTS']), ('payout__isnull', True), ('refund__isnull', False)), _connector='OR'), name='bank_answer_names_its_payout'),
        ),
        migrations.AddConstraint(
            model_name='paymentfilerow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payout__isnull', False), ('refund__isnull', True)), models.Q(('payout__isnull', True), ('refund__isnull', False)), _connector='OR'), name='payment_file_row_is_one_payment'),
        ),
        migrations.AddConstraint(
            model_name='statementdebit',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['CONFIRMED', 'KNOWN'])), fields=('refund',), name='one_statement_debit_per_refund'),
        ),
        migrations.AddConstraint(
            model_name='statementdebit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payout__isnull', True), ('refund__isnull', True), ('state', 'UNMATCHED')), models.Q(models.Q(('state', 'UNMATCHED'), _negated=True), ('payout__isnull', False), ('refund__isnull', True)), models.Q(models.Q(('state', 'UNMATCHED'), _negated=True), ('payout__isnull', True), ('refund__isnull', False)), _connector='OR'), name='statement_debit_names_its_payout'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('refund__isnull', False)), fields=('refund', 'purpose'), name='each_step_of_a_refund_once'),
        ),
        migrations.AddIndex(
            model_name='linerefund',
            index=models.Index(fields=['-requested_at', '-id'], name='line_refund_newest'),
        ),
        migrations.AddConstraint(
            model_name='linerefund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='line_refund_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='linerefund',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['REQUESTED', 'APPROVED', 'SENT', 'PAID'])), fields=('line',), name='one_live_refund_per_bank_line'),
        ),
        migrations.AddConstraint(
            model_name='linerefund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), _negated=True), models.Q(('document', ''), _negated=True), models.Q(('bank_name', ''), _negated=True), models.Q(('holder_name', ''), _negated=True)), name='line_refund_says_why_and_where'),
        ),
        migrations.AddConstraint(
            model_name='linerefund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('requested_by')), _negated=True), _connector='OR'), models.Q(('paid_by__isnull', True), models.Q(models.Q(('paid_by', models.F('requested_by')), _negated=True), models.Q(('paid_by', models.F('approved_by')), _negated=True)), _connector='OR')), name='line_refund_by_three_people'),
        ),
        migrations.AddConstraint(
            model_name='linerefund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_by', None), ('paid_on', None), ('sent_at', None), ('state__in', ['REQUESTED', 'REFUSED', 'WITHDRAWN'])), models.Q(('approved_by__isnull', False), ('paid_by', None), ('paid_on', None), ('sent_at', None), ('state', 'APPROVED')), models.Q(('answered_at', None), ('approved_by__isnull', False), ('paid_by__isnull', False), ('paid_on', None), ('sent_at__isnull', False), ('state', 'SENT')), models.Q(('approved_by__isnull', False), ('paid_by__isnull', False), ('paid_on__isnull', False), ('state', 'PAID')), models.Q(('approved_by__isnull', False), ('paid_by__isnull', False), ('state', 'BOUNCED'), models.Q(('ended_note', ''), _negated=True)), _connector='OR'), name='line_refund_is_as_its_state_says'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
