"""A plan file as it is sent to be checked."""

from typing import Annotated, Any

from fastapi import Body
from pydantic import BeforeValidator, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from services.plan_file.model import PlanFile


def _no_bytes(value: object) -> object:
    """What was not sent as JSON comes as bytes."""
    if isinstance(value, bytes):
        raise PydanticCustomError("not_json", "JSON is needed")
    return value


class DescribedAs:
    """Takes any JSON and is described in the document as a model: whoever reads the body says what is wrong with it."""

    def __init__(self, model: type[PlanFile]) -> None:
        self.model = model

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The model's own schema."""
        return handler(self.model.__pydantic_core_schema__)


PlanDocument = Annotated[
    Any,
    BeforeValidator(_no_bytes),
    DescribedAs(PlanFile),
    Body(description="the whole plan file as JSON; see the plan file's reference"),
]
