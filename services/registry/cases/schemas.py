"""Cases and their acts on the wire."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.kit.files import Sha256
from services.plan_file.scalars import Item
from services.plan_file.scalars import Text as Line
from services.registry.files.schemas import Files


def _several_lines(value: str) -> str:
    if not value.strip() or not all(letter.isprintable() or letter in "\n\r\t\u3000" for letter in value):
        raise PydanticCustomError("several_lines", "printable text of one or several lines is needed")
    return value


Note = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_several_lines)]
"""A text of several lines."""

CaseState = Literal["proposed", "approved", "refused", "withdrawn"]
View = Literal["agree", "conditional", "object"]
"""An opinion: 同意, 有条件同意, 不同意."""
Verdict = Literal["approve", "refuse"]

NumberInPath = Annotated[int, Path(ge=1, le=99999, description="number of the case, counts from 1")]


class Word(Item):
    """What someone says with an act, and the papers it rests on."""

    text: Note = Field(description="why, or what was found", examples=["材料齐全，同意"])
    files: Files


class Act(BaseModel):
    """One act of a case: who did what, when, why."""

    act: str = Field(description="what was done", examples=["propose"])
    at: AwareDatetime = Field(description="when, by the business clock")
    client_id: str = Field(description="who did it")
    unit: str | None = Field(
        description="unit for which it was done, by code; null: the whole region", examples=["jingxin"]
    )
    text: str | None = Field(description="why, or what was found; null: nothing was said")
    files: list[Sha256] = Field(description="evidence files, by SHA-256")


Acts = Annotated[list[Act], Field(description="every act in order, the first one first (办理过程)")]
State = Annotated[CaseState, Field(description="proposed 待审定, approved 已批准, refused 不予批准, withdrawn 已撤回")]
Opinion = Annotated[View, Field(description="agree 同意, conditional 有条件同意, object 不同意")]
Decided = Annotated[Verdict, Field(description="approve 批准, refuse 不予批准")]


class OpinionWord(Word):
    """A unit's opinion (会审意见)."""

    unit: Line = Field(description="the unit whose opinion it is, by code", examples=["jingxin"])
