"""The room's API: the lists, cases and records of the pages, with masked numbers; queries after 终本 are recorded."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from bureau import clock
from bureau.acts import refusal_of
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.masking import mask_id, mask_phone
from bureau.models import Event, User
from cases import contactforms, forms, holdlist, listing, services, timeline
from cases.models import Case, Claim, Contact, Deadline, Hold, Party, Pause, RelatedCase, Requery

FILTERS = [OpenApiParameter(name, str) for name in forms.Filters.base_fields]
HOLD_FILTERS = [OpenApiParameter(name, str) for name in contactforms.HoldFilters.base_fields]


class CaseRow(serializers.ModelSerializer[Case]):
    """One line of the case list."""

    number = serializers.CharField(source="display_number")
    court = serializers.CharField(source="number_court.code")
    window = serializers.CharField(source="filing_window.code")
    team = serializers.CharField(source="team.code", allow_null=True)
    judge = serializers.CharField(source="judge.name", allow_null=True)
    owner = serializers.CharField(source="owner.name", allow_null=True)

    class Meta:
        model = Case
        fields = (
            *("id", "number", "court", "window", "stage", "stage_since_on", "stream", "team", "judge", "owner"),
            *("amount_claimed", "filed_on", "triage_due_on", "closing_due_on", "triaged_on", "closed_on"),
            "closing_mode",
        )


class PartyRow(serializers.ModelSerializer[Party]):
    """One party; numbers as on the page."""

    id_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields = ("side", "kind", "position", "name", "id_kind", "id_number", "phone", "legal_representative")

    def get_id_number(self, party: Party) -> str:
        """Return the masked number."""
        return mask_id(party.id_number)

    def get_phone(self, party: Party) -> str:
        """Return the masked phone."""
        return mask_phone(party.phone)


class ClaimRow(serializers.ModelSerializer[Claim]):
    """One claim item; amount in yuan, none for an act or a thing."""

    class Meta:
        model = Claim
        fields = ("position", "kind", "amount", "base", "rate", "from_on", "is_doubled", "note")


class CaseWhole(CaseRow):
    """A case with its basis, parties and claims."""

    parties = PartyRow(many=True)
    claims = ClaimRow(many=True)

    class Meta:
        model = Case
        fields = (
            *CaseRow.Meta.fields,
            *("basis_kind", "basis_title", "basis_issuer", "basis_number", "basis_made_on", "basis_effective_on"),
            *("performance_due_on", "cause", "closing_document", "parties", "claims"),
        )


class Fact(serializers.Serializer[Any]):
    """One named detail of an event."""

    name = serializers.CharField()
    value = serializers.CharField()


class RecordLine(serializers.Serializer[Any]):
    """One event of the case in words."""

    at = serializers.DateTimeField()
    verb = serializers.CharField()
    sentence = serializers.CharField()
    actor = serializers.CharField()
    facts = serializers.SerializerMethodField()

    @extend_schema(responses=Fact(many=True))
    def get_facts(self, line: timeline.Line) -> list[dict[str, str]]:
        """Return the details by name."""
        return [{"name": name, "value": value} for name, value in line.facts]


class CaseList(ListAPIView[Case]):
    """Visible cases under the coded filters of the list page; unknown values are dropped."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = CaseRow
    queryset = Case.objects.none()

    @extend_schema(parameters=FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Case]:
        """Return the filtered and sorted cases."""
        user = cast(User, self.request.user)
        chosen = forms.Filters(cast(QueryDict, self.request.query_params)).chosen()
        cases = listing.filtered(Case.objects.visible_to(user), chosen, user=user, today=clock.today())
        return cases.select_related("team", "judge", "owner", "number_court", "filing_window")


class CaseDetail(RetrieveAPIView[Case]):
    """One case; another's does not exist."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = CaseWhole
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        """Return the visible cases."""
        return Case.objects.visible_to(cast(User, self.request.user)).for_list().prefetch_related("claims")


class DeadlineRow(serializers.ModelSerializer[Deadline]):
    """One time limit with its arithmetic and citation; `days_left` only while it runs, negative when past."""

    number = serializers.CharField(source="rule.number")
    title = serializers.CharField(source="rule.label")
    owner = serializers.CharField(source="owner_name")
    consequence = serializers.CharField(source="rule.consequence")
    days_left = serializers.SerializerMethodField()

    class Meta:
        model = Deadline
        fields = (
            *("id", "node", "number", "title", "basis", "consequence", "owner", "started_on", "due_on", "days_left"),
            *("steps", "is_provisional", "state", "ended_on", "level", "yellow_on", "orange_on", "red_on"),
        )

    def get_days_left(self, deadline: Deadline) -> int | None:
        """Return the days to the last day."""
        return (deadline.due_on - clock.today()).days if deadline.is_running else None


class CaseDeadlines(ListAPIView[Deadline]):
    """Every time limit of one case, by day."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = DeadlineRow
    queryset = Deadline.objects.none()

    def get_queryset(self) -> QuerySet[Deadline]:
        """Return the deadlines of a visible case."""
        cases = Case.objects.visible_to(cast(User, self.request.user))
        case = get_object_or_404(cases, pk=self.kwargs["pk"])
        return Deadline.objects.filter(case=case).for_list()


class CaseRecord(ListAPIView[Event]):
    """The record of one case in words, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = RecordLine
    queryset = Event.objects.none()

    def get_queryset(self) -> QuerySet[Event]:
        """Return the events of a visible case."""
        user = cast(User, self.request.user)
        case = get_object_or_404(Case.objects.visible_to(user), pk=self.kwargs["pk"])
        return timeline.events_of(case, user)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Put the page's events into words."""
        reader = cast(User, self.request.user)
        return RecordLine(timeline.lines(args[0], reader=reader) if args else None, **kwargs)


class ContactRow(serializers.ModelSerializer[Contact]):
    """One contact with what was promised."""

    whom = serializers.CharField()
    side = serializers.CharField(source="party.side", allow_null=True, default=None)
    by = serializers.CharField(source="by.name")

    class Meta:
        model = Contact
        fields = ("id", "at", "kind", "whom", "side", "text", "promised", "promised_on", "promise", "by")


class RequeryRow(serializers.ModelSerializer[Requery]):
    """One query after 终本 and how the applicant was told."""

    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Requery
        fields = ("id", "made_on", "result", "text", "told", "at", "by")
        read_only_fields = ("id", "at")


class Requeries(ListAPIView[Requery]):
    """The queries of one visible case after 终本; posting records another, 422 names every reason of a refusal."""

    permission_classes = [HasAny]
    required_permissions = ("cases.record_requeries",)
    serializer_class = RequeryRow
    queryset = Requery.objects.none()

    def get_queryset(self) -> QuerySet[Requery]:
        """Return them, newest first."""
        return Requery.objects.filter(case=self._case()).for_list()

    def _case(self) -> Case:
        return get_object_or_404(Case.objects.visible_to(cast(User, self.request.user)), pk=self.kwargs["pk"])

    @extend_schema(request=RequeryRow, responses={201: RequeryRow})
    def post(self, request: Request, pk: int) -> Response:
        """Record one."""
        form = RequeryRow(data=request.data)
        form.is_valid(raise_exception=True)
        values = {"text": "", **form.validated_data}
        try:
            row = services.record_requery(self._case(), **values, at=clock.now(), actor=cast(User, request.user))
        except Refused as refusal:
            return refusal_of(refusal)
        return Response(RequeryRow(row).data, status=201)


class ContactList(ListAPIView[Contact]):
    """What was said on one visible case, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = ContactRow
    queryset = Contact.objects.none()

    def get_queryset(self) -> QuerySet[Contact]:
        """Return the contacts of a visible case."""
        cases = Case.objects.visible_to(cast(User, self.request.user))
        return Contact.objects.filter(case=get_object_or_404(cases, pk=self.kwargs["pk"])).for_list()


class RelatedRow(serializers.ModelSerializer[RelatedCase]):
    """One case linked to this one."""

    court = serializers.CharField(source="court_label")
    reviewer = serializers.CharField(source="reviewer.name", allow_null=True, default=None)

    class Meta:
        model = RelatedCase
        fields = (
            *("id", "relation", "number", "court", "raised_by", "matter", "received_on", "filed_on", "reviewer"),
            *("state", "result", "document", "decided_on", "served_on", "locked_until_on", "strike_reason"),
        )


class RelatedList(ListAPIView[RelatedCase]):
    """The cases linked to one visible case, newest first."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = RelatedRow
    queryset = RelatedCase.objects.none()

    def get_queryset(self) -> QuerySet[RelatedCase]:
        """Return the related cases of a visible case."""
        cases = Case.objects.visible_to(cast(User, self.request.user))
        return RelatedCase.objects.filter(case=get_object_or_404(cases, pk=self.kwargs["pk"])).for_list()


class PeriodRow(serializers.ModelSerializer[Pause]):
    """One period that does not count; days count again from `until_on`, none while it runs."""

    class Meta:
        model = Pause
        fields = ("id", "kind", "from_on", "until_on", "document")


class Periods(ListAPIView[Pause]):
    """The periods of one case that do not count."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = PeriodRow
    queryset = Pause.objects.none()

    def get_queryset(self) -> QuerySet[Pause]:
        """Return the periods of a visible case."""
        case = get_object_or_404(Case.objects.visible_to(cast(User, self.request.user)), pk=self.kwargs["pk"])
        return case.pauses.order_by("from_on", "id")


class HoldRow(serializers.ModelSerializer[Hold]):
    """One case put aside."""

    case_number = serializers.CharField(source="case.display_number")
    by = serializers.CharField(source="by.name")

    class Meta:
        model = Hold
        fields = ("id", "case", "case_number", "reason", "from_on", "until_on", "by", "ended_on", "end_reason")


class HoldList(ListAPIView[Hold]):
    """Visible cases put aside under the coded filters of the page; those not ended unless asked otherwise."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = HoldRow
    queryset = Hold.objects.none()

    @extend_schema(parameters=HOLD_FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Hold]:
        """Return the filtered holds, the nearest end first."""
        user = cast(User, self.request.user)
        chosen = contactforms.HoldFilters(cast(QueryDict, self.request.query_params)).chosen()
        return holdlist.filtered(Hold.objects.visible_to(user), chosen, user=user, today=clock.today())
