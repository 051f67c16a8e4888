"""What else the published text says (行文): headings, names, lists. Only the plan check reads it; it measures nothing."""

from typing import Literal

from pydantic import Field

from services.plan_file.fields import Clause, Phrase
from services.plan_file.scalars import IndicatorCode, Item, PlanScopedCode, Subject, Text

MentionKind = Literal["enterprise", "project", "place", "service"]
ListKind = Literal["enterprises", "projects"]


class Heading(Item):
    """Words elsewhere in the text that govern targets: a heading, or the first half of a sentence (总起语)."""

    targets: list[PlanScopedCode] = Field(min_length=1)
    """Codes of the targets that they govern."""
    clause: Clause
    phrase: Phrase


class Mention(Item):
    """Where the text names things, and under what (提及)."""

    subject: Subject
    """The carrier, industry or plan under which they are named."""
    kind: MentionKind
    """What they are named as: enterprise 核心企业, project 项目, place 平台或载体, service 服务业 within an industry."""
    names: list[Text] = Field(min_length=1, max_length=50)
    """Each as the phrase writes it."""
    clause: Clause
    phrase: Phrase


class CountedList(Item):
    """Which list of this file a count speaks of: so many are promised, so many are listed."""

    indicator: IndicatorCode
    """Code of the indicator whose targets promise the count."""
    list: ListKind
    """The list of this file that holds what is counted."""


class Wording(Item):
    """What the plan check needs to know of the text beside targets and tasks."""

    headings: list[Heading] = Field(default_factory=list)
    """Words that govern targets from elsewhere in the text."""
    mentions: list[Mention] = Field(default_factory=list, max_length=500)
    """Where the text names enterprises, projects, places or services."""
    counted: list[CountedList] = Field(default_factory=list)
    """Which lists the promised counts speak of."""
