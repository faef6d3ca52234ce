"""No table yet: the permission to see the bureau's figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Indicator(models.Model):
    """Carries the permission only; figures are computed, never stored."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_indicators", _("查看指标"))]
