"""Money out: payouts. Amounts are yuan."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.named import NamesPaper
from accounts.models.payees import PayeeAccount
from bureau.calendar import end_of
from bureau.models import Deputy, User
from cases.models import Case, Party


def stood(day: dt.date, path: str = "") -> Q:
    """Return the condition that what was paid had not been reversed or sent back by the end of that day."""
    ends = (f"{path}{name}" for name in ("reversed_at", "returned_at"))
    reversed_at, returned_at = (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": end_of(day)}) for end in ends)
    return reversed_at & returned_at


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Questions about money on its way out."""

    def visible_to(self, user: User) -> Self:
        """Keep payouts of visible cases, for those who may see money; a judge also what waits for any other judge."""
        if not user.has_perm("accounts.view_money"):
            return self.none()
        seen = Q(case__in=Case.objects.visible_to(user))
        if user.has_perm("accounts.check_payout"):
            seen |= Q(requested_by=F("case__judge")) & (Q(state=Payout.State.REQUESTED) | Q(checked_by=user))
        return self.filter(seen)

    def paid_by(self, day: dt.date) -> Self:
        """Keep those that were paid by the end of that day, as was known then."""
        return self.filter(stood(day), paid_on__lte=day, answered_at__lt=end_of(day))

    def unfinished(self) -> Self:
        """Keep those neither paid nor ended otherwise."""
        return self.filter(state__in=Payout.UNFINISHED)

    def for_list(self) -> Self:
        """Load what one row of the payout list prints."""
        return self.select_related(
            *("case", "payee", "payee__party", "payee__agent", "target", "absent", "share", "releases"),
            *("requested_by", "checked_by", "approved_by", "paid_by", "sent_back_by"),
        )

    def single(self) -> Self:
        """Leave out the rows of batches: their batch stands for them."""
        return self.filter(batch_row__isnull=True)

    def to_somebody(self) -> Self:
        """Keep those by which money reaches a payee through the bank; what is moved or deposited stays in the house."""
        return self.exclude(purpose__in=Payout.INTERNAL)


class Payout(NamesPaper):
    """Money out of escrow; requester, checker, approver and payer are four different people (SUP, FUND).

    Most goes to a payee through the bank. A move (to another case's escrow) and a deposit (提存) stay in the house:
    booking them is the payer's step, and no bank answers. A release pays out of an earlier deposit.
    """

    class Purpose(models.TextChoices):
        """What the money is for."""

        CLAIM = "CLAIM", _("发放申请执行人")
        COURT = "COURT", _("转付其他法院")
        FEE = "FEE", _("执行申请费缴国库")
        COST = "COST", _("支付执行费用")
        REFUND = "REFUND", _("余款退还被执行人")
        MOVE = "MOVE", _("转入本局另案")
        ABSENT = "ABSENT", _("提存")
        RELEASE = "RELEASE", _("领取提存款")

    class State(models.TextChoices):
        """Where the payment stands."""

        REQUESTED = "REQUESTED", _("待审核")
        CHECKED = "CHECKED", _("待审批")
        APPROVED = "APPROVED", _("待付款")
        SENT = "SENT", _("银行处理中")
        PAID = "PAID", _("已到账")
        BOUNCED = "BOUNCED", _("退票")
        REJECTED = "REJECTED", _("已驳回")
        SENT_BACK = "SENT_BACK", _("财务退回")
        REVERSED = "REVERSED", _("已冲正")

    class Unanswered(models.TextChoices):
        """Why a payment that is with the bank for long has no answer yet; named, so that none is merely unknown."""

        DELAYED = "DELAYED", _("银行延迟答复")
        NO_ANSWER = "NO_ANSWER", _("银行逾时未答复")

    INTERNAL = (Purpose.MOVE, Purpose.ABSENT)
    ENDED = (State.BOUNCED, State.REJECTED, State.SENT_BACK, State.REVERSED)
    UNFINISHED = (State.REQUESTED, State.CHECKED, State.APPROVED, State.SENT)

    case = models.ForeignKey(Case, models.PROTECT, related_name="payouts")
    purpose = models.CharField(_("用途"), max_length=8, choices=Purpose)
    payee = models.ForeignKey(PayeeAccount, models.PROTECT, null=True, blank=True, related_name="payouts")
    target = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="moves_in")
    absent = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="deposits")
    share = models.ForeignKey(
        "accounts.DistributionShare", models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    batch_row = models.OneToOneField("accounts.BatchRow", models.PROTECT, null=True, blank=True, related_name="payout")
    releases = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="releases_made")
    document = models.CharField(_("依据文书"), max_length=200, blank=True)
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    calculation = models.TextField(_("计算说明"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REQUESTED)
    # The bank gets it as the end-to-end id of ISO 20022, which has 35 characters.
    reference = models.CharField(_("付款参考号"), max_length=35, unique=True)
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
    accepted_at = models.DateTimeField(_("银行受理时间"), null=True, blank=True)
    unanswered = models.CharField(
        _("未得答复"), max_length=10, choices=Unanswered, blank=True, default="", db_default=""
    )
    unanswered_at = models.DateTimeField(_("未得答复自"), null=True, blank=True)
    resent_at = models.DateTimeField(_("重新提交银行时间"), null=True, blank=True)
    paid_on = models.DateField(_("到账日"), null=True, blank=True, db_index=True)
    ended_note = models.CharField(_("驳回、退回、退票或冲正原因"), max_length=200, blank=True)
    sent_back_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_back_at = models.DateTimeField(_("财务退回时间"), null=True, blank=True)
    climbed_at = models.DateTimeField(_("提请代签时间"), null=True, blank=True)
    reversed_at = models.DateTimeField(_("冲正时间"), null=True, blank=True)
    reversed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Set where the bank had paid it and sent it back later: it is bounced, and was paid until then.
    returned_at = models.DateTimeField(_("退回入账时间"), null=True, blank=True)

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
                | Q(state="SENT_BACK", checked_by__isnull=False, approved_by__isnull=False, sent_back_by__isnull=False)
                | Q(
                    state__in=["SENT", "BOUNCED"],
                    checked_by__isnull=False,
                    approved_by__isnull=False,
                    paid_by__isnull=False,
                )
                | Q(
                    state__in=["PAID", "REVERSED"],
                    checked_by__isnull=False,
                    approved_by__isnull=False,
                    paid_by__isnull=False,
                    paid_on__isnull=False,
                ),
                name="payout_signed_at_each_step",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_by=None, sent_back_at=None) & ~Q(state="SENT_BACK")
                | Q(state="SENT_BACK", sent_back_by__isnull=False, sent_back_at__isnull=False, paid_by=None)
                & ~Q(ended_note="")
                & ~Q(sent_back_by=F("requested_by"))
                & ~Q(sent_back_by=F("checked_by"))
                & ~Q(sent_back_by=F("approved_by")),
                name="payout_sent_back_by_another",
            ),
            models.CheckConstraint(
                condition=(
                    Q(purpose="MOVE", payee__isnull=True, target__isnull=False, absent=None, releases=None)
                    & ~Q(target=F("case"))
                    & ~Q(document="")
                )
                | (
                    Q(purpose="ABSENT", payee__isnull=True, target=None, releases=None)
                    & (Q(absent__isnull=False) | Q(share__isnull=False))
                    & ~Q(document="")
                )
                | Q(purpose="RELEASE", payee__isnull=False, target=None, absent=None, releases__isnull=False)
                | Q(
                    purpose__in=["CLAIM", "COURT", "FEE", "COST", "REFUND"],
                    payee__isnull=False,
                    target=None,
                    absent=None,
                    releases=None,
                ),
                name="payout_goes_where_its_purpose_says",
            ),
            models.CheckConstraint(
                condition=Q(state="REVERSED", purpose__in=["MOVE", "ABSENT"], reversed_by__isnull=False)
                & ~Q(reversed_by=F("paid_by"))
                | ~Q(state="REVERSED") & Q(reversed_by__isnull=True),
                name="payout_reversed_in_the_house_by_another",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(state="BOUNCED", paid_on__isnull=False, payee__isnull=False),
                name="payout_returned_after_it_was_paid",
            ),
            models.CheckConstraint(
                condition=Q(unanswered="", unanswered_at__isnull=True)
                | Q(
                    unanswered__in=["DELAYED", "NO_ANSWER"],
                    unanswered_at__isnull=False,
                    submitted_at__isnull=False,
                    state="SENT",
                ),
                name="payout_unanswered_while_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "requested_at"], name="payout_state"),
            models.Index(fields=["requested_at", "id"], name="payout_requested"),
            models.Index(fields=["unanswered_at"], condition=~Q(unanswered=""), name="payout_unanswered"),
        ]
        permissions = [
            ("request_payout", _("申请发放")),
            ("check_payout", _("审核发放")),
            ("approve_payout", _("审批发放")),
            ("pay_payout", _("付款")),
            ("view_separation", _("查看经手人分离报告")),
        ]

    @property
    def standing(self) -> str:
        """Return where it stands in one word: while the bank has it, also what it says."""
        if self.state != Payout.State.SENT:
            return str(self.get_state_display())
        if self.submitted_at is None:
            return str(_("待提交银行"))
        accepted = _("银行已受理") if self.accepted_at else ""
        return str(self.get_unanswered_display() or accepted or self.get_state_display())

    @property
    def recipient(self) -> str:
        """Return who gets the money, in one word of the list: a holder, another case, or whom it is kept for."""
        if self.payee:
            return self.payee.holder_name
        if self.target:
            return self.target.display_number
        return self.absent.name if self.absent else self.share.creditor if self.share else ""
