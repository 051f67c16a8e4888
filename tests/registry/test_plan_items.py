"""What files of a plan named, kept until it is named no more."""

from services.kit.db import Database
from services.registry.plans import store
from tests.registry.running import REGION, Registry
from tests.registry.samples import PLAN, applied, small_part

NAMED = 20_000
"""Kind and code of each are more than the 32,767 parameters that a statement takes."""


async def test_a_plan_may_end_more_than_a_statement_takes_parameters(registry: Registry) -> None:
    await applied(registry, small_part())
    keys = [(kind, f"X{number}") for kind in ("enterprise", "project") for number in range(NAMED // 2)]
    db = Database(registry.database.url("registry"), size=1)
    async with db.edge() as session:
        before = await store.items(session, REGION, PLAN)
        await store.add_items(session, REGION, PLAN, keys)
        assert await store.items(session, REGION, PLAN) == before | set(keys)
        await store.remove_items(session, REGION, PLAN, keys)
        assert await store.items(session, REGION, PLAN) == before
    await db.close()
