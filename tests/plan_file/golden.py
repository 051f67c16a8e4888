"""The findings of the sample plan, kept whole: `python -m tests.plan_file.golden` writes them anew."""

import json
from pathlib import Path
from typing import Any, Final

from services.plan_file.model import PlanFile
from services.plan_file.report import plan_check
from tests.plan_file.samples import XIAOSHAN, plan_of

DATA: Final = Path(__file__).parents[1] / "data"


def as_shipped() -> PlanFile:
    return plan_of(XIAOSHAN)


def as_published() -> PlanFile:
    """Without the owners and baselines that the sample adds: what the published text itself says."""
    plan_file = as_shipped()
    bare = [target.model_copy(update={"baseline": None}) for target in plan_file.targets]
    return plan_file.model_copy(update={"responsibilities": [], "targets": bare})


PLANS: Final = {"as-published": as_published, "as-shipped": as_shipped}


def path(name: str) -> Path:
    return DATA / f"findings-{name}.json"


def answer(name: str) -> dict[str, Any]:
    """The answer of the plan check, without the file's version, which every change of the model changes."""
    return plan_check(PLANS[name]()).model_dump(mode="json", exclude={"version"})


def main() -> None:
    """Write both."""
    for name in PLANS:
        path(name).write_text(json.dumps(answer(name), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
