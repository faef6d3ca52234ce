"""First receptions in the API: the window's records, what was left for later, and the pages' acts."""

import datetime as dt
from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import Done, Nothing, Refusal, act_view, form_data, refusal_of
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from intake import filingsources, receptionforms, receptions, transcripts
from intake.models import LaterQuestion, Reception

MAY = ("intake.record_reception",)
LATER = (*MAY, "cases.log_contact")


class ReceptionRow(serializers.ModelSerializer[Reception]):
    """One record without a word of what was said."""

    class Meta:
        model = Reception
        fields: tuple[str, ...] = (
            *("id", "state", "claim_type", "subject", "flag", "place", "started_at", "ended_at", "signed_at", "seq"),
            *("content_sha256", "corrects", "case"),
        )


class ReceptionWhole(ReceptionRow):
    """One record with its questions and answers as printed."""

    lines = serializers.SerializerMethodField()
    told = serializers.SerializerMethodField()

    class Meta(ReceptionRow.Meta):
        fields = (*ReceptionRow.Meta.fields, "lines", "told")

    def get_lines(self, record: Reception) -> list[dict[str, str]]:
        """Return each question with its answer."""
        return [
            {"key": line.question.key, "question": line.question.label, "answer": line.answer}
            for line in transcripts.lines(record)
        ]

    def get_told(self, record: Reception) -> list[str]:
        """Return what the person was told."""
        return transcripts.told(record)


class LaterRow(serializers.ModelSerializer[LaterQuestion]):
    """One question that was left for later."""

    class Meta:
        model = LaterQuestion
        fields = ("id", "key", "label", "answer", "answered_at")


class Receptions(ListAPIView[Reception]):
    """The records of one's own window, unfinished ones first."""

    permission_classes = [HasAny]
    required_permissions = MAY
    serializer_class = ReceptionRow
    queryset = Reception.objects.none()

    def get_queryset(self) -> QuerySet[Reception, Reception]:
        """Return the window's."""
        return Reception.objects.visible_to(cast(User, self.request.user)).for_list().defer("words")


class ReceptionDetail(RetrieveAPIView[Reception]):
    """One record of one's own window; another's is 404."""

    permission_classes = [HasAny]
    required_permissions = MAY
    serializer_class = ReceptionWhole
    queryset = Reception.objects.none()

    def get_queryset(self) -> QuerySet[Reception, Reception]:
        """Return the window's."""
        return _receptions(cast(User, self.request.user))


class Later(APIView):
    """What was left for later of a case."""

    permission_classes = [HasAny]
    required_permissions = LATER

    @extend_schema(responses=LaterRow(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return the questions with their answers."""
        case = get_object_or_404(Case.objects.visible_to(cast(User, request.user)), pk=pk)
        return Response(LaterRow(LaterQuestion.objects.of_case(case), many=True).data)


class TypedRecord(serializers.Serializer[Any]):
    """What every save brings beside its answers, `q-KEY` each."""

    seq = serializers.IntegerField(help_text="Number of this save on its page; an older one is refused.")
    page = serializers.CharField(help_text="The page that writes, as the record gave it out.")
    later = serializers.ListField(child=serializers.CharField(), required=False, help_text="Keys left for later.")
    told = serializers.ListField(child=serializers.CharField(), required=False, help_text="Keys of what was told.")


class Save(APIView):
    """Save a record as typed: `q-KEY` for each answer, `later`, `told`, and the `seq` and `page` of the writer."""

    permission_classes = [HasAny]
    required_permissions = MAY

    @extend_schema(request=TypedRecord, responses={200: Done, 422: Refusal})
    def post(self, request: Request, pk: int) -> Response:
        """Keep it: 422 where another page or a later save stands."""
        user = cast(User, request.user)
        record = get_object_or_404(_receptions(user), pk=pk)
        try:
            said = receptionforms.typed(form_data(request.data), record)
            parts: dict[str, Any] = {"answers": said.answers, "later": said.later, "told": said.told}
            receptions.save(record, **parts, seq=said.seq, page=said.page, at=clock.now(), actor=user)
        except Refused as refused:
            return refusal_of(refused)
        return Response({"kind": "reception", "id": record.pk})


def _receptions(user: User) -> QuerySet[Reception, Reception]:
    return Reception.objects.visible_to(user).for_page()


def _later(user: User) -> QuerySet[LaterQuestion, LaterQuestion]:
    return LaterQuestion.objects.filter(reception__case__in=Case.objects.visible_to(user))


def _begin(data: QueryDict, nothing: None, user: User) -> receptionforms.BeginForm:
    return receptionforms.BeginForm(data, actor=user)


def begin_reception(**given: Any) -> Reception:
    """Begin a record at one's own window."""
    return receptions.begin(**given)


def read_back_reception(row: Reception, *, at: dt.datetime, actor: User) -> Reception:
    """The record has been read out; every required answer must be there."""
    return receptions.read_back(row, at=at, actor=actor)


def sign_reception(row: Reception, **given: Any) -> Reception:
    """Fix the record under its hash, by a drawn signature (a data address of a PNG) or a scan."""
    return receptions.sign(row, **given)


def void_reception(row: Reception, *, reason: str, at: dt.datetime, actor: User) -> Reception:
    """Give a record up that is not filed."""
    return receptions.void(row, reason=reason, at=at, actor=actor)


def correct_reception(row: Reception, *, reason: str, at: dt.datetime, actor: User) -> Reception:
    """Begin a new record that corrects a signed one."""
    return receptions.correct(row, reason=reason, at=at, actor=actor)


def _acts() -> list[URLPattern]:
    one: tuple[tuple[str, Any, Any], ...] = (
        ("read-back", Nothing, read_back_reception),
        ("sign", receptionforms.SignForm, sign_reception),
        ("void", receptionforms.ReasonForm, void_reception),
        ("correct", receptionforms.ReasonForm, correct_reception),
    )
    begin = act_view(MAY, None, receptionforms.BeginForm, begin_reception, make_form=_begin)
    answer = act_view(LATER, _later, receptionforms.LaterForm, filingsources.answer_later)
    return [
        path("receptions/begin/", begin, name="begin_reception"),
        path("later/<int:pk>/answer/", answer, name="answer_later"),
        *(
            path(f"receptions/<int:pk>/{address}/", act_view(MAY, _receptions, form, act), name=act.__name__)
            for address, form, act in one
        ),
    ]


urls = [
    path("receptions/", Receptions.as_view(), name="receptions"),
    path("receptions/<int:pk>/", ReceptionDetail.as_view(), name="reception"),
    path("receptions/<int:pk>/save/", Save.as_view(), name="save_reception"),
    path("cases/<int:pk>/later/", Later.as_view(), name="later"),
    *_acts(),
]
