"""The documents as they were frozen: what clients were made from."""

import json
from pathlib import Path
from typing import Any

SERVICES = ("registry", "indicators", "notifier")


def path_of(service: str) -> Path:
    """Where a service's frozen document is."""
    return Path(__file__).with_name(f"{service}.json")


def frozen(service: str) -> dict[str, Any]:
    """The frozen document of a service."""
    document: dict[str, Any] = json.loads(path_of(service).read_text(encoding="utf-8"))
    return document
