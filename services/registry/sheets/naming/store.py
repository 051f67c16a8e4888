"""The names of what cells may name. Speaks SQL."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, case, func, null, or_, select

from services.kit.db import Session
from services.registry.enterprises.store import ENTERPRISES
from services.registry.schema import Table
from services.registry.versions.rules import Content

NAMES = ("name", "name_en", "aliases", "former_names", "successors")
"""Fields of an object in which names stand, or what they mean now."""


async def called(session: Session, region: str, kind: str) -> list[tuple[str, Content]]:
    """Today's objects of a kind: code, and what they are called."""
    columns: Any = Table.metadata.tables[f"registry.{kind}"].c
    found = select(columns["code"], *(columns["content"][name] for name in NAMES)).where(
        columns["region"] == region, columns["ended_at"].is_(None)
    )
    rows = (await session.execute(found.order_by(columns["code"]))).all()
    return [(code, dict(zip(NAMES, values, strict=True))) for code, *values in rows]


async def enterprises(
    session: Session, region: str, codes: Collection[str], marks: Collection[str]
) -> list[tuple[str, Content | None]]:
    """Today's enterprises with one of these codes, without more; and those with one of these marks, as they are."""
    code, content = ENTERPRISES.column("code"), ENTERPRISES.column("content")
    has_code = code == func.any(bindparam("codes", type_=ARRAY(Text)))
    found = select(code, case((has_code, null()), else_=content)).where(
        ENTERPRISES.column("region") == region,
        ENTERPRISES.column("ended_at").is_(None),
        or_(has_code, ENTERPRISES.column("marks").overlap(bindparam("marks", type_=ARRAY(Text)))),
    )
    rows = (await session.execute(found, {"codes": sorted(codes), "marks": sorted(marks)})).all()
    return [(row[0], row[1]) for row in rows]
