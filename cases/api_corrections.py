"""Corrections in the API: the list of a case, a proposal, one with what rests on it, and its answer; numbers masked."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import refusal_of, wrong
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from bureau.paging import Pages
from bureau.versions import Stale
from cases import basis, correctionforms, correctionpages, corrections, services
from cases.models import Case, Correction
from cases.views.corrections import subject_of


class UseRow(serializers.Serializer[Any]):
    """One thing done on the old value."""

    room = serializers.CharField()
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()
    key = serializers.CharField()
    is_reissuable = serializers.BooleanField()
    is_red = serializers.BooleanField()
    note = serializers.CharField()


class PairRow(serializers.Serializer[Any]):
    """One corrected field; numbers masked."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    old = serializers.CharField()
    new = serializers.CharField()


class CorrectionRow(serializers.ModelSerializer[Correction]):
    """One correction without its values."""

    proposed_by = serializers.CharField(source="proposed_by.name")
    answered_by = serializers.CharField(source="answered_by.name", allow_null=True, default=None)
    is_alarm = serializers.BooleanField()

    class Meta:
        model = Correction
        fields = (
            *("id", "target", "party", "claim", "fields", "reason", "reason_text", "document", "state", "is_alarm"),
            *("proposed_by", "proposed_at", "answered_by", "answered_at", "answer_note", "cleared_at", "clear_note"),
        )


class CorrectionWhole(CorrectionRow):
    """One correction with old and new, and what rests on the old value."""

    pairs = PairRow(many=True)
    uses = UseRow(many=True)

    class Meta:
        model = Correction
        fields = (*CorrectionRow.Meta.fields, "pairs", "uses")


class CorrectionProposal(serializers.Serializer[Any]):
    """What is corrected and why; fields that are not given stay as they are."""

    target = serializers.ChoiceField(choices=Correction.Target.choices)
    id = serializers.IntegerField(required=False, min_value=1)
    values = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=500))
    reason = serializers.ChoiceField(choices=Correction.Reason.choices)
    reason_text = serializers.CharField(required=False, default="", allow_blank=True, max_length=300)
    document = serializers.CharField(max_length=200)
    evidence = serializers.IntegerField(required=False, allow_null=True, default=None)


class Said(serializers.Serializer[Any]):
    """The answer to a correction."""

    answer = serializers.ChoiceField(choices=["confirm", "refuse", "withdraw", "clear"])
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=300)


def _whole(row: Correction, case: Case, user: User) -> dict[str, Any]:
    pairs = correctionpages.pairs_of(row, is_full=False)
    uses = correctionpages.uses_for(case, row, user)
    data = dict(CorrectionRow(row).data)
    return data | {"pairs": PairRow(pairs, many=True).data, "uses": UseRow(uses, many=True).data}


class Corrections(APIView):
    """The corrections of a visible case; post one to propose it."""

    permission_classes = [HasAny]

    @property
    def required_permissions(self) -> tuple[str, ...]:
        """Reading is for whoever sees the case, proposing for who may propose."""
        is_read = self.request.method in ("GET", "HEAD", "OPTIONS")
        return ("cases.view_case",) if is_read else ("cases.propose_correction",)

    @extend_schema(responses=CorrectionRow(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return one page, newest first."""
        case = get_object_or_404(Case.objects.visible_to(cast(User, request.user)), pk=pk)
        pages = Pages()
        rows = pages.paginate_queryset(case.corrections.for_list(), request, view=self)
        return pages.get_paginated_response(CorrectionRow(rows, many=True).data)

    @extend_schema(request=CorrectionProposal, responses={201: CorrectionRow})
    def post(self, request: Request, pk: int) -> Response:
        """Propose a correction; what is wrong is said by field, another's correction meanwhile is 409."""
        user = cast(User, request.user)
        case = get_object_or_404(Case.objects.visible_to(user).for_page(), pk=pk)
        asked = CorrectionProposal(data=request.data)
        asked.is_valid(raise_exception=True)
        if not corrections.may_propose(case, user):
            raise PermissionDenied
        form = _form(case, asked.validated_data)
        if not form.is_valid():
            return wrong(form)
        try:
            row = services.propose_correction(case, **form.arguments(), at=clock.now(), actor=user)
        except Stale as stale:
            return Response({"reasons": stale.reasons}, status=409)
        except Refused as refusal:
            form.refuse(refusal)
            return wrong(form)
        return Response(CorrectionRow(row).data, status=201)


def _form(case: Case, given: dict[str, Any]) -> correctionforms.Why:
    # The same form as the page's, opened with what stands now; numbers not given stay hidden and unchanged.
    target = given["target"]
    subject = subject_of(case, target, str(given.get("id", "")))
    now = corrections.values_of(subject, target)
    hidden = dict.fromkeys(corrections.NUMBERS, "") if target == corrections.Target.PARTY else {}
    data = QueryDict(mutable=True)
    data.update({**now, **hidden, **{key: text for key, text in given["values"].items() if key in now}})
    data.update({name: given[name] or "" for name in ("reason", "reason_text", "document", "evidence")})
    if target == corrections.Target.BASIS and basis.MARK not in data["basis_kind"]:
        # The form has one choice for kind and title.
        title = given["values"].get(
            "basis_title", now["basis_title"] if data["basis_kind"] == now["basis_kind"] else ""
        )
        data["basis_kind"] = basis.chosen(data["basis_kind"], title) if data["basis_kind"] in basis.TITLES else ""
    if target == corrections.Target.ADDED and "is_doubled" in given["values"]:
        data["is_doubled"] = "on" if data["is_doubled"] else "off"
    elif not data.get("is_doubled", "x"):
        del data["is_doubled"]
    return correctionforms.form_for(case, target, subject, today=clock.today(), data=data)


class OneCorrection(APIView):
    """One correction with what rests on the old value, asked anew each time."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)

    @extend_schema(responses=CorrectionWhole)
    def get(self, request: Request, pk: int) -> Response:
        """Return it."""
        user = cast(User, request.user)
        row = get_object_or_404(Correction.objects.visible_to(user).select_related("case", "party", "claim"), pk=pk)
        return Response(_whole(row, row.case, user))


class CorrectionAnswer(APIView):
    """Confirm, refuse, withdraw, or say that all is released."""

    permission_classes = [HasAny]
    required_permissions = ("cases.propose_correction", "cases.confirm_correction")

    @extend_schema(request=Said, responses=CorrectionRow)
    def post(self, request: Request, pk: int) -> Response:
        """Answer it; what stands against it is 422."""
        user = cast(User, request.user)
        row = get_object_or_404(Correction.objects.visible_to(user), pk=pk)
        said = Said(data=request.data)
        said.is_valid(raise_exception=True)
        acts: dict[str, Any] = {
            "refuse": services.refuse_correction,
            "withdraw": services.withdraw_correction,
            "clear": services.clear_wrong_person,
        }
        told: dict[str, Any] = {"at": clock.now(), "actor": user}
        try:
            if said.validated_data["answer"] == "confirm":
                row = services.confirm_correction(row, **told)
            else:
                row = acts[said.validated_data["answer"]](row, note=said.validated_data["note"], **told)
        except Refused as refusal:
            return refusal_of(refusal)
        return Response(CorrectionRow(row).data)


class QueryAgain(APIView):
    """Ask for the query anew on the corrected name or number."""

    permission_classes = [HasAny]
    required_permissions = ("cases.request_work",)

    @extend_schema(request=None, responses={201: None})
    def post(self, request: Request, pk: int) -> Response:
        """Request it of the affairs team."""
        user = cast(User, request.user)
        row = get_object_or_404(Correction.objects.visible_to(user), pk=pk)
        try:
            order = services.redo_query(row, at=clock.now(), actor=user)
        except Refused as refusal:
            return refusal_of(refusal)
        return Response({"id": order.pk, "due_on": order.due_on}, status=201)
