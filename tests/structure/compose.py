"""docker-compose.yml as Compose reads it: variables filled in, and the part of the compose specification that we use."""

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
WORDS = {"type": "object", "additionalProperties": TEXT}

# Written by us after the compose specification; unknown keys are mistakes, as Compose itself says.
SCHEMA = {
    "type": "object",
    "required": ["name", "services"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "volumes": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
        "services": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["image"],
                "additionalProperties": False,
                "properties": {
                    "image": TEXT,
                    "build": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {"context": TEXT, "dockerfile": TEXT},
                    },
                    "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
                    "init": {"type": "boolean"},
                    "read_only": {"type": "boolean"},
                    "tmpfs": TEXTS,
                    "cap_drop": TEXTS,
                    "security_opt": TEXTS,
                    "command": TEXTS,
                    "environment": WORDS,
                    "ports": {"type": "array", "items": {"type": "string", "pattern": r"^127\.0\.0\.1:\d+:\d+$"}},
                    "volumes": {"type": "array", "items": {"type": "string", "pattern": "^[^:]+:/[^:]+(:ro)?$"}},
                    "stop_grace_period": {"type": "string", "pattern": r"^\d+s$"},
                    "depends_on": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object",
                            "required": ["condition"],
                            "additionalProperties": False,
                            "properties": {
                                "condition": {
                                    "enum": ["service_started", "service_healthy", "service_completed_successfully"]
                                }
                            },
                        },
                    },
                    "healthcheck": {
                        "type": "object",
                        "required": ["test"],
                        "additionalProperties": False,
                        "properties": {
                            "test": {"type": "array", "items": TEXT, "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}]},
                            "interval": {"type": "string", "pattern": r"^\d+s$"},
                            "timeout": {"type": "string", "pattern": r"^\d+s$"},
                            "start_period": {"type": "string", "pattern": r"^\d+s$"},
                            "retries": {"type": "integer"},
                        },
                    },
                },
            },
        },
    },
}
VARIABLE = re.compile(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}")


def text() -> str:
    """The file."""
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


@cache
def secrets() -> dict[str, str]:
    """What deploy/secrets.sh prints, as Compose reads a .env file."""
    done = subprocess.run([ROOT / "deploy/secrets.sh"], capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def filled(part: Any) -> Any:  # noqa: ANN401 - YAML
    """The same with its variables as deploy/secrets.sh makes them; one that is missing is a KeyError."""
    if isinstance(part, dict):
        return {key: filled(inner) for key, inner in part.items()}
    if isinstance(part, list):
        return [filled(inner) for inner in part]

    def value(match: re.Match[str]) -> str:
        name, kind, otherwise = match.groups()
        return secrets().get(name, otherwise) if kind == ":-" else secrets()[name]

    return VARIABLE.sub(value, part) if isinstance(part, str) else part


@cache
def composed() -> dict[str, Any]:
    """The whole file."""
    document: dict[str, Any] = filled(yaml.safe_load(text()))  # in this order, as Compose does
    return document


def services() -> dict[str, dict[str, Any]]:
    """Its services by name."""
    found: dict[str, dict[str, Any]] = composed()["services"]
    return found
