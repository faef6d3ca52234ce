"""The block of the filing page that reads a judgment: marks, proposals to confirm, the chosen ones into the form."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import Holiday
from cases.filingforms import BasisFields, NewClaimForm, PartyForm
from intake import judgment, judgmentfiles
from intake.judgmentclaims import Left, Proposal

READ, TAKE = "read", "take"
ROWS = {"APPLICANT": "applicants", "DEBTOR": "debtors", "CLAIM": "claims"}
ROWS_MAX = 100
_ASKED: dict[str, type[forms.Form]] = {
    "BASIS": BasisFields,
    "DUE": BasisFields,
    "APPLICANT": PartyForm,
    "DEBTOR": PartyForm,
    "CLAIM": NewClaimForm,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal as the page lists it."""

    index: int
    proposal: Proposal
    label: str
    facts: list[tuple[str, str]]
    words: str


class JudgmentBlock:
    """What was pasted or uploaded, what it says, and why it could not be read."""

    def __init__(self, request: HttpRequest) -> None:
        self.text = request.POST.get("judgment", "")
        self.refused = ""
        self.kept: list[str] = []
        upload = request.FILES.get("judgment_file")
        try:
            self.text = judgmentfiles.text_of(upload) if upload else judgmentfiles.checked(self.text)
            if not self.text.strip():
                raise Refused(_("请粘贴文书，或选择文件"))
        except Refused as refusal:
            self.refused = str(refusal)
        self.reading = None if self.refused else judgment.read(self.text)

    @property
    def rows(self) -> list[Row]:
        """Return the proposals in the order of the form."""
        assert self.reading is not None
        return [
            Row(index, row, kind_label(row.kind), facts_of(row), self.text[row.start : row.end])
            for index, row in enumerate(self.reading.proposals)
        ]

    @property
    def left(self) -> list[tuple[Left, str]]:
        """Return what no field was filled from, with its words."""
        assert self.reading is not None
        return [(row, self.text[row.start : row.end]) for row in self.reading.left]

    @property
    def segments(self) -> list[tuple[str, str]]:
        """Return the source in marked pieces."""
        assert self.reading is not None
        return self.reading.segments()

    def take(self, data: QueryDict, chosen: Iterable[str], *, today: dt.date) -> None:
        """Put the chosen proposals into what the page posted; whatever is already typed stays and is named."""
        wanted = set(chosen)
        for row in self.rows if self.reading else ():
            if str(row.index) not in wanted:
                continue
            if row.proposal.kind in ROWS:
                self._into_row(data, ROWS[row.proposal.kind], row.proposal.values)
            else:
                self._into_basis(data, row.proposal.values)

    def _into_basis(self, data: QueryDict, values: Mapping[str, str]) -> None:
        values = dict(values)
        count, unit = values.pop("due_count", ""), values.pop("due_unit", "day")
        if count:
            day = _due_on(data.get("basis_effective_on", ""), int(count), unit)
            if day:
                values["performance_due_on"] = day
            else:
                self.kept.append(_("未填生效日，履行期限届满日没有填入"))
        for name, value in values.items():
            typed = data.get(name, "")
            if typed and typed != value and name != "basis_kind":
                self.kept.append(
                    _("“%(label)s”已填写“%(typed)s”，未改动") % {"label": _label(BasisFields, name), "typed": typed}
                )
            else:
                data[name] = value

    def _into_row(self, data: QueryDict, prefix: str, values: Mapping[str, str]) -> None:
        total = min(_number(data.get(f"{prefix}-TOTAL_FORMS", "0")), ROWS_MAX)
        empty = [index for index in range(total) if _is_empty(data, prefix, index)]
        same = [index for index in range(total) if _is_same(data, prefix, index, values)]
        index = (same or empty or [total])[0]
        if index >= ROWS_MAX:
            return
        if index == total:
            data[f"{prefix}-TOTAL_FORMS"] = str(total + 1)
        data.setdefault(f"{prefix}-INITIAL_FORMS", "0")
        for name, value in values.items():
            typed = data.get(f"{prefix}-{index}-{name}", "")
            if typed and typed != value and name != "kind":
                self.kept.append(
                    _("“%(label)s”已填写“%(typed)s”，未改动")
                    % {"label": _label(_ASKED[_kind(prefix)], name), "typed": typed}
                )
            else:
                data[f"{prefix}-{index}-{name}"] = value
        if prefix == "claims" and not same:
            data[f"{prefix}-{index}-is_doubled"] = ""  # by its kind


def _kind(prefix: str) -> str:
    return next(kind for kind, name in ROWS.items() if name == prefix)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _is_empty(data: QueryDict, prefix: str, index: int) -> bool:
    names = ("amount", "rate", "note", "from_on", "base") if prefix == "claims" else ("name", "id_number")
    return not any(data.get(f"{prefix}-{index}-{name}", "").strip() for name in names)


def _is_same(data: QueryDict, prefix: str, index: int, values: Mapping[str, str]) -> bool:
    if prefix != "claims":
        return data.get(f"{prefix}-{index}-name", "").strip() == values["name"]
    typed = {
        name: data.get(f"{prefix}-{index}-{name}", "").replace(",", "") for name in ("kind", "amount", "rate", "note")
    }
    return typed == {name: values.get(name, "") for name in typed}


def _due_on(effective_on: str, count: int, unit: str) -> str:
    try:
        start = dt.date.fromisoformat(effective_on)
        return Holiday.objects.calendar().due(start, count, "month" if unit == "month" else "day").due_on.isoformat()
    except ValueError:
        return ""


def kind_label(kind: str) -> str:
    """Return what a proposal is called."""
    labels = {
        "BASIS": _("执行依据"),
        "DUE": _("履行期限"),
        "APPLICANT": _("申请执行人"),
        "DEBTOR": _("被执行人"),
        "CLAIM": _("执行请求"),
    }
    return labels[kind]


def _label(form: type[forms.Form], name: str) -> str:
    field = form.base_fields.get(name)
    return str(field.label) if field else name


def facts_of(proposal: Proposal) -> list[tuple[str, str]]:
    """Return the values with the labels of their fields, codes in words."""
    form = _ASKED[proposal.kind]
    facts = []
    for name, value in proposal.values.items():
        field: Any = form.base_fields.get(name)
        if field is None:
            if name == "due_count":
                unit = _("个月") if proposal.values.get("due_unit") == "month" else _("日")
                facts.append((_("生效后"), " ".join((value, unit))))
            continue
        facts.append((str(field.label), _in_words(field, value)))
    return facts


def _in_words(field: Any, value: str) -> str:
    if not isinstance(field, forms.ChoiceField):
        return value
    flat: list[Any] = []
    choices: Any = field.choices
    for code, label in choices:
        flat += list(label) if isinstance(label, list | tuple) else [(code, label)]
    return str(dict(flat).get(value, value))
