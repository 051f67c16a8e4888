"""Imports of figures that are done later."""

from collections.abc import Mapping
from typing import Any

from services.indicators.clients.parts import IndicatorsParts
from services.indicators.directory.service import refresh
from services.indicators.observations import service
from services.indicators.observations.schemas import Receipt
from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.later.runner import File, Handler


def imports(parts: IndicatorsParts) -> Mapping[str, Handler]:
    """What is done by operation."""

    async def figures(session: Session, caller: Caller, file: File, asked: Mapping[str, Any]) -> Receipt:
        await refresh(parts, caller.region)
        return await service.import_file(session, caller, file.media, file.chunks(), told=file.told, **asked)

    return {service.IMPORT: figures}
