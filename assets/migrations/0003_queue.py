"""A queued control comes into force by itself: until its keeper has checked it, its last day may still be put right."""

from django.db import migrations, models
from django.db.models import Q

GUARD = """
CREATE OR REPLACE FUNCTION assets_control_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
FORMER = """
CREATE OR REPLACE FUNCTION assets_control_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
        -- The last day moves by a renewal on record alone; a queued control gets its first one when it comes into force.
        IF NEW.to_on IS DISTINCT FROM OLD.to_on AND OLD.state <> 'QUEUED' AND NOT EXISTS (
            SELECT FROM assets_renewal r WHERE r.control_id = NEW.id AND r.old_to_on = OLD.to_on AND r.to_on = NEW.to_on
        ) THEN
            RAISE EXCEPTION 'the last day moves by a renewal alone' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [("assets", "0002_promises")]
    operations = [
        migrations.AddField(
            "control", "ranked_on", models.DateField(blank=True, null=True, verbose_name="顺位核实日")
        ),
        migrations.AddField(
            "control", "unconfirmed_since", models.DateField(blank=True, null=True, verbose_name="自动生效待核实")
        ),
        migrations.AddIndex(
            "control",
            models.Index(fields=["thing", "kind"], condition=Q(state="QUEUED"), name="control_queued_thing"),
        ),
        migrations.AddConstraint(
            "control",
            models.CheckConstraint(
                condition=Q(unconfirmed_since__isnull=True)
                | (~Q(state="QUEUED") & Q(activated_on__isnull=False)),
                name="control_unconfirmed_came_into_force",
            ),
        ),
        migrations.RunSQL(GUARD, FORMER),
    ]
