"""Files that lists come as, read back, and what holds of every one of them."""

import csv
import io
from collections import Counter
from typing import Any

import httpx
import openpyxl

from services.kit.office.writing import CSV


def rows(answer: httpx.Response, media: str) -> list[dict[str, Any]]:
    """The rows of a file, by the names of its columns."""
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["content-type"].startswith(media)
    if media == CSV:
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head, *body = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


def misnamed(offer: tuple[Any, Any]) -> set[str]:
    """Fields of a list's items without a Chinese name of their own; `offer` is a page's model and its heads."""
    page, told = offer
    item = page.model_fields["items"].annotation.__args__[0]
    fields = {field.alias or name for name, field in item.model_fields.items()}
    times = Counter(told.head.values())
    bad = {field for field, name in told.head.items() if not "一" <= name[0] <= "鿿" or times[name] > 1}
    return bad | (fields ^ {*told.head})
