"""Stretches in which a case rests or runs by itself: suspension, stay and settlement."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Event, User
from cases.models.agent import Agent


class Suspension(models.Model):
    """One stretch of 中止, with ground and document; open while until_on is empty."""

    class Ground(models.TextChoices):
        """Ground in law (民事诉讼法 中止执行)."""

        CONSENT = "CONSENT", _("申请人表示可以延期执行")
        OUTSIDER = "OUTSIDER", _("案外人提出确有理由的异议")
        DEATH = "DEATH", _("一方当事人死亡，等待继承人")
        DISSOLVED = "DISSOLVED", _("一方法人终止，未确定权利义务承受人")
        OTHER = "OTHER", _("人民法院认为应当中止的其他情形")

    # As the ruling of the library words each ground; its text stays Chinese.
    RULED = {
        Ground.CONSENT: "申请执行人表示可以延期执行",
        Ground.OUTSIDER: "案外人对执行标的提出确有理由的异议",
        Ground.DEATH: "作为一方当事人的公民死亡，需要等待继承人继承权利或者承担义务",
        Ground.DISSOLVED: "作为一方当事人的法人或者其他组织终止，尚未确定权利义务承受人",
        Ground.OTHER: "有人民法院认为应当中止执行的其他情形",
    }

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="suspensions")
    ground = models.CharField(_("中止事由"), max_length=12, choices=Ground)
    document = models.CharField(_("裁定书"), max_length=200)
    paper = models.CharField(max_length=40, blank=True)  # "document:12", or the scan "material:5" of one made outside
    from_on = models.DateField(_("中止日"))
    until_on = models.DateField(_("恢复日"), null=True, blank=True)
    resume_note = models.CharField(_("恢复说明"), max_length=200, blank=True)
    resume_document = models.CharField(_("恢复执行通知书"), max_length=200, blank=True)
    resume_paper = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until_on__isnull=True), name="one_running_suspension")
        ]


class Stay(models.Model):
    """One stretch of 暂缓 by decision, to a day that is always named; it ends loudly, by an act of the judge."""

    class Ground(models.TextChoices):
        """Ground of the decision; each has its own longest term."""

        SECURITY = "SECURITY", _("被执行人提供担保，申请人同意")
        UPPER_COURT = "UPPER_COURT", _("上级法院通知暂缓")
        OTHER = "OTHER", _("依法决定暂缓的其他情形")

    # As the decision of the library words each ground; its text stays Chinese.
    DECIDED = {
        Ground.SECURITY: "被执行人提供担保并经申请执行人同意",
        Ground.UPPER_COURT: "上级人民法院通知暂缓",
        Ground.OTHER: "其他依法应当暂缓的情形",
    }

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="stays")
    ground = models.CharField(_("暂缓事由"), max_length=12, choices=Ground)
    document = models.CharField(_("决定书或通知"), max_length=200)
    paper = models.CharField(max_length=40, blank=True)  # "document:12", or the scan "material:5" of one made outside
    from_on = models.DateField(_("暂缓日"))
    until_on = models.DateField(_("暂缓至"))
    ended_on = models.DateField(_("恢复日"), null=True, blank=True)
    end_note = models.CharField(_("恢复说明"), max_length=200, blank=True)
    resume_document = models.CharField(_("恢复执行通知书"), max_length=200, blank=True)
    resume_paper = models.CharField(max_length=40, blank=True)
    called_on = models.DateField(_("到期提醒日"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on__isnull=True), name="one_running_stay"),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="stay_runs_forward"),
        ]


class Settlement(models.Model):
    """An agreement to pay by instalments (执行和解); open until kept or broken (法释〔2018〕3号)."""

    class Outcome(models.TextChoices):
        """How it ended."""

        KEPT = "KEPT", _("已履行完毕")
        BROKEN = "BROKEN", _("未履行")
        CONTINUES = "CONTINUES", _("案件终结执行，协议继续履行")

    # Between the parties the agreement binds until it is kept or broken, also after the case has ended.
    RUNNING = ("", Outcome.CONTINUES)

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="settlements")
    document = models.CharField(_("和解协议"), max_length=200)
    # "document:12" or "material:5": the agreement or the transcript in the file; empty in rows of before.
    paper = models.CharField(max_length=40, blank=True)
    terms = models.CharField(_("主要内容"), max_length=1000)
    agreed_on = models.DateField(_("达成日"))
    # Who signed for a party; each had the special power to settle (执行工作规定 20).
    agents = models.ManyToManyField(Agent, related_name="+", blank=True, verbose_name=_("签署的代理人"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    pause = models.OneToOneField("cases.Pause", models.PROTECT, null=True, blank=True, related_name="settlement")
    ruling_paper = models.CharField(max_length=40, blank=True)  # the ruling of 中止 issued here, if any
    ended_on = models.DateField(_("结束日"), null=True, blank=True)
    end_note = models.CharField(_("结束说明"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(outcome=""), name="one_running_settlement"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_on__isnull=True) | (~Q(outcome="") & Q(ended_on__isnull=False)),
                name="settlement_ended_with_outcome",
            ),
        ]

    @property
    def is_running(self) -> bool:
        """Return whether the agreement still binds the parties."""
        return self.outcome in self.RUNNING

    @property
    def last_due_on(self) -> dt.date:
        """Return the last day of the agreement."""
        last: dt.date = self.instalments.aggregate(last=models.Max("due_on"))["last"]
        return last


class Instalment(models.Model):
    """One payment promised in a settlement; amount in yuan."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="instalments")
    position = models.PositiveSmallIntegerField(_("期次"))
    due_on = models.DateField(_("应付日"))
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)
    paid_on = models.DateField(_("实付日"), null=True, blank=True)
    paid_note = models.CharField(_("履行凭据"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "position"], name="instalment_position_unique"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_amount_positive"),
        ]


class Cover(models.Model):
    """By how much one arrival of money covers an instalment paid to the account; amount in yuan."""

    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="covers")
    # The event of the case's record by which the money was received.
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", verbose_name=_("到账记录"))
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instalment", "event"], name="cover_once_per_arrival"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cover_amount_positive"),
        ]
