"""What is said of values that cannot be taken."""

import ast
import string
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_core._pydantic_core import list_all_errors

from services.kit.codes import CodeLists, code_list
from services.kit.sentences import SENTENCES, said_of
from services.kit.terms import TERMS

ROOT = Path(__file__).parents[2]
CHINESE = range(0x4E00, 0xA000)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    share: int = 1


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = ""
    parts: list[Part] | None = None

    @model_validator(mode="after")
    def _named(self) -> "Sent":
        if self.name == "nobody":
            raise PydanticCustomError("nobody", "name somebody", {"zh": "请写明是谁"})
        return self


class Shown(Sent):
    version: int


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    industry: str = ""


async def replace(body: Sent, asked: Annotated[Asked, Query()]) -> None: ...


def faults(model: type[BaseModel], value: object, place: str = "body") -> list[dict[str, Any]]:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(model).validate_python(value)
    return [{**fault, "loc": (place, *fault["loc"])} for fault in refused.value.errors()]


def said(value: object) -> list[tuple[str, str]]:
    return [said_of(fault, replace, Shown) for fault in faults(Sent, value)]


def test_an_unknown_field_is_told_with_those_that_there_are() -> None:
    assert said({"nmae": "x"}) == [
        (
            "there is no such field; fields are name, parts; did you mean name?",
            "没有这个字段；可用字段：name, parts；是否应为 name？",
        )
    ]


def test_an_unknown_field_further_in_is_told_with_those_of_its_place() -> None:
    assert said({"parts": [{"zzz": 1}]}) == [
        ("there is no such field; fields are share", "没有这个字段；可用字段：share")
    ]


def test_an_unknown_parameter_is_told_with_those_that_there_are() -> None:
    [fault] = faults(Asked, {"indutry": "x"}, "query")
    assert said_of(fault, replace, Shown)[1] == "没有这个字段；可用字段：industry；是否应为 industry？"


def test_a_field_that_only_answers_have_is_told_to_be_left_out() -> None:
    assert said({"version": 1}) == [("the service fills this in: leave it out", "由系统给出，请勿填写：请去掉该字段")]


def test_what_nobody_can_say_more_of_is_still_told() -> None:
    [fault] = faults(Sent, {"other": 1})
    assert said_of(fault, None, None) == ("there is no such field: leave it out", "没有这个字段，请去掉")


def test_a_validator_of_ours_speaks_both_languages() -> None:
    assert said({"name": "nobody"}) == [("name somebody", "请写明是谁")]


KNOWN: dict[str, Any] = {error["type"]: error for error in list_all_errors()}


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_sentence_is_chinese_and_takes_what_pydantic_tells(kind: str) -> None:
    zh = SENTENCES[kind][1]
    assert any(ord(letter) in CHINESE for letter in zh)
    asked = {name for _, name, _, _ in string.Formatter().parse(zh) if name}
    assert asked <= set(KNOWN.get(kind, {}).get("example_context") or {})


def test_what_pydantic_tells_is_in_the_sentence() -> None:
    class Bounded(BaseModel):
        number: int = Field(le=9)

    [fault] = faults(Bounded, {"number": 10})
    assert said_of(fault, None, None) == ("Input should be less than or equal to 9", "应不大于 9")


def test_values_are_told_by_what_they_are_called() -> None:
    Size = Literal["s", "m", "l"]  # noqa: N806 - a type
    sizes = CodeLists(code_list("sizes", "大小", "sizes", {"s": ("小", "s"), "m": ("中", "m"), "l": ("大", "l")}, Size))

    class Sized(BaseModel):
        size: Size

    [fault] = faults(Sized, {"size": "x"})
    assert said_of(fault, None, None, sizes)[1] == "应为下列之一：小（s）、中（m）、大（l）"
    assert said_of(fault, None, None)[1] == said_of(fault, None, None, CodeLists())[1] == "应为下列之一：s、m、l"


def test_a_kind_of_error_without_a_sentence_keeps_pydantics() -> None:
    said = "Value error, no such thing: {braces}"
    assert said_of({"type": "value_error", "loc": ("body", "x"), "msg": said}, None, None) == (said, said)


def test_whatever_can_be_not_found_has_a_chinese_term() -> None:
    named = set()
    for path in (ROOT / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", None))
            given = [*node.args[:1]] if called == "NotFound" else []
            given += [
                one.value for one in node.keywords if one.arg == "what" or (called == "Shelf" and one.arg == "kind")
            ]
            named |= {one.value for one in given if isinstance(one, ast.Constant)}
    assert named <= set(TERMS)
    assert {"unit", "roster_item", "notice"} <= named
