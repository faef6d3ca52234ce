"""The room's API: the receipt, and the revival of a closed case."""

import datetime as dt
from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import Refusal, form_data, refusal_of, wrong
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.masking import mask_name
from bureau.models import User
from cases.models import Case, Party
from intake import reissuing, services
from intake.filings import ReissueForm
from intake.forms import ReviveForm


class ReceiptPartySerializer(serializers.ModelSerializer[Party]):
    """A party with a masked name."""

    name = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields = ("side", "kind", "position", "name")

    def get_name(self, party: Party) -> str:
        """Return the masked name."""
        return mask_name(party.name, party.kind)


class ReceiptSerializer(serializers.ModelSerializer[Case]):
    """What the printed receipt says, without the look-up code."""

    number = serializers.CharField(source="display_number")
    court = serializers.CharField(source="number_court.name")
    window = serializers.CharField(source="filing_window.name")
    escrow = serializers.CharField(source="escrow.number")
    parties = ReceiptPartySerializer(many=True)

    class Meta:
        model = Case
        fields = ("id", "number", "court", "window", "filed_at", "triage_due_on", "amount_claimed", "escrow", "parties")


class ReceiptView(RetrieveAPIView[Case]):
    """One receipt of the clerk's own window."""

    permission_classes = [HasAny]
    required_permissions = ("intake.file_case",)
    serializer_class = ReceiptSerializer
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case, Case]:
        """Return the user's cases; a stranger's is 404."""
        if not self.request.user.is_authenticated:
            return Case.objects.none()
        cases = Case.objects.visible_to(self.request.user).select_related("number_court", "filing_window", "escrow")
        return cases.prefetch_related("parties")


class ReissueRequest(serializers.Serializer[Any]):
    """The case, and the identity number read from the paper shown at the counter."""

    number = serializers.CharField(max_length=60)
    id_number = serializers.CharField(max_length=40)


class ReissueAnswer(serializers.Serializer[Any]):
    """The case and its new look-up code, which is said this once."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    code = serializers.CharField()


class ReissueView(APIView):
    """A lost receipt made again at the user's window, whichever window filed the case."""

    permission_classes = [HasAny]
    required_permissions = ("intake.reissue_code",)

    @extend_schema(request=ReissueRequest, responses={200: ReissueAnswer, 422: Refusal})
    def post(self, request: Request) -> Response:
        """Revoke the old code and return the new one: 422 where number and identity do not belong together."""
        try:
            form = ReissueForm(form_data(request.data))
            if not form.is_valid():
                return wrong(form)
            actor = cast(User, request.user)
            filed = reissuing.reissue_receipt(**form.cleaned_data, at=clock.now(), actor=actor)
        except Refused as refused:
            return refusal_of(refused)
        return Response({"id": filed.case.pk, "number": filed.case.display_number, "code": filed.code})


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _form(data: QueryDict, case: Case, user: User) -> ReviveForm:
    return ReviveForm(data, applications=services.applications_of(case))


def revive(case: Case, *, at: dt.datetime, actor: User, **given: Any) -> Case:
    """File the 执恢 case of a closed one; its look-up code is given out at a window."""
    return services.revive_case(case, **given, at=at, actor=actor).case


ACTS: tuple[tuple[Any, ...], ...] = (
    ("cases/<int:pk>/revive/", "intake.revive_case", _cases, ReviveForm, revive, _form),
)
