"""The ruling that an act on a control names: issued here, or made outside and scanned, of the kind that orders it."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from assets import kinds
from assets.models import Control
from bureau.errors import of_field
from cases.evidence import Paper, of_number, papers_of, ruling_objections
from cases.models import Case
from documents.models import Document

# Rulings that take property under control; what releases it is none of them.
CONTROLLING = frozenset(kind.papers[0] for kind in kinds.KINDS)
ORDERING = CONTROLLING | {"DEDUCT"}
RULING = "RULING"


def orders(control: Control, ruling: str, document: Document | None) -> list[str]:
    """Return why a ruling does not order this control or its renewal."""
    wanted = {control.rule.papers[0]}
    if control.rule.papers[0] == "FREEZE":
        wanted.add("DEDUCT")  # 民诉法解释 484: one that transfers a deposit freezes it as well
    wrong = _("该裁定不是%(kind)s的控制裁定（%(title)s）")
    return _objections(control, ruling, document, lambda code: code in wanted, wrong)


def releases(control: Control, ruling: str) -> list[str]:
    """Return why a ruling does not release this control: none that controls does."""
    wrong = _("该裁定是控制裁定，不是解除裁定（%(title)s）")
    return _objections(control, ruling, None, lambda code: code not in CONTROLLING, wrong)


def _objections(
    control: Control, ruling: str, document: Document | None, fits: Callable[[str], bool], wrong: str
) -> list[str]:
    if document is not None:
        is_fitting = document.kind != RULING or fits(document.template.code)
        return [] if is_fitting else [of_field("document", wrong % _words(control, document.title))]
    if reasons := ruling_objections(control.case, ruling):
        return [*reasons]
    rows = _bearing(control.case, ruling)
    if not rows:
        text = _("卷内没有文号为 %(number)s 的裁定；系统外制作的，先以“法院文书”种类扫描入卷，名称写明文号")
        return [of_field("ruling", text % {"number": ruling})]
    if any(not row.is_issued or fits(row.code) for row in rows):
        return []
    return [of_field("ruling", wrong % _words(control, rows[0].title))]


def _words(control: Control, title: str) -> dict[str, str]:
    return {"kind": control.rule.label, "title": title}


def _bearing(case: Case, ruling: str) -> list[Paper]:
    """Return rulings and scans with the number, in the case and in those that have brought it back."""
    papers: dict[str, Paper] = {}
    for row in (case, *case.revivals.all()):
        papers |= papers_of(row)
    rows = of_number(papers, ruling)
    keys = [int(row.ref.partition(":")[2]) for row in rows if row.is_issued]
    rulings = set(Document.objects.filter(pk__in=keys, kind=RULING).values_list("pk", flat=True)) if keys else set()
    return [row for row in rows if not row.is_issued or int(row.ref.partition(":")[2]) in rulings]
