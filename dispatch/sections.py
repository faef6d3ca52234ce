"""The pages of the command centre as tabs: each for whoever may read it, by the permissions of the pages themselves."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Label, URL name, any of these permissions; none: every member of staff.
SECTIONS: tuple[tuple[str | Promise, str, tuple[str, ...]], ...] = (
    (_("分流队列"), "dispatch:queue", ("dispatch.triage_case",)),
    (_("批量分案"), "dispatch:batch", ("dispatch.assign_case",)),
    (_("实时看板"), "dispatch:board", ("cases.view_stage_board",)),
    (
        _("退回窗口"),
        "dispatch:send_backs",
        ("dispatch.verify_case", "dispatch.answer_send_back", "supervision.view_indicators"),
    ),
    (_("重新分流"), "dispatch:retriages", ("dispatch.triage_case",)),
    (_("分流规则"), "dispatch:rules", ("dispatch.triage_case", "supervision.view_indicators")),
    (_("改判率"), "dispatch:overrides", ("dispatch.triage_case", "supervision.view_indicators")),
    (
        _("指定和重抽"),
        "dispatch:requests",
        ("dispatch.assign_case", "dispatch.approve_assignment", "dispatch.view_draws"),
    ),
    (_("抽签记录"), "dispatch:draws", ("dispatch.view_draws",)),
    (_("种子链"), "dispatch:chains", ("dispatch.make_chain", "dispatch.view_draws")),
    (_("抽签公示"), "dispatch:published_draws", ()),
    (_("分案均衡"), "dispatch:spread", ("dispatch.view_draws",)),
    (_("通知和任务"), "dispatch:notices", ("cases.view_case",)),
    (_("值班表"), "dispatch:duty", ("cases.view_case",)),
    (_("请假"), "dispatch:leaves", ("dispatch.manage_leave",)),
    (_("回避登记"), "dispatch:conflicts", ("dispatch.assign_case",)),
    (_("旧存案件"), "dispatch:old_book", ("dispatch.assign_case", "dispatch.approve_assignment")),
)


def sections_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the tabs that the user may open, and on which of them he is."""
    found = []
    for label, name, permissions in SECTIONS:
        if not permissions or any(request.user.has_perm(permission) for permission in permissions):
            url = reverse(name)
            found.append({"label": label, "url": url, "is_here": request.path == url})
    return found
