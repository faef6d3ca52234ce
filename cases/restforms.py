"""Forms by which a case is halted, goes on, or runs by a settlement; each names its document."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput, YuanField
from cases.evidence import Cited, Paper
from cases.forms import Act
from cases.models import Agent, AgentQuerySet, Suspension
from cases.models import Stay as StayRow
from cases.services.settlements import Arrival


class Halt(Act):
    """The document: one issued in this case, or the scan of one made outside with its number and day."""

    paper = forms.ChoiceField(
        label=_("所依据的文书"),
        required=False,
        help_text=_("先在“文书”页签发；在系统外制作的，先扫描入卷，选扫描件，再填写下面两项"),
    )
    number = forms.CharField(
        label=_("系统外制作的文号"),
        max_length=100,
        required=False,
        help_text=_("选扫描件时填写，如 (2021)内0302执1号之一"),
    )
    made_on = forms.DateField(label=_("文书作出日期"), required=False, widget=DayInput())
    # The argument of the service that the three fields make.
    argument = "document"

    def __init__(self, *args: Any, papers: Iterable[Paper] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["paper"]
        assert isinstance(field, forms.ChoiceField)
        rows = list(papers)
        scanned = _("扫描件：%(paper)s")
        labels = [(row.ref, row.label if row.is_issued else scanned % {"paper": row.label}) for row in rows]
        field.choices = [("", _("请选择")), *labels]
        field.initial = rows[0].ref if rows and rows[0].is_issued else ""

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = dict(self.cleaned_data)
        cited = Cited(data.pop("paper"), data.pop("number"), data.pop("made_on"))
        return data | {self.argument: cited}


class Rest(Halt):
    """Since when the case rests, by which document; what the newest one issued here says is filled in."""

    from_on = forms.DateField(
        label=_("起算日"), required=False, widget=DayInput(), help_text=_("文书作出日至今天之间；不填为今天")
    )
    # How the documents word the grounds, and the fields of the document by those of the form.
    worded: Mapping[Any, str] = {}
    said = {"from_on": "from_on"}

    def __init__(self, *args: Any, papers: Iterable[Paper] = (), **kwargs: Any) -> None:
        rows = list(papers)
        super().__init__(*args, papers=rows, **kwargs)
        says = rows[0].says if rows else {}
        for name, source in self.said.items():
            self.fields[name].initial = says.get(source, "")
        grounds = {words: code for code, words in self.worded.items()}
        self.fields["ground"].initial = grounds.get(says.get("ground", ""))


class Suspend(Rest):
    """Ground in law and the ruling."""

    ground = forms.ChoiceField(label=_("中止事由"), choices=Suspension.Ground.choices, widget=forms.RadioSelect)
    field_order = ("paper", "number", "made_on", "ground", "from_on")
    worded = Suspension.RULED


class Resume(Halt):
    """Why the case goes on, and the notice."""

    note = forms.CharField(
        label=_("恢复说明"), max_length=200, help_text=_("中止情形何时、如何消失；恢复执行应书面通知当事人")
    )
    from_on = forms.DateField(
        label=_("恢复日"), required=False, widget=DayInput(), help_text=_("通知书写明的日期；不填为今天")
    )
    field_order = ("note", "paper", "number", "made_on", "from_on")

    def __init__(self, *args: Any, papers: Iterable[Paper] = (), **kwargs: Any) -> None:
        rows = list(papers)
        super().__init__(*args, papers=rows, **kwargs)
        self.fields["from_on"].initial = rows[0].says.get("from_on", "") if rows else ""


class Stay(Rest):
    """Ground, decision and the day to which the case is stayed."""

    ground = forms.ChoiceField(label=_("暂缓事由"), choices=StayRow.Ground.choices, widget=forms.RadioSelect)
    until_on = forms.DateField(
        label=_("暂缓至"),
        widget=DayInput(),
        help_text=_("担保暂缓最长一年，上级法院通知最长三个月；到期系统提醒，不会自动恢复"),
    )
    field_order = ("paper", "number", "made_on", "ground", "from_on", "until_on")
    worded = StayRow.DECIDED
    said = {"from_on": "from_on", "until_on": "to_on"}


INSTALMENT = YuanField()


class SignerField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Agents of the case, each with his party and whether he may settle."""

    def label_from_instance(self, obj: Agent) -> str:
        """Return what the list shows."""
        words = {"name": obj.name, "party": obj.party.name}
        if obj.has_special_power(Agent.Power.SETTLE):
            return _("%(name)s（代理%(party)s）") % words
        return _("%(name)s（代理%(party)s，没有和解的特别授权）") % words


class Settle(Halt):
    """The agreement and its instalments, one a line; and the ruling of 中止, where the court has made one on it."""

    document = forms.ChoiceField(
        label=_("和解协议"), help_text=_("卷宗中的和解协议或和解笔录；还没有的，先扫描入卷，或在“文书”页签发笔录")
    )
    from_on = forms.DateField(label=_("达成日"), required=False, widget=DayInput(), help_text=_("不填为今天"))
    terms = forms.CharField(label=_("主要内容"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    instalments = forms.CharField(
        label=_("各期付款"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("每行一期：日期 金额，如 2022-01-31 5000.00；可从Excel粘贴两列"),
    )
    agents = SignerField(
        Agent.objects.none(),
        label=_("由代理人签署的"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("当事人本人签署的不勾选；代理人须有“代为执行和解”的特别授权"),
    )
    below_reason = forms.CharField(
        label=_("合计明显低于标的额的原因"),
        max_length=300,
        required=False,
        help_text=_("各期合计不足尚未履行金额一半时填写，如申请执行人自愿放弃部分权利"),
    )
    field_order = (
        "document",
        "from_on",
        "terms",
        "instalments",
        "below_reason",
        "agents",
        "paper",
        "number",
        "made_on",
    )
    argument = "ruling"

    def __init__(
        self, *args: Any, agents: AgentQuerySet, agreements: Mapping[str, Paper] = MappingProxyType({}), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        document = self.fields["document"]
        assert isinstance(document, forms.ChoiceField)
        rows = [(ref, paper.label) for ref, paper in reversed(list(agreements.items()))]
        document.choices = [("", _("请选择") if rows else _("卷宗中还没有")), *rows]
        signers = self.fields["agents"]
        assert isinstance(signers, SignerField)
        signers.queryset = agents.select_related("party").order_by("party__side", "party__position", "id")
        if not signers.queryset.exists():
            del self.fields["agents"]
        field = self.fields["paper"]
        assert isinstance(field, forms.ChoiceField)
        field.label, field.initial = _("因和解裁定中止执行的裁定书"), ""
        field.choices = [("", _("没有裁定中止")), *list(field.choices)[1:]]  # type: ignore[arg-type]
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


DIRECT = "DIRECT"


class NoteInstalment(Act):
    """When an instalment was paid and by what it is proved: to the applicant, or by what came to the account."""

    to = forms.ChoiceField(
        label=_("付款途径"),
        choices=[(DIRECT, _("直接付给申请执行人")), ("ACCOUNT", _("付至本案案款账号"))],
        widget=forms.RadioSelect,
        help_text=_("直接付款的另记一笔自行履行，由他人核对申请执行人书面确认后冲减尚欠金额"),
    )
    arrivals = forms.TypedMultipleChoiceField(
        label=_("对应的到账"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("付至案款账号的才选；一期可以由几笔到账付清"),
    )
    paid_on = forms.DateField(label=_("实付日"), widget=DayInput())
    note = forms.CharField(label=_("履行凭据"), max_length=200)

    def __init__(self, *args: Any, arrivals: Iterable[Arrival] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["arrivals"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(row.event.pk, row.label) for row in arrivals]
        if not field.choices:
            field.help_text = _("本案账号还没有可以对应的到账；款项到账后再登记")

    def clean(self) -> dict[str, Any]:
        """What came to the account is named; what was paid directly names none."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("to") == DIRECT and data.get("arrivals"):
            self.add_error("arrivals", _("直接付给申请执行人的不选到账"))
        if data.get("to") == "ACCOUNT" and not data.get("arrivals") and "arrivals" not in self.errors:
            self.add_error("arrivals", _("请选择对应的到账；尚未到账的不能登记"))
        return data

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "to"}
