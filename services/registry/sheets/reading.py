"""A sheet under way, whatever its rows are: where its header is, cells as fields, every fault at its cell."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Generic, Protocol, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from services.kit.errors import Faulty, Refused
from services.kit.office.cells import PLACE, column_of
from services.kit.office.upload import Upload
from services.kit.office.writing import XLSX
from services.kit.sentences import said_of
from services.plan_file.reading import shape_fault
from services.registry.sheets import sentences
from services.registry.sheets.columns import titled
from services.registry.sheets.headers.rules import Headed, likely
from services.registry.sheets.naming.service import Naming
from services.registry.sheets.rows import Cells, Opened, opened_csv, opened_xlsx
from services.registry.sheets.rules import Column, WrongError, read
from services.registry.sheets.sentences import fault, said_of_shape
from services.registry.versions.rules import Content

FAULTS_TOLD: Final = 1_000
BLOCK: Final = 500
"""Rows handled at once; between blocks the process answers others."""


class FaultyCells(Refused):
    """Cells that cannot be taken; each is named, and nothing was written."""

    code = "faulty-cells"

    def __init__(self, faults: Sequence[Faulty], total: int) -> None:
        told = len(faults)
        super().__init__(
            f"{total} fault(s){f', the first {told} are told' if total > told else ''}; nothing was written",
            zh=f"共 {total} 处错误{f'，以下为前 {told} 处' if total > told else ''}；未写入任何数据",
            faults=faults,
        )


class Rows(Protocol):
    """What rows of a sheet are made of: objects of a kind, entries of a log."""

    @property
    def name(self) -> str:
        """What rows are of."""

    @property
    def model(self) -> type[BaseModel]:
        """What a row says."""

    @property
    def key(self) -> tuple[str, ...]:
        """The fields that say what it is about; a row that repeats another is told at the last one."""

    @property
    def passed(self) -> Mapping[str, str]:
        """Titles of what an export shows and an import does not write, by field."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those that a row may have."""

    @property
    def finds_codes(self) -> bool:
        """Whether a row may leave out its code, since it is found otherwise."""

    def lacking(self, there: set[str]) -> list[str]:
        """The fields without whose columns nobody knows what a row is about; `there` are those that have one."""


@dataclass
class Unkeyed:
    """A row as its cells say it."""

    line: int
    values: dict[str, Any]
    faulty: set[str]
    """Fields whose cells could not be read."""
    cells: Cells
    lacks_code: bool
    """It has no code; other fields may say whose it is."""


RowsT = TypeVar("RowsT", bound=Rows)


@dataclass(kw_only=True)
class Reading(Generic[RowsT]):
    """One sheet under way."""

    kind: RowsT
    opened: Opened
    header: Headed
    naming: Naming
    faults: list[Faulty] = field(default_factory=list)
    """The first so many."""
    total: int = 0

    def __post_init__(self) -> None:
        self.places = {column.name: place for place, (column, _) in self.header.columns.items()}
        self.first = min(self.header.columns)
        self.formulas = {place for place, error in self.opened.wrong if error.code == "formula"}
        """Cells whose values are nobody's: what else is wrong with them does not matter."""
        whole = len(self.header.columns) == len(self.kind.columns)
        examples = {place: column.example for place, (column, _) in self.header.columns.items() if column.example}
        self.example = examples if whole else None
        """The template's own example, cell for cell, where the sheet has all of its columns."""

    def at(self, line: int, name: str | None = None) -> str:
        """The cell of a field in a row; of a field without a column the row's first."""
        return self.opened.at(line, self.places.get(name or "", self.first))

    def add(self, *faults: Faulty) -> None:
        """Note faults."""
        self.total += len(faults)
        self.faults += faults[: max(FAULTS_TOLD - len(self.faults), 0)]

    def in_order(self) -> list[Faulty]:
        """The faults as they stand in the sheet, row by row from the left; what concerns all of it first."""

        def place(one: Faulty) -> tuple[int, int]:
            cell = PLACE.fullmatch(one.pointer.rpartition("!")[2].partition(":")[0])
            return (int(cell[2]), column_of(cell[1])) if cell else (0, 0)

        return sorted(self.faults, key=place)

    def pointed(self, faults: Iterator[Faulty] | Sequence[Faulty]) -> None:
        """Note faults whose pointers are `#LINE/field/…`."""
        for one in faults:
            line, _, rest = one.pointer.removeprefix("#").partition("/")
            self.add(Faulty(self.at(int(line), rest.partition("/")[0]), one.code, one.en, one.zh))

    def read(self, line: int, cells: Cells) -> Unkeyed | None:
        """The fields that a row's cells give; None where it is the example."""
        if self.example == {place: text.strip() for place, (_, text) in cells.items() if text.strip()}:
            self.add(fault(self.opened.at(line, self.first), WrongError("example")))
            return None
        values: dict[str, Any] = {}
        faulty = set()
        for place, (column, unit) in self.header.columns.items():
            if self.formulas and self.opened.at(line, place) in self.formulas:
                faulty.add(column.name)
                continue
            kind, text = cells.get(place, ("text", ""))
            if column.name == "code" and self.kind.finds_codes and not text.strip():
                continue
            try:
                values[column.name] = read(column, kind, text, unit)
            except WrongError as error:
                faulty.add(column.name)
                self.add(fault(self.opened.at(line, place), error))
        for place in cells:
            if place not in self.header.columns and place not in self.header.passed:
                self.add(fault(self.opened.at(line, place), WrongError("beyond-columns")))
        return Unkeyed(line, values, faulty, cells, self.kind.finds_codes and "code" not in values)

    def misnamed(self, row: Unkeyed, name: str, error: WrongError) -> None:
        """Note that a cell names nobody, or several: what it says is not read."""
        self.add(fault(self.at(row.line, name), error))
        row.faulty.add(name)
        row.values.pop(name, None)

    def validated(self, row: Unkeyed, whole: Content) -> Content | None:
        """What a row says as the wire model takes it, whatever way it comes; what could not be read is told already."""
        try:
            return self.kind.model.model_validate_json(orjson.dumps(whole)).model_dump(mode="json")
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                if not detail["loc"] or detail["loc"][0] not in row.faulty:
                    self.add(self._refused(row.line, detail))
        return None

    def _refused(self, line: int, detail: ErrorDetails) -> Faulty:
        """What the wire model says of a row, at its cell."""
        way = [step for step in detail["loc"] if isinstance(step, str)]
        name = way[0] if way else None
        at, part = self.at(line, name), titled(self.kind.columns, way)
        lacking = name is not None and name not in self.places
        wrong = said_of_shape(detail, part, within=len(way) > 1, lacking=lacking)
        if wrong is not None:
            return fault(at, wrong)
        told = shape_fault(detail) if detail["type"] != "model_type" else None
        if told is None or told.code == "invalid":
            en, zh = said_of(detail, None, None)
            return fault(at, WrongError("invalid", problem=en, told=zh))
        en, zh = (f"{told.problem('en')}; {told.remedy('en')}", f"{told.problem('zh')}；{told.remedy('zh')}")
        return Faulty(at, told.code.replace("_", "-"), en, zh)

    def closed(self, *, empty: bool) -> None:
        """Note what is wrong with the sheet as such, which is known when all of it was read."""
        self.add(*(fault(place, error) for place, error in self.opened.wrong))
        if empty and not self.total:
            self.add(fault(self.at(self.header.row + 1), WrongError("no-rows")))

    @property
    def columns_not_read(self) -> list[str]:
        """Columns of an export that are left aside."""
        return [text for place, text in self.header.passed.items() if place != self.header.version]


async def opened_as(form: Rows, upload: Upload) -> tuple[Opened, Headed]:
    """The table in a file and its header, or `FaultyCells` with what is wrong with it."""
    told = form.columns
    opened = await asyncio.to_thread(_opened, form, upload, told)
    return opened, _header(opened, form, told)


def _opened(form: Rows, upload: Upload, told: Sequence[Column]) -> Opened:
    if upload.media == XLSX:
        title, explained = sentences.KINDS[form.name], sentences.EXPLAINED
        return opened_xlsx(upload.file, told, form.passed, title=title, explained=explained)
    return opened_csv(upload.file, told, form.passed, upload.rows)


def _header(opened: Opened, form: Rows, told: Sequence[Column]) -> Headed:
    """Without a header no cell means anything."""
    header, known = opened.header, "、".join(column.header for column in told)
    faults = [fault(place, error) for place, error in opened.wrong]
    if header is None:
        faults.append(fault(opened.at(1, 1), WrongError("no-header", known=known)))
        raise FaultyCells(faults[-FAULTS_TOLD:], len(faults))
    at = header.row
    there = {column.name for column, _ in header.columns.values()}
    free = [column for column in told if column.name not in there]
    said = []
    for place, text in header.unknown.items():
        near = "、".join(column.header for column in likely(text, free)) or "—"
        said.append((place, WrongError("unknown-column", given=text, near=near, known=known)))
    said += [(place, WrongError("column-twice", given=text)) for place, text in header.twice.items()]
    said += [(place, WrongError("units-unclear", given=units)) for place, units in header.unclear.items()]
    names = {column.name: column.header for column in told}
    lacking = form.lacking(there)
    said += [(1, WrongError("column-missing", known=names[name])) for name in lacking]
    if said:
        faults += [fault(opened.at(at, place), error) for place, error in said]
        raise FaultyCells(faults[-FAULTS_TOLD:], len(faults))
    return header


async def blocks(rows: Iterator[tuple[int, Cells]]) -> AsyncIterator[list[tuple[int, Cells]]]:
    """Rows block by block, read in a thread: a large file leaves the process free for others."""
    while block := await asyncio.to_thread(lambda: list(islice(rows, BLOCK))):
        yield block
