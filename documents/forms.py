"""Forms of the room: a paper received, a template's own form, service, addresses, several cases at once."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.models import Team
from bureau.wording import Form, Versioned
from cases.models import Case, Party
from documents import bounds, filling, receivers
from documents.addressees import is_for_units, parties_of
from documents.deemed import Way
from documents.library.declared import Field, FieldKind, Spec
from documents.models import Attempt, Delivery, Document, Material

TABLE_ROWS = 6


class MaterialForm(Form):
    """One scan with its kind and name."""

    kind = forms.ChoiceField(label=_("材料种类"), choices=Material.Kind.choices)
    title = forms.CharField(label=_("名称"), max_length=200, required=False, help_text=_("不填则用种类名"))
    upload = forms.FileField(label=_("扫描件"), help_text=_("PDF、PNG、JPEG、TIFF，不超过20 MB"))

    def __init__(self, *args: Any, kinds: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = kinds


class ExplainMissing(Form):
    """Why a required material cannot be had; offers what is neither there nor explained."""

    kind = forms.ChoiceField(label=_("所缺材料"), choices=[(kind.value, kind.label) for kind in Material.REQUIRED])
    reason = forms.CharField(label=_("缺失的原因"), max_length=200, widget=forms.TextInput({"list": "missing-reasons"}))

    def __init__(self, *args: Any, missing: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [row for row in Material.Kind.choices if row[0] in missing]


class Fill(Form):
    """The fields of one template; each with the house's tip beside it. What is wrong is said by `documents.filling`.

    `is_partial` leaves open what each case of a batch fills from its own file.
    """

    # The browser must not hold back a preview.
    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        spec: Spec,
        facts: Mapping[str, str],
        today: dt.date,
        is_partial: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.spec, self.is_partial, self.today = spec, is_partial, today
        self.said: dict[str, list[str]] = {}
        for path in settings.FIELD_TIPS:
            for name, texts in import_string(path)(spec.code).items():
                self.said.setdefault(name, []).extend(texts)
        for field in filling.all_fields(spec):
            made = _form_field(field, facts, is_partial=is_partial)
            made.help_text = "；".join(filter(None, [str(made.help_text), *self.said.get(field.name, ())]))
            self.fields[field.name] = made

    @property
    def said_of_all(self) -> list[str]:
        """Return what was said about the paper as a whole."""
        return self.said.get("", [])

    def clean(self) -> dict[str, Any]:
        """Say beside each field what cannot be printed."""
        cleaned: dict[str, Any] = super().clean() or {}
        for field in filling.all_fields(self.spec):
            if field.name in self.errors:
                continue
            value = cleaned.get(field.name) or ""
            said = filling.problem(field, value)
            said = said or bounds.problem(self.spec.code, field, value, on=self.today)
            if said and not (self.is_partial and not value.strip() and filling.has_source(field)):
                self.add_error(field.name, said)
        return cleaned


def _form_field(field: Field, facts: Mapping[str, str], *, is_partial: bool) -> forms.Field:
    tip = field.tip
    widget: forms.Widget = forms.TextInput()
    if field.kind == FieldKind.CHOICE:
        widget = forms.Select(choices=[("", _("请选择")), *((option, option) for option in field.options)])
    elif field.kind == FieldKind.PARTY:
        widget = forms.Select(choices=_parties(field, facts, is_partial=is_partial))
    elif field.kind == FieldKind.DAY:
        widget = DayInput()
    elif field.kind == FieldKind.LONG:
        widget = forms.Textarea({"rows": 3})
    elif field.kind == FieldKind.ROWS:
        widget = forms.Textarea({"rows": TABLE_ROWS})
        tip = "；".join(filter(None, ["｜".join(field.heads), field.tip]))
    elif field.kind in (FieldKind.MONEY, FieldKind.COUNT):
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(
        label=field.label,
        required=field.is_required and not (is_partial and filling.has_source(field)),
        widget=widget,
        help_text=tip,
        error_messages={"required": filling.problem(field, "")},
    )


def _parties(field: Field, facts: Mapping[str, str], *, is_partial: bool) -> list[tuple[str, Any]]:
    if is_partial:
        return [("", _("各案第一名"))]
    known = [(name.removeprefix("name:"), word) for name, word in facts.items() if name.startswith("name:")]
    return [("", _("请选择")), *((key, word) for key, word in known if key.startswith(field.side))]


class Void(Form):
    """The newer document that replaces this one, and why."""

    by = forms.ModelChoiceField(
        Document.objects.none(),
        label=_("取代它的新文书"),
        empty_label=_("请选择"),
        help_text=_("只能是本案以后签发的文书；没有的请先签发新的"),
    )
    reason = forms.CharField(label=_("作废原因"), max_length=200, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["by"]
        assert isinstance(field, forms.ModelChoiceField)
        newer = Document.objects.light().filter(case_id=document.case_id, pk__gt=document.pk, voided_by__isnull=True)
        field.queryset = newer.select_related("template").order_by("-id")
        field.choices = [("", _("请选择")), *_like_first(document, field.queryset)]


def _like_first(document: Document, newer: Iterable[Document]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the choices in two groups: papers of the same template, and the others."""
    alike: list[tuple[int, str]] = []
    others: list[tuple[int, str]] = []
    for row in newer:
        (alike if row.template.code == document.template.code else others).append((row.pk, str(row)))
    return [(str(label), rows) for label, rows in ((_("同种文书"), alike), (_("其他文书"), others)) if rows]


class SendBack(Form):
    """Why the signer does not sign."""

    note = forms.CharField(label=_("退回意见"), max_length=300, widget=forms.Textarea({"rows": 2}))


class Send(Form):
    """To whom and how."""

    party = forms.ModelChoiceField(
        Party.objects.none(), label=_("当事人"), required=False, empty_label=_("不是当事人，填写单位")
    )
    addressee = forms.CharField(
        label=_("受送达单位"), max_length=100, required=False, help_text=_("协助单位、第三人等；送达当事人时不填")
    )
    way = forms.ChoiceField(label=_("送达方式"), choices=Way.choices)
    place = forms.CharField(
        label=_("送达地址"), max_length=200, required=False, help_text=_("不填则用当事人确认的地址或电子地址")
    )
    tracking = forms.CharField(label=_("邮件号或公告刊登处"), max_length=100, required=False)
    ground = forms.CharField(
        label=_("公告送达的原因和经过"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["party"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = parties_of(document)
        if not is_for_units(document):
            field.required, field.empty_label = True, _("请选择")
            del self.fields["addressee"]
        rows = list(field.queryset[:2])
        if len(rows) == 1 and field.required:
            field.initial = rows[0].pk


class NoteAttempt(Form):
    """Why the paper did not arrive."""

    reason = forms.ChoiceField(label=_("未送达原因"), choices=[("", _("请选择")), *Attempt.Reason.choices])
    tried_on = forms.DateField(label=_("日期"), widget=DayInput())
    note = forms.CharField(label=_("经过"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    is_given_up = forms.BooleanField(label=_("不再以此方式送达，改用其他方式"), required=False)


class Deliver(Form):
    """The day and the proof."""

    asks_for = {"proof": "upload"}

    on = forms.DateField(
        label=_("签收、留置、到达、退回或公告日"), widget=DayInput(), help_text=_("视为送达的日期由系统计算")
    )
    arrived_at = forms.TimeField(
        label=_("到达时刻"), required=False, widget=forms.TimeInput({"type": "time"}), help_text=_("以电子送达凭证为准")
    )
    receiver_kind = forms.ChoiceField(label=_("签收人身份"), required=False)
    receiver = forms.CharField(
        label=_("签收人姓名"),
        max_length=100,
        required=False,
        help_text=_("本人签收的可不填；代理人须已登记，代收人须在确认书上"),
    )
    is_returned = forms.BooleanField(
        label=_("邮件被退回"), required=False, help_text=_("只有寄往受送达人自己确认的地址才视为送达")
    )
    upload = forms.FileField(label=_("送达回证或送达凭证"), help_text=_("PDF、PNG、JPEG、TIFF，不超过20 MB"))

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may, kind = receivers.allowed(delivery), self.fields["receiver_kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _("请选择")), *((row.value, row.label) for row in may)]
        kind.required = delivery.way != Way.MAIL
        if delivery.way == Way.LEFT:
            kind.label, self.fields["receiver"].label = _("怎样证明"), _("见证人，或者照片、录像的情况")
            self.fields["receiver"].help_text = _("见证人写姓名和单位；照片、录像写由谁拍摄、存放在哪里")
        unasked = set() if may else {"receiver_kind", "receiver"}
        unasked |= {"arrived_at"} if delivery.way != Way.ELECTRONIC else set()
        unasked |= {"is_returned"} if delivery.way != Way.MAIL else set()
        for name in unasked:
            del self.fields[name]


class Address(Versioned):
    """What the party confirmed (送达地址确认书)."""

    recipient = forms.CharField(label=_("收件人"), max_length=100)
    address = forms.CharField(label=_("送达地址"), max_length=200)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    has_e_consent = forms.BooleanField(label=_("同意电子送达"), required=False)
    e_address = forms.CharField(
        label=_("电子送达地址"), max_length=200, required=False, help_text=_("手机号、电子邮箱或送达平台账号")
    )
    has_ruling_consent = forms.BooleanField(
        label=_("同意以电子方式送达裁定书"), required=False, help_text=_("应当由受送达人明示同意")
    )

    def clean_e_address(self) -> str:
        """Return the address; a number, a mailbox or an account has no blank in it."""
        text: str = self.cleaned_data["e_address"].strip()
        if len(text.split()) > 1:
            raise forms.ValidationError(_("电子送达地址不能含空格"))
        return text


class Choose(Form):
    """Which cases a batch offers: coded filters only."""

    template = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    stage = forms.ChoiceField(label=_("阶段"), choices=[("", _("全部阶段")), *Case.Stage.choices], required=False)
    team = forms.ModelChoiceField(
        Team.objects.order_by("code"),
        label=_("所在团队"),
        required=False,
        empty_label=_("全部团队"),
        to_field_name="code",
    )
    lacking = forms.BooleanField(label=_("只列尚未制发该文书的案件"), required=False)
    only = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def clean_only(self) -> list[int]:
        """Return the keys of the cases ticked elsewhere, such as 3-7-12; what is no key is dropped."""
        words = self.cleaned_data["only"].split("-")
        return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]


class SealFilter(Form):
    """Coded filters of the log of seals."""

    on = forms.DateField(label=_("用印日"), required=False, widget=DayInput())
    seal = forms.CharField(label=_("印章编号"), required=False, max_length=64)
    number = forms.CharField(label=_("文号"), required=False, max_length=80)


class TakeInWord(Versioned):
    """A draft that was edited in Word and comes back."""

    # It stands in the form of the paper, folded away: only its own button asks for the file.
    use_required_attribute = False

    upload = forms.FileField(
        label=_("改动后的Word稿"),
        help_text=_("只接受本系统下载的 .docx；标题、文号、救济条款和落款不能改动，不能含宏、图片和修订痕迹"),
    )
