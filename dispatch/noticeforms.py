"""What is asked of who sends a notice, and of who has done a task."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.forms import DayInput
from bureau.models import Team
from bureau.wording import Form
from cases.models import Case
from dispatch.listforms import Filter
from dispatch.noticemodels import Notice
from documents import filling
from documents.models import Template


class NoticeForm(Form):
    """What is said, to whom, until when, and where a tip stands."""

    kind = forms.ChoiceField(label=_("类别"), choices=Notice.Kind.choices)
    title = forms.CharField(label=_("标题"), max_length=60)
    text = forms.CharField(label=_("内容"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    teams = forms.ModelMultipleChoiceField(
        label=_("团队"),
        queryset=Team.objects.filter(is_active=True).order_by("id"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("提示可不选，即全局可见"),
    )
    due_on = forms.DateField(label=_("完成期限"), required=False, widget=DayInput(), help_text=_("任务必填"))
    stage = forms.ChoiceField(
        label=_("附在案件阶段"), required=False, choices=[("", _("不附")), *Case.Stage.choices], help_text=_("仅提示")
    )
    template = forms.ChoiceField(label=_("附在文书"), required=False, help_text=_("仅提示；在起草该文书时显示"))
    field = forms.CharField(
        label=_("文书字段"),
        required=False,
        max_length=40,
        help_text=_("填字段名称；不填则显示在文书上方"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._templates = {row.code: row for row in Template.objects.newest().only("code", "title", "version")}
        rows = sorted((code, row.title) for code, row in self._templates.items())
        self.fields["template"].choices = [("", _("不附")), *rows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take a field by what the form of the paper calls it."""
        data: dict[str, Any] = super().clean() or {}
        template, said = self._templates.get(data.get("template") or ""), data.get("field") or ""
        if said and template is not None:
            names = {
                name: field.name for field in filling.all_fields(template.spec) for name in (field.label, field.name)
            }
            if said not in names:
                labels = _list(field.label for field in filling.all_fields(template.spec))
                self.add_error("field", _("该文书没有这个字段，可以填：%(labels)s") % {"labels": labels})
            data["field"] = names.get(said, "")
        return data


def _list(words: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(words))


class DoneForm(Form):
    """What came of a task."""

    note = forms.CharField(label=_("完成情况"), max_length=300, widget=forms.TextInput)


class NoticeFilter(Filter):
    """Coded filters of the list."""

    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部")), *Notice.Kind.choices])
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("unread", _("未读")), ("to_do", _("待完成")), ("ended", _("已撤下"))],
    )
