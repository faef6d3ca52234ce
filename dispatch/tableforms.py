"""Forms of the decision table: a row with its conditions, the head of a version, its day, the approver's answer."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.wording import Form
from cases.models import Case
from dispatch.facts import BY_CODE, CHOICE, COUNT, FACTS, MONEY, OPERATORS, SET, YES_NO, BadValue, Fact, canonical
from dispatch.models import TriageRule

CONDITIONS_MAX = 8
CODE = re.compile(r"[A-Z][A-Z0-9]{0,7}")
NOTES = (
    gettext_lazy("调整金额线"),
    gettext_lazy("调整权重"),
    gettext_lazy("增加一类案件"),
    gettext_lazy("按改判情况修正"),
    gettext_lazy("专项行动期间适用"),
)


@dataclass(slots=True)
class ConditionRow:
    """One condition as typed: which fact, and the widgets that suit it."""

    number: int
    fact: str = ""
    op: str = ""
    value: str = ""
    other: str = ""
    codes: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def about(self) -> Fact | None:
        """The fact chosen."""
        return BY_CODE.get(self.fact)

    @property
    def kind(self) -> str:
        """What kind of value it wants: NUMBER, YES_NO, CODES or nothing yet."""
        if self.about is None:
            return ""
        if self.about.kind in (MONEY, COUNT):
            return "NUMBER"
        return "YES_NO" if self.about.kind == YES_NO else "CODES"

    @property
    def facts(self) -> list[tuple[str, Any, bool]]:
        """Every fact that may be chosen."""
        return [(one.code, one.name, one.code == self.fact) for one in FACTS]

    @property
    def operators(self) -> list[tuple[str, Any, bool]]:
        """What may be said of the fact."""
        return [(op, OPERATORS[op], op == self.op) for op in (self.about.operators if self.about else ())]

    @property
    def others(self) -> list[tuple[str, Any, bool]]:
        """Other facts of the kind, to compare with."""
        about = self.about
        rows = [one for one in FACTS if about and one.kind == about.kind and one != about]
        return [(one.code, one.name, one.code == self.other) for one in rows]

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        """The codes that may be ticked."""
        choices = self.about.choices if self.about and self.about.choices else {}
        return [(code, label, code in self.codes) for code, label in choices.items()]

    @classmethod
    def of(cls, number: int, condition: dict[str, Any]) -> "ConditionRow":
        """Return the row that shows a stored condition."""
        row, value = cls(number, condition["fact"], condition["op"]), condition["value"]
        if isinstance(value, dict):
            row.other = str(value["fact"])
        elif isinstance(value, list):
            row.codes = value
        else:
            row.value = str(value).lower() if isinstance(value, bool) else str(value)
        return row

    def condition(self) -> dict[str, Any]:
        """Return it as stored; raises BadValue."""
        about = self.about
        if about is None:
            raise BadValue(_("请选择列表中的一项"))
        if self.op not in about.operators:
            raise BadValue(_("请选择怎样比较"))
        given: Any = {"fact": self.other} if self.other else self.value
        if about.kind in (CHOICE, SET):
            given = self.codes
        return {"fact": about.code, "op": self.op, "value": canonical(about, given)}


class RuleForm(Form):
    """One row of a draft; its conditions come as rows of small fields, from programs as JSON."""

    code = forms.CharField(label=gettext_lazy("规则"), max_length=8, help_text=gettext_lazy("大写字母开头，如 T15"))
    label = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    stream = forms.ChoiceField(label=gettext_lazy("指向"), choices=Case.Stream.choices)
    is_decisive = forms.BooleanField(
        label=gettext_lazy("决定性"), required=False, help_text=gettext_lazy("命中即定，不计权重；繁案优先")
    )
    weight = forms.IntegerField(label=gettext_lazy("权重"), required=False, min_value=0, max_value=99)
    flag = forms.ChoiceField(
        label=gettext_lazy("标记"), required=False, choices=[("", gettext_lazy("无")), *TriageRule.Flag.choices]
    )
    basis = forms.CharField(label=gettext_lazy("依据"), max_length=200)
    from_on = forms.DateField(
        label=gettext_lazy("起适用日"), required=False, help_text=gettext_lazy("只在一段时间适用时填写")
    )
    until_on = forms.DateField(label=gettext_lazy("止适用日"), required=False, help_text=gettext_lazy("当日起不再适用"))
    conditions = forms.CharField(
        label=gettext_lazy("条件"),
        required=False,
        max_length=4000,
        help_text='JSON: [{"fact": "claimed", "op": "le", "value": "100000.00"}]',
        widget=forms.HiddenInput,
    )

    def __init__(self, data: QueryDict | None = None, *, rule: TriageRule | None = None, **kwargs: Any) -> None:
        initial = rule.content() if rule else {"stream": Case.Stream.FAST, "weight": 0}
        conditions: Any = initial.pop("conditions", [])
        super().__init__(data, initial=initial, **kwargs)
        self.rows = _typed(data) if data is not None else [ConditionRow.of(*pair) for pair in enumerate(conditions)]
        if len(self.rows) < CONDITIONS_MAX:
            self.rows.append(ConditionRow(len(self.rows)))

    @classmethod
    def redrawn(cls, data: QueryDict) -> "RuleForm":
        """Return the form as typed with what suits each chosen fact; nothing is judged yet."""
        form = cls()
        form.initial, form.rows = data.dict(), _typed(data)
        if len(form.rows) < CONDITIONS_MAX:
            form.rows.append(ConditionRow(len(form.rows)))
        return form

    @property
    def plain_fields(self) -> list[Any]:
        """The fields before the conditions."""
        return [self[name] for name in self.fields if name != "conditions"]

    def clean_code(self) -> str:
        """Return the code in capitals."""
        code = str(self.cleaned_data["code"]).strip().upper()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("大写字母开头，只用字母和数字"))
        return code

    def clean_weight(self) -> int:
        """Nothing typed is no weight."""
        return self.cleaned_data["weight"] or 0

    def clean(self) -> dict[str, Any]:
        """Read the conditions."""
        data = self.cleaned_data
        data["conditions"] = self._from_json(data["conditions"]) if data.get("conditions") else self._from_rows()
        if not data["conditions"] and "conditions" not in self.errors:
            self.add_error("conditions", _("请至少写一项条件"))
        if data.get("is_decisive"):
            data["weight"] = 0
        elif "weight" not in self.errors and not data.get("weight"):
            self.add_error("weight", _("不是决定性的规则要有权重"))
        return data

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"content": {name: self.cleaned_data[name] for name in TriageRule.CONTENT}}

    def _from_rows(self) -> list[dict[str, Any]]:
        conditions = []
        for row in self.rows:
            if not row.fact:
                continue
            try:
                conditions.append(row.condition())
            except BadValue as wrong:
                row.error = str(wrong)
                words = {"number": row.number + 1, "reason": row.error}
                self.add_error("conditions", _("第 %(number)d 项条件：%(reason)s") % words)
        return conditions

    def _from_json(self, text: str) -> list[dict[str, Any]]:
        try:
            given = json.loads(text)
            rows = [ConditionRow.of(number, row) for number, row in enumerate(given)][:CONDITIONS_MAX]
        except (ValueError, TypeError, KeyError, AttributeError):
            self.add_error("conditions", _("条件的格式不对"))
            return []
        self.rows = rows
        return self._from_rows()


def _typed(data: QueryDict) -> list[ConditionRow]:
    rows: list[ConditionRow] = []
    for number in range(CONDITIONS_MAX):
        name = f"c-{number}-"
        if not (fact := data.get(f"{name}fact", "")):
            continue
        about = BY_CODE.get(fact)
        op = data.get(f"{name}op", "")
        # Another fact was chosen: its first operator stands until one is picked.
        if about and op not in about.operators:
            op = about.operators[0]
        given = {key: data.get(f"{name}{key}", "")[:40] for key in ("value", "other")}
        rows.append(ConditionRow(len(rows), fact, op, codes=data.getlist(f"{name}codes")[:40], **given))
    return rows


class HeadForm(Form):
    """What a version is for, and how much weight makes a case simple."""

    fast_weight_min = forms.IntegerField(label=gettext_lazy("简案权重线"), min_value=1, max_value=99)
    note = forms.CharField(
        label=gettext_lazy("修订说明"), max_length=300, widget=forms.TextInput(attrs={"list": "table-notes"})
    )


class DraftForm(Form):
    """Why a new version is begun."""

    note = forms.CharField(
        label=gettext_lazy("修订说明"), max_length=300, widget=forms.TextInput(attrs={"list": "table-notes"})
    )


class SubmitForm(Form):
    """The day from which the version is to count."""

    from_on = forms.DateField(label=gettext_lazy("生效日"))


class AnswerForm(Form):
    """The approver's answer."""

    action = forms.ChoiceField(
        label=gettext_lazy("答复"), choices=[("approve", gettext_lazy("批准")), ("return", gettext_lazy("退回"))]
    )
    note = forms.CharField(
        label=gettext_lazy("意见"), required=False, max_length=300, help_text=gettext_lazy("退回时必填")
    )

    def clean(self) -> dict[str, Any]:
        """A version sent back needs a reason."""
        if self.cleaned_data.get("action") == "return" and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("退回请写明理由"))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        return {"is_approved": self.cleaned_data["action"] == "approve", "note": self.cleaned_data["note"]}
