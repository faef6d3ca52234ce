"""The node table for programs."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import wrong
from bureau.api import HasAny
from cases import nodetable
from cases.forms import NodeFilters


class NodeRow(serializers.Serializer[Any]):
    """One time limit: `state` says whether it is watched (LIVE, ELSEWHERE, COVERED) or declared only (DECLARED)."""

    number = serializers.CharField(source="node.number")
    code = serializers.CharField(source="node.code")
    name = serializers.CharField(source="node.label")
    count = serializers.IntegerField(source="node.count")
    unit = serializers.CharField(source="node.unit")
    owner = serializers.CharField(source="node.owner")
    state = serializers.CharField()
    basis = serializers.CharField()
    version = serializers.IntegerField(source="node.version")


class Nodes(APIView):
    """The whole table, cited as for an act of the day `on`, today where none is named."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)

    @extend_schema(responses=NodeRow(many=True), parameters=[OpenApiParameter("on", OpenApiTypes.DATE)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return every row."""
        form = NodeFilters(request.query_params)
        if not form.is_valid():
            return wrong(form)
        return Response(NodeRow(nodetable.lines(on=form.cleaned_data["on"] or clock.today()), many=True).data)
