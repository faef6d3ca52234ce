"""The form that proposes to close: ground, document, and for every condition the event that proves it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.closing import WAYS, Condition
from cases.closinggrounds import Ground, grounds_of
from cases.evidence import Paper
from cases.forms import Act
from cases.law import cited
from cases.models.codes import MaterialKind
from cases.proofs import Shown


def _said(row: Ground, *, on: dt.date) -> str:
    return gettext("%(label)s（%(basis)s）") % {"label": row.label, "basis": cited(row.basis, on=on)}


def _hint(row: Condition, *, on: dt.date) -> str:
    """Return the law of a condition, and as which kinds a paper must have come in to prove it."""
    kinds = [code for proof in row.proofs if proof.only for code in proof.only[1]]
    names = gettext("、").join(str(MaterialKind(code).label) for code in dict.fromkeys(kinds))
    basis = cited(row.basis, on=on)
    return gettext("%(basis)s；可作凭据的材料：%(kinds)s") % {"basis": basis, "kinds": names} if names else basis


class ProposeClosing(Act):
    """Ground, document, and for every condition of the mode one of the events that may prove it."""

    ground = forms.ChoiceField(label=_("结案事由"))
    facts = forms.CharField(label=_("事实和理由"), max_length=300, required=False)
    document = forms.ChoiceField(label=_("结案文书或凭据"))
    number = forms.CharField(
        label=_("文号"),
        max_length=100,
        required=False,
        help_text=_("只有系统外制作的文书才填，如 (2021)内0302执1号之一"),
    )

    def __init__(
        self,
        *args: Any,
        mode: str,
        may_prove: Mapping[str, list[Shown]],
        today: dt.date,
        issued: Iterable[Paper] = (),
        scans: Iterable[Paper] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.way = WAYS[mode]
        ground = self.fields["ground"]
        assert isinstance(ground, forms.ChoiceField)
        rows = grounds_of(mode).values()
        ground.choices = [("", _("请选择")), *((row.code, _said(row, on=today)) for row in rows)]
        document = self.fields["document"]
        assert isinstance(document, forms.ChoiceField)
        groups = [(_("本案已签发"), list(issued)), (_("系统外制作、已扫描入卷"), list(scans))]
        offered = [(label, [(row.ref, row.label) for row in rows]) for label, rows in groups if rows]
        document.choices = [("", _("请选择")), *offered]
        document.help_text = str(self.way.document)
        for row in self.way.conditions:
            events = [(shown.event.pk, shown.label) for shown in may_prove[row.code]]
            empty = _("请选择办理记录") if events else _("卷内还没有可作凭据的记录")
            self.fields[f"event_{row.code}"] = forms.TypedChoiceField(
                label=str(row.label),
                choices=[("", empty), *events],
                coerce=int,
                empty_value=None,
                required=False,
                help_text=_hint(row, on=today),
            )
            self.fields[f"note_{row.code}"] = forms.CharField(label=_("说明"), max_length=300, required=False)

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the pairs of proof and note as the page prints them."""
        return [(self[f"event_{row.code}"], self[f"note_{row.code}"]) for row in self.way.conditions]

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        bound = {
            row.code: (data[f"event_{row.code}"], data[f"note_{row.code}"])
            for row in self.way.conditions
            if data[f"event_{row.code}"]
        }
        return {
            "mode": self.way.mode,
            "ground": data["ground"],
            "facts": data["facts"],
            "document": data["document"],
            "number": data["number"],
            "proofs": bound,
        }
