"""Letting series and targets of merged enterprises go on under those that stand for them."""

from services.indicators.definitions.versions import series_of
from services.indicators.directory import store as directory
from services.indicators.directory.store import MERGES, REGISTRY
from services.indicators.merges import store
from services.kit.db import Database


async def follow(db: Database, region: str) -> None:
    """Carry over what merges ask for that were copied since; done again it changes nothing.

    Nothing is rewritten of what answers rest on: figures of a plan that is active become versions of the survivor's
    series, targets get a version about the survivor, all at one instant. A plan in set-up is put right in place.
    """
    async with db.edge() as session:
        if await directory.position(session, region, MERGES) == await directory.position(session, region, REGISTRY):
            return
    async with db.edge() as session:
        reached = await directory.position(session, region, REGISTRY)
        pairs = await store.wanted_series(session, region)
        if pairs:
            at = await directory.stamp(session, region)
            await series_of(session, region, pairs)
            await store.carry(session, region, at)
        await directory.set_position(session, region, reached, MERGES)
