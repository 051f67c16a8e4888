"""The form of figures to report (报数模板): for a period with the rows that the caller's unit has to report."""

from typing import Final

from services.indicators.directory.store import NAMES
from services.indicators.observations.forms import sentences, store
from services.indicators.observations.intake.filled.rules import CLASSES, TITLES
from services.indicators.observations.intake.filled.table import EXPLAINED, SHEET
from services.indicators.observations.intake.rules import period as period_of
from services.kit.auth import Caller
from services.kit.db import Session, driver_of
from services.kit.names import UnknownNames, check_names, unknown
from services.kit.office.form import Entry, Form

FIELDS: Final = tuple(sentences.MEANINGS)
NEEDED: Final = frozenset({"period", "value"})


async def form(
    session: Session, caller: Caller, *, plan: str | None, period: str | None, unit: str | None, language: str
) -> Form:
    """The form; without a period it has no rows. Raises UnreadableError for what is no period."""
    if plan is not None:
        seen = {"region": caller.region, "unit_path": caller.unit_path}
        await check_names(await driver_of(session), NAMES, {"plan": plan}, seen)
    path = caller.unit_path
    if unit is not None:
        found = await store.place_of(session, caller.region, unit, unit_path=path)
        if found is None:
            raise UnknownNames([unknown("unit", unit, what="unit", where="/registry/v1/units", by="name")])
        path = found
    rows: list[list[str]] = []
    if period is not None:
        frequency, period_end = period_of(period)
        due = await store.due(session, caller.region, path=path, plan=plan, frequency=frequency, period_end=period_end)
        rows = [_row(each._asdict() | {"period": period}) for each in due]
    english = language == "en"
    return Form(
        name=SHEET,
        explained=EXPLAINED,
        headings=sentences.HEADINGS[english],
        entries=[_entry(name, english=english) for name in FIELDS],
        notes=sentences.NOTES[english],
        rows=rows,
    )


def _row(known: dict[str, str]) -> list[str]:
    return [known.get(name, "") for name in FIELDS]


def _entry(name: str, *, english: bool) -> Entry:
    header = f"{TITLES[name][0]}（{name}）"
    required = name in NEEDED
    return Entry(
        header=header,
        text=name not in {"value", "comparable_base"},
        required=required,
        allowed=[*CLASSES] if name == "class" else (),
        told=(
            header,
            sentences.MEANINGS[name][english],
            sentences.YES_NO[english][required],
            sentences.EXAMPLES.get(name, ""),
        ),
    )
