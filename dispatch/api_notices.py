"""Notices, tasks and tips for programs: the list of what the user may read, and the pages' own acts."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from bureau.acts import Nothing
from bureau.api import HasAny
from bureau.models import User
from dispatch import noticepages, notices
from dispatch.noticeforms import DoneForm, NoticeFilter, NoticeForm
from dispatch.noticemodels import Notice

FILTERS = [OpenApiParameter(name, str) for name in NoticeFilter.base_fields]


class NoticeRow(serializers.ModelSerializer[Notice]):
    """One thing said to teams; no team means everybody."""

    teams: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Notice
        fields = (
            *("id", "kind", "title", "text", "teams", "due_on", "stage", "template", "field"),
            *("sent_by", "sent_at", "ended_at"),
        )


class NoticesView(ListAPIView[Notice]):
    """What was said to the user's team or to all, the newest first, under the coded filters of the page."""

    permission_classes = [HasAny]
    required_permissions = ("cases.view_case",)
    serializer_class = NoticeRow
    queryset = Notice.objects.none()

    @extend_schema(parameters=FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Notice]:
        """Return them."""
        chosen = NoticeFilter(cast(QueryDict, self.request.query_params)).chosen()
        return noticepages.listed(cast(User, self.request.user), chosen)


def _notices(user: User) -> QuerySet[Notice]:
    return Notice.objects.visible_to(user)


ACTS: tuple[tuple[Any, ...], ...] = (
    ("notices/send/", "dispatch.send_notice", None, NoticeForm, notices.send_notice),
    ("notices/<int:pk>/read/", "cases.view_case", _notices, Nothing, notices.read_notice),
    ("notices/<int:pk>/finish/", "cases.view_case", _notices, DoneForm, notices.finish_task),
    ("notices/<int:pk>/end/", "dispatch.send_notice", _notices, Nothing, notices.end_notice),
)
