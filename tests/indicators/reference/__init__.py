"""An independent `Decimal`/`Fraction` reference of the gap engine: the second reading of semantics.md.

It shares no code with the engine. Each rule stands beside its clause, written `S3` for section 3 of semantics.md;
`reading N` is a numbered entry of docs/reference/reading-of-semantics.md, where the text was silent.
"""

from tests.indicators.reference.evaluate import evaluate
from tests.indicators.reference.model import (
    Accumulation,
    Answer,
    Checkpoint,
    ClockStop,
    Direction,
    Indicator,
    Light,
    Measure,
    MilestoneReport,
    Observation,
    Operator,
    Reason,
    Series,
    Target,
    Trajectory,
    World,
)
from tests.indicators.reference.periods import Frequency, Period
from tests.indicators.reference.policies import STANDARD, YINCHUAN_2025, Band, Condition, Policy

__all__ = [
    "STANDARD",
    "YINCHUAN_2025",
    "Accumulation",
    "Answer",
    "Band",
    "Checkpoint",
    "ClockStop",
    "Condition",
    "Direction",
    "Frequency",
    "Indicator",
    "Light",
    "Measure",
    "MilestoneReport",
    "Observation",
    "Operator",
    "Period",
    "Policy",
    "Reason",
    "Series",
    "Target",
    "Trajectory",
    "World",
    "evaluate",
]
