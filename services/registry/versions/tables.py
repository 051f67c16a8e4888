"""What every object of the registry is kept in: the row of today, and every version there has been."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from services.kit.audit import AuditRow, audit_constraints
from services.kit.db import uuid7
from services.kit.feed import position_field
from services.kit.idempotency import AnswerRow, answer_constraints
from services.kit.later.rows import JobPartRow, JobRow, Jobs, job_constraints, part_constraints
from services.registry.schema import Table


class Version(Table, table=True):
    """One version of one object (版本), whole; also the change feed. Nothing of it is ever updated but its position.

    `content` is empty where the object was ended. A trigger of migration 0002 refuses any other change.
    """

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("region", "object_id", "version"),
        Index("version_unsealed_ix", "id", postgresql_where=text("position IS NULL")),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    kind: str
    object_id: uuid.UUID
    code: str
    version: int
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    by: str
    content: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    position: int | None = position_field()


class Current(SQLModel):
    """The columns of an object's row of today. Its content is the version's; a table adds columns for what is asked by."""

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    code: str
    version: int = 0
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class Searchable(SQLModel):
    """The columns that a search goes by: the folded names as one text, and the characters and pairs that occur in it.

    Trigrams serve a search for three characters and more; `letters` one for one or two (one is enough in Chinese).
    """

    search: str
    letters: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))


def search_indexes(table: str) -> tuple[Index, Index]:
    """The two indexes of a searchable table."""
    return (
        Index(f"{table}_search_ix", "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
        Index(f"{table}_letters_ix", "letters", postgresql_using="gin"),
    )


class Audit(AuditRow, Table, table=True):
    """Who did what in the registry."""

    __tablename__ = "audit"
    __table_args__ = audit_constraints()


class Answer(AnswerRow, Table, table=True):
    """Answers kept for requests that are sent again."""

    __tablename__ = "answer"
    __table_args__ = answer_constraints()


class Job(JobRow, Table, table=True):
    """Imports that are done later."""

    __tablename__ = "job"
    __table_args__ = job_constraints()


class JobPart(JobPartRow, Table, table=True):
    """Pieces of their files."""

    __tablename__ = "job_part"
    __table_args__ = part_constraints("registry")


JOBS = Jobs(Job, JobPart)
