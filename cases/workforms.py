"""What the pages of team work ask for: requests, answers, reasons, and the filters of the list."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import identity
from bureau.models import Team, User
from bureau.wording import Form
from cases import departments, workkinds
from cases.forms import Act
from cases.models import Case, Party, WorkOrder
from cases.services.workorders import FIELD_ROLES, REASON_MAX, RESULT_MAX, TEXT_MAX

SOON_DAYS = 3


class PartyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A party of the case, by side and name."""

    def label_from_instance(self, obj: Party) -> str:
        """Return what the list shows."""
        return f"{obj.get_side_display()} {obj.name}"


class RequestWork(Act):
    """What is asked of whom; the team may be left to the kind."""

    kind = forms.ChoiceField(label=_("种类"), choices=WorkOrder.Kind.choices)
    to_team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("办理团队"),
        required=False,
        empty_label=_("按种类自动"),
        to_field_name="code",
    )
    department = forms.ChoiceField(
        label=_("部门"),
        choices=[("", "—"), *departments.CHOICES],
        required=False,
        help_text=_("现场事项必填"),
    )
    district = forms.ChoiceField(label=_("区域"), choices=[("", "—"), *departments.DISTRICTS], required=False)
    party = PartyChoice(Party.objects.none(), label=_("涉及人"), required=False, empty_label=_("全案"))
    text = forms.CharField(
        label=_("请求内容"),
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("写明办什么、要什么结果；不写完整证件号码"),
    )

    def __init__(self, *args: Any, user: User, case: Case | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Team.objects.filter(is_active=True, kind__in=workkinds.DOERS).exclude(pk=user.team_id or 0)
        self.fields["to_team"].queryset = others.order_by("code")  # type: ignore[attr-defined]
        if case is None:
            del self.fields["party"]
        else:
            parties = case.parties.filter(left_on__isnull=True).order_by("side", "position")
            self.fields["party"].queryset = parties  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the team of the kind, and say beside its field what does not fit."""
        data = super().clean() or self.cleaned_data
        if identity.holds_resident_id(data.get("text", "")):
            self.add_error("text", _("请求内容中不写完整身份证号码，办理团队从案件当事人信息查看"))
        kind = workkinds.BY_CODE.get(data.get("kind", ""))
        if kind is None:
            return data
        team = data.get("to_team")
        if team is None and "to_team" not in self.errors:
            teams = list(self.fields["to_team"].queryset.filter(kind__in=kind.teams))  # type: ignore[attr-defined]
            teams.sort(key=lambda row: kind.teams.index(row.kind))
            data["to_team"] = team = teams[0] if teams else None
            if team is None:
                self.add_error("to_team", _("没有可办理此类协作的其他团队"))
        if team is not None and team.kind not in kind.teams:
            self.add_error("to_team", _("该团队不办理此类协作"))
        place = data.get("department", ""), data.get("district", "")
        if kind.code == WorkOrder.Kind.ONSITE and (said := departments.objection(*place)):
            self.add_error("district" if place[0] else "department", said)
        return data


def field_officers(team_id: int | None) -> list[User]:
    """Return the active members of a team who may act on the spot; one query."""
    if team_id is None:
        return []
    staff = User.objects.filter(team_id=team_id, is_active=True, groups__name__in=FIELD_ROLES)
    return list(staff.distinct().order_by("name", "pk"))


class OfficerField(forms.ChoiceField):
    """One of the officers offered, as the very object that was offered; none when left blank."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, required=False)
        self._offered: dict[str, User] = {}

    def offer(self, officers: list[User]) -> None:
        """Take these as the choices."""
        self._offered = {str(officer.pk): officer for officer in officers}
        self.choices = [("", "—"), *((key, officer.name) for key, officer in self._offered.items())]

    def clean(self, value: Any) -> User | None:
        """Return the officer; a key that was not offered is an error."""
        return self._offered.get(super().clean(value))


class PhotosInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos and receipts that show the answer; what they hold is judged by their content, not by their name."""

    def __init__(self, **kwargs: Any) -> None:
        widget = PhotosInput({"accept": "image/png,image/jpeg,image/tiff,.pdf"})
        help_text = _("PNG、JPEG、TIFF、PDF，每份不超过20 MB，一次不超过10份")
        super().__init__(label=_("现场照片、回执"), required=False, widget=widget, help_text=help_text, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return every file, each sound by itself."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(file, initial) for file in given]


class Finish(Act):
    """The answer in words."""

    text = forms.CharField(
        label=_("办理结果"),
        max_length=RESULT_MAX,
        widget=forms.Textarea({"rows": 4, "autofocus": True}),
        help_text=_("写明结果和凭据在卷位置"),
    )
    photos = PhotosField()


class OnsiteRow(Act):
    """The answer to one on-site item: result, words, two officers. A row of the grid, or a page of its own."""

    result = forms.ChoiceField(label=_("结果"), choices=[("", "—"), *WorkOrder.Result.choices], required=False)
    text = forms.CharField(label=_("结果说明"), max_length=RESULT_MAX, required=False)
    officer1 = OfficerField(label=_("执行人员一"))
    officer2 = OfficerField(label=_("执行人员二"))
    photos = PhotosField()

    def __init__(self, *args: Any, officers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("officer1", "officer2"):
            field = self.fields[name]
            assert isinstance(field, OfficerField)
            field.offer(officers)


class Reason(Act):
    """Why; the usual reasons are offered, other words may be typed."""

    reason = forms.CharField(
        label=_("理由"), max_length=REASON_MAX, widget=forms.TextInput({"list": "reasons", "autofocus": True})
    )


class BatchAct(Form):
    """One act on the ticked orders; an answer needs its words."""

    act = forms.ChoiceField(
        label=_("办理"), choices=[("accept", _("接单")), ("finish", _("办结")), ("confirm", _("确认"))]
    )
    text = forms.CharField(label=_("办理结果"), max_length=RESULT_MAX, required=False)

    def clean(self) -> dict[str, Any]:
        """An answer in words is needed to finish."""
        data = super().clean() or self.cleaned_data
        if data.get("act") == "finish" and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("请写明办理结果"))
        return data


class Filters(Form):
    """Coded filters of the list of work orders; what is not valid is dropped, never an error."""

    side = forms.ChoiceField(
        label=_("范围"),
        required=False,
        choices=[("", _("全部")), ("in", _("本团队办理")), ("out", _("本方请求"))],
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("未办结")), ("all", _("全部状态")), *WorkOrder.State.choices]
    )
    kind = forms.ChoiceField(label=_("种类"), required=False, choices=[("", _("全部种类")), *WorkOrder.Kind.choices])
    due = forms.ChoiceField(
        label=_("期限"),
        required=False,
        choices=[("", _("全部期限")), ("overdue", _("已逾期")), ("today", _("今天到期")), ("soon", _("三天内到期"))],
    )

    def chosen(self) -> dict[str, str]:
        """Return the valid filters that were set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def due_period(due: str, *, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day that a due filter means; none for an open end."""
    if due == "overdue":
        return None, today - dt.timedelta(days=1)
    if due == "today":
        return today, today
    if due == "soon":
        return today, today + dt.timedelta(days=SOON_DAYS)
    return None, None
