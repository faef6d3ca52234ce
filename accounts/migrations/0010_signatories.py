"""Who signs a day on which everybody of finance paid."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE TRIGGER named_signatory_append_only BEFORE UPDATE OR DELETE ON accounts_namedsignatory
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER named_signatory_no_truncate BEFORE TRUNCATE ON accounts_namedsignatory
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER named_signatory_no_truncate ON accounts_namedsignatory;
DROP TRIGGER named_signatory_append_only ON accounts_namedsignatory;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_status_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NamedSignatory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='指定原因')),
                ('named_at', models.DateTimeField(verbose_name='指定时间')),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='named_signatories', to='accounts.daysheet')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('user', models.F('named_by')), _negated=True), name='signatory_named_by_another'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='signatory_named_for_a_reason')],
            },
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
