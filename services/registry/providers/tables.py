"""Outside accounts of people and units, and sign-ins on their way."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from services.kit.db import uuid7
from services.registry.schema import Table

Moment = DateTime(timezone=True)


class OutsideAccount(Table, table=True):
    """What a provider calls a person or a unit (外部账号). Without either: somebody came who is not linked yet."""

    __tablename__ = "outside_account"
    __table_args__ = (
        UniqueConstraint("region", "provider", "outside_id"),
        ForeignKeyConstraint(["region", "person"], ["registry.person.region", "registry.person.id"]),
        CheckConstraint("person IS NULL OR unit IS NULL", name="of_one"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    provider: str
    outside_id: str
    shown_name: str | None = None
    """What the provider said the name is: a hint for who links it, nothing more."""
    person: uuid.UUID | None = None
    unit: str | None = None
    seen_at: datetime = Field(sa_type=Moment)
    linked_at: datetime | None = Field(default=None, sa_type=Moment)
    linked_by: str | None = None


class LoginFlow(Table, table=True):
    """A sign-in while the browser is away. `id` and `state` are keyed hashes: of what the app and the browser hold."""

    __tablename__ = "login_flow"
    __table_args__ = (Index("login_flow_started_at_ix", "started_at"),)

    region: str = Field(primary_key=True)
    id: bytes = Field(primary_key=True, sa_type=LargeBinary)
    provider: str
    state: bytes = Field(sa_type=LargeBinary)
    nonce: str
    verifier: str
    redirect_uri: str
    started_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
