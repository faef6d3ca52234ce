"""What the bureau says about its houses: buildings, maps, rooms, and what a visitor is to bring."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bureau import versions
from bureau.errors import Refused, of_field
from bureau.models import Team, User, Window
from bureau.record import record
from documents.models import Staged
from intake import leaflet
from intake.models import Bringing, Building, BuildingMap, Room, Ticket

MAP_BYTES_MAX = 5 * 1024 * 1024
IMAGES = ("image/png", "image/jpeg")


def _refuse_strangers(actor: User) -> None:
    if not actor.has_perm("intake.edit_hall"):
        raise PermissionDenied


@transaction.atomic
def set_building(
    building: Building | None = None, *, name: str, address: str, at: dt.datetime, actor: User
) -> Building:
    """Add a building, or say anew what it is called and where it stands."""
    _refuse_strangers(actor)
    reasons = [] if name.strip() else [of_field("name", _("请填写"))]
    reasons += [] if address.strip() else [of_field("address", _("请填写"))]
    others = Building.objects.filter(name=name.strip())
    if (others.exclude(pk=building.pk) if building else others).exists():
        reasons.append(of_field("name", _("已有同名的楼宇")))
    if reasons:
        raise Refused(reasons)
    row = Building.objects.select_for_update().get(pk=building.pk) if building else Building()
    row.name, row.address = name.strip(), address.strip()
    row.save()
    record(row, "set_building", at=at, actor=actor, name=row.name, address=row.address)
    return row


@transaction.atomic
def set_map(building: Building, *, image: Staged, at: dt.datetime, actor: User) -> BuildingMap:
    """Put up a map; the one before stays as an older version."""
    _refuse_strangers(actor)
    if image.staged_by_id != actor.pk:
        raise PermissionDenied
    if image.content_type not in IMAGES:
        raise Refused(of_field("image", _("楼层图只接受PNG、JPEG图片（按内容识别，不看扩展名）")))
    if image.byte_count > MAP_BYTES_MAX:
        raise Refused(of_field("image", _("楼层图不能超过5 MB")))
    row = BuildingMap.objects.create(
        building=building,
        sha256=image.sha256,
        content_type=image.content_type,
        byte_count=image.byte_count,
        by=actor,
        at=at,
    )
    image.delete()
    record(row, "set_map", at=at, actor=actor, building=building.name, sha256=row.sha256)
    return row


def room_words(room: Room) -> dict[str, str]:
    """Return what stands of a room, by field, as codes and text."""
    return {
        "floor": str(room.floor),
        "number": room.number,
        "name": room.name,
        "way": room.way,
        **{field: str(getattr(room, f"{field}_id") or "") for field in ("window", "team", "user")},
    }


@transaction.atomic
def set_room(
    building: Building,
    room: Room | None = None,
    *,
    floor: int,
    number: str,
    name: str,
    way: str = "",
    window: Window | None = None,
    team: Team | None = None,
    user: User | None = None,
    seen: str = "",
    at: dt.datetime,
    actor: User,
) -> Room:
    """Say of a room who sits there, one window, team or person, and how one gets there."""
    _refuse_strangers(actor)
    row = Room.objects.select_for_update().get(pk=room.pk, building=building) if room else Room(building=building)
    if room:
        versions.refuse_stale(room_words(row), seen)
    reasons = [
        of_field(field, _("请填写")) for field, value in (("number", number), ("name", name)) if not value.strip()
    ]
    if sum(item is not None for item in (window, team, user)) != 1:
        reasons.append(of_field("window", _("窗口、团队、工作人员中填一项，且只填一项")))
    if reasons:
        raise Refused(reasons)
    row.floor, row.number, row.name, row.way = floor, number.strip(), name.strip(), way.strip()
    row.window, row.team, row.user = window, team, user
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(of_field("number", _("该房间已登记给同一窗口、团队或人员"))) from None
    record(row, "set_room", at=at, actor=actor, building=building.name, room=room_words(row))
    return row


@transaction.atomic
def remove_room(room: Room, *, at: dt.datetime, actor: User) -> None:
    """Take a room off the list; the record keeps what was said of it."""
    _refuse_strangers(actor)
    room = Room.objects.select_for_update(of=("self",)).select_related("building").get(pk=room.pk)
    record(room, "remove_room", at=at, actor=actor, building=room.building.name, room=room_words(room))
    room.delete()


def bringing_words(category: str) -> str:
    """Return what to bring for a matter as it stands, a line each; nothing for what is no matter."""
    if category not in Ticket.Category.values:
        return ""
    standing = Bringing.objects.filter(category=category).first()
    return standing.text if standing else leaflet.bringing_text(category)


@transaction.atomic
def set_bringing(*, category: str, text: str, seen: str = "", at: dt.datetime, actor: User) -> Bringing:
    """Say what to bring for a matter, a line each; the same matter again replaces what was said."""
    _refuse_strangers(actor)
    if category not in Ticket.Category.values:
        raise Refused(of_field("category", _("请选择列表中的一项")))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refused(of_field("text", _("请填写")))
    row = Bringing.objects.select_for_update().filter(category=category).first() or Bringing(category=category)
    versions.refuse_stale({"text": bringing_words(category)}, seen)
    row.text, row.by, row.at = "\n".join(lines), actor, at
    row.save()
    record(row, "set_bringing", at=at, actor=actor, category=category, text=row.text)
    return row
