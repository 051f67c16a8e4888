"""Where enterprises are kept."""

import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, String, Text, and_, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import array

from services.kit.db import Driver, Session
from services.kit.reads import Page
from services.registry.enterprises import rules
from services.registry.enterprises.groups.store import day_asked, member
from services.registry.enterprises.schemas import Enterprise as Content
from services.registry.enterprises.tables import Enterprise
from services.registry.responsibilities.store import answered_by_unit
from services.registry.versions.store import Shelf, search_filters

_columns = Enterprise.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

_HELD = (
    "'$.roles[*] ? (@.role == $role && ($level == null || @.level == $level)"
    " && (@.valid_from == null || @.valid_from <= $day) && (@.valid_to == null || @.valid_to >= $day))'::jsonpath"
)


class EnterpriseShelf(Shelf):
    """What was written before there was more to keep is answered as having none of it."""

    def content_columns(self, content: Any) -> list[ColumnElement[Any]]:  # noqa: ANN401 - a JSONB column
        """The fields of a content, each as a column."""
        return [
            func.coalesce(column, literal_column("'[]'::jsonb")).label(column.name)
            if rules.OWN.get(column.name) == []
            else column
            for column in super().content_columns(content)
        ]


def _held() -> ColumnElement[bool]:
    """Whether an enterprise holds the role `:role`, at `:level` where one is asked for, on the day."""
    role = bindparam("role", type_=String)
    asked = func.jsonb_build_object("role", role, "level", bindparam("level", type_=String), "day", day_asked())
    return and_(
        _columns.marks.contains(array([func.concat("role:", role, type_=Text)])),
        func.jsonb_path_exists(_columns.content, literal_column(_HELD), asked),
    )


ENTERPRISES = EnterpriseShelf(
    kind="enterprise",
    table=Enterprise,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters={
        **search_filters(Enterprise),
        **answered_by_unit(Enterprise, "enterprise"),
        "industry": _columns.industry == bindparam("industry"),
        "credit_code": _columns.credit_code == bindparam("credit_code"),
        "missing": _columns.credit_code.is_(None),
        "role": _held(),
        "class_mark": _columns.marks.contains(array([bindparam("class_mark", type_=Text)])),
        "group": member(),
    },
)


async def holder(session: Session, region: str, credit_code: str) -> str | None:
    """The code of the enterprise that has a credit code, or None."""
    found = await session.execute(
        select(_columns.code).where(
            _columns.region == region, _columns.credit_code == credit_code, _columns.ended_at.is_(None)
        )
    )
    return found.scalar_one_or_none()


async def merged(session: Session, region: str, codes: Collection[str] | None = None) -> dict[str, str]:
    """The codes that were merged, or those of `codes`, each with the code of the enterprise that stands for it."""
    found = select(_columns.code, _columns.merged_into).where(
        _columns.region == region, _columns.merged_into.is_not(None)
    )
    if codes is not None:
        found = found.where(_columns.code.in_(sorted(codes)))
    return {row.code: row.merged_into for row in await session.execute(found)}


class Whereabouts(NamedTuple):
    """The code of an enterprise, and of the one that stands for it where it was merged."""

    code: str
    merged_into: str | None


async def whereabouts(driver: Driver, region: str, code_or_id: str) -> Whereabouts | None:
    """Where the enterprise is that has or had this code or id; None where there never was one."""
    row = await driver.fetchrow(
        "SELECT code, merged_into FROM registry.enterprise"
        " WHERE region = $1 AND (code = $2 OR id = $3) ORDER BY code = $2 DESC LIMIT 1",
        region,
        code_or_id,
        _as_id(code_or_id),
    )
    return None if row is None else Whereabouts(row["code"], row["merged_into"])


def _as_id(code: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(code)
    except ValueError:
        return None


async def named(driver: Driver, region: str, marks: list[str], limit: int) -> list[dict[str, Any]]:
    """The enterprises with one of these marks of their names, each with its id."""
    rows = await driver.fetch(
        "SELECT id, content::text AS content FROM registry.enterprise"
        " WHERE region = $1 AND ended_at IS NULL AND marks && $2 ORDER BY code LIMIT $3",
        region,
        marks,
        limit,
    )
    return [{**rules.whole(orjson.loads(row["content"])), "id": str(row["id"])} for row in rows]


def _shared() -> Page:
    """Cores of names that several enterprises have, each with those enterprises."""
    mark = func.unnest(_columns.marks).column_valued("mark")
    each = (
        select(mark.label("mark"), _columns.id, _columns.code, _columns.content)
        .where(_columns.region == bindparam("region"), _columns.ended_at.is_(None))
        .subquery()
    )
    who = func.jsonb_build_object("id", each.c.id, "content", each.c.content)
    together = (
        select(
            func.substr(each.c.mark, len("like:") + 1).label("shared"),
            func.jsonb_agg(who).label("enterprises"),
        )
        .where(func.starts_with(each.c.mark, "like:"))
        .group_by(each.c.mark)
        .having(func.count() > 1)
        .subquery()
    )
    return Page(select(together.c.shared, together.c.enterprises), sort=together.c.shared, identity=together.c.shared)


SHARED = _shared()
