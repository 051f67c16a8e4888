"""The versions as a feed."""

from dataclasses import dataclass

from services.kit import feed
from services.kit.db import Database, Driver
from services.registry.versions.rules import Content
from services.registry.versions.tables import Version

# What a caller may not see leaves no trace but the gap in the positions; `next` steps over it.
_PAGE = """
SELECT position, kind, object_id AS id, code, version, recorded_at, content::text AS content,
       CASE kind
           WHEN 'contact' THEN EXISTS (
               SELECT FROM registry.unit
               WHERE unit.region = version.region AND unit.code = split_part(version.code, '/', 1)
                 AND unit.path <@ $4::text::public.ltree)
           WHEN 'problem' THEN $4 = '' OR EXISTS (
               SELECT FROM registry.problem
               JOIN registry.unit ON unit.region = problem.region AND unit.code = ANY (problem.units)
               WHERE problem.region = version.region AND problem.id = version.object_id
                 AND unit.path <@ $4::text::public.ltree)
           WHEN 'prospect' THEN $5::boolean AND EXISTS (
               SELECT FROM registry.prospect JOIN registry.unit USING (region)
               WHERE prospect.region = version.region AND prospect.id = version.object_id AND unit.code = prospect.unit
                 AND unit.path <@ $4::text::public.ltree)
           WHEN 'activity' THEN $5::boolean AND EXISTS (
               SELECT FROM registry.activity JOIN registry.unit USING (region)
               WHERE activity.region = version.region AND activity.id = version.object_id
                 AND unit.code = ANY (activity.units) AND unit.path <@ $4::text::public.ltree)
           ELSE true
       END AS visible
FROM registry.version
WHERE region = $1 AND position > $2
ORDER BY position
LIMIT $3"""


@dataclass(frozen=True)
class Row:
    """A version in the feed; `content` as JSON text, null where the object was ended."""

    position: int
    kind: str
    code: str
    fields: Content
    content: str | None
    visible: bool


async def page(driver: Driver, region: str, after: int, limit: int, *, unit_path: str, prospects: bool) -> list[Row]:
    """The versions after a position; `prospects`: those of prospects and activities too."""
    return [
        Row(
            position=row["position"],
            kind=row["kind"],
            code=row["code"],
            fields={name: row[name] for name in ("position", "kind", "id", "code", "version", "recorded_at")},
            content=row["content"],
            visible=row["visible"],
        )
        for row in await driver.fetch(_PAGE, region, after, limit, unit_path, prospects)
    ]


async def unsealed(driver: Driver) -> bool:
    """Whether versions wait for their position."""
    waiting: bool = await driver.fetchval("SELECT EXISTS (SELECT FROM registry.version WHERE position IS NULL)")
    return waiting


async def seal(db: Database) -> int:
    """Give positions to what was committed since; returns how many."""
    async with db.driver() as driver:
        if not await unsealed(driver):
            return 0
    async with db.edge() as session:
        return await feed.seal(session, Version)
