"""The declared documents of the bureau (domain handbook §9); a stored version of each is in force from its day."""

from documents.library import closing, control, filing, force, outcome, sale, sanctions
from documents.library.declared import Spec

LIBRARY: tuple[Spec, ...] = (
    *(*filing.SPECS, *control.SPECS, *sale.SPECS, *outcome.SPECS),
    *(*sanctions.SPECS, *force.SPECS, *closing.SPECS),
)
BY_CODE: dict[str, Spec] = {spec.code: spec for spec in LIBRARY}
