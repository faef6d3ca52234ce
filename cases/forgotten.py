"""Why an open case was raised as having no next step: one reason per case, as a code and in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case

WORDS: dict[str, str | Promise] = {
    "NO_STEP": _("没有进行中的期限、移交或协作，请确定下一步"),
    "QUIET": _("15 天没有办理记录，请确定下一步"),
    "SUSPENDED": _("中止后 90 天没有办理记录，请核对中止情形是否消失"),
    "SETTLED": _("和解各期均已登记，请确定案件如何了结"),
}


def cause(case: Case) -> str:
    """Return the reason for which `Case.objects.forgotten()` found this row of it."""
    if case.stage in (Case.Stage.SUSPENDED, Case.Stage.SETTLED):
        return str(case.stage)
    return "QUIET" if vars(case).get("has_frame") else "NO_STEP"
