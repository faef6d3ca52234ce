"""Service of process: where a party may be served, each delivery of a document, and the attempts that failed."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User
from cases.models import Case, Party
from documents.deemed import Way
from documents.models.document import Document
from documents.models.material import Material
from documents.receivers import Receiver


class AddressConfirmation(models.Model):
    """Where a party wants to be served (送达地址确认书); the last one is live, the earlier ones are kept."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="address_confirmations")
    recipient = models.CharField(_("收件人"), max_length=100)
    address = EncryptedField(_("送达地址"))
    phone = EncryptedField(_("联系电话"), blank=True, default="")
    has_e_consent = models.BooleanField(_("同意电子送达"), default=False)
    has_ruling_consent = models.BooleanField(_("同意电子送达裁定书"), default=False)
    e_address = EncryptedField(_("电子送达地址"), blank=True, default="")
    material = models.ForeignKey(Material, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_on = models.DateField(_("确认日"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))
    replaced_at = models.DateTimeField(_("被替换时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(replaced_at__isnull=True), name="one_live_address_per_party"
            ),
            models.CheckConstraint(
                condition=Q(has_ruling_consent=False) | Q(has_e_consent=True), name="ruling_consent_needs_consent"
            ),
        ]
        permissions = [("confirm_address", _("登记送达地址"))]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about service."""

    def visible_to(self, user: User) -> Self:
        """Keep deliveries of documents that the user may see."""
        return self.filter(document__in=Document.objects.visible_to(user))

    def for_list(self) -> Self:
        """Load what a list prints, oldest first."""
        return (
            self.select_related("document__template", "party", "proof", "sent_by")
            .defer("document__body", "document__values")
            .prefetch_related("attempts", "attempts__noted_by")
            .order_by("id")
        )


class Delivery(models.Model):
    """One document on its way to one addressee by one way; ends served or failed, a failed one leaves the next way."""

    class State(models.TextChoices):
        """Where it stands."""

        SENT = "SENT", _("送达中")
        DELIVERED = "DELIVERED", _("已送达")
        FAILED = "FAILED", _("未能送达")

    document = models.ForeignKey(Document, models.PROTECT, related_name="deliveries")
    case = models.ForeignKey(Case, models.PROTECT, related_name="deliveries")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="deliveries")
    addressee = models.CharField(_("受送达人"), max_length=100)
    way = models.CharField(_("送达方式"), max_length=10, choices=Way)
    confirmation = models.ForeignKey(AddressConfirmation, models.PROTECT, null=True, blank=True, related_name="+")
    place = EncryptedField(_("送达地址或电子地址"), blank=True, default="")
    tracking = models.CharField(_("邮件号或公告刊登处"), max_length=100, blank=True)
    ground = models.CharField(_("公告送达的原因和经过"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SENT)
    sent_on = models.DateField(_("送出日"))
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("登记时间"))
    delivered_on = models.DateField(_("签收、留置、到达、退回或公告日"), null=True, blank=True)
    is_returned = models.BooleanField(_("邮件退回"), default=False)
    receiver_kind = models.CharField(_("签收人身份"), max_length=10, choices=Receiver, blank=True)
    receiver = models.CharField(_("签收人"), max_length=100, blank=True)
    # Electronic service is at the moment of arrival (法释〔2021〕12号 31).
    arrived_at = models.TimeField(_("到达时刻"), null=True, blank=True)
    proof = models.ForeignKey(Material, models.PROTECT, null=True, blank=True, related_name="+")
    deemed_on = models.DateField(_("送达日"), null=True, blank=True)
    deemed_steps = ArrayField(models.CharField(max_length=200), default=list, verbose_name=_("送达日计算"))
    deemed_basis = models.CharField(_("依据"), max_length=100, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "addressee", "party"],
                condition=~Q(state="FAILED"),
                nulls_distinct=False,
                name="one_live_delivery_per_addressee",
            ),
            models.CheckConstraint(
                condition=Q(state="DELIVERED", delivered_on__isnull=False, deemed_on__isnull=False, proof__isnull=False)
                | (~Q(state="DELIVERED") & Q(delivered_on__isnull=True, deemed_on__isnull=True)),
                name="delivery_served_with_day_and_proof",
            ),
            models.CheckConstraint(
                condition=~Q(way="ELECTRONIC") | Q(confirmation__isnull=False), name="electronic_service_by_consent"
            ),
            models.CheckConstraint(
                condition=Q(is_returned=False) | Q(way="MAIL", confirmation__isnull=False),
                name="returned_mail_from_own_address",
            ),
            models.CheckConstraint(
                condition=~Q(state="DELIVERED", way__in=["DIRECT", "LEFT"]) | ~Q(receiver_kind="") & ~Q(receiver=""),
                name="signed_for_or_left_before_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="DELIVERED", way="ELECTRONIC") | Q(arrived_at__isnull=False),
                name="electronic_service_at_a_time",
            ),
        ]
        permissions = [("serve_document", _("送达文书"))]


class Attempt(models.Model):
    """One try that failed, with its reason."""

    class Reason(models.TextChoices):
        """Why the paper did not reach its addressee."""

        ABSENT = "ABSENT", _("受送达人不在")
        REFUSED = "REFUSED", _("拒绝签收")
        MOVED = "MOVED", _("已搬离原址")
        WRONG_ADDRESS = "WRONG_ADDRESS", _("地址有误或不存在")
        UNREACHABLE = "UNREACHABLE", _("电话无人接听或停机")
        RETURNED = "RETURNED", _("邮件退回")
        UNDELIVERABLE = "UNDELIVERABLE", _("电子送达未到达")
        OTHER = "OTHER", _("其他")

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts")
    reason = models.CharField(_("未送达原因"), max_length=16, choices=Reason)
    note = models.CharField(_("经过"), max_length=300, blank=True)
    tried_on = models.DateField(_("日期"))
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("登记时间"))
