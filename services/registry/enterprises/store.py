"""Where enterprises are kept."""

import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, String, Text, and_, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import array

from services.kit.db import Driver, Session
from services.kit.reads import Page
from services.registry.enterprises import rules
from services.registry.enterprises.groups.store import day_asked, member
from services.registry.enterprises.schemas import Enterprise as Content
from services.registry.enterprises.tables import Enterprise
from services.registry.responsibilities.store import answered_by_unit
from services.registry.versions.store import Shelf, among, search_filters

_columns = Enterprise.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

_HELD = (
    "'$.roles[*] ? (@.role == $role && ($level == null || @.level == $level)"
    " && (@.valid_from == null || @.valid_from <= $day) && (@.valid_to == null || @.valid_to >= $day))'::jsonpath"
)

LIKE = "like:"
"""How the marks begin that are cores of names."""


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
        _columns.marks.contains(array([cast(func.concat("role:", role), Text)])),
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
        "class_mark": _columns.marks.contains(array([cast(bindparam("class_mark", type_=String), Text)])),
        "group": member(),
    },
    sorts={name: _columns[name] for name in ("industry", "credit_code")},
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
        found = found.where(among(_columns.code, codes))
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
    rows = await driver.fetch(  # materialized: else Postgres may walk along all codes in the order that is asked for
        "WITH found AS MATERIALIZED (SELECT id, code, content FROM registry.enterprise"
        " WHERE region = $1 AND ended_at IS NULL AND marks && $2)"
        " SELECT id, content::text AS content FROM found ORDER BY code LIMIT $3",
        region,
        marks,
        limit,
    )
    return [{**rules.whole(orjson.loads(row["content"])), "id": str(row["id"])} for row in rows]


def _shared() -> Page:
    """Cores of names that several enterprises have, each with those enterprises."""
    current = and_(_columns.region == bindparam("region"), _columns.ended_at.is_(None))
    each = select(func.unnest(_columns.marks).label("mark")).where(current).subquery()
    twice = (
        select(each.c.mark, func.substr(each.c.mark, len(LIKE) + 1, type_=String).label("shared"))
        .where(func.starts_with(each.c.mark, LIKE))
        .group_by(each.c.mark)
        .having(func.count() > 1)
        .subquery()
    )
    who = (
        select(func.jsonb_agg(func.jsonb_build_object("id", _columns.id, "content", _columns.content)))
        .where(current, _columns.marks.contains(array([cast(twice.c.mark, Text)])))
        .correlate(twice)
        .scalar_subquery()
    )
    return Page(
        select(twice.c.shared, who.label("enterprises")),
        sort=twice.c.shared,
        identity=twice.c.shared,
        sorts={"shared": twice.c.shared},
    )


SHARED = _shared()
