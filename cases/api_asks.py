"""What parties said through the public pages, for programs: the list with its text, and the answer."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau.api import HasAny
from bureau.models import User
from cases import services
from cases.api_people import carry_out, typed_of
from cases.askforms import AnswerAsk
from cases.models import PartyAsk


class AskRow(serializers.ModelSerializer[PartyAsk]):
    """One clue, wish for a visit or complaint, with its answer."""

    number = serializers.CharField(source="case.display_number", read_only=True)
    ask_kind = serializers.CharField(source="kind", read_only=True)
    ask_topic = serializers.CharField(source="topic", read_only=True)
    ask_result = serializers.CharField(source="result", read_only=True)

    class Meta:
        model = PartyAsk
        fields = (
            *("id", "case", "number", "party", "ask_kind", "receipt", "ask_topic", "text", "wanted_on", "asked_at"),
            *("due_on", "ask_result", "answer", "meeting_on", "answered_at"),
        )


class AskAnswer(serializers.Serializer[Any]):
    """What the answer says."""

    result = serializers.CharField()
    answer = serializers.CharField()
    meeting_on = serializers.DateField(required=False)
    meeting_half = serializers.CharField(required=False)


class AskList(ListAPIView[PartyAsk]):
    """What parties said on visible cases, the nearest day first."""

    permission_classes = [HasAny]
    required_permissions = PartyAsk.READ_BY
    serializer_class = AskRow

    def get_queryset(self) -> QuerySet[PartyAsk]:
        """Return what the user may read."""
        if getattr(self, "swagger_fake_view", False):
            return PartyAsk.objects.none()
        return PartyAsk.objects.visible_to(cast(User, self.request.user)).for_list()


class AnswerOne(APIView):
    """Answer one of them; fields as on the page."""

    permission_classes = [HasAny]
    required_permissions = ("cases.answer_ask", "cases.answer_complaint")

    @extend_schema(request=AskAnswer, responses={201: AskRow})
    def post(self, request: Request, pk: int) -> Response:
        """Answer it once."""
        user = cast(User, request.user)
        row = get_object_or_404(PartyAsk.objects.visible_to(user).for_list(), pk=pk)
        if not services.may_answer(row, user):
            raise PermissionDenied
        form = AnswerAsk(typed_of(request.data), ask=row)
        return carry_out(form, services.answer_ask, AskRow, user, ask=row)
