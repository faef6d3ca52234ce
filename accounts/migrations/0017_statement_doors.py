"""Statements stay what the bank said; transfers are posted per statement, so that many in one go move a balance once."""

from django.db import migrations

DOORS = """
-- Posting, for all transfers of one INSERT together: a balance that a file of the bank moves a thousand times is written
-- once. Accounts are locked in id order as before; what leaves an account is still named by its payout or its reversal.
DROP TRIGGER transfer_posts ON accounts_transfer;
DROP FUNCTION accounts_post_transfer();
CREATE FUNCTION accounts_post_transfers() RETURNS trigger
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
CREATE TRIGGER transfers_post AFTER INSERT ON accounts_transfer
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_post_transfers();

CREATE TRIGGER statement_append_only BEFORE UPDATE OR DELETE ON accounts_statement
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER statement_no_truncate BEFORE TRUNCATE ON accounts_statement
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER statement_debit_append_only BEFORE UPDATE OR DELETE ON accounts_statementdebit
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER statement_debit_no_truncate BEFORE TRUNCATE ON accounts_statementdebit
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE FUNCTION accounts_line_statement_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.statement_id, NEW.value_at) IS DISTINCT FROM (OLD.statement_id, OLD.value_at) THEN
        RAISE EXCEPTION 'a bank line stays what the bank said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_statement_door BEFORE UPDATE ON accounts_bankline
    FOR EACH ROW EXECUTE FUNCTION accounts_line_statement_door();
-- A statement counts what stands under it: its new lines in and out, within its days.
CREATE FUNCTION accounts_statement_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.new_count <> (SELECT count(*) FROM accounts_bankline WHERE statement_id = NEW.id)
        + (SELECT count(*) FROM accounts_statementdebit WHERE statement_id = NEW.id)
       OR EXISTS (SELECT 1 FROM accounts_bankline
                   WHERE statement_id = NEW.id AND value_on NOT BETWEEN NEW.from_on AND NEW.until_on)
       OR EXISTS (SELECT 1 FROM accounts_statementdebit
                   WHERE statement_id = NEW.id AND value_on NOT BETWEEN NEW.from_on AND NEW.until_on) THEN
        RAISE EXCEPTION 'the lines of a statement are what it counts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statement_whole AFTER INSERT ON accounts_statement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION accounts_statement_whole();

-- What of a receipt is paid, kept as its payouts are paid and reversed; by nobody's hand.
CREATE FUNCTION accounts_receipts_paid() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE accounts_receipt r SET paid_total = r.paid_total + s.change FROM (
        SELECT p.receipt_id, sum(CASE n.state WHEN 'PAID' THEN p.amount ELSE -p.amount END) AS change
          FROM changed n JOIN before o ON o.id = n.id JOIN accounts_payoutpart p ON p.payout_id = n.id
         WHERE n.state <> o.state AND 'PAID' IN (n.state, o.state) GROUP BY p.receipt_id
    ) AS s WHERE r.id = s.receipt_id;
    RETURN NULL;
END $$;
CREATE TRIGGER receipts_paid AFTER UPDATE ON accounts_payout
    REFERENCING NEW TABLE AS changed OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION accounts_receipts_paid();
CREATE FUNCTION accounts_receipt_paid_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND NEW.paid_total <> 0)
       OR (TG_OP = 'UPDATE' AND NEW.paid_total IS DISTINCT FROM OLD.paid_total AND pg_trigger_depth() < 2) THEN
        RAISE EXCEPTION 'a receipt is paid by its payouts alone' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
UPDATE accounts_receipt r SET paid_total = s.total FROM (
    SELECT p.receipt_id, sum(p.amount) AS total FROM accounts_payoutpart p JOIN accounts_payout o ON o.id = p.payout_id
     WHERE o.state = 'PAID' GROUP BY p.receipt_id
) AS s WHERE r.id = s.receipt_id;
CREATE TRIGGER receipt_paid_door BEFORE INSERT OR UPDATE ON accounts_receipt
    FOR EACH ROW EXECUTE FUNCTION accounts_receipt_paid_door();
"""
UNDO = """
DROP TRIGGER receipt_paid_door ON accounts_receipt;
DROP FUNCTION accounts_receipt_paid_door();
DROP TRIGGER receipts_paid ON accounts_payout;
DROP FUNCTION accounts_receipts_paid();
DROP TRIGGER statement_whole ON accounts_statement;
DROP FUNCTION accounts_statement_whole();
DROP TRIGGER line_statement_door ON accounts_bankline;
DROP FUNCTION accounts_line_statement_door();
DROP TRIGGER statement_debit_no_truncate ON accounts_statementdebit;
DROP TRIGGER statement_debit_append_only ON accounts_statementdebit;
DROP TRIGGER statement_no_truncate ON accounts_statement;
DROP TRIGGER statement_append_only ON accounts_statement;
DROP TRIGGER transfers_post ON accounts_transfer;
DROP FUNCTION accounts_post_transfers();
CREATE FUNCTION accounts_post_transfer() RETURNS trigger
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
CREATE TRIGGER transfer_posts AFTER INSERT ON accounts_transfer
    FOR EACH ROW EXECUTE FUNCTION accounts_post_transfer();
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [("accounts", "0016_statements"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOORS, UNDO)]
