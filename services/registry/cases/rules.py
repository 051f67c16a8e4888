"""How a case moves: from which states an act leads where. Its content keeps every act in order and loses none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.kit.errors import Conflict, Faulty
from services.registry.versions.rules import HENCEFORTH, Content, Reference

Ways = Mapping[str, tuple[frozenset[str], str]]
"""By act: the states from which it is taken, and the state to which it leads; `*` stays where it is."""

PROPOSAL: Final[Ways] = {
    "propose": (frozenset(), "proposed"),
    "amend": (frozenset({"proposed"}), "proposed"),
    "opine": (frozenset({"proposed"}), "proposed"),
    "approve": (frozenset({"proposed"}), "approved"),
    "refuse": (frozenset({"proposed"}), "refused"),
    "withdraw": (frozenset({"proposed"}), "withdrawn"),
}
"""Something that a unit proposes and the leading-group office decides."""


STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "proposed": ("待审定", "proposed"),
    "approved": ("已批准", "approved"),
    "refused": ("不予批准", "refused"),
    "withdrawn": ("已撤回", "withdrawn"),
    "annulled": ("已撤销", "annulled", "of suspensions only"),
}
"""What the states of proposals are called."""
PROBLEM_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "raised": ("已上报", "raised"),
    "assigned": ("已交办", "assigned"),
    "decided": ("已决定", "decided"),
    "done": ("已办结", "settled"),
    "returned": ("已退回", "returned"),
}
"""What the states of problems raised upward are called."""
ACTS: Final[Mapping[str, str]] = {
    "amend": "修改",
    "opine": "评审",
    "approve": "批准",
    "refuse": "不予批准",
    "withdraw": "撤回",
    "move_end": "调整终止日期",
    "annul": "撤销",
    "assign": "交办",
    "send_back": "退回交办",
    "decide": "决定",
    "settle": "办结",
    "return": "退回",
    "reopen": "重新上报",
}
"""What is done with a case that is there, in Chinese."""


def _state(state: str) -> str:
    return f"“{({**STATES, **PROBLEM_STATES})[state][0]}”（{state}）"


class WrongCaseState(Conflict):
    """The case is not in a state from which this act is taken."""

    code = "wrong-state"

    def __init__(self, act: str, state: str, froms: Iterable[str]) -> None:
        needed = " or ".join(sorted(froms))
        super().__init__(
            f"it is {state}; to {act} it must be {needed}",
            zh=f"当前状态为{_state(state)}；{ACTS[act]}（{act}）须处于{'或'.join(map(_state, sorted(froms)))}",
        )


class OwnProposal(Conflict):
    """Who proposed something decides it: four eyes are asked for (双人复核)."""

    code = "own-proposal"

    def __init__(self) -> None:
        super().__init__(
            "you proposed it yourself; another caller decides it", zh="本事项由您提出，应由其他账号审定（双人复核）"
        )


@dataclass(frozen=True)
class Actor:
    """Who acts and when: client, the unit for which it acts, the instant of the business clock in ISO 8601."""

    client_id: str
    unit: str | None
    at: str


def others_speak(unit: str) -> tuple[str, str]:
    """Who speaks for a unit, for those who do not: in English and Chinese."""
    return (
        f"for {unit} its own callers speak, and those of the units above it",
        f"应由 {unit} 本单位或其上级单位的账号办理",
    )


def begun(act: str, ways: Ways, actor: Actor, said: Content, content: Content) -> Content:
    """A new case after its first act."""
    return {**content, "state": ways[act][1], "acts": [_act(act, actor, said)]}


def moved(act: str, ways: Ways, actor: Actor, said: Content, content: Content) -> Content:
    """The case after one more act, or `WrongCaseState`."""
    froms, to = ways[act]
    if content["state"] not in froms:
        raise WrongCaseState(act, content["state"], froms)
    return {**content, "state": to, "acts": [*content["acts"], _act(act, actor, said)]}


def noted(act: str, actor: Actor, said: Content, content: Content) -> Content:
    """The case after an act that leaves its state as it is, whichever that is."""
    return {**content, "acts": [*content["acts"], _act(act, actor, said)]}


def _act(act: str, actor: Actor, said: Content) -> Content:
    given = {"text": None, "files": [], **said}
    return {"act": act, "at": actor.at, "client_id": actor.client_id, "unit": actor.unit, **given}


def check_four_eyes(content: Content, client_id: str) -> None:
    """Refuse a decision by who proposed or last amended what is decided."""
    if any(act["client_id"] == client_id for act in content["acts"] if act["act"] in {"propose", "amend"}):
        raise OwnProposal


def file_pointers(files: Iterable[str], at: str = "/body/files") -> Iterator[tuple[str, str]]:
    """Where each evidence file stands in what was sent."""
    for place, sha256 in enumerate(files):
        yield f"{at}/{place}", sha256


def day_faults(day: str, today: date, at: str, *, not_before: str | None = None) -> Iterator[Faulty]:
    """A fault where something is said to have happened after today, or before what it follows."""
    if date.fromisoformat(day) > today:
        yield Faulty(at, "day-in-future", f"it is {today} now; {day} has not come", f"今天是 {today}，{day} 尚未到来")
    if not_before is not None and day < not_before:
        yield Faulty(
            at, "day-too-early", f"{day} is before {not_before}, which it follows", f"{day} 早于其前一步的 {not_before}"
        )


def unit_references(units: Iterable[str], at: str) -> Iterator[Reference]:
    """The units in a list, which must be there and stand."""
    for place, unit in enumerate(units):
        yield Reference(f"{at}/{place}", "unit", unit, HENCEFORTH)
