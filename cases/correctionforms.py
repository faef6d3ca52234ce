"""What a correction asks for: the corrected values, why, and the paper that proves it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import versions
from bureau.masking import mask_id, mask_phone
from bureau.models import Event
from bureau.wording import Form
from cases import basis, corrections, proofs
from cases.corrections import Target
from cases.filingforms import BasisFields, ClaimForm, PartyForm, doubled_choice
from cases.forms import Act
from cases.models import Case, Claim, Correction, Party
from cases.services.corrections import DOCUMENT_MAX, EVIDENCE_VERBS, NOTE_MAX

# The usual proofs, offered beside free text.
DOCUMENTS = (
    gettext_lazy("居民身份证、户籍证明"),
    gettext_lazy("营业执照、登记机关变更证明"),
    gettext_lazy("执行依据原件"),
    gettext_lazy("补正裁定书"),
    gettext_lazy("申请执行人书面说明"),
    gettext_lazy("送达地址确认书"),
)
REFUSALS = (
    gettext_lazy("与所附材料不符"),
    gettext_lazy("材料不足，请补充"),
    gettext_lazy("属于变更当事人，应依裁定办理"),
    gettext_lazy("更正内容有误，请重新提出"),
)
# Numbers are not shown again to whoever corrects something else: empty means unchanged.
DROPS = (("id_number", gettext_lazy("删去原证件号码")), ("phone", gettext_lazy("删去原电话")))


class Why(Form):
    """Reason, document and, from the e-file, the very paper; `seen` marks what the form was opened with."""

    reason = forms.ChoiceField(
        label=gettext_lazy("更正事由"), choices=Correction.Reason.choices, widget=forms.RadioSelect
    )
    reason_text = forms.CharField(
        label=gettext_lazy("事由说明"),
        required=False,
        max_length=NOTE_MAX,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("选择“其他”时必填"),
    )
    document = forms.CharField(
        label=gettext_lazy("依据的材料或文书"),
        max_length=DOCUMENT_MAX,
        widget=forms.TextInput({"list": "documents"}),
        help_text=gettext_lazy("写明名称和日期；另一人据此核对"),
    )
    evidence = forms.TypedChoiceField(
        label=gettext_lazy("卷宗中的材料"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("材料已收入卷宗的，请选择"),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    target = ""

    def __init__(self, *args: Any, case: Case, subject: Any, **kwargs: Any) -> None:
        self.subject = subject
        self.opened_with = {"case": case, "subject": subject, **kwargs}
        self.now = corrections.values_of(subject, self.target)
        initial = {**self._opened(), "seen": versions.mark(self.now)}
        super().__init__(*args, initial=initial, **kwargs)
        choices = [("", _("不指明")), *_papers(case)]
        evidence = self.fields["evidence"]
        assert isinstance(evidence, forms.TypedChoiceField)
        evidence.choices = choices
        self.order_fields([name for name in self.fields if name not in Why.base_fields])

    def _opened(self) -> dict[str, Any]:
        return {name: getattr(self.subject, name) for name in corrections.FIELDS[self.target]}

    def values(self) -> dict[str, str]:
        """Return the corrected values as canonical text."""
        return corrections.canonical(self.cleaned_data, self.target)

    def arguments(self) -> dict[str, Any]:
        """Return the service's arguments."""
        data = self.cleaned_data
        chosen = Event.objects.filter(pk=data["evidence"]).first() if data["evidence"] else None
        kept = {name: data[name] for name in ("seen", "reason", "reason_text", "document")}
        subject = None if self.target in (Target.BASIS, Target.ADDED) else self.subject
        return {"target": self.target, "subject": subject, "values": self.values(), "evidence": chosen, **kept}

    def beside(self, theirs: dict[str, str]) -> list[versions.Difference]:
        """Return both versions field by field; numbers by their last four."""
        mine = self.values()
        return [
            versions.Difference(
                corrections.label_of(name, self.target),
                _readable(name, self.target, theirs.get(name, "")),
                _readable(name, self.target, mine[name]),
            )
            for name in corrections.FIELDS[self.target]
        ]


def _readable(name: str, target: str, text: str) -> str:
    masks = {"id_number": mask_id, "phone": mask_phone}
    return corrections.shown(name, target, masks[name](text) if name in masks else text)


def _papers(case: Case) -> list[tuple[int, str]]:
    # What came into or went out of the e-file, newest first.
    return [(row.event.pk, row.label) for row in proofs.shown_of(case, EVIDENCE_VERBS)]


class CorrectParty(Why, PartyForm):
    """A party's own data; numbers stay hidden and unchanged where nothing is typed."""

    target = Target.PARTY
    drop = forms.MultipleChoiceField(
        label=gettext_lazy("删去"), choices=DROPS, required=False, widget=forms.CheckboxSelectMultiple
    )
    subject: Party

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        masked = {"id_number": mask_id(self.subject.id_number), "phone": mask_phone(self.subject.phone)}
        for name, shown in masked.items():
            self.fields[name].help_text = _("现为 %(shown)s；不填则不变") % {"shown": shown} if shown else ""

    def _opened(self) -> dict[str, Any]:
        return super()._opened() | {"id_number": "", "phone": ""}

    def clean(self) -> dict[str, Any]:
        """Keep what was not typed; a number of the other kind of party cannot stay."""
        is_typed = bool(self.cleaned_data.get("id_number"))
        data = super().clean()
        drop = data.get("drop") or []
        if not is_typed and "id_number" not in self.errors and "id_number" not in drop:
            data["id_number"], data["id_kind"] = self.subject.id_number, self.subject.id_kind
            if self.subject.id_number and data.get("kind") != self.subject.kind:
                self.add_error("id_number", _("主体类型改变，请填写相应的证件号码，或删去原号码"))
        if not data.get("phone") and "phone" not in self.errors and "phone" not in drop:
            data["phone"] = self.subject.phone
        for name in drop:
            if data.get(name) and name not in self.errors:
                self.add_error(name, _("已勾选删去，不要同时填写"))
        return data


class CorrectBasis(Why, BasisFields):
    """The enforceable document."""

    target = Target.BASIS
    subject: Case

    def _opened(self) -> dict[str, Any]:
        return super()._opened() | {"basis_kind": basis.chosen(self.subject.basis_kind, self.subject.basis_title)}

    def clean_basis_kind(self) -> str:
        """Keep the title empty that was never asked for, where nothing else was chosen."""
        choice = self.cleaned_data["basis_kind"]
        kind = super().clean_basis_kind()
        if choice == basis.chosen(self.subject.basis_kind, self.subject.basis_title):
            self.cleaned_data["basis_title"] = self.subject.basis_title
        return kind


class CorrectClaim(Why, ClaimForm):
    """One claim item."""

    target = Target.CLAIM
    subject: Claim


class AddClaim(CorrectClaim):
    """A claim item forgotten at filing."""

    target = Target.ADDED
    is_doubled = doubled_choice()

    def _opened(self) -> dict[str, Any]:
        return {}


FORMS: dict[str, type[Why]] = {
    Target.PARTY: CorrectParty,
    Target.BASIS: CorrectBasis,
    Target.CLAIM: CorrectClaim,
    Target.ADDED: AddClaim,
}


def form_for(case: Case, target: str, subject: Any, *, today: Any, data: Any = None) -> Why:
    """Return the form of the target, bound to what was posted."""
    more = {} if target in corrections.CLAIMS else {"today": today}
    return FORMS[target](data, case=case, subject=subject, **more)


def resent(form: Why, stale: versions.Stale) -> Why:
    """Return the form once more with what was typed, opened with what stands now: sent again it is a new decision."""
    data: Any = form.data
    data = data.copy()
    data["seen"] = versions.mark(form.now)
    again = type(form)(data, **form.opened_with)
    again.refuse(stale)
    return again


class Answer(Act):
    """Why it is not confirmed, or what became of it."""

    note = forms.CharField(
        label=gettext_lazy("意见"), max_length=NOTE_MAX, required=False, widget=forms.TextInput({"list": "refusals"})
    )
