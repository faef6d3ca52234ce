"""A filing sent back to its window: one complete list of coded defects, with the window's clock."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User, Window
from cases.models import Case


class SendBackQuerySet(models.QuerySet["SendBack"]):
    """Questions about what was sent back."""

    def visible_to(self, user: User) -> Self:
        """Keep those of visible cases."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        """Keep those that the window has not answered."""
        return self.filter(state=SendBack.State.OPEN)

    def overdue(self, *, today: dt.date) -> Self:
        """Keep those whose answer is late."""
        return self.open().filter(due_on__lt=today)

    def for_list(self) -> Self:
        """Load what one row prints, most pressing first."""
        rows = self.select_related("case", "window", "sent_by", "answered_by")
        return rows.order_by(models.F("answered_at").desc(nulls_first=True), "due_on", "id")


class SendBack(models.Model):
    """The hand-over of a filing refused by the command centre: the window puts it right and hands it over again."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "OPEN", _("待窗口补正")
        ANSWERED = "ANSWERED", _("窗口已补正")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    class Defect(models.TextChoices):
        """What is wrong with a filing (domain handbook §3.4, §3.5, §6.2)."""

        IDENTITY = "IDENTITY", _("身份信息错误")
        DEBTOR_ID = "DEBTOR_ID", _("被执行人证件不足以网络查控")
        NO_ADDRESS = "NO_ADDRESS", _("缺地址或联系电话")
        NO_EFFECT_PROOF = "NO_EFFECT_PROOF", _("缺生效证明或生效日")
        NOT_DUE = "NOT_DUE", _("履行期限未届满")
        WRONG_AMOUNT = "WRONG_AMOUNT", _("金额错误或计算方法不明")
        NO_ACCOUNT = "NO_ACCOUNT", _("收款账户未确认")
        MATERIALS = "MATERIALS", _("缺必备材料")
        DUPLICATE = "DUPLICATE", _("疑似重复立案")
        REVIVAL = "REVIVAL", _("应以执恢立案")
        OTHER = "OTHER", _("其他")

    case = models.ForeignKey(Case, models.PROTECT, related_name="send_backs")
    window = models.ForeignKey(Window, models.PROTECT, related_name="send_backs", verbose_name=_("立案窗口"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    defects = ArrayField(models.CharField(max_length=20, choices=Defect), verbose_name=_("退回原因"))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("退回人"))
    sent_at = models.DateTimeField(_("退回时间"))
    due_on = models.DateField(_("应补正日"))
    answer_note = models.CharField(_("补正说明"), max_length=500, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = SendBackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="OPEN"), name="one_open_send_back_per_case"),
            models.CheckConstraint(condition=~Q(defects=[]), name="send_back_names_defects"),
            models.CheckConstraint(
                condition=Q(state="OPEN", answered_at__isnull=True)
                | (~Q(state="OPEN") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="send_back_answered_by_someone",
            ),
        ]
        permissions = [("answer_send_back", _("答复退回的立案"))]

    @property
    def defect_labels(self) -> list[str]:
        """Return why it was sent back, in words."""
        return [str(SendBack.Defect(code).label) for code in self.defects]
