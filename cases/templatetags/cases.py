"""How a case is printed in lists."""

from django import template
from django.utils.translation import gettext as _

from cases.export import names_of
from cases.models import Case, Party

register = template.Library()


@register.simple_tag
def side_names(case: Case, side: str) -> str:
    """Return the names of one side in order, from what is loaded."""
    return names_of(case, side)


@register.simple_tag
def party_names(case: Case) -> str:
    """Return the names of all parties, applicants first, from what is loaded."""
    sides = (names_of(case, side) for side in (Party.Side.APPLICANT, Party.Side.DEBTOR))
    return _("、").join(side for side in sides if side)
