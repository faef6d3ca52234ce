"""Forms of distribution: the plan with one line per creditor, and what follows it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import DayInput, Reasoned, plain_number
from accounts.models import Distribution, DistributionShare, PayeeAccount, PlanObjection
from accounts.shares import ShareData
from bureau.forms import YuanField
from bureau.money import plain_decimal
from bureau.wording import Form
from cases.models import Case, Party

FIELDS = 4


class ProposePlan(Form):
    """Paper, pool, and one line per creditor: name, claim, share, and where it goes."""

    asks_for = {"shares": "rows"}
    document = forms.CharField(label=_("分配方案名称和文号"), max_length=200)
    pool = YuanField(label=_("可分配金额（元）"))
    rows = forms.CharField(
        label=_("各债权人的分配额"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20000,
        help_text=_(
            "每行一位：债权人｜债权额｜分配额｜去向。去向填本案申请执行人姓名、本局另案案号，或已录入的其他法院专户户名"
        ),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def clean_rows(self) -> list[ShareData]:
        """Return the shares; a line that cannot be read is named by its number."""
        lines = [line for line in self.cleaned_data["rows"].splitlines() if line.strip()]
        parties = {party.name: party for party in self.case.parties.filter(side=Party.Side.APPLICANT)}
        courts = PayeeAccount.objects.live().filter(case=self.case, kind=PayeeAccount.Kind.COURT)
        payees = {payee.holder_name: payee for payee in courts}
        numbers = [plain_number(line.replace("|", "｜").split("｜")[-1]) for line in lines]
        targets = {case.number: case for case in Case.objects.select_related("escrow").filter(number__in=numbers)}
        return [self._share(place, line, parties, payees, targets) for place, line in enumerate(lines, start=1)]

    def _share(self, place: int, line: str, parties: Any, payees: Any, targets: Any) -> ShareData:
        words = [word.strip() for word in line.replace("|", "｜").split("｜")]
        if len(words) != FIELDS:
            raise forms.ValidationError(_("第 %(place)d 行应有四项，用｜分开") % {"place": place})
        creditor, claimed, amount, way = words
        try:
            sums = [plain_decimal(text) for text in (claimed, amount)]
        except ValueError:
            raise forms.ValidationError(_("第 %(place)d 行的金额不能识别") % {"place": place}) from None
        if not all(total == round(total, 2) and total < 10**14 for total in sums):
            raise forms.ValidationError(_("第 %(place)d 行的金额不能识别") % {"place": place})
        found = {"party": parties.get(way), "payee": payees.get(way), "target": targets.get(plain_number(way))}
        if not any(found.values()):
            raise forms.ValidationError(_("第 %(place)d 行的去向“%(way)s”不能识别") % {"place": place, "way": way})
        first = next(name for name, thing in found.items() if thing)
        return ShareData(creditor, sums[0], sums[1], **{first: found[first]})

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        return {"document": data["document"], "pool": data["pool"], "shares": data["rows"]}


class WithdrawPlan(Reasoned):
    """Why a plan is taken back before it is served."""

    USUAL = (
        ("计算有误", _("计算有误")),
        ("有其他债权人申请参与分配", _("有其他债权人申请参与分配")),
        ("案款有增减", _("案款有增减")),
    )


class ServePlan(Form):
    """The day on which the last of those concerned got the plan."""

    served_on = forms.DateField(label=_("最后一名债权人或被执行人收到之日"), widget=DayInput)


class ObjectToPlan(Form):
    """Who objects to a share, to how much of it, and when that came."""

    by_name = forms.CharField(label=_("异议人"), max_length=100)
    amount = YuanField(label=_("争议金额（元）"))
    received_on = forms.DateField(label=_("收到异议日"), widget=DayInput)


class NoteObjection(Form):
    """What followed an objection, and on which day."""

    what = forms.ChoiceField(
        label=_("事项"),
        choices=[
            ("NOTIFIED", _("已将异议通知其他债权人和被执行人")),
            ("COUNTERED", _("收到反对意见")),
            ("COUNTER_NOTIFIED", _("已将反对意见通知异议人")),
            ("SUIT", _("异议人已提起诉讼")),
        ],
    )
    on = forms.DateField(label=_("日期"), widget=DayInput)


class ShareChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A share, by its creditor."""

    def label_from_instance(self, obj: DistributionShare) -> str:
        """Return what the list shows."""
        return f"{obj.position}. {obj.creditor}"


class EndObjection(Form):
    """How a dispute ended, by which paper, and who gets the sum if not the share's creditor."""

    result = forms.ChoiceField(label=_("结果"), choices=[row for row in PlanObjection.Result.choices if row[0]])
    awarded_to = ShareChoice(
        label=_("改由谁受偿"), queryset=DistributionShare.objects.none(), required=False, empty_label=_("（按原方案）")
    )
    document = forms.CharField(label=_("结束依据"), max_length=200, help_text=_("判决书、撤回书等的名称和文号"))

    def __init__(self, *args: Any, plan: Distribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awarded_to = self.fields["awarded_to"]
        assert isinstance(awarded_to, forms.ModelChoiceField)
        awarded_to.queryset = plan.shares.order_by("position")
