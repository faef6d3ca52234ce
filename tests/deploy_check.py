"""Runs `check --deploy` on both settings modules as they are served, with keys made for the moment."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ("wuhai_exec.settings", "wuhai_exec.portal_settings")


def served_environment(**changes: str) -> dict[str, str]:
    """Return the environment of a served process; changes are laid over it."""
    dropped = {"DEBUG", "DEMO", "CLOCK_OFFSET", "PLAIN_STATIC", "SECURE_TLS"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {
        **kept,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DIGEST_KEY": secrets.token_urlsafe(32),
        "CODE_KEY": secrets.token_urlsafe(32),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "bureau.example",
        **changes,
    }


def check(module: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the check and return what it said."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", "--settings", module]
    environment = served_environment(DJANGO_SETTINGS_MODULE=module, **changes)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)


if __name__ == "__main__":
    for name in MODULES:
        done = check(name)
        if done.returncode:
            sys.exit(f"{name}:\n{done.stdout}{done.stderr}")
        print(f"{name}: {done.stdout.strip()}")
