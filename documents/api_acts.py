"""Acts on papers for programs: the pages' forms, services and permissions (`bureau.acts`)."""

from typing import Any

from django.db.models import QuerySet

from bureau.models import User
from cases.models import Case
from documents import forms, services


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


ACTS: tuple[tuple[Any, ...], ...] = (
    ("cases/<int:pk>/missing/", "cases.archive_case", _cases, forms.ExplainMissing, services.explain_missing),
)
