"""Work orders for programs: the list with filters, and what came with their answers."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from bureau import clock
from bureau.api import HasAny
from bureau.models import User
from cases import photos, workforms, worklist
from cases.models import WorkOrder

WORK_FILTERS = [OpenApiParameter(name, str) for name in workforms.Filters.base_fields]


class PhotoRow(serializers.Serializer[Any]):
    """One photo or receipt of an answer; `url` opens the scan, `ref` is its name in the record."""

    ref = serializers.CharField()
    title = serializers.CharField()
    received_on = serializers.DateField(source="on")
    url = serializers.CharField()


class WorkOrderRow(serializers.ModelSerializer[WorkOrder]):
    """One work order; the case by key and number."""

    case_number = serializers.CharField(source="case.display_number")
    from_team = serializers.CharField(source="from_team.code")
    to_team = serializers.CharField(source="to_team.code")
    requested_by = serializers.CharField(source="requested_by.name")
    taken_by = serializers.CharField(source="taken_by.name", allow_null=True, default=None)
    officers = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()

    class Meta:
        model = WorkOrder
        fields = (
            *("id", "case", "case_number", "kind", "state", "from_team", "to_team", "requested_by", "requested_at"),
            *("text", "department", "district", "due_on", "taken_by", "accepted_at", "result", "result_text"),
            *("officers", "photos", "answered_at", "return_reason", "return_count", "withdraw_reason", "closed_at"),
        )

    def get_officers(self, order: WorkOrder) -> list[str]:
        """Return the two officers of an on-site answer."""
        return [officer.name for officer in (order.officer1, order.officer2) if officer]

    @extend_schema_field(PhotoRow(many=True))
    def get_photos(self, order: WorkOrder) -> list[dict[str, Any]]:
        """Return the photos and receipts that came with the answer, oldest first."""
        papers = self.context.get("photos", {}).get(order.pk, [])
        return [dict(PhotoRow(paper).data) for paper in papers]


class WorkOrderList(ListAPIView[WorkOrder]):
    """Visible work orders under the coded filters of the page; open ones unless asked otherwise."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = WorkOrderRow
    queryset = WorkOrder.objects.none()

    @extend_schema(parameters=WORK_FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[WorkOrder]:
        """Return the filtered orders, nearest due day first."""
        user = cast(User, self.request.user)
        chosen = workforms.Filters(cast(QueryDict, self.request.query_params)).chosen()
        orders = WorkOrder.objects.visible_to(user).for_list()
        return worklist.filtered(orders, chosen, user=user, today=clock.today())

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return one page, with what came with the answers on it."""
        page = super().paginate_queryset(queryset)
        self.photos = photos.of_orders(page or ())
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        """Hand the photos to the rows."""
        return {**super().get_serializer_context(), "photos": getattr(self, "photos", {})}
