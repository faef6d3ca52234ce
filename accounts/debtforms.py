"""Forms of the sum due: how interest is ordered, which days do not count, and a code taken out of use."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import DayInput, Reasoned
from accounts.models import InterestTerm
from bureau.wording import Form
from cases.models import Case, Claim


class ClaimChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A money item of the document, by kind and sum."""

    def label_from_instance(self, obj: Claim) -> str:
        """Return what the list shows."""
        return f"{obj.position}. {obj.get_kind_display()} {obj.amount} {obj.rate}".strip()


class SetInterest(Form):
    """A rate of its own, or a published one times a multiple; from which day, to which day, by which year."""

    claim = ClaimChoice(label=_("请求项目"), queryset=Claim.objects.none(), empty_label=None)
    from_on = forms.DateField(label=_("起算日"), widget=DayInput)
    until_on = forms.DateField(
        label=_("止算日"), widget=DayInput, required=False, help_text=_("计至实际清偿之日的不填")
    )
    lpr = forms.ChoiceField(
        label=_("公布利率"),
        required=False,
        choices=[("", _("不适用（文书写明利率）")), *InterestTerm.Published.choices],
    )
    multiple = forms.DecimalField(
        label=_("倍数"), required=False, min_value=0, max_digits=6, decimal_places=4, initial=1,
        help_text=_("如：加计30%填1.3，四倍填4"),
    )  # fmt: skip
    lpr_on = forms.DateField(
        label=_("固定按哪一天的公布利率"), widget=DayInput, required=False, help_text=_("逐日适用当时利率的不填")
    )
    rate = forms.DecimalField(label=_("利率（%）"), required=False, min_value=0, max_digits=9, decimal_places=6)
    unit = forms.ChoiceField(label=_("利率单位"), choices=InterestTerm.Unit)
    day_basis = forms.TypedChoiceField(label=_("一年天数"), choices=[(365, "365"), (360, "360")], coerce=int)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        claim = self.fields["claim"]
        assert isinstance(claim, forms.ModelChoiceField)
        kinds = [Claim.Kind.COURT_FEE, Claim.Kind.PRESERVATION_FEE, Claim.Kind.INTEREST]
        claim.queryset = case.claims.filter(amount__isnull=False).exclude(kind__in=kinds).order_by("position")
        self._begin_with_former(case, claim.queryset)

    def _begin_with_former(self, case: Case, claims: QuerySet[Claim]) -> None:
        """Begin a revived case with what was said of the same item of the closed one; the judge decides anew.

        Nothing is carried over by itself: interest up to the closing may have been paid, and would be counted twice.
        """
        rows = (
            InterestTerm.objects.filter(claim__case=case.revives_id).select_related("claim").order_by("claim__position")
        )
        former = rows if case.revives_id else ()
        for term in former:
            same = claims.filter(kind=term.claim.kind, from_on=term.claim.from_on, interest_term__isnull=True).first()
            if same is None:
                continue
            names = ("from_on", "until_on", "lpr", "multiple", "lpr_on", "rate", "unit", "day_basis")
            self.initial = {"claim": same.pk, **{name: getattr(term, name) for name in names}, **self.initial}
            self.fields["from_on"].help_text = _("取自原案；请按尚欠本金和已付利息核对起算日")
            return

    def clean(self) -> dict[str, Any]:
        """Exactly one rate, and days that run forward."""
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("lpr")) == bool(data.get("rate")):
            self.add_error("rate", _("公布利率和文书写明的利率，填其中一项"))
        if data.get("lpr") and not data.get("multiple"):
            self.add_error("multiple", _("倍数应大于零"))
        if data.get("until_on") and data.get("from_on") and data["until_on"] < data["from_on"]:
            self.add_error("until_on", _("止算日不能早于起算日"))
        if not data.get("lpr"):
            data["lpr_on"], data["multiple"] = None, 1
        return data

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments but for the claim, on which it acts."""
        return {name: value for name, value in self.cleaned_data.items() if name != "claim"}


class PauseInterest(Form):
    """Which days bear no doubled part, and by which ruling."""

    from_on = forms.DateField(label=_("起始日"), widget=DayInput)
    until_on = forms.DateField(label=_("截止日"), widget=DayInput)
    document = forms.CharField(label=_("依据文书"), max_length=200, help_text=_("文书名称和文号"))


class RevokeCode(Reasoned):
    """Why the papers printed so far open nothing more."""

    USUAL = (
        ("文书遗失或被他人取得", _("文书遗失或被他人取得")),
        ("被执行人变更", _("被执行人变更")),
        ("文书送达有误", _("文书送达有误")),
    )
