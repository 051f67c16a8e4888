"""Kinds of projects on the wire."""

from typing import Annotated

from pydantic import Field

from services.plan_file.scalars import Code, IndicatorCode, Item, Text
from services.registry.projects.kinds.rules import Counted, Need, Proposer, Stage
from services.registry.versions.schemas import Kept


class Named(Item):
    """Something with a code and a name in both languages."""

    code: IndicatorCode
    """Short name, unique among its like."""
    name: Text
    """What it is called in Chinese."""
    name_en: Text
    """What it is called in English."""


class StepRule(Named):
    """A step of a project's life: from where to where, who proposes it, what it needs. The leading-group office decides."""

    from_: Annotated[list[Stage], Field(alias="from", min_length=1)]
    """Stages from which it may be taken."""
    to: Annotated[list[Stage], Field(min_length=1)]
    """Stage that it leads to; of several, a proposal says which."""
    proposes: Proposer
    """`lead`: the project's lead unit (牵头单位); `unit`: its lead or a support unit; `office`: the whole region's callers."""
    evidence: list[Named]
    """Kinds of evidence that it needs, each at least one file."""
    needs: list[Need]
    """What it needs beside papers."""


class Node(Named):
    """A node of the usual course of work (节点)."""

    days: Annotated[int, Field(ge=0, le=3650)]
    """Usual days from the node before to this one; of the first, from the beginning."""
    counted: Counted
    """Whether these are calendar days or working days."""
    step: IndicatorCode | None = None
    """The step that reaches it, if there is one; else its day is reported."""


class Agreed(Named):
    """What must be agreed on admission (准入约定): an amount in its unit of measure, or a day."""

    unit: Text | None = None
    """Unit of measure of the amount; empty: a day is agreed."""


class ProjectKind(Item):
    """A kind of project (项目类型): its life as a graph, its criteria for admission, its usual durations."""

    code: Code
    """Short name by which projects say of which kind they are."""
    name: Text
    """What it is called in Chinese."""
    name_en: Text
    """What it is called in English."""
    criteria: list[Named]
    """Criteria for admission (准入条件); each is found met or not."""
    commitments: list[Agreed]
    """What must be agreed on admission."""
    steps: Annotated[list[StepRule], Field(min_length=1, max_length=50)]
    """Which step leads from which stages where."""
    nodes: Annotated[list[Node], Field(max_length=50)]
    """In the order of work."""


class ProjectKindView(Kept, ProjectKind):
    """A kind of project, as it is today or was."""
