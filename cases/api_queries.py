"""The network query for programs: what waits to be queried, and a case's queries with answers and leads."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import Refusal, form_data, refusal_of, wrong
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from cases import queryqueue, services
from cases.models import Case, Lead, NetworkQuery, QueryAnswer
from cases.onduty import judge_on_duty
from cases.sentences import VIEW_FOUND
from cases.startforms import LaunchOfCases, QueryFilters

FILTERS = [OpenApiParameter(name, str) for name in QueryFilters.base_fields]


class CaseToQuery(serializers.ModelSerializer[Case]):
    """A case as far as a query needs it."""

    number = serializers.CharField(source="display_number")
    window = serializers.CharField(source="filing_window.code")

    class Meta:
        model = Case
        fields = ("id", "number", "window", "stage", "filed_at", "amount_claimed")


class LeadRow(serializers.ModelSerializer[Lead]):
    """One thing found; amount in yuan."""

    class Meta:
        model = Lead
        fields = ("id", "kind", "thing", "unit", "amount", "is_online", "found_at")


class AnswerRow(serializers.ModelSerializer[QueryAnswer]):
    """What one provider answered."""

    leads = LeadRow(many=True)

    class Meta:
        model = QueryAnswer
        fields = ("id", "source", "state", "reason", "sent_at", "answered_at", "leads")


class QueryRow(serializers.ModelSerializer[NetworkQuery]):
    """One query of one debtor."""

    debtor = serializers.CharField(source="party.name")
    judge = serializers.CharField(source="judge.name", allow_null=True)
    answers = AnswerRow(many=True)

    class Meta:
        model = NetworkQuery
        fields = (
            *("id", "debtor", "provider", "batch", "judge", "repeats", "launched_at", "answered_on", "answer"),
            "answers",
        )


class CasesToQuery(ListAPIView[Case]):
    """Open cases by the state of their query; without a filter those not yet queried."""

    permission_classes = [HasAny]
    required_permissions = ("cases.hand_over_case",)
    serializer_class = CaseToQuery
    queryset = Case.objects.none()

    @extend_schema(parameters=FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Case]:
        """Return them, the oldest first."""
        chosen = QueryFilters(cast(QueryDict, self.request.query_params)).chosen()
        return queryqueue.listed(cast(User, self.request.user), chosen)


class LeftCase(serializers.Serializer[Any]):
    """A case of which nothing was asked, and why."""

    case = serializers.IntegerField(source="key")
    number = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class LaunchedCases(serializers.Serializer[Any]):
    """What one launch for many came to: cases whose debtors were asked about, and those left."""

    done = serializers.ListField(child=serializers.IntegerField())
    left = LeftCase(many=True)


class LaunchOfCasesBody(serializers.Serializer[Any]):
    """The cases, by which system, and on a day without a judge on duty in whose name."""

    cases = serializers.ListField(child=serializers.IntegerField())
    provider = serializers.ChoiceField(LaunchOfCases.base_fields["provider"].choices)  # type: ignore[attr-defined]
    judge = serializers.IntegerField(required=False)


class LaunchQueries(APIView):
    """Asks the network about the debtors of several cases at once."""

    permission_classes = [HasAny]
    required_permissions = ("cases.hand_over_case",)

    @extend_schema(request=LaunchOfCasesBody, responses={200: LaunchedCases, 422: Refusal})
    def post(self, request: Request) -> Response:
        """Ask about all that may be asked about; the others are left, each with its reason."""
        user = cast(User, request.user)
        try:
            form = LaunchOfCases(form_data(request.data), user=user, on_duty=judge_on_duty(clock.today()))
            if not form.is_valid():
                return wrong(form)
            batch = services.launch_many(**form.arguments(), at=clock.now(), actor=user)
        except Refused as refused:
            return refusal_of(refused)
        made = {"done": [case.pk for case in batch.done], "left": batch.left}
        return Response(LaunchedCases(made).data)


class Queries(ListAPIView[NetworkQuery]):
    """The queries of one case with every provider's answer and what was found, oldest first."""

    permission_classes = [HasAny]
    required_permissions = (VIEW_FOUND, "cases.hand_over_case")
    serializer_class = QueryRow
    queryset = NetworkQuery.objects.none()

    def get_queryset(self) -> QuerySet[NetworkQuery]:
        """Return them; of a case that the user sees or may query."""
        user = cast(User, self.request.user)
        seen = Case.objects.visible_to(user) | Case.objects.to_query(user)
        return get_object_or_404(seen, pk=self.kwargs["pk"]).network_queries.for_list()
