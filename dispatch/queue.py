"""The one queue of the command centre: filed cases to be verified, triaged or assigned, by the seven-day clock."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Avg, Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Court, User, Window
from cases import listing
from cases.models import Case
from cases.startforms import QUERY_STATES
from dispatch.asked import said_of
from dispatch.filingchecks import Found, defects_of
from dispatch.judging import Judged, judged_all
from dispatch.listforms import Filter
from dispatch.models import SendBack
from dispatch.sections import SEES_SEND_BACKS

NEAR_DAYS = 3
SORTS: dict[str, tuple[str, ...]] = {
    "due": ("triage_due_on", "id"),
    "-due": ("-triage_due_on", "-id"),
    "filed": ("filed_at", "id"),
    "-filed": ("-filed_at", "-id"),
    "amount": ("amount_claimed", "id"),
    "-amount": ("-amount_claimed", "-id"),
}
COLUMNS: tuple[tuple[str | Promise, str, bool], ...] = (
    (gettext_lazy("案号"), "", False),
    (gettext_lazy("窗口"), "", False),
    (gettext_lazy("当事人"), "", False),
    (gettext_lazy("标的（元）"), "amount", True),
    (gettext_lazy("立案（已等）"), "filed", False),
    (gettext_lazy("分流期限"), "due", False),
    (gettext_lazy("状态"), "", False),
    (gettext_lazy("规则建议"), "", False),
    (gettext_lazy("立案核对"), "", False),
)
STATES = [
    ("", gettext_lazy("全部")),
    ("untriaged", gettext_lazy("待分流")),
    ("triaged", gettext_lazy("待分案")),
    ("sent_back", gettext_lazy("已退回窗口")),
    ("answered", gettext_lazy("窗口已补正")),
]
DUES = [("", gettext_lazy("全部")), ("overdue", gettext_lazy("已逾期")), ("near", gettext_lazy("三日内到期"))]


class QueueFilter(Filter):
    """Coded filters of the queue."""

    court = forms.ModelChoiceField(
        label=gettext_lazy("法院"),
        queryset=Court.objects.order_by("code"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("全部"),
    )
    window = forms.ModelChoiceField(
        label=gettext_lazy("窗口"),
        queryset=Window.objects.order_by("code"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("全部"),
    )
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=STATES)
    due = forms.ChoiceField(label=gettext_lazy("期限"), required=False, choices=DUES)
    defect = forms.ChoiceField(
        label=gettext_lazy("立案核对"),
        required=False,
        choices=[
            ("", gettext_lazy("全部")),
            ("ANY", gettext_lazy("有问题")),
            ("NONE", gettext_lazy("无问题")),
            *SendBack.Defect.choices,
        ],
    )
    query = forms.ChoiceField(
        label=gettext_lazy("网络查控"), required=False, choices=[("", gettext_lazy("全部")), *QUERY_STATES]
    )
    sort = forms.ChoiceField(required=False, choices=[(name, name) for name in SORTS], widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue: the case, its age, what the table says, what is wrong, what was sent back."""

    case: Case
    age: int
    judged: Judged
    defects: list[Found]
    is_sent_back: bool
    source: Any = None  # where the filing came from (settings.FILING_SOURCES)

    @property
    def hits(self) -> list[tuple[str, str]]:
        """Return the rules that hit, each by code and name."""
        return [(line.code, line.label) for line in self.judged.proposal.lines if line.is_hit]

    @property
    def query(self) -> tuple[str | Promise, str] | None:
        """Return how far the network query is, with its tone; nothing once it has come back."""
        return said_of(self.judged.known)

    @property
    def may_confirm(self) -> bool:
        """Return whether the proposal may be taken without opening the case."""
        return self.case.triaged_on is None and not self.is_sent_back


def sees_send_backs(user: User) -> bool:
    """Return whether the user may open the list of what was sent back."""
    return any(user.has_perm(right) for right in SEES_SEND_BACKS)


def waiting(user: User) -> QuerySet[Case, Case]:
    """Return the filed cases of the user's scope, most pressing first; those with a `triaged_on` only need a judge."""
    return Case.objects.visible_to(user).of_bureau().filter(stage=Case.Stage.FILED).order_by("triage_due_on", "id")


def queue(user: User, asked: dict[str, Any], *, text: str | None = "", today: dt.date) -> QuerySet[Case, Case]:
    """Return the queue under the filters and the search, with what one row prints."""
    cases = waiting(user)
    if text is None:
        # A search that is forgotten finds nothing, not everything.
        cases = cases.none()
    elif text:
        cases = listing.found(cases, text)  # type: ignore[arg-type]
    cases = cases.select_related("number_court", "filing_window").prefetch_related("parties")
    if asked.get("court"):
        cases = cases.filter(number_court=asked["court"])
    if asked.get("window"):
        cases = cases.filter(filing_window=asked["window"])
    if asked.get("state"):
        cases = cases.filter(_state(asked["state"]))
    if asked.get("due") == "overdue":
        cases = cases.filter(triage_due_on__lt=today)
    if asked.get("due") == "near":
        cases = cases.filter(triage_due_on__range=(today, today + dt.timedelta(days=NEAR_DAYS)))
    if asked.get("query"):
        cases = cases.filter(pk__in=Case.objects.query_state(asked["query"]).values("pk"))
    if asked.get("defect"):
        cases = cases.filter(pk__in=_with_defect(cases, asked["defect"], today=today))
    return cases.order_by(*SORTS.get(asked.get("sort") or "due", SORTS["due"]))


def _with_defect(cases: QuerySet[Case, Case], code: str, *, today: dt.date) -> list[int]:
    # What is wrong is found by reading the filing: only those in the queue are looked at, in a few queries.
    found = {pk: {row.code for row in rows} for pk, rows in defects_of(list(cases), on=today).items()}
    if code in ("ANY", "NONE"):
        return [pk for pk, codes in found.items() if bool(codes) is (code == "ANY")]
    return [pk for pk, codes in found.items() if code in codes]


def _state(name: str) -> Q:
    sent_back = Q(Exists(SendBack.objects.open().filter(case=OuterRef("pk"))))
    if name == "sent_back":
        return sent_back
    if name == "answered":
        answered = Q(Exists(SendBack.objects.filter(case=OuterRef("pk"), state=SendBack.State.ANSWERED)))
        return answered & ~sent_back & Q(triaged_on__isnull=True)
    return ~sent_back & Q(triaged_on__isnull=name == "untriaged")


def rows_of(cases: list[Case], *, today: dt.date) -> list[Row]:
    """Return what the page prints of each case: judged and checked together, in a few queries."""
    judged, defects = judged_all(cases, on=today), defects_of(cases, on=today)
    sent_back = set(SendBack.objects.open().filter(case__in=cases).values_list("case_id", flat=True))
    sources = sources_of(cases)
    return [
        Row(
            case,
            (today - case.filed_on).days,
            judged[case.pk],
            defects[case.pk],
            case.pk in sent_back,
            sources.get(case.pk),
        )
        for case in cases
    ]


def sources_of(cases: list[Case]) -> dict[int, Any]:
    """Return where each filing came from, as the front of house says it."""
    found: dict[int, Any] = import_string(settings.FILING_SOURCES)([case.pk for case in cases]) if cases else {}
    return found


def counts(user: User, *, today: dt.date, court: Court | None = None) -> list[dict[str, Any]]:
    """Return how many cases wait, by clock and state, each with the filter that lists them."""
    sent_back = _state("sent_back")
    cases = waiting(user).filter(number_court=court) if court else waiting(user)
    found = cases.aggregate(
        all=Count("pk"),
        overdue=Count("pk", filter=Q(triage_due_on__lt=today)),
        near=Count("pk", filter=Q(triage_due_on__range=(today, today + dt.timedelta(days=NEAR_DAYS)))),
        untriaged=Count("pk", filter=_state("untriaged")),
        triaged=Count("pk", filter=_state("triaged")),
        sent_back=Count("pk", filter=sent_back),
        answered=Count("pk", filter=_state("answered")),
        unasked=Count("pk", filter=Q(pk__in=Case.objects.query_state("NONE").values("pk"))),
    )
    rows = [
        ("all", _("全部"), "", ""),
        ("overdue", _("已逾期"), "due=overdue", "overdue"),
        ("near", _("三日内到期"), "due=near", "near"),
        ("untriaged", _("待分流"), "state=untriaged", ""),
        ("triaged", _("待分案"), "state=triaged", ""),
        ("sent_back", _("已退回窗口"), "state=sent_back", ""),
        ("answered", _("窗口已补正"), "state=answered", "done"),
        ("unasked", _("查控未发起"), "query=NONE", "overdue"),
    ]
    return [{"label": label, "count": found[key], "query": query, "tone": tone} for key, label, query, tone in rows]


def columns(sort: str) -> list[dict[str, Any]]:
    """Return the heads of the list: label, present order, and the sort that a click asks for."""
    now = sort if sort in SORTS else "due"
    return [
        {
            "label": label,
            "is_number": is_number,
            "order": {name: "ascending", f"-{name}": "descending"}.get(now, "") if name else "",
            "next": (f"-{name}" if now == name else name) if name else "",
        }
        for label, name, is_number in COLUMNS
    ]


def by_window(*, today: dt.date) -> list[dict[str, Any]]:
    """Return per window how many filings came, how many were sent back, wait for an answer, are late, and the days."""
    filed = dict(Case.objects.values_list("filing_window").annotate(count=Count("pk")).order_by())
    counted = SendBack.objects.exclude(state=SendBack.State.WITHDRAWN).values("window").order_by()
    sent: dict[int, dict[str, Any]] = {
        row["window"]: dict(row)
        for row in counted.annotate(
            count=Count("pk"),
            cases=Count("case", distinct=True),
            waiting=Count("pk", filter=Q(state=SendBack.State.OPEN)),
            late=Count(
                "pk", filter=Q(state=SendBack.State.OPEN, due_on__lt=today) | Q(answered_at__date__gt=F("due_on"))
            ),
            # How long the window took to bring the filing back, from the send-back to its answer.
            usual=Avg(F("answered_at") - F("sent_at"), filter=Q(state=SendBack.State.ANSWERED)),
            longest=Max(F("answered_at") - F("sent_at"), filter=Q(state=SendBack.State.ANSWERED)),
        )
    }
    nothing: dict[str, Any] = {"count": 0, "cases": 0, "waiting": 0, "late": 0, "usual": None, "longest": None}
    rows = []
    for window in Window.objects.order_by("code"):
        row = sent.get(window.pk, nothing)
        total = filed.get(window.pk, 0)
        rate = f"{row['cases'] * 100 / total:.1f}%" if total else "—"
        times = {name: took(row[name]) for name in ("usual", "longest")}
        rows.append({"window": window, "filed": total, **{name: row[name] for name in nothing}, "rate": rate, **times})
    return rows


def took(time: dt.timedelta | None) -> str:
    """Return a time in days and hours, hours rounded up; a dash where nothing was answered yet."""
    if time is None:
        return "—"
    days, hours = divmod(-(-int(time.total_seconds()) // 3600), 24)
    return (
        _("%(days)d 天 %(hours)d 小时") % {"days": days, "hours": hours}
        if days
        else _("%(hours)d 小时") % {"hours": hours}
    )
