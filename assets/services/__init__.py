"""Every change to what is controlled; import the module and call its plain verbs."""

from assets.services.controls import activate_control, release_control, renew_control, take_control
from assets.services.duties import acts_for, may_keep
from assets.services.keepers import name_keeper
from assets.services.lapses import explain_lapse, lapse_controls
from assets.services.preserved import take_over_preserved

__all__ = [
    "activate_control",
    "acts_for",
    "explain_lapse",
    "lapse_controls",
    "may_keep",
    "name_keeper",
    "release_control",
    "renew_control",
    "take_control",
    "take_over_preserved",
]
