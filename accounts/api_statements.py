"""The bank's statements for programs: the pages' rows, job, permissions and services."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services, statementpages
from accounts.models import BankFormat, Statement, StatementDebit
from accounts.statementforms import ImportStatement
from bureau import clock
from bureau.acts import Refusal, wrong
from bureau.api import HasAny, JobRow
from bureau.errors import Refused
from bureau.models import User
from documents import services as documents

SEES = ("accounts.import_statement", "accounts.view_ledger")


class StatementRow(serializers.ModelSerializer[Statement]):
    """One file of the bank that was taken in."""

    class Meta:
        model = Statement
        fields = [
            *("id", "bank_format", "file_name", "file_sha256", "from_on", "until_on", "opening", "closing"),
            *("row_count", "new_count", "repeated_count", "credit_total", "debit_total", "imported_at"),
        ]


class BankFormatRow(serializers.ModelSerializer[BankFormat]):
    """How one bank writes its files: heading by field."""

    kind = serializers.CharField()
    encoding = serializers.CharField()
    date_order = serializers.CharField()

    class Meta:
        model = BankFormat
        fields = ["id", "name", "kind", "encoding", "header_row", "date_order", "columns", "is_active"]


class StatementDebitRow(serializers.ModelSerializer[StatementDebit]):
    """One line of money out that is no payment of ours."""

    state = serializers.CharField()

    class Meta:
        model = StatementDebit
        fields = ["id", "statement", "serial", "value_on", "amount", "state", "payout"]


class StatementUpload(serializers.Serializer[Any]):
    """A file of the bank as a form; with is_trial it is only read, and the job says what would come of it."""

    bank_format = serializers.IntegerField()
    table = serializers.FileField()
    is_trial = serializers.BooleanField(default=False)


class Statements(ListAPIView[Statement]):
    """Files of the bank, newest first."""

    permission_classes = [HasAny]
    required_permissions = SEES
    serializer_class = StatementRow
    queryset = Statement.objects.none()

    def get_queryset(self) -> QuerySet[Statement]:
        """Return all of them."""
        return statementpages.statements()


class OpenDebits(ListAPIView[StatementDebit]):
    """Money out on a statement that was not matched with a payment of ours, oldest first."""

    permission_classes = [HasAny]
    required_permissions = SEES
    serializer_class = StatementDebitRow
    queryset = StatementDebit.objects.none()

    def get_queryset(self) -> QuerySet[StatementDebit]:
        """Return all of them."""
        return statementpages.open_debits()


class BankFormats(ListAPIView[BankFormat]):
    """How each bank writes its files."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.import_statement",)
    serializer_class = BankFormatRow
    queryset = BankFormat.objects.order_by("name")


class ImportFile(APIView):
    """A statement handed in as a file; the answer is the job by whose address its result is read."""

    permission_classes = [HasAny]
    required_permissions = ("accounts.import_statement",)
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(request=StatementUpload, responses={202: JobRow, 422: Refusal})
    def post(self, request: Request) -> Response:
        """Ask for it to be read, and, unless it is a trial, taken in."""
        user, at = cast(User, request.user), clock.now()
        typed = QueryDict(mutable=True)
        # Only a form carries a file; anything else lacks it and is told so.
        said = request.data if isinstance(request.data, QueryDict) else QueryDict()
        typed["bank_format"] = str(said.get("bank_format", ""))
        refused = ""
        if upload := request.FILES.get("table"):
            try:
                typed["table_token"] = documents.stage_table(upload, at=at, actor=user).token
            except Refused as reason:
                refused = str(reason)
        form = ImportStatement(typed, user=user, refused=refused)
        if not form.is_valid() or form.kept is None:
            return wrong(form)
        is_trial = str(said.get("is_trial", "")).lower() in ("1", "true", "on")
        bank_format = form.cleaned_data["bank_format"]
        job = services.ask_statement(bank_format, table=form.kept, is_trial=is_trial, at=at, actor=user)
        return Response(JobRow(job).data, status=202)
