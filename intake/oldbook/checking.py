"""Checks the rows of one old case by the very forms of the filing page; what is left the services say."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services as accounts
from assets.taking import ControlData
from bureau.forms import YuanField
from bureau.models import Court, User
from bureau.wording import Form
from cases import casenumber
from cases.filingforms import BasisFields, NewClaimForm, PartyForm, day_field
from cases.models import Case
from cases.models.codes import ExecutingUnit
from cases.oldbook import OldCase
from intake.filingdata import filing_data
from intake.oldbook.columns import CASES, CONTROLS, HELD, MONEY


class OldCaseForm(BasisFields):
    """What belongs to the whole of an old case."""

    filed_on = day_field(gettext_lazy("立案日"), required=True)
    clues = forms.CharField(label=gettext_lazy("财产线索"), required=False, max_length=5000)
    judge = forms.CharField(label=gettext_lazy("承办法官"))
    owner = forms.CharField(label=gettext_lazy("承办人"))
    stage = forms.CharField(label=gettext_lazy("现阶段"))
    since_on = day_field(gettext_lazy("进入现阶段日"), required=True)
    ground = forms.CharField(label=gettext_lazy("事由"), required=False)
    document = forms.CharField(label=gettext_lazy("文书"), required=False, max_length=200)
    until_on = day_field(gettext_lazy("暂缓截止日"))
    former_number = forms.CharField(label=gettext_lazy("原案号"), required=False, max_length=60)

    def __init__(self, *args: Any, staff: Mapping[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff

    def _person(self, name: str) -> User:
        person = self.staff.get(self.cleaned_data[name])
        if person is None:
            raise forms.ValidationError(_("本院旧存团队没有这个登录名"))
        return person

    def clean_judge(self) -> User:
        """Return the judge by login."""
        return self._person("judge")

    def clean_owner(self) -> User:
        """Return the officer by login."""
        return self._person("owner")

    def clean_former_number(self) -> str:
        """Return the canonical number of the case that this one comes from."""
        try:
            text: str = self.cleaned_data["former_number"]
            return casenumber.parse(text).canonical if text else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class ControlRow(Form):
    """One control; what it may be, the service says."""

    debtor = forms.CharField(label=gettext_lazy("被执行人"), max_length=100)
    kind = forms.CharField(label=gettext_lazy("财产种类"))
    measure = forms.CharField(label=gettext_lazy("控制措施"))
    thing = forms.CharField(label=gettext_lazy("财产"), max_length=300)
    unit = forms.CharField(label=gettext_lazy("协助单位"), max_length=100)
    ruling = forms.CharField(label=gettext_lazy("裁定文号"), max_length=100)
    from_on = day_field(gettext_lazy("起始日"), required=True)
    to_on = day_field(gettext_lazy("届满日"))
    rank = forms.IntegerField(label=gettext_lazy("顺位"), required=False, min_value=1, max_value=99)
    amount_max = YuanField(label=gettext_lazy("限额（元）"), required=False)

    def data_of(self) -> ControlData:
        """Return it as the service takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "debtor"}
        return ControlData(**given | {"rank": given["rank"] or 1})


class MoneyRow(Form):
    """One sum held, or paid before."""

    what = forms.CharField(label=gettext_lazy("类别"))
    on = day_field(gettext_lazy("到账日"), required=True)
    amount = YuanField(label=gettext_lazy("金额（元）"))
    payer_name = forms.CharField(label=gettext_lazy("付款人"), required=False, max_length=100)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """Ask who had paid what is held."""
        data = self.cleaned_data
        if data.get("what") == HELD and not data.get("payer_name"):
            self.add_error("payer_name", _("现存案款请填写付款人"))
        return data

    def row_of(self, position: int) -> accounts.Held | accounts.Paid:
        """Return it as the service takes it."""
        data = self.cleaned_data
        if data["what"] == HELD:
            return accounts.Held(position, data["on"], data["amount"], data["payer_name"])
        return accounts.Paid(position, data["on"], data["amount"], data["note"])


@dataclass
class OldDraft:
    """One old case as text by field; its forms, and the data when nothing is wrong in them."""

    number: str
    today: dt.date
    staff: Mapping[str, User]
    case: dict[str, Any] = field(default_factory=dict)
    applicants: list[dict[str, Any]] = field(default_factory=list)
    debtors: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    controls: list[dict[str, Any]] = field(default_factory=list)
    money: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def forms(self) -> dict[tuple[str, str], list[Form]]:
        """Return the forms of each part by page, filled."""
        return {
            (CASES, "case"): [OldCaseForm(self.case, today=self.today, staff=self.staff)],
            (CASES, "applicants"): [PartyForm(row, today=self.today) for row in self.applicants],
            (CASES, "debtors"): [PartyForm(row, today=self.today) for row in self.debtors],
            (CASES, "claims"): [NewClaimForm(row) for row in self.claims],
            (CONTROLS, "controls"): [ControlRow(row) for row in self.controls],
            (MONEY, "money"): [MoneyRow(row) for row in self.money],
        }

    def old_case(self, *, court: Court, window: str, is_demo: bool = False) -> OldCase:
        """Return the case as the service takes it; only where nothing is wrong."""
        rows = {part: [form.cleaned_data for form in made] for (_page, part), made in self.forms.items()}
        data = rows["case"][0]
        basis = data | {"court": court, "entered_number": ""}
        filing = filing_data(basis, rows["applicants"], rows["debtors"], rows["claims"], window_code=window)
        names = ("filed_on", "judge", "owner", "stage", "since_on", "until_on", "ground", "document", "former_number")
        return OldCase(
            filing=replace(filing, is_demo=is_demo),
            number=self.number,
            held_by=held_by(data["former_number"]),
            **{name: data[name] for name in names},
        )


def held_by(former_number: str) -> ExecutingUnit | None:
    """Return which unit had held the case that one comes from; what is not here, its court has closed itself."""
    if not former_number:
        return None
    former = Case.objects.filter(number=former_number).first()
    return ExecutingUnit(former.executing_unit) if former else ExecutingUnit.COURT
