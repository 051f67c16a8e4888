"""Where change requests are kept."""

from collections.abc import Collection

from sqlalchemy import any_, bindparam, select

from services.kit.db import Session
from services.kit.paging import holds
from services.plan_file.difference import Approved, ApprovedField, ApprovedFields, Key
from services.registry.cases.store import CaseShelf
from services.registry.projects.requests import rules
from services.registry.projects.requests.tables import ChangeRequest
from services.registry.responsibilities.tables import Responsibility
from services.registry.units.store import named, units_named
from services.registry.versions.rules import Content
from services.registry.versions.store import among

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
        "targets",
        "original_version",
        "applied_version",
        "approval",
        "opinions",
        "state",
        "acts",
    ),
    columns=rules.columns,
    absent={"targets": []},
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


async def approved_fields(session: Session, region: str, projects: Collection[str]) -> ApprovedFields:
    """What approved requests made of these projects, in the order of their approval."""
    rows = select(_columns.content).where(
        _columns.region == region,
        among(_columns.subject, [f"project:{code}" for code in projects]),
        _columns.state == "approved",
    )
    requests: list[Content] = list((await session.execute(rows)).scalars())
    found: dict[Key, list[ApprovedField]] = {}
    for request in sorted(requests, key=lambda each: int(each["applied_version"])):
        by = Approved(request=request["code"], approval=request["approval"])
        found.setdefault(("project", request["project"]), []).extend(
            ApprovedField(name, value, by) for name, value in request["changes"].items()
        )
    return found


async def targets_about(session: Session, region: str, project: str) -> list[str]:
    """The targets about a project that somebody answers for, as `plan/code`: the registry knows no others."""
    found = select(_owners.plan, _owners.code).where(
        _owners.region == region,
        _owners.subject == f"project:{project}",
        _owners.content["kind"].astext == "target",
        _owners.ended_at.is_(None),
    )
    return sorted(f"{plan}/{code}" for plan, code in (await session.execute(found)).all())


async def answering_for_target(session: Session, region: str, plan: str, target: str) -> list[str]:
    """The units that lead or support a target today."""
    found = select(_owners.units).where(
        _owners.region == region, _owners.plan == plan, _owners.code == target, _owners.ended_at.is_(None)
    )
    return sorted({unit for units in (await session.execute(found)).scalars() for unit in units})
