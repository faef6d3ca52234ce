"""What the database itself keeps of a case: its stage moves through one door, what was recorded stays."""

from django.db import migrations

DOORS = """
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
CREATE TRIGGER note_append_only BEFORE UPDATE OR DELETE ON cases_note
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER note_no_truncate BEFORE TRUNCATE ON cases_note
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE FUNCTION cases_guard_sanction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed text[] := ARRAY['case_id', 'party_id', 'persons', 'kind', 'ground', 'ground_version', 'basis', 'facts',
                          'extra_years', 'days', 'amount', 'proposed_by_id', 'proposed_at'];
    name text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a sanction is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_party p
                   WHERE p.id = NEW.party_id AND p.case_id = NEW.case_id AND p.side = 'DEBTOR') THEN
        RAISE EXCEPTION 'only a debtor of the case is sanctioned' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state IN ('REFUSED', 'WITHDRAWN', 'REMOVED') THEN
            RAISE EXCEPTION 'an ended sanction never changes' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        FOREACH name IN ARRAY fixed LOOP
            IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
                RAISE EXCEPTION 'what was proposed never changes' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sanction_guard BEFORE INSERT OR UPDATE OR DELETE ON cases_sanction
    FOR EACH ROW EXECUTE FUNCTION cases_guard_sanction();
CREATE FUNCTION cases_keep_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- A claim added by correction comes into being with its confirmation.
    answer text[] := ARRAY['state', 'answered_by_id', 'answered_at', 'answer_note']
        || CASE WHEN OLD.target = 'ADDED' AND OLD.claim_id IS NULL THEN ARRAY['claim_id'] ELSE '{}' END;
    alarm text[] := ARRAY['wrong_person_at', 'cleared_by_id', 'cleared_at', 'clear_note'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a correction is never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF to_jsonb(NEW) - answer - alarm IS DISTINCT FROM to_jsonb(OLD) - answer - alarm THEN
        RAISE EXCEPTION 'what was proposed never changes' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.state <> 'PROPOSED' AND to_jsonb(NEW) - alarm IS DISTINCT FROM to_jsonb(OLD) - alarm THEN
        RAISE EXCEPTION 'a correction is answered once' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.wrong_person_at IS NOT NULL AND NEW.wrong_person_at IS DISTINCT FROM OLD.wrong_person_at THEN
        RAISE EXCEPTION 'an alarm is not taken back' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.cleared_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'an alarm is cleared once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_kept BEFORE UPDATE OR DELETE ON cases_correction
    FOR EACH ROW EXECUTE FUNCTION cases_keep_correction();
CREATE TRIGGER correction_no_truncate BEFORE TRUNCATE ON cases_correction
    FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_correction();
CREATE FUNCTION cases_keep_performance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer text[] := ARRAY['state', 'answered_by_id', 'answered_at', 'confirmation'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a performance is reversed, never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.state <> 'RECORDED' OR to_jsonb(NEW) - answer IS DISTINCT FROM to_jsonb(OLD) - answer THEN
        RAISE EXCEPTION 'a performance is answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER performance_kept BEFORE UPDATE OR DELETE ON cases_performance
    FOR EACH ROW EXECUTE FUNCTION cases_keep_performance();
CREATE TRIGGER performance_no_truncate BEFORE TRUNCATE ON cases_performance
    FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_performance();
CREATE FUNCTION cases_keep_agent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended text[] := ARRAY['revoked_by_id', 'revoked_at', 'revoke_note'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'an authority is revoked, never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.revoked_at IS NOT NULL OR to_jsonb(NEW) - ended IS DISTINCT FROM to_jsonb(OLD) - ended THEN
        RAISE EXCEPTION 'an authority is revoked once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agent_kept BEFORE UPDATE OR DELETE ON cases_agent
    FOR EACH ROW EXECUTE FUNCTION cases_keep_agent();
CREATE TRIGGER agent_no_truncate BEFORE TRUNCATE ON cases_agent
    FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_agent();
CREATE TRIGGER party_change_append_only BEFORE UPDATE OR DELETE ON cases_partychange
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER party_change_no_truncate BEFORE TRUNCATE ON cases_partychange
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER requery_append_only BEFORE UPDATE OR DELETE ON cases_requery
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER requery_no_truncate BEFORE TRUNCATE ON cases_requery
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER requery_no_truncate ON cases_requery;
DROP TRIGGER requery_append_only ON cases_requery;
DROP TRIGGER party_change_no_truncate ON cases_partychange;
DROP TRIGGER party_change_append_only ON cases_partychange;
DROP TRIGGER agent_no_truncate ON cases_agent;
DROP TRIGGER agent_kept ON cases_agent;
DROP TRIGGER performance_no_truncate ON cases_performance;
DROP TRIGGER performance_kept ON cases_performance;
DROP TRIGGER correction_no_truncate ON cases_correction;
DROP TRIGGER correction_kept ON cases_correction;
DROP TRIGGER sanction_guard ON cases_sanction;
DROP TRIGGER note_no_truncate ON cases_note;
DROP TRIGGER note_append_only ON cases_note;
DROP TRIGGER case_never_deleted ON cases_case;
DROP TRIGGER stage_door ON cases_case;
DROP FUNCTION cases_keep_agent();
DROP FUNCTION cases_keep_performance();
DROP FUNCTION cases_keep_correction();
DROP FUNCTION cases_guard_sanction();
DROP FUNCTION cases_stage_door();
"""


class Migration(migrations.Migration):
    """Runs as the owner. A database that has all that it replaces has it too."""

    replaces = [
        ("cases", "0002_stage_door"),
        ("cases", "0003_stages"),
        ("cases", "0004_work"),
        ("cases", "0005_deadlines"),
        ("cases", "0006_related_cases"),
        ("cases", "0007_settled_handovers"),
        ("cases", "0008_sanctions"),
        ("cases", "0009_list_indexes"),
        ("cases", "0010_saved_filters"),
        ("cases", "0011_evidence"),
        ("cases", "0012_corrections"),
        ("cases", "0013_agents_performance_changes"),
        ("cases", "0014_afterlife"),
        ("cases", "0015_file"),
    ]
    dependencies = [("cases", "0001_initial"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOORS, UNDO)]
