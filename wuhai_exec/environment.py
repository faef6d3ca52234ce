"""Reads settings from the environment; an odd value stops the start with a sentence."""

import os

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the default; a missing one without default stops the start."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set")
    return value


def flag(name: str, default: bool) -> bool:
    """Return the variable as yes or no: 1, true, 0 or false; anything else stops the start."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return {"1": True, "true": True, "0": False, "false": False}[value.lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name}={value!r}: use 1 or 0") from None


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """Return the variable, which must be one of the choices; the first without it. Anything else stops the start."""
    value = os.environ.get(name) or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(choices)}")
    return value


def number(name: str, default: int) -> int:
    """Return the variable as a whole number; anything else stops the start."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: not a whole number") from None


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated variable as a list without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(name: str, default: str) -> dict[str, object]:
    """Return Django's database settings for a PostgreSQL address such as postgresql://user@/db?host=/folder."""
    address = text(name, default)
    try:
        parts = conninfo_to_dict(address)
    except Exception as error:
        raise ImproperlyConfigured(f"{name}: not a PostgreSQL address ({error})") from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured(f"{name}: names no database")
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings = {known[key]: str(value) for key, value in parts.items() if key in known}
    options = {key: value for key, value in parts.items() if key not in known}
    return {"ENGINE": "django.db.backends.postgresql", **settings, "OPTIONS": options}


def numbers(name: str) -> dict[str, int]:
    """Return the comma-separated variable, such as A=1,B=2, as whole numbers by name; anything else stops the start."""
    pairs = [word.partition("=") for word in words(name)]
    try:
        return {key.strip(): int(value) for key, _mark, value in pairs}
    except ValueError:
        raise ImproperlyConfigured(f"{name}: use NAME=1,OTHER=2") from None
