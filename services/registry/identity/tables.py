"""Callers, people, their keys and roles. Keys and passwords are not here: only hashes of them are."""

import uuid
from datetime import date, datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.kit.db import uuid7
from services.registry.schema import Table


class Client(Table, table=True):
    """A caller (调用方): a system, a worker, a person's tool; with a unit it sees that unit and those below.

    The unit is looked up whenever a token is made: a client may be set up before the plan that brings its unit.
    """

    __tablename__ = "client"

    region: str = Field(primary_key=True)
    client_id: str = Field(primary_key=True)
    unit: str | None = None
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class ApiKey(Table, table=True):
    """A key of a client. `prefix`, its first characters, finds it; `digest` is the HMAC of the whole."""

    __tablename__ = "api_key"
    __table_args__ = (
        ForeignKeyConstraint(["region", "client_id"], ["registry.client.region", "registry.client.client_id"]),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    client_id: str
    prefix: str = Field(index=True)
    digest: bytes = Field(sa_type=LargeBinary, unique=True)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    fixed: bool = False
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    created_by: str
    expires_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    last_used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    """When a token was last made for it, to the minute."""


class Person(Table, table=True):
    """Somebody who signs in by name and password, or by way of the district's own provider (人员账号)."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("region", "name"),)

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    name: str
    display_name: str
    unit: str | None = None
    """Where the person works; what they may do and see is said by their roles."""
    password: str | None = None
    """Argon2id (RFC 9106), with its parameters; empty for who signs in elsewhere."""
    must_change: bool = True
    """The password is the one that an administrator handed over."""
    password_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    created_by: str
    disabled_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class RoleGrant(Table, table=True):
    """A role that somebody was given (授权). It is never changed: another one is a grant of its own, an end is noted."""

    __tablename__ = "role_grant"
    __table_args__ = (Index("role_grant_region_holder_ix", "region", "holder"),)

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    holder: str
    """`person:NAME` or `client:CLIENT_ID`."""
    role: str
    unit: str | None = None
    valid_from: date
    valid_to: date | None = None
    granted_at: datetime = Field(sa_type=DateTime(timezone=True))
    granted_by: str
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    revoked_by: str | None = None
