"""The business clock: show it, move it forward, wait until everything on the way is done."""

import asyncio
import re
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.cli.connection import Api
from services.cli.stopped import WRONGLY_TYPED, Stopped

CLOCK = "/registry/v1/clock"
ASKED_EVERY = 0.2  # seconds
PATIENCE = 120.0  # seconds at one and the same instant
STEP = re.compile(r"(\d{1,6})([wdhm])")
UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
ZONE = "Asia/Shanghai"  # of a platform without a plan


def instant(text: str) -> datetime:
    """An instant as it is typed; one without its offset is refused."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901 - refused below, like every instant without an offset
    if found.tzinfo is None:
        raise Stopped(f"{text!r} is no instant with its offset; such as 2018-08-01T09:00+08:00", status=WRONGLY_TYPED)
    return found


def duration(text: str) -> timedelta:
    """A duration as it is typed: 7d, 12h, 30m, 2w, 1d12h."""
    steps = STEP.findall(text)
    step = sum((timedelta(**{UNITS[unit]: int(count)}) for count, unit in steps), timedelta())
    if not step or "".join(count + unit for count, unit in steps) != text:
        raise Stopped(f"{text!r} is no duration; such as 7d, 12h, 30m, 2w or 1d12h", status=WRONGLY_TYPED)
    return step


async def zone_of(api: Api) -> ZoneInfo:
    """The zone in which people here write dates: the first plan's."""
    async for plan in api.every("/registry/v1/plans"):
        return ZoneInfo(plan.get("time_zone") or ZONE)
    return ZoneInfo(ZONE)


async def now(api: Api) -> datetime:
    """The business instant."""
    return datetime.fromisoformat((await api.get(CLOCK))["now"])


async def show(api: Api) -> None:
    """Print the business time, and whether it stands or is being moved."""
    print(said(await api.get(CLOCK), await zone_of(api)))


def said(clock: Mapping[str, object], zone: ZoneInfo) -> str:
    """One line about the clock: the business instant, what it is, and whether it stands or is on its way."""
    line = f"{written(datetime.fromisoformat(str(clock['now'])), zone)} business clock 业务时钟"
    if clock.get("synthetic"):
        line = f"{line}, synthetic data 样例数据"
    if clock.get("moving_to"):
        return f"{line} (on its way to {written(datetime.fromisoformat(str(clock['moving_to'])), zone)})"
    return f"{line} (standing)" if clock.get("standing") else line


def written(at: datetime, zone: ZoneInfo) -> str:
    """An instant as people in the plan's zone write it, to the second."""
    return at.astimezone(zone).isoformat(timespec="seconds")


async def move(api: Api, to: datetime) -> None:
    """Move the clock to `to`; returns when it is there and everything due on the way is done."""
    zone = await zone_of(api)
    await api.send("PUT", CLOCK, {"to": to.astimezone(UTC).isoformat()})
    seen, since = None, time.monotonic()
    while True:
        clock = await api.get(CLOCK)
        if not clock.get("moving_to"):
            break
        if (here := datetime.fromisoformat(clock["now"])) != seen:
            print(f"  {written(here, zone)}", file=sys.stderr)
            seen, since = here, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            raise Stopped(
                f"the clock stays at {written(here, zone)}: something due there does not end, the workers' logs say why; "
                "it moves on by itself once that is done"
            )
        await asyncio.sleep(ASKED_EVERY)
    print(said(clock, zone))
