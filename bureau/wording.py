"""The house's own words for what is wrong in a form, in one place; every form of every room speaks them.

No model is imported here: the public process, which has no staff room, uses it too.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bureau import versions
from bureau.errors import Refused

Words = str | Promise
DJANGO_EMPTY_LABEL = "---------"

# From the general to the particular: what a kind of field says replaces what the kinds above it say.
WORDS: tuple[tuple[type[forms.Field], dict[str, Words]], ...] = (
    (
        forms.Field,
        {
            "required": _("请填写"),
            "max_length": _("最多 %(limit_value)d 个字，现有 %(show_value)d 个字"),
            "min_length": _("至少 %(limit_value)d 个字，现有 %(show_value)d 个字"),
            "min_value": _("不能小于 %(limit_value)s"),
            "max_value": _("不能大于 %(limit_value)s"),
            "null_characters_not_allowed": _("含有不能识别的字符"),
        },
    ),
    (forms.IntegerField, {"invalid": _("请填写整数")}),
    (
        forms.DecimalField,  # every one of the house is a sum of yuan
        {
            "invalid": _("请填写金额，只用数字和小数点"),
            "max_decimal_places": _("金额最多两位小数"),
            "max_digits": _("金额过大，请核对"),
            "max_whole_digits": _("金额过大，请核对"),
            "max_value": _("金额过大，请核对"),
            "min_value": _("金额不能小于 %(limit_value)s 元"),
        },
    ),
    (forms.DateField, {"required": _("请填写日期"), "invalid": _("请填写日期，如 2021-12-27")}),
    (forms.BooleanField, {"required": _("请勾选")}),
    (forms.ChoiceField, {"required": _("请选择"), "invalid_choice": _("请选择列表中的一项")}),
    (
        forms.MultipleChoiceField,
        {"required": _("请至少选择一项"), "invalid_list": _("请选择列表中的项目")},
    ),
    (
        forms.FileField,
        {
            "required": _("请选择文件"),
            "invalid": _("文件没有传上来，请重新选择"),
            "missing": _("文件没有传上来，请重新选择"),
            "empty": _("文件是空的"),
        },
    ),
)


def speak(form: forms.BaseForm) -> None:
    """Put the house's words in place of the framework's in every field; words that a form chose itself stay."""
    for field in form.fields.values():
        theirs = _framework_words(type(field))
        for code, words in _house_words(field).items():
            if field.error_messages.get(code) is theirs.get(code):
                field.error_messages[code] = words  # type: ignore[assignment]
        if isinstance(field, forms.ModelChoiceField) and field.empty_label == DJANGO_EMPTY_LABEL:
            field.empty_label = _("请选择")


def _framework_words(kind: type[forms.Field]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        words |= getattr(base, "default_error_messages", {})
    return words


def _house_words(field: forms.Field) -> dict[str, Words]:
    words: dict[str, Words] = {}
    for kind, own in WORDS:
        if isinstance(field, kind):
            words |= own
    return words


class Form(forms.Form):
    """A form that speaks the house's words; `must` names fields shown as required that the form itself checks.

    `seldom` names fields that are rarely filled in: pages may fold them away while they hold nothing and are not wrong.
    `asks_for` names the field that asks for an argument of the service, where they are not called the same.
    """

    must: tuple[str, ...] = ()
    seldom: tuple[str, ...] = ()
    asks_for: Mapping[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self)

    def refuse(self, refusal: Refused) -> None:
        """Say why the service refused: beside the field that a reason concerns, else of the form as a whole."""
        if refusal.general:
            self.add_error(None, refusal.general)
        for argument, reasons in refusal.by_field.items():
            name = self.asks_for.get(argument, argument)
            is_shown = name in self.fields and not self.fields[name].widget.is_hidden
            self.add_error(name if is_shown else None, reasons)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """Return what is asked every time."""
        return [field for field in self.visible_fields() if field.name not in self.seldom]

    @property
    def seldom_fields(self) -> list[forms.BoundField]:
        """Return what is rarely filled in."""
        return [field for field in self.visible_fields() if field.name in self.seldom]

    @property
    def is_unfolded(self) -> bool:
        """Return whether something that is rarely filled in holds an entry or is wrong."""
        wrong = self.errors if self.is_bound else {}
        return any(field.name in wrong or (field.value() or None) != field.initial for field in self.seldom_fields)


class Versioned(Form):
    """A form on something that a colleague may change meanwhile; `now` is what stands, by field, as codes and text.

    It carries a mark of what it was opened with to the service's `seen`. Refused as stale it shows both versions and
    is marked anew: sent again it is a new decision.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        now: Mapping[str, str] | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        opened = {"seen": versions.mark(now)} if now is not None else {}
        super().__init__(*args, initial={**(initial or {}), **opened}, **kwargs)
        self.stale: versions.Stale | None = None

    def refuse(self, refusal: Refused) -> None:
        """Say why, and keep both versions where a colleague was quicker."""
        super().refuse(refusal)
        if isinstance(refusal, versions.Stale):
            typed: Any = self.data
            typed = typed.copy()
            typed["seen"] = versions.mark(refusal.theirs)
            self.stale, self.data = refusal, typed

    @property
    def differences(self) -> list[versions.Difference]:
        """Return both versions, field by field, as the page prints them."""
        theirs = self.stale.theirs if self.stale else {}
        return [
            versions.Difference(str(self[name].label), self._said(name, value), self._said(name, self._typed(name)))
            for name, value in theirs.items()
            if name in self.fields
        ]

    def _typed(self, name: str) -> Any:
        # Of a file the framework gives back nothing but what it began with.
        row = self[name]
        return row.data if isinstance(row.field, forms.FileField) else row.value()

    def _said(self, name: str, value: Any) -> str:
        field, text = self.fields[name], str(value or "")
        if isinstance(field, forms.BooleanField):
            return str(_("是") if value and text != "False" else _("否"))
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            return next((str(label) for code, label in choices if str(code) == text), text)
        return text


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """Rows of small forms that speak the house's words."""

    default_error_messages = {
        "missing_management_form": _("页面内容不完整，请重新打开本页再填"),
        "too_many_forms": ngettext_lazy("最多 %(num)d 行", "最多 %(num)d 行", "num"),
        "too_few_forms": ngettext_lazy("请至少填写 %(num)d 行", "请至少填写 %(num)d 行", "num"),
    }
