"""Creating and replacing versioned objects, whatever they are."""

from collections.abc import Iterable, Mapping
from typing import Final

from services.kit.auth import Caller, Forbidden
from services.kit.clock import business_day
from services.kit.db import Session
from services.kit.errors import Conflict, Faulty, NotFound
from services.kit.terms import term
from services.registry.versions import rules, store, written
from services.registry.versions.rules import Content, Reference
from services.registry.versions.store import Shelf, Stamp
from services.registry.versions.tables import Current
from services.registry.versions.written import Unlock

INSTEAD: Final[Mapping[str, tuple[str, str, str]]] = {
    "person": (
        "/body/name",
        "PUT corrects the display name and the unit; somebody else needs another name",
        "更正显示名称或单位请用 PUT；如为另一人，请换一个用户名",
    ),
    "reorganisation": (
        "/body/code",
        "it was carried out and is not changed; give another one a code of its own",
        "已经实施，不能更改；另一次机构调整请使用新代码",
    ),
    "succession": (
        "/path/plan",
        "a plan is handed over once; what its successor promises is said by its own file",
        "每个行动计划只能承接一次；后续内容请在承接计划的计划文件中更改",
    ),
}
"""Of kinds that are not replaced by their code: which field says what is there already, and what can be done."""


class Exists(Conflict):
    """There is one of that code already."""

    code = "exists"

    def __init__(self, kind: str, code: str) -> None:
        at, en, zh = INSTEAD.get(kind, ("/body/code", "PUT replaces it", "修改请用 PUT"))
        named = kind.replace("_", " ")
        super().__init__(f"there is a {named} {code} already; {en}", zh=f"{term(kind)} {code} 已存在；{zh}", pointer=at)


def check_sees_all(caller: Caller) -> None:
    """Refuse callers of a unit: what is the whole region's is not theirs to change, and who moves a unit moves its view."""
    if caller.unit_path:
        raise Forbidden(
            "this is the whole region's: a caller of the whole region changes it, not one of a unit",
            zh="此内容属于全区，应由全区账号办理，单位账号不能修改",
        )


async def create(
    session: Session,
    shelf: Shelf,
    caller: Caller,
    code: str,
    content: Content,
    *,
    references: Iterable[Reference] = (),
    faults: Iterable[Faulty] = (),
    plan: str | None = None,
    own: bool = False,
) -> None:
    """Add an object, or take up the code of one that was ended. `own` as for `put`."""
    if not own:
        check_sees_all(caller)
    stamp = await store.stamp(session, caller.region, caller.client_id)
    row = await shelf.row(session, caller.region, code, plan=plan)
    if row is not None and row.ended_at is None:
        raise Exists(shelf.kind, code)
    await check(session, caller.region, references, faults)
    await _write(session, shelf, caller, stamp, row, code, content, f"{shelf.kind}.create")


async def replace(
    session: Session,
    shelf: Shelf,
    caller: Caller,
    code: str,
    content: Content,
    *,
    if_match: str | None,
    references: Iterable[Reference] = (),
    faults: Iterable[Faulty] = (),
    plan: str | None = None,
) -> None:
    """Add the next version of an object, if the caller has seen the one before. The same content adds none."""
    check_sees_all(caller)
    stamp = await store.stamp(session, caller.region, caller.client_id)
    row = await shelf.row(session, caller.region, code, plan=plan)
    if row is None or row.ended_at is not None:
        raise NotFound(shelf.kind, code)
    rules.check_match(if_match, row.version)
    await check(session, caller.region, references, faults)
    if row.content != content:
        await _write(session, shelf, caller, stamp, row, code, content, f"{shelf.kind}.replace")


async def put(
    session: Session,
    shelf: Shelf,
    caller: Caller,
    code: str,
    content: Content,
    *,
    if_match: str | None,
    references: Iterable[Reference] = (),
    faults: Iterable[Faulty] = (),
    plan: str | None = None,
    own: bool = False,
    addresses: Unlock | None = None,
) -> bool:
    """Create an object whose code its caller chose, or replace it; says whether it is new.

    `own` says that it was found to be of a unit that the caller sees; else it is the whole region's.
    """
    if not own:
        check_sees_all(caller)
    stamp = await store.stamp(session, caller.region, caller.client_id)
    row = await shelf.row(session, caller.region, code, plan=plan)
    current = row is not None and row.ended_at is None
    if current and row is not None:
        rules.check_match(if_match, row.version)
    await check(session, caller.region, references, faults)
    if not current or (row is not None and row.content != content):
        act = f"{shelf.kind}.{'replace' if current else 'create'}"
        await _write(session, shelf, caller, stamp, row, code, content, act, addresses)
    return not current


async def _write(  # noqa: PLR0917 - it takes what the three above have
    session: Session,
    shelf: Shelf,
    caller: Caller,
    stamp: Stamp,
    row: Current | None,
    code: str,
    content: Content,
    act: str,
    addresses: Unlock | None = None,
) -> None:
    row = shelf.write(session, stamp, row, code, content)
    subject = shelf.subject(code, getattr(row, "plan", None))
    await written.record(session, caller, act, subject=subject, at=stamp.recorded_at, addresses=addresses)


async def check(session: Session, region: str, references: Iterable[Reference], faults: Iterable[Faulty] = ()) -> None:
    """Refuse what is wrong by itself, what is not there and units that were dissolved, all of it at once."""
    named = list(references)
    today = (await business_day(session)).isoformat()
    found = [
        *faults,
        *rules.dangling(
            named, await store.present(session, region, named), await store.merged_into(session, region, named)
        ),
        *rules.dissolved(named, await store.answering(session, region, named), today),
    ]
    if found:
        raise rules.Unacceptable(found)
