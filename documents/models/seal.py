"""Every use of a court's electronic seal: which seal, whose keeping, on which paper; append-only."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from documents.models.document import Document


class SealUseQuerySet(models.QuerySet["SealUse"]):
    """Questions about the use of seals."""

    def visible_to(self, user: User) -> Self:
        """Keep uses on documents that the user may see."""
        return self.filter(document__in=Document.objects.visible_to(user))

    def for_list(self) -> Self:
        """Load what one row of the log prints, newest first."""
        people = self.select_related("document__case", "document__voided_by", "drafted_by", "signed_by")
        return people.defer("document__body", "document__values").order_by("-sealed_at", "-id")


class SealUse(models.Model):
    """One use: the seal signed the content of one document and its PDF, once."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="seal_use")
    seal_id = models.CharField(_("印章编号"), max_length=64)
    keeper = models.CharField(_("印章保管人"), max_length=60)
    pdf_sha256 = models.CharField(_("PDF摘要"), max_length=64)
    algorithm = models.CharField(_("签名算法"), max_length=24)
    signature = models.TextField(_("签名值"))
    sealed_at = models.DateTimeField(_("用印时间"))
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_two_person = models.BooleanField(_("拟稿人与签发人应当不同"), default=False)

    objects = SealUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_two_person=False) | (Q(drafted_by__isnull=False) & ~Q(drafted_by=F("signed_by"))),
                name="sealed_paper_signed_by_another",
            )
        ]
        indexes = [models.Index(fields=["-sealed_at", "-id"], name="seal_use_newest")]
