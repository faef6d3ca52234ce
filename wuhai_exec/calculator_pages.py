"""What the page of a calculator prints, inside and on the public pages alike; pure, no ORM."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bureau.calculator import BadInput, Calculator, from_page
from bureau.calendar import WorkCalendar
from bureau.money import yuan

SUMS = {"fee", "interest", "left", "surplus"}


def asked(request: HttpRequest, calculator: Calculator, days: WorkCalendar, *, today: dt.date) -> dict[str, Any]:
    """Return the answer to what was posted, or what is wrong with it, and the fields as typed."""
    context = dict[str, Any]()
    if request.method == "POST":
        try:
            question = from_page(calculator.fields, request.POST.dict())
            context["answer"] = _shown(calculator, calculator(question, days, today=today))
        except BadInput as refusal:
            names = {field.name for field in calculator.fields}
            context |= {"error": _in_page_words(calculator, refusal), "wrong": names & {refusal.field}}
    begin = {} if request.method == "POST" else {"on": today.isoformat()}
    fields = [(field, request.POST.get(field.name, begin.get(field.name, ""))) for field in calculator.fields]
    return context | {"calculator": calculator, "fields": fields}


def _in_page_words(calculator: Calculator, refusal: BadInput) -> str:
    """Return the sentence with the labels of the page in place of the names of the API."""
    said = str(refusal)
    for field in calculator.fields:
        columns = field.columns if field.name == refusal.field else ()
        for name, label in ((field.name, field.label), *((column.name, column.label) for column in columns)):
            said = said.replace(f"“{name}”", f"“{label}”")
    return said


def _shown(calculator: Calculator, answer: dict[str, Any]) -> dict[str, Any]:
    """Split an answer into its facts, its sums by row, and its arithmetic."""
    labels = {
        "due_on": _("届满日"),
        "is_provisional": _("是否暂定"),
        "canonical": _("规范写法"),
        "birth_on": _("出生日期"),
        "sex": _("性别"),
        "year": _("年度"),
        "court": _("法院代字"),
        "type": _("类型代字"),
        "seq": _("编号"),
        "suffix": _("后缀"),
        "legacy": _("旧式案号"),
        "fee": _("费用（元）"),
        "interest": _("利息"),
        "shares": _("分得（元）"),
        "paid": _("本次冲抵（元）"),
        "left": _("尚欠（元）") if isinstance(answer.get("left"), dict) else _("余额（元）"),
        "surplus": _("余款（元）"),
    }
    words = {True: _("是"), False: _("否"), None: "—", "M": _("男"), "F": _("女")}
    known = [(labels[name], name, value) for name, value in answer.items() if name in labels]
    columns = [(label, value) for label, _name, value in known if isinstance(value, dict)]
    rows = [
        (calculator.words.get(row, row), [yuan(Decimal(sums[row])) for _label, sums in columns])
        for row in (columns[0][1] if columns else ())
    ]
    facts = [
        (label, yuan(value) if name in SUMS else _word(value, words))
        for label, name, value in known
        if not isinstance(value, dict)
    ]
    heads = [label for label, _sums in columns]
    steps = answer.get("steps", [])
    # The arithmetic cites the texts of its day; the calculator's own line would cite those of another.
    is_cited = any(step.startswith(_("依据：%(law)s") % {"law": ""}) for step in steps)
    return {"facts": facts, "columns": heads, "rows": rows, "steps": steps, "is_cited": is_cited}


def _word(value: Any, words: dict[Any, str]) -> str:
    is_coded = isinstance(value, bool | str) or value is None
    return words.get(value, str(value)) if is_coded else str(value)
