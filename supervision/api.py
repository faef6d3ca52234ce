"""The figures for other programs, with the definition of each."""

from typing import cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.api import HasAny
from bureau.models import User
from supervision import forms
from supervision.definitions import DEFINITIONS, hidden_from
from supervision.indicators import figures
from supervision.models import StageRating


class Indicators(APIView):
    """The bureau's figures as of the end of a day."""

    permission_classes = [IsAuthenticated, HasAny]
    required_permissions = ("supervision.view_indicators",)

    @extend_schema(
        parameters=[OpenApiParameter("as_of", OpenApiTypes.DATE, description="Today when left out")],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """Return figures and definitions that the user may see; 400 for a wrong day or one that has not come."""
        today = clock.today()
        form = forms.AsOf({"as_of": request.query_params.get("as_of") or today.isoformat()}, today=today)
        if not form.is_valid():
            raise ValidationError(form.errors.get_json_data())
        hidden = hidden_from(cast(User, request.user))
        values = figures(form.cleaned_data["as_of"]).as_json()
        definitions = {
            item.code: {"label": str(item.label), "definition": str(item.definition), "source": str(item.source)}
            for item in DEFINITIONS
            if item.code not in hidden
        }
        shown = {name: value for name, value in values.items() if name not in hidden}
        return Response({**shown, "definitions": definitions})


class RatingRow(serializers.ModelSerializer[StageRating]):
    """One mark for one stage; whose it is stays in the case."""

    number = serializers.CharField(source="case.display_number")
    rated_stage = serializers.CharField(source="stage")
    team_name = serializers.CharField(source="team.name", allow_null=True, default=None)

    class Meta:
        model = StageRating
        fields = ("id", "number", "rated_stage", "team_name", "score", "text", "rated_at")


class Ratings(ListAPIView[StageRating]):
    """What applicants think of each stage, newest first."""

    permission_classes = [IsAuthenticated, HasAny]
    required_permissions = ("supervision.view_indicators",)
    serializer_class = RatingRow
    queryset = StageRating.objects.select_related("case", "team").order_by("-id")
