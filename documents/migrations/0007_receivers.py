"""Who signed for a paper or before whom it was left, and at what time a message arrived."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("SELF", "受送达人本人"),
    ("FAMILY", "同住成年家属"),
    ("LEGAL_REP", "法定代表人"),
    ("PRINCIPAL", "其他组织的主要负责人"),
    ("MAILROOM", "单位负责收件的人（收发部门）"),
    ("AGENT", "代理人"),
    ("NOMINEE", "受送达人指定的代收人"),
    ("WITNESSED", "见证人到场（基层组织或者所在单位的代表）"),
    ("RECORDED", "拍照、录像记录送达过程"),
]


class Migration(migrations.Migration):
    """What was served before did not say so; the promise is kept from now on."""

    dependencies = [("documents", "0006_masked_names")]
    operations = [
        migrations.AddField(
            model_name="delivery",
            name="receiver_kind",
            field=models.CharField(blank=True, choices=KINDS, default="", max_length=10, verbose_name="签收人身份"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="delivery",
            name="arrived_at",
            field=models.TimeField(blank=True, null=True, verbose_name="到达时刻"),
        ),
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=~Q(state="DELIVERED", way__in=["DIRECT", "LEFT"]) | ~Q(receiver_kind="") & ~Q(receiver=""),
                name="signed_for_or_left_before_somebody",
            ),
        ),
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=~Q(state="DELIVERED", way="ELECTRONIC") | Q(arrived_at__isnull=False),
                name="electronic_service_at_a_time",
            ),
        ),
    ]
