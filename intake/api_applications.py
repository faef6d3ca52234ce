"""Applications for programs: reads, the pages' acts, and the reading of a judgment."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau.api import HasAny
from bureau.models import User
from intake import applicationforms as forms
from intake import applications as services
from intake import judgment
from intake.models import Application
from intake.typed import missing_of

MAY_SEE = ("intake.file_case", "intake.rule_refusal")


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """An application without what was typed of people."""

    missing = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = (
            *("id", "state", "basis_kind", "basis_number", "asked", "scanned", "seen", "missing", "met"),
            *("submitted_on", "complete_on", "due_on", "case", "unmet", "reason", "document", "ruling_note"),
        )

    def get_missing(self, row: Application) -> list[str]:
        """Return the papers that are missing."""
        return [str(paper) for paper in missing_of(row)]


def _visible(user: Any) -> QuerySet[Application, Application]:
    if not user.is_authenticated:
        return Application.objects.none()
    return Application.objects.visible_to(user).order_by("-id")


class ApplicationsView(ListAPIView[Application]):
    """Applications of the clerk's window, newest first."""

    permission_classes = [HasAny]
    required_permissions = MAY_SEE
    serializer_class = ApplicationSerializer
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application, Application]:
        """Return those of the user's window, for a judge what he rules on."""
        return _visible(self.request.user)


class ApplicationView(RetrieveAPIView[Application]):
    """One application of the clerk's window."""

    permission_classes = [HasAny]
    required_permissions = MAY_SEE
    serializer_class = ApplicationSerializer
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application, Application]:
        """Return those of the user's window, for a judge what he rules on."""
        return _visible(self.request.user)


class JudgmentRequest(serializers.Serializer[Any]):
    """The text of a judgment."""

    text = serializers.CharField(max_length=judgment.TEXT_MAX)


class JudgmentProposalSerializer(serializers.Serializer[Any]):
    """One proposal with the place of its words in the text."""

    kind = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField())
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    is_sure = serializers.BooleanField()
    note = serializers.CharField()


class LeftSerializer(serializers.Serializer[Any]):
    """Words from which nothing was read, and why."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    reason = serializers.CharField()


class ReadingSerializer(serializers.Serializer[Any]):
    """What a judgment says."""

    proposals = JudgmentProposalSerializer(many=True)
    left = LeftSerializer(many=True)
    has_operative = serializers.BooleanField()


class JudgmentView(APIView):
    """Reads the operative part of a judgment; nothing is kept."""

    permission_classes = [HasAny]
    required_permissions = ("intake.file_case",)

    @extend_schema(request=JudgmentRequest, responses=ReadingSerializer)
    def post(self, request: Request) -> Response:
        """Return what may be filled in, with the words it was read from."""
        asked = JudgmentRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(ReadingSerializer(judgment.read(asked.validated_data["text"])).data)


def _applications(user: User) -> QuerySet[Application, Application]:
    return cast(QuerySet[Application, Application], Application.objects.visible_to(user))


ACTS: tuple[tuple[Any, ...], ...] = (
    ("applications/<int:pk>/submit/", "intake.file_case", _applications, forms.SeenForm, services.submit),
    ("applications/<int:pk>/supplement/", "intake.file_case", _applications, forms.SeenForm, services.supplement),
    (
        "applications/<int:pk>/ask-supplement/",
        "intake.review_application",
        _applications,
        forms.SupplementForm,
        services.ask_supplement,
    ),
    (
        "applications/<int:pk>/refuse/",
        "intake.review_application",
        _applications,
        forms.RefuseForm,
        services.propose_refusal,
    ),
    ("applications/<int:pk>/rule/", "intake.rule_refusal", _applications, forms.RuleForm, services.rule_refusal),
)
