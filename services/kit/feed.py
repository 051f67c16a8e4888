"""Feeds: what others must not miss. Rows are written in the transaction and numbered after it.

A number taken inside the transaction would become visible out of order: a reader that goes by position would step
over a row that commits late. So `position` is empty until the sealer, one at a time, numbers what is committed.
"""

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from services.kit.db import Driver, Session

PAGE = 500


def position_field() -> int | None:
    """The column of a feed's table that the sealer fills."""
    return Field(default=None, index=True, unique=True, nullable=True)  # type: ignore[no-any-return]  # sqlmodel's Field is typed Any


async def seal(session: Session, table: type[SQLModel]) -> int:
    """Give consecutive positions to what was committed; returns how many rows got one.

    Rows are numbered by id (UUIDv7: the order in which they were made) within what one run finds.
    """
    name = str(table.__table__)  # type: ignore[attr-defined]  # SQLAlchemy adds it
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"seal:{name}"})
    sealed = await session.execute(
        text(f"""
WITH fresh AS (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM {name} WHERE position IS NULL)
UPDATE {name} AS row SET position = fresh.nth + (SELECT coalesce(max(position), 0) FROM {name})
FROM fresh WHERE row.id = fresh.id
RETURNING row.id""")
    )
    return len(sealed.all())


async def last_position(driver: Driver, table: type[SQLModel]) -> int:
    """The highest position given so far, 0 at the start."""
    name = str(table.__table__)  # type: ignore[attr-defined]  # SQLAlchemy adds it
    highest: int = await driver.fetchval(f"SELECT coalesce(max(position), 0) FROM {name}")
    return highest
