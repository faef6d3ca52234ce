"""Where visitors go: buildings with their map, rooms and who sits there, and what to bring; kept by the bureau."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Team, User, Window
from intake.models.tickets import Ticket


class Building(models.Model):
    """One house of the courts or the bureau."""

    name = models.CharField(_("名称"), max_length=40, unique=True)
    address = models.CharField(_("地址"), max_length=100)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="building_has_an_address")]
        permissions = [("edit_hall", _("维护楼层指引和携带材料"))]

    def __str__(self) -> str:
        return self.name


class BuildingMap(models.Model):
    """One version of a building's map; the newest counts, older ones stay."""

    building = models.ForeignKey(Building, models.CASCADE, related_name="maps", verbose_name=_("楼宇"))
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    byte_count = models.PositiveIntegerField(_("大小"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    at = models.DateTimeField(_("上传时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(content_type__in=["image/png", "image/jpeg"]), name="building_map_is_an_image"
            )
        ]
        indexes = [models.Index(fields=["building", "-id"], name="map_of_building")]


class RoomQuerySet(models.QuerySet["Room"]):
    """Questions about rooms."""

    def for_list(self) -> Self:
        """Load what one row prints, from the ground up."""
        return self.select_related("building", "window", "team", "user").order_by("building", "floor", "number", "id")


class Room(models.Model):
    """A room, who sits there and how one gets there, in words."""

    building = models.ForeignKey(Building, models.CASCADE, related_name="rooms", verbose_name=_("楼宇"))
    floor = models.SmallIntegerField(_("楼层"))
    number = models.CharField(_("房间号"), max_length=12)
    name = models.CharField(_("名称"), max_length=40)
    way = models.CharField(_("怎么走"), max_length=300, blank=True)
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("窗口"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("团队"))
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("工作人员"))

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "number", "user", "team", "window"],
                nulls_distinct=False,
                name="room_once_per_who_sits_there",
            ),
            models.CheckConstraint(condition=~Q(number="") & ~Q(name=""), name="room_has_number_and_name"),
            models.CheckConstraint(
                condition=Q(window__isnull=False, team=None, user=None)
                | Q(window=None, team__isnull=False, user=None)
                | Q(window=None, team=None, user__isnull=False),
                name="room_is_of_one_window_team_or_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def of(self) -> Window | Team | User:
        """Return who sits there."""
        sitting = self.window or self.team or self.user
        assert sitting is not None  # kept by the database
        return sitting


class Bringing(models.Model):
    """What to bring for a matter, a line each, in the bureau's own words."""

    category = models.CharField(_("事项"), max_length=8, choices=Ticket.Category, unique=True)
    text = models.TextField(_("携带材料"), max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("修改人"))
    at = models.DateTimeField(_("修改时间"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="bringing_says_something")]
