"""One day of the account of the house: bank, ledger and sub-accounts side by side, what differs, and who signed it."""

import datetime as dt
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.payouts import Payout
from accounts.models.statements import Statement
from bureau.models import User


def _yuan(label: Any) -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(label, max_digits=16, decimal_places=2, default=Decimal("0.00"))


class BankBalance(models.Model):
    """The bank's balance at the end of a day, as a file says it or as somebody of finance typed it; append-only.

    A file goes before what was typed, and what is later before what is earlier. Amount is yuan.
    """

    day = models.DateField(_("日期"))
    amount = models.DecimalField(_("银行余额"), max_digits=16, decimal_places=2)
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="balances")
    ground = models.CharField(_("余额依据"), max_length=200, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("录入时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "day"], condition=Q(statement__isnull=False), name="one_balance_per_day_of_a_file"
            ),
            models.CheckConstraint(
                condition=Q(statement__isnull=False, ground="") | (Q(statement__isnull=True) & ~Q(ground="")),
                name="typed_balance_has_a_ground",
            ),
        ]
        indexes = [models.Index(fields=["day"], name="bank_balance_day")]


class DaySheetQuerySet(models.QuerySet["DaySheet"]):
    """Questions about days."""

    def signed(self) -> Self:
        """Keep days that are closed."""
        return self.filter(state=DaySheet.State.SIGNED)

    def two_way(self) -> Self:
        """Keep days for which nobody has said the bank's balance."""
        return self.filter(bank_closing__isnull=True)

    def unsigned(self) -> Self:
        """Keep days that nobody has signed."""
        return self.filter(state=DaySheet.State.OPEN)

    def closed_until(self) -> dt.date | None:
        """Return the last day that is closed: no entry has that value day or an earlier one any more."""
        return self.signed().order_by("-day").values_list("day", flat=True).first()

    def for_list(self) -> Self:
        """Load what one row prints, newest first."""
        live = Q(differences__ended_at__isnull=True)
        counts = {
            "difference_count": Count("differences", filter=live, distinct=True),
            "explained_count": Count("differences", filter=live & Q(differences__notes__isnull=False), distinct=True),
        }
        rows = self.select_related("signed_by", "bank_balance__entered_by")
        return rows.annotate(**counts).order_by("-day")


class DaySheet(models.Model):
    """The figures of one day as of when they were made; signed, they stay and the day is closed. Amounts are yuan."""

    class State(models.TextChoices):
        """Whether the day is closed."""

        OPEN = "OPEN", _("待签")
        SIGNED = "SIGNED", _("已签结")

    class Compared(models.TextChoices):
        """Whose balances stand side by side."""

        TWO = "TWO", _("银行未给余额，仅两方核对")
        TYPED = "TYPED", _("三方核对，银行余额为人工录入")
        THREE = "THREE", _("三方核对")

    day = models.DateField(_("日期"), unique=True)
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.OPEN)
    has_statement = models.BooleanField(_("有银行对账单"), default=False)
    bank_in = _yuan(_("银行收入"))
    bank_in_count = models.PositiveIntegerField(_("银行收入笔数"), default=0)
    bank_out = _yuan(_("银行支出"))
    bank_out_count = models.PositiveIntegerField(_("银行支出笔数"), default=0)
    bank_closing = models.DecimalField(_("银行余额"), max_digits=16, decimal_places=2, null=True, blank=True)
    # Where that balance comes from: a file, or somebody of finance who typed it.
    bank_balance = models.ForeignKey(
        BankBalance, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("余额来源")
    )
    # What the bank has charged until then and the ledger does not know: it is no money of a case.
    fees_closing = _yuan(_("银行收费累计"))
    ledger_in = _yuan(_("账面收入"))
    ledger_in_count = models.PositiveIntegerField(_("账面收入笔数"), default=0)
    ledger_out = _yuan(_("账面支出"))
    ledger_out_count = models.PositiveIntegerField(_("账面支出笔数"), default=0)
    ledger_closing = _yuan(_("账面余额"))
    escrow_closing = _yuan(_("各案子账户余额"))
    unidentified_closing = _yuan(_("不明案款余额"))
    absent_closing = _yuan(_("提存款余额"))
    transit_closing = _yuan(_("在途款余额"))
    made_at = models.DateTimeField(_("制表时间"))
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(_("签结时间"), null=True, blank=True)

    objects = DaySheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="OPEN", signed_by__isnull=True, signed_at__isnull=True)
                | Q(state="SIGNED", signed_by__isnull=False, signed_at__isnull=False),
                name="day_sheet_signed_by_somebody",
            )
        ]
        indexes = [models.Index(fields=["-day"], condition=Q(state="SIGNED"), name="day_sheet_signed")]
        permissions = [("sign_day", _("签结日对账")), ("explain_difference", _("说明对账差异"))]

    @property
    def sub_closing(self) -> Decimal:
        """Return the sum of all sub-accounts: escrows and accounts of the house."""
        return self.escrow_closing + self.unidentified_closing + self.absent_closing + self.transit_closing

    @property
    def typed_balance(self) -> BankBalance | None:
        """Return the bank's balance where somebody of finance typed it."""
        balance = self.bank_balance
        return balance if balance and balance.statement_id is None else None

    @property
    def compared(self) -> "DaySheet.Compared":
        """Return whether the bank's balance stands beside the two others, and whether a person typed it."""
        if self.bank_closing is None:
            return self.Compared.TWO
        return self.Compared.TYPED if self.typed_balance else self.Compared.THREE


class NamedSignatory(models.Model):
    """Who signs a day on which everybody of finance paid, named by the chief; append-only, the last one counts."""

    sheet = models.ForeignKey(DaySheet, models.PROTECT, related_name="named_signatories")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("指定原因"), max_length=200)
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(_("指定时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(user=F("named_by")), name="signatory_named_by_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="signatory_named_for_a_reason"),
        ]


class DayDifference(models.Model):
    """One thing in which the columns of a day differ; it ends when it is found no more, and never goes."""

    class Kind(models.TextChoices):
        """What differs."""

        NO_STATEMENT = "NO_STATEMENT", _("当日没有银行对账单")
        BANK_ONLY = "BANK_ONLY", _("银行有、账上无")
        LEDGER_ONLY = "LEDGER_ONLY", _("账上有、银行无")
        BANK_FEE = "BANK_FEE", _("银行收费")
        OTHER_AMOUNT = "OTHER_AMOUNT", _("金额不符")
        OTHER_DATE = "OTHER_DATE", _("日期不符")
        DOUBLED = "DOUBLED", _("同一付款重复扣款")
        RETURNED = "RETURNED", _("退票")
        NOT_SENT = "NOT_SENT", _("付款不在银行处理中")
        CHANGED = "CHANGED", _("流水号已用，内容不同")
        CARRIED = "CARRIED", _("旧存案款结转，不在当日银行来款中")
        BALANCE = "BALANCE", _("银行余额与账面余额不符（银行收费除外）")
        SUB_BALANCE = "SUB_BALANCE", _("账面余额与各子账户合计不符")

    sheet = models.ForeignKey(DaySheet, models.PROTECT, related_name="differences")
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    reference = models.CharField(_("银行流水号或参考号"), max_length=90, blank=True)
    bank_amount = models.DecimalField(_("银行金额"), max_digits=16, decimal_places=2, null=True, blank=True)
    ledger_amount = models.DecimalField(_("账面金额"), max_digits=16, decimal_places=2, null=True, blank=True)
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(_("发现时间"))
    ended_at = models.DateTimeField(_("消除时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "kind", "reference"], condition=Q(ended_at__isnull=True), name="one_live_difference"
            )
        ]


class DifferenceNote(models.Model):
    """What finance found out about a difference; append-only."""

    difference = models.ForeignKey(DayDifference, models.PROTECT, related_name="notes")
    note = models.CharField(_("说明"), max_length=500)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("说明时间"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="difference_note_says_something")]


class StatementRepeat(models.Model):
    """A line of a file whose serial stands in the books already: the same again, or with other content; append-only.

    With other content the file was not taken in and has no statement.
    """

    class Kind(models.TextChoices):
        """What the line is beside the first one."""

        SAME = "SAME", _("重复，内容相同，未再入账")
        CHANGED = "CHANGED", _("流水号已用，内容不同，文件未入账")

    statement = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="repeats")
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    serial = models.CharField(_("银行流水号"), max_length=40)
    kind = models.CharField(_("状态"), max_length=8, choices=Kind)
    value_on = models.DateField(_("记账日"))
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    found_at = models.DateTimeField(_("发现时间"))
    found_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file_sha256", "serial"], name="one_repeat_per_line_of_a_file"),
            models.CheckConstraint(
                condition=Q(kind="SAME", statement__isnull=False) | Q(kind="CHANGED", statement__isnull=True),
                name="repeat_of_its_statement",
            ),
        ]
        indexes = [
            models.Index(fields=["serial"], name="repeat_of_serial"),
            models.Index(F("found_at").desc(), name="repeat_newest"),
        ]
