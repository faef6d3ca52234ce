"""The code behind the QR on a debtor's papers: it opens the exact sum due on the day it is scanned."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.named import NamesPaper
from bureau.crypto import EncryptedField
from bureau.models import User
from cases.models import Case, Claim


class DebtCodeQuerySet(models.QuerySet["DebtCode"]):
    """Questions about codes."""

    def live(self) -> Self:
        """Keep those that open something."""
        return self.filter(revoked_at__isnull=True)


class DebtCode(models.Model):
    """One unguessable code of one case, printed on its papers; revoked, the papers that bear it open nothing more."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="debt_codes")
    token = EncryptedField()
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("生成时间"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoke_note = models.CharField(_("作废原因"), max_length=200, blank=True)

    objects = DebtCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(revoked_at__isnull=True), name="one_live_debt_code_per_case"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_note="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_note="")),
                name="debt_code_revoked_with_reason",
            ),
        ]


class InterestTermQuerySet(models.QuerySet["InterestTerm"]):
    """Questions about how interest is ordered."""

    def in_force(self) -> Self:
        """Keep what a second person has confirmed and nothing has replaced: interest is reckoned by these alone."""
        return self.filter(state=InterestTerm.State.CONFIRMED)

    def proposed(self) -> Self:
        """Keep what waits for its second person."""
        return self.filter(state=InterestTerm.State.PROPOSED)

    def for_page(self) -> Self:
        """Load what one row prints."""
        return self.select_related("claim", "set_by", "answered_by")


class InterestTerm(models.Model):
    """How the document orders general interest on one claim, as the judge read it and a second person compared it.

    Interest is reckoned by what is confirmed; what was confirmed before holds until then. `is_none` says that the
    document orders none beyond what is claimed as a sum; `filed` yuan of interest claimed as a sum run from the same
    day and are taken off.
    """

    class Unit(models.TextChoices):
        """What the rate is of."""

        YEAR = "year", _("年利率")
        MONTH = "month", _("月利率")
        DAY = "day", _("日利率")

    class Published(models.TextChoices):
        """A published rate."""

        ONE = "1y", _("一年期贷款市场报价利率")
        FIVE = "5y", _("五年期以上贷款市场报价利率")

    class State(models.TextChoices):
        """Whether interest is reckoned by it."""

        PROPOSED = "PROPOSED", _("待复核")
        CONFIRMED = "CONFIRMED", _("已复核")
        REFUSED = "REFUSED", _("未通过")
        REPLACED = "REPLACED", _("已替换")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="interest_terms")
    is_none = models.BooleanField(_("不再另计利息"), default=False, db_default=False)
    from_on = models.DateField(_("起算日"), null=True, blank=True)
    until_on = models.DateField(_("止算日"), null=True, blank=True)
    rate = models.DecimalField(_("利率（%）"), max_digits=9, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("利率单位"), max_length=5, choices=Unit, default=Unit.YEAR)
    day_basis = models.PositiveSmallIntegerField(_("一年天数"), default=365)
    lpr = models.CharField(_("公布利率"), max_length=2, choices=Published, blank=True)
    multiple = models.DecimalField(_("倍数"), max_digits=6, decimal_places=4, default=1)
    lpr_on = models.DateField(_("固定按哪一天的公布利率"), null=True, blank=True)
    filed = models.DecimalField(_("扣除已按金额申请的利息"), max_digits=16, decimal_places=2, default=0, db_default=0)
    filed_until_on = models.DateField(_("已按金额申请的利息算至"), null=True, blank=True)
    high_reason = models.CharField(_("利率偏高的依据"), max_length=200, blank=True, default="", db_default="")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("确定时间"))
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.PROPOSED, db_default="PROPOSED")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    answer_note = models.CharField(_("未通过的理由"), max_length=200, blank=True, default="", db_default="")

    objects = InterestTermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_none=True, lpr="", rate=None, lpr_on=None, from_on=None)
                | Q(is_none=False, from_on__isnull=False, lpr="", rate__gt=0, lpr_on=None)
                | (Q(is_none=False, from_on__isnull=False) & ~Q(lpr="") & Q(rate=None, multiple__gt=0)),
                name="interest_has_one_rate",
            ),
            models.CheckConstraint(condition=Q(day_basis__in=[360, 365]), name="interest_year_of_360_or_365"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")), name="interest_runs_forward"
            ),
            models.CheckConstraint(condition=Q(filed__gte=0), name="interest_filed_not_negative"),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("set_by")),
                name="interest_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CONFIRMED", "REFUSED"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="interest_confirmed_by_someone",
            ),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="CONFIRMED"), name="one_interest_term_in_force"
            ),
            models.UniqueConstraint(fields=["claim"], condition=Q(state="PROPOSED"), name="one_interest_term_waiting"),
        ]


class InterestPause(NamesPaper):
    """Days that bear no doubled part, by ruling: a stay for review not asked for by the debtor (法释〔2014〕8号 3)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="interest_pauses")
    from_on = models.DateField(_("起始日"))
    until_on = models.DateField(_("截止日"))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(document=""), name="interest_pause_has_a_document"),
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="interest_pause_runs_forward"),
        ]
