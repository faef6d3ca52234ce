"""The event record's trigger. (The roles in its name are made in `bureau/grants.py`, after every migrate.)"""

from django.db import migrations

# The head row of the chain is the lock: two events of one chain queue behind each other, two chains do not.
EVENT_CHAIN = """
CREATE FUNCTION bureau_event_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head bureau_chain%ROWTYPE;
    header text;
BEGIN
    INSERT INTO bureau_chain (name, seq, hash, touched_at) VALUES (NEW.chain, 0, ''::bytea, clock_timestamp())
        ON CONFLICT (name) DO NOTHING;
    SELECT * INTO head FROM bureau_chain WHERE name = NEW.chain FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.previous := head.hash;
    NEW.recorded_at := clock_timestamp();
    NEW.details_hash := sha256(convert_to(NEW.details, 'UTF8'));
    header := bureau_event_header(NEW);
    NEW.hash := sha256(NEW.previous || convert_to(header, 'UTF8') || NEW.details_hash);
    UPDATE bureau_chain SET seq = NEW.seq, hash = NEW.hash, touched_at = NEW.recorded_at WHERE name = NEW.chain;
    RETURN NEW;
END $$;
"""
EVENT_HEADER = """
CREATE FUNCTION bureau_event_header(event bureau_event) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        event.chain, event.seq, event.room, event.verb, event.subject, event.case_number,
        to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        to_char(event.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        event.actor_id
    )::text
$$;
"""
REFUSE_CHANGE = """
CREATE FUNCTION bureau_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
TRIGGERS = """
CREATE TRIGGER event_chain BEFORE INSERT ON bureau_event FOR EACH ROW EXECUTE FUNCTION bureau_event_chain();
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON bureau_event
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON bureau_event
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER event_no_truncate ON bureau_event;
DROP TRIGGER event_append_only ON bureau_event;
DROP TRIGGER event_chain ON bureau_event;
DROP FUNCTION bureau_event_chain();
DROP FUNCTION bureau_event_header(bureau_event);
DROP FUNCTION bureau_refuse_change();
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    replaces = [("bureau", "0003_court_permission")]
    dependencies = [("bureau", "0001_initial")]
    operations = [
        migrations.RunSQL(EVENT_HEADER + EVENT_CHAIN + REFUSE_CHANGE + TRIGGERS, UNDO),
    ]
