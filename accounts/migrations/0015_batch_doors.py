"""What the database itself keeps of batches: a row is paid once, as it was signed; parts are summed per statement."""

from django.db import migrations

DOORS = """
-- Parts of one statement are checked together, so that the sum over a receipt is added up once and not once per part.
DROP TRIGGER part_door ON accounts_payoutpart;
DROP FUNCTION accounts_part_door();
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
"""
UNDO = """
DROP TRIGGER payout_row_door ON accounts_payout;
DROP FUNCTION accounts_payout_row_door();
DROP TRIGGER batch_row_no_truncate ON accounts_batchrow;
DROP TRIGGER batch_row_append_only ON accounts_batchrow;
DROP TRIGGER batch_rows_door ON accounts_batchrow;
DROP FUNCTION accounts_batch_rows_door();
DROP TRIGGER batch_whole ON accounts_batch;
DROP FUNCTION accounts_batch_whole();
DROP TRIGGER batch_no_truncate ON accounts_batch;
DROP TRIGGER batch_door ON accounts_batch;
DROP FUNCTION accounts_batch_door();
DROP TRIGGER parts_door ON accounts_payoutpart;
DROP FUNCTION accounts_parts_door();
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
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [("accounts", "0014_batches"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOORS, UNDO)]
