"""The on-site sheet: open items of all cases by department and district, printed on paper and answered in one grid."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bureau.errors import OfField
from bureau.masking import mask_id
from bureau.models import User
from cases import departments
from cases.models import Case, Party, WorkOrder
from cases.services import Batch, OnsiteAnswer
from cases.services.workorders import may_do, onsite_objections
from cases.workforms import OnsiteRow, field_officers

ROWS_MAX = 100
TYPED = re.compile(r"w(\d{1,18})-(?:result|text)")


@dataclass(slots=True)
class Item:
    """One row of the grid: the order, whom to ask about, its form, and what is wrong with what was typed."""

    order: WorkOrder
    people: list[tuple[str, str]]
    form: OnsiteRow | None
    errors: list[str] = field(default_factory=list)
    is_half: bool = False
    lacking: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one department in one district."""

    department: str
    district: str
    proof: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """An item that somebody else answered while this grid was being filled: what was typed, and what stands."""

    order: WorkOrder
    result: str
    text: str


class OnsiteSheet:
    """Everything that waits for an answer on the spot, as far as the user sees it; `typed` is a filled grid."""

    def __init__(
        self,
        user: User,
        *,
        typed: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        place: tuple[str, str] = ("", ""),
        is_for_trip: bool = False,
    ) -> None:
        self.user, self.typed, self.files, self.is_for_trip = user, typed, files, is_for_trip
        self.department, self.district = place
        self.officers = field_officers(user.team_id) if user.has_perm("cases.do_work") else []

    @cached_property
    def items(self) -> list[Item]:
        """The rows in the order of the trip."""
        orders = WorkOrder.objects.visible_to(self.user).onsite().for_list().prefetch_related("case__parties")
        if self.user.team_id and self.user.has_perm("cases.do_work"):
            orders = orders.filter(to_team_id=self.user.team_id)
        if self.department in departments.BY_CODE:
            orders = orders.filter(department=self.department)
        if self.district in departments.DISTRICT_ORDER:
            orders = orders.filter(district=self.district)
        shown = orders.order_by("due_on", "id")[:ROWS_MAX]
        rows = [self._item(order) for order in shown]
        return sorted(rows, key=lambda item: _place_key(item.order))

    def _item(self, order: WorkOrder) -> Item:
        form = self._form(order)
        return Item(order, _people(order, in_full=self.is_for_trip and form is not None), form)

    def _form(self, order: WorkOrder) -> OnsiteRow | None:
        if not may_do(order, self.user):
            return None
        return OnsiteRow(
            self.typed, self.files, prefix=f"w{order.pk}", officers=self.officers, auto_id=f"id_w{order.pk}_%s"
        )

    @cached_property
    def trip(self) -> OnsiteRow:
        """The two officers of the whole trip, for the rows that name none themselves."""
        return OnsiteRow(self.typed, prefix="trip", officers=self.officers)

    def groups(self) -> Iterator[Group]:
        """Yield the items by department, then district."""
        seen: dict[tuple[str, str], list[Item]] = {}
        for item in self.items:
            seen.setdefault((item.order.department, item.order.district), []).append(item)
        for (department, _district), items in seen.items():
            order = items[0].order
            proof = str(departments.BY_CODE[department].proof)
            yield Group(order.get_department_display(), order.get_district_display(), proof, items)

    def answers(self) -> list[OnsiteAnswer]:
        """Return the rows that are filled in rightly; half-filled and bad ones keep what was typed and are marked."""
        return [answer for item in self.items if (answer := self._answer(item))]

    def _answer(self, item: Item) -> OnsiteAnswer | None:
        form = item.form
        if form is None:
            return None
        trip = self.trip.cleaned_data if self.trip.is_valid() else {}
        form.is_valid()
        data = form.cleaned_data
        if not form.errors and not data["result"] and not data["text"]:
            item.is_half = bool(data["officer1"] or data["officer2"] or data["photos"])
            item.lacking = [_("请选择结果：有、无、拒绝或需补材料")] if item.is_half else []
            return None
        if form.errors:
            item.errors = [str(error) for errors in form.errors.values() for error in errors]
            return None
        first = data["officer1"] or trip.get("officer1")
        second = data["officer2"] or trip.get("officer2")
        answer = OnsiteAnswer(item.order, data["result"], data["text"].strip(), first, second, data["photos"])
        needs_text = data["result"] != WorkOrder.Result.NONE
        item.is_half = not data["result"] or (needs_text and not answer.text)
        objections = onsite_objections(
            item.order,
            text=answer.text,
            result=answer.result,
            officer1=first,
            officer2=second,
            has_photos=bool(answer.photos),
        )
        if item.is_half:
            item.lacking = objections
            return None
        # A row that says what was found is meant as an answer: what it lacks is named by its field.
        item.errors = [_named(form, said) for said in objections]
        return None if item.errors else answer

    @cached_property
    def overtaken(self) -> list[Overtaken]:
        """The filled rows whose item was answered meanwhile, and otherwise than here; nothing typed is lost."""
        filled = [TYPED.fullmatch(name) for name, value in (self.typed or {}).items() if str(value).strip()]
        keys = {int(found[1]) for found in filled if found} - {item.order.pk for item in self.items}
        orders = WorkOrder.objects.filter(pk__in=sorted(keys)[:ROWS_MAX], to_team_id=self.user.team_id or 0)
        rows = [self._overtaken(order) for order in orders.for_list().order_by("id")]
        return [row for row in rows if (row.result, row.text) != (row.order.result, row.order.result_text)]

    def _overtaken(self, order: WorkOrder) -> Overtaken:
        typed = self.typed or QueryDict()
        result = typed.get(f"w{order.pk}-result", "")
        known = result if result in WorkOrder.Result.values else ""
        return Overtaken(order, known, typed.get(f"w{order.pk}-text", "").strip())

    def after(self, batch: Batch) -> None:
        """Take the answered rows off the sheet and mark what the service left."""
        left = {row.key: row.reasons for row in batch.left}
        done = {order.pk for order in batch.done}
        self.items = [item for item in self.items if item.order.pk not in done]
        for item in self.items:
            item.errors = left.get(item.order.pk, item.errors)

    @property
    def errors(self) -> list[tuple[Item, str]]:
        """Every wrong row with its first message."""
        return [(item, item.errors[0]) for item in self.items if item.errors]

    @property
    def half_count(self) -> int:
        """How many rows were begun and not completed."""
        return sum(item.is_half for item in self.items)


def _named(form: OnsiteRow, said: str) -> str:
    name = said.field if isinstance(said, OfField) else ""
    return _("%(field)s：%(said)s") % {"field": form[name].label, "said": said} if name in form.fields else said


def _place_key(order: WorkOrder) -> tuple[int, int, dt.date, int]:
    place = departments.ORDER.get(order.department, 99), departments.DISTRICT_ORDER.get(order.district, 99)
    return *place, order.due_on, order.pk


def _people(order: WorkOrder, *, in_full: bool) -> list[tuple[str, str]]:
    """Return whom the item is about: the named party, else every debtor; numbers masked but on the sheet of a trip."""
    parties = [order.party] if order.party else _debtors(order.case)
    return [(party.name, party.id_number if in_full else mask_id(party.id_number)) for party in parties]


def _debtors(case: Case) -> list[Party]:
    return [party for party in case.parties.all() if party.side == Party.Side.DEBTOR and party.is_current]


def place_words() -> list[tuple[str, str]]:
    """Return the departments of the filter."""
    return [("", _("全部部门")), *((code, str(label)) for code, label in departments.CHOICES)]
