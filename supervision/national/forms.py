"""What the pages of the bridge ask."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.statementforms import SampleFile
from bureau.forms import DayInput
from bureau.models import Court, User
from bureau.wording import Form, Versioned
from supervision.models import NationalDifference, NationalEntry, NationalMapping
from supervision.national.fields import BY_CODE, CODED, COMPARED, FIELDS
from supervision.national.mappings import objections, words_of
from supervision.national.sheet import HEADER_ROW_MAX, Layout
from supervision.national.sight import courts_of

ACCEPTED = ".xlsx,.csv,.txt"
ALL = [("", _("全部"))]
CLERK_ROLES = ("JUDGE", "OFFICER", "ASSISTANT", "RECORDS_CLERK")
# Offered while a reason is typed; other words may be typed as well.
USUAL_REASONS = (
    _("全国系统当日尚未录入，次日补录"),
    _("全国系统有误，已申请修改"),
    _("本系统已更正，全国系统待更正"),
    _("两系统口径不同"),
    _("旧存案件，仍由原法院在全国系统办理"),
    _("全国系统当日停机，未能导出"),
)


class Mapping(Versioned):
    """How a court's file is written; the columns by the headings of the file."""

    court = forms.ModelChoiceField(label=_("法院"), queryset=Court.objects.none(), empty_label=None)
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("如：执行案件流程信息管理系统 案件清单"))
    header_row = forms.IntegerField(label=_("表头在第几行"), min_value=1, max_value=HEADER_ROW_MAX, initial=1)
    number = forms.CharField(label=BY_CODE["number"].label, max_length=60, required=False)
    filed_on = forms.CharField(label=BY_CODE["filed_on"].label, max_length=60, required=False)
    handler = forms.CharField(label=BY_CODE["handler"].label, max_length=60, required=False)
    state = forms.CharField(label=BY_CODE["state"].label, max_length=60, required=False)
    closed_on = forms.CharField(label=BY_CODE["closed_on"].label, max_length=60, required=False)
    closing_mode = forms.CharField(label=BY_CODE["closing_mode"].label, max_length=60, required=False)
    amount = forms.CharField(
        label=BY_CODE["amount"].label, max_length=60, required=False, help_text=_("表头写明“万元”的，自动换算成元")
    )
    parties = forms.CharField(
        label=BY_CODE["parties"].label, max_length=60, required=False, help_text=_("双方合在一列时使用")
    )
    applicants = forms.CharField(label=BY_CODE["applicants"].label, max_length=60, required=False)
    debtors = forms.CharField(label=BY_CODE["debtors"].label, max_length=60, required=False)
    cause = forms.CharField(label=BY_CODE["cause"].label, max_length=60, required=False)
    basis_number = forms.CharField(label=BY_CODE["basis_number"].label, max_length=60, required=False)
    received = forms.CharField(label=BY_CODE["received"].label, max_length=60, required=False)
    state_words = forms.CharField(
        label=_("案件状态的用词"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个：文件用词 = 在办、中止、已结之一；常见用词已能识别，不必填写"),
    )
    closing_mode_words = forms.CharField(
        label=_("结案方式的用词"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个：文件用词 = 结案方式；常见用词已能识别，不必填写"),
    )
    covers_from = forms.DateField(
        label=_("文件收录自此日起立案的案件"), required=False, widget=DayInput(), help_text=_("不填为全部案件")
    )
    date_order = forms.ChoiceField(
        label=_("日期写法"), choices=NationalMapping.DateOrder.choices, initial=NationalMapping.DateOrder.YMD
    )
    encoding = forms.ChoiceField(
        label=_("文字编码（CSV）"),
        choices=NationalMapping.Encoding.choices,
        initial=NationalMapping.Encoding.DETECTED,
    )
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)
    seldom = ("covers_from", "date_order", "encoding", "state_words", "closing_mode_words")

    def __init__(
        self, *args: Any, user: User, row: NationalMapping | None = None, headings: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if row is None:
            _court_field(self).queryset = Court.objects.filter(pk__in=[court.pk for court in courts_of(user)])
        else:
            # A new version is of the same court and name.
            del self.fields["court"], self.fields["name"]
        for field in FIELDS if headings else ():
            words = list(dict.fromkeys(filter(None, [*headings, self[field.code].value()])))
            self.fields[field.code].widget = forms.Select(choices=[("", "—"), *((word, word) for word in words)])

    def clean(self) -> dict[str, Any]:
        """Say beside each column what it lacks, and which line of words says nothing."""
        for code, reason in objections(self.columns()).items():
            if not self.has_error(code):
                self.add_error(code, reason)
        for field in CODED:
            try:
                self.cleaned_data[f"{field}_meant"] = words_of(self.cleaned_data.get(f"{field}_words", ""), field)
            except ValueError as error:
                self.add_error(f"{field}_words", str(error))
        return self.cleaned_data

    def columns(self) -> dict[str, str]:
        """Return heading by field."""
        found = {field.code: self.cleaned_data.get(field.code, "") for field in FIELDS}
        return {code: heading for code, heading in found.items() if heading}

    def layout(self) -> Layout:
        """Return how a file is read by what is valid so far."""
        said = self.cleaned_data
        words = {field: said.get(f"{field}_meant", {}) for field in CODED}
        plain = {name: said[name] for name in ("header_row", "encoding", "date_order") if said.get(name)}
        return Layout(self.columns(), words, **plain)

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes."""
        names = ("court", "name", "covers_from", "is_active", "seen")
        plain = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return {"name": "", **plain, "layout": self.layout()}


def _court_field(form: Form) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    field = form.fields["court"]
    assert isinstance(field, forms.ModelChoiceField)
    return field


class MappingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A mapping by court and name."""

    def label_from_instance(self, obj: NationalMapping) -> str:
        """Return what the list shows."""
        return f"{obj.court.short_name} {obj.name}"


class ImportNational(SampleFile):
    """A day's file as the national system exports it."""

    mapping = MappingField(label=_("法院和列对应"), queryset=NationalMapping.objects.none(), empty_label=None)
    day = forms.DateField(label=_("业务日"), widget=DayInput(), help_text=_("文件所列是哪一天的情况"))
    table = forms.FileField(
        label=_("案件清单"),
        help_text=_("全国系统导出的Excel（.xlsx）或CSV，不超过20 MB；不必改动"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    field_order = ("mapping", "day", "table")

    def __init__(self, *args: Any, user: User, refused: str = "", **kwargs: Any) -> None:
        super().__init__(*args, user=user, refused=refused, **kwargs)
        field = self.fields["mapping"]
        assert isinstance(field, forms.ModelChoiceField)
        rows = NationalMapping.objects.visible_to(user).in_use()
        field.queryset = rows.select_related("court").order_by("court__code", "name")

    def clean(self) -> dict[str, Any]:
        """Say beside the file why it was not taken in."""
        if self.refused:
            self.errors.pop("table", None)
            self.add_error("table", self.refused)
        return self.cleaned_data


class _OfPeople(Form):
    """Filters by court and clerk; what is not valid is dropped and named."""

    court = forms.ChoiceField(label=_("法院"), required=False, choices=ALL)
    clerk = forms.ModelChoiceField(
        label=_("承办人"), required=False, queryset=User.objects.none(), empty_label=_("全部")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "court" in self.fields:
            rows = Court.objects.order_by("code").values_list("code", "short_name")
            self.fields["court"].choices = [*ALL, *rows]  # type: ignore[attr-defined]
        clerks = self.fields["clerk"]
        assert isinstance(clerks, forms.ModelChoiceField)
        people = User.objects.filter(groups__name__in=CLERK_ROLES, is_active=True)
        clerks.queryset = people.distinct().order_by("name", "pk")

    def chosen(self) -> dict[str, Any]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class EntryFilters(_OfPeople):
    """Filters of what must be typed; without a state what waits."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("待录入（含变动）")),
            *NationalEntry.State.choices[:3],
            ("all", _("全部")),
        ],
    )
    group = forms.ChoiceField(label=_("字段组"), required=False, choices=[*ALL, *NationalEntry.Group.choices])
    number = forms.CharField(label=_("案号"), required=False, max_length=60)
    field_order = ("state", "group", "court", "clerk", "number")


class DifferenceFilters(_OfPeople):
    """Filters of what differs."""

    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[*ALL, *NationalDifference.Kind.choices[1:]])
    field = forms.ChoiceField(
        label=_("字段"), required=False, choices=[*ALL, *((field.code, field.label) for field in COMPARED)]
    )
    said = forms.ChoiceField(label=_("说明"), required=False, choices=[*ALL, ("NO", _("未说明")), ("YES", _("已说明"))])
    number = forms.CharField(label=_("案号"), required=False, max_length=60)
    field_order = ("court", "kind", "field", "said", "clerk", "number")


class NightFilters(DifferenceFilters):
    """Filters of one night's lists, which are of one court."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["court"]


class Nights(Form):
    """Filters of the list of nights."""

    court = forms.ChoiceField(label=_("法院"), required=False, choices=ALL)
    from_on = forms.DateField(label=_("业务日自"), required=False, widget=DayInput())
    until_on = forms.DateField(label=_("业务日至"), required=False, widget=DayInput())

    def __init__(self, *args: Any, courts: Sequence[Court], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(court.code, court.short_name) for court in courts]
        self.fields["court"].choices = [*ALL, *rows]  # type: ignore[attr-defined]

    def lookups(self, day: str = "day") -> dict[str, Any]:
        """Return the valid filters as lookups."""
        self.is_valid()
        names = {"court": "court__code", "from_on": f"{day}__gte", "until_on": f"{day}__lte"}
        return {names[name]: value for name, value in self.cleaned_data.items() if value}


class Explain(Form):
    """Why two values may differ."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=300,
        widget=forms.TextInput(attrs={"list": "reasons"}),
        help_text=_("说明保留到任何一方的值再变动为止，不能删除"),
    )


class Tick(Form):
    """A group that was typed, as it was shown."""

    group = forms.ChoiceField(label=_("字段组"), choices=NationalEntry.Group.choices)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class Untick(Form):
    """A group whose tick was a mistake."""

    group = forms.ChoiceField(label=_("字段组"), choices=NationalEntry.Group.choices)


class TickMany(Form):
    """Entries that were typed, each with the digest that was shown: `12:ab…`."""

    entry = forms.MultipleChoiceField(label=_("已录入"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = self.data.getlist("entry") if hasattr(self.data, "getlist") else []
        self.fields["entry"].choices = [(row, row) for row in typed]  # type: ignore[attr-defined]

    def clean_entry(self) -> dict[int, str]:
        """Return digest by entry."""
        found: dict[int, str] = {}
        for row in self.cleaned_data["entry"]:
            pk, _mark, digest = row.partition(":")
            if not pk.isdecimal() or len(pk) > 18:
                raise forms.ValidationError(gettext("勾选的项目不能识别，请重新打开本页"))
            found[int(pk)] = digest
        return found


def first_day(today: dt.date, is_workday: Any) -> dt.date:
    """Return the day for which a file is most likely handed in: today, or the last working day before it."""
    day = today
    while not is_workday(day):
        day -= dt.timedelta(days=1)
    return day
