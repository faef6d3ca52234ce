"""Agents, changes of party and direct performance in the API; numbers masked, sums as strings."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bureau import clock
from bureau.acts import wrong
from bureau.api import HasAny
from bureau.errors import Refused
from bureau.masking import mask_id, mask_phone
from bureau.models import User
from bureau.paging import Pages
from cases import peopleforms as forms
from cases import services
from cases.models import Agent, Case, PartyChange, PartyChangeProposal, Performance
from cases.services.partychanges import may_change_party
from cases.services.people import may_manage_agents
from cases.services.performances import may_record_performance


class AgentRow(serializers.ModelSerializer[Agent]):
    """One agent; licence and phone masked."""

    licence = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = Agent
        fields = (
            *("id", "party", "name", "kind", "firm", "licence", "phone", "powers", "special", "from_on", "until_on"),
            *("document", "revoked_at", "revoke_note"),
        )

    def get_licence(self, row: Agent) -> str:
        """Return the masked number."""
        return mask_id(row.licence)

    def get_phone(self, row: Agent) -> str:
        """Return the masked phone."""
        return mask_phone(row.phone)


class PerformanceRow(serializers.ModelSerializer[Performance]):
    """One direct performance; amount in yuan."""

    recorded_by = serializers.CharField(source="recorded_by.name")

    class Meta:
        model = Performance
        fields = (
            *("id", "amount", "performed_on", "way", "proof", "paper", "reverses", "reason", "state", "recorded_by"),
            *("recorded_at", "answered_at", "confirmation"),
        )


class ChangeRow(serializers.ModelSerializer[PartyChange]):
    """One change of party."""

    class Meta:
        model = PartyChange
        fields = ("id", "kind", "leaving", "joining", "document", "ruled_on", "note")


class ProposedRow(serializers.ModelSerializer[PartyChangeProposal]):
    """One change of party that waits for its second person, or has been answered."""

    class Meta:
        model = PartyChangeProposal
        fields = ("id", "kind", "leaving", "document", "ruled_on", "note", "state", "answer_note", "change")


def typed_of(data: Any) -> QueryDict:
    """Return what a program sends as the page's own form reads it."""
    typed = QueryDict(mutable=True)
    for name, value in data.items() if isinstance(data, dict) else ():
        values = value if isinstance(value, list) else [value]
        typed.setlist(str(name), [str(one) for one in values if one is not None])
    return typed


def carry_out(form: Any, act: Callable[..., Any], shown: Any, actor: User, **given: Any) -> Response:
    """Carry out what the form allows: 422 with what is wrong, 201 with what was made."""
    if not form.is_valid():
        return wrong(form)
    try:
        made = act(**given, **form.arguments(), at=clock.now(), actor=actor)
    except Refused as refusal:
        form.refuse(refusal)
        return wrong(form)
    return Response(shown(made).data, status=201)


class OfCase(APIView):
    """Rows of a visible case; reading is for whoever sees it, `may_post` for who may add one."""

    permission_classes = [HasAny]
    post_permission = ""

    @property
    def required_permissions(self) -> tuple[str, ...]:
        """Return what this request needs."""
        is_read = self.request.method in ("GET", "HEAD", "OPTIONS")
        return ("cases.view_case",) if is_read else (self.post_permission,)

    def case(self, pk: int) -> Case:
        """Return the case, or 404."""
        row: Case = get_object_or_404(Case.objects.visible_to(cast(User, self.request.user)).for_page(), pk=pk)
        return row

    def paged(self, rows: QuerySet[Any], row: Any) -> Response:
        """Return one page."""
        pages = Pages()
        page = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(row(page, many=True).data)


class Agents(OfCase):
    """Who acts for the parties."""

    post_permission = "cases.manage_agents"

    @extend_schema(responses=AgentRow(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return one page."""
        return self.paged(self.case(pk).agents.for_page(), AgentRow)

    @extend_schema(request=AgentRow, responses={201: AgentRow})
    def post(self, request: Request, pk: int) -> Response:
        """Enter an agent; fields as on the page."""
        case, user = self.case(pk), cast(User, request.user)
        if not may_manage_agents(case, user):
            raise PermissionDenied
        return carry_out(forms.AddAgent(typed_of(request.data), case=case), services.add_agent, AgentRow, user)


class RevokeAgent(APIView):
    """End an authority."""

    permission_classes = [HasAny]
    required_permissions = ("cases.manage_agents",)

    @extend_schema(request=None, responses={201: AgentRow})
    def post(self, request: Request, pk: int) -> Response:
        """Revoke it with a `note`."""
        user = cast(User, request.user)
        agent = get_object_or_404(Agent.objects.visible_to(user), pk=pk)
        return carry_out(forms.Reason(typed_of(request.data)), services.revoke_agent, AgentRow, user, agent=agent)


class PartyChanges(OfCase):
    """Changes of party by ruling."""

    post_permission = "cases.change_party"

    @extend_schema(responses=ChangeRow(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return one page, oldest first."""
        return self.paged(self.case(pk).party_changes.order_by("id"), ChangeRow)

    @extend_schema(request=ChangeRow, responses={201: ProposedRow})
    def post(self, request: Request, pk: int) -> Response:
        """Lay a ruling before a second person; fields as on the page."""
        case, user = self.case(pk), cast(User, request.user)
        if not may_change_party(case, user):
            raise PermissionDenied
        form = forms.ChangeParty(typed_of(request.data), case=case, today=clock.today())
        return carry_out(form, services.propose_party_change, ProposedRow, user, case=case)


class AnswerPartyChange(APIView):
    """The second person's answer to a change of party."""

    permission_classes = [HasAny]
    required_permissions = ("cases.confirm_correction",)

    @extend_schema(request=None, responses={201: ProposedRow})
    def post(self, request: Request, pk: int) -> Response:
        """Answer `confirm` or `refuse`, the latter with a `note`."""
        user = cast(User, request.user)
        seen = PartyChangeProposal.objects.filter(case__in=Case.objects.visible_to(user))
        row = get_object_or_404(seen, pk=pk)
        form = forms.AnswerPartyChange(typed_of(request.data))
        act = form.act if form.is_valid() else services.refuse_party_change
        return carry_out(form, act, ProposedRow, user, row=row)


class Performances(OfCase):
    """What was performed directly."""

    post_permission = "cases.record_performance"

    @extend_schema(responses=PerformanceRow(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return one page, newest first."""
        return self.paged(self.case(pk).performances.for_list(), PerformanceRow)

    @extend_schema(request=PerformanceRow, responses={201: PerformanceRow})
    def post(self, request: Request, pk: int) -> Response:
        """Record one."""
        case, user = self.case(pk), cast(User, request.user)
        if not may_record_performance(case, user):
            raise PermissionDenied
        form = forms.RecordPerformance(typed_of(request.data), case=case)
        return carry_out(form, services.record_performance, PerformanceRow, user, case=case)


class AnswerPerformance(APIView):
    """The second person's answer."""

    permission_classes = [HasAny]
    required_permissions = ("cases.confirm_performance",)

    @extend_schema(request=None, responses={201: PerformanceRow})
    def post(self, request: Request, pk: int) -> Response:
        """Answer `confirm` or `refuse`, with `confirmation`."""
        user = cast(User, request.user)
        row = get_object_or_404(Performance.objects.visible_to(user), pk=pk)
        typed = typed_of(request.data)
        acts = {"confirm": services.confirm_performance, "refuse": services.refuse_performance}
        act = acts.get(typed.get("answer", ""))
        if act is None:
            return Response({"answer": ["confirm, refuse"]}, status=422)
        return carry_out(forms.AnswerPerformance(typed), act, PerformanceRow, user, row=row)


class ReversePerformance(APIView):
    """Take a confirmed performance back."""

    permission_classes = [HasAny]
    required_permissions = ("cases.record_performance",)

    @extend_schema(request=None, responses={201: PerformanceRow})
    def post(self, request: Request, pk: int) -> Response:
        """Record the reversal with a `reason`."""
        user = cast(User, request.user)
        row = get_object_or_404(Performance.objects.visible_to(user), pk=pk)
        form = forms.Reverse(typed_of(request.data))
        return carry_out(form, services.reverse_performance, PerformanceRow, user, row=row)
