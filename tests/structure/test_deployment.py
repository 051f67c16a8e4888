import importlib
import json
import re
import stat
import tomllib
from typing import Any

import pytest
import yaml
from alembic.config import CommandLine
from jsonschema import Draft202012Validator
from uvicorn.main import main as uvicorn_command

from services.embedded import environment
from services.kit.claims import SCOPES, administrations
from services.registry.identity.rules import ROLES
from services.registry.settings import WorkerSettings
from tests.structure import compose
from tests.structure.compose import ROOT
from tests.structure.house import SERVICES, SETTINGS

OURS = ("migrate", *SERVICES, *(f"{service}-worker" for service in SERVICES))
STARTED = (*SERVICES, *(f"{service}-worker" for service in SERVICES))
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()

each_process = pytest.mark.parametrize("name", STARTED)


def command(name: str) -> list[str]:
    words: list[str] = compose.services()[name]["command"]
    return words


def pins(lock: str) -> dict[str, str]:
    """Each package of a lock with all that is said of it."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    return {re.split(r"[=\[]", entry)[0]: entry for entry in entries}


def declared(*, extra: str | None = None) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    listed = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {re.split(r"[ <>=!~;\[]", line)[0] for line in listed}


def test_the_file_is_what_compose_takes() -> None:
    errors = Draft202012Validator(compose.SCHEMA).iter_errors(compose.composed())
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def test_a_misspelt_key_would_be_seen() -> None:
    wrong = {"name": "x", "services": {"a": {"image": "b", "enviroment": {}}}}
    assert not Draft202012Validator(compose.SCHEMA).is_valid(wrong)


def test_it_starts_what_the_embedded_platform_starts() -> None:
    assert set(compose.services()) == {"postgres", "redis", "gateway", *OURS}


def test_whoever_is_waited_for_is_there() -> None:
    waited = {other for service in compose.services().values() for other in service.get("depends_on", {})}
    assert waited <= set(compose.services())


def test_whose_health_is_waited_for_says_how_it_is() -> None:
    for service in compose.services().values():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose.services()[other]


@pytest.mark.parametrize("service", SERVICES)
def test_the_api_is_started_by_a_command_that_exists(service: str) -> None:
    program, target, *options = command(service)
    module, _, factory = target.partition(":")
    assert (program, module) == ("uvicorn", f"services.{service}.main")
    assert callable(getattr(importlib.import_module(module), factory))
    asked = uvicorn_command.make_context("uvicorn", [target, *options]).params
    assert (asked["factory"], asked["port"], asked["root_path"]) == (True, 8000, f"/{service}")


@pytest.mark.parametrize("service", SERVICES)
def test_the_api_counts_the_address_that_the_gateway_names_and_no_caller_can_name(service: str) -> None:
    _, target, *options = command(service)
    assert uvicorn_command.make_context("uvicorn", [target, *options]).params["forwarded_allow_ips"] == "*"
    assert "ports" not in compose.services()[service]  # only the gateway and the workers reach it
    gateway = (ROOT / "deploy/gateway/nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"X-Forwarded-For (\S+);", gateway) == ["$remote_addr"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_worker_is_started_by_a_command_that_exists(service: str) -> None:
    assert command(f"{service}-worker") == ["python", "-m", f"services.{service}.worker"]
    assert callable(importlib.import_module(f"services.{service}.worker").main)


def test_the_migrations_are_run_by_a_command_that_exists() -> None:
    program, *words = command("migrate")
    asked = CommandLine(prog="alembic").parser.parse_args(words)
    assert (program, asked.config, asked.revision) == ("alembic", ["migrations/alembic.ini"], "head")
    assert (ROOT / asked.config[0]).exists()


def test_the_image_starts_a_command_that_exists() -> None:
    (line,) = re.findall(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)
    assert command("registry")[:3] == json.loads(line)[:3]


@each_process
def test_a_process_is_told_all_that_it_must_know(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, str] = compose.services()[name]["environment"]
    for variable, value in told.items():
        monkeypatch.setenv(variable, value)
    service = name.removesuffix("-worker")
    made: Any = SETTINGS[service] if name != "registry-worker" else WorkerSettings
    settings = made()
    assert settings.embedded is False
    assert settings.api_key
    assert settings.database_url.startswith(f"postgresql://duban_{service}:")


@each_process
def test_a_process_is_told_nothing_that_it_does_not_read(name: str) -> None:
    service = name.removesuffix("-worker")
    known = {f"DUBAN_{field.upper()}" for field in SETTINGS[service].model_fields}
    assert set(compose.services()[name]["environment"]) <= known


def test_only_the_registry_s_api_is_told_the_signing_key() -> None:
    told = {
        name for name, service in compose.services().items() if "DUBAN_SIGNING_KEY" in service.get("environment", {})
    }
    assert told == {"registry"}


def test_the_callers_may_what_they_may_on_the_embedded_platform_but_for_the_three_administrations() -> None:
    keys = json.loads(compose.services()["registry"]["environment"]["DUBAN_FIXED_KEYS"])
    scopes = {key["client_id"]: set(key["scopes"]) for key in keys}
    workers = {f"{service}-worker": set(scopes_) for service, scopes_ in environment.WORKER_SCOPES.items()}
    three = {
        "administrator": set(SCOPES) - {"roles:grant", "audit:read"},
        "security-administrator": set(ROLES["security_administrator"].scopes),
        "auditor": set(ROLES["auditor"].scopes),
    }
    assert scopes == {**three, **workers}
    assert [administrations(each) for each in three.values()] == [{"system"}, {"security"}, {"audit"}]


def test_each_worker_carries_the_key_that_the_registry_knows() -> None:
    keys = json.loads(compose.services()["registry"]["environment"]["DUBAN_FIXED_KEYS"])
    known = {key["client_id"]: key["key"] for key in keys}
    for service in SERVICES:
        assert compose.services()[f"{service}-worker"]["environment"]["DUBAN_API_KEY"] == known[f"{service}-worker"]


def test_every_secret_is_made_by_the_script_and_none_has_a_default() -> None:
    asked = {match[0]: match[2] for match in compose.VARIABLE.findall(compose.text()) if match[1] == ":-"}
    assert not [name for name in asked if name.endswith(("_KEY", "_SECRET", "_PASSWORD"))]
    without_default = {match[0] for match in compose.VARIABLE.findall(compose.text()) if match[1] != ":-"}
    assert without_default <= set(compose.secrets())


def test_two_calls_of_the_script_make_different_secrets() -> None:
    first = compose.secrets()
    compose.secrets.cache_clear()
    same = {name for name, value in compose.secrets().items() if value == first[name]}
    assert same == {"DUBAN_REGION", "DUBAN_SMTP_HOST", "DUBAN_SMTP_PORT", "DUBAN_SENDER"}


@pytest.mark.parametrize("name", ["postgres", "gateway"])
def test_every_file_that_is_mounted_is_there(name: str) -> None:
    mounted = [volume.split(":")[0] for volume in compose.services()[name]["volumes"]]
    files = [ROOT / path for path in mounted if path.startswith("./")]
    assert files
    assert all(path.exists() for path in files)


@pytest.mark.parametrize("script", ["deploy/postgres/init.sh", "deploy/secrets.sh"])
def test_a_script_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR


def test_the_gateway_leads_to_each_api() -> None:
    told = (ROOT / "deploy/gateway/nginx.conf").read_text(encoding="utf-8")
    (index,) = re.findall(r"return 200 '(.*)';", told)
    assert set(json.loads(index)["services"]) == set(SERVICES)
    assert f"({'|'.join(SERVICES)})/" in told


def test_the_image_runs_as_an_ordinary_user() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["duban"]


def test_the_image_installs_from_the_lock_with_hashes() -> None:
    assert re.search(r"pip install [^&]*--require-hashes[^&]*-r /tmp/requirements\.runtime\.lock", DOCKERFILE)


def test_the_image_copies_what_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    let_in = set((ROOT / ".dockerignore").read_text().split())
    assert copied
    assert all((ROOT / path).exists() and f"!{path}" in let_in for path in copied)


def test_the_runtime_lock_is_the_part_of_the_lock_that_servers_need() -> None:
    """`make lock` makes both; another pin, or a package that only tests need, would be seen here."""
    runtime, whole = pins("requirements.runtime.lock"), pins("requirements.lock")
    assert [name for name, entry in runtime.items() if whole.get(name) != entry] == []
    assert declared() <= {name.lower() for name in runtime}
    assert not (declared(extra="dev") | declared(extra="embedded")) & set(runtime)


def test_the_yaml_anchors_are_all_used() -> None:
    """An anchor that nobody refers to is a dead part of the file."""
    anchors = {
        event.anchor for event in yaml.parse(compose.text()) if isinstance(event, yaml.NodeEvent) and event.anchor
    }
    assert all(len(re.findall(rf"\*{anchor}\b", compose.text())) > 0 for anchor in anchors)
