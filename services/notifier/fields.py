"""Fields that answers of many rooms have, each explained once."""

import uuid
from typing import Annotated

from pydantic import Field

PlanCode = Annotated[str, Field(description="code of the plan", examples=["xiaoshan-2017-2019"])]
MatterCode = Annotated[str, Field(description="code of the target that it is about (事项)", examples=["T08"])]
LevelCode = Annotated[str, Field(description="code of the level of the ladder (级别)", examples=["orange"])]
DeliveryId = Annotated[uuid.UUID, Field(description="id of the delivery, also in the Message-ID of its mail")]
Addressee = Annotated[
    str, Field(description="code of the unit that it is addressed to", examples=["economy_information"])
]
