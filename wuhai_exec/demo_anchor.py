"""What one folder remembers of its demo: which database, the clock's offset, the static files collected."""

import datetime as dt
import hashlib
import json
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

# The demo stands here when it is loaded, and runs on.
LOADED_AT = dt.datetime(2021, 12, 27, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def _file() -> Path:
    return Path(settings.VAR_DIR) / "demo.json"


def _database() -> str:
    return hashlib.sha256(os.environ["DATABASE_URL"].encode()).hexdigest()


def read() -> dict[str, Any]:
    """Return what is remembered of the demo in this database, or nothing."""
    try:
        memory = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return memory if isinstance(memory, dict) and memory.get("database") == _database() else {}


def remember(**facts: Any) -> None:
    """Add facts to what is remembered, whole or not at all."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".tmp")
    half.write_text(json.dumps({**read(), "database": _database(), **facts}, ensure_ascii=False), encoding="utf-8")
    half.replace(file)


def forget() -> None:
    """Forget the demo of this folder."""
    _file().unlink(missing_ok=True)


def clock_offset(*, now: dt.datetime, freshly_loaded: bool) -> int:
    """Return the seconds to add to real time; they are fixed at loading and survive restarts."""
    offset = None if freshly_loaded else read().get("clock_offset")
    if offset is None:
        offset = round((LOADED_AT - now).total_seconds())
        remember(clock_offset=offset)
    return int(offset)


def static_digest() -> str:
    """Return a digest that changes with our static files and with the installed packages."""
    digest = hashlib.sha256()
    for path in sorted((settings.BASE_DIR / "static").rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    for path in sorted((settings.BASE_DIR / "requirements").glob("*.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
