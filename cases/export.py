"""The case list as a table for Excel."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bureau import excel
from cases.models import Case, Party


def table(cases: Iterable[Case]) -> excel.Table:
    """Return one line per case; personal numbers are not included at all."""
    lines = (
        [
            case.display_number,
            names_of(case, Party.Side.APPLICANT),
            names_of(case, Party.Side.DEBTOR),
            case.amount_claimed,
            case.get_stage_display(),
            case.team.name if case.team else "",
            case.judge.name if case.judge else "",
            case.owner.name if case.owner else "",
            case.filed_on,
            case.closing_due_on,
            case.closed_on,
            case.get_closing_mode_display(),
        ]
        for case in cases
    )
    return _("案件"), _titles(), lines


def names_of(case: Case, side: str) -> str:
    """Return the names of one side in order; who left by ruling is named no more."""
    current = (party for party in case.parties.all() if party.side == side and party.is_current)
    parties = sorted(current, key=lambda party: party.position)
    return _("、").join(party.name for party in parties)


def _titles() -> list[str]:
    return [
        _("案号"),
        _("申请执行人"),
        _("被执行人"),
        _("申请执行标的额（元）"),
        _("阶段"),
        _("所在团队"),
        _("承办法官"),
        _("本阶段承办人"),
        _("立案日"),
        _("执行期限"),
        _("结案日"),
        _("结案方式"),
    ]
