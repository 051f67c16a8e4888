"""Jobs and the files that they are about, as each service keeps them in a schema of its own."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from services.kit.auth import Caller
from services.kit.db import uuid7

_Instant = DateTime(timezone=True)


class JobRow(SQLModel):
    """The columns of a service's own table of jobs. Instants are the database's own: work is no business of the plan's."""

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    operation: str
    """What is done, as the audit calls it: `observations.import`."""
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    client_id: str
    unit: str | None = None
    unit_path: str = ""
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    """Whoever sent it, with the rights that they had then."""
    state: str
    """`receiving` while its file comes in: nobody is told of it before that is there."""
    media: str
    bytes: int = Field(default=0, sa_type=BigInteger)
    read_bytes: int = Field(default=0, sa_type=BigInteger)
    read_rows: int = 0
    sha256: str = ""
    attempts: int = 0
    received_at: datetime = Field(sa_type=_Instant)
    submitted_at: datetime | None = Field(default=None, sa_type=_Instant)
    started_at: datetime | None = Field(default=None, sa_type=_Instant)
    ended_at: datetime | None = Field(default=None, sa_type=_Instant)
    result: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    """Why it failed, in both languages: who reads it says in which."""


class JobPartRow(SQLModel):
    """A piece of a job's file; gone when the job has ended."""

    region: str = Field(primary_key=True)
    job: uuid.UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


@dataclass(frozen=True)
class Jobs:
    """A service's two tables."""

    job: type[JobRow]
    part: type[JobPartRow]


def job_constraints() -> tuple[CheckConstraint | Index, ...]:
    """What a table of jobs has beside its columns."""
    return (
        CheckConstraint(
            "state IN ('receiving', 'waiting', 'running', 'done', 'failed', 'cancelled')", name="state_known"
        ),
        CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_whole"),
        Index(
            "job_open_ix",
            "submitted_at",
            "id",
            postgresql_where=text("state IN ('receiving', 'waiting', 'running')"),
        ),
        Index("job_region_client_id_ix", "region", "client_id", "submitted_at"),
    )


def part_constraints(schema: str) -> tuple[ForeignKeyConstraint]:
    """What a table of pieces has beside its columns."""
    return (ForeignKeyConstraint(["region", "job"], [f"{schema}.job.region", f"{schema}.job.id"], ondelete="CASCADE"),)


def caller_of(job: JobRow) -> Caller:
    """Whoever sent the job."""
    return Caller(job.client_id, frozenset(job.scopes), job.region, job.unit, job.unit_path)
