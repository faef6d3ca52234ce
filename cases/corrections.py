"""What may be corrected in a filed case, by whom and with whom, and what a room answers about the old value."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import User
from bureau.roles import has_role
from cases.models import Case, Claim, Correction, Party
from cases.models.leadership import leads

Target = Correction.Target
# What may be corrected of each target, in the order of its form.
FIELDS: dict[str, tuple[str, ...]] = {
    Target.PARTY: ("kind", "name", "id_kind", "id_number", "phone", "address", "legal_representative"),
    Target.BASIS: (
        *("basis_kind", "basis_title", "basis_issuer", "basis_number", "basis_made_on", "basis_effective_on"),
        *("performance_due_on", "cause"),
    ),
    Target.CLAIM: ("kind", "amount", "base", "rate", "from_on", "is_doubled", "note"),
    Target.ADDED: ("kind", "amount", "base", "rate", "from_on", "is_doubled", "note"),
}
MODELS: dict[str, type[models.Model]] = {
    Target.PARTY: Party,
    Target.BASIS: Case,
    Target.CLAIM: Claim,
    Target.ADDED: Claim,
}
# What changes the sum claimed.
CLAIMS = frozenset({Target.CLAIM, Target.ADDED})
# Where a person may be reached: it does not say who he is.
CONTACT_FIELDS = frozenset({"phone", "address"})
# What only those may read in full who compare it with the paper.
NUMBERS = frozenset({"id_number", "phone"})


class UseKind(models.TextChoices):
    """What was done on the old value."""

    PAPER = "PAPER", gettext_lazy("文书")
    QUERY = "QUERY", gettext_lazy("查询")
    CONTROL = "CONTROL", gettext_lazy("财产控制")
    MONEY = "MONEY", gettext_lazy("案款")
    WORK = "WORK", gettext_lazy("办理事项")


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that a room did on the old value; `key` names it for the room that puts it right.

    A CONTROL names in `facts` what its release ruling needs: `ruling` (its number), `thing` (in words), `from_on`.
    `is_fallback` gives way to a CONTROL of another room under the same ruling.
    """

    room: str
    kind: str  # UseKind
    label: str
    url: str
    key: str
    is_reissuable: bool = False
    is_red: bool = False
    is_fallback: bool = False
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind_label(self) -> str:
        """Return the kind in words."""
        return str(UseKind(self.kind).label)

    @property
    def document_id(self) -> str:
        """Return the key of the issued document that it is, or nothing."""
        room, _mark, pk = self.key.partition(":")
        return pk if room == "document" else ""


def uses_of(case: Case, correction: Correction) -> list[Use]:
    """Ask every room of settings.CORRECTION_USES what it did on the old value; red first."""
    rows: list[Use] = []
    for path in settings.CORRECTION_USES:
        rows += import_string(path)(case, correction)
    named = {row.facts.get("ruling") for row in rows if row.kind == UseKind.CONTROL and not row.is_fallback}
    kept = [row for row in rows if not (row.is_fallback and row.facts.get("ruling") in named)]
    return sorted(kept, key=lambda row: (not row.is_red, UseKind.values.index(row.kind)))


def values_of(subject: models.Model, target: str) -> dict[str, str]:
    """Return what stands now, as canonical text: ISO days, plain sums, `1` for yes."""
    return {name: _text(getattr(subject, name)) for name in FIELDS[target]}


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def blank_claim(case: Case) -> Claim:
    """Return a claim that the case does not have yet, at its next place: nothing stands in it."""
    last = max((claim.position for claim in case.claims.all()), default=0)
    return Claim(case=case, position=last + 1, kind="", is_doubled=False)


def canonical(values: Mapping[str, Any], target: str) -> dict[str, str]:
    """Return a form's cleaned values as the same kind of text."""
    return {name: _text(values.get(name)) for name in FIELDS[target]}


def put(subject: models.Model, name: str, text: str) -> None:
    """Set one field from canonical text."""
    column = subject._meta.get_field(name)
    value: Any = text
    if isinstance(column, models.BooleanField):
        value = bool(text)
    elif isinstance(column, models.DateField):
        value = dt.date.fromisoformat(text) if text else None
    elif isinstance(column, models.DecimalField):
        value = Decimal(text) if text else None
    setattr(subject, name, value)


def label_of(name: str, target: str) -> str:
    """Return what a field is called."""
    return str(getattr(MODELS[target]._meta.get_field(name), "verbose_name", name))


def shown(name: str, target: str, text: str) -> str:
    """Return a value in words: choices by their label, yes and no; a missing one is a dash."""
    column = MODELS[target]._meta.get_field(name)
    if isinstance(column, models.BooleanField):
        return _("是") if text else _("否")
    choices: dict[str, Any] = dict(getattr(column, "flatchoices", ()) or ())
    return str(choices.get(text, text)) or "—"


def total_after(case: Case, correction: Correction) -> Decimal:
    """Return the amount claimed as it is after the correction, in yuan."""
    if correction.target not in CLAIMS or correction.is_confirmed:
        return case.amount_claimed
    old, new = correction.pairs().get("amount", ("", ""))
    return case.amount_claimed - Decimal(old or 0) + Decimal(new or 0)


def means_another_person(party: Party, changes: Mapping[str, tuple[str, str]]) -> bool:
    """Return whether the debtor so far was, by his number, somebody else; by his name where no number was known."""
    if party.side != Party.Side.DEBTOR:
        return False
    if "id_number" in changes:
        return bool(changes["id_number"][0])
    return "name" in changes and not party.id_number


def _is_clerk_of_window(case: Case, user: User) -> bool:
    return has_role(user, "WINDOW_CLERK") and user.window_id == case.filing_window_id


def _is_dispatcher(case: Case, user: User) -> bool:
    return has_role(user, "DISPATCHER")


def _decides(case: Case, user: User) -> bool:
    return case.judge_id == user.pk


def _holds(case: Case, user: User) -> bool:
    return has_role(user, "OFFICER", "ASSISTANT") and case.team_id is not None and case.team_id == user.team_id


def _is_chief(case: Case, user: User) -> bool:
    return leads(case, user, "CHIEF")


Duty = Callable[[Case, User], bool]
# Who proposes, before and after a judge is fixed (局内规定, domain handbook §2.4: two people).
PROPOSERS: dict[bool, tuple[Duty, ...]] = {False: (_is_clerk_of_window,), True: (_holds, _decides)}
# Who confirms: (identity or contact of a party, basis, claim; is a judge fixed).
CONFIRMERS: dict[tuple[str, bool], tuple[Duty, ...]] = {
    ("IDENTITY", False): (_is_dispatcher, _is_clerk_of_window),
    ("CONTACT", False): (_is_dispatcher, _is_clerk_of_window),
    ("BASIS", False): (_is_dispatcher, _is_clerk_of_window),
    ("CLAIM", False): (_is_dispatcher, _is_clerk_of_window),
    ("ADDED", False): (_is_dispatcher, _is_clerk_of_window),
    ("IDENTITY", True): (_decides,),
    ("CONTACT", True): (_decides, _holds),
    ("BASIS", True): (_decides,),
    ("CLAIM", True): (_decides,),
    ("ADDED", True): (_decides,),
}
# Who confirms what the judge of the case himself proposes, beside the row above.
CONFIRMERS_FOR_JUDGE: tuple[Duty, ...] = (_is_chief,)


def weight_of(correction: Correction) -> str:
    """Return by which row of CONFIRMERS the correction is confirmed."""
    if correction.target != Target.PARTY:
        return correction.target
    return "CONTACT" if set(correction.fields) <= CONTACT_FIELDS else "IDENTITY"


def may_propose(case: Case, user: User) -> bool:
    """Return whether the user may propose a correction of the case now; an archived file stays as it is."""
    if not user.has_perm("cases.propose_correction") or case.stage == Case.Stage.ARCHIVED:
        return False
    return any(duty(case, user) for duty in PROPOSERS[case.judge_id is not None])


def may_confirm(correction: Correction, case: Case, user: User) -> bool:
    """Return whether the user is the second person of this correction."""
    if not correction.is_open or correction.proposed_by_id == user.pk or not user.has_perm("cases.confirm_correction"):
        return False
    duties = CONFIRMERS[weight_of(correction), case.judge_id is not None]
    if correction.proposed_by_id == case.judge_id:
        duties += CONFIRMERS_FOR_JUDGE
    return any(duty(case, user) for duty in duties)


def may_clear(correction: Correction, case: Case, user: User) -> bool:
    """Return whether the user may say that what was held against the wrong person is released: judge or handler."""
    if not correction.is_alarm or not user.has_perm("cases.propose_correction"):
        return False
    return user.pk in (case.judge_id, case.owner_id)
