"""What was typed of an application: who, what, which papers it needs and which are scanned."""

import contextlib
import json
from collections.abc import Mapping

from bureau import identity
from cases.models import Party
from intake import checklists
from intake.models import Application, FilingSource, Reception

NOT_MONEY = ("ACT", "DELIVERY")
Fields = Mapping[str, list[str]]


def describe(row: Application, fields: Fields) -> None:
    """Set what a list of applications prints and counts from the fields of the page."""
    sides = [_one(fields, "applicants-0-name"), _one(fields, "debtors-0-name")]
    row.title = "—".join(name[:90] for name in sides if name)
    row.basis_kind = _one(fields, "basis_kind").partition(":")[0]
    if row.basis_kind not in checklists.RULES:
        row.basis_kind = ""
    row.basis_number = _one(fields, "basis_number")[:100]
    row.asked = [str(paper) for paper in asked_of(fields)]
    row.scanned = sorted(scanned_of(fields))


def asked_of(fields: Fields) -> list[checklists.Paper]:
    """Return the papers that what was typed needs: the one list, before and after the acceptance."""
    kinds = [values[-1] for name, values in fields.items() if is_of(name, "claims", "kind")]
    return checklists.needed(
        _one(fields, "basis_kind").partition(":")[0],
        is_money=any(kind not in NOT_MONEY for kind in kinds),
        is_preserved=any(values[-1].strip() for name, values in fields.items() if is_of(name, "preserved", "thing")),
        is_transferred=_one(fields, "source-reason") == FilingSource.Reason.TRANSFER,
    )


def scanned_of(fields: Fields) -> set[str]:
    """Return the kinds of the scans that lie with the page."""
    return {
        _one(fields, f"{name.rpartition('-')[0]}-kind")[:16]
        for name, values in fields.items()
        if is_of(name, "materials", "token") and values[-1]
    }


def _one(fields: Fields, name: str) -> str:
    return (fields.get(name) or [""])[-1].strip()


def is_of(name: str, prefix: str, field: str) -> bool:
    """Return whether a name of the page is that field in a row of that set."""
    head, _dash, tail = name.partition("-")
    index, _dash, last = tail.partition("-")
    return head == prefix and last == field and index.isdigit()


def parties_of(application: Application) -> list[tuple[str, str]]:
    """Return every party whose name was typed, with the side in words: applicants first, in their order."""
    fields: dict[str, list[str]] = json.loads(application.payload)["fields"]
    found = []
    for prefix, side in (("applicants", Party.Side.APPLICANT), ("debtors", Party.Side.DEBTOR)):
        names = {int(name.split("-")[1]): name for name in fields if is_of(name, prefix, "name")}
        found += [(str(side.label), fields[name][-1]) for _key, name in sorted(names.items()) if fields[name][-1]]
    return found


def phones_of(application: Application) -> list[str]:
    """Return the applicants' telephones as they were typed, those that are none left out."""
    fields: dict[str, list[str]] = json.loads(application.payload)["fields"]
    found = []
    for name in sorted(name for name in fields if is_of(name, "applicants", "phone")):
        with contextlib.suppress(identity.InvalidNumber):
            found.append(identity.canonical_phone(fields[name][-1]))
    return found


def missing_of(application: Application) -> list[checklists.Paper]:
    """Return the papers that are neither scanned nor seen; of an accepted one, nor in the file of its case since."""
    asked = [checklists.Paper(code) for code in application.asked]
    scanned = set(application.scanned)
    if application.case is not None and not application.is_open:
        scanned |= {paper.kind for paper in application.case.materials.all()}
    return checklists.missing(asked, scanned=scanned, seen=application.seen)


def has_record(application: Application) -> bool:
    """Return whether it rests on a signed record of its window."""
    fields: dict[str, list[str]] = json.loads(application.payload)["fields"]
    named = _one(fields, "source-reception")
    if not (named.isascii() and named.isdigit() and len(named) < 12):
        return False
    kept = Reception.objects.filter(pk=named, window=application.window_id)
    return kept.filter(state__in=Reception.SEALED).exists()
