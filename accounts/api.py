"""The room's API: the same rows, permissions and services as the pages; amounts are strings, accounts last four."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import batches, entrypages, forms, pages, separation, services
from accounts.bank import BankLineData
from accounts.debts import debt_of
from accounts.legs import PARTS, batched, holds
from accounts.models import Batch, BooksCheck, LineEntry, Payout, Receipt
from accounts.statement import reckoned
from bureau import clock
from bureau.acts import refusal_of
from bureau.api import HasAny, PlainDecimal
from bureau.errors import Refused
from bureau.models import Holiday
from cases.models import Case


class Held(serializers.Serializer[Any]):
    """Yuan of a receipt in one pair of hands."""

    where = serializers.CharField()
    amount = serializers.DecimalField(max_digits=16, decimal_places=2)
    leg = serializers.IntegerField()
    due_on = serializers.DateField()


class ReceiptRow(serializers.ModelSerializer[Receipt]):
    """One receipt with its day and what is not paid."""

    case_number = serializers.CharField(source="case.display_number")
    unpaid = serializers.DecimalField(max_digits=16, decimal_places=2)
    is_delayed = serializers.BooleanField()
    held_by = serializers.SerializerMethodField()

    class Meta:
        model = Receipt
        fields = [
            *("id", "case", "case_number", "amount", "unpaid", "arrived_on", "due_on", "due_steps", "is_delayed"),
            "held_by",
        ]

    @extend_schema_field(Held(many=True))
    def get_held_by(self, row: Receipt) -> Any:
        """Return where its unpaid yuan are now, and by when they are passed on."""
        return Held(holds(row, days=self.context["days"], waiting=self.context["waiting"]), many=True).data


class PayoutRow(serializers.ModelSerializer[Payout]):
    """One payment; the account by its last four."""

    case_number = serializers.CharField(source="case.display_number")
    account_last4 = serializers.CharField(source="payee.number_last4", default="")
    recipient = serializers.CharField()

    class Meta:
        model = Payout
        fields = [
            "id",
            "case",
            "case_number",
            "purpose",
            "recipient",
            "document",
            "paper",
            "amount",
            "state",
            "reference",
            "account_last4",
            "requested_at",
            "paid_on",
        ]


class Money(serializers.Serializer[Any]):
    """Sums of one case in yuan."""

    claimed = serializers.DecimalField(max_digits=16, decimal_places=2)
    arrived = serializers.DecimalField(max_digits=16, decimal_places=2)
    moved_in = serializers.DecimalField(max_digits=16, decimal_places=2)
    balance = serializers.DecimalField(max_digits=16, decimal_places=2)
    asked = serializers.DecimalField(max_digits=16, decimal_places=2)
    sent = serializers.DecimalField(max_digits=16, decimal_places=2)
    paid_to_applicants = serializers.DecimalField(max_digits=16, decimal_places=2)
    courts = serializers.DecimalField(max_digits=16, decimal_places=2)
    fees = serializers.DecimalField(max_digits=16, decimal_places=2)
    costs = serializers.DecimalField(max_digits=16, decimal_places=2)
    moved_out = serializers.DecimalField(max_digits=16, decimal_places=2)
    deposited = serializers.DecimalField(max_digits=16, decimal_places=2)
    released = serializers.DecimalField(max_digits=16, decimal_places=2)
    refunded = serializers.DecimalField(max_digits=16, decimal_places=2)
    available = serializers.DecimalField(max_digits=16, decimal_places=2)
    performed = serializers.DecimalField(max_digits=16, decimal_places=2)
    paid_before = serializers.DecimalField(max_digits=16, decimal_places=2)
    obligation = serializers.DecimalField(max_digits=16, decimal_places=2)
    owed = serializers.DecimalField(max_digits=16, decimal_places=2)
    fee_left = serializers.DecimalField(max_digits=16, decimal_places=2)
    surplus = serializers.DecimalField(max_digits=16, decimal_places=2)


class Line(serializers.Serializer[Any]):
    """One line of the bank's statement."""

    serial = serializers.CharField(max_length=40)
    value_on = serializers.DateField()
    amount = PlainDecimal(max_digits=16, decimal_places=2)
    payer_name = serializers.CharField(max_length=100)
    payer_account = serializers.CharField(max_length=32, required=False, default="", allow_blank=True)
    virtual_number = serializers.CharField(max_length=32, required=False, default="", allow_blank=True)
    remark = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class EntryRow(serializers.ModelSerializer[LineEntry]):
    """A line typed by hand, and what became of it; the payer's account by its last four."""

    state = serializers.CharField()
    entered_by = serializers.CharField(source="entered_by.name")
    checked_by = serializers.CharField(source="checked_by.name", default="")

    class Meta:
        model = LineEntry
        fields = [
            *("id", "serial", "value_on", "amount", "payer_name", "payer_account_last4", "virtual_number", "remark"),
            *("state", "entered_by", "entered_at", "checked_by", "ended_at", "reason", "line"),
        ]


class Receipts(ListAPIView[Receipt]):
    """Receipts: ?set=unpaid|near|overdue|all and ?as_of=YYYY-MM-DD."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_money",)
    serializer_class = ReceiptRow
    queryset = Receipt.objects.none()

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the calendar by which the legs are counted, and what batches wait for, once for all rows."""
        return {**super().get_serializer_context(), "days": Holiday.objects.calendar(), "waiting": batched()}

    def get_queryset(self) -> QuerySet[Receipt]:
        """Return the chosen board."""
        query: Any = self.request.query_params
        try:
            day = dt.date.fromisoformat(query.get("as_of", ""))
        except ValueError:
            day = clock.today()
        rows = pages.receipts(self.request.user, query.get("set", "unpaid"), today=day)  # type: ignore[arg-type]
        return rows.prefetch_related(PARTS)


class Payouts(ListAPIView[Payout]):
    """Payments: ?state=REQUESTED and so on."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_money",)
    serializer_class = PayoutRow
    queryset = Payout.objects.none()

    def get_queryset(self) -> QuerySet[Payout]:
        """Return the payments in one state, or all."""
        return pages.payouts(self.request.user, self.request.query_params.get("state", ""))  # type: ignore[arg-type]


class BatchLine(serializers.ModelSerializer[Batch]):
    """One batch and how far it is; its payees stay on its page."""

    case_number = serializers.CharField(source="case.display_number")
    state = serializers.CharField()

    class Meta:
        model = Batch
        fields = ["id", "case", "case_number", "document", "row_count", "total", "state", "entered_at", "done_at"]


class Batches(ListAPIView[Batch]):
    """Batches of mass payout: ?state=REQUESTED and so on."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_money",)
    serializer_class = BatchLine
    queryset = Batch.objects.none()

    def get_queryset(self) -> QuerySet[Batch]:
        """Return the batches in one state, or all."""
        return batches.visible(self.request.user, self.request.query_params.get("state", ""))  # type: ignore[arg-type]


class CaseMoney(APIView):
    """Sums of one case."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_money",)

    @extend_schema(responses=Money)
    def get(self, request: Request, pk: int) -> Response:
        """Return the sums of a visible case."""
        case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
        return Response(Money(reckoned(case, on=clock.today())).data)


class DueToday(serializers.Serializer[Any]):
    """What a case owes today in yuan, with the arithmetic line by line."""

    principal = serializers.DecimalField(max_digits=16, decimal_places=2)
    interest = serializers.DecimalField(max_digits=16, decimal_places=2)
    doubled = serializers.DecimalField(max_digits=16, decimal_places=2)
    cost = serializers.DecimalField(max_digits=16, decimal_places=2)
    fee = serializers.DecimalField(max_digits=16, decimal_places=2)
    total = serializers.DecimalField(max_digits=16, decimal_places=2)
    tomorrow = serializers.DecimalField(max_digits=16, decimal_places=2)
    fee_held = serializers.DecimalField(max_digits=16, decimal_places=2)
    surplus = serializers.DecimalField(max_digits=16, decimal_places=2)
    steps = serializers.ListField(child=serializers.CharField())


class CaseDue(APIView):
    """What a case owes today."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_money",)

    @extend_schema(responses=DueToday)
    def get(self, request: Request, pk: int) -> Response:
        """Return the sum due today of a visible case; 422 where it cannot be reckoned."""
        case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
        try:
            return Response(DueToday(debt_of(case).due(clock.today())).data)
        except ValueError as error:
            return Response({"reasons": [str(error)], "fields": {}}, status=422)


class SeparationRow(serializers.ModelSerializer[Payout]):
    """Who did what on one payout."""

    case_number = serializers.CharField(source="case.display_number")
    requested_by = serializers.CharField(source="requested_by.name")
    checked_by = serializers.CharField(source="checked_by.name", default="")
    approved_by = serializers.CharField(source="approved_by.name", default="")
    paid_by = serializers.CharField(source="paid_by.name", default="")
    reversed_by = serializers.CharField(source="reversed_by.name", default="")
    is_separate = serializers.SerializerMethodField()

    class Meta:
        model = Payout
        fields = [
            *("id", "case", "case_number", "reference", "purpose", "amount", "state"),
            *("requested_by", "requested_at", "checked_by", "checked_at", "approved_by", "approved_at"),
            *("paid_by", "sent_at", "reversed_by", "reversed_at", "is_separate"),
        ]

    def get_is_separate(self, row: Payout) -> bool:
        """Return whether nobody took two steps on it."""
        return separation.is_separate(row)


class Separation(ListAPIView[Payout]):
    """Payouts with their people: ?from_on=YYYY-MM-DD and ?until_on=YYYY-MM-DD, this month where they are missing."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_separation",)
    serializer_class = SeparationRow
    queryset = Payout.objects.none()

    def get_queryset(self) -> QuerySet[Payout]:
        """Return the payouts on which a step was taken in the period."""
        today = clock.today()
        from_on, until_on = forms.Period(self.request.query_params).period(today.replace(day=1), today)
        return separation.payouts(self.request.user, from_on=from_on, until_on=until_on)  # type: ignore[arg-type]


class BooksRow(serializers.ModelSerializer[BooksCheck]):
    """One proof of the books: when, and what it found."""

    class Meta:
        model = BooksCheck
        fields = ["id", "checked_at", "fault_count", "faults"]


class Books(ListAPIView[BooksCheck]):
    """The nightly proofs of the books, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.view_ledger", "accounts.approve_payout")
    serializer_class = BooksRow
    queryset = BooksCheck.objects.newest_first()


class BankLines(APIView):
    """Lines of money in, booked when another has checked; the same serial gives the first answer, other content 422."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.enter_bank_line",)

    @extend_schema(request=Line, responses=EntryRow)
    def post(self, request: Request) -> Response:
        """Type one line, for another to check."""
        form = Line(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            row = services.enter_line(BankLineData(**form.validated_data), at=clock.now(), actor=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            return refusal_of(refusal)
        return Response(EntryRow(row).data, status=201)


class LineEntries(ListAPIView[LineEntry]):
    """Lines typed by hand, newest first: ?set=WAITING, CONFIRMED or REFUSED."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.enter_bank_line", "accounts.view_ledger")
    serializer_class = EntryRow
    queryset = LineEntry.objects.none()

    def get_queryset(self) -> QuerySet[LineEntry]:
        """Return the lines in one state, or all."""
        return entrypages.entries(self.request.query_params.get("set", ""))
