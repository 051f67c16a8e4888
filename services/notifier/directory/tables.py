"""The notifier's copies of what the registry and indicators say, filled from their feeds and from nowhere else."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.notifier.schema import Instant, Table


class Cursor(Table, table=True):
    """How far a feed is copied."""

    __tablename__ = "directory_cursor"

    region: str = Field(primary_key=True)
    feed: str = Field(primary_key=True)
    """`registry` or `lights`."""
    position: int = 0
    complete_to: datetime | None = Field(default=None, sa_type=Instant)
    """Every event up to this instant is in the copy; the registry's feed does not say."""
    plans: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    """The same by plan, as ISO 8601: plans that are not here were not looked at since they became active."""


class Unit(Table, table=True):
    """A unit (责任单位) as it is now."""

    __tablename__ = "directory_unit"

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    name: str
    path: str
    """Codes from the root down to the unit, joined by dots; who sees a unit sees those below it."""
    successors: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    """Who took over from it when it was dissolved (撤销); they carry on what is open."""


class UnitName(Table, table=True):
    """What a unit was called from an instant on: what was written before a reform keeps the name it was written under."""

    __tablename__ = "directory_unit_name"
    __table_args__ = (Index(None, "region", "name"),)

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    name: str


class Contact(Table, table=True):
    """Who receives a unit's notices in a role: liaison 联络员, principal 主要负责人, deputy 分管负责人, deputy_head 分管副区长."""

    __tablename__ = "directory_contact"

    region: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    object_id: str
    """The registry's id of it: all that its feed says when it ends."""
    person: str
    address: bytes
    """E-mail address, AES-256-GCM: 12 bytes of nonce, then the sealed text (kept apart by region, unit and role)."""


class Stead(Table, table=True):
    """Who receives a contact's messages instead: a stand-in on some days (代理), or who takes the role over (交接)."""

    __tablename__ = "directory_stead"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "unit", "role"],
            ["notifier.directory_contact.region", "notifier.directory_contact.unit", "notifier.directory_contact.role"],
        ),
    )

    region: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    stands_in: bool = Field(primary_key=True)
    """A stand-in, else a successor in the role."""
    valid_from: date = Field(primary_key=True)
    valid_to: date | None = None
    person: str
    address: bytes
    """As of the contact, kept apart in the same way."""


class CalendarYear(Table, table=True):
    """The days that a year's notice of the General Office of the State Council sets apart from the plain week (调休)."""

    __tablename__ = "directory_calendar_year"

    region: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_type=SmallInteger)
    published: bool
    """Whether the notice is out; until then only weekends count."""
    exceptions: dict[str, bool] = Field(sa_type=JSONB)
    """By day: whether it is worked."""
    document: str | None = None
    """Number of the notice."""
    recorded_at: datetime = Field(sa_type=Instant)
    applied: bool = False
    """Limits that were set by what was known before are worked out anew."""


class Plan(Table, table=True):
    """A plan (行动计划) as it is now."""

    __tablename__ = "directory_plan"

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    name: str
    time_zone: str
    state: str
    """`set-up`, `active`, `closed`."""
    active_from: datetime | None = Field(default=None, sa_type=Instant)
    """The instant at which it became active."""


class Responsibility(Table, table=True):
    """A version of who answers for a matter (责任分工): in force at an instant is the latest recorded up to then."""

    __tablename__ = "directory_responsibility"

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    matter: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    object_id: str = Field(index=True)
    """The registry's id of it: all that its feed says when it ends."""
    lead: str | None = None
    """Code of the lead unit (牵头); nothing once the matter has no owner any more."""
    support: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    name: str = ""
    """What the matter is called."""
    subject: str = ""


class Light(Table, table=True):
    """A change of light as indicators announced it, kept until it is decided and afterwards."""

    __tablename__ = "directory_light"
    __table_args__ = (
        Index("directory_light_undecided_ix", "region", "at", "position", postgresql_where="NOT decided"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True)
    position: int
    plan: str
    matter: str
    at: datetime = Field(sa_type=Instant)
    content: dict[str, Any] = Field(sa_type=JSONB)
    """What it was judged on, as announced; exact numbers as text."""
    decided: bool = False
