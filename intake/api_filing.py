"""Filing by a program: the fields and checks of the filing page, once for each key."""

import json
import re
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import Refusal, refusal, refusal_of
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from intake.checklists import Paper
from intake.imports.checking import Draft
from intake.imports.services import INTERFACE, Acceptance, OtherContent, file_once, filed_before
from intake.models import Condition, FilingSource
from intake.services import Filed

DOUBLED = {None: "", True: "on", False: "off"}
KEY = re.compile(r"[!-~]{8,200}")
PARTIES_MAX = 100


def _texts(*names: str) -> dict[str, serializers.CharField]:
    return {name: serializers.CharField(required=False, allow_blank=True, max_length=5000) for name in names}


_PARTY = ("kind", "name", "id_kind", "id_number", "phone", "address", "legal_representative")
FiledParty = type("FiledParty", (serializers.Serializer,), _texts(*_PARTY))
FiledApplicant = type(
    "FiledApplicant",
    (serializers.Serializer,),
    {
        **_texts(*_PARTY, "account", "bank_name", "bank_code", "service_address", "e_address"),
        "has_e_consent": serializers.BooleanField(required=False, default=False),
        "has_ruling_consent": serializers.BooleanField(required=False, default=False),
    },
)
FiledClaim = type(
    "FiledClaim",
    (serializers.Serializer,),
    {
        **_texts("kind", "amount", "base", "rate", "from_on", "note"),
        "is_doubled": serializers.BooleanField(required=False, allow_null=True, default=None),
    },
)
BASIS = (
    *("court", "basis_kind", "basis_issuer", "basis_number", "basis_made_on", "basis_effective_on"),
    *("performance_due_on", "cause", "clues", "entered_number"),
)
FilingRequest: Any = type(
    "FilingRequest",
    (serializers.Serializer,),
    {
        **_texts(*BASIS),
        "applicants": FiledApplicant(many=True, allow_empty=False, max_length=PARTIES_MAX),
        "debtors": FiledParty(many=True, allow_empty=False, max_length=PARTIES_MAX),
        "claims": FiledClaim(many=True, allow_empty=False, max_length=PARTIES_MAX),
        # As on the page: the conditions that the clerk confirms, and the papers that were handed in.
        "met": serializers.MultipleChoiceField(choices=Condition.choices, required=False, default=set),
        "seen": serializers.MultipleChoiceField(choices=Paper.choices, required=False, default=set),
    },
)


class FilingAnswer(serializers.Serializer[Any]):
    """The filed case; its look-up code is said for a day only."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    escrow = serializers.CharField()
    code = serializers.CharField()
    is_new = serializers.BooleanField()


def _flat(errors: Any, place: str = "") -> dict[str, list[str]]:
    # What is wrong, by the path to it: applicants.0.id_number.
    if isinstance(errors, dict):
        rows = [(str(name), part) for name, part in errors.items()]
    elif errors and isinstance(errors[0], dict):
        rows = [(str(number), part) for number, part in enumerate(errors)]
    else:
        return {place or "__all__": [str(word) for word in errors]} if errors else {}
    found: dict[str, list[str]] = {}
    for name, part in rows:
        found |= _flat(part, f"{place}.{name}" if place else name)
    return found


def _draft(said: dict[str, Any]) -> Draft:
    claims = [{**row, "is_doubled": DOUBLED[row["is_doubled"]]} for row in said["claims"]]
    basis = {name: said.get(name, "") for name in BASIS}
    return Draft(clock.today(), basis, [*said["applicants"]], [*said["debtors"]], claims)


class FileCaseView(APIView):
    """Filing at the user's own window."""

    permission_classes = [HasAny]
    required_permissions = ("intake.file_case",)

    @extend_schema(
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        request=FilingRequest,
        responses={200: FilingAnswer, 201: FilingAnswer, 422: Refusal},
    )
    def post(self, request: Request) -> Response:
        """File a case once for each key: the key again with the same content gives the first answer, with 200."""
        user, key = cast(User, request.user), request.headers.get("Idempotency-Key", "")
        if user.window is None:
            raise PermissionDenied
        if not KEY.fullmatch(key):
            said = {"Idempotency-Key": [_("请给出8至200位的幂等键（字母、数字和符号）")]}
            return _coded("idempotency_key_missing", refusal([], said))
        body = FilingRequest(data=request.data)
        if not body.is_valid():
            return _coded("invalid", refusal([], _flat(body.errors)))
        content = json.dumps(body.validated_data, sort_keys=True, ensure_ascii=False, default=sorted)
        return _file(body.validated_data, key=key, content=content, user=user)


def _file(said: dict[str, Any], *, key: str, content: str, user: User) -> Response:
    assert user.window is not None
    now = clock.now()
    try:
        # A repeat is answered before its content is checked: what was right then may look wrong today.
        if first := filed_before(key, content=content, at=now, actor=user):
            return _answer(first, is_new=False)
        draft = _draft(said)
        if wrong := _wrong(draft):
            return _coded("invalid", refusal([], wrong))
        accepted = Acceptance(FilingSource.Reason.ONLINE, INTERFACE, sorted(said["met"]), sorted(said["seen"]))
        filed, is_new = file_once(draft, key=key, content=content, acceptance=accepted, at=now, actor=user)
    except OtherContent as refused:
        return _coded("idempotency_key_reused", refusal_of(refused))
    except Refused as refused:
        return _coded("refused", refusal_of(refused))
    return _answer(filed, is_new=is_new)


def _wrong(draft: Draft) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for part, index, name, reason in draft.wrong():
        wrong.setdefault(name if part == "basis" else f"{part}.{index}.{name}", []).append(reason)
    return wrong


def _answer(filed: Filed, *, is_new: bool) -> Response:
    case = filed.case
    answer = {"id": case.pk, "number": case.display_number, "escrow": case.escrow.number, "code": filed.code}
    return Response({**answer, "is_new": is_new}, status=201 if is_new else 200)


def _coded(code: str, response: Response) -> Response:
    response.data["code"] = code
    return response
