"""The papers that the acts of a case name: asked of the rooms that keep them (`settings.CASE_EVIDENCE`).

An act names a document issued here, or the scan in the file of one made outside the system, with its number and day;
free words name nothing.
"""

import datetime as dt
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from bureau.errors import OfField
from cases import casenumber
from cases.models import Case, Party

# Papers of a case are numbered by it; a review of it has a docket of its own (执异, 执复, 执监 …).
OWN_TYPES = frozenset(Case.TypeCode.values)
# The kind of material that is a paper of a court: made outside the system, or by a court above.
COURT_PAPER = "COURT"
SERVICE_PROOF = "SERVICE"
# What a document's text says stays Chinese.
HALF_WIDTH = str.maketrans("（）", "()")
WORDS_OUTSIDE = "{number}（{made_on}作出，系统外制作）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper of a case: a document issued here, or a material received.

    `ref` is its name in the record ("document:12", "material:5"), `code` the template's code or the material's kind;
    `parties` are the keys of those to whom it is addressed, none for everybody; `values` is what was typed into a
    document issued here, as JSON.
    """

    ref: str
    code: str
    title: str
    on: dt.date
    url: str
    is_issued: bool
    number: str = ""
    is_void: bool = False
    is_served: bool = False
    is_sent: bool = False  # service has begun, or is done
    parties: frozenset[int] = frozenset()
    values: str = "{}"

    @property
    def says(self) -> dict[str, str]:
        """Return what was typed into its fields."""
        return dict(json.loads(self.values))

    @property
    def words(self) -> str:
        """Return number and title, as an act that names it is recorded."""
        return f"{self.number} {self.title}".strip()

    @property
    def label(self) -> str:
        """Return day, number and title, as a list offers it."""
        return f"{self.on} {self.words}"


@dataclass(frozen=True, slots=True)
class Cited:
    """The document an act names: `paper` is one issued here, or the scan of one made outside with number and day."""

    paper: str = ""
    number: str = ""
    made_on: dt.date | None = None

    def __bool__(self) -> bool:
        return bool(self.paper or self.number.strip() or self.made_on)


@dataclass(frozen=True, slots=True)
class Found:
    """What a citation came to: the words to keep, the paper's ref, and what is wrong with it.

    `on` is the day on which the document was made, `says` what a document issued here says in its fields.
    """

    words: str = ""
    ref: str = ""
    on: dt.date | None = None
    says: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[OfField, ...] = ()


def papers_of(case: Case) -> dict[str, Paper]:
    """Return the papers of a case by ref, oldest first; those whose reading is restricted prove nothing here."""
    rows = [paper for path in settings.CASE_EVIDENCE for paper in import_string(path)(case)]
    return {paper.ref: paper for paper in rows}


def issued(papers: Mapping[str, Paper], codes: Collection[str]) -> list[Paper]:
    """Return the documents of these templates that were issued and not voided, newest first."""
    fitting = [row for row in papers.values() if row.is_issued and row.code in codes and not row.is_void]
    return sorted(fitting, key=lambda row: (row.on, int(row.ref.partition(":")[2])), reverse=True)


def reached(papers: Mapping[str, Paper], code: str, debtors: Collection[int], *, served: bool = False) -> set[int]:
    """Return those of the debtors to whom a document of the template was issued, or has been served."""
    rows = [row for row in issued(papers, (code,)) if row.is_served or not served]
    return {pk for pk in debtors for row in rows if not row.parties or pk in row.parties}


def are_issued(case: Case, codes: Collection[str]) -> bool:
    """Return whether a document of each template has been issued to every debtor."""
    papers, debtors = papers_of(case), debtors_of(case)
    return bool(debtors) and all(reached(papers, code, debtors) == set(debtors) for code in codes)


def debtors_of(case: Case) -> dict[int, str]:
    """Return the names of the debtors by key, in their order."""
    rows = case.parties.filter(side=Party.Side.DEBTOR).order_by("position")
    return dict(rows.values_list("pk", "name"))


def scans(papers: Mapping[str, Paper]) -> list[Paper]:
    """Return the scans of papers of a court, newest first."""
    return [row for row in reversed(list(papers.values())) if row.code == COURT_PAPER and not row.is_issued]


def of_number(papers: Mapping[str, Paper], number: str) -> list[Paper]:
    """Return what bears a number: documents issued and not voided, and scans of a court's papers titled with it."""
    try:
        wanted = casenumber.parse(number).canonical
    except ValueError:
        wanted = number.strip()
    if not wanted:
        return []
    whole = re.compile(re.escape(wanted) + r"(?![之\d])")
    own = [row for row in papers.values() if row.is_issued and not row.is_void and row.number == wanted]
    return own + [row for row in scans(papers) if whole.search(row.title.translate(HALF_WIDTH).replace(" ", ""))]


def in_file(case: Case) -> list[Paper]:
    """Return what an act on money may rest on, newest first: documents issued and not voided, materials received."""
    return [row for row in reversed(list(papers_of(case).values())) if not row.is_void]


def named(case: Case, ref: str) -> Paper | None:
    """Return the paper of the case's file that an act names, or nothing where there is no such paper."""
    return {row.ref: row for row in in_file(case)}.get(ref)


def spent(case: Case) -> dict[str, frozenset[str]]:
    """Return the papers by which the case was handed over, was halted or went on, each with what it showed of a pack.

    One document serves one act; the scan of both notices of the start serves one pack.
    """
    halts = [*case.suspensions.values_list("paper", "resume_paper"), *case.stays.values_list("paper", "resume_paper")]
    refs = [*(ref for row in halts for ref in row), *case.settlements.values_list("ruling_paper", flat=True)]
    found = {ref: frozenset[str]() for ref in refs if ref}
    for kept in case.handovers.values_list("outside", flat=True):
        for code, item in kept.items():
            if ref := item.get("paper"):
                found[ref] = found.get(ref, frozenset()) | {code}
    return found


def find(case: Case, cited: Cited, *, codes: Collection[str], on: dt.date) -> Found:
    """Return what the act's document is, or why it names none; `codes` are the fitting templates."""
    papers = papers_of(case)
    paper = {row.ref: row for row in issued(papers, codes)}.get(cited.paper)
    if paper is not None:
        return Found(paper.words, paper.ref, paper.on, paper.says)
    return outside(case, cited, papers, on=on)


def outside(case: Case, cited: Cited, papers: Mapping[str, Paper], *, on: dt.date) -> Found:
    """Return the document made outside the system whose scan is in the file, or why none is named."""
    if not cited.paper:
        words = _(
            "请选择本案已签发的文书；系统外制作的，先扫描入卷（材料种类选“法院文书”）再选择，并填写文号和作出日期"
        )
        return Found(reasons=(OfField("paper", words),))
    scan = {row.ref: row for row in scans(papers)}.get(cited.paper)
    if scan is None:
        return Found(reasons=(OfField("paper", _("所选文书不是本案已签发、未作废的相应文书，也不是法院文书的扫描件")),))
    if reasons := number_objections(case, cited.number, cited.made_on, on=on):
        return Found(reasons=tuple(reasons))
    number = casenumber.parse(cited.number).canonical
    return Found(WORDS_OUTSIDE.format(number=number, made_on=cited.made_on), scan.ref, on=cited.made_on)


def ruling_objections(case: Case, number: str, *, name: str = "ruling") -> list[OfField]:
    """Return why a number is not one of a ruling of this case, of the one it revives, or of a docket of review."""
    if not case.number:
        return []
    try:
        parsed = casenumber.parse(number)
    except ValueError as error:
        return [OfField(name, error)]
    plain = parsed.canonical.removesuffix(parsed.suffix)
    revived = case.revivals.values_list("number", flat=True)
    own = {case.number, getattr(case.revives, "number", ""), *revived}
    if plain in own or (parsed.type_code not in OWN_TYPES and not parsed.is_legacy):
        return []
    return [OfField(name, _("文号 %(number)s 不是本案的文号") % {"number": parsed.canonical})]


def number_objections(case: Case, number: str, made_on: dt.date | None, *, on: dt.date) -> list[OfField]:
    """Return why a number and a day do not name a document made outside the system for this case."""
    if not number.strip():
        return [OfField("number", _("请填写系统外制作的文书的文号"))]
    try:
        parsed = casenumber.parse(number)
    except ValueError as error:
        return [OfField("number", error)]
    reasons = []
    plain = parsed.canonical.removesuffix(parsed.suffix)
    if parsed.is_legacy or (parsed.type_code in OWN_TYPES and case.number and plain != case.number):
        reasons.append(OfField("number", _("文号 %(number)s 不是本案的文号") % {"number": parsed.canonical}))
    if made_on is None:
        reasons.append(OfField("made_on", _("请填写文书作出日期")))
    elif not case.filed_on <= made_on <= on:
        reasons.append(OfField("made_on", _("文书作出日期应在立案日至今天之间")))
    return reasons
