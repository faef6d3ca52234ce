"""What the papers say to the case file: documents issued and materials received, as its acts may name them."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from cases.evidence import Paper
from cases.models import Case
from documents.facts import party_key
from documents.library.declared import FieldKind
from documents.models import Delivery, Document, Material

_PAGES = {"document": "documents:document", "material": "documents:open"}


def address(ref: str) -> str:
    """Return where the paper that an act names is opened; nothing for acts of old, which name none."""
    kind, _colon, key = ref.partition(":")
    return reverse(_PAGES[kind], args=[key]) if ref else ""


def papers(case: Case) -> list[Paper]:
    """Return the case's papers, oldest first; restricted ones are left out, for a list would show their titles."""
    return [*_issued(case), *_received(case)]


def of_orders(orders: list[int]) -> dict[int, list[Paper]]:
    """Return what came with the answers of these work orders, by the order's key, oldest first."""
    found: dict[int, list[Paper]] = {}
    rows = Material.objects.filter(work_order__in=orders, is_restricted=False).order_by("received_at", "id")
    for row in rows:
        assert row.work_order_id is not None
        found.setdefault(row.work_order_id, []).append(_paper(row))
    return found


def _issued(case: Case) -> list[Paper]:
    served = Delivery.objects.filter(document=OuterRef("pk"), state=Delivery.State.DELIVERED)
    sent = Delivery.objects.filter(document=OuterRef("pk")).exclude(state=Delivery.State.FAILED)
    rows = Document.objects.filter(case=case, is_restricted=False)
    rows = rows.annotate(is_served=Exists(served), is_sent=Exists(sent))
    rows = rows.select_related("template").defer("body").order_by("issued_at", "id")
    parties = {party_key(party): party.pk for party in case.parties.all()}
    return [
        Paper(
            ref=f"document:{row.pk}",
            code=row.template.code,
            title=row.title,
            number=row.number,
            on=row.issued_on,
            url=row.get_absolute_url(),
            is_issued=True,
            is_void=row.voided_by_id is not None,
            is_served=vars(row)["is_served"],
            is_sent=vars(row)["is_sent"],
            parties=_addressed(row, parties),
            values=row.values,
        )
        for row in rows
    ]


def _addressed(row: Document, parties: dict[str, int]) -> frozenset[int]:
    fields = [field.name for field in row.template.spec.fields if field.kind == FieldKind.PARTY]
    if not fields:
        return frozenset()
    typed = row.typed()
    return frozenset(parties[typed[name]] for name in fields if typed.get(name) in parties)


def _received(case: Case) -> list[Paper]:
    rows = Material.objects.filter(case=case, is_restricted=False).order_by("received_at", "id")
    return [_paper(row) for row in rows]


def _paper(row: Material) -> Paper:
    return Paper(
        ref=f"material:{row.pk}",
        code=row.kind,
        title=row.title,
        on=timezone.localdate(row.received_at),
        url=reverse("documents:open", args=[row.pk]),
        is_issued=False,
    )
