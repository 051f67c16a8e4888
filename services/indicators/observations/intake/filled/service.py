"""Rows of figures out of a file, whichever it is: CSV as it streams in, to the letter or as people write; a workbook."""

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import IO, Final

from services.indicators.observations import lists
from services.indicators.observations.intake import rows
from services.indicators.observations.intake.filled import table, texts
from services.indicators.observations.intake.filled.rules import (
    Given,
    Units,
    figures,
    for_people,
    headed,
    milestone_of,
    says_nothing,
    written,
)
from services.indicators.observations.intake.rules import (
    MILESTONE_OPTIONAL,
    MILESTONE_REQUIRED,
    OPTIONAL,
    REQUIRED,
    Row,
    Wrong,
    read,
)
from services.kit.office.upload import IN_MEMORY
from services.kit.office.writing import unguarded

BREATH: Final = 500
"""After so many rows of a workbook others of the process have their turn."""

Parsed = AsyncIterator[Row | Wrong | None]
"""Rows, faults, and None for each row of a form that nobody filled in."""


async def of_csv(chunks: AsyncIterable[bytes], fields: set[str]) -> Parsed:
    """The rows of a CSV; `fields` is filled with those that have columns. Raises BadHeaderError."""
    by_people, units = False, Units()
    strict = rows.exact(REQUIRED, OPTIONAL)

    def heading(line: int, cells: list[str]) -> list[str]:
        nonlocal by_people, units
        by_people = for_people(cells)
        if not by_people:
            fields.update(REQUIRED)
            return strict(line, cells)
        found = headed(line, {place: unguarded(text) for place, text in enumerate(cells)})
        if found.wrong:
            raise rows.BadHeaderError([wrong for _, wrong in found.wrong])
        units = found.units
        fields.update(found.columns.values())
        return [found.columns.get(place, "") for place in range(len(cells))]

    async for each in rows.read(texts.as_utf8(chunks), heading):
        if each.wrong is not None or not by_people:
            yield each.wrong or read(each.line, each.cells)
        else:
            yield _read(each.line, {name: ("text", unguarded(cell)) for name, cell in each.cells.items()}, units)


def milestones_of(chunks: AsyncIterable[bytes]) -> tuple[AsyncIterator[bytes], rows.Heading]:
    """A CSV of milestones reached in UTF-8, and what knows its header, by titles or fields."""
    strict = rows.exact(MILESTONE_REQUIRED, MILESTONE_OPTIONAL)
    return texts.as_utf8(chunks), lambda line, cells: strict(line, [milestone_of(unguarded(cell)) for cell in cells])


async def of_workbook(found: table.Table) -> Parsed:
    """The rows of a workbook's table, after what is wrong with its sheets."""
    for wrong in found.wrong:
        yield wrong
    if found.headed.wrong:
        return
    for count, (line, given) in enumerate(found.rows):
        if count % BREATH == 0:
            await asyncio.sleep(0)
        yield given if isinstance(given, Wrong) else _read(line, given, found.headed.units, found.speaks)


def _read(line: int, given: Given, units: Units, speaks: dict[int, str] | None = None) -> Row | Wrong | None:
    if says_nothing(given):
        return None
    said = figures(line, given, units)
    if speaks is not None and said.speaks != "unit":
        speaks[line] = said.speaks
    cells = {**written(given), **said.cells}
    shown = lists.opened(given.get("id", ("text", ""))[1].strip())
    if shown is not None:
        cells["recorded_at"] = ""
    row = read(line, cells)
    if isinstance(row, Row):
        told = {wrong.field for wrong in said.wrong}
        row.wrong = [*said.wrong, *(wrong for wrong in row.wrong if wrong.field not in told)]
        row.stated = said.stated
        row.shown = None if shown is None else shown[2]
    return row


@asynccontextmanager
async def kept(chunks: AsyncIterable[bytes]) -> AsyncIterator[IO[bytes]]:
    """A file as it came in, on disk from the first MiB on, gone afterwards."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for chunk in chunks:
            file.write(chunk)
        file.seek(0)
        yield file
