"""Acts for programs: the pages' own forms, services and permissions behind POST addresses of the API.

A form's fields are the request's; what a page would say beside a field comes back under its name with 422. An act whose
form takes files is also asked by multipart/form-data, as the page itself does.
"""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.models import User
from bureau.wording import Form

Things = Callable[[User], QuerySet[Any]]
MakeForm = Callable[[QueryDict, Any, User], Form]
# The field of the request by the field of the form; the first kind that fits.
FIELDS: tuple[tuple[type[forms.Field], type[serializers.Field[Any, Any, Any, Any]]], ...] = (
    (forms.DecimalField, serializers.DecimalField),
    (forms.IntegerField, serializers.IntegerField),
    (forms.DateField, serializers.DateField),
    (forms.BooleanField, serializers.BooleanField),
    (forms.ModelMultipleChoiceField, serializers.ListField),
    (forms.MultipleChoiceField, serializers.ListField),
    (forms.FileField, serializers.FileField),
    (forms.Field, serializers.CharField),
)


class Nothing(Form):
    """Nothing to say: the address is the act."""


class Done(serializers.Serializer[Any]):
    """What the act made or changed."""

    kind = serializers.CharField()
    id = serializers.IntegerField()


class Refusal(serializers.Serializer[Any]):
    """Why nothing was done: reasons of the whole, and of single fields by name."""

    reasons = serializers.ListField(child=serializers.CharField())
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]


def refusal(reasons: list[str], fields: dict[str, list[str]] | None = None) -> Response:
    """Return the one shape of a refused act."""
    return Response({"reasons": reasons, "fields": fields or {}}, status=422)


def refusal_of(refused: Refused) -> Response:
    """Return why a service refused, by what its reasons concern."""
    return refusal(refused.general, refused.by_field)


def wrong(form: forms.BaseForm) -> Response:
    """Return what is wrong in a form, by its fields."""
    fields = {name: [str(word) for word in words] for name, words in form.errors.items()}
    return refusal(fields.pop("__all__", []), fields)


def form_data(body: Any) -> QueryDict:
    """Return a JSON object as what a page would have posted, and a posted page as it is; raises Refused otherwise."""
    if isinstance(body, QueryDict):
        return body
    if not isinstance(body, dict):
        raise Refused(_("请求应为一个JSON对象"))
    data = QueryDict(mutable=True)
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(item, dict | list) for item in values):
            raise Refused(_("“%(name)s”应为一个值或一列值") % {"name": name})
        # A page sends nothing for what is empty or not ticked.
        data.setlist(name, [str(item) for item in values if item is not None and item is not False])
    return data


class ActView(APIView):
    """One act, on one thing that the user may see or on none; made by `act_view`."""

    permission_classes = [HasAny]
    required_permissions: tuple[str, ...] = ()
    things: Things | None
    make_form: MakeForm
    act: Callable[..., Any]

    def post(self, request: Request, pk: int | None = None) -> Response:
        """Do it: 422 with the reasons when it is refused, 404 for another's thing."""
        user, things = cast(User, request.user), type(self).things
        thing = get_object_or_404(things(user), pk=pk) if things else None
        form = None
        try:
            form = type(self).make_form(form_data(request.data), thing, user)
            form.files = request.FILES
            if not form.is_valid():
                return wrong(form)
            arguments = getattr(form, "arguments", lambda: form.cleaned_data)()
            subject = () if thing is None else (thing,)
            result = type(self).act(*subject, **arguments, at=clock.now(), actor=user)
        except Refused as refused:
            if form is None:
                return refusal_of(refused)
            form.refuse(refused)
            return wrong(form)
        made = result if isinstance(result, Model) else thing
        assert made is not None
        return Response({"kind": made._meta.model_name, "id": made.pk})


def act_view(
    permissions: tuple[str, ...],
    things: Things | None,
    form: type[forms.Form],
    act: Callable[..., Any],
    *,
    make_form: MakeForm | None = None,
) -> Any:
    """Return the view of one act: who may, on what, asked by which form, done by which service.

    `make_form` is for forms that need more than their data.
    """
    view = type(
        f"{form.__name__}Act",
        (ActView,),
        {
            "__doc__": act.__doc__,
            "required_permissions": permissions,
            "things": staticmethod(things) if things else None,
            "make_form": staticmethod(make_form or (lambda data, thing, user: form(data))),
            "act": staticmethod(act),
            **({"parser_classes": [JSONParser, MultiPartParser]} if _takes_files(form) else {}),
        },
    )
    described = extend_schema(
        description=act.__doc__, request=_request_of(form, act), responses={200: Done, 422: Refusal}
    )
    view.post = described(_own_post())  # type: ignore[attr-defined]
    return view.as_view()  # type: ignore[attr-defined]


def _takes_files(form: type[forms.Form]) -> bool:
    return any(isinstance(field, forms.FileField) for field in form.base_fields.values())


def _own_post() -> Any:
    # A function of its own for every view: the schema hangs on the function.
    def post(self: ActView, request: Request, **address: int) -> Response:
        return ActView.post(self, request, **address)

    return post


def _request_of(form: type[forms.Form], act: Callable[..., Any]) -> Any:
    fields = {name: _field_of(field) for name, field in form.base_fields.items()}
    if not fields:
        return None
    title = "".join(word.title() for word in act.__name__.split("_"))
    return type(f"{title}Request", (serializers.Serializer,), fields)()


def _field_of(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    kind = next(theirs for ours, theirs in FIELDS if isinstance(field, ours))
    takes_many = isinstance(field, forms.FileField) and getattr(field.widget, "allow_multiple_selected", False)
    if takes_many:
        kind = serializers.ListField
    options: dict[str, Any] = {"required": field.required, "help_text": _help_of(field)}
    if isinstance(field, forms.DecimalField):
        options |= {"max_digits": field.max_digits, "decimal_places": field.decimal_places}
    elif kind is serializers.ListField:
        options["child"] = serializers.FileField() if takes_many else serializers.CharField()
    elif not field.required and kind is serializers.CharField:
        options["allow_blank"] = True
    return kind(**options)


def _help_of(field: forms.Field) -> str:
    words = [str(field.label or "")]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        codes = [str(code) for code, _label in list(field.choices)]  # type: ignore[arg-type]
        words.append("/".join(filter(None, codes)))
    return "：".join(word for word in words if word)


def act_urls(rows: tuple[tuple[Any, ...], ...]) -> list[URLPattern]:
    """Return one address per act, named after its service.

    A row is address, permission (or several, of which one is enough), things (none where the act makes the thing),
    form, service and, for forms that need more than their data, their maker.
    """
    urls = []
    for address, permission, things, form, act, *maker in rows:
        permissions = (permission,) if isinstance(permission, str) else permission
        view = act_view(permissions, things, form, act, make_form=maker[0] if maker else None)
        urls.append(path(address, view, name=act.__name__))
    return urls
