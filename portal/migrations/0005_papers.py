"""One issued paper by the code printed on it: asked by the public process, which sees nothing behind it."""

from django.db import migrations, models

# By code alone, so that nobody who is in the public process can list papers.
PAPER = """
CREATE FUNCTION portal_paper(code text) RETURNS TABLE (
    title text, number text, court text, issued_on date, content_sha256 text, pdf_sha256 text,
    seal_id text, sealed_at timestamptz, names text,
    voided_on date, by_title text, by_number text, by_issued_on date, is_by_void boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.title, translate(d.number, '()', '（）'), d.court_name, d.issued_on, d.content_sha256, d.pdf_sha256,
        coalesce(u.seal_id, ''), u.sealed_at, d.masked_names,
        (d.voided_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(r.title, ''),
        coalesce(translate(r.number, '()', '（）'), ''), r.issued_on, r.voided_by_id IS NOT NULL
    FROM documents_document d
    LEFT JOIN documents_document r ON r.id = d.voided_by_id
    LEFT JOIN documents_sealuse u ON u.document_id = d.id
    WHERE d.token = code
$$;
REVOKE ALL ON FUNCTION portal_paper(text) FROM PUBLIC;
"""
UNDO = "DROP FUNCTION portal_paper(text);"


class Migration(migrations.Migration):
    """Runs as the owner, whose rights the function uses."""

    dependencies = [("portal", "0004_public_draws"), ("documents", "0006_masked_names")]
    operations = [
        migrations.RunSQL(PAPER, UNDO),
        migrations.AlterField(
            model_name="attempt",
            name="way",
            field=models.CharField(
                choices=[
                    ("CODE", "查询码"),
                    ("PHONE", "短信验证码"),
                    ("ASK", "索取短信验证码"),
                    ("LINK", "亲属链接"),
                    ("PAPER", "核验文书"),
                ],
                default="CODE",
                max_length=5,
                verbose_name="方式",
            ),
        ),
    ]
