"""What an act wrote, for its entry in the trail: every version, with what changed in it.

Shelves note what they write in the session; whoever records the act takes it from there. So an entry cannot leave out
an object that its act wrote, however far from the act that was done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.kit import audit
from services.kit.auth import Caller
from services.kit.db import Session
from services.registry.versions.rules import Content
from services.registry.versions.tables import Audit

NOTED = "duban.written"


class Unlock(Protocol):
    """What makes a stored address readable."""

    def unlock(self, stored: str, of: str, /) -> str:
        """The address of something, as it was locked."""


Veil = Callable[[Content, Unlock | None], Content]
"""Makes of a stored content what a trail may say: no whole address, and without a key nothing of one."""


@dataclass(frozen=True)
class Written:
    """One version: of what, and what was there before. `before` is None of what is new, `after` of what ended."""

    subject: str
    version: int
    before: Content | None
    after: Content | None
    veil: Veil | None = None

    def told(self, addresses: Unlock | None) -> dict[str, Any]:
        """As an entry says it."""
        changes = audit.differences(self.before, self.after)
        if self.veil is not None:  # that an address changed is said even where both look the same under it
            was, now = ({} if one is None else self.veil(one, addresses) for one in (self.before, self.after))
            changes = {name: [was.get(name), now.get(name)] for name in changes if name in was or name in now}
        return {"version": self.version, "changes": changes}


def note(session: Session, written: Written) -> None:
    """Remember, until the act is recorded, that a version was written."""
    session.info.setdefault(NOTED, []).append(written)


def pending(session: Session) -> bool:
    """Whether anything was written that no entry tells yet."""
    return bool(session.info.get(NOTED))


async def record(
    session: Session,
    caller: Caller,
    act: str,
    *,
    subject: str,
    at: datetime,
    addresses: Unlock | None = None,
    **details: object,
) -> None:
    """Write down one deed with all that it wrote: its subject's own version first, `wrote` names the others."""
    taken: list[Written] = session.info.pop(NOTED, [])
    own = [one for one in taken if one.subject == subject]
    others = [one for one in taken if one.subject != subject]
    beside = audit.wrote([{"subject": one.subject, **one.told(addresses)} for one in others])
    said = {**details, **(own[-1].told(addresses) if own else {}), **beside}
    await audit.record(session, Audit, caller, act, subject=subject, at=at, **said)
    await session.flush()
