"""The adapter to the text message platform: takes one message, answers with its serial number."""

import secrets
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class CannotSend(Exception):
    """The platform did not take the message; the reason is for the log of messages, and names nobody."""


class Gateway(Protocol):
    """What a platform offers."""

    def send(self, phone: str, text: str) -> str:
        """Hand over one message and return the platform's serial number; raises CannotSend."""


class Simulator:
    """Takes everything and keeps nothing, in no file and no log: the outbox is the record."""

    def send(self, phone: str, text: str) -> str:
        """Return a serial number, as a platform would; a number that is no mobile phone is refused."""
        if len(phone) != 11 or not phone.startswith("1"):
            raise CannotSend("不是手机号")
        return f"SIM{secrets.token_hex(6).upper()}"


def current() -> Gateway:
    """Return the adapter that the settings name."""
    gateway: Gateway = import_string(settings.SMS)()
    return gateway
