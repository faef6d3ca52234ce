"""The ledger: accounts and immutable one-row transfers, and the lines of the bank's statement. Amounts are yuan."""

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User
from cases.models import Case


class Account(models.Model):
    """One ledger account; balance (credits less debits) is kept by the insert trigger where `keeps_balance`."""

    class Kind(models.TextChoices):
        """What the account holds."""

        BANK_MASTER = "BANK_MASTER", _("执行款专户")
        ESCROW = "ESCROW", _("一案一账号")
        UNIDENTIFIED = "UNIDENTIFIED", _("不明案款")
        IN_TRANSIT = "IN_TRANSIT", _("在途发放款")
        FEES_DUE = "FEES_DUE", _("应缴国库执行申请费")
        COSTS = "COSTS", _("待付执行费用")
        REFUNDS = "REFUNDS", _("在途退款")
        ABSENT = "ABSENT", _("提存款")

    kind = models.CharField(_("类别"), max_length=16, choices=Kind)
    number = models.CharField(_("账号"), max_length=32, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="escrow")
    balance = models.DecimalField(_("余额"), max_digits=16, decimal_places=2, default=Decimal("0.00"))
    keeps_balance = models.BooleanField(default=False)
    opened_at = models.DateTimeField(_("开户时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="account_never_overdrawn"),
            models.CheckConstraint(
                condition=Q(kind="ESCROW", case__isnull=False, keeps_balance=True)
                | (~Q(kind="ESCROW") & Q(case__isnull=True)),
                name="escrow_belongs_to_a_case",
            ),
            models.UniqueConstraint(fields=["kind"], condition=~Q(kind="ESCROW"), name="one_house_account_per_kind"),
        ]

    def __str__(self) -> str:
        return self.number


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Questions to the ledger."""

    def of_account(self, account: Account) -> Self:
        """Keep the lines of one account, oldest first."""
        return self.filter(Q(debit=account) | Q(credit=account)).order_by("id")


class Transfer(models.Model):
    """One immutable movement from the debit to the credit account; a correction is a reversing transfer.

    What leaves an escrow or the deposit names its payout or what it reverses; a reversal is the exact opposite, once.
    """

    class Purpose(models.TextChoices):
        """Why money moved."""

        DEPOSIT = "DEPOSIT", _("来款入账")
        UNIDENTIFIED = "UNIDENTIFIED", _("不明来款挂账")
        IDENTIFY = "IDENTIFY", _("认领归案")
        CARRY = "CARRY", _("旧存案款结转")
        PAYOUT = "PAYOUT", _("发放出账")
        FEE = "FEE", _("执行申请费出账")
        COST = "COST", _("执行费用出账")
        REFUND = "REFUND", _("余款退还出账")
        LINE_REFUND = "LINE_REFUND", _("不明案款退还出账")
        MOVE = "MOVE", _("转入另案")
        ABSENT = "ABSENT", _("提存")
        RELEASE = "RELEASE", _("提存款领取出账")
        CONFIRM = "CONFIRM", _("银行回单确认")
        BOUNCE = "BOUNCE", _("退票退回")
        REVERSE = "REVERSE", _("冲正")

    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose)
    reference = models.CharField(_("唯一参考号"), max_length=80, unique=True)
    value_on = models.DateField(_("起息日"))
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    payout = models.ForeignKey("accounts.Payout", models.PROTECT, null=True, blank=True, related_name="transfers")
    refund = models.ForeignKey("accounts.LineRefund", models.PROTECT, null=True, blank=True, related_name="transfers")

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_between_two_accounts"),
            models.CheckConstraint(
                condition=Q(purpose="REVERSE", reverses__isnull=False)
                | (~Q(purpose="REVERSE") & Q(reverses__isnull=True)),
                name="reversal_names_what_it_reverses",
            ),
            models.UniqueConstraint(
                fields=["payout", "purpose"], condition=Q(payout__isnull=False), name="each_step_of_a_payout_once"
            ),
            models.UniqueConstraint(
                fields=["refund", "purpose"], condition=Q(refund__isnull=False), name="each_step_of_a_refund_once"
            ),
        ]
        # The ledger of a day and its columns ask by day among the movements of years.
        indexes = [models.Index(fields=["value_on"], name="transfer_day")]


class BankLine(models.Model):
    """One line of the bank's statement of money in; unique by bank serial."""

    class State(models.TextChoices):
        """Whether the case is known."""

        MATCHED = "MATCHED", _("已归案")
        UNIDENTIFIED = "UNIDENTIFIED", _("待认领")
        RETURNED = "RETURNED", _("付款退回")
        REFUNDED = "REFUNDED", _("已退付款人")

    serial = models.CharField(_("银行流水号"), max_length=40, unique=True)
    value_on = models.DateField(_("到账日"))
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    payer_name = models.CharField(_("付款人"), max_length=100)
    payer_account = EncryptedField(_("付款账号"), blank=True, default="")
    payer_account_last4 = models.CharField(max_length=4, blank=True)
    virtual_number = models.CharField(_("入账子账号"), max_length=32, blank=True)
    remark = models.CharField(_("附言"), max_length=200, blank=True)
    content_sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=14, choices=State)
    entered_at = models.DateTimeField(_("入账时间"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Who held a line that was typed by hand to the bank's paper; a line of a file needs nobody.
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    value_at = models.TimeField(_("到账时刻"), null=True, blank=True)
    statement = models.ForeignKey(
        "accounts.Statement", models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("对账单")
    )
    # The payment of ours that came back by this line: no money of a case's debtor, and no new receipt.
    returns = models.OneToOneField(
        "accounts.Payout",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returned_by",
        verbose_name=_("退回的付款"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_line_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="RETURNED", returns__isnull=False) | (~Q(state="RETURNED") & Q(returns__isnull=True)),
                name="bank_line_names_what_it_returns",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("entered_by")),
                name="bank_line_checked_by_another",
            ),
        ]
        permissions = [
            ("enter_bank_line", _("登记银行来款")),
            ("identify_bank_line", _("核对认领的来款")),
            ("view_money", _("查看案款")),
            ("view_ledger", _("查看总账")),
            ("carry_over", _("结转旧存案款")),
            ("approve_court_payout", _("审批本院旧存案件发放")),
        ]

    @property
    def receipt(self) -> Any:
        """Return the receipt by which it belongs to its case now, if any, from what is loaded."""
        return next((receipt for receipt in self.receipts.all() if receipt.voided_at is None), None)
