"""The query of a debtor's property through the network (网络查控): who launched it, whom it asked, what was found."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.controlcodes import AssetKind
from cases.models.case import Case
from cases.models.party import Party


class NetworkQueryQuerySet(models.QuerySet["NetworkQuery"]):
    """Questions about queries."""

    def running(self) -> Self:
        """Keep those without an answer."""
        return self.filter(answered_on__isnull=True)

    def lacking(self) -> Self:
        """Keep those answered in part only: a provider refused or failed and has not been asked again."""
        lost = QueryAnswer.objects.filter(query=OuterRef("pk"), state__in=QueryAnswer.LOST)
        again = NetworkQuery.objects.filter(repeats=OuterRef("pk"))
        return self.filter(Exists(lost), ~Exists(again), answered_on__isnull=False)

    def for_list(self) -> Self:
        """Load what one row prints with its answers and leads, oldest first."""
        rows = self.select_related("party", "launched_by", "judge").order_by("launched_at", "id")
        answers = Prefetch("answers", QueryAnswer.objects.order_by("pk"))
        return rows.prefetch_related(answers, Prefetch("answers__leads", Lead.objects.order_by("pk")), "repeated_by")


class NetworkQuery(models.Model):
    """One query of one debtor, in the name of a judge; asked of many providers, or carried out elsewhere by hand."""

    class Provider(models.TextChoices):
        """Through which system (财产调查规定 12)."""

        NATIONAL = "NATIONAL", _("最高人民法院“总对总”网络查控系统")
        REGIONAL = "REGIONAL", _("自治区“点对点”网络查控系统")
        OTHER = "OTHER", _("其他网络查询平台")

    case = models.ForeignKey(Case, models.PROTECT, related_name="network_queries")
    party = models.ForeignKey(Party, models.PROTECT, related_name="network_queries", verbose_name=_("被执行人"))
    provider = models.CharField(_("查控系统"), max_length=10, choices=Provider)
    batch = models.CharField(_("查询批次号"), max_length=60, blank=True)
    # In whose name: the judge on duty while the case has none of its own. Empty in rows of before.
    judge = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("以其名义"))
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeated_by", verbose_name=_("重查自")
    )
    is_networked = models.BooleanField(_("由系统发送"), default=False)
    launched_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("发起人"))
    launched_at = models.DateTimeField(_("发起时间"))
    answered_on = models.DateField(_("反馈日"), null=True, blank=True)
    answer = models.CharField(_("反馈情况"), max_length=300, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NetworkQueryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(answered_on__isnull=True), name="one_running_query_per_debtor"
            ),
            models.UniqueConstraint(
                fields=["repeats"], condition=Q(repeats__isnull=False), name="a_query_is_repeated_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="", answered_by__isnull=True)
                | (Q(answered_on__isnull=False, answered_by__isnull=False) & (~Q(answer="") | Q(is_networked=True))),
                name="query_answered_by_someone",
            ),
        ]

    @property
    def is_lacking(self) -> bool:
        """Return whether a provider is to be asked again, from what `for_list` loads."""
        is_lost = any(row.state in QueryAnswer.LOST for row in self.answers.all())
        return self.answered_on is not None and is_lost and not self.repeated_by.all()

    @property
    def leads(self) -> list["Lead"]:
        """Return everything found, from what `for_list` loads."""
        return [lead for answer in self.answers.all() for lead in answer.leads.all()]

    @property
    def total(self) -> Decimal:
        """Return the money found on accounts, in yuan."""
        return sum((lead.amount for lead in self.leads if lead.is_cash and lead.amount), Decimal("0.00"))


class QueryAnswerQuerySet(models.QuerySet["QueryAnswer"]):
    """Questions about what providers answered."""

    def open(self) -> Self:
        """Keep those that still wait."""
        return self.filter(state__in=QueryAnswer.OPEN)


class QueryAnswer(models.Model):
    """What one provider answered to one query; once answered it never changes."""

    class Source(models.TextChoices):
        """Who is asked, by what it keeps."""

        BANK = "BANK", _("银行存款")
        PAYMENT = "PAYMENT", _("网络支付")
        VEHICLE = "VEHICLE", _("车辆")
        ESTATE = "ESTATE", _("不动产")
        SECURITIES = "SECURITIES", _("证券")
        EQUITY = "EQUITY", _("股权")
        INSURANCE = "INSURANCE", _("保险")
        FUND = "FUND", _("公积金")

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "WAITING", _("待发送")
        ACCEPTED = "ACCEPTED", _("已受理")
        REJECTED = "REJECTED", _("不予受理")
        FAILED = "FAILED", _("查询失败")
        FOUND = "FOUND", _("有财产")
        NOT_FOUND = "NOT_FOUND", _("无财产")
        BY_HAND = "BY_HAND", _("人工登记反馈")

    OPEN = (State.WAITING, State.ACCEPTED)
    LOST = (State.REJECTED, State.FAILED)
    SAID = (State.FOUND, State.NOT_FOUND)

    query = models.ForeignKey(NetworkQuery, models.PROTECT, related_name="answers")
    source = models.CharField(_("查询单位"), max_length=12, choices=Source)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)

    objects = QueryAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["query", "source"], name="a_provider_is_asked_once"),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "ACCEPTED"], answered_at__isnull=True)
                | (~Q(state__in=["WAITING", "ACCEPTED"]) & Q(answered_at__isnull=False)),
                name="provider_answered_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["REJECTED", "FAILED"]) | ~Q(reason=""), name="lost_answer_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["WAITING", "ACCEPTED"]), name="query_answer_open")
        ]

    @property
    def tone(self) -> str:
        """Return how its badge is coloured."""
        if self.state in self.LOST:
            return "overdue"
        return {self.State.FOUND: "done", self.State.NOT_FOUND: ""}.get(self.State(self.state), "near")


class LeadQuerySet(models.QuerySet["Lead"]):
    """Questions about what was found."""

    def of_cases(self, pks: list[int]) -> Self:
        """Keep what was found of current debtors of these cases."""
        return self.filter(answer__query__case__in=pks, answer__query__party__left_on__isnull=True)

    def standing(self) -> Self:
        """Keep what no later answer of the same provider on the same debtor has replaced."""
        later = QueryAnswer.objects.filter(
            query__party=OuterRef("answer__query__party"),
            source=OuterRef("answer__source"),
            state__in=QueryAnswer.SAID,
            pk__gt=OuterRef("answer"),
        )
        return self.filter(~Exists(later))


class Lead(models.Model):
    """One thing of the debtor that a provider has found, with what it is worth in yuan where that is known."""

    CASH = (AssetKind.DEPOSIT, AssetKind.ONLINE_FUNDS)

    answer = models.ForeignKey(QueryAnswer, models.PROTECT, related_name="leads")
    kind = models.CharField(_("财产种类"), max_length=14, choices=AssetKind)
    thing = models.CharField(_("财产"), max_length=300)
    unit = models.CharField(_("协助单位"), max_length=100)
    amount = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    # Whether the provider itself can freeze it (nodes 8 and 9).
    is_online = models.BooleanField(_("可线上控制"), default=False)
    found_at = models.DateTimeField(_("反馈时间"))

    objects = LeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="lead_amount_not_negative"
            ),
            models.CheckConstraint(condition=~Q(thing=""), name="lead_says_what"),
        ]

    @property
    def is_cash(self) -> bool:
        """Return whether it is money on an account."""
        return self.kind in self.CASH
