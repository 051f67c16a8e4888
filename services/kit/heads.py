"""Lists of a service as files: what each field is called, and how its values become cells.

Types come from the wire model, names from the service; a test holds that every field of every list has a name.
"""

import json
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel

from services.kit.clock import CHINA
from services.kit.codes import CodeLists, values_of
from services.kit.exports import Offer
from services.kit.office.writing import Value

DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def offered(
    title: str, page: type[BaseModel], head: Mapping[str, str], *, codes: CodeLists, numbers: Collection[str] = ()
) -> Offer:
    """How the items of a page look as rows: `head` names their fields in order, `numbers` are texts that are exact numbers.

    Fixed values go by what `codes` call them where people read the file.
    """
    (item,) = get_args(page.model_fields["items"].annotation)
    fields = {field.alias or name: field.annotation for name, field in item.model_fields.items()}
    kinds = {name: kind_of(annotation) for name, annotation in fields.items()} | dict.fromkeys(numbers, Decimal)
    lists = {name: codes.of(values_of(annotation)) for name, annotation in fields.items()}
    labels = {name: found.labels for name, found in lists.items() if found is not None}

    def cell(name: str, value: Any, for_people: bool) -> Value:  # noqa: ANN401 - whatever JSON holds
        called = labels.get(name, {}) if for_people else {}
        return _cell(kinds[name], called, value, for_people=for_people)

    return Offer(title, head, cell)


def kind_of(annotation: Any) -> type:  # noqa: ANN401 - whatever a field is annotated with
    """What the values of a field are in a file: days, instants, or whatever they are in JSON."""
    named = set(get_args(annotation)) | {annotation}
    if named & {datetime, AwareDatetime}:
        return datetime
    return date if date in named else object


def _cell(kind: type, labels: Mapping[str, str], value: object, *, for_people: bool) -> Value:
    match value:
        case None | [] | {}:
            return None
        case bool():
            return "是" if value else "否"
        case int():
            return value
        case str():
            return _of_text(kind, labels, value, for_people=for_people)
        case list() if all(isinstance(one, str) for one in value):
            return "、".join(labels.get(one, one) for one in value)
    return json.dumps(value, ensure_ascii=False)


def _of_text(kind: type, labels: Mapping[str, str], text: str, *, for_people: bool) -> Value:
    """A text of JSON as what it says."""
    if kind is Decimal:
        return _number(text)
    if kind is date:
        return date.fromisoformat(text)
    if kind is datetime:
        return instant(text, for_people=for_people)
    return labels.get(text, text)


def instant(text: str, *, for_people: bool) -> datetime:
    """An instant as a cell: people read it in the zone of China, programs with the zone that it came in."""
    found = datetime.fromisoformat(text)
    return found.astimezone(ZoneInfo(CHINA)).replace(tzinfo=None) if for_people else found


def _number(text: str) -> Value:
    """An exact number, or what stands in its place: a range, the day of a milestone."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return date.fromisoformat(text) if DAY.fullmatch(text) else text
