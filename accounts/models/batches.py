"""Mass payout: a roster of up to 170,000 payees is one batch, signed once and paid row by row. Amounts are yuan."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.payees import PayeeAccount
from bureau.crypto import EncryptedField
from bureau.models import Deputy, User
from cases.models import Case
from documents.models import Material


class BatchQuerySet(models.QuerySet["Batch"]):
    """Questions about batches."""

    def visible_to(self, user: User) -> Self:
        """Keep batches of visible cases, for those who see money or take in accounts; a judge also another judge's."""
        if not any(user.has_perm(f"accounts.{name}") for name in ("view_money", "enter_payee", "confirm_payee")):
            return self.none()
        seen = Q(case__in=Case.objects.visible_to(user))
        if user.has_perm("accounts.check_payout"):
            seen |= Q(requested_by=F("case__judge")) & (Q(state=Batch.State.REQUESTED) | Q(checked_by=user))
        return self.filter(seen)

    def for_list(self) -> Self:
        """Load what one row of the list prints."""
        people = ("entered_by", "confirmed_by", "requested_by", "checked_by", "approved_by", "paid_by")
        return self.select_related("case", "follows", "material", "approved_as__principal", *people)

    def reserving(self) -> Self:
        """Keep those whose sum is asked for and not yet all sent."""
        return self.filter(state__in=Batch.RESERVING)


class Batch(models.Model):
    """A roster of payees, entered by a window and compared by another; then requested, checked, approved and paid.

    The signatures are given once, on the batch; each row becomes a payout of its own when it is sent. Whatever is
    interrupted goes on where it stood: a row has one payout, ever (unique), under one reference.
    """

    class State(models.TextChoices):
        """Where the batch stands."""

        ENTERED = "ENTERED", _("名册待复核")
        CONFIRMED = "CONFIRMED", _("待申请")
        REQUESTED = "REQUESTED", _("待审核")
        CHECKED = "CHECKED", _("待审批")
        APPROVED = "APPROVED", _("待付款")
        SENDING = "SENDING", _("发放中")
        DONE = "DONE", _("已办结")
        REFUSED = "REFUSED", _("未予确认")

    RESERVING = (State.REQUESTED, State.CHECKED, State.APPROVED, State.SENDING)
    ASKED = (State.REQUESTED, State.CHECKED, State.APPROVED)

    case = models.ForeignKey(Case, models.PROTECT, related_name="batches", verbose_name=_("案件"))
    document = models.CharField(_("名册名称和文号"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    material = models.ForeignKey(Material, models.PROTECT, related_name="+", verbose_name=_("签章名册扫描件"))
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    row_count = models.PositiveIntegerField(_("人数"))
    total = models.DecimalField(_("合计"), max_digits=16, decimal_places=2)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ENTERED)
    calculation = models.TextField(_("计算说明"), blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("录入时间"))
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(_("申请时间"), null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved_as = models.ForeignKey(Deputy, models.PROTECT, null=True, blank=True, related_name="+")
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    paid_at = models.DateTimeField(_("付款时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    climbed_at = models.DateTimeField(_("提请代签时间"), null=True, blank=True)
    ended_note = models.CharField(_("驳回或不予确认的原因"), max_length=200, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0, row_count__gt=0), name="batch_pays_somebody"),
            models.CheckConstraint(condition=~Q(document=""), name="batch_has_a_document"),
            models.UniqueConstraint(
                fields=["case", "file_sha256"], condition=~Q(state="REFUSED"), name="one_batch_per_file"
            ),
            models.CheckConstraint(
                condition=(Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")))
                & (Q(paid_by__isnull=True) | (~Q(paid_by=F("entered_by")) & ~Q(paid_by=F("confirmed_by")))),
                name="batch_roster_by_two_people",
            ),
            models.CheckConstraint(
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("requested_by")))
                & (Q(approved_by__isnull=True) | (~Q(approved_by=F("requested_by")) & ~Q(approved_by=F("checked_by"))))
                & (
                    Q(paid_by__isnull=True)
                    | (~Q(paid_by=F("requested_by")) & ~Q(paid_by=F("checked_by")) & ~Q(paid_by=F("approved_by")))
                ),
                name="batch_four_different_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ENTERED", "REFUSED"])
                | Q(state="CONFIRMED", confirmed_by__isnull=False)
                | Q(state="REQUESTED", confirmed_by__isnull=False, requested_by__isnull=False)
                | Q(state="CHECKED", requested_by__isnull=False, checked_by__isnull=False)
                | Q(state="APPROVED", checked_by__isnull=False, approved_by__isnull=False)
                | Q(
                    state__in=["SENDING", "DONE"],
                    requested_by__isnull=False,
                    checked_by__isnull=False,
                    approved_by__isnull=False,
                    paid_by__isnull=False,
                    paid_at__isnull=False,
                ),
                name="batch_signed_at_each_step",
            ),
        ]
        indexes = [models.Index(fields=["state", "entered_at"], name="batch_state")]

    @property
    def is_reserving(self) -> bool:
        """Return whether it holds money of its cases that is not sent yet."""
        return self.state in Batch.RESERVING


class BatchCase(models.Model):
    """What a batch takes from one case: rows, their sum, and how much of it has left escrow."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="by_case")
    case = models.ForeignKey(Case, models.PROTECT, related_name="batch_sums")
    row_count = models.PositiveIntegerField(_("人数"))
    total = models.DecimalField(_("合计"), max_digits=16, decimal_places=2)
    sent = models.DecimalField(_("已付出"), max_digits=16, decimal_places=2, default=Decimal("0.00"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "case"], name="one_sum_per_batch_and_case"),
            models.CheckConstraint(
                condition=Q(sent__gte=0, sent__lte=F("total")), name="batch_sends_no_more_than_asked"
            ),
        ]


class BatchRow(models.Model):
    """One payee of a batch, append-only; `replaces` is the bounced row of an earlier batch that it pays again."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField(_("文件行号"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    payee = models.OneToOneField(PayeeAccount, models.PROTECT, related_name="batch_row")
    id_number = EncryptedField(_("证件号码"))
    id_digest = models.CharField(max_length=64)
    id_last4 = models.CharField(max_length=4)
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_position_unique"),
            models.UniqueConstraint(fields=["batch", "case", "id_digest"], name="one_row_per_payee_of_a_batch"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="batch_row_amount_positive"),
        ]
