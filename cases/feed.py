"""A calendar feed (RFC 5545) of one person's deadlines: case number, what is due, and the day; no name, no sum."""

import datetime as dt
from collections.abc import Iterable, Iterator

from cases.dues import Due
from cases.models import Deadline
from cases.nodes import BY_CODE

LINE_BYTES_MAX = 75


def text_of(rows: Iterable[Deadline], dues: Iterable[Due], *, at: dt.datetime) -> str:
    """Return the feed's text; the server's product name is fixed, each event keeps its identity when it moves."""
    stamp = at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wuhai_exec//deadlines//ZH", "CALSCALE:GREGORIAN"]
    for row in rows:
        lines += _event(f"deadline-{row.pk}", row.due_on, f"{row.case.display_number} {row.rule.label}", stamp)
    for due in dues:
        # The row of the node table: what the pages add to it, an amount, is not for a calendar on a phone.
        said = f"{due.case.display_number} {BY_CODE[due.node].label}"
        lines += _event(f"{due.node.lower()}-{due.key}", due.on, said, stamp)
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in _folded(line))


def _event(key: str, on: dt.date, summary: str, stamp: str) -> list[str]:
    ends_on = on + dt.timedelta(days=1)
    return [
        "BEGIN:VEVENT",
        f"UID:{key}@wuhai_exec",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{ends_on:%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> Iterator[str]:
    """Cut a line at 75 octets without cutting a character; every further part begins with a blank."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > LINE_BYTES_MAX:
            yield part
            part = " "
        part += sign
    yield part
