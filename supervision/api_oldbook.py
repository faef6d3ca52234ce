"""The old book for programs: its own figures by court, and its cases."""

from dataclasses import asdict
from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.api import HasAny
from bureau.models import User
from cases.models import Case
from supervision import oldbook
from supervision.views_oldbook import asked

REQUIRED = ("cases.view_old_book",)


class CourtRow(serializers.Serializer[Any]):
    """The old book of one court; amounts in yuan."""

    code = serializers.CharField()
    name = serializers.CharField()
    all = serializers.IntegerField()
    closed = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    resting = serializers.IntegerField()
    up_to_1 = serializers.IntegerField()
    up_to_3 = serializers.IntegerField()
    up_to_5 = serializers.IntegerField()
    older = serializers.IntegerField()
    held = serializers.DecimalField(max_digits=18, decimal_places=2)
    held_cases = serializers.IntegerField()
    late_receipts = serializers.IntegerField()
    late_amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    ending = serializers.IntegerField()


class OldBookFigures(APIView):
    """The old book's own figures by court, as of today; no figure of the bureau has any of them."""

    permission_classes = [HasAny]
    required_permissions = REQUIRED

    @extend_schema(responses=CourtRow(many=True))
    def get(self, request: Request) -> Response:
        """Return the courts that the user sees."""
        rows = oldbook.figures(cast(User, request.user), today=clock.today())
        return Response(CourtRow([asdict(row) for row in rows], many=True).data)


class OldCaseRow(serializers.ModelSerializer[Case]):
    """One case of the old book."""

    number = serializers.CharField(source="display_number")
    court = serializers.CharField(source="number_court.code")
    judge_name = serializers.CharField(source="judge.name", default=None)
    owner_name = serializers.CharField(source="owner.name", default=None)
    held = serializers.DecimalField(source="escrow.balance", max_digits=16, decimal_places=2, default=oldbook.NOTHING)
    next_end_on = serializers.DateField(default=None)

    class Meta:
        model = Case
        fields = (
            *("id", "number", "court", "filed_on", "stage", "stage_since_on", "closing_due_on", "closed_on"),
            *("judge_name", "owner_name", "amount_claimed", "held", "next_end_on"),
        )


@extend_schema(parameters=[OpenApiParameter("set", str), OpenApiParameter("court", str)])
class OldBookCases(ListAPIView[Case]):
    """The cases of one figure: ?set= as on the page, ?court= a court's code."""

    permission_classes = [HasAny]
    required_permissions = REQUIRED
    serializer_class = OldCaseRow
    queryset = Case.objects.none()

    def get_queryset(self) -> Any:
        """Return them, the oldest first."""
        return oldbook.cases(cast(User, self.request.user), **asked(self.request), today=clock.today())
