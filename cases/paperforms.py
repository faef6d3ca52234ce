"""One field for every act that rests on a paper: chosen from the case's file, never typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.evidence import Paper


class PaperField(forms.ChoiceField):
    """A document issued in the case, or a material received; the form offers them when it knows its case."""

    default_error_messages = {
        "required": _("请选择卷宗中的依据文书"),
        "invalid_choice": _("所选文书不在本案卷宗中，或已作废"),
    }

    def __init__(self, **kwargs: Any) -> None:
        words = _("在“文书”页签发的，或已扫描入卷的；还没有的，先签发或扫描入卷")
        super().__init__(**{"label": _("依据文书"), "help_text": words, **kwargs})

    def offer(self, papers: Iterable[Paper]) -> None:
        """Set what may be chosen, in the order given."""
        scanned = _("扫描件：%(paper)s")
        rows = [(row.ref, row.label if row.is_issued else scanned % {"paper": row.label}) for row in papers]
        self.choices = [("", _("请选择")), *rows]
