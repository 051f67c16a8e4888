"""Every list of a service, asked for in every order that its document offers."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import httpx

NUMBERS: Final = {"investment", "committed", "amount", "value", "goal"}
"""Exact numbers, which are texts on the wire."""


async def orders(http: httpx.AsyncClient, codes: Mapping[str, str]) -> dict[str, list[str]]:
    """The lists of a service whose orders have names, each with these; `codes` fill the places of a path."""
    document = (await http.get("/openapi.json")).json()
    found = {}
    for path, operations in document["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", []):
            names = [name for way in parameter["schema"].get("anyOf", []) for name in way.get("enum", [])]
            if parameter["name"] == "sort" and names:
                found[path.format_map(defaultdict(lambda: "-", codes))] = names
    return found


async def check(http: httpx.AsyncClient, codes: Mapping[str, str], **params: Any) -> int:  # noqa: ANN401 - of a query
    """That each list comes in each order, page by page as at once; how many had something to sort."""
    sorted_lists = 0
    for path, names in (await orders(http, codes)).items():
        whole = await http.get(path, params={**params, "limit": 200})
        assert whole.status_code in {200, 404} or "/path/" in whole.text, (path, whole.text)
        if whole.status_code != 200:
            continue
        sorted_lists += len(whole.json()["items"]) > 1
        for name in names:
            answer = await http.get(path, params={**params, "limit": 200, "sort": name})
            assert answer.status_code == 200, (path, name, answer.text)
            items = answer.json()["items"]
            told = [_value(name.removeprefix("-"), item) for item in items]
            there = [value for value in told if value is not None]
            assert there == sorted(there, reverse=name.startswith("-")), (path, name)
            assert told == [*there, *([None] * (len(told) - len(there)))], (path, name)
            assert await _paged(http, path, {**params, "sort": name}, len(items)) == items, (path, name)
    return sorted_lists


async def _paged(http: httpx.AsyncClient, path: str, params: dict[str, Any], whole: int) -> list[Any]:
    items: list[Any] = []
    cursor: str | None = None
    limit = max(2, whole // 3)
    while True:
        answer = await http.get(path, params={**params, "limit": limit, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, (path, params, answer.text)
        items += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None or len(items) >= whole:
            return items[:whole]


def _value(name: str, item: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    value = item[name]
    return Decimal(value) if name in NUMBERS and value is not None else value
