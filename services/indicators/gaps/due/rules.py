"""When a plan is looked at again: pure, the instants are given."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def next_midnight(after: datetime, time_zone: str) -> datetime:
    """The first instant after `after` at which a day begins in the plan's time zone."""
    zone = ZoneInfo(time_zone)
    day = after.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def earliest(*instants: datetime | None) -> datetime | None:
    """The earliest of those that there are."""
    return min((instant for instant in instants if instant is not None), default=None)
