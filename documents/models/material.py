"""Materials received for a case; the bytes lie content-addressed under the media root."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models import Case, Party, WorkOrder
from cases.models.codes import Basis, MaterialKind


class MaterialQuerySet(models.QuerySet["Material"]):
    """Questions about papers."""

    def visible_to(self, user: User) -> Self:
        """Keep papers of visible cases; restricted ones only for finance, the judge, who approves payouts, inspectors.

        Not for who took one in: a clerk who compares an account with its scan sees it there alone, while it waits.
        """
        papers = self.filter(case__in=Case.objects.visible_to(user))
        if user.has_perm("documents.view_restricted_material") or user.has_perm("accounts.pay_payout"):
            return papers
        allowed = Q(is_restricted=False) | Q(case__judge=user)
        if user.has_perm("accounts.approve_payout") or user.has_perm("accounts.approve_court_payout"):
            allowed |= Q(kind=Material.Kind.PAYEE)
        return papers.filter(allowed)

    def for_list(self) -> Self:
        """Load what one row of the list prints, in order of receipt."""
        return self.select_related("received_by", "party").order_by("received_at", "id")


class Material(models.Model):
    """One paper received, immutable; restricted ones show an account number."""

    Kind = MaterialKind

    # Asked of everybody at filing (domain handbook §3.4); the rest by type of case.
    REQUIRED = (Kind.APPLICATION, Kind.BASIS, Kind.IDENTITY, Kind.ADDRESS, Kind.PAYEE)
    # The documents of enforcement that ask for an arbitration clause, a certificate or a ruling that admits them.
    SPECIAL_OF = (
        *(Basis.ADMINISTRATIVE_ACT, Basis.ARBITRATION, Basis.LABOUR_ARBITRATION, Basis.LAND_ARBITRATION),
        *(Basis.NOTARY, Basis.FOREIGN, Basis.OTHER),
    )

    case = models.ForeignKey(Case, models.PROTECT, related_name="materials")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="materials")
    work_order = models.ForeignKey(
        WorkOrder, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("协作")
    )
    kind = models.CharField(_("材料种类"), max_length=16, choices=Kind)
    title = models.CharField(_("名称"), max_length=200)
    sha256 = models.CharField(_("内容摘要"), max_length=64)
    byte_count = models.PositiveIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=40)
    page_count = models.PositiveSmallIntegerField(_("页数"), default=1)
    is_restricted = models.BooleanField(_("限制查看"), default=False)
    received_at = models.DateTimeField(_("收到时间"))
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("接收人"))

    objects = MaterialQuerySet.as_manager()

    class Meta:
        permissions = [("view_restricted_material", _("查看限制材料"))]

    def __str__(self) -> str:
        return self.title


class MissingNote(models.Model):
    """Why a required material is not in the file (缺失说明); the file may then be archived without it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="missing_notes")
    kind = models.CharField(_("材料种类"), max_length=16, choices=Material.Kind)
    reason = models.CharField(_("缺失的原因"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("说明人"))
    at = models.DateTimeField(_("说明时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="missing_material_explained_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="missing_material_has_a_reason"),
        ]


class Staged(models.Model):
    """An upload kept while its form is being corrected; only its uploader may use it, and it expires."""

    token = models.CharField(max_length=43, unique=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    byte_count = models.PositiveIntegerField()
    content_type = models.CharField(max_length=40)
    staged_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    staged_at = models.DateTimeField(db_index=True)
