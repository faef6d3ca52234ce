"""Acts of the room for other programs: periods that do not count; the services and permissions of the pages."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from cases import contactforms, holdlist, services
from cases.models import Case, Hold, Pause
from cases.pauses import PauseKind

HOLD_FILTERS = [OpenApiParameter(name, str) for name in contactforms.HoldFilters.base_fields]


class PeriodRow(serializers.ModelSerializer[Pause]):
    """One period that does not count; days count again from `until_on`, none while it runs."""

    class Meta:
        model = Pause
        fields = ("id", "kind", "from_on", "until_on", "document")


class NewPeriod(serializers.Serializer[Any]):
    """What the judge enters; suspension and stay make their own."""

    kind = serializers.ChoiceField(choices=[code for code in PauseKind.values if code != PauseKind.SUSPENSION])
    document = serializers.CharField(max_length=200)
    from_on = serializers.DateField()
    until_on = serializers.DateField(required=False, allow_null=True, default=None)


class PeriodEnd(serializers.Serializer[Any]):
    """From which day on days count again."""

    until_on = serializers.DateField()


class Periods(ListAPIView[Pause]):
    """The periods of one case that do not count."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = PeriodRow
    queryset = Pause.objects.none()

    def get_queryset(self) -> QuerySet[Pause]:
        """Return the periods of a visible case."""
        case = get_object_or_404(Case.objects.visible_to(cast(User, self.request.user)), pk=self.kwargs["pk"])
        return case.pauses.order_by("from_on", "id")


class ExcludePeriod(APIView):
    """Enter a period that does not count."""

    permission_classes = [HasAny]
    required_permissions = ("cases.suspend_case",)

    @extend_schema(request=NewPeriod, responses={201: PeriodRow})
    def post(self, request: Request, pk: int) -> Response:
        """Exclude it; 403 for anybody but the case's judge, 422 with reasons for a refusal."""
        user = cast(User, request.user)
        case = get_object_or_404(Case.objects.visible_to(user), pk=pk)
        form = NewPeriod(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            pause = services.exclude_period(case, **form.validated_data, at=clock.now(), actor=user)
        except Refused as refusal:
            return Response({"reasons": refusal.reasons}, status=422)
        return Response(PeriodRow(pause).data, status=201)


class EndPeriod(APIView):
    """End a running period."""

    permission_classes = [HasAny]
    required_permissions = ("cases.suspend_case",)

    @extend_schema(request=PeriodEnd, responses=PeriodRow)
    def post(self, request: Request, pk: int) -> Response:
        """End it; 403 for anybody but the case's judge, 422 with reasons for a refusal."""
        user = cast(User, request.user)
        pause = get_object_or_404(Pause.objects.visible_to(user), pk=pk)
        form = PeriodEnd(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            pause = services.end_period(pause, **form.validated_data, at=clock.now(), actor=user)
        except Refused as refusal:
            return Response({"reasons": refusal.reasons}, status=422)
        return Response(PeriodRow(pause).data)


class HoldRow(serializers.ModelSerializer[Hold]):
    """One case put aside."""

    case_number = serializers.CharField(source="case.display_number")
    by = serializers.CharField(source="by.name")

    class Meta:
        model = Hold
        fields = ("id", "case", "case_number", "reason", "from_on", "until_on", "by", "ended_on", "end_reason")


class HoldList(ListAPIView[Hold]):
    """Visible cases put aside under the coded filters of the page; those not ended unless asked otherwise."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = HoldRow
    queryset = Hold.objects.none()

    @extend_schema(parameters=HOLD_FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Hold]:
        """Return the filtered holds, the nearest end first."""
        user = cast(User, self.request.user)
        chosen = contactforms.HoldFilters(cast(QueryDict, self.request.query_params)).chosen()
        return holdlist.filtered(Hold.objects.visible_to(user), chosen, user=user, today=clock.today())
