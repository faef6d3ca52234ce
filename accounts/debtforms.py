"""Forms of the sum due: how interest is ordered, which days do not count, and a code taken out of use."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.debts import open_ended
from accounts.forms import DayInput, Reasoned, offer_file
from accounts.models import InterestTerm
from accounts.ratetext import terms_in
from bureau.forms import PlainDecimalField
from bureau.wording import Form
from cases.models import Case, Claim
from cases.paperforms import PaperField


class ClaimChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A money item of the document, by kind and sum."""

    def label_from_instance(self, obj: Claim) -> str:
        """Return what the list shows."""
        return f"{obj.position}. {obj.get_kind_display()} {obj.amount} {obj.rate}".strip()


class SetInterest(Form):
    """A rate of its own, or a published one times a multiple; from which day, to which day, by which year."""

    seldom = ("is_none", "lpr_on", "high_reason")
    claim = ClaimChoice(label=_("请求项目"), queryset=Claim.objects.none(), empty_label=None)
    is_none = forms.BooleanField(label=_("生效法律文书没有判决另计利息，或者利息已全部按金额申请"), required=False)
    from_on = forms.DateField(label=_("起算日"), widget=DayInput, required=False)
    until_on = forms.DateField(
        label=_("止算日"), widget=DayInput, required=False, help_text=_("计至实际清偿之日的不填")
    )
    lpr = forms.ChoiceField(
        label=_("公布利率"),
        required=False,
        choices=[("", _("不适用（文书写明利率）")), *InterestTerm.Published.choices],
    )
    multiple = PlainDecimalField(
        label=_("倍数"), required=False, min_value=0, max_digits=6, decimal_places=4, initial=1,
        help_text=_("如：加计30%填1.3，四倍填4"),
    )  # fmt: skip
    lpr_on = forms.DateField(
        label=_("固定按哪一天的公布利率"), widget=DayInput, required=False, help_text=_("逐日适用当时利率的不填")
    )
    rate = PlainDecimalField(label=_("利率（%）"), required=False, min_value=0, max_digits=9, decimal_places=6)
    unit = forms.ChoiceField(label=_("利率单位"), choices=InterestTerm.Unit)
    day_basis = forms.TypedChoiceField(label=_("一年天数"), choices=[(365, "365"), (360, "360")], coerce=int)
    filed_until_on = forms.DateField(
        label=_("已按金额申请的利息算至哪一天"), widget=DayInput, required=False, help_text=_("起算日应在这一天之后")
    )
    takes_off_filed = forms.BooleanField(label=_("从计算结果中扣除已按金额申请的利息"), required=False)
    high_reason = forms.CharField(
        label=_("利率高于一年期LPR四倍的依据"), max_length=200, required=False, help_text=_("如：判决主文第几项")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        claim = self.fields["claim"]
        assert isinstance(claim, forms.ModelChoiceField)
        kinds = [Claim.Kind.COURT_FEE, Claim.Kind.PRESERVATION_FEE, Claim.Kind.INTEREST]
        claim.queryset = case.claims.filter(amount__isnull=False).exclude(kind__in=kinds).order_by("position")
        if not any(row.kind == Claim.Kind.INTEREST and row.amount for row in case.claims.all()):
            del self.fields["filed_until_on"], self.fields["takes_off_filed"]
        self._begin_with_filed(case, list(claim.queryset))
        self._begin_with_former(case, claim.queryset)

    def _begin_with_filed(self, case: Case, bases: list[Claim]) -> None:
        """Begin with what the filing says of the first item whose interest nobody has ordered yet; the judge decides.

        Its rate is read where it is understood, its base tells the item on which it runs.
        """
        settled = InterestTerm.objects.in_force() | InterestTerm.objects.proposed()
        said = set(settled.filter(claim__case=case).values_list("claim_id", flat=True))
        for filed in open_ended(case.claims.order_by("position"), said):
            base = next((row for row in bases if row.pk == filed.pk or row.amount == filed.base), None)
            base = base or next((row for row in bases if row.kind == Claim.Kind.PRINCIPAL), None)
            if base is None:
                continue
            self.initial = {"claim": base.pk, "from_on": filed.from_on, **terms_in(filed.rate), **self.initial}
            told = {"rate": filed.rate or "—", "day": filed.from_on or "—"}
            self.fields["from_on"].help_text = _("立案登记：%(rate)s，自 %(day)s 起；请按生效法律文书核对") % told
            return

    def _begin_with_former(self, case: Case, claims: QuerySet[Claim]) -> None:
        """Begin a revived case with what was said of the same item of the closed one; the judge decides anew.

        Nothing is carried over by itself: interest up to the closing may have been paid, and would be counted twice.
        """
        rows = (
            InterestTerm.objects.in_force()
            .filter(claim__case=case.revives_id, is_none=False)
            .select_related("claim")
            .order_by("claim__position")
        )
        former = rows if case.revives_id else ()
        for term in former:
            same = claims.filter(kind=term.claim.kind, from_on=term.claim.from_on, interest_terms__isnull=True).first()
            if same is None:
                continue
            names = ("from_on", "until_on", "lpr", "multiple", "lpr_on", "rate", "unit", "day_basis")
            self.initial = {"claim": same.pk, **{name: getattr(term, name) for name in names}, **self.initial}
            self.fields["from_on"].help_text = _("取自原案；请按尚欠本金和已付利息核对起算日")
            return

    def clean(self) -> dict[str, Any]:
        """Exactly one rate, and days that run forward."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("is_none"):
            return data
        if not data.get("from_on") and "from_on" not in self.errors:
            self.add_error("from_on", _("请填写起算日"))
        if bool(data.get("lpr")) == bool(data.get("rate")) and "rate" not in self.errors:
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


class AnswerInterest(Form):
    """Whether the terms say what the document says, and where they do not."""

    answer = forms.ChoiceField(label=_("答复"), choices=[("confirm", _("与文书相符")), ("refuse", _("不符"))])
    reason = forms.CharField(label=_("与文书哪里不符"), max_length=200, required=False)


class PauseInterest(Form):
    """Which days bear no doubled part, and by which ruling."""

    from_on = forms.DateField(label=_("起始日"), widget=DayInput)
    until_on = forms.DateField(label=_("截止日"), widget=DayInput)
    paper = PaperField()

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_file(self, case)


class RevokeCode(Reasoned):
    """Why the papers printed so far open nothing more."""

    USUAL = (
        ("文书遗失或被他人取得", _("文书遗失或被他人取得")),
        ("被执行人变更", _("被执行人变更")),
        ("文书送达有误", _("文书送达有误")),
    )
