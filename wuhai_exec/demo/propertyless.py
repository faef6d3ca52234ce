"""Debtors of whom the network finds nothing: whoever's case ends as 终本 has no money there to be frozen. Pure.

The simulated network answers by a debtor's number. Such a debtor gets another number, everywhere in the book the same.
"""

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from cases.filing import PartyData
from cases.propertynetwork import Simulator, sources
from wuhai_exec.demo.people import renumbered

if TYPE_CHECKING:
    from wuhai_exec.demo.plan import CasePlan


def emptied(plans: Iterable["CasePlan"]) -> list["CasePlan"]:
    """Return the book in which the network finds nothing of the debtors of cases that end as 终本."""
    rows = list(plans)
    poor = {party.id_number: party for plan in rows if plan.journey == "procedural" for party in _debtors(plan)}
    numbers = {number: _unfound(party).id_number for number, party in poor.items()}
    return [replace(plan, filing=replace(plan.filing, parties=_renamed(plan, numbers))) for plan in rows]


def _debtors(plan: "CasePlan") -> list[PartyData]:
    return [party for party in plan.filing.parties if party.side == "DEBTOR"]


def _unfound(party: PartyData) -> PartyData:
    network, rng = Simulator(), Random(f"propertyless:{party.id_number}")
    while any(network.finds(source, party.id_number) for source in sources()):
        party = renumbered(party, rng)
    return party


def _renamed(plan: "CasePlan", numbers: dict[str, str]) -> tuple[PartyData, ...]:
    return tuple(
        replace(party, id_number=numbers.get(party.id_number, party.id_number)) for party in plan.filing.parties
    )
