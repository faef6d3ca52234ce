"""What rests on a party: asked when a party or the basis of a case turns out to be wrong."""

from assets.models import Control, ControlQuerySet
from cases.models import Party


def party(party: Party) -> ControlQuerySet:
    """Return the controls in force or in the queue on that party, which a correction must look at."""
    return Control.objects.filter(debtor=party).active().for_list().order_by("to_on", "id")
