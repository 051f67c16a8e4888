"""Callers and their keys. Keys are not here: only keyed hashes of them are."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, LargeBinary, Text
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
