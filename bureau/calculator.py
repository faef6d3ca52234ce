"""What a calculator is: a kind, its fields, and a pure function from plain data to plain data; no database."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bureau.calendar import WorkCalendar

TEXT_MAX = 200
Words = str | Promise
Payload = Mapping[str, Any]
Answer = dict[str, Any]


class BadInput(ValueError):
    """The question cannot be answered; the message is a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the question as a page shows it; `widget` is date, number, text or choice."""

    name: str
    label: Words
    widget: str = "text"
    choices: tuple[tuple[str, Words], ...] = ()
    hint: Words = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Calculator:
    """One kind of calculation: its fields, its legal basis, and the function that answers."""

    kind: str
    label: Words
    basis: str
    fields: tuple[Field, ...]
    answer: Callable[[Payload, WorkCalendar], Answer]
    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(self, payload: Any, days: WorkCalendar) -> Answer:
        """Return the answer; raises BadInput with a sentence for anything that is not a proper question."""
        if not isinstance(payload, Mapping):
            raise BadInput(_("内容应为一个JSON对象"))
        try:
            return self.answer(payload, days)
        except ValueError as error:
            raise BadInput(str(error)) from None


def text_of(payload: Payload, name: str, *, length_max: int = TEXT_MAX) -> str:
    """Return a text that must be there."""
    value = payload.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(_("缺少“%(name)s”，应为文字") % {"name": name})
    if len(value) > length_max:
        raise BadInput(_("“%(name)s”超过 %(count)d 个字符") % {"name": name, "count": length_max})
    return value


def day_of(payload: Payload, name: str) -> dt.date:
    """Return a day written as 2021-09-16."""
    value = payload.get(name)
    try:
        if not isinstance(value, str) or len(value) != len("2021-09-16"):
            raise ValueError(value)
        return dt.date.fromisoformat(value)
    except ValueError:
        raise BadInput(_("“%(name)s”应为日期，如 2021-09-16") % {"name": name}) from None


def count_of(payload: Payload, name: str, *, most: int) -> int:
    """Return a whole number from zero to `most`, written as a number or as digits."""
    value = payload.get(name)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) <= 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise BadInput(_("“%(name)s”应为 0 到 %(most)d 的整数") % {"name": name, "most": most})
    return value


def choice_of(payload: Payload, name: str, choices: tuple[str, ...]) -> str:
    """Return one of the choices."""
    value = payload.get(name)
    if not isinstance(value, str) or value not in choices:
        raise BadInput(_("“%(name)s”应为以下之一：%(choices)s") % {"name": name, "choices": "、".join(choices)})
    return value
