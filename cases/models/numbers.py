"""The numbers given so far."""

from django.db import models

from bureau.models import Court


class CaseNumberSequence(models.Model):
    """The last number given per court, year and type code; its row lock makes numbers gapless (法〔2015〕137号)."""

    court = models.ForeignKey(Court, models.PROTECT)
    year = models.PositiveSmallIntegerField()
    type_code = models.CharField(max_length=4)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["court", "year", "type_code"], name="one_sequence_per_book")]
