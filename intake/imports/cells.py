"""What stands in the cells of a sheet that somebody filled in: headings, words, days; nothing is guessed."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bureau.errors import Refused

BROKEN = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


def heading(cell: Any) -> str:
    """Return the words of a heading without blanks, all of one width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", "" if cell is None else str(cell)))


def places_of(
    line: Sequence[Any], columns: Mapping[str, str], optional: Collection[str], page: str = ""
) -> dict[str, int]:
    """Return by field in which place its column stands; raises Refused for a heading that is not the template's."""
    said = [heading(cell) for cell in line]
    labels = {name: heading(label) for name, label in columns.items()}
    missing = [columns[name] for name, label in labels.items() if name not in optional and label not in said]
    twice = [columns[name] for name, label in labels.items() if said.count(label) > 1]
    reasons = []
    if missing:
        reasons.append(_("第 1 行应为表头，缺少列：%(columns)s；请用下载的模板") % {"columns": _("、").join(missing)})
    if twice:
        reasons.append(_("表头中重复的列：%(columns)s") % {"columns": _("、").join(twice)})
    strange = [str(number) for number, word in enumerate(said, start=1) if word and word not in labels.values()]
    if strange:
        reasons.append(_("表头中第 %(columns)s 列不是模板的列，请删除") % {"columns": _("、").join(strange[:20])})
    if reasons:
        raise Refused([f"{page}：{reason}" for reason in reasons] if page else reasons)
    return {name: said.index(label) for name, label in labels.items() if label in said}


def cell_text(value: Any) -> str:
    """Return a cell as text; raises ValueError for a formula, and for a number that lost its last digits."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    # What is neither text nor number is how a formula over several cells comes out.
    if not isinstance(value, str | int | float) or (isinstance(value, str) and value.lstrip().startswith("=")):
        raise ValueError(_("单元格是公式，请粘贴为数值"))
    if isinstance(value, int | float) and abs(value) >= 10**15:
        raise ValueError(_("表格把它存成了数字，末位已丢失；请将该列改为文本格式后重新填写"))
    if isinstance(value, float):
        value = int(value) if value.is_integer() else repr(value)
    text = str(value).strip().strip("\u3000\ufeff").strip()
    if text in BROKEN:
        raise ValueError(_("单元格是出错的公式"))
    if re.search(r"[\x00-\x08\x0b-\x1f]", text):
        raise ValueError(_("含有不可见的控制字符"))
    return text


def day_of(text: str) -> str:
    """Return a written day as a form takes it; anything else as it stands."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", unicodedata.normalize("NFKC", text))
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else text
