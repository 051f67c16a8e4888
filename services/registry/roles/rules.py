"""Granting roles: what may be given to whom, and the three administrations that nobody holds two of (三员分立)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.kit.errors import Conflict, Faulty, Refused
from services.registry.identity.rules import ROLES, scopes_of, separation_faults

HOLDER = r"^(person|client):[a-z0-9][a-z0-9_.-]{0,62}$"


class OwnRoles(Refused):
    """Nobody changes their own roles."""

    code = "own-roles"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "nobody grants roles to themselves, or takes them", zh="不得变更本人的角色，请由其他安全管理员办理"
        )


class AlreadyGranted(Conflict):
    """The holder has the role for the unit in that time already."""

    code = "already-granted"


@dataclass(frozen=True)
class Term:
    """From when to when a grant holds, both days included; without an end, for ever."""

    first: date
    last: date | None

    def overlaps(self, other: "Term") -> bool:
        """Whether there is a day on which both hold."""
        return (self.last is None or other.first <= self.last) and (other.last is None or self.first <= other.last)


@dataclass(frozen=True)
class Held:
    """A role that the holder has, had or will have."""

    role: str
    unit: str | None
    term: Term


def holder_of(caller: str) -> str:
    """A caller as a holder of roles: the name in a token is `person:NAME`, or a client's."""
    return caller if caller.startswith("person:") else f"client:{caller}"


def faults(wanted: Held, others: Iterable[Held], key_scopes: Iterable[str]) -> Iterator[Faulty]:
    """What is wrong with a grant beside what its holder has at the same time; `key_scopes` are those of a client's keys."""
    role = ROLES.get(wanted.role)
    if role is None:
        yield Faulty(
            "/body/role",
            "unknown-role",
            f"there is no role {wanted.role}; there are {', '.join(ROLES)}",
            f"没有角色 {wanted.role}；可用的有 {'、'.join(ROLES)}",
        )
        return
    if role.of_unit and wanted.unit is None:
        yield Faulty(
            "/body/unit",
            "unit-missing",
            f"a {role.en} is one of a unit: name it",
            f"角色“{role.zh}”须指定单位",
        )
    if wanted.term.last is not None and wanted.term.last < wanted.term.first:
        yield Faulty(
            "/body/valid_to",
            "dates-reversed",
            f"it ends on {wanted.term.last}, before it begins on {wanted.term.first}",
            f"终止日期 {wanted.term.last} 早于起始日期 {wanted.term.first}",
        )
    beside = scopes_of(other.role for other in others if other.term.overlaps(wanted.term))
    yield from separation_faults(sorted({*role.scopes, *beside, *key_scopes}), "/body/role")


def check_new(wanted: Held, others: Iterable[Held]) -> None:
    """Refuse a grant that is there already for a part of its time."""
    for other in others:
        if (other.role, other.unit) == (wanted.role, wanted.unit) and other.term.overlaps(wanted.term):
            raise AlreadyGranted(
                f"{wanted.role} is granted from {other.term.first} already; revoke that first",
                zh=f"该角色自 {other.term.first} 起已授予；请先撤销",
                pointer="/body/role",
            )
