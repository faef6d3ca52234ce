"""The room's API: the papers of a case, without their content; reads only."""

from typing import cast

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView, get_object_or_404

from bureau.api import HasAny
from bureau.models import User
from cases.models import Case
from documents.models import Material


class MaterialRow(serializers.ModelSerializer[Material]):
    """One paper received; `sha256` is the hash of its content."""

    received_by = serializers.CharField(source="received_by.name")

    class Meta:
        model = Material
        fields = (
            *("id", "kind", "title", "sha256", "byte_count", "content_type", "is_restricted"),
            *("received_at", "received_by"),
        )


class CaseMaterials(ListAPIView[Material]):
    """The papers of one visible case that the user may open, in order of receipt."""

    permission_classes = [HasAny]
    required_permissions = ("documents.view_material",)
    serializer_class = MaterialRow
    queryset = Material.objects.none()

    def get_queryset(self) -> QuerySet[Material]:
        """Return the papers."""
        user = cast(User, self.request.user)
        case = get_object_or_404(Case.objects.visible_to(user), pk=self.kwargs["pk"])
        return Material.objects.visible_to(user).filter(case=case).for_list()
