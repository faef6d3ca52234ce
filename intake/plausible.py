"""Answers that cannot be: the record is held to the same checks of numbers, days and sums as the filing it becomes."""

import datetime as dt
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from bureau import identity
from cases.models import Party
from intake.questionbook import ORGANISATION
from intake.questions import day_of, sum_of

# What people say where they do not know.
UNKNOWN = ("不知道", "不详", "不清楚", "无", "没有")
SUMS = ("principal", "interest", "court_fee")
Answers = Mapping[str, str]


def is_known(text: str) -> bool:
    """Return whether an answer says anything; to say that it is not known says nothing."""
    return text.strip().rstrip("。.！!") not in UNKNOWN


def impossible(said: Answers, *, subject: str, today: dt.date) -> dict[str, str]:
    """Return why an answer cannot be, by key; what was not answered, or is not known, is no fault."""
    is_person = subject == Party.Kind.PERSON
    checks: dict[str, Callable[[str], object]] = {
        "contact_phone": identity.canonical_phone,
        "debtor_phone": identity.canonical_phone,
        "applicant_id": _id_check(is_person=is_person, today=today),
        "debtor_id": _id_check(is_person=said.get("debtor_kind") != ORGANISATION, today=today),
        "payee_account": lambda text: identity.canonical_account(text, is_person=is_person),
    }
    faults = {}
    for key, check in checks.items():
        text = said.get(key, "")
        if not text or text in UNKNOWN:
            continue
        try:
            check(text)
        except identity.InvalidNumber as error:
            faults[key] = str(error)
    return {**faults, **_days(said, today), **_performed(said)}


def _id_check(*, is_person: bool, today: dt.date) -> Callable[[str], object]:
    def check(text: str) -> object:
        number = identity.plain(text)
        if not is_person:
            return identity.canonical_uscc(number)
        if len(number) == 18 or (number.isdigit() and len(number) != 15):
            return identity.canonical_resident_id(number, today=today)
        if number.isdigit():
            return identity.canonical_old_resident_id(number)
        return identity.canonical_other_id(number)

    return check


def _days(said: Answers, today: dt.date) -> dict[str, str]:
    made, effective = day_of(said.get("basis_made_on", "")), day_of(said.get("basis_effective_on", ""))
    if made and made > today:
        return {"basis_made_on": _("文书作出日不能晚于今天")}
    if made and effective and effective < made:
        return {"basis_effective_on": _("生效日不能早于文书作出日")}
    return {}


def _performed(said: Answers) -> dict[str, str]:
    performed = sum_of(said.get("performed_amount", ""))
    claimed = [amount for key in SUMS if (amount := sum_of(said.get(key, "")))]
    if performed and claimed and performed > sum(claimed):
        return {"performed_amount": _("已履行的金额超过了请求的总额，请核对")}
    return {}
