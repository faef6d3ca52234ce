"""The bridge to the national case system for programs: the pages' rows, jobs, permissions and services."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import Refusal, act_urls, form_data, refusal_of, wrong
from bureau.api import HasAny, JobRow
from bureau.errors import Refused
from bureau.models import Court, User
from cases.models import Case
from documents import services as documents
from supervision.models import (
    NationalComparison,
    NationalDifference,
    NationalEntry,
    NationalFile,
    NationalMapping,
    NationalRow,
)
from supervision.national import comparing, entries, files, forms, mappings, pages
from supervision.national.sight import KEEP, VIEW, cases_of, courts


def _user(request: Any) -> User:
    return cast(User, request.user)


def _filters(*names: str) -> list[OpenApiParameter]:
    return [OpenApiParameter(name, OpenApiTypes.STR) for name in names]


class MappingRow(serializers.ModelSerializer[NationalMapping]):
    """How one court's file is written, one version: heading by field, code by word."""

    court = serializers.CharField(source="court.code")
    encoding = serializers.CharField()
    date_order = serializers.CharField()

    class Meta:
        model = NationalMapping
        fields = [
            *("id", "court", "name", "version", "columns", "words", "header_row", "encoding", "date_order"),
            *("covers_from", "is_active", "saved_at"),
        ]


class FileRow(serializers.ModelSerializer[NationalFile]):
    """One version of one day's file."""

    court = serializers.CharField(source="court.code")

    class Meta:
        model = NationalFile
        fields = [
            *("id", "court", "day", "version", "mapping", "name", "sha256", "row_count", "skipped_count", "imported_at")
        ]


class NationalRowRow(serializers.ModelSerializer[NationalRow]):
    """One case as the file had it."""

    class Meta:
        model = NationalRow
        fields = ["position", "number", "values"]


class ComparisonRow(serializers.ModelSerializer[NationalComparison]):
    """One comparison; without a file where the working day had none."""

    court = serializers.CharField(source="court.code")

    class Meta:
        model = NationalComparison
        fields = [
            *("id", "court", "day", "file", "run_at", "ours_count", "theirs_count"),
            *("only_here_count", "only_there_count", "different_count"),
        ]


class DifferenceItem(serializers.ModelSerializer[NationalDifference]):
    """One thing that differs, and what was said of it since it stands so."""

    difference_kind = serializers.CharField(source="kind")
    court = serializers.CharField(source="comparison.court.code")
    reason = serializers.CharField(allow_null=True)
    explained_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = NationalDifference
        fields = [
            *("id", "comparison", "court", "difference_kind", "number", "field", "ours", "theirs", "since_at"),
            *("reason", "explained_at"),
        ]


class EntryItem(serializers.ModelSerializer[NationalEntry]):
    """One field group of one case; `digest` is what a tick says it has seen."""

    number = serializers.CharField(source="case.display_number")
    field_group = serializers.CharField(source="group")
    entry_state = serializers.CharField(source="state")
    ticked_by = serializers.CharField(source="ticked_by.username", allow_null=True, default=None)

    class Meta:
        model = NationalEntry
        fields = [
            *("id", "case", "number", "field_group", "entry_state", "digest"),
            *("changed_at", "ticked_by", "ticked_at"),
        ]


class TypedValue(serializers.Serializer[Any]):
    """One box of the national system."""

    part = serializers.CharField()
    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()


class TypedGroup(serializers.Serializer[Any]):
    """One group of a case as it is now."""

    field_group = serializers.CharField()
    entry_state = serializers.CharField()
    digest = serializers.CharField()
    values = serializers.ListField(child=TypedValue())


class Mappings(ListAPIView[NationalMapping]):
    """How each court's file is written, every version, newest first."""

    permission_classes = [HasAny]
    required_permissions = (VIEW,)
    serializer_class = MappingRow
    queryset = NationalMapping.objects.none()

    def get_queryset(self) -> QuerySet[NationalMapping]:
        """Return those of the user's courts."""
        rows = NationalMapping.objects.visible_to(_user(self.request)).select_related("court")
        return rows.order_by("court__code", "name", "-version")


class Files(ListAPIView[NationalFile]):
    """The files taken in, newest first."""

    permission_classes = [HasAny]
    required_permissions = (VIEW,)
    serializer_class = FileRow
    queryset = NationalFile.objects.none()

    def get_queryset(self) -> QuerySet[NationalFile]:
        """Return those of the user's courts."""
        rows = NationalFile.objects.visible_to(_user(self.request)).select_related("court")
        return rows.order_by("-day", "court__code", "-version")


class FileRows(ListAPIView[NationalRow]):
    """The rows of one file; another court's does not exist."""

    permission_classes = [HasAny]
    required_permissions = (VIEW,)
    serializer_class = NationalRowRow
    queryset = NationalRow.objects.none()

    def get_queryset(self) -> QuerySet[NationalRow]:
        """Return them in the order of the file."""
        file = get_object_or_404(NationalFile.objects.visible_to(_user(self.request)), pk=self.kwargs["pk"])
        return file.rows.order_by("position")


class Upload(serializers.Serializer[Any]):
    """A day's file as a form."""

    mapping = serializers.IntegerField()
    day = serializers.DateField()
    table = serializers.FileField()


class ImportFile(APIView):
    """A day's file handed in; the answer is the job by whose address its result is read."""

    permission_classes = [HasAny]
    required_permissions = (KEEP,)
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(request=Upload, responses={202: JobRow, 422: Refusal})
    def post(self, request: Request) -> Response:
        """Ask for it to be checked and taken in."""
        user, at, refused = _user(request), clock.now(), ""
        # Only a form carries a file; anything else lacks it and is told so.
        typed = request.data.copy() if isinstance(request.data, QueryDict) else QueryDict(mutable=True)
        typed.pop("table", None)
        if upload := request.FILES.get("table"):
            try:
                typed["table_token"] = documents.stage_table(upload, at=at, actor=user).token
            except Refused as reason:
                refused = str(reason)
        form = forms.ImportNational(typed, user=user, refused=refused)
        if not form.is_valid() or form.kept is None:
            return wrong(form)
        said = form.cleaned_data
        try:
            job = files.ask_import(said["mapping"], table=form.kept, day=said["day"], at=at, actor=user)
        except Refused as reason:
            return refusal_of(reason)
        return Response(JobRow(job).data, status=202)


class Comparisons(ListAPIView[NationalComparison]):
    """Every comparison, newest first; each stays as it was found."""

    permission_classes = [HasAny]
    required_permissions = (VIEW,)
    serializer_class = ComparisonRow
    queryset = NationalComparison.objects.none()

    def get_queryset(self) -> QuerySet[NationalComparison]:
        """Return those of the user's courts."""
        return NationalComparison.objects.visible_to(_user(self.request)).for_list()


class CompareNow(APIView):
    """The newest file of a court compared with its book now; the answer is the job."""

    permission_classes = [HasAny]
    required_permissions = (KEEP,)

    @extend_schema(request=None, responses={202: JobRow, 422: Refusal})
    def post(self, request: Request, pk: int) -> Response:
        """Ask for it; another court does not exist."""
        user = _user(request)
        court = get_object_or_404(Court.objects.filter(courts(user)), pk=pk)
        try:
            return Response(JobRow(comparing.ask_compare(court, at=clock.now(), actor=user)).data, status=202)
        except Refused as reason:
            return refusal_of(reason)


class Night(ListAPIView[NationalDifference]):
    """The three lists of one comparison; another court's does not exist."""

    permission_classes = [HasAny]
    required_permissions = (VIEW,)
    serializer_class = DifferenceItem
    queryset = NationalDifference.objects.none()

    @extend_schema(parameters=_filters("kind", "field", "said", "clerk", "number"))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return them by number and field; filters as on the page."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[NationalDifference]:
        """Return what fits the filters."""
        seen = NationalComparison.objects.visible_to(_user(self.request))
        night = get_object_or_404(seen, pk=self.kwargs["pk"])
        return pages.differences(night, forms.NightFilters(self.request.query_params).chosen())


class Differences(ListAPIView[NationalDifference]):
    """What the last comparison of each court found, of what the user reads."""

    permission_classes = [HasAny]
    required_permissions = (VIEW,)
    serializer_class = DifferenceItem
    queryset = NationalDifference.objects.none()

    @extend_schema(parameters=_filters("court", "kind", "field", "said", "clerk", "number"))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return them by number and field; filters as on the page."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[NationalDifference]:
        """Return what fits the filters."""
        said = self.request.query_params
        return pages.standing_differences(_user(self.request), forms.DifferenceFilters(said).chosen())


class Entries(ListAPIView[NationalEntry]):
    """What must be typed in the national system, group by group; what has changed first."""

    permission_classes = [HasAny]
    required_permissions = (VIEW,)
    serializer_class = EntryItem
    queryset = NationalEntry.objects.none()

    @extend_schema(parameters=_filters("state", "group", "court", "clerk", "number"))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return what waits, or what fits the filters of the page."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[NationalEntry]:
        """Return what fits the filters."""
        said = self.request.query_params
        return pages.entries(_user(self.request), forms.EntryFilters(said).chosen())


class CaseValues(APIView):
    """What must be typed of one case; personal numbers in part for who types nothing."""

    permission_classes = [HasAny]
    required_permissions = (VIEW,)

    @extend_schema(responses=TypedGroup(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return the groups that the user may read; another court's case does not exist."""
        user = _user(request)
        case = get_object_or_404(cases_of(user), pk=pk)
        return Response([_group(row) for row in pages.case_groups(case, user)])


def _group(row: pages.GroupRow) -> dict[str, Any]:
    said = [
        {"part": part, "field": value.field, "label": str(value.label), "text": value.text}
        for part, boxes in row.parts
        for _box, value in boxes
    ]
    return {"field_group": row.code, "entry_state": row.entry.state, "digest": row.digest, "values": said}


class Ticked(serializers.Serializer[Any]):
    """How many groups were ticked."""

    count = serializers.IntegerField()


class TickManyRequest(serializers.Serializer[Any]):
    """Entries, each with the digest that was seen: `12:ab…`."""

    entry = serializers.ListField(child=serializers.CharField())


class TickMany(APIView):
    """Many groups ticked as typed, each as it was seen."""

    permission_classes = [HasAny]
    required_permissions = (KEEP,)

    @extend_schema(request=TickManyRequest, responses={200: Ticked, 422: Refusal})
    def post(self, request: Request) -> Response:
        """Tick all of them or none."""
        try:
            form = forms.TickMany(form_data(request.data))
            if not form.is_valid():
                return wrong(form)
            count = entries.tick_many(form.cleaned_data["entry"], at=clock.now(), actor=_user(request))
        except Refused as refused:
            return refusal_of(refused)
        return Response({"count": count})


def _cases(user: User) -> QuerySet[Case]:
    return cases_of(user)


def _mappings(user: User) -> QuerySet[NationalMapping]:
    return NationalMapping.objects.visible_to(user).newest().select_related("court")


def _seen(user: User) -> QuerySet[NationalDifference]:
    return NationalDifference.objects.visible_to(user).select_related("comparison__court")


def _new_mapping(data: QueryDict, thing: None, user: User) -> forms.Mapping:
    return forms.Mapping(data, user=user)


def _old_mapping(data: QueryDict, thing: NationalMapping, user: User) -> forms.Mapping:
    return forms.Mapping(data, user=user, row=thing)


def new_mapping(**said: Any) -> NationalMapping:
    """Keep how a court's file is written, as its first version."""
    return mappings.save_mapping(None, **said)


ACTS = act_urls(
    (
        ("national/mappings/new/", KEEP, None, forms.Mapping, new_mapping, _new_mapping),
        ("national/mappings/<int:pk>/", KEEP, _mappings, forms.Mapping, mappings.save_mapping, _old_mapping),
        ("national/differences/<int:pk>/explain/", KEEP, _seen, forms.Explain, comparing.explain),
        ("national/cases/<int:pk>/tick/", KEEP, _cases, forms.Tick, entries.tick),
        ("national/cases/<int:pk>/untick/", KEEP, _cases, forms.Untick, entries.untick),
    )
)
