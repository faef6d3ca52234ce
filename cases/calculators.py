"""The room's calculators: case numbers taken apart."""

from django.utils.translation import gettext_lazy as _

from bureau.calculator import Answer, Calculator, Field, Payload, text_of
from bureau.calendar import WorkCalendar
from cases import casenumber


def case_number(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return a case number in canonical form, taken apart; a number of before 2016 is marked as legacy."""
    found = casenumber.parse(text_of(payload, "text"))
    return {
        "canonical": found.canonical,
        "year": found.year,
        "court": found.court or None,
        "type": found.type_code,
        "seq": found.seq,
        "suffix": found.suffix or None,
        "legacy": found.is_legacy,
    }


CALCULATORS = (
    Calculator(
        "case-number",
        _("案号解析"),
        "法〔2015〕137号，法〔2018〕335号",
        (Field("text", _("案号"), example="(2021)内0302执15号"),),
        case_number,
    ),
)
