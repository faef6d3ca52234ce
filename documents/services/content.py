"""Bytes under their hash: written whole before commit, recognised by content, never by name."""

import hashlib
import io
import os
import tempfile
from functools import lru_cache
from pathlib import Path

import filetype
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader

from bureau.errors import Refused, of_field
from documents.scanning import Scanner

BYTES_MAX = 20 * 1024 * 1024
TYPES = {"application/pdf", "image/png", "image/jpeg", "image/tiff"}
PDF, TIFF = "application/pdf", "image/tiff"


def content_path(sha256: str) -> Path:
    """Return where the content with this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def sniff(content: bytes) -> str:
    """Return the content's type by its first bytes; raises Refused for anything but PDF and images, or too large."""
    if not content:
        raise Refused(of_field("upload", _("文件是空的")))
    if len(content) > BYTES_MAX:
        raise Refused(of_field("upload", _("文件超过20 MB")))
    kind = filetype.guess(content)
    if kind is None or kind.mime not in TYPES:
        raise Refused(of_field("upload", _("只接受PDF、PNG、JPEG、TIFF文件（按内容识别，不看扩展名）")))
    return str(kind.mime)


def refuse_infected(content: bytes) -> None:
    """Ask the scanner; raises Refused for what it finds, and when it cannot say."""
    try:
        scanner: Scanner = import_string(settings.SCANNER)()
        found = scanner.scan(content)
    except Exception:  # whatever is wrong with the scanner, nothing unseen is kept
        raise Refused(of_field("upload", _("病毒检查没有完成，文件未接收，请稍后再传"))) from None
    if found:
        raise Refused(of_field("upload", _("文件带有病毒或恶意程序（%(name)s），未接收") % {"name": str(found)[:80]}))


def store(content: bytes) -> str:
    """Write the bytes under their hash, whole or not at all; return the hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = content_path(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        os.replace(name, path)
    return sha256


def page_count(sha256: str, content_type: str) -> int:
    """Return how many pages the stored content has; what cannot be read counts as one."""
    return _pages(sha256, content_type, str(settings.MEDIA_ROOT)) if content_type in (PDF, TIFF) else 1


@lru_cache(maxsize=256)
def _pages(sha256: str, content_type: str, _folder: str) -> int:
    content = io.BytesIO(content_path(sha256).read_bytes())
    try:
        if content_type == PDF:
            return max(1, len(PdfReader(content).pages))
        return max(1, int(getattr(Image.open(content), "n_frames", 1)))
    except Exception:  # a scan from outside may be broken in any way; it is kept all the same
        return 1
