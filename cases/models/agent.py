"""Who acts for a party, with which powers."""

import datetime as dt
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User
from cases.models.case import Case
from cases.models.party import Party


class AgentQuerySet(models.QuerySet["Agent"]):
    """Questions about agents."""

    def visible_to(self, user: User) -> Self:
        """Keep agents in cases that the user sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def live(self, *, on: dt.date) -> Self:
        """Keep those who act that day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on, revoked_at__isnull=True)

    def for_page(self) -> Self:
        """Load what a page prints, by party, the newest last."""
        return self.select_related("party", "added_by", "revoked_by").order_by("party__side", "party__position", "id")


class Agent(models.Model):
    """One agent of one party (民事诉讼法 61–62: at most two; special powers are named one by one).

    To waive or change claims, to settle, or to collect money needs special authority (执行工作规定 20).
    """

    class Kind(models.TextChoices):
        """Who may act (民事诉讼法 61)."""

        LAWYER = "LAWYER", _("律师")
        LEGAL_WORKER = "LEGAL_WORKER", _("基层法律服务工作者")
        RELATIVE = "RELATIVE", _("近亲属")
        EMPLOYEE = "EMPLOYEE", _("单位工作人员")
        RECOMMENDED = "RECOMMENDED", _("社区、单位或社会团体推荐的公民")
        GUARDIAN = "GUARDIAN", _("法定代理人")

    class Powers(models.TextChoices):
        """How far the authority goes."""

        GENERAL = "GENERAL", _("一般授权")
        SPECIAL = "SPECIAL", _("特别授权")

    class Power(models.TextChoices):
        """One special power."""

        WAIVE = "WAIVE", _("代为承认、放弃、变更请求")
        SETTLE = "SETTLE", _("代为执行和解")
        COLLECT = "COLLECT", _("代领案款")

    PER_PARTY_MAX = 2

    case = models.ForeignKey(Case, models.PROTECT, related_name="agents", verbose_name=_("案件"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="agents", verbose_name=_("委托人"))
    name = models.CharField(_("姓名"), max_length=100)
    kind = models.CharField(_("身份"), max_length=12, choices=Kind)
    firm = models.CharField(_("所在单位"), max_length=100, blank=True)
    licence = EncryptedField(_("执业证号或身份证号"))
    licence_last4 = models.CharField(max_length=4)
    phone = EncryptedField(_("电话"), blank=True, default="")
    phone_last4 = models.CharField(max_length=4, blank=True)
    powers = models.CharField(_("代理权限"), max_length=8, choices=Powers)
    special = ArrayField(
        models.CharField(max_length=8, choices=Power), default=list, blank=True, verbose_name=_("特别授权事项")
    )
    from_on = models.DateField(_("自"))
    until_on = models.DateField(_("至"), null=True, blank=True)
    document = models.CharField(_("授权委托书"), max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    added_at = models.DateTimeField(_("登记时间"))
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    revoke_note = models.CharField(_("解除原因"), max_length=200, blank=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(powers="GENERAL", special=[]) | (Q(powers="SPECIAL") & ~Q(special=[])),
                name="agent_special_powers_are_named",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="agent_acts_forward"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="agent_has_a_document"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_note="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_note="")),
                name="agent_revoked_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["party"], condition=Q(revoked_at__isnull=True), name="agent_live_of_party")]
        permissions = [("manage_agents", _("登记代理人"))]

    def has_special_power(self, power: str) -> bool:
        """Return whether the authority names this special power; a guardian acts in everything."""
        return self.kind == Agent.Kind.GUARDIAN or power in self.special

    def acts_on(self, day: dt.date) -> bool:
        """Return whether the authority holds that day."""
        return self.revoked_at is None and self.from_on <= day and (self.until_on is None or day <= self.until_on)

    @property
    def special_labels(self) -> list[str]:
        """Return the special powers in words."""
        return [str(Agent.Power(code).label) for code in self.special]
