"""Shows two texts side by side: which paragraphs changed, and within them which words; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from documents.library.declared import Field, Remedy, Spec

SAME, OUT, IN = "same", "out", "in"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed place: where it stands, and its words kept, taken out and put in."""

    place: str | Promise
    parts: tuple[tuple[str, str], ...]


def words(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return the pieces of a changed text in order: kept, taken out, put in."""
    parts: list[tuple[str, str]] = []
    for tag, from_, until, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append((SAME, old[from_:until]))
            continue
        if from_ < until:
            parts.append((OUT, old[from_:until]))
        if start < stop:
            parts.append((IN, new[start:stop]))
    return tuple(parts)


def paragraphs(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """Return the paragraphs that differ, counted as they stand in the new text, a removed one as in the old."""
    changes = []
    for tag, from_, until, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for turn in range(max(until - from_, stop - start)):
            before = old[from_ + turn] if from_ + turn < until else ""
            after = new[start + turn] if start + turn < stop else ""
            place = _("第%(place)d段") % {"place": (start if after else from_) + turn + 1}
            changes.append(Change(place, words(before, after)))
    return changes


def specs(old: Spec, new: Spec) -> list[Change]:
    """Return everything in which two versions of a template differ, as a reader understands it."""
    changes = []
    pairs = [(_("名称"), old.title, new.title)]
    pairs.append((_("救济条款"), str(Remedy(old.remedy).label), str(Remedy(new.remedy).label)))
    changes += [Change(place, words(before, after)) for place, before, after in pairs if before != after]
    changes += paragraphs([_line(block) for block in old.blocks], [_line(block) for block in new.blocks])
    changes += paragraphs([_line(block) for block in old.annex], [_line(block) for block in new.annex])
    known = {field.name: field for field in old.fields}
    for field in new.fields:
        changes += _field(known.pop(field.name, None), field)
    changes += [Change(field.label, ((OUT, _described(field)),)) for field in known.values()]
    return changes


def _line(block: object) -> str:
    text, when, table = (getattr(block, name) for name in ("text", "when", "table"))
    marks = [mark for mark in (table, when) if mark]
    return "".join((text, *("".join(("〔", mark, "〕")) for mark in marks)))


def _field(old: Field | None, new: Field) -> Iterator[Change]:
    place = _("填写项目：%(label)s") % {"label": new.label}
    before, after = _described(old) if old else "", _described(new)
    if before != after:
        yield Change(place, words(before, after))


def _described(field: Field) -> str:
    must = _("必填") if field.is_required else _("可空")
    return " · ".join(part for part in (field.label, must, field.tip) if part)
