"""The business clock: the one place where "now" comes from.

It is a row of the `platform` schema; `platform.now()` reads it. Rules never call this: the edge does, once, and
passes the instant on.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import Depends
from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError
from sqlalchemy import text

from services.kit.db import Edge, Session


async def business_now(session: Session) -> datetime:
    """The business clock's instant."""
    now: datetime = (await session.execute(text("SELECT platform.now()"))).scalar_one()
    return now


async def _now(session: Edge) -> datetime:
    return await business_now(session)


Now = Annotated[datetime, Depends(_now)]
"""The business instant at which a request is handled."""


CHINA: Final = "Asia/Shanghai"
"""The zone of every region of GB/T 2260, where no plan says another one."""


def civil_date(instant: datetime, zone: str) -> date:
    """The date that people in `zone` write at `instant`."""
    return instant.astimezone(ZoneInfo(zone)).date()


async def business_day(session: Session, zone: str = CHINA) -> date:
    """The business clock's day."""
    return civil_date(await business_now(session), zone)


def _in_range(instant: datetime) -> datetime:
    if not 1900 <= instant.year <= 2200:  # noqa: PLR2004 - Postgres and Python hold more; no plan does
        raise PydanticCustomError(
            "instant_out_of_range",
            "an instant between the years 1900 and 2200 was expected",
            {"zh": "应为 1900 年至 2200 年之间的时间"},
        )
    return instant


def _written(value: object) -> object:
    """A number would be read as seconds of 1970: an instant that nobody wrote with its zone."""
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}[Tt ]", value)):
        return value
    raise PydanticCustomError(
        "instant",
        "an instant with its zone was expected, such as 2018-07-16T09:00:00+08:00",
        {"zh": "应为带时区的时间，如 2018-07-16T09:00:00+08:00"},
    )


Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_range)]
"""An instant on the wire: ISO 8601 with its zone; one without is refused."""


def iso(instant: datetime, zone: str) -> str:
    """`instant` as people in `zone` write it, with its offset: 2018-07-16T09:00:00+08:00."""
    return instant.astimezone(ZoneInfo(zone)).isoformat()


def jsonable(value: Any) -> str:  # noqa: ANN401 - orjson's hook takes anything
    """What orjson does not know: exact numbers as strings."""
    return str(value)
