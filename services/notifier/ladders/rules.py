"""Ladders (督办阶梯) as the decisions use them. Source: semantics.md 6."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from services.kit.workdays import Window

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Level:
    """One rung: what raises it, whom it goes to, what it asks for."""

    code: str
    rank: int
    """0 is the lowest."""
    name: str
    lights: frozenset[str]
    """Lights that raise it by themselves; streaks and unanswered levels are stored and not decided yet."""
    to: tuple[str, ...]
    copy_to: tuple[str, ...]
    own_message: bool
    digest: bool
    asks: str
    limit_days: int | None
    channels: tuple[str, ...]
    issued_by: str
    approval: bool

    @property
    def supervised(self) -> bool:
        """Whether it asks for a reply: it then ends by verification, where a reminder ends with its cause."""
        return self.asks == "reply"


@dataclass(frozen=True)
class Ladder:
    """The ordered levels of one version."""

    code: str
    number: int
    levels: tuple[Level, ...]

    def level(self, code: str) -> Level:
        """The level of this code; KeyError where the version has none."""
        return {level.code: level for level in self.levels}[code]

    def raised_by(self, light: str) -> Level | None:
        """The highest level that `light` raises by itself and that no person has to approve first."""
        raised = [level for level in self.levels if light in level.lights and not level.approval]
        return raised[-1] if raised else None


@dataclass(frozen=True)
class DigestRule:
    """When a digest is due."""

    code: str
    name: str
    weekday: int
    """0 is Monday."""
    at: time


@dataclass(frozen=True)
class Rulebook:
    """One version of how a plan is supervised."""

    plan: str
    recorded_at: datetime
    time_zone: str
    ladder: Ladder
    window: Window
    digests: tuple[DigestRule, ...]

    def digest_roles(self) -> tuple[str, ...]:
        """Who receives a digest: the contacts of the lowest level that is told by one."""
        return next((level.to for level in self.ladder.levels if level.digest), ())


def rulebook(plan: str, number: int, recorded_at: datetime, time_zone: str, content: Mapping[str, Any]) -> Rulebook:
    """The values of a stored version (`content`: ladder, sending, digests as in the plan file)."""
    ladder, sending = content["ladder"], content["sending"]
    return Rulebook(
        plan=plan,
        recorded_at=recorded_at,
        time_zone=time_zone,
        ladder=ladder_of(number, ladder),
        window=Window(time.fromisoformat(sending["opens"]), time.fromisoformat(sending["closes"]), time_zone),
        digests=tuple(
            DigestRule(entry["code"], entry["name"], WEEKDAYS.index(entry["weekday"]), time.fromisoformat(entry["at"]))
            for entry in content["digests"]
        ),
    )


def ladder_of(number: int, content: Mapping[str, Any]) -> Ladder:
    """A ladder from its document."""
    return Ladder(content["code"], number, tuple(_level(rank, entry) for rank, entry in enumerate(content["levels"])))


def _level(rank: int, entry: Mapping[str, Any]) -> Level:
    plain = [cause for cause in entry["raised_by"] if cause.get("months") is None and cause.get("light") is not None]
    return Level(
        code=entry["code"],
        rank=rank,
        name=entry["name"],
        lights=frozenset(cause["light"] for cause in plain),
        to=tuple(entry["to"]),
        copy_to=tuple(entry.get("copy_to", ())),
        own_message=entry["own_message"],
        digest=entry["digest"],
        asks=entry["asks"],
        limit_days=entry.get("limit_days"),
        channels=tuple(entry["channels"]),
        issued_by=entry["issued_by"],
        approval=entry.get("approval", False),
    )
