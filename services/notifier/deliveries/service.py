"""Sending what is due: claim, ask again whether it is still due, write the attempt, call, finish.

Each step is a transaction of its own and none is held over the network, so this takes the database and not a session.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.kit.clock import business_now
from services.kit.db import Database, Session
from services.kit.workdays import Calendar, Window
from services.notifier.channels.rules import Channel, Message, Outcome, Recipient, Result
from services.notifier.deliveries import store
from services.notifier.deliveries.rules import settle
from services.notifier.deliveries.store import Claim
from services.notifier.deliveries.tables import Delivery
from services.notifier.directory import store as directory
from services.notifier.directory.service import Addresses, AddressUnreadable
from services.notifier.letters.rules import stand_in_note

log = logging.getLogger(__name__)
BATCH = 8
AT_ONCE = 3
"""Fewer than a process has connections to the database."""
WAITED_SECONDS = 0.05
CHANCE = random.SystemRandom()

Addressed = dict[str, Any]
"""Who is written to, as an attempt keeps it."""

WhyNot = Callable[[Session, Delivery], Awaitable[str | None]]
"""Why a delivery is not due any more, or None."""


@dataclass(frozen=True)
class Hours:
    """When messages of a plan may go out."""

    window: Window
    calendar: Calendar


@dataclass(frozen=True)
class Withheld:
    """A delivery that is not sent now, what becomes of it, and why."""

    state: str
    reason: str | None = None
    due_at: datetime | None = None


HoursOf = Callable[[Session, str], Awaitable[Hours | None]]
"""The hours of a plan, by its code."""


@dataclass
class Sender:
    """What sending needs; one a process."""

    db: Database
    region: str
    owner: str
    """Names this process in leases."""
    channels: Mapping[str, Channel]
    addresses: Addresses
    lease_seconds: float
    synthetic: bool
    why_not: WhyNot
    hours_of: HoursOf
    stopping: asyncio.Event

    async def send_due(self, until: datetime) -> int:
        """Send what is due up to the business instant `until`; returns how many calls were made.

        Ends when nothing due waits and nobody works on any, or at once, after what runs, when stopping. What was
        refused for a while is left to a later run.
        """
        calls = 0
        places = asyncio.Semaphore(AT_ONCE)
        while not self.stopping.is_set():
            async with self.db.edge() as session:
                await store.reap(session, self.region)
                claims = await store.claim(
                    session, self.region, self.owner, until, limit=BATCH, lease_seconds=self.lease_seconds
                )
                busy = bool(claims) or await store.in_flight(session, self.region, until)
            if claims:
                ended = await asyncio.gather(
                    *(self._send(claim, until, places) for claim in claims), return_exceptions=True
                )
                for end in ended:  # all have ended before the first that failed is told
                    if isinstance(end, BaseException):
                        raise end
                    calls += end
            elif busy:
                await asyncio.sleep(WAITED_SECONDS)
            else:
                break
        return calls

    async def _send(self, claim: Claim, until: datetime, places: asyncio.Semaphore) -> bool:
        async with places:
            async with self.db.edge() as session:
                ready = await self._ready(session, claim, until)
            if ready is None:
                return False
            channel, message, number = ready
            began = time.monotonic()
            try:
                outcome = await channel.send(message)
            except Exception as error:
                log.exception("delivery %s: the channel failed", claim.id)
                outcome = Outcome(Result.UNKNOWN, excerpt=type(error).__name__)  # nobody knows what left
            took = int((time.monotonic() - began) * 1000)
            async with self.db.edge() as session:
                accepted_at = max(until, await business_now(session))
                settled = settle(outcome, number, CHANCE.uniform(-1, 1))
                await store.finish(session, claim, number, outcome, settled, accepted_at=accepted_at, ms=took)
            return True

    async def _ready(self, session: Session, claim: Claim, until: datetime) -> tuple[Channel, Message, int] | None:
        """Everything for the call, the attempt written; None where there is nothing to call."""
        delivery = await store.claimed(session, claim)
        if delivery is None:
            return None
        now = max(until, await business_now(session))
        found = await self._checked(session, delivery, now)
        if isinstance(found, Withheld):
            await store.settle_unsent(session, claim, found.state, reason=found.reason, due_at=found.due_at)
            return None
        channel, message, addressed = found
        number = await store.begin(
            session, claim, call_seconds=channel.call_seconds, business_at=now, addressed=addressed
        )
        return None if number is None else (channel, message, number)

    async def _checked(
        self, session: Session, delivery: Delivery, now: datetime
    ) -> tuple[Channel, Message, list[Addressed]] | Withheld:
        """The message, if it is still due, in its hours, and can be addressed."""
        if (reason := await self.why_not(session, delivery)) is not None:
            return Withheld("cancelled", reason)
        hours, channel = await self.hours_of(session, delivery.plan), self.channels.get(delivery.channel)
        if hours is None or channel is None:
            return Withheld("rejected", "no_ladder" if hours is None else "no_channel")
        if (earliest := hours.window.earliest(now, hours.calendar)) > now:
            return Withheld("pending", due_at=earliest)
        try:
            message, people = await self._message(session, delivery, now.astimezone(ZoneInfo(hours.window.zone)))
        except AddressUnreadable as refusal:
            return Withheld("rejected", refusal.code)
        return (channel, message, people) if message.to else Withheld("rejected", "no_recipient")

    async def _message(self, session: Session, delivery: Delivery, now: datetime) -> tuple[Message, list[Addressed]]:
        """The message with the addresses of those who hold the roles now, or stand in today; and who they are."""
        contacts = await directory.contacts(
            session, self.region, {one["unit"] for one in delivery.recipients}, now.date()
        )
        addressed: list[Addressed] = []
        people: dict[str, list[Recipient]] = {"to": [], "cc": []}
        for one in delivery.recipients:
            contact = contacts.get((one["unit"], one["role"]))
            if contact is None:
                continue
            address = self.addresses.open(contact.address, self.region, contact.unit, contact.role)
            recipient = Recipient(contact.person, address)
            if all(recipient.address != other.address for group in people.values() for other in group):
                people[one["as"]].append(recipient)
            addressed.append(
                {
                    "as": one["as"],
                    "unit": contact.unit,
                    "role": contact.role,
                    "person": contact.person,
                    "for": contact.for_,
                }
            )
        message = Message(
            id=delivery.id,
            date=now,
            subject=delivery.subject,
            body=delivery.body + stand_in_note([(one["person"], one["for"]) for one in addressed if one["for"]]),
            to=tuple(people["to"]),
            copy=tuple(people["cc"]),
            synthetic=self.synthetic,
        )
        return message, addressed
