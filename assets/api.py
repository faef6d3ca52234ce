"""The room's API: the same rows, permissions and services as the pages; amounts are strings."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets import forms, pages, services
from assets.models import Control
from assets.taking import ControlData
from bureau import clock
from bureau.acts import refusal_of
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case, Party
from documents.models import Document

FILTERS = [OpenApiParameter(name, str) for name in forms.Filters.base_fields]


class ControlRow(serializers.ModelSerializer[Control]):
    """One control; `to_on` is the last day of its present term, none while it queues."""

    case_number = serializers.CharField(source="case.display_number")
    debtor = serializers.CharField(source="debtor.name")
    keeper = serializers.CharField(source="keeper.name", allow_null=True, default=None)
    days_left = serializers.SerializerMethodField()

    class Meta:
        model = Control
        fields = (
            *("id", "case", "case_number", "debtor", "kind", "thing", "unit", "measure", "ruling", "rank", "origin"),
            *("state", "from_on", "activated_on", "unconfirmed_since", "to_on", "days_left", "amount_max", "value"),
            *("keeper", "ended_on", "ground", "end_ruling", "end_note", "explanation"),
        )

    def get_days_left(self, control: Control) -> int | None:
        """Return the days to the last day, negative when past."""
        is_running = control.state == Control.State.LIVE and control.to_on
        return (control.to_on - clock.today()).days if is_running and control.to_on else None


class Take(serializers.Serializer[Any]):
    """A control that has been carried out; `document` is the key of a ruling of the case, `debtor` of its debtor."""

    debtor = serializers.PrimaryKeyRelatedField(queryset=Party.objects.filter(side=Party.Side.DEBTOR))
    kind = serializers.ChoiceField(choices=Control.Kind.choices)
    measure = serializers.ChoiceField(choices=Control.Measure.choices)
    thing = serializers.CharField(max_length=300)
    unit = serializers.CharField(max_length=100)
    ruling = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    document = serializers.PrimaryKeyRelatedField(
        queryset=Document.objects.filter(kind="RULING"), required=False, allow_null=True, default=None
    )
    from_on = serializers.DateField()
    to_on = serializers.DateField(required=False, allow_null=True, default=None)
    rank = serializers.IntegerField(min_value=1, max_value=99, required=False, default=1)
    amount_max = serializers.DecimalField(
        max_digits=16, decimal_places=2, required=False, allow_null=True, default=None, min_value=0
    )
    value = serializers.DecimalField(
        max_digits=16, decimal_places=2, required=False, allow_null=True, default=None, min_value=0
    )
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class Renew(serializers.Serializer[Any]):
    """A new last day; without it the longest term again."""

    to_on = serializers.DateField(required=False, allow_null=True, default=None)
    ruling = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    document = serializers.PrimaryKeyRelatedField(
        queryset=Document.objects.filter(kind="RULING"), required=False, allow_null=True, default=None
    )


class Release(serializers.Serializer[Any]):
    """Ground, ruling and day of a release."""

    ground = serializers.ChoiceField(choices=Control.Ground.choices)
    ruling = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    released_on = serializers.DateField()


class Activate(serializers.Serializer[Any]):
    """The day on which a queued control came into force, and its last day."""

    activated_on = serializers.DateField()
    to_on = serializers.DateField(required=False, allow_null=True, default=None)


class Confirm(serializers.Serializer[Any]):
    """The last day by the ruling; without it the assumed one stands."""

    to_on = serializers.DateField(required=False, allow_null=True, default=None)


class Requeue(serializers.Serializer[Any]):
    """The rank that the assisting unit names."""

    rank = serializers.IntegerField(min_value=2, max_value=99)


class Explain(serializers.Serializer[Any]):
    """How a lapse came about and what was done."""

    explanation = serializers.CharField(max_length=500)


class Name(serializers.Serializer[Any]):
    """Who renews after closing."""

    keeper = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))


class Controls(ListAPIView[Control]):
    """Visible controls under the coded filters of the page; what ends within 90 days unless asked otherwise."""

    permission_classes = [HasAny]
    required_permissions = ("assets.view_control",)
    serializer_class = ControlRow
    queryset = Control.objects.none()

    @extend_schema(parameters=FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Control]:
        """Return the filtered controls, the nearest last day first."""
        chosen = forms.Filters(cast(QueryDict, self.request.query_params)).chosen()
        return pages.listed(cast(User, self.request.user), chosen, today=clock.today())


class CaseControls(ListAPIView[Control]):
    """Every control of one visible case."""

    permission_classes = [HasAny]
    required_permissions = ("assets.view_control",)
    serializer_class = ControlRow
    queryset = Control.objects.none()

    def get_queryset(self) -> QuerySet[Control]:
        """Return the controls by last day."""
        cases = Case.objects.visible_to(cast(User, self.request.user))
        case = get_object_or_404(cases, pk=self.kwargs["pk"])
        return Control.objects.filter(case=case).for_list().order_by("to_on", "id")


class _Act(APIView):
    """One act by the service of the page; 422 names every reason of a refusal."""

    permission_classes = [HasAny]
    required_permissions: tuple[str, ...] = ("assets.keep_control",)

    def carry_out(
        self,
        request: Request,
        subject: Case | Control,
        asked: type[serializers.Serializer[Any]],
        act: Callable[..., Any],
    ) -> Response:
        """Read, act and return the control, or the case's number of controls."""
        form = asked(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            done = act(subject, **form.validated_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            return refusal_of(refusal)
        if isinstance(subject, Case) and not isinstance(done, Control):
            return Response({"count": done})
        pk = done.pk if isinstance(done, Control) else subject.pk
        row = Control.objects.for_list().get(pk=pk)
        return Response(ControlRow(row).data, status=201 if isinstance(subject, Case) else 200)

    def case(self, pk: int) -> Case:
        """Return the visible case; another's does not exist."""
        return get_object_or_404(Case.objects.visible_to(cast(User, self.request.user)), pk=pk)

    def control(self, pk: int) -> Control:
        """Return the visible control; another's does not exist."""
        return get_object_or_404(Control.objects.visible_to(cast(User, self.request.user)), pk=pk)


def _take(case: Case, *, debtor: Party, at: dt.datetime, actor: User, **values: Any) -> Control:
    return services.take_control(case, debtor=debtor, data=ControlData(**values), at=at, actor=actor)


class TakeControl(_Act):
    """Record a measure that has been carried out."""

    @extend_schema(request=Take, responses={201: ControlRow})
    def post(self, request: Request, pk: int) -> Response:
        """Take it."""
        return self.carry_out(request, self.case(pk), Take, _take)


class NameKeeper(_Act):
    """Name who renews the controls of a case after closing."""

    @extend_schema(request=Name, responses={200: dict})
    def post(self, request: Request, pk: int) -> Response:
        """Name him."""
        return self.carry_out(request, self.case(pk), Name, services.name_keeper)


class RenewControl(_Act):
    """Renew one control before its last day."""

    @extend_schema(request=Renew, responses=ControlRow)
    def post(self, request: Request, pk: int) -> Response:
        """Renew it."""
        return self.carry_out(request, self.control(pk), Renew, services.renew_control)


class ReleaseControl(_Act):
    """Release one control."""

    @extend_schema(request=Release, responses=ControlRow)
    def post(self, request: Request, pk: int) -> Response:
        """Release it."""
        return self.carry_out(request, self.control(pk), Release, services.release_control)


class ActivateControl(_Act):
    """Let a queued control come into force."""

    @extend_schema(request=Activate, responses=ControlRow)
    def post(self, request: Request, pk: int) -> Response:
        """Activate it."""
        return self.carry_out(request, self.control(pk), Activate, services.activate_control)


class ConfirmControl(_Act):
    """Confirm that a queued control that came into force by itself is so."""

    @extend_schema(request=Confirm, responses=ControlRow)
    def post(self, request: Request, pk: int) -> Response:
        """Confirm it."""
        return self.carry_out(request, self.control(pk), Confirm, services.confirm_control)


class RequeueControl(_Act):
    """Put back into the queue what came into force by itself, when others still stand ahead."""

    @extend_schema(request=Requeue, responses=ControlRow)
    def post(self, request: Request, pk: int) -> Response:
        """Put it back."""
        return self.carry_out(request, self.control(pk), Requeue, services.requeue_control)


class ExplainLapse(_Act):
    """Explain the lapse of one control."""

    required_permissions = ("assets.explain_lapse",)

    @extend_schema(request=Explain, responses=ControlRow)
    def post(self, request: Request, pk: int) -> Response:
        """Explain it."""
        return self.carry_out(request, self.control(pk), Explain, services.explain_lapse)
