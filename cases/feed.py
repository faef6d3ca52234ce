"""A calendar feed (RFC 5545) of one person's deadlines: case number, what is due, and the day; no name of anybody."""

import datetime as dt
from collections.abc import Iterable, Iterator

from cases.models import Deadline

LINE_BYTES_MAX = 75


def text_of(rows: Iterable[Deadline], *, at: dt.datetime) -> str:
    """Return the feed's text; the server's product name is fixed, each event keeps its identity when it moves."""
    stamp = at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wuhai_exec//deadlines//ZH", "CALSCALE:GREGORIAN"]
    for row in rows:
        lines += _event(row, stamp)
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in _folded(line))


def _event(row: Deadline, stamp: str) -> list[str]:
    ends_on = row.due_on + dt.timedelta(days=1)
    return [
        "BEGIN:VEVENT",
        f"UID:deadline-{row.pk}@wuhai_exec",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{row.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{ends_on:%Y%m%d}",
        f"SUMMARY:{_escaped(f'{row.case.display_number} {row.rule.label}')}",
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
