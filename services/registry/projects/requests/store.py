"""Where change requests are kept."""

from sqlalchemy import any_, bindparam, select

from services.kit.db import Session
from services.kit.paging import holds
from services.registry.cases.store import CaseShelf
from services.registry.projects.requests import rules
from services.registry.projects.requests.tables import ChangeRequest
from services.registry.responsibilities.tables import Responsibility
from services.registry.units.store import named, units_named
from services.registry.versions.rules import Content

_columns = ChangeRequest.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_owners = Responsibility.__table__.c  # type: ignore[attr-defined]  # as above

REQUESTS = CaseShelf(
    kind="change_request",
    table=ChangeRequest,
    fields=(
        "code",
        "subject",
        "project",
        "plan",
        "target",
        "unit",
        "text",
        "changes",
        "before",
        "original_version",
        "applied_version",
        "approval",
        "opinions",
        "state",
        "acts",
    ),
    columns=rules.columns,
    filters={
        **{name: _columns[name] == bindparam(name) for name in ("state", "project", "plan", "target")},
        "unit": _columns.unit == any_(units_named()),
        "sought": holds(
            *(_columns.code, _columns.subject, _columns.content["text"].astext, _columns.content["approval"].astext),
            named(_columns.region, _columns.unit),
        ),
    },
    sorts={name: _columns[name] for name in ("state", "plan", "project", "target", "unit")},
)


async def approved(session: Session, region: str, subject: str) -> list[Content]:
    """The approved requests about a subject, in the order of their approval."""
    found = select(_columns.content).where(
        _columns.region == region, _columns.subject == subject, _columns.state == "approved"
    )
    contents = list((await session.execute(found)).scalars())
    return sorted(contents, key=lambda each: int(each["applied_version"]))


async def answering_for_target(session: Session, region: str, plan: str, target: str) -> list[str]:
    """The units that lead or support a target today."""
    found = select(_owners.units).where(
        _owners.region == region, _owners.plan == plan, _owners.code == target, _owners.ended_at.is_(None)
    )
    return sorted({unit for units in (await session.execute(found)).scalars() for unit in units})
