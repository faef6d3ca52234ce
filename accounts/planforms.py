"""Forms of distribution: the creditors with their claims, the judge's answer, service, and what follows it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import DayInput, Reasoned, offer_file, plain_number
from accounts.models import Distribution, DistributionShare, PayeeAccount, PlanDelivery, PlanObjection
from accounts.services.distributions import plan_papers, waiting_recipients
from accounts.shares import ShareData
from accounts.statement import statement_of
from bureau.forms import YuanField
from bureau.wording import Form
from cases.models import Case, Party
from cases.paperforms import PaperField

OTHER_CASE = "case"
CREDITORS_MAX, BLANK_ROWS, RANK_MAX = 60, 2, 1000


class CreditorRow(Form):
    """One creditor: who, by which document, how much, of which standing; a sum of its own only for a reason."""

    whom = forms.ChoiceField(label=_("债权人来源"))
    number = forms.CharField(label=_("本局另案案号"), max_length=60, required=False)
    creditor = forms.CharField(label=_("债权人"), max_length=100, required=False)
    basis = forms.CharField(label=_("执行依据文号"), max_length=200, required=False)
    claimed = YuanField(label=_("债权额（元）"))
    secured = forms.ChoiceField(
        label=_("债权性质"), choices=[("", _("普通债权")), ("1", _("优先债权"))], required=False
    )
    rank = forms.IntegerField(label=_("顺位"), min_value=1, max_value=RANK_MAX, required=False)
    amount = YuanField(label=_("改按此数分配（元）"), required=False, min_value=Decimal("0.00"))
    why = forms.CharField(label=_("不按计算的理由"), max_length=200, required=False)

    def __init__(self, *args: Any, case: Case, choices: list[tuple[str, Any]], targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.targets = case, targets
        whom = self.fields["whom"]
        assert isinstance(whom, forms.ChoiceField)
        whom.choices = choices

    def clean(self) -> dict[str, Any]:
        """Find the case by its number; a creditor outside the file is named."""
        data = self.cleaned_data
        whom = data.get("whom", "")
        if whom == OTHER_CASE and plain_number(data.get("number", "")) not in self.targets:
            self.add_error("number", _("没有这个案号的本局案件"))
        if whom and not whom.startswith("party:") and not data.get("creditor", "").strip():
            self.add_error("creditor", _("请填写债权人名称"))
        if whom.startswith("payee:") and not data.get("basis", "").strip():
            self.add_error("basis", _("案外债权人须填写执行依据文号"))
        return data

    def share(self, parties: dict[int, Party], payees: dict[int, PayeeAccount]) -> ShareData:
        """Return what the service takes."""
        data = self.cleaned_data
        kind, _colon, key = data["whom"].partition(":")
        party = parties[int(key)] if kind == "party" else None
        return ShareData(
            creditor=data["creditor"].strip() or (party.name if party else ""),
            claimed=data["claimed"],
            amount=data["amount"],
            party=party,
            target=self.targets[plain_number(data["number"])] if kind == OTHER_CASE else None,
            payee=payees[int(key)] if kind == "payee" else None,
            basis=data["basis"],
            is_secured=bool(data["secured"]),
            rank=data["rank"] or 1,
            reason=data["why"],
        )


class Column(forms.MultipleChoiceField):
    """One value per creditor, in their order; each is read by its row's own form."""

    def valid_value(self, value: str) -> bool:
        """Leave it to the row."""
        return True


COLUMNS = tuple(CreditorRow.base_fields)


class ProposePlan(Form):
    """Who the debtor is, the pool, and one row per creditor; the shares are computed."""

    asks_for = {"shares": "whom"}
    debtor = forms.ChoiceField(label=_("被执行人类别"), choices=[("", _("请选择")), *Distribution.Debtor.choices])
    pool = YuanField(label=_("可分配金额（元）"), help_text=_("本案账户可申请余额，已付执行费用不在其内"))
    whom = Column(label=_("债权人来源"), required=False)
    number = Column(label=_("本局另案案号"), required=False)
    creditor = Column(label=_("债权人"), required=False)
    basis = Column(label=_("执行依据文号"), required=False)
    claimed = Column(label=_("债权额（元）"), required=False)
    secured = Column(label=_("债权性质"), required=False)
    rank = Column(label=_("顺位"), required=False)
    amount = Column(label=_("改按此数分配（元）"), required=False)
    why = Column(label=_("不按计算的理由"), required=False)

    def __init__(self, data: QueryDict | None = None, *, case: Case) -> None:
        super().__init__(data)
        self.case = case
        applicants = [row for row in case.parties.order_by("position") if row.side == Party.Side.APPLICANT]
        self.parties = {row.pk: row for row in applicants if row.is_current}
        courts = PayeeAccount.objects.live().filter(case=case, kind=PayeeAccount.Kind.COURT).order_by("id")
        self.payees = {row.pk: row for row in courts}
        if data is None:
            self.fields["debtor"].initial = debtor_of(case)
            self.fields["pool"].initial = statement_of(case).available
        self.rows = self._rows(data)

    def _rows(self, data: QueryDict | None) -> list[CreditorRow]:
        if data is None:
            only = self.case.amount_claimed if len(self.parties) == 1 else None
            known = [
                {
                    "whom": f"party:{pk}",
                    "creditor": row.name,
                    "basis": self.case.basis_number,
                    "claimed": only,
                    "rank": 1,
                }
                for pk, row in self.parties.items()
            ]
            blank = [{"rank": 1} for _row in range(BLANK_ROWS)]
            return [self._row(place, initial=values) for place, values in enumerate([*known, *blank])]
        columns = {name: data.getlist(name) for name in COLUMNS}
        count = min(max(map(len, columns.values())), CREDITORS_MAX + 1)
        lines = [
            {name: column[place] if place < len(column) else "" for name, column in columns.items()}
            for place in range(count)
        ]
        told = ("whom", "number", "creditor", "claimed")
        lines = [line for line in lines if any(line[name].strip() for name in told)]
        numbers = {plain_number(line["number"]) for line in lines if line["number"].strip()}
        found = Case.objects.select_related("escrow").filter(number__in=numbers) if numbers else []
        targets = {row.number: row for row in found}
        return [self._row(place, line, targets=targets) for place, line in enumerate(lines)]

    def _row(self, place: int | str, *args: Any, targets: Any = None, **kwargs: Any) -> CreditorRow:
        payees = [
            (f"payee:{pk}", _("案外债权人，付至%(name)s") % {"name": row.holder_name})
            for pk, row in self.payees.items()
        ]
        parties = [
            (f"party:{pk}", _("本案申请执行人%(name)s") % {"name": row.name}) for pk, row in self.parties.items()
        ]
        choices = [("", _("请选择")), *parties, (OTHER_CASE, _("本局另案的申请执行人")), *payees]
        kwargs |= {"case": self.case, "choices": choices, "targets": targets or {}}
        return CreditorRow(*args, auto_id=f"creditors-{place}-%s", **kwargs)

    @property
    def blank(self) -> CreditorRow:
        """Return an empty row, for one more creditor."""
        return self._row("__prefix__", initial={"rank": 1})

    def clean(self) -> dict[str, Any]:
        """Read every row; the first fault of each is named by its place for programs, beside its field on the page."""
        data = self.cleaned_data
        if not self.rows:
            raise forms.ValidationError(_("请至少填写一名债权人"))
        if len(self.rows) > CREDITORS_MAX:
            raise forms.ValidationError(_("最多 %(count)d 名债权人") % {"count": CREDITORS_MAX})
        for place, row in enumerate(self.rows, start=1):
            for name, words in row.errors.items():
                told = {"place": place, "label": row.fields[name].label, "words": words[0]}
                self.add_error("whom", _("第 %(place)d 名债权人，%(label)s：%(words)s") % told)
        return data

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        return {
            "debtor": data["debtor"],
            "pool": data["pool"],
            "shares": [row.share(self.parties, self.payees) for row in self.rows],
        }


def debtor_of(case: Case) -> str:
    """Return how the debtors share out: persons by proportion; an organisation may be either and is asked for."""
    kinds = {row.kind for row in case.parties.all() if row.side == Party.Side.DEBTOR and row.is_current}
    return Distribution.Debtor.PERSON if kinds == {Party.Kind.PERSON} else ""


class ReturnPlan(Reasoned):
    """Why the judge sends a plan, or a change of it, back."""

    USUAL = (
        ("债权额有误", _("债权额有误")),
        ("优先顺位或查封顺序有误", _("优先顺位或查封顺序有误")),
        ("遗漏债权人", _("遗漏债权人")),
        ("不按计算分配的理由不成立", _("不按计算分配的理由不成立")),
        ("依据文书与申请不符", _("依据文书与申请不符")),
    )


class WithdrawPlan(Reasoned):
    """Why a plan is taken back before it is served."""

    USUAL = (
        ("计算有误", _("计算有误")),
        ("有其他债权人申请参与分配", _("有其他债权人申请参与分配")),
        ("案款有增减", _("案款有增减")),
    )


class ServePlan(Form):
    """Which document reached whom, and on which day; several who got it on one day at once."""

    paper = PaperField(label=_("送达的财产分配方案"), required=False)
    recipients = forms.MultipleChoiceField(label=_("收到方案的人"), widget=forms.CheckboxSelectMultiple)
    served_on = forms.DateField(label=_("收到之日"), widget=DayInput, help_text=_("各人自收到之日起十五日内可提异议"))

    def __init__(self, *args: Any, plan: Distribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recipients, paper = self.fields["recipients"], self.fields["paper"]
        assert isinstance(recipients, forms.MultipleChoiceField)
        assert isinstance(paper, PaperField)
        recipients.choices = list(waiting_recipients(plan).items())
        if plan.paper:
            paper.widget = forms.HiddenInput()
        else:
            paper.offer(plan_papers(plan.case))


class DeliveryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Whom the plan has reached, with the last day of his objection."""

    def label_from_instance(self, obj: PlanDelivery) -> str:
        """Return what the list shows."""
        return _("%(name)s（异议期至 %(day)s）") % {"name": obj.name, "day": obj.objections_due_on}


class ObjectToPlan(Form):
    """Who objects to a share, to how much of it, and when that came."""

    delivery = DeliveryChoice(label=_("异议人"), queryset=PlanDelivery.objects.none())
    amount = YuanField(label=_("争议金额（元）"))
    received_on = forms.DateField(label=_("收到异议日"), widget=DayInput)

    def __init__(self, *args: Any, plan: Distribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        delivery = self.fields["delivery"]
        assert isinstance(delivery, forms.ModelChoiceField)
        delivery.queryset = plan.deliveries.select_related("share", "party").order_by("id")
        # The page shows the form beside every share: the rows are asked for once.
        delivery.choices = list(delivery.choices)  # type: ignore[arg-type]


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
    paper = PaperField(label=_("结束依据"), help_text=_("卷宗中的判决书、撤回书等；还没有的，先扫描入卷"))

    def __init__(self, *args: Any, plan: Distribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awarded_to = self.fields["awarded_to"]
        assert isinstance(awarded_to, forms.ModelChoiceField)
        awarded_to.queryset = plan.shares.order_by("position")
        awarded_to.choices = list(awarded_to.choices)  # type: ignore[arg-type]
        offer_file(self, plan.case)
