"""Where plans, what their files name, and tasks are kept."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import orjson
from fastapi import Request, Response
from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.kit.db import Database, Session, driver_of
from services.kit.errors import NotFound
from services.kit.reads import tagged
from services.plan_file import things
from services.registry.plans import rules
from services.registry.plans.schemas import Task as TaskContent
from services.registry.plans.tables import Plan, Task
from services.registry.responsibilities.store import answers
from services.registry.responsibilities.tables import Responsibility
from services.registry.sharing.tables import PlanItem
from services.registry.versions.store import Shelf, among, search_filters

_plans = Plan.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_items = PlanItem.__table__.c  # type: ignore[attr-defined]  # as above
_tasks = Task.__table__.c  # type: ignore[attr-defined]  # as above
_owners = Responsibility.__table__.c  # type: ignore[attr-defined]  # as above

Key = tuple[str, str]
"""Kind and code."""


class PlanShelf(Shelf):
    """A plan's `version` is that of the file applied last; the object's own goes by the name of `revision`."""

    def view(self) -> Select[Any]:
        """Today's plans of `:region`."""
        own = [_plans.id, _plans.version.label("revision"), _plans.recorded_at, _plans.applied.label("version")]
        content = [column for column in self.content_columns(_plans.content) if column.key != "version"]
        return select(*own, *content).where(_plans.region == bindparam("region"), _plans.ended_at.is_(None))

    def past_view(self, latest: Any) -> list[Any]:  # noqa: ANN401 - columns of a subquery
        """What a version is answered by, beside its content."""
        return [latest.object_id.label("id"), latest.version.label("revision"), latest.recorded_at]

    async def written(self, session: Session, request: Request, *, created: bool = False, **key: object) -> Response:
        """The plan as it is after a write in this session, as a response."""
        del created  # plans come by their files
        found = await self.one.fetch(await driver_of(session), **key)
        if found is None:
            raise NotFound(self.kind, key["code"])
        return tagged(request, found[0].encode(), version=orjson.loads(found[0])["revision"])

    async def answer(
        self, db: Database, request: Request, *, known_at: datetime | None = None, **key: object
    ) -> Response:
        """The plan as a response; its ETag is the revision."""
        body, _ = await self.found(db, known_at=known_at, **key)
        return tagged(request, body, version=orjson.loads(body)["revision"])


PLANS = PlanShelf(
    kind="plan",
    table=Plan,
    fields=(*things.Plan.model_fields, "version", "state", "activated_at", "closed_at"),
    columns=rules.columns,
    filters={**search_filters(Plan)},
)

TASKS = Shelf(
    kind="task",
    table=Task,
    fields=(*TaskContent.model_fields, *rules.TASK_OF_ITS_OWN),
    columns=rules.task_columns,
    filters={
        **search_filters(Task),
        "plan": _tasks.plan == bindparam("plan"),
        "state": _tasks.state == bindparam("state"),
        "unit": select(_owners.id)
        .where(
            _owners.region == _tasks.region,
            _owners.plan == _tasks.plan,
            _owners.code == _tasks.code,
            _owners.ended_at.is_(None),
            answers(),
        )
        .exists(),
    },
    plan_scoped=True,
    absent={"state": "not_begun"},
    sorts={name: _tasks[name] for name in ("plan", "subject", "state")},
)


async def items(session: Session, region: str, plan: str) -> set[Key]:
    """What files of the plan named and nobody pruned."""
    found = select(_items.kind, _items.code).where(_items.region == region, _items.plan == plan)
    return {(kind, code) for kind, code in (await session.execute(found)).all()}


async def named_by_others(session: Session, region: str, plan: str, *, in_set_up: bool) -> set[Key]:
    """What other plans name: all of them, or only those that have left set-up."""
    found = (
        select(_items.kind, _items.code)
        .join(Plan, (_plans.region == _items.region) & (_plans.code == _items.plan))
        .where(_items.region == region, _items.plan != plan)
    )
    if not in_set_up:
        found = found.where(_plans.state != "set-up")
    return {(kind, code) for kind, code in (await session.execute(found)).all()}


async def add_items(session: Session, region: str, plan: str, keys: Collection[Key]) -> None:
    """From now on the plan names these."""
    if keys:
        rows = [{"region": region, "plan": plan, "kind": kind, "code": code} for kind, code in sorted(keys)]
        await session.execute(insert(PlanItem).on_conflict_do_nothing(), rows)


async def note_file(session: Session, region: str, plan: str, version: str, listed: Mapping[str, list[str]]) -> None:
    """A plan file was applied: its version, and the order of what it lists. That is no version of the plan."""
    found = _plans.region == region, _plans.code == plan
    await session.execute(update(Plan).where(*found).values(applied=version, listed=dict(listed)))


async def file_noted(session: Session, region: str, plan: str) -> tuple[str, dict[str, list[str]]]:
    """The version of the file applied last, and the order of what it lists."""
    found = select(_plans.applied, _plans.listed).where(_plans.region == region, _plans.code == plan)
    applied, listed = (await session.execute(found)).one()
    return applied, listed


async def remove_items(session: Session, region: str, plan: str, keys: Collection[Key]) -> None:
    """The plan names these no more. A file may end more of them than a statement takes parameters: one array a kind."""
    for kind in sorted({kind for kind, _ in keys}):
        codes = [code for of, code in keys if of == kind]
        named = _items.region == region, _items.plan == plan, _items.kind == kind, among(_items.code, codes)
        await session.execute(delete(PlanItem).where(*named))
