"""What the nightly proof of the books found, append-only."""

from django.db import migrations, models

DOORS = """
CREATE TRIGGER bookscheck_append_only BEFORE UPDATE OR DELETE ON accounts_bookscheck
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER bookscheck_no_truncate BEFORE TRUNCATE ON accounts_bookscheck
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [
        ('accounts', '0006_money_doors'),
    ]

    operations = [
        migrations.CreateModel(
            name='BooksCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_at', models.DateTimeField(verbose_name='核对时间')),
                ('fault_count', models.PositiveIntegerField(verbose_name='不符数')),
                ('faults', models.JSONField(default=list, verbose_name='不符')),
            ],
        ),
        migrations.RunSQL(DOORS, migrations.RunSQL.noop),
    ]
