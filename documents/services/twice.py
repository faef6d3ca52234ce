"""A paper of one template for one addressee that stands already: a second one is made on purpose, or not at all."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from cases.models import Case
from documents.library.declared import FieldKind, Kind
from documents.models import Document, Template

# To whom a paper goes who is no party: the unit that must help.
UNIT = "unit"
# Of these a case has several by nature: each orders, lists or takes down something else.
MANY = (Kind.RULING, Kind.RECORD, Kind.LIST, Kind.FORM)


def standing(case: Case, template: Template, values: Mapping[str, str]) -> list[Document]:
    """Return the valid documents of the template, of whatever version, that go to the same addressees; newest first."""
    names = [field.name for field in template.spec.fields if field.kind == FieldKind.PARTY or field.name == UNIT]
    wanted = [values.get(name, "").strip() for name in names]
    rows = Document.objects.filter(case=case, template__code=template.code, voided_by__isnull=True)
    rows = rows.defer("body").order_by("-issued_at", "-id")
    return [row for row in rows if [row.typed().get(name, "") for name in names] == wanted]


def second_of(case: Case, template: Template, values: Mapping[str, str]) -> str:
    """Return in words that a notice stands already; nothing for what a case has several of."""
    rows = [] if template.kind in MANY else standing(case, template, values)
    if not rows:
        return ""
    words = {"day": rows[0].issued_on, "title": rows[0].title}
    return _("已于 %(day)s 向同一受送达人签发有效的%(title)s；确需再签发一份的，请勾选“仍再签发一份”") % words
