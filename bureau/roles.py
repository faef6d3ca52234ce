"""The role table (domain handbook §2.3): permissions and scope of every role; given only through groups."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau.models import User


class Scope(StrEnum):
    """Which cases a role sees."""

    ALL = "ALL"  # every new case of the bureau
    WINDOW = "WINDOW"  # what was filed at the user's window
    TEAM = "TEAM"  # what the user's team holds now, is being handed, or has an open work order on
    JUDGE = "JUDGE"  # what the user decides as 承办法官
    NONE = "NONE"  # no case at all


@dataclass(frozen=True, slots=True)
class Role:
    """One role: what it may do, and over which cases."""

    code: str
    label: str | Promise
    scope: Scope
    permissions: tuple[str, ...]
    note: str | Promise = ""


READ = ("cases.view_case", "documents.view_material", "intake.answer_inquiry")
# The hall: numbers, calls, and whatever a visitor asks first.
HALL = ("intake.serve_queue", "intake.view_hall", "intake.receive_inquiry")
MONEY = ("accounts.view_money",)
FIGURES = ("supervision.view_indicators",)
PAPERS = (
    "documents.issue_document",
    "documents.serve_document",
    "documents.confirm_address",
    "documents.export_efile",
)
# A correction has two people; who of them may, for what and when, stands in cases/corrections.py.
CORRECT = ("cases.propose_correction", "cases.confirm_correction")
# What a case says of its people and of what was performed outside the court.
PEOPLE = ("cases.manage_agents",)
PERFORMED = ("cases.record_performance", "cases.confirm_performance")
# What is controlled, for how long; whoever records it answers for its renewal.
CONTROLS = ("assets.view_control",)
KEEPING = (*CONTROLS, "assets.keep_control")
# Every team asks others and does what others ask; whoever works on a case logs what was said about it.
WORK = ("cases.request_work", "cases.do_work", "cases.log_contact")

ROLES: tuple[Role, ...] = (
    Role(
        "WINDOW_CLERK",
        _("立案窗口人员"),
        Scope.WINDOW,
        (
            *READ,
            "cases.relate_case",
            "intake.file_case",
            "intake.record_reception",
            "intake.review_application",
            "intake.revive_case",
            *HALL,
            *CORRECT,
            *PEOPLE,
            "documents.add_material",
            "documents.confirm_address",
            "accounts.enter_payee",
            "accounts.confirm_payee",
            "intake.reissue_code",
            "portal.print_status",
            "cases.take_sanction_request",
            "dispatch.answer_send_back",
        ),
        _("记录初次接待笔录，登记立案、打印回执；不看银行余额，不分案"),
    ),
    Role(
        "RECEPTIONIST",
        _("首问接待人员"),
        Scope.WINDOW,
        (*READ, *HALL, "cases.log_contact", "intake.record_reception", "portal.print_status"),
        _("接待来访，记录初次接待笔录，答复进度；不改案件信息"),
    ),
    Role(
        "DISPATCHER",
        _("指挥中心分案员"),
        Scope.ALL,
        (
            *READ,
            *CONTROLS,
            "cases.view_stage_board",
            "cases.log_contact",
            "intake.revive_case",
            "dispatch.verify_case",
            "dispatch.triage_case",
            "dispatch.assign_case",
            "dispatch.send_notice",
            "dispatch.manage_leave",
            "dispatch.plan_duty",
            "dispatch.view_draws",
            "dispatch.edit_table",
            "cases.confirm_correction",
            *FIGURES,
        ),
        _("分流、分案；不得办理自己所分的案件"),
    ),
    Role(
        "JUDGE",
        _("员额法官"),
        Scope.JUDGE,
        (
            *READ,
            *MONEY,
            *CORRECT,
            *PEOPLE,
            *PERFORMED,
            "cases.change_party",
            *KEEPING,
            "cases.view_stage_board",
            "cases.suspend_case",
            "cases.resume_case",
            "cases.settle_case",
            "cases.change_stream",
            "cases.review_closing",
            "cases.hold_case",
            "cases.relate_case",
            "cases.request_work",
            "cases.log_contact",
            "cases.answer_ask",
            "dispatch.take_over_desk",
            "documents.issue_document",
            "documents.sign_ruling",
            "documents.export_efile",
            "accounts.check_payout",
            "accounts.request_delay",
            "accounts.claim_bank_line",
            "cases.propose_sanction",
            "cases.take_sanction_request",
        ),
        _("裁定、决定；案款发放第一级审核"),
    ),
    Role(
        "OFFICER",
        _("执行员"),
        Scope.TEAM,
        (
            *READ,
            *MONEY,
            *WORK,
            *CORRECT,
            *PEOPLE,
            *PERFORMED,
            *KEEPING,
            "cases.record_requeries",
            "cases.start_case",
            "cases.hand_over_case",
            "cases.accept_handover",
            "cases.propose_closing",
            "cases.archive_case",
            "cases.hold_case",
            "documents.add_material",
            *PAPERS,
            "cases.answer_ask",
            "accounts.request_payout",
            "accounts.request_delay",
            "accounts.claim_bank_line",
            "cases.propose_sanction",
            "cases.remove_sanction",
            "cases.take_sanction_request",
        ),
        _("实施执行措施；不接触现金"),
    ),
    Role(
        "ASSISTANT",
        _("法官助理"),
        Scope.TEAM,
        (
            *READ,
            *MONEY,
            *PAPERS,
            "cases.relate_case",
            *CORRECT,
            *PEOPLE,
            *PERFORMED,
            *KEEPING,
            "cases.record_requeries",
            "cases.start_case",
            "cases.hand_over_case",
            "cases.accept_handover",
            "cases.propose_closing",
            "cases.archive_case",
            *WORK,
            "cases.answer_ask",
            "cases.hold_case",
            "documents.add_material",
            "cases.propose_sanction",
            "cases.remove_sanction",
            "cases.take_sanction_request",
        ),
        _("在指导下调查、起草；不签裁定，不批案款"),
    ),
    Role(
        "RECORDS_CLERK",
        _("书记员"),
        Scope.TEAM,
        (
            *READ,
            *WORK,
            *PEOPLE,
            *PAPERS,
            "cases.relate_case",
            *CONTROLS,
            "cases.record_requeries",
            "cases.start_case",
            "cases.hand_over_case",
            "cases.propose_closing",
            "cases.archive_case",
            "documents.add_material",
            "cases.remove_sanction",
        ),
        _("记录、送达、组卷；不作任何审批"),
    ),
    Role("BAILIFF", _("司法警察"), Scope.TEAM, (*READ, *CONTROLS), _("维持秩序、押解、现场安全；不决定措施")),
    Role(
        "FINANCE",
        _("案款管理员"),
        Scope.ALL,
        (
            *READ,
            *MONEY,
            "accounts.enter_bank_line",
            "accounts.import_statement",
            "accounts.claim_bank_line",
            "accounts.identify_bank_line",
            "accounts.sign_day",
            "accounts.explain_difference",
            "accounts.pay_payout",
            "accounts.confirm_payee",
            "accounts.view_ledger",
        ),
        _("核对来款、执行已批准的发放；不得提出发放申请，不得改收款账户"),
    ),
    Role(
        "CHIEF",
        _("执行局长"),
        Scope.ALL,
        (
            *READ,
            *MONEY,
            *FIGURES,
            "intake.view_hall",
            "intake.oversee_inquiries",
            "intake.edit_hall",
            "dispatch.approve_assignment",
            "dispatch.send_notice",
            "dispatch.view_draws",
            "dispatch.manage_leave",
            "dispatch.plan_duty",
            *CONTROLS,
            "assets.explain_lapse",
            "cases.view_stage_board",
            "cases.review_closing",
            "cases.confirm_correction",
            "cases.log_contact",
            "dispatch.take_over_desk",
            "dispatch.edit_table",
            "dispatch.approve_table",
            "documents.export_efile",
            "documents.edit_template",
            "intake.edit_reception_template",
            "documents.approve_template",
            "intake.approve_reception_template",
            "accounts.approve_payout",
            "accounts.approve_delay",
            "bureau.manage_deputies",
            "bureau.manage_calendar",
        ),
        _("审批发放与延期；不得审批本人申请"),
    ),
    Role(
        "PRESIDENT",
        _("院长"),
        Scope.ALL,
        (
            *READ,
            *MONEY,
            *FIGURES,
            "intake.view_hall",
            "dispatch.view_draws",
            *CONTROLS,
            "cases.view_stage_board",
            "cases.review_closing",
            "documents.issue_document",
            "documents.sign_decision",
            "documents.export_efile",
            "documents.approve_template",
            "intake.approve_reception_template",
            "bureau.manage_deputies",
            "cases.decide_sanction",
            "cases.extend_limit",
        ),
        _("签发法定由院长决定的事项"),
    ),
    Role(
        "VICE_PRESIDENT",
        _("主管副院长"),
        Scope.ALL,
        (
            *READ,
            *MONEY,
            *FIGURES,
            "intake.view_hall",
            "dispatch.approve_assignment",
            "dispatch.view_draws",
            *CONTROLS,
            "cases.view_stage_board",
            "dispatch.approve_table",
            "cases.review_closing",
            "documents.issue_document",
            "documents.sign_decision",
            "documents.export_efile",
            "documents.approve_template",
            "intake.approve_reception_template",
            "accounts.approve_payout",
            "accounts.approve_delay",
            "cases.decide_sanction",
            "cases.extend_limit",
        ),
        _("受权代局长审批；审批延期"),
    ),
    Role(
        "INSPECTOR",
        _("审判管理与督察"),
        Scope.ALL,
        (
            *READ,
            *MONEY,
            *FIGURES,
            "cases.view_stage_board",
            "intake.view_hall",
            "intake.oversee_inquiries",
            "cases.answer_complaint",
            "portal.view_sms_log",
            "dispatch.make_chain",
            "dispatch.view_draws",
            *CONTROLS,
            "accounts.view_ledger",
            "accounts.view_separation",
            "bureau.view_audit",
            "documents.view_restricted_material",
            "documents.export_efile",
            "documents.view_seal_log",
        ),
        _("监督，答复意见投诉，制作抽签种子链；不改业务数据，不办发放"),
    ),
    Role(
        "SYSTEM_ADMIN",
        _("系统管理员"),
        Scope.NONE,
        ("bureau.manage_calendar", "intake.edit_hall", "bureau.manage_courts", "portal.view_sms_log"),
        _("三员之一；不改业务数据"),
    ),
    Role("SECURITY_ADMIN", _("安全管理员"), Scope.NONE, ("bureau.unlock_user",), _("三员之一；不改业务数据")),
    Role("AUDIT_ADMIN", _("审计管理员"), Scope.NONE, ("bureau.view_audit",), _("三员之一；不改业务数据")),
)

# A post is free text; the usual titles beside the roles' own are shown in the reader's language.
USUAL_POSTS = (
    _("综合执行局局长"),
    _("主管执行副院长"),
    _("首问接待员"),
    _("审判管理督察员"),
)

BY_CODE = {role.code: role for role in ROLES}


def roles_of(user: User) -> tuple[Role, ...]:
    """Return the user's roles, read once per user object."""
    cached: tuple[Role, ...] | None = getattr(user, "_roles", None)
    if cached is None:
        names = user.groups.values_list("name", flat=True) if user.pk else ()
        cached = tuple(BY_CODE[name] for name in sorted(names) if name in BY_CODE)
        user._roles = cached  # type: ignore[attr-defined]
    return cached


def scopes_of(user: User) -> frozenset[Scope]:
    """Return the union of the scopes of the user's roles."""
    return frozenset(role.scope for role in roles_of(user))


def has_role(user: User, *codes: str) -> bool:
    """Return whether the user holds any of these roles."""
    return any(role.code in codes for role in roles_of(user))
