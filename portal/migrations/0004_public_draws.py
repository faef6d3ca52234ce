"""Views for the public process: chains, draws and who got what, by number; nothing else of the command centre."""

from django.db import migrations, models

# Each joins, so that PostgreSQL lets nobody write through it.
VIEWS = """
CREATE VIEW portal_publicchain AS
    SELECT c.id, c.tip, c.length, c.published_at, c.from_on, count(d.id)::integer AS used
    FROM dispatch_seedchain c LEFT JOIN dispatch_draw d ON d.chain_id = c.id
    GROUP BY c.id, c.tip, c.length, c.published_at, c.from_on;
CREATE VIEW portal_publicdraw AS
    SELECT d.id, d.mode, d.at, d.inputs, d.commitment, d.committed_at, d.number, d.seed, d.opened_at,
        coalesce(c.tip, '') AS tip, c.published_at AS tip_published_at
    FROM dispatch_draw d LEFT JOIN dispatch_seedchain c ON c.id = d.chain_id
    WHERE d.inside <> '';
CREATE VIEW portal_publicplacing AS
    SELECT a.id, a.draw_id, a.case_id, a.judge_id, a.starter_id
    FROM dispatch_assignment a JOIN dispatch_draw d ON d.id = a.draw_id
    WHERE d.inside <> '';
"""
UNDO = "DROP VIEW portal_publicplacing; DROP VIEW portal_publicdraw; DROP VIEW portal_publicchain;"


class Migration(migrations.Migration):
    """Runs as the owner, whose rights the views use."""

    dependencies = [("portal", "0003_page_digest"), ("dispatch", "0006_public_draws")]
    operations = [
        migrations.RunSQL(VIEWS, UNDO),
        migrations.CreateModel(
            name="PublicChain",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("tip", models.CharField(max_length=64)),
                ("length", models.PositiveIntegerField()),
                ("published_at", models.DateTimeField()),
                ("from_on", models.DateField()),
                ("used", models.PositiveIntegerField()),
            ],
            options={"db_table": "portal_publicchain", "managed": False},
        ),
        migrations.CreateModel(
            name="PublicDraw",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mode", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("inputs", models.TextField()),
                ("commitment", models.CharField(max_length=64)),
                ("committed_at", models.DateTimeField()),
                ("number", models.PositiveIntegerField()),
                ("seed", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField(null=True)),
                ("tip", models.CharField(max_length=64)),
                ("tip_published_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "portal_publicdraw", "managed": False},
        ),
        migrations.CreateModel(
            name="PublicPlacing",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("draw_id", models.BigIntegerField()),
                ("case_id", models.BigIntegerField()),
                ("judge_id", models.BigIntegerField()),
                ("starter_id", models.BigIntegerField()),
            ],
            options={"db_table": "portal_publicplacing", "managed": False},
        ),
    ]
