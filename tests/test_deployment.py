"""The served deployment: its settings pass the deployment check, its compose file is whole and holds no secret."""

import re
import shutil
import subprocess

import pytest

from tests.deploy_check import MODULES, ROOT, check, served_environment

COMPOSE = ROOT / "docker-compose.yml"


@pytest.mark.parametrize("module", MODULES)
def test_served_settings_pass_the_deployment_check_without_a_warning(module):
    done = check(module)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"CLOCK_OFFSET": "60"}, "bureau.E001"),
        ({"DEMO": "1"}, "bureau.E002"),
        ({"DIGEST_KEY": "insecure-development-digest-key"}, "bureau.E003"),
        ({"FIELD_KEYS": "aW5zZWN1cmUtZGV2ZWxvcG1lbnQtZmllbGQta2V5LTA="}, "bureau.E003"),
        ({"SECURE_TLS": "0"}, "security.W"),
        ({"DEBUG": "1"}, "security.W018"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else value,
)
def test_deployment_check_refuses_what_only_a_demo_may_have(change, refusal):
    done = check("wuhai_exec.settings", **change)
    assert done.returncode != 0
    assert refusal in done.stderr


def test_an_odd_value_stops_the_start_with_a_sentence():
    done = check("wuhai_exec.settings", SECURE_TLS="maybe")
    assert "SECURE_TLS='maybe': use 1 or 0" in done.stderr


def _names_without_default() -> list[str]:
    return sorted(set(re.findall(r"\$\{(\w+):\?\}", COMPOSE.read_text())))


def test_every_secret_comes_from_the_environment_without_a_default():
    names = _names_without_default()
    assert {"SECRET_KEY", "FIELD_KEYS", "DIGEST_KEY", "CODE_KEY", "OWNER_DATABASE_PASSWORD"} <= set(names)
    defaults = re.findall(r"\$\{(\w+):-[^}]*\}", COMPOSE.read_text())
    bank = {"BANK", "BANK_ANSWER_HOURS", "ESCROW_ACCOUNT", "ESCROW_BANK_CODE"}
    assert set(defaults) == {"VERSION", "WEB_PORT", "PORTAL_PORT", "ASSIGNMENT_MODE", "CONTROL_YEARS", "SMS"} | bank


def test_compose_file_is_accepted_and_refused_without_its_secrets():
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no docker compose client on this machine")
    command = [docker, "compose", "--file", str(COMPOSE), "config", "-q"]
    dummies = dict.fromkeys(_names_without_default(), "dummy")
    environment = served_environment() | dummies
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    del environment["OWNER_DATABASE_PASSWORD"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "OWNER_DATABASE_PASSWORD" in done.stderr
