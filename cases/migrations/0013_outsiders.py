"""Fines and detention also of who is no party and refuses to help (民事诉讼法 117)."""

from django.db import migrations, models
from django.db.models import Q

RUNNING = Q(state__in=["PROPOSED", "IN_FORCE", "REMOVAL_DUE"])


class Migration(migrations.Migration):
    """What was proposed before concerns the debtor himself."""

    dependencies = [("cases", "0012_closing_grounds")]
    operations = [
        migrations.AddField(
            model_name="sanction",
            name="outsider",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="协助义务人"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sanction",
            name="outsider_kind",
            field=models.CharField(
                blank=True,
                choices=[("PERSON", "自然人"), ("ORGANISATION", "法人或其他组织")],
                default="",
                max_length=12,
                verbose_name="协助义务人类别",
            ),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="sanction", name="one_running_sanction"),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.UniqueConstraint(
                fields=["case", "party", "kind", "outsider"], condition=RUNNING, name="one_running_sanction"
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=Q(outsider="", outsider_kind="") | Q(kind__in=["FINE", "DETENTION"]) & ~Q(outsider_kind=""),
                name="outsider_fined_or_detained",
            ),
        ),
    ]
