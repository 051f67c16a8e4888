"""Carriers on the wire."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.kit.paging import By, Sort
from services.plan_file import things
from services.plan_file.scalars import Code, Text
from services.registry.versions.schemas import Kept, Search, Short


class CarrierView(Kept, things.Carrier):
    """A carrier, as it is today or was."""


class CarrierSearch(Search):
    """Which carriers."""

    sort: Annotated[Sort, By("code", "name", "industry", "parent", "recorded_at")] = None
    industry: Code | None = Field(default=None, description="that carry this industry, or that it names as its own")
    unit: Text | None = Field(default=None, description="that this unit answers for, by code or name")
    plan: Code | None = Field(default=None, description="that files of this plan name")
    parent: Code | None = Field(default=None, description="that lie directly within this carrier")
    enterprise: Code | None = Field(default=None, description="of which this enterprise is a member")


class CarrierCount(BaseModel):
    """Carriers, their areas and members, each thing counted once."""

    carriers: int = Field(description="carriers listed under it; each carrier under one industry only", examples=[4])
    also: int = Field(
        description="carriers that are listed under another industry and named as its own too", examples=[1]
    )
    share: str = Field(
        description="sum of the carriers' shares; over all industries the number of carriers", examples=["4"]
    )
    area: str = Field(description="planned area in km², divided by the shares", examples=["8.42"])
    members: int = Field(description="enterprises, institutions and parks named as members, each where it is counted")


class CarrierCountOfIndustry(CarrierCount):
    """Those of one industry."""

    industry: str = Field(description="code of the industry", examples=["information"])


class CarrierCounts(Short):
    """The carriers of the region by industry, and all of them: the sum of the rows."""

    items: list[CarrierCountOfIndustry] = Field(description="a row for each industry that a carrier names, by code")
    all: CarrierCount = Field(
        description="all rows together; in `also` a carrier stands once for each industry that names it"
    )
