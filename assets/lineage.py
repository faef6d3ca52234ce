"""A case and the closed cases that it brings back, whose controls go on."""

from cases.models import Case


def lineage(case: Case) -> list[int]:
    """Return the case and, for a 执恢 case, every case that it brings back; a query per generation."""
    found, older = [case.pk], case.revives_id
    while older and older not in found:
        found.append(older)
        older = Case.objects.filter(pk=older).values_list("revives", flat=True).first()
    return found
