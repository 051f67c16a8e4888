"""Checking the audit chains (审计链) of the three services, entry by entry, with anchors that were kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.connection import Api
from services.cli.stopped import WRONGLY_TYPED, Stopped
from services.kit.chain import Anchor, Break, Check, parsed

SERVICES = ("registry", "indicators", "notifier")
PAGE = 200
BREAKS_SHOWN = 100


def anchors_of(given: Iterable[str], file: Path | None) -> list[Anchor]:
    """The anchors typed and those in the file, one a line, as they are or as a log has them."""
    lines = list(given)
    if file is not None and file.exists():
        lines += file.read_text(encoding="utf-8").splitlines()
    try:
        return [Anchor.read(line) for line in lines if line.strip()]
    except ValueError as error:
        raise Stopped(str(error), status=WRONGLY_TYPED) from error


@dataclass
class Found:
    """The breaks of one chain: the first ones as sentences, and how many there are."""

    count: int = 0
    shown: list[str] = field(default_factory=list)

    def take(self, breaks: Iterable[Break]) -> None:
        """Count them all, keep the first."""
        for each in breaks:
            self.count += 1
            if len(self.shown) < BREAKS_SHOWN:
                self.shown.append(f"{each.code}: {each.sentence}")


async def verify(api: Api, anchors: Sequence[Anchor], *, keep: Path | None) -> None:
    """Follow every chain from its first entry; raises Stopped where one is broken. Memory does not grow with them."""
    broken: list[str] = []
    count = 0
    reached: list[Anchor] = []
    for service in SERVICES:
        check, found = await _follow(api, service, anchors)
        count += found.count
        broken += [f"{service}: {sentence}" for sentence in found.shown]
        print(f"{service}: {check.position} entries, {f'{found.count} breaks' if found.count else 'unbroken'}")
        if check.position:
            print(f"  anchor {check.anchor}")
            reached.append(check.anchor)
    if count:
        raise Stopped(f"the audit trail is broken at {count} place{'' if count == 1 else 's'}", details=broken)
    if keep is not None:
        with keep.open("a", encoding="utf-8") as file:
            file.writelines(f"{anchor}\n" for anchor in reached if anchor not in anchors)


async def _follow(api: Api, service: str, anchors: Sequence[Anchor]) -> tuple[Check, Found]:
    now = Anchor.read((await api.get(f"/{service}/v1/audit/anchor"))["anchor"])
    check = Check(service, now.region, [*anchors, *([now] if now.position else [])])
    found = Found()
    cursor: str | None = None
    while True:
        page = await api.ask(
            "GET", f"/{service}/v1/audit", params={"order": "earliest", "limit": PAGE, "cursor": cursor}
        )
        answer = parsed(page.content)
        for entry in answer["items"]:
            found.take(check.follow(entry))
        cursor = answer["next"]
        if cursor is None:
            found.take(check.end())
            return check, found
