"""Creating, replacing and changing projects: their life stays as it is, national codes are unique."""

from collections.abc import Iterable
from typing import Any

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import Faulty, NotFound
from services.registry.projects import rules, store
from services.registry.projects.store import PROJECTS
from services.registry.versions import service, written
from services.registry.versions import store as versions
from services.registry.versions.rules import Content, check_match
from services.registry.versions.service import check_sees_all
from services.registry.versions.store import Stamp
from services.registry.versions.tables import Current


async def create(session: Session, caller: Caller, sent: Content, *, own: bool = False) -> None:
    """Add a project whose life has not begun. `own` as for any object that is made."""
    content = begun(sent)
    await service.create(
        session,
        PROJECTS,
        caller,
        sent["code"],
        content,
        references=rules.references(content),
        faults=await new_faults(session, caller.region, sent),
        own=own,
    )


def begun(sent: Content) -> Content:
    """A new project as it is kept."""
    return {**sent, "life": rules.UNRECORDED}


async def new_faults(session: Session, region: str, sent: Content, at: str = "/body") -> list[Faulty]:
    """What is wrong with a project that shall be new, by itself and beside the others."""
    content = begun(sent)
    faults = [*rules.faults(content, at), *rules.life_faults(sent["life"], rules.UNRECORDED, f"{at}/life")]
    return [*faults, *await taken(session, region, content, at)]


async def replace(
    session: Session, caller: Caller, code: str, sent: Content, *, named: Iterable[str], if_match: str | None
) -> None:
    """Add the next version of a project. Of what the registry keeps beside the plan file, what is not `named` stays."""
    check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await standing(session, caller.region, code)
    check_match(if_match, row.version)
    before = rules.with_own(row.content)
    content = rules.replaced(row.content, sent, frozenset(named))
    faults = [*rules.faults(content), *rules.life_faults(sent["life"], before["life"])]
    await check(session, caller.region, content, faults=faults)
    if content != before:
        await write(session, caller, stamp, row, content, act="project.replace")


async def standing(session: Session, region: str, code: str) -> Current:
    """The row of a project, or `NotFound`."""
    row = await PROJECTS.row(session, region, code)
    if row is None or row.ended_at is not None:
        raise NotFound("project", code)
    return row


async def check(session: Session, region: str, content: Content, *, faults: Iterable[Faulty]) -> None:
    """Refuse what is wrong with a project as it shall be, what it names that is not there, and another's national code."""
    found = [*faults, *await taken(session, region, content)]
    await service.check(session, region, rules.references(content), found)


async def taken(session: Session, region: str, content: Content, at: str = "/body") -> list[Faulty]:
    """A fault where another project has this one's national code."""
    wanted = content["national_code"]
    other = None if wanted is None else await store.with_national_code(session, region, wanted)
    return [] if other in {None, content["code"]} else [rules.national_code_taken(str(other), wanted, at)]


async def write(
    session: Session,
    caller: Caller,
    stamp: Stamp,
    row: Current,
    content: Content,
    *,
    act: str,
    **details: Any,  # noqa: ANN401 - JSON
) -> int:
    """Write the next version of a project and audit what differs; returns its number."""
    PROJECTS.write(session, stamp, row, row.code, content)
    await written.record(session, caller, act, subject=f"project:{row.code}", at=stamp.recorded_at, **details)
    return row.version
