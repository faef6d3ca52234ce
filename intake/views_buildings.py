"""Pages on which the bureau keeps its houses: buildings, maps, rooms, and what visitors bring."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from documents import services as documents
from intake import buildingforms, buildings, leaflet
from intake.models import Bringing, Building, BuildingMap, Room, Ticket


def _building(pk: int) -> Building:
    return get_object_or_404(Building, pk=pk)


@requires("intake.edit_hall")
@require_http_methods(["GET", "POST"])
def building_list(request: StaffRequest) -> HttpResponse:
    """Show the houses and what visitors bring; posting adds a house."""
    form = buildingforms.BuildingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = buildings.set_building(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存"))
            return redirect("intake:building", row.pk)
    rows = Building.objects.prefetch_related("rooms", "maps").order_by("name")
    context = {"form": form, "buildings": rows, "matters": _matters()}
    return render(request, "intake/buildings.html", context, status=422 if form.errors else 200)


def _matters() -> list[dict[str, Any]]:
    own = {row.category: row for row in Bringing.objects.select_related("by")}
    words = {code: own[code].text if code in own else leaflet.bringing_text(code) for code in Ticket.Category.values}
    return [
        {"code": code, "label": label, "own": own.get(code), "lines": words[code].splitlines()}
        for code, label in Ticket.Category.choices
    ]


@requires("intake.edit_hall")
@require_http_methods(["GET", "POST"])
def building(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one house with its map and rooms; posting says anew what it is called and where it stands."""
    row = _building(pk)
    initial = {"name": row.name, "address": row.address}
    form = buildingforms.BuildingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            buildings.set_building(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存"))
            return redirect("intake:building", row.pk)
    return _page(request, row, form=form)


def _page(request: StaffRequest, row: Building, *, form: Any = None, image: Any = None) -> HttpResponse:
    form = form or buildingforms.BuildingForm(initial={"name": row.name, "address": row.address})
    image = image or buildingforms.MapForm()
    context = {
        "building": row,
        "form": form,
        "map_form": image,
        "maps": row.maps.select_related("by").order_by("-id"),
        "rooms": row.rooms.for_list(),
    }
    return render(request, "intake/building.html", context, status=422 if form.errors or image.errors else 200)


@requires("intake.edit_hall")
@require_POST
def set_map(request: StaffRequest, pk: int) -> HttpResponse:
    """Put up a map."""
    row = _building(pk)
    form = buildingforms.MapForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = documents.stage_upload(form.cleaned_data["image"], at=clock.now(), actor=request.user)
            buildings.set_map(row, image=kept, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("楼层图已更新"))
            return redirect("intake:building", row.pk)
    return _page(request, row, image=form)


@requires("intake.answer_inquiry", "intake.edit_hall")
@require_safe
def building_map(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the image."""
    row = get_object_or_404(BuildingMap, pk=pk)
    response = FileResponse(documents.content_path(row.sha256).open("rb"), content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


def _room_form(request: StaffRequest, **kept: Any) -> buildingforms.RoomForm:
    return buildingforms.RoomForm(request.POST if request.method == "POST" else None, **kept)


@requires("intake.edit_hall")
@require_http_methods(["GET", "POST"])
def add_room(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a room to a house."""
    return _room(request, _building(pk), None, _room_form(request))


@requires("intake.edit_hall")
@require_http_methods(["GET", "POST"])
def room(request: StaffRequest, pk: int) -> HttpResponse:
    """Say anew of a room who sits there and how one gets there."""
    row = get_object_or_404(Room.objects.select_related("building"), pk=pk)
    words = buildings.room_words(row)
    return _room(request, row.building, row, _room_form(request, now=words, initial=words))


def _room(request: StaffRequest, house: Building, row: Room | None, form: buildingforms.RoomForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            buildings.set_room(house, row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存"))
            return redirect("intake:building", house.pk)
    context = {"building": house, "room": row, "form": form}
    return render(request, "intake/room.html", context, status=422 if form.errors else 200)


@requires("intake.edit_hall")
@require_POST
def remove_room(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a room off the list."""
    row = get_object_or_404(Room.objects.select_related("building"), pk=pk)
    buildings.remove_room(row, at=clock.now(), actor=request.user)
    messages.success(request, _("已删除"))
    return redirect("intake:building", row.building_id)


@requires("intake.edit_hall")
@require_http_methods(["GET", "POST"])
def bringing(request: StaffRequest) -> HttpResponse:
    """Say what to bring for a matter."""
    category = request.POST.get("category") or request.GET.get("category", "")
    words = {"text": buildings.bringing_words(category)}
    posted = request.POST if request.method == "POST" else None
    form = buildingforms.BringingForm(posted, now=words, initial={"category": category, **words})
    if request.method == "POST" and form.is_valid():
        try:
            buildings.set_bringing(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存"))
            return redirect("intake:buildings")
    return render(request, "intake/bringing.html", {"form": form}, status=422 if form.errors else 200)
