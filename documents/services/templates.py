"""The declared library becomes stored versions: a changed text is a new version, an unchanged one nothing."""

from django.db import transaction

from documents.library import LIBRARY
from documents.models import Template


@transaction.atomic
def sync_templates() -> int:
    """Store a version of every declared template whose content is new; return how many. Safe to repeat."""
    latest = {
        row.code: row
        for row in Template.objects.order_by("code", "-version").distinct("code").only("code", "version", "sha256")
    }
    fresh = []
    for spec in LIBRARY:
        known = latest.get(spec.code)
        if known and known.sha256 == spec.sha256():
            continue
        fresh.append(
            Template(
                code=spec.code,
                version=known.version + 1 if known else 1,
                no=spec.no,
                title=spec.title,
                kind=spec.kind,
                phase=spec.phase,
                sign=spec.sign,
                numbering=spec.numbering,
                service=spec.service,
                is_restricted=spec.is_restricted,
                content=spec.content(),
                sha256=spec.sha256(),
                effective_on=spec.effective_on,
                approval=spec.approval,
            )
        )
    Template.objects.bulk_create(fresh)
    return len(fresh)
