"""The room's API: reads only."""

from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from bureau.api import HasAny
from bureau.models import User
from cases.models import Case, Party
from cases.sentences import VIEW_FOUND
from dispatch.models import DryRun, Retriage, RuleTable, SendBack, TriageRule, Verdict
from dispatch.queue import waiting


class QueueSerializer(serializers.ModelSerializer[Case]):
    """One waiting case."""

    number = serializers.CharField(source="display_number")
    court = serializers.CharField(source="number_court.code")
    is_asked_about = serializers.BooleanField(help_text="Whether the network was asked about every present debtor.")

    class Meta:
        model = Case
        fields = (
            *("id", "number", "court", "amount_claimed", "filed_on", "triage_due_on", "triaged_on", "stream"),
            "is_asked_about",
        )


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    """One verdict with its reasons."""

    HOW = ("facts", "sources", "flags", "hits", "misses", "explanation", "conclusion", "override_reason")
    number = serializers.CharField(source="case.display_number")
    cash_typed = serializers.DecimalField(16, 2, source="verification.cash_found", default=None, read_only=True)
    cash_answered = serializers.DecimalField(16, 2, source="verification.cash_answered", default=None, read_only=True)
    cash_reason = serializers.CharField(source="verification.cash_reason", default="", read_only=True)

    class Meta:
        model = Verdict
        fields = (
            "case",
            "number",
            "proposed",
            "decided",
            "table",
            "edition",
            "facts",
            "sources",
            "flags",
            "hits",
            "misses",
            "explanation",
            "conclusion",
            "override_reason",
            "cash_typed",
            "cash_answered",
            "cash_reason",
            "decided_at",
        )

    def to_representation(self, instance: Verdict) -> dict[str, Any]:
        """Leave out how it came about for whoever may not see what the network found."""
        shown: dict[str, Any] = super().to_representation(instance)
        if not cast(User, self.context["request"].user).has_perm(VIEW_FOUND):
            shown |= {name: type(shown[name])() for name in self.HOW}
            shown |= {"cash_typed": None, "cash_answered": None, "cash_reason": ""}
        return shown


class RuleSerializer(serializers.ModelSerializer[TriageRule]):
    """One row of a version of the table."""

    version = serializers.IntegerField(source="table.version")

    class Meta:
        model = TriageRule
        fields = ("id", "table", "version", *TriageRule.CONTENT)


class QueueView(ListAPIView[Case]):
    """What waits to be triaged or assigned."""

    permission_classes = [HasAny]
    required_permissions = ("dispatch.triage_case",)
    serializer_class = QueueSerializer
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case, Case]:
        """Return the user's queue."""
        if not self.request.user.is_authenticated:
            return Case.objects.none()
        unasked = Party.objects.not_asked_about().filter(case=OuterRef("pk"))
        return waiting(self.request.user).select_related("number_court").annotate(is_asked_about=~Exists(unasked))


class VerdictsView(ListAPIView[Verdict]):
    """Verdicts on visible cases, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = VerdictSerializer
    queryset = Verdict.objects.none()

    def get_queryset(self) -> QuerySet[Verdict, Verdict]:
        """Return the verdicts that the user may see."""
        if not self.request.user.is_authenticated:
            return Verdict.objects.none()
        return Verdict.objects.visible_to(self.request.user).select_related("case", "verification").order_by("-id")


class RulesView(ListAPIView[TriageRule]):
    """The rule table."""

    permission_classes = [HasAny]
    required_permissions = ("dispatch.triage_case", "supervision.view_indicators")
    serializer_class = RuleSerializer
    queryset = TriageRule.objects.select_related("table").order_by("-table__version", "code")


class TableSerializer(serializers.ModelSerializer[RuleTable]):
    """One version of the decision table."""

    rule_count = serializers.IntegerField()
    until_on = serializers.DateField(allow_null=True)
    came_with_system = serializers.BooleanField()

    class Meta:
        model = RuleTable
        fields = (
            "id",
            "version",
            "state",
            "fast_weight_min",
            "note",
            "from_on",
            "until_on",
            "came_with_system",
            "authored_by",
            "approved_by",
            "approved_at",
            "rule_count",
        )


class TablesView(ListAPIView[RuleTable]):
    """Every version of the decision table, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("dispatch.triage_case", "supervision.view_indicators")
    serializer_class = TableSerializer
    queryset = RuleTable.objects.for_list()


class DryRunSerializer(serializers.ModelSerializer[DryRun]):
    """One dry run: counts, every case that would really move, and how many were decided so already."""

    moves = serializers.ListField(source="moving", child=serializers.DictField())
    settled = serializers.SerializerMethodField()

    class Meta:
        model = DryRun
        fields = ("id", "table", "job", "asked_at", "finished_at", "case_count", "counts", "moves", "settled")

    def get_settled(self, run: DryRun) -> int:
        """Return of how many cases only the proposal changes."""
        return len(run.moves) - len(run.moving)


class DryRunsView(ListAPIView[DryRun]):
    """Dry runs, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("dispatch.triage_case", "supervision.view_indicators")
    serializer_class = DryRunSerializer
    queryset = DryRun.objects.order_by("-id")


class SendBackSerializer(serializers.ModelSerializer[SendBack]):
    """One filing sent back to its window."""

    number = serializers.CharField(source="case.display_number")
    window = serializers.CharField(source="window.code")

    class Meta:
        model = SendBack
        fields = (
            "id",
            "case",
            "number",
            "window",
            "state",
            "defects",
            "note",
            "sent_at",
            "due_on",
            "answer_note",
            "answered_at",
        )


class SendBacksView(ListAPIView[SendBack]):
    """Filings sent back, those that wait first."""

    permission_classes = [HasAny]
    required_permissions = ("dispatch.verify_case", "dispatch.answer_send_back", "supervision.view_indicators")
    serializer_class = SendBackSerializer
    queryset = SendBack.objects.none()

    def get_queryset(self) -> QuerySet[SendBack, SendBack]:
        """Return those of cases that the user sees."""
        if not self.request.user.is_authenticated:
            return SendBack.objects.none()
        return SendBack.objects.visible_to(self.request.user).for_list()


class RetriageSerializer(serializers.ModelSerializer[Retriage]):
    """One case to be judged anew."""

    number = serializers.CharField(source="case.display_number")

    class Meta:
        model = Retriage
        fields = (
            "id",
            "case",
            "number",
            "why",
            "state",
            "table",
            "before",
            "proposed",
            "changed",
            "facts",
            "reason",
            "asked_at",
            "answered_at",
            "answer_note",
        )


class RetriagesView(ListAPIView[Retriage]):
    """Cases judged anew or waiting for it, oldest first."""

    permission_classes = [HasAny]
    required_permissions = ("dispatch.triage_case",)
    serializer_class = RetriageSerializer
    queryset = Retriage.objects.none()

    def get_queryset(self) -> QuerySet[Retriage, Retriage]:
        """Return those of cases that the user sees."""
        if not self.request.user.is_authenticated:
            return Retriage.objects.none()
        return Retriage.objects.visible_to(self.request.user).for_list()
