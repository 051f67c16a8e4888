"""A plan file as YAML, as a person would write it: numbers and days bare, in the order of the format, no defaults."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import yaml

from services.plan_file.model import PlanFile
from services.plan_file.scalars import plain

WIDTH: Final = 100_000
"""Lines are not broken: a phrase stands on one."""


class _Dumper(yaml.SafeDumper):
    """Days and instants are texts here, so they need no quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's own
        """Lists are set in below their keys."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - PyYAML's own
        """What stands twice is written twice: a plan file has no anchors."""
        return True


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = plain(value)
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _text(dumper: yaml.SafeDumper, value: date) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value.isoformat())


def _clock(dumper: yaml.SafeDumper, value: time) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", f"{value:%H:%M}")


_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(date, _text)
_Dumper.add_representer(datetime, _text)
_Dumper.add_representer(time, _clock)


def written(plan_file: PlanFile, *, comments: Iterable[str] = ()) -> str:
    """The file's text, below lines of comment."""
    document = plan_file.model_dump(exclude_defaults=True)
    head = "".join(f"# {line}\n" for line in comments)
    return head + "\n".join(dumped({name: content}) for name, content in document.items())


def dumped(content: Mapping[str, object]) -> str:
    """A part of a plan file."""
    text: str = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
    return text
