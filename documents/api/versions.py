"""Template versions and the log of seals: the same services and permissions as the pages."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import Refusal, refusal_of
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from documents import revising, services, versions
from documents.models import Revision, SealUse, Template

EDIT, APPROVE = "documents.edit_template", "documents.approve_template"


class VersionRow(serializers.ModelSerializer[Template]):
    """One version of a template: whose text, who approved it, from when; `words` are what may be edited."""

    edited_by = serializers.CharField(source="edited_by.name", default=None)
    approved_by = serializers.CharField(source="approved_by.name", default=None)
    words = serializers.SerializerMethodField()

    class Meta:
        model = Template
        fields = (
            *("id", "code", "version", "title", "origin", "effective_on", "approval", "sha256"),
            *("edited_by", "approved_by", "words"),
        )

    def get_words(self, row: Template) -> dict[str, Any]:
        """Return title, remedy, paragraphs, and of every field its name, tip and whether it must be filled."""
        return revising.written(row.spec)


class RevisionRow(serializers.ModelSerializer[Revision]):
    """One proposed version and what became of it."""

    proposed_by = serializers.CharField(source="proposed_by.name")
    answered_by = serializers.CharField(source="answered_by.name", default=None)
    base_version = serializers.IntegerField(source="base.version")

    class Meta:
        model = Revision
        fields = (
            *("id", "code", "title", "origin", "state", "base_version", "sha256", "approval", "effective_on", "note"),
            *("proposed_by", "proposed_at", "answered_by", "answered_at", "answer_note", "template"),
        )


class SealUseRow(serializers.ModelSerializer[SealUse]):
    """One use of a seal."""

    number = serializers.CharField(source="document.number")
    title = serializers.CharField(source="document.title")
    drafted_by = serializers.CharField(source="drafted_by.name", default=None)
    signed_by = serializers.CharField(source="signed_by.name")

    class Meta:
        model = SealUse
        fields = (
            *("id", "document", "number", "title", "seal_id", "keeper", "algorithm", "signature", "pdf_sha256"),
            *("sealed_at", "drafted_by", "signed_by", "is_two_person"),
        )


class Proposal(serializers.Serializer[Any]):
    """Other words for a template; names as in `words` of a version, what is left out stays."""

    words = serializers.DictField(child=serializers.JSONField())
    approval = serializers.CharField(max_length=100)
    effective_on = serializers.DateField()
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)

    def validate_words(self, words: dict[str, Any]) -> dict[str, Any]:
        """Keep texts and yes or no; anything else is no wording."""
        for name, value in words.items():
            if not isinstance(value, bool if name.startswith("required_") else str):
                raise serializers.ValidationError({name: "invalid"})
        return words


class Approval(serializers.Serializer[Any]):
    """The day for a text of the library; the bureau's own proposal has its day."""

    effective_on = serializers.DateField(required=False, allow_null=True, default=None)


class Answer(serializers.Serializer[Any]):
    """Why it is sent back."""

    note = serializers.CharField(max_length=300)


class Versions(ListAPIView[Template]):
    """All versions of the template of this id, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("documents.view_material",)
    serializer_class = VersionRow
    queryset = Template.objects.none()

    def get_queryset(self) -> QuerySet[Template]:
        """Return them."""
        code = get_object_or_404(Template.objects.defer("content"), pk=self.kwargs["pk"]).code
        return versions.query_of_code(code)


class Revisions(ListAPIView[Revision]):
    """Proposed versions, newest first."""

    permission_classes = [HasAny]
    required_permissions = (EDIT, APPROVE)
    serializer_class = RevisionRow
    queryset = Revision.objects.none()

    def get_queryset(self) -> QuerySet[Revision]:
        """Return them."""
        return Revision.objects.for_list()


class SealLog(ListAPIView[SealUse]):
    """Every use of a seal, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("documents.view_seal_log",)
    serializer_class = SealUseRow
    queryset = SealUse.objects.none()

    def get_queryset(self) -> QuerySet[SealUse]:
        """Return those on documents that the user may see."""
        return SealUse.objects.visible_to(cast(User, self.request.user)).for_list()


class ProposeRevision(APIView):
    """Lay other words for a template before a second person."""

    permission_classes = [HasAny]
    required_permissions = (EDIT,)

    @extend_schema(request=Proposal, responses={201: RevisionRow, 422: Refusal})
    def post(self, request: Request, pk: int) -> Response:
        """Propose a version of the template of this id."""
        template = get_object_or_404(Template.objects.defer("content"), pk=pk)
        form = Proposal(data=request.data)
        form.is_valid(raise_exception=True)
        given = dict(form.validated_data)
        words = given.pop("words")
        actor = cast(User, request.user)
        try:
            row = services.propose_revision(template, values=words, **given, at=clock.now(), actor=actor)
        except Refused as refusal:
            return refusal_of(refusal)
        return Response(RevisionRow(row).data, status=201)


class ApproveRevision(APIView):
    """Make a proposed text a version; the approver is another than the author."""

    permission_classes = [HasAny]
    required_permissions = (APPROVE,)

    @extend_schema(request=Approval, responses={201: VersionRow, 422: Refusal})
    def post(self, request: Request, pk: int) -> Response:
        """Approve it."""
        form = Approval(data=request.data)
        form.is_valid(raise_exception=True)
        row, actor = get_object_or_404(Revision, pk=pk), cast(User, request.user)
        try:
            made = services.approve_revision(row, **form.validated_data, at=clock.now(), actor=actor)
        except Refused as refusal:
            return refusal_of(refusal)
        return Response(VersionRow(made).data, status=201)


class SendBackRevision(APIView):
    """Send a proposed text back to its author."""

    permission_classes = [HasAny]
    required_permissions = (APPROVE,)

    @extend_schema(request=Answer, responses={200: RevisionRow, 422: Refusal})
    def post(self, request: Request, pk: int) -> Response:
        """Send it back with the reason."""
        form = Answer(data=request.data)
        form.is_valid(raise_exception=True)
        row, actor = get_object_or_404(Revision, pk=pk), cast(User, request.user)
        try:
            row = services.send_back_revision(row, **form.validated_data, at=clock.now(), actor=actor)
        except Refused as refusal:
            return refusal_of(refusal)
        return Response(RevisionRow(row).data)
