"""Copying what the other services say, and reading addresses in clear for those who deliver."""

import base64
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kit.db import Database, Session
from services.kit.errors import Refused
from services.notifier.clients.indicators import IndicatorsClient, LightChange
from services.notifier.clients.registry import (
    CalendarContent,
    Change,
    ContactContent,
    PlanContent,
    RegistryClient,
    ResponsibilityContent,
    UnitContent,
)
from services.notifier.directory import store
from services.notifier.directory.rules import unit_path
from services.notifier.directory.tables import (
    CalendarYear,
    Contact,
    Cursor,
    Light,
    Plan,
    Responsibility,
    Stead,
    Unit,
    UnitName,
)

REGISTRY, LIGHTS = "registry", "lights"
NONCE_BYTES = 12
MASK = "***"


class AddressUnreadable(Refused):
    """A contact's address was sealed with another key."""

    code = "address-unreadable"
    status = 503

    def __init__(self) -> None:
        super().__init__("a contact's address was sealed with another DUBAN_CONTACT_KEY", zh="联系人地址的加密密钥不符")


class AddressMasked(Refused):
    """The registry masks addresses from callers that may not deliver."""

    code = "address-masked"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            "the notifier's API key lacks the scope contacts:deliver", zh="通知服务的密钥缺少 contacts:deliver 权限"
        )


class Addresses:
    """Contacts' addresses at rest: AES-256-GCM, bound to region, unit and role, so that rows cannot be swapped."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(base64.b64decode(key))

    def seal(self, address: str, *place: str) -> bytes:
        """An address as it is kept."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, address.encode(), "\n".join(place).encode())

    def open(self, sealed: bytes, *place: str) -> str:
        """The address in clear."""
        try:
            clear = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], "\n".join(place).encode())
        except InvalidTag as error:
            raise AddressUnreadable from error
        return clear.decode()


async def copy_registry(db: Database, registry: RegistryClient, addresses: Addresses, region: str) -> None:
    """Copy what the registry's feed has, page by page. Raises CallFailed when it is away."""
    while True:
        async with db.edge() as session:
            position = (await store.copied(session, region, REGISTRY)).position
        page = await registry.changes(position)
        if page.next == position:
            return
        async with db.edge() as session:
            await take_changes(session, addresses, region, page.items)
            await store.put(session, Cursor(region=region, feed=REGISTRY, position=page.next))


async def copy_lights(db: Database, indicators: IndicatorsClient, region: str) -> None:
    """Copy what the feed of lights has, page by page. Raises CallFailed when it is away."""
    while True:
        async with db.edge() as session:
            position = (await store.copied(session, region, LIGHTS)).position
        page = await indicators.light_changes(position)
        async with db.edge() as session:
            for light in page.items:
                await store.add_light(session, _light(region, light))
            plans = {plan: at.isoformat() for plan, at in page.plans.items()}
            reached = Cursor(region=region, feed=LIGHTS, position=page.next, complete_to=page.complete_to, plans=plans)
            await store.put(session, reached)
        if page.next == position:
            return


def _light(region: str, light: LightChange) -> Light:
    content = light.model_dump(mode="json", exclude={"position", "id", "plan", "target", "at"})
    return Light(
        region=region,
        id=light.id,
        position=light.position,
        plan=light.plan,
        matter=light.target,
        at=light.at,
        content=content,
    )


async def take_changes(session: Session, addresses: Addresses, region: str, changes: Sequence[Change]) -> None:
    """Copy one page of the registry's feed."""
    paths = await store.unit_paths(session, region)
    for change in changes:
        match change.kind:
            case "unit" if change.content is not None:
                unit = UnitContent.model_validate(change.content)
                paths[change.code] = unit.path or unit_path(change.code, unit.parent, paths)
                await _take_unit(session, region, change, unit, path=paths[change.code])
            case "contact":
                await _take_contact(session, addresses, region, change)
            case "plan" if change.content is not None:
                await _take_plan(session, region, change)
            case "responsibility":
                await _take_responsibility(session, region, change)
            case "calendar":
                await _take_year(session, region, change)


async def _take_unit(session: Session, region: str, change: Change, unit: UnitContent, *, path: str) -> None:
    before = await store.unit_names(session, region, [change.code])
    if before[change.code] != unit.name or not await store.named_ever(session, region, change.code):
        named = UnitName(region=region, code=change.code, recorded_at=change.recorded_at, name=unit.name)
        await store.put(session, named)
    row = Unit(region=region, code=change.code, name=unit.name, path=path, successors=unit.successors)
    await store.put(session, row)


async def _take_contact(session: Session, addresses: Addresses, region: str, change: Change) -> None:
    await store.drop_contact(session, region, change.id)
    if change.content is None:
        return
    contact = ContactContent.model_validate(change.content)
    if MASK in contact.email or any(MASK in one.email for one in (*contact.next, *contact.stand_ins)):
        raise AddressMasked
    place = (region, contact.unit, contact.role)
    await store.put(
        session,
        Contact(
            region=region,
            unit=contact.unit,
            role=contact.role,
            object_id=change.id,
            person=contact.person,
            address=addresses.seal(contact.email, *place),
        ),
    )
    for stands_in, others in ((False, contact.next), (True, contact.stand_ins)):
        for one in others:
            row = Stead(
                region=region,
                unit=contact.unit,
                role=contact.role,
                stands_in=stands_in,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                person=one.person,
                address=addresses.seal(one.email, *place),
            )
            await store.put(session, row)


async def _take_plan(session: Session, region: str, change: Change) -> None:
    content = PlanContent.model_validate(change.content)
    before = await store.plan(session, region, change.code)
    active_from = before.active_from if before is not None else None
    if active_from is None and content.state == "active":
        active_from = content.activated_at or change.recorded_at
    await store.put(
        session,
        Plan(
            region=region,
            code=change.code,
            name=content.name,
            time_zone=content.time_zone,
            state=content.state,
            active_from=active_from,
        ),
    )


async def _take_responsibility(session: Session, region: str, change: Change) -> None:
    if change.content is None:
        before = await store.responsibility_of(session, region, change.id)
        if before is not None:
            ended = before.model_copy(update={"recorded_at": change.recorded_at, "lead": None, "support": []})
            await store.put(session, ended)
        return
    content = ResponsibilityContent.model_validate(change.content)
    await store.put(
        session,
        Responsibility(
            region=region,
            plan=content.plan,
            matter=content.matter or change.code,
            recorded_at=change.recorded_at,
            object_id=change.id,
            lead=content.lead,
            support=content.support,
            name=content.name,
            subject=content.subject,
        ),
    )


async def _take_year(session: Session, region: str, change: Change) -> None:
    if change.content is None:
        await store.drop_year(session, region, int(change.code))
        return
    content = CalendarContent.model_validate(change.content)
    exceptions = {day.isoformat(): works for day, works in content.exceptions.items()}
    row = CalendarYear(
        region=region,
        year=content.year,
        published=content.published,
        exceptions=exceptions,
        document=content.document,
        recorded_at=change.recorded_at,
        applied=False,
    )
    await store.put(session, row)
