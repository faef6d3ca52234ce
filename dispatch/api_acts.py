"""The command centre's acts for programs: the pages' forms, services and permissions (`bureau.acts`)."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from bureau import clock
from bureau.acts import Nothing
from bureau.models import User
from cases.models import Case
from dispatch import (
    forms,
    retriageservices,
    services,
    tableforms,
    tableservices,
    verifyforms,
    verifyservices,
)
from dispatch.models import Conflict, Retriage, RuleTable, SendBack, TriageRule
from dispatch.takeoverforms import TakeOverForm


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _conflicts(user: User) -> QuerySet[Conflict]:
    return Conflict.objects.all()


def _decide(data: QueryDict, case: Case, user: User) -> forms.DecisionForm:
    return forms.DecisionForm(data, case=case, today=clock.today(), assigns=data.get("action", "assign") == "assign")


def _take_over(data: QueryDict, nothing: None, user: User) -> TakeOverForm:
    return TakeOverForm(data, user=user, today=clock.today())


def _own(data: QueryDict, nothing: None, user: User) -> forms.OwnConflictForm:
    return forms.OwnConflictForm(data, user=user)


def _send_backs(user: User) -> QuerySet[SendBack]:
    return SendBack.objects.visible_to(user)


def _retriages(user: User) -> QuerySet[Retriage]:
    return Retriage.objects.visible_to(user)


def _tables(user: User) -> QuerySet[RuleTable]:
    return RuleTable.objects.all()


def _rules(user: User) -> QuerySet[TriageRule]:
    return TriageRule.objects.select_related("table")


def add_rule(table: RuleTable, **given: Any) -> TriageRule:
    """Add a row to a draft; its conditions are a JSON text."""
    return tableservices.set_rule(table, **given)


def change_rule(rule: TriageRule, **given: Any) -> TriageRule:
    """Put another content into a row of a draft."""
    return tableservices.set_rule(rule.table, rule=rule, **given)


def _rule(data: QueryDict, thing: RuleTable | TriageRule, user: User) -> tableforms.RuleForm:
    return tableforms.RuleForm(data)


EDIT, APPROVE, TRIAGE = "dispatch.edit_table", "dispatch.approve_table", "dispatch.triage_case"
ACTS: tuple[tuple[Any, ...], ...] = (
    ("cases/<int:pk>/decide/", "dispatch.triage_case", _cases, forms.DecisionForm, services.decide, _decide),
    ("conflicts/", "dispatch.assign_case", None, forms.ConflictForm, services.declare_conflict),
    ("conflicts/own/", "cases.view_case", None, forms.OwnConflictForm, services.declare_own_conflict, _own),
    ("conflicts/<int:pk>/withdraw/", "dispatch.assign_case", _conflicts, Nothing, services.withdraw_conflict),
    ("cases/<int:pk>/confirm/", TRIAGE, _cases, forms.SeenForm, services.confirm),
    ("cases/<int:pk>/anew/", TRIAGE, _cases, verifyforms.ReasonForm, retriageservices.propose_anew),
    (
        "cases/<int:pk>/send-back/",
        "dispatch.verify_case",
        _cases,
        verifyforms.SendBackForm,
        verifyservices.send_back_filing,
    ),
    (
        "send-backs/<int:pk>/answer/",
        "dispatch.answer_send_back",
        _send_backs,
        verifyforms.AnswerSendBackForm,
        verifyservices.answer_send_back,
    ),
    (
        "send-backs/<int:pk>/withdraw/",
        "dispatch.verify_case",
        _send_backs,
        verifyforms.WithdrawForm,
        verifyservices.withdraw_send_back,
    ),
    ("retriage/<int:pk>/answer/", TRIAGE, _retriages, verifyforms.RetriageForm, retriageservices.answer_retriage),
    ("retriage/judge-anew/", TRIAGE, None, verifyforms.ReasonForm, retriageservices.ask_judge_anew),
    ("tables/", EDIT, None, tableforms.DraftForm, tableservices.draft_table),
    ("tables/<int:pk>/head/", EDIT, _tables, tableforms.HeadForm, tableservices.set_head),
    ("tables/<int:pk>/rules/", EDIT, _tables, tableforms.RuleForm, add_rule, _rule),
    ("tables/<int:pk>/try/", EDIT, _tables, Nothing, tableservices.ask_dry_run),
    ("tables/<int:pk>/submit/", EDIT, _tables, tableforms.SubmitForm, tableservices.submit_table),
    ("tables/<int:pk>/answer/", APPROVE, _tables, tableforms.AnswerForm, tableservices.answer_table),
    ("tables/<int:pk>/discard/", EDIT, _tables, Nothing, tableservices.discard_table),
    ("table-rules/<int:pk>/", EDIT, _rules, tableforms.RuleForm, change_rule, _rule),
    ("table-rules/<int:pk>/remove/", EDIT, _rules, Nothing, tableservices.remove_rule),
    ("take-over/", "dispatch.take_over_desk", None, TakeOverForm, services.take_over, _take_over),
)
