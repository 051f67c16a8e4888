"""Endings on the wire."""

from pydantic import BaseModel, ConfigDict, Field

from services.plan_file.scalars import Text


class Ending(BaseModel):
    """Why something is ended."""

    model_config = ConfigDict(extra="forbid")

    reason: Text | None = Field(default=None, description="why it is ended; the trail keeps it", examples=["重复录入"])
