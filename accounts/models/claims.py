"""Unidentified money claimed for a case by one person and checked by another, and what finance said of odd lines."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.ledger import BankLine
from accounts.models.receipts import Receipt
from bureau.models import User
from cases.models import Case


class LineClaimQuerySet(models.QuerySet["LineClaim"]):
    """Questions about claims."""

    def visible_to(self, user: User) -> Self:
        """Keep the claims for cases that the user may see."""
        if not (user.has_perm("accounts.claim_bank_line") or user.has_perm("accounts.identify_bank_line")):
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(user))

    def waiting(self) -> Self:
        """Keep those that nobody has checked yet."""
        return self.filter(state=LineClaim.State.CLAIMED)

    def for_list(self) -> Self:
        """Load what a row prints."""
        return self.select_related("line", "case", "claimed_by", "checked_by")


class LineClaim(models.Model):
    """One person says that a line belongs to a case; another, of finance, checks before the money moves."""

    class State(models.TextChoices):
        """Where the claim stands."""

        CLAIMED = "CLAIMED", _("待核对")
        CONFIRMED = "CONFIRMED", _("已归案")
        REFUSED = "REFUSED", _("未予认可")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="claims")
    case = models.ForeignKey(Case, models.PROTECT, related_name="line_claims")
    ground = models.CharField(_("认领依据"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.CLAIMED)
    claimed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(_("认领时间"))
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    answer_note = models.CharField(_("核对意见"), max_length=200, blank=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, blank=True, related_name="claim")

    objects = LineClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="CLAIMED"), name="one_waiting_claim_per_bank_line"
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="line_claim_has_a_ground"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("claimed_by")),
                name="line_claim_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="CLAIMED", checked_by=None, ended_at=None, receipt=None)
                | Q(state="WITHDRAWN", checked_by=None, ended_at__isnull=False, receipt=None)
                | (
                    Q(state="REFUSED", checked_by__isnull=False, ended_at__isnull=False, receipt=None)
                    & ~Q(answer_note="")
                )
                | Q(state="CONFIRMED", checked_by__isnull=False, ended_at__isnull=False, receipt__isnull=False),
                name="line_claim_ends_as_its_state_says",
            ),
        ]
        permissions = [("claim_bank_line", _("认领来款"))]


class OddityAnswer(models.Model):
    """What finance found out about one odd thing of one line; kept for good, a later answer stands beside it."""

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="oddity_answers")
    code = models.CharField(_("疑点"), max_length=20)
    question = models.CharField(_("疑点内容"), max_length=300)
    answer = models.CharField(_("核查结果"), max_length=300)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("核查时间"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(answer=""), name="oddity_answer_says_something")]
