"""Acts on sanctions for programs: the pages' forms, services and permissions (`bureau.acts`).

A debtor is named by his position in the case, as elsewhere in the API, not by an internal key.
"""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import User
from cases import sanctionforms, services
from cases.models import Case, Sanction, SanctionExtension, SanctionRequest
from cases.sanctionlaw import BY_CODE

PROPOSE, DECIDE, TAKE = "cases.propose_sanction", "cases.decide_sanction", "cases.take_sanction_request"


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _sanctions(user: User) -> QuerySet[Sanction]:
    return Sanction.objects.visible_to(user).for_list()


def _requests(user: User) -> QuerySet[SanctionRequest]:
    return SanctionRequest.objects.visible_to(user).for_list()


def _on_debtor(data: QueryDict, case: Case) -> QueryDict:
    known = {str(party.position): party.pk for party in case.parties.filter(side="DEBTOR")}
    typed = data.copy()
    typed["party"] = str(known.get(data.get("party", "1"), ""))
    return typed


def _propose(data: QueryDict, case: Case, user: User) -> sanctionforms.Propose:
    rule = BY_CODE.get(data.get("ground", ""))
    if rule is None:
        raise Refused(_("请选择情形"))
    return sanctionforms.Propose(_on_debtor(data, case), case=case, kind=rule.kind)


def _request_listing(data: QueryDict, case: Case, user: User) -> sanctionforms.RequestListing:
    return sanctionforms.RequestListing(_on_debtor(data, case), case=case)


def _extensions(user: User) -> QuerySet[SanctionExtension]:
    return SanctionExtension.objects.visible_to(user).for_list()


def _extend(data: QueryDict, sanction: Sanction, user: User) -> sanctionforms.Extend:
    return sanctionforms.Extend(data, sanction=sanction)


def _note_removal(data: QueryDict, sanction: Sanction, user: User) -> sanctionforms.NoteRemoval:
    return sanctionforms.NoteRemoval(data, sanction=sanction)


def _remove(data: QueryDict, sanction: Sanction, user: User) -> sanctionforms.Remove:
    return sanctionforms.Remove(data, sanction=sanction)


def _answer(data: QueryDict, asked: SanctionRequest, user: User) -> sanctionforms.AnswerRequest:
    return sanctionforms.AnswerRequest(data, purpose=asked.purpose)


def approve_sanction(sanction: Sanction, *, at: dt.datetime, actor: User, **details: Any) -> Sanction:
    """The president approves what waits: the sanction, or its end."""
    is_proposed = sanction.state == Sanction.State.PROPOSED
    act = services.approve_sanction if is_proposed else services.approve_removal
    return act(sanction, **details, at=at, actor=actor)


def refuse_sanction(sanction: Sanction, *, at: dt.datetime, actor: User, **details: Any) -> Sanction:
    """The president refuses what waits: the sanction, or its end."""
    is_proposed = sanction.state == Sanction.State.PROPOSED
    act = services.refuse_sanction if is_proposed else services.refuse_removal
    return act(sanction, **details, at=at, actor=actor)


ACTS: tuple[tuple[Any, ...], ...] = (
    ("<int:pk>/sanctions/propose/", PROPOSE, _cases, sanctionforms.Propose, services.propose_sanction, _propose),
    ("sanctions/<int:pk>/approve/", DECIDE, _sanctions, sanctionforms.Approve, approve_sanction),
    ("sanctions/<int:pk>/refuse/", DECIDE, _sanctions, sanctionforms.Refuse, refuse_sanction),
    ("sanctions/<int:pk>/withdraw/", PROPOSE, _sanctions, sanctionforms.Withdraw, services.withdraw_sanction),
    ("sanctions/<int:pk>/begin/", PROPOSE, _sanctions, sanctionforms.BeginDetention, services.begin_detention),
    ("sanctions/<int:pk>/document/", PROPOSE, _sanctions, sanctionforms.NameDocument, services.name_document),
    ("sanctions/<int:pk>/extend/", PROPOSE, _sanctions, sanctionforms.Extend, services.propose_extension, _extend),
    (
        "sanction-extensions/<int:pk>/decide/",
        DECIDE,
        _extensions,
        sanctionforms.DecideExtension,
        services.decide_extension,
    ),
    (
        "sanctions/<int:pk>/removal/",
        PROPOSE,
        _sanctions,
        sanctionforms.NoteRemoval,
        services.note_removal_ground,
        _note_removal,
    ),
    (
        "sanctions/<int:pk>/remove/",
        "cases.remove_sanction",
        _sanctions,
        sanctionforms.Remove,
        services.remove_sanction,
        _remove,
    ),
    ("sanctions/<int:pk>/correction/", TAKE, _sanctions, sanctionforms.RequestCorrection, services.request_correction),
    (
        "<int:pk>/sanction-requests/take/",
        TAKE,
        _cases,
        sanctionforms.RequestListing,
        services.request_listing,
        _request_listing,
    ),
    (
        "sanction-requests/<int:pk>/answer/",
        PROPOSE,
        _requests,
        sanctionforms.AnswerRequest,
        services.answer_request,
        _answer,
    ),
)
