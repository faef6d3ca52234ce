"""What a role is: what it may do, and over which cases; and the permissions that many roles have together."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


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
FIGURES = ("supervision.view_indicators", "supervision.view_national")
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
# Every team asks others and does what others ask; who works on a case logs what is said, and keeps the national system.
NATIONAL = ("supervision.view_national", "supervision.keep_national")
WORK = (*NATIONAL, "cases.request_work", "cases.do_work", "cases.log_contact")
