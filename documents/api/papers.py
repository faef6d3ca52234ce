"""The room's API: papers received, documents issued and their service, templates; reads only, never the content."""

from typing import cast

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView, get_object_or_404

from bureau import clock
from bureau.api import HasAny
from bureau.models import User
from cases.models import Case
from documents.models import Attempt, Delivery, Document, Material, Template


class MaterialRow(serializers.ModelSerializer[Material]):
    """One paper received; `sha256` is the hash of its content, `work_order` the one whose answer it came with."""

    received_by = serializers.CharField(source="received_by.name")

    class Meta:
        model = Material
        fields = (
            *("id", "kind", "title", "sha256", "byte_count", "page_count", "content_type", "is_restricted"),
            *("received_at", "received_by", "work_order"),
        )


class CaseMaterials(ListAPIView[Material]):
    """The papers of one visible case that the user may open, in order of receipt."""

    permission_classes = [HasAny]
    required_permissions = ("documents.view_material",)
    serializer_class = MaterialRow
    queryset = Material.objects.none()

    def get_queryset(self) -> QuerySet[Material]:
        """Return the papers."""
        user = cast(User, self.request.user)
        case = get_object_or_404(Case.objects.visible_to(user), pk=self.kwargs["pk"])
        return Material.objects.visible_to(user).filter(case=case).for_list()


class DocumentRow(serializers.ModelSerializer[Document]):
    """One issued document; `content_sha256` is the hash of number, text and values, `pdf_sha256` of the file."""

    template = serializers.CharField(source="template.code")
    version = serializers.IntegerField(source="template.version")
    issued_by = serializers.CharField(source="issued_by.name")
    pdf_state = serializers.ChoiceField(choices=Document.PdfState.choices)
    voided_by = serializers.IntegerField(source="voided_by_id", allow_null=True)

    class Meta:
        model = Document
        fields = (
            *("id", "number", "title", "kind", "court_name", "template", "version", "content_sha256", "is_restricted"),
            *("issued_on", "issued_at", "issued_by", "pdf_state", "pdf_sha256", "page_count", "edited_count"),
            *("voided_by", "voided_at", "void_reason"),
        )


class AttemptRow(serializers.ModelSerializer[Attempt]):
    """One try that failed."""

    class Meta:
        model = Attempt
        fields = ("reason", "note", "tried_on")


class DeliveryRow(serializers.ModelSerializer[Delivery]):
    """One document on its way to one addressee; addresses are not shown."""

    number = serializers.CharField(source="document.number")
    title = serializers.CharField(source="document.title")
    attempts = AttemptRow(many=True)

    class Meta:
        model = Delivery
        fields = (
            *("id", "document", "number", "title", "party", "addressee", "way", "state", "sent_on"),
            *("delivered_on", "is_returned", "deemed_on", "deemed_steps", "deemed_basis", "proof", "attempts"),
            *("receiver_kind", "arrived_at"),
        )


class TemplateRow(serializers.ModelSerializer[Template]):
    """One template in the version in force today."""

    class Meta:
        model = Template
        fields = (
            *("id", "code", "version", "no", "title", "kind", "phase", "sign", "numbering", "service"),
            *("sha256", "effective_on", "approval", "origin"),
        )


class _OfCase:
    required_permissions = ("documents.view_material",)

    def case_and_user(self) -> tuple[Case, User]:
        """Return the case of the address, if the user sees it, and the user."""
        user = cast(User, self.request.user)  # type: ignore[attr-defined]
        return get_object_or_404(Case.objects.visible_to(user), pk=self.kwargs["pk"]), user  # type: ignore[attr-defined]


class CaseDocuments(_OfCase, ListAPIView[Document]):
    """The documents issued in one visible case, in order of issue."""

    permission_classes = [HasAny]
    serializer_class = DocumentRow
    queryset = Document.objects.none()

    def get_queryset(self) -> QuerySet[Document]:
        """Return the documents that the user may see."""
        case, user = self.case_and_user()
        return Document.objects.visible_to(user).filter(case=case).for_list()


class CaseDeliveries(_OfCase, ListAPIView[Delivery]):
    """The service of documents in one visible case."""

    permission_classes = [HasAny]
    serializer_class = DeliveryRow
    queryset = Delivery.objects.none()

    def get_queryset(self) -> QuerySet[Delivery]:
        """Return the deliveries of documents that the user may see."""
        case, user = self.case_and_user()
        return Delivery.objects.visible_to(user).filter(case=case).for_list()


class Templates(ListAPIView[Template]):
    """The templates in force today."""

    permission_classes = [HasAny]
    required_permissions = ("documents.view_material",)
    serializer_class = TemplateRow
    queryset = Template.objects.none()

    def get_queryset(self) -> QuerySet[Template]:
        """Return one row per template."""
        return Template.objects.in_force(on=clock.today()).defer("content")
