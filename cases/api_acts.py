"""Every act on a case for programs: the pages' forms, services and permissions (`bureau.acts`)."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from bureau import clock
from bureau.acts import Nothing
from bureau.errors import Refused
from bureau.models import User
from cases import (
    closingforms,
    contactforms,
    forms,
    oldbookforms,
    proofs,
    relatedforms,
    restforms,
    services,
    startforms,
    workforms,
)
from cases.closing import WAYS
from cases.evidence import papers_of, scans
from cases.models import (
    Case,
    Closing,
    Contact,
    Deadline,
    Handover,
    Hold,
    Instalment,
    LimitExtension,
    NetworkQuery,
    Pause,
    RelatedCase,
    WorkOrder,
)
from cases.onduty import judge_on_duty
from cases.services import rests, settlements
from cases.services.closings import closing_papers
from cases.services.limits import answers_of, needs_answer
from cases.services.pauses import papers_for


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _to_query(user: User) -> QuerySet[Case]:
    return Case.objects.to_query(user)


def _queries(user: User) -> QuerySet[NetworkQuery]:
    return NetworkQuery.objects.filter(case__in=_to_query(user))


def _incoming(user: User) -> QuerySet[Handover]:
    return Handover.objects.filter(case__in=_cases(user), to_team=user.team)


def _closings(user: User) -> QuerySet[Closing]:
    return Closing.objects.filter(case__in=_cases(user))


def _instalments(user: User) -> QuerySet[Instalment]:
    return Instalment.objects.filter(settlement__case__in=_cases(user)).select_related("settlement")


def _orders(user: User) -> QuerySet[WorkOrder]:
    return WorkOrder.objects.visible_to(user).for_list()


def _contacts(user: User) -> QuerySet[Contact]:
    return Contact.objects.visible_to(user)


def _deadlines(user: User) -> QuerySet[Deadline]:
    return Deadline.objects.visible_to(user).select_related("case")


def _related(user: User) -> QuerySet[RelatedCase]:
    return RelatedCase.objects.visible_to(user)


def _holds(user: User) -> QuerySet[Hold]:
    return Hold.objects.filter(case__in=_cases(user))


def _change_stream(data: QueryDict, case: Case, user: User) -> forms.ChangeStream:
    return forms.ChangeStream(data, case=case)


def _settle(data: QueryDict, case: Case, user: User) -> restforms.Settle:
    return restforms.Settle(
        data,
        agents=settlements.signers_of(case, on=clock.today()),
        agreements=settlements.agreements(case),
        papers=rests.papers_for(case, rests.SUSPENSION),
    )


def _note_instalment(data: QueryDict, instalment: Instalment, user: User) -> restforms.NoteInstalment:
    return restforms.NoteInstalment(data, arrivals=settlements.arrivals_of(instalment.settlement.case))


def _hand_over(data: QueryDict, case: Case, user: User) -> startforms.HandOver:
    return startforms.HandOver(data, scans=scans(papers_of(case)))


def _halt(form: type[restforms.Halt], codes: tuple[str, ...]) -> Any:
    # The papers that the page offers are those that a program may name.
    return lambda data, case, user: form(data, papers=rests.papers_for(case, codes))


def _propose_closing(data: QueryDict, case: Case, user: User) -> closingforms.ProposeClosing:
    mode = data.get("mode", "")
    if mode not in WAYS:
        raise Refused(_("“mode”应为以下之一：%(modes)s") % {"modes": "、".join(WAYS)})
    issued, scans = closing_papers(case, WAYS[mode])
    may_prove = proofs.for_way(case, WAYS[mode])
    return closingforms.ProposeClosing(
        data, mode=mode, may_prove=may_prove, issued=issued, scans=scans, today=clock.today()
    )


def _request_work(data: QueryDict, case: Case, user: User) -> workforms.RequestWork:
    return workforms.RequestWork(data, user=user, case=case)


def _finish_work(data: QueryDict, order: WorkOrder, user: User) -> forms.Act:
    if order.kind == WorkOrder.Kind.ONSITE:
        return workforms.OnsiteRow(data, officers=workforms.field_officers(order.to_team_id))
    return workforms.Finish(data)


def _limits(user: User) -> QuerySet[LimitExtension]:
    return LimitExtension.objects.visible_to(user)


def _periods(user: User) -> QuerySet[Pause]:
    return Pause.objects.visible_to(user)


# Address, permission, on which things, asked by which form, done by which service, and how a form is made that needs
# more than its data.
ACTS: tuple[tuple[Any, ...], ...] = (
    ("<int:pk>/number/", "intake.file_case", _cases, forms.EnterNumber, services.enter_number),
    (
        "<int:pk>/take-up/",
        "cases.take_up_case",
        _cases,
        oldbookforms.Handlers,
        services.take_up,
        lambda data, case, user: oldbookforms.Handlers(data, user=user),
    ),
    (
        "<int:pk>/change-handler/",
        "cases.change_handler",
        _cases,
        oldbookforms.ChangeHandlers,
        services.change_handler,
        lambda data, case, user: oldbookforms.ChangeHandlers(data, user=user),
    ),
    ("<int:pk>/start/", "cases.start_case", _cases, Nothing, services.start),
    ("<int:pk>/hand-over/", "cases.hand_over_case", _cases, startforms.HandOver, services.hand_over, _hand_over),
    (
        "<int:pk>/launch-query/",
        "cases.hand_over_case",
        _to_query,
        startforms.LaunchQuery,
        services.launch_query,
        lambda data, case, user: startforms.LaunchQuery(data, case=case, on_duty=judge_on_duty(clock.today())),
    ),
    ("queries/<int:pk>/again/", "cases.hand_over_case", _queries, Nothing, services.ask_query_again),
    (
        "<int:pk>/query-answered/",
        "cases.hand_over_case",
        _to_query,
        startforms.AnswerQuery,
        services.note_query_answered,
    ),
    ("hand-overs/<int:pk>/accept/", "cases.accept_handover", _incoming, Nothing, services.accept),
    ("hand-overs/<int:pk>/send-back/", "cases.accept_handover", _incoming, forms.SendBack, services.send_back),
    ("<int:pk>/coordinate/", "dispatch.assign_case", _cases, forms.Coordinate, services.coordinate),
    (
        "<int:pk>/suspend/",
        "cases.suspend_case",
        _cases,
        restforms.Suspend,
        services.suspend,
        _halt(restforms.Suspend, rests.SUSPENSION),
    ),
    (
        "<int:pk>/resume/",
        "cases.resume_case",
        _cases,
        restforms.Resume,
        services.resume,
        _halt(restforms.Resume, rests.RESUMPTION),
    ),
    (
        "<int:pk>/stay/",
        "cases.suspend_case",
        _cases,
        restforms.Stay,
        services.stay,
        _halt(restforms.Stay, rests.STAY),
    ),
    (
        "<int:pk>/settle/",
        "cases.settle_case",
        _cases,
        restforms.Settle,
        services.settle,
        _settle,
    ),
    (
        "instalments/<int:pk>/",
        "cases.propose_closing",
        _instalments,
        restforms.NoteInstalment,
        services.note_instalment,
        _note_instalment,
    ),
    ("<int:pk>/break-settlement/", "cases.settle_case", _cases, forms.BreakSettlement, services.break_settlement),
    (
        "<int:pk>/change-stream/",
        "cases.change_stream",
        _cases,
        forms.ChangeStream,
        services.change_stream,
        _change_stream,
    ),
    (
        "<int:pk>/propose-closing/",
        "cases.propose_closing",
        _cases,
        closingforms.ProposeClosing,
        services.propose_closing,
        _propose_closing,
    ),
    ("closings/<int:pk>/sign/", "cases.review_closing", _closings, Nothing, services.sign_closing),
    ("closings/<int:pk>/return/", "cases.review_closing", _closings, forms.ReturnClosing, services.return_closing),
    ("<int:pk>/archive/", "cases.archive_case", _cases, forms.Archive, services.archive),
    ("deadlines/<int:pk>/done/", "cases.view_case", _deadlines, forms.NoteDone, services.note_done),
    ("<int:pk>/work/", "cases.request_work", _cases, workforms.RequestWork, services.request_work, _request_work),
    ("work-orders/<int:pk>/accept/", "cases.do_work", _orders, Nothing, services.accept_work),
    ("work-orders/<int:pk>/finish/", "cases.do_work", _orders, workforms.Finish, services.finish_work, _finish_work),
    ("work-orders/<int:pk>/confirm/", "cases.request_work", _orders, Nothing, services.confirm_work),
    ("work-orders/<int:pk>/return/", "cases.request_work", _orders, workforms.Reason, services.return_work),
    ("work-orders/<int:pk>/withdraw/", "cases.request_work", _orders, workforms.Reason, services.withdraw_work),
    ("<int:pk>/contacts/log/", "cases.log_contact", _cases, contactforms.LogContact, services.log_contact),
    (
        "contacts/<int:pk>/settle/",
        "cases.log_contact",
        _contacts,
        contactforms.SettlePromise,
        services.settle_promise,
    ),
    (
        "<int:pk>/periods/exclude/",
        "cases.suspend_case",
        _cases,
        forms.ExcludePeriod,
        services.exclude_period,
        lambda data, case, user: forms.ExcludePeriod(data, papers=papers_for(case)),
    ),
    ("periods/<int:pk>/end/", "cases.suspend_case", _periods, forms.EndPeriod, services.end_period),
    ("periods/<int:pk>/withdraw/", "cases.review_closing", _periods, forms.WithdrawPeriod, services.withdraw_period),
    (
        "<int:pk>/limit/",
        "cases.suspend_case",
        _cases,
        forms.AskLongerLimit,
        services.ask_longer_limit,
        lambda data, case, user: forms.AskLongerLimit(data, papers=answers_of(case) if needs_answer(case) else None),
    ),
    ("limits/<int:pk>/decide/", "cases.extend_limit", _limits, forms.DecideLongerLimit, services.decide_longer_limit),
    ("<int:pk>/related/new/", "cases.relate_case", _cases, relatedforms.Register, services.register_related),
    ("related/<int:pk>/decide/", "cases.relate_case", _related, relatedforms.Decide, services.decide_related),
    ("related/<int:pk>/strike/", "cases.relate_case", _related, relatedforms.Strike, services.strike_related),
    ("<int:pk>/notes/", "cases.log_contact", _cases, contactforms.AddNote, services.add_note),
    ("<int:pk>/holds/", "cases.hold_case", _cases, contactforms.HoldCase, services.hold),
    ("holds/<int:pk>/end/", "cases.hold_case", _holds, contactforms.EndHold, services.end_hold),
)
