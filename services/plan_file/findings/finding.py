"""A finding about a plan itself: what it says, on what it rests, and the sum that anybody can redo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

Language = Literal["zh", "en"]
Severity = Literal["error", "warning", "info", "ok"]
State = Literal["open", "assumed", "assigned", "in_order"]
ObjectKind = Literal[
    "plan", "industry", "unit", "carrier", "enterprise", "project", "task", "responsibility", "target", "policy"
]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info", "ok")
"""Gravest first."""


class Both(NamedTuple):
    """The same words in Chinese and in English."""

    zh: str
    en: str


Value = str | Both | Sequence["Value"]
"""What a sentence tells: words, the same in two languages, or a list of such."""


class Place(NamedTuple):
    """An object of the plan file that a finding concerns."""

    kind: ObjectKind
    code: str
    name: str
    pointer: str
    """JSON pointer into the plan file, counted from 0."""
    name_en: str | None = None

    @property
    def called(self) -> "Both":
        """Its name in a sentence; the published one where it has no English one."""
        return Both(self.name, self.name_en or self.name)


class Quote(NamedTuple):
    """Words of the published text, and the clause in which they stand."""

    clause: str
    phrase: str


class Step(NamedTuple):
    """One line of arithmetic: what is computed, the sum as it is typed into a pocket calculator, what comes out."""

    what: Both
    sum: str
    result: str
    """Exact, or rounded and then marked by `≈`."""


@dataclass(frozen=True)
class Kind:
    """What a rule looks for."""

    code: str
    """Stable; others rely on it."""
    severity: Severity
    """Of a finding that nobody has answered."""
    looks_for: str
    """In English, for the reference."""
    says: Both
    """Template over the finding's values."""
    asks: Both
    """What would be right; a template too."""
    fact: str | None = None
    """Which of the listed findings in the sample plan it answers (L1 to L21): for the reference and the tests, since no
    other plan has such a list.
    """
    answered: Both | None = None
    """What is said instead where somebody has answered it."""
    left: Both | None = None
    """What is left to be done then."""


@dataclass(frozen=True)
class Finding:
    """One thing that whoever runs the plan should know about it. It never blocks an apply."""

    kind: Kind
    places: tuple[Place, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    arithmetic: tuple[Step, ...] = ()
    state: State = "open"
    severity: Severity = "info"
    answered_by: tuple[str, ...] = ()
    """Who confirmed what is assumed."""

    @property
    def code(self) -> str:
        """The kind's stable name."""
        return self.kind.code

    def says(self, language: Language) -> str:
        """What was found."""
        template = self.kind.says if self.kind.answered is None or not self._answered else self.kind.answered
        return self._filled(template, language)

    def asks(self, language: Language) -> str:
        """What would be right."""
        template = self.kind.asks if self.kind.left is None or not self._answered else self.kind.left
        return self._filled(template, language)

    @property
    def _answered(self) -> bool:
        return self.state in {"assumed", "assigned"}

    def _filled(self, template: Both, language: Language) -> str:
        words = {name: told(value, language) for name, value in self.values.items()}
        return (template.zh if language == "zh" else template.en).format_map(words)


def found(
    kind: Kind,
    places: Sequence[Place],
    *,
    values: Mapping[str, Value],
    quotes: Sequence[Quote] = (),
    arithmetic: Sequence[Step] = (),
    state: State | None = None,
    severity: Severity | None = None,
    answered_by: Sequence[str] = (),
) -> Finding:
    """A finding of a kind; one that is in order says so."""
    return Finding(
        kind=kind,
        places=tuple(places),
        values=values,
        quotes=tuple(dict.fromkeys(quotes)),
        arithmetic=tuple(arithmetic),
        state=state or ("in_order" if kind.severity == "ok" else "open"),
        severity=severity or kind.severity,
        answered_by=tuple(answered_by),
    )


def told(value: Value, language: Language) -> str:
    """A value as it stands in a sentence; lists are joined as the language does."""
    if isinstance(value, str):
        return value
    if isinstance(value, Both):
        return value.zh if language == "zh" else value.en
    return ("、" if language == "zh" else ", ").join(told(each, language) for each in value)
