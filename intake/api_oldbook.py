"""The import of a court's old book for programs: hand a workbook in, ask how its check stands, take it in."""

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import Refusal, refusal_of, wrong
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import Job, User
from documents import services as documents
from documents.models import Staged
from intake.models import OldBookImport
from intake.oldbook import services
from intake.views_oldbook import IMPORT, OldBookForm


class OldBookJob(serializers.ModelSerializer[Job]):
    """A check or an import: how far it is, and every fault by page, row and column."""

    class Meta:
        model = Job
        fields = ("id", "state", "done_count", "total_count", "result", "error")


class OldBookUpload(serializers.Serializer[Any]):
    """The workbook."""

    table = serializers.FileField()


class OldBookRow(serializers.ModelSerializer[OldBookImport]):
    """A workbook that was taken in."""

    class Meta:
        model = OldBookImport
        fields = ("id", "name", "row_count", "case_count", "imported_at")


class OldBookImports(ListAPIView[OldBookImport]):
    """What the court has taken in; a workbook posted here is checked, nothing is written."""

    permission_classes = [HasAny]
    required_permissions = (IMPORT,)
    parser_classes = [MultiPartParser]
    serializer_class = OldBookRow
    queryset = OldBookImport.objects.none()

    def get_queryset(self) -> Any:
        """Keep those of the user's court, newest first."""
        return OldBookImport.objects.visible_to(cast(User, self.request.user)).order_by("-id")

    @extend_schema(request=OldBookUpload, responses={202: OldBookJob, 422: Refusal})
    def post(self, request: Request) -> Response:
        """Ask for the check of a workbook."""
        form = OldBookForm(request.data, cast(HttpRequest, request).FILES)
        if not form.is_valid():
            return wrong(form)
        given: dict[str, Any] = {"at": clock.now(), "actor": cast(User, request.user)}
        try:
            job = services.ask_import(table=documents.stage_table(form.cleaned_data["table"], **given), **given)
        except Refused as refused:
            return refusal_of(refused)
        return Response(OldBookJob(job).data, status=202)


class OldBookCheck(APIView):
    """One check; posted to, the checked workbook is taken in."""

    permission_classes = [HasAny]
    required_permissions = (IMPORT,)

    def _job(self, request: Request, pk: int) -> Job:
        return get_object_or_404(Job.objects.visible_to(cast(User, request.user)).filter(kind=services.KIND), pk=pk)

    @extend_schema(responses=OldBookJob)
    def get(self, request: Request, pk: int) -> Response:
        """Return how it stands."""
        return Response(OldBookJob(self._job(request, pk)).data)

    @extend_schema(request=None, responses={202: OldBookJob})
    def post(self, request: Request, pk: int) -> Response:
        """Ask for the workbook to be taken in; it is checked once more."""
        user, job = cast(User, request.user), self._job(request, pk)
        table = get_object_or_404(Staged.objects.filter(staged_by=user), token=job.arguments["table"])
        made = services.ask_import(table=table, is_trial=False, at=clock.now(), actor=user)
        return Response(OldBookJob(made).data, status=202)
