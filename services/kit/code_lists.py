"""The code lists of a service over HTTP, and in its document: which field has its values from which list."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from services.kit.auth import Caller, may
from services.kit.codes import CodeList, CodeLists
from services.kit.errors import NotFound, problems
from services.kit.exports import Item, Offer, as_file, wanted
from services.kit.heads import offered
from services.kit.manners import HELD
from services.kit.reads import tagged

TAG = {"name": "code lists", "description": "what the fixed values of fields are called 代码表"}
MARK: Final = "x-code-list"
"""Names the list of a field in the document."""
TOLD: Final = frozenset({"default", "example", "examples"})
"""What stands there are values, no schemas."""

Json = dict[str, Any]
Uses = Mapping[str, Sequence[str]]


class CodeView(BaseModel):
    """A value and what it is called."""

    code: str = Field(description="the value as it stands in JSON and CSV", examples=["red"])
    zh: str = Field(description="what it is called in Chinese, as it stands in xlsx", examples=["红灯"])
    en: str = Field(description="what it is called in English", examples=["red"])
    description: str | None = Field(description="when it applies, where the name alone does not say it")


class CodeListView(BaseModel):
    """A code list, and which fields have their values from it."""

    name: str = Field(description="what the list is read by; fields name it in `x-code-list`", examples=["lights"])
    zh: str = Field(description="what the list is called in Chinese", examples=["亮灯"])
    en: str = Field(description="what the list is called in English", examples=["lights"])
    fields: list[str] = Field(
        description="`Schema.field` of the document, or an operation and its parameter",
        examples=[["Gap.light", "GET /v1/gaps ?light"]],
    )


class CodeListPage(BaseModel):
    """All code lists of the service."""

    items: list[CodeListView] = Field(description="the lists, without their codes")


class CodesOfList(CodeListView):
    """A code list with its codes, in their natural order."""

    items: list[CodeView] = Field(description="its codes in their natural order")


OFFERS: Final[Mapping[Any, Offer]] = {
    CodeListPage: offered(
        "代码表",
        CodeListPage,
        {"name": "代码表", "zh": "中文名称", "en": "英文名称", "fields": "使用字段"},
        codes=CodeLists(),
    ),
    CodesOfList: offered(
        "代码",
        CodesOfList,
        {"code": "代码", "zh": "中文名称", "en": "英文名称", "description": "说明"},
        codes=CodeLists(),
    ),
}


def offer(response_model: object) -> Offer | None:
    """How code lists look as rows."""
    return OFFERS.get(response_model) if isinstance(response_model, type) else None


def code_lists(codes: CodeLists, *, scope: str) -> APIRouter:
    """The routes that read `codes`, for callers with `scope`."""
    router = APIRouter(prefix="/v1/code-lists", tags=[TAG["name"]])
    Reader = Annotated[Caller, may(scope)]  # noqa: N806 - a type

    @router.get(
        "",
        operation_id="code_lists_list",
        summary="Which fields have fixed values",
        response_model=CodeListPage,
        responses=problems() | HELD,
    )
    async def list_code_lists(request: Request, caller: Reader) -> Response:
        """Every list of fixed values (代码表), what it is called, and the fields that have their values from it."""
        del caller  # they are the same for everybody
        uses = _uses(request, codes)
        return await _answered(request, {"items": [_view(each, uses) for each in codes]})

    @router.get(
        "/{name}",
        operation_id="code_list_read",
        summary="What the values of a list are called",
        response_model=CodesOfList,
        responses=problems(404),
    )
    async def read_code_list(
        name: Annotated[str, Path(description="name of the list", examples=[next(iter(codes)).name])],
        request: Request,
        caller: Reader,
    ) -> Response:
        """The codes of a list in their natural order, in Chinese and English; `If-None-Match` gives 304."""
        del caller
        if name not in codes.by_name:
            raise NotFound("code_list", name)
        asked = codes.by_name[name]
        items = [{"code": code, **each._asdict()} for code, each in asked.codes.items()]
        return await _answered(request, {**_view(asked, _uses(request, codes)), "items": items})

    return router


def _view(asked: CodeList, uses: Uses) -> Json:
    return {"name": asked.name, "zh": asked.zh, "en": asked.en, "fields": uses.get(asked.name, [])}


def _uses(request: Request, codes: CodeLists) -> Uses:
    """By list, the fields of the service's document; the first call makes the document, as a look at its page does.

    Not in a thread: FastAPI cannot make it twice at a time.
    """
    kept: Uses | None = getattr(request.app.state, "uses_of_codes", None)
    if kept is None:
        kept = request.app.state.uses_of_codes = uses(request.app.openapi(), codes)
    return kept


async def _answered(request: Request, answer: Json) -> Response:
    asked = wanted.get()
    if asked is None:
        return tagged(request, orjson.dumps(answer))
    return await as_file(asked, _once(answer["items"]))


async def _once(items: list[Item]) -> AsyncIterator[list[Item]]:
    yield items


def mark(document: Json, codes: CodeLists) -> None:
    """Name in the document beside the values of each field the list that they are from."""
    for _, field, of in _used(document, codes):
        field[MARK] = of.name


def uses(document: Json, codes: CodeLists) -> Uses:
    """By list, which fields and parameters of a document have their values from it."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for place, _, of in _used(document, codes):
        found[of.name][place] = None
    return {name: [*fields] for name, fields in found.items()}


def _used(document: Json, codes: CodeLists) -> Iterator[tuple[str, Json, CodeList]]:
    named = {field: each for each in codes for field in each.fields}
    for place, told in places(document):
        if place in named:
            yield place, told, named[place]
        for field in fixed(told):
            of = codes.of(values(field))
            if of is not None:
                yield place, field, of


def places(document: Json) -> Iterator[tuple[str, Json]]:
    """Every field and parameter of a document: `Gap.light`, `GET /v1/gaps ?light`, and its schema."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "sort":
                    continue
                sign = "?" if parameter["in"] == "query" else ""
                yield f"{method.upper()} {path} {sign}{parameter['name']}", parameter["schema"]
            for answer in operation.get("responses", {}).values():
                for content in answer.get("content", {}).values():
                    yield from _fields(content.get("schema", {}))
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        called = name.rpartition("__")[2]
        if "properties" not in schema:
            yield called, schema
        for field, told in schema.get("properties", {}).items():
            yield f"{called}.{field}", told


def _fields(schema: Json) -> Iterator[tuple[str, Json]]:
    """Those of a schema that stands where it is used."""
    for field, told in schema.get("properties", {}).items():
        yield f"{schema['title']}.{field}", told


def fixed(part: object) -> Iterator[Json]:
    """The schemas in a part of a document that name the values that may stand there; orders of lists name fields."""
    if isinstance(part, dict):
        if part.get("name") == "sort" and "schema" in part:
            return
        if isinstance(part.get("enum"), list) or isinstance(part.get("const"), str):
            yield part
        for key, inner in part.items():
            if key not in TOLD:
                yield from fixed(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from fixed(inner)


def values(field: Json) -> list[str]:
    """The values that a schema names."""
    return [str(value) for value in field.get("enum") or [field["const"]]]
