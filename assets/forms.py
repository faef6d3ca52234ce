"""What the pages of control ask for."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assets import kinds
from assets.models import Control
from assets.services.controls import renewal_latest, term_now
from assets.services.keepers import keepers_of
from assets.services.rulings import ORDERING
from assets.taking import ControlData
from bureau.forms import DayInput, YuanField
from bureau.models import User
from bureau.wording import Form, Versioned
from cases.forms import Act
from cases.models import Case, Party
from documents.models import Document

WITHIN = (7, 15, 30, 60, 90)
USUAL_WITHIN = "90"


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds with their longest terms."""
    rows = []
    for kind in kinds.KINDS:
        words = {"kind": kind.label, "years": kind.years_max}
        rows.append((str(kind.code), str(_("%(kind)s（最长 %(years)s 年）") % words if kind.years_max else kind.label)))
    return rows


def _sets() -> list[tuple[str, str]]:
    # Asked anew for each form: words with a number in them are in the reader's language then.
    rows = [(str(days), str(_("%(days)d 日内届满") % {"days": days})) for days in reversed(WITHIN)]
    others = (
        ("live", _("全部有效")),
        ("queued", _("轮候")),
        ("lapsed", _("已失效待核查")),
        ("all", _("全部，含已解除")),
    )
    return [*rows, *((code, str(label)) for code, label in others)]


class Filters(Form):
    """Coded filters of the list; what is not valid is dropped, never an error."""

    set = forms.ChoiceField(
        label=_("范围"),
        required=False,
        choices=_sets,
    )
    kind = forms.ChoiceField(label=_("财产种类"), required=False, choices=[("", _("全部种类")), *Control.Kind.choices])
    mine = forms.BooleanField(label=_("只看由我续行的"), required=False)

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set; without a set what expires within 90 days."""
        self.is_valid()
        return {"set": USUAL_WITHIN, **{name: value for name, value in self.cleaned_data.items() if value}}


class DebtorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A debtor of the case, by name."""

    def label_from_instance(self, obj: Party) -> str:
        """Return what the list shows."""
        return obj.name


class RulingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A ruling issued in the case, by number and title."""

    def label_from_instance(self, obj: Document) -> str:
        """Return what the list shows."""
        return f"{obj.number} {obj.title}"


OUTSIDE = _("系统外制作的，先以“法院文书”种类扫描入卷，名称写明文号")


def _rulings(case: Case) -> Any:
    own = Q(case=case) | Q(case__revives=case)
    rows = Document.objects.light().filter(own, kind="RULING", voided_by__isnull=True)
    rows = rows.filter(template__code__in=ORDERING)
    return rows.order_by("-issued_at", "-id")


# A court's docket number as rulings bear it: year, court, type, sequence, 之一; the legacy form too.
DOCKET = re.compile(r"^[（(〔\[]\d{4}[）)〕\]]\S{2,30}?\d+号(之[一二三四五六七八九十百]{1,4})?$")


class OfDocket(Act):
    """Shared by acts whose ruling may be typed: what is typed is a docket number."""

    def clean_ruling(self) -> str:
        """Return the number; anything else proves nothing later."""
        text: str = self.cleaned_data["ruling"].strip()
        if text and not DOCKET.match(text):
            raise forms.ValidationError(_("裁定文号格式应如 (2021)内0302执1号之一"))
        return text


class OfRuling(OfDocket):
    """Shared by acts that a ruling orders: one issued here, or the number of another."""

    document = RulingField(
        Document.objects.none(), label=_("本案已签发的裁定"), required=False, empty_label=_("不在其中，填写文号")
    )
    ruling = forms.CharField(
        label=_("裁定文号"),
        required=False,
        max_length=100,
        help_text=_(
            "已选裁定的不必填，如 (2021)内0302执1号之一；系统外制作的，先以“法院文书”种类扫描入卷，名称写明文号"
        ),
    )
    must: tuple[str, ...] = ("ruling",)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = _rulings(case)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of both must be there."""
        data = super().clean() or self.cleaned_data
        if not data.get("document") and not data.get("ruling") and "document" not in self.errors:
            self.add_error("ruling", _("请填写裁定文号，或选择本案已签发的裁定"))
        return data


class TakeControl(OfRuling):
    """One measure that has been carried out."""

    debtor = DebtorField(Party.objects.none(), label=_("被执行人"), empty_label=None)
    kind = forms.ChoiceField(label=_("财产种类"), choices=kind_choices)
    measure = forms.ChoiceField(label=_("控制措施"), choices=Control.Measure.choices)
    thing = forms.CharField(
        label=_("财产"), max_length=300, help_text=_("不动产只写坐落，证号和单元号不写；账号只写后四位")
    )
    unit = forms.CharField(label=_("协助单位或保管人"), max_length=100, help_text=_("写单位全称"))
    from_on = forms.DateField(
        label=_("起始日"), widget=DayInput(), help_text=_("裁定载明的日期；未载明的为送达协助单位之日")
    )
    rank = forms.IntegerField(
        label=_("顺位"),
        min_value=1,
        max_value=99,
        initial=1,
        help_text=_("1 为首封；2 以上为轮候，转为正式控制前没有届满日"),
    )
    to_on = forms.DateField(
        label=_("届满日"),
        widget=DayInput(),
        required=False,
        help_text=_("照裁定填写，遇休息日不顺延；不填按该种类最长期限计算"),
    )
    amount_max = YuanField(label=_("限额（元）"), required=False)
    value = YuanField(label=_("估值（元）"), required=False)
    reason = forms.CharField(
        label=_("仍须如此控制的理由"),
        required=False,
        max_length=300,
        help_text=_("平时不填；系统指出超标的额、重复首封或协助单位不符，而确需控制的，写明理由"),
    )

    field_order = ("debtor", "kind", "measure", "thing", "unit", "document", "ruling", "from_on", "rank", "to_on")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        debtors = Party.objects.filter(case=case, side=Party.Side.DEBTOR).order_by("position")
        self.fields["debtor"].queryset = debtors  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """Return whose thing it is, and what is written down of it."""
        values = dict(self.cleaned_data)
        return {"debtor": values.pop("debtor"), "data": ControlData(**values)}


class RenewControl(Versioned, OfRuling):
    """The new last day and the ruling that states it; begins with the latest day that the law allows."""

    to_on = forms.DateField(label=_("新届满日"), widget=DayInput())
    field_order = ("to_on", "document", "ruling")

    def __init__(self, *args: Any, control: Control, **kwargs: Any) -> None:
        super().__init__(*args, case=control.case, now=term_now(control), **kwargs)
        latest = renewal_latest(control)
        self.fields["to_on"].initial = latest
        if latest:
            self.fields["to_on"].help_text = _("照续行裁定填写；原届满日 %(old)s，最晚 %(latest)s") % {
                "old": control.to_on,
                "latest": latest,
            }
        # Its renewal's ruling is usually the newest of the kind, and has not been used for a term before.
        used = {control.document_id, *control.renewals.values_list("document", flat=True)}
        fitting = _rulings(control.case).filter(template__code__in=control.rule.papers)
        fitting = fitting.filter(issued_at__gt=control.taken_at)
        self.fields["document"].initial = next((row.pk for row in fitting[:10] if row.pk not in used), None)


class ReleaseControl(OfDocket):
    """The legal ground, the ruling and the day."""

    ground = forms.ChoiceField(label=_("解除事由"), choices=Control.Ground.choices, widget=forms.RadioSelect)
    ruling = forms.CharField(
        label=_("解除裁定文号"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"list": "rulings"}),
        help_text=OUTSIDE,
    )
    released_on = forms.DateField(label=_("解除日"), widget=DayInput(), help_text=_("裁定送达协助单位之日"))
    note = forms.CharField(
        label=_("说明"), required=False, max_length=300, help_text=_("选择“其他情形”或“登记有误”时必填")
    )


class ActivateControl(Act):
    """When the earlier control ended, and until when this one lasts."""

    activated_on = forms.DateField(label=_("转为正式控制日"), widget=DayInput(), help_text=_("在先控制解除或失效之日"))
    to_on = forms.DateField(
        label=_("届满日"),
        widget=DayInput(),
        required=False,
        help_text=_("照裁定填写；不填按最长期限，自转为正式控制日起算"),
    )


class ConfirmControl(Versioned, Act):
    """Until when it lasts, by the ruling; begins with the longest term that was assumed."""

    to_on = forms.DateField(
        label=_("届满日"),
        widget=DayInput(),
        required=False,
        help_text=_("系统按最长期限推算；裁定载明的期限较短的改为裁定的日期"),
    )

    def __init__(self, *args: Any, control: Control, **kwargs: Any) -> None:
        super().__init__(*args, now=term_now(control), **kwargs)
        self.fields["to_on"].initial = control.to_on


class RequeueControl(Act):
    """At which rank the assisting unit says that it stands."""

    rank = forms.IntegerField(
        label=_("顺位"),
        min_value=2,
        max_value=99,
        initial=2,
        help_text=_("协助单位登记的顺位；前面仍有在先控制的为 2 以上"),
    )


class ExplainLapse(Act):
    """How it came about and what was done."""

    explanation = forms.CharField(
        label=_("失效原因和处理"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("写明原因、是否重新控制、顺位损失和责任处理；登记后事故仍保留在案"),
    )


class KeeperField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody who may renew, with his team."""

    def label_from_instance(self, obj: User) -> str:
        """Return what the list shows."""
        return f"{obj.name}（{obj.team.name}）" if obj.team else obj.name


class NameKeeper(Versioned, Act):
    """Who renews after closing."""

    keeper = KeeperField(User.objects.none(), label=_("续行责任人"), help_text=_("结案后由其按期续行，提醒发给本人"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"].queryset = keepers_of(case).select_related("team")  # type: ignore[attr-defined]
