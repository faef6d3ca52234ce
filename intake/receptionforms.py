"""Forms of the first reception: its beginning, what is typed, the signature, reasons, where a filing came from."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.models import User
from bureau.wording import Form, Rows
from cases.models import Party
from intake import questions
from intake.filingsources import Unreceived
from intake.models import ClaimType, FilingSource, Reception
from intake.questions import Question

SEQ_DIGITS = 9


class BeginForm(Form):
    """What a record begins with; the questions follow from it."""

    claim_type = forms.ChoiceField(
        label=_("请求执行什么"), choices=ClaimType.choices, initial=ClaimType.MONEY, widget=forms.RadioSelect
    )
    subject = forms.ChoiceField(
        label=_("申请执行人是"), choices=Party.Kind.choices, initial=Party.Kind.PERSON, widget=forms.RadioSelect
    )
    flag = forms.ChoiceField(
        label=_("民生案件"),
        required=False,
        choices=[("", _("不是")), *Reception.Flag.choices],
        widget=forms.RadioSelect,
        help_text=_("标明后在指挥中心优先办理"),
    )
    place = forms.ChoiceField(label=_("接待地点"), choices=Reception.Place.choices)
    recorder = forms.ModelChoiceField(label=_("记录人"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recorder"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(window=actor.window_id, is_active=True).order_by("name", "id")
        field.initial = actor.pk


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page shows it."""

    question: Question
    value: str
    error: str
    is_hidden: bool
    is_later: bool

    @property
    def name(self) -> str:
        """Return the name of its field."""
        return f"q-{self.question.key}"

    @property
    def wanted(self) -> str:
        """Return the answers by which it is asked, as the script reads them."""
        return "|".join(self.question.answers_wanted)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page sends."""

    answers: dict[str, str]
    later: list[str]
    told: list[str]
    seq: int
    page: str


def typed(data: QueryDict, record: Reception) -> Typed:
    """Return what was typed, whatever else stands in the request."""
    known = questions.questions_of(record.template.content)
    seq = data.get("seq", "")
    return Typed(
        answers={question.key: data.get(f"q-{question.key}", "") for question in known},
        later=data.getlist("later"),
        told=data.getlist("told"),
        seq=int(seq) if seq.isascii() and seq.isdigit() and len(seq) <= SEQ_DIGITS else 0,
        page=data.get("page", "").replace("\x00", "")[:40],
    )


def asked(record: Reception, errors: dict[str, list[str]]) -> list[tuple[str, list[Asked]]]:
    """Return the questions that may come up, in their sections; those not asked as it stands are hidden."""
    all_of = questions.questions_of(record.template.content)
    shown = {row.key for row in questions.asked(all_of, record.answers, subject=record.subject, flag=record.flag)}
    answers, later = record.answers, record.later
    sections: list[tuple[str, list[Asked]]] = []
    for question in questions.possible(all_of, subject=record.subject, flag=record.flag):
        row = Asked(
            question=question,
            value=answers.get(question.key, ""),
            error=" ".join(errors.get(f"q-{question.key}", [])),
            is_hidden=question.key not in shown,
            is_later=question.key in later,
        )
        if question.section or not sections:
            sections.append((question.section, []))
        sections[-1][1].append(row)
    return sections


class SignForm(Form):
    """A signature on the screen, or the scan of the signed paper."""

    signed_by = forms.CharField(
        label=_("签名人"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    drawn = forms.CharField(required=False, max_length=1_200_000, widget=forms.HiddenInput)
    scan = forms.FileField(
        label=_("或者上传纸质签名件（可捺指印）"),
        required=False,
        help_text=_("打印后由被接待人逐页签名，再扫描或拍照；PDF、PNG、JPEG、TIFF，不超过20 MB"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.tif,.tiff"}),
    )


class ReasonForm(Form):
    """Why a record is voided or corrected."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 3}))


class LaterForm(Form):
    """The answer to a question that was left for later."""

    answer = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea({"rows": 2}))


class ReceptionFilter(Form):
    """Coded filters only: a name never stands in an address."""

    day = forms.DateField(label=_("接待日"), required=False, widget=DayInput())
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *Reception.State.choices])


class ReceptionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A signed record, named by its number and who was received."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what the list of choices says."""
        words = {"number": obj.pk, "name": obj.visitor, "kind": obj.get_claim_type_display()}
        return _t("第%(number)d号 %(name)s（%(kind)s）") % words


class SourceForm(Form):
    """Where a filing came from: a signed record of this window, or why there is none."""

    reception = ReceptionChoice(
        label=_("初次接待笔录"),
        queryset=Reception.objects.none(),
        required=False,
        empty_label=_("没有笔录"),
        help_text=_("本窗口已签名、尚未立案的笔录"),
    )
    reason = forms.ChoiceField(
        label=_("没有笔录的原因"),
        required=False,
        choices=[("", _("请选择")), *((row.value, row.label) for row in FilingSource.CHOSEN)],
    )
    words = forms.CharField(
        label=_("来源说明"),
        required=False,
        max_length=200,
        help_text=_("如网上立案编号、邮寄单号、移送函文号"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reception"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Reception.objects.visible_to(actor).ready().select_related("template").order_by("-id")

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        data = self.cleaned_data
        if "reception" in self.errors or "reason" in self.errors:
            return data
        if data.get("reception") and data.get("reason"):
            self.add_error("reason", _("已选择笔录的，不填没有笔录的原因"))
        elif not data.get("reception") and not data.get("reason"):
            self.add_error("reception", _("没有笔录不能立案；网上、邮寄、移送的请选择原因"))
        elif data.get("reason") and not data.get("words", "").strip() and "words" not in self.errors:
            self.add_error("words", _("请写明来源"))
        return data

    def chosen(self) -> Reception | None:
        """Return the record that the page begins with or was sent with."""
        field = self.fields["reception"]
        assert isinstance(field, forms.ModelChoiceField)
        value = str(self["reception"].value() or "")
        if not (value.isascii() and value.isdigit() and len(value) < 12):
            return None
        return field.queryset.filter(pk=value).first() if field.queryset is not None else None

    def arguments(self) -> dict[str, Any]:
        """Return what the service is given."""
        data = self.cleaned_data
        if data["reception"]:
            return {"reception": data["reception"]}
        return {"without_reception": Unreceived(data["reason"], data["words"])}


class QuestionRow(Form):
    """One question of a version being edited."""

    position = forms.IntegerField(label=_("顺序"), min_value=1, max_value=999)
    key = forms.CharField(label=_("代码"), max_length=40, help_text=_("小写字母、数字、下划线"))
    label = forms.CharField(label=_("问题"), max_length=questions.LABEL_MAX)
    kind = forms.ChoiceField(
        label=_("答法"),
        choices=[
            (questions.TEXT, _("文字")),
            (questions.CHOICE, _("选择")),
            (questions.DATE, _("日期")),
            (questions.AMOUNT, _("金额")),
            (questions.YESNO, _("是或者否")),
        ],
    )
    is_required = forms.BooleanField(label=_("必问，不能以后再问"), required=False)
    options = forms.CharField(
        label=_("选项（每行一个）"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    depends_on = forms.CharField(label=_("由哪一题决定（代码）"), required=False, max_length=40)
    answers_wanted = forms.CharField(
        label=_("答什么时发问（每行一个）"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    hint = forms.CharField(label=_("提示"), required=False, max_length=questions.HINT_MAX)
    section = forms.CharField(label=_("自此起的小标题"), required=False, max_length=20)
    is_long = forms.BooleanField(label=_("多行"), required=False)

    seldom = ("depends_on", "answers_wanted", "hint", "section", "is_long")

    def question(self) -> Question:
        """Return what was typed as a question."""
        row = self.cleaned_data
        when = (row["depends_on"].strip(), tuple(_lines(row["answers_wanted"]))) if row["depends_on"].strip() else None
        return Question(
            key=row["key"].strip(),
            label=row["label"].strip(),
            kind=row["kind"],
            is_required=row["is_required"],
            options=tuple(_lines(row["options"])),
            when=when,
            hint=row["hint"].strip(),
            section=row["section"].strip(),
            is_long=row["is_long"],
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class QuestionRows(Rows):
    """All rows count; an emptied one is an error, a removed one is gone."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Let an untouched row be an error, not nothing."""
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        if self.is_bound and index is not None:
            kwargs["empty_permitted"] = False
        return kwargs


QuestionSet = forms.formset_factory(
    QuestionRow,
    formset=QuestionRows,
    extra=0,
    min_num=1,
    max_num=questions.QUESTIONS_MAX,
    validate_max=True,
    absolute_max=questions.QUESTIONS_MAX + 1,
)


class VersionForm(Form):
    """What belongs to the whole version."""

    told = forms.CharField(label=_("告知事项（每行一项）"), max_length=10000, widget=forms.Textarea({"rows": 10}))
    note = forms.CharField(label=_("修订说明"), max_length=300)
    effective_on = forms.DateField(label=_("生效日"), widget=DayInput())


def rows_of(content: questions.Content) -> list[dict[str, Any]]:
    """Return what the rows of an edit begin with."""
    return [
        {
            "position": 10 * number,
            "key": row.key,
            "label": row.label,
            "kind": row.kind,
            "is_required": row.is_required,
            "options": "\n".join(row.options),
            "depends_on": row.depends_on,
            "answers_wanted": "\n".join(row.answers_wanted),
            "hint": row.hint,
            "section": row.section,
            "is_long": row.is_long,
        }
        for number, row in enumerate(questions.questions_of(content), start=1)
    ]


def edited(rows: Any, told: str, before: questions.Content) -> dict[str, Any]:
    """Return the version that was typed; what everybody is told keeps its code while its words stand."""
    ordered = sorted(rows.forms, key=lambda form: form.cleaned_data["position"])
    codes = {text: key for key, text in questions.told_of(before)}
    lines, taken = [], set(codes.values())
    for text in dict.fromkeys(_lines(told)):
        key = codes.get(text)
        number = 1
        while key is None:
            key, number = (f"t{number}" if f"t{number}" not in taken else None), number + 1
        taken.add(key)
        lines.append((key, text))
    return questions.content_of((form.question() for form in ordered), lines)
