"""Sanctions for programs to read; the acts are in `cases.api_sanctions`."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, get_object_or_404

from bureau import clock
from bureau.api import HasAny
from bureau.models import User
from cases import sanctionforms, sanctionlist
from cases.models import Case, Sanction, SanctionRequest

FILTERS = [OpenApiParameter(name, str) for name in sanctionforms.Filters.base_fields]


class SanctionRow(serializers.ModelSerializer[Sanction]):
    """One sanction; `next_due_on` is the last day to end it, or of its term; amount in yuan, days of a detention."""

    case_number = serializers.CharField(source="case.display_number")
    party = serializers.CharField(source="party.name")
    ground_text = serializers.CharField(source="rule.label")
    next_due_on = serializers.DateField(allow_null=True, default=None)
    proposed_by = serializers.CharField(source="proposed_by.name")
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)
    removed_by = serializers.CharField(source="removed_by.name", allow_null=True, default=None)

    class Meta:
        model = Sanction
        fields = (
            *(
                "id",
                "case",
                "case_number",
                "kind",
                "state",
                "party",
                "outsider",
                "persons",
                "ground",
                "ground_text",
                "basis",
            ),
            *("facts", "extra_years", "days", "amount", "document", "proposed_by", "proposed_at", "decided_by"),
            *("decided_at", "decision_reason", "in_force_from", "term_until", "next_due_on", "removal_ground"),
            *("removal_basis", "arose_on", "removal_approved_at", "removal_way", "removal_document", "removed_on"),
            "removed_by",
        )


class RequestRow(serializers.ModelSerializer[SanctionRequest]):
    """One written request about the list of dishonest debtors, with its answer."""

    party = serializers.CharField(source="party.name")

    class Meta:
        model = SanctionRequest
        fields = ("id", "party", "sanction", "purpose", "text", "received_on", "result", "reason", "answered_at")


class SanctionList(ListAPIView[Sanction]):
    """Visible sanctions under the coded filters of the page; running ones unless asked otherwise."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = SanctionRow
    queryset = Sanction.objects.none()

    @extend_schema(operation_id="sanctions_of_all_cases", parameters=FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Sanction]:
        """Return the filtered sanctions, the next day first."""
        chosen = sanctionforms.Filters(cast(QueryDict, self.request.query_params)).chosen()
        visible = Sanction.objects.visible_to(cast(User, self.request.user))
        return sanctionlist.filtered(visible, chosen, today=clock.today())


def _case(view: ListAPIView[Any]) -> Case:
    visible = Case.objects.visible_to(cast(User, view.request.user))
    return get_object_or_404(visible, pk=view.kwargs["pk"])


class CaseSanctions(ListAPIView[Sanction]):
    """Every sanction of one visible case, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = SanctionRow
    queryset = Sanction.objects.none()

    def get_queryset(self) -> QuerySet[Sanction]:
        """Return the sanctions of a visible case."""
        return Sanction.objects.filter(case=_case(self)).for_list().order_by("-proposed_at", "-id")


class CaseRequests(ListAPIView[SanctionRequest]):
    """The written requests of one visible case, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = RequestRow
    queryset = SanctionRequest.objects.none()

    def get_queryset(self) -> QuerySet[SanctionRequest]:
        """Return the requests of a visible case."""
        return SanctionRequest.objects.filter(case=_case(self)).for_list().order_by("-received_on", "-id")
