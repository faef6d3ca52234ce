"""Days of the account of the house and repeated lines for programs: the pages' rows; the acts stand in `api_acts`."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import daypages, forms, ledgerday
from accounts.dayfigures import FIGURES
from accounts.models import DayDifference, DaySheet, DifferenceNote, StatementRepeat
from bureau import clock
from bureau.api import HasAny

_FIGURES = tuple(name for name in FIGURES if name != "bank_balance_id")


class DayRow(serializers.ModelSerializer[DaySheet]):
    """The figures of one day."""

    state = serializers.CharField()
    compared = serializers.CharField()
    balance_typed_by = serializers.CharField(source="typed_balance.entered_by.name", default="")
    signed_by = serializers.CharField(source="signed_by.name", default="")
    difference_count = serializers.IntegerField()
    explained_count = serializers.IntegerField()

    class Meta:
        model = DaySheet
        fields = [
            *("id", "day", "state", *_FIGURES, "compared", "balance_typed_by", "made_at", "signed_by", "signed_at"),
            *("difference_count", "explained_count"),
        ]


class NoteRow(serializers.ModelSerializer[DifferenceNote]):
    """What was said of a difference."""

    noted_by = serializers.CharField(source="noted_by.name")

    class Meta:
        model = DifferenceNote
        fields = ["note", "noted_by", "noted_at"]


class DifferenceRow(serializers.ModelSerializer[DayDifference]):
    """One difference of a day."""

    kind = serializers.CharField()
    notes = NoteRow(many=True)

    class Meta:
        model = DayDifference
        fields = ["id", "kind", "reference", "bank_amount", "ledger_amount", "payout", "found_at", "ended_at", "notes"]


class DayAnswer(serializers.Serializer[Any]):
    """One day with its differences."""

    sheet = DayRow()
    differences = DifferenceRow(many=True)


class Days(ListAPIView[DaySheet]):
    """Days, newest first: ?set=OPEN, SIGNED, or TWO for those without the bank's balance."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_ledger",)
    serializer_class = DayRow
    queryset = DaySheet.objects.none()

    def get_queryset(self) -> QuerySet[DaySheet]:
        """Return the days in one state, or all."""
        return daypages.sheets(self.request.query_params.get("set", ""))


class Day(APIView):
    """One day."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_ledger",)

    @extend_schema(responses=DayAnswer)
    def get(self, request: Request, pk: int) -> Response:
        """Return the figures of a day and what differs, with what was said of it."""
        sheet = get_object_or_404(DaySheet.objects.for_list(), pk=pk)
        return Response(DayAnswer({"sheet": sheet, "differences": daypages.differences(sheet)}).data)


class RepeatRow(serializers.ModelSerializer[StatementRepeat]):
    """One line of a file whose serial stood in the books already."""

    kind = serializers.CharField()

    class Meta:
        model = StatementRepeat
        fields = ["id", "statement", "file_name", "file_sha256", "serial", "kind", "value_on", "amount", "found_at"]


class Repeats(ListAPIView[StatementRepeat]):
    """Repeated lines, newest first: ?set=SAME or CHANGED."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.import_statement", "accounts.view_ledger")
    serializer_class = RepeatRow
    queryset = StatementRepeat.objects.none()

    def get_queryset(self) -> QuerySet[StatementRepeat]:
        """Return the lines of one kind, or all."""
        return daypages.repeats(self.request.query_params.get("set", ""))


class TotalRow(serializers.Serializer[Any]):
    """One group of accounts on a day; yuan."""

    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.DecimalField(max_digits=16, decimal_places=2)
    came = serializers.DecimalField(max_digits=16, decimal_places=2)
    went = serializers.DecimalField(max_digits=16, decimal_places=2)
    after = serializers.DecimalField(max_digits=16, decimal_places=2)


class PurposeRow(serializers.Serializer[Any]):
    """The entries of one purpose on a day; yuan."""

    purpose = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    entry_count = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=16, decimal_places=2)


class LedgerTotals(serializers.Serializer[Any]):
    """One day of the ledger."""

    day = serializers.DateField()
    entry_count = serializers.IntegerField()
    accounts = TotalRow(many=True)
    purposes = PurposeRow(many=True)


class LedgerDay(APIView):
    """The totals of one day of the ledger: ?on=YYYY-MM-DD, today without it."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_ledger",)

    @extend_schema(responses=LedgerTotals, parameters=[OpenApiParameter("on", OpenApiTypes.DATE)])
    def get(self, request: Request) -> Response:
        """Return what came and went, by account and by purpose, and what stood before and after."""
        day = forms.Day(request.query_params).day(clock.today())
        return Response(LedgerTotals(ledgerday.totals(day)).data)
