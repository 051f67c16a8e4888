"""How a plan is supervised (the notifier's part): the ladder of notices and the weekly digest. Terms: section 6 of the rules."""

from typing import Annotated, Literal

from pydantic import Field

from services.plan_file.fields import Name, NameEn
from services.plan_file.scalars import ClockTime, Code, Item, UnitCode
from services.plan_file.things import ContactRole

RaisingLight = Literal["yellow", "red"]
Channel = Literal["email"]
Asked = Literal["acknowledgement", "reply"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Cause(Item):
    """One of the things that raise a level: a light (so many months running), or a level left unanswered."""

    light: RaisingLight | None = None
    """The light that raises it; empty where a level left unanswered does."""
    months: int | None = Field(default=None, ge=2, le=36)
    """The light must have been shown for so many months running."""
    unanswered: Code | None = None
    """Code of a lower level whose time limit has passed without an answer."""


class Level(Item):
    """One rung of the ladder (提示, 督办通知单, 通报)."""

    code: Code
    """Code of the level, unique in its ladder."""
    name: Name
    name_en: NameEn = None
    raised_by: list[Cause] = Field(min_length=1)
    """Any one of these is enough."""
    to: list[ContactRole] = Field(min_length=1)
    """Roles of the lead unit's contacts to whom it goes (主送)."""
    copy_to: list[ContactRole] = Field(default_factory=list)
    """Roles of the contacts of the units in support who get a copy (抄送)."""
    own_message: bool
    """Whether it is told by a message of its own (一事一单)."""
    digest: bool
    """Whether it is told by a line in the lead unit's digest."""
    asks: Asked
    """What the unit has to do: acknowledge (签收), or reply with cause, action and promised date (回复)."""
    limit_days: int | None = Field(default=None, ge=1, le=60)
    """Working days, from the day after issue to the end of the last; empty: no limit."""
    channels: list[Channel] = Field(min_length=1)
    """Ways by which its messages go out."""
    issued_by: UnitCode
    """The unit in whose name it is issued."""
    approval: bool = False
    """Whether a person must approve it first; such a level is not raised by itself."""


class Ladder(Item):
    """The ordered levels of supervision (督办阶梯), lowest first."""

    code: Code
    """Code of the ladder."""
    name: Name
    name_en: NameEn = None
    levels: list[Level] = Field(min_length=1)
    """Lowest first; a matter may enter at a higher one."""


class Sending(Item):
    """The hours of a working day, in the plan's time zone, within which messages go out."""

    opens: ClockTime
    """Time of day from which messages go out."""
    closes: ClockTime
    """Time of day from which no more go out until the next working day opens."""


class Digest(Item):
    """A message per unit and week that holds all its open matters."""

    code: Code
    """Code of the digest; those that are made name it as their `kind`."""
    name: Name
    name_en: NameEn = None
    weekday: Weekday
    """Day of the week on which it is made."""
    at: ClockTime
    """Time of day in the plan's time zone; on a rest day it moves to the next working day, same hour."""


Digests = Annotated[list[Digest], Field(description="The weekly messages of all that is open (汇总).")]
