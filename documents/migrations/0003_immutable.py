"""What is issued stays: a document changes only by its PDF, once, and by the mark of what replaced it, once."""

from django.db import migrations

IMMUTABLE = """
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
"""
UNDO = """
DROP TRIGGER template_no_truncate ON documents_template;
DROP TRIGGER template_append_only ON documents_template;
DROP TRIGGER document_no_truncate ON documents_document;
DROP TRIGGER document_immutable ON documents_document;
DROP FUNCTION documents_keep_document();
"""


class Migration(migrations.Migration):
    """Runs as the owner."""

    dependencies = [("documents", "0002_documents"), ("bureau", "0002_record_and_roles")]
    operations = [migrations.RunSQL(IMMUTABLE, UNDO)]
