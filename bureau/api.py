"""What every room's API shares (permission by the pages' codenames), and the room's own reads."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau.models import Job, User
from bureau.money import plain_decimal
from bureau.roles import roles_of, scopes_of


class HasAny(BasePermission):
    """Let in whoever holds any of the view's `required_permissions`; a view without them is refused to all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the user holds one of them."""
        return any(request.user.has_perm(name) for name in view.required_permissions)


class PlainDecimal(serializers.DecimalField):
    """A number in plain digits, as the forms take it; an exponent is a slip."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the number."""
        if isinstance(data, str) and data.strip():
            try:
                data = plain_decimal(data)
            except ValueError:
                self.fail("invalid")
        return super().to_internal_value(data)


class Person(serializers.Serializer[Any]):
    """The user himself: duties, scope and rights."""

    username = serializers.CharField()
    name = serializers.CharField()
    post = serializers.CharField()
    court = serializers.CharField(allow_null=True)
    window = serializers.CharField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.CharField())
    permissions = serializers.ListField(child=serializers.CharField())


class JobRow(serializers.ModelSerializer[Job]):
    """How far a long job is and what came of it."""

    class Meta:
        model = Job
        fields = ["id", "kind", "state", "done_count", "total_count", "result", "error", "asked_at", "finished_at"]


class Me(APIView):
    """Who asks, and what he may do."""

    @extend_schema(responses=Person)
    def get(self, request: Request) -> Response:
        """Return the user's own data."""
        user = cast(User, request.user)
        own = {name: getattr(user, name) for name in ("username", "name", "post")}
        units = {name: getattr(getattr(user, name), "code", None) for name in ("court", "window", "team")}
        rights = {
            "roles": [role.code for role in roles_of(user)],
            "scopes": sorted(scopes_of(user)),
            "permissions": sorted(user.get_all_permissions()),
        }
        return Response(own | units | rights)


class JobDetail(APIView):
    """One's own long job."""

    @extend_schema(responses=JobRow)
    def get(self, request: Request, pk: int) -> Response:
        """Return it; another's does not exist."""
        job = get_object_or_404(Job.objects.visible_to(cast(User, request.user)), pk=pk)
        return Response(JobRow(job).data)
