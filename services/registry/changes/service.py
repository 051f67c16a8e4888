"""What others must not miss of the registry."""

import orjson

from services.kit.auth import Caller
from services.kit.db import Database
from services.registry.changes import store
from services.registry.keyring import Lock
from services.registry.prospects import service as prospects
from services.registry.units.contacts import service as contacts


async def read(db: Database, addresses: Lock, caller: Caller, *, after: int, limit: int) -> bytes:
    """The versions after a position, as JSON; what was committed before the call is in it, or in the pages after it."""
    await store.seal(db)
    async with db.driver() as driver:
        rows = await store.page(
            driver,
            caller.region,
            after,
            limit,
            unit_path=caller.unit_path,
            prospects="prospects:read" in caller.scopes,
        )
    items = []
    for row in rows:
        if row.visible:
            content: object = None if row.content is None else orjson.Fragment(row.content)
            if row.kind == "contact" and row.content is not None:
                content = contacts.shown(addresses, caller, orjson.loads(row.content))
            if row.kind == "prospect" and row.content is not None:
                content = prospects.shown(addresses, caller, orjson.loads(row.content))
            items.append({**row.fields, "content": content})
    return orjson.dumps({"items": items, "next": rows[-1].position if rows else after}, default=str)
