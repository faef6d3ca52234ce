"""The desk: what waits for me, red first, then by due day; and the frame around every page."""

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.access import StaffRequest
from bureau.desk import DeskItem
from bureau.models import User
from bureau.roles import roles_of
from cases import board as boards
from cases.models import Case

ROWS_MAX = 200
STYLE_SHEETS = [f"css/{name}.css" for name in ("tokens", "base", "layout", "components", "forms", "print")]
# Label, URL name, any of these permissions.
NAVIGATION: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (_("工作台"), "desk", ()),
    (_("立案"), "intake:list", ("intake.file_case",)),
    (_("初次接待"), "intake:receptions", ("intake.record_reception",)),
    (_("叫号"), "intake:counter", ("intake.serve_queue",)),
    (_("首问"), "intake:inquiries", ("intake.receive_inquiry", "intake.oversee_inquiries")),
    # Of several with one label the first that the user may open.
    (_("指挥中心"), "dispatch:queue", ("dispatch.triage_case",)),
    (_("指挥中心"), "dispatch:board", ("dispatch.view_draws", "cases.view_stage_board")),
    (_("指挥中心"), "dispatch:notices", ("cases.view_case",)),
    (_("案件"), "cases:list", ("cases.view_case",)),
    (_("网络查控"), "cases:queries", ("cases.hand_over_case",)),
    (_("协作"), "cases:work_list", ("cases.request_work", "cases.do_work")),
    (
        _("强制措施"),
        "cases:sanctions",
        ("cases.propose_sanction", "cases.decide_sanction", "cases.remove_sanction", "cases.view_stage_board"),
    ),
    (_("来电查询"), "cases:card", ("cases.log_contact",)),
    (_("当事人诉求"), "cases:asks", ("cases.answer_ask", "cases.answer_complaint", "cases.view_stage_board")),
    (_("期限"), "cases:deadlines", ("cases.view_case",)),
    (_("阶段看板"), "cases:board", ("cases.view_stage_board",)),
    (_("文书"), "documents:several", ("documents.issue_document",)),
    (_("文书模板"), "documents:templates", ("documents.edit_template", "documents.approve_template")),
    (
        _("接待问题"),
        "intake:reception_templates",
        ("intake.edit_reception_template", "intake.approve_reception_template"),
    ),
    (_("用印记录"), "documents:seal_log", ("documents.view_seal_log",)),
    (_("查封到期"), "assets:controls", ("assets.view_control",)),
    (_("案款"), "accounts:receipts", ("accounts.view_money",)),
    (_("旧存案件"), "supervision:old_book", ("cases.view_old_book",)),
    (_("指标"), "supervision:figures", ("supervision.view_indicators",)),
    (_("当事人评价"), "supervision:ratings", ("supervision.view_indicators",)),
    (_("全国系统"), "supervision:national", ("supervision.view_national",)),
    (_("短信记录"), "public:messages", ("portal.view_sms_log",)),
    (_("操作记录"), "supervision:audit", ("bureau.view_audit",)),
    (_("计算"), "calculators", ()),
    (_("工作日历"), "bureau:calendar", ("bureau.manage_calendar",)),
    (_("楼层指引"), "intake:buildings", ("intake.edit_hall",)),
    (_("编号方式"), "bureau:courts", ("bureau.manage_courts",)),
    (_("授权代签"), "bureau:deputies", ("bureau.manage_deputies",)),
    (_("登录锁定"), "bureau:locks", ("bureau.unlock_user",)),
)


def items_for(user: User, *, today: dt.date) -> list[DeskItem]:
    """Return everything that waits for the user in any room, most pressing first."""
    sources: Iterable[Callable[..., Iterable[DeskItem]]] = (import_string(path) for path in settings.DESK_ITEMS)
    return sorted(item for source in sources for item in source(user, today=today))


@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    """Show the user's own queue."""
    today = clock.today()
    waiting = items_for(request.user, today=today)
    kinds: dict[str, int] = {}
    for item in waiting:
        kinds[item.kind] = kinds.get(item.kind, 0) + 1
    kind = request.GET.get("kind", "")
    shown = [item for item in waiting if not kind or item.kind == kind]
    context = {
        "items": shown[:ROWS_MAX],
        "count": len(waiting),
        "red_count": sum(item.is_red for item in waiting),
        "kinds": sorted(kinds.items()),
        "kind": kind,
        "hidden_count": max(0, len(shown) - ROWS_MAX),
        "today": today,
        "roles": [role.label for role in roles_of(request.user)],
    }
    if request.user.has_perm("cases.view_stage_board"):
        context |= boards.page(Case.objects.visible_to(request.user).counted_for(request.user), today=today)
    return render(request, "desk.html", context)


@require_safe
def next_item(request: StaffRequest) -> HttpResponse:
    """Go to the most pressing thing that waits for the user, or to the empty desk."""
    waiting = items_for(request.user, today=clock.today())
    return redirect(waiting[0].url if waiting else "desk")


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something broke, without asking the database, which may be what broke."""
    context = {"csrf_token": get_token(request), "switch": reverse("set_language")}
    return HttpResponseServerError(loader.get_template("500.html").render(context))


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of every page shows: navigation, demo time, and after an act the next item."""
    user = getattr(request, "user", None)
    frame: dict[str, Any] = {"demo_now": clock.now() if settings.DEMO else None, "style_sheets": STYLE_SHEETS}
    if user is None or not user.is_authenticated:
        return frame
    frame["nav"] = _navigation(request)
    frame["role_labels"] = [role.label for role in roles_of(user)]
    frame["next_item"] = SimpleLazyObject(lambda: _next(request, user))
    return frame


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the entries that the user may open; the one whose address shares most with this page's is active."""
    by_label: dict[str, dict[str, Any]] = {}
    for row in NAVIGATION:
        if str(row[0]) not in by_label and (entry := _entry(request, row)):
            by_label[str(row[0])] = entry
    entries = list(by_label.values())
    nearest = max(entries, key=lambda entry: (_shared(request.path, entry["url"]), -len(entry["url"])))
    nearest["active"] = _shared(request.path, nearest["url"]) > 0 or request.path == nearest["url"]
    return entries


def _shared(path: str, url: str) -> int:
    """Return how many leading parts two addresses share."""
    pairs = zip(path.strip("/").split("/"), url.strip("/").split("/"), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1] != "", pairs)))


def _entry(request: HttpRequest, row: tuple[Any, str, tuple[str, ...]]) -> dict[str, Any] | None:
    label, name, permissions = row
    if permissions and not any(request.user.has_perm(permission) for permission in permissions):
        return None
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    return {"label": label, "url": url, "active": False}


def _next(request: HttpRequest, user: User) -> DeskItem | None:
    if not messages.get_messages(request):
        return None
    waiting = [item for item in items_for(user, today=clock.today()) if item.url != request.path]
    return waiting[0] if waiting else None
