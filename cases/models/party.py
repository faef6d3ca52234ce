"""Parties and claims of a case."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField


class PartyQuerySet(models.QuerySet["Party"]):
    """Questions about parties."""

    def not_asked_about(self) -> Self:
        """Keep the present debtors about whom the network was never asked."""
        debtors = self.filter(side=Party.Side.DEBTOR, left_on__isnull=True)
        return debtors.filter(network_queries__isnull=True)


class Party(models.Model):
    """An applicant or debtor of one case; personal numbers are encrypted, found again by keyed digest."""

    class Side(models.TextChoices):
        """Which side."""

        APPLICANT = "APPLICANT", _("申请执行人")
        DEBTOR = "DEBTOR", _("被执行人")

    class Kind(models.TextChoices):
        """Natural person or organisation."""

        PERSON = "PERSON", _("自然人")
        ORGANISATION = "ORGANISATION", _("法人或其他组织")

    class IdKind(models.TextChoices):
        """What the identity number is."""

        RESIDENT_ID = "RESIDENT_ID", _("居民身份证")
        RESIDENT_ID_15 = "RESIDENT_ID_15", _("15位旧身份证")
        USCC = "USCC", _("统一社会信用代码")
        PASSPORT = "PASSPORT", _("护照或其他证件")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="parties")
    side = models.CharField(_("诉讼地位"), max_length=10, choices=Side)
    kind = models.CharField(_("主体类型"), max_length=12, choices=Kind)
    position = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("姓名或名称"), max_length=100)
    name_key = models.CharField(_("拼音键"), max_length=300)
    name_grams = ArrayField(models.CharField(max_length=2), default=list)
    id_kind = models.CharField(_("证件种类"), max_length=16, choices=IdKind, blank=True)
    id_number = EncryptedField(_("证件号码"), blank=True, default="")
    id_digest = models.CharField(max_length=64, blank=True, db_index=True)
    id_last4 = models.CharField(max_length=4, blank=True)
    phone = EncryptedField(_("电话"), blank=True, default="")
    phone_digest = models.CharField(max_length=64, blank=True, db_index=True)
    phone_last4 = models.CharField(max_length=4, blank=True)
    address = EncryptedField(_("地址"), blank=True, default="")
    legal_representative = models.CharField(_("法定代表人或负责人"), max_length=100, blank=True)
    # Empty for who was named at filing; who left by ruling stays in the file as former.
    joined_on = models.DateField(_("加入日"), null=True, blank=True)
    left_on = models.DateField(_("退出日"), null=True, blank=True)
    by_document = models.CharField(_("变更裁定"), max_length=100, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "side", "position"], name="party_position_unique"),
            models.CheckConstraint(
                condition=Q(joined_on__isnull=True, left_on__isnull=True) | ~Q(by_document=""),
                name="party_moves_by_a_ruling",
            ),
        ]
        indexes = [GinIndex(fields=["name_grams"], name="party_name_grams")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_current(self) -> bool:
        """Return whether he still is a party; papers name current ones only."""
        return self.left_on is None


class Claim(models.Model):
    """One item of what is asked for; amount in yuan, none for an act or a thing.

    `base` is the sum in yuan on which an item of interest or penalty is reckoned at `rate` from `from_on`.
    """

    class Kind(models.TextChoices):
        """What is asked for."""

        PRINCIPAL = "PRINCIPAL", _("本金")
        INTEREST = "INTEREST", _("利息")
        PENALTY = "PENALTY", _("违约金")
        COMPENSATION = "COMPENSATION", _("赔偿金")
        WAGES = "WAGES", _("劳动报酬")
        SUPPORT = "SUPPORT", _("赡养费、扶养费、抚养费")
        COURT_FEE = "COURT_FEE", _("案件受理费")
        PRESERVATION_FEE = "PRESERVATION_FEE", _("保全费")
        ACT = "ACT", _("履行行为")
        DELIVERY = "DELIVERY", _("交付物")
        OTHER = "OTHER", _("其他")

    # Paid between the parties; whether they are a base of the doubled part is disputed.
    FEES = (Kind.COURT_FEE, Kind.PRESERVATION_FEE)

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="claims")
    position = models.PositiveSmallIntegerField(_("顺序"))
    kind = models.CharField(_("项目"), max_length=20, choices=Kind)
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2, null=True, blank=True)
    base = models.DecimalField(_("计算基数（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    rate = models.CharField(_("利率或计算方法"), max_length=100, blank=True)
    from_on = models.DateField(_("起算日"), null=True, blank=True)
    is_doubled = models.BooleanField(_("计入加倍部分债务利息基数"), default=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="claim_position_unique"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="claim_amount_positive"),
            models.CheckConstraint(condition=Q(base__isnull=True) | Q(base__gt=0), name="claim_base_positive"),
        ]

    @classmethod
    def counts_for_doubled(cls, kind: str, asked: bool | None) -> bool:
        """Return whether an item of a kind is a base of the doubled part (法释〔2014〕8号 1).

        General interest never is, fees only where that is asked, everything else unless it is not.
        """
        if kind == cls.Kind.INTEREST:
            return False
        return kind not in cls.FEES if asked is None else asked
