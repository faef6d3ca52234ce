"""Papers that rest on a corrected value, in the API: made anew, and releases drafted."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import refusal_of
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import Job, User
from cases.models import Correction
from documents import services
from documents.models import Document


class Asked(serializers.Serializer[Any]):
    """Which paper; without one, all."""

    document = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)


class Made(serializers.Serializer[Any]):
    """What came of it: documents issued, drafts laid before their signer, a job when there are many."""

    issued = serializers.ListField(child=serializers.IntegerField())
    drafts = serializers.ListField(child=serializers.IntegerField())
    failed = serializers.ListField(child=serializers.CharField())
    job = serializers.IntegerField(allow_null=True)


def _correction(request: Request, pk: int) -> Correction:
    visible = Correction.objects.visible_to(cast(User, request.user)).select_related("case")
    row: Correction = get_object_or_404(visible, pk=pk)
    return row


def _made(**given: Any) -> Response:
    return Response({"issued": [], "drafts": [], "failed": [], "job": None} | given)


class Reissue(APIView):
    """Make papers anew with the corrected value."""

    permission_classes = [HasAny]
    required_permissions = ("documents.issue_document",)

    @extend_schema(request=Asked, responses=Made)
    def post(self, request: Request, pk: int) -> Response:
        """Make one paper anew, or all."""
        user, row, asked = cast(User, request.user), _correction(request, pk), Asked(data=request.data)
        asked.is_valid(raise_exception=True)
        told: dict[str, Any] = {"at": clock.now(), "actor": user}
        try:
            if asked.validated_data["document"]:
                papers = Document.objects.visible_to(user).light().filter(case=row.case_id)
                paper = get_object_or_404(papers, pk=asked.validated_data["document"])
                one = services.reissue(row, paper, **told)
                return _made(**{"issued" if isinstance(one, Document) else "drafts": [one.pk]})
            made = services.reissue_all(row, **told)
        except Refused as refusal:
            return refusal_of(refusal)
        if isinstance(made, Job):
            return _made(job=made.pk)
        failed = [": ".join(pair) for pair in made.failed]
        return _made(issued=[one.pk for one in made.issued], drafts=[one.pk for one in made.drafts], failed=failed)


class DraftReleases(APIView):
    """Draft the release of what is held against the wrong person."""

    permission_classes = [HasAny]
    required_permissions = ("documents.issue_document",)

    @extend_schema(request=None, responses=Made)
    def post(self, request: Request, pk: int) -> Response:
        """Draft what has no draft yet."""
        row = _correction(request, pk)
        try:
            drafts = services.draft_releases(row, at=clock.now(), actor=cast(User, request.user))
        except Refused as refusal:
            return refusal_of(refusal)
        return _made(drafts=[draft.pk for draft in drafts])
