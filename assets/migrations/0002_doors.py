"""What the database itself keeps of controls."""

from django.db import migrations

DOORS = """
CREATE FUNCTION assets_control_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cases_party WHERE id = NEW.debtor_id AND case_id = NEW.case_id AND side = 'DEBTOR') THEN
        RAISE EXCEPTION 'a control is on a debtor of its case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.to_on > coalesce(NEW.activated_on, NEW.from_on) + interval '3 years' AND TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'no control lasts longer than three years' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.case_id, NEW.debtor_id, NEW.kind, NEW.origin, NEW.from_on, NEW.taken_by_id, NEW.taken_at)
            IS DISTINCT FROM (OLD.case_id, OLD.debtor_id, OLD.kind, OLD.origin, OLD.from_on, OLD.taken_by_id, OLD.taken_at)
        THEN
            RAISE EXCEPTION 'what was controlled, where and since when stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.state IN ('RELEASED', 'LAPSED') AND NEW.state <> OLD.state THEN
            RAISE EXCEPTION 'an ended control does not come back' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        -- The last day moves by a renewal on record alone; a queued control gets its first one when it comes into force,
        -- and one that did so by itself keeps it under check until its keeper has confirmed it.
        IF NEW.to_on IS DISTINCT FROM OLD.to_on AND OLD.state <> 'QUEUED'
            AND OLD.unconfirmed_since IS NULL AND NOT EXISTS (
            SELECT FROM assets_renewal r WHERE r.control_id = NEW.id AND r.old_to_on = OLD.to_on AND r.to_on = NEW.to_on
        ) THEN
            RAISE EXCEPTION 'the last day moves by a renewal alone' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER control_guard BEFORE INSERT OR UPDATE ON assets_control
    FOR EACH ROW EXECUTE FUNCTION assets_control_guard();
CREATE TRIGGER control_never_deleted BEFORE DELETE ON assets_control
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER renewal_append_only BEFORE UPDATE OR DELETE ON assets_renewal
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER renewal_no_truncate BEFORE TRUNCATE ON assets_renewal
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
-- A renewal is of a control in force, begins where its term ends, and is again no longer than three years.
CREATE FUNCTION assets_renewal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM assets_control c WHERE c.id = NEW.control_id AND c.state = 'LIVE' AND c.to_on = NEW.old_to_on
    ) THEN
        RAISE EXCEPTION 'a renewal begins where the term in force ends' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.to_on > NEW.old_to_on + interval '3 years' THEN
        RAISE EXCEPTION 'no renewal lasts longer than three years' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER renewal_guard BEFORE INSERT ON assets_renewal
    FOR EACH ROW EXECUTE FUNCTION assets_renewal_guard();
"""
UNDO = """
DROP TRIGGER renewal_guard ON assets_renewal;
DROP TRIGGER renewal_no_truncate ON assets_renewal;
DROP TRIGGER renewal_append_only ON assets_renewal;
DROP TRIGGER control_never_deleted ON assets_control;
DROP TRIGGER control_guard ON assets_control;
DROP FUNCTION assets_renewal_guard();
DROP FUNCTION assets_control_guard();
"""


class Migration(migrations.Migration):
    """Runs as the owner. A database that has all that it replaces has it too."""

    replaces = [
        ("assets", "0002_promises"),
        ("assets", "0003_queue"),
    ]
    dependencies = [("assets", "0001_initial"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOORS, UNDO)]
