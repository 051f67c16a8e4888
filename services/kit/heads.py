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
from services.kit.exports import Offer
from services.kit.office.writing import Value

DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "light": {"grey": "灰", "green": "绿", "yellow": "黄", "red": "红", "done": "完成"},
}
"""What people call values, by field."""


def offered(title: str, page: type[BaseModel], head: Mapping[str, str], *, numbers: Collection[str] = ()) -> Offer:
    """How the items of a page look as rows: `head` names their fields in order, `numbers` are texts that are exact numbers."""
    (item,) = get_args(page.model_fields["items"].annotation)
    kinds = {field.alias or name: kind_of(field.annotation) for name, field in item.model_fields.items()}
    kinds |= dict.fromkeys(numbers, Decimal)

    def cell(name: str, value: Any, for_people: bool) -> Value:  # noqa: ANN401 - whatever JSON holds
        return _cell(kinds[name], LABELS.get(name.rpartition("_")[2], {}), value, for_people=for_people)

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
            return "、".join(value)
    return json.dumps(value, ensure_ascii=False)


def _of_text(kind: type, labels: Mapping[str, str], text: str, *, for_people: bool) -> Value:
    """A text of JSON as what it says."""
    if kind is Decimal:
        return _number(text)
    if kind is date:
        return date.fromisoformat(text)
    if kind is datetime:
        return instant(text, for_people=for_people)
    return labels.get(text, text) if for_people else text


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
