"""Why somebody cannot have a case, in words; one wording for previews, explanations and refusals."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import User
from cases.models import Case
from dispatch import allocation
from dispatch.allocation import Block, Pool

NAMES_MAX = 8
SEATS: dict[str, str | Promise] = {"JUDGE": gettext_lazy("承办法官"), "STARTER": gettext_lazy("启动承办人")}
WHY_NOT: dict[str, str | Promise] = {
    allocation.LEAVE: gettext_lazy("请假"),
    allocation.ACTOR: gettext_lazy("是本次分案的经办人或批准人，不得承办本人所分的案件"),
    allocation.CONFLICT: gettext_lazy("已申报与本案当事人、代理人有利害关系，应当回避"),
    allocation.PANEL: gettext_lazy("曾参加本案异议、复议的审查，应当回避"),
    allocation.PRESENT: gettext_lazy("是现承办法官，案件须交他人"),
    allocation.NAMED: gettext_lazy("申请指定他人"),
    allocation.HIDDEN: gettext_lazy("不参加"),
}
HOLDERS: dict[str, str | Promise] = {
    allocation.SERIES: gettext_lazy("同一被执行人有在办案件，归并到同一法官，不抽签"),
    allocation.COVER: gettext_lazy("同一被执行人在办案件的法官请假，由其代理人承办，不抽签"),
    allocation.NAMED: gettext_lazy("经申请并由他人批准，指定承办，不抽签"),
}


def nobody(pool: Pool, block: Block) -> str:
    """Return why nobody of a pool can have a block, person by person."""
    if not pool.people:
        return _("没有可分案的员额法官") if pool.seat == "JUDGE" else _("事务团队没有可承办的人员")
    codes = [(row.name, row.off or block.barred.get(row.id, "")) for row in pool.people]
    each = _("；").join(f"{name}{_('：')}{WHY_NOT[code]}" for name, code in codes[:NAMES_MAX] if code)
    rest = _("等%(count)d人") % {"count": len(codes)} if len(codes) > NAMES_MAX else ""
    return _("没有可以承办的人（%(each)s）") % {"each": each + rest}


def named(judge: User, case: Case, pool: Pool | None) -> str:
    """Return why a named judge cannot have the case: the one rule that stands against him, or nothing."""
    person = next((row for row in pool.people if row.id == judge.pk), None) if pool else None
    if pool is None or person is None:
        if not judge.is_active:
            return _("已不在岗")
        words = {"team": judge.team.name if judge.team else _("未分团队"), "stream": case.get_stream_display()}
        return _("在%(team)s，不在办理本案（%(stream)s）的团队") % words
    bars = {user: code for block in pool.blocks for user, code in block.barred.items()}
    code = person.off or bars.get(judge.pk, "")
    return str(WHY_NOT[code]) if code else ""
