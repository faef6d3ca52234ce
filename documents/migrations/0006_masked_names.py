"""Whom an issued paper names, masked; papers from before name nobody on the page of verification."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that is fixed when the paper is issued."""

    dependencies = [("documents", "0005_draft_editor")]
    operations = [
        migrations.AddField(
            model_name="document",
            name="masked_names",
            field=models.TextField(blank=True, default="", verbose_name="所载姓名（脱敏）"),
            preserve_default=False,
        ),
    ]
