"""Contacts on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit.paging import By, Sort
from services.plan_file import things
from services.plan_file.scalars import Day, Email, Text
from services.registry.versions.schemas import Kept, Seeking


class Following(BaseModel):
    """Who takes over a role, and from which day."""

    valid_from: Day = Field(description="first day on which this person holds the role", examples=["2018-09-01"])
    person: Text = Field(description="name of who takes over", examples=["李四"])
    email: Email = Field(description="masked without the scope contacts:deliver", examples=["l***@***"])
    reason: Text | None = Field(
        default=None, description="why the role changes hands; null: not said", examples=["岗位调整"]
    )


class StandIn(BaseModel):
    """Who stands in for a contact on some days (代理)."""

    model_config = ConfigDict(extra="forbid")

    valid_from: Day = Field(description="first day on which notices go to this person", examples=["2018-07-20"])
    valid_to: Day = Field(description="last day on which they do", examples=["2018-08-03"])
    person: Text = Field(description="who receives the notices on these days", examples=["王五"])
    email: Email = Field(description="masked in answers without the scope contacts:deliver")
    reason: Text | None = Field(default=None, description="why the contact is away; null: not said", examples=["出差"])


class HandOver(BaseModel):
    """One person hands a role over to another (交接)."""

    model_config = ConfigDict(extra="forbid")

    old: Text = Field(description="who hands over; must be the one who holds the role last", examples=["张三"])
    person: Text = Field(description="who takes over", examples=["李四"])
    email: Email = Field(description="address of who takes over", examples=["li.si@example.com"])
    valid_from: Day = Field(description="first day; may be yet to come", examples=["2018-09-01"])
    reason: Text | None = Field(
        default=None, description="why the role changes hands; null: not said", examples=["岗位调整"]
    )


class ContactView(Kept, things.PlanContact):
    """A contact on a day. The address is masked (`l***@***`) unless the caller has the scope contacts:deliver."""

    email: str = Field(description="where notices go; masked without the scope contacts:deliver", examples=["l***@***"])
    since: Day | None = Field(default=None, description="since when this person holds the role; null: from the start")
    next: list[Following] = Field(default_factory=list, description="who takes over, in order of days")
    stand_ins: list[StandIn] = Field(default_factory=list, description="all stand-ins, also past ones, by first day")
    acting: StandIn | None = Field(
        default=None, description="who stands in on the day asked for: notices go to this person instead; null: nobody"
    )


class ContactFilter(Seeking):
    """Which contacts."""

    sort: Annotated[Sort, By("unit", "role", "person", "since", "recorded_at")] = None
    unit: Text | None = Field(default=None, description="of this unit, by code or name, also one of before")
    role: things.ContactRole | None = Field(default=None, description="of this role")


class OnDay(BaseModel):
    """As of which day."""

    model_config = ConfigDict(extra="forbid")

    on: Day | None = Field(default=None, description="as of this day; today, unless given", examples=["2018-08-01"])
