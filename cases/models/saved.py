"""Filters of the case list that somebody keeps under a name of his own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import User


class SavedFilter(models.Model):
    """One person's name for a question to the case list; coded filters only, so nothing personal stands in it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="saved_filters")
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(max_length=600)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_filter_asks_something"),
        ]
