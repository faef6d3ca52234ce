"""Forms by which a case is halted, goes on, or runs by a settlement; each names its document."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput, YuanField
from cases.evidence import Cited, Paper
from cases.forms import Act
from cases.models import Agent, Case, Suspension
from cases.models import Stay as StayRow


class Halt(Act):
    """The document: one issued in this case, or one made outside with number and day."""

    paper = forms.ChoiceField(
        label=_("本案已签发的文书"), required=False, help_text=_("先在“文书”页签发；在系统外制作的，填写下面两项")
    )
    number = forms.CharField(
        label=_("系统外制作的文号"), max_length=100, required=False, help_text=_("如 (2021)内0302执1号之一")
    )
    made_on = forms.DateField(label=_("文书作出日期"), required=False, widget=DayInput())
    # The argument of the service that the three fields make.
    argument = "document"

    def __init__(self, *args: Any, papers: Iterable[Paper] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["paper"]
        assert isinstance(field, forms.ChoiceField)
        rows = list(papers)
        field.choices = [("", _("在系统外制作")), *((row.ref, row.label) for row in rows)]
        field.initial = rows[0].ref if rows else ""

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = dict(self.cleaned_data)
        cited = Cited(data.pop("paper"), data.pop("number"), data.pop("made_on"))
        return data | {self.argument: cited}


class Suspend(Halt):
    """Ground in law and the ruling."""

    ground = forms.ChoiceField(label=_("中止事由"), choices=Suspension.Ground.choices, widget=forms.RadioSelect)
    field_order = ("ground", "paper", "number", "made_on")


class Resume(Halt):
    """Why the case goes on, and the notice."""

    note = forms.CharField(
        label=_("恢复说明"), max_length=200, help_text=_("中止情形何时、如何消失；恢复执行应书面通知当事人")
    )
    field_order = ("note", "paper", "number", "made_on")


class Stay(Halt):
    """Ground, decision and the day to which the case is stayed."""

    ground = forms.ChoiceField(label=_("暂缓事由"), choices=StayRow.Ground.choices, widget=forms.RadioSelect)
    until_on = forms.DateField(
        label=_("暂缓至"),
        widget=DayInput(),
        help_text=_("担保暂缓最长一年，上级法院通知最长三个月；到期系统提醒，不会自动恢复"),
    )
    field_order = ("ground", "paper", "number", "made_on", "until_on")


INSTALMENT = YuanField()


class AgentsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Agents, and for whom they act."""

    def label_from_instance(self, obj: Agent) -> str:
        """Return what the list shows."""
        return f"{obj.name}（{obj.party.name}）"


class Settle(Halt):
    """The agreement and its instalments, one a line; and the ruling of 中止, where the court has made one on it."""

    document = forms.CharField(label=_("和解协议"), max_length=200, help_text=_("名称、日期，或笔录"))
    terms = forms.CharField(label=_("主要内容"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    instalments = forms.CharField(
        label=_("各期付款"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("每行一期：日期 金额，如 2022-01-31 5000.00；可从Excel粘贴两列"),
    )
    agents = AgentsChoice(
        label=_("由代理人签署的"),
        queryset=Agent.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("代理人签署须有代为执行和解的特别授权；本人签署的不选"),
    )
    field_order = ("document", "terms", "instalments", "agents", "paper", "number", "made_on")
    argument = "ruling"

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents = self.fields["agents"]
        assert isinstance(agents, forms.ModelMultipleChoiceField)
        agents.queryset = case.agents.filter(revoked_at__isnull=True).select_related("party").order_by("id")
        field = self.fields["paper"]
        assert isinstance(field, forms.ChoiceField)
        field.label, field.initial = _("因和解裁定中止执行的裁定书"), ""
        field.choices = [("", _("没有裁定中止，或在系统外制作")), *list(field.choices)[1:]]  # type: ignore[arg-type]
        field.help_text = _("仅登记和解不停止计算执行期限；裁定中止的，自登记之日起扣除，至和解结束")

    def clean_instalments(self) -> list[tuple[dt.date, Decimal]]:
        """Return the instalments; a wrong line is named by its number."""
        rows, wrong = [], []
        for number, line in enumerate(self.cleaned_data["instalments"].splitlines(), start=1):
            words = line.replace("，", " ").replace(",", "").replace("元", "").split()
            try:
                day, amount = words
                rows.append((dt.date.fromisoformat(day.replace("/", "-")), INSTALMENT.clean(amount)))
            except (ValueError, forms.ValidationError):
                wrong += [str(number)] if line.strip() else []
        if wrong:
            raise forms.ValidationError(
                _("第 %(lines)s 行应为“日期 金额”，金额大于零、最多两位小数") % {"lines": "、".join(wrong)}
            )
        return rows
