"""Roles and grants on the wire."""

import uuid
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file.scalars import Day, Text
from services.registry.roles.rules import HOLDER
from services.registry.versions.schemas import Paging, Seeking, Short


class RoleView(BaseModel):
    """A role (角色) and what it may do."""

    code: str = Field(description="short name by which grants name it", examples=["unit_liaison"])
    name: str = Field(description="what it is called in Chinese", examples=["责任单位联络员"])
    name_en: str = Field(description="what it is called in English", examples=["liaison of a unit"])
    scopes: list[str] = Field(description="what whoever holds it may do", examples=[["registry:read", "notices:reply"]])
    of_unit: bool = Field(description="held for a unit only")
    administration: str | None = Field(
        description="system, security or audit, where the role is one of the three administrations that nobody holds "
        "two of; else null"
    )


class Roles(Short):
    """Every role."""

    items: list[RoleView] = Field(description="all of them, whether of a unit or of the whole region")


class NewGrant(BaseModel):
    """A role to be given."""

    model_config = ConfigDict(extra="forbid")

    holder: str = Field(
        pattern=HOLDER, description="person:NAME or client:CLIENT_ID", examples=["person:zhang.san", "client:desk"]
    )
    role: str = Field(max_length=63, description="code of the role", examples=["unit_liaison"])
    unit: Text | None = Field(
        default=None, description="unit by code or name, and those below it; without, the whole region"
    )
    valid_from: Day | None = Field(default=None, description="first day, by the business clock; without, today")
    valid_to: Day | None = Field(default=None, description="last day; without, until it is revoked")


class GrantView(BaseModel):
    """A role that was given (授权)."""

    id: uuid.UUID = Field(description="UUIDv7 of the grant, by which it is revoked")
    holder: str = Field(description="who holds it: person:NAME or client:CLIENT_ID", examples=["person:zhang.san"])
    role: str = Field(description="code of the role", examples=["unit_liaison"])
    unit: str | None = Field(description="code of the unit; null: the whole region")
    valid_from: date = Field(description="first day, by the business clock")
    valid_to: date | None = Field(description="last day; null: until it is revoked")
    granted_at: AwareDatetime = Field(description="by the database's own time")
    granted_by: str = Field(description="client or person:NAME that gave it")
    revoked_at: AwareDatetime | None = Field(
        description="when it was revoked, by the database's own time; null: it was not"
    )
    revoked_by: str | None = Field(description="client or person:NAME that revoked it; null: nobody did")


class HolderView(BaseModel):
    """Somebody to whom a role may be granted: a person or a client."""

    holder: str = Field(description="what grants name: person:NAME or client:CLIENT_ID", examples=["person:zhang.san"])
    name: str = Field(description="as others read it; a client's is its client_id", examples=["张三"])
    unit: str | None = Field(description="code of the unit where the person works, or for which the client acts")
    disabled: bool = Field(description="whether the account is out of use")
    roles: list[str] = Field(description="roles that were granted and not revoked", examples=[["unit_liaison"]])


HolderKind = Literal["person", "client"]


class HolderFilter(Paging):
    """Which holders."""

    sort: Annotated[Sort, By("holder", "name", "unit")] = None

    kind: HolderKind | None = Field(default=None, description="people, or clients")
    of_unit: Text | None = Field(default=None, description="of this unit, by code")


class GrantFilter(Seeking):
    """Which grants."""

    sort: Annotated[Sort, By("granted_at", "holder", "role", "unit", "valid_from", "valid_to")] = None
    holder: str | None = Field(default=None, max_length=80, description="of this holder", examples=["person:zhang.san"])
    role: str | None = Field(default=None, max_length=63, description="of this role, by code")
    revoked: bool | None = Field(default=None, description="only those that were, or were not, revoked")
