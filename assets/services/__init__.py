"""Every change to what is controlled; import the module and call its plain verbs."""

from assets.services.controls import act_objections, activate_control, release_control, renew_control, take_control
from assets.services.duties import acts_for, may_keep
from assets.services.keepers import kept_by, name_keeper, named_keeper, pass_keeping
from assets.services.lapses import explain_lapse, lapse_controls
from assets.services.preserved import take_over_old, take_over_preserved
from assets.services.queueing import activate_freed, confirm_control, requeue_control

__all__ = [
    "act_objections",
    "activate_control",
    "activate_freed",
    "acts_for",
    "confirm_control",
    "explain_lapse",
    "kept_by",
    "lapse_controls",
    "may_keep",
    "name_keeper",
    "named_keeper",
    "pass_keeping",
    "release_control",
    "renew_control",
    "requeue_control",
    "take_control",
    "take_over_old",
    "take_over_preserved",
]
