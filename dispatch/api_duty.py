"""The roster of judges on duty for programs: the days with what was changed, and the pages' own acts."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from bureau import clock
from bureau.api import HasAny
from dispatch import duties
from dispatch.dutyforms import DayPlan, FillPlan, SwapPlan
from dispatch.models import DutyTurn

DAYS = 28


class DutyTurnSerializer(serializers.ModelSerializer[DutyTurn]):
    """One judge on one day; one that ended was taken over."""

    judge_name = serializers.CharField(source="judge.name")

    class Meta:
        model = DutyTurn
        fields = ("id", "on", "judge", "judge_name", "set_by", "set_at", "ended_by", "ended_at", "end_reason")


class DutyTurnsView(ListAPIView[DutyTurn]):
    """Who is on duty from one day to another: four weeks from today without them; what was taken over too."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = DutyTurnSerializer
    queryset = DutyTurn.objects.none()

    @extend_schema(parameters=[OpenApiParameter("from_on", dt.date), OpenApiParameter("until_on", dt.date)])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[DutyTurn]:
        """Return them by day."""
        first = _day(self.request.query_params.get("from_on", "")) or clock.today()
        last = _day(self.request.query_params.get("until_on", "")) or first + dt.timedelta(days=DAYS - 1)
        return DutyTurn.objects.between(first, last).for_list()


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


ACTS: tuple[tuple[Any, ...], ...] = (
    ("duty/plan/", "dispatch.plan_duty", None, DayPlan, duties.plan_duty),
    ("duty/fill/", "dispatch.plan_duty", None, FillPlan, duties.fill_duty),
    ("duty/swap/", "dispatch.plan_duty", None, SwapPlan, duties.swap_duty),
)
