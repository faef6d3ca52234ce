"""The node table to be read: every row, live or declared only, with its legal basis as cited for an act of a day."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases import nodes
from cases.law import cite
from cases.nodes import Node
from cases.sentences import SENTENCES

LIVE, ELSEWHERE, COVERED, DECLARED = "LIVE", "ELSEWHERE", "COVERED", "DECLARED"


@dataclass(frozen=True, slots=True)
class Line:
    """One row in words; `state` says who watches it."""

    node: Node
    state: str
    word: str
    begins: list[str]
    owner: str | Promise
    basis: str


def lines(*, on: dt.date) -> list[Line]:
    """Return every row in the order of the handbook, the bureau's own last, cited as for an act of that day."""
    rows = sorted(
        nodes.NODES, key=lambda node: (not node.number.isdigit(), int(node.number) if node.number.isdigit() else 0)
    )
    return [_line(node, on) for node in rows]


def _line(node: Node, on: dt.date) -> Line:
    state = _state(node)
    begins = [str(SENTENCES[verb]) for verb in (*node.triggers, *node.renewed_by) if verb in SENTENCES]
    return Line(node, state, _word(node, state), begins, nodes.OWNER_LABELS[node.owner], cite(node.basis, on=on))


def _state(node: Node) -> str:
    if node.is_elsewhere:
        return ELSEWHERE
    if node.is_live:
        return LIVE
    return COVERED if node.covered_by else DECLARED


def _word(node: Node, state: str) -> str:
    if state == COVERED:
        return _("随“%(node)s”提醒") % {"node": nodes.BY_CODE[node.covered_by].label}
    return {LIVE: _("自动计时"), ELSEWHERE: _("由案款模块计时"), DECLARED: _("仅列明，尚未自动计时")}[state]
