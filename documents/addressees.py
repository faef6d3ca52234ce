"""To whom a paper is addressed, as its first line names them; one without such a line goes to whom it concerns."""

import re

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bureau.errors import OfField
from cases.models import Party
from documents.library.declared import FieldKind
from documents.models import Document

LINE = re.compile(r"(\{\w+\}(?:、\{\w+\})*)：")
SIDES = {"applicants": Party.Side.APPLICANT, "debtors": Party.Side.DEBTOR}


def parties_of(document: Document) -> QuerySet[Party]:
    """Return the parties on whom the document may be served; none where it is addressed to a unit alone."""
    everybody = Party.objects.filter(case_id=document.case_id).order_by("side", "position")
    names = _named(document)
    if not names:
        return everybody
    fields = {field.name: field for field in document.template.spec.fields}
    typed, wanted = document.typed(), Q(pk__in=[])
    for name in names:
        if name in SIDES:
            wanted |= Q(side=SIDES[name])
        elif name in fields and fields[name].kind == FieldKind.PARTY:
            side, _mark, position = typed.get(name, "").partition(":")
            wanted |= Q(side=side, position=int(position)) if position.isdecimal() else Q()
        else:
            wanted |= Q(name=typed.get(name, "").strip())
    return everybody.filter(wanted)


def is_for_units(document: Document) -> bool:
    """Return whether somebody who is no party may be served: the paper names a unit, or nobody at all."""
    fields = {field.name: field for field in document.template.spec.fields}
    names = _named(document)
    parties = [name for name in names if name in SIDES or (name in fields and fields[name].kind == FieldKind.PARTY)]
    return not names or len(parties) < len(names)


def _named(document: Document) -> list[str]:
    for block in document.template.spec.blocks[:1]:
        if found := LINE.fullmatch(block.text):
            return re.findall(r"\w+", found[1])
    return []


def objections(document: Document, party: Party | None) -> list[OfField]:
    """Return why the document is not served on a party, or on somebody who is none."""
    if party is None:
        words = _("该文书的受送达人是当事人，请选择当事人")
        return [] if is_for_units(document) else [OfField("addressee", words)]
    allowed = parties_of(document)
    if party.case_id != document.case_id or allowed.filter(pk=party.pk).exists():
        return []
    names = _("、").join(row.name for row in allowed) or _("协助单位等案外单位")
    return [OfField("party", _("该文书写给%(names)s，不能送达给%(name)s") % {"names": names, "name": party.name})]
