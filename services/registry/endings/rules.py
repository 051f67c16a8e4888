"""What keeps an object from being ended: whatever in force names it, the plan file that lists it, where it comes from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.kit.errors import Conflict, Faulty
from services.registry.versions.rules import Content, Reference, subject_reference

References = Callable[[Content, str], Iterator[Reference]]
SHOWN: Final = 20
"""So many of what names an object are told one by one."""
AT: Final = "/path/code"

INSTEAD: Final[Mapping[str, tuple[str, str]]] = {
    "enterprise": (
        "; where it is the same as another one, merge it: POST /registry/v1/enterprises/{code}/merge",
        "；如与另一企业重复，请改用合并（POST /registry/v1/enterprises/{code}/merge）",
    )
}
"""What is right instead, of kinds that have something."""


@dataclass(frozen=True)
class Namer:
    """What names an object: how it is spoken of, and whether whoever asks may know which it is."""

    kind: str
    subject: str
    known: bool = True


class StillReferredTo(Conflict):
    """Something in force names what would be ended, or a plan file lists it."""

    code = "still-referred-to"

    def __init__(self, subject: str, namers: Sequence[Namer], plans: Sequence[str]) -> None:
        kind = subject.partition(":")[0]
        instead, instead_zh = INSTEAD.get(kind, ("", ""))
        told = _told(namers)
        en, zh = [], []
        if namers:
            rest = len(namers) - SHOWN
            beyond = (f" and {rest} more", f"等另外 {rest} 项") if rest > 0 else ("", "")
            en.append(
                f"{len(namers)} object(s) name it: {', '.join(told)}{beyond[0]}; end or change those first{instead}"
            )
            zh.append(f"仍有 {len(namers)} 项引用它：{'、'.join(told)}{beyond[1]}；请先终止或修改这些内容{instead_zh}")
        if plans:
            en.append(
                f"the file of {', '.join(plans)} lists it, so that the next apply would bring it back; "
                "take it out of the file and apply that"
            )
            zh.append(f"计划文件（{'、'.join(plans)}）仍列有它，下次应用会重新生成；请先从计划文件中删除并应用")
        super().__init__(
            f"{subject} cannot be ended: {'; '.join(en)}",
            zh=f"{subject} 不能终止：{'；'.join(zh)}",
            faults=[*_faults(namers), *_plan_faults(plans)],
        )


class BuiltIn(Conflict):
    """It comes with the software."""

    code = "built-in"

    def __init__(self, code: str) -> None:
        super().__init__(
            f"the kind {code} comes with the software: plans name it; it can be replaced, not ended",
            zh=f"项目类型 {code} 为系统内置，计划会引用它；可以修改，不能终止",
        )


def names(references: Iterable[Reference], kind: str, code: str) -> bool:
    """Whether one of these references is to the object."""
    return any((reference.kind, reference.code) == (kind, code) for reference in references)


def _told(namers: Sequence[Namer]) -> list[str]:
    return [namer.subject if namer.known else namer.kind for namer in namers[:SHOWN]]


def _faults(namers: Sequence[Namer]) -> Iterator[Faulty]:
    for told in _told(namers):
        yield Faulty(AT, "named-by", f"{told} names it: end or change that first", f"{told} 引用了它：请先终止或修改")


def _plan_faults(plans: Sequence[str]) -> Iterator[Faulty]:
    for plan in plans:
        yield Faulty(AT, "in-plan-file", f"the file of plan:{plan} lists it", f"plan:{plan} 的计划文件列有它")


def of_project(content: Content, at: str = "/body") -> Iterator[Reference]:
    """The project of what belongs to one."""
    if content["project"] is not None:
        yield Reference(f"{at}/project", "project", content["project"])


def of_subject(content: Content, at: str = "/body") -> Iterator[Reference]:
    """What something is about."""
    yield from subject_reference(content["subject"], f"{at}/subject")


def of_problem(content: Content, at: str = "/body") -> Iterator[Reference]:
    """What a problem is about, and the visit on which it was seen."""
    yield from of_subject(content, at)
    if content["visit"] is not None:
        yield Reference(f"{at}/visit", "visit", content["visit"])


def of_prospect(content: Content, at: str = "/body") -> Iterator[Reference]:
    """The industry of a prospect, and the enterprise and the project that it became."""
    for kind in ("industry", "enterprise", "project"):
        if content[kind] is not None:
            yield Reference(f"{at}/{kind}", kind, content[kind])


def in_roster(references: References) -> References:
    """What an item of a roster names, and the roster."""

    def found(content: Content, at: str = "/body") -> Iterator[Reference]:
        yield Reference(f"{at}/roster", "roster", content["roster"])
        yield from references(content, at)

    return found
