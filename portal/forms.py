"""What the public may type; the worker inside reads submissions by the same forms."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import visits
from bureau.calendar import DAY, WorkCalendar
from bureau.wording import Form
from portal.models import Sms


class Numbered(Form):
    """A form that begins with the case number."""

    number = forms.CharField(
        label=_("案号"),
        max_length=60,
        help_text=_("受理回执上的案号，如 (2021)内0302执1号；全角、半角括号都可以"),
        error_messages={"required": _("请填写案号")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class LookUp(Numbered):
    """Case number and look-up code, as printed on the receipt, and the end of the identity number."""

    code = forms.CharField(
        label=_("查询码"),
        max_length=40,
        help_text=_("受理回执上的 16 位查询码，不分大小写，短横可以不输"),
        error_messages={"required": _("请填写查询码")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "code"}
        ),
    )
    answer = forms.CharField(
        label=_("证件号码后四位"),
        min_length=4,
        max_length=4,
        help_text=_("本人身份证号后四位；单位填统一社会信用代码后四位；代理人填执业证号或身份证号后四位"),
        error_messages={
            "required": _("请填写证件号码后四位"),
            "min_length": _("请填写后四位"),
            "max_length": _("只填后四位"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "code"}),
    )


class AskPhoneCode(Numbered):
    """Case number and the phone that was registered at filing."""

    phone = forms.CharField(
        label=_("立案时登记的手机号"),
        max_length=20,
        error_messages={"required": _("请填写手机号")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )


class EnterPhoneCode(Form):
    """Six digits."""

    code = forms.CharField(
        label=_("短信验证码"),
        max_length=12,
        help_text=_("6 位数字，10 分钟内有效，只能用一次"),
        error_messages={"required": _("请填写验证码")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )


TEXT_MAX = 1000


def _text(label: Any, *, help_text: Any = "", is_required: bool = True, most: int = TEXT_MAX) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=most, required=is_required, help_text=help_text, widget=area)


class Spoken(Form):
    """Something that an applicant says; `fit` holds it to what his page says, and to the day."""

    def fit(self, reached: Mapping[str, bool], *, today: dt.date) -> None:
        """Leave out what cannot be said now; the worker inside, which asks the rooms, does without."""


class Clue(Spoken):
    """Property that the debtor may have (财产调查规定 2)."""

    KINDS = (
        ("DEPOSIT", _("银行存款、网络支付账户")),
        ("INCOME", _("工资、收入、应收款")),
        ("REAL_ESTATE", _("房屋、土地")),
        ("VEHICLE", _("车辆")),
        ("EQUITY", _("公司股权、投资")),
        ("GOODS", _("机器、存货、贵重物品")),
        ("WHEREABOUTS", _("被执行人下落")),
        ("OTHER", _("其他")),
    )

    kind = forms.ChoiceField(label=_("是什么财产"), choices=[("", _("请选择")), *KINDS])
    where = forms.CharField(label=_("在哪里"), max_length=200, help_text=_("如银行和支行、小区楼号、车牌号、公司名称"))
    text = _text(_("您怎么知道的，还有什么要说明"), is_required=False)


def clue_text(given: dict[str, Any]) -> str:
    """Return a clue as the court keeps it."""
    parts = (str(dict(Clue.KINDS)[given["kind"]]), given["where"], given["text"])
    return "\n".join(part for part in parts if part)


class Payee(Spoken):
    """Whether the account is right; a change is made at a window, from a signed paper and with the ID seen."""

    RIGHT, OTHER = "RIGHT", "OTHER"
    # Kept as the reason at the window; stored text stays Chinese.
    ASKED = "申请执行人在公众查询页申请确认或变更收款账户"

    what = forms.ChoiceField(
        label=_("收款账户"),
        choices=[(RIGHT, _("账户没有变，继续用")), (OTHER, _("要确认或更换账户"))],
        widget=forms.RadioSelect,
    )


class Visit(Spoken):
    """When somebody wants to come, and about what."""

    on = forms.DateField(label=_("希望哪天来"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    half = forms.ChoiceField(
        label=_("上午或下午"),
        choices=[("MORNING", _("上午")), ("AFTERNOON", _("下午"))],
        widget=forms.RadioSelect,
    )
    text = _text(_("想谈什么"))
    today: dt.date | None = None

    def fit(self, reached: Mapping[str, bool], *, today: dt.date) -> None:
        """Offer the days after the court's answer; the bureau's own rest days are known inside alone."""
        self.today = today
        days = {"min": visits.first_day(today, WorkCalendar()), "max": today + visits.AHEAD_MAX * DAY}
        self.fields["on"].widget.attrs.update({name: day.isoformat() for name, day in days.items()})

    def clean_on(self) -> dt.date:
        """Refuse a day on which nobody can come."""
        day: dt.date = self.cleaned_data["on"]
        if self.today and (reasons := visits.objections(day, today=self.today, calendar=WorkCalendar())):
            raise forms.ValidationError(reasons)
        return day


class Complaint(Spoken):
    """What is wrong; goes to the inspectors, not to the team of the case."""

    topic = forms.ChoiceField(
        label=_("反映的问题"),
        choices=[
            ("", _("请选择")),
            ("SLOW", _("执行不力、拖延")),
            ("CONDUCT", _("执行行为违法、作风问题")),
            ("MONEY", _("案款")),
            ("NO_MEANS", _("被执行人无财产可供执行")),
            ("OTHER", _("与执行无关的其他事项")),
        ],
    )
    text = _text(_("具体情况"), help_text=_("写明时间、人员和经过；只有督察人员能看到"))


class Rating(Spoken):
    """A mark for one stage."""

    STAGES = (
        ("FILED", _("立案接待")),
        ("STARTING", _("启动和通知")),
        ("STREAM", _("执行实施")),
        ("MONEY", _("案款发放")),
    )

    stage = forms.ChoiceField(label=_("评价哪个阶段"), choices=STAGES, widget=forms.RadioSelect)
    score = forms.ChoiceField(
        label=_("评分"),
        choices=[
            ("5", _("5 分，很满意")),
            ("4", _("4 分，满意")),
            ("3", _("3 分，一般")),
            ("2", _("2 分，不满意")),
            ("1", _("1 分，很不满意")),
        ],
        widget=forms.RadioSelect,
    )
    text = _text(_("想说明的"), is_required=False, most=500)

    def fit(self, reached: Mapping[str, bool], *, today: dt.date) -> None:
        """Offer the stages that the case has reached and the reader has not rated."""
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [choice for choice in Rating.STAGES if reached.get(choice[0])]
        field.error_messages["invalid_choice"] = _("这个阶段还没有到，或者您已经评价过")


class SmsFilters(Form):
    """Coded filter of the list of messages, inside."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *Sms.State.choices])

    def chosen(self) -> str:
        """Return the state that was set, if it is one."""
        return str(self.cleaned_data.get("state", "")) if self.is_valid() else ""
