"""What a calculator is: a kind, its fields, and a pure function from plain data to plain data; no database."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bureau.calendar import WorkCalendar

TEXT_MAX = 200
AMOUNT_MAX = Decimal(10) ** 14
ROWS_MAX = 1000
DAY_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Words = str | Promise
Payload = Mapping[str, Any]
Answer = dict[str, Any]
T = TypeVar("T")


class BadInput(ValueError):
    """The question cannot be answered; the message is a sentence for whoever asked, `field` what it is about."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Column:
    """One word of a line in a field of lines; `words` are the values that certain words stand for."""

    name: str
    label: Words
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the question as a page shows it; `widget` is date, number, decimal, text, choice or lines."""

    name: str
    label: Words
    widget: str = "text"
    choices: tuple[tuple[str, Words], ...] = ()
    hint: Words = ""
    example: Words = ""
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Calculator:
    """One kind of calculation: its fields, its legal basis, and the function that answers."""

    kind: str
    label: Words
    basis: str
    fields: tuple[Field, ...]
    answer: Callable[[Payload, WorkCalendar], Answer]
    words: Mapping[str, Words] = field(default_factory=dict)  # what the rows of an answer are called on a page
    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(self, payload: Any, days: WorkCalendar, *, today: dt.date) -> Answer:
        """Return the answer; raises BadInput with a sentence for anything that is not a proper question.

        Where the texts of a day are cited (`on`) and none is named, they are those of today.
        """
        if not isinstance(payload, Mapping):
            raise BadInput(_("内容应为一个JSON对象"))
        if not is_given(payload, "on") and any(field.name == "on" for field in self.fields):
            payload = {**payload, "on": today.isoformat()}
        try:
            return self.answer(payload, days)
        except BadInput:
            raise
        except ValueError as error:
            raise BadInput(str(error)) from None


def text_of(payload: Payload, name: str, *, length_max: int = TEXT_MAX) -> str:
    """Return a text that must be there."""
    value = payload.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(_("缺少“%(name)s”，应为文字") % {"name": name}, field=name)
    if len(value) > length_max:
        raise BadInput(_("“%(name)s”超过 %(count)d 个字符") % {"name": name, "count": length_max}, field=name)
    # JSON lets half a surrogate pair in, which no answer could be written with.
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadInput(_("“%(name)s”含有无效字符") % {"name": name}, field=name)
    return value


def day_of(payload: Payload, name: str) -> dt.date:
    """Return a day written as 2021-09-16."""
    value = payload.get(name)
    try:
        # The library reads weeks ("2021-W37-4") too, which nobody here writes.
        if not isinstance(value, str) or not DAY_TEXT.fullmatch(value):
            raise ValueError(value)
        return dt.date.fromisoformat(value)
    except ValueError:
        raise BadInput(_("“%(name)s”应为日期，如 2021-09-16") % {"name": name}, field=name) from None


def count_of(payload: Payload, name: str, *, most: int) -> int:
    """Return a whole number from zero to `most`, written as a number or as digits."""
    value = payload.get(name)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) <= 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise BadInput(_("“%(name)s”应为 0 到 %(most)d 的整数") % {"name": name, "most": most}, field=name)
    return value


def choice_of(payload: Payload, name: str, choices: tuple[str, ...]) -> str:
    """Return one of the choices."""
    value = payload.get(name)
    if not isinstance(value, str) or value not in choices:
        told = {"name": name, "choices": "、".join(choices)}
        raise BadInput(_("“%(name)s”应为以下之一：%(choices)s") % told, field=name)
    return value


def is_given(payload: Payload, name: str) -> bool:
    """Return whether something stands under that name."""
    return payload.get(name) not in (None, "")


def number_of(payload: Payload, name: str, *, most: Decimal = AMOUNT_MAX, places: int = 2) -> Decimal:
    """Return a number that is not negative, written as digits with a point, or a whole JSON number.

    A JSON number with a fraction is binary and not exact, so it is refused like signs, exponents and separators.
    """
    value = payload.get(name)
    if isinstance(value, str) and re.fullmatch(rf"[0-9]{{1,20}}(\.[0-9]{{1,{places}}})?", value):
        value = Decimal(value)
    elif isinstance(value, float):
        raise BadInput(_('“%(name)s”有小数的，应写成文字，如 "12345.67"') % {"name": name}, field=name)
    elif isinstance(value, bool) or not isinstance(value, int) or value < 0:
        told = {"name": name, "places": places}
        raise BadInput(_("“%(name)s”应为不带符号的数字，至多 %(places)d 位小数，如 12345.67") % told, field=name)
    if value > most:
        raise BadInput(_("“%(name)s”超出范围，至多 %(most)s") % {"name": name, "most": f"{most:,f}"}, field=name)
    return Decimal(value)


def rows_of(payload: Payload, name: str, read: Callable[[Payload], T], *, is_optional: bool = False) -> list[T]:
    """Return the rows of a list, each read by `read`; what is wrong with one is said with its number."""
    if is_optional and not is_given(payload, name):
        return []
    value = payload.get(name)
    if not isinstance(value, list):
        raise BadInput(_("“%(name)s”应为列表") % {"name": name}, field=name)
    _refuse_many(name, len(value))
    rows = []
    for number, row in enumerate(value, 1):
        try:
            if not isinstance(row, Mapping):
                raise BadInput(_("应为一个JSON对象"))
            rows.append(read(row))
        except BadInput as refusal:
            raise _in_row(name, number, refusal) from None
    return rows


def from_page(fields: tuple[Field, ...], posted: Mapping[str, str]) -> Answer:
    """Return the question that a page's fields ask: lines as lists, numbers as people write them, without blanks."""
    question: Answer = {}
    for item in fields:
        typed = posted.get(item.name, "").strip()
        if typed:
            question[item.name] = _lines(item, typed) if item.widget == "lines" else _plain(typed, item.widget)
    return question


def _lines(item: Field, typed: str) -> list[Answer]:
    lines = [line.split() for line in typed.splitlines() if line.strip()]
    _refuse_many(item.name, len(lines))
    rows = []
    for number, words in enumerate(lines, 1):
        if len(words) != len(item.columns):
            columns = " ".join(str(column.label) for column in item.columns)
            refusal = BadInput(_("每行应依次为：%(columns)s，以空格分隔") % {"columns": columns})
            raise _in_row(item.name, number, refusal)
        pairs = zip(item.columns, words, strict=True)
        rows.append({column.name: column.words.get(word, _plain(word, "decimal")) for column, word in pairs})
    return rows


def _plain(typed: str, widget: str) -> str:
    """Return a number without the separators that people write into it; anything else as it was typed."""
    plain = unicodedata.normalize("NFKC", typed)
    if widget != "decimal" or not re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?|[0-9]+(\.[0-9]*)?", plain):
        return typed
    return plain.replace(",", "")


def _refuse_many(name: str, count: int) -> None:
    if count > ROWS_MAX:
        raise BadInput(_("“%(name)s”至多 %(most)d 行") % {"name": name, "most": ROWS_MAX}, field=name)


def _in_row(name: str, number: int, refusal: BadInput) -> BadInput:
    told = {"name": name, "number": number, "error": str(refusal)}
    return BadInput(_("“%(name)s”第 %(number)d 行：%(error)s") % told, field=name)
