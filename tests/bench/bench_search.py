"""Chinese search over 100,000 enterprises (synthetic), as multiples of a primary-key read of the same app in the same run.

Goal: at most 5 times, for common and rare single characters and words. Printed are medians over rounds in which every
search has its turn; those with `total` count up to 10,000 matches, and have no goal.
"""

import asyncio
import random
import statistics
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import orjson
import uvloop

from services.embedded import postgres
from services.embedded.directory import hold
from services.embedded.process import Supervisor
from services.kit.db import uuid7
from services.registry.enterprises import rules
from tests.bench.bench_reads import answers_per_second, served, token_of
from tests.bench.extent import SHORT
from tests.databases import TestDatabase, migrate

ENTERPRISES = 1_000 if SHORT else 100_000
ROUNDS = 1 if SHORT else 3
GOAL = 5
REGION = "330109"
KEY_READ = f"/registry/v1/enterprises/e{ENTERPRISES // 2:06}"
SEARCHES = {
    "司 (in every name)": "司",
    "杭 (in three of five)": "杭",
    "萧 (in one of twelve)": "萧",
    "麒 (in one of fifty)": "麒",
    "麟 (in one of two thousand)": "麟",
    "龘 (in one)": "龘",
    "鑫 (in none)": "鑫",
    "科技 (in two of five)": "科技",
    "江科 (both characters common, together rare)": "江科",
    "有限公司 (in every name)": "有限公司",
    "三维打印 (in one of a thousand)": "三维打印",
    "化纤科 (in one of thirty)": "化纤科",
    "量子通信 (in one)": "量子通信",
}
BRANDS = "华宏远达盛泰恒信安康瑞丰德美嘉新兴永利顺通和润凯友环球博创天蓝海星光明正大同源"
TRADES = ("机械", "化纤", "汽车部件", "生物", "软件", "电子", "新材料", "物流", "环保", "装备", "纺织", "能源")


def names() -> Iterator[str]:
    """Synthetic names in which characters are as common as the searches say; the same every time."""
    chance = random.Random(2017)  # noqa: S311 - names, no secrets
    for number in range(ENTERPRISES):
        place = chance.choices(("杭州", "浙江", "绍兴", "宁波"), (60, 20, 10, 10))[0]
        brand = "".join(chance.choices(BRANDS, k=3))
        brand = f"萧{brand}" if chance.random() < 1 / 12 else brand
        brand = f"麒{brand}" if number % 50 == 49 else brand
        brand = f"麟{brand}" if number % 2000 == 1999 else brand
        brand = f"龘{brand}" if number == ENTERPRISES - 7 else brand
        brand = f"{brand}量子通信" if number == ENTERPRISES - 8 else brand
        trade = "三维打印" if number % 1000 == 999 else chance.choice(TRADES)
        if number % 4000 == 3999:
            place, brand = "浙江", f"科{brand}"
        elif chance.random() < 2 / 5:
            trade = f"{trade}科技"
        yield f"{place}{brand}{trade}{chance.choice(('股份', ''))}有限公司"


async def fill(server: postgres.PostgresServer) -> None:
    """The enterprises, written as the registry writes them, but many at once."""
    at = datetime(2018, 7, 16, 1, tzinfo=UTC)
    records = []
    for number, name in enumerate(names()):
        said = {
            "code": f"e{number:06}",
            "number": number + 1,
            "name": name,
            "aliases": [name[2:6]],
            "industry": "information",
            "direction": "合成",
            "group": None,
        }
        content = rules.whole(said)
        columns = rules.columns(content)
        kept = {
            "region": REGION,
            "id": uuid7(),
            "code": said["code"],
            "version": 1,
            "recorded_at": at,
            "ended_at": None,
        }
        records.append({**kept, "content": orjson.dumps(content).decode(), **columns})
    connection = await server.connect("duban")
    try:
        await connection.copy_records_to_table(
            "enterprise",
            schema_name="registry",
            columns=list(records[0]),
            records=[tuple(record.values()) for record in records],
        )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def measure(port: int, token: str) -> None:
    """Every search in turn, round by round."""
    paths = {f"{name}": f"/registry/v1/enterprises?q={quote(q)}" for name, q in SEARCHES.items()}
    paths |= {f"{name}, with total": f"{path}&total=true" for name, path in paths.items()}
    for connections in (1, 8):
        times: dict[str, list[float]] = {name: [] for name in paths}
        reads = []
        for _ in range(ROUNDS):
            read = await answers_per_second(port, KEY_READ, token, connections)
            reads.append(read)
            for name, path in paths.items():
                times[name].append(read / await answers_per_second(port, path, token, connections))
        print(f"{connections} connection(s): primary-key read {statistics.median(reads):.0f} answers/s")
        for name, found in times.items():
            goal = "" if name.endswith("total") else f"; goal {GOAL}"
            print(f"  {name}: {statistics.median(found):.1f} times ({min(found):.1f} to {max(found):.1f}{goal})")


async def main() -> None:
    """Start what is needed, measure, say it."""
    place = Path(tempfile.mkdtemp(prefix="duban-bench-"))
    with hold(place / "data") as directory:
        async with Supervisor(directory.logs) as supervisor:
            server = await postgres.start(directory, supervisor, durable=False)
            await asyncio.to_thread(migrate, server.dsn("duban"))
            async with served(TestDatabase(server, "duban")) as port:
                token = await token_of(port)
                await fill(server)
                await measure(port, token)
        postgres.remove(directory)


if __name__ == "__main__":
    print(f"Chinese search over HTTP, {ENTERPRISES:,} enterprises")
    uvloop.run(main())
