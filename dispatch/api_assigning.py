"""Reads of assignment for programs: assignments with their reasons, draws, chains, requests, leave, the spread."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.api import HasAny
from bureau.models import User
from dispatch import explaining, spread
from dispatch.assignforms import WeekForm
from dispatch.models import Assignment, AssignmentRequest, Draw, Leave, SeedChain


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """One assignment; `draw` explains it."""

    number = serializers.CharField(source="case.display_number")
    judge = serializers.CharField(source="judge.name")
    starter = serializers.CharField(source="starter.name")
    team = serializers.CharField(source="team.code")

    class Meta:
        model = Assignment
        fields = (
            "id",
            "case",
            "number",
            "draw",
            "way",
            "team",
            "judge",
            "starter",
            "weight",
            "reason",
            "assigned_at",
            "ended_at",
            "end",
        )


class PublishedDrawSerializer(serializers.ModelSerializer[Draw]):
    """One draw as it is published: with `redraw.py` anybody gets the same people."""

    tip = serializers.SerializerMethodField()

    class Meta:
        model = Draw
        fields = ("id", "mode", "at", "inputs", "commitment", "committed_at", "tip", "number", "seed", "opened_at")

    def get_tip(self, draw: Draw) -> str:
        """Return the published tip of the chain."""
        return draw.chain.tip if draw.chain else ""


class ChainSerializer(serializers.ModelSerializer[SeedChain]):
    """One chain of seeds: its published tip and how many are used."""

    used = serializers.IntegerField()

    class Meta:
        model = SeedChain
        fields = ("id", "tip", "length", "used", "published_at", "from_on")


class RequestSerializer(serializers.ModelSerializer[AssignmentRequest]):
    """What was asked past the draw."""

    class Meta:
        model = AssignmentRequest
        fields = (
            "id",
            "kind",
            "cases",
            "judge",
            "reason",
            "state",
            "requested_by",
            "requested_at",
            "decided_by",
            "decided_at",
            "note",
        )


class LeaveSerializer(serializers.ModelSerializer[Leave]):
    """Who is away and who covers."""

    class Meta:
        model = Leave
        fields = ("id", "user", "cover", "from_on", "until_on", "reason", "ended_at")


class ShareSerializer(serializers.Serializer[Any]):
    """One person's week, in cases of the usual size; the reasons sum to the difference."""

    seat = serializers.CharField()
    team = serializers.CharField()
    user = serializers.IntegerField()
    name = serializers.CharField()
    cases = serializers.IntegerField()
    named = serializers.IntegerField()
    expected = serializers.FloatField()
    real = serializers.FloatField()
    difference = serializers.FloatField()
    reasons = serializers.DictField(child=serializers.FloatField())


class SpreadSerializer(serializers.Serializer[Any]):
    """The spread of one week."""

    from_on = serializers.DateField()
    until_on = serializers.DateField()
    draws = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    shares = ShareSerializer(many=True)


class _Reads(ListAPIView[Any]):
    permission_classes: Sequence[type[BasePermission]] = [HasAny]

    def rows(self, user: User) -> QuerySet[Any, Any]:
        """Return what the user may see."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any, Any]:
        """Return nothing to strangers, else what the user may see."""
        if not self.request.user.is_authenticated:
            return self.queryset.none()  # type: ignore[arg-type,union-attr]
        return self.rows(self.request.user)


class AssignmentsView(_Reads):
    """Assignments of visible cases, newest first."""

    required_permissions = ("cases.view_case",)
    serializer_class = AssignmentSerializer
    queryset = Assignment.objects.none()

    def rows(self, user: User) -> QuerySet[Any, Any]:
        """Return those of visible cases."""
        return Assignment.objects.visible_to(user).for_page().order_by("-id")


class DrawsView(_Reads):
    """Draws as they are published, newest first; people are numbers, so every member of staff may have them."""

    permission_classes = [IsAuthenticated]
    serializer_class = PublishedDrawSerializer
    queryset = Draw.objects.none()

    def rows(self, user: User) -> QuerySet[Any, Any]:
        """Return those whose text names nobody."""
        return Draw.objects.public().select_related("chain").order_by("-id")


class ChainsView(_Reads):
    """Chains of seeds, newest first: every member of staff may have them."""

    permission_classes = [IsAuthenticated]
    serializer_class = ChainSerializer
    queryset = SeedChain.objects.none()

    def rows(self, user: User) -> QuerySet[Any, Any]:
        """Return all."""
        return SeedChain.objects.with_used().order_by("-id")


class RequestsView(_Reads):
    """What was asked past the draw, those that wait first."""

    required_permissions = ("dispatch.assign_case", "dispatch.approve_assignment", "dispatch.view_draws")
    serializer_class = RequestSerializer
    queryset = AssignmentRequest.objects.none()

    def rows(self, user: User) -> QuerySet[Any, Any]:
        """Return all."""
        return AssignmentRequest.objects.for_list()


class LeavesView(_Reads):
    """Leave with its covers, the latest first."""

    required_permissions = ("dispatch.manage_leave",)
    serializer_class = LeaveSerializer
    queryset = Leave.objects.none()

    def rows(self, user: User) -> QuerySet[Any, Any]:
        """Return all."""
        return Leave.objects.for_list()


class SpreadView(APIView):
    """Expected against real load of each person in a week, and the reason of every difference."""

    permission_classes = [HasAny]
    required_permissions = ("dispatch.view_draws",)

    @extend_schema(parameters=[OpenApiParameter("on", dt.date)], responses=SpreadSerializer)
    def get(self, request: Request) -> Response:
        """Return the week of the day `on`, or of the last draw."""
        day = WeekForm(request.query_params).day(spread.latest_day(clock.today()))
        made = spread.report(*spread.week_of(day))
        shares = []
        for share in made.shares:
            expected, real, difference, *reasons = share.numbers()
            shares.append(
                {
                    "seat": share.seat,
                    "team": share.team,
                    "user": share.user,
                    "name": share.name,
                    "cases": share.cases,
                    "named": share.named,
                    "expected": expected,
                    "real": real,
                    "difference": difference,
                    "reasons": dict(zip(spread.REASONS, reasons, strict=True)),
                }
            )
        whole = {"from_on": made.from_on, "until_on": made.until_on, "draws": made.draws, "counts": made.counts}
        return Response(SpreadSerializer({**whole, "shares": shares}).data)


class WhyView(APIView):
    """Why these people got a case: everybody compared, by seat."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)

    @extend_schema(responses={200: serializers.ListSerializer(child=serializers.DictField())})
    def get(self, request: Request, pk: int) -> Response:
        """Return each seat with its people: load, load with the case, whether eligible, and why not."""
        rows = Assignment.objects.visible_to(cast(User, request.user)).for_page()
        row = get_object_or_404(rows, pk=pk)
        seats = explaining.explain(row.draw, row.case_id) if row.draw else []
        return Response([_seat(seat) for seat in seats])


def _seat(seat: explaining.Compared) -> dict[str, Any]:
    people = [
        {
            "user": row.person.id,
            "name": row.person.name,
            "load": row.load,
            "with_case": row.after,
            "is_eligible": row.is_eligible,
            "is_chosen": row.is_chosen,
            "why_not": row.why,
        }
        for row in seat.rows
    ]
    return {"seat": seat.seat, "line": seat.line, "holder": seat.holder, "ticket": seat.ticket, "people": people}
