"""A stage changes only with the marker that cases.services.advance sets in its transaction."""

from django.db import migrations

DOOR = """
CREATE FUNCTION cases_stage_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stage <> 'FILED' THEN
            RAISE EXCEPTION 'a case begins as FILED' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.stage IS DISTINCT FROM OLD.stage AND
        current_setting('wuhai_exec.advance', true) IS DISTINCT FROM
            concat_ws(':', NEW.id, OLD.stage, NEW.stage, pg_current_xact_id()) THEN
        RAISE EXCEPTION 'the stage of a case changes only through cases.services.advance'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stage_door BEFORE INSERT OR UPDATE ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_stage_door();
CREATE TRIGGER case_never_deleted BEFORE DELETE ON cases_case FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER case_never_deleted ON cases_case;
DROP TRIGGER stage_door ON cases_case;
DROP FUNCTION cases_stage_door();
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [("cases", "0001_initial"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOOR, UNDO)]
