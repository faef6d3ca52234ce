"""What goes to the bank, for programs: the pages' rows, permissions and services."""

from typing import cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import answerpages, entrypages, export, paymentfilepages, refundpages, services
from accounts.models import BankAnswer, LineRefund, PaymentFile, Payout, StatusReport, Unmatch
from accounts.painfiles import CONTENT_TYPE
from bureau import clock
from bureau.acts import Refusal, refusal_of
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User


class PaymentFileRow(serializers.ModelSerializer[PaymentFile]):
    """One file of payment orders, without what the bank gets."""

    class Meta:
        model = PaymentFile
        fields = ["id", "message_id", "batch", "execute_on", "row_count", "total", "sha256", "made_at"]


class PaymentFiles(ListAPIView[PaymentFile]):
    """Files of payment orders, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.pay_payout", "accounts.view_ledger")
    serializer_class = PaymentFileRow
    queryset = PaymentFile.objects.none()

    def get_queryset(self) -> QuerySet[PaymentFile]:
        """Return all of them."""
        return paymentfilepages.files()


class TakePaymentFile(APIView):
    """The pain.001 file itself, the same bytes each time; taking it out is on record."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.pay_payout",)

    @extend_schema(request=None, responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY, 422: Refusal})
    def post(self, request: Request, pk: int) -> HttpResponse | Response:
        """Return it."""
        file = get_object_or_404(PaymentFile, pk=pk)
        try:
            content = services.take_payment_file(file, at=clock.now(), actor=cast(User, request.user))
        except Refused as refused:
            return refusal_of(refused)
        return export.payment_file(file, content)


class BankAnswerRow(serializers.ModelSerializer[BankAnswer]):
    """One message of the bank by which nothing was booked."""

    kind = serializers.CharField()
    said = serializers.CharField()

    class Meta:
        model = BankAnswer
        fields = [
            *("id", "payout", "reference", "serial", "kind", "said", "value_on", "reason", "received_at"),
            *("settled_at", "settled_note"),
        ]


class UnansweredPayout(serializers.ModelSerializer[Payout]):
    """One payment that is with the bank for longer than it should be."""

    unanswered = serializers.CharField()

    class Meta:
        model = Payout
        fields = [
            *("id", "case", "reference", "amount", "unanswered", "unanswered_at", "submitted_at", "resent_at"),
        ]


class BankAnswers(ListAPIView[BankAnswer]):
    """Messages of the bank that were not booked: said twice, against what it said before, or of no order of ours."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.pay_payout", "accounts.view_ledger")
    serializer_class = BankAnswerRow
    queryset = BankAnswer.objects.none()

    def get_queryset(self) -> QuerySet[BankAnswer]:
        """Return all that the user sees, oldest first."""
        return answerpages.answers(cast(User, self.request.user))


class UnansweredPayouts(ListAPIView[Payout]):
    """Payments that the bank has delayed or not answered in time, those first that have waited longest."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.pay_payout", "accounts.view_ledger")
    serializer_class = UnansweredPayout
    queryset = Payout.objects.none()

    def get_queryset(self) -> QuerySet[Payout]:
        """Return both kinds."""
        rows = Payout.objects.visible_to(cast(User, self.request.user)).exclude(unanswered="")
        return rows.order_by("unanswered_at", "id")


class LineRefundRow(serializers.ModelSerializer[LineRefund]):
    """Money that goes back to its payer; its account by last four."""

    state = serializers.CharField()
    reason = serializers.CharField()

    class Meta:
        model = LineRefund
        fields = [
            *("id", "line", "amount", "holder_name", "number_last4", "bank_name", "reason", "ground", "document"),
            *("reference", "state", "requested_at", "approved_at", "sent_at", "answered_at", "paid_on", "ended_note"),
        ]


class LineRefunds(ListAPIView[LineRefund]):
    """Unidentified money that goes back to its payers, newest first."""

    permission_classes = [HasAny]
    required_permissions = refundpages.SEES
    serializer_class = LineRefundRow
    queryset = LineRefund.objects.none()

    def get_queryset(self) -> QuerySet[LineRefund]:
        """Return all of them."""
        return refundpages.refunds(cast(User, self.request.user), on=clock.today())


class StatusReportRow(serializers.ModelSerializer[StatusReport]):
    """One report of the bank on a payment file."""

    class Meta:
        model = StatusReport
        fields = [
            *("id", "message_id", "file", "accepted_count", "paid_count", "rejected_count", "answered_count"),
            *("sha256", "received_at"),
        ]


class StatusReports(ListAPIView[StatusReport]):
    """Reports of the bank on payment files, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.pay_payout", "accounts.view_ledger")
    serializer_class = StatusReportRow
    queryset = StatusReport.objects.none()

    def get_queryset(self) -> QuerySet[StatusReport]:
        """Return all of them."""
        return StatusReport.objects.for_list()


class UnmatchRow(serializers.ModelSerializer[Unmatch]):
    """One automatic match that is to be undone, and what became of it."""

    case_number = serializers.CharField(source="receipt.case.display_number")
    amount = serializers.DecimalField(source="receipt.amount", max_digits=16, decimal_places=2)
    state = serializers.CharField()
    asked_by = serializers.CharField(source="asked_by.name")
    checked_by = serializers.CharField(source="checked_by.name", default="")

    class Meta:
        model = Unmatch
        fields = [
            *("id", "receipt", "case_number", "amount", "reason", "state"),
            *("asked_by", "asked_at", "checked_by", "ended_at", "answer_note"),
        ]


class Unmatches(ListAPIView[Unmatch]):
    """Automatic matches that finance doubts, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.identify_bank_line",)
    serializer_class = UnmatchRow
    queryset = Unmatch.objects.none()

    def get_queryset(self) -> QuerySet[Unmatch]:
        """Return those of visible cases."""
        return entrypages.unmatches(cast(User, self.request.user))
