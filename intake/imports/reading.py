"""What both workbooks of cases share: faults by page, row and column, and rows that are parts of one case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from cases.models import Party
from intake.forms import ROWS_MAX as PARTIES_MAX
from intake.imports.cells import cell_text, day_of

ROWS_MAX = 2000
LINES_MAX = 20_000  # with the empty ones, which Excel likes to leave below
CASES_MAX = 300
FAULTS_MAX = 500
UNZIPPED_MAX = 40 * 2**20


class Parts(Protocol):
    """The parts of a case that both kinds of draft have, as text by field."""

    applicants: list[dict[str, Any]]
    debtors: list[dict[str, Any]]
    claims: list[dict[str, Any]]


Draft = TypeVar("Draft", bound=Parts)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; never quotes what stands there, for it may be personal."""

    page: str
    position: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns of a page are of the whole case, of a party, of a claim item."""

    page: str
    case: Collection[str]
    party: Collection[str]
    claim: Collection[str]


@dataclass(slots=True)
class Entry(Generic[Draft]):
    """One case: its draft, and in which row each part of it stands."""

    key: str
    position: int
    draft: Draft
    rows: dict[tuple[str, int], int] = field(default_factory=dict)
    said_in: dict[str, int] = field(default_factory=dict)

    def put(self, part: str, position: int, row: dict[str, Any]) -> None:
        """Keep one more row of a part."""
        rows: list[dict[str, Any]] = getattr(self.draft, part)
        self.rows[part, len(rows)] = position
        rows.append(row)

    def place(self, part: str, index: int, name: str) -> tuple[int, str]:
        """Return the row and the column in which a field of a part stands."""
        column = {"kind": "claim_kind"}.get(name, name) if part == "claims" else name
        return self.rows.get((part, index)) or self.said_in.get(column, self.position), column


@dataclass(slots=True)
class Reading(Generic[Draft]):
    """A workbook as read: its cases by what names them, and everything that is wrong."""

    sha256: str
    columns: Mapping[str, Mapping[str, str]]  # headings by page and field
    row_count: int = 0
    entries: dict[str, Entry[Draft]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    bad: set[tuple[str, int, str]] = field(default_factory=set)

    def add(self, page: str, position: int, name: str, reason: object) -> None:
        """Keep the first faults, one for a cell; count them all."""
        if name and (page, position, name) in self.bad:
            return
        self.bad.add((page, position, name))
        self.fault_count += 1
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(Fault(page, position, self.columns[page].get(name, ""), str(reason)))

    def add_at(self, page: str, entry: Entry[Draft], part: str, index: int, name: str, reason: object) -> None:
        """Name what is wrong with one part of a case by the row and the column in which it stands."""
        self.add(page, *entry.place(part, index, name), reason)

    def said(
        self,
        page: str,
        position: int,
        cells: Mapping[str, Any],
        *,
        known: Mapping[str, Mapping[str, str]],
        days: Collection[str],
    ) -> dict[str, str]:
        """Return the text of each cell: days as forms take them, known words as their codes; wrong ones are noted."""
        said = {}
        for name, value in cells.items():
            try:
                text = cell_text(value)
                if name in days:
                    text = day_of(text)
                if text and name in known:
                    if text not in known[name]:
                        raise ValueError(_("不是可填的内容，可填内容见模板的填写说明"))
                    text = known[name][text]
            except ValueError as error:
                self.add(page, position, name, error)
                text = ""
            said[name] = text
        return said

    def take(
        self, entry: Entry[Draft], whole: dict[str, Any], position: int, said: Mapping[str, str], shape: Shape
    ) -> None:
        """Take one row into its case: what belongs to the `whole` of it, a party, a claim item."""
        for name in shape.case:
            if text := said.get(name, ""):
                first = entry.said_in.setdefault(name, position)
                if whole.setdefault(name, text) != text:
                    self.add(shape.page, position, name, _("与第 %(row)d 行同一案件的内容不一致") % {"row": first})
        party = {name: said.get(name, "") for name in shape.party}
        if any(party.values()) or said.get("side"):
            self._take_party(entry, position, said.get("side", ""), party, shape.page)
        claim = {name: said.get(name, "") for name in shape.claim}
        if any(claim.values()):
            entry.put("claims", position, {**claim, "kind": claim["claim_kind"]})

    def _take_party(self, entry: Entry[Draft], position: int, side: str, party: dict[str, str], page: str) -> None:
        if not side:
            self.add(page, position, "side", _("请填写诉讼地位"))
            return
        part = "applicants" if side == Party.Side.APPLICANT else "debtors"
        if part == "debtors":
            for name in ("account", "bank_name", "bank_code"):
                if party.get(name):
                    self.add(page, position, name, _("只有申请执行人填写收款账户"))
            for name in ("service_address", "has_e_consent", "e_address", "has_ruling_consent"):
                if party.get(name):
                    self.add(page, position, name, _("只有申请执行人填写送达地址确认"))
        if len(getattr(entry.draft, part)) >= PARTIES_MAX:
            self.add(page, position, "side", _("一方最多 %(count)d 人") % {"count": PARTIES_MAX})
            return
        entry.put(part, position, party)

    def check_parts(self, page: str, entry: Entry[Draft]) -> None:
        """Note what a case lacks; two of them may concern the same cell, said once is enough there."""
        needed = (
            (entry.draft.applicants, "side", _("该案没有申请执行人")),
            (entry.draft.debtors, "side", _("该案没有被执行人")),
            (entry.draft.claims, "claim_kind", _("该案没有执行请求")),
        )
        for rows, name, reason in needed:
            if not rows:
                self.add(page, entry.position, name, reason)
