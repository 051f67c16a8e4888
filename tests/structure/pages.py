"""The tables of docs/reference that are made from the code: `python -m tests.structure.pages` writes them anew.

Each stands between two comments of its page; what is around them is written by hand.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from pydantic_core import PydanticUndefined

import services
from services.indicators.observations.intake import rules as intake
from services.indicators.observations.intake.filled import rules as filled
from services.indicators.observations.intake.sentences import SENTENCES as ROW_FAULTS
from services.kit.claims import SCOPES
from services.kit.errors import Refused
from services.kit.settings import ServiceSettings
from services.plan_file.findings import KINDS as FINDINGS
from services.plan_file.model import PlanFile
from services.plan_file.sentences import SENTENCES as PLAN_FAULTS
from services.registry.projects.kinds.rules import STAGES, STANDARD
from tests.structure.house import ROOT, SERVICES, SETTINGS, operations, routes

REFERENCE = ROOT / "docs/reference"
MARK = re.compile(r"(<!-- begin (?P<name>[\w-]+)[^>]*-->\n).*?(\n<!-- end (?P=name) -->)", re.DOTALL)


def cell(text: str) -> str:
    """Text that does not end its cell."""
    return " ".join(text.replace("|", "\\|").split())


def table(*heads: str, rows: Iterator[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines)


def settings(model: type[ServiceSettings], *, besides: type[ServiceSettings] | None = None) -> str:
    """The environment variables of one process."""

    def rows() -> Iterator[tuple[str, ...]]:
        for name, field in model.model_fields.items():
            if besides is not None and name in besides.model_fields:
                continue
            default = "(must be set)" if field.is_required() else _default(field.get_default(call_default_factory=True))
            yield f"`DUBAN_{name.upper()}`", default, field.description or ""

    return table("variable", "default", "meaning", rows=rows())


def _default(value: object) -> str:
    if value is PydanticUndefined or value is None:
        return "–"
    return f"`{json.dumps(value, ensure_ascii=False)}`" if not isinstance(value, str) or not value else f"`{value}`"


def http(service: str) -> str:
    """Every operation of a service with the scope that its caller needs."""
    scopes = {(route.method, route.path): route.scopes for route in routes() if route.service == service}

    def rows() -> Iterator[tuple[str, ...]]:
        for name, operation in operations(service).items():
            method, _, path = name.partition(" ")
            needed = ", ".join(sorted(scopes[method, path] or ())) or "–"
            yield f"`{method} /{service}{path}`", operation["operationId"], needed, operation["summary"]

    return table("call", "operation", "scope", "what it does", rows=rows())


def scopes() -> str:
    """What a key may be made for."""
    return table("scope", "its caller may", rows=((f"`{name}`", meaning) for name, meaning in SCOPES.items()))


def problems() -> str:
    """Every kind of refusal that the code can answer with."""
    for module in walk_packages(services.__path__, "services."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    found: dict[tuple[str, int], set[str]] = {}
    for kind in _below(Refused):
        if kind.__module__.startswith("services."):
            found.setdefault((kind.code, kind.status), set()).add((kind.__doc__ or "").split("\n")[0])

    def rows() -> Iterator[tuple[str, ...]]:
        for (code, status), meanings in sorted(found.items()):
            yield f"`{code}`", str(status), " / ".join(sorted(meanings))

    return table("code", "status", "meaning", rows=rows())


def _below(kind: type[Refused]) -> Iterator[type[Refused]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def row_faults() -> str:
    """The kinds of faults of a row of figures or milestones."""
    return table("code", "what is wrong", "中文", rows=((f"`{code}`", en, zh) for code, (en, zh) in ROW_FAULTS.items()))


def columns(required: tuple[str, ...], optional: tuple[str, ...]) -> str:
    """The columns of a file."""
    return f"Needed: {', '.join(f'`{name}`' for name in required)}. Optional: {', '.join(f'`{name}`' for name in optional)}."


def report_titles() -> str:
    """How people call the columns of figures."""
    rows = ((f"`{name}`", "、".join(titles)) for name, titles in filled.TITLES.items())
    return table("field", "标题", rows=iter(rows))


def plan_faults() -> str:
    """The kinds of faults of a plan file."""
    return table(
        "code",
        "what is wrong",
        "what would be right",
        rows=((f"`{code}`", *(sentence for sentence in each["en"])) for code, each in PLAN_FAULTS.items()),
    )


def plan_findings() -> str:
    """Every kind of finding of the plan check."""

    def rows() -> Iterator[tuple[str, ...]]:
        for kind in FINDINGS:
            yield f"`{kind.code}`", kind.severity, kind.fact or "–", kind.looks_for, kind.says.zh

    return table("code", "severity", "fact", "what it looks for", "中文", rows=rows())


def plan_file() -> str:
    """Every key of a plan file, object by object, as the published JSON Schema says it."""
    schema = PlanFile.model_json_schema()
    parts = ["### The file", "", _object(schema)]
    for name, definition in schema["$defs"].items():
        if "properties" in definition:
            parts += ["", f"### {name}", "", definition.get("description", ""), "", _object(definition)]
    return "\n".join(parts)


def _object(schema: Mapping[str, Any]) -> str:
    def rows() -> Iterator[tuple[str, ...]]:
        for name, field in schema["properties"].items():
            needed = "yes" if name in schema.get("required", ()) else ""
            yield f"`{name}`", needed, _kind(field), field.get("description", "")

    return table("key", "needed", "kind", "meaning", rows=rows())


def _kind(field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        kinds = [_kind(each) for each in field["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "const" in field or "enum" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {_kind(field['items'])}"
    kind: str = field.get("type", "any")
    return {"date": "day", "date-time": "instant"}.get(field.get("format", ""), kind)


def project_stages() -> str:
    """The stages of a project's life."""
    return table("stage", "中文", "meaning", rows=((f"`{code}`", zh, en) for code, (zh, en) in STAGES.items()))


def project_steps() -> str:
    """The graph of a new project's life, step by step."""

    def codes(items: Iterable[str]) -> str:
        return ", ".join(f"`{item}`" for item in items) or "–"

    def rows() -> Iterator[tuple[str, ...]]:
        for step in STANDARD["steps"]:
            evidence = "、".join(f"{each['name']} (`{each['code']}`)" for each in step["evidence"]) or "–"
            asked = (codes(step["from"]), codes(step["to"]), step["proposes"], evidence, codes(step["needs"]))
            yield f"`{step['code']}` {step['name']}", *asked

    return table("step", "from", "to", "proposed by", "evidence, each at least one file", "needs beside", rows=rows())


SECTIONS: Mapping[str, Callable[[], str]] = {
    "settings-shared": partial(settings, ServiceSettings),
    **{f"settings-{service}": partial(settings, SETTINGS[service], besides=ServiceSettings) for service in SERVICES},
    **{f"http-{service}": partial(http, service) for service in SERVICES},
    "scopes": scopes,
    "problems": problems,
    "report-columns": lambda: columns(intake.REQUIRED, intake.OPTIONAL),
    "report-titles": report_titles,
    "milestone-columns": lambda: columns(intake.MILESTONE_REQUIRED, intake.MILESTONE_OPTIONAL),
    "row-faults": row_faults,
    "plan-keys": plan_file,
    "plan-faults": plan_faults,
    "plan-findings": plan_findings,
    "project-stages": project_stages,
    "project-steps": project_steps,
}


def renewed(text: str) -> str:
    """A page with its tables as the code has them."""
    return MARK.sub(lambda match: f"{match[1]}{SECTIONS[match['name']]()}{match[3]}", text)


def pages() -> list[Path]:
    """The pages of the reference."""
    return sorted(REFERENCE.glob("*.md"))


def main() -> None:
    """Write every page anew."""
    for page in pages():
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
