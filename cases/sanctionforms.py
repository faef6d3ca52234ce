"""What the pages of sanctions ask for: proposals, decisions, grounds of their end, written requests, filters."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.forms import YuanField
from bureau.wording import Form, Versioned
from cases import sanctionlaw
from cases.forms import Act
from cases.models import Case, Party, Sanction, SanctionExtension, SanctionRequest
from cases.sanctionlaw import DETENTION_DAYS_MAX, Kind
from cases.services.extensions import years_left
from cases.services.sanctions import DOCUMENT_MAX, FACTS_MAX, PERSONS_MAX, REASON_MAX
from cases.workforms import PartyChoice

DUE_DAYS = {"soon": 3, "month": 30}


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=REASON_MAX, widget=forms.TextInput({"list": "reasons"}))


class _OnDebtor(Act):
    """A form that begins with the choice of a debtor; the only one is chosen already."""

    party = PartyChoice(Party.objects.none(), label=_("被执行人"), empty_label=_("请选择"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.debtors = list(case.parties.filter(side=Party.Side.DEBTOR).order_by("position"))
        chosen = self.fields["party"]
        assert isinstance(chosen, PartyChoice)
        chosen.queryset = Party.objects.filter(case=case, side=Party.Side.DEBTOR).order_by("position")
        if len(self.debtors) == 1:
            chosen.initial = self.debtors[0].pk


class Propose(_OnDebtor):
    """One measure of one kind: the ground of the table, facts, and what the kind needs besides."""

    ground = forms.ChoiceField(label=_("情形"), widget=forms.RadioSelect)
    facts = forms.CharField(
        label=_("事实和证据"),
        max_length=FACTS_MAX,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("写明何时送达、何行为、有何证据在卷；不写完整证件号码"),
    )
    outsider = forms.CharField(
        label=_("拒绝协助的单位或个人"),
        required=False,
        max_length=100,
        help_text=_("不是本案当事人、拒绝或者妨碍协助的，写其名称或姓名；其他情形不填"),
    )
    outsider_kind = forms.ChoiceField(
        label=_("是单位还是个人"), required=False, choices=[("", _("请选择")), *Party.Kind.choices]
    )
    persons = forms.CharField(
        label=_("单位的法定代表人等责任人员"),
        required=False,
        max_length=100 * PERSONS_MAX,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("被措施人是单位的填写，每行一人；自然人不填"),
    )
    extra_years = forms.TypedChoiceField(
        label=_("延长纳入期限"),
        required=False,
        coerce=int,
        empty_value=0,  # type: ignore[arg-type]
        choices=lambda: [
            ("0", str(_("不延长"))),
            *((str(year), str(_("延长 %(count)d 年") % {"count": year})) for year in (1, 2, 3)),
        ],
        help_text=_("一般为二年；以暴力、威胁等方法抗拒或规避执行情节严重的可延长；有履行能力而拒不履行的没有固定期限"),
    )
    days = forms.IntegerField(
        label=_("拘留日数"), min_value=1, max_value=DETENTION_DAYS_MAX, help_text=_("一日以上、十五日以下")
    )
    amount = YuanField(
        label=_("罚款金额（元）"),
        help_text=_("个人十万元以下，单位五万元以上一百万元以下"),
    )
    document = forms.CharField(
        label=_("拟制文书"), max_length=DOCUMENT_MAX, required=False, help_text=_("已起草的填写名称或文号，可不填")
    )

    PENALTIES = (Kind.FINE, Kind.DETENTION)
    OWN = {
        **{"extra_years": (Kind.DISHONEST,), "days": (Kind.DETENTION,), "amount": (Kind.FINE,)},
        **{"outsider": PENALTIES, "outsider_kind": PENALTIES},
    }

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kinds in self.OWN.items():
            if kind not in kinds:
                del self.fields[name]
        units = [party for party in self.debtors if party.kind == Party.Kind.ORGANISATION]
        if kind == Kind.DISHONEST or not (units or kind in self.PENALTIES):
            del self.fields["persons"]
        elif len(self.debtors) == 1 and units and kind != Kind.FINE:
            self.fields["persons"].initial = units[0].legal_representative
        ground = self.fields["ground"]
        assert isinstance(ground, forms.ChoiceField)
        ground.choices = [(row.code, row.label) for row in sanctionlaw.grounds_of(kind)]

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments; names are split by line."""
        data = super().arguments()
        name, kind = data.pop("outsider", "").strip(), data.pop("outsider_kind", "")
        data["outsider"] = sanctionlaw.Outsider(name, kind) if name else None
        if "persons" in data:
            data["persons"] = data["persons"].splitlines()
        return data


class Approve(Act):
    """The number of the signed paper, where it has one already."""

    document = forms.CharField(
        label=_("决定文书文号"),
        max_length=DOCUMENT_MAX,
        required=False,
        help_text=_("本案已签发的可不填；系统外制作、已扫描入卷的填写文号"),
    )


class NameDocument(Versioned, Act):
    """The number of the issued paper."""

    document = forms.CharField(
        label=_("决定文书文号"), max_length=DOCUMENT_MAX, help_text=_("先制作、签发文书或扫描入卷，再填写文号")
    )


class Refuse(Act):
    """Why it is not approved."""

    reason = _reason(_("不予批准的理由"))


class Withdraw(Act):
    """Why the proposal is taken back."""

    reason = _reason(_("撤回理由"))


class BeginDetention(Act):
    """The day on which the detained was handed over."""

    on = forms.DateField(label=_("执行拘留日"), widget=_day(), help_text=_("拘留期限自次日起算，到期应当释放"))
    document = forms.CharField(label=_("拘留执行回执"), max_length=DOCUMENT_MAX)


class Extend(Act):
    """By how many years a running listing is lengthened, and why."""

    ground = forms.ChoiceField(label=_("延长事由"), widget=forms.RadioSelect, choices=SanctionExtension.Ground.choices)
    years = forms.TypedChoiceField(label=_("延长年数"), coerce=int)
    facts = forms.CharField(
        label=_("事实和证据"),
        max_length=FACTS_MAX,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("写明何行为、何时、有何证据在卷"),
    )

    def __init__(self, *args: Any, sanction: Sanction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = self.fields["years"]
        assert isinstance(years, forms.TypedChoiceField)
        left = range(1, years_left(sanction) + 1)
        years.choices = [(year, _("%(count)d 年") % {"count": year}) for year in left]


class DecideExtension(Act):
    """The president's decision."""

    result = forms.ChoiceField(
        label=_("处理结果"),
        widget=forms.RadioSelect,
        choices=[("APPROVED", _("批准延长")), ("REFUSED", _("不予批准"))],
    )
    reason = forms.CharField(label=_("审批意见"), required=False, max_length=REASON_MAX, help_text=_("不予批准的必填"))


class NoteRemoval(Act):
    """Why it must end, since when, and what shows it."""

    ending = forms.ChoiceField(label=_("解除事由"), widget=forms.RadioSelect)
    arose_on = forms.DateField(
        label=_("事由发生日"), widget=_day(), help_text=_("三个工作日从这一天起算，不从登记日起算")
    )
    note = forms.CharField(
        label=_("具体情况和凭据"), max_length=REASON_MAX, widget=forms.TextInput({"list": "reasons"})
    )

    def __init__(self, *args: Any, sanction: Sanction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_term = sanction.term_until is not None
        field = self.fields["ending"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (row.code, row.label)
            for row in sanctionlaw.endings_of(sanction.kind)
            if has_term or row.code not in ("TERM_ENDED", "CORRECTED")
        ]


class Remove(Act):
    """How it was ended, and the paper that shows it."""

    way = forms.ChoiceField(label=_("解除方式"), widget=forms.RadioSelect)
    document = forms.CharField(
        label=_("解除文书文号或凭据"), max_length=DOCUMENT_MAX, required=False, help_text=_("批准时已填文号的可不填")
    )

    def __init__(self, *args: Any, sanction: Sanction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Kind(sanction.kind)
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way.value, way.label) for way in sanctionlaw.WAYS[kind]]
        if sanction.ending:
            field.initial = sanction.ending.way[kind].value


class RequestListing(_OnDebtor):
    """The applicant's written request."""

    text = forms.CharField(label=_("申请内容"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    received_on = forms.DateField(label=_("收到日"), widget=_day(), help_text=_("十五日从收到书面申请起算"))


class RequestCorrection(Act):
    """The debtor's written request."""

    text = forms.CharField(label=_("申请内容"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    received_on = forms.DateField(label=_("收到日"), widget=_day(), help_text=_("十五日从收到书面申请起算"))


class AnswerRequest(Act):
    """The answer and its reason; that an applicant's request is granted shows in the president's approval."""

    result = forms.ChoiceField(label=_("处理结果"), widget=forms.RadioSelect, choices=SanctionRequest.Result.choices)
    reason = _reason(_("理由"))

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if purpose == SanctionRequest.Purpose.LIST:
            declined = SanctionRequest.Result.DECLINED
            field = self.fields["result"]
            assert isinstance(field, forms.ChoiceField)
            field.choices, field.initial = [(declined.value, declined.label)], declined.value
            field.help_text = _("支持申请的，请提请纳入失信名单，院长批准后自动办结")


class Filters(Form):
    """Coded filters of the list of sanctions; what is not valid is dropped, never an error."""

    kind = forms.ChoiceField(label=_("措施"), required=False, choices=[("", _("全部措施")), *Kind.choices])
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("未了结")), ("all", _("全部状态")), *Sanction.State.choices]
    )
    due = forms.ChoiceField(
        label=_("期限"),
        required=False,
        choices=[
            ("", _("全部期限")),
            ("overdue", _("已逾期")),
            ("soon", _("三天内到期")),
            ("month", _("三十天内到期")),
        ],
    )

    def chosen(self) -> dict[str, str]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def due_period(due: str, *, today: dt.date) -> tuple[dt.date | None, dt.date]:
    """Return the first and last day that a due filter means; no first day for what is past."""
    if due == "overdue":
        return None, today - dt.timedelta(days=1)
    return today, today + dt.timedelta(days=DUE_DAYS[due])
