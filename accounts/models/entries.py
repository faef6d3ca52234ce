"""What one of finance does to money that came in and another checks: lines typed by hand, automatic matches undone."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.bank import BankLineData
from accounts.models.ledger import BankLine
from accounts.models.receipts import Receipt
from bureau.crypto import EncryptedField
from bureau.models import User
from cases.models import Case


class LineEntryQuerySet(models.QuerySet["LineEntry"]):
    """Questions about lines typed by hand."""

    def waiting(self) -> Self:
        """Keep those that nobody has checked yet."""
        return self.filter(state=LineEntry.State.WAITING)

    def for_list(self) -> Self:
        """Load what a row prints, those that wait first."""
        return self.select_related("entered_by", "checked_by").order_by("-ended_at", "-id")


class LineEntry(models.Model):
    """One line of the bank typed by one person; it is booked when another, of finance too, has held it to the paper."""

    class State(models.TextChoices):
        """Where the entry stands."""

        WAITING = "WAITING", _("待复核")
        CONFIRMED = "CONFIRMED", _("已复核入账")
        REFUSED = "REFUSED", _("已退回")

    serial = models.CharField(_("银行流水号"), max_length=40)
    value_on = models.DateField(_("到账日"))
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    payer_name = models.CharField(_("付款人"), max_length=100)
    payer_account = EncryptedField(_("付款账号"), blank=True, default="")
    payer_account_last4 = models.CharField(max_length=4, blank=True)
    virtual_number = models.CharField(_("入账子账号"), max_length=32, blank=True)
    remark = models.CharField(_("附言"), max_length=200, blank=True)
    content_sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.WAITING)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    entered_at = models.DateTimeField(_("登记时间"))
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核人")
    )
    ended_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    reason = models.CharField(_("退回原因"), max_length=200, blank=True)
    line = models.OneToOneField(BankLine, models.PROTECT, null=True, blank=True, related_name="entry")

    objects = LineEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["serial"], condition=~Q(state="REFUSED"), name="one_live_entry_per_serial"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_entry_amount_positive"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("entered_by")),
                name="line_entry_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="WAITING", checked_by=None, ended_at=None, line=None, reason="")
                | Q(
                    state="CONFIRMED",
                    checked_by__isnull=False,
                    ended_at__isnull=False,
                    line__isnull=False,
                    reason="",
                )
                | (Q(state="REFUSED", checked_by__isnull=False, ended_at__isnull=False, line=None) & ~Q(reason="")),
                name="line_entry_ends_as_its_state_says",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="WAITING"), name="line_entry_waiting")]

    def data(self) -> BankLineData:
        """Return the line as the bank would say it."""
        return BankLineData(
            serial=self.serial,
            value_on=self.value_on,
            amount=self.amount,
            payer_name=self.payer_name,
            payer_account=str(self.payer_account),
            virtual_number=self.virtual_number,
            remark=self.remark,
        )


class UnmatchQuerySet(models.QuerySet["Unmatch"]):
    """Questions about automatic matches that are to be undone."""

    def visible_to(self, user: User) -> Self:
        """Keep those of cases that the user may see, for finance."""
        if not user.has_perm("accounts.identify_bank_line"):
            return self.none()
        return self.filter(receipt__case__in=Case.objects.visible_to(user))

    def waiting(self) -> Self:
        """Keep those that nobody has checked yet."""
        return self.filter(state=Unmatch.State.ASKED)

    def for_page(self) -> Self:
        """Load what a page prints."""
        return self.select_related("receipt", "receipt__case", "receipt__bank_line", "asked_by", "checked_by")


class Unmatch(models.Model):
    """One of finance finds that the number on a line was another case's; another checks before the match is undone."""

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "ASKED", _("待复核")
        DONE = "DONE", _("已退回待认领")
        REFUSED = "REFUSED", _("未予认可")

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="unmatches")
    reason = models.CharField(_("退回原因"), max_length=200)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    answer_note = models.CharField(_("复核意见"), max_length=200, blank=True)

    objects = UnmatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receipt"], condition=Q(state="ASKED"), name="one_waiting_unmatch_per_receipt"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="unmatch_has_a_reason"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("asked_by")), name="unmatch_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="ASKED", checked_by=None, ended_at=None)
                | Q(state="DONE", checked_by__isnull=False, ended_at__isnull=False)
                | (Q(state="REFUSED", checked_by__isnull=False, ended_at__isnull=False) & ~Q(answer_note="")),
                name="unmatch_ends_as_its_state_says",
            ),
        ]
