"""The ledger's promises: transfers are append-only, kept balances move only with them, escrow is never negative."""

from django.db import migrations

LEDGER = """
-- Accounts whose balance is kept are locked in id order, so that two opposite transfers cannot deadlock.
CREATE FUNCTION accounts_post_transfer() RETURNS trigger
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
CREATE TRIGGER transfer_posts AFTER INSERT ON accounts_transfer
    FOR EACH ROW EXECUTE FUNCTION accounts_post_transfer();
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
"""
UNDO = """
DROP TRIGGER account_never_deleted ON accounts_account;
DROP TRIGGER balance_door ON accounts_account;
DROP FUNCTION accounts_balance_door();
DROP TRIGGER transfer_no_truncate ON accounts_transfer;
DROP TRIGGER transfer_append_only ON accounts_transfer;
DROP TRIGGER transfer_posts ON accounts_transfer;
DROP FUNCTION accounts_post_transfer();
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [("accounts", "0002_initial"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(LEDGER, UNDO)]
