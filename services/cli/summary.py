"""What `duban up` says at its end: what was loaded, what lags and whose it is, what was decided, sent and accepted."""

from pathlib import Path
from typing import Any

from services.cli.clocks import CLOCK, said, zone_of
from services.cli.connection import DEFAULT_DATA_DIR, Api
from services.cli.tables import table

SYNTHETIC = (
    "The sample's own time; its figures, contacts and mails are synthetic. 样例业务时钟；数据、联系人、邮件均为虚构。"
)
REGISTERED = ("units", "contacts", "industries", "carriers", "enterprises", "projects", "tasks")


async def lines(api: Api, data_dir: Path) -> list[str]:
    """The summary, line by line."""
    zone = await zone_of(api)
    clock = said(await api.get(CLOCK), zone)
    known = [plan async for plan in api.every("/registry/v1/plans")]
    return [
        "",
        f"It is {clock}",
        f"  {SYNTHETIC}",
        "",
        "Loaded 已装载",
        *[f"  {line}" for line in await _loaded(api, known)],
        *[line for plan in known for line in await _lagging(api, plan["code"])],
        "",
        "Decided and sent 已决定并发送",
        *[f"  {line}" for line in await _sent(api)],
        "",
        "Where to look 查看",
        *[f"  {line}" for line in _where(api.url, data_dir, known)],
        "",
    ]


async def _loaded(api: Api, known: list[dict[str, Any]]) -> list[str]:
    if not known:
        return ["nothing yet: duban plan apply FILE, duban reports import FILE, duban plan activate CODE"]
    found = []
    for plan in known:
        measured = await api.get(f"/indicators/v1/plans/{plan['code']}")
        found.append(f"plan {plan['code']} {plan['name']} ({plan['state']})")
        found.append(f"{measured['indicators']} indicators, {measured['targets']} targets")
    counts = [f"{await _total(api, f'/registry/v1/{kind}')} {kind}" for kind in REGISTERED]
    return [*found, ", ".join(counts), f"{await _total(api, '/indicators/v1/observations')} reported figures"]


async def _total(api: Api, path: str) -> int:
    return int((await api.get(path, limit=1, total=True))["total"])


async def _lagging(api: Api, plan: str) -> list[str]:
    """A line a unit: which of the matters it leads are red and which yellow."""
    judged = await api.get("/indicators/v1/gaps/summary", plan=plan)
    rows = [
        (unit["name"] or unit["unit"], *(_codes(unit[light]) for light in ("red", "yellow")))
        for unit in judged["items"]
        if unit["red"] or unit["yellow"]
    ]
    return [
        "",
        f"Lagging matters by unit 滞后事项: {plan}, as_of {judged['as_of']} by the business clock",
        *[f"  {line}" for line in table(("unit 单位", "red 红", "yellow 黄"), rows)],
    ]


def _codes(codes: list[str]) -> str:
    return f"{len(codes)}: {' '.join(codes)}" if codes else "-"


async def _sent(api: Api) -> list[str]:
    done = await api.get("/notifier/v1/summary")
    kept = (await api.get("/notifier/v1/mailbox", limit=1))["mails"]
    return [
        f"decided: {done['decided']} decisions ({_counts(done['decisions'])})",
        (
            f"open notices: {done['matters']} ({_counts(done['levels'])}); "
            f"awaiting verification: {done['awaiting_verification']}"
        ),
        (
            f"messages: {done['own_messages']} own, {done['digests']} digests; "
            f"sent {done['sent']}, accepted {done['accepted']}, waiting {done['waiting']}"
        ),
        f"mails kept in the mailbox: {kept}; none left this machine",
    ]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"


def _where(url: str, data_dir: Path, known: list[dict[str, Any]]) -> list[str]:
    place = "" if data_dir == DEFAULT_DATA_DIR else f" --data-dir {data_dir}"
    question = "--as-of 2018-06-30 --known-at 2018-07-15T18:00:00+08:00" if known else "--as-of DAY --known-at INSTANT"
    return [
        f"{url}/registry/docs  {url}/indicators/docs  {url}/notifier/docs",
        f"duban notices list{place}",
        f"duban evaluate {question}{place}",
        f"duban clock advance 7d{place}",
        f"duban mailbox{place}",
        f"logs: {data_dir / 'log'}",
    ]
