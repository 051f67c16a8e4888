"""The logs that are added to by sheet, each judged as the JSON interface would judge its entries one by one."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from services.kit.auth import Caller
from services.kit.clock import civil_date
from services.kit.db import Session
from services.kit.errors import Faulty
from services.registry.instruments import rules as instruments
from services.registry.instruments import store as payments
from services.registry.instruments.schemas import PaymentRow
from services.registry.instruments.store import INSTRUMENTS
from services.registry.plans.store import PLANS, TASKS
from services.registry.sheets.columns import columns
from services.registry.sheets.rules import Column
from services.registry.tasks import rules
from services.registry.tasks import store as tasks
from services.registry.tasks.schemas import PublicityRow
from services.registry.versions.rules import Content, Reference
from services.registry.versions.store import Stamp

Judge = Callable[[Content, str], tuple[Sequence[Faulty], Sequence[Reference]]]
"""Takes an entry and where it stands; gives what is wrong with it, and what it refers to."""


async def _nothing(_session: Session, _caller: Caller, _entries: Sequence[Content]) -> list[dict[str, Any]]:
    return []


@dataclass(frozen=True)
class Log:
    """A log as sheets add to it."""

    name: str
    model: type[BaseModel]
    key: tuple[str, ...]
    """Fields without whose columns a row is no entry; at the last one stands that a row repeats another."""
    judging: Callable[[Session, Caller, Stamp, Sequence[Content]], Awaitable[Judge]]
    belongs: Callable[[Content], str]
    """What an entry is of, as an answer names it."""
    subject: Callable[[Content], str]
    """The same, as the trail names it."""
    findings: Callable[[Session, Caller, Sequence[Content]], Awaitable[list[dict[str, Any]]]] = _nothing
    """What does not add up since; takes the new entries."""
    passed: Mapping[str, str] = field(default_factory=dict)
    """Titles of what an export shows and an import does not write, by field."""
    finds_codes: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those of the wire model."""
        return columns(self.model, self.name)

    def lacking(self, there: set[str]) -> list[str]:
        """The fields without whose columns a row is no entry."""
        return [name for name in self.key if name not in there]


async def judging_payments(session: Session, caller: Caller, stamp: Stamp, _entries: Sequence[Content]) -> Judge:
    """Payments: of an instrument of the plan whose unit the caller speaks for, of days that are over there."""
    days = await _days(session, stamp)
    there = {(row.content["plan"], row.code): row.content for row in await INSTRUMENTS.current(session, stamp.region)}
    units = {one["unit"] for one in there.values() if one["unit"] is not None}
    paths = await tasks.unit_paths(session, stamp.region, sorted(units))

    def faults(payment: Content, at: str) -> Iterator[Faulty]:
        for one in instruments.payment_faults(payment, at):
            yield Faulty(f"{at}/receiver", one.code, one.en, one.zh) if one.pointer == at else one
        if payment["plan"] not in days:
            return
        yield from rules.day_faults(date.fromisoformat(payment["day"]), days[payment["plan"]], f"{at}/day")
        instrument = there.get((payment["plan"], payment["instrument"]))
        if instrument is None:
            yield instruments.no_such_instrument(payment, at)
        elif not rules.reports_for([instrument["unit"] or ""], paths, caller.unit_path):
            yield Faulty(f"{at}/instrument", "other-unit", *rules.ASK_WHO_ANSWERS)

    def judge(payment: Content, at: str) -> tuple[Sequence[Faulty], Sequence[Reference]]:
        named = [kind for kind in ("plan", "enterprise", "project") if payment[kind] is not None]
        return [*faults(payment, at)], [Reference(f"{at}/{kind}", kind, payment[kind]) for kind in named]

    return judge


async def findings_of_payments(session: Session, caller: Caller, entries: Sequence[Content]) -> list[dict[str, Any]]:
    """What does not add up of the instruments of which something was paid.

    Sums and instruments are read once for each plan: the region waits meanwhile, and a ledger names many instruments.
    """
    told = {(entry["plan"], entry["instrument"]) for entry in entries}
    found: list[dict[str, Any]] = []
    for plan in sorted({plan for plan, _ in told}):
        paid: dict[str, list[instruments.Paid]] = {}
        for one in await payments.paid(session, caller.region, {"plan": plan}):
            paid.setdefault(one.instrument, []).append(one)
        for instrument in await payments.instruments(session, caller.region, plan=plan, code=None):
            if (plan, instrument["code"]) in told:
                found += instruments.findings(instrument, paid.get(instrument["code"], []))
    return found


async def judging_publicity(session: Session, caller: Caller, stamp: Stamp, entries: Sequence[Content]) -> Judge:
    """Publicity: of units for which the caller speaks, for tasks of the plan, of days that are over there."""
    days = await _days(session, stamp)
    paths = await tasks.unit_paths(session, stamp.region, sorted({entry["unit"] for entry in entries}))
    there = {(row.content["plan"], row.code) for row in await TASKS.current(session, stamp.region)}

    def faults(entry: Content, at: str) -> Iterator[Faulty]:
        yield from rules.link_faults(entry["link"], f"{at}/link")
        if entry["unit"] in paths and not rules.reports_for([entry["unit"]], paths, caller.unit_path):
            yield Faulty(f"{at}/unit", "other-unit", *rules.ASK_WHO_ANSWERS)
        if entry["plan"] not in days:
            return
        yield from rules.day_faults(date.fromisoformat(entry["day"]), days[entry["plan"]], f"{at}/day")
        if entry["task"] is not None and (entry["plan"], entry["task"]) not in there:
            yield rules.no_such_task(entry, at)

    def judge(entry: Content, at: str) -> tuple[Sequence[Faulty], Sequence[Reference]]:
        named = [Reference(f"{at}/plan", "plan", entry["plan"])]
        return [*faults(entry, at)], [*named, Reference(f"{at}/unit", "unit", entry["unit"], entry["day"])]

    return judge


async def _days(session: Session, stamp: Stamp) -> Mapping[str, date]:
    """The civil date that people of each plan write at this instant."""
    plans = await PLANS.current(session, stamp.region)
    return {row.code: civil_date(stamp.recorded_at, row.content["time_zone"]) for row in plans}


LOGS: Final[Mapping[str, Log]] = {
    "payments": Log(
        "payment",
        PaymentRow,
        ("plan", "instrument", "day", "amount", "document"),
        judging_payments,
        belongs=lambda payment: f"{payment['plan']}/{payment['instrument']}",
        subject=lambda payment: f"instrument:{payment['plan']}/{payment['instrument']}",
        findings=findings_of_payments,
    ),
    "publicity": Log(
        "publicity",
        PublicityRow,
        ("plan", "day", "medium", "unit", "title"),
        judging_publicity,
        belongs=lambda entry: str(entry["plan"]),
        subject=lambda entry: f"plan:{entry['plan']}",
    ),
}
"""By the name of their lists."""


def logs(views: Mapping[str, type[BaseModel]]) -> dict[str, Log]:
    """What can be added to, with what the lists (by name) show beside."""
    return {name: replace(log, passed=_passed(log, views[name])) for name, log in LOGS.items()}


def _passed(log: Log, view: type[BaseModel]) -> Mapping[str, str]:
    taken = log.model.model_fields
    return {column.name: column.title for column in columns(view, log.name) if column.name not in taken}
