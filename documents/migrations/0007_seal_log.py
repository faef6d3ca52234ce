"""The use of a seal is written once: no change, no removal."""

from django.db import migrations

KEPT = """
CREATE TRIGGER sealuse_append_only BEFORE UPDATE OR DELETE ON documents_sealuse
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER sealuse_no_truncate BEFORE TRUNCATE ON documents_sealuse
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER sealuse_no_truncate ON documents_sealuse;
DROP TRIGGER sealuse_append_only ON documents_sealuse;
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [("documents", "0006_versions_and_seals"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(KEPT, UNDO)]
