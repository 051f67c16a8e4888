"""Names in cells made codes, block by block: what was asked once is not asked again, whatever number of rows say it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from services.kit.amounts import compact
from services.kit.db import Session, driver_of
from services.registry.enterprises import rules as enterprises
from services.registry.enterprises.names import rules as enterprise_names
from services.registry.enterprises.store import ENTERPRISES
from services.registry.sheets.naming import rules, store
from services.registry.sheets.naming.rules import CODE, KINDS, MANY, Asked, Called, Directory, Unclear
from services.registry.sheets.rules import Column, WrongError
from services.registry.versions.rules import Content, folded, wanted

LOOKED_ROUND: Final = 20
"""For so many names of a file that no enterprise has, others like them are looked for."""


class Misnamed(NamedTuple):
    """A cell that names nobody, or several: which row of those given, which field."""

    row: int
    field: str
    error: WrongError


class Naming:
    """What the cells of one file name."""

    def __init__(self, columns: Iterable[Column], region: str, day: str) -> None:
        self._columns = [column for column in columns if rules.names_objects(column)]
        self._region, self._day = region, day
        self._directory = Directory()
        self._read: set[str] = set()
        self._asked: set[str] = set()
        self._found: dict[tuple[tuple[str, ...], str], str | WrongError] = {}
        self._looked_round = 0

    def names(self, kind: str) -> bool:
        """Whether a column of its own names objects of a kind."""
        return any(kind in column.refers and not column.typed for column in self._columns)

    def learn(self, kind: str, rows: Iterable[Content]) -> None:
        """Note objects that come with the file, whose names its other rows may use."""
        for row in rows:
            if row.get("code") and row.get("name"):
                self._directory.learn(kind, row["code"], row)

    async def resolve(self, session: Session, rows: Sequence[dict[str, Any]]) -> list[Misnamed]:
        """Put codes where rows have names; what is not clear is told and stays."""
        there = [
            (row, column.name, *place)
            for row, values in enumerate(rows)
            for column in self._columns
            if column.name in values
            for place in rules.places(column, values, column.name)
        ]
        new = {(column.refers, text): column for _, _, _, _, column, text in there}
        await self._find(session, {key: column for key, column in new.items() if key not in self._found})
        wrong = []
        for row, field, holder, key, column, text in there:
            found = self._found[column.refers, text]
            if isinstance(found, WrongError):
                wrong.append(Misnamed(row, field, found))
            else:
                holder[key] = found
        return wrong

    async def _find(self, session: Session, new: Mapping[tuple[tuple[str, ...], str], Column]) -> None:
        asked = {key: rules.asked(column, key[1]) for key, column in new.items()}
        questions = [one for one in asked.values() if isinstance(one, Asked)]
        for kind in {kind for one in questions for kind in one.kinds} - {MANY} - self._read:
            for code, content in await store.called(session, self._region, kind):
                self._directory.learn(kind, code, content)
            self._read.add(kind)
        await self._ask_for_enterprises(session, {one.text for one in questions if MANY in one.kinds and one.text})
        for key, one in asked.items():
            found = self._directory.found(one) if isinstance(one, Asked) else one
            self._found[key] = await self._wrong(session, found, key[1]) if isinstance(found, Unclear) else found

    async def _ask_for_enterprises(self, session: Session, texts: set[str]) -> None:
        """Learn which enterprises these texts may mean: one question for all of them."""
        new = texts - self._asked
        if not new:
            return
        self._asked |= new
        codes = {code for text in new if CODE.fullmatch(code := compact(text))}
        marks = {text: (f"is:{folded(text)}", f"like:{enterprise_names.core(text)}") for text in new}
        met: dict[str, list[Content]] = defaultdict(list)
        told = await store.enterprises(session, self._region, codes, {mark for two in marks.values() for mark in two})
        for code, content in told:
            self._directory.codes.setdefault(MANY, set()).add(code)
            if content is not None:
                enterprise = enterprises.whole(content)
                for mark in set(enterprise_names.marks(enterprise)):
                    met[mark].append(enterprise)
        for text, two in marks.items():
            among = {one["code"]: one for mark in two for one in met.get(mark, ())}
            for called in rules.enterprises_meant(text, [*among.values()], self._day):
                self._directory.note(called, text)

    async def _wrong(self, session: Session, unclear: Unclear, text: str) -> WrongError:
        asked, among = unclear.asked, [*unclear.among]
        code = "ambiguous-name" if among else "unknown-name"
        if not among:
            among = self._directory.near(asked)
            if MANY in asked.kinds and asked.text and not among and self._looked_round < LOOKED_ROUND:
                self._looked_round += 1
                among = await self._with_this_part(session, asked.text)
        near = "、".join(one.shown for one in among[: rules.NEAR])
        kinds, what = ", ".join(asked.kinds), "、".join(KINDS[kind][0] for kind in asked.kinds)
        return WrongError(code, given=text, kinds=kinds, what=what, near=near or "—")

    async def _with_this_part(self, session: Session, text: str) -> list[Called]:
        """Enterprises that have a name of which this is a part."""
        part = wanted(enterprise_names.core(text))
        page = await ENTERPRISES.page.fetch(await driver_of(session), limit=rules.NEAR, given=part, region=self._region)
        return [Called((0,), MANY, one["code"], one["name"]) for one in orjson.loads(page)["items"]]
