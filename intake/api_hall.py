"""The front of house for programs: today's queue, what was asked, and the pages' own acts on both."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from bureau import clock
from bureau.acts import Nothing
from bureau.api import HasAny
from bureau.models import User
from intake import hallforms, inquiries, inquiryforms, inquirypages, tickets
from intake.models import Inquiry, Ticket

FILTERS = [OpenApiParameter(name, str) for name in inquiryforms.InquiryFilter.base_fields]


class TicketRow(serializers.ModelSerializer[Ticket]):
    """One number of today's queue; of the name only what the screen shows."""

    window = serializers.CharField(source="window.code")
    transferred_from = serializers.CharField(source="transferred_from.code", default=None)

    class Meta:
        model = Ticket
        fields = (
            *("id", "number", "window", "transferred_from", "category", "priority", "shown_name", "state", "counter"),
            *("call_count", "issued_at", "called_at", "started_at", "ended_at"),
        )


class TicketsView(ListAPIView[Ticket]):
    """The queue of the clerk's own window today, in the order in which numbers were taken."""

    permission_classes = [HasAny]
    required_permissions = ("intake.serve_queue",)
    serializer_class = TicketRow
    queryset = Ticket.objects.none()

    def get_queryset(self) -> QuerySet[Ticket]:
        """Return them."""
        if not self.request.user.is_authenticated:
            return Ticket.objects.none()
        rows = Ticket.objects.visible_to(self.request.user).filter(day=clock.today())
        return rows.select_related("window", "transferred_from").order_by("id")


class InquiryRow(serializers.ModelSerializer[Inquiry]):
    """One thing asked at the front of house, who answers for it and by when."""

    window = serializers.CharField(source="window.code")
    case_number = serializers.CharField(source="case.display_number", default="")

    class Meta:
        model = Inquiry
        fields = (
            *("id", "window", "category", "text", "asker", "case_number", "received_by", "received_at", "owner"),
            *("due_on", "answer", "answered_at"),
        )


class InquiriesView(ListAPIView[Inquiry]):
    """What was asked, as far as the user may see it, open and overdue ones first, under the filters of the page."""

    permission_classes = [HasAny]
    required_permissions = ("intake.answer_inquiry",)
    serializer_class = InquiryRow
    queryset = Inquiry.objects.none()

    @extend_schema(parameters=FILTERS)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return one page of the list."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Inquiry]:
        """Return them."""
        chosen = inquiryforms.InquiryFilter(cast(QueryDict, self.request.query_params)).chosen()
        return inquirypages.listed(cast(User, self.request.user), chosen, today=clock.today())


def _tickets(user: User) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(user)


def _inquiries(user: User) -> QuerySet[Inquiry]:
    return Inquiry.objects.visible_to(user)


def _open(data: QueryDict, nothing: None, user: User) -> inquiryforms.OpenForm:
    return inquiryforms.OpenForm(data, user=user)


def _hand(data: QueryDict, inquiry: Inquiry, user: User) -> inquiryforms.HandForm:
    return inquiryforms.HandForm(data, user=user)


def _direct(data: QueryDict, ticket: Ticket, user: User) -> hallforms.DirectForm:
    return hallforms.DirectForm(data, user=user)


SERVE, ANSWER = "intake.serve_queue", "intake.answer_inquiry"
ACTS: tuple[tuple[Any, ...], ...] = (
    ("tickets/take/", SERVE, None, hallforms.TakeForm, tickets.take_ticket),
    ("tickets/next/", SERVE, None, hallforms.CallForm, tickets.call_next),
    ("tickets/<int:pk>/call/", SERVE, _tickets, hallforms.CounterForm, tickets.call_ticket),
    ("tickets/<int:pk>/recall/", SERVE, _tickets, Nothing, tickets.recall_ticket),
    ("tickets/<int:pk>/start/", SERVE, _tickets, Nothing, tickets.start_ticket),
    ("tickets/<int:pk>/finish/", SERVE, _tickets, Nothing, tickets.finish_ticket),
    ("tickets/<int:pk>/skip/", SERVE, _tickets, Nothing, tickets.skip_ticket),
    ("tickets/<int:pk>/leave/", SERVE, _tickets, Nothing, tickets.leave_ticket),
    ("tickets/<int:pk>/reopen/", SERVE, _tickets, hallforms.ReopenForm, tickets.reopen_ticket),
    ("tickets/<int:pk>/transfer/", SERVE, _tickets, hallforms.TransferForm, tickets.transfer_ticket),
    ("tickets/<int:pk>/direct/", SERVE, _tickets, hallforms.DirectForm, tickets.direct_ticket, _direct),
    ("inquiries/open/", "intake.receive_inquiry", None, inquiryforms.OpenForm, inquiries.open_inquiry, _open),
    ("inquiries/<int:pk>/answer/", ANSWER, _inquiries, inquiryforms.AnswerForm, inquiries.answer_inquiry),
    ("inquiries/<int:pk>/hand-over/", ANSWER, _inquiries, inquiryforms.HandForm, inquiries.hand_over_inquiry, _hand),
    ("inquiries/<int:pk>/accept/", ANSWER, _inquiries, Nothing, inquiries.accept_inquiry),
    ("inquiries/<int:pk>/give-back/", ANSWER, _inquiries, inquiryforms.GiveBackForm, inquiries.give_back_inquiry),
    ("inquiries/<int:pk>/withdraw/", ANSWER, _inquiries, Nothing, inquiries.withdraw_inquiry),
)
