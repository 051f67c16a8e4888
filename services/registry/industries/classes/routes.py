"""Industry classes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.kit.auth import Caller, may
from services.kit.errors import problems
from services.kit.exports import whole
from services.registry.industries.classes import rules
from services.registry.industries.classes.schemas import ClassFilter, IndustryClass, IndustryClasses

router = APIRouter(prefix="/v1/industry-classes", tags=["industries"])


@router.get(
    "",
    operation_id="industry_classes_list",
    summary="Industry classes by edition",
    response_model=IndustryClasses,
    responses=problems(),
)
async def list_classes(
    caller: Annotated[Caller, may("registry:read")], asked: Annotated[ClassFilter, Query()]
) -> Response:
    """Sections and divisions of GB/T 4754-2017, the top of the strategic emerging industries of 2018."""
    del caller  # they are the same for everybody
    kept = IndustryClasses(
        items=[
            IndustryClass(edition=one.edition, code=one.code, above=one.above, name=one.zh, name_en=one.en)
            for one in rules.kept()
            if asked.edition in {None, one.edition}
        ]
    )
    return await whole(kept)
