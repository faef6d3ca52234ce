"""What the papers say to a move of the case: a file is archived only with a complete index."""

import datetime as dt

from django.utils.translation import gettext as _

from cases.models import Case
from documents.models import Delivery, Document, Draft, Material

# What every file holds from its filing; an account confirmation only where money was to be paid.
FILED = tuple(kind for kind in Material.REQUIRED if kind != Material.Kind.PAYEE)


def case_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why a file may not be archived yet: papers missing, without a file, unsigned, or still on their way.

    A revived case keeps what was filed in the file of the case that it revives.
    """
    if move != "archive":
        return []
    live = Document.objects.filter(case=case, voided_by__isnull=True)
    counts = (
        (_("有 %(count)d 份文书尚无PDF（制作中或者制作失败）"), live.filter(pdf_sha256="").count()),
        (_("有 %(count)d 份拟稿待签发"), Draft.objects.waiting().filter(case=case).count()),
        (
            _("有 %(count)d 项送达未登记结果"),
            Delivery.objects.filter(case=case, state=Delivery.State.SENT, document__voided_by__isnull=True).count(),
        ),
    )
    reasons = [said % {"count": count} for said, count in counts if count]
    if case.revives_id is None:
        kinds = set(Material.objects.filter(case=case).values_list("kind", flat=True))
        missing = [str(kind.label) for kind in FILED if kind not in kinds]
        if missing:
            reasons.append(_("卷宗缺少材料：%(kinds)s") % {"kinds": _("、").join(missing)})
    return reasons
