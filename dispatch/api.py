"""The room's API: reads only."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from bureau.api import HasAny
from cases.models import Case
from dispatch.models import TriageRule, Verdict
from dispatch.queue import waiting


class QueueSerializer(serializers.ModelSerializer[Case]):
    """One waiting case."""

    number = serializers.CharField(source="display_number")
    court = serializers.CharField(source="number_court.code")

    class Meta:
        model = Case
        fields = ("id", "number", "court", "amount_claimed", "filed_on", "triage_due_on", "triaged_on", "stream")


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    """One verdict with its reasons."""

    number = serializers.CharField(source="case.display_number")

    class Meta:
        model = Verdict
        fields = (
            "case",
            "number",
            "proposed",
            "decided",
            "hits",
            "misses",
            "explanation",
            "override_reason",
            "decided_at",
        )


class RuleSerializer(serializers.ModelSerializer[TriageRule]):
    """One version of a rule."""

    class Meta:
        model = TriageRule
        fields = (
            "code",
            "version",
            "label",
            "stream",
            "weight",
            "is_decisive",
            "parameters",
            "basis",
            "from_on",
            "until_on",
        )


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
        return waiting(self.request.user).select_related("number_court")


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
        return Verdict.objects.visible_to(self.request.user).select_related("case").order_by("-id")


class RulesView(ListAPIView[TriageRule]):
    """The rule table."""

    permission_classes = [HasAny]
    required_permissions = ("dispatch.triage_case", "supervision.view_indicators")
    serializer_class = RuleSerializer
    queryset = TriageRule.objects.order_by("code", "-version")
