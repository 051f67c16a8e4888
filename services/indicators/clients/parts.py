"""What a running indicators app, or its worker, holds."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from services.indicators.clients.registry import RegistryClient
from services.indicators.settings import Settings
from services.kit.app import Parts


@dataclass
class IndicatorsParts(Parts):
    """The shared parts and the registry's client."""

    settings: Settings
    registry: RegistryClient


async def wake(parts: IndicatorsParts) -> None:
    """Ask the worker to look; run after the answer, so after the commit."""
    parts.doorbell.ring("due")


def parts_of(request: Request) -> IndicatorsParts:
    """The parts of the app that answers."""
    return cast("IndicatorsParts", request.app.state.parts)
