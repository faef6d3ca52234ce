"""Statements of the bank as files: how each bank writes them, what was taken in, and what went out by them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.payouts import Payout
from accounts.models.refunds import LineRefund
from bureau.models import Job, User


class BankFormat(models.Model):
    """How one bank writes its statement: a table by its headings, or messages; a change makes later files read anew."""

    class Kind(models.TextChoices):
        """What kind of file the bank gives."""

        TABLE = "TABLE", _("表格（CSV、Excel）")
        CAMT = "CAMT", _("ISO 20022报文（camt.053、camt.054）")

    class Encoding(models.TextChoices):
        """How a text file is written."""

        DETECTED = "DETECTED", _("自动识别")
        UTF_8 = "UTF_8", _("UTF-8")
        GB18030 = "GB18030", _("GB18030")

    class DateOrder(models.TextChoices):
        """How a day is written where the cell is text."""

        YMD = "YMD", _("年月日（如 2021-09-20、20210920、2021年9月20日）")
        DMY = "DMY", _("日月年（如 20/09/2021）")
        MDY = "MDY", _("月日年（如 09/20/2021）")

    name = models.CharField(_("银行和格式名称"), max_length=40, unique=True)
    kind = models.CharField(_("文件种类"), max_length=5, choices=Kind, default=Kind.TABLE, db_default=Kind.TABLE)
    encoding = models.CharField(_("文字编码"), max_length=8, choices=Encoding, default=Encoding.DETECTED)
    header_row = models.PositiveSmallIntegerField(_("表头在第几行"), default=1)
    date_order = models.CharField(_("日期写法"), max_length=3, choices=DateOrder, default=DateOrder.YMD)
    # Field of a line → heading in the file; `accounts.statementfiles.FIELDS` names the fields.
    columns = models.JSONField(_("列的对应"), default=dict)
    is_active = models.BooleanField(_("启用"), default=True)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(header_row__gte=1), name="format_has_a_heading")]

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """One file of the bank, taken in whole; the same file again changes nothing."""

    bank_format = models.ForeignKey(BankFormat, models.PROTECT, related_name="statements", verbose_name=_("格式"))
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(max_length=64, unique=True)
    from_on = models.DateField(_("起始日"))
    until_on = models.DateField(_("截止日"))
    opening = models.DecimalField(_("期初余额"), max_digits=16, decimal_places=2, null=True, blank=True)
    closing = models.DecimalField(_("期末余额"), max_digits=16, decimal_places=2, null=True, blank=True)
    row_count = models.PositiveIntegerField(_("行数"))
    new_count = models.PositiveIntegerField(_("新入账"))
    repeated_count = models.PositiveIntegerField(_("已有"))
    credit_total = models.DecimalField(_("贷方合计"), max_digits=16, decimal_places=2)
    debit_total = models.DecimalField(_("借方合计"), max_digits=16, decimal_places=2)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("导入人"))
    job = models.OneToOneField(Job, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(row_count=models.F("new_count") + models.F("repeated_count")), name="statement_rows_add_up"
            ),
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="statement_runs_forward"),
        ]
        indexes = [models.Index(fields=["-imported_at"], name="statement_newest")]
        permissions = [("import_statement", _("导入银行对账单"))]


class StatementDebit(models.Model):
    """One line of money out on a statement: our payment, confirmed by it, or something that finance must explain."""

    class State(models.TextChoices):
        """What the line turned out to be."""

        CONFIRMED = "CONFIRMED", _("确认了我方付款")
        KNOWN = "KNOWN", _("付款此前已确认")
        OTHER_AMOUNT = "OTHER_AMOUNT", _("金额与付款不符")
        OTHER_STATE = "OTHER_STATE", _("付款不在银行处理中")
        REPEATED = "REPEATED", _("同一付款重复扣款")
        UNMATCHED = "UNMATCHED", _("未找到对应付款")
        FEE = "FEE", _("银行收费")

    MATCHED = (State.CONFIRMED, State.KNOWN)
    # What needs nobody to find out: our payments, and what the bank charges for the account.
    EXPLAINED = (*MATCHED, State.FEE)

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="debits")
    serial = models.CharField(_("银行流水号"), max_length=40, unique=True)
    value_on = models.DateField(_("记账日"))
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    payee_name = models.CharField(_("收款人"), max_length=100, blank=True)
    remark = models.CharField(_("附言"), max_length=200, blank=True)
    content_sha256 = models.CharField(max_length=64)
    state = models.CharField(_("核对结果"), max_length=12, choices=State)
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, blank=True, related_name="statement_debits")
    refund = models.ForeignKey(LineRefund, models.PROTECT, null=True, blank=True, related_name="statement_debits")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="statement_debit_positive"),
            models.UniqueConstraint(
                fields=["payout"],
                condition=Q(state__in=["CONFIRMED", "KNOWN"]),
                name="one_statement_debit_per_payout",
            ),
            models.UniqueConstraint(
                fields=["refund"],
                condition=Q(state__in=["CONFIRMED", "KNOWN"]),
                name="one_statement_debit_per_refund",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["UNMATCHED", "FEE"], payout__isnull=True, refund__isnull=True)
                | (~Q(state__in=["UNMATCHED", "FEE"]) & Q(payout__isnull=False, refund__isnull=True))
                | (~Q(state__in=["UNMATCHED", "FEE"]) & Q(payout__isnull=True, refund__isnull=False)),
                name="statement_debit_names_its_payout",
            ),
        ]
        indexes = [
            models.Index(
                fields=["value_on"], condition=~Q(state__in=["CONFIRMED", "KNOWN"]), name="statement_debit_open"
            ),
            models.Index(fields=["value_on"], condition=Q(state="FEE"), name="statement_debit_fee"),
        ]
