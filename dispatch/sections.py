"""The pages of the command centre as tabs: each for whoever may read it, by the permissions of the pages themselves."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Section = tuple[str | Promise, str, tuple[str, ...]]
SEES_SEND_BACKS = ("dispatch.verify_case", "dispatch.answer_send_back", "supervision.view_indicators")
SEES_REQUESTS = ("dispatch.assign_case", "dispatch.approve_assignment", "dispatch.view_draws")
SEES_TABLES = ("dispatch.triage_case", "supervision.view_indicators")

# By what one comes for; of each page its label, URL name, and any of these permissions; none: every member of staff.
GROUPS: tuple[tuple[str | Promise, tuple[Section, ...]], ...] = (
    (
        _("办理"),
        (
            (_("分流队列"), "dispatch:queue", ("dispatch.triage_case",)),
            (_("批量分案"), "dispatch:batch", ("dispatch.assign_case",)),
            (_("退回窗口"), "dispatch:send_backs", SEES_SEND_BACKS),
            (_("重新分流"), "dispatch:retriages", ("dispatch.triage_case",)),
            (_("指定和重抽"), "dispatch:requests", SEES_REQUESTS),
            (_("旧存案件"), "dispatch:old_book", ("dispatch.assign_case", "dispatch.approve_assignment")),
        ),
    ),
    (
        _("指挥"),
        (
            (_("实时看板"), "dispatch:board", ("cases.view_stage_board",)),
            (_("通知和任务"), "dispatch:notices", ("cases.view_case",)),
            (_("值班表"), "dispatch:duty", ("cases.view_case",)),
        ),
    ),
    (
        _("规则"),
        (
            (_("分流规则"), "dispatch:rules", SEES_TABLES),
            (_("改判率"), "dispatch:overrides", SEES_TABLES),
        ),
    ),
    (
        _("抽签"),
        (
            (_("抽签记录"), "dispatch:draws", ("dispatch.view_draws",)),
            (_("种子链"), "dispatch:chains", ("dispatch.make_chain", "dispatch.view_draws")),
            (_("抽签公示"), "dispatch:published_draws", ()),
            (_("分案均衡"), "dispatch:spread", ("dispatch.view_draws",)),
        ),
    ),
    (
        _("人员"),
        (
            (_("请假"), "dispatch:leaves", ("dispatch.manage_leave",)),
            (_("回避登记"), "dispatch:conflicts", ("dispatch.assign_case",)),
            (_("我的回避"), "dispatch:own_conflicts", ("cases.view_case",)),
        ),
    ),
)
SECTIONS: tuple[Section, ...] = tuple(section for _label, sections in GROUPS for section in sections)


def sections_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the tabs that the user may open in their groups, and on which of them he is."""
    found = []
    for group, sections in GROUPS:
        rows = [
            {"label": label, "url": reverse(name), "is_here": request.path == reverse(name)}
            for label, name, permissions in sections
            if not permissions or any(request.user.has_perm(permission) for permission in permissions)
        ]
        if rows:
            found.append({"label": group, "rows": rows})
    return found
