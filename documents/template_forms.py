"""The form in which the bureau edits the words of a template, and the answers to a proposed version."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.forms import DayInput
from bureau.wording import Form, Versioned
from documents import revising
from documents.library.declared import Remedy, Spec

ROWS_MIN, ROWS_MAX, LINE = 2, 10, 40


class Revise(Versioned):
    """Title, remedy, paragraphs, and of every field its name, tip and whether it must be filled."""

    use_required_attribute = False

    def __init__(self, *args: Any, spec: Spec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        self.fields["title"] = forms.CharField(label=_("名称"), max_length=revising.TITLE_MAX)
        self.fields["remedy"] = forms.ChoiceField(
            label=_("救济条款"), choices=Remedy.choices, help_text=_("印在正文之后、落款之前；有救济途径的文书不能去掉")
        )
        for place in revising.places(spec):
            self.fields[place.name] = _paragraph(place, spec)
        for field in spec.fields:
            code = "".join(("{", field.name, "}"))
            self.fields[f"label_{field.name}"] = forms.CharField(
                label=_("项目名称 %(code)s") % {"code": code}, max_length=revising.LABEL_MAX
            )
            self.fields[f"tip_{field.name}"] = forms.CharField(
                label=_("填写提示 %(code)s") % {"code": code}, max_length=revising.TIP_MAX, required=False
            )
            self.fields[f"required_{field.name}"] = forms.BooleanField(
                label=_("必填 %(code)s") % {"code": code}, required=False
            )
        self.fields["approval"] = forms.CharField(
            label=_("批准依据"), max_length=100, help_text=_("会议纪要、通知等的名称和文号")
        )
        self.fields["effective_on"] = forms.DateField(
            label=_("生效日"), widget=DayInput(), help_text=_("可以是将来的一天，不得早于今天")
        )
        self.fields["note"] = forms.CharField(
            label=_("修订理由"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
        )
        self.fields["preview_case"] = forms.CharField(
            label=_("用哪件案件预览"), max_length=100, required=False, help_text=_("填案号；不填则用示例内容")
        )

    def clean(self) -> dict[str, Any]:
        """Say beside each place what stands against it."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, said in revising.objections(self.spec, self.revised(), self.typed()).items():
            if name not in self.errors:
                self.add_error(name, said)
        return cleaned

    def typed(self) -> dict[str, Any]:
        """Return the words as typed, whether or not they can stand."""
        source = self.data if self.is_bound else self.initial
        values = {name: source.get(name, "") for name in revising.written(self.spec)}
        return values | {
            name: bool(values[name]) for name in values if name.startswith("required_") and name in self.fields
        }

    def revised(self) -> Spec:
        """Return the template in the words as typed."""
        return revising.revised(self.spec, self.typed())

    def groups(self) -> Iterator[tuple[str | Promise, list[BoundField]]]:
        """Return the fields under their headings: title, paragraphs, fields with their tips, approval."""
        texts = [place.name for place in revising.places(self.spec)]
        rules = [f"{kind}_{row.name}" for row in self.spec.fields for kind in ("label", "tip", "required")]
        yield _("名称与救济"), [self["title"], self["remedy"]]
        yield _("正文各段"), [self[name] for name in texts]
        if rules:
            yield _("填写项目和提示"), [self[name] for name in rules]
        yield _("批准与生效"), [self[name] for name in ("approval", "effective_on", "note", "preview_case")]


def _paragraph(place: revising.Place, spec: Spec) -> forms.Field:
    name, mark, wanted = place.block.when.partition("=")
    label = next((field.label for field in spec.fields if field.name == name), name)
    rows = min(max(len(place.block.text) // LINE + 1, ROWS_MIN), ROWS_MAX)
    tip = _("仅当 %(when)s 时印出") % {"when": "".join((label, mark, wanted))} if place.block.when else ""
    return forms.CharField(
        label=_("第%(place)d段") % {"place": place.number},
        required=False,
        strip=False,
        max_length=revising.TEXT_MAX,
        widget=forms.Textarea({"rows": rows}),
        help_text=tip,
    )


class Approve(Form):
    """From when a text of the library is in force; the bureau's own proposal has its day already."""

    effective_on = forms.DateField(
        label=gettext_lazy("生效日"), widget=DayInput(), help_text=gettext_lazy("不得早于今天")
    )


class SendBack(Form):
    """Why the text is not approved."""

    note = forms.CharField(label=gettext_lazy("退回意见"), max_length=300, widget=forms.TextInput({"list": "usual"}))
