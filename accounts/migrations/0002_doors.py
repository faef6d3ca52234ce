"""What the database itself keeps of money: the ledger posts, contents stay, steps go one way, nothing is spent twice."""

from django.db import migrations

DOORS = """
CREATE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE ON accounts_transfer
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER transfer_no_truncate BEFORE TRUNCATE ON accounts_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
-- Even the owner opens an account at zero and never edits a balance by hand: only a transfer (depth > 1) may.
CREATE FUNCTION accounts_balance_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.balance <> 0 THEN
        RAISE EXCEPTION 'an account opens at zero' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF TG_OP = 'UPDATE' AND NEW.balance IS DISTINCT FROM OLD.balance AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'a balance changes only by a transfer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER balance_door BEFORE INSERT OR UPDATE ON accounts_account
    FOR EACH ROW EXECUTE FUNCTION accounts_balance_door();
CREATE TRIGGER account_never_deleted BEFORE DELETE ON accounts_account
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
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
CREATE FUNCTION accounts_payout_door() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER bookscheck_append_only BEFORE UPDATE OR DELETE ON accounts_bookscheck
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER bookscheck_no_truncate BEFORE TRUNCATE ON accounts_bookscheck
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER share_append_only BEFORE UPDATE OR DELETE ON accounts_distributionshare
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER share_no_truncate BEFORE TRUNCATE ON accounts_distributionshare
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE FUNCTION accounts_parts_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM id FROM accounts_receipt WHERE id IN (SELECT receipt_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM accounts_receipt r WHERE r.id IN (SELECT receipt_id FROM added) AND (
            r.voided_at IS NOT NULL OR r.amount < (
                SELECT sum(p.amount) FROM accounts_payoutpart p JOIN accounts_payout o ON o.id = p.payout_id
                WHERE p.receipt_id = r.id AND o.state NOT IN ('BOUNCED', 'REJECTED', 'REVERSED')))
    ) OR EXISTS (
        SELECT 1 FROM added a JOIN accounts_receipt r ON r.id = a.receipt_id
        JOIN accounts_payout o ON o.id = a.payout_id WHERE r.case_id <> o.case_id
    ) THEN
        RAISE EXCEPTION 'a receipt is spent once, for its own case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER parts_door AFTER INSERT ON accounts_payoutpart
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_parts_door();
-- Batches: what was entered never changes, steps go one way, and the rows together are what the batch says.
CREATE FUNCTION accounts_batch_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a batch stays on record' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.case_id, NEW.document, NEW.file_sha256, NEW.material_id, NEW.follows_id, NEW.row_count, NEW.total,
        NEW.entered_by_id, NEW.entered_at)
       IS DISTINCT FROM
       (OLD.case_id, OLD.document, OLD.file_sha256, OLD.material_id, OLD.follows_id, OLD.row_count, OLD.total,
        OLD.entered_by_id, OLD.entered_at)
       OR (OLD.confirmed_by_id IS NOT NULL AND NEW.confirmed_by_id IS DISTINCT FROM OLD.confirmed_by_id)
       OR (OLD.paid_by_id IS NOT NULL AND NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id) THEN
        RAISE EXCEPTION 'what was entered and signed never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
        'ENTERED>CONFIRMED', 'ENTERED>REFUSED', 'CONFIRMED>REQUESTED', 'CONFIRMED>REFUSED', 'REQUESTED>CHECKED',
        'REQUESTED>CONFIRMED', 'CHECKED>APPROVED', 'CHECKED>CONFIRMED', 'APPROVED>SENDING', 'SENDING>DONE']) THEN
        RAISE EXCEPTION 'no such step of a batch: % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'DONE' AND OLD.state <> 'DONE' AND EXISTS (
        SELECT 1 FROM accounts_batchrow r LEFT JOIN accounts_payout o ON o.batch_row_id = r.id
         WHERE r.batch_id = NEW.id AND (o.state IN ('PAID', 'BOUNCED')) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a batch is done when every row is answered' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_door BEFORE UPDATE OR DELETE ON accounts_batch
    FOR EACH ROW EXECUTE FUNCTION accounts_batch_door();
CREATE TRIGGER batch_no_truncate BEFORE TRUNCATE ON accounts_batch
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_batch_door();
CREATE FUNCTION accounts_batch_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF ((NEW.row_count, NEW.total) = (SELECT count(*), sum(amount) FROM accounts_batchrow WHERE batch_id = NEW.id))
        IS NOT TRUE OR EXISTS (
        SELECT 1 FROM (SELECT case_id, count(*) AS row_count, sum(amount) AS total FROM accounts_batchrow
                        WHERE batch_id = NEW.id GROUP BY case_id) AS r
          FULL JOIN (SELECT * FROM accounts_batchcase WHERE batch_id = NEW.id) AS c ON c.case_id = r.case_id
         WHERE (c.row_count = r.row_count AND c.total = r.total) IS NOT TRUE) THEN
        RAISE EXCEPTION 'the rows of a batch are its sum' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER batch_whole AFTER INSERT ON accounts_batch DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION accounts_batch_whole();
CREATE FUNCTION accounts_batch_rows_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM accounts_batch b WHERE b.id IN (SELECT batch_id FROM added) AND (b.state <> 'ENTERED'
            OR (SELECT count(*) FROM accounts_batchrow r WHERE r.batch_id = b.id) > b.row_count)
    ) OR EXISTS (
        SELECT 1 FROM added a JOIN accounts_payeeaccount p ON p.id = a.payee_id
         WHERE p.kind <> 'LISTED' OR p.case_id <> a.case_id
    ) OR EXISTS (
        SELECT 1 FROM added a JOIN accounts_batchrow f ON f.id = a.replaces_id
          LEFT JOIN accounts_payout o ON o.batch_row_id = f.id
         WHERE (o.state = 'BOUNCED' AND f.case_id = a.case_id AND f.amount = a.amount
                AND f.id_digest = a.id_digest) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'a roster is entered once, and pays again only what bounced'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER batch_rows_door AFTER INSERT ON accounts_batchrow
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounts_batch_rows_door();
CREATE TRIGGER batch_row_append_only BEFORE UPDATE OR DELETE ON accounts_batchrow
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER batch_row_no_truncate BEFORE TRUNCATE ON accounts_batchrow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
-- A row of a batch is paid as it was signed: its case, sum and account, by the people of the batch, while it is sent.
CREATE FUNCTION accounts_payout_row_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.batch_row_id IS DISTINCT FROM OLD.batch_row_id THEN
            RAISE EXCEPTION 'a payout stays the row that it is' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.batch_row_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM accounts_batchrow r JOIN accounts_batch b ON b.id = r.batch_id
          JOIN accounts_payeeaccount p ON p.id = r.payee_id
         WHERE r.id = NEW.batch_row_id AND b.state = 'SENDING' AND NEW.state = 'SENT'
           AND (r.case_id, r.payee_id, r.amount) = (NEW.case_id, NEW.payee_id, NEW.amount)
           AND (b.requested_by_id, b.checked_by_id, b.approved_by_id, b.paid_by_id)
             = (NEW.requested_by_id, NEW.checked_by_id, NEW.approved_by_id, NEW.paid_by_id)
           AND p.state = 'CONFIRMED' AND p.replaced_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a row of a batch is paid as it was signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'SENT' AND (TG_OP = 'INSERT' OR OLD.state <> 'SENT') AND EXISTS (
        SELECT 1 FROM accounts_payeeaccount p WHERE p.id = NEW.payee_id
           AND p.usable_on > (NEW.sent_at AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION 'a changed account is not paid before its day' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_row_door BEFORE INSERT OR UPDATE ON accounts_payout
    FOR EACH ROW EXECUTE FUNCTION accounts_payout_row_door();
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
CREATE TRIGGER receipt_paid_door BEFORE INSERT OR UPDATE ON accounts_receipt
    FOR EACH ROW EXECUTE FUNCTION accounts_receipt_paid_door();
"""
UNDO = """
DROP TRIGGER receipt_paid_door ON accounts_receipt;
DROP TRIGGER receipts_paid ON accounts_payout;
DROP TRIGGER statement_whole ON accounts_statement;
DROP TRIGGER line_statement_door ON accounts_bankline;
DROP TRIGGER statement_debit_no_truncate ON accounts_statementdebit;
DROP TRIGGER statement_debit_append_only ON accounts_statementdebit;
DROP TRIGGER statement_no_truncate ON accounts_statement;
DROP TRIGGER statement_append_only ON accounts_statement;
DROP TRIGGER transfers_post ON accounts_transfer;
DROP TRIGGER payout_row_door ON accounts_payout;
DROP TRIGGER batch_row_no_truncate ON accounts_batchrow;
DROP TRIGGER batch_row_append_only ON accounts_batchrow;
DROP TRIGGER batch_rows_door ON accounts_batchrow;
DROP TRIGGER batch_whole ON accounts_batch;
DROP TRIGGER batch_no_truncate ON accounts_batch;
DROP TRIGGER batch_door ON accounts_batch;
DROP TRIGGER parts_door ON accounts_payoutpart;
DROP TRIGGER share_no_truncate ON accounts_distributionshare;
DROP TRIGGER share_append_only ON accounts_distributionshare;
DROP TRIGGER bookscheck_no_truncate ON accounts_bookscheck;
DROP TRIGGER bookscheck_append_only ON accounts_bookscheck;
DROP TRIGGER line_no_truncate ON accounts_bankline;
DROP TRIGGER line_door ON accounts_bankline;
DROP TRIGGER receipt_no_truncate ON accounts_receipt;
DROP TRIGGER receipt_door ON accounts_receipt;
DROP TRIGGER payout_no_truncate ON accounts_payout;
DROP TRIGGER payout_door ON accounts_payout;
DROP TRIGGER parts_whole ON accounts_payout;
DROP TRIGGER part_no_truncate ON accounts_payoutpart;
DROP TRIGGER part_append_only ON accounts_payoutpart;
DROP TRIGGER account_never_deleted ON accounts_account;
DROP TRIGGER balance_door ON accounts_account;
DROP TRIGGER transfer_no_truncate ON accounts_transfer;
DROP TRIGGER transfer_append_only ON accounts_transfer;
DROP FUNCTION accounts_receipt_paid_door();
DROP FUNCTION accounts_receipts_paid();
DROP FUNCTION accounts_statement_whole();
DROP FUNCTION accounts_line_statement_door();
DROP FUNCTION accounts_post_transfers();
DROP FUNCTION accounts_payout_row_door();
DROP FUNCTION accounts_batch_rows_door();
DROP FUNCTION accounts_batch_whole();
DROP FUNCTION accounts_batch_door();
DROP FUNCTION accounts_parts_door();
DROP FUNCTION accounts_line_door();
DROP FUNCTION accounts_receipt_door();
DROP FUNCTION accounts_payout_door();
DROP FUNCTION accounts_parts_whole();
DROP FUNCTION accounts_balance_door();
"""


class Migration(migrations.Migration):
    """Runs as the owner. A database that has all that it replaces has it too."""

    replaces = [
        ("accounts", "0002_initial"),
        ("accounts", "0003_ledger"),
        ("accounts", "0004_second_person"),
        ("accounts", "0005_ways_out"),
        ("accounts", "0006_money_doors"),
        ("accounts", "0007_books_check"),
        ("accounts", "0008_idle_approvals"),
        ("accounts", "0009_separation"),
        ("accounts", "0010_distributions"),
        ("accounts", "0011_payout_list_index"),
        ("accounts", "0014_batches"),
        ("accounts", "0015_batch_doors"),
        ("accounts", "0016_statements"),
        ("accounts", "0017_statement_doors"),
    ]
    dependencies = [("accounts", "0001_initial"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOORS, UNDO)]
