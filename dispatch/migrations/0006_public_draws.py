"""What is committed to holds numbers alone; names stand inside under a hash of their own; both moments are the clock's."""

from django.db import migrations, models

DOORS = """
CREATE OR REPLACE FUNCTION dispatch_draw_door() RETURNS trigger
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
        IF NEW.inside <> '' AND (NEW.inputs::jsonb ->> 'inside') IS DISTINCT FROM
            encode(sha256(convert_to(NEW.inside, 'UTF8')), 'hex') THEN
            RAISE EXCEPTION 'what is kept inside stands under its hash in the inputs'
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
        NEW.committed_at := clock_timestamp();
        NEW.opened_at := NULL;
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
    NEW.opened_at := clock_timestamp();
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Runs as the owner. Draws from before keep their text, which has names, and are not published."""

    dependencies = [("dispatch", "0005_duty")]
    operations = [
        migrations.AddField(
            model_name="draw",
            name="committed_at",
            field=models.DateTimeField(null=True, verbose_name="承诺入库时间"),
        ),
        migrations.AddField(
            model_name="draw", name="inside", field=models.TextField(blank=True, default="", verbose_name="内部"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="draw", name="opened_at", field=models.DateTimeField(null=True, verbose_name="种子启用时间")
        ),
        migrations.RunSQL(DOORS, migrations.RunSQL.noop),
    ]
