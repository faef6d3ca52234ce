"""The filing page as a whole: its small forms, the files kept meanwhile, the warnings to be ticked."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.payees import PayeeData
from assets.taking import ControlData, PreservedData
from bureau.errors import Refused
from bureau.models import User
from cases.filing import FilingData
from documents import services as documents
from documents.models import Staged
from intake import checklists, forms, judgmentpage
from intake.applicationforms import AcceptanceForm
from intake.applications import Typed
from intake.filingdata import addresses_of, agents_of, filing_data, payees_of
from intake.models import Condition
from intake.prefill import Prefill, prefill
from intake.receptionforms import SourceForm
from intake.services import MaterialData
from intake.typed import asked_of, scanned_of
from intake.warnings import Warning, filing_warnings

DRAFT, SUBMIT = "draft", "submit"
SAVING = (DRAFT, SUBMIT)


class FilingPage:
    """Everything the clerk has typed, kept whatever happens."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        actor: User,
        at: dt.datetime,
        today: dt.date,
        stored: QueryDict | None = None,
        is_checked: bool = False,
    ) -> None:
        self.actor = actor
        self.today = today
        is_posted = request.method == "POST" and stored is None
        posted = request.POST.copy() if is_posted else stored
        self.data: QueryDict | None = posted
        self.act = request.POST.get("do", "")
        reads = is_posted and self.act in (judgmentpage.READ, judgmentpage.TAKE)
        # What is saved or opened again is not yet asked whether it is right.
        self.is_reading = reads or self.act in SAVING or (stored is not None and not is_checked)
        # Filed from here, and not by way of a review: the page itself is where the conditions are confirmed.
        self.is_accepting = is_posted and not self.is_reading
        self.judgment = judgmentpage.JudgmentBlock(request) if reads else None
        # A reading that redraws its own block alone sends the page again later, files and all.
        stages = is_posted and not (self.is_reading and request.headers.get("HX-Request"))
        self.file_errors = self._stage(request, posted, at) if posted is not None and stages else {}
        if self.judgment and posted is not None and self.act == judgmentpage.TAKE:
            self.judgment.take(posted, posted.getlist("take"), today=today)
        asked = {"reception": request.GET.get("reception", "").replace("\x00", "")}
        self.source = SourceForm(posted, prefix="source", initial=asked, actor=actor)
        self.record = self.source.chosen()
        # A record that was asked for and cannot be used leaves the form empty: why is said above it.
        self.unused_record = asked["reception"] if posted is None and self.record is None else ""
        # What a signed record says is where an untouched page begins.
        self.given = prefill(self.record) if self.record and posted is None else Prefill()
        self._bind(posted)
        if self.is_reading:
            self._say_nothing_yet()

    def _bind(self, posted: QueryDict | None) -> None:
        """Make every form of the page, with what was typed, else with what the record says."""
        window, given, today = self.actor.window, self.given, self.today
        initial = {"court": window.court.code if window and window.court else None}
        dated: dict[str, Any] = {"form_kwargs": {"today": today}}
        self.acceptance = AcceptanceForm(posted)
        self.basis = forms.BasisForm(posted, initial=initial | given.basis, today=today)
        self.applicants = forms.ApplicantSet(posted, prefix="applicants", initial=given.applicants, **dated)
        self.debtors = forms.DebtorSet(posted, prefix="debtors", initial=given.debtors, **dated)
        self.claims = forms.ClaimSet(posted, prefix="claims", initial=given.claims)
        self.materials = forms.MaterialSet(posted, prefix="materials")
        if posted is not None:
            posted.setdefault("agents-TOTAL_FORMS", "0")
            posted["agents-INITIAL_FORMS"] = "0"
            # A page without the block has nothing preserved; a row that a record began and the clerk removed is none.
            posted.setdefault("preserved-TOTAL_FORMS", "0")
            posted["preserved-INITIAL_FORMS"] = "0"
        self.preserved = forms.PreservedSet(posted, prefix="preserved", initial=given.preserved, **dated)
        self.agents = forms.AgentSet(posted, prefix="agents", initial=given.agents)

    def _say_nothing_yet(self) -> None:
        """Keep a page that is still being filled in from saying what is wrong with it."""
        for rows in self.sets:
            if rows.is_bound and rows.management_form.is_valid():
                rows._errors, rows._non_form_errors = [], ErrorList()
                for form in rows:
                    form._errors = ErrorDict()
        for plain in (self.basis, self.source, self.acceptance):
            bound: Any = plain
            bound._errors, bound.cleaned_data = ErrorDict(), {}

    def _stage(self, request: HttpRequest, posted: QueryDict, at: dt.datetime) -> dict[int, str]:
        """Keep every file that came with the page, whatever the rest looks like; return refusals by row."""
        refused: dict[int, str] = {}
        for index in range(forms.ROWS_MAX):
            upload = request.FILES.get(f"materials-{index}-file")
            if upload is None:
                continue
            try:
                kept = documents.stage_upload(upload, at=at, actor=self.actor)
            except Refused as refusal:
                refused[index] = str(refusal)
            else:
                posted[f"materials-{index}-token"] = kept.token
        return refused

    def typed(self) -> Typed:
        """Return what stands on the page, to be kept as a draft."""
        assert self.data is not None
        return Typed({name: [str(value) for value in values] for name, values in self.data.lists()}, self.staged)

    @cached_property
    def staged(self) -> dict[str, Staged]:
        """The kept files of this clerk that the page names, by token."""
        posted: Mapping[str, Any] = self.data or {}
        tokens = [value for name, value in posted.items() if name.startswith("materials-") and name.endswith("-token")]
        return {row.token: row for row in Staged.objects.filter(staged_by=self.actor, token__in=tokens)}

    @property
    def material_rows(self) -> list[tuple[Any, Staged | None]]:
        """Each row of the materials with the file it already has."""
        return [(form, self.staged.get(form["token"].value() or "")) for form in self.materials]

    @property
    def sets(self) -> list[Any]:
        """Every form set of the page."""
        return [self.applicants, self.agents, self.debtors, self.claims, self.preserved, self.materials]

    @property
    def sections(self) -> list[tuple[str, Any]]:
        """Every form set with the name that a row of it bears, in the order of the page."""
        names = (_("申请执行人"), _("代理人"), _("被执行人"), _("执行请求"), _("已保全财产"), _("材料"))
        return list(zip(names, self.sets, strict=True))

    @cached_property
    def is_valid(self) -> bool:
        """Whether every field of every form is right; asks each, so that all errors show at once."""
        answers = [self.source.is_valid(), self.basis.is_valid(), *(part.is_valid() for part in self.sets)]
        self._check_materials()
        self._check_preserved()
        if self.is_accepting:
            answers.append(self.acceptance.demand(self.missing))
        return all(answers) and not any(
            form.errors for rows in (self.materials, self.preserved, self.agents) for form in rows
        )

    def _check_preserved(self) -> None:
        for form in self.preserved:
            if form.is_valid() and (form.cleaned_data.get("debtor") or 0) > len(self.debtors.forms):
                form.add_error("debtor", _("没有这名被执行人"))
        for form in self.agents:
            if form.is_valid() and (form.cleaned_data.get("applicant") or 0) > len(self.applicants.forms):
                form.add_error("applicant", _("没有这名申请执行人"))

    def _check_materials(self) -> None:
        for index, form in enumerate(self.materials):
            values = form.cleaned_data if form.is_valid() else {}
            if index in self.file_errors:
                form.add_error("file", self.file_errors[index])
            elif values.get("token") and values["token"] not in self.staged:
                form.add_error("file", _("文件已过期，请重新选择"))
            elif (values.get("title") or values.get("applicant")) and not values.get("token"):
                form.add_error("file", _("请选择文件"))
            if (values.get("applicant") or 0) > len(self.applicants.forms):
                form.add_error("applicant", _("没有这名申请执行人"))

    @property
    def has_errors(self) -> bool:
        """Whether anything must be corrected; of a page that is only saved, whether that was refused."""
        if self.data is None:
            return False
        refused = bool(self.basis.errors or self.acceptance.errors)
        return refused or (not self.is_reading and not self.is_valid)

    @cached_property
    def warnings(self) -> list[Warning]:
        """What is worth a second look; nothing while there are errors."""
        if self.is_reading or not self.is_valid:
            return []
        has_payees = len(self.payees()) == len(self.applicants.forms)
        missing = [paper.label for paper in self.missing] if self.is_accepting else ()
        return filing_warnings(self.filing(), on=self.today, has_payees=has_payees, missing=missing, actor=self.actor)

    @cached_property
    def asked(self) -> list[checklists.Paper]:
        """The papers that this filing needs, as an application asks for them."""
        return asked_of(self.typed().fields) if self.data is not None else [*checklists.ALWAYS, checklists.Paper.PAYEE]

    @cached_property
    def missing(self) -> list[checklists.Paper]:
        """Those that are neither scanned nor in the clerk's hand; a signed record is the application."""
        seen = set(self.data.getlist("seen")) if self.data is not None else set()
        if self.record is not None:
            seen.add(checklists.Paper.APPLICATION)
        scanned = scanned_of(self.typed().fields) if self.data is not None else set()
        return checklists.missing(self.asked, scanned=scanned, seen=seen)

    @property
    def papers(self) -> list[tuple[checklists.Paper, bool]]:
        """The papers without which nothing is accepted, with whether the clerk has them: always before his eyes."""
        must = [paper for paper in checklists.ESSENTIAL if paper in self.asked]
        return [(paper, paper not in self.missing) for paper in must]

    @property
    def other_papers(self) -> list[tuple[checklists.Paper, bool]]:
        """Every other paper, with whether he has it: what this filing needs first."""
        rest = [paper for paper in checklists.Paper if paper not in self.asked]
        there = [paper for paper in self.asked if paper not in checklists.ESSENTIAL]
        ticked = set(self.data.getlist("seen")) if self.data is not None else set()
        return [(paper, paper in ticked or (paper in there and paper not in self.missing)) for paper in [*there, *rest]]

    @property
    def conditions(self) -> list[tuple[str, str, bool]]:
        """The conditions of acceptance, with whether the clerk has ticked them."""
        ticked = set(self.data.getlist("met")) if self.data is not None else set()
        return [(code, str(label), code in ticked) for code, label in Condition.choices]

    def refuse(self, refusal: Refused) -> None:
        """Say why the filing was refused beside what it concerns."""
        is_of_acceptance = {"met", "seen"} & set(refusal.by_field)
        (self.acceptance if is_of_acceptance else self.basis).refuse(refusal)

    @property
    def warnings_key(self) -> str:
        """What the clerk ticks: it stands for exactly these warnings, so that a new one must be looked at too."""
        return hashlib.sha256("\n".join(warning.text for warning in self.warnings).encode()).hexdigest()[:16]

    @property
    def is_ready(self) -> bool:
        """Whether the case may be filed: no error, and every warning ticked."""
        if self.is_reading or self.data is None or not self.is_valid:
            return False
        return not self.warnings or self.data.get("checked") == self.warnings_key

    def filing(self) -> FilingData:
        """Return what the case file needs."""
        assert self.actor.window is not None
        rows = [[form.cleaned_data for form in part.forms] for part in (self.applicants, self.debtors, self.claims)]
        return filing_data(self.basis.cleaned_data, *rows, window_code=self.actor.window.code)

    def arguments(self) -> dict[str, Any]:
        """Return what the filing of the case takes."""
        applicants = [form.cleaned_data for form in self.applicants.forms]
        given: dict[str, Any] = {"payees": self.payees(), "materials": self.scans(), "preserved": self.kept()}
        given["addresses"] = addresses_of(applicants)
        given["agents"] = agents_of(form.cleaned_data for form in self.agents.forms)
        return {"filing": self.filing(), **given, **self.source.arguments()}

    def payees(self) -> dict[int, PayeeData]:
        """Return the confirmed accounts by position of the applicant."""
        return payees_of(form.cleaned_data for form in self.applicants.forms)

    @property
    def has_agents(self) -> bool:
        """Return whether an agent was written down."""
        return bool(self.given.agents) or (self.data is not None and any(form.has_changed() for form in self.agents))

    @property
    def has_preserved(self) -> bool:
        """Whether anything was typed of what had been preserved."""
        return bool(self.given.preserved) or (
            self.data is not None and any(form.has_changed() for form in self.preserved)
        )

    def kept(self) -> list[PreservedData]:
        """Return what was preserved before the filing."""
        rows = [dict(form.cleaned_data) for form in self.preserved.forms if form.cleaned_data]
        return [PreservedData(row.pop("debtor") or 1, ControlData(**row)) for row in rows]

    def scans(self) -> list[MaterialData]:
        """Return the papers handed in."""
        rows = [form.cleaned_data for form in self.materials.forms if form.cleaned_data.get("token")]
        return [
            MaterialData(row["kind"], row["title"], self.staged[row["token"]], row["applicant"] or 0) for row in rows
        ]
