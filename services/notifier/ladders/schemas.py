"""How a plan is supervised, on the wire."""

from pydantic import AwareDatetime, BaseModel, Field

from services.notifier.fields import PlanCode
from services.plan_file.supervision import Digest, Ladder, Sending


class SupervisedPlan(BaseModel):
    """A plan as the notifier supervises it."""

    plan: PlanCode
    name: str = Field(description="what the plan is called in Chinese, as published")
    version: str = Field(description="version of the plan file that was applied last", examples=["3f1c9a0b6d2e4f58"])
    ladder_version: int = Field(description="counts from 1; a running notice keeps the one with which it began")
    recorded_at: AwareDatetime = Field(description="from when this ladder is in force for new notices")
    ladder: Ladder
    sending: Sending
    digests: list[Digest] = Field(description="the weekly messages of all that is open (汇总)")
