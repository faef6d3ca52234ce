"""The node timetable of domain handbook §5 as one table: 74 rows and the bureau's own, with their legal basis."""

from cases.nodes import money, property, remedies, start
from cases.nodes.counting import Level, counted, is_alert_day, level_on, next_alert_on, stated
from cases.nodes.node import CLOSING, OWNER_LABELS, Kind, Node, Owner

NODES: tuple[Node, ...] = (*start.NODES, *property.NODES, *money.NODES, *remedies.NODES)
BY_CODE: dict[str, Node] = {node.code: node for node in NODES}
LIVE: tuple[Node, ...] = tuple(node for node in NODES if node.is_live)
# What a query found and asks to be controlled: ended by a control, or by a reason why there is none.
EXCUSABLE: tuple[str, ...] = tuple(node.code for node in LIVE if node.excuses)


def _by_verb(pairs: list[tuple[str, Node]]) -> dict[str, tuple[Node, ...]]:
    verbs = {verb for verb, _node in pairs}
    return {verb: tuple(node for name, node in pairs if name == verb) for verb in verbs}


# What an event's verb opens, closes, cancels and reopens; a node that its own trigger fulfils is born fulfilled.
OPENED_BY = _by_verb([(verb, node) for node in LIVE for verb in (*node.triggers, *node.renewed_by)])
CLOSED_BY = _by_verb(
    [(verb, node) for node in LIVE for verb in (*node.fulfilled_by, *node.renewed_by) if verb not in node.triggers]
)
CANCELLED_BY = _by_verb([(verb, node) for node in LIVE for verb in node.cancelled_by])
REOPENED_BY = _by_verb([(verb, node) for node in LIVE for verb in node.reopened_by])
VERBS = frozenset(OPENED_BY) | frozenset(CLOSED_BY) | frozenset(CANCELLED_BY) | frozenset(REOPENED_BY)

__all__ = [
    "BY_CODE",
    "CANCELLED_BY",
    "CLOSED_BY",
    "CLOSING",
    "EXCUSABLE",
    "LIVE",
    "NODES",
    "OPENED_BY",
    "OWNER_LABELS",
    "REOPENED_BY",
    "VERBS",
    "Kind",
    "Level",
    "Node",
    "Owner",
    "counted",
    "is_alert_day",
    "level_on",
    "next_alert_on",
    "stated",
]
