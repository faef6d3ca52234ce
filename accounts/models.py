"""The ledger (immutable one-row transfers), bank lines, receipts, payees, payouts and delays. Amounts are yuan."""

import datetime as dt
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import Deputy, User
from cases.models import Case, Party
from documents.models import Material

ZERO = Value(Decimal("0.00"), output_field=DecimalField(max_digits=16, decimal_places=2))


class Account(models.Model):
    """One ledger account; balance (credits less debits) is kept by the insert trigger where `keeps_balance`."""

    class Kind(models.TextChoices):
        """What the account holds."""

        BANK_MASTER = "BANK_MASTER", _("执行款专户")
        ESCROW = "ESCROW", _("一案一账号")
        UNIDENTIFIED = "UNIDENTIFIED", _("不明案款")
        IN_TRANSIT = "IN_TRANSIT", _("在途发放款")

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
    """One immutable movement from the debit to the credit account; a correction is a reversing transfer."""

    class Purpose(models.TextChoices):
        """Why money moved."""

        DEPOSIT = "DEPOSIT", _("来款入账")
        UNIDENTIFIED = "UNIDENTIFIED", _("不明来款挂账")
        IDENTIFY = "IDENTIFY", _("认领归案")
        PAYOUT = "PAYOUT", _("发放出账")
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
        ]


class BankLine(models.Model):
    """One line of the bank's statement of money in; unique by bank serial."""

    class State(models.TextChoices):
        """Whether the case is known."""

        MATCHED = "MATCHED", _("已归案")
        UNIDENTIFIED = "UNIDENTIFIED", _("待认领")

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

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="bank_line_amount_positive")]
        permissions = [
            ("enter_bank_line", _("登记银行来款")),
            ("identify_bank_line", _("认领来款")),
            ("view_money", _("查看案款")),
            ("view_ledger", _("查看总账")),
        ]


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Questions about money that arrived and must go out within its days."""

    def visible_to(self, user: User) -> Self:
        """Keep receipts of visible cases, for those who may see money."""
        if not user.has_perm("accounts.view_money"):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(user))

    def with_unpaid(self, *, on: dt.date) -> Self:
        """Annotate `unpaid`: yuan not yet confirmed as paid by the end of that day."""
        paid = (
            PayoutPart.objects.filter(receipt=OuterRef("pk"), payout__paid_on__lte=on)
            .order_by()
            .values("receipt")
            .annotate(total=Sum("amount"))
            .values("total")
        )
        return self.annotate(unpaid=F("amount") - Coalesce(Subquery(paid), ZERO))

    def with_delay(self, *, on: dt.date) -> Self:
        """Annotate `is_delayed`: an approved delay covers that day."""
        running = Delay.objects.filter(
            receipt=OuterRef("pk"), state=Delay.State.APPROVED, from_on__lte=on, until_on__gte=on
        ).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
        return self.annotate(is_delayed=Exists(running))

    def overdue(self, *, today: dt.date) -> Self:
        """Keep receipts with unpaid yuan past their day and without an approved delay."""
        late = self.filter(arrived_on__lte=today, due_on__lt=today)
        return late.with_unpaid(on=today).with_delay(on=today).filter(unpaid__gt=0, is_delayed=False)

    def unpaid(self, *, today: dt.date) -> Self:
        """Keep receipts with yuan not yet paid out."""
        return self.filter(arrived_on__lte=today).with_unpaid(on=today).filter(unpaid__gt=0)

    def near(self, *, today: dt.date) -> Self:
        """Keep unpaid receipts that fall due within three days."""
        return self.unpaid(today=today).filter(due_on__range=(today, today + dt.timedelta(days=3)))

    def for_list(self) -> Self:
        """Load what one row of the receipt list prints."""
        return self.select_related("case", "case__judge", "case__owner", "case__team", "bank_line")


class Receipt(models.Model):
    """Money of one bank line that belongs to one case, with its 15-day day (executing bureau's rule, FUND 10)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="receipts")
    bank_line = models.OneToOneField(BankLine, models.PROTECT, related_name="receipt")
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    arrived_on = models.DateField(_("到账日"), db_index=True)
    due_on = models.DateField(_("应发放日"), db_index=True)
    due_steps = ArrayField(models.CharField(max_length=200), default=list, verbose_name=_("期限计算"))
    flagged_at = models.DateTimeField(_("逾期标记时间"), null=True, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_amount_positive")]
        indexes = [
            # The overdue task reads only what is not flagged yet.
            models.Index(fields=["due_on"], condition=Q(flagged_at__isnull=True), name="receipt_due_unflagged")
        ]


class PayeeAccount(models.Model):
    """The account a payee confirmed in writing; entered twice at a window, afterwards seen as last four."""

    class Kind(models.TextChoices):
        """Whose account."""

        APPLICANT = "APPLICANT", _("申请执行人")
        DEBTOR = "DEBTOR", _("被执行人（退余款）")
        TREASURY = "TREASURY", _("国库（执行申请费）")

    kind = models.CharField(_("收款人类别"), max_length=10, choices=Kind)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="payee_accounts")
    holder_name = models.CharField(_("户名"), max_length=100)
    number = EncryptedField(_("账号"))
    number_digest = models.CharField(max_length=64)
    number_last4 = models.CharField(max_length=4)
    bank_name = models.CharField(_("开户行"), max_length=100)
    bank_code = models.CharField(_("联行号"), max_length=12, blank=True)
    material = models.ForeignKey(Material, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"],
                condition=Q(replaced_at__isnull=True, party__isnull=False),
                name="one_live_account_per_party",
            ),
            models.CheckConstraint(
                condition=Q(kind="TREASURY", party__isnull=True) | (~Q(kind="TREASURY") & Q(party__isnull=False)),
                name="payee_account_has_its_party",
            ),
        ]
        permissions = [("enter_payee", _("录入收款账户"))]


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Questions about money on its way out."""

    def visible_to(self, user: User) -> Self:
        """Keep payouts of visible cases, for those who may see money."""
        if not user.has_perm("accounts.view_money"):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(user))

    def unfinished(self) -> Self:
        """Keep those neither paid nor ended otherwise."""
        return self.filter(state__in=Payout.UNFINISHED)

    def for_list(self) -> Self:
        """Load what one row of the payout list prints."""
        return self.select_related(
            "case", "payee", "payee__party", "requested_by", "checked_by", "approved_by", "paid_by"
        )


class Payout(models.Model):
    """One payment out of escrow; requester, checker, approver and payer are four different people (SUP, FUND)."""

    class State(models.TextChoices):
        """Where the payment stands."""

        REQUESTED = "REQUESTED", _("待审核")
        CHECKED = "CHECKED", _("待审批")
        APPROVED = "APPROVED", _("待付款")
        SENT = "SENT", _("银行处理中")
        PAID = "PAID", _("已到账")
        BOUNCED = "BOUNCED", _("退票")
        REJECTED = "REJECTED", _("已驳回")

    UNFINISHED = (State.REQUESTED, State.CHECKED, State.APPROVED, State.SENT)

    case = models.ForeignKey(Case, models.PROTECT, related_name="payouts")
    payee = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="payouts")
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    calculation = models.TextField(_("计算说明"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REQUESTED)
    reference = models.CharField(_("付款参考号"), max_length=40, unique=True)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("申请时间"))
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved_as = models.ForeignKey(Deputy, models.PROTECT, null=True, blank=True, related_name="+")
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(_("付款时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交银行时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("银行答复时间"), null=True, blank=True)
    paid_on = models.DateField(_("到账日"), null=True, blank=True, db_index=True)
    ended_note = models.CharField(_("驳回或退票原因"), max_length=200, blank=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("requested_by")))
                & (Q(approved_by__isnull=True) | (~Q(approved_by=F("requested_by")) & ~Q(approved_by=F("checked_by"))))
                & (
                    Q(paid_by__isnull=True)
                    | (~Q(paid_by=F("requested_by")) & ~Q(paid_by=F("checked_by")) & ~Q(paid_by=F("approved_by")))
                ),
                name="payout_four_different_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["REQUESTED", "REJECTED"])
                | Q(state="CHECKED", checked_by__isnull=False)
                | Q(state="APPROVED", checked_by__isnull=False, approved_by__isnull=False)
                | Q(
                    state__in=["SENT", "BOUNCED"],
                    checked_by__isnull=False,
                    approved_by__isnull=False,
                    paid_by__isnull=False,
                )
                | Q(
                    state="PAID",
                    checked_by__isnull=False,
                    approved_by__isnull=False,
                    paid_by__isnull=False,
                    paid_on__isnull=False,
                ),
                name="payout_signed_at_each_step",
            ),
        ]
        indexes = [models.Index(fields=["state", "requested_at"], name="payout_state")]
        permissions = [
            ("request_payout", _("申请发放")),
            ("check_payout", _("审核发放")),
            ("approve_payout", _("审批发放")),
            ("pay_payout", _("付款")),
        ]


class PayoutPart(models.Model):
    """What a payout takes from one receipt, first-in first-out; ended payouts' parts count no more."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="parts")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="parts")
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payout", "receipt"], name="one_part_per_receipt"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="part_amount_positive"),
        ]


class Delay(models.Model):
    """A lawful reason, approved, why one receipt is not paid in time (FUND 10); approver is not the requester."""

    class Reason(models.TextChoices):
        """Reason in law."""

        DL1 = "DL1", _("需要进行案款分配")
        DL2 = "DL2", _("申请执行人的案款被另案保全、冻结")
        DL3 = "DL3", _("经通知申请执行人未领取或账户无法使用")
        DL4 = "DL4", _("案件依法中止或暂缓执行")
        DL5 = "DL5", _("其他正当理由")

    class State(models.TextChoices):
        """Where the request stands."""

        REQUESTED = "REQUESTED", _("待审批")
        APPROVED = "APPROVED", _("已批准")
        REJECTED = "REJECTED", _("未批准")

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="delays")
    reason = models.CharField(_("理由"), max_length=3, choices=Reason)
    document = models.CharField(_("依据材料"), max_length=200)
    from_on = models.DateField(_("起始日"))
    until_on = models.DateField(_("复核日"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REQUESTED)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    ended_on = models.DateField(_("理由消除日"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="REQUESTED", decided_by__isnull=True)
                | (~Q(state="REQUESTED") & Q(decided_by__isnull=False) & ~Q(decided_by=F("requested_by"))),
                name="delay_decided_by_another",
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="delay_runs_forward"),
        ]
        permissions = [("request_delay", _("申请延期发放")), ("approve_delay", _("审批延期发放"))]
