"""A paper that puts a sanction on somebody follows a proposal for that person; the president's signature decides it."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.money import yuan
from cases import sanctionpapers
from cases.models import Case, Sanction
from cases.services.sanctions import decide_by
from documents.library.declared import FieldKind
from documents.library.force import PUNISHED
from documents.models import Document, Template


def is_sanctioning(template: Template) -> bool:
    """Return whether a document of the template puts a sanction on a debtor."""
    return template.code in sanctionpapers.KINDS


def ordered(case: Case, template: Template, values: Mapping[str, str]) -> Sanction | None:
    """Return the sanction, proposed or in force, that a paper with these values carries out; none where there is none.

    Raises Refused if the paper would put a sanction on somebody for whom none was proposed.
    """
    if not is_sanctioning(template):
        return None
    found = sanctionpapers.running(case, template.code, _names(case, template, values))
    if found is None:
        raise Refused(of_field(_field(template), unproposed(template)))
    _refuse_otherwise(found, values)
    return found


def _refuse_otherwise(sanction: Sanction, values: Mapping[str, str]) -> None:
    # What was proposed is what is signed: no other sum, no other number of days.
    wanted = {"fine": sanction.amount, "days": sanction.days}
    for name, most in wanted.items():
        typed = values.get(name, "").strip().replace(",", "").replace("，", "")
        if typed and most is not None and typed.replace(".", "", 1).isdecimal() and Decimal(typed) != most:
            raise Refused(
                of_field(name, _("与提请审批的 %(value)s 不一致") % {"value": yuan(most) if name == "fine" else most})
            )


def wanting(case: Case, template: Template, values: Mapping[str, str]) -> str:
    """Return why a paper with these values cannot be drawn up for want of a sanction; nothing where it can."""
    try:
        ordered(case, template, values)
    except Refused as refusal:
        return str(refusal)
    return ""


def unproposed(template: Template) -> str:
    """Return why the paper cannot be drawn up yet, in words."""
    words = {"title": template.title, "kind": sanctionpapers.KINDS[template.code].label}
    return _("本案没有对该被执行人提请或者批准的%(kind)s，不能拟制%(title)s；请先在“强制措施”页提请") % words


def decide(sanction: Sanction | None, document: Document, *, at: dt.datetime, actor: User) -> None:
    """Let the signed paper decide the proposal that it carries out, and be named as its paper."""
    if sanction is not None:
        decide_by(sanction, f"{document.number} {document.title}", at=at, actor=actor)


def _field(template: Template) -> str:
    # A penalty names the punished in words, any other paper chooses a party.
    return next((row.name for row in template.spec.fields if row.kind == FieldKind.PARTY), PUNISHED.name)


def _names(case: Case, template: Template, values: Mapping[str, str]) -> set[str]:
    name = _field(template)
    typed = values.get(name, "").strip()
    if name == PUNISHED.name:
        return {part.strip() for part in typed.split("、") if part.strip()}
    side, _mark, position = typed.partition(":")
    parties = case.parties.filter(side=side, position=position if position.isdecimal() else 0)
    return set(parties.values_list("name", flat=True))
