"""The sample: the Xiaoshan plan with synthetic reports, loaded as anybody loads a plan, by the HTTP APIs."""

import asyncio
import time
from datetime import datetime

from services.cli import imports, plans
from services.cli.clocks import now, written, zone_of
from services.cli.connection import Api
from services.cli.stopped import Stopped
from services.embedded.migrations import ROOT
from services.embedded.up import Say

PLAN = ROOT / "plans/xiaoshan-2017-2019.yaml"
REPORTS = ROOT / "plans/xiaoshan-2017-2019.reports.csv"
MILESTONES = ROOT / "plans/xiaoshan-2017-2019.milestones.csv"
PATIENCE = 120.0  # seconds
ASKED_EVERY = 0.2  # seconds


async def load(api: Api, say: Say) -> None:
    """Apply the plan, load its history, activate it, and wait until the first decisions are taken and sent."""
    parts = plans.parts_of(PLAN)
    code = parts.registry.header.plan
    say(f"applying {PLAN.name}")
    count = await plans.apply(api, parts, quiet=True)
    say(f"plan {code}: {count} objects applied to registry, indicators and notifier")
    for path, file, what in ((imports.REPORTS, REPORTS, "reports"), (imports.MILESTONES, MILESTONES, "milestones")):
        receipt = await imports.load(api, path, file, plan=code)
        say(f"{receipt['rows']} synthetic {what} loaded")
    at = await now(api)
    await plans.activate(api, code)
    say(f"plan activated at {written(at, await zone_of(api))}; computing gaps, deciding, sending")
    await settle(api, at)


async def settle(api: Api, at: datetime) -> None:
    """Have everything done that is due up to `at`, until every mail has left."""
    end = time.monotonic() + PATIENCE
    while not await _settled(api, at):
        if time.monotonic() > end:
            raise Stopped(f"what is due was not done within {PATIENCE:g} s; the logs say why")
        await asyncio.sleep(ASKED_EVERY)


async def _settled(api: Api, at: datetime) -> bool:
    """Whether all is done. What was decided before the last look at what is due had its digests in that look."""
    decided = (await api.get("/notifier/v1/summary"))["decided"]
    for service in ("indicators", "notifier"):
        done = await api.send("POST", f"/{service}/v1/due:run", {"until": at.isoformat()})
        if datetime.fromisoformat(done["done_to"]) < at:
            return False
    waiting = (await api.get("/notifier/v1/summary"))["waiting"]
    return bool(decided and not waiting)
