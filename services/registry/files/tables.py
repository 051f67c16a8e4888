"""Evidence files: the bytes once, each time they were sent, and what refers to them."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.kit.db import uuid7
from services.kit.files import FileRow
from services.registry.schema import Table


class File(FileRow, Table, table=True):
    """The bytes of a file, by their hash."""

    __tablename__ = "file"


class FileUpload(Table, table=True):
    """That someone sent a file, and under which name. Append-only."""

    __tablename__ = "file_upload"
    __table_args__ = (
        ForeignKeyConstraint(["region", "sha256"], ["registry.file.region", "registry.file.sha256"]),
        UniqueConstraint("region", "sha256", "client_id", "name"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    sha256: str
    name: str
    client_id: str
    unit: str | None = None
    """The unit for which the sender acted, by code."""
    at: datetime = Field(sa_type=DateTime(timezone=True))


class FileUse(Table, table=True):
    """That an object refers to a file: whoever sees the object sees the file. Append-only."""

    __tablename__ = "file_use"
    __table_args__ = (
        ForeignKeyConstraint(["region", "sha256"], ["registry.file.region", "registry.file.sha256"]),
        UniqueConstraint("region", "sha256", "subject", "unit", postgresql_nulls_not_distinct=True),
        Index("file_use_region_subject_ix", "region", "subject"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    sha256: str
    subject: str
    """Kind and code of the object: `project:P01`."""
    unit: str | None = None
    """The unit whose people see the object; empty: whoever reads the registry does."""
    at: datetime = Field(sa_type=DateTime(timezone=True))
