"""What the database itself keeps of money: contents never change, steps go one way, no receipt is spent twice."""

from django.db import migrations

DOORS = """
-- What leaves any account but the bank's and the unidentified names its payout or exactly what it reverses.
CREATE OR REPLACE FUNCTION accounts_post_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    debited RECORD;
    is_named boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM id FROM accounts_account
            WHERE id IN (NEW.debit_id, NEW.credit_id) AND keeps_balance ORDER BY id FOR NO KEY UPDATE;
        SELECT kind, case_id INTO debited FROM accounts_account WHERE id = NEW.debit_id;
        IF NEW.reverses_id IS NOT NULL THEN
            SELECT t.debit_id = NEW.credit_id AND t.credit_id = NEW.debit_id AND t.amount = NEW.amount
                INTO is_named FROM accounts_transfer t WHERE t.id = NEW.reverses_id;
        ELSIF debited.kind NOT IN ('BANK_MASTER', 'UNIDENTIFIED') THEN
            SELECT o.amount = NEW.amount AND (debited.kind <> 'ESCROW' OR o.case_id = debited.case_id)
                INTO is_named FROM accounts_payout o WHERE o.id = NEW.payout_id;
        ELSE
            is_named := true;
        END IF;
        IF is_named IS NOT TRUE THEN
            RAISE EXCEPTION 'money leaves this account by its payout or by a reversal alone'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        UPDATE accounts_account SET balance = balance - NEW.amount WHERE id = NEW.debit_id AND keeps_balance;
        UPDATE accounts_account SET balance = balance + NEW.amount WHERE id = NEW.credit_id AND keeps_balance;
    END IF;
    RETURN NEW;
END $$;

-- Parts: append-only, within what is left of their receipt, of the same case, and together the payout's amount.
CREATE FUNCTION accounts_part_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    receipt RECORD;
    taken numeric;
BEGIN
    SELECT amount, case_id, voided_at INTO receipt FROM accounts_receipt WHERE id = NEW.receipt_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(p.amount), 0) INTO taken FROM accounts_payoutpart p JOIN accounts_payout o ON o.id = p.payout_id
        WHERE p.receipt_id = NEW.receipt_id AND o.state NOT IN ('BOUNCED', 'REJECTED', 'REVERSED');
    IF receipt.voided_at IS NOT NULL OR taken + NEW.amount > receipt.amount
        OR receipt.case_id <> (SELECT case_id FROM accounts_payout WHERE id = NEW.payout_id) THEN
        RAISE EXCEPTION 'a receipt is spent once, for its own case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER part_door BEFORE INSERT ON accounts_payoutpart FOR EACH ROW EXECUTE FUNCTION accounts_part_door();
CREATE TRIGGER part_append_only BEFORE UPDATE OR DELETE ON accounts_payoutpart
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER part_no_truncate BEFORE TRUNCATE ON accounts_payoutpart
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE FUNCTION accounts_parts_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.purpose <> 'RELEASE' AND NEW.amount IS DISTINCT FROM
        (SELECT sum(amount) FROM accounts_payoutpart WHERE payout_id = NEW.id) THEN
        RAISE EXCEPTION 'the parts of a payout are its amount' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER parts_whole AFTER INSERT ON accounts_payout DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION accounts_parts_whole();

-- Payouts: what was asked for never changes, a signature stays, steps go forward, and money goes to confirmed accounts.
CREATE FUNCTION accounts_payout_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'a payout stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.case_id, NEW.purpose, NEW.payee_id, NEW.target_id, NEW.absent_id, NEW.releases_id, NEW.amount,
        NEW.calculation, NEW.document, NEW.reference, NEW.requested_by_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.case_id, OLD.purpose, OLD.payee_id, OLD.target_id, OLD.absent_id, OLD.releases_id, OLD.amount,
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
CREATE TRIGGER payout_door BEFORE UPDATE OR DELETE ON accounts_payout
    FOR EACH ROW EXECUTE FUNCTION accounts_payout_door();
CREATE TRIGGER payout_no_truncate BEFORE TRUNCATE ON accounts_payout
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_payout_door();

-- Receipts and bank lines: where money came from, when and how much never changes.
CREATE FUNCTION accounts_receipt_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a receipt stays what it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.case_id, NEW.bank_line_id, NEW.moved_part_id, NEW.amount, NEW.arrived_on, NEW.received_at)
          IS DISTINCT FROM
          (OLD.case_id, OLD.bank_line_id, OLD.moved_part_id, OLD.amount, OLD.arrived_on, OLD.received_at)
       OR (OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at) THEN
        RAISE EXCEPTION 'a receipt stays what it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipt_door BEFORE UPDATE OR DELETE ON accounts_receipt
    FOR EACH ROW EXECUTE FUNCTION accounts_receipt_door();
CREATE TRIGGER receipt_no_truncate BEFORE TRUNCATE ON accounts_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_receipt_door();
CREATE FUNCTION accounts_line_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a bank line stays what the bank said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.serial, NEW.value_on, NEW.amount, NEW.payer_name, NEW.content_sha256, NEW.entered_by_id)
          IS DISTINCT FROM
          (OLD.serial, OLD.value_on, OLD.amount, OLD.payer_name, OLD.content_sha256, OLD.entered_by_id) THEN
        RAISE EXCEPTION 'a bank line stays what the bank said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_door BEFORE UPDATE OR DELETE ON accounts_bankline
    FOR EACH ROW EXECUTE FUNCTION accounts_line_door();
CREATE TRIGGER line_no_truncate BEFORE TRUNCATE ON accounts_bankline
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_line_door();
"""
UNDO = """
DROP TRIGGER line_no_truncate ON accounts_bankline;
DROP TRIGGER line_door ON accounts_bankline;
DROP FUNCTION accounts_line_door();
DROP TRIGGER receipt_no_truncate ON accounts_receipt;
DROP TRIGGER receipt_door ON accounts_receipt;
DROP FUNCTION accounts_receipt_door();
DROP TRIGGER payout_no_truncate ON accounts_payout;
DROP TRIGGER payout_door ON accounts_payout;
DROP FUNCTION accounts_payout_door();
DROP TRIGGER parts_whole ON accounts_payout;
DROP FUNCTION accounts_parts_whole();
DROP TRIGGER part_no_truncate ON accounts_payoutpart;
DROP TRIGGER part_append_only ON accounts_payoutpart;
DROP TRIGGER part_door ON accounts_payoutpart;
DROP FUNCTION accounts_part_door();
CREATE OR REPLACE FUNCTION accounts_post_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM id FROM accounts_account
            WHERE id IN (NEW.debit_id, NEW.credit_id) AND keeps_balance ORDER BY id FOR NO KEY UPDATE;
        UPDATE accounts_account SET balance = balance - NEW.amount WHERE id = NEW.debit_id AND keeps_balance;
        UPDATE accounts_account SET balance = balance + NEW.amount WHERE id = NEW.credit_id AND keeps_balance;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [("accounts", "0005_ways_out"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOORS, UNDO)]
