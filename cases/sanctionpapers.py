"""The paper by which a sanction is ordered: a decision of the case itself, issued here or scanned into its file."""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from bureau.errors import OfField
from cases.evidence import issued, of_number, papers_of, ruling_objections
from cases.models import Case, Sanction
from cases.sanctionlaw import Kind

TEMPLATES: dict[str, tuple[str, ...]] = {
    Kind.LIMIT_CONSUMPTION: ("CONSUMPTION",),
    Kind.DISHONEST: ("DISHONEST",),
    Kind.FINE: ("FINE", "FINE_UNIT"),
    Kind.DETENTION: ("DETENTION",),
    Kind.EXIT_LIMIT: ("EXIT_BAN",),
}
KINDS = {code: Kind(kind) for kind, codes in TEMPLATES.items() for code in codes}
NUMBER = re.compile(r"\s*(.{6,40}?号(?:之[一二三四五六七八九十百]+)?)")


def decision(sanction: Sanction, document: str) -> tuple[str, list[OfField]]:
    """Return the words for the paper that orders the measure, or why none does.

    What is typed begins with its number; without it the newest one issued here to the debtor is taken. A listing is
    effective as its decision is made (失信名单规定 5), so it needs one now; any other is named within days (the desk).
    """
    papers, document = papers_of(sanction.case), document.strip()
    rows = issued(papers, TEMPLATES[sanction.kind])
    fitting = [row for row in rows if not row.parties or sanction.party_id in row.parties]
    found = NUMBER.match(document) or NUMBER.match(sanction.document)
    if not document and fitting:
        return fitting[0].words, []
    if found is None and not document and sanction.kind != Kind.DISHONEST:
        return "", []
    if found is None:
        text = _("请先签发%(kind)s的决定文书；系统外制作的，以“法院文书”种类扫描入卷、名称写明文号，再填写文号")
        return "", [OfField("document", text % {"kind": sanction.get_kind_display()})]
    number = found[1]
    if reasons := ruling_objections(sanction.case, number, name="document"):
        return "", reasons
    if not any(not row.is_issued or row in fitting for row in of_number(papers, number)):
        text = _("卷内没有文号为 %(number)s、对%(name)s的%(kind)s文书")
        words = {"number": number, "name": sanction.target, "kind": sanction.get_kind_display()}
        return "", [OfField("document", text % words)]
    return document or sanction.document, []


def running(case: Case, template: str, names: Collection[str]) -> Sanction | None:
    """Return the case's newest sanction that a paper of this template carries out, if it is proposed or in force.

    `names` are those whom the paper names: the debtor or who refuses to help, or those answerable for a unit.
    """
    rows = Sanction.objects.running().filter(case=case, kind=KINDS[template]).select_related("party").order_by("-id")
    return next((row for row in rows if names and {*names} <= {row.target, *row.persons}), None)
