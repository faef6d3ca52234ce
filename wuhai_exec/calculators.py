"""Every room's calculators in one table: for the command line, the public API and the pages."""

import json
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
from bureau import clock
from bureau.calculator import BadInput, Calculator
from bureau.calculators import CALCULATORS as OF_BUREAU
from bureau.calendar import WorkCalendar
from bureau.models import Holiday
from cases.calculators import CALCULATORS as OF_CASES
from wuhai_exec import calculator_pages

ALL: dict[str, Calculator] = {row.kind: row for row in (*OF_BUREAU, *OF_CASES, *OF_ACCOUNTS)}
LINE_MAX = 1_000_000  # characters of one question


def calculate(payload: Any, days: WorkCalendar) -> dict[str, Any]:
    """Answer one question that names its kind; raises BadInput with a sentence."""
    kind = payload.get("kind") if isinstance(payload, dict) else None
    calculator = ALL.get(kind) if isinstance(kind, str) else None
    if calculator is None:
        raise BadInput(_("“kind”应为以下之一：%(kinds)s") % {"kinds": "、".join(ALL)})
    return calculator(payload, days, today=clock.today())


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
            return Response(ALL[kind](request.data, Holiday.objects.calendar(), today=clock.today()))
        except BadInput as refusal:
            return Response({"error": str(refusal)}, status=422)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, kind: str = "due-day") -> HttpResponse:
    """Show one calculator; what is asked is posted, because it may be a person's number."""
    if kind not in ALL:
        raise Http404
    context = calculator_pages.asked(request, ALL[kind], Holiday.objects.calendar(), today=clock.today())
    context["calculators"] = list(ALL.values())
    return render(request, "calculators/page.html", context, status=422 if "error" in context else 200)
