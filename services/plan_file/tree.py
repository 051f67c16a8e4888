"""YAML text as plain values, with the line on which every path stands. Numbers stay exact; nothing is guessed.

A plan file is data: anchors, aliases and tags are refused (they are how a small file grows without bound), a key may
stand once, `yes`, `0123` and `12:30` are texts, and only `true`, `false`, `null`, integers and decimal fractions are not.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import yaml
from yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from services.plan_file.faults import Fault, Path
from services.plan_file.scalars import EXACT

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_DEPTH: Final = 20

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")

Value = None | bool | int | Decimal | str | list["Value"] | dict[str, "Value"]


@dataclass
class Tree:
    """What a YAML text says, where it says it, and what is wrong with it as YAML."""

    value: Value = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lined: bool = True
    """Whether it came from a text that people read by lines."""

    def line_of(self, path: Path) -> int:
        """Return the line of a path, or of the nearest thing around it that stands in the text."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def grow(source: bytes | str) -> Tree:
    """Read a YAML text. Faults that leave nothing to read give a value of None; others are listed beside the value."""
    tree = Tree()
    raw = source.encode(errors="surrogatepass") if isinstance(source, str) else source
    if len(raw) > MAX_BYTES:
        tree.faults.append(Fault("too_large", (), {"size": len(raw), "most": MAX_BYTES}, line=1))
        return tree
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        tree.faults.append(Fault("not_utf8", (), {}, line=raw.count(b"\n", 0, error.start) + 1))
        return tree
    try:
        _grow(tree, text)
    except yaml.YAMLError as error:
        tree.value = None
        tree.faults.append(_syntax_fault(text, error))
    return tree


def _grow(tree: Tree, text: str) -> None:
    events: Iterator[Event] = yaml.parse(text, Loader=_LOADER)
    next(events)  # the stream
    document = next(events)
    if not isinstance(document, DocumentStartEvent):
        tree.faults.append(Fault("empty", (), {}, line=1))
        return
    tree.value = _value(tree, events, next(events), ())
    next(events)  # the document's end
    second = next(events)
    if next(events, None) is not None:
        tree.faults.append(Fault("second_document", (), {}, line=_line(second)))
    elif not isinstance(tree.value, dict):
        tree.faults.append(Fault("not_a_mapping", (), {}, line=1))
        tree.value = None


def _value(tree: Tree, events: Iterator[Event], event: Event, path: Path) -> Value:
    tree.lines.setdefault(path, _line(event))
    if not isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
        # What is left where a value can stand is an alias.
        tree.faults.append(Fault("alias", path, {"name": getattr(event, "anchor", "")}, line=_line(event)))
        return None
    if event.anchor is not None:
        tree.faults.append(Fault("alias", path, {"name": event.anchor}, line=_line(event)))
    if event.tag is not None:
        tree.faults.append(Fault("tag", path, {"tag": event.tag}, line=_line(event)))
    if len(path) > MAX_DEPTH:
        raise _TooDeep(event)
    if isinstance(event, ScalarEvent):
        return _scalar(event)
    if isinstance(event, MappingStartEvent):
        return _mapping(tree, events, path)
    items = itertools.takewhile(lambda each: not isinstance(each, SequenceEndEvent), events)
    return [_value(tree, events, item, (*path, index)) for index, item in enumerate(items)]


def _mapping(tree: Tree, events: Iterator[Event], path: Path) -> dict[str, Value]:
    mapping: dict[str, Value] = {}
    for event in itertools.takewhile(lambda each: not isinstance(each, MappingEndEvent), events):
        if not isinstance(event, ScalarEvent):
            raise _KeyNotText(event)
        key, line = event.value, _line(event)
        here = (*path, key)
        if event.anchor is not None:
            tree.faults.append(Fault("alias", here, {"name": event.anchor}, line=line))
        if key in mapping:
            tree.faults.append(Fault("duplicate_key", here, {"key": key, "first": tree.lines[here]}, line=line))
            _value(Tree(), events, next(events), here)
            continue
        tree.lines[here] = line
        mapping[key] = _value(tree, events, next(events), here)
    return mapping


def _scalar(event: ScalarEvent) -> Value:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if EXACT.fullmatch(text):
        return Decimal(text)
    return text


class _TooDeep(yaml.YAMLError):
    def __init__(self, event: Event) -> None:
        self.line = _line(event)


class _KeyNotText(yaml.YAMLError):
    def __init__(self, event: Event) -> None:
        self.line = _line(event)


def _syntax_fault(text: str, error: yaml.YAMLError) -> Fault:
    match error:
        case _TooDeep():
            return Fault("too_deep", (), {"most": MAX_DEPTH}, line=error.line)
        case _KeyNotText():
            return Fault("key_not_text", (), {}, line=error.line)
        case yaml.MarkedYAMLError() if error.problem_mark is not None:
            return Fault("syntax", (), {"problem": str(error.problem)}, line=error.problem_mark.line + 1)
    # What is left is a character that YAML does not allow; it comes with its position.
    line = text.count("\n", 0, getattr(error, "position", 0)) + 1
    return Fault("syntax", (), {"problem": getattr(error, "reason", str(error))}, line=line)


def _line(event: Event) -> int:
    mark = event.start_mark
    return 1 if mark is None else mark.line + 1
