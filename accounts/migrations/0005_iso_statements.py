"""Statements as messages of ISO 20022, and payments that the bank sends back after it paid them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
-- A payment that was paid is bounced only by the line of the bank by which it came back.
CREATE OR REPLACE FUNCTION accounts_payout_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'a payout stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.case_id, NEW.purpose, NEW.payee_id, NEW.target_id, NEW.absent_id, NEW.share_id, NEW.releases_id, NEW.amount,
        NEW.calculation, NEW.document, NEW.reference, NEW.requested_by_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.case_id, OLD.purpose, OLD.payee_id, OLD.target_id, OLD.absent_id, OLD.share_id, OLD.releases_id, OLD.amount,
        OLD.calculation, OLD.document, OLD.reference, OLD.requested_by_id, OLD.requested_at)
       OR (OLD.checked_by_id IS NOT NULL AND NEW.checked_by_id IS DISTINCT FROM OLD.checked_by_id)
       OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
       OR (OLD.paid_by_id IS NOT NULL AND NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id) THEN
        RAISE EXCEPTION 'what was asked for and signed never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.returned_at IS NOT NULL AND NEW.returned_at IS DISTINCT FROM OLD.returned_at THEN
        RAISE EXCEPTION 'what came back came back once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
            'REQUESTED>CHECKED', 'REQUESTED>REJECTED', 'CHECKED>APPROVED', 'CHECKED>REJECTED', 'APPROVED>SENT',
            'APPROVED>PAID', 'APPROVED>REJECTED', 'SENT>PAID', 'SENT>BOUNCED', 'PAID>REVERSED', 'PAID>BOUNCED'])
           OR (OLD.state = 'APPROVED' AND NEW.state = 'PAID' AND NEW.purpose NOT IN ('MOVE', 'ABSENT'))
           OR (OLD.state = 'PAID' AND NEW.state = 'BOUNCED' AND NOT EXISTS (
               SELECT 1 FROM accounts_bankline b WHERE b.returns_id = NEW.id AND b.amount = NEW.amount)) THEN
            RAISE EXCEPTION 'no such step of a payout: % to %', OLD.state, NEW.state
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state IN ('CHECKED', 'APPROVED', 'SENT') AND NEW.payee_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM accounts_payeeaccount a
             WHERE a.id = NEW.payee_id AND a.state = 'CONFIRMED' AND a.replaced_at IS NULL AND a.case_id = NEW.case_id
        ) THEN
            RAISE EXCEPTION 'money goes to a confirmed account of its case alone'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION accounts_line_statement_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.statement_id, NEW.value_at, NEW.returns_id) IS DISTINCT FROM
       (OLD.statement_id, OLD.value_at, OLD.returns_id) THEN
        RAISE EXCEPTION 'a bank line stays what the bank said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
UNDO = """
CREATE OR REPLACE FUNCTION accounts_payout_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'a payout stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.case_id, NEW.purpose, NEW.payee_id, NEW.target_id, NEW.absent_id, NEW.share_id, NEW.releases_id, NEW.amount,
        NEW.calculation, NEW.document, NEW.reference, NEW.requested_by_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.case_id, OLD.purpose, OLD.payee_id, OLD.target_id, OLD.absent_id, OLD.share_id, OLD.releases_id, OLD.amount,
        OLD.calculation, OLD.document, OLD.reference, OLD.requested_by_id, OLD.requested_at)
       OR (OLD.checked_by_id IS NOT NULL AND NEW.checked_by_id IS DISTINCT FROM OLD.checked_by_id)
       OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
       OR (OLD.paid_by_id IS NOT NULL AND NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id) THEN
        RAISE EXCEPTION 'what was asked for and signed never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
            'REQUESTED>CHECKED', 'REQUESTED>REJECTED', 'CHECKED>APPROVED', 'CHECKED>REJECTED', 'APPROVED>SENT',
            'APPROVED>PAID', 'APPROVED>REJECTED', 'SENT>PAID', 'SENT>BOUNCED', 'PAID>REVERSED'])
           OR (OLD.state = 'APPROVED' AND NEW.state = 'PAID' AND NEW.purpose NOT IN ('MOVE', 'ABSENT')) THEN
            RAISE EXCEPTION 'no such step of a payout: % to %', OLD.state, NEW.state
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state IN ('CHECKED', 'APPROVED', 'SENT') AND NEW.payee_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM accounts_payeeaccount a
             WHERE a.id = NEW.payee_id AND a.state = 'CONFIRMED' AND a.replaced_at IS NULL AND a.case_id = NEW.case_id
        ) THEN
            RAISE EXCEPTION 'money goes to a confirmed account of its case alone'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION accounts_line_statement_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.statement_id, NEW.value_at) IS DISTINCT FROM (OLD.statement_id, OLD.value_at) THEN
        RAISE EXCEPTION 'a bank line stays what the bank said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_days'),
        ('bureau', '0002_record_and_roles'),
        ('cases', '0003_claim_base'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bankformat',
            name='kind',
            field=models.CharField(choices=[('TABLE', '表格（CSV、Excel）'), ('CAMT', 'ISO 20022报文（camt.053、camt.054）')], db_default='TABLE', default='TABLE', max_length=5, verbose_name='文件种类'),
        ),
        migrations.AddField(
            model_name='bankline',
            name='returns',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returned_by', to='accounts.payout', verbose_name='退回的付款'),
        ),
        migrations.AddField(
            model_name='payout',
            name='returned_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='退回入账时间'),
        ),
        migrations.AlterField(
            model_name='bankline',
            name='state',
            field=models.CharField(choices=[('MATCHED', '已归案'), ('UNIDENTIFIED', '待认领'), ('RETURNED', '付款退回')], max_length=14, verbose_name='状态'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('returns__isnull', False), ('state', 'RETURNED')), models.Q(models.Q(('state', 'RETURNED'), _negated=True), ('returns__isnull', True)), _connector='OR'), name='bank_line_names_what_it_returns'),
        ),
        migrations.AddConstraint(
            model_name='payout',
            constraint=models.CheckConstraint(condition=models.Q(('returned_at__isnull', True), models.Q(('paid_on__isnull', False), ('payee__isnull', False), ('state', 'BOUNCED')), _connector='OR'), name='payout_returned_after_it_was_paid'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
