"""People and their sessions on the wire."""

import uuid
from typing import Annotated

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Text
from services.registry.identity.schemas import Lapsed, TokenAnswer
from services.registry.people.rules import LONGEST, NAME, SHORTEST
from services.registry.versions.schemas import Seeking

PersonInPath = Annotated[str, Path(pattern=NAME, description="name with which the person signs in")]
TypedName = Annotated[
    str, Field(min_length=1, max_length=63, description="with it the person signs in", examples=["zhang.san"])
]
TypedPassword = Annotated[str, Field(min_length=1, max_length=LONGEST, description="the one that holds now")]


class NewPerson(BaseModel):
    """Somebody who shall sign in."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=NAME, description="with it the person signs in", examples=["zhang.san"])
    display_name: Text = Field(description="as others read it", examples=["张三"])
    unit: Text | None = Field(default=None, description="where the person works, by code or name")
    with_password: bool = Field(
        default=True, description="false: the person signs in by way of the district's own provider only"
    )


class PersonChange(BaseModel):
    """An account as it shall be; the name with which the person signs in stays."""

    model_config = ConfigDict(extra="forbid")

    display_name: Text = Field(description="as others read it", examples=["张三"])
    unit: Text | None = Field(
        description="where the person works, by code or name; null: nowhere in particular. Another unit than before ends "
        "every role and session of the person"
    )


class PersonView(BaseModel):
    """Somebody who signs in (人员账号)."""

    id: uuid.UUID = Field(description="UUIDv7 of the account")
    name: str = Field(description="with it the person signs in")
    display_name: str = Field(description="as others read it")
    unit: str | None = Field(description="code of the unit where the person works; roles say what they may see")
    has_password: bool = Field(description="false: the person signs in by way of a provider only")
    must_change: bool = Field(description="the password is still the first one")
    password_at: AwareDatetime | None = Field(
        description="when the password was set, by the database's own time; null where there is none"
    )
    created_at: AwareDatetime = Field(description="when the account was made, by the database's own time")
    created_by: str = Field(description="client or person:NAME that made it")
    disabled_at: AwareDatetime | None = Field(description="out of use since; null: in use")


class MadePerson(BaseModel):
    """A person with a first password. It is shown this once, and must be changed at the first sign-in."""

    name: str = Field(description="with it the person signs in")
    display_name: str = Field(description="as others read it")
    unit: str | None = Field(description="code of the unit where the person works; null: none")
    first_password: str | None = Field(description="to be handed over; null where the person has none")
    lapsed: list[Lapsed] = Field(
        default_factory=list,
        description="roles of the person that ended, since their scopes go beyond the caller's; the security "
        "administrator grants them again",
    )


class ChangedPerson(BaseModel):
    """An account after a change."""

    name: str = Field(description="with it the person signs in")
    display_name: str = Field(description="as others read it")
    unit: str | None = Field(description="code of the unit where the person works; null: nowhere in particular")
    lapsed: list[Lapsed] = Field(
        description="roles of the person that ended with the move to another unit; the security administrator grants "
        "those that shall go on"
    )


class PersonFilter(Seeking):
    """Which people."""

    sort: Annotated[Sort, By("name", "display_name", "unit", "created_at")] = None
    name: str | None = Field(default=None, max_length=63, description="with this name")
    of_unit: Text | None = Field(default=None, description="who works in this unit, by code")
    disabled: bool | None = Field(default=None, description="only those out of use, or in use")


class SignIn(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="forbid")

    name: TypedName
    password: TypedPassword
    unit: Text | None = Field(
        default=None,
        description="the unit for which the person acts, by code or name, - for the whole region; needed where there are "
        "roles for several",
    )


class SessionAnswer(TokenAnswer):
    """A token of ten minutes and what to get the next one with."""

    refresh_token: str = Field(description="used once; the answer brings the next one")
    refresh_expires_in: int = Field(description="seconds until the person signs in again", examples=[43200])


class Refreshing(BaseModel):
    """A refresh token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: str = Field(min_length=1, max_length=200, description="as the last answer brought it")


class PasswordChange(BaseModel):
    """A person's own new password."""

    model_config = ConfigDict(extra="forbid")

    name: TypedName
    password: TypedPassword
    new_password: str = Field(
        min_length=1,
        max_length=1000,
        description=f"{SHORTEST} to {LONGEST} characters, without the person's name, none that everybody tries first",
    )
