"""A proposal to close: mode, evidence for each condition, and the signatures of its reviewers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Event, User
from cases.closinggrounds import grounds_of
from cases.models.codes import ClosingMode


class Closing(models.Model):
    """One proposal to close a case; returned ones stay on record."""

    class State(models.TextChoices):
        """Where the proposal stands."""

        PROPOSED = "PROPOSED", _("审查中")
        RETURNED = "RETURNED", _("已退回")
        APPROVED = "APPROVED", _("已结案")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="closings")
    mode = models.CharField(_("结案方式"), max_length=12, choices=ClosingMode)
    # The code of `cases/closinggrounds.py`; proposals of before those codes have words only.
    ground = models.CharField(_("结案事由"), max_length=16, blank=True)
    facts = models.CharField(_("事实和理由"), max_length=300, blank=True)
    document = models.CharField(_("结案文书"), max_length=200)
    paper = models.CharField(_("结案文书所在"), max_length=40, blank=True)  # "document:12", or "material:5" for a scan
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("提请时间"))
    defects = models.CharField(_("退回原因"), max_length=300, blank=True)
    # The document itself was wrong, not the proof of a condition: it must be made anew and the old one voided.
    is_paper_refused = models.BooleanField(_("结案文书须重新制作"), default=False)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("审结时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="PROPOSED"), name="one_open_closing"),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", ended_at__isnull=True)
                | (~Q(state="PROPOSED") & Q(ended_at__isnull=False)),
                name="closing_ended_at_a_moment",
            ),
        ]

    @property
    def ground_label(self) -> str:
        """Return the ground in words, and what was said about it."""
        ground = grounds_of(self.mode).get(self.ground)
        return "：".join(filter(None, (str(ground.label) if ground else "", self.facts)))


class ClosingEvidence(models.Model):
    """The event of the case's own record that proves one condition."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="evidence")
    condition = models.CharField(_("条件"), max_length=24)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closing", "condition"], name="one_proof_per_condition")]


class ClosingSignature(models.Model):
    """One reviewer's signature under a proposal; nobody signs twice."""

    class Step(models.TextChoices):
        """Who signs."""

        JUDGE = "JUDGE", _("承办法官")
        CHIEF = "CHIEF", _("执行局长")
        PRESIDENT = "PRESIDENT", _("院长或主管副院长")

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="signatures")
    step = models.CharField(_("环节"), max_length=10, choices=Step)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("签署时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["closing", "step"], name="one_signature_per_step"),
            models.UniqueConstraint(fields=["closing", "by"], name="nobody_signs_a_closing_twice"),
        ]
