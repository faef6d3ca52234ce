"""What the database itself keeps of assignment: draws and their chains stay."""

from django.db import migrations

DOORS = """
-- A chain never changes: its tip was published.
CREATE TRIGGER seedchain_append_only BEFORE UPDATE OR DELETE ON dispatch_seedchain
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER seedchain_no_truncate BEFORE TRUNCATE ON dispatch_seedchain
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
-- A draw: first the inputs under their hash, then once the seed; every seed hashes to the one before it, or to the tip.
CREATE FUNCTION dispatch_draw_door() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before text;
    used integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.seed <> '' OR NEW.commitment <> encode(sha256(convert_to(NEW.inputs, 'UTF8')), 'hex') THEN
            RAISE EXCEPTION 'a draw begins with its inputs under their hash and without a seed'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.chain_id IS NOT NULL THEN
            SELECT coalesce(max(number), 0) INTO used FROM dispatch_draw WHERE chain_id = NEW.chain_id;
            IF NEW.number <> used + 1 OR NEW.number > (SELECT length FROM dispatch_seedchain WHERE id = NEW.chain_id)
                OR EXISTS (SELECT 1 FROM dispatch_draw WHERE chain_id = NEW.chain_id AND seed = '') THEN
                RAISE EXCEPTION 'seeds are used in order, none is skipped'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.seed <> '' OR OLD.chain_id IS NULL OR to_jsonb(NEW) - 'seed' <> to_jsonb(OLD) - 'seed' THEN
        RAISE EXCEPTION 'a draw is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT coalesce(
        (SELECT seed FROM dispatch_draw WHERE chain_id = NEW.chain_id AND number = NEW.number - 1),
        (SELECT tip FROM dispatch_seedchain WHERE id = NEW.chain_id)
    ) INTO before;
    IF NEW.seed !~ '^[0-9a-f]{64}$' OR encode(sha256(decode(NEW.seed, 'hex')), 'hex') <> before THEN
        RAISE EXCEPTION 'the seed is not the next of its chain' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_door BEFORE INSERT OR UPDATE ON dispatch_draw FOR EACH ROW EXECUTE FUNCTION dispatch_draw_door();
CREATE TRIGGER draw_append_only BEFORE DELETE ON dispatch_draw
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER draw_no_truncate BEFORE TRUNCATE ON dispatch_draw
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER draw_no_truncate ON dispatch_draw;
DROP TRIGGER draw_append_only ON dispatch_draw;
DROP TRIGGER draw_door ON dispatch_draw;
DROP TRIGGER seedchain_no_truncate ON dispatch_seedchain;
DROP TRIGGER seedchain_append_only ON dispatch_seedchain;
DROP FUNCTION dispatch_draw_door();
"""


class Migration(migrations.Migration):
    """Runs as the owner. A database that has all that it replaces has it too."""

    replaces = [
        ("dispatch", "0002_takeover"),
        ("dispatch", "0003_triage_table"),
        ("dispatch", "0005_draws"),
    ]
    dependencies = [("dispatch", "0001_initial"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOORS, UNDO)]
