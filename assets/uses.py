"""What this room did on a value that was corrected: property held of that debtor."""

from django.urls import reverse

from assets.models import Control
from cases.corrections import CONTACT_FIELDS, Target, Use, UseKind
from cases.models import Case, Correction


def uses(case: Case, correction: Correction) -> list[Use]:
    """Return the controls in force or in the queue on that debtor; released ones are settled."""
    if correction.target != Target.PARTY or set(correction.fields) <= CONTACT_FIELDS:
        return []
    held = Control.objects.filter(case=case, debtor=correction.party).active().order_by("to_on", "id")
    return [
        Use(
            room="assets",
            kind=UseKind.CONTROL,
            label=f"{row.get_measure_display()} {row.thing} {row.ruling}",
            url=reverse("assets:case_controls", args=[case.pk]),
            key=f"control:{row.pk}",
            is_red=correction.is_other_person,
            facts={"ruling": row.document.number if row.document else row.ruling, "thing": row.thing, "unit": row.unit}
            | {"measure": str(row.get_measure_display())},
        )
        for row in held.select_related("document")
    ]
