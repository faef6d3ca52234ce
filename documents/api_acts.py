"""Acts on papers for programs: the pages' forms, services and permissions (`bureau.acts`)."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from bureau.models import User
from cases.models import Case
from documents import forms, services
from documents.models import Material


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _explain(data: QueryDict, case: Case, user: User) -> forms.ExplainMissing:
    return forms.ExplainMissing(data, missing=services.missing_kinds(case) or Material.REQUIRED)


ACTS: tuple[tuple[Any, ...], ...] = (
    ("cases/<int:pk>/missing/", "cases.archive_case", _cases, forms.ExplainMissing, services.explain_missing, _explain),
)
