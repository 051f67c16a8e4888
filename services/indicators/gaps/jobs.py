"""The worker's part: look what is due. Each job carries nothing, may run twice, or late, and gives the same history."""

from services.indicators.clients.parts import IndicatorsParts
from services.indicators.gaps.due import service as work
from services.kit.http import CallFailed


async def due(parts: IndicatorsParts) -> None:
    """Work off what is due by the business clock; nothing while the registry is away, whose changes come first."""
    try:
        await work.run_due(parts, parts.settings.region, await work.now(parts))
    except CallFailed:
        return


async def seal(parts: IndicatorsParts) -> int:
    """Give positions to what was committed without one."""
    return await work.seal(parts)
