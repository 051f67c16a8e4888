"""What is decided about a matter when its light or its owner changes. Source: semantics.md 6.

Pure: the same inputs give the same verdict for ever, so every stored decision can be made again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from services.kit.workdays import Calendar, end_of
from services.notifier.ladders.rules import Ladder, Level

RECOVERED = frozenset({"green", "done"})


class State(StrEnum):
    """Where a notice stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """签收."""
    AWAITING_VERIFICATION = "awaiting_verification"
    """Its light has left red; a person verifies (待核实)."""
    CLOSED = "closed"
    """办结, 销号."""


RUNNING = frozenset({State.OPEN, State.ACKNOWLEDGED})
"""In digests, under a limit."""


class Act(StrEnum):
    """What a decision does."""

    OPENED = "opened"
    RAISED = "raised"
    REOPENED = "reopened"
    AWAITS = "awaiting_verification"
    CLOSED = "closed"
    KEPT = "kept"
    NONE = "none"


@dataclass(frozen=True)
class Light:
    """The light of a matter, and why it shows where there is more to say."""

    light: str
    reason: str | None = None

    @property
    def why(self) -> str:
        """The reason as decisions record it."""
        return self.reason or f"light_{self.light}"


@dataclass(frozen=True)
class Running:
    """The notice that a matter has with its responsible unit and that is not closed."""

    level: str
    state: State
    messaged: frozenset[str] = frozenset()
    """Levels whose own message went out, is on its way, or failed for good: everything but cancelled."""
    red_since: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """What is decided. `level` and `state` are what holds afterwards; nothing where there is no notice."""

    act: Act
    reason: str
    level: Level | None = None
    state: State | None = None
    own_message: bool = False
    """A message of its own is due, now."""
    red_since: datetime | None = None


def decide(ladder: Ladder, running: Running | None, light: Light, *, led: bool, at: datetime) -> Verdict:
    """Decide what the light of a matter means for its notice at the instant `at`.

    `ladder` is the version of the running notice, or the one in force at `at` for a new one; `led` says whether
    anybody is responsible: without an owner none begins.
    """
    raised = ladder.raised_by(light.light)
    if running is None:
        return _without_notice(raised, light, led=led, at=at)
    level = ladder.level(running.level)
    red_since = _red_since(running.red_since, light, at)
    if raised is not None and raised.rank > level.rank:
        message = raised.own_message and raised.code not in running.messaged
        return Verdict(Act.RAISED, light.why, raised, State.OPEN, message, red_since)
    act, state = _at_its_level(level, running.state, light, holds=raised == level)
    message = act is Act.REOPENED and level.own_message and level.code not in running.messaged
    return Verdict(act, light.why, level, state, message, red_since)


def hand_over(ladder: Ladder, running: Running, *, led: bool) -> Verdict:
    """The notice of a unit that no longer answers for the matter ends; the unit that does gets one of its own."""
    return Verdict(Act.CLOSED, "handed_over" if led else "no_owner", ladder.level(running.level), State.CLOSED)


def carry_on(ladder: Ladder, running: Running) -> Verdict:
    """The notice of a unit that was dissolved goes on with the unit that took the matter over: as it stands, unsent."""
    return Verdict(Act.KEPT, "reorganised", ladder.level(running.level), running.state, red_since=running.red_since)


def inputs(ladder: Ladder, running: Running | None, light: Light, *, led: bool, at: datetime) -> dict[str, Any]:
    """What `decide` was given, as JSON: enough, with the ladder's version, to decide it again."""
    return {
        "ladder": ladder.number,
        "running": None
        if running is None
        else {
            "level": running.level,
            "state": running.state.value,
            "messaged": sorted(running.messaged),
            "red_since": None if running.red_since is None else running.red_since.isoformat(),
        },
        "light": light.light,
        "reason": light.reason,
        "led": led,
        "at": at.isoformat(),
    }


def replay(ladder: Ladder, given: Mapping[str, Any]) -> Verdict:
    """Decide stored inputs again."""
    before = given["running"]
    running = None
    if before is not None:
        since = before["red_since"]
        running = Running(
            before["level"],
            State(before["state"]),
            frozenset(before["messaged"]),
            None if since is None else datetime.fromisoformat(since),
        )
    light = Light(given["light"], given["reason"])
    return decide(ladder, running, light, led=given["led"], at=datetime.fromisoformat(given["at"]))


def _without_notice(raised: Level | None, light: Light, *, led: bool, at: datetime) -> Verdict:
    if raised is None:
        return Verdict(Act.NONE, light.why)
    if not led:
        return Verdict(Act.NONE, "no_owner")
    return Verdict(Act.OPENED, light.why, raised, State.OPEN, raised.own_message, _red_since(None, light, at))


def _at_its_level(level: Level, state: State, light: Light, *, holds: bool) -> tuple[Act, State]:
    """What a light does that raises nothing: a reminder ends with its cause, a supervised notice is verified first."""
    if light.light == "grey":  # nothing is known: neither better nor worse
        return Act.KEPT, state
    waiting = state is State.AWAITING_VERIFICATION
    if level.supervised:
        if holds:
            return (Act.REOPENED, State.OPEN) if waiting else (Act.KEPT, state)
        return (Act.KEPT, state) if waiting else (Act.AWAITS, State.AWAITING_VERIFICATION)
    return (Act.CLOSED, State.CLOSED) if light.light in RECOVERED else (Act.KEPT, state)


def _red_since(before: datetime | None, light: Light, at: datetime) -> datetime | None:
    """A red streak counts from the decision that first saw it; grey neither lengthens nor breaks it."""
    if light.light == "grey":
        return before
    return (before or at) if light.light == "red" else None


@dataclass(frozen=True)
class Limit:
    """A time limit (办理期限): its last working day, and the end of that day."""

    on: date
    at: datetime
    provisional: bool = False
    """Its year's working days are not published."""


def limit(level: Level, issued_at: datetime, calendar: Calendar, zone: str) -> Limit | None:
    """The level's limit in working days, counted from the day after issue to the end of the last."""
    if level.limit_days is None:
        return None
    last = calendar.after(issued_at.astimezone(ZoneInfo(zone)).date(), level.limit_days)
    return Limit(last, end_of(last, zone), calendar.provisional(last))


def overdue(state: State, limit_at: datetime | None, answered_at: datetime | None, at: datetime) -> bool:
    """Whether at `at` the limit has passed without what was asked for."""
    return state in RUNNING and limit_at is not None and limit_at <= at and answered_at is None
