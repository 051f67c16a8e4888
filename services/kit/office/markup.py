"""XML as it streams in, by the names that its vocabulary gives: no document type, no entities of its own."""

from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from services.kit.office.archive import Archive

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class _DeclaredError(Exception):
    """A document type was declared."""


def fed(
    archive: Archive, name: str, *, start: Start, end: End | None = None, text: Text | None = None
) -> Iterator[None]:
    """Parse a part piece by piece. Elements come without the prefix that the root has; others keep theirs.

    Raises `Unsafe` for XML that is broken or declares a document type: entities that grow have no other way in.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(tag: str, attributes: dict[str, str]) -> None:
        prefix = tag.rpartition(":")[0]
        if prefix:
            skip = len(prefix) + 1
            parser.StartElementHandler = lambda tag, given: start(_without(tag, prefix, skip), given)
            parser.EndElementHandler = (lambda tag: end(_without(tag, prefix, skip))) if end else None
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end
        start(tag.rpartition(":")[2], attributes)

    def declared(*_what: object) -> None:
        raise _DeclaredError

    parser.StartElementHandler = root
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = declared
    try:
        for chunk in _ended(archive.chunks(name)):
            parser.Parse(chunk, not chunk)
            yield
    except _DeclaredError as error:
        raise archive.unsafe("declared-entities", name) from error
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise archive.unsafe("damaged") from error


def read(archive: Archive, name: str, *, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Parse a part as a whole."""
    for _ in fed(archive, name, start=start, end=end, text=text):
        pass


def local(attributes: dict[str, str], name: str) -> str | None:
    """An attribute by its name, whatever the prefix of its namespace."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), None)


def _without(tag: str, prefix: str, skip: int) -> str:
    return tag[skip:] if tag.startswith(f"{prefix}:") else tag


def _ended(chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""
