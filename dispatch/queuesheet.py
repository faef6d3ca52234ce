"""The queue of the command centre as a table for Excel."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bureau import excel
from cases.export import names_of
from cases.models import Party
from dispatch.queue import Row


def table(rows: Iterable[Row]) -> excel.Table:
    """Return one line per case, with its age, the proposal and every defect; no personal numbers at all."""
    titles = [
        *(_("案号"), _("窗口"), _("申请执行人"), _("被执行人"), _("标的（元）"), _("立案日"), _("已等（天）")),
        *(_("分流期限"), _("状态"), _("规则建议"), _("命中规则"), _("立案核对")),
    ]
    return _("待分流"), titles, (_line(row) for row in rows)


def _line(row: Row) -> list[object]:
    case = row.case
    state = _("已退回窗口") if row.is_sent_back else _("待分案") if case.triaged_on else _("待分流")
    return [
        case.display_number,
        case.filing_window.name,
        names_of(case, Party.Side.APPLICANT),
        names_of(case, Party.Side.DEBTOR),
        case.amount_claimed,
        case.filed_on,
        row.age,
        case.triage_due_on,
        state,
        _("简案") if row.judged.proposal.stream == "FAST" else _("繁案"),
        "；".join(f"{code} {label}" for code, label in row.hits),
        "；".join(defect.text for defect in row.defects),
    ]
