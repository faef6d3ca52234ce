"""Who keeps off a case (回避): other rooms know the declared relations and are asked by settings.CASE_RECUSALS."""

from django.conf import settings
from django.utils.module_loading import import_string

from bureau.models import User
from cases.models import Case


def recusals(case: Case, user: User) -> list[str]:
    """Return why the user keeps off the case; empty when nothing is declared."""
    return [reason for path in settings.CASE_RECUSALS for reason in import_string(path)(case, user)]
