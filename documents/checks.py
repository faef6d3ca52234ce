"""What the papers say to a move of the case: nothing is archived whose index is not complete."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cases.closing import WAYS
from cases.models import Case, Closing
from documents.library.declared import Kind
from documents.models import Delivery, Document, Draft, Material
from documents.services.materials import missing_kinds

CLOSING_PAPERS = frozenset(code for way in WAYS.values() for code in way.templates)
NAMED_MAX = 5  # papers named in one objection


def case_objections(case: Case, move: str, *, at: dt.datetime) -> list[str]:
    """Return why the file may not be archived: papers missing, unprinted, unserved, or still in somebody's hands.

    A required material that cannot be had is explained by the affairs team (`explain_missing`); nothing else is waived.
    """
    if move != "archive":
        return []
    kinds = dict(Material.Kind.choices)
    missing = [
        _("缺少必备材料：%(kind)s（可由事务团队作缺失说明）") % {"kind": kinds[kind]} for kind in missing_kinds(case)
    ]
    return missing + _closing_objections(case) + _document_objections(case) + _pending_objections(case)


def _closing_objections(case: Case) -> list[str]:
    """The paper by which the case was closed lies in the file and stands: the very one, or what replaced it."""
    closing = case.closings.filter(state=Closing.State.APPROVED).order_by("-id").first()
    if closing is None or closing.mode not in WAYS:
        return [_("没有结案审批记录，不能归档")]
    way = WAYS[closing.mode]
    model, _mark, pk = closing.paper.partition(":")
    if model == "material" and Material.objects.filter(case=case, pk=pk).exists():
        return []
    named = Q(pk=pk) if model == "document" else Q(pk__in=[])
    live = Document.objects.filter(case=case, voided_by__isnull=True)
    if live.filter(named | Q(template__code__in=way.templates)).exists():
        return []
    return [_("卷宗中没有有效的结案文书：%(document)s") % {"document": way.document}]


def _document_objections(case: Case) -> list[str]:
    served = Delivery.objects.filter(document=OuterRef("pk"), state=Delivery.State.DELIVERED)
    rows = Document.objects.filter(case=case, voided_by__isnull=True).select_related("template").light()
    rows = rows.annotate(is_served=Exists(served))
    live = list(rows.order_by("issued_at", "id"))
    unprinted = [row for row in live if row.pdf_state == Document.PdfState.WAITING]
    failed = [row for row in live if row.pdf_state == Document.PdfState.FAILED]
    unserved = [row for row in live if _is_to_be_served(row) and not vars(row)["is_served"]]
    reasons = []
    if unprinted:
        reasons.append(_("文书PDF尚在制作：%(papers)s") % {"papers": _named(unprinted)})
    if failed:
        reasons.append(_("文书PDF制作失败：%(papers)s") % {"papers": _named(failed)})
    if unserved:
        reasons.append(_("文书没有送达记录：%(papers)s") % {"papers": _named(unserved)})
    return reasons


def _is_to_be_served(row: Document) -> bool:
    """Hold for rulings, and for the paper that told the parties that the case is over."""
    return row.kind == Kind.RULING or row.template.code in CLOSING_PAPERS


def _pending_objections(case: Case) -> list[str]:
    reasons = []
    if drafts := list(Draft.objects.waiting().filter(case=case).select_related("template").defer("values")):
        reasons.append(_("有拟稿待签发：%(papers)s") % {"papers": _named(row.template for row in drafts)})
    under_way = Delivery.objects.filter(case=case, state=Delivery.State.SENT).select_related("document")
    if open_ones := list(under_way.defer("document__body", "document__values").order_by("id")):
        reasons.append(_("有送达未办结：%(papers)s") % {"papers": _named(row.document for row in open_ones)})
    return reasons


def _named(papers: Iterable[object]) -> str:
    words = [str(paper) for paper in papers]
    shown = _("、").join(words[:NAMED_MAX])
    return (
        shown if len(words) <= NAMED_MAX else _("%(papers)s 等 %(count)d 份") % {"papers": shown, "count": len(words)}
    )
