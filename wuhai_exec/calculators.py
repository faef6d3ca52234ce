"""Every room's calculators in one table: for the command line, the public API and the pages."""

import json
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from accounts.calculators import CALCULATORS as OF_ACCOUNTS
from bureau.calculator import BadInput, Calculator, from_page
from bureau.calculators import CALCULATORS as OF_BUREAU
from bureau.calendar import WorkCalendar
from bureau.models import Holiday
from bureau.money import yuan
from cases.calculators import CALCULATORS as OF_CASES

ALL: dict[str, Calculator] = {row.kind: row for row in (*OF_BUREAU, *OF_CASES, *OF_ACCOUNTS)}
SUMS = {"fee", "interest", "left", "surplus"}
LINE_MAX = 1_000_000  # characters of one question


def calculate(payload: Any, days: WorkCalendar) -> dict[str, Any]:
    """Answer one question that names its kind; raises BadInput with a sentence."""
    kind = payload.get("kind") if isinstance(payload, dict) else None
    calculator = ALL.get(kind) if isinstance(kind, str) else None
    if calculator is None:
        raise BadInput(_("“kind”应为以下之一：%(kinds)s") % {"kinds": "、".join(ALL)})
    return calculator(payload, days)


def answer_line(line: str, days: WorkCalendar) -> str:
    """Return the answer to one JSON line as one JSON line; whatever is wrong becomes its `error`, a sentence."""
    try:
        if len(line) > LINE_MAX:
            raise BadInput(_("一行不能超过一百万个字符"))
        answer = calculate(json.loads(line), days)
    except BadInput as refusal:
        answer = {"error": str(refusal)}
    except (ValueError, RecursionError):
        answer = {"error": _("不是有效的JSON")}
    return json.dumps(answer, ensure_ascii=False)


class CalculatorThrottle(AnonRateThrottle):
    """Sixty questions a minute from one address."""

    rate = "60/min"


class CalculatorView(APIView):
    """Public calculators: the fields of the kind as JSON; an answer with its arithmetic, or 422 with `error`."""

    permission_classes = [AllowAny]
    authentication_classes = []
    throttle_classes = [CalculatorThrottle]

    @extend_schema(request=dict, responses={200: dict, 404: dict, 422: dict})
    def post(self, request: Request, kind: str) -> Response:
        """Answer one question."""
        if kind not in ALL:
            return Response({"error": _("没有这种计算")}, status=404)
        try:
            return Response(ALL[kind](request.data, Holiday.objects.calendar()))
        except BadInput as refusal:
            return Response({"error": str(refusal)}, status=422)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, kind: str = "due-day") -> HttpResponse:
    """Show one calculator; what is asked is posted, because it may be a person's number."""
    if kind not in ALL:
        raise Http404
    calculator, context = ALL[kind], dict[str, Any]()
    if request.method == "POST":
        try:
            question = from_page(calculator.fields, request.POST.dict())
            context["answer"] = _shown(calculator, calculator(question, Holiday.objects.calendar()))
        except BadInput as refusal:
            names = {field.name for field in calculator.fields}
            context |= {"error": _in_page_words(calculator, refusal), "wrong": names & {refusal.field}}
    fields = [(field, request.POST.get(field.name, "")) for field in calculator.fields]
    context |= {"calculators": list(ALL.values()), "calculator": calculator, "fields": fields}
    return render(request, "calculators/page.html", context, status=422 if "error" in context else 200)


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
    return {"facts": facts, "columns": heads, "rows": rows, "steps": answer.get("steps", [])}


def _word(value: Any, words: dict[Any, str]) -> str:
    is_coded = isinstance(value, bool | str) or value is None
    return words.get(value, str(value)) if is_coded else str(value)
