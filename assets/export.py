"""The room's list as an Excel sheet."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from assets.models import Control
from bureau import excel


def controls(found: Iterable[Control]) -> HttpResponse:
    """Return the list of controls, with days to reckon with."""
    titles = [
        *(_("案号"), _("被执行人"), _("财产种类"), _("财产"), _("控制措施"), _("协助单位"), _("裁定文号"), _("顺位")),
        *(
            _("起始日"),
            _("届满日"),
            _("状态"),
            _("来源"),
            _("限额（元）"),
            _("估值（元）"),
            _("承办人"),
            _("续行责任人"),
        ),
    ]
    lines = (
        [
            row.case.display_number,
            row.debtor.name,
            row.get_kind_display(),
            row.thing,
            row.way,
            row.unit,
            row.ruling,
            row.rank,
            row.term_from,
            row.to_on,
            row.get_state_display(),
            row.get_origin_display(),
            row.amount_max,
            row.value,
            row.case.owner.name if row.case.owner else "",
            row.keeper.name if row.keeper else "",
        ]
        for row in found
    )
    return excel.download(excel.workbook((_("控制措施"), titles, lines)), "controls")
