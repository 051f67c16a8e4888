"""The life of a task (任务): not begun → under way → done, or stopped; each step with its day and what proves it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from services.kit.errors import Conflict, Faulty
from services.registry.versions.rules import Content

STEPS: Final[Mapping[str, frozenset[str]]] = {
    "not_begun": frozenset({"under_way", "stopped"}),
    "under_way": frozenset({"done", "stopped"}),
    "done": frozenset({"under_way"}),
    "stopped": frozenset({"under_way"}),
}
"""The states that may come after each. What was done or stopped can be taken up again, with a reason."""

OPEN: Final = frozenset({"not_begun", "under_way"})
"""States in which something is left to do."""

NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "not_begun": ("未启动", "not begun"),
    "under_way": ("推进中", "under way"),
    "done": ("已完成", "done"),
    "stopped": ("已停止", "stopped"),
}


ASK_WHO_ANSWERS: Final = (
    "your unit and those below it do not answer for this; ask a unit that does to report it",
    "本单位及下级单位不负责此事项，请由责任单位填报",
)


class WrongStep(Conflict):
    """The task is not in the state for this step."""

    code = "wrong-step"

    def __init__(self, state: str, to: str) -> None:
        after = sorted(STEPS[state])
        super().__init__(
            f"the task is {state}; from there it can become {' or '.join(after)}, not {to}",
            zh=f"任务当前为“{NAMES[state][0]}”，可变为{'或'.join(f'“{NAMES[one][0]}”' for one in after)}，不能变为“{NAMES[to][0]}”",
            pointer="/body/to",
        )


class CarriedOver(Conflict):
    """A later plan continues the task: what happens to it is reported there."""

    code = "carried-over"

    def __init__(self, to: str) -> None:
        plan, _, code = to.partition("/")
        super().__init__(
            f"the task goes on as {code} of the plan {plan}; report it there",
            zh=f"该任务已由计划 {plan} 的 {code} 承接，请在那里填报",
        )


def stepped(task: Content, to: str, on: date) -> Content:
    """The task after a step, or a refusal."""
    check_own(task)
    if to not in STEPS[task["state"]]:
        raise WrongStep(task["state"], to)
    return {**task, "state": to, "state_since": on.isoformat()}


def check_own(task: Content) -> None:
    """Refuse where a later plan continues the task."""
    if task["carried_to"] is not None:
        raise CarriedOver(task["carried_to"])


def step_faults(task: Content, to: str, text: str | None, evidence: Sequence[str], on: date) -> Iterator[Faulty]:
    """What a step lacks: evidence of what was done, a reason for stopping and for taking up again, an order of days."""
    if to == "done" and not evidence:
        yield Faulty(
            "/body/evidence",
            "evidence-needed",
            "what proves that it is done? Name at least one document or link",
            "完成须有佐证：请至少填写一项文号或链接",
        )
    if text is None and (to == "stopped" or task["state"] in {"done", "stopped"}):
        yield Faulty("/body/text", "reason-needed", "a reason is needed for this step", "此步骤须说明原因")
    since = task["state_since"]
    if since is not None and on.isoformat() < since:
        yield Faulty(
            "/body/on",
            "before-the-last",
            f"the step before this one was on {since}; this one cannot be earlier",
            f"上一步骤在 {since}，本步骤不能更早",
        )


def day_faults(on: date, today: date, at: str = "/body/on") -> Iterator[Faulty]:
    """What is reported has happened."""
    if on > today:
        yield Faulty(at, "in-future", f"it is {today} today; {on} is not over yet", f"今天是 {today}，{on} 尚未到来")


def link_faults(link: str | None, at: str = "/body/link") -> Iterator[Faulty]:
    """A link is one that a browser opens and that runs nothing."""
    if link is not None and not link.startswith(("https://", "http://")):
        yield Faulty(
            at, "link", "a link that begins with https:// or http:// was expected", "链接应以 https:// 或 http:// 开头"
        )


def no_such_task(said: Content, at: str = "/body") -> Faulty:
    """That the plan has no such task as is named."""
    plan, task = said["plan"], said["task"]
    told = (f"the plan {plan} has no task {task}", f"计划 {plan} 没有任务 {task}")
    return Faulty(f"{at}/task", "unknown-reference", *told)


def reports_for(units: Collection[str], paths: Mapping[str, str], top: str) -> bool:
    """Whether one of the units that answer lies at or below the caller's place in the tree."""
    return not top or any(f"{paths[unit]}.".startswith(f"{top}.") for unit in units if unit in paths)


def entry_content(entry: Mapping[str, Any]) -> Content:
    """What a log entry says, for the audit."""
    return {name: entry[name] for name in ("kind", "to_state") if entry[name] is not None}
