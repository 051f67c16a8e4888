"""Light policies (亮灯规则): declarative data in versions."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.indicators.schema import Instant, Table


class LightPolicy(Table, table=True):
    """A version of a light policy."""

    __tablename__ = "light_policy"

    region: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    plan: str
    """The plan whose file declares it."""
    name: str = ""
    document: dict[str, Any] = Field(sa_type=JSONB)
    """`bands`: ordered, first match wins, each `{"light": …, "when": [{"metric": …, "op": …, "value": …}]}`."""
    withdrawn: bool = False
