"""What is said of a value that cannot be taken, in English and Chinese: what was wrong and what would be right."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from services.kit.codes import CodeLists
from services.kit.forms import FORMS

QUOTED: Final = re.compile(r"'([^']*)'")
MOST = 30
"""So many names a sentence lists."""

SENTENCES: Final[Mapping[str, tuple[str | None, str]]] = {
    "missing": ("this field is needed", "缺少该字段，必须填写"),
    "json_invalid": (None, "不是合法的 JSON：{error}"),
    "string_type": (None, "应为文本"),
    "string_too_short": (None, "至少 {min_length} 个字符"),
    "string_too_long": (None, "最多 {max_length} 个字符"),
    "string_pattern_mismatch": (None, "格式不符，应匹配 {pattern}"),
    "string_unicode": (None, "不是合法的 Unicode 文本"),
    "string_sub_type": (None, "应为文本"),
    "bytes_type": (None, "应为字节串"),
    "int_type": (None, "应为整数"),
    "int_parsing": (None, "应为整数，如 12"),
    "int_parsing_size": (None, "整数过大"),
    "int_from_float": (None, "应为整数，不能有小数部分"),
    "float_type": (None, "应为数字"),
    "float_parsing": (None, "应为数字，如 12.5"),
    "finite_number": (None, "应为有限的数，不能是 NaN 或无穷大"),
    "bool_type": (None, "应为 true 或 false"),
    "bool_parsing": (None, "应为 true 或 false"),
    "decimal_type": (None, '应为数字，或写成文本的数字，如 "12.50"'),
    "decimal_parsing": (None, '应为数字，如 "12.50"'),
    "decimal_max_digits": (None, "最多 {max_digits} 位数字"),
    "decimal_max_places": (None, "最多 {decimal_places} 位小数"),
    "decimal_whole_digits": (None, "小数点前最多 {whole_digits} 位"),
    "greater_than": (None, "应大于 {gt}"),
    "greater_than_equal": (None, "应不小于 {ge}"),
    "less_than": (None, "应小于 {lt}"),
    "less_than_equal": (None, "应不大于 {le}"),
    "multiple_of": (None, "应为 {multiple_of} 的倍数"),
    "literal_error": (None, "应为下列之一：{expected}"),
    "enum": (None, "应为下列之一：{expected}"),
    "list_type": (None, "应为数组"),
    "tuple_type": (None, "应为数组"),
    "set_type": (None, "应为数组"),
    "dict_type": (None, "应为对象"),
    "mapping_type": (None, "应为对象"),
    "model_type": (None, "应为对象"),
    "model_attributes_type": (None, "应为对象"),
    "too_short": (None, "至少 {min_length} 项，现有 {actual_length} 项"),
    "too_long": (None, "最多 {max_length} 项"),
    "date_type": (None, "应为日期，如 2018-07-01"),
    "date_parsing": (None, "应为日期，如 2018-07-01"),
    "date_from_datetime_parsing": (None, "应为日期，如 2018-07-01"),
    "date_from_datetime_inexact": (None, "应为日期，不带时间，如 2018-07-01"),
    "datetime_type": (None, "应为时间，如 2018-07-16T09:00:00+08:00"),
    "datetime_parsing": (None, "应为时间，如 2018-07-16T09:00:00+08:00"),
    "datetime_from_date_parsing": (None, "应为时间，如 2018-07-16T09:00:00+08:00"),
    "datetime_object_invalid": (None, "应为时间，如 2018-07-16T09:00:00+08:00"),
    "timezone_aware": (None, "时间须带时区，如 2018-07-16T09:00:00+08:00"),
    "uuid_type": (None, "应为 UUID"),
    "uuid_parsing": (None, "应为 UUID"),
    "url_parsing": (None, "应为网址"),
    "union_tag_invalid": (None, "应为下列之一：{expected_tags}"),
    "union_tag_not_found": ("say which kind it is", "请说明是哪一种"),
    "none_required": (None, "应为空（null）"),
    "several_lines": (None, "应为可打印的文本，可以分行"),
    "not_json": (None, "应为 JSON"),
    "exact_number": ('an exact number is needed, such as "12.50"', '应为精确的数，如 "12.50"'),
    "day": ("a day is needed, such as 2018-07-01", "应为日期，如 2018-07-01"),
    "instant": (
        "an instant with its zone is needed, such as 2018-07-16T09:00:00+08:00",
        "应为带时区的时间，如 2018-07-16T09:00:00+08:00",
    ),
    "clock_time": ("a time of day is needed, such as 09:00", "应为钟点，如 09:00"),
    "one_line": (
        "one line of printable text is needed, without spaces at its ends",
        "应为一行可打印的文本，首尾没有空格",
    ),
}
"""By pydantic's kind of error; English where pydantic's own sentence would not do."""


def said_of(
    fault: Mapping[str, Any], endpoint: Callable[..., Any] | None, shown: object, codes: CodeLists | None = None
) -> tuple[str, str]:
    """What is wrong with one value, in English and Chinese.

    `fault` is one of pydantic's errors, `endpoint` the function that would have taken it, `shown` the model that its
    route answers with, `codes` what fixed values are called.
    """
    if "zh" in fault.get("ctx", {}):  # a validator of ours says both
        return fault["msg"], str(fault["ctx"]["zh"])
    if fault["type"] == "extra_forbidden":
        return _unknown(fault["loc"], endpoint, shown)
    form = FORMS.get(str(fault.get("ctx", {}).get("pattern")))
    if form is not None:
        return form
    if fault["type"] not in SENTENCES:
        return fault["msg"], fault["msg"]
    en, zh = SENTENCES[fault["type"]]
    given = {name: str(value) for name, value in fault.get("ctx", {}).items()}
    given |= {name: _choices(given[name], codes) for name in given.keys() & {"expected", "expected_tags"}}
    return en or fault["msg"], zh.format_map(given)


def _choices(listed: str, codes: CodeLists | None) -> str:
    """The values that pydantic lists, each by what it is called where that is known: 要素制约（factors）."""
    values = QUOTED.findall(listed) or [listed]
    called = codes.of(values) if codes is not None else None
    return "、".join(value if called is None else f"{called.labels[value]}（{value}）" for value in values)


def _unknown(loc: tuple[int | str, ...], endpoint: Callable[..., Any] | None, shown: object) -> tuple[str, str]:
    """An unknown name: one that the service itself fills in, one that is misspelt, or one that is nowhere."""
    name = str(loc[-1])
    if len(loc) == 2 and loc[0] == "body" and name in _fields(shown):  # noqa: PLR2004 - directly in the body
        return "the service fills this in: leave it out", "由系统给出，请勿填写：请去掉该字段"
    return unknown_name(name, _known(loc[:-1], endpoint))


def unknown_name(name: str, names: Collection[str]) -> tuple[str, str]:
    """That there is no such field, which there are, and which one is likely meant."""
    known = sorted(names)
    if not known:
        return "there is no such field: leave it out", "没有这个字段，请去掉"
    listed = ", ".join(known[:MOST]) + (", …" if len(known) > MOST else "")
    en, zh = f"there is no such field; fields are {listed}", f"没有这个字段；可用字段：{listed}"
    near = get_close_matches(name, known, n=1)
    if near:
        en, zh = f"{en}; did you mean {near[0]}?", f"{zh}；是否应为 {near[0]}？"
    return en, zh


def _known(loc: tuple[int | str, ...], endpoint: Callable[..., Any] | None) -> set[str]:
    """The fields that the place at `loc` takes."""
    if endpoint is None or not loc:
        return set()
    hints = get_type_hints(endpoint, include_extras=True)
    if loc[0] != "body":
        return {name for hint in hints.values() if _is_query(hint) for name in _fields(hint)}
    models = list(_models(hints.get("body")))
    for step in loc[1:]:
        if isinstance(step, int):
            continue
        models = [inner for model in models if step in model.model_fields for inner in _of(model, step)]
    return {name for model in models for name in _fields(model)}


def _of(model: type[BaseModel], name: str) -> Iterator[type[BaseModel]]:
    yield from _models(model.model_fields[name].annotation)


def _is_query(hint: object) -> bool:
    return get_origin(hint) is Annotated and any(type(each).__name__ == "Query" for each in get_args(hint)[1:])


def _models(hint: object) -> Iterator[type[BaseModel]]:
    """The models in a type: `list[Model] | None` holds one."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
        return
    for inner in get_args(hint):
        yield from _models(inner)


def _fields(hint: object) -> set[str]:
    return {field.alias or name for model in _models(hint) for name, field in model.model_fields.items()}
