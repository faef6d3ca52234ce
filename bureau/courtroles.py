"""Roles of a court's own leadership over its old book; its judges, officers and clerks have the roles of the bureau.

All of them are of a team of kind COURT, and see what that team holds (decision 0034).
"""

from django.utils.translation import gettext_lazy as _

from bureau.scopes import CONTROLS, MONEY, READ, Role, Scope

COURT_ROLES: tuple[Role, ...] = (
    Role(
        "COURT_HEAD",
        _("法院执行局长"),
        Scope.TEAM,
        (
            *READ,
            *MONEY,
            *CONTROLS,
            "assets.explain_lapse",
            "cases.take_up_case",
            "cases.change_handler",
            "cases.view_old_book",
            "cases.review_closing",
            "cases.confirm_correction",
            "cases.log_contact",
            "documents.export_efile",
            "accounts.approve_court_payout",
            "accounts.approve_delay",
        ),
        _("本院旧存案件：确定、更换承办人，结案审查，审批发放；不得审批本人申请"),
    ),
    Role(
        "COURT_PRESIDENT",
        _("法院院长、主管副院长"),
        Scope.TEAM,
        (
            *READ,
            *MONEY,
            *CONTROLS,
            "cases.view_old_book",
            "cases.review_closing",
            "documents.issue_document",
            "documents.sign_decision",
            "documents.export_efile",
            "accounts.approve_court_payout",
            "accounts.approve_delay",
            "cases.decide_sanction",
            "cases.extend_limit",
        ),
        _("本院旧存案件：签发法定由院长决定的事项，审批大额发放"),
    ),
    Role(
        "OLD_BOOK_CLERK",
        _("旧存管理员"),
        Scope.TEAM,
        (
            *READ,
            *MONEY,
            *CONTROLS,
            "cases.import_old_book",
            "cases.take_up_case",
            "cases.view_old_book",
            "accounts.carry_over",
            "documents.add_material",
        ),
        _("导入本院旧存案件及其案款、控制；不申请、不审批、不付款"),
    ),
)
