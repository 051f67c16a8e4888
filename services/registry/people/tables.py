"""Sessions of people and their failures to sign in. Tokens are not here: only keyed hashes of them are."""

import uuid
from datetime import datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, LargeBinary
from sqlmodel import Field

from services.kit.db import uuid7
from services.registry.schema import Table

Moment = DateTime(timezone=True)


class LoginFailure(Table, table=True):
    """An attempt that did not, or not yet, succeed. By name, whether or not there is such a person: so it tells nothing."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("login_failure_region_name_ix", "region", "name", "at"), Index("login_failure_at_ix", "at"))

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    name: bytes = Field(sa_type=LargeBinary)
    """A keyed hash of what was typed: a password in the wrong field is not kept."""
    at: datetime = Field(sa_type=Moment)


class PersonSession(Table, table=True):
    """From signing in to signing out, or to the end of the working day (会话)."""

    __tablename__ = "person_session"
    __table_args__ = (
        ForeignKeyConstraint(["region", "person"], ["registry.person.region", "registry.person.id"]),
        Index("person_session_region_person_ix", "region", "person"),
    )

    region: str = Field(primary_key=True)
    id: uuid.UUID = Field(primary_key=True, default_factory=uuid7)
    person: uuid.UUID
    unit: str | None = None
    """The unit for which the person acts."""
    way: str
    """`password`, or the provider's name."""
    started_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    end_reason: str | None = None
    """`signed-out`, `reuse`, `password`, `disabled`, `unlinked`, `moved`."""


class RefreshToken(Table, table=True):
    """A refresh token of a session. Each is used once; one that comes a second time ends the session."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        ForeignKeyConstraint(["region", "session"], ["registry.person_session.region", "registry.person_session.id"]),
        Index("refresh_token_region_session_ix", "region", "session"),
    )

    region: str = Field(primary_key=True)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session: uuid.UUID
    issued_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
