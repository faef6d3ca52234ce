"""What the command centre says to a move of the case."""

import datetime as dt

from django.utils.translation import gettext as _

from cases.models import Case
from dispatch.models import Verdict


def case_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why a case may not be assigned yet: it needs a verdict first."""
    if move == "allocate" and not Verdict.objects.filter(case=case).exists():
        return [_("请先完成繁简分流")]
    return []
