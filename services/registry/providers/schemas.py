"""Providers, sign-ins by way of them, and outside accounts on the wire."""

import uuid
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Text
from services.registry.people.rules import NAME
from services.registry.versions.schemas import Seeking, Short


class ProviderView(BaseModel):
    """Somebody else who knows people."""

    name: str = Field(description="as `provider` a sign-in names it", examples=["district"])
    label: str = Field(description="what to write on the button", examples=["统一身份认证"])


class Providers(Short):
    """Every provider of the installation."""

    items: list[ProviderView] = Field(description="in the order in which the settings name them")


class Beginning(BaseModel):
    """By way of whom somebody signs in."""

    model_config = ConfigDict(extra="forbid")

    provider: str = Field(max_length=63, description="name of the provider", examples=["district"])
    redirect_uri: str | None = Field(
        default=None,
        max_length=500,
        description="where the browser comes back to, one of the settings'; else the first",
    )


class Begun(BaseModel):
    """Where to send the browser."""

    authorization_url: str = Field(description="send the browser there; it comes back with `state` and `code`")
    login: str = Field(description="keep it where the browser's page is; it is needed to finish and is in no address")
    expires_in: int = Field(description="seconds in which the sign-in is to be finished", examples=[600])


class Finishing(BaseModel):
    """What the browser came back with."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(min_length=1, max_length=200, description="as the first step gave it")
    state: str = Field(min_length=1, max_length=500, description="from the address that the browser came back to")
    code: str = Field(min_length=1, max_length=4000, description="from the same address; a ticket where it is one")
    unit: Text | None = Field(
        default=None,
        description="the unit for which the person acts, by code or name, - for the whole region",
    )


class NewLink(BaseModel):
    """Whose outside account it is: a person's or a unit's."""

    model_config = ConfigDict(extra="forbid")

    provider: str = Field(max_length=63, description="name of the provider", examples=["district"])
    outside_id: str = Field(min_length=1, max_length=255, description="what the provider calls it, exactly")
    person: str | None = Field(default=None, pattern=NAME, description="name of the person; null: it is a unit's")
    unit: Text | None = Field(default=None, description="code or name of the unit; null: it is a person's")


class OutsideView(BaseModel):
    """What a provider calls a person or a unit (外部账号)."""

    id: uuid.UUID = Field(description="UUIDv7 of the account here")
    provider: str = Field(description="name of the provider")
    outside_id: str = Field(description="what the provider calls the person or unit, exactly")
    shown_name: str | None = Field(description="what the provider said; a hint, nothing more; null: it said nothing")
    person: str | None = Field(description="name of the person; null while nobody is linked, or where it is a unit's")
    unit: str | None = Field(description="code of the unit; null where it is nobody's yet, or a person's")
    seen_at: AwareDatetime = Field(description="when it first came, or was entered")
    linked_at: AwareDatetime | None = Field(description="null: waits to be linked")
    linked_by: str | None = Field(description="client or person:NAME that linked it; null while it waits")


class OutsideFilter(Seeking):
    """Which outside accounts."""

    sort: Annotated[Sort, By("seen_at", "provider", "shown_name", "person", "unit", "linked_at")] = None
    provider: str | None = Field(default=None, max_length=63, description="of this provider, by name")
    linked: bool | None = Field(default=None, description="only those that are, or wait to be, linked")
