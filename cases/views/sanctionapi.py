"""Sanctions for other programs: the same lists, forms, services and refusals as on the pages."""

from collections.abc import Callable
from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from cases import sanctionforms, sanctionlist, services
from cases.forms import Act
from cases.models import Case, Sanction, SanctionRequest
from cases.sanctionlaw import BY_CODE
from cases.views.sanctiondecisions import ANSWERS

Work = Callable[..., Any]
FILTERS = [OpenApiParameter(name, str) for name in sanctionforms.Filters.base_fields]


class SanctionRow(serializers.ModelSerializer[Sanction]):
    """One sanction; `next_due_on` is the last day to end it, or of its term; amount in yuan, days of a detention."""

    case_number = serializers.CharField(source="case.display_number")
    party = serializers.CharField(source="party.name")
    ground_text = serializers.CharField(source="rule.label")
    next_due_on = serializers.DateField(allow_null=True, default=None)
    proposed_by = serializers.CharField(source="proposed_by.name")
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)
    removed_by = serializers.CharField(source="removed_by.name", allow_null=True, default=None)

    class Meta:
        model = Sanction
        fields = (
            *("id", "case", "case_number", "kind", "state", "party", "persons", "ground", "ground_text", "basis"),
            *("facts", "extra_years", "days", "amount", "document", "proposed_by", "proposed_at", "decided_by"),
            *("decided_at", "decision_reason", "in_force_from", "term_until", "next_due_on", "removal_ground"),
            *("removal_basis", "arose_on", "removal_approved_at", "removal_way", "removal_document", "removed_on"),
            "removed_by",
        )


class RequestRow(serializers.ModelSerializer[SanctionRequest]):
    """One written request about the list of dishonest debtors, with its answer."""

    party = serializers.CharField(source="party.name")

    class Meta:
        model = SanctionRequest
        fields = ("id", "party", "sanction", "purpose", "text", "received_on", "result", "reason", "answered_at")


class Proposal(serializers.Serializer[Any]):
    """What a proposal says; the kind is the ground's. `party` is the debtor's position, `persons` one name a line."""

    party = serializers.IntegerField(default=1)
    ground = serializers.ChoiceField(choices=sorted(BY_CODE))
    facts = serializers.CharField()
    persons = serializers.CharField(required=False)
    extra_years = serializers.IntegerField(required=False)
    days = serializers.IntegerField(required=False)
    amount = serializers.DecimalField(max_digits=16, decimal_places=2, required=False)
    document = serializers.CharField(required=False)


class ActBody(serializers.Serializer[Any]):
    """What the acts say: each reads its own fields."""

    document = serializers.CharField(required=False)
    reason = serializers.CharField(required=False)
    on = serializers.DateField(required=False)
    ending = serializers.CharField(required=False)
    arose_on = serializers.DateField(required=False)
    note = serializers.CharField(required=False)
    way = serializers.CharField(required=False)
    text = serializers.CharField(required=False)
    received_on = serializers.DateField(required=False)


class RequestBody(serializers.Serializer[Any]):
    """The applicant's written request to list; `party` is the debtor's position."""

    party = serializers.IntegerField(default=1)
    text = serializers.CharField()
    received_on = serializers.DateField()


class AnswerBody(serializers.Serializer[Any]):
    """The judge's answer."""

    result = serializers.ChoiceField(choices=SanctionRequest.Result.choices)
    reason = serializers.CharField()


def _typed(request: Request) -> dict[str, Any]:
    return request.data if isinstance(request.data, dict) else {}


def _on_debtor(request: Request, case: Case) -> dict[str, Any]:
    # A debtor is named by his position in the case, as elsewhere in the API, not by an internal key.
    typed = _typed(request)
    position = str(typed.get("party", 1))
    known = {str(party.position): party.pk for party in case.parties.filter(side="DEBTOR")}
    return typed | {"party": known.get(position, "")}


def _carried_out(form: Act, act: Work, subject: Any, user: User) -> list[str]:
    """Carry the act out, and return why it was refused; nothing when it was done."""
    if not form.is_valid():
        return [f"{name}: {error}" for name, errors in form.errors.items() for error in errors]
    try:
        act(subject, **form.arguments(), at=clock.now(), actor=user)
    except Refused as refusal:
        return refusal.reasons
    return []


class SanctionList(ListAPIView[Sanction]):
    """Visible sanctions under the coded filters of the page; running ones unless asked otherwise."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = SanctionRow
    queryset = Sanction.objects.none()

    @extend_schema(operation_id="sanctions_of_all_cases", parameters=FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Sanction]:
        """Return the filtered sanctions, the next day first."""
        chosen = sanctionforms.Filters(cast(QueryDict, self.request.query_params)).chosen()
        visible = Sanction.objects.visible_to(cast(User, self.request.user))
        return sanctionlist.filtered(visible, chosen, today=clock.today())


def _case(view: ListAPIView[Any]) -> Case:
    visible = Case.objects.visible_to(cast(User, view.request.user))
    return get_object_or_404(visible, pk=view.kwargs["pk"])


class CaseSanctions(ListAPIView[Sanction]):
    """Every sanction of one visible case, newest first; a new one is proposed by POST."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = SanctionRow
    queryset = Sanction.objects.none()

    def get_queryset(self) -> QuerySet[Sanction]:
        """Return the sanctions of a visible case."""
        return Sanction.objects.filter(case=_case(self)).for_list().order_by("-proposed_at", "-id")

    @extend_schema(request=Proposal, responses={201: SanctionRow})
    def post(self, request: Request, pk: int) -> Response:
        """Propose a sanction."""
        case = _case(self)
        typed = _on_debtor(request, case)
        rule = BY_CODE.get(str(typed.get("ground", "")))
        if rule is None:
            return Response({"reasons": [_("请选择情形")]}, status=422)
        form = sanctionforms.Propose(typed, case=case, kind=rule.kind)
        if reasons := _carried_out(form, services.propose_sanction, case, cast(User, request.user)):
            return Response({"reasons": reasons}, status=422)
        return Response(SanctionRow(self.get_queryset().order_by("-id")[0]).data, status=201)


class CaseRequests(ListAPIView[SanctionRequest]):
    """The written requests of one visible case, newest first; a request to list is taken down by POST."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = RequestRow
    queryset = SanctionRequest.objects.none()

    def get_queryset(self) -> QuerySet[SanctionRequest]:
        """Return the requests of a visible case."""
        return SanctionRequest.objects.filter(case=_case(self)).for_list().order_by("-received_on", "-id")

    @extend_schema(request=RequestBody, responses={201: RequestRow})
    def post(self, request: Request, pk: int) -> Response:
        """Take down the applicant's request."""
        case = _case(self)
        form = sanctionforms.RequestListing(_on_debtor(request, case), case=case)
        if reasons := _carried_out(form, services.request_listing, case, cast(User, request.user)):
            return Response({"reasons": reasons}, status=422)
        return Response(RequestRow(self.get_queryset().order_by("-id")[0]).data, status=201)


class RequestAnswer(APIView):
    """The judge's answer to one written request."""

    permission_classes = [HasAny]
    required_permissions = ("cases.propose_sanction",)

    @extend_schema(request=AnswerBody, responses=RequestRow)
    def post(self, request: Request, pk: int) -> Response:
        """Answer it."""
        user = cast(User, request.user)
        rows = SanctionRequest.objects.visible_to(user).for_list()
        asked = get_object_or_404(rows, pk=pk)
        form = sanctionforms.AnswerRequest(_typed(request), purpose=asked.purpose)
        if reasons := _carried_out(form, services.answer_request, asked, user):
            return Response({"reasons": reasons}, status=422)
        return Response(RequestRow(rows.get(pk=pk)).data)


def _answer(name: str) -> Callable[[Sanction], Work]:
    _form, on_proposal, on_removal = ANSWERS[name]
    return lambda sanction: on_proposal if sanction.state == Sanction.State.PROPOSED else on_removal


def _always(act: Work) -> Callable[[Sanction], Work]:
    return lambda sanction: act


# By act: who may, the form that is filled in, and the service that carries it out.
PROPOSE, DECIDE = "cases.propose_sanction", "cases.decide_sanction"
ACTS: dict[str, tuple[str, Callable[[Any, Sanction], Act], Callable[[Sanction], Work]]] = {
    "approve": (DECIDE, lambda data, row: sanctionforms.Approve(data), _answer("approve")),
    "refuse": (DECIDE, lambda data, row: sanctionforms.Refuse(data), _answer("refuse")),
    "withdraw": (PROPOSE, lambda data, row: sanctionforms.Withdraw(data), _always(services.withdraw_sanction)),
    "begin": (PROPOSE, lambda data, row: sanctionforms.BeginDetention(data), _always(services.begin_detention)),
    "document": (PROPOSE, lambda data, row: sanctionforms.NameDocument(data), _always(services.name_document)),
    "removal": (
        PROPOSE,
        lambda data, row: sanctionforms.NoteRemoval(data, sanction=row),
        _always(services.note_removal_ground),
    ),
    "remove": (
        "cases.remove_sanction",
        lambda data, row: sanctionforms.Remove(data, sanction=row),
        _always(services.remove_sanction),
    ),
    "correction": (
        "cases.take_sanction_request",
        lambda data, row: sanctionforms.RequestCorrection(data),
        _always(services.request_correction),
    ),
}


class SanctionAct(APIView):
    """One act on one sanction, the same as on its page."""

    permission_classes = [HasAny]
    act = ""

    @property
    def required_permissions(self) -> tuple[str, ...]:
        """Return the permission of the act."""
        return (ACTS[self.act][0],)

    @extend_schema(request=ActBody, responses=SanctionRow)
    def post(self, request: Request, pk: int) -> Response:
        """Carry the act out."""
        user = cast(User, request.user)
        rows = Sanction.objects.visible_to(user).for_list()
        sanction = get_object_or_404(rows, pk=pk)
        _permission, form, service = ACTS[self.act]
        if reasons := _carried_out(form(_typed(request), sanction), service(sanction), sanction, user):
            return Response({"reasons": reasons}, status=422)
        return Response(SanctionRow(rows.get(pk=pk)).data)
