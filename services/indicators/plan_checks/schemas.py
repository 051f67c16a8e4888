"""A plan file as it is sent to be checked."""

from typing import Annotated, Any

from fastapi import Body
from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from services.plan_file.model import PlanFile


class DescribedAs:
    """Takes anything and is described in the document as a model: whoever reads the body says what is wrong with it."""

    def __init__(self, model: type[PlanFile]) -> None:
        self.model = model

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The model's own schema."""
        return handler(self.model.__pydantic_core_schema__)


PlanDocument = Annotated[
    Any, DescribedAs(PlanFile), Body(description="the whole plan file as JSON; see the plan file's reference")
]
