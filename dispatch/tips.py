"""Where tips stand: on the page of a case in their stage, and beside the field of a document that they name."""

from bureau.models import User
from cases.models import Case
from dispatch.noticemodels import Notice

SHOWN_MAX = 5


def of_case(case: Case, user: User) -> list[Notice]:
    """Return the live tips for the stage of the case that are meant for the user, the newest first."""
    tips = Notice.objects.visible_to(user).live().filter(kind=Notice.Kind.TIP, stage=case.stage, template="")
    return list(tips.order_by("-pk")[:SHOWN_MAX])


def of_template(code: str) -> dict[str, list[str]]:
    """Return the live tips of a document template by field; those for the whole paper under no name."""
    found: dict[str, list[str]] = {}
    rows = Notice.objects.live().filter(kind=Notice.Kind.TIP, template=code).order_by("pk")
    for field, text in rows.values_list("field", "text"):
        found.setdefault(field, []).append(text)
    return found
