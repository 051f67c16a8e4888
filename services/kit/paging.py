"""How a list is paged: by what it is sorted, and the cursor that belongs to this list, this order and these filters."""

import base64
import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema
from sqlalchemy import ColumnElement, String, and_, bindparam, cast, func, literal_column, or_

from services.kit.errors import Refused

ASKERS: Final = frozenset({"unit_path", "client_id"})
"""Values of a query that say who asks; what is asked is the same without them."""
After = Literal["value", "nothing"]
"""What a page comes after: a row that has the sort key, or one without it."""


class BadCursor(Refused):
    """The cursor was not made by this list, in this order and with these filters."""

    code = "bad-cursor"

    def __init__(self) -> None:
        super().__init__(
            "send the cursor exactly as `next` gave it",
            zh="游标无效：请原样使用上一页返回的 next",
            pointer="/query/cursor",
        )


class CursorOfAnother(BadCursor):
    """The cursor was made for another question."""

    def __init__(self) -> None:
        Refused.__init__(
            self,
            "the cursor belongs to another list, another order or other filters: send the filters of the page before it, "
            "or begin again without a cursor",
            zh="游标属于另一清单，或排序、筛选条件已改变：请沿用上一页的条件，或去掉 cursor 从头查询",
            pointer="/query/cursor",
        )


class By:
    """The names that a list can be sorted by, each also with `-` before it."""

    def __init__(self, *names: str) -> None:
        self.names = tuple(each for name in names for each in (name, f"-{name}"))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - a type
        """One of the names, or nothing."""
        del source, handler
        return core_schema.nullable_schema(core_schema.literal_schema(list(self.names)))


Sort = Annotated[
    str | None,
    Field(
        description="what the list is sorted by, `-` before it: the other way round, so that the last comes first; rows "
        "without it come last either way. Left out: the list's own order"
    ),
]
"""The order that is asked for; with `By` its names."""
Next = Annotated[str | None, Field(description="cursor of the next page; null on the last one")]
Counted = Annotated[int | None, Field(description="how many there are on all pages; null unless `total` was asked for")]


@dataclass(frozen=True)
class Order:
    """What the rows of a list are sorted by, each row once: the identity decides between equal ones."""

    key: ColumnElement[Any]
    identity: ColumnElement[Any]
    descending: bool = False
    nullable: bool = False
    """Whether rows may be without the key; those come last."""

    @property
    def clauses(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """What ORDER BY takes."""
        key = self.key.desc() if self.descending else self.key.asc()
        identity = self.identity.desc() if self.descending else self.identity.asc()
        return (key.nulls_last() if self.nullable else key, identity)

    def beyond(self, after: After) -> ColumnElement[bool]:
        """What comes after the cursor. Of a key that all rows have, an index can begin at the first condition."""
        last_key = cast(bindparam("after_sort", type_=String), self.key.type)
        last_id = cast(bindparam("after_id", type_=String), self.identity.type)
        further = self.identity < last_id if self.descending else self.identity > last_id
        if after == "nothing":
            return and_(self.key.is_(None), further)
        past = self.key < last_key if self.descending else self.key > last_key
        behind = or_(past, and_(self.key == last_key, further))
        if self.nullable:
            return or_(behind, self.key.is_(None))
        return and_(self.key <= last_key if self.descending else self.key >= last_key, behind)


def holds(*columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether one of these texts holds `:sought`, both folded (full-width as half-width, capitals as small letters).

    No index serves it: it is for lists of up to some ten thousand rows, which takes tens of milliseconds.
    """
    texts = func.concat_ws(literal_column("chr(10)"), *columns)
    return func.strpos(func.lower(func.normalize(texts, literal_column("NFKC"))), bindparam("sought", type_=String)) > 0


def sought(q: str | None) -> str | None:
    """What `holds` looks for."""
    return None if q is None else unicodedata.normalize("NFKC", q).lower()


def question(own: str, sort: str | None, given: Mapping[str, object], values: Mapping[str, object]) -> str:
    """A short digest of what is asked: which list, in which order, with which filters."""
    asked = [own, sort, given, {name: value for name, value in values.items() if name not in ASKERS}]
    body = orjson.dumps(asked, default=_said, option=orjson.OPT_SORT_KEYS)
    return base64.urlsafe_b64encode(hashlib.blake2b(body, digest_size=6).digest()).decode()


def _said(value: Any) -> object:  # noqa: ANN401 - a value of any type
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)


def sealed(asked: str, sort: str | None, identity: str) -> str:
    """An opaque cursor of a question."""
    return base64.urlsafe_b64encode(orjson.dumps([asked, sort, identity])).decode().rstrip("=")


def opened(cursor: str) -> tuple[str, str | None, str]:
    """What `sealed` closed, or `BadCursor`."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise BadCursor from error
    if not isinstance(parts, list) or [type(part) for part in parts] not in ([str, str, str], [str, type(None), str]):
        raise BadCursor
    return parts[0], parts[1], parts[2]


def continued(cursor: str, asked: str) -> tuple[str | None, str]:
    """The sort key and the identity of the last row before, of the same question, or `BadCursor`."""
    made_for, sort, identity = opened(cursor)
    if made_for != asked:
        raise CursorOfAnother
    return sort, identity


def check_cursor(cursor: str | None) -> None:
    """Refuse a cursor that no list made, before anything else is said of what is asked for."""
    if cursor is not None:
        opened(cursor)
