"""Hand-overs between teams."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Team, User


class Handover(models.Model):
    """A pack handed from one stage's team to the next, accepted or sent back with coded defects (§6.2)."""

    class State(models.TextChoices):
        """Where the pack stands."""

        PENDING = "PENDING", _("待接收")
        ACCEPTED = "ACCEPTED", _("已接收")
        SENT_BACK = "SENT_BACK", _("已退回")

    class Purpose(models.TextChoices):
        """Why the case changes teams."""

        START = "START", _("启动后移交办理团队")
        UPGRADE = "UPGRADE", _("简转繁")
        DOWNGRADE = "DOWNGRADE", _("繁转简")

    class Defect(models.TextChoices):
        """Why a pack is sent back."""

        IDENTITY = "IDENTITY", _("身份信息错误")
        NO_EFFECT_PROOF = "NO_EFFECT_PROOF", _("缺生效证明")
        NO_SERVICE_PROOF = "NO_SERVICE_PROOF", _("缺送达凭证")
        WRONG_AMOUNT = "WRONG_AMOUNT", _("金额错误")
        NO_EXPIRY = "NO_EXPIRY", _("查封期限未登记")
        NO_TITLE_CHECK = "NO_TITLE_CHECK", _("权属未核实")
        NO_ACCOUNT = "NO_ACCOUNT", _("收款账户未确认")
        OTHER = "OTHER", _("其他")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="handovers")
    from_team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="incoming")
    purpose = models.CharField(_("事由"), max_length=10, choices=Purpose, default=Purpose.START)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    pack = ArrayField(models.CharField(max_length=24), default=list, verbose_name=_("移交清单"))
    outside = models.JSONField(_("系统外制作的文书"), default=dict, blank=True)  # item → number and day
    note = models.CharField(_("说明"), max_length=300, blank=True)
    handed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(_("移交时间"))
    due_on = models.DateField(_("应接收日"))
    defects = ArrayField(models.CharField(max_length=20, choices=Defect), default=list, verbose_name=_("退回原因"))
    answer_note = models.CharField(_("答复说明"), max_length=300, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    # Set on packs sent back, once the command centre has coordinated or a receiver has accepted.
    settled_at = models.DateTimeField(_("了结时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="PENDING"), name="one_pending_handover"),
            models.CheckConstraint(
                condition=Q(state="PENDING", answered_at__isnull=True)
                | (~Q(state="PENDING") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="handover_answered_by_someone",
            ),
        ]

    @property
    def is_unsettled(self) -> bool:
        """Return whether the pack was sent back and neither the command centre nor a receiver has settled it."""
        return self.state == Handover.State.SENT_BACK and self.settled_at is None

    @property
    def defect_labels(self) -> list[str]:
        """Return why the pack was sent back, in words."""
        return [str(Handover.Defect(code).label) for code in self.defects]
