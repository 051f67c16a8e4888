"""The service's own copy of the registry, and its audit.

An answer names units and subjects, so what it rests on of them is versioned as well. `recorded_at` is this service's
own stamp at the arrival of a change: an answer that was given cannot then be changed by a feed that lags. While no
plan is active a change replaces and counts from ever, as plans look back to before the platform ran; nothing that was
answered then is promised to stand.
"""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, Index, Text
from sqlmodel import Field

from services.indicators.schema import Instant, Table
from services.kit.audit import AuditRow, audit_constraints
from services.kit.idempotency import AnswerRow, answer_constraints
from services.kit.later.rows import JobPartRow, JobRow, Jobs, job_constraints, part_constraints


class Audit(AuditRow, Table, table=True):
    """Who did what in indicators."""

    __tablename__ = "audit"
    __table_args__ = audit_constraints()


class Answer(AnswerRow, Table, table=True):
    """Answers kept for requests that are sent again."""

    __tablename__ = "answer"
    __table_args__ = answer_constraints()


class Feed(Table, table=True):
    """How far a feed is copied."""

    __tablename__ = "directory_feed"

    region: str = Field(primary_key=True)
    feed: str = Field(primary_key=True)
    position: int = 0


class PlanState(Table, table=True):
    """The state of a plan as the registry says it: `set-up`, `active`, `closed`."""

    __tablename__ = "directory_plan"

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    name: str
    state: str
    activated_at: datetime | None = Field(default=None, sa_type=Instant)


class Subject(Table, table=True):
    """A version of something that figures can be about: a unit, an industry, a carrier, an enterprise, a project."""

    __tablename__ = "directory_subject"
    __table_args__ = (Index(None, "region", "kind", "name"),)

    region: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    name: str
    path: str = ""
    """A unit's codes from the root down to it, joined by dots; who sees a unit sees those below it."""
    industries: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    carrier: str | None = None
    successors: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    """The units that took over from a unit when it was dissolved (撤销); the enterprise into which one was merged."""
    ended: bool = False


class Owner(Table, table=True):
    """A version of who answers for a matter of a plan (责任分工): one lead unit (牵头), any number in support (配合)."""

    __tablename__ = "directory_owner"

    region: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    matter: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    change_id: str
    """The registry's id of the responsibility; an end names nothing else."""
    lead: str | None = None
    """Nothing once the matter has no owner any more."""
    support: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))


class RosterItem(Table, table=True):
    """A version of an item of a roster (名册): from when to when it counts, and for what."""

    __tablename__ = "directory_roster_item"
    __table_args__ = (Index(None, "region", "roster", "subject"), Index(None, "region", "recorded_at"))

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    """Roster and number: `leading/0001`."""
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    roster: str
    subject: str
    since: date | None = None
    """The day of its recognition; nothing while it is proposed."""
    until: date | None = None
    """The day of its withdrawal, on which it counts no more."""


class ClockStop(Table, table=True):
    """A version of an approved pause of a subject (中止计时): its days leave the schedule openly."""

    __tablename__ = "clock_stop"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="last_day"),
        Index(None, "region", "recorded_at"),
        Index(None, "region", "subject"),
    )

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    """The registry's, of its suspension: `P01/1`."""
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    subject: str
    """`project:P01`; the clock of every target about it stands still."""
    first_day: date
    last_day: date
    """Both days belong to it."""
    cause: str
    reason: str
    approved_by: str
    withdrawn: bool = False
    """Annulled: its days count again."""


class Work(Table, table=True):
    """How far due work is done in a region: every event up to `done_to` is in the feed of lights."""

    __tablename__ = "work"

    region: str = Field(primary_key=True)
    done_to: datetime = Field(sa_type=Instant)


class Job(JobRow, Table, table=True):
    """Imports that are done later."""

    __tablename__ = "job"
    __table_args__ = job_constraints()


class JobPart(JobPartRow, Table, table=True):
    """Pieces of their files."""

    __tablename__ = "job_part"
    __table_args__ = part_constraints("indicators")


JOBS = Jobs(Job, JobPart)
