"""Where kinds of projects are kept."""

from sqlalchemy import select

from services.kit.db import Session
from services.registry.projects.kinds import rules
from services.registry.projects.kinds.tables import ProjectKind
from services.registry.versions.store import Shelf, search_filters
from services.registry.versions.tables import Version

PROJECT_KINDS = Shelf(
    kind="project_kind",
    table=ProjectKind,
    fields=("code", "name", "name_en", "criteria", "commitments", "steps", "nodes"),
    columns=rules.columns,
    filters={**search_filters(ProjectKind)},
)


async def changed_by_people(session: Session, region: str, built_in: str) -> set[str]:
    """The codes of kinds that somebody else than `built_in` wrote a version of."""
    versions = Version.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
    found = select(versions.code).where(
        versions.region == region, versions.kind == PROJECT_KINDS.kind, versions.by != built_in
    )
    return set((await session.execute(found)).scalars())
