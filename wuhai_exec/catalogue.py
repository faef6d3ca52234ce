"""Collects every source string from code and templates, without gettext binaries, and keeps the English catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOMS = (
    "bureau",
    "cases",
    "documents",
    "accounts",
    "assets",
    "dispatch",
    "intake",
    "supervision",
    "portal",
    "wuhai_exec",
)
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PO = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
Message = tuple[str, str]  # singular, plural or ""


def sources() -> Iterator[Path]:
    """Yield every file that may hold source strings, in a fixed order."""
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if "migrations" not in path.parts and "demo" not in path.parts:
                yield path
    yield from sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def messages_of(path: Path) -> set[Message]:
    """Return the source strings of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = _dedented(templatize(text))
    return set(_calls(ast.parse(text)))


def _dedented(code: str) -> str:
    # templatize leaves calls such as gettext(u'…') among filler characters; only the calls matter.
    calls = re.findall(
        r"""\b(?:ngettext|npgettext|pgettext|gettext|_)\((?:u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')[,\s]*)+""", code
    )
    return "\n".join(call.rstrip(", \n") + (", 1)" if call.startswith("n") else ")") for call in calls)


def _calls(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in CALLS:
            continue
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if node.func.id.startswith("pgettext"):
            words = words[1:]
        if node.func.id.startswith("ngettext") and len(words) >= 2:
            yield words[0], words[1]
        elif words:
            yield words[0], ""


def collect() -> dict[Message, list[str]]:
    """Return every source string with the files that use it."""
    found: dict[Message, list[str]] = {}
    for path in sources():
        for message in messages_of(path):
            found.setdefault(message, []).append(str(path.relative_to(settings.BASE_DIR)))
    return found


def load() -> polib.POFile:
    """Return the catalogue as committed, or an empty one."""
    if PO.exists():
        return polib.pofile(str(PO), encoding="utf-8", wrapwidth=0)
    catalogue = polib.POFile(encoding="utf-8", wrapwidth=0)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def refresh() -> polib.POFile:
    """Bring the catalogue in line with the sources: new strings come untranslated, unused ones go."""
    old = {(entry.msgid, entry.msgid_plural): entry for entry in load()}
    fresh = load()
    fresh.clear()
    for (singular, plural), places in sorted(collect().items()):
        entry = old.get((singular, plural)) or polib.POEntry(msgid=singular, msgid_plural=plural)
        if plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        entry.occurrences = [(place, "") for place in sorted(set(places))]
        entry.flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", singular) else []
        fresh.append(entry)
    return fresh


def write(catalogue: polib.POFile) -> None:
    """Write the text and the compiled catalogue."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(PO))
    catalogue.save_as_mofile(str(MO))
