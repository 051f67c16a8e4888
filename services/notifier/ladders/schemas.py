"""How a plan is supervised, on the wire."""

from pydantic import AwareDatetime, BaseModel, Field

from services.plan_file.supervision import Digest, Ladder, Sending


class SupervisedPlan(BaseModel):
    """A plan as the notifier supervises it."""

    plan: str = Field(description="code of the plan", examples=["xiaoshan-2017-2019"])
    name: str
    version: str = Field(description="version of the plan file that was applied last", examples=["3f1c9a0b6d2e4f58"])
    ladder_version: int = Field(description="counts from 1; a running notice keeps the one with which it began")
    recorded_at: AwareDatetime = Field(description="from when this ladder is in force for new notices")
    ladder: Ladder
    sending: Sending
    digests: list[Digest]
