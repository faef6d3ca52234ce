"""What an act on money rests on: a paper of the case's e-file, by its words and by its name in the record."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.evidence import address


class NamesPaper(models.Model):
    """Rests on a paper of the file; before papers were named there are words alone, and `paper` is empty."""

    document = models.CharField(_("依据文书"), max_length=200)
    paper = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def paper_url(self) -> str:
        """Return where the paper is opened."""
        return address(self.paper)
