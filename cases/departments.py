"""Where on-site items are answered: departments with their proof and their districts (domain handbook §12)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

CITY = "CITY"
# Order of the trip sheet: the city's own offices, then the three districts, then elsewhere.
DISTRICTS: tuple[tuple[str, str | Promise], ...] = (
    (CITY, _("市本级")),
    ("HAIBOWAN", _("海勃湾区")),
    ("HAINAN", _("海南区")),
    ("WUDA", _("乌达区")),
    ("ELSEWHERE", _("市外")),
)
THREE = ("HAIBOWAN", "HAINAN", "WUDA")
ANYWHERE = (CITY, *THREE, "ELSEWHERE")


@dataclass(frozen=True, slots=True)
class Department:
    """One department: its label, the districts where it has an office, and the proof that is brought back."""

    code: str
    label: str | Promise
    districts: tuple[str, ...]
    proof: str | Promise


DEPARTMENTS: tuple[Department, ...] = (
    Department("REAL_ESTATE", _("不动产登记中心"), (CITY, "HAINAN", "WUDA"), _("查询单、回执")),
    Department("VEHICLES", _("车管所（交警支队）"), (CITY,), _("回执")),
    Department("PROVIDENT_FUND", _("公积金中心"), (CITY,), _("回执")),
    Department("TAX", _("税务局"), THREE, _("复函")),
    Department("MARKET", _("市场监管局"), THREE, _("回执")),
    Department("SOCIAL_SECURITY", _("社保中心"), (CITY,), _("清单")),
    Department("CIVIL_AFFAIRS", _("民政局"), THREE, _("证明")),
    Department("POLICE", _("公安（派出所）"), THREE, _("清单")),
    Department("BANK", _("银行网点"), THREE, _("回执")),
    Department("LAND", _("自然资源局"), (CITY,), _("复函")),
    Department("COMMUNITY", _("村委会、社区、物业"), THREE, _("笔录")),
    Department("EMPLOYER", _("用人单位"), ANYWHERE, _("回执")),
    Department("OTHER", _("烟草、水电、保险、电信等"), ANYWHERE, _("复函")),
)
BY_CODE = {department.code: department for department in DEPARTMENTS}
CHOICES: list[tuple[str, str | Promise]] = [(department.code, department.label) for department in DEPARTMENTS]
ORDER = {department.code: place for place, department in enumerate(DEPARTMENTS)}
DISTRICT_ORDER = {code: place for place, (code, _label) in enumerate(DISTRICTS)}


def objection(department: str, district: str) -> str:
    """Return why there is no such office, naming where the department has one; nothing where there is."""
    if is_place(department, district):
        return ""
    if department not in BY_CODE:
        return _now("请选择部门和区域")
    labels = dict(DISTRICTS)
    offices = "、".join(str(labels[code]) for code in BY_CODE[department].districts)
    return _now("%(department)s的办事点在：%(offices)s") % {
        "department": BY_CODE[department].label,
        "offices": offices,
    }


def is_place(department: str, district: str) -> bool:
    """Return whether the department has an office in the district."""
    return department in BY_CODE and district in BY_CODE[department].districts
