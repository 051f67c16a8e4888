"""Where evidence files are kept, and who sees which."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Text, any_, bindparam, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from services.kit.auth import Caller
from services.kit.db import Driver, Session, uuid7
from services.kit.files import Evidence
from services.kit.paging import holds
from services.kit.reads import One, Page, compiled
from services.registry.files.tables import File, FileUpload, FileUse
from services.registry.units.store import visible_to

_files = File.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it
_uploads = FileUpload.__table__.c  # type: ignore[attr-defined]  # as above
_uses = FileUse.__table__.c  # type: ignore[attr-defined]  # as above


def _sent_within(sending: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns of a table
    return or_(sending.client_id == bindparam("client_id"), visible_to(sending.region, sending.unit))


def _sent_by_own() -> ColumnElement[bool]:
    """Whether the caller, its unit or one below sent the file."""
    sending = _uploads.id.table.alias("sending").c
    return (
        select(sending.id)
        .where(sending.region == _files.region, sending.sha256 == _files.sha256, _sent_within(sending))
        .exists()
    )


def _visible() -> ColumnElement[bool]:
    """A file is seen by who sent it and the units above, by who sees an object that refers to it, and by the region."""
    used = select(_uses.id).where(
        _uses.region == _files.region,
        _uses.sha256 == _files.sha256,
        or_(_uses.unit.is_(None), visible_to(_uses.region, _uses.unit)),
    )
    return or_(bindparam("unit_path", type_=String) == "", _sent_by_own(), used.exists())


def _shown() -> ColumnElement[bool]:
    """Of a file that is seen, who sees that it was sent, and how it was called: its sender and the units above.

    Who sees it by way of an object only sees every time that it was sent; who sent the same bytes learns nothing of
    the others that did.
    """
    return or_(_sent_within(_uploads), not_(_sent_by_own()))


_of_file = (_uploads.region == _files.region) & (_uploads.sha256 == _files.sha256)
_sent = (
    select(
        _uploads.sha256,
        _uploads.name,
        _files.size,
        _files.media_type,
        _uploads.client_id,
        _uploads.unit,
        _uploads.at,
    )
    .select_from(_uploads.id.table.join(_files.sha256.table, _of_file))
    .where(_files.region == bindparam("region"), _visible(), _shown())
)

UPLOADS = Page(
    _sent,
    sort=_uploads.at,
    identity=_uploads.id,
    sorts={
        **{name: _uploads[name] for name in ("at", "name", "unit")},
        **{name: _files[name] for name in ("size", "media_type")},
    },
    filters={
        "sought": holds(_uploads.name),
        "sha256": _uploads.sha256 == bindparam("sha256"),
        "subject": select(_uses.id)
        .where(
            _uses.region == _uploads.region,
            _uses.sha256 == _uploads.sha256,
            _uses.subject == bindparam("subject"),
        )
        .exists(),
    },
    descending=True,
)
METADATA = One(
    _sent.where(_uploads.sha256 == bindparam("sha256")).order_by(_uploads.at, _uploads.id).limit(1), what="file"
)
SENT_BY = One(
    _sent.where(
        _uploads.sha256 == bindparam("sha256"),
        _uploads.name == bindparam("name"),
        _uploads.client_id == bindparam("client_id"),
    ),
    what="file",
)
_CONTENT = compiled(
    select(_files.content, _files.media_type, _uploads.name)
    .select_from(_files.sha256.table.join(_uploads.id.table, _of_file))
    .where(_files.region == bindparam("region"), _files.sha256 == bindparam("sha256"), _visible(), _shown())
    .order_by(_uploads.at, _uploads.id)
    .limit(1)
)


def seen_by(caller: Caller) -> dict[str, Any]:
    """The values by which a query knows what the caller sees."""
    return {"region": caller.region, "client_id": caller.client_id, "unit_path": caller.unit_path}


async def content(driver: Driver, caller: Caller, sha256: str) -> tuple[bytes, str, str] | None:
    """Bytes, media type and the name under which it was sent first, of a file that the caller sees."""
    row = await driver.fetchrow(_CONTENT.sql, *_CONTENT.values({**seen_by(caller), "sha256": sha256}))
    return None if row is None else (row["content"], row["media_type"], row["name"])


async def keep(session: Session, caller: Caller, file: Evidence, *, at: datetime) -> bool:
    """Keep the bytes, unless they are there, and that they were sent; says whether that is new."""
    key = {"region": caller.region, "sha256": file.sha256}
    row = {**key, "size": file.size, "media_type": file.media_type, "content": file.content, "recorded_at": at}
    await session.execute(insert(File).values(row).on_conflict_do_nothing())
    upload = {**key, "id": uuid7(), "name": file.name, "client_id": caller.client_id, "unit": caller.unit, "at": at}
    made = await session.execute(insert(FileUpload).values(upload).on_conflict_do_nothing().returning(_uploads.id))
    return made.scalar_one_or_none() is not None


async def seen(session: Session, caller: Caller, hashes: Collection[str]) -> set[str]:
    """Which of these files are there and seen by the caller."""
    found = select(_files.sha256).where(
        _files.region == bindparam("region"), _files.sha256 == any_(bindparam("hashes", type_=ARRAY(Text))), _visible()
    )
    return set((await session.execute(found, {**seen_by(caller), "hashes": sorted(hashes)})).scalars())


async def refer(
    session: Session, region: str, uses: Iterable[tuple[str, str]], *, unit: str | None, at: datetime
) -> None:
    """From now on subjects refer to files, each use a subject and a hash."""
    rows = [
        {"region": region, "id": uuid7(), "sha256": sha256, "subject": subject, "unit": unit, "at": at}
        for subject, sha256 in sorted(set(uses))
    ]
    if rows:
        await session.execute(insert(FileUse).on_conflict_do_nothing(), rows)
