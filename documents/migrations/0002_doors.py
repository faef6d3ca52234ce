"""What the database itself keeps of papers: what is issued, filed or sealed stays."""

from django.db import migrations

DOORS = """
CREATE FUNCTION documents_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    later text[] := ARRAY['pdf_sha256', 'pdf_byte_count', 'page_count', 'pdf_error',
                          'voided_by_id', 'voided_at', 'void_reason'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'an issued document is never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF to_jsonb(NEW) - later IS DISTINCT FROM to_jsonb(OLD) - later THEN
        RAISE EXCEPTION 'an issued document never changes' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.pdf_sha256 <> '' AND (NEW.pdf_sha256, NEW.pdf_byte_count, NEW.page_count, NEW.pdf_error)
            IS DISTINCT FROM (OLD.pdf_sha256, OLD.pdf_byte_count, OLD.page_count, OLD.pdf_error) THEN
        RAISE EXCEPTION 'a document has one PDF' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.voided_by_id IS NOT NULL AND (NEW.voided_by_id, NEW.voided_at, NEW.void_reason)
            IS DISTINCT FROM (OLD.voided_by_id, OLD.voided_at, OLD.void_reason) THEN
        RAISE EXCEPTION 'a document is voided once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_immutable BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_keep_document();
CREATE TRIGGER document_no_truncate BEFORE TRUNCATE ON documents_document
    FOR EACH STATEMENT EXECUTE FUNCTION documents_keep_document();
CREATE TRIGGER template_append_only BEFORE UPDATE OR DELETE ON documents_template
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER template_no_truncate BEFORE TRUNCATE ON documents_template
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER sealuse_append_only BEFORE UPDATE OR DELETE ON documents_sealuse
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER sealuse_no_truncate BEFORE TRUNCATE ON documents_sealuse
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER sealuse_no_truncate ON documents_sealuse;
DROP TRIGGER sealuse_append_only ON documents_sealuse;
DROP TRIGGER template_no_truncate ON documents_template;
DROP TRIGGER template_append_only ON documents_template;
DROP TRIGGER document_no_truncate ON documents_document;
DROP TRIGGER document_immutable ON documents_document;
DROP FUNCTION documents_keep_document();
"""


class Migration(migrations.Migration):
    """Runs as the owner. A database that has all that it replaces has it too."""

    replaces = [
        ("documents", "0002_documents"),
        ("documents", "0003_immutable"),
        ("documents", "0004_missing_notes"),
        ("documents", "0005_reissues"),
        ("documents", "0006_versions_and_seals"),
        ("documents", "0007_seal_log"),
        ("documents", "0008_work_photos"),
    ]
    dependencies = [("documents", "0001_initial"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(DOORS, UNDO)]
