"""Who may open which address: one row per named address; a new one without a row fails the test.

A row names the roles that are let in and what stands in the address. Everyone else gets 403, a stranger to login gets
the login page (the API: 403), and a scoped row answers 404 for another court's or team's case.
"""

from dataclasses import dataclass

ALL = frozenset(
    [
        "WINDOW_CLERK",
        "RECEPTIONIST",
        "DISPATCHER",
        "JUDGE",
        "OFFICER",
        "ASSISTANT",
        "RECORDS_CLERK",
        "BAILIFF",
        "FINANCE",
        "CHIEF",
        "PRESIDENT",
        "VICE_PRESIDENT",
        "INSPECTOR",
        "SYSTEM_ADMIN",
        "SECURITY_ADMIN",
        "AUDIT_ADMIN",
    ]
)
ADMINS = frozenset({"SYSTEM_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN"})
READERS = ALL - ADMINS
LEADERS = frozenset({"CHIEF", "PRESIDENT", "VICE_PRESIDENT"})
MONEY = LEADERS | {"JUDGE", "OFFICER", "ASSISTANT", "FINANCE", "INSPECTOR"}
CLERKS = frozenset({"WINDOW_CLERK"})
DISPATCH = frozenset({"DISPATCHER"})
AFFAIRS = frozenset({"OFFICER", "ASSISTANT", "RECORDS_CLERK"})
JUDGES = frozenset({"JUDGE"})
ISSUERS = LEADERS - {"CHIEF"} | AFFAIRS | JUDGES
SERVERS = AFFAIRS
EXPORTERS = LEADERS | AFFAIRS | JUDGES | {"INSPECTOR"}
ASKERS = AFFAIRS | JUDGES
LOGGERS = AFFAIRS | JUDGES | {"RECEPTIONIST", "CHIEF"}
HOLDERS = frozenset({"JUDGE", "OFFICER", "ASSISTANT"})
KEPT = READERS - {"WINDOW_CLERK", "RECEPTIONIST", "FINANCE"}
KEEPERS = HOLDERS
FINANCE = frozenset({"FINANCE"})
DELAYERS = frozenset({"JUDGE", "OFFICER"})
DECIDERS = frozenset({"CHIEF", "VICE_PRESIDENT"})
MINUTES = frozenset({"CHIEF", "PRESIDENT"})


@dataclass(frozen=True)
class Row:
    """Roles let in, what fills the address, and whether it is posted to only."""

    roles: frozenset[str]
    thing: str = ""  # a name of world.things: case, payout, handover, work_order, contact, hold …
    is_post: bool = False


# The calendar feed is opened by its key alone (tests/cases/test_deadline_pages.py).
PUBLIC = {"bureau:login", "set_language", "healthz", "calculator_api", "verify", "cases:feed"}
ROWS: dict[str, Row] = {
    "desk": Row(ALL),
    "calculators": Row(ALL),
    "calculator": Row(ALL, "kind"),
    "next": Row(ALL),
    "styleguide": Row(ALL),
    "bureau:logout": Row(ALL, is_post=True),
    "bureau:profile": Row(ALL),
    "bureau:calendar": Row(frozenset({"CHIEF", "SYSTEM_ADMIN"})),
    "bureau:holiday_remove": Row(frozenset({"CHIEF", "SYSTEM_ADMIN"}), "holiday", is_post=True),
    "bureau:courts": Row(frozenset({"SYSTEM_ADMIN"})),
    "bureau:deputies": Row(MINUTES),
    "bureau:deputy_revoke": Row(MINUTES, "deputy", is_post=True),
    "bureau:locks": Row(frozenset({"SECURITY_ADMIN"})),
    "supervision:audit": Row(frozenset({"INSPECTOR", "AUDIT_ADMIN"})),
    "supervision:verify": Row(frozenset({"INSPECTOR", "AUDIT_ADMIN"}), is_post=True),
    "bureau:job": Row(ALL, "job"),
    "intake:list": Row(CLERKS),
    "intake:new": Row(CLERKS),
    "intake:receipt": Row(CLERKS, "case"),
    "intake:reissue": Row(CLERKS, "case"),
    "intake:revive": Row(CLERKS, "case"),
    "dispatch:queue": Row(DISPATCH),
    "dispatch:decide": Row(DISPATCH, "case", is_post=True),
    "dispatch:rules": Row(DISPATCH | LEADERS | {"INSPECTOR"}),
    "dispatch:conflicts": Row(DISPATCH),
    "dispatch:withdraw_conflict": Row(DISPATCH, "conflict", is_post=True),
    "dispatch:case_dispatch": Row(READERS, "case"),
    "dispatch:take_over": Row(frozenset({"JUDGE", "OFFICER", "CHIEF"})),
    "documents:case_materials": Row(READERS, "case"),
    "documents:open": Row(READERS, "material"),
    "documents:export_efile": Row(EXPORTERS, "case", is_post=True),
    "documents:case_documents": Row(READERS, "case"),
    "documents:compose": Row(ISSUERS, "case"),
    "documents:document": Row(READERS, "document"),
    "documents:pdf": Row(READERS, "document"),
    "documents:void": Row(ISSUERS, "document"),
    "documents:retry": Row(ISSUERS, "document", is_post=True),
    "documents:draft": Row(ISSUERS, "draft"),
    "documents:send": Row(SERVERS, "document"),
    "documents:attempt": Row(SERVERS, "delivery"),
    "documents:deliver": Row(SERVERS, "delivery"),
    "documents:address": Row(SERVERS | CLERKS, "party"),
    "documents:several": Row(ISSUERS),
    "documents:several_job": Row(ISSUERS, "papers_job"),
    "documents:several_pdf": Row(ISSUERS, "papers_job"),
    "documents:templates": Row(READERS),
    "documents:template": Row(READERS, "template"),
    "cases:list": Row(READERS),
    "cases:search": Row(READERS, is_post=True),
    "cases:export": Row(READERS, is_post=True),
    "cases:board": Row(LEADERS | JUDGES),
    "cases:detail": Row(READERS, "case"),
    "cases:timeline": Row(READERS, "case"),
    "cases:case_deadlines": Row(READERS, "case"),
    "cases:deadlines": Row(READERS),
    "cases:holidays": Row(READERS),
    "cases:note_done": Row(READERS, "deadline"),
    "cases:feed_key": Row(READERS),
    "cases:feed_open": Row(READERS, is_post=True),
    "cases:feed_close": Row(READERS, is_post=True),
    "cases:start": Row(AFFAIRS, "case"),
    "cases:hand_over": Row(AFFAIRS, "case"),
    "cases:answer": Row(frozenset({"OFFICER", "ASSISTANT"}), "handover"),
    "cases:suspend": Row(JUDGES, "case"),
    "cases:resume": Row(JUDGES, "case"),
    "cases:stay": Row(JUDGES, "case"),
    "cases:settle": Row(JUDGES, "case"),
    "cases:break_settlement": Row(JUDGES, "case"),
    "cases:note_instalment": Row(AFFAIRS, "instalment"),
    "cases:change_stream": Row(JUDGES, "case"),
    "cases:propose_closing": Row(AFFAIRS, "case"),
    "cases:closing": Row(READERS, "closing"),
    "cases:archive": Row(AFFAIRS, "case"),
    "cases:requery": Row(AFFAIRS, "case"),
    "cases:enter_number": Row(CLERKS, "case"),
    "cases:card": Row(READERS),
    "cases:onsite": Row(READERS),
    "cases:work_list": Row(READERS),
    "cases:work_many": Row(ASKERS, is_post=True),
    "cases:request_many": Row(ASKERS, is_post=True),
    "cases:work": Row(READERS, "case"),
    "cases:accept_work": Row(AFFAIRS, "work_order", is_post=True),
    "cases:finish_work": Row(AFFAIRS, "work_order"),
    "cases:confirm_work": Row(ASKERS, "work_order", is_post=True),
    "cases:return_work": Row(ASKERS, "work_order"),
    "cases:withdraw_work": Row(ASKERS, "work_order"),
    "cases:contacts": Row(READERS, "case"),
    "cases:add_note": Row(LOGGERS, "case", is_post=True),
    "cases:settle_promise": Row(LOGGERS, "contact", is_post=True),
    "cases:holds": Row(READERS, "case"),
    "cases:end_hold": Row(HOLDERS, "hold", is_post=True),
    "assets:controls": Row(KEPT),
    "assets:export_controls": Row(KEPT, is_post=True),
    "assets:reminders": Row(KEPT),
    "assets:case_controls": Row(KEPT, "case"),
    "assets:take_control": Row(KEEPERS, "case"),
    "assets:name_keeper": Row(KEEPERS, "case"),
    "assets:renew_control": Row(KEEPERS, "control"),
    "assets:release_control": Row(KEEPERS, "control"),
    "assets:activate_control": Row(KEEPERS, "control"),
    "assets:explain_lapse": Row(frozenset({"CHIEF"}), "control"),
    "accounts:case_money": Row(MONEY, "case"),
    "accounts:payees": Row(CLERKS | FINANCE, "case"),
    "accounts:enter_payee": Row(CLERKS, "case"),
    "accounts:payee_change": Row(CLERKS | FINANCE, "payee"),
    "accounts:confirm_payee_change": Row(CLERKS | FINANCE, "payee", is_post=True),
    "accounts:refuse_payee_change": Row(CLERKS | FINANCE, "payee", is_post=True),
    "accounts:request_payout": Row(frozenset({"OFFICER"}), "case"),
    "accounts:receipts": Row(MONEY),
    "accounts:export_receipts": Row(MONEY, is_post=True),
    "accounts:request_delay": Row(DELAYERS, "receipt"),
    "accounts:delays": Row(DECIDERS),
    "accounts:decide_delay": Row(DECIDERS, "delay", is_post=True),
    "accounts:end_delay": Row(DELAYERS, "delay", is_post=True),
    "accounts:payouts": Row(MONEY),
    "accounts:export_payouts": Row(MONEY, is_post=True),
    "accounts:payout": Row(MONEY, "payout"),
    "accounts:check": Row(JUDGES, "payout", is_post=True),
    "accounts:approve": Row(MONEY, "payout", is_post=True),
    "accounts:reject": Row(MONEY, "payout", is_post=True),
    "accounts:pay": Row(FINANCE, "payout", is_post=True),
    "accounts:reveal": Row(FINANCE, "payout", is_post=True),
    "accounts:approvals": Row(frozenset({"CHIEF"})),
    "accounts:bank_lines": Row(frozenset({"FINANCE", "INSPECTOR"})),
    "accounts:enter_bank_line": Row(FINANCE),
    "accounts:unidentified": Row(FINANCE),
    "accounts:identify": Row(FINANCE, "bank_line"),
    "accounts:unidentify": Row(FINANCE, "receipt"),
    "accounts:ledger": Row(frozenset({"FINANCE", "INSPECTOR"})),
    "supervision:figures": Row(LEADERS | DISPATCH | {"INSPECTOR"}),
    "bureau_api:me": Row(ALL),
    "bureau_api:job": Row(ALL, "job"),
    "cases_api:list": Row(READERS),
    "cases_api:detail": Row(READERS, "case"),
    "cases_api:record": Row(READERS, "case"),
    "cases_api:work_orders": Row(READERS),
    "cases_api:contacts": Row(READERS, "case"),
    "cases_api:deadlines": Row(READERS, "case"),
    "cases_api:requeries": Row(AFFAIRS, "case"),
    "assets_api:controls": Row(KEPT),
    "assets_api:case_controls": Row(KEPT, "case"),
    "assets_api:take_control": Row(KEEPERS, "case", is_post=True),
    "assets_api:name_keeper": Row(KEEPERS, "case", is_post=True),
    "assets_api:renew_control": Row(KEEPERS, "control", is_post=True),
    "assets_api:release_control": Row(KEEPERS, "control", is_post=True),
    "assets_api:activate_control": Row(KEEPERS, "control", is_post=True),
    "assets_api:explain_lapse": Row(frozenset({"CHIEF"}), "control", is_post=True),
    "documents_api:case_materials": Row(READERS, "case"),
    "documents_api:case_documents": Row(READERS, "case"),
    "documents_api:case_deliveries": Row(READERS, "case"),
    "documents_api:templates": Row(READERS),
    "accounts_api:receipts": Row(MONEY),
    "accounts_api:payouts": Row(MONEY),
    "accounts_api:case_money": Row(MONEY, "case"),
    "accounts_api:bank_lines": Row(FINANCE, is_post=True),
    "dispatch_api:queue": Row(DISPATCH),
    "dispatch_api:verdicts": Row(READERS),
    "dispatch_api:rules": Row(DISPATCH | LEADERS | {"INSPECTOR"}),
    "intake_api:receipt": Row(CLERKS, "case"),
    "supervision_api:indicators": Row(LEADERS | DISPATCH | {"INSPECTOR"}),
    "schema": Row(ALL),
    "docs": Row(ALL),
}


def is_api(name: str) -> bool:
    """Return whether the address belongs to the API."""
    return "_api:" in name or name in ("schema", "docs")
